//! Files of records as a stream of lines, cut into batches of whole lines.
//!
//! What is not JSON Lines already is turned into it on the way in: a row or
//! an archived page becomes a line with the fields that were asked for. So
//! there is one way from a record to a document, whatever it came from.

use super::batch::{BATCH_BYTES, Batch, too_long};
use super::source::{Format, SourceFile};
use super::spool::Spool;
use super::unpack::Content;
use super::{ReadOptions, warc};
use std::fs::File;
use std::io::{self, Read, Write};

/// Bytes of lines, and how much of the file they were.
pub(super) trait Stream: Read + Send {
    /// Bytes of the file read so far.
    fn consumed(&self) -> u64;
}

impl Stream for Content {
    fn consumed(&self) -> u64 {
        Content::consumed(self)
    }
}

impl Stream for super::spool::SpoolReader {
    /// A spool is read for a second time; progress counts its own bytes.
    fn consumed(&self) -> u64 {
        0
    }
}

/// Opens a file of records as lines of JSON.
pub(super) fn open(source: &SourceFile, options: &ReadOptions) -> io::Result<Box<dyn Stream>> {
    match source.format {
        #[cfg(feature = "parquet")]
        Format::Parquet => Ok(Box::new(super::parquet::Rows::open(&source.path, options)?)),
        Format::Warc => Ok(Box::new(warc::Pages::new(Content::open(source, options)?, options))),
        _ => Ok(Box::new(Content::open(source, options)?)),
    }
}

/// A file of records in the middle of being read.
pub(super) struct LineReader {
    file: u32,
    stream: Box<dyn Stream>,
    offset: u64,
    line: u64,
    /// The start of a record whose end has not been read yet.
    rest: Vec<u8>,
    /// Where the lines are kept for later.
    spool: Option<File>,
    spooled: u64,
    consumed: u64,
    /// Why the file cannot be read on from here.
    broken: Option<String>,
}

impl LineReader {
    /// Starts at the beginning of `stream`; what is read is kept in `spool`.
    pub fn new(file: u32, stream: Box<dyn Stream>, spool: Option<File>) -> Self {
        Self { file, stream, offset: 0, line: 1, rest: vec![], spool, spooled: 0, consumed: 0, broken: None }
    }

    /// Starts with what was kept when the file was read for the first time.
    pub fn again(file: u32, spool: &Spool) -> Self {
        Self { broken: spool.broken.clone(), ..Self::new(file, Box::new(spool.reader(0)), None) }
    }

    /// The next whole lines, about a batch of them; the last batch of a file
    /// that breaks off says why.
    pub fn next(&mut self, limit: u64) -> Option<Batch> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut at_end = false;
        loop {
            let before = bytes.len();
            if let Err(error) = self.read(&mut bytes) {
                let line = self.line + memchr::memchr_iter(b'\n', &bytes).count() as u64;
                self.broken = Some(format!("line {line}: cannot be read: {error}"));
                // What follows the last line break is no whole record.
                bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |last| last + 1));
                at_end = true;
            } else if bytes.len() as u64 > limit + BATCH_BYTES as u64 {
                self.broken = Some(format!("line {}: {}", self.line, too_long(bytes.len() as u64, limit)));
                bytes.clear();
                at_end = true;
            }
            at_end |= bytes.len() == before;
            if at_end && bytes.is_empty() {
                let broken = self.broken.take()?;
                return Some(self.batch(vec![], Some(broken)));
            }
            let whole = match memchr::memrchr(b'\n', &bytes[before.min(bytes.len())..]) {
                _ if at_end => bytes.len(),
                Some(last) => before + last + 1,
                None => continue,
            };
            self.rest = bytes.split_off(whole);
            return Some(self.batch(bytes, None));
        }
    }

    fn batch(&mut self, bytes: Vec<u8>, broken: Option<String>) -> Batch {
        let (offset, first_line) = (self.offset, self.line);
        self.offset += bytes.len() as u64;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let consumed = self.stream.consumed();
        let input_bytes = consumed - self.consumed;
        self.consumed = consumed;
        Batch { file: self.file, offset, first_line, bytes, input_bytes, broken }
    }

    /// Reads up to a batch more, and nothing once the file broke off.
    fn read(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let before = bytes.len();
        bytes.reserve(BATCH_BYTES);
        let read = (&mut self.stream).take(BATCH_BYTES as u64).read_to_end(bytes);
        if let Some(spool) = &mut self.spool {
            spool.write_all(&bytes[before..]).map_err(|error| {
                io::Error::new(
                    error.kind(),
                    format!("no room for a temporary copy ({error}); name a folder with --temp-dir"),
                )
            })?;
            self.spooled += (bytes.len() - before) as u64;
        }
        read.map(drop)
    }

    /// What was kept, once `next` has come to the end; `broken` as it said.
    pub fn into_spool(self, broken: Option<String>) -> Option<Spool> {
        Some(Spool::new(self.spool?, self.spooled, broken))
    }
}
