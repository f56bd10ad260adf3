//! A summary for people at a terminal.
//!
//! A group of findings is its name, its places and an excerpt in which the
//! words that differ are marked: by colour on a terminal that wants colours,
//! else as `[-only here-]{+only there+}`. Lines keep to the width, and nothing
//! that comes from a document can steer the terminal.

mod wrap;

use super::difference::{Run, Side, difference, difference_of_beginnings, elide, is_same};
use super::escape::visible;
use super::figures::name;
use super::groups::{Group, Kind, groups};
use super::texts::Texts;
use crate::finding::{Evidence, Finding, FoundAt, Measure, Rule};
use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
use std::fmt::Write as _;
use std::io::Write;
use wrap::{Word, wrapped};

/// How the summary is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Whether to use colours.
    pub colours: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Groups of findings shown of each kind.
    pub shown: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { colours: false, width: 100, shown: 10 }
    }
}

/// Places listed of one group; more are counted.
const PLACES: usize = 5;
/// Facts listed of one cross-language pair.
const FACTS: usize = 6;
/// Lines of an excerpt.
const LINES: usize = 4;

/// Writes the summary.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, texts: &Texts, layout: Layout, out: &mut dyn Write) -> std::io::Result<()> {
    let groups = groups(outcome);
    for kind in Kind::ALL {
        let all = groups.iter().filter(|group| group.kind == kind);
        for group in all.clone().take(layout.shown) {
            out.write_all(group_text(outcome, texts, group, layout).as_bytes())?;
        }
        let n = all.count();
        if n > layout.shown {
            let (more, what) = (thousands((n - layout.shown) as u64), kind.heading().to_lowercase());
            writeln!(out, "… and {more} more {what}; --report FILE.html shows them\n")?;
        }
    }
    summary(outcome, out)
}

fn summary(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    let documents = &outcome.documents;
    let (n, bytes) = (documents.n as usize, documents.bytes);
    writeln!(out, "{}, {}", counted(n, "document"), size(bytes))?;
    for rule in Rule::ALL {
        let n = outcome.count(rule);
        if n > 0 {
            writeln!(out, "{n:>7} {:<20} {}", rule.name(), rule.description())?;
        }
    }
    let n_others: usize = outcome.clusters.iter().map(|cluster| cluster.others.len()).sum();
    if n_others > 0 {
        let pairs = counted(outcome.pairs.len(), "similar pair");
        let clusters = counted(outcome.clusters.len(), "cluster");
        let verb = if n_others == 1 { "is" } else { "are" };
        writeln!(out, "{pairs} in {clusters}; {} {verb} held elsewhere too", counted(n_others, "document"))?;
    }
    if outcome.findings.is_empty() && outcome.pairs.is_empty() {
        writeln!(out, "nothing is held twice")?;
    }
    if !documents.skipped.is_empty() {
        writeln!(out, "{:>7} left out", documents.skipped.len())?;
    }
    writeln!(out, "digest {}", outcome.digest)
}

