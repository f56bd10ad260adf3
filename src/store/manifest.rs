//! What an index consists of, in one small file that is replaced as a whole.
//!
//! The first line carries a checksum of the rest. Whoever has read a manifest
//! has a complete index: segments are written and synced before the manifest
//! names them, and whatever it does not name is not part of the index.

use super::blocks::damaged;
use super::facts::Facts;
use super::segment::SegmentEntry;
use crate::error::{Error, Result};
use crate::hash::{ALGORITHM, hash128};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file that makes a folder an index.
pub(crate) const MANIFEST: &str = "doppelt-index";
const TITLE: &str = "doppelt index 1 ";

/// What shapes the content of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Parameters {
    /// Words of a shingle.
    pub shingle: usize,
    /// Jaccard similarity from which texts are similar, as people write it.
    pub threshold: String,
    /// Paragraphs of fewer words are no repeated passage; `None` where
    /// passages cannot be looked up.
    pub passages_from_words: Option<u32>,
    /// Whether texts are stored, so that sources need not be read again.
    pub self_contained: bool,
    /// What facts are kept of documents for cross-language pairs, if any.
    #[serde(default)]
    pub facts: Option<Facts>,
    /// The field of a record that holds the text.
    pub text_field: String,
    /// The field that names a record.
    pub id_field: String,
    /// The field that holds a language code, if any.
    pub lang_field: Option<String>,
    /// The field that holds a date, if any.
    pub date_field: Option<String>,
}

/// All that is part of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub algorithm: u32,
    pub generation: u64,
    pub parameters: Parameters,
    pub segments: Vec<SegmentEntry>,
}

impl Manifest {
    /// Reads the manifest of the index in `folder`.
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let bytes = std::fs::read(&path).map_err(|error| {
            Error::io("open the index", folder, &error)
                .hint("make one with doppelt index build PATH... --index DIR")
        })?;
        let damaged = |cause: &str| damaged(&path, cause);
        let end = memchr::memchr(b'\n', &bytes).ok_or_else(|| damaged("it has no first line"))?;
        let (title, rest) = (&bytes[..end], &bytes[end + 1..]);
        if title != title_of(rest).as_bytes() {
            return Err(damaged("its checksum is wrong"));
        }
        let manifest: Self = serde_json::from_slice(rest).map_err(|error| damaged(&error.to_string()))?;
        if manifest.algorithm != ALGORITHM {
            return Err(Error::damaged(format!(
                "the index {} was written by another algorithm",
                folder.display()
            ))
            .because(format!("it says {}, this is {ALGORITHM}", manifest.algorithm))
            .hint("build it anew with doppelt index build"));
        }
        Ok(manifest)
    }

    /// Replaces the manifest of the index in `folder`.
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        let path = folder.join(MANIFEST);
        crate::whole::write(&path, |out| {
            let mut rest = serde_json::to_vec_pretty(self)?;
            rest.push(b'\n');
            out.write_all(title_of(&rest).as_bytes())?;
            out.write_all(b"\n")?;
            out.write_all(&rest)
        })
        .map_err(|error| Error::io("write", &path, &error))
    }

    /// The files the index consists of, but for the manifest.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|entry| {
            std::iter::once(entry.file.as_str())
                .chain(entry.removed.iter().map(|removed| removed.file.as_str()))
        })
    }
}

fn title_of(rest: &[u8]) -> String {
    format!("{TITLE}{:032x}", hash128(rest))
}
