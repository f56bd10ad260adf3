//! The one writer of an index.
//!
//! A writer holds a lock for as long as it works. It adds segments, marks
//! documents as removed, and makes all of it visible at once by replacing the
//! manifest. Until then, and if it is killed, the index is what it was.

use super::draft::{Counts, Draft, Source, Stored};
use super::facts::{FactMaker, fact_hash};
use super::index::{Index, plain, relative};
use super::lock::{LOCK, lock};
use super::manifest::{MANIFEST, Manifest, Parameters};
use super::merge;
use super::segment::{RemovedEntry, SegmentEntry};
use super::sketch::{Sketch, Sketching};
use crate::corpus::{Corpus, Document, Progress, Skipped};
use crate::error::{Error, Result};
use crate::hash::{ALGORITHM, hash64};
use ahash::{AHashMap, AHashSet};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A segment is written when its documents take so much memory.
const SEGMENT_BYTES: usize = 256 << 20;

/// Changes an index.
#[derive(Debug)]
pub struct Writer {
    index: Index,
    manifest: Manifest,
    draft: Draft,
    /// Segments written since the last commit.
    n_written: usize,
    removed: BTreeMap<usize, AHashSet<u32>>,
    _lock: File,
}

/// What [`Writer::add`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Documents that were not there.
    pub n_added: u64,
    /// Documents that were there with another text.
    pub n_replaced: u64,
    /// Documents that were there as they are.
    pub n_unchanged: u64,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// What is stored of a document beside its sketch.
#[derive(Debug, Default)]
struct More {
    text: Option<String>,
    facts: Option<Vec<u8>>,
}

