//! Reading in batches: whole records, a few megabytes at a time.
//!
//! While the cores work on one round of batches the next is read. Results are
//! handed over in reading order, so the number of threads changes nothing.

use super::document::{Document, Place, Skipped};
use super::progress::Progress;
use super::walk::Format;
use super::{Corpus, jsonl, plain};
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Bytes of a batch; enough to keep a core busy for some milliseconds.
const BATCH_BYTES: usize = 1 << 20;

/// Consecutive bytes of one file that hold whole records.
#[derive(Debug)]
pub struct Batch {
    file: u32,
    offset: u64,
    first_line: u64,
    bytes: Vec<u8>,
    /// Why the file could not be read on from here.
    broken: Option<String>,
}

/// Why a document that was read once could not be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError(pub String);

impl Batch {
    /// Bytes of input in the batch.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Hands every document of the batch, or why there is none, to `take`.
    pub fn for_each<'a>(
        &'a self,
        corpus: &'a Corpus,
        mut take: impl FnMut(std::result::Result<Document<'a>, Skipped>),
    ) {
        let file = &corpus.files[self.file as usize];
        if let Some(reason) = &self.broken {
            take(Err(Skipped { document: file.name.clone(), reason: reason.clone() }));
            return;
        }
        match file.format {
            Format::Plain => {
                let place = Place { file: self.file, length: self.bytes.len() as u32, offset: 0 };
                take(plain::document(&file.name, &self.bytes, place));
            }
            Format::JsonLines => {
                let mut start = 0;
                for (i, line) in self.bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
                    let place =
                        Place { file: self.file, length: line.len() as u32, offset: self.offset + start };
                    start += line.len() as u64;
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    take(json_document(corpus, line, place, &file.name, self.first_line + i as u64));
                }
            }
        }
    }
}

fn json_document<'a>(
    corpus: &Corpus,
    line: &'a [u8],
    place: Place,
    file: &str,
    number: u64,
) -> std::result::Result<Document<'a>, Skipped> {
    let here = || format!("{file}:{number}");
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    match jsonl::record(line, &corpus.options) {
        Ok(record) => Ok(Document {
            id: record.id.filter(|id| !id.is_empty()).unwrap_or_else(|| Cow::Owned(here())),
            text: record.text.unwrap_or_default(),
            language: record.language.map(Cow::into_owned),
            date: record.date.map(Cow::into_owned),
            place,
        }),
        Err(reason) => Err(Skipped { document: here(), reason }),
    }
}

impl Corpus {
    /// Runs `work` on every batch on all cores and hands the results to
    /// `take` in reading order.
    ///
    /// # Errors
    ///
    /// What `take` returns, or that the run was stopped.
    pub fn map_batches<T: Send>(
        &self,
        progress: &dyn Progress,
        work: impl Fn(&Batch) -> T + Sync,
        mut take: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let mut reader = Reader::new(self);
        let mut round = reader.round();
        while !round.is_empty() {
            if progress.is_stopped() {
                return Err(Error::interrupted());
            }
            let (next, done) =
                rayon::join(|| reader.round(), || round.par_iter().map(&work).collect::<Vec<T>>());
            progress.advance(round.iter().map(|batch| batch.n_bytes() as u64).sum());
            for result in done {
                take(result)?;
            }
            round = next;
        }
        Ok(())
    }

    /// Reads the documents at `places` again, in their order, and hands each to `take`.
    ///
    /// # Errors
    ///
    /// When a document is not there any more or is no document any more.
    pub fn fetch(
        &self,
        places: impl IntoIterator<Item = Place>,
        mut take: impl FnMut(usize, &Document<'_>),
    ) -> std::result::Result<(), FetchError> {
        let mut open: Option<(u32, File)> = None;
        let mut bytes = vec![];
        for (i, place) in places.into_iter().enumerate() {
            let source = &self.files[place.file as usize];
            let changed = |why: String| FetchError(format!("{} cannot be read again: {why}", source.name));
            let handle = match &mut open {
                Some((file, handle)) if *file == place.file => handle,
                _ => {
                    let handle = File::open(&source.path).map_err(|error| changed(error.to_string()))?;
                    &mut open.insert((place.file, handle)).1
                }
            };
            bytes.resize(place.length as usize, 0);
            handle.seek(SeekFrom::Start(place.offset)).map_err(|error| changed(error.to_string()))?;
            handle.read_exact(&mut bytes).map_err(|error| changed(error.to_string()))?;
            let document = match source.format {
                Format::Plain => plain::document(&source.name, &bytes, place),
                Format::JsonLines => json_document(self, &bytes, place, &source.name, 0),
            };
            take(i, &document.map_err(|skipped| changed(format!("it has changed: {}", skipped.reason)))?);
        }
        Ok(())
    }
}

/// Goes through the files of a corpus once.
struct Reader<'a> {
    corpus: &'a Corpus,
    next_file: u32,
    lines: Option<LineReader>,
    round_batches: usize,
}

