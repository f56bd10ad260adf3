//! A text file is one document.

use super::document::{Document, Place, Skipped};
use std::borrow::Cow;

/// Reads a whole file as one document named `name`.
pub(super) fn document<'a>(name: &'a str, bytes: &'a [u8], place: Place) -> Result<Document<'a>, Skipped> {
    let skip = |reason: String| Err(Skipped { document: name.into(), reason });
    if bytes.is_empty() {
        return skip("the file is empty".into());
    }
    if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = bytes {
        return skip("UTF-16 text; convert it to UTF-8".into());
    }
    if let Some(at) = memchr::memchr(0, &bytes[..bytes.len().min(8192)]) {
        return skip(format!("a NUL byte at offset {at}: a binary file?"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let (id, text) = (Cow::Borrowed(name), Cow::Borrowed(text));
            Ok(Document { id, text, language: None, date: None, place })
        }
        Err(error) => {
            let at = error.valid_up_to();
            let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
            skip(format!("line {line}: not valid UTF-8 at byte {at}; convert the file to UTF-8"))
        }
    }
}
