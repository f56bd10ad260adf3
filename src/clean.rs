//! Takes out of a corpus what it holds twice, and loses nothing.
//!
//! A [`Plan`] says what goes and what is kept for it; a [`Job`] checks the
//! plan against the corpus, writes the cleaned corpus and everything that was
//! taken out into one folder, and last of all the manifest. `restore` puts
//! the original together again. The input is only ever read.

mod plan;
pub mod planfile;
mod cut;
mod verify;
mod removed;
mod manifest;
mod sink;
mod apply;
mod restore;
mod pairs;
#[cfg(feature = "parquet")]
mod rows;

pub use manifest::{Counts, FileRecord, Flow, Manifest, Stamp, State, Tool};
pub use pairs::{InputRecord, PairCounts, PairsJob, PairsManifest};
pub use plan::{Action, Plan, Step};
pub use removed::{FileName, Removed};
pub use restore::restore;

use crate::corpus::{Corpus, Entry, EntryKind, Format, Globs, Progress, Skipped};
use crate::error::{Error, Result};
use crate::hash::hash128;
use apply::Writing;
use manifest::{Stamping, stamp_of};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What may be taken out.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Whether repeated passages are cut out of documents that stay.
    pub passages: bool,
    /// Documents and files that stay as they are.
    pub protected: Globs,
}

/// Names in the folder that a run writes.
mod names {
    pub const CORPUS: &str = "corpus";
    /// Rows that were taken out of Parquet files.
    pub const ROWS: &str = "removed-rows";
    pub const REMOVED: &str = "removed.jsonl";
    pub const REPORT: &str = "report.md";
    pub const MANIFEST: &str = "manifest.json";
    /// The plan of a run that has not come to its end.
    pub const UNFINISHED: &str = ".doppelt-unfinished.jsonl";
}

/// A run of `clean` that writes into a folder.
pub struct Job<'a> {
    corpus: &'a Corpus,
    folder: PathBuf,
    entries: Vec<Entry>,
    /// A hash of names, sizes and times of everything in the input.
    input: String,
}

/// What a job has written, but for the manifest.
#[derive(Debug)]
pub struct Cleaned {
    /// The manifest to be.
    pub manifest: Manifest,
    /// What is no document and stays as it is.
    pub skipped: Vec<Skipped>,
    /// What was planned and not done.
    pub refused: Vec<Skipped>,
}

impl<'a> Job<'a> {
    /// A job that cleans `corpus` into `folder`.
    ///
    /// # Errors
    ///
    /// When the folder holds something else, or lies in the input or around it.
    pub fn new(corpus: &'a Corpus, folder: &Path) -> Result<Self> {
        let entries = corpus.entries()?;
        for root in corpus.roots() {
            refuse_overlap(&root.path, folder)?;
        }
        let holds = |name: &str| folder.join(name).exists();
        if !holds(names::MANIFEST) && !holds(names::UNFINISHED) && holds_anything(folder)? {
            return Err(Error::invalid_parameter(format!("{} is not empty", folder.display()))
                .because("it was not written by doppelt clean")
                .hint("give a folder that is empty or does not exist yet"));
        }
        if !holds(names::UNFINISHED) && !holds(names::MANIFEST) {
            refuse_too_little_room(corpus, folder)?;
        }
        let input = look_of(&entries);
        Ok(Self { corpus, folder: folder.to_owned(), entries, input })
    }

    /// The manifest, if the folder holds a finished run with these parameters
    /// over this very input.
    ///
    /// # Errors
    ///
    /// When it holds a finished run of something else: that may be the only
    /// copy of what was removed, so it is never written over.
    pub fn finished(&self, parameters: &BTreeMap<String, String>) -> Result<Option<Manifest>> {
        let path = self.folder.join(names::MANIFEST);
        if !path.exists() {
            return Ok(None);
        }
        let manifest = Manifest::read(&path)?;
        let other = |why: &str| {
            Error::invalid_parameter(format!("{} holds another run of doppelt clean", self.folder.display()))
                .because(why.to_owned())
                .hint("give another folder; what that run removed may stand nowhere else")
        };
        if manifest.parameters != *parameters {
            return Err(other("its parameters were others"));
        }
        if !self.is_input_of(&manifest)? {
            return Err(other("its input was another"));
        }
        let _ = std::fs::remove_file(self.folder.join(names::UNFINISHED));
        Ok(Some(manifest))
    }