/// `1.4 MB`
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// What stands around words to set them off.
pub(super) struct Style {
    bold: &'static str,
    soft: &'static str,
    /// Around words that only the first text has, and only the second.
    pub left: [&'static str; 2],
    pub right: [&'static str; 2],
    off: &'static str,
}

pub(super) const PLAIN: Style =
    Style { bold: "", soft: "", left: ["[-", "-]"], right: ["{+", "+}"], off: "" };
pub(super) const COLOURS: Style = Style {
    bold: "\x1b[1m",
    soft: "\x1b[2m",
    left: ["\x1b[31;9m", "\x1b[0m"],
    right: ["\x1b[32m", "\x1b[0m"],
    off: "\x1b[0m",
};

fn group_text(outcome: &Outcome, texts: &Texts, group: &Group<'_>, layout: Layout) -> String {
    let style = if layout.colours { &COLOURS } else { &PLAIN };
    let first = group.first();
    let title = match group.kind {
        Kind::Cluster if first.keep.is_none() => "similar, and both stay".to_owned(),
        Kind::Cluster => counted(group.documents().len() - 1, "copy"),
        Kind::Event => {
            format!("{}, {}", counted(group.documents().len(), "report"), measure_text(&first.measure))
        }
        Kind::Contained | Kind::Passage => measure_text(&first.measure),
    };
    let mut text = format!(
        "{}{} {}{}  {title}\n",
        style.bold,
        group.kind.name().to_lowercase(),
        group.number,
        style.off
    );
    match group.kind {
        Kind::Cluster => cluster(outcome, group, style, &mut text),
        Kind::Event => event(outcome, group, style, &mut text),
        Kind::Contained | Kind::Passage => places(outcome, first, style, &mut text),
    }
    let facts = match &first.measure {
        Measure::Event { evidence, .. } => evidence.as_slice(),
        Measure::Shingles(_) => &[],
    };
    for line in facts_lines(facts).into_iter().chain(excerpt(texts, group, style, layout.width)) {
        let _ = writeln!(text, "  {}│{} {line}", style.soft, style.off);
    }
    text.push('\n');
    text
}

fn cluster(outcome: &Outcome, group: &Group<'_>, style: &Style, text: &mut String) {
    let keep = group.first().keep.unwrap_or(0);
    let kept = &group.first().places[keep];
    let mark = if group.first().keep.is_some() { "kept " } else { "     " };
    let _ = writeln!(text, "  {mark} {}", visible(&name(outcome, kept.document)));
    let others = group.findings.iter().flat_map(|finding| {
        let others = finding.places.iter().enumerate().filter(move |(i, _)| *i != keep);
        others.map(move |(_, place)| (*finding, place))
    });
    for (finding, place) in others.take(PLACES) {
        let exact = match finding.rule {
            Rule::ExactDuplicate => format!("  {}same bytes{}", style.soft, style.off),
            _ => String::new(),
        };
        let similarity = strength(&finding.measure);
        let _ = writeln!(text, "  {similarity:.3} {}{exact}", visible(&name(outcome, place.document)));
    }
    more(group.findings.len(), "copy", text);
}

fn event(outcome: &Outcome, group: &Group<'_>, style: &Style, text: &mut String) {
    for place in &group.first().places {
        let language = place.language.unwrap_or("  ");
        let _ = writeln!(text, "  {language:<5} {}", visible(&name(outcome, place.document)));
    }
    let known: Vec<_> = group.first().places.iter().map(|place| place.document).collect();
    let others: Vec<_> = group.documents().into_iter().filter(|document| !known.contains(document)).collect();
    for document in others.iter().take(PLACES) {
        let _ = writeln!(text, "  {}also{}  {}", style.soft, style.off, visible(&name(outcome, *document)));
    }
    more(others.len(), "report", text);
}

fn places(outcome: &Outcome, finding: &Finding, style: &Style, text: &mut String) {
    for (i, place) in finding.places.iter().take(PLACES).enumerate() {
        let kept = finding.rule == Rule::ContainedDocument && finding.keep == Some(i);
        let mark =
            if kept { format!("  {}kept, holds the other{}", style.soft, style.off) } else { String::new() };
        let _ = writeln!(text, "  {}{mark}", place_text(outcome, place));
    }
    more(finding.places.len(), "place", text);
}

fn more(n: usize, what: &str, text: &mut String) {
    if n > PLACES {
        let _ = writeln!(text, "  … and {} besides", counted(n - PLACES, what));
    }
}

/// The heaviest facts of a pair.
fn facts_lines(evidence: &[Evidence]) -> Vec<String> {
    let worded =
        evidence.iter().filter(|fact| !(fact.is_term() || fact.left.is_empty() && fact.right.is_empty()));
    worded
        .take(FACTS)
        .map(|fact| {
            format!("{:+.1} {:<8} {} = {}", fact.weight, fact.kind, visible(&fact.left), visible(&fact.right))
        })
        .collect()
}

/// What differs most, or how the text begins where no word does.
fn excerpt(texts: &Texts, group: &Group<'_>, style: &Style, width: usize) -> Vec<String> {
    let compared = match group.kind {
        Kind::Cluster => group.findings.last(),
        Kind::Passage => group.findings.first(),
        Kind::Contained | Kind::Event => None,
    };
    let room = width.saturating_sub(4).max(20);
    if let Some(finding) = compared {
        let [left, right] = texts.of_both(&finding.places[0], &finding.places[1]);
        let compare = if left.whole && right.whole { difference } else { difference_of_beginnings };
        let runs = compare(&left.words, &right.words);
        if !is_same(&runs) && !left.words.is_empty() && !right.words.is_empty() {
            return difference_lines(&runs, style, room);
        }
    }
    if group.kind == Kind::Event {
        return vec![];
    }
    let first = group.first();
    // Of a contained document the text of the smaller one.
    let place = first.places.iter().min_by_key(|place| place.bytes.len()).unwrap_or(&first.places[0]);
    let words = place.excerpt.split_inclusive(char::is_whitespace).map(Word::plain).collect();
    wrapped(words, room, 1)
}

/// What differs between two texts, in a few lines of so many columns.
pub(super) fn difference_lines(runs: &[Run<'_>], style: &Style, width: usize) -> Vec<String> {
    const CONTEXT: usize = 5;
    const MOST: usize = 16;
    let words = elide(runs, CONTEXT, MOST).iter().flat_map(|run| marked(run, style)).collect();
    wrapped(words, width, LINES)
}

fn marked(run: &Run<'_>, style: &Style) -> Vec<Word> {
    let [before, after] = match run.side {
        Side::Both => ["", ""],
        Side::Left => style.left,
        Side::Right => style.right,
    };
    if run.is_elided() {
        // One word, so that no line breaks in it.
        let gap = counted(run.n_words, "word").replace(' ', "\u{A0}");
        return vec![Word {
            text: format!("…\u{A0}{gap}\u{A0}…"),
            before: style.soft,
            after: style.off,
            blank: true,
        }];
    }
    let mut words: Vec<Word> = run.words.iter().map(|word| Word::plain(word)).collect();
    // Colours must not run over a line; brackets stand around the whole run.
    let coloured = before.starts_with('\x1b');
    let last = words.len().saturating_sub(1);
    for (i, word) in words.iter_mut().enumerate() {
        if coloured || i == 0 {
            word.before = before;
        }
        if coloured || i == last {
            word.after = after;
        }
    }
    words
}

fn strength(measure: &Measure) -> f64 {
    match measure {
        Measure::Shingles(overlap) => overlap.jaccard(),
        Measure::Event { score, .. } => *score,
    }
}

/// The numbers of a finding in one line.
#[must_use]
pub fn measure_text(measure: &Measure) -> String {
    match measure {
        Measure::Shingles(overlap) => {
            format!("similarity {:.3}, containment {:.3}", overlap.jaccard(), overlap.containment())
        }
        Measure::Event { score, .. } => format!("score {score:.3}"),
    }
}

fn place_text(outcome: &Outcome, place: &FoundAt) -> String {
    let name = visible(&name(outcome, place.document));
    match place.lines {
        lines if lines.first == lines.last => format!("{name}:{}", lines.first),
        lines => format!("{name}:{}-{}", lines.first, lines.last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, Sample};

    fn written(outcome: &Outcome, texts: &Texts, layout: Layout) -> String {
        let mut out = vec![];
        write(outcome, texts, layout, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn bridge() -> (Sample, Outcome) {
        let mut sample = Sample::new();
        let text = "The council met on Monday and voted for the bridge over the river.";
        let other = text.replace("Monday", "Tuesday night");
        sample.found(Rule::NearDuplicate, 104, 114, &[("a.txt", text), ("b.txt", &other)]);
        let outcome = sample.outcome();
        (sample, outcome)
    }

    #[test]
    fn words_that_differ_are_marked_with_and_without_colours() {
        let (sample, outcome) = bridge();
        let text = written(&outcome, &sample.texts(), Layout::default());
        let expected = "\
cluster 1  1 copy
  kept  a.txt
  0.912 b.txt
  │ The council met on [-Monday-] {+Tuesday night+} and voted for the bridge …\u{A0}3\u{A0}words\u{A0}…
";
        assert!(text.starts_with(expected), "{text}");
        let text = written(&outcome, &sample.texts(), Layout { colours: true, ..Layout::default() });
        assert!(text.contains("\x1b[31;9mMonday\x1b[0m \x1b[32mTuesday\x1b[0m"), "{text:?}");
    }

    #[test]
    fn excerpts_keep_to_the_width() {
        let (sample, outcome) = bridge();
        let text = written(&outcome, &sample.texts(), Layout { width: 30, ..Layout::default() });
        for line in text.lines().filter(|line| line.contains('│')) {
            assert!(line.chars().count() <= 30, "{line}");
        }
        assert!(text.contains("  │ [-Monday-] {+Tuesday\n") || text.contains("  │ The council met on"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let (sample, outcome) = sample::hostile();
        let text = written(&outcome, &sample.texts(), Layout { shown: 99, ..Layout::default() });
        assert!(!text.contains(['\x1b', '\0', '\r', '\u{202E}', '\u{2066}', '\x07']));
        let (_, mut outcome) = sample::meeting();
        assert!(written(&outcome, &Texts::default(), Layout::default()).contains("3. Oktober = October 3"));
        outcome.forget_texts();
        assert!(!written(&outcome, &Texts::default(), Layout::default()).contains("Oktober"));
    }
}
