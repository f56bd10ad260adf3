//! Reading in batches: whole records, a few megabytes at a time.
//!
//! While the cores work on one round of batches the next is read. Results are
//! handed over in reading order, so the number of threads changes nothing.

use super::document::{Document, Place, Skipped};
use super::lines::{self, LineReader};
use super::progress::Progress;
use super::source::{Format, Packing, SourceFile};
use super::unpack::Content;
use super::{Corpus, jsonl, plain};
use crate::error::{Error, Result};
use crate::spill::temporary_file;
use rayon::prelude::*;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a batch; enough to keep a core busy for some milliseconds.
pub(super) const BATCH_BYTES: usize = 1 << 20;

/// Consecutive bytes of one file that hold whole records.
#[derive(Debug)]
pub struct Batch {
    pub(super) file: u32,
    pub(super) offset: u64,
    pub(super) first_line: u64,
    pub(super) bytes: Vec<u8>,
    /// Bytes of the file that were read for it.
    pub(super) input_bytes: u64,
    /// Why the file could not be read on from here.
    pub(super) broken: Option<String>,
}

/// Why a document that was read once could not be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError(pub String);

impl Batch {
    /// Number of the file it is of.
    #[must_use]
    pub fn file(&self) -> u32 {
        self.file
    }

    /// Where in the content of the file it starts.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The records as they stand in the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Why the file could not be read on from here.
    #[must_use]
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// The document at a place in the batch, if one is there.
    #[must_use]
    pub fn document<'a>(&'a self, corpus: &'a Corpus, place: Place) -> Option<Document<'a>> {
        let file = &corpus.files[self.file as usize];
        let start = usize::try_from(place.offset.checked_sub(self.offset)?).ok()?;
        let bytes = self.bytes.get(start..start + place.length as usize)?;
        match file.format {
            Format::Plain => plain::document(&file.name, bytes, place).ok(),
            _ => json_document(corpus, bytes, place, &file.name, 0).ok(),
        }
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
            _ => {
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
            progress.advance(round.iter().map(|batch| batch.input_bytes).sum());
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
        let mut open: Option<(u32, Opened<'_>)> = None;
        let mut bytes = vec![];
        for (i, place) in places.into_iter().enumerate() {
            let source = &self.files[place.file as usize];
            let changed = |why: String| FetchError(format!("{} cannot be read again: {why}", source.name));
            let opened = match &mut open {
                Some((file, opened)) if *file == place.file => opened,
                _ => {
                    let opened = self.open_again(place.file).map_err(|error| changed(error.to_string()))?;
                    &mut open.insert((place.file, opened)).1
                }
            };
            opened.read(place, &mut bytes).map_err(|error| changed(error.to_string()))?;
            let document = match source.format {
                Format::Plain => plain::document(&source.name, &bytes, place),
                _ => json_document(self, &bytes, place, &source.name, 0),
            };
            take(i, &document.map_err(|skipped| changed(format!("it has changed: {}", skipped.reason)))?);
        }
        Ok(())
    }

    /// The records of one file, in order; for a text file the whole of it.
    pub fn batches(&self, file: u32) -> impl Iterator<Item = Batch> + '_ {
        let mut reader = Reader { next_file: file, end: file + 1, ..Reader::new(self) };
        std::iter::from_fn(move || reader.next())
    }

    /// The content of a file, unpacked; of standard input what was read of it.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn content(&self, file: u32) -> io::Result<Box<dyn Read + Send>> {
        match self.files[file as usize].once.spool.get() {
            Some(spool) if self.files[file as usize].format == Format::JsonLines => {
                Ok(Box::new(spool.reader(0)))
            }
            _ => Ok(Box::new(Content::open(&self.files[file as usize], &self.options)?)),
        }
    }

    /// Opens a file whose records have been read before.
    fn open_again(&self, file: u32) -> io::Result<Opened<'_>> {
        let source = &self.files[file as usize];
        if source.is_seekable() {
            return match source.packing {
                Packing::None => Ok(Opened::File(File::open(&source.path)?)),
                _ => Ok(Opened::Whole(Content::open(source, &self.options)?)),
            };
        }
        if self.files[file as usize].once.spool.get().is_none() {
            // Places may come from an earlier run; reading to the end keeps the lines.
            self.batches(file).for_each(drop);
        }
        match self.files[file as usize].once.spool.get() {
            Some(_) => Ok(Opened::Spool(file, self)),
            None => Err(io::Error::other("no temporary copy could be made")),
        }
    }
}

