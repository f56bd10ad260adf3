//! A report for people, in plain CommonMark.
//!
//! Text from documents stands in code spans and fences only, so nothing in it
//! can become a link, an image or markup. Tables stand in fences too: the
//! report is the same under CommonMark and GitHub's flavour, and reads well
//! in an editor. The size is bounded: the strongest findings of every kind
//! come first, in full while there is room, then in one line, and a line says
//! how many are left out.

mod block;
mod plot;
mod table;

use super::advice::{advice, counted, thousands};
use super::escape::code_span;
use super::figures::shortened;
use super::groups::{Group, Kind, groups};
use super::terminal::size;
use super::texts::Texts;
use crate::finding::Rule;
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
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
    let room = max_bytes.saturating_sub(head.len() + tail.len());
    let sections = fill(outcome, texts, &sections, room);
    for part in [head, sections, tail] {
        out.write_all(part.as_bytes())?;
    }
    Ok(())
}

/// A part of the report that can be shortened.
enum Section<'a> {
    Groups(Kind, Vec<&'a Group<'a>>),
    Skipped,
}

/// Renders the sections in their order; those that hold little go first when
/// the room is shared out, so that what they leave goes to the others.
fn fill(outcome: &Outcome, texts: &Texts, sections: &[Section<'_>], mut room: usize) -> String {
    let mut order: Vec<usize> = (0..sections.len()).collect();
    order.sort_by_key(|&i| sections[i].n(outcome));
    let mut rendered = vec![String::new(); sections.len()];
    for (done, i) in order.into_iter().enumerate() {
        let share = room / (sections.len() - done);
        rendered[i] = sections[i].render(outcome, texts, share);
        room = room.saturating_sub(rendered[i].len());
    }
    rendered.concat()
}

impl Section<'_> {
    fn n(&self, outcome: &Outcome) -> usize {
        match self {
            Self::Groups(_, groups) => groups.len(),
            Self::Skipped => outcome.documents.skipped.len(),
        }
    }

    /// The section in at most `room` bytes, empty if even its heading does not fit.
    fn render(&self, outcome: &Outcome, texts: &Texts, room: usize) -> String {
        let heading = match self {
            Self::Groups(kind, _) => kind.heading(),
            Self::Skipped => "Left out",
        };
        let mut text = format!("## {heading}\n\n");
        let n = self.n(outcome);
        // What the line about the rest may take.
        const REST: usize = 200;
        let room = room.saturating_sub(REST);
        let mut shown = 0;
        let mut in_full = true;
        while shown < n {
            let mut item = String::new();
            if in_full {
                item = self.item(outcome, texts, shown, true);
                // Short items need less than half of what is left to list the others.
                in_full = text.len() + item.len() <= room;
            }
            if !in_full {
                item = self.item(outcome, texts, shown, false);
            }
            if text.len() + item.len() > room {
                break;
            }
            text.push_str(&item);
            shown += 1;
        }
        if shown < n {
            if !text.ends_with("\n\n") {
                text.push('\n');
            }
            let _ = writeln!(
                text,
                "{} of {} are left out here to keep the report small; `--max-bytes` gives more room, `--format json` lists all.\n",
                thousands((n - shown) as u64),
                thousands(n as u64)
            );
        } else if !text.ends_with("\n\n") {
            text.push('\n');
        }
        text
    }

    fn item(&self, outcome: &Outcome, texts: &Texts, i: usize, in_full: bool) -> String {
        match self {
            Self::Groups(_, groups) if in_full => block::full(outcome, texts, groups[i]),
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

fn summary(outcome: &Outcome, groups: &[Group<'_>]) -> String {
    let documents = &outcome.documents;
    let mut text = String::from("# What this corpus holds twice\n\n");
    let _ = write!(text, "{}, {}", counted(documents.ids.len(), "document"), size(documents.bytes));
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
    if groups.is_empty() {
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
