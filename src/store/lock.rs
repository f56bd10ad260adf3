//! One writer at a time: a lock on a file that the system lets go of when the
//! process ends, however it ends.

use crate::error::{Error, Result};
use std::fs::{File, TryLockError};
use std::path::Path;

/// The file that is locked.
pub(super) const LOCK: &str = "lock";

/// Takes the lock of an index, or waits for it.
pub(super) fn lock(folder: &Path, wait: bool) -> Result<File> {
    let path = folder.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| Error::io("open", &path, &error))?;
    let locked = if wait { file.lock().map_err(TryLockError::Error) } else { file.try_lock() };
    match locked {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::invalid_parameter(format!("another process writes to the index {}", folder.display()))
                .hint("wait for it with --wait"))
        }
        Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, &error)),
    }
}
