//! Files that appear whole or not at all.
//!
//! A file is written beside its target, synced, and renamed over it; then the
//! folder is synced. After a crash, a full disk or a kill there is the old
//! file or the new one, never half of one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes what `render` produces to `path`.
///
/// # Errors
///
/// What writing, syncing or renaming returns; nothing is left behind then.
pub fn write(path: &Path, render: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    if path.exists() && !path.is_file() {
        // A device or a pipe cannot be replaced, only written to.
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        return render(&mut out).and_then(|()| out.flush());
    }
    let mut beside = Beside::new(path)?;
    render(&mut beside)?;
    beside.finish()?;
    sync_folder(folder_of(path))
}

/// A file in the making, beside its target.
#[derive(Debug)]
pub struct Beside {
    path: PathBuf,
    out: BufWriter<NamedTempFile>,
}

impl Beside {
    /// Starts a file that will stand at `path`.
    ///
    /// # Errors
    ///
    /// When no file can be made in the folder of `path`.
    pub fn new(path: &Path) -> std::io::Result<Self> {
        let beside = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder_of(path))?;
        set_usual_mode(beside.as_file())?;
        Ok(Self { path: path.to_owned(), out: BufWriter::with_capacity(1 << 16, beside) })
    }

    /// Gives the file the permissions of another.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn set_permissions(&self, permissions: std::fs::Permissions) -> std::io::Result<()> {
        self.out.get_ref().as_file().set_permissions(permissions)
    }

    /// Puts the file in its place, synced; the folder is the caller's to sync.
    ///
    /// # Errors
    ///
    /// What writing, syncing or renaming returns; nothing is left behind then.
    pub fn finish(self) -> std::io::Result<()> {
        let beside = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        beside.as_file().sync_all()?;
        beside.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Makes sure that the names in a folder are on disk.
///
/// # Errors
///
/// What opening or syncing returns.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Bytes that can still be written below a folder, where the system tells.
#[cfg(unix)]
#[must_use]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Bytes that can still be written below a folder, where the system tells.
#[cfg(not(unix))]
#[must_use]
pub fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Files in the making are called so; those of a run that was killed stay behind.
pub(crate) const PREFIX: &str = ".doppelt-";

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A temporary file is for its owner only; a result is for everyone the mask allows.
#[cfg(unix)]
fn set_usual_mode(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_mode(_: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.md");
        write(&path, |out| out.write_all(b"old")).unwrap();
        let failed = write(&path, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(std::io::Error::other("no space"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
