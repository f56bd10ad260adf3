//! One group of findings as Markdown: in full, or in one line.

use super::table::{Align, table};
use crate::corpus::DocId;
use crate::finding::{Evidence, Finding, FoundAt, Measure, Rule};
use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
use crate::report::correspond::{Annotated, correspondences};
use crate::report::difference::{Run, Side, difference, difference_of_beginnings, elide, is_same};
use crate::report::escape::{code_span, fenced, fenced_as, visible_lines};
use crate::report::figures::name;
use crate::report::groups::{Group, Kind};
use crate::report::terminal::measure_text;
use crate::report::texts::{PLACES, Text, Texts};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Members of one cluster, and pairs of one event, that are compared word by word.
const COMPARED: usize = 4;
/// Facts listed of one pair; more are summed up.
const FACTS: usize = 20;
/// Characters of a text that is quoted without being compared.
const QUOTED: usize = 600;
/// Characters quoted of a corresponding paragraph.
const PARAGRAPH: usize = 240;

/// Everything about a group.
pub(super) fn full(outcome: &Outcome, texts: &Texts, group: &Group<'_>) -> String {
    let mut text = format!("### {}\n\n", title(outcome, group));
    match group.kind {
        Kind::Cluster => cluster(outcome, texts, group, &mut text),
        Kind::Contained | Kind::Passage => alone(outcome, texts, group.first(), &mut text),
        Kind::Event => event(outcome, texts, group, &mut text),
    }
    text
}

/// A group in one line.
pub(super) fn brief(outcome: &Outcome, group: &Group<'_>) -> String {
    format!("- {}: {}\n", title(outcome, group), measure_text(&group.first().measure))
}

fn title(outcome: &Outcome, group: &Group<'_>) -> String {
    let first = group.first();
    let names: Vec<String> = first.places.iter().take(2).map(|place| span(outcome, place.document)).collect();
    let what = match group.kind {
        Kind::Cluster => format!("{} and {}", names[0], counted(group.documents().len() - 1, "copy")),
        Kind::Contained => {
            let (inner, outer) = contained(first);
            format!("{} in {}", span(outcome, inner.document), span(outcome, outer.document))
        }
        Kind::Passage => {
            let n = group.documents().len();
            let places = counted(first.places.len(), "place");
            if n == 1 {
                format!("{places} in {}", names[0])
            } else {
                format!("{places} in {}, first {}", counted(n, "document"), names[0])
            }
        }
        Kind::Event => match group.documents().len() {
            2 => names.join(" and "),
            n => format!("{n} reports, first {}", names.join(" and ")),
        },
    };
    format!("{} {}: {what}", group.kind.name(), thousands(group.number as u64))
}

/// The inner and the outer document; the kept one is the outer.
fn contained(finding: &Finding) -> (&FoundAt, &FoundAt) {
    let (a, b) = (&finding.places[0], &finding.places[1]);
    if finding.keep == Some(1) { (a, b) } else { (b, a) }
}

fn span(outcome: &Outcome, document: DocId) -> String {
    code_span(&name(outcome, document))
}

/// A document and its copies.
fn cluster(outcome: &Outcome, texts: &Texts, group: &Group<'_>, text: &mut String) {
    let keep = &group.first().places[group.first().keep.unwrap_or(0)];
    let role = match group.first().keep {
        Some(_) => keep_text(outcome, group.first()),
        None => "a copy of another document, see its cluster; the next one is not, and stays".to_owned(),
    };
    let _ = writeln!(text, "- {}: {role}", place_text(outcome, texts, keep));
    for finding in group.findings.iter().take(PLACES) {
        for place in others(finding) {
            let _ = writeln!(
                text,
                "- {}: {}, {}",
                place_text(outcome, texts, place),
                finding.rule.name(),
                exact_measure(&finding.measure)
            );
        }
    }
    more(group.findings.len(), PLACES, "copy", "copies", text);
    text.push('\n');
    // The strongest come first, so the last differ most.
    let different = group.findings.iter().rev().filter(|finding| finding.rule == Rule::NearDuplicate);
    let mut quoted = false;
    for finding in different.take(COMPARED) {
        quoted |= compare(outcome, texts, finding, text);
    }
    if !quoted && !texts.at(keep).words.is_empty() {
        if group.findings.iter().any(|finding| finding.rule == Rule::NearDuplicate) {
            text.push_str("No word differs; spelling, case, punctuation or spacing do.\n\n");
        }
        quote(&texts.at(keep), text);
    }
}

