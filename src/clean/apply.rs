//! Writes the cleaned corpus, file by file.
//!
//! A file that nothing is taken out of is copied byte for byte, whatever it
//! holds. Of the others the stretches that go are written to `removed.jsonl`
//! and the rest to the file. Small files are written on all cores, large ones
//! in a stream.

use super::cut;
use super::manifest::{FileRecord, Stamp, Stamping, State, stamp_of};
use super::plan::{Plan, Step};
use super::removed::{FileName, Removed};
use super::sink::{Sink, copy_all};
use super::verify::{Checked, Hit};
use crate::corpus::{Batch, Corpus, Entry, EntryKind, Format, Packing, Progress, Skipped, Stoppable};
use crate::error::{Error, Result};
use crate::hash::hash64;
use crate::span::ByteSpan;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Files up to this size are written side by side.
const SMALL: u64 = 1 << 20;
/// So many at a time.
const SIDE_BY_SIDE: usize = 256;

/// Everything that writing needs to know.
pub(super) struct Writing<'a> {
    pub plan: &'a Plan,
    pub checked: &'a Checked,
    pub corpus: &'a Corpus,
    /// The folder of the cleaned corpus.
    pub folder: &'a Path,
    /// The folder of rows of Parquet files that were taken out or cut.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet files have rows"))]
    pub rows: &'a Path,
    pub progress: &'a dyn Progress,
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub files: Vec<FileRecord>,
    pub documents_removed: u64,
    pub removed_by_rule: BTreeMap<String, u64>,
    pub passages_cut: u64,
    pub skipped: Vec<Skipped>,
}

/// A file that was written, and the lines it adds to `removed.jsonl`.
struct Done {
    record: FileRecord,
    steps: Vec<(Step, usize)>,
}

