//! Reading: the only room of the library that opens input.
//!
//! A [`Corpus`] is the sorted list of files behind the paths that were given.
//! It is read in batches, in parallel and in order, and never held in memory;
//! what cannot be read becomes a [`Skipped`] note and the rest goes on. A
//! document that is wanted again is fetched by its [`Place`].

mod batch;
mod document;
mod globs;
mod jsonl;
mod lines;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod plain;
mod progress;
mod records;
mod roots;
mod source;
mod spool;
mod tree;
mod unpack;
mod walk;
mod warc;

pub use batch::{Batch, FetchError};
pub use document::{DocId, Document, Ids, Place, Skipped};
pub use globs::Globs;
pub(crate) use progress::Stoppable;
pub use progress::{Progress, Silent};
pub use records::Record;
pub use roots::Root;
pub use source::{Format, Packing, SourceFile};
pub use tree::{Entry, EntryKind};
pub(crate) use unpack::unpacked;

use crate::error::{Error, Result};
use ahash::AHashSet;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

/// How records become documents.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The field of a record that holds the text.
    pub text_field: String,
    /// The field that names a record; a record without it is named by its line.
    pub id_field: String,
    /// The field that holds a language code, if any.
    pub lang_field: Option<String>,
    /// The field that holds a date, if any.
    pub date_field: Option<String>,
    /// Longer documents, in bytes, are skipped and named.
    pub max_document_bytes: u64,
    /// A packed file whose content is so many times larger than the file
    /// (and larger than 64 MiB) is left out as a bomb.
    pub max_ratio: u64,
    /// Of the files of a folder only those that match are read; all, if empty.
    pub include: Globs,
    /// Files of a folder that match are not read.
    pub exclude: Globs,
    /// Where temporary copies of packed records go; `None` for the usual folder.
    pub temp_dir: Option<PathBuf>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            text_field: "text".into(),
            id_field: "id".into(),
            lang_field: None,
            date_field: None,
            max_document_bytes: 1 << 30,
            max_ratio: 200,
            include: Globs::default(),
            exclude: Globs::default(),
            temp_dir: None,
        }
    }
}

/// The files to read, in a fixed order, and how to read them.
#[derive(Debug)]
pub struct Corpus {
    /// What was given.
    roots: Vec<Root>,
    files: Vec<SourceFile>,
    options: ReadOptions,
    unreadable: Vec<Skipped>,
}

impl Corpus {
    /// The folder for temporary files, unless it is that of the system.
    #[must_use]
    pub fn temp_dir(&self) -> Option<&Path> {
        self.options.temp_dir.as_deref()
    }

    /// Finds the files behind `paths`: files as they are, folders with all
    /// their `.txt`, `.md`, `.jsonl`, `.ndjson`, `.parquet`, `.warc` and `.wet`
    /// files, packed with `.gz` or `.zst` or not, sorted, leaving out what is
    /// hidden or ignored by `.gitignore` and not following links. `-` is
    /// standard input, read as JSON Lines. A path that does not exist and has
    /// wildcards is a pattern.
    ///
    /// # Errors
    ///
    /// When a path does not exist, a pattern matches nothing, or no file is
    /// left to read.
    pub fn open(paths: &[PathBuf], options: ReadOptions) -> Result<Self> {
        Self::of_roots(Root::of_arguments(paths)?, options)
    }

    /// Finds the files behind `roots`.
    ///
    /// # Errors
    ///
    /// When one of them does not exist or no file is left to read.
    pub fn of_roots(mut roots: Vec<Root>, options: ReadOptions) -> Result<Self> {
        const NAMED: usize = 5;
        Root::apart(&mut roots);
        let (files, unreadable) = walk::files(&roots, &options)?;
        if files.is_empty() {
            let mut names: Vec<String> =
                roots.iter().take(NAMED).map(|root| root.path.display().to_string()).collect();
            if roots.len() > NAMED {
                names.push("…".into());
            }
            let mut error = Error::nothing_to_read(format!("nothing to read in {}", names.join(", ")))
                .hint("give .txt, .md, .jsonl, .parquet or .warc files (also .gz and .zst), or a folder that holds some");
            if let Some(first) = unreadable.first() {
                error = error.because(format!("{}: {}", first.document, first.reason));
            }
            return Err(error);
        }
        Ok(Self { roots, files, options, unreadable })
    }

    /// What was given.
    #[must_use]
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// Bytes of all files together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Number of files.
    #[must_use]
    pub fn n_files(&self) -> usize {
        self.files.len()
    }

    /// What was given but is no readable file.
    #[must_use]
    pub fn unreadable(&self) -> &[Skipped] {
        &self.unreadable
    }

    /// The file a place is in, as a path that can be opened.
    #[must_use]
    pub fn path_of(&self, place: Place) -> &Path {
        &self.files[place.file as usize].path
    }

    /// All files, as paths that can be opened, in reading order.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Leaves out every file that `keep` does not want; none may be left.
    #[must_use]
    pub fn only(mut self, keep: impl Fn(&Path) -> bool) -> Self {
        self.files.retain(|file| keep(&file.path));
        self
    }

    /// A corpus of no files.
    #[must_use]
    pub fn none(options: &ReadOptions) -> Self {
        Self { roots: vec![], files: vec![], options: options.clone(), unreadable: vec![] }
    }