/// A finding that stands for itself.
fn alone(outcome: &Outcome, texts: &Texts, finding: &Finding, text: &mut String) {
    let _ = writeln!(text, "{}.\n", capitalised(&exact_measure(&finding.measure)));
    for (i, place) in finding.places.iter().take(PLACES).enumerate() {
        let kept = finding.keep == Some(i) && finding.rule != Rule::RepeatedPassage;
        let mark = if kept { format!(": {}", keep_text(outcome, finding)) } else { String::new() };
        let _ = writeln!(text, "- {}{mark}", place_text(outcome, texts, place));
    }
    more(finding.places.len(), PLACES, "place", "places", text);
    text.push('\n');
    if finding.rule == Rule::ContainedDocument {
        let (inner, _) = contained(finding);
        quote(&texts.at(inner), text);
    } else if !compare(outcome, texts, finding, text) {
        quote(&texts.at(&finding.places[0]), text);
    }
}

/// Reports of one event: who tells it, then every pair.
fn event(outcome: &Outcome, texts: &Texts, group: &Group<'_>, text: &mut String) {
    for (copy, keep) in group.copies.iter().take(PLACES) {
        let _ = writeln!(text, "- {} is a near-duplicate of {}", span(outcome, *copy), span(outcome, *keep));
    }
    more(group.copies.len(), PLACES, "near-duplicate", "near-duplicates", text);
    if !group.copies.is_empty() {
        text.push('\n');
    }
    for finding in group.findings.iter().take(COMPARED) {
        let Measure::Event { evidence, .. } = &finding.measure else { continue };
        let _ = writeln!(text, "{}.\n", capitalised(&exact_measure(&finding.measure)));
        for place in &finding.places {
            let _ = writeln!(text, "- {}", place_text(outcome, texts, place));
        }
        text.push('\n');
        paragraphs(texts, finding, evidence, text);
        facts(evidence, text);
    }
    more(group.findings.len(), COMPARED, "pair", "pairs", text);
    if group.findings.len() > COMPARED {
        text.push('\n');
    }
}

/// The paragraphs of a pair that speak of the same.
fn paragraphs(texts: &Texts, finding: &Finding, evidence: &[Evidence], text: &mut String) {
    let [left, right] = [0, 1].map(|i| texts.at(&finding.places[i]).words);
    if left.is_empty() || right.is_empty() {
        return;
    }
    let lefts = Annotated::new(&left, evidence.iter().map(|fact| fact.left.as_str()));
    let rights = Annotated::new(&right, evidence.iter().map(|fact| fact.right.as_str()));
    let found = correspondences(&lefts, &rights, evidence);
    if found.is_empty() {
        quote(&Text { words: left, whole: true, hash: None }, text);
        quote(&Text { words: right, whole: true, hash: None }, text);
        return;
    }
    let language = |i: usize, fallback: &'static str| finding.places[i].language.unwrap_or(fallback);
    text.push_str("Paragraphs that correspond:\n\n");
    let mut lines = vec![];
    for found in &found {
        let sides = [
            (&left, &lefts, found.left, language(0, "left")),
            (&right, &rights, found.right, language(1, "right")),
        ];
        for (words, annotated, i, language) in sides {
            let words = visible_lines(annotated.paragraphs[i].of(words)).replace('\n', " ");
            lines.push(format!("{language} {}  {}", i + 1, shortened_end(&words, PARAGRAPH)));
        }
        lines.push(String::new());
    }
    text.push_str(&fenced(&lines.join("\n")));
    text.push('\n');
}

/// The facts of a pair as a table, nothing if there is none.
pub(super) fn facts(evidence: &[Evidence], text: &mut String) {
    if evidence.is_empty() {
        return;
    }
    let mut rows: Vec<Vec<String>> = evidence
        .iter()
        .take(FACTS)
        .map(|fact| {
            let agrees = match fact.weight {
                _ if fact.is_term() => "",
                0.0.. => "agrees",
                _ => "disagrees",
            };
            let cells = [fact.kind, &fact.value, &fact.left, &fact.right].map(str::to_owned);
            [vec![format!("{:+.2}", fact.weight), agrees.to_owned()], cells.to_vec()].concat()
        })
        .collect();
    if evidence.len() > FACTS {
        let rest: f64 = evidence[FACTS..].iter().map(|fact| fact.weight).sum();
        let blank = String::new;
        rows.push(vec![
            format!("{rest:+.2}"),
            String::from("…"),
            counted(evidence.len() - FACTS, "more fact"),
            blank(),
            blank(),
            blank(),
        ]);
    }
    let align = [Align::Right, Align::Left, Align::Left, Align::Left, Align::Left, Align::Left];
    text.push_str(&table(&["weight", "", "fact", "value", "left", "right"], &align, &rows));
    text.push('\n');
}

