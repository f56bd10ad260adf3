//! A persistent index of a corpus.
//!
//! An index is a folder: segments that are never changed, and a manifest that
//! names them and is replaced as a whole. Readers need no lock and see the last
//! commit; what a killed writer leaves behind is not part of the index.

pub(crate) use super::draft::{Counts, Row};
use super::manifest::{MANIFEST, Manifest};
use super::segment::{FACT_HASHES, FACTS, Segment};
use super::sketch::Sketch;
use crate::corpus::{Progress, ReadOptions};
use crate::cross::Profile;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

pub use super::facts::Facts;
pub use super::manifest::Parameters;
pub use super::writer::{Added, Writer};

/// An index as of one commit.
#[derive(Debug)]
pub struct Index {
    /// As it was given, for people.
    pub(super) folder: PathBuf,
    /// The same without links, to find sources from.
    pub(super) real: PathBuf,
    pub(super) manifest: Manifest,
    pub(super) segments: Vec<Segment>,
}

/// A document of an index: segment and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    segment: u32,
    document: u32,
}

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Number of documents.
    pub documents: u64,
    /// Documents that were removed and still take room.
    pub removed: u64,
    /// Number of segments.
    pub segments: usize,
    /// Number of commits.
    pub generation: u64,
    /// What shapes it.
    pub parameters: Parameters,
    /// Bytes on disk.
    pub bytes: u64,
    /// Bytes by what they hold.
    pub parts: Vec<(&'static str, u64)>,
}

impl Index {
    /// Whether there is an index in a folder.
    #[must_use]
    pub fn is_at(folder: &Path) -> bool {
        folder.join(MANIFEST).exists()
    }

    /// Opens the last commit.
    ///
    /// # Errors
    ///
    /// When there is no index, or it is damaged, or it was written by another
    /// algorithm.
    pub fn open(folder: &Path) -> Result<Self> {
        const TRIES: usize = 20;
        let mut manifest = Manifest::load(folder)?;
        for _ in 0..TRIES {
            let opened = Self::with_manifest(folder, manifest.clone());
            // A writer may have committed and taken segments away meanwhile.
            let now = match &opened {
                Err(error) if error.is_io() => Manifest::load(folder)?,
                _ => return opened,
            };
            if now.generation == manifest.generation {
                return opened.map_err(|error| {
                    let cause =
                        error.cause().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
                    super::blocks::damaged(&folder.join(MANIFEST), &cause)
                });
            }
            manifest = now;
        }
        Self::with_manifest(folder, manifest)
    }

    pub(super) fn with_manifest(folder: &Path, manifest: Manifest) -> Result<Self> {
        let real = folder.canonicalize().map_err(|error| Error::io("open", folder, &error))?;
        let threshold = manifest.parameters.threshold.parse().ok();
        let banding = threshold.and_then(|value| crate::similarity::Threshold::new(value).ok());
        let banding = banding.map(crate::near::banding::Banding::for_threshold);
        let Some(banding) = banding else {
            return Err(super::blocks::damaged(&folder.join(MANIFEST), "its threshold is no similarity"));
        };
        let segments = manifest.segments.iter().map(|entry| Segment::open(&real, entry, banding.bands()));
        let segments = segments.collect::<Result<_>>()?;
        Ok(Self { folder: folder.to_owned(), real, manifest, segments })
    }

