//! New documents that repeat other documents as wholes.
//!
//! Every new document is a finding at most once: against the one it resembles
//! most. Of two new documents the one that a cluster would not keep is the
//! finding. So a finding does not depend on how the rest of the corpus
//! clusters, and nobody who resembles a known document slips through.

use super::candidates::Probe;
use super::known::KnownTexts;
use super::verdict::Origin;
use crate::corpus::{Corpus, DocId};
use crate::error::{Error, Result};
use crate::finding::{Finding, Measure, Rule, fingerprint};
use crate::outcome::Outcome;
use crate::scan::{KeepRule, Scan, whole_document};
use crate::similarity::Overlap;
use ahash::AHashMap;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

/// One document seen from another.
#[derive(Clone, Copy)]
struct Partner {
    document: DocId,
    overlap: Overlap,
    same_bytes: bool,
    known: bool,
}

/// One finding for every new document that repeats another, and how often
/// each of the exact ones occurs among all documents.
pub(super) fn findings(
    scan: &Scan,
    both: &Corpus,
    outcome: &Outcome,
    origins: &[Origin],
    probe: &Probe,
    known: &KnownTexts,
) -> Result<(Vec<Finding>, BTreeMap<String, u32>)> {
    let rows = Rows::of(outcome, probe, known);
    let is_new = |document: DocId| origins[document.index()].is_new;
    let mut best: BTreeMap<DocId, Partner> = BTreeMap::new();
    for pair in &outcome.pairs {
        let (a, b) = (DocId(pair.left), DocId(pair.right));
        let (new, other) = match (is_new(a), is_new(b)) {
            (false, false) => continue,
            (true, false) => (a, b),
            (false, true) => (b, a),
            (true, true) if rows.order(scan, outcome, a, b) == Ordering::Less => (b, a),
            (true, true) => (a, b),
        };
        let partner = Partner {
            document: other,
            overlap: pair.overlap,
            same_bytes: rows.byte_hash(new) == rows.byte_hash(other),
            known: !is_new(other),
        };
        let better = |old: &Partner| rank(&partner, outcome) < rank(old, outcome);
        if best.get(&new).is_none_or(better) {
            best.insert(new, partner);
        }
    }
    let mut found = vec![];
    let mut occurrences = BTreeMap::new();
    for (new, partner) in best {
        let rule = if partner.same_bytes { Rule::ExactDuplicate } else { Rule::NearDuplicate };
        let documents = [partner.document, new];
        let fingerprint = fingerprint(rule, &documents.map(|document| rows.byte_hash(document)));
        if rule == Rule::ExactDuplicate {
            occurrences.insert(fingerprint.clone(), rows.n_copies(new));
        }
        let mut places = vec![];
        let at = documents.map(|document| outcome.documents.places[document.index()]);
        both.fetch(at, |i, document| places.push(whole_document(documents[i], &document.text))).map_err(
            |error| Error::damaged(error.0).hint("the input must not change while it is checked; run again"),
        )?;
        found.push(Finding {
            rule,
            fingerprint,
            measure: Measure::Shingles(partner.overlap),
            places,
            keep: Some(0),
        });
    }
    Ok((found, occurrences))
}

/// The most similar first; of equals one of the same bytes, a known one, and
/// the one whose id sorts first.
fn rank<'a>(partner: &Partner, outcome: &'a Outcome) -> (u64, bool, bool, &'a str) {
    // Jaccard similarities of sets below ten million shingles that differ at
    // all differ by more than 1e-14.
    let distance = ((1.0 - partner.overlap.jaccard()) * 1e15) as u64;
    (distance, !partner.same_bytes, !partner.known, outcome.id(partner.document))
}

/// What is known of the documents of the outcome, by their numbers.
struct Rows {
    byte_hashes: Vec<u64>,
    n_words: Vec<u32>,
    /// Copies among the new documents, by bytes.
    new_copies: AHashMap<u64, u32>,
    /// Copies among the known documents, by bytes.
    known_copies: AHashMap<u64, u32>,
}

impl Rows {
    fn of(outcome: &Outcome, probe: &Probe, known: &KnownTexts) -> Self {
        let mut new: AHashMap<&str, (u64, u32)> = AHashMap::new();
        let mut new_copies: AHashMap<u64, u32> = AHashMap::new();
        let mut known_copies = AHashMap::new();
        for (number, sketch) in (0..).zip(probe.sketches()) {
            if new.contains_key(sketch.id.as_str()) {
                continue;
            }
            new.insert(&sketch.id, (sketch.byte_hash, sketch.n_words));
            *new_copies.entry(sketch.byte_hash).or_default() += 1;
            known_copies.insert(sketch.byte_hash, known.copies.get(&number).copied().unwrap_or(0));
        }
        let row = |id: &str| match (new.get(id), known.byte_hashes.get(id)) {
            (Some(&row), _) => row,
            (None, Some(&byte_hash)) => (byte_hash, 0),
            (None, None) => (0, 0),
        };
        let (byte_hashes, n_words) = outcome.documents.ids.all().map(|(_, id)| row(id)).unzip();
        Self { byte_hashes, n_words, new_copies, known_copies }
    }

    fn byte_hash(&self, document: DocId) -> u64 {
        self.byte_hashes[document.index()]
    }

    /// How many documents of these bytes there are beyond the first.
    fn n_copies(&self, document: DocId) -> u32 {
        let hash = self.byte_hash(document);
        let count = |copies: &AHashMap<u64, u32>| copies.get(&hash).copied().unwrap_or(0);
        (count(&self.new_copies) + count(&self.known_copies)).saturating_sub(1)
    }

    /// Puts the document to keep first.
    fn order(&self, scan: &Scan, outcome: &Outcome, a: DocId, b: DocId) -> Ordering {
        let by_id = outcome.id(a).cmp(outcome.id(b));
        match scan.keep_rule() {
            KeepRule::First => by_id,
            // A check knows words and ids only.
            _ => Reverse(self.n_words[a.index()]).cmp(&Reverse(self.n_words[b.index()])).then(by_id),
        }
    }
}
