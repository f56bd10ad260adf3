//! One append-only part of an index: some documents, sorted for look-up.
//!
//! A segment holds a row, a name and, where the index stands by itself, the
//! text of each document, and the lists that lead to it: by name, by band key,
//! by anchor. It is written once and never changed.

use super::blocks::{BlockFile, BlockWriter};
use super::postings::{Postings, encode};
use crate::error::{Error, Result};
use crate::hash::hash64;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Documents of a segment before it is written.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    rows: Vec<u8>,
    names: Vec<u8>,
    ids: Vec<(u32, u32)>,
    bands: Vec<Vec<(u32, u32)>>,
    anchors: Vec<(u32, u32)>,
    texts: Vec<u8>,
    sources: Vec<Source>,
    counts: Counts,
}

/// What documents add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub documents: u64,
    pub bytes: u64,
    pub languages: BTreeMap<String, u64>,
}

/// Where documents were read: a folder, or one file of records.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Source {
    /// The folder, told from the folder of the index.
    pub folder: String,
    /// The file of records; `None` where each document is a file of its own,
    /// called by its id.
    pub file: Option<String>,
}

/// What is stored of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub byte_hash: u64,
    pub offset: u64,
    pub length: u32,
    pub bytes: u32,
    pub source: u32,
    name_end: u32,
    text_end: u64,
    pub language: Option<[u8; 2]>,
}

/// A document on its way into a segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored<'a> {
    pub id: &'a str,
    pub byte_hash: u64,
    pub offset: u64,
    pub length: u32,
    pub bytes: u32,
    pub language: Option<&'a str>,
    pub keys: &'a [u32],
    pub anchors: &'a [u32],
    pub source: &'a Source,
    /// For an index that stands by itself.
    pub text: Option<&'a str>,
}

const ROW: usize = 42;

impl Row {
    fn encode(&self) -> [u8; ROW] {
        let mut bytes = [0; ROW];
        bytes[..8].copy_from_slice(&self.byte_hash.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.length.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.bytes.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.source.to_le_bytes());
        bytes[28..32].copy_from_slice(&self.name_end.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.text_end.to_le_bytes());
        bytes[40..].copy_from_slice(&self.language.unwrap_or_default());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let u32_at = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let u64_at = |at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let language = *bytes.get(40..)?.first_chunk::<2>()?;
        Some(Self {
            byte_hash: u64_at(0)?,
            offset: u64_at(8)?,
            length: u32_at(16)?,
            bytes: u32_at(20)?,
            source: u32_at(24)?,
            name_end: u32_at(28)?,
            text_end: u64_at(32)?,
            language: (language != [0, 0]).then_some(language),
        })
    }

    /// The language as an ISO 639-1 code.
    pub(crate) fn language(&self) -> Option<&str> {
        std::str::from_utf8(self.language.as_ref()?).ok()
    }
}

impl Counts {
    /// Adds one document.
    pub(crate) fn add(&mut self, bytes: u32, language: Option<&str>) {
        self.documents += 1;
        self.bytes += u64::from(bytes);
        if let Some(language) = language {
            *self.languages.entry(language.to_owned()).or_default() += 1;
        }
    }
}

impl Counts {
    /// Adds other counts.
    pub(crate) fn plus(&mut self, other: &Self) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        for (language, n) in &other.languages {
            *self.languages.entry(language.clone()).or_default() += n;
        }
    }

    /// Takes other counts away.
    pub(crate) fn minus(&mut self, other: &Self) {
        self.documents = self.documents.saturating_sub(other.documents);
        self.bytes = self.bytes.saturating_sub(other.bytes);
        for (language, n) in &other.languages {
            if let Some(count) = self.languages.get_mut(language) {
                *count = count.saturating_sub(*n);
            }
        }
        self.languages.retain(|_, count| *count > 0);
    }
}

impl Draft {
    /// Adds a document.
    pub(crate) fn add(&mut self, document: &Stored<'_>) -> Result<()> {
        let number = self.n_documents();
        let source = match self.sources.iter().rposition(|known| known == document.source) {
            Some(at) => at as u32,
            None => {
                self.sources.push(document.source.clone());
                self.sources.len() as u32 - 1
            }
        };
        self.names.extend_from_slice(document.id.as_bytes());
        self.texts.extend_from_slice(document.text.unwrap_or_default().as_bytes());
        let name_end = u32::try_from(self.names.len())
            .map_err(|_| Error::invalid_parameter("the names of a segment take more than 4 GiB"))?;
        let row = Row {
            byte_hash: document.byte_hash,
            offset: document.offset,
            length: document.length,
            bytes: document.bytes,
            source,
            name_end,
            text_end: self.texts.len() as u64,
            language: document.language.and_then(|language| language.as_bytes().try_into().ok()),
        };
        self.rows.extend_from_slice(&row.encode());
        self.ids.push((id_key(document.id), number));
        self.bands.resize(self.bands.len().max(document.keys.len()), vec![]);
        for (band, &key) in self.bands.iter_mut().zip(document.keys) {
            band.push((key, number));
        }
        self.anchors.extend(document.anchors.iter().map(|&anchor| (anchor, number)));
        self.counts.add(document.bytes, row.language());
        Ok(())
    }

