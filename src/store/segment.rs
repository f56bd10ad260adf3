//! One append-only part of an index: some documents, sorted for look-up.
//!
//! A segment holds a row, a name and, where the index stands by itself, the
//! text of each document, and the lists that lead to it: by name, by band key,
//! by anchor. It is written once and never changed.

use super::blocks::BlockFile;
use super::draft::{Counts, ROW, Row, Source, id_key};
use super::facts::{PackedFacts, fact_hash};
use super::postings::Postings;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// A segment that can be asked.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) entry: SegmentEntry,
    file: BlockFile,
    header: Header,
    start: u64,
    ids: Postings,
    bands: Vec<Postings>,
    anchors: Postings,
    pub(crate) sources: Vec<Source>,
    removed: Vec<u8>,
}

impl Segment {
    /// Opens a segment that the manifest names.
    pub(crate) fn open(folder: &Path, entry: &SegmentEntry, n_bands: usize) -> Result<Self> {
        let file = BlockFile::open(folder, &entry.file, entry.blocks)?;
        let head = file.read(0, 16)?;
        let length = u64::from_le_bytes(*head.last_chunk().unwrap_or(&[0; 8]));
        if !head.starts_with(MAGIC) || length > LARGEST_HEADER {
            return Err(file.damaged("it is no segment"));
        }
        let header: Header = serde_json::from_slice(&file.read(16, length as usize)?)
            .map_err(|error| file.damaged(&format!("its header cannot be read: {error}")))?;
        let start = 16 + length;
        let part = |name: &str| part(&file, &header, start, name);
        let list = |name: &str| {
            let (offset, length) = part(name)?;
            if length == 0 {
                Err(file.damaged("a list is empty"))
            } else {
                Postings::open(&file, offset, length)
            }
        };
        let (ids, anchors) = (list("ids")?, list("anchors")?);
        // A segment of texts without words has no band keys at all.
        let has_bands = header.parts.contains_key("band 0");
        let bands = (0..if has_bands { n_bands } else { 0 }).map(|band| list(&format!("band {band}")));
        let bands = bands.collect::<Result<Vec<_>>>()?;
        let (offset, length) = part("sources")?;
        let sources = serde_json::from_slice(&file.read(offset, length as usize)?)
            .map_err(|error| file.damaged(&format!("its sources cannot be read: {error}")))?;
        let holds_each = |name: &str, length: usize| {
            Ok::<_, Error>(part(name)?.1 == u64::from(header.documents) * length as u64)
        };
        let has_facts = header.parts.contains_key(FACTS);
        if !holds_each("rows", ROW)? || has_facts && !holds_each(FACT_HASHES, 4)? {
            return Err(file.damaged("it holds another number of rows than it says"));
        }
        let removed = match &entry.removed {
            Some(removed) => {
                let length = header.documents.div_ceil(8) as usize;
                BlockFile::open(folder, &removed.file, removed.blocks)?.read(0, length)?
            }
            None => vec![],
        };
        Ok(Self { entry: entry.clone(), file, start, ids, bands, anchors, sources, removed, header })
    }

    /// Number of documents, with those that were removed.
    pub(crate) fn n_documents(&self) -> u32 {
        self.header.documents
    }

    /// Whether a document was removed.
    pub(crate) fn is_removed(&self, document: u32) -> bool {
        self.removed.get(document as usize / 8).is_some_and(|byte| byte >> (document % 8) & 1 == 1)
    }

    /// The documents that have a key in a band.
    pub(crate) fn with_key(&self, band: u32, key: u32) -> Result<Vec<u32>> {
        match self.bands.get(band as usize) {
            Some(postings) => self.live(postings.look_up(&self.file, key)?),
            None => Ok(vec![]),
        }
    }

    /// The documents that have an anchor.
    pub(crate) fn with_anchor(&self, anchor: u32) -> Result<Vec<u32>> {
        self.live(self.anchors.look_up(&self.file, anchor)?)
    }

    /// The document of this name.
    pub(crate) fn with_id(&self, id: &str) -> Result<Option<u32>> {
        for document in self.live(self.ids.look_up(&self.file, id_key(id))?)? {
            if self.id(document)? == id {
                return Ok(Some(document));
            }
        }
        Ok(None)
    }

    fn live(&self, mut documents: Vec<u32>) -> Result<Vec<u32>> {
        if documents.iter().any(|&document| document >= self.header.documents) {
            return Err(self.file.damaged("a list names a document that is not there"));
        }
        documents.retain(|&document| !self.is_removed(document));
        Ok(documents)
    }

