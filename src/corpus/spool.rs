//! Content that cannot be read at any place, kept where it can.
//!
//! Records of packed files, of Parquet and of standard input are written to
//! an unnamed temporary file while they are read for the first time. They are
//! fetched from there, and a second reading starts there too, so memory stays
//! flat and nothing is unpacked twice.

use crate::spill::read_at;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// The whole content of a file, as far as it could be read.
#[derive(Debug)]
pub(super) struct Spool {
    file: Arc<File>,
    length: u64,
    /// Why the content ends where it does, if that is not its end.
    pub broken: Option<String>,
}

impl Spool {
    /// Content that has been written to `file`.
    pub fn new(file: File, length: u64, broken: Option<String>) -> Self {
        Self { file: Arc::new(file), length, broken }
    }

    /// Reads from a place on.
    pub fn reader(&self, at: u64) -> SpoolReader {
        SpoolReader { file: Arc::clone(&self.file), at, end: self.length }
    }
}

/// Reads a spool with a cursor of its own.
#[derive(Debug)]
pub(super) struct SpoolReader {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length =
            buffer.len().min(usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX));
        let n = read_at(&self.file, &mut buffer[..length], self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}
