//! Files that appear whole or not at all.
//!
//! A file is written beside its target, synced, and renamed over it; then the
//! folder is synced. After a crash, a full disk or a kill there is the old
//! file or the new one, never half of one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes what `render` produces to `path`.
///
/// # Errors
///
/// What writing, syncing or renaming returns; nothing is left behind then.
pub fn write(path: &Path, render: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if path.exists() && !path.is_file() {
        // A device or a pipe cannot be replaced, only written to.
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        return render(&mut out).and_then(|()| out.flush());
    }
    let mut beside = tempfile::Builder::new().prefix(".doppelt-").tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 16, beside.as_file_mut());
    render(&mut out)?;
    out.flush()?;
    drop(out);
    set_usual_mode(beside.as_file())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
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
