//! Bytes that are appended once and looked up by their place.

use super::{Spill, read_exact_at};
use crate::error::Result;
use std::fs::File;
use std::io::Write;

/// Bytes that are gathered before they are written.
const TAIL: usize = 1 << 18;

/// Appended bytes, in memory up to the limit and in a file beyond it.
#[derive(Debug)]
pub struct Store {
    spill: Spill,
    file: Option<File>,
    /// Bytes in the file.
    written: u64,
    /// What was appended after them.
    tail: Vec<u8>,
}

impl Store {
    /// An empty store.
    #[must_use]
    pub fn new(spill: Spill) -> Self {
        Self { spill, file: None, written: 0, tail: vec![] }
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be made or written.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.append_with(bytes.len(), |buffer| buffer.copy_from_slice(bytes))
    }

    /// Adds `length` bytes that `put` fills in.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be made or written.
    pub fn append_with(&mut self, length: usize, put: impl FnOnce(&mut [u8])) -> Result<()> {
        let most = if self.file.is_some() { TAIL } else { self.spill.bytes };
        if self.tail.len() + length > most && !self.tail.is_empty() {
            self.write_tail()?;
        }
        let start = self.tail.len();
        self.tail.resize(start + length, 0);
        put(&mut self.tail[start..]);
        Ok(())
    }

    fn write_tail(&mut self) -> Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.spill.file()?,
        };
        file.write_all(&self.tail).map_err(|error| self.spill.error("write", &error))?;
        self.written += self.tail.len() as u64;
        self.tail.clear();
        self.tail.shrink_to(TAIL);
        self.file = Some(file);
        Ok(())
    }

    /// Hands `take` the `length` bytes at `at`, which were appended together.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read.
    pub fn with<T>(&self, at: u64, length: usize, take: impl FnOnce(&[u8]) -> T) -> Result<T> {
        const SMALL: usize = 128;
        match &self.file {
            Some(file) if at < self.written => {
                let failed = |error| self.spill.error("read", &error);
                if length <= SMALL {
                    let mut buffer = [0; SMALL];
                    read_exact_at(file, &mut buffer[..length], at).map_err(failed)?;
                    return Ok(take(&buffer[..length]));
                }
                let mut buffer = vec![0; length];
                read_exact_at(file, &mut buffer, at).map_err(failed)?;
                Ok(take(&buffer))
            }
            _ => Ok(take(&self.tail[(at - self.written) as usize..][..length])),
        }
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.written + self.tail.len() as u64
    }

    /// Whether nothing was appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether bytes stand in a file.
    #[must_use]
    pub fn is_spilled(&self) -> bool {
        self.file.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_same_in_memory_and_in_a_file() {
        for limit in [0, 10, 1000] {
            let mut store = Store::new(Spill::new(limit, None));
            // More than a tail, in pieces that do not divide it.
            (0..60_000u32).for_each(|i| store.append(&[i as u8, (i >> 8) as u8, 7, 7, 7]).unwrap());
            for i in [0, 1, 52_000, 59_999u32] {
                let found = store.with(u64::from(i) * 5, 5, <[u8]>::to_vec).unwrap();
                assert_eq!(found, [i as u8, (i >> 8) as u8, 7, 7, 7], "limit {limit}");
            }
            assert_eq!((store.len(), store.is_spilled()), (300_000, true));
        }
        assert!(!Store::new(Spill::new(0, None)).is_spilled());
    }
}
