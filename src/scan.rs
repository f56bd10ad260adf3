//! The journey: from a corpus to everything it holds twice.
//!
//! [`Scan`] says what to look for and how; [`Scan::run`] reads the corpus
//! once, finds candidates, reads the few documents concerned again to verify,
//! and returns an `Outcome`. Each step is one file of this folder.

mod contained;
mod cross;
mod documents;
mod events;
pub mod explain;
mod ingest;
mod keep;
mod learn;
mod matches;
mod passages;
mod sequences;
mod table;

pub(crate) use cross::read as read_reports;
pub use cross::{Paired, pair_corpus};
pub(crate) use documents::whole_document;
pub use events::Events;
pub use ingest::LEAST_MEMORY;
pub use keep::KeepRule;
pub use learn::{Lessons, accepted_ids, learn};

use crate::corpus::{Corpus, Globs, Progress, Skipped};
use crate::cross::CrossOptions;
use crate::error::{Error, Result};
use crate::near::banding::Banding;
use crate::outcome::Outcome;
use crate::similarity::{Overlap, Threshold};
use crate::store::sketch::Sketching;
use ahash::AHashSet;
use ingest::Ingest;
use keep::Keep;
use std::collections::BTreeMap;

/// Bytes of memory to get by with, unless told.
const MEMORY: u64 = 4 << 30;

/// What a scan looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Find {
    /// Documents that stand inside larger ones.
    pub contained: bool,
    /// Passages that stand in several places.
    pub passages: bool,
    /// Reports of one event in two languages.
    pub cross: bool,
    /// Whether similar documents become findings with places and excerpts, or
    /// stay pairs and clusters.
    pub described: bool,
}

impl Find {
    /// Everything there is.
    pub const ALL: Self = Self { contained: true, passages: true, cross: true, described: true };
    /// Near-duplicate documents and nothing else.
    pub const DOCUMENTS: Self = Self { contained: false, passages: false, cross: false, described: true };
    /// Similar pairs of documents and their clusters as tables.
    pub const TABLES: Self = Self { contained: false, passages: false, cross: false, described: false };
}

/// What to look for in a corpus, and how.
#[derive(Clone, Debug)]
pub struct Scan {
    threshold: Threshold,
    containment: Threshold,
    shingle: usize,
    min_words: u32,
    min_run: u32,
    keep: Keep,
    per_language: bool,
    find: Find,
    exact: bool,
    memory: u64,
    languages: (String, String),
}

impl Default for Scan {
    fn default() -> Self {
        Self::new()
    }
}

impl Scan {
    /// A scan for everything, at a Jaccard similarity of 0.8 over runs of 5 words.
    #[must_use]
    pub fn new() -> Self {
        Self {
            threshold: Threshold::new(0.8).expect("0.8 lies between 0 and 1"),
            containment: Threshold::new(0.9).expect("0.9 lies between 0 and 1"),
            shingle: 5,
            min_words: 8,
            min_run: 50,
            keep: Keep::default(),
            per_language: false,
            find: Find::ALL,
            exact: false,
            memory: MEMORY,
            languages: ("de".into(), "en".into()),
        }
    }

    /// Documents and paragraphs are similar from this Jaccard similarity on.
    #[must_use]
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// The number of words of a shingle, 1 to 64.
    ///
    /// # Errors
    ///
    /// When it is outside that range.
    pub fn shingle(mut self, words: usize) -> Result<Self> {
        if !(1..=64).contains(&words) {
            return Err(Error::invalid_parameter(format!("a shingle of {words} words is out of range"))
                .hint("give 1 to 64 words, such as 5"));
        }
        self.shingle = words;
        Ok(self)
    }

    /// Paragraphs of fewer words are no repeated passage.
    #[must_use]
    pub fn min_words(mut self, words: u32) -> Self {
        self.min_words = words.max(1);
        self
    }

    /// A run of so many words is a repeated passage wherever it stands.
    #[must_use]
    pub fn min_run(mut self, words: u32) -> Self {
        self.min_run = words.max(1);
        self
    }

    /// Which document of a cluster is kept.
    #[must_use]
    pub fn keep(mut self, rule: KeepRule) -> Self {
        self.keep.rule = rule;
        self
    }

    /// Documents that are kept before all others and never removed, by id or file.
    #[must_use]
    pub fn protect(mut self, globs: Globs) -> Self {
        self.keep.protected = globs;
        self
    }

    /// Looks at the documents of each language alone.
    #[must_use]
    pub fn per_language(mut self) -> Self {
        self.per_language = true;
        self
    }

    /// What to look for.
    #[must_use]
    pub fn find(mut self, find: Find) -> Self {
        self.find = find;
        self
    }

    /// Finds candidates by prefix filtering instead of bands: no similar pair
    /// of documents can be missed, at some more memory and time.
    #[must_use]
    pub fn exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// Bytes of memory to get by with, about; what does not fit goes on in
    /// temporary files. The result is the same.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Bytes of memory that a scan of so many bytes of text will take, about:
    /// what every run takes and, unless it is told to look for whole documents
    /// only, half as much as the text for anchors, up to [`Scan::memory`].
    /// Findings and cross-language pairs come on top.
    #[must_use]
    pub fn memory_estimate(&self, text: u64) -> u64 {
        let tables = if self.find.contained || self.find.passages { text / 2 } else { text / 20 };
        (LEAST_MEMORY + tables).min(self.memory)
    }

