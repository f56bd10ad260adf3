//! The words of the documents that may share passages.
//!
//! A document of boilerplate or of a common quotation meets hundreds of
//! others, so its words are hashed once and kept, in memory or in a temporary
//! file, instead of reading the text again for every partner.

use super::documents::fetch;
use super::table::Table;
use crate::corpus::{Corpus, Progress};
use crate::error::{Error, Result};
use crate::near::passages::PassageText;
use crate::near::shingle::Shingled;
use crate::spill::{Column, Store, number};
use rayon::prelude::*;

/// Bytes of text that are read before their words are put away.
const HANDFUL: u64 = 16 << 20;

/// Some of the documents of a table, by their numbers.
#[derive(Debug)]
pub(super) struct Wanted(Vec<u64>);

impl Wanted {
    /// None of `n` documents.
    pub(super) fn none(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)])
    }

    /// Takes a document in.
    pub(super) fn add(&mut self, document: u32) {
        self.0[document as usize / 64] |= 1 << (document % 64);
    }

    fn len(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    fn has(&self, document: u32) -> bool {
        self.0[document as usize / 64] >> (document % 64) & 1 == 1
    }
}

/// The word hashes and paragraphs of some documents.
#[derive(Debug)]
pub(super) struct Sequences<'a> {
    table: &'a Table,
    /// Where the words of a document stand, and how many paragraphs follow them.
    entries: Column<(u64, u32)>,
    words: Store,
}

impl<'a> Sequences<'a> {
    /// Reads the wanted documents.
    ///
    /// # Errors
    ///
    /// When a document has changed, a temporary file cannot be written or
    /// `progress` says stop.
    pub(super) fn of(
        corpus: &Corpus,
        table: &'a Table,
        wanted: &Wanted,
        progress: &dyn Progress,
    ) -> Result<Self> {
        progress.begin("reading words", wanted.len(), "documents");
        let (entries, words) = (Column::new(table.spill.clone()), Store::new(table.spill.clone()));
        let mut sequences = Self { table, entries, words };
        let mut handful = vec![];
        let mut bytes = 0;
        for document in 0..table.len() as u32 {
            if wanted.has(document) {
                handful.push(document);
                bytes += u64::from(table.row(document).place.length);
            }
            if bytes >= HANDFUL {
                sequences.read(corpus, &handful, progress)?;
                handful.clear();
                bytes = 0;
            }
        }
        sequences.read(corpus, &handful, progress)?;
        Ok(sequences)
    }

    /// Adds documents, whose numbers rise.
    fn read(&mut self, corpus: &Corpus, documents: &[u32], progress: &dyn Progress) -> Result<()> {
        let table = self.table;
        let texts: Vec<Vec<PassageText>> = documents
            .par_chunks(64)
            .map(|documents| {
                let mut texts = Vec::with_capacity(documents.len());
                let mut shingled = Shingled::default();
                fetch(corpus, table, documents, progress, |_, document| {
                    shingled.fill(&document.text, 1);
                    texts.push(PassageText::of(&document.text, &shingled));
                })?;
                Ok(texts)
            })
            .collect::<Result<_>>()?;
        for (&document, text) in documents.iter().zip(texts.iter().flatten()) {
            if text.words.len() != table.row(document).n_words as usize {
                let name = table.name(document);
                return Err(Error::damaged(format!("{name} has changed"))
                    .hint("the input must not change while it is scanned; run again"));
            }
            while self.entries.len() < document as usize {
                self.entries.push(&(0, 0))?;
            }
            self.entries.push(&(self.words.len(), text.paragraphs.len() as u32))?;
            let ends = text.paragraphs.iter().flat_map(|paragraph| [paragraph.start, paragraph.end]);
            let words = text.words.iter().flat_map(|word| word.to_le_bytes());
            let bytes: Vec<u8> = words.chain(ends.flat_map(u32::to_le_bytes)).collect();
            self.words.append(&bytes)?;
        }
        progress.advance(documents.len() as u64);
        Ok(())
    }

    /// The words of a document that was wanted.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be read.
    pub(super) fn text(&self, document: u32) -> Result<PassageText> {
        let (at, n_paragraphs) = self.entries.get(document as usize);
        let n_words = self.table.row(document).n_words as usize;
        let length = 8 * n_words + 8 * n_paragraphs as usize;
        let text = self.words.with(at, length, |bytes| {
            let (words, paragraphs) = bytes.split_at(8 * n_words);
            let end = |bytes: &[u8]| number(bytes) as u32;
            PassageText {
                words: words.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect(),
                paragraphs: paragraphs.chunks_exact(8).map(|ends| end(&ends[..4])..end(&ends[4..])).collect(),
            }
        })?;
        self.entries.check()?;
        Ok(text)
    }
}