/// What differs between the first two places; false if no word does or
/// nothing may be quoted.
fn compare(outcome: &Outcome, texts: &Texts, finding: &Finding, text: &mut String) -> bool {
    const CONTEXT: usize = 10;
    const MOST: usize = 60;
    const RUNS: usize = 60;
    let [left, right] = texts.of_both(&finding.places[0], &finding.places[1]);
    if left.words.is_empty() || right.words.is_empty() {
        return false;
    }
    let whole = left.whole && right.whole;
    let compare = if whole { difference } else { difference_of_beginnings };
    let runs = compare(&left.words, &right.words);
    if is_same(&runs) {
        return false;
    }
    let [a, b] = [0, 1].map(|i| span(outcome, finding.places[i].document));
    let part = if whole { "" } else { ", in the beginnings that were compared" };
    let _ = writeln!(text, "Only in {a} (`-`), only in {b} (`+`){part}:\n");
    let shown = elide(&runs, CONTEXT, MOST);
    let mut lines = diff_lines(&shown[..shown.len().min(RUNS)]);
    if shown.len() > RUNS {
        lines.push_str("\n@@ and more @@");
    }
    text.push_str(&fenced_as("diff", &lines));
    text.push('\n');
    true
}

/// The lines of a `diff` block.
pub(in crate::report) fn diff_lines(runs: &[Run<'_>]) -> String {
    const WIDTH: usize = 96;
    let mut lines = vec![];
    for run in runs {
        let (mark, what) = match run.side {
            Side::Both => (' ', "equal "),
            Side::Left => ('-', ""),
            Side::Right => ('+', ""),
        };
        if run.is_elided() {
            let gap = counted(run.n_words, &format!("{what}word"));
            // A gap in what one text holds alone belongs to its lines.
            lines.push(if run.side == Side::Both {
                format!("@@ {gap} @@")
            } else {
                format!("{mark} … {gap} …")
            });
            continue;
        }
        let mut line = String::new();
        for word in &run.words {
            let word = visible_lines(word).replace('\n', " ");
            if !line.is_empty() && line.width() + word.trim_end().width() > WIDTH {
                lines.push(format!("{mark} {}", line.trim_end()));
                line.clear();
            }
            line.push_str(&word);
        }
        let line = line.trim_end();
        lines.push(format!("{mark} {line}"));
    }
    lines.join("\n")
}

fn quote(passage: &Text, text: &mut String) {
    if passage.words.is_empty() {
        return;
    }
    let mut words = shortened_end(&passage.words, QUOTED);
    if !passage.whole && !words.ends_with('…') {
        words.push_str(" …");
    }
    text.push_str(&fenced(&words));
    text.push('\n');
}

fn shortened_end(words: &str, most: usize) -> String {
    let words = words.trim();
    match words.char_indices().nth(most) {
        Some((at, _)) => format!("{} …", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

fn others(finding: &Finding) -> impl Iterator<Item = &FoundAt> {
    let keep = finding.keep.unwrap_or(0);
    finding.places.iter().enumerate().filter(move |(i, _)| *i != keep).map(|(_, place)| place)
}

fn keep_text(outcome: &Outcome, finding: &Finding) -> String {
    let why = match (finding.rule, outcome.parameters.get("keep").map(String::as_str)) {
        (_, Some("longest")) => "rule `longest`: the most words, then the first name".to_owned(),
        (_, Some("first")) => "rule `first`: the first name".to_owned(),
        (_, Some(rule)) => format!("rule {}", code_span(rule)),
        (_, None) => return "kept".to_owned(),
    };
    if finding.rule == Rule::ContainedDocument {
        "kept, as it holds the other".to_owned()
    } else {
        format!("kept ({why})")
    }
}

fn place_text(outcome: &Outcome, texts: &Texts, place: &FoundAt) -> String {
    let language = place.language.map(|language| format!(" ({})", code_span(language))).unwrap_or_default();
    let lines = match place.lines {
        lines if lines.first == lines.last => format!("line {}", lines.first),
        lines => format!("lines {} to {}", lines.first, lines.last),
    };
    let mut text = format!("{}{language}, {lines}", span(outcome, place.document));
    if place.excerpt.is_empty() {
        let _ = write!(text, ", bytes {} to {}", place.bytes.start, place.bytes.end);
        if let Some(hash) = texts.at(place).hash {
            let _ = write!(text, ", xxh3 `{hash:016x}`");
        }
    }
    text
}

/// `Jaccard 0.912281 (104 of 114 shingles), containment 0.981132`
fn exact_measure(measure: &Measure) -> String {
    match measure {
        Measure::Shingles(overlap) => format!(
            "Jaccard {:.6} ({} of {} shingles), containment {:.6}",
            overlap.jaccard(),
            thousands(u64::from(overlap.both)),
            thousands(overlap.union()),
            overlap.containment()
        ),
        Measure::Event { score, .. } => format!("score {score:.3}"),
    }
}

fn more(n: usize, shown: usize, one: &str, many: &str, text: &mut String) {
    if n > shown {
        let what = if n - shown == 1 { one } else { many };
        let _ = writeln!(text, "- and {} more {what}", thousands((n - shown) as u64));
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
