//! A report for people, in plain CommonMark.
//!
//! Text from documents stands in code spans and fences only, so nothing in it
//! can become a link, an image or markup. Tables stand in fences too: the
//! report is the same under CommonMark and GitHub's flavour, and reads well
//! in an editor. The size is bounded: the strongest findings of every kind
//! come first, in full while there is room, then in one line, and a line says
//! how many are left out.

mod block;
pub(super) mod plot;
mod table;

use super::advice::advice;
use super::bounded::{Extent, Filled, fill};
use super::escape::code_span;
use super::figures::shortened;
use super::groups::{Group, Kind, groups};
use super::terminal::size;
use super::texts::Texts;
use crate::finding::{Evidence, Rule};
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
pub(super) use block::diff_lines;
use std::fmt::Write as _;
use std::io::Write;
use table::{Align, table};

/// The least that a report is given; below that it could not say anything.
pub const LEAST_BYTES: usize = 8_000;

/// The line that names the comment of a pull request, so that a later run can
/// find and replace it.
pub const MARKER: &str = "<!-- doppelt:report -->";

/// How a report is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The most it may take; at least [`LEAST_BYTES`].
    pub max_bytes: usize,
    /// Whether it opens with [`MARKER`].
    pub marked: bool,
}

impl Form {
    /// A file, small enough for the summary of a CI step.
    pub const FILE: Self = Self { max_bytes: 900_000, marked: false };
    /// A comment on a pull request, which may have 65,536 characters.
    pub const PULL_REQUEST: Self = Self { max_bytes: 60_000, marked: true };
}

/// Writes the report.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, texts: &Texts, form: Form, out: &mut dyn Write) -> std::io::Result<()> {
    let groups = groups(outcome);
    let max_bytes = form.max_bytes.max(LEAST_BYTES);
    let mut head = String::new();
    if form.marked {
        let _ = writeln!(head, "{MARKER}\n");
    }
    head.push_str(&summary(outcome, &groups));
    head.push_str(&next_steps(outcome, &groups));
    let tail = plot::pictures(outcome) + &reproduce(outcome);
    let mut sections: Vec<Section<'_>> = Kind::ALL
        .into_iter()
        .map(|kind| Section::Groups(kind, groups.iter().filter(|group| group.kind == kind).collect()))
        .collect();
    sections.push(Section::Skipped);
    sections.retain(|section| section.n(outcome) > 0);
    // Headings and the lines about the rest have a room of their own.
    let room = max_bytes.saturating_sub(head.len() + tail.len() + sections.len() * AROUND);
    let counts: Vec<usize> = sections.iter().map(|section| section.n(outcome)).collect();
    let filled = fill(&counts, room, |section, i, extent| sections[section].item(outcome, texts, i, extent));
    out.write_all(head.as_bytes())?;
    for (section, filled) in sections.iter().zip(&filled) {
        out.write_all(section.text(outcome, filled).as_bytes())?;
    }
    out.write_all(tail.as_bytes())
}

/// The most that the heading of a section and the line about its rest take.
const AROUND: usize = 250;

/// A part of the report that can be shortened.
enum Section<'a> {
    Groups(Kind, Vec<&'a Group<'a>>),
    Skipped,
}

impl Section<'_> {
    fn n(&self, outcome: &Outcome) -> usize {
        match self {
            Self::Groups(_, groups) => groups.len(),
            Self::Skipped => outcome.documents.skipped.len(),
        }
    }

    /// The section with the items that fit.
    fn text(&self, outcome: &Outcome, filled: &Filled) -> String {
        let heading = match self {
            Self::Groups(kind, _) => kind.heading(),
            Self::Skipped => "Left out",
        };
        let mut text = format!("## {heading}\n\n{}", filled.items.concat());
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
        if filled.left_out > 0 {
            let _ = writeln!(
                text,
                "{} of {} are left out here to keep the report small; `--max-bytes` gives more room, `--format json` lists all.\n",
                thousands(filled.left_out as u64),
                thousands(self.n(outcome) as u64)
            );
        }
        text
    }

    fn item(&self, outcome: &Outcome, texts: &Texts, i: usize, extent: Extent) -> String {
        match self {
            Self::Groups(_, groups) if extent == Extent::Full => block::full(outcome, texts, groups[i]),
            Self::Groups(_, groups) => block::brief(outcome, groups[i]),
            Self::Skipped => {
                let skipped = &outcome.documents.skipped[i];
                let [document, reason] =
                    [&skipped.document, &skipped.reason].map(|text| code_span(&shortened(text, 160)));
                format!("- {document}: {reason}\n")
            }
        }
    }
}