    /// The two languages of cross-language pairs, as ISO 639-1 codes.
    #[must_use]
    pub fn languages(mut self, left: &str, right: &str) -> Self {
        self.languages = (left.to_owned(), right.to_owned());
        self
    }

    /// The number of words of a shingle.
    #[must_use]
    pub fn shingle_words(&self) -> usize {
        self.shingle
    }

    /// The Jaccard similarity from which texts are similar.
    #[must_use]
    pub fn threshold_value(&self) -> f64 {
        self.threshold.value()
    }

    /// The two languages of cross-language pairs.
    #[must_use]
    pub fn language_pair(&self) -> (&str, &str) {
        (&self.languages.0, &self.languages.1)
    }

    /// The banding that the threshold asks for.
    #[must_use]
    pub fn banding(&self) -> Banding {
        Banding::for_threshold(self.threshold)
    }

    /// How texts become band keys and anchors with these settings.
    #[must_use]
    pub fn sketching(&self) -> Sketching {
        Sketching {
            shingle: self.shingle,
            banding: self.banding(),
            anchors: (self.find.contained || self.find.passages).then_some(self.min_words),
        }
    }

    /// Whether the right of two documents is similar to the left or lies in it.
    #[must_use]
    pub(crate) fn is_similar_or_contained(&self, overlap: Overlap) -> bool {
        let both = u64::from(overlap.both);
        self.threshold.is_met_by(both, overlap.union())
            || self.containment.is_met_by(both, u64::from(overlap.right)) && overlap.right <= overlap.left
    }

    /// What it looks for.
    #[must_use]
    pub(crate) fn finds(&self) -> Find {
        self.find
    }

    /// Which document of a cluster is kept.
    #[must_use]
    pub(crate) fn keep_rule(&self) -> &KeepRule {
        &self.keep.rule
    }

    /// Reads the corpus and finds what it holds twice.
    ///
    /// # Errors
    ///
    /// When the corpus holds no document, a document changes while it is
    /// read, or `progress` says stop.
    pub fn run(&self, corpus: &Corpus, progress: &dyn Progress) -> Result<Outcome> {
        let ingest = Ingest {
            memory: self.memory,
            shingle: self.shingle,
            banding: self.banding(),
            anchors: (self.find.contained || self.find.passages).then_some(self.min_words),
            exact: self.exact.then_some(self.threshold),
            languages: self.find.described
                || self.per_language
                || matches!(self.keep.rule, KeepRule::Language(_)),
            per_language: self.per_language,
            keep: self.keep.needs_ranks().then_some(&self.keep),
        };
        let mut table = ingest.run(corpus, progress)?;
        if table.is_empty() {
            return Err(nothing_scanned(corpus, &table.skipped));
        }
        if matches!(self.keep.rule, KeepRule::Newest) && !table.has_ranks {
            return Err(Error::nothing_to_read("no document has a date that can be read")
                .because("to keep the newest document takes dates")
                .hint("name the field with --date-field; dates are 2024-10-03, with a time or without, 20241003, or seconds since 1970"));
        }
        let (mut near, mut findings) = documents::near_duplicates(self, corpus, &mut table, progress)?;
        if self.find.contained || self.find.passages {
            let matches = matches::matches(&mut table, &near)?;
            let mut inside = AHashSet::new();
            if self.find.contained {
                let contained =
                    contained::contained_documents(self, corpus, &table, &near, &matches.inside, progress)?;
                findings.extend(contained.findings);
                inside = contained.pairs;
            }
            if self.find.passages {
                let matches = (&matches.passages, &inside);
                findings.extend(passages::repeated_passages(self, corpus, &table, matches, progress)?);
            }
        }
        if self.find.cross {
            let options = CrossOptions { languages: self.languages.clone(), ..CrossOptions::default() };
            findings.extend(cross::findings(corpus, &table, &options, progress)?);
        }
        let documents = table.documents(&mut near, &mut findings)?;
        Ok(Outcome::new(self.parameters(), documents, self.banding(), near, findings))
    }

    /// What shapes the result, by name.
    #[must_use]
    pub(crate) fn parameters(&self) -> BTreeMap<&'static str, String> {
        let mut found = vec!["documents"];
        found.extend(self.find.contained.then_some("contained"));
        found.extend(self.find.passages.then_some("passages"));
        found.extend(self.find.cross.then_some("cross"));
        let mut parameters = BTreeMap::from([
            ("containment", self.containment.to_string()),
            ("find", found.join(",")),
            ("keep", self.keep.rule.name()),
            ("languages", format!("{},{}", self.languages.0, self.languages.1)),
            ("min-run", self.min_run.to_string()),
            ("min-words", self.min_words.to_string()),
            ("shingle", self.shingle.to_string()),
            ("threshold", self.threshold.to_string()),
        ]);
        if self.per_language {
            parameters.insert("per-language", "yes".into());
        }
        if !self.keep.protected.patterns().is_empty() {
            parameters.insert("protect", self.keep.protected.patterns().join(","));
        }
        parameters
    }
}

fn nothing_scanned(corpus: &Corpus, skipped: &[Skipped]) -> Error {
    let error = Error::nothing_to_read(format!(
        "no document in {}",
        crate::plural::counted(corpus.n_files(), "file")
    ));
    match skipped.first() {
        Some(first) => {
            let hint = if first.reason.contains("field") {
                "for JSON Lines name the field that holds the text with --text-field"
            } else {
                "give files of text, JSON Lines, Parquet or WARC"
            };
            error.because(format!("{}: {}", first.document, first.reason)).hint(hint)
        }
        None => error.hint("the files hold no record; give others"),
    }
}
