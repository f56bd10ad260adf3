//! The one pass over the corpus: every document becomes a row of the table.
//!
//! A row holds what later steps need without the text: its name, where to
//! fetch it again, hashes of its bytes and words, and the band keys of its
//! signature. Batches are read on all cores and joined in reading order.

use super::keep::Keep;
use crate::corpus::{Batch, Corpus, DocId, Document, Ids, Place, Progress, Skipped};
use crate::error::{Error, Result};
use crate::hash::hash64;
use crate::near::anchors::{Anchor, GUARANTEE, paragraph_anchor, winnow};
use crate::near::banding::Banding;
use crate::near::exact::{Prefix, prefix};
use crate::near::lsh::BandKeys;
use crate::near::passages::paragraph_words;
use crate::near::shingle::Shingled;
use crate::near::sketch::Sketcher;
use crate::outcome::Documents;
use crate::similarity::Threshold;
use crate::spill::{Sorter, Spill};
use crate::text::detect;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::collections::BTreeMap;

/// Sorters and stores that are filled at one time, and room besides.
const SHARES: u64 = 8;
/// What a run takes besides its tables: batches that are read and texts that
/// are compared. Less memory is not enough for any corpus.
pub const LEAST_MEMORY: u64 = 64 << 20;

/// What is known of every document once the corpus has been read.
#[derive(Debug)]
pub struct Table {
    /// The names.
    pub ids: Ids,
    /// Where to fetch the text again.
    pub places: Vec<Place>,
    /// Hash of the bytes of the text.
    pub byte_hashes: Vec<u64>,
    /// Hash of the words; 0 for a text without words.
    pub text_hashes: Vec<u64>,
    /// The same with their documents, to be brought together.
    pub copies: Sorter<(u64, u32)>,
    /// Number of words.
    pub n_words: Vec<u32>,
    /// Band keys of the signatures.
    pub keys: BandKeys,
    /// Where documents may share a passage; empty unless asked for.
    pub anchors: Sorter<Anchor>,
    /// Number of anchors of every document; empty unless asked for.
    pub n_anchors: Vec<u32>,
    /// The first shingles of every document; empty unless asked for.
    pub prefixes: Sorter<Prefix>,
    /// Bytes of text.
    pub bytes: u64,
    /// Documents by language.
    pub languages: BTreeMap<String, u64>,
    /// How much the keep rule likes a document, less is better; empty where
    /// words and ids decide.
    pub ranks: Vec<u64>,
    /// The language of every document; empty where it does not matter.
    pub language_of: Vec<Option<&'static str>>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// How much of what is sorted or looked up stays in memory.
    pub spill: Spill,
}

/// What one batch adds to the table.
#[derive(Default)]
struct Rows {
    ids: Ids,
    rows: Vec<Row>,
    keys: Vec<u32>,
    /// Anchors with the number of the row.
    anchors: Vec<Anchor>,
    /// Prefixes with the number of the row.
    prefixes: Vec<Prefix>,
    skipped: Vec<Skipped>,
}

struct Row {
    place: Place,
    byte_hash: u64,
    text_hash: u64,
    n_words: u32,
    bytes: u32,
    language: Option<&'static str>,
    rank: u64,
}

/// How to read texts into the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ingest<'a> {
    /// Words of a shingle.
    pub shingle: usize,
    /// How signatures are cut.
    pub banding: Banding,
    /// Whether to look for anchors of passages, and of how many words at least.
    pub anchors: Option<u32>,
    /// Whether to collect prefixes, and for which threshold.
    pub exact: Option<Threshold>,
    /// Bytes that the process may take.
    pub memory: u64,
    /// Whether to name the language of every document.
    pub languages: bool,
    /// Whether documents of different languages have nothing to do with each other.
    pub per_language: bool,
    /// How documents are ranked, where that takes more than words and ids.
    pub keep: Option<&'a Keep>,
}