/// The facts for and against a pair of reports.
pub(super) fn evidence_table(evidence: &[Evidence]) -> String {
    let mut text = String::new();
    block::facts(evidence, &mut text);
    text
}

fn summary(outcome: &Outcome, groups: &[Group<'_>]) -> String {
    let documents = &outcome.documents;
    let mut text = String::from("# What this corpus holds twice\n\n");
    let _ = write!(text, "{}, {}", counted(documents.n as usize, "document"), size(documents.bytes));
    const LANGUAGES: usize = 10;
    let mut languages: Vec<(&String, &u64)> = documents.languages.iter().collect();
    languages.sort_by_key(|(language, n)| (std::cmp::Reverse(**n), *language));
    let named: Vec<String> = languages
        .iter()
        .take(LANGUAGES)
        .map(|(language, n)| format!("{} {}", thousands(**n), code_span(&shortened(language, 20))))
        .collect();
    let _ = match named.is_empty() {
        true => writeln!(text, ".\n"),
        false => writeln!(
            text,
            " ({}{}).\n",
            named.join(", "),
            if languages.len() > LANGUAGES { ", …" } else { "" }
        ),
    };
    if groups.is_empty() && outcome.pairs.is_empty() {
        text.push_str("Nothing is held twice.\n\n");
        return text;
    }
    let mut rows = vec![];
    for rule in Rule::ALL {
        let n = outcome.count(rule);
        if n > 0 {
            rows.push(vec![rule.name().to_owned(), thousands(n as u64), rule.description().to_owned()]);
        }
    }
    let removable = super::figures::n_removable(outcome);
    if removable > 0 {
        rows.push(vec![
            "can go".to_owned(),
            thousands(removable as u64),
            format!("documents besides the kept ones of {}", counted(outcome.clusters.len(), "cluster")),
        ]);
    }
    if !documents.skipped.is_empty() {
        rows.push(vec![
            "left out".to_owned(),
            thousands(documents.skipped.len() as u64),
            "inputs that were not read".to_owned(),
        ]);
    }
    text + &table(&["finding", "number", "what it is"], &[Align::Left, Align::Right, Align::Left], &rows)
        + "\n"
}

fn next_steps(outcome: &Outcome, groups: &[Group<'_>]) -> String {
    let advice = advice(outcome, groups);
    if advice.is_empty() {
        return String::new();
    }
    let mut text = String::from("## What to do next\n\n");
    for (i, step) in advice.iter().enumerate() {
        let command = step.command.map_or_else(String::new, |command| format!(" `{command}`"));
        let _ = writeln!(text, "{}. {}{command}", i + 1, step.text);
    }
    text + "\n"
}

fn reproduce(outcome: &Outcome) -> String {
    let parameters: Vec<String> = outcome
        .parameters
        .iter()
        .map(|(name, value)| format!("{name} {}", code_span(&shortened(value, 60))))
        .collect();
    format!(
        "## How to get this again\n\ndoppelt {}, algorithm {ALGORITHM}, {}; {} of {}.\nDigest `{}`: the same for the same input and parameters.\n",
        env!("CARGO_PKG_VERSION"),
        parameters.join(", "),
        counted(outcome.banding.bands(), "band"),
        counted(outcome.banding.rows(), "row"),
        outcome.digest
    )
}

#[cfg(test)]
mod tests;
