//! Everything, for programs; the fields are those of the outer contract.

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
    let documents = &outcome.documents;
    let report = Report {
        schema: "doppelt.scan/1",
        tool: Tool {
            name: "doppelt",
            version: env!("CARGO_PKG_VERSION"),
            algorithm: ALGORITHM,
            parameters: &outcome.parameters,
        },
        digest: &outcome.digest,
        corpus: CorpusPart {
            documents: documents.ids.len(),
            bytes: documents.bytes,
            languages: &documents.languages,
            skipped: &documents.skipped,
        },
        findings: outcome.findings.iter().map(|finding| finding_part(outcome, finding)).collect(),
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
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn finding_part<'a>(outcome: &'a Outcome, finding: &'a Finding) -> FindingPart<'a> {
    let place = |place: &'a FoundAt| PlacePart {
        document: outcome.id(place.document),
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
