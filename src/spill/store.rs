//! Bytes that are appended once and looked up by their place.

use super::{Spill, read_exact_at};
use crate::error::Result;
use std::fs::File;
use std::io::Write;

/// Appended bytes, in memory up to the limit and in a file beyond it.
#[derive(Debug)]
pub struct Store {
    spill: Spill,
    memory: Vec<u8>,
    file: Option<File>,
    len: u64,
}

impl Store {
    /// An empty store.
    #[must_use]
    pub fn new(spill: Spill) -> Self {
        Self { spill, memory: vec![], file: None, len: 0 }
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be made or written.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        if self.file.is_none() && self.memory.len() + bytes.len() > self.spill.bytes {
            let mut file = self.spill.file()?;
            file.write_all(&std::mem::take(&mut self.memory))
                .map_err(|error| self.spill.error("write", &error))?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(|error| self.spill.error("write", &error))?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Fills `buffer` with the bytes at `at`, which must have been appended.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read.
    pub fn read(&self, at: u64, buffer: &mut [u8]) -> Result<()> {
        match &self.file {
            Some(file) => read_exact_at(file, buffer, at).map_err(|error| self.spill.error("read", &error)),
            None => {
                buffer.copy_from_slice(&self.memory[at as usize..][..buffer.len()]);
                Ok(())
            }
        }
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing was appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_same_in_memory_and_in_a_file() {
        for limit in [0, 10, 1000] {
            let mut store = Store::new(Spill::new(limit, None));
            (0..100u8).for_each(|byte| store.append(&[byte, byte]).unwrap());
            let mut buffer = [0; 4];
            store.read(20, &mut buffer).unwrap();
            assert_eq!(buffer, [10, 10, 11, 11], "limit {limit}");
            assert_eq!(store.len(), 200);
        }
    }
}
