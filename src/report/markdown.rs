//! A report for people, in CommonMark with GitHub's tables.
//!
//! Text from documents stands in code spans and fences only, so nothing in it
//! can become a link, an image or markup.

use super::escape::{code_span, fenced};
use super::terminal::{measure_text, size};
use crate::corpus::DocId;
use crate::finding::{Evidence, Finding, FoundAt, Measure, Rule};
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
use std::fmt::Write as _;
use std::io::Write;

/// Places listed of one finding; more are counted.
const PLACES: usize = 20;
/// Facts listed of one cross-language pair; more are counted.
const FACTS: usize = 20;

/// Writes the report.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    out.write_all(summary(outcome).as_bytes())?;
    for rule in Rule::ALL {
        let findings: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.rule == rule).collect();
        if findings.is_empty() {
            continue;
        }
        writeln!(out, "## {}\n", heading(rule))?;
        for (i, finding) in findings.into_iter().enumerate() {
            out.write_all(finding_text(outcome, i + 1, finding).as_bytes())?;
        }
    }
    out.write_all(clusters(outcome).as_bytes())?;
    out.write_all(skipped(outcome).as_bytes())?;
    out.write_all(reproduce(outcome).as_bytes())
}

fn heading(rule: Rule) -> &'static str {
    match rule {
        Rule::ExactDuplicate => "Exact duplicates",
        Rule::NearDuplicate => "Near-duplicates",
        Rule::ContainedDocument => "Contained documents",
        Rule::RepeatedPassage => "Repeated passages",
        Rule::CrossLanguagePair => "Cross-language pairs",
    }
}

fn summary(outcome: &Outcome) -> String {
    let documents = &outcome.documents;
    let mut text = String::from("# What this corpus holds twice\n\n");
    let languages: Vec<String> =
        documents.languages.iter().map(|(language, n)| format!("{n} {}", code_span(language))).collect();
    let _ = write!(text, "{} documents, {}", documents.ids.len(), size(documents.bytes));
    if languages.is_empty() {
        text.push_str(".\n\n");
    } else {
        let _ = write!(text, " ({}).\n\n", languages.join(", "));
    }
    if outcome.findings.is_empty() {
        text.push_str("Nothing is held twice.\n\n");
        return text;
    }
    text.push_str("| finding | number | what it is |\n| --- | ---: | --- |\n");
    for rule in Rule::ALL {
        let n = outcome.count(rule);
        if n > 0 {
            let _ = writeln!(text, "| {} | {n} | {} |", heading(rule), rule.description());
        }
    }
    text.push('\n');
    text
}

fn finding_text(outcome: &Outcome, number: usize, finding: &Finding) -> String {
    let mut text = format!("### {} {number}\n\n{}.\n", singular(finding.rule), capitalised(&measure_text(&finding.measure)));
    if finding.keep.is_some() && finding.rule != Rule::RepeatedPassage {
        let rule = outcome.parameters.get("keep").map_or("", String::as_str);
        let _ = writeln!(text, "The first is kept (rule: {rule}).");
    }
    text.push('\n');
    for place in finding.places.iter().take(PLACES) {
        let _ = writeln!(text, "- {}", place_text(outcome, place));
    }
    if finding.places.len() > PLACES {
        let _ = writeln!(text, "- and {} more places", finding.places.len() - PLACES);
    }
    text.push('\n');
    match &finding.measure {
        Measure::Shingles(_) => text.push_str(&excerpts(finding)),
        Measure::Event { evidence, .. } => text.push_str(&evidence_table(evidence)),
    }
    text
}

fn singular(rule: Rule) -> &'static str {
    match rule {
        Rule::ExactDuplicate => "Exact duplicate",
        Rule::NearDuplicate => "Near-duplicate",
        Rule::ContainedDocument => "Contained document",
        Rule::RepeatedPassage => "Repeated passage",
        Rule::CrossLanguagePair => "Cross-language pair",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn place_text(outcome: &Outcome, place: &FoundAt) -> String {
    let name = code_span(outcome.id(place.document));
    let language = place.language.map(|language| format!(" ({language})")).unwrap_or_default();
    if place.lines.first == place.lines.last {
        return format!("{name}{language}, line {}", place.lines.first);
    }
    format!("{name}{language}, lines {} to {}", place.lines.first, place.lines.last)
}

/// The beginnings of the first two places, one under the other; once where they are the same.
fn excerpts(finding: &Finding) -> String {
    let mut different: Vec<&str> = finding.places.iter().take(2).map(|place| place.excerpt.as_str()).collect();
    different.dedup();
    let blocks: Vec<String> = different.into_iter().map(fenced).collect();
    blocks.join("\n") + "\n"
}

pub(super) fn evidence_table(evidence: &[Evidence]) -> String {
    let mut text = String::from("| weight | fact | left | right |\n| ---: | --- | --- | --- |\n");
    for fact in evidence.iter().take(FACTS) {
        let (left, right) = (code_span(&fact.left), code_span(&fact.right));
        let _ = writeln!(text, "| {:+.2} | {} {} | {left} | {right} |", fact.weight, fact.kind, code_span(&fact.value));
    }
    if evidence.len() > FACTS {
        let rest: f64 = evidence[FACTS..].iter().map(|fact| fact.weight).sum();
        let _ = writeln!(text, "| {rest:+.2} | {} more | | |", evidence.len() - FACTS);
    }
    text.push('\n');
    text
}

fn clusters(outcome: &Outcome) -> String {
    if outcome.clusters.is_empty() {
        return String::new();
    }
    const SHOWN: usize = 50;
    let mut text = String::from("## What to keep\n\n| keep | and not |\n| --- | --- |\n");
    for cluster in outcome.clusters.iter().take(SHOWN) {
        let others: Vec<String> =
            cluster.others.iter().take(PLACES).map(|&other| code_span(outcome.id(DocId(other)))).collect();
        let more = match cluster.others.len() {
            n if n > PLACES => format!(" and {} more", n - PLACES),
            _ => String::new(),
        };
        let _ = writeln!(text, "| {} | {}{more} |", code_span(outcome.id(DocId(cluster.keep))), others.join(", "));
    }
    if outcome.clusters.len() > SHOWN {
        let _ = writeln!(text, "\nAnd {} more clusters.", outcome.clusters.len() - SHOWN);
    }
    text.push('\n');
    text
}

fn skipped(outcome: &Outcome) -> String {
    let skipped = &outcome.documents.skipped;
    if skipped.is_empty() {
        return String::new();
    }
    const SHOWN: usize = 100;
    let mut text = String::from("## Left out\n\n");
    for skipped in skipped.iter().take(SHOWN) {
        let _ = writeln!(text, "- {}: {}", code_span(&skipped.document), code_span(&skipped.reason));
    }
    if skipped.len() > SHOWN {
        let _ = writeln!(text, "- and {} more", skipped.len() - SHOWN);
    }
    text.push('\n');
    text
}

fn reproduce(outcome: &Outcome) -> String {
    let parameters: Vec<String> =
        outcome.parameters.iter().map(|(name, value)| format!("{name} {}", code_span(value))).collect();
    format!(
        "## How to get this again\n\ndoppelt {}, algorithm {ALGORITHM}, {}; {} bands of {} rows.\nDigest `{}`.\n",
        env!("CARGO_PKG_VERSION"),
        parameters.join(", "),
        outcome.banding.bands(),
        outcome.banding.rows(),
        outcome.digest
    )
}