impl Ingest<'_> {
    /// Reads the whole corpus.
    ///
    /// # Errors
    ///
    /// When the run is stopped, the names and places of the documents alone
    /// outgrow the memory, or a temporary file cannot be written.
    pub fn run(self, corpus: &Corpus, progress: &dyn Progress) -> Result<Table> {
        let Some(for_tables) = self.memory.checked_sub(LEAST_MEMORY) else {
            let (given, least) = (self.memory, LEAST_MEMORY >> 20);
            return Err(Error::invalid_parameter(format!("--memory of {given} bytes is too little"))
                .hint(format!("allow {least}M at least")));
        };
        let spill = Spill::new((for_tables / SHARES) as usize, corpus.temp_dir());
        let mut table = Table {
            ids: Ids::default(),
            places: vec![],
            byte_hashes: vec![],
            text_hashes: vec![],
            copies: Sorter::new(spill.clone()),
            n_words: vec![],
            keys: BandKeys::new(self.banding.bands(), spill.clone()),
            anchors: Sorter::new(spill.clone()).distinct(),
            n_anchors: vec![],
            prefixes: Sorter::new(spill.clone()),
            spill,
            bytes: 0,
            languages: BTreeMap::new(),
            ranks: vec![],
            language_of: vec![],
            skipped: corpus.unreadable().to_vec(),
        };
        let mut by_name = HashTable::new();
        progress.begin("reading", corpus.bytes(), "bytes");
        corpus.map_batches(
            progress,
            |batch| self.rows(corpus, batch),
            |rows| {
                table.append(corpus, &rows, self, &mut by_name)?;
                self.check_memory(&table)
            },
        )?;
        table.skipped.sort();
        Ok(table)
    }

    fn rows(self, corpus: &Corpus, batch: &Batch) -> Rows {
        let mut rows = Rows::default();
        let mut shingled = Shingled::default();
        let mut sketcher = Sketcher::new(self.banding.slots());
        batch.for_each(corpus, |document| match document {
            Ok(document) => {
                shingled.fill(&document.text, self.shingle);
                rows.keys.extend(self.banding.keys(sketcher.signature(shingled.shingles())));
                if let Some(min_words) = self.anchors {
                    self.anchors(
                        &document.text,
                        &shingled,
                        min_words,
                        rows.ids.len() as u32,
                        &mut rows.anchors,
                    );
                }
                if let Some(threshold) = self.exact {
                    let set = shingled.set();
                    let (size, document) = (set.len() as u32, rows.ids.len() as u32);
                    let first = prefix(&set, threshold).iter();
                    rows.prefixes.extend(first.map(|&shingle| Prefix { shingle, size, document }));
                }
                rows.ids.push(&document.id);
                rows.rows.push(self.row(corpus, &document, &shingled));
            }
            Err(skipped) => rows.skipped.push(skipped),
        });
        rows
    }

    fn anchors(self, text: &str, shingled: &Shingled, min_words: u32, row: u32, anchors: &mut Vec<Anchor>) {
        winnow(shingled.shingles(), self.shingle, |hash, word| {
            anchors.push(Anchor { hash, document: row, word });
        });
        for paragraph in paragraph_words(text, shingled) {
            let words = &shingled.words()[paragraph.start as usize..paragraph.end as usize];
            if words.len() < GUARANTEE && words.len() as u32 >= min_words {
                anchors.push(Anchor { hash: paragraph_anchor(words), document: row, word: paragraph.start });
            }
        }
    }

    fn row(self, corpus: &Corpus, document: &Document<'_>, shingled: &Shingled) -> Row {
        let language = if self.languages {
            detect::language(document.language.as_deref(), &document.text)
        } else {
            None
        };
        let file = &corpus.files()[document.place.file as usize].name;
        Row {
            language,
            rank: self.keep.map_or(0, |keep| keep.rank(document, file, language)),
            place: document.place,
            byte_hash: hash64(document.text.as_bytes()),
            text_hash: if shingled.words().is_empty() { 0 } else { shingled.text_hash().max(1) },
            n_words: shingled.words().len() as u32,
            bytes: document.text.len() as u32,
        }
    }
}