    fn is_input_of(&self, manifest: &Manifest) -> Result<bool> {
        let entries: Vec<&Entry> =
            self.entries.iter().filter(|entry| entry.kind != EntryKind::Other).collect();
        if entries.len() != manifest.files.len() {
            return Ok(false);
        }
        for (entry, record) in entries.into_iter().zip(&manifest.files) {
            if record.name != FileName::of(&entry.relative) {
                return Ok(false);
            }
            let Some(input) = &record.input else { continue };
            if entry.path == Path::new("-") {
                return Ok(false);
            }
            let stamp = std::fs::File::open(&entry.path).and_then(stamp_of);
            if stamp.map_err(|error| Error::io("read", &entry.path, &error))? != *input {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The plan that a run which was killed had made, if parameters and input
    /// are the same and all of the input could be read.
    #[must_use]
    pub fn noted_plan(&self, parameters: &BTreeMap<String, String>) -> Option<Plan> {
        let (plan, input) = planfile::read(&self.folder.join(names::UNFINISHED)).ok()?;
        let may_be_read_now =
            |skipped: &Skipped| ["cannot be read", "os error"].iter().any(|why| skipped.reason.contains(why));
        let is_ours = plan.parameters == *parameters && input.as_deref() == Some(&self.input);
        (is_ours && !plan.skipped.iter().any(may_be_read_now)).then_some(plan)
    }

    /// Notes the plan, so that a run that is killed can go on from here.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn note(&self, plan: &Plan) -> Result<()> {
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| Error::io("make the folder", &self.folder, &error))?;
        let path = self.folder.join(names::UNFINISHED);
        crate::whole::write(&path, |out| planfile::write(plan, Some(&self.input), out))
            .map_err(|error| Error::io("write", &path, &error))
    }

    /// Checks the plan and writes the cleaned corpus and what was removed.
    ///
    /// # Errors
    ///
    /// When something cannot be read or written, or the input changes.
    pub fn apply(&self, plan: &Plan, progress: &dyn Progress) -> Result<Cleaned> {
        let checked = verify::verify(plan, self.corpus, progress)?;
        let folder = self.folder.join(names::CORPUS);
        std::fs::create_dir_all(&folder).map_err(|error| Error::io("make the folder", &folder, &error))?;
        self.sweep()?;
        let removed_path = self.folder.join(names::REMOVED);
        let cannot_write = |error: std::io::Error| {
            Error::io("write", &removed_path, &error).hint("make room and give the same command again")
        };
        let mut removed = Stamping::new(crate::whole::Beside::new(&removed_path).map_err(cannot_write)?);
        let rows = self.folder.join(names::ROWS);
        let (corpus, checked_plan) = (self.corpus, &checked);
        let writing = Writing { plan, checked: checked_plan, corpus, folder: &folder, rows: &rows, progress };
        let written = writing.run(&self.entries, &mut removed)?;
        let removed_stamp = removed.stamp();
        removed.inner.finish().map_err(cannot_write)?;
        if look_of(&self.entries) != self.input {
            return Err(Error::damaged("the input has changed while it was cleaned")
                .hint("nothing was lost; run again when it is at rest"));
        }
        let mut skipped = checked.skipped;
        skipped.extend(plan.skipped.iter().cloned());
        skipped.sort();
        skipped.dedup();
        let n_files = written.files.iter().filter(|file| file.input.is_some()).count() as u64;
        let n_gone = written.files.iter().filter(|file| file.state == State::Removed).count() as u64;
        let flow = |input: u64, removed: u64| Flow { input, kept: input - removed, removed };
        let counts = Counts {
            documents: flow(checked.n_documents, written.documents_removed),
            removed_by_rule: written.removed_by_rule,
            passages_cut: written.passages_cut,
            left_as_they_are: skipped.len() as u64,
            refused: checked.refused.len() as u64,
            files: flow(n_files, n_gone),
        };
        skipped.extend(written.skipped);
        let manifest = Manifest::new(plan.parameters.clone(), counts, removed_stamp, written.files);
        Ok(Cleaned { manifest, skipped, refused: checked.refused })
    }

    /// Takes away what a run that was killed left behind.
    fn sweep(&self) -> Result<()> {
        let wanted: BTreeSet<&Path> = self.entries.iter().map(|entry| entry.relative.as_path()).collect();
        let corpus = self.folder.join(names::CORPUS);
        let mut walk = ignore::WalkBuilder::new(&corpus);
        walk.standard_filters(false).follow_links(false);
        for entry in walk.build().flatten() {
            let relative = entry.path().strip_prefix(&corpus).unwrap_or(entry.path());
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if !is_folder && !wanted.contains(relative) {
                std::fs::remove_file(entry.path())
                    .map_err(|error| Error::io("remove", entry.path(), &error))?;
            }
        }
        let rows = self.folder.join(names::ROWS);
        if rows.exists() {
            std::fs::remove_dir_all(&rows).map_err(|error| Error::io("remove", &rows, &error))?;
        }
        let inside =
            std::fs::read_dir(&self.folder).map_err(|error| Error::io("open", &self.folder, &error))?;
        for entry in inside.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(crate::whole::PREFIX) && name != names::UNFINISHED {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    /// Writes the report and then the manifest: the run is done.
    ///
    /// # Errors
    ///
    /// When one of them cannot be written.
    pub fn finish(
        &self,
        cleaned: &Cleaned,
        report: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<()> {
        let path = self.folder.join(names::REPORT);
        crate::whole::write(&path, report).map_err(|error| Error::io("write", &path, &error))?;
        let path = self.folder.join(names::MANIFEST);
        crate::whole::write(&path, |out| cleaned.manifest.write(out))
            .map_err(|error| Error::io("write", &path, &error))?;
        let _ = std::fs::remove_file(self.folder.join(names::UNFINISHED));
        Ok(())
    }
}

/// Whether a folder holds more than what a run that was killed had begun to write.
fn holds_anything(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(false);
    }
    let inside = std::fs::read_dir(folder).map_err(|error| Error::io("open", folder, &error))?;
    let is_begun = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(crate::whole::PREFIX);
    Ok(inside.flatten().any(|entry| !is_begun(&entry.file_name())))
}

/// Bytes that a cleaned corpus will take, at most and about, and bytes that are
/// free below `folder`, where the system tells. What stays and what goes are
/// together as large as the input; a row of a Parquet file that `passages` are
/// cut out of stands in both.
#[must_use]
pub fn room(corpus: &Corpus, passages: bool, folder: &Path) -> (u64, Option<u64>) {
    let existing = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let existing = if existing == Path::new("") { Path::new(".") } else { existing };
    let twice = corpus.files().iter().filter(|file| passages && file.format == Format::Parquet);
    let twice = twice.map(|file| std::fs::metadata(&file.path).map_or(0, |meta| meta.len()));
    (corpus.bytes() + twice.sum::<u64>(), crate::whole::free_bytes(existing))
}

/// Refuses to start where there is too little room.
fn refuse_too_little_room(corpus: &Corpus, folder: &Path) -> Result<()> {
    match room(corpus, false, folder) {
        (needed, Some(free)) if free < needed => Err(Error::invalid_parameter(format!(
            "{} has room for {free} bytes and the output needs about {needed}",
            folder.display()
        ))
        .hint("make room or give a folder on another disk")),
        _ => Ok(()),
    }
}

/// Refuses an output folder in the input, or around it.
fn refuse_overlap(root: &Path, folder: &Path) -> Result<()> {
    if root == Path::new("-") {
        return Ok(());
    }
    let existing = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let existing = if existing == Path::new("") { Path::new(".") } else { existing };
    let real = |path: &Path| path.canonicalize().map_err(|error| Error::io("open", path, &error));
    let (root_real, existing_real) = (real(root)?, real(existing)?);
    let folder_real = match folder.strip_prefix(existing) {
        Ok(rest) if rest != Path::new("") => existing_real.join(rest),
        _ if existing == Path::new(".") => existing_real.join(folder),
        _ => existing_real,
    };
    if folder_real.starts_with(&root_real) {
        return Err(Error::invalid_parameter(format!("{} lies in {}", folder.display(), root.display()))
            .hint("give an output folder outside of the input"));
    }
    if root_real.starts_with(&folder_real) {
        return Err(Error::invalid_parameter(format!("{} lies in {}", root.display(), folder.display()))
            .hint("give an output folder that does not hold the input"));
    }
    Ok(())
}

/// What the input looks like from outside: a hash of names, sizes and times.
fn look_of(entries: &[Entry]) -> String {
    let mut text = vec![];
    for entry in entries {
        text.extend_from_slice(entry.path.as_os_str().as_encoded_bytes());
        if let Ok(meta) = std::fs::symlink_metadata(&entry.path)
            && !meta.is_dir()
        {
            text.extend_from_slice(&meta.len().to_le_bytes());
            let since = meta.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            text.extend_from_slice(&since.map_or(0, |since| since.as_nanos()).to_le_bytes());
        }
        text.push(0);
    }
    format!("{:032x}", hash128(&text))
}