    /// What is stored of a document.
    pub(crate) fn row(&self, document: u32) -> Result<Row> {
        let (offset, _) = self.part("rows")?;
        let bytes = self.file.read(offset + u64::from(document) * ROW as u64, ROW)?;
        let row = Row::decode(&bytes).filter(|row| (row.source as usize) < self.sources.len());
        row.ok_or_else(|| self.file.damaged("a row cannot be read"))
    }

    /// The name of a document.
    pub(crate) fn id(&self, document: u32) -> Result<String> {
        let end = self.row(document)?.name_end;
        let start = if document == 0 { 0 } else { self.row(document - 1)?.name_end };
        let name = self.slice("names", start.into(), end.into())?;
        String::from_utf8(name).map_err(|_| self.file.damaged("a name is not UTF-8"))
    }

    /// The stored text of a document.
    pub(crate) fn text(&self, document: u32) -> Result<String> {
        let end = self.row(document)?.text_end;
        let start = if document == 0 { 0 } else { self.row(document - 1)?.text_end };
        let text = self.slice("texts", start, end)?;
        String::from_utf8(text).map_err(|_| self.file.damaged("a text is not UTF-8"))
    }

    /// Whether any document has facts.
    pub(crate) fn has_facts(&self) -> bool {
        self.header.parts.contains_key(FACTS)
    }

    /// The packed facts of the documents that have some.
    pub(crate) fn facts(&self) -> Result<Option<PackedFacts<'_>>> {
        if !self.has_facts() {
            return Ok(None);
        }
        let (offset, length) = self.part(FACTS)?;
        Ok(Some(PackedFacts { file: &self.file, offset, length, n_documents: self.header.documents }))
    }

    /// The hash of the facts of a document; 0 where it has none.
    pub(crate) fn fact_hash(&self, document: u32) -> Result<u32> {
        if !self.has_facts() {
            return Ok(0);
        }
        let at = u64::from(document) * 4;
        let bytes = self.slice(FACT_HASHES, at, at + 4)?;
        Ok(u32::from_le_bytes(*bytes.first_chunk().unwrap_or(&[0; 4])))
    }

    /// The bytes of every part, for people.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.header.parts.iter().map(|(name, [_, length])| (name.as_str(), *length))
    }

    /// Number of lists of band keys.
    pub(crate) fn n_bands(&self) -> usize {
        self.bands.len()
    }

    /// Bytes of all names.
    pub(crate) fn name_bytes(&self) -> u64 {
        self.header.parts.get("names").map_or(0, |[_, length]| *length)
    }

    /// Whether any document was removed.
    pub(crate) fn has_removed(&self) -> bool {
        self.entry.removed.is_some()
    }

    /// What the documents that were not removed add up to.
    pub(crate) fn live_counts(&self) -> Counts {
        let mut counts = self.entry.counts.clone();
        if let Some(removed) = &self.entry.removed {
            counts.minus(&removed.counts);
        }
        counts
    }

    fn postings(&self, list: List) -> Option<&Postings> {
        match list {
            List::Ids => Some(&self.ids),
            List::Band(band) => self.bands.get(band),
            List::Anchors => Some(&self.anchors),
        }
    }

    /// Number of entries of a list.
    pub(crate) fn n_entries(&self, list: List) -> u64 {
        self.postings(list).map_or(0, |postings| postings.n().into())
    }

    /// The entries of a list with keys from `from` to before `to`, in order.
    pub(crate) fn entries_between(&self, list: List, from: u64, to: u64) -> Result<Vec<(u32, u32)>> {
        self.postings(list).map_or(Ok(vec![]), |postings| postings.between(&self.file, from, to))
    }

    /// The error for a list that names a document which is not there.
    pub(crate) fn names_what_is_not_there(&self) -> Error {
        self.file.damaged("a list names a document that is not there")
    }

    /// Rows and names of documents that follow each other.
    pub(crate) fn stretch(&self, documents: Range<u32>) -> Result<Stretch> {
        let before = match documents.start {
            0 => (0, 0),
            first => self.row(first - 1).map(|row| (row.name_end, row.text_end))?,
        };
        let (offset, _) = self.part("rows")?;
        let n = (documents.end - documents.start) as usize;
        let bytes = self.file.read(offset + u64::from(documents.start) * ROW as u64, n * ROW)?;
        let rows = bytes.chunks_exact(ROW).map(Row::decode).collect::<Option<Vec<Row>>>();
        let known = |row: &Row| (row.source as usize) < self.sources.len();
        let rows = rows.filter(|rows| {
            rows.iter().all(known) && rows.is_sorted_by_key(|row| (row.name_end, row.text_end))
        });
        let rows = rows.ok_or_else(|| self.file.damaged("a row cannot be read"))?;
        let end = rows.last().map_or(before.0, |row| row.name_end);
        let names = self.slice("names", before.0.into(), end.into())?;
        Ok(Stretch { rows, names, before })
    }

    /// Bytes of the stored texts.
    pub(crate) fn text_bytes(&self, range: Range<u64>) -> Result<Vec<u8>> {
        self.slice("texts", range.start, range.end)
    }

    /// Checks every block and every row.
    pub(crate) fn verify(&self, folder: &Path) -> Result<()> {
        self.file.verify()?;
        if let Some(removed) = &self.entry.removed {
            BlockFile::open(folder, &removed.file, removed.blocks)?.verify()?;
        }
        if let Some(facts) = self.facts()? {
            let hash = |_, facts: &[u8]| Some(fact_hash(Some(facts)));
            facts.each(hash, |document, hash| match self.fact_hash(document)? {
                stored if stored == hash => Ok(()),
                _ => Err(self.file.damaged("its facts are not those it says")),
            })?;
        }
        (0..self.header.documents).try_for_each(|document| self.id(document).map(|_| ()))
    }

    /// The bits of removed documents with some more of them.
    pub(crate) fn removed_with(&self, documents: &[u32]) -> Vec<u8> {
        let mut bits = self.removed.clone();
        bits.resize(self.header.documents.div_ceil(8) as usize, 0);
        for &document in documents {
            bits[document as usize / 8] |= 1 << (document % 8);
        }
        bits
    }

    fn slice(&self, name: &str, start: u64, end: u64) -> Result<Vec<u8>> {
        let (offset, length) = self.part(name)?;
        if start > end || end > length {
            return Err(self.file.damaged(&format!("its {name} are out of order")));
        }
        self.file.read(offset + start, (end - start) as usize)
    }

    fn part(&self, name: &str) -> Result<(u64, u64)> {
        part(&self.file, &self.header, self.start, name)
    }
}

