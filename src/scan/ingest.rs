//! The one pass over the corpus: every document becomes a row of the table.
//!
//! A row holds what later steps need without the text: its name, where to
//! fetch it again, hashes of its bytes and words, and the band keys of its
//! signature. Batches are read on all cores and joined in reading order.

use super::keep::Keep;
use super::table::{Row, Rows, Table};
use crate::corpus::{Batch, Corpus, Document, Progress};
use crate::error::{Error, Result};
use crate::hash::hash64;
use crate::near::anchors::{Anchor, GUARANTEE, paragraph_anchor, winnow};
use crate::near::banding::Banding;
use crate::near::exact::{Prefix, prefix};
use crate::near::passages::paragraph_words;
use crate::near::shingle::Shingled;
use crate::near::sketch::Sketcher;
use crate::plural::counted;
use crate::similarity::Threshold;
use crate::spill::Spill;
use crate::text::detect;

/// Sorters and stores that are filled at one time, and room besides.
const SHARES: u64 = 8;
/// What a run takes besides its tables: batches that are read and texts that
/// are compared. Tables take at least 1 MiB more.
pub const LEAST_MEMORY: u64 = 64 << 20;

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
    /// When the run is stopped, what knows repeated ids outgrows the memory,
    /// or a temporary file cannot be written.
    pub fn run(self, corpus: &Corpus, progress: &dyn Progress) -> Result<Table> {
        let for_tables = self.memory.saturating_sub(LEAST_MEMORY);
        if for_tables < 1 << 20 {
            let (given, least) = (self.memory, (LEAST_MEMORY >> 20) + 1);
            return Err(Error::invalid_parameter(format!("{given} bytes of memory are too little"))
                .hint(format!("allow {least}M at least with --memory")));
        }
        let spill = Spill::new((for_tables / SHARES) as usize, corpus.temp_dir());
        let mut table = Table::new(self.banding.bands(), self.per_language, spill);
        table.skipped = corpus.unreadable().to_vec();
        progress.begin("reading", corpus.bytes(), "bytes");
        corpus.map_batches(
            progress,
            |batch| self.rows(corpus, batch),
            |rows| {
                table.append(corpus, &rows, self.banding.bands())?;
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
                let language =
                    self.languages.then(|| detect::language(document.language.as_deref(), &document.text));
                rows.languages.push(language.flatten());
                rows.rows.push(self.row(corpus, &document, &shingled, language.flatten()));
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

    fn row(
        self,
        corpus: &Corpus,
        document: &Document<'_>,
        shingled: &Shingled,
        language: Option<&'static str>,
    ) -> Row {
        let file = &corpus.files()[document.place.file as usize].name;
        Row {
            language: language.and_then(|code| code.as_bytes().try_into().ok()).unwrap_or_default(),
            rank: self.keep.map_or(0, |keep| keep.rank(document, file, language)),
            place: document.place,
            byte_hash: hash64(document.text.as_bytes()),
            text_hash: if shingled.words().is_empty() { 0 } else { shingled.text_hash().max(1) },
            n_words: shingled.words().len() as u32,
            bytes: document.text.len() as u32,
            ..Row::default()
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
        let n = counted(table.len(), "document");
        Err(Error::invalid_parameter(format!("{n} do not fit into the memory allowed"))
            .because(format!("with what knows repeated ids it takes {taken} bytes of {}", self.memory))
            .hint("allow more, or scan parts of the corpus against an index (`doppelt index`)"))
    }
}