impl Writing<'_> {
    /// Writes all entries and what is removed of them.
    pub fn run(&self, entries: &[Entry], removed: &mut dyn Write) -> Result<Written> {
        let progress = self.progress;
        let mut written = Written::default();
        let size = |entry: &Entry| std::fs::symlink_metadata(&entry.path).map_or(0, |meta| meta.len());
        progress.begin("writing", entries.iter().map(size).sum(), "bytes");
        let is_small = |entry: &Entry| {
            entry.kind == EntryKind::File && entry.path != Path::new("-") && size(entry) <= SMALL
        };
        for folder in entries.iter().filter(|entry| entry.kind == EntryKind::Folder) {
            self.make_folder(&folder.relative)?;
        }
        let mut rest = entries;
        while let Some((first, after)) = rest.split_first() {
            if progress.is_stopped() {
                return Err(Error::interrupted());
            }
            let n_small = rest.iter().take(SIDE_BY_SIDE).take_while(|entry| is_small(entry)).count();
            if n_small > 0 {
                let (small, others) = rest.split_at(n_small);
                let done: Vec<(Done, Vec<u8>)> = small
                    .par_iter()
                    .map(|entry| {
                        let mut lines = vec![];
                        let done = self.file(entry, &mut lines)?;
                        progress.advance(size(entry));
                        Ok((done, lines))
                    })
                    .collect::<Result<_>>()?;
                for (done, lines) in done {
                    removed.write_all(&lines).map_err(|error| self.cannot_write(&error))?;
                    written.add(done, self.plan);
                }
                rest = others;
                continue;
            }
            match first.kind {
                EntryKind::File => {
                    let done = self.file(first, removed)?;
                    written.add(done, self.plan);
                    progress.advance(size(first));
                }
                EntryKind::Link => written.files.push(self.link(first)?),
                EntryKind::Folder => written.files.push(bare(first, State::Folder)),
                EntryKind::Other => written.skipped.push(Skipped {
                    document: first.name.clone(),
                    reason: "neither a file nor a folder; not copied".into(),
                }),
            }
            rest = after;
        }
        self.sync_folders(entries)?;
        Ok(written)
    }

    fn make_folder(&self, relative: &Path) -> Result<()> {
        let path = self.folder.join(relative);
        std::fs::create_dir_all(&path).map_err(|error| Error::io("make the folder", &path, &error))
    }

    fn sync_folders(&self, entries: &[Entry]) -> Result<()> {
        let folders = entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Folder)
            .map(|entry| entry.relative.as_path());
        for relative in folders.chain([Path::new("")]) {
            let path = self.folder.join(relative);
            crate::whole::sync_folder(&path).map_err(|error| Error::io("sync", &path, &error))?;
        }
        Ok(())
    }

    fn link(&self, entry: &Entry) -> Result<FileRecord> {
        let target =
            std::fs::read_link(&entry.path).map_err(|error| Error::io("read", &entry.path, &error))?;
        let path = self.folder.join(&entry.relative);
        // A run that was killed may have made it already.
        let _ = std::fs::remove_file(&path);
        make_link(&target, &path).map_err(|error| Error::io("make the link", &path, &error))?;
        Ok(bare(entry, State::Link))
    }

    /// Writes one file.
    fn file(&self, entry: &Entry, removed: &mut dyn Write) -> Result<Done> {
        let hits = entry.file.map_or(&[][..], |file| &self.checked.by_file[file as usize]);
        let done = match (entry.file, hits) {
            (_, []) | (None, _) => self.copy(entry),
            (Some(file), hits) => match self.corpus.files()[file as usize].format {
                Format::Plain if hits[0].remove.is_some() => self.remove_file(entry, &hits[0], removed),
                #[cfg(feature = "parquet")]
                Format::Parquet => super::rows::rewrite(self, entry, hits, removed)
                    .map(|(record, steps)| Done { record, steps }),
                _ => self.rewrite(entry, file, hits, removed),
            },
        };
        done.map_err(|failed| match self.progress.is_stopped() {
            true => Error::interrupted(),
            false => failed.into_error(&entry.path, &self.folder.join(&entry.relative)),
        })
    }

    /// Copies a file byte for byte.
    fn copy(&self, entry: &Entry) -> Outcome<Done> {
        let mut sink = Sink::new(&self.folder.join(&entry.relative), Packing::None)?;
        let reader: Box<dyn std::io::Read> = match entry.file {
            Some(file) if self.corpus.files()[file as usize].is_stdin() => {
                self.corpus.content(file).map_err(Failed::Reading)?
            }
            _ => Box::new(std::fs::File::open(&entry.path).map_err(Failed::Reading)?),
        };
        let input = copy_all(self.stoppable(reader), &mut sink)?;
        let output = sink.finish(permissions(entry))?;
        let record = FileRecord { input: Some(input), output: Some(output), ..bare(entry, State::Copied) };
        Ok(Done { record, steps: vec![] })
    }

    /// Leaves a file out; all of it goes to `removed.jsonl`.
    fn remove_file(&self, entry: &Entry, hit: &Hit, removed: &mut dyn Write) -> Outcome<Done> {
        let Some(action) = hit.remove else { return self.copy(entry) };
        let batch = self.corpus.batches(hit.place.file).next();
        let document = batch.filter(|batch| hash64(batch.bytes()) == hit.hash);
        if document.is_none() {
            return Err(Failed::Changed);
        }
        // As it lies there, so that a packed file comes back as it was.
        let bytes = std::fs::read(&entry.path).map_err(Failed::Reading)?;
        let range = [0, bytes.len() as u64];
        Removed::new(&self.plan.actions[action], FileName::of(&entry.relative), range, &bytes)
            .write(removed)?;
        // A run with another plan that was killed may have copied it.
        match std::fs::remove_file(self.folder.join(&entry.relative)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let input = stamp_of(&bytes[..])?;
        let record = FileRecord { input: Some(input), removed: 1, ..bare(entry, State::Removed) };
        Ok(Done { record, steps: vec![(Step::Remove, action)] })
    }

    /// Writes a file without what goes.
    fn rewrite(&self, entry: &Entry, file: u32, hits: &[Hit], removed: &mut dyn Write) -> Outcome<Done> {
        let source = &self.corpus.files()[file as usize];
        let mut sink = Sink::new(&self.folder.join(&entry.relative), source.packing)?;
        let mut content = Stamping::new(std::io::sink());
        let mut steps = vec![];
        let mut hits = hits.iter().peekable();
        for batch in self.corpus.batches(file) {
            if self.progress.is_stopped() {
                return Err(Failed::Stopped);
            }
            if batch.broken().is_some() {
                return Err(Failed::Changed);
            }
            content.write_all(batch.bytes())?;
            let end = batch.offset() + batch.bytes().len() as u64;
            let mut written = 0;
            while let Some(hit) = hits.next_if(|hit| hit.place.offset < end) {
                for (range, action) in self.stretches(&batch, hit).ok_or(Failed::Changed)? {
                    sink.write_all(&batch.bytes()[written..range.start])?;
                    written = range.end;
                    let bytes = [batch.offset() + range.start as u64, batch.offset() + range.end as u64];
                    let action_made = &self.plan.actions[action];
                    Removed::new(action_made, FileName::of(&entry.relative), bytes, &batch.bytes()[range])
                        .write(removed)?;
                    steps.push((action_made.action, action));
                }
            }
            sink.write_all(&batch.bytes()[written..])?;
        }
        if hits.peek().is_some() {
            return Err(Failed::Changed);
        }
        let (state, input) = match source.packing {
            Packing::None => (State::Rewritten, content.stamp()),
            packing => {
                let packed = self.stamp(&entry.path).map_err(Failed::Reading)?;
                (if packing == Packing::Gzip { State::RewrittenGzip } else { State::RewrittenZstd }, packed)
            }
        };
        let record = FileRecord {
            input: Some(input),
            output: Some(sink.finish(permissions(entry))?),
            content: (state != State::Rewritten).then(|| content.stamp()),
            removed: steps.len() as u64,
            ..bare(entry, state)
        };
        Ok(Done { record, steps })
    }

    /// The bytes of a batch that go for one document, each with its action;
    /// `None` if the document is not the one that was checked.
    fn stretches(&self, batch: &Batch, hit: &Hit) -> Option<Vec<cut::Stretch>> {
        let start = usize::try_from(hit.place.offset.checked_sub(batch.offset())?).ok()?;
        let end = start + hit.place.length as usize;
        let bytes = batch.bytes().get(start..end)?;
        let document = batch.document(self.corpus, hit.place)?;
        if hash64(document.text.as_bytes()) != hit.hash {
            return None;
        }
        if let Some(action) = hit.remove {
            return Some(vec![(start..end, action)]);
        }
        let in_text = self.cuts(hit, &document.text);
        let found = match self.corpus.files()[hit.place.file as usize].format {
            Format::Plain => in_text,
            _ => cut::in_json(bytes, &self.corpus.options().text_field, &in_text)?,
        };
        let shifted = |(range, action): cut::Stretch| (start + range.start..start + range.end, action);
        Some(found.into_iter().map(shifted).collect())
    }

    /// The bytes of a text that are cut out of it, each with its action.
    pub(super) fn cuts(&self, hit: &Hit, text: &str) -> Vec<cut::Stretch> {
        let span = |&action: &usize| {
            let [start, end] = self.plan.actions[action].bytes;
            ByteSpan { start: start.min(end), end }
        };
        let spans: Vec<ByteSpan> = hit.cuts.iter().map(span).collect();
        cut::stretches(text, &spans).into_iter().map(|(range, span)| (range, hit.cuts[span])).collect()
    }

    /// A reader that fails when the run should stop.
    fn stoppable<R>(&self, reader: R) -> Stoppable<'_, R> {
        Stoppable { reader, progress: self.progress }
    }

    /// Size and hash of an input file.
    pub(super) fn stamp(&self, path: &Path) -> std::io::Result<Stamp> {
        stamp_of(self.stoppable(std::fs::File::open(path)?))
    }

    fn cannot_write(&self, error: &std::io::Error) -> Error {
        Error::io("write below", self.folder, error)
    }
}