impl Ingest<'_> {
    /// Stops before what must stay in memory takes more than it may.
    fn check_memory(self, table: &Table) -> Result<()> {
        let taken = table.bytes_in_memory() + LEAST_MEMORY;
        if taken <= self.memory {
            return Ok(());
        }
        let n = table.len();
        Err(Error::invalid_parameter(format!("the names and places of {n} documents outgrow --memory"))
            .because(format!("they take {taken} bytes with the rest, and {} are allowed", self.memory))
            .hint("allow more, or scan parts of the corpus against an index (`doppelt index`)"))
    }
}

impl Table {
    fn append(
        &mut self,
        corpus: &Corpus,
        rows: &Rows,
        ingest: Ingest<'_>,
        by_name: &mut HashTable<u32>,
    ) -> Result<()> {
        let bands = ingest.banding.bands();
        self.skipped.extend_from_slice(&rows.skipped);
        let (mut anchors, mut prefixes) = (rows.anchors.as_slice(), rows.prefixes.as_slice());
        let named = rows.ids.all().map(|(row, id)| (row.0, id));
        for ((row, (number, id)), keys) in rows.rows.iter().zip(named).zip(rows.keys.chunks_exact(bands)) {
            let (mine, others) =
                anchors.split_at(anchors.partition_point(|anchor| anchor.document <= number));
            anchors = others;
            let (my_prefixes, others) =
                prefixes.split_at(prefixes.partition_point(|prefix| prefix.document <= number));
            prefixes = others;
            let next = self.ids.len() as u32;
            let first = by_name.entry(
                hash64(id.as_bytes()),
                |&known| self.ids.get(DocId(known)) == id,
                |&known| hash64(self.ids.get(DocId(known)).as_bytes()),
            );
            if let Entry::Occupied(first) = first {
                let places = [row.place, self.places[*first.get() as usize]];
                let places = places.map(|place| corpus.describe(place));
                let reason = format!("{} has the id of {}; the first one is used", places[0], places[1]);
                self.skipped.push(Skipped { document: id.to_owned(), reason });
                continue;
            }
            first.insert(next);
            self.ids.push(id);
            self.prefixes.extend(my_prefixes.iter().map(|prefix| Prefix { document: next, ..*prefix }))?;
            self.anchors.extend(mine.iter().map(|anchor| Anchor { document: next, ..*anchor }))?;
            self.n_anchors.extend(ingest.anchors.map(|_| mine.len() as u32));
            self.places.push(row.place);
            self.byte_hashes.push(row.byte_hash);
            self.text_hashes.push(row.text_hash);
            self.copies.extend((row.text_hash != 0).then_some((row.text_hash, next)))?;
            self.n_words.push(row.n_words);
            self.keys.push(keys.iter().copied())?;
            self.ranks.extend(ingest.keep.map(|_| row.rank));
            self.language_of.extend(ingest.per_language.then_some(row.language));
            self.bytes += u64::from(row.bytes);
            if let Some(language) = row.language {
                *self.languages.entry(language.to_owned()).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Bytes that are held whatever the spill, about.
    fn bytes_in_memory(&self) -> u64 {
        let a_document = size_of::<Place>()
            + 2 * size_of::<u64>() // hashes
            + 4 * size_of::<u32>() // words, anchors, and the table of names at its usual load
            + size_of::<u64>() * usize::from(!self.ranks.is_empty())
            + size_of::<Option<&str>>() * usize::from(!self.language_of.is_empty());
        (self.len() * a_document + self.ids.bytes()) as u64
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether two documents are kept apart by their languages.
    #[must_use]
    pub fn are_apart(&self, a: u32, b: u32) -> bool {
        self.language_of.get(a as usize) != self.language_of.get(b as usize)
    }

    /// What of the table concerns the outcome.
    #[must_use]
    pub fn into_parts(self) -> Documents {
        Documents {
            ids: self.ids,
            places: self.places,
            byte_hashes: self.byte_hashes,
            bytes: self.bytes,
            languages: self.languages,
            skipped: self.skipped,
        }
    }
}
