//! The verdict of a check, for people at a terminal.
//!
//! A finding is one line that names the new document and what it repeats, and
//! how the two texts begin, word by word where they differ. No line begins
//! with foreign text, so a log cannot be steered by it.

use super::difference::difference_of_excerpts;
use super::escape::{visible, visible_lines};
use super::terminal::{COLOURS, PLAIN, difference_lines, measure_text};
use crate::check::Verdict;
use crate::finding::{Finding, FoundAt, Measure, Rule, Severity};
use crate::plural::counted;
use std::fmt::Write as _;
use std::io::Write;

/// Findings shown; more are counted.
const SHOWN: usize = 50;

/// How the verdict is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Whether to use colours.
    pub colours: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Writes the verdict.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, layout: Layout, out: &mut dyn Write) -> std::io::Result<()> {
    let findings = verdict.worst_first();
    for finding in findings.iter().take(SHOWN) {
        out.write_all(finding_text(verdict, finding, layout).as_bytes())?;
    }
    if findings.len() > SHOWN {
        let more = findings.len() - SHOWN;
        writeln!(out, "… and {more} more findings; --report FILE.json has them all\n")?;
    }
    for entry in &verdict.stale {
        let documents: Vec<String> = entry.documents.iter().map(|name| visible(name)).collect();
        writeln!(
            out,
            "stale: {} {} of the baseline is found no more: {}",
            entry.rule.name(),
            entry.fingerprint,
            documents.join(", ")
        )?;
    }
    if !verdict.stale.is_empty() {
        out.write_all(b"\n")?;
    }
    writeln!(out, "{}", summary(verdict))
}

/// The verdict in one line.
#[must_use]
pub fn summary(verdict: &Verdict) -> String {
    let mut text = counted(verdict.n_new, "new document");
    if verdict.n_known > 0 {
        let _ = write!(text, " against {}", verdict.n_known);
    }
    let counts: Vec<String> = Rule::ALL
        .into_iter()
        .map(|rule| (verdict.outcome.count(rule), rule.name()))
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| format!("{n} {name}"))
        .collect();
    match counts.is_empty() {
        true => text += ": nothing found",
        false => text += &format!(": {}", counts.join(", ")),
    }
    if verdict.n_accepted > 0 {
        let _ = write!(text, "; {} accepted", verdict.n_accepted);
    }
    if !verdict.stale.is_empty() {
        let _ = write!(text, "; {} stale", verdict.stale.len());
    }
    text
}

/// What is wrong with the new document, in one sentence without its name.
#[must_use]
pub fn message(verdict: &Verdict, finding: &Finding) -> String {
    let (at, others) = verdict.places(finding);
    let Some(other) = others.first() else { return measure_text(&finding.measure) };
    let name = place_text(verdict, finding, other);
    let what = match finding.rule {
        Rule::ExactDuplicate => format!("the same bytes as {name}"),
        Rule::NearDuplicate => format!("nearly the same words as {name}"),
        Rule::ContainedDocument if at.bytes.len() > other.bytes.len() => {
            format!("holds nearly all of {name}")
        }
        Rule::ContainedDocument => format!("stands nearly whole in {name}"),
        Rule::RepeatedPassage => format!("this passage stands in {name} too"),
        Rule::CrossLanguagePair => format!("the same event as in {name}"),
    };
    let more = match others.len() {
        0 | 1 => String::new(),
        n => format!(" and {} more", counted(n - 1, "place")),
    };
    format!("{what}{more} ({})", measure_text(&finding.measure))
}

/// A place by its file, with the lines for a passage and the id for a record.
#[must_use]
pub fn place_text(verdict: &Verdict, finding: &Finding, place: &FoundAt) -> String {
    let location = verdict.location(place);
    let mut text = location.path.to_owned();
    match verdict.origin(place.document).record_line {
        Some(0) => text += &format!(" ({})", verdict.outcome.id(place.document)),
        Some(line) => text += &format!(":{line} ({})", verdict.outcome.id(place.document)),
        None => {}
    }
    if finding.rule == Rule::RepeatedPassage && !location.is_record {
        let _ = write!(text, ":{}", location.first);
        if location.last > location.first {
            let _ = write!(text, "-{}", location.last);
        }
    }
    if let Some(language) = place.language {
        let _ = write!(text, " ({language})");
    }
    text
}

