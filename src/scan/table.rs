//! What is known of every document once the corpus has been read.
//!
//! A row holds what later steps need without the text. Rows, names, keys,
//! anchors and prefixes go on in temporary files where memory ends; all that
//! grows in memory is a few bytes a document, to know a repeated id.

use super::keep::Keep;
use crate::corpus::{Corpus, DocId, Ids, Place, Skipped};
use crate::error::Result;
use crate::finding::Finding;
use crate::hash::hash64;
use crate::near::anchors::Anchor;
use crate::near::exact::Prefix;
use crate::near::lsh::BandKeys;
use crate::outcome::{Documents, Near};
use crate::spill::{Column, Record, Sorter, Spill, Store, number};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::collections::BTreeMap;

/// The documents of a corpus.
#[derive(Debug)]
pub struct Table {
    rows: Column<Row>,
    names: Store,
    /// Numbers of documents by the hash of their names.
    by_name: HashTable<u32>,
    /// Hashes of words with their documents, to be brought together.
    pub copies: Sorter<(u64, u32)>,
    /// Band keys of the signatures.
    pub keys: BandKeys,
    /// Where documents may share a passage; empty unless asked for.
    pub anchors: Sorter<Anchor>,
    /// The first shingles of every document; empty unless asked for.
    pub prefixes: Sorter<Prefix>,
    /// Bytes of text.
    bytes: u64,
    /// Whether the keep rule found something to go by in any document.
    pub has_ranks: bool,
    /// Documents by language.
    languages: BTreeMap<&'static str, u64>,
    /// Whether documents of different languages have nothing to do with each other.
    per_language: bool,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// How much of what is sorted or looked up stays in memory.
    pub spill: Spill,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Where to fetch the text again.
    pub place: Place,
    /// Hash of the bytes of the text.
    pub byte_hash: u64,
    /// Hash of the words; 0 for a text without words.
    pub text_hash: u64,
    /// How much the keep rule likes the document, less is better.
    pub rank: u64,
    /// Number of words.
    pub n_words: u32,
    /// Bytes of text.
    pub bytes: u32,
    /// Number of anchors.
    pub n_anchors: u32,
    /// The first two letters of its language, which are its ISO 639-1 code.
    pub language: [u8; 2],
    /// Where the name stands, and its length.
    pub name: (u64, u32),
}

/// What one batch adds to the table.
#[derive(Default)]
pub struct Rows {
    /// The names.
    pub ids: Ids,
    /// What is known of each document; names and anchors are filled in later.
    pub rows: Vec<Row>,
    /// The languages, where they matter.
    pub languages: Vec<Option<&'static str>>,
    /// The band keys, one document behind the other.
    pub keys: Vec<u32>,
    /// Anchors with the number of the row.
    pub anchors: Vec<Anchor>,
    /// Prefixes with the number of the row.
    pub prefixes: Vec<Prefix>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

impl Record for Row {
    const BYTES: usize = 66;

    fn put(&self, buffer: &mut [u8]) {
        let mut rest = buffer;
        let mut add = |number: u64, length: usize| {
            let (here, others) = std::mem::take(&mut rest).split_at_mut(length);
            here.copy_from_slice(&number.to_le_bytes()[..length]);
            rest = others;
        };
        add(self.place.offset, 8);
        add(self.byte_hash, 8);
        add(self.text_hash, 8);
        add(self.rank, 8);
        add(self.name.0, 8);
        let small =
            [self.place.file, self.place.length, self.n_words, self.bytes, self.n_anchors, self.name.1];
        small.into_iter().for_each(|number| add(u64::from(number), 4));
        add(u64::from(u16::from_le_bytes(self.language)), 2);
    }

    fn get(buffer: &[u8]) -> Self {
        let long = |i: usize| number(&buffer[8 * i..8 * i + 8]);
        let short = |i: usize| number(&buffer[40 + 4 * i..44 + 4 * i]) as u32;
        Self {
            place: Place { offset: long(0), file: short(0), length: short(1) },
            byte_hash: long(1),
            text_hash: long(2),
            rank: long(3),
            n_words: short(2),
            bytes: short(3),
            n_anchors: short(4),
            language: [buffer[64], buffer[65]],
            name: (long(4), short(5)),
        }
    }
}

impl Table {
    /// An empty table for documents of `bands` band keys.
    #[must_use]
    pub fn new(bands: usize, per_language: bool, spill: Spill) -> Self {
        Self {
            rows: Column::new(spill.clone()),
            names: Store::new(spill.clone()),
            by_name: HashTable::new(),
            copies: Sorter::new(spill.clone()),
            keys: BandKeys::new(bands, spill.clone()),
            anchors: Sorter::new(spill.clone()).distinct(),
            prefixes: Sorter::new(spill.clone()),
            bytes: 0,
            has_ranks: false,
            languages: BTreeMap::new(),
            per_language,
            skipped: vec![],
            spill,
        }
    }

