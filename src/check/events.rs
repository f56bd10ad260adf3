//! Cross-language pairs of which one document is new.
//!
//! How much a fact weighs depends on how rare it is among all documents, so
//! both sides are paired as one corpus; nothing is read where one of the two
//! languages is missing.

use super::candidates::Probe;
use super::known::KnownTexts;
use crate::corpus::{Corpus, DocId, Progress};
use crate::cross::{CrossOptions, Lexicon};
use crate::error::{Error, Result};
use crate::finding::{Evidence, Finding, Measure, Rule, fingerprint};
use crate::outcome::Outcome;
use crate::scan::{Scan, pair_corpus, whole_document};
use ahash::{AHashMap, AHashSet};

/// Two documents that report the same event.
#[derive(Clone, Debug)]
pub(super) struct EventPair {
    /// Their names, in the order of the languages.
    pub ids: [String; 2],
    languages: [&'static str; 2],
    score: f64,
    evidence: Vec<Evidence>,
}

/// The pairs of `both` sides that touch a new document.
pub(super) fn event_pairs(
    scan: &Scan,
    both: &Corpus,
    probe: &Probe,
    progress: &dyn Progress,
) -> Result<Vec<EventPair>> {
    let (left, right) = scan.language_pair();
    let is_concerned = |language: Option<&str>| language.is_some_and(|code| code == left || code == right);
    if !scan.finds().cross || !probe.sketches().iter().any(|sketch| is_concerned(sketch.language)) {
        return Ok(vec![]);
    }
    let options = CrossOptions { languages: (left.to_owned(), right.to_owned()), ..CrossOptions::default() };
    let lexicon = Lexicon::shipped(left, right);
    let paired = pair_corpus(both, &options, &lexicon, progress)?;
    let new: AHashSet<&str> = probe.sketches().iter().map(|sketch| sketch.id.as_str()).collect();
    let mut pairs = vec![];
    for pairing in paired.pairings.into_iter().filter(|pairing| pairing.accepted) {
        let ends = [pairing.left, pairing.right];
        let ids = ends.map(|end| paired.ids.get(DocId(end)));
        if ids.iter().any(|id| new.contains(id)) {
            pairs.push(EventPair {
                ids: ids.map(str::to_owned),
                languages: ends.map(|end| paired.languages[end as usize]),
                score: pairing.score,
                evidence: pairing.evidence,
            });
        }
    }
    Ok(pairs)
}

/// The pairs as findings about the documents of an outcome.
pub(super) fn findings(
    both: &Corpus,
    outcome: &Outcome,
    probe: &Probe,
    known: &KnownTexts,
) -> Result<Vec<Finding>> {
    let number: AHashMap<&str, DocId> =
        outcome.documents.ids.all().map(|(document, id)| (id, document)).collect();
    let new: AHashMap<&str, u64> =
        probe.sketches().iter().map(|sketch| (sketch.id.as_str(), sketch.byte_hash)).collect();
    let byte_hash = |id: &str| new.get(id).or_else(|| known.byte_hashes.get(id)).copied();
    let mut found = vec![];
    for event in &known.events {
        let ids = event.ids.each_ref().map(String::as_str);
        let ([Some(left), Some(right)], [Some(a), Some(b)]) =
            (ids.map(|id| number.get(id).copied()), ids.map(byte_hash))
        else {
            continue;
        };
        let mut places = vec![];
        let at = [left, right].map(|document| outcome.documents.places[document.index()]);
        both.fetch(at, |i, document| {
            let mut place = whole_document([left, right][i], &document.text);
            place.language = Some(event.languages[i]);
            places.push(place);
        })
        .map_err(|error| {
            Error::damaged(error.0).hint("the input must not change while it is checked; run again")
        })?;
        let rule = Rule::CrossLanguagePair;
        found.push(Finding {
            rule,
            fingerprint: fingerprint(rule, &[a, b]),
            measure: Measure::Event { score: event.score, evidence: event.evidence.clone() },
            places,
            keep: None,
        });
    }
    Ok(found)
}
