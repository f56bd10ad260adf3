//! What outgrows its memory goes on in a temporary file.
//!
//! Big tables of a run are either gathered to be sorted ([`Sorter`]: sorted
//! runs in a file, merged while they are read back) or kept to be looked up
//! ([`Store`], [`Column`]). All stay in memory up to a limit and behave the same beyond
//! it, so a result never depends on how much memory there was. The files have
//! no names: however a run ends, they are gone with it.

mod column;
mod merge;
mod sorter;
mod store;

pub use column::Column;
pub(crate) use sorter::number;
pub use sorter::{Record, Sorted, Sorter};
pub use store::Store;

use crate::error::{Error, Result};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// How much one table may hold in memory, and where the rest goes.
#[derive(Clone, Debug)]
pub struct Spill {
    folder: Option<PathBuf>,
    bytes: usize,
}

impl Spill {
    /// Tables hold up to `bytes` each; the rest goes to `folder`, or to the
    /// system's folder for temporary files.
    #[must_use]
    pub fn new(bytes: usize, folder: Option<&Path>) -> Self {
        Self { folder: folder.map(Path::to_owned), bytes }
    }

    /// Bytes that one table may hold in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn file(&self) -> Result<File> {
        temporary_file(self.folder.as_deref()).map_err(|error| self.error("make", &error))
    }

    fn error(&self, doing: &str, source: &io::Error) -> Error {
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        Error::io(&format!("{doing} a temporary file in"), &folder, source)
            .hint("name a folder with more room with --temp-dir, or allow more with --memory")
    }
}

/// A temporary file without a name; it is gone when the process is.
///
/// # Errors
///
/// When none can be made in `folder`, or in the system's folder.
pub fn temporary_file(folder: Option<&Path>) -> io::Result<File> {
    match folder {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    }
}

/// Reads from a place in a file without moving a cursor.
///
/// # Errors
///
/// What the system says.
#[cfg(unix)]
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

/// Reads from a place in a file without moving a cursor.
///
/// # Errors
///
/// What the system says.
#[cfg(windows)]
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Fills the whole buffer from a place in a file.
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match read_at(file, buffer, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                buffer = &mut buffer[n..];
                at += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
