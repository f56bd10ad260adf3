//! One text with its name, and where it can be read again.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A document's number in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub u32);

impl DocId {
    /// As an index into tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One text: a file, or one record of a file.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The name that reports use; unique in a corpus.
    pub id: Cow<'a, str>,
    /// The text as it stands in the input.
    pub text: Cow<'a, str>,
    /// What the record says its language is.
    pub language: Option<String>,
    /// What the record says its date is.
    pub date: Option<String>,
    /// Where the document stands.
    pub place: Place,
}

/// Where a document stands, so that it can be fetched again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// Number of the file in the corpus.
    pub file: u32,
    /// Bytes of the file or record.
    pub length: u32,
    /// Byte offset of the record in the file.
    pub offset: u64,
}

/// Input that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// A document id, or a file and line.
    pub document: String,
    /// Why it was left out, in one line.
    pub reason: String,
}

/// The names of all documents, one behind the other in one string.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    text: String,
    ends: Vec<u64>,
}

impl Ids {
    /// Adds the name of the next document.
    pub fn push(&mut self, id: &str) -> DocId {
        self.text.push_str(id);
        self.ends.push(self.text.len() as u64);
        DocId(self.ends.len() as u32 - 1)
    }

    /// The name of a document.
    #[must_use]
    pub fn get(&self, document: DocId) -> &str {
        let start = document.index().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[document.index()] as usize]
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All documents in reading order.
    pub fn all(&self) -> impl Iterator<Item = (DocId, &str)> {
        (0..self.len() as u32).map(|i| (DocId(i), self.get(DocId(i))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were_given() {
        let mut ids = Ids::default();
        let given = ["a.txt", "", "ö"];
        let documents = given.map(|id| ids.push(id));
        assert_eq!(documents.map(|document| ids.get(document)), given);
    }
}
