//! The verdict of a check as Markdown: a comment on a pull request or a step
//! summary.
//!
//! The first line is a marker, always the same, so that a comment can be found
//! and updated. The worst findings come first, and what does not fit into the
//! limit of the host is counted. Foreign text stands in code spans and fences.

use super::check::{message, place_text, summary};
use super::difference::{difference_of_excerpts, elide};
use super::escape::{code_span, fenced, fenced_as};
use super::markdown::{diff_lines, evidence_table};
use crate::check::Verdict;
use crate::finding::{Finding, Measure};
use crate::plural::counted;
use std::fmt::Write as _;
use std::io::Write;

/// The first line of every comment.
pub const MARKER: &str = "<!-- doppelt:check -->";
/// Bytes of a comment; hosts cut at 65,536 characters.
pub const LARGEST: usize = 60_000;

/// Writes the comment, at most [`LARGEST`] bytes.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    // Room for the line that counts the rest, and for the stale entries' line.
    const REST: usize = 500;
    let mut text = format!("{MARKER}\n## {}\n\n{}.\n\n", heading(verdict), summary(verdict));
    let findings = verdict.worst_first();
    let mut n_shown = 0;
    for finding in &findings {
        let part = finding_text(verdict, finding);
        if text.len() + part.len() + REST > LARGEST {
            break;
        }
        text += &part;
        n_shown += 1;
    }
    if n_shown < findings.len() {
        let _ = writeln!(
            text,
            "And {}; the log has them all.\n",
            counted(findings.len() - n_shown, "more finding")
        );
    }
    let mut stale = String::new();
    for entry in &verdict.stale {
        let documents: Vec<String> = entry.documents.iter().map(|name| code_span(name)).collect();
        let line = format!("- {} `{}`: {}\n", entry.rule.name(), entry.fingerprint, documents.join(", "));
        if text.len() + stale.len() + line.len() + REST > LARGEST {
            break;
        }
        stale += &line;
    }
    if !stale.is_empty() {
        let _ = write!(
            text,
            "### Accepted, but found no more\n\n{stale}\nRun `doppelt baseline prune` to forget them.\n"
        );
    }
    out.write_all(text.as_bytes())
}

fn heading(verdict: &Verdict) -> &'static str {
    match (verdict.outcome.findings.is_empty(), verdict.fails()) {
        (true, _) => "Nothing here is held twice",
        (false, true) => "Something here is held twice",
        (false, false) => "Something here may be held twice",
    }
}

fn finding_text(verdict: &Verdict, finding: &Finding) -> String {
    let (at, others) = verdict.places(finding);
    let name = code_span(&place_text(verdict, finding, at));
    let mut text = format!("### {} ({})\n\n", finding.rule.name(), severity_name(verdict, finding));
    let _ = writeln!(text, "{name}: {}\n", code_span(&message(verdict, finding)));
    match &finding.measure {
        Measure::Shingles(_) => {
            text += &excerpts(&at.excerpt, others.first().map_or("", |other| &other.excerpt));
        }
        Measure::Event { evidence, .. } => text += &evidence_table(evidence),
    }
    text.push('\n');
    text
}

/// How both texts begin, with what differs set off where they share most words.
fn excerpts(here: &str, there: &str) -> String {
    const CONTEXT: usize = 10;
    const MOST: usize = 60;
    let is_whole = |text: &str| !text.ends_with('…');
    if let Some(runs) = difference_of_excerpts((here, is_whole(here)), (there, is_whole(there))) {
        let lines = diff_lines(&elide(&runs, CONTEXT, MOST));
        return format!("Only here (`-`), only there (`+`):\n\n{}", fenced_as("diff", &lines));
    }
    if there.is_empty() || here == there {
        return fenced(here);
    }
    format!("{}\nand there\n\n{}", fenced(here), fenced(there))
}

/// `error`, `warning` or `note`
#[must_use]
pub fn severity_name(verdict: &Verdict, finding: &Finding) -> &'static str {
    use crate::finding::Severity;
    match verdict.severity(finding) {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
