//! A file of the corpus: what it is called, how its documents are told apart,
//! and how it is packed. Both follow from the endings of its name.

use super::spool::Spool;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A file to read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path relative to the argument it was found under, with `/`.
    pub name: String,
    /// Where it can be opened; `-` is standard input.
    pub path: PathBuf,
    /// How its documents are told apart.
    pub format: Format,
    /// How it is packed.
    pub packing: Packing,
    /// Its size on disk.
    pub bytes: u64,
    /// What is found out about it on the way.
    pub(super) once: Arc<Once>,
}

/// What is found out about a file once and then kept.
#[derive(Debug, Default)]
pub(super) struct Once {
    /// Content that cannot be read at any place.
    pub spool: OnceLock<Spool>,
    /// How many lines end before each stretch.
    pub line_counts: OnceLock<Vec<u64>>,
}

/// How the documents of a file are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The whole file is one document.
    Plain,
    /// Each line is a JSON record.
    JsonLines,
    /// Each row is a record.
    Parquet,
    /// Each record of a web archive that holds plain text is a document.
    Warc,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Packing {
    /// Not at all.
    None,
    /// gzip, of one or more members.
    Gzip,
    /// Zstandard, of one or more frames.
    Zstd,
}

impl Format {
    /// The name used in plans and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
            Self::Warc => "warc",
        }
    }
}

impl SourceFile {
    /// The name standard input has in ids, plans and outputs.
    pub(super) const STDIN: &'static str = "stdin.jsonl";

    /// Standard input, read as JSON Lines.
    pub(super) fn stdin() -> Self {
        let (format, packing) = (Format::JsonLines, Packing::None);
        Self { name: Self::STDIN.into(), path: "-".into(), format, packing, bytes: 0, once: Arc::default() }
    }

    /// Records that stand in no file but in a spool, as lines of JSON.
    pub(super) fn records(name: &str, spool: Spool, bytes: u64) -> Self {
        let (format, packing) = (Format::JsonLines, Packing::None);
        let once = Arc::new(Once { spool: spool.into(), ..Once::default() });
        Self { name: name.into(), path: name.into(), format, packing, bytes, once }
    }

    /// What the reading order goes by: the name, then the path.
    pub(super) fn order(&self) -> (&str, &Path) {
        (&self.name, &self.path)
    }

    /// Whether this is standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Whether records stand in the file at the offsets of their places.
    /// Others are spooled when they are read for the first time.
    pub(super) fn is_seekable(&self) -> bool {
        match self.format {
            Format::Plain => true,
            Format::JsonLines => {
                self.packing == Packing::None && !self.is_stdin() && self.once.spool.get().is_none()
            }
            Format::Parquet | Format::Warc => false,
        }
    }
}

/// Format and packing by the endings of a name; `None` for a name that tells nothing.
pub(super) fn kind_of(path: &Path) -> Option<(Format, Packing)> {
    // Names that are not UTF-8 have endings, too.
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let (stem, packing) = match name.rsplit_once('.')? {
        (stem, "gz") => (stem, Packing::Gzip),
        (stem, "zst" | "zstd") => (stem, Packing::Zstd),
        _ => (name.as_str(), Packing::None),
    };
    let format = match stem.rsplit_once('.')?.1 {
        "txt" | "md" | "text" | "markdown" => Format::Plain,
        "jsonl" | "ndjson" => Format::JsonLines,
        "parquet" if cfg!(feature = "parquet") && packing == Packing::None => Format::Parquet,
        "warc" | "wet" => Format::Warc,
        _ => return None,
    };
    Some((format, packing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_format_and_packing() {
        let check = |name: &str, expected| assert_eq!(kind_of(Path::new(name)), expected, "{name}");
        check("a/b.txt", Some((Format::Plain, Packing::None)));
        check("b.MD", Some((Format::Plain, Packing::None)));
        check("b.jsonl.gz", Some((Format::JsonLines, Packing::Gzip)));
        check("b.ndjson.zst", Some((Format::JsonLines, Packing::Zstd)));
        check("b.warc.wet.gz", Some((Format::Warc, Packing::Gzip)));
        check("b.gz", None);
        check("b.tar.gz", None);
        check("txt", None);
        check("b.parquet.gz", None);
    }
}