/// A file whose records are fetched.
enum Opened<'a> {
    File(File),
    /// A packed text.
    Whole(Content),
    Spool(u32, &'a Corpus),
}

impl Opened<'_> {
    fn read(&mut self, place: Place, bytes: &mut Vec<u8>) -> io::Result<()> {
        if let Self::Whole(content) = self {
            bytes.clear();
            content.read_to_end(bytes)?;
            return Ok(());
        }
        bytes.resize(place.length as usize, 0);
        match self {
            Self::File(handle) => {
                handle.seek(SeekFrom::Start(place.offset))?;
                handle.read_exact(bytes)
            }
            Self::Spool(file, corpus) => match corpus.files[*file as usize].once.spool.get() {
                Some(spool) => spool.reader(place.offset).read_exact(bytes),
                None => Err(io::ErrorKind::NotFound.into()),
            },
            Self::Whole(_) => Ok(()),
        }
    }
}

/// Goes through the files of a corpus once.
struct Reader<'a> {
    corpus: &'a Corpus,
    next_file: u32,
    /// The file before which to stop.
    end: u32,
    lines: Option<LineReader>,
    round_batches: usize,
}

impl<'a> Reader<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        let end = corpus.files.len() as u32;
        Self { corpus, next_file: 0, end, lines: None, round_batches: 2 * rayon::current_num_threads() }
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
            if let Some(mut lines) = self.lines.take() {
                let batch = lines.next(self.corpus.options.max_document_bytes);
                match batch {
                    Some(batch) if batch.broken.is_none() => {
                        self.lines = Some(lines);
                        return Some(batch);
                    }
                    end => {
                        let broken = end.as_ref().and_then(|batch| batch.broken.clone());
                        if let Some(spool) = lines.into_spool(broken) {
                            // A second reader at the same time kept the same.
                            let _ = self.corpus.files[self.next_file as usize - 1].once.spool.set(spool);
                        }
                        if end.is_some() {
                            return end;
                        }
                    }
                }
            }
            let file = self.next_file;
            let source = self.corpus.files.get(file as usize).filter(|_| file < self.end)?;
            self.next_file += 1;
            if source.format == Format::Plain {
                return Some(self.whole(file, source));
            }
            match self.lines(file, source) {
                Ok(lines) => self.lines = Some(lines),
                Err(error) => {
                    return Some(Batch::broken_from_the_start(file, format!("cannot be read: {error}")));
                }
            }
        }
    }

    /// A text file as a batch.
    fn whole(&self, file: u32, source: &SourceFile) -> Batch {
        let limit = self.corpus.options.max_document_bytes;
        if source.packing == Packing::None && source.bytes > limit {
            return Batch::broken_from_the_start(file, too_long(source.bytes, limit));
        }
        let read = match source.packing {
            Packing::None => std::fs::read(&source.path),
            _ => Content::open(source, &self.corpus.options).and_then(|content| {
                let mut bytes = vec![];
                content.take(limit + 1).read_to_end(&mut bytes)?;
                Ok(bytes)
            }),
        };
        match read {
            Ok(bytes) if bytes.len() as u64 > limit => {
                Batch::broken_from_the_start(file, too_long(bytes.len() as u64, limit))
            }
            Ok(bytes) => {
                Batch { file, offset: 0, first_line: 1, bytes, input_bytes: source.bytes, broken: None }
            }
            Err(error) => Batch::broken_from_the_start(file, format!("cannot be read: {error}")),
        }
    }

    /// A file of records, from its spool where it has been read before.
    fn lines(&self, file: u32, source: &SourceFile) -> io::Result<LineReader> {
        if let Some(spool) = self.corpus.files[file as usize].once.spool.get() {
            return Ok(LineReader::again(file, spool));
        }
        let options = &self.corpus.options;
        let spool = match source.is_seekable() {
            true => None,
            false => Some(temporary_file(options.temp_dir.as_deref())?),
        };
        Ok(LineReader::new(file, lines::open(source, options)?, spool))
    }
}

impl Batch {
    fn broken_from_the_start(file: u32, reason: String) -> Self {
        Self { file, offset: 0, first_line: 1, bytes: vec![], input_bytes: 0, broken: Some(reason) }
    }
}

pub(super) fn too_long(bytes: u64, limit: u64) -> String {
    format!("a document of {bytes} bytes is over the limit of {limit}")
}
