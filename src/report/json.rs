//! Everything, for programs; the fields are those of the outer contract.

use crate::check::Verdict;
use crate::corpus::{DocId, Skipped};
use crate::finding::{Evidence, Finding, FoundAt, Measure, Rule, Severity};
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
use crate::span::{ByteSpan, LineSpan};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    digest: &'a str,
    corpus: CorpusPart<'a>,
    findings: Vec<FindingPart<'a>>,
    clusters: Vec<ClusterPart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<CheckPart<'a>>,
}

/// What a check adds: the two sides, and what the baseline did.
#[derive(Serialize)]
struct CheckPart<'a> {
    new_documents: usize,
    known_documents: usize,
    failed: bool,
    accepted: usize,
    stale: Vec<StalePart<'a>>,
}

#[derive(Serialize)]
struct StalePart<'a> {
    fingerprint: &'a str,
    rule: Rule,
    documents: &'a [String],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'static str,
    algorithm: u32,
    parameters: &'a BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct CorpusPart<'a> {
    documents: usize,
    bytes: u64,
    languages: &'a BTreeMap<String, u64>,
    skipped: &'a [Skipped],
}

#[derive(Serialize)]
struct FindingPart<'a> {
    rule: Rule,
    severity: Severity,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    containment: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    places: Vec<PlacePart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keep: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [Evidence]>,
}

#[derive(Serialize)]
struct PlacePart<'a> {
    document: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    lines: LineSpan,
    bytes: ByteSpan,
}

#[derive(Serialize)]
struct ClusterPart<'a> {
    keep: &'a str,
    members: Vec<&'a str>,
}

/// Writes the outcome as one JSON object, indented.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    let findings = outcome.findings.iter().map(|finding| finding_part(outcome, finding)).collect();
    write_report(&report(outcome, findings), out)
}

/// Writes the verdict of a check: the same fields, and some more.
///
/// # Errors
///
/// What writing returns.
pub fn write_verdict(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    let outcome = &verdict.outcome;
    let findings = outcome.findings.iter().map(|finding| {
        let mut part = finding_part(outcome, finding);
        part.severity = verdict.severity(finding);
        for (part, place) in part.places.iter_mut().zip(&finding.places) {
            let origin = verdict.origin(place.document);
            part.path = Some(&origin.path);
            part.new = Some(origin.is_new);
        }
        part
    });
    let mut report = report(outcome, findings.collect());
    report.corpus.documents = verdict.n_new + verdict.n_known;
    report.check = Some(CheckPart {
        new_documents: verdict.n_new,
        known_documents: verdict.n_known,
        failed: verdict.fails(),
        accepted: verdict.n_accepted,
        stale: verdict
            .stale
            .iter()
            .map(|entry| StalePart {
                fingerprint: &entry.fingerprint,
                rule: entry.rule,
                documents: &entry.documents,
            })
            .collect(),
    });
    write_report(&report, out)
}

fn write_report(report: &Report<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    out.write_all(b"\n")
}

fn report<'a>(outcome: &'a Outcome, findings: Vec<FindingPart<'a>>) -> Report<'a> {
    let documents = &outcome.documents;
    Report {
        schema: "doppelt.scan/1",
        tool: Tool {
            name: "doppelt",
            version: env!("CARGO_PKG_VERSION"),
            algorithm: ALGORITHM,
            parameters: &outcome.parameters,
        },
        digest: &outcome.digest,
        corpus: CorpusPart {
            documents: documents.n as usize,
            bytes: documents.bytes,
            languages: &documents.languages,
            skipped: &documents.skipped,
        },
        findings,
        clusters: outcome
            .clusters
            .iter()
            .map(|cluster| {
                let name = |document: u32| outcome.id(DocId(document));
                let mut members: Vec<&str> = cluster.others.iter().map(|&other| name(other)).collect();
                members.push(name(cluster.keep));
                members.sort_unstable();
                ClusterPart { keep: name(cluster.keep), members }
            })
            .collect(),
        check: None,
    }
}

fn finding_part<'a>(outcome: &'a Outcome, finding: &'a Finding) -> FindingPart<'a> {
    let place = |place: &'a FoundAt| PlacePart {
        document: outcome.id(place.document),
        path: None,
        new: None,
        language: place.language,
        lines: place.lines,
        bytes: place.bytes,
    };
    let (similarity, containment, score, evidence) = match &finding.measure {
        Measure::Shingles(overlap) => {
            (Some(rounded(overlap.jaccard())), Some(rounded(overlap.containment())), None, None)
        }
        Measure::Event { score, evidence } => (None, None, Some(rounded(*score)), Some(evidence.as_slice())),
    };
    FindingPart {
        rule: finding.rule,
        severity: finding.rule.severity(),
        fingerprint: &finding.fingerprint,
        similarity,
        containment,
        score,
        places: finding.places.iter().map(place).collect(),
        keep: finding.keep,
        evidence,
    }
}

/// Six digits, as everywhere in tables.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