    /// The same corpus, where every file that goes by the name of a file of
    /// `other`, or of a document of these `ids` in it, goes by its path instead.
    #[must_use]
    pub fn named_apart<'a>(&self, other: &'a Self, ids: impl Iterator<Item = &'a str>) -> Self {
        let taken: AHashSet<&str> = other.files.iter().map(|file| file.name.as_str()).chain(ids).collect();
        let mut files = self.files.clone();
        for file in files.iter_mut().filter(|file| taken.contains(file.name.as_str())) {
            file.name = file.path.to_string_lossy().replace('\\', "/");
            while taken.contains(file.name.as_str()) {
                file.name.insert_str(0, "./");
            }
        }
        files.sort_by(|a, b| a.order().cmp(&b.order()));
        Self {
            roots: self.roots.clone(),
            files,
            options: self.options.clone(),
            unreadable: self.unreadable.clone(),
        }
    }

    /// This corpus and another, read as one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut files = [self.files.as_slice(), &other.files].concat();
        files.sort_by(|a, b| a.order().cmp(&b.order()));
        let unreadable = [self.unreadable.as_slice(), &other.unreadable].concat();
        let roots = [self.roots.as_slice(), &other.roots].concat();
        Self { roots, files, options: self.options.clone(), unreadable }
    }

    /// The folder that the name of a file is told from, and that name.
    #[must_use]
    pub fn folder_and_name(&self, place: Place) -> (&Path, &str) {
        let file = &self.files[place.file as usize];
        let n_parts = Path::new(&file.name).components().count();
        (file.path.ancestors().nth(n_parts).unwrap_or(Path::new("")), &file.name)
    }

    /// Whether the document is one of several in its file.
    #[must_use]
    pub fn is_record(&self, place: Place) -> bool {
        self.files[place.file as usize].format != Format::Plain
    }

    /// The line a record starts on, counted from 1; `None` where the whole
    /// file is the document.
    #[must_use]
    pub fn record_line(&self, place: Place) -> Option<u64> {
        self.record_lines(&[place]).pop().flatten()
    }

    /// The same for many places.
    #[must_use]
    pub fn record_lines(&self, places: &[Place]) -> Vec<Option<u64>> {
        let line = |place: &Place| if self.is_record(*place) { self.line(*place).ok() } else { None };
        places.iter().map(line).collect()
    }

    /// The name of the file a place is in: relative to what was given, with `/`.
    #[must_use]
    pub fn file_name(&self, place: Place) -> &str {
        &self.files[place.file as usize].name
    }

    /// The files in reading order.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// A place for a person: the file, and the line or row for a record.
    #[must_use]
    pub fn describe(&self, place: Place) -> String {
        let file = &self.files[place.file as usize];
        if file.format == Format::Plain {
            return file.path.display().to_string();
        }
        match self.line(place) {
            Ok(line) => format!("{}:{line}", file.name),
            Err(_) => format!("{} at byte {}", file.name, place.offset),
        }
    }

    /// The note about a document that has the id of an earlier one and is left out.
    #[must_use]
    pub(crate) fn doubled(&self, id: &str, place: Place, first: Place) -> Skipped {
        let (here, there) = (self.describe(place), self.describe(first));
        let reason = format!("{here} has the id of {there}; the first one is used");
        Skipped { document: id.to_owned(), reason }
    }

    /// The line or row a record stands on. The lines of a file are counted once.
    ///
    /// # Errors
    ///
    /// When the file cannot be read again.
    pub fn line(&self, place: Place) -> std::io::Result<u64> {
        const STRETCH: u64 = 1 << 20;
        let file = place.file as usize;
        let open = |at: u64| -> std::io::Result<Box<dyn std::io::Read>> {
            match self.files[file].once.spool.get() {
                Some(spool) => Ok(Box::new(spool.reader(at))),
                None if self.files[file].is_seekable() => {
                    let mut handle = std::fs::File::open(&self.files[file].path)?;
                    handle.seek(std::io::SeekFrom::Start(at))?;
                    Ok(Box::new(handle))
                }
                None => Err(std::io::ErrorKind::NotFound.into()),
            }
        };
        let mut bytes = vec![];
        if self.files[file].once.line_counts.get().is_none() {
            let mut reader = open(0)?;
            let mut counts = vec![0];
            let mut lines = 0;
            while (&mut reader).take(STRETCH).read_to_end(&mut bytes)? > 0 {
                lines += memchr::memchr_iter(b'\n', &bytes).count() as u64;
                counts.push(lines);
                bytes.clear();
            }
            let _ = self.files[file].once.line_counts.set(counts);
        }
        let stretch = place.offset / STRETCH;
        let before = self.files[file]
            .once
            .line_counts
            .get()
            .and_then(|counts| counts.get(stretch as usize))
            .copied()
            .unwrap_or(0);
        open(stretch * STRETCH)?.take(place.offset % STRETCH).read_to_end(&mut bytes)?;
        Ok(before + memchr::memchr_iter(b'\n', &bytes).count() as u64 + 1)
    }

    /// How records become documents here.
    #[must_use]
    pub fn options(&self) -> &ReadOptions {
        &self.options
    }
}
