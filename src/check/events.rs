//! Cross-language pairs of which one document is new.
//!
//! How much a fact weighs depends on how rare it is among all documents, so
//! both sides are paired as one corpus: the known one is read, or its facts
//! come from an index. Nothing is read where no new document is in one of the
//! two languages.

use super::candidates::Probe;
use super::indexed::name_of;
use super::known::{KnownTexts, NewNames};
use crate::corpus::{Corpus, DocId, Progress};
use crate::cross::{self, CrossOptions, Lexicon, Profile};
use crate::error::{Error, Result};
use crate::finding::{Evidence, Finding, Measure, Rule, fingerprint};
use crate::outcome::Outcome;
use crate::scan::{Scan, read_reports, whole_document};
use crate::store::Index;
use crate::store::index::Entry;
use ahash::{AHashMap, AHashSet};

/// Two documents that report the same event.
#[derive(Clone, Debug)]
pub(super) struct EventPair {
    /// Their names, in the order of the languages.
    pub ids: [String; 2],
    /// Those that an index leads to.
    pub entries: [Option<Entry>; 2],
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
    let Some(options) = options(scan, probe) else { return Ok(vec![]) };
    Ok(touching_new(reports(both, &options, progress)?, probe, &options, progress))
}

/// The pairs of the new documents and those of an index, without the entries
/// `out`, that touch a new one.
pub(super) fn indexed_event_pairs(
    scan: &Scan,
    names: &NewNames<'_>,
    probe: &Probe,
    (index, out): (&Index, &AHashSet<Entry>),
    progress: &dyn Progress,
) -> Result<Vec<EventPair>> {
    let Some(options) = options(scan, probe) else { return Ok(vec![]) };
    let mut reports = reports(names.corpus(), &options, progress)?;
    let languages = index.counts().languages;
    let n =
        [&options.languages.0, &options.languages.1].map(|code| languages.get(code).copied().unwrap_or(0));
    progress.begin("reading facts of the index", n.iter().sum(), "documents");
    for (entry, profile) in index.profiles(progress)? {
        if out.contains(&entry) {
            continue;
        }
        reports.push(Report { id: name_of(index, names, entry)?, entry: Some(entry), profile });
    }
    Ok(touching_new(reports, probe, &options, progress))
}

/// How to pair; `None` where no new document can be part of a pair.
fn options(scan: &Scan, probe: &Probe) -> Option<CrossOptions> {
    let (left, right) = scan.language_pair();
    let is_concerned = |language: Option<&str>| language.is_some_and(|code| code == left || code == right);
    let languages = (left.to_owned(), right.to_owned());
    let any = scan.finds().cross && probe.sketches().iter().any(|sketch| is_concerned(sketch.language));
    any.then(|| CrossOptions { languages, ..CrossOptions::default() })
}

/// A document in one of the two languages.
struct Report {
    /// Its name among both sides.
    id: String,
    entry: Option<Entry>,
    profile: Profile,
}

fn reports(corpus: &Corpus, options: &CrossOptions, progress: &dyn Progress) -> Result<Vec<Report>> {
    let lexicon = Lexicon::shipped(&options.languages.0, &options.languages.1);
    let (read, profiles) = read_reports(corpus, options, &lexicon, progress)?;
    let named = read.ids.all().map(|(_, id)| id.to_owned()).zip(profiles);
    Ok(named.map(|(id, profile)| Report { id, entry: None, profile }).collect())
}

/// The accepted pairs that touch a new document.
fn touching_new(
    mut reports: Vec<Report>,
    probe: &Probe,
    options: &CrossOptions,
    progress: &dyn Progress,
) -> Vec<EventPair> {
    let new: AHashSet<&str> = probe.sketches().iter().map(|sketch| sketch.id.as_str()).collect();
    // Which of many documents of the same text are compared depends on their
    // order, and that must not depend on where they come from.
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let n = reports.len() as u64;
    progress.begin("pairing", n, "documents");
    let (mut named, mut profiles) = (vec![], vec![]);
    for Report { id, entry, profile } in reports {
        named.push((id, entry));
        profiles.push(profile);
    }
    let is_new =
        |end: &u32| named[*end as usize].1.is_none() && new.contains(named[*end as usize].0.as_str());
    let pair = |pairing: cross::Pairing| {
        let ends = [pairing.left, pairing.right].map(|end| end as usize);
        EventPair {
            ids: ends.map(|end| named[end].0.clone()),
            entries: ends.map(|end| named[end].1),
            languages: ends.map(|end| profiles[end].language()),
            score: pairing.score,
            evidence: pairing.evidence,
        }
    };
    let accepted = cross::pair(&profiles, options).into_iter().filter(|pairing| pairing.accepted);
    progress.advance(n);
    accepted.filter(|pairing| is_new(&pairing.left) || is_new(&pairing.right)).map(pair).collect()
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
