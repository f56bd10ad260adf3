//! The folder that `pair --out` writes: the pairs with both texts, and a
//! manifest that is written last.
//!
//! The same promises as for a cleaned corpus hold: the input is only read, a
//! folder that holds something else is never written into, and a folder
//! without a manifest holds no finished run.

use super::manifest::{Stamp, Stamping, Tool, stamp_of};
use super::removed::FileName;
use super::{holds_anything, look_of, names, refuse_overlap};
use crate::corpus::{Corpus, EntryKind};
use crate::error::{Error, Result};
use crate::hash::hash128;
use crate::whole::Beside;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

const SCHEMA: &str = "doppelt.pairs/1";
/// The pairs, best first.
const PAIRS: &str = "pairs.jsonl";

/// The record of a run of `pair --out`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairsManifest {
    /// What this is.
    pub schema: String,
    /// Who wrote it.
    pub tool: Tool,
    /// What shaped the result, by name.
    pub parameters: BTreeMap<String, String>,
    /// The sums.
    pub counts: PairCounts,
    /// `pairs.jsonl`.
    pub pairs: Stamp,
    /// The files that were read; standard input has no hash.
    pub files: Vec<InputRecord>,
    /// The same for the same input and parameters.
    pub digest: String,
}

/// Sums of a paired corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PairCounts {
    /// Documents that were read, of any language.
    pub documents: u64,
    /// Pairs that were written.
    pub pairs: u64,
    /// Records and files that could not be read.
    pub skipped: u64,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputRecord {
    /// Its name.
    #[serde(flatten)]
    pub name: FileName,
    /// What was in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Stamp>,
}

/// A folder that pairs will be written to.
pub struct PairsJob<'a> {
    corpus: &'a Corpus,
    folder: &'a Path,
    /// What the input looked like when the job was made.
    input: String,
}

impl<'a> PairsJob<'a> {
    /// A job that writes the pairs of `corpus` into `folder`.
    ///
    /// # Errors
    ///
    /// When the folder holds something, or lies in the input or around it.
    pub fn new(corpus: &'a Corpus, folder: &'a Path) -> Result<Self> {
        for root in corpus.roots() {
            refuse_overlap(&root.path, folder)?;
        }
        if !folder.join(names::UNFINISHED).exists() && holds_anything(folder)? {
            return Err(Error::invalid_parameter(format!("{} is not empty", folder.display()))
                .hint("give a folder that is empty or does not exist yet"));
        }
        let input = look_of(&corpus.entries()?);
        Ok(Self { corpus, folder, input })
    }

    /// Writes what `render` gives to `pairs.jsonl`, and the manifest last.
    ///
    /// # Errors
    ///
    /// When something cannot be read or written, or the input has changed.
    pub fn write(
        &self,
        parameters: BTreeMap<String, String>,
        counts: PairCounts,
        render: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<PairsManifest> {
        let folder = self.folder;
        std::fs::create_dir_all(folder).map_err(|error| Error::io("make the folder", folder, &error))?;
        self.sweep();
        let unfinished = folder.join(names::UNFINISHED);
        crate::whole::write(&unfinished, |_| Ok(()))
            .map_err(|error| Error::io("write", &unfinished, &error))?;
        let path = folder.join(PAIRS);
        let cannot_write = |error: std::io::Error| {
            Error::io("write", &path, &error).hint("make room and give the same command again")
        };
        let mut out = Stamping::new(Beside::new(&path).map_err(cannot_write)?);
        render(&mut out).map_err(cannot_write)?;
        let pairs = out.stamp();
        out.inner.finish().map_err(cannot_write)?;
        let files = self.inputs()?;
        if look_of(&self.corpus.entries()?) != self.input {
            return Err(Error::damaged("the input has changed while it was paired")
                .hint("run again when it is at rest"));
        }
        let mut manifest = PairsManifest {
            schema: SCHEMA.into(),
            tool: Tool::this(),
            parameters,
            counts,
            pairs,
            files,
            digest: String::new(),
        };
        let summed_up =
            (manifest.tool.algorithm, &manifest.parameters, counts, &manifest.pairs, &manifest.files);
        let text = serde_json::to_vec(&summed_up).unwrap_or_default();
        manifest.digest = format!("{:032x}", hash128(&text));
        let path = folder.join(names::MANIFEST);
        crate::whole::write(&path, |out| {
            serde_json::to_writer_pretty(&mut *out, &manifest)?;
            out.write_all(b"\n")
        })
        .map_err(|error| Error::io("write", &path, &error))?;
        // A leftover takes no room and the manifest stands for the run.
        let _ = std::fs::remove_file(unfinished);
        Ok(manifest)
    }

    /// Takes away what a run that was killed left behind.
    fn sweep(&self) {
        for entry in std::fs::read_dir(self.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(crate::whole::PREFIX) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    fn inputs(&self) -> Result<Vec<InputRecord>> {
        let entries = self.corpus.entries()?;
        let read = entries.iter().filter(|entry| entry.kind == EntryKind::File && entry.file.is_some());
        read.map(|entry| {
            let stamp = || std::fs::File::open(&entry.path).and_then(stamp_of);
            let input = match entry.path == Path::new("-") {
                true => None,
                false => Some(stamp().map_err(|error| Error::io("read", &entry.path, &error))?),
            };
            Ok(InputRecord { name: FileName::of(&entry.relative), input })
        })
        .collect()
    }
}
