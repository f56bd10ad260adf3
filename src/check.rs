//! The gate: do new documents repeat each other, or anything known?
//!
//! New documents are sketched; the known ones (files or an index) that share
//! something with them are fetched and scanned together with them. What a scan
//! finds is kept where it touches a new document, and a baseline takes away
//! what was accepted before. A folder and an index of it give the same answer.

pub mod baseline;
mod candidates;
mod documents;
mod events;
mod indexed;
mod known;
pub mod severity;
mod verdict;

pub use verdict::{Origin, Verdict};

use crate::corpus::{Corpus, DocId, Progress, Skipped};
use crate::error::Result;
use crate::finding::{Finding, Rule};
use crate::outcome::{Near, Outcome};
use crate::scan::{Find, Scan};
use crate::store::Index;
use baseline::Baseline;
use candidates::Probe;
use known::KnownTexts;
use std::collections::{BTreeMap, BTreeSet};

/// What new documents are compared with.
#[derive(Debug)]
pub enum Against<'a> {
    /// Only each other.
    EachOther,
    /// The documents of a corpus, which must not hold a file of the new ones.
    Corpus(&'a Corpus),
    /// The documents of an index, but for those of new files.
    Index(&'a Index),
}

/// What a check is about.
#[derive(Debug)]
pub struct Question<'a> {
    /// The new documents.
    pub new: &'a Corpus,
    /// What they are compared with.
    pub against: Against<'a>,
    /// What was accepted before.
    pub baseline: &'a Baseline,
}

/// What was found in new documents, before any of it is accepted.
#[derive(Debug)]
pub struct Checked {
    /// The new documents and the known ones they were compared with, and the
    /// findings that touch a new one.
    pub outcome: Outcome,
    /// Where each of these documents stands.
    pub origins: Vec<Origin>,
    /// Number of new documents.
    pub n_new: usize,
    /// Number of known documents.
    pub n_known: usize,
    /// How often each fingerprint occurs, known documents included.
    pub occurrences: BTreeMap<String, u32>,
    /// Documents named in the baseline that are not there any more.
    pub gone: BTreeSet<String>,
}

/// Checks new documents against each other and against what is known.
///
/// # Errors
///
/// When there is no new document, a record has the name of another, a
/// document changes while it is read, or `progress` says stop.
pub fn check(scan: &Scan, question: &Question<'_>, progress: &dyn Progress) -> Result<Checked> {
    let Question { new, against, baseline } = question;
    let mut sketches = vec![];
    scan.sketching().run(new, progress, |sketch| {
        sketches.push(sketch);
        Ok(())
    })?;
    let probe = Probe::new(sketches);
    let known = match against {
        Against::EachOther => known::from_corpus(scan, new, &probe, &Corpus::none(new.options()), progress)?,
        Against::Corpus(corpus) => {
            let ids = probe.sketches().iter().map(|sketch| sketch.id.as_str());
            known::from_corpus(scan, new, &probe, &corpus.named_apart(new, ids), progress)?
        }
        Against::Index(index) => {
            let named: BTreeSet<&str> = baseline.documents().collect();
            indexed::from_index(scan, new, &probe, index, &named, progress)?
        }
    };
    let both = match &known.corpus {
        Some(corpus) => new.and(corpus),
        None => new.and(&Corpus::none(new.options())),
    };
    let words = scan.clone().find(Find { cross: false, described: false, ..scan.finds() });
    // Every new document is named in the verdict, found or not.
    let mut outcome = words.memory(u64::MAX).run(&both, progress)?;
    outcome.parameters = scan.parameters();
    let mut origins = origins(&both, &outcome, new, &known);
    let is_new = |document: DocId| origins[document.index()].is_new;
    let (mut findings, mut occurrences) =
        documents::findings(scan, &both, &outcome, &origins, &probe, &known)?;
    let touches_new = |finding: &Finding| finding.places.iter().any(|place| is_new(place.document));
    let parts = |finding: &Finding| !matches!(finding.rule, Rule::ExactDuplicate | Rule::NearDuplicate);
    findings.extend(outcome.findings.drain(..).filter(|finding| parts(finding) && touches_new(finding)));
    findings.extend(events::findings(&both, &outcome, &probe, &known)?);
    for finding in &findings {
        if finding.rule != Rule::ExactDuplicate {
            *occurrences.entry(finding.fingerprint.clone()).or_default() += 1;
        }
    }
    outcome.pairs.retain(|pair| is_new(DocId(pair.left)) || is_new(DocId(pair.right)));
    outcome.clusters.retain(|cluster| {
        is_new(DocId(cluster.keep)) || cluster.others.iter().any(|&other| is_new(DocId(other)))
    });
    let named: BTreeSet<&str> = baseline.documents().collect();
    let new_names: BTreeSet<&str> = probe.sketches().iter().map(|sketch| sketch.id.as_str()).collect();
    let is_gone = |name: &&str| !new_names.contains(name) && !known.names.contains(name);
    let gone = named.into_iter().filter(is_gone).map(str::to_owned).collect();
    let n_new = origins.iter().filter(|origin| origin.is_new).count();
    outcome.documents.bytes = known.bytes;
    outcome.documents.languages.clone_from(&known.languages);
    for sketch in probe.sketches() {
        outcome.documents.bytes += u64::from(sketch.bytes);
        if let Some(language) = sketch.language {
            *outcome.documents.languages.entry(language.to_owned()).or_default() += 1;
        }
    }
    let found: BTreeSet<DocId> =
        findings.iter().flat_map(|finding| &finding.places).map(|at| at.document).collect();
    for document in found {
        let origin = &mut origins[document.index()];
        if origin.is_new {
            origin.record_line = both.record_line(outcome.documents.places[document.index()]);
        }
    }
    let outcome = reassembled(outcome, findings, known.skipped);
    Ok(Checked { outcome, origins, n_new, n_known: known.n_documents, occurrences, gone })
}

/// The same outcome about the findings of the check, in order and with a digest.
fn reassembled(outcome: Outcome, findings: Vec<Finding>, skipped: Vec<Skipped>) -> Outcome {
    let Outcome {
        parameters,
        mut documents,
        banding,
        pairs,
        clusters,
        split_buckets,
        crowded_texts,
        compared,
        ..
    } = outcome;
    documents.skipped.extend(skipped);
    documents.skipped.sort();
    documents.skipped.dedup();
    let near = Near { pairs, clusters, split_buckets, crowded_texts, compared };
    Outcome::new(parameters, documents, banding, near, findings)
}

/// Where every document of the outcome stands, by its number.
fn origins(both: &Corpus, outcome: &Outcome, new: &Corpus, known: &KnownTexts) -> Vec<Origin> {
    let new_paths: ahash::AHashSet<&std::path::Path> = new.paths().collect();
    let of = |(document, id): (DocId, &str)| {
        let place = outcome.documents.places[document.index()];
        let path = both.path_of(place);
        if new_paths.contains(path) {
            // Its line is only looked for if something is found in it.
            return Origin::new(path, both.is_record(place).then_some(0), true);
        }
        known.origins.get(id).cloned().unwrap_or_else(|| Origin::new(path, None, false))
    };
    outcome.documents.ids.all().map(of).collect()
}