    /// Adds the documents of a batch; one whose id is known is left out.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be written or read.
    pub fn append(&mut self, corpus: &Corpus, batch: &Rows, bands: usize) -> Result<()> {
        self.skipped.extend_from_slice(&batch.skipped);
        let (mut anchors, mut prefixes) = (batch.anchors.as_slice(), batch.prefixes.as_slice());
        let named = batch.ids.all().map(|(row, id)| (row.0, id));
        for ((row, (number, id)), keys) in batch.rows.iter().zip(named).zip(batch.keys.chunks_exact(bands)) {
            let (mine, others) =
                anchors.split_at(anchors.partition_point(|anchor| anchor.document <= number));
            anchors = others;
            let (my_prefixes, others) =
                prefixes.split_at(prefixes.partition_point(|prefix| prefix.document <= number));
            prefixes = others;
            let next = self.rows.len() as u32;
            if let Some(first) = self.first_of_name(id, next) {
                self.skipped.push(corpus.doubled(id, row.place, self.row(first).place));
                continue;
            }
            let name = (self.names.len(), id.len() as u32);
            self.names.append(id.as_bytes())?;
            self.rows.push(&Row { name, n_anchors: mine.len() as u32, ..*row })?;
            self.prefixes.extend(my_prefixes.iter().map(|prefix| Prefix { document: next, ..*prefix }))?;
            self.anchors.extend(mine.iter().map(|anchor| Anchor { document: next, ..*anchor }))?;
            self.copies.extend((row.text_hash != 0).then_some((row.text_hash, next)))?;
            self.keys.push(keys.iter().copied())?;
            self.bytes += u64::from(row.bytes);
            self.has_ranks |= !Keep::is_last(row.rank);
            if let Some(language) = batch.languages[number as usize] {
                *self.languages.entry(language).or_default() += 1;
            }
        }
        self.rows.check()
    }

    /// The document of this name, where there is one before `next`, which is
    /// entered otherwise.
    fn first_of_name(&mut self, id: &str, next: u32) -> Option<u32> {
        let (rows, names) = (&self.rows, &self.names);
        let with = |document: u32| {
            let (at, length) = rows.get(document as usize).name;
            let known = names.with(at, length as usize, |name| (hash64(name), name == id.as_bytes()));
            known.map_err(|error| rows.remember(error)).unwrap_or_default()
        };
        match self.by_name.entry(hash64(id.as_bytes()), |&known| with(known).1, |&known| with(known).0) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(free) => {
                free.insert(next);
                None
            }
        }
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is known of a document.
    #[must_use]
    pub fn row(&self, document: u32) -> Row {
        self.rows.get(document as usize)
    }

    /// The name of a document.
    #[must_use]
    pub fn name(&self, document: u32) -> String {
        let (at, length) = self.row(document).name;
        let name = self.names.with(at, length as usize, |name| String::from_utf8_lossy(name).into_owned());
        name.map_err(|error| self.rows.remember(error)).unwrap_or_default()
    }

    /// Whether two documents are kept apart by their languages.
    #[must_use]
    pub fn are_apart(&self, a: u32, b: u32) -> bool {
        self.per_language && self.row(a).language != self.row(b).language
    }

    /// Bytes that are held in memory whatever the spill.
    #[must_use]
    pub fn bytes_in_memory(&self) -> u64 {
        (self.by_name.capacity() * (size_of::<u32>() + 1)) as u64
    }

    /// What of the table concerns the outcome: all documents while they fit
    /// into memory; beyond, those that take part in something, which are
    /// numbered anew in the same order.
    ///
    /// # Errors
    ///
    /// When a temporary file could not be read at any time.
    pub fn documents(self, near: &mut Near, findings: &mut [Finding]) -> Result<Documents> {
        let spilled = self.rows.is_spilled() || self.names.is_spilled();
        let wanted: Vec<u32> =
            if spilled { taking_part(near, findings) } else { (0..self.len() as u32).collect() };
        if spilled {
            renumber(near, findings, &wanted);
        }
        let mut documents = Documents {
            n: self.len() as u64,
            bytes: self.bytes,
            languages: self.languages.iter().map(|(&language, &n)| (language.to_owned(), n)).collect(),
            ..Documents::default()
        };
        for document in wanted {
            let row = self.row(document);
            documents.ids.push(&self.name(document));
            documents.places.push(row.place);
            documents.byte_hashes.push(row.byte_hash);
        }
        self.rows.check()?;
        documents.skipped = self.skipped;
        Ok(documents)
    }
}

/// The documents that a pair, a cluster or a finding names, sorted.
fn taking_part(near: &Near, findings: &[Finding]) -> Vec<u32> {
    let pairs = near.pairs.iter().flat_map(|pair| [pair.left, pair.right]);
    let clustered =
        near.clusters.iter().flat_map(|cluster| cluster.others.iter().copied().chain([cluster.keep]));
    let found = findings.iter().flat_map(|finding| finding.places.iter().map(|place| place.document.0));
    let mut documents: Vec<u32> = pairs.chain(clustered).chain(found).collect();
    documents.sort_unstable();
    documents.dedup();
    documents
}

/// Gives the documents of a sorted list the numbers of their places in it.
fn renumber(near: &mut Near, findings: &mut [Finding], documents: &[u32]) {
    let anew = |number: &mut u32| *number = documents.partition_point(|document| document < number) as u32;
    near.pairs.iter_mut().for_each(|pair| [&mut pair.left, &mut pair.right].into_iter().for_each(anew));
    for cluster in &mut near.clusters {
        anew(&mut cluster.keep);
        cluster.others.iter_mut().for_each(anew);
    }
    for place in findings.iter_mut().flat_map(|finding| &mut finding.places) {
        let DocId(number) = &mut place.document;
        anew(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was_written() {
        let row = Row {
            place: Place { file: 1 << 31, length: 7, offset: 1 << 40 | 3 },
            byte_hash: u64::MAX,
            text_hash: 5,
            rank: 1 << 63 | 9,
            n_words: 11,
            bytes: 13,
            n_anchors: u32::MAX - 1,
            language: *b"de",
            name: (1 << 50, 17),
        };
        let mut buffer = [0; Row::BYTES];
        row.put(&mut buffer);
        assert_eq!(Row::get(&buffer), row);
    }
}