impl Writer {
    /// Makes an empty index in a folder.
    ///
    /// # Errors
    ///
    /// When there is one already, something else is in the folder, or another
    /// process writes to it and `wait` is false.
    pub fn create(folder: &Path, parameters: Parameters, wait: bool) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("make the folder", folder, &error))?;
        let lock = lock(folder, wait)?;
        if Index::is_at(folder) {
            return Err(Error::invalid_parameter(format!(
                "there is an index in {} already",
                folder.display()
            ))
            .hint("add to it with doppelt index add, or remove the folder first"));
        }
        let others = std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, &error))?;
        for other in others {
            let name = other.map_err(|error| Error::io("read", folder, &error))?.file_name();
            if !is_ours(&name.to_string_lossy()) {
                return Err(Error::invalid_parameter(format!(
                    "{} is no index and not empty",
                    folder.display()
                ))
                .because(format!("it holds {}", name.to_string_lossy()))
                .hint("name a new folder with --index"));
            }
        }
        let manifest = Manifest { algorithm: ALGORITHM, generation: 0, parameters, segments: vec![] };
        manifest.save(folder)?;
        Self::with_lock(folder, lock)
    }

    /// Opens an index to change it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or another process writes to it and `wait` is false.
    pub fn open(folder: &Path, wait: bool) -> Result<Self> {
        Manifest::load(folder)?;
        let lock = lock(folder, wait)?;
        Self::with_lock(folder, lock)
    }

    fn with_lock(folder: &Path, lock: File) -> Result<Self> {
        let index = Index::open(folder)?;
        let manifest = index.manifest.clone();
        let writer = Self {
            index,
            manifest,
            draft: Draft::default(),
            n_written: 0,
            removed: BTreeMap::new(),
            _lock: lock,
        };
        writer.sweep()?;
        Ok(writer)
    }

    /// The index as it was opened.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Adds the documents of a corpus. One that is there under the same name
    /// with another text, or at another place, is replaced.
    ///
    /// # Errors
    ///
    /// When the index cannot be read or written, or `progress` says stop.
    pub fn add(&mut self, sketching: Sketching, corpus: &Corpus, progress: &dyn Progress) -> Result<Added> {
        if !self.manifest.parameters.self_contained && corpus.files().iter().any(|file| file.is_stdin()) {
            return Err(Error::invalid_parameter("standard input cannot be read again from an index")
                .hint("build the index with --self-contained, or give files"));
        }
        let mut added = Added::default();
        let mut names: AHashMap<u64, crate::corpus::Place> = AHashMap::new();
        let mut ways: AHashMap<PathBuf, String> = AHashMap::new();
        let with_texts = self.manifest.parameters.self_contained;
        let mut doubled = vec![];
        let maker = self.manifest.parameters.facts.as_ref().map(FactMaker::new).transpose()?;
        let more = |document: &Document<'_>, sketch: &Sketch| More {
            text: with_texts.then(|| document.text.clone().into_owned()),
            facts: maker.as_ref().and_then(|maker| maker.facts(document, sketch.language)),
        };
        let take = |sketch: Sketch, more: More| {
            let first = *names.entry(hash64(sketch.id.as_bytes())).or_insert(sketch.place);
            if first != sketch.place {
                doubled.push(corpus.doubled(&sketch.id, sketch.place, first));
                return Ok(());
            }
            let (folder, name) = corpus.folder_and_name(sketch.place);
            let way = match ways.get(folder) {
                Some(way) => way,
                None => ways.entry(folder.to_owned()).or_insert(self.way_to(folder)?),
            };
            let file = corpus.is_record(sketch.place).then(|| name.to_owned());
            let source = Source { folder: way.clone(), file };
            self.put(&sketch, &source, &more, &mut added)
        };
        let skipped = sketching.run_with(corpus, progress, more, take)?;
        added.skipped = [skipped, doubled].concat();
        added.skipped.sort();
        Ok(added)
    }

    /// Adds or replaces one document of which only the sketch is at hand; its
    /// text is a file below `folder`, called by its name.
    ///
    /// # Errors
    ///
    /// When the index cannot be read or written.
    pub fn add_sketch(&mut self, sketch: &Sketch, folder: &Path) -> Result<()> {
        let source = Source { folder: self.way_to(folder)?, file: None };
        self.put(sketch, &source, &More::default(), &mut Added::default())
    }

    /// How to get from the index to a folder.
    fn way_to(&self, folder: &Path) -> Result<String> {
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        let real = folder.canonicalize().map_err(|error| Error::io("open", folder, &error))?;
        Ok(relative(&self.index.real, &plain(&real)).to_string_lossy().replace('\\', "/"))
    }

    /// Adds or replaces one document.
    fn put(&mut self, sketch: &Sketch, source: &Source, more: &More, added: &mut Added) -> Result<()> {
        let mut is_new = true;
        for number in 0..self.index.segments.len() {
            let segment = &self.index.segments[number];
            let Some(document) = segment.with_id(&sketch.id)? else { continue };
            if self.removed.get(&number).is_some_and(|removed| removed.contains(&document)) {
                continue;
            }
            let row = segment.row(document)?;
            let known = &segment.sources[row.source as usize];
            let same_place = row.offset == sketch.place.offset && row.length == sketch.place.length;
            if row.byte_hash == sketch.byte_hash
                && row.language() == sketch.language
                && segment.fact_hash(document)? == fact_hash(more.facts.as_deref())
                && same_place
                && *known == *source
            {
                added.n_unchanged += 1;
                return Ok(());
            }
            known.refuse_another_file(source, &sketch.id, &self.index.real)?;
            self.removed.entry(number).or_default().insert(document);
            is_new = false;
        }
        let counted = if is_new { &mut added.n_added } else { &mut added.n_replaced };
        *counted += 1;
        self.store(&Stored {
            id: &sketch.id,
            byte_hash: sketch.byte_hash,
            text_hash: sketch.text_hash,
            offset: sketch.place.offset,
            length: sketch.place.length,
            bytes: sketch.bytes,
            language: sketch.language,
            keys: &sketch.keys,
            anchors: &sketch.anchors,
            source,
            text: more.text.as_deref(),
            facts: more.facts.as_deref(),
        })
    }

    fn store(&mut self, document: &Stored<'_>) -> Result<()> {
        self.draft.add(document)?;
        if self.draft.size() > SEGMENT_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let draft = std::mem::take(&mut self.draft);
        if draft.n_documents() > 0 {
            let name = format!("segment-{:08}-{}", self.manifest.generation + 1, self.n_written);
            self.n_written += 1;
            self.manifest.segments.push(draft.write(&self.index.real, &name)?);
        }
        Ok(())
    }

    /// Removes documents by their names; returns those that are not there.
    ///
    /// # Errors
    ///
    /// When the index cannot be read.
    pub fn remove<'i>(&mut self, ids: &[&'i str]) -> Result<Vec<&'i str>> {
        let mut missing = vec![];
        for &id in ids {
            let mut found = false;
            for (number, segment) in self.index.segments.iter().enumerate() {
                if let Some(document) = segment.with_id(id)? {
                    self.removed.entry(number).or_default().insert(document);
                    found = true;
                }
            }
            if !found {
                missing.push(id);
            }
        }
        Ok(missing)
    }

    /// Removes the documents whose files are gone; returns their names.
    ///
    /// # Errors
    ///
    /// When the index cannot be read.
    pub fn remove_gone(&mut self) -> Result<Vec<String>> {
        let mut gone = vec![];
        let mut exists: AHashMap<PathBuf, bool> = AHashMap::new();
        for entry in self.index.all() {
            let (row, id) = (self.index.row(entry)?, self.index.id(entry)?);
            let (path, _) = self.index.path(entry, &row, &id);
            if !*exists.entry(path.clone()).or_insert_with(|| path.exists()) {
                gone.push(id);
            }
        }
        let ids: Vec<&str> = gone.iter().map(String::as_str).collect();
        self.remove(&ids)?;
        Ok(gone)
    }

    /// Writes all documents into one segment, without those that were removed;
    /// where no segment can hold them all nothing changes.
    ///
    /// # Errors
    ///
    /// When the index cannot be read or written, or `progress` says stop.
    pub fn compact(&mut self, progress: &dyn Progress) -> Result<()> {
        self.flush()?;
        self.note_removed()?;
        let all: Vec<usize> = (0..self.manifest.segments.len()).collect();
        self.merge(&all, progress)?;
        Ok(())
    }

    /// Merges segments of one size where there are several, so that look-ups
    /// ask few of them.
    fn merge_tiers(&mut self, progress: &dyn Progress) -> Result<()> {
        loop {
            let due = merge::due(&self.manifest.segments);
            if due.is_empty() || !self.merge(&due, progress)? {
                return Ok(());
            }
        }
    }

    /// Puts one segment in the place of several; `false` if none can hold them.
    fn merge(&mut self, numbers: &[usize], progress: &dyn Progress) -> Result<bool> {
        let chosen = numbers.iter().map(|&number| self.manifest.segments[number].clone()).collect();
        let manifest = Manifest { segments: chosen, ..self.manifest.clone() };
        let segments = Index::with_manifest(&self.index.folder, manifest)?.segments;
        if segments.is_empty() || !merge::fits(&segments) {
            return Ok(false);
        }
        let name = format!("segment-{:08}-{}", self.manifest.generation + 1, self.n_written);
        self.n_written += 1;
        let merged = merge::merge(&segments, &self.index.real, &name, progress)?;
        let kept = |(number, _): &(usize, SegmentEntry)| !numbers.contains(number);
        let segments = std::mem::take(&mut self.manifest.segments);
        self.manifest.segments =
            segments.into_iter().enumerate().filter(kept).map(|(_, entry)| entry).collect();
        self.manifest.segments.push(merged);
        Ok(true)
    }

    /// Makes everything visible; returns the number of documents.
    ///
    /// # Errors
    ///
    /// When the index cannot be written or `progress` says stop; it is then what it was.
    pub fn commit(mut self, progress: &dyn Progress) -> Result<u64> {
        self.flush()?;
        self.note_removed()?;
        self.merge_tiers(progress)?;
        self.manifest.generation += 1;
        self.manifest.save(&self.index.folder)?;
        self.index.manifest = self.manifest.clone();
        self.sweep()?;
        Ok(self.index.counts().documents)
    }

    /// Writes down which documents were removed, and drops empty segments.
    fn note_removed(&mut self) -> Result<()> {
        let generation = self.manifest.generation + 1;
        for (number, documents) in std::mem::take(&mut self.removed) {
            let segment = &self.index.segments[number];
            let mut documents: Vec<u32> = documents.into_iter().collect();
            documents.sort_unstable();
            let mut counts =
                segment.entry.removed.as_ref().map_or_else(Counts::default, |removed| removed.counts.clone());
            for &document in &documents {
                let row = segment.row(document)?;
                counts.add(row.bytes, row.language());
            }
            let file = format!("removed-{generation:08}-{number}");
            let bits = segment.removed_with(&documents);
            let mut blocks = 0;
            let path = self.index.real.join(&file);
            crate::whole::write(&path, |out| {
                let mut writer = super::blocks::BlockWriter::new(&file, out);
                writer.add(&bits)?;
                blocks = writer.finish()?;
                Ok(())
            })
            .map_err(|error| Error::io("write", &path, &error))?;
            let name = &segment.entry.file;
            if let Some(entry) = self.manifest.segments.iter_mut().find(|entry| entry.file == *name) {
                entry.removed = Some(RemovedEntry { file, blocks, counts });
            }
        }
        self.manifest.segments.retain(|entry| {
            entry.removed.as_ref().is_none_or(|removed| removed.counts.documents < entry.counts.documents)
        });
        Ok(())
    }

    /// Deletes what no manifest names: leftovers of killed writers, old segments.
    fn sweep(&self) -> Result<()> {
        let folder = &self.index.real;
        let named: AHashSet<&str> = self.index.manifest.files().chain([MANIFEST, LOCK]).collect();
        for file in std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, &error))?.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            if is_ours(&name) && !named.contains(name.as_ref()) {
                // A file that stays takes room and does no harm.
                let _ = std::fs::remove_file(file.path());
            }
        }
        Ok(())
    }
}

/// Whether a file of this name in the folder of an index belongs to it.
fn is_ours(name: &str) -> bool {
    [MANIFEST, LOCK].contains(&name)
        || ["segment-", "removed-", ".doppelt-"].iter().any(|start| name.starts_with(start))
}
