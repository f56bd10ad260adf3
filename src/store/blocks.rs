//! Files of checksummed blocks.
//!
//! A file is a row of blocks of 4 KiB; the last eight bytes of each are the
//! checksum of the others, seeded with the name of the file and the number of
//! the block, so a block that was changed, moved or swapped is found when it
//! is read. To readers the payload is one stretch of bytes. Blocks are read by
//! position and never mapped: a file that shrinks under a reader is an error.

use crate::error::{Error, Result};
use crate::hash::{checksum, hash64};
use ahash::AHashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const BLOCK: usize = 4096;
const PAYLOAD: usize = BLOCK - 8;
/// Blocks kept in memory of one file.
const CACHED: usize = 1024;

/// Writes payload as checksummed blocks.
pub(crate) struct BlockWriter<'a> {
    out: &'a mut dyn Write,
    salt: u64,
    block: Vec<u8>,
    n_blocks: u64,
}

impl<'a> BlockWriter<'a> {
    /// A writer for the file called `name`.
    pub(crate) fn new(name: &str, out: &'a mut dyn Write) -> Self {
        Self { out, salt: hash64(name.as_bytes()), block: Vec::with_capacity(BLOCK), n_blocks: 0 }
    }

    /// Adds payload.
    pub(crate) fn add(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let room = PAYLOAD - self.block.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == PAYLOAD {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Fills up the last block; returns the number of blocks.
    pub(crate) fn finish(mut self) -> std::io::Result<u64> {
        if !self.block.is_empty() {
            self.block.resize(PAYLOAD, 0);
            self.flush()?;
        }
        Ok(self.n_blocks)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let sum = checksum(&self.block, self.salt ^ self.n_blocks);
        self.block.extend_from_slice(&sum.to_le_bytes());
        self.out.write_all(&self.block)?;
        self.block.clear();
        self.n_blocks += 1;
        Ok(())
    }
}

/// Reads payload and checks every block it touches.
#[derive(Debug)]
pub(crate) struct BlockFile {
    path: PathBuf,
    salt: u64,
    n_blocks: u64,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    cached: AHashMap<u64, Box<[u8]>>,
}

impl BlockFile {
    /// Opens a file that was written with so many blocks.
    pub(crate) fn open(folder: &Path, name: &str, n_blocks: u64) -> Result<Self> {
        let path = folder.join(name);
        let file = File::open(&path).map_err(|error| Error::io("open", &path, &error))?;
        let length = file.metadata().map_err(|error| Error::io("read", &path, &error))?.len();
        if Some(length) != n_blocks.checked_mul(BLOCK as u64) {
            let cause = format!("{length} bytes instead of {n_blocks} blocks of {BLOCK}");
            return Err(damaged(&path, &cause));
        }
        let open = Mutex::new(Open { file, cached: AHashMap::new() });
        Ok(Self { path, salt: hash64(name.as_bytes()), n_blocks, open })
    }

    /// The payload from `offset` on, `length` bytes.
    pub(crate) fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(length);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = offset;
        while bytes.len() < length {
            let start = (at % PAYLOAD as u64) as usize;
            let wanted = (length - bytes.len()).min(PAYLOAD - start);
            let block = self.block(&mut open, at / PAYLOAD as u64)?;
            bytes.extend_from_slice(&block[start..start + wanted]);
            at += wanted as u64;
        }
        Ok(bytes)
    }

    /// Checks every block.
    pub(crate) fn verify(&self) -> Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.cached.clear();
        (0..self.n_blocks).try_for_each(|number| self.block(&mut open, number).map(|_| ()))
    }

    /// An error that names this file.
    pub(crate) fn damaged(&self, cause: &str) -> Error {
        damaged(&self.path, cause)
    }

    /// Bytes of payload, with what fills up the last block.
    pub(crate) fn len(&self) -> u64 {
        self.n_blocks * PAYLOAD as u64
    }

    fn block<'o>(&self, open: &'o mut Open, number: u64) -> Result<&'o [u8]> {
        if number >= self.n_blocks {
            return Err(self.damaged("it points behind its own end"));
        }
        if !open.cached.contains_key(&number) {
            let mut block = vec![0; BLOCK];
            let read = open
                .file
                .seek(SeekFrom::Start(number * BLOCK as u64))
                .and_then(|_| open.file.read_exact(&mut block));
            read.map_err(|error| Error::io("read", &self.path, &error))?;
            let (payload, sum) = block.split_at(PAYLOAD);
            if checksum(payload, self.salt ^ number).to_le_bytes() != sum {
                return Err(self.damaged(&format!("the checksum of block {number} is wrong")));
            }
            block.truncate(PAYLOAD);
            if open.cached.len() >= CACHED {
                open.cached.clear();
            }
            open.cached.insert(number, block.into_boxed_slice());
        }
        open.cached.get(&number).map(AsRef::as_ref).ok_or_else(|| self.damaged("a block is gone"))
    }
}

/// The error for a file of the index that is not as it was written.
pub(crate) fn damaged(path: &Path, cause: &str) -> Error {
    Error::damaged(format!("the index file {} is damaged", path.display())).because(cause).hint(
        "restore it from a backup or from version control, or build the index anew with doppelt index build",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_comes_back_and_any_flipped_byte_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let payload: Vec<u8> = (0..10_000u32).flat_map(u32::to_le_bytes).collect();
        let mut written = vec![];
        let mut writer = BlockWriter::new("a", &mut written);
        writer.add(&payload[..5000]).unwrap();
        writer.add(&payload[5000..]).unwrap();
        let n_blocks = writer.finish().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, &written).unwrap();
        let file = BlockFile::open(folder.path(), "a", n_blocks).unwrap();
        assert_eq!(file.read(0, payload.len()).unwrap(), payload);
        assert_eq!(file.read(4087, 3).unwrap(), payload[4087..4090]);
        assert!(file.verify().is_ok() && file.read(u64::MAX - 8, 4).is_err());
        for at in (0..written.len()).step_by(97) {
            written[at] ^= 1;
            std::fs::write(&path, &written).unwrap();
            let file = BlockFile::open(folder.path(), "a", n_blocks).unwrap();
            assert!(file.verify().unwrap_err().is_damaged(), "byte {at}");
            written[at] ^= 1;
        }
        std::fs::write(folder.path().join("b"), &written).unwrap();
        assert!(
            BlockFile::open(folder.path(), "b", n_blocks).unwrap().verify().is_err(),
            "a file under another name"
        );
        assert!(BlockFile::open(folder.path(), "b", n_blocks + 1).is_err());
    }
}
