//! `removed.jsonl`: every stretch of bytes that was taken out, with the reason
//! and the bytes themselves.
//!
//! Bytes stand as text where they are UTF-8 and as Base64 where not. In the
//! order of the files and of the bytes in them, so that a restore reads the
//! file once from front to back.

use super::plan::{Action, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A path relative to the corpus, exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileName {
    /// With `/`, for people; exact unless `path_base64` stands beside it.
    pub path: String,
    /// The bytes of a path that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_base64: Option<String>,
}

/// A stretch of bytes that was taken out of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// The document.
    pub document: String,
    /// The file.
    #[serde(flatten)]
    pub file: FileName,
    /// Whether the whole document went, or a passage of it.
    pub action: Step,
    /// The rule that found it.
    pub rule: String,
    /// The document that was kept for it.
    pub kept: String,
    /// Exact Jaccard similarity of the two.
    pub similarity: f64,
    /// Exact containment of the smaller in the larger.
    pub containment: f64,
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// Where the bytes stood in the file, unpacked; in a Parquet file the rows.
    pub bytes: [u64; 2],
    /// The bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The bytes, where they are not UTF-8 or are packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
}

impl FileName {
    /// The name of a path relative to the corpus.
    #[must_use]
    pub fn of(relative: &Path) -> Self {
        let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let exact = relative.to_str().is_some();
        let bytes = || STANDARD.encode(relative.as_os_str().as_encoded_bytes());
        Self { path: parts.join("/"), path_base64: (!exact).then(bytes) }
    }

    /// The path; `None` if it would lead out of the corpus.
    #[must_use]
    pub fn relative(&self) -> Option<PathBuf> {
        let path = match &self.path_base64 {
            Some(text) => from_bytes(&STANDARD.decode(text).ok()?)?,
            None => PathBuf::from(&self.path),
        };
        let is_plain = |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
        (path.components().next().is_some() && path.components().all(is_plain)).then_some(path)
    }
}

#[cfg(unix)]
fn from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    Some(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(|text| OsStr::new(text).into())
}

impl Removed {
    /// What an action took out of a file.
    pub(super) fn new(action: &Action, file: FileName, bytes: [u64; 2], content: &[u8]) -> Self {
        let (text, coded) = match std::str::from_utf8(content) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(STANDARD.encode(content))),
        };
        Self {
            document: action.document.clone(),
            file,
            action: action.action,
            rule: action.rule.clone(),
            kept: action.kept.clone(),
            similarity: action.similarity,
            containment: action.containment,
            fingerprint: action.fingerprint.clone(),
            bytes,
            content: text,
            content_base64: coded,
        }
    }

    /// Writes the line.
    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// The bytes that were taken out; `None` if they are not there.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match (&self.content, &self.content_base64) {
            (Some(text), None) => Some(text.clone().into_bytes()),
            (None, Some(coded)) => STANDARD.decode(coded).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_lead_out_of_the_folder() {
        let name = |path: &str| FileName { path: path.into(), path_base64: None };
        for path in ["../a", "/etc/passwd", "a/../../b", "", "."] {
            assert_eq!(name(path).relative(), None, "{path}");
        }
        assert_eq!(name("a/b.txt").relative(), Some(PathBuf::from("a/b.txt")));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf_8_come_back() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(OsStr::from_bytes(b"caf\xe9/x"));
        assert_eq!(FileName::of(path).relative().as_deref(), Some(path));
    }
}