/// A JSON Lines file in the middle of being read.
struct LineReader {
    file: u32,
    handle: File,
    offset: u64,
    line: u64,
    /// The start of a record whose end has not been read yet.
    rest: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, next_file: 0, lines: None, round_batches: 2 * rayon::current_num_threads() }
    }

    /// The next batches; none at the end.
    fn round(&mut self) -> Vec<Batch> {
        let mut round = vec![];
        let mut bytes = 0;
        while bytes < self.round_batches * BATCH_BYTES {
            let Some(batch) = self.next() else { break };
            // A small file costs about as much as 16 KiB of a large one.
            bytes += batch.bytes.len().max(16 << 10);
            round.push(batch);
        }
        round
    }

    fn next(&mut self) -> Option<Batch> {
        loop {
            if let Some(mut lines) = self.lines.take()
                && let Some(batch) = lines.next(self.corpus.options.max_document_bytes)
            {
                if batch.broken.is_none() {
                    self.lines = Some(lines);
                }
                return Some(batch);
            }
            let file = self.next_file;
            let source = self.corpus.files.get(file as usize)?;
            self.next_file += 1;
            let broken = |reason: String| {
                Some(Batch { file, offset: 0, first_line: 1, bytes: vec![], broken: Some(reason) })
            };
            match source.format {
                Format::Plain if source.bytes > self.corpus.options.max_document_bytes => {
                    return broken(too_long(source.bytes, self.corpus.options.max_document_bytes));
                }
                Format::Plain => match std::fs::read(&source.path) {
                    Ok(bytes) => return Some(Batch { file, offset: 0, first_line: 1, bytes, broken: None }),
                    Err(error) => return broken(format!("cannot be read: {error}")),
                },
                Format::JsonLines => match File::open(&source.path) {
                    Ok(handle) => {
                        self.lines = Some(LineReader { file, handle, offset: 0, line: 1, rest: vec![] });
                    }
                    Err(error) => return broken(format!("cannot be read: {error}")),
                },
            }
        }
    }
}

fn too_long(bytes: u64, limit: u64) -> String {
    format!("a document of {bytes} bytes is over the limit of {limit}")
}

impl LineReader {
    /// The next whole lines, about a batch of them.
    fn next(&mut self, limit: u64) -> Option<Batch> {
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let before = bytes.len();
            let read = (&self.handle).take(BATCH_BYTES as u64).read_to_end(&mut bytes);
            let broken = match read {
                Err(error) => Some(format!("line {}: cannot be read: {error}", self.line)),
                Ok(_) if bytes.len() as u64 > limit + BATCH_BYTES as u64 => {
                    Some(format!("line {}: {}", self.line, too_long(bytes.len() as u64, limit)))
                }
                Ok(_) => None,
            };
            let (file, offset, first_line) = (self.file, self.offset, self.line);
            if broken.is_some() {
                return Some(Batch { file, offset, first_line, bytes: vec![], broken });
            }
            let at_end = bytes.len() == before;
            if at_end && bytes.is_empty() {
                return None;
            }
            let whole = match memchr::memrchr(b'\n', &bytes[before..]) {
                _ if at_end => bytes.len(),
                Some(last) => before + last + 1,
                None => continue,
            };
            self.rest = bytes.split_off(whole);
            self.offset += whole as u64;
            self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
            return Some(Batch { file, offset, first_line, bytes, broken: None });
        }
    }
}
