//! Cross-language pairs: a table, a record a pair, or a page for people.

use super::escape::code_span;
use super::markdown::evidence_table;
use super::tables::cell;
use crate::corpus::{Corpus, DocId};
use crate::cross::Pairing;
use crate::finding::Evidence;
use crate::plural::counted;
use crate::scan::{Events, Paired};
use ahash::AHashSet;
use serde::Serialize;
use std::io::Write;

/// The pairs in the order of all formats, with the ids of both documents;
/// with `all` candidates that were not accepted, too.
#[must_use]
pub fn sorted(paired: &Paired, all: bool) -> Vec<(&str, &str, &Pairing)> {
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
#[must_use]
pub fn rounded(score: f64) -> f64 {
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
        write!(out, "{}\t{}\t{:.4}", cell(left), cell(right), rounded(pairing.score))?;
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
    let mut told = AHashSet::new();
    for (left, right, pairing) in sorted(paired, all) {
        let row = row((left, right), pairing, paired, events, &mut told);
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn row<'a>(
    (left, right): (&'a str, &'a str),
    pairing: &'a Pairing,
    paired: &'a Paired,
    events: &'a Events,
    told: &mut AHashSet<DocId>,
) -> Row<'a> {
    let id = |&document: &DocId| paired.ids.get(document);
    let members = if pairing.accepted { events.members(DocId(pairing.left)) } else { &[] };
    let first = members.first();
    let is_first_row = first.is_some_and(|&first| told.insert(first));
    Row {
        left,
        right,
        score: rounded(pairing.score),
        accepted: pairing.accepted,
        cluster: first.map(id),
        members: is_first_row.then(|| members.iter().map(id).collect()),
        evidence: &pairing.evidence,
    }
}

#[derive(Serialize)]
struct RowWithTexts<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    languages: [&'a str; 2],
    left_text: String,
    right_text: String,
}

/// The rows of [`write_jsonl`] for accepted pairs, with both texts, which are
/// read again from the corpus.
///
/// # Errors
///
/// What writing returns, or that a text is not there any more.
pub fn write_corpus(
    paired: &Paired,
    events: &Events,
    corpus: &Corpus,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut told = AHashSet::new();
    for (left, right, pairing) in sorted(paired, false) {
        let ends = [pairing.left as usize, pairing.right as usize];
        let mut texts = vec![];
        corpus
            .fetch(ends.map(|end| paired.places[end]), |_, document| texts.push(document.text.to_string()))
            .map_err(|error| std::io::Error::other(error.0))?;
        let right_text = texts.pop().unwrap_or_default();
        let left_text = texts.pop().unwrap_or_default();
        let languages = ends.map(|end| paired.languages[end]);
        let row = row((left, right), pairing, paired, events, &mut told);
        serde_json::to_writer(&mut *out, &RowWithTexts { row, languages, left_text, right_text })?;
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
        "# Reports of the same event\n\n{} among {}.\n",
        counted(rows.len(), "pair"),
        counted(paired.n_documents as usize, "document")
    )?;
    for (left, right, pairing) in rows {
        writeln!(out, "## {} and {}\n", code_span(left), code_span(right))?;
        let verdict = if pairing.accepted { "" } else { ", not accepted" };
        writeln!(out, "Score {:.4}{verdict}.\n", pairing.score)?;
        out.write_all(evidence_table(&pairing.evidence).as_bytes())?;
    }
    Ok(())
}
