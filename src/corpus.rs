//! Reading: the only room of the library that opens input.
//!
//! A [`Corpus`] is the sorted list of files behind the paths that were given.
//! It is read in batches, in parallel and in order, and never held in memory;
//! what cannot be read becomes a [`Skipped`] note and the rest goes on. A
//! document that is wanted again is fetched by its [`Place`].

mod batch;
mod document;
mod jsonl;
mod plain;
mod progress;
mod walk;

pub use batch::{Batch, FetchError};
pub use document::{DocId, Document, Ids, Place, Skipped};
pub use progress::{Progress, Silent};

use crate::error::{Error, Result};
use ahash::AHashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use walk::SourceFile;

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
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            text_field: "text".into(),
            id_field: "id".into(),
            lang_field: None,
            date_field: None,
            max_document_bytes: 1 << 30,
        }
    }
}

/// The files to read, in a fixed order, and how to read them.
#[derive(Debug)]
pub struct Corpus {
    files: Vec<SourceFile>,
    options: ReadOptions,
    unreadable: Vec<Skipped>,
}

impl Corpus {
    /// Finds the files behind `paths`: files as they are, folders with all
    /// their `.txt`, `.md`, `.jsonl` and `.ndjson` files, sorted, leaving out
    /// what is hidden or ignored by `.gitignore` and not following links.
    ///
    /// # Errors
    ///
    /// When a path does not exist or no file is left to read.
    pub fn open(paths: &[PathBuf], options: ReadOptions) -> Result<Self> {
        let (files, unreadable) = walk::files(paths)?;
        if files.is_empty() {
            let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let mut error = Error::nothing_to_read(format!("nothing to read in {}", names.join(", ")))
                .hint("give .txt, .md or .jsonl files, or a folder that holds some");
            if let Some(first) = unreadable.first() {
                error = error.because(format!("{}: {}", first.document, first.reason));
            }
            return Err(error);
        }
        Ok(Self { files, options, unreadable })
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
        Self { files: vec![], options: options.clone(), unreadable: vec![] }
    }

    /// The same corpus, where every file that goes by the name of a file of
    /// `other` goes by its path instead.
    #[must_use]
    pub fn named_apart(&self, other: &Self) -> Self {
        let taken: AHashSet<&str> = other.files.iter().map(|file| file.name.as_str()).collect();
        let mut files = self.files.clone();
        for file in files.iter_mut().filter(|file| taken.contains(file.name.as_str())) {
            file.name = file.path.to_string_lossy().replace('\\', "/");
            while taken.contains(file.name.as_str()) {
                file.name.insert_str(0, "./");
            }
        }
        files.sort();
        Self { files, options: self.options.clone(), unreadable: self.unreadable.clone() }
    }

    /// This corpus and another, read as one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut files = [self.files.as_slice(), &other.files].concat();
        files.sort();
        let unreadable = [self.unreadable.as_slice(), &other.unreadable].concat();
        Self { files, options: self.options.clone(), unreadable }
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
        self.files[place.file as usize].format != walk::Format::Plain
    }

    /// The line a record starts on, counted from 1; `None` where the whole
    /// file is the document.
    #[must_use]
    pub fn record_line(&self, place: Place) -> Option<u64> {
        self.record_lines(&[place]).pop().flatten()
    }

    /// The same for many places; every file is read once, up to the last of them.
    #[must_use]
    pub fn record_lines(&self, places: &[Place]) -> Vec<Option<u64>> {
        let mut lines = vec![None; places.len()];
        let mut order: Vec<usize> = (0..places.len()).filter(|&i| self.is_record(places[i])).collect();
        order.sort_unstable_by_key(|&i| (places[i].file, places[i].offset));
        for same in order.chunk_by(|&a, &b| places[a].file == places[b].file) {
            let path = &self.files[places[same[0]].file as usize].path;
            let Ok(mut file) = File::open(path) else { continue };
            let (mut line, mut at) = (1, 0);
            for &i in same {
                let Some(breaks) = count_breaks(&mut file, places[i].offset - at) else { break };
                line += breaks;
                at = places[i].offset;
                lines[i] = Some(line);
            }
        }
        lines
    }

    /// The name of the file a place is in: relative to what was given, with `/`.
    #[must_use]
    pub fn file_name(&self, place: Place) -> &str {
        &self.files[place.file as usize].name
    }

    /// A place for a person: the file, and the line for a record.
    #[must_use]
    pub fn describe(&self, place: Place) -> String {
        let file = &self.files[place.file as usize];
        match self.record_line(place) {
            Some(line) => format!("{}:{line}", file.name),
            None => file.path.display().to_string(),
        }
    }

    /// How records become documents here.
    #[must_use]
    pub fn options(&self) -> &ReadOptions {
        &self.options
    }
}

/// The line breaks in the next `length` bytes; `None` where they cannot be read.
fn count_breaks(file: &mut File, length: u64) -> Option<u64> {
    let mut part = file.take(length);
    let mut buffer = vec![0; 1 << 16];
    let mut breaks = 0;
    loop {
        match part.read(&mut buffer).ok()? {
            0 => return Some(breaks),
            n => breaks += memchr::memchr_iter(b'\n', &buffer[..n]).count() as u64,
        }
    }
}