impl Written {
    fn add(&mut self, done: Done, plan: &Plan) {
        for (step, action) in done.steps {
            match step {
                Step::Cut => self.passages_cut += 1,
                Step::Remove => {
                    self.documents_removed += 1;
                    *self.removed_by_rule.entry(plan.actions[action].rule.clone()).or_default() += 1;
                }
            }
        }
        self.files.push(done.record);
    }
}

/// Why a file could not be written.
pub(super) enum Failed {
    Reading(std::io::Error),
    Writing(std::io::Error),
    Changed,
    Stopped,
}

pub(super) type Outcome<T> = std::result::Result<T, Failed>;

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Writing(error)
    }
}

impl From<Failed> for std::io::Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Reading(error) | Failed::Writing(error) => error,
            Failed::Changed | Failed::Stopped => Self::other("the file has changed"),
        }
    }
}

impl Failed {
    fn into_error(self, input: &Path, output: &Path) -> Error {
        match self {
            Self::Reading(error) => Error::io("read", input, &error),
            Self::Writing(error) => {
                Error::io("write", output, &error).hint("make room and give the same command again")
            }
            Self::Changed => Error::damaged(format!("{} has changed while it was cleaned", input.display()))
                .hint("nothing was lost; run again when it is at rest"),
            Self::Stopped => Error::interrupted(),
        }
    }
}

/// A record of an entry without stamps.
pub(super) fn bare(entry: &Entry, state: State) -> FileRecord {
    FileRecord {
        name: FileName::of(&entry.relative),
        state,
        input: None,
        output: None,
        content: None,
        rows: None,
        removed: 0,
    }
}

pub(super) fn permissions(entry: &Entry) -> Option<std::fs::Permissions> {
    permissions_of(&entry.path)
}

pub(super) fn permissions_of(path: &Path) -> Option<std::fs::Permissions> {
    std::fs::metadata(path).ok().map(|meta| meta.permissions())
}

#[cfg(unix)]
pub(super) fn make_link(target: &Path, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
pub(super) fn make_link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("symbolic links are not supported on this system"))
}
