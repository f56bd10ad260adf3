//! Puts the original corpus together again from what a run wrote.
//!
//! Every file is checked against the manifest: what is read against the hash
//! of what was written, what comes out against the hash of what went in. The
//! content of a file that was packed and written anew is the same; how tightly
//! it is packed may differ.

use super::apply::{make_link, permissions_of};
use super::manifest::{FileRecord, Manifest, Stamp, Stamping, State, stamp_of};
use super::names;
use super::removed::Removed;
use super::sink::{Sink, copy_all};
use crate::corpus::{Packing, Progress, Stoppable, unpacked};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Writes the corpus that was cleaned into `folder` to `out`.
///
/// # Errors
///
/// When a file is missing or not as it was written, or `out` is not empty.
pub fn restore(folder: &Path, out: &Path, progress: &dyn Progress) -> Result<Manifest> {
    let manifest = Manifest::read(&folder.join(names::MANIFEST))?;
    if std::fs::read_dir(out).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(Error::invalid_parameter(format!("{} is not empty", out.display()))
            .hint("give a folder that is empty or does not exist yet"));
    }
    let removed = folder.join(names::REMOVED);
    let stamp = File::open(&removed).and_then(|reader| stamp_of(Stoppable { reader, progress }));
    let stamp = stamp.map_err(|error| match progress.is_stopped() {
        true => Error::interrupted(),
        false => Error::io("read", &removed, &error),
    })?;
    if stamp != manifest.removed {
        return Err(Error::damaged(format!("{} is not as it was written", removed.display())));
    }
    std::fs::create_dir_all(out).map_err(|error| Error::io("make the folder", out, &error))?;
    let lines = BufReader::with_capacity(
        1 << 16,
        File::open(&removed).map_err(|error| Error::io("open", &removed, &error))?,
    );
    let total = manifest.files.iter().filter_map(|file| file.input.as_ref()).map(|input| input.bytes).sum();
    progress.begin("restoring", total, "bytes");
    let mut restoring = Restoring {
        corpus: folder.join(names::CORPUS),
        #[cfg(feature = "parquet")]
        rows: folder.join(names::ROWS),
        out,
        lines,
        progress,
    };
    for record in &manifest.files {
        if progress.is_stopped() {
            return Err(Error::interrupted());
        }
        restoring.file(record)?;
        progress.advance(record.input.as_ref().map_or(0, |input| input.bytes));
    }
    Ok(manifest)
}

struct Restoring<'a> {
    corpus: PathBuf,
    #[cfg(feature = "parquet")]
    rows: PathBuf,
    out: &'a Path,
    lines: BufReader<File>,
    progress: &'a dyn Progress,
}