/// One of the lists of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Hashes of names.
    Ids,
    /// Keys of one band.
    Band(usize),
    /// Anchors.
    Anchors,
}

/// Rows and names of documents that follow each other.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub rows: Vec<Row>,
    names: Vec<u8>,
    /// Where the name and the text of the document before them end.
    before: (u32, u64),
}

impl Stretch {
    /// The name of one of them.
    pub(crate) fn name(&self, i: usize) -> &[u8] {
        let start = i.checked_sub(1).map_or(self.before.0, |at| self.rows[at].name_end);
        &self.names[(start - self.before.0) as usize..(self.rows[i].name_end - self.before.0) as usize]
    }

    /// Where the text of one of them stands.
    pub(crate) fn text_range(&self, i: usize) -> Range<u64> {
        i.checked_sub(1).map_or(self.before.1, |at| self.rows[at].text_end)..self.rows[i].text_end
    }

    /// Bytes of the stored text of one of them.
    pub(crate) fn text_length(&self, i: usize) -> u64 {
        let range = self.text_range(i);
        range.end - range.start
    }
}

/// A segment as the manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentEntry {
    pub file: String,
    pub blocks: u64,
    pub counts: Counts,
    pub removed: Option<RemovedEntry>,
}

impl SegmentEntry {
    /// Number of documents that were not removed.
    pub(crate) fn documents(&self) -> u64 {
        self.counts.documents - self.removed.as_ref().map_or(0, |removed| removed.counts.documents)
    }
}

/// Documents of a segment that were taken out of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemovedEntry {
    /// A bit a document.
    pub file: String,
    pub blocks: u64,
    pub counts: Counts,
}

/// The part that holds facts, in a segment where any document has some.
pub(crate) const FACTS: &str = "facts";
/// The part that holds a hash of the facts of each document, where facts are.
pub(crate) const FACT_HASHES: &str = "fact hashes";

/// How a segment begins.
pub(crate) const MAGIC: &[u8; 8] = b"DOPPSEG2";
/// A header of more bytes is none.
const LARGEST_HEADER: u64 = 1 << 24;

/// Where the parts of a segment stand behind the header: offset and length.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    pub documents: u32,
    pub parts: BTreeMap<String, [u64; 2]>,
}

/// Where a part stands, and its length; inside the file for sure.
fn part(file: &BlockFile, header: &Header, start: u64, name: &str) -> Result<(u64, u64)> {
    let &[offset, length] =
        header.parts.get(name).ok_or_else(|| file.damaged(&format!("the part {name} is missing")))?;
    let end = start.checked_add(offset).and_then(|offset| offset.checked_add(length));
    if end.is_none_or(|end| end > file.len()) {
        return Err(file.damaged(&format!("the part {name} reaches behind its end")));
    }
    Ok((start + offset, length))
}
