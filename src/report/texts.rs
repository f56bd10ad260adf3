//! The texts that a report shows, and no others.
//!
//! An outcome carries the beginnings of passages only. What a report shows
//! beyond them is read again here, before anything is rendered, and bounded:
//! each rule has its share, the strongest findings come first, and what does
//! not fit falls back to its excerpt. Where nothing may be quoted only hashes
//! are kept.

use crate::corpus::{Corpus, DocId};
use crate::error::{Error, Result};
use crate::finding::{Finding, FoundAt, Rule};
use crate::hash::hash64;
use crate::outcome::Outcome;
use crate::span::ByteSpan;
use ahash::{AHashMap, AHashSet};
use std::collections::BTreeMap;

/// Places of one finding that a report shows; more are counted.
pub const PLACES: usize = 20;

/// What may be read again, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Whether texts may be quoted; if not, only their hashes are kept.
    pub quote: bool,
    /// Bytes of all texts together.
    pub bytes: usize,
    /// Bytes of one passage; a longer one is cut.
    pub passage_bytes: usize,
}

/// The passages that a report shows, by place.
#[derive(Debug, Default)]
pub struct Texts {
    by_place: AHashMap<(DocId, ByteSpan), Text>,
    sources: BTreeMap<String, u64>,
}

/// One passage, or what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its words; only the beginning unless it is whole, nothing if it may not be quoted.
    pub words: String,
    /// Whether nothing was cut.
    pub whole: bool,
    /// A hash of its bytes, where they were read.
    pub hash: Option<u64>,
}

impl Texts {
    /// Reads what a report of this outcome shows.
    ///
    /// # Errors
    ///
    /// When a document cannot be read again as it was.
    pub fn fetch(outcome: &Outcome, corpus: &Corpus, limits: Limits) -> Result<Self> {
        let mut texts = Self { sources: sources(outcome, corpus), ..Self::default() };
        let wanted = wanted(outcome, limits);
        let places = wanted.keys().map(|document| outcome.documents.places[document.index()]);
        let documents: Vec<(&DocId, &Vec<ByteSpan>)> = wanted.iter().collect();
        let read = corpus.fetch(places, |i, document| {
            let (id, spans) = documents[i];
            for span in spans {
                texts.by_place.insert((*id, *span), Text::of(span.of(&document.text), limits));
            }
        });
        read.map_err(|error| {
            Error::damaged(error.0).hint("the input must not change while it is scanned; run again")
        })?;
        Ok(texts)
    }

    /// The text at a place, or its excerpt where it was not read.
    #[must_use]
    pub fn at(&self, place: &FoundAt) -> Text {
        let excerpt =
            || Text { words: place.excerpt.clone(), whole: !place.excerpt.ends_with('…'), hash: None };
        self.by_place.get(&(place.document, place.bytes)).cloned().unwrap_or_else(excerpt)
    }

    /// The texts of two places that are compared: as they were read, or both
    /// excerpts if one was not.
    #[must_use]
    pub fn of_both(&self, left: &FoundAt, right: &FoundAt) -> [Text; 2] {
        let was_read = |place: &FoundAt| self.by_place.contains_key(&(place.document, place.bytes));
        if was_read(left) && was_read(right) {
            [left, right].map(|place| self.at(place))
        } else {
            [left, right].map(excerpt)
        }
    }

    /// Documents that need not be kept, by the folder or file they come from.
    #[must_use]
    pub fn sources(&self) -> &BTreeMap<String, u64> {
        &self.sources
    }

    /// Puts a text at a place, as if it had been read.
    #[cfg(test)]
    pub(crate) fn put(&mut self, place: &FoundAt, words: &str) {
        let limits = Limits { quote: true, bytes: usize::MAX, passage_bytes: usize::MAX };
        self.by_place.insert((place.document, place.bytes), Text::of(words, limits));
    }
}

impl Text {
    fn of(passage: &str, limits: Limits) -> Self {
        let end = if limits.quote { passage.floor_char_boundary(limits.passage_bytes) } else { 0 };
        Self {
            words: passage[..end].to_owned(),
            whole: end == passage.len(),
            hash: Some(hash64(passage.as_bytes())),
        }
    }
}

fn excerpt(place: &FoundAt) -> Text {
    Text { words: place.excerpt.clone(), whole: !place.excerpt.ends_with('…'), hash: None }
}

/// The passages to read, by document, as far as the limits go; those of one
/// finding are read together or not at all.
fn wanted(outcome: &Outcome, limits: Limits) -> BTreeMap<DocId, Vec<ByteSpan>> {
    let mut wanted: BTreeMap<DocId, Vec<ByteSpan>> = BTreeMap::new();
    let mut known: AHashSet<(DocId, ByteSpan)> = AHashSet::new();
    let rules: Vec<Rule> = Rule::ALL.into_iter().filter(|&rule| outcome.count(rule) > 0).collect();
    for rule in &rules {
        let mut left = limits.bytes / rules.len();
        for finding in outcome.findings.iter().filter(|finding| finding.rule == *rule) {
            let places = shown_places(finding, limits).iter().map(|place| (place.document, place.bytes));
            let places: Vec<(DocId, ByteSpan)> = places.filter(|place| !known.contains(place)).collect();
            let cost = |bytes: ByteSpan| if limits.quote { bytes.len().min(limits.passage_bytes) } else { 1 };
            let Some(rest) = left.checked_sub(places.iter().map(|place| cost(place.1)).sum()) else {
                continue;
            };
            left = rest;
            for (document, bytes) in places {
                if known.insert((document, bytes)) {
                    wanted.entry(document).or_default().push(bytes);
                }
            }
        }
    }
    wanted
}

/// Of equal documents the excerpt says it all; of others two texts are
/// compared. Hashes are wanted of every place that is listed.
fn shown_places(finding: &Finding, limits: Limits) -> &[FoundAt] {
    let n = match finding.rule {
        _ if !limits.quote => PLACES,
        Rule::ExactDuplicate => 0,
        _ => 2,
    };
    &finding.places[..n.min(finding.places.len())]
}

/// A file comes from its top folder, a record from its file.
fn sources(outcome: &Outcome, corpus: &Corpus) -> BTreeMap<String, u64> {
    let mut sources = BTreeMap::new();
    for &document in outcome.clusters.iter().flat_map(|cluster| &cluster.others) {
        let document = DocId(document);
        let file = corpus.file_name(outcome.documents.places[document.index()]);
        let source = match file.split_once('/') {
            _ if file != outcome.id(document) => file,
            Some((folder, _)) => folder,
            None => "(no folder)",
        };
        *sources.entry(source.to_owned()).or_default() += 1;
    }
    sources
}
