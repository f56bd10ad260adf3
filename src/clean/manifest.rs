//! `manifest.json`: what went in, what came out, and hashes of both.
//!
//! It is written last. A folder without one holds an unfinished run; one with
//! it holds everything, as its counts and hashes can prove.

use super::removed::FileName;
use crate::error::{Error, Result};
use crate::hash::{ALGORITHM, hash128};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

const SCHEMA: &str = "doppelt.clean/1";

/// The record of a finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What this is.
    pub schema: String,
    /// Who wrote it.
    pub tool: Tool,
    /// What shaped the result, by name.
    pub parameters: BTreeMap<String, String>,
    /// The sums.
    pub counts: Counts,
    /// `removed.jsonl`.
    pub removed: Stamp,
    /// Everything that was found below the paths that were given.
    pub files: Vec<FileRecord>,
    /// The same for the same input, plan and parameters.
    pub digest: String,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of what its numbers mean.
    pub algorithm: u32,
}

/// Sums: `input = kept + removed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Documents.
    pub documents: Flow,
    /// Documents removed, by rule.
    pub removed_by_rule: BTreeMap<String, u64>,
    /// Passages cut out of kept documents.
    pub passages_cut: u64,
    /// Records and files that are no documents and stay as they are.
    pub left_as_they_are: u64,
    /// Actions of the plan that were refused because the input has changed.
    pub refused: u64,
    /// Files.
    pub files: Flow,
}

/// What went in and came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Went in.
    pub input: u64,
    /// Came out.
    pub kept: u64,
    /// Did not.
    pub removed: u64,
}

/// Size and hash (XXH3, 128 bits) of some bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// How many.
    pub bytes: u64,
    /// In hexadecimal digits.
    pub hash: String,
}

/// One file, link or folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name.
    #[serde(flatten)]
    pub name: FileName,
    /// What became of it.
    pub state: State,
    /// The file as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Stamp>,
    /// The file as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Stamp>,
    /// Of a packed file that was written anew: its content as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Stamp>,
    /// Of a Parquet file: the file with the rows that were taken out or cut, as
    /// they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Stamp>,
    /// Stretches that were taken out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A file that is copied byte for byte.
    Copied,
    /// A file that some bytes were taken out of.
    Rewritten,
    /// The same, packed with gzip.
    RewrittenGzip,
    /// The same, packed with Zstandard.
    RewrittenZstd,
    /// A Parquet file that rows, or passages of rows, were taken out of.
    RewrittenParquet,
    /// A file that is gone as a whole.
    Removed,
}

impl Tool {
    /// This program.
    pub(super) fn this() -> Self {
        Self { name: "doppelt".into(), version: env!("CARGO_PKG_VERSION").into(), algorithm: ALGORITHM }
    }
}

impl Manifest {
    /// Sums up a run.
    pub(super) fn new(
        parameters: BTreeMap<String, String>,
        counts: Counts,
        removed: Stamp,
        files: Vec<FileRecord>,
    ) -> Self {
        let tool = Tool::this();
        let mut manifest =
            Self { schema: SCHEMA.into(), tool, parameters, counts, removed, files, digest: String::new() };
        manifest.digest = manifest.computed_digest();
        manifest
    }

    fn computed_digest(&self) -> String {
        let summed_up = (&self.tool.algorithm, &self.parameters, &self.counts, &self.removed, &self.files);
        let text = serde_json::to_vec(&summed_up).unwrap_or_default();
        format!("{:032x}", hash128(&text))
    }

    /// Writes it, indented.
    ///
    /// # Errors
    ///
    /// What writing returns.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// Reads it and checks it against its digest.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not as it was written.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| {
            Error::io("open", path, &error)
                .hint("a folder without a manifest holds no finished run of doppelt clean")
        })?;
        let damaged =
            |why: String| Error::damaged(format!("{} is not as it was written", path.display())).because(why);
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if manifest.schema != SCHEMA {
            return Err(damaged(format!("its schema is {} and not {SCHEMA}", manifest.schema)));
        }
        if manifest.digest != manifest.computed_digest() {
            return Err(damaged("its digest does not fit".into()));
        }
        Ok(manifest)
    }
}

/// Counts and hashes what passes through.
pub(super) struct Stamping<T> {
    pub inner: T,
    hash: Box<Xxh3>,
    bytes: u64,
}

impl<T> Stamping<T> {
    pub fn new(inner: T) -> Self {
        Self { inner, hash: Box::default(), bytes: 0 }
    }

    pub fn stamp(&self) -> Stamp {
        Stamp { bytes: self.bytes, hash: format!("{:032x}", self.hash.digest128()) }
    }

    fn note(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Write> Write for Stamping<T> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.note(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Stamping<T> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.note(&buffer[..n]);
        Ok(n)
    }
}

/// The stamp of everything that `reader` gives.
pub(super) fn stamp_of(reader: impl Read) -> std::io::Result<Stamp> {
    let mut stamping = Stamping::new(reader);
    let mut buffer = vec![0; 1 << 18];
    while stamping.read(&mut buffer)? > 0 {}
    Ok(stamping.stamp())
}