fn finding_text(verdict: &Verdict, finding: &Finding, layout: Layout) -> String {
    let severity = verdict.severity(finding);
    let colour = match severity {
        _ if !layout.colours => "",
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Note => "\x1b[1;36m",
    };
    let off = if layout.colours { "\x1b[0m" } else { "" };
    let (at, others) = verdict.places(finding);
    let name = visible(&place_text(verdict, finding, at));
    let what = visible(&message(verdict, finding));
    let mut text = format!("{colour}{}{off}: {name}: {what}\n", finding.rule.name());
    match &finding.measure {
        Measure::Shingles(_) => {
            let other = others.first().map_or("", |other| other.excerpt.as_str());
            text += &excerpts(&at.excerpt, other, layout);
        }
        Measure::Event { evidence, .. } => {
            for fact in evidence.iter().take(6) {
                let (left, right) = (visible(&fact.left), visible(&fact.right));
                let _ = writeln!(text, "  {:+5.1} {:<8} │ {left} = {right}", fact.weight, fact.kind);
            }
        }
    }
    text.push('\n');
    // A log that knows commands of this form finds them anywhere in a line.
    text.replace("##[", "# #[").replace("##vso[", "# #vso[")
}

/// How both texts begin: in one where they share most words, with what
/// differs set off, or one under the other.
fn excerpts(here: &str, there: &str, layout: Layout) -> String {
    const ROOM: usize = 20;
    let is_whole = |text: &str| !text.ends_with('…');
    let style = if layout.colours { &COLOURS } else { &PLAIN };
    let [left, right] = [style.left, style.right];
    let mut text = String::new();
    if let Some(runs) = difference_of_excerpts((here, is_whole(here)), (there, is_whole(there))) {
        let _ = writeln!(text, "  {}here{}, {}there{}:", left[0], left[1], right[0], right[1]);
        for line in difference_lines(&runs, style, layout.width.saturating_sub(4).max(ROOM)) {
            let _ = writeln!(text, "  │ {line}");
        }
        return text;
    }
    let (here, there) = aligned(here, there, layout.width.saturating_sub(10));
    let _ = writeln!(text, "  here  │ {here}");
    let is_same = there.is_empty() || here == there;
    if !is_same {
        let _ = writeln!(text, "  there │ {there}");
    }
    text
}

/// Both texts on one line each, cut at the same place: a little before they
/// first differ, where that would not show otherwise.
fn aligned(here: &str, there: &str, width: usize) -> (String, String) {
    let line = |text: &str| visible_lines(text).replace('\n', " ");
    let (here, there) = (line(here), line(there));
    let same = here.chars().zip(there.chars()).take_while(|(a, b)| a == b).count();
    let end = here.chars().count().min(there.chars().count());
    let start =
        if same > width / 2 && same < end { word_start(&here, same.saturating_sub(width / 4)) } else { 0 };
    (window(&here, start, width), window(&there, start, width))
}

/// The first character of the word that stands at `at`, counted in characters.
fn word_start(text: &str, at: usize) -> usize {
    let blanks = text.chars().take(at).enumerate().filter(|(_, c)| c.is_whitespace());
    blanks.last().map_or(0, |(blank, _)| blank + 1)
}

fn window(text: &str, start: usize, width: usize) -> String {
    let before = if start > 0 { "… " } else { "" };
    let rest: Vec<char> = text.chars().skip(start).collect();
    let room = width.saturating_sub(before.chars().count());
    if rest.len() <= room {
        return format!("{before}{}", rest.into_iter().collect::<String>());
    }
    let head: String = rest.into_iter().take(room.saturating_sub(2)).collect();
    format!("{before}{} …", head.trim_end_matches(['…', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_are_shown_from_shortly_before_they_differ() {
        let head = "one and the same beginning that goes on and on ";
        let (here, there) = aligned(&format!("{head}till here"), &format!("{head}till there"), 40);
        assert_eq!(here, "… and on till here");
        assert_eq!(there, "… and on till there");
    }

    #[test]
    fn equal_texts_are_shown_from_the_start_and_cut() {
        let (here, there) = aligned("a b\tc\nd\u{1b}", "a b\tc\nd\u{1b}", 40);
        assert_eq!((here.as_str(), there.as_str()), ("a b c d\\u{1b}", "a b c d\\u{1b}"));
        assert_eq!(aligned("abcdefghij klm", "x", 8).0, "abcdef …");
    }
}
