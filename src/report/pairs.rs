//! Cross-language pairs: a table, a record a pair, or a page for people.

use super::escape::code_span;
use super::markdown::evidence_table;
use super::tables::cell;
use crate::corpus::{Corpus, DocId};
use crate::cross::Pairing;
use crate::finding::Evidence;
use crate::plural::counted;
use crate::scan::Paired;
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
    /// The smallest id of all documents that are joined by accepted pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    evidence: &'a [Evidence],
}

/// One JSON object a pair, with its evidence and the event it belongs to.
///
/// # Errors
///
/// What writing returns.
pub fn write_jsonl(paired: &Paired, all: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let events = events(paired);
    for (left, right, pairing) in sorted(paired, all) {
        serde_json::to_writer(&mut *out, &row(left, right, pairing, &events))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn row<'a>(left: &'a str, right: &'a str, pairing: &'a Pairing, events: &[&'a str]) -> Row<'a> {
    Row {
        left,
        right,
        score: rounded(pairing.score),
        accepted: pairing.accepted,
        cluster: pairing.accepted.then(|| events[pairing.left as usize]),
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
pub fn write_corpus(paired: &Paired, corpus: &Corpus, out: &mut dyn Write) -> std::io::Result<()> {
    let events = events(paired);
    for (left, right, pairing) in sorted(paired, false) {
        let ends = [pairing.left as usize, pairing.right as usize];
        let mut texts = vec![];
        corpus
            .fetch(ends.map(|end| paired.places[end]), |_, document| texts.push(document.text.to_string()))
            .map_err(|error| std::io::Error::other(error.0))?;
        let right_text = texts.pop().unwrap_or_default();
        let left_text = texts.pop().unwrap_or_default();
        let languages = ends.map(|end| paired.languages[end]);
        let row = row(left, right, pairing, &events);
        serde_json::to_writer(&mut *out, &RowWithTexts { row, languages, left_text, right_text })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// For every document the smallest id among those it is joined with by accepted pairs.
fn events(paired: &Paired) -> Vec<&str> {
    let mut names: Vec<&str> = (0..paired.ids.len() as u32).map(|i| paired.ids.get(DocId(i))).collect();
    loop {
        let mut changed = false;
        for pairing in paired.pairings.iter().filter(|pairing| pairing.accepted) {
            let (left, right) = (pairing.left as usize, pairing.right as usize);
            let smaller = names[left].min(names[right]);
            changed |= names[left] != smaller || names[right] != smaller;
            names[left] = smaller;
            names[right] = smaller;
        }
        if !changed {
            return names;
        }
    }
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
