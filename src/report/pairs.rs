//! Cross-language pairs: a table, a record a pair, or a page for people.

use super::escape::code_span;
use super::markdown::evidence_table;
use super::tables::cell;
use crate::corpus::DocId;
use crate::cross::Pairing;
use crate::finding::Evidence;
use crate::scan::{Events, Paired};
use ahash::AHashSet;
use serde::Serialize;
use std::io::Write;

fn sorted(paired: &Paired, all: bool) -> Vec<(&str, &str, &Pairing)> {
    let id = |document: u32| paired.ids.get(DocId(document));
    let mut rows: Vec<_> = paired
        .pairings
        .iter()
        .filter(|pairing| all || pairing.accepted)
        .map(|pairing| (id(pairing.left), id(pairing.right), pairing))
        .collect();
    rows.sort_by(|a, b| {
        rounded(b.2.score).total_cmp(&rounded(a.2.score)).then_with(|| (a.0, a.1).cmp(&(b.0, b.1)))
    });
    rows
}

/// Scores are written, sorted and compared with four digits.
fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

/// `left`, `right`, `score`; with `all` candidates also `accepted`.
///
/// # Errors
///
/// What writing returns.
pub fn write_tsv(paired: &Paired, all: bool, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "left\tright\tscore{}", if all { "\taccepted" } else { "" })?;
    for (left, right, pairing) in sorted(paired, all) {
        write!(out, "{}\t{}\t{:.4}", cell(left), cell(right), pairing.score)?;
        if all {
            write!(out, "\t{}", u8::from(pairing.accepted))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    left: &'a str,
    right: &'a str,
    score: f64,
    accepted: bool,
    /// The smallest id of all documents that report the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    /// All documents that report the event, in its first row only.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<&'a str>>,
    evidence: &'a [Evidence],
}

/// One JSON object a pair, with its evidence and the event it belongs to.
///
/// # Errors
///
/// What writing returns.
pub fn write_jsonl(paired: &Paired, events: &Events, all: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let id = |&document: &DocId| paired.ids.get(document);
    let mut told = AHashSet::new();
    for (left, right, pairing) in sorted(paired, all) {
        let members = if pairing.accepted { events.members(DocId(pairing.left)) } else { &[] };
        let first = members.first();
        let is_first_row = first.is_some_and(|&first| told.insert(first));
        let row = Row {
            left,
            right,
            score: rounded(pairing.score),
            accepted: pairing.accepted,
            cluster: first.map(id),
            members: is_first_row.then(|| members.iter().map(id).collect()),
            evidence: &pairing.evidence,
        };
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A page for people.
///
/// # Errors
///
/// What writing returns.
pub fn write_markdown(paired: &Paired, all: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let rows = sorted(paired, all);
    writeln!(
        out,
        "# Reports of the same event\n\n{} pairs among {} documents.\n",
        rows.len(),
        paired.n_documents
    )?;
    for (left, right, pairing) in rows {
        writeln!(out, "## {} and {}\n", code_span(left), code_span(right))?;
        let verdict = if pairing.accepted { "" } else { ", not accepted" };
        writeln!(out, "Score {:.4}{verdict}.\n", pairing.score)?;
        out.write_all(evidence_table(&pairing.evidence).as_bytes())?;
    }
    Ok(())
}