    /// Number of documents.
    pub(crate) fn n_documents(&self) -> u32 {
        (self.rows.len() / ROW) as u32
    }

    /// Bytes that the draft takes in memory, about.
    pub(crate) fn size(&self) -> usize {
        let entries = self.ids.len() + self.anchors.len() + self.bands.iter().map(Vec::len).sum::<usize>();
        self.rows.len() + self.names.len() + self.texts.len() + 8 * entries
    }

    /// Writes the segment into `folder` as `name`.
    pub(crate) fn write(self, folder: &Path, name: &str) -> Result<SegmentEntry> {
        let n = self.n_documents();
        let sources = serde_json::to_vec(&self.sources)
            .map_err(|error| Error::damaged("the sources cannot be written").because(error.to_string()))?;
        let mut parts = vec![
            ("sources".to_owned(), sources),
            ("rows".to_owned(), self.rows),
            ("names".to_owned(), self.names),
            ("ids".to_owned(), encode(self.ids, n)),
        ];
        for (band, entries) in self.bands.into_iter().enumerate() {
            parts.push((format!("band {band}"), encode(entries, n)));
        }
        parts.push(("anchors".to_owned(), encode(self.anchors, n)));
        parts.push(("texts".to_owned(), self.texts));
        let mut header = Header { documents: n, parts: BTreeMap::new() };
        let mut offset = 0;
        for (part, bytes) in &parts {
            header.parts.insert(part.clone(), [offset, bytes.len() as u64]);
            offset += bytes.len() as u64;
        }
        let path = folder.join(name);
        let mut n_blocks = 0;
        crate::whole::write(&path, |out| {
            let mut writer = BlockWriter::new(name, out);
            let header = serde_json::to_vec(&header)?;
            writer.add(MAGIC)?;
            writer.add(&(header.len() as u64).to_le_bytes())?;
            writer.add(&header)?;
            parts.iter().try_for_each(|(_, bytes)| writer.add(bytes))?;
            n_blocks = writer.finish()?;
            Ok(())
        })
        .map_err(|error| Error::io("write", &path, &error))?;
        Ok(SegmentEntry { file: name.to_owned(), blocks: n_blocks, counts: self.counts, removed: None })
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

/// Documents of a segment that were taken out of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemovedEntry {
    /// A bit a document.
    pub file: String,
    pub blocks: u64,
    pub counts: Counts,
}

const MAGIC: &[u8; 8] = b"DOPPSEG1";
/// A header of more bytes is none.
const LARGEST_HEADER: u64 = 1 << 24;

/// Where the parts of a segment stand behind the header: offset and length.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    documents: u32,
    parts: BTreeMap<String, [u64; 2]>,
}

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
            if length == 0 { Err(file.damaged("a list is empty")) } else { Postings::open(&file, offset, length) }
        };
        let (ids, anchors) = (list("ids")?, list("anchors")?);
        // A segment of texts without words has no band keys at all.
        let has_bands = header.parts.contains_key("band 0");
        let bands = (0..if has_bands { n_bands } else { 0 }).map(|band| list(&format!("band {band}")));
        let bands = bands.collect::<Result<Vec<_>>>()?;
        let (offset, length) = part("sources")?;
        let sources = serde_json::from_slice(&file.read(offset, length as usize)?)
            .map_err(|error| file.damaged(&format!("its sources cannot be read: {error}")))?;
        if part("rows")?.1 != u64::from(header.documents) * ROW as u64 {
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

    /// The bytes of every part, for people.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.header.parts.iter().map(|(name, [_, length])| (name.as_str(), *length))
    }

    /// The band keys and anchors of every document.
    pub(crate) fn keys_and_anchors(&self) -> Result<Vec<(Vec<u32>, Vec<u32>)>> {
        let mut all = vec![(vec![], vec![]); self.header.documents as usize];
        let out_of_range = || self.file.damaged("a list names a document that is not there");
        for postings in &self.bands {
            for (key, document) in postings.entries(&self.file)? {
                all.get_mut(document as usize).ok_or_else(out_of_range)?.0.push(key);
            }
        }
        for (anchor, document) in self.anchors.entries(&self.file)? {
            all.get_mut(document as usize).ok_or_else(out_of_range)?.1.push(anchor);
        }
        Ok(all)
    }

    /// Checks every block and every row.
    pub(crate) fn verify(&self, folder: &Path) -> Result<()> {
        self.file.verify()?;
        if let Some(removed) = &self.entry.removed {
            BlockFile::open(folder, &removed.file, removed.blocks)?.verify()?;
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

/// What a name is looked up by.
fn id_key(id: &str) -> u32 {
    (hash64(id.as_bytes()) >> 32) as u32
}