impl<'a> Restoring<'a> {
    fn file(&mut self, record: &FileRecord) -> Result<()> {
        let Some(relative) = record.name.relative() else {
            return Err(Error::damaged(format!("the manifest names {}, which is no path", record.name.path)));
        };
        let (from, to) = (self.corpus.join(&relative), self.out.join(&relative));
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::io("make the folder", parent, &error))?;
        }
        let done = match record.state {
            State::Folder => std::fs::create_dir_all(&to),
            State::Link => std::fs::read_link(&from).and_then(|target| make_link(&target, &to)),
            State::Copied => self.copy(record, &from, &to),
            State::Removed => self.bring_back(record, &to),
            State::Rewritten => self.merge(record, Packing::None, &from, &to),
            State::RewrittenGzip => self.merge(record, Packing::Gzip, &from, &to),
            #[cfg(feature = "parquet")]
            State::RewrittenParquet => self.merge_rows(record, &from, &self.rows.join(&relative), &to),
            #[cfg(not(feature = "parquet"))]
            State::RewrittenParquet => Err(damaged("this program was built without Parquet")),
            State::RewrittenZstd => self.merge(record, Packing::Zstd, &from, &to),
        };
        done.map_err(|error| match error.kind() {
            _ if self.progress.is_stopped() => Error::interrupted(),
            io::ErrorKind::InvalidData => {
                Error::damaged(format!("{} cannot be restored", to.display())).because(error.to_string())
            }
            _ => Error::io("restore", &to, &error),
        })
    }

    fn copy(&mut self, record: &FileRecord, from: &Path, to: &Path) -> io::Result<()> {
        let mut sink = Sink::new(to, Packing::None)?;
        let stamp = copy_all(self.open(from)?, &mut sink)?;
        check(Some(&stamp), record.input.as_ref(), "its bytes are not those that were written")?;
        sink.finish(permissions_of(from)).map(drop)
    }

    /// A file that is gone as a whole stands in `removed.jsonl`.
    fn bring_back(&mut self, record: &FileRecord, to: &Path) -> io::Result<()> {
        let bytes =
            self.next(record)?.bytes().ok_or_else(|| damaged("its bytes are not in removed.jsonl"))?;
        check(Some(&stamp_of(&bytes[..])?), record.input.as_ref(), "the bytes in removed.jsonl are others")?;
        let mut sink = Sink::new(to, Packing::None)?;
        sink.write_all(&bytes)?;
        sink.finish(None).map(drop)
    }

    /// Puts the stretches that were taken out back in their places.
    fn merge(&mut self, record: &FileRecord, packing: Packing, from: &Path, to: &Path) -> io::Result<()> {
        check(
            Some(&stamp_of(self.open(from)?)?),
            record.output.as_ref(),
            "the cleaned file is not as it was written",
        )?;
        let cleaned = unpacked(File::open(from)?, packing)?;
        let mut cleaned = Stoppable { reader: cleaned, progress: self.progress };
        let mut content = Stamping::new(Sink::new(to, packing)?);
        for _ in 0..record.removed {
            let removed = self.next(record)?;
            let before = removed.bytes[0].checked_sub(content.stamp().bytes);
            let before = before.ok_or_else(|| damaged("removed.jsonl is out of order"))?;
            if io::copy(&mut (&mut cleaned).take(before), &mut content)? != before {
                return Err(damaged("the cleaned file is too short"));
            }
            content
                .write_all(&removed.bytes().ok_or_else(|| damaged("its bytes are not in removed.jsonl"))?)?;
        }
        io::copy(&mut cleaned, &mut content)?;
        let wanted = record.content.as_ref().or(record.input.as_ref());
        check(Some(&content.stamp()), wanted, "what came out is not what went in")?;
        content.inner.finish(permissions_of(from)).map(drop)
    }

    /// Puts the rows that were taken out back in their places.
    #[cfg(feature = "parquet")]
    fn merge_rows(&mut self, record: &FileRecord, from: &Path, rows: &Path, to: &Path) -> io::Result<()> {
        check(
            Some(&stamp_of(self.open(from)?)?),
            record.output.as_ref(),
            "the cleaned file is not as it was written",
        )?;
        check(
            Some(&stamp_of(self.open(rows)?)?),
            record.rows.as_ref(),
            "the file of its rows is not as it was written",
        )?;
        let mut changed = (0..record.removed)
            .map(|_| self.next(record).map(|removed| (removed.bytes[0], removed.action)))
            .collect::<io::Result<Vec<_>>>()?;
        // Several passages of one row may be gone.
        changed.dedup();
        super::rows::merge(from, rows, &changed, to)
    }

    /// A file to read that fails when the run should stop.
    fn open(&self, path: &Path) -> io::Result<Stoppable<'a, File>> {
        Ok(Stoppable { reader: File::open(path)?, progress: self.progress })
    }

    /// The next line of `removed.jsonl`, which must be of this file.
    fn next(&mut self, record: &FileRecord) -> io::Result<Removed> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let removed: Removed =
            serde_json::from_str(&line).map_err(|error| damaged(&format!("removed.jsonl: {error}")))?;
        if removed.file != record.name {
            return Err(damaged("removed.jsonl has nothing of it where it should"));
        }
        Ok(removed)
    }
}

fn check(found: Option<&Stamp>, wanted: Option<&Stamp>, otherwise: &str) -> io::Result<()> {
    if found == wanted { Ok(()) } else { Err(damaged(otherwise)) }
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}