    /// What shapes the index.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.manifest.parameters
    }

    /// What the index holds.
    #[must_use]
    pub fn info(&self) -> Info {
        let counts = self.counts();
        let total: u64 = self.segments.iter().map(|segment| u64::from(segment.n_documents())).sum();
        let mut parts =
            vec![("rows", 0), ("names", 0), ("bands", 0), ("anchors", 0), ("texts", 0), ("facts", 0)];
        for (name, bytes) in self.segments.iter().flat_map(Segment::sizes) {
            let kind = match name {
                "names" | "ids" => "names",
                "anchors" => "anchors",
                "texts" => "texts",
                FACTS | FACT_HASHES => "facts",
                "rows" | "sources" => "rows",
                _ => "bands",
            };
            parts.iter_mut().filter(|part| part.0 == kind).for_each(|part| part.1 += bytes);
        }
        let blocks = self
            .manifest
            .segments
            .iter()
            .map(|entry| entry.blocks + entry.removed.as_ref().map_or(0, |removed| removed.blocks));
        Info {
            documents: counts.documents,
            removed: total - counts.documents.min(total),
            segments: self.segments.len(),
            generation: self.manifest.generation,
            parameters: self.manifest.parameters.clone(),
            bytes: blocks.sum::<u64>() * 4096,
            parts,
        }
    }

    /// What the documents add up to, without those that were removed.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.manifest.segments {
            counts.plus(&entry.counts);
            if let Some(removed) = &entry.removed {
                counts.minus(&removed.counts);
            }
        }
        counts
    }

    /// Checks every byte.
    ///
    /// # Errors
    ///
    /// When one is not as it was written.
    pub fn verify(&self) -> Result<()> {
        self.segments.iter().try_for_each(|segment| segment.verify(&self.real))
    }

    /// How the records of the sources were read.
    #[must_use]
    pub fn read_options(&self) -> ReadOptions {
        let Parameters { text_field, id_field, lang_field, date_field, .. } =
            self.manifest.parameters.clone();
        ReadOptions { text_field, id_field, lang_field, date_field, ..ReadOptions::default() }
    }

    /// The documents that have a key in a band.
    pub(crate) fn with_key(&self, band: u32, key: u32) -> Result<Vec<Entry>> {
        self.collect(|segment| segment.with_key(band, key))
    }

    /// The documents that share band keys with a sketch, and how many, most first.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn sharing_bands(&self, sketch: &Sketch) -> Result<Vec<(Entry, u32)>> {
        let mut shared: BTreeMap<Entry, u32> = BTreeMap::new();
        for (band, &key) in (0..).zip(&sketch.keys) {
            for entry in self.with_key(band, key)? {
                *shared.entry(entry).or_default() += 1;
            }
        }
        let mut shared: Vec<(Entry, u32)> = shared.into_iter().collect();
        shared.sort_by_key(|&(entry, n_bands)| (std::cmp::Reverse(n_bands), entry));
        Ok(shared)
    }

    /// The documents that have an anchor.
    pub(crate) fn with_anchor(&self, anchor: u32) -> Result<Vec<Entry>> {
        self.collect(|segment| segment.with_anchor(anchor))
    }

    fn collect(&self, ask: impl Fn(&Segment) -> Result<Vec<u32>>) -> Result<Vec<Entry>> {
        let mut entries = vec![];
        for (number, segment) in (0..).zip(&self.segments) {
            entries.extend(ask(segment)?.into_iter().map(|document| Entry { segment: number, document }));
        }
        Ok(entries)
    }

    /// The document of this name.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn with_id(&self, id: &str) -> Result<Option<Entry>> {
        for (number, segment) in (0..).zip(&self.segments) {
            if let Some(document) = segment.with_id(id)? {
                return Ok(Some(Entry { segment: number, document }));
            }
        }
        Ok(None)
    }

    /// Every document.
    pub(crate) fn all(&self) -> impl Iterator<Item = Entry> {
        (0..).zip(&self.segments).flat_map(|(number, segment)| {
            let live = (0..segment.n_documents()).filter(|&document| !segment.is_removed(document));
            live.map(move |document| Entry { segment: number, document })
        })
    }

    /// The profiles of all documents in the two languages of its facts.
    ///
    /// # Errors
    ///
    /// When the index is damaged or `progress` says stop.
    pub(crate) fn profiles(&self, progress: &dyn Progress) -> Result<Vec<(Entry, Profile)>> {
        let mut profiles = vec![];
        for (number, segment) in (0..).zip(&self.segments) {
            let Some(facts) = segment.facts()? else { continue };
            // `None` is for documents that were removed.
            let read = |document, facts: &[u8]| match segment.is_removed(document) {
                true => Some(None),
                false => Profile::from_bytes(facts).map(Some),
            };
            facts.each(read, |document, profile| {
                profiles.extend(profile.map(|profile| (Entry { segment: number, document }, profile)));
                progress.advance(1);
                if progress.is_stopped() { Err(Error::interrupted()) } else { Ok(()) }
            })?;
        }
        Ok(profiles)
    }

    /// The name of a document.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn id(&self, entry: Entry) -> Result<String> {
        self.segments[entry.segment as usize].id(entry.document)
    }

    pub(crate) fn row(&self, entry: Entry) -> Result<Row> {
        self.segments[entry.segment as usize].row(entry.document)
    }

    pub(crate) fn text(&self, entry: Entry) -> Result<String> {
        self.segments[entry.segment as usize].text(entry.document)
    }

    /// Whether the document is one record of its file.
    pub(crate) fn is_record(&self, entry: Entry, row: &Row) -> bool {
        self.file_of_records(entry, row).is_some()
    }

    /// The name of the file the document is a record of.
    pub(crate) fn file_of_records(&self, entry: Entry, row: &Row) -> Option<&str> {
        self.segments[entry.segment as usize].sources[row.source as usize].file.as_deref()
    }

    /// The file of a document: as it can be opened, and for people.
    pub(crate) fn path(&self, entry: Entry, row: &Row, id: &str) -> (PathBuf, PathBuf) {
        let source = &self.segments[entry.segment as usize].sources[row.source as usize];
        let name = source.file.as_deref().unwrap_or(id);
        let below = |folder: &Path| plain(&folder.join(&source.folder).join(name));
        (below(&self.real), below(&self.folder))
    }

    /// The documents of one file, given by its path without links.
    pub(crate) fn of_file(&self, path: &Path) -> Result<Vec<Entry>> {
        let mut entries = vec![];
        for (number, segment) in (0..).zip(&self.segments) {
            for (at, source) in segment.sources.iter().enumerate() {
                let folder = plain(&self.real.join(&source.folder));
                match &source.file {
                    Some(file) if folder.join(file) == path => {
                        for document in
                            (0..segment.n_documents()).filter(|&document| !segment.is_removed(document))
                        {
                            if segment.row(document)?.source as usize == at {
                                entries.push(Entry { segment: number, document });
                            }
                        }
                    }
                    Some(_) => {}
                    None => {
                        let Some(id) = path.strip_prefix(&folder).ok().and_then(Path::to_str) else {
                            continue;
                        };
                        let document = segment.with_id(&id.replace('\\', "/"))?;
                        let Some(document) = document else { continue };
                        if segment.row(document)?.source as usize == at {
                            entries.push(Entry { segment: number, document });
                        }
                    }
                }
            }
        }
        Ok(entries)
    }
}

/// A path without `.` and, as far as names go, without `..`.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            _ => plain.push(part),
        }
    }
    plain
}

/// How to get from one folder to another, both without links.
pub(super) fn relative(from: &Path, to: &Path) -> PathBuf {
    let same = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if same == 0 {
        return to.to_owned();
    }
    let up = from.components().skip(same).map(|_| Component::ParentDir);
    up.chain(to.components().skip(same)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_from_the_index() {
        let check = |from: &str, to: &str, expected: &str| {
            let way = relative(Path::new(from), Path::new(to));
            assert_eq!(way, Path::new(expected));
            assert_eq!(plain(&Path::new(from).join(way)), Path::new(to));
        };
        check("/a/b/.doppelt/index", "/a/b/seeds", "../../seeds");
        check("/a/b", "/a/b/c", "c");
        check("/a/b", "/", "../..");
        assert_eq!(plain(Path::new("idx/../corpus/./x")), Path::new("corpus/x"));
        assert_eq!(plain(Path::new("../idx/../corpus")), Path::new("../corpus"));
    }
}
