//! Documents on their way into a segment.
//!
//! A draft gathers rows, names, texts and the entries of the lists in memory;
//! writing it sorts the lists and lays everything out in one file.

use super::blocks::BlockWriter;
use super::facts::{Packer, fact_hash};
use super::postings::encode;
use super::segment::{FACT_HASHES, FACTS, Header, MAGIC, SegmentEntry};
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
    packer: Packer,
    facts: Vec<u8>,
    fact_hashes: Vec<u8>,
    sources: Vec<Source>,
    counts: Counts,
}

/// A document on its way into a segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored<'a> {
    pub id: &'a str,
    pub byte_hash: u64,
    pub text_hash: u32,
    pub offset: u64,
    pub length: u32,
    pub bytes: u32,
    pub language: Option<&'a str>,
    pub keys: &'a [u32],
    pub anchors: &'a [u32],
    pub source: &'a Source,
    /// For an index that stands by itself.
    pub text: Option<&'a str>,
    /// For cross-language pairs.
    pub facts: Option<&'a [u8]>,
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

impl Source {
    /// A file replaces what it was before, or where it was before; two files
    /// that are there under one name, seen from the index in `root`, are an error.
    pub(crate) fn refuse_another_file(&self, new: &Self, id: &str, root: &Path) -> Result<()> {
        if self == new || self.file.is_some() || new.file.is_some() {
            return Ok(());
        }
        let path = |source: &Self| root.join(&source.folder).join(id);
        let (old, new) = (path(self), path(new));
        match (old.canonicalize(), new.canonicalize()) {
            (Ok(one), Ok(other)) if one != other => {
                Err(Error::invalid_parameter(format!("two files have the id {id}"))
                    .because(format!("{} is in the index, {} is another", one.display(), other.display()))
                    .hint("give the folder that was indexed, from which both have their own names"))
            }
            _ => Ok(()),
        }
    }
}

/// What is stored of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub byte_hash: u64,
    pub text_hash: u32,
    pub offset: u64,
    pub length: u32,
    pub bytes: u32,
    pub source: u32,
    /// Where its name and its text end; they begin where those before end.
    pub name_end: u32,
    pub text_end: u64,
    pub language: Option<[u8; 2]>,
}

/// What documents add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub documents: u64,
    pub bytes: u64,
    pub languages: BTreeMap<String, u64>,
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
            text_hash: document.text_hash,
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
        self.fact_hashes.extend_from_slice(&fact_hash(document.facts).to_le_bytes());
        if let Some(facts) = document.facts {
            self.packer.add(number, facts, &mut self.facts)?;
        }
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
        self.rows.len() + self.names.len() + self.texts.len() + self.facts.len() + 8 * entries
    }

    /// Writes the segment into `folder` as `name`.
    pub(crate) fn write(mut self, folder: &Path, name: &str) -> Result<SegmentEntry> {
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
        self.packer.finish(&mut self.facts)?;
        if !self.facts.is_empty() {
            parts.push((FACTS.to_owned(), self.facts));
            parts.push((FACT_HASHES.to_owned(), self.fact_hashes));
        }
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

/// Bytes of a row.
pub(crate) const ROW: usize = 46;

impl Row {
    pub(crate) fn encode(&self) -> [u8; ROW] {
        let mut bytes = [0; ROW];
        bytes[..8].copy_from_slice(&self.byte_hash.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.length.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.bytes.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.source.to_le_bytes());
        bytes[28..32].copy_from_slice(&self.name_end.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.text_end.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.text_hash.to_le_bytes());
        bytes[44..].copy_from_slice(&self.language.unwrap_or_default());
        bytes
    }

    /// Reads a row of [`ROW`] bytes.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let u32_at = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let u64_at = |at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let language = *bytes.get(44..)?.first_chunk::<2>()?;
        Some(Self {
            byte_hash: u64_at(0)?,
            offset: u64_at(8)?,
            length: u32_at(16)?,
            bytes: u32_at(20)?,
            source: u32_at(24)?,
            name_end: u32_at(28)?,
            text_end: u64_at(32)?,
            text_hash: u32_at(40)?,
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

/// What a name is looked up by.
pub(crate) fn id_key(id: &str) -> u32 {
    (hash64(id.as_bytes()) >> 32) as u32
}
