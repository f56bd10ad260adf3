//! One group of findings as the template shows it.
//!
//! Everything that comes from a document is made visible here; the template
//! engine escapes it.

use super::pair::PairView;
use crate::corpus::DocId;
use crate::finding::{Finding, FoundAt, Measure, Rule};
use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
use crate::report::bounded::Extent;
use crate::report::difference::{Run, Side, difference, difference_of_beginnings, elide, is_same};
use crate::report::escape::{visible, visible_lines};
use crate::report::figures::{name, shortened};
use crate::report::groups::{Group, Kind};
use crate::report::texts::{PLACES, Text, Texts};
use askama::Template;

/// Members of one cluster that are compared word by word, and pairs of one event.
const COMPARED: usize = 6;

/// A group, folded to one line.
#[derive(Template)]
#[template(path = "report/item.html")]
pub(super) struct Item {
    pub id: String,
    pub kind: &'static str,
    pub label: &'static str,
    pub number: String,
    pub name: String,
    pub more: String,
    pub excerpt: String,
    pub measure: String,
    pub measure_name: &'static str,
    pub bar: u32,
    pub sort_value: String,
    pub n_documents: usize,
    pub facts: Vec<(&'static str, String)>,
    pub fingerprint: String,
    pub members: bool,
    pub places: Vec<Place>,
    pub more_places: Option<String>,
    pub copies: Vec<(String, String)>,
    pub quote: Option<Quote>,
    pub comparisons: Vec<Comparison>,
    pub pairs: Vec<PairView>,
    pub note: Option<&'static str>,
}

/// A row of the list of places.
pub(super) struct Place {
    pub name: String,
    pub language: Option<String>,
    pub lines: String,
    pub bytes: String,
    pub hash: Option<String>,
    pub role: &'static str,
    pub measure: Option<[String; 3]>,
}

/// A text that is not compared.
pub(super) struct Quote {
    pub text: String,
    pub is_cut: bool,
}

/// Two texts with what differs between them.
pub(super) struct Comparison {
    pub left: String,
    pub right: String,
    pub removed: String,
    pub added: String,
    pub runs: Vec<Shown>,
    pub is_part: bool,
    pub is_open: bool,
}

/// A run of words, or a gap.
pub(super) struct Shown {
    pub side: Side,
    pub text: String,
    /// The white space behind the words, which belongs to no side.
    pub blank: String,
    pub gap: Option<String>,
}

/// The name of a kind in the page's ids and filters.
pub(super) fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Cluster => "cluster",
        Kind::Contained => "contained",
        Kind::Passage => "passage",
        Kind::Event => "event",
    }
}

impl Item {
    /// What is shown of a group.
    pub fn new(outcome: &Outcome, texts: &Texts, group: &Group<'_>, extent: Extent) -> Self {
        let first = group.first();
        let id = format!("{}-{}", kind_id(group.kind), group.number);
        let n_documents = group.documents().len();
        let weakest = group.findings.last().map_or(first, |finding| finding);
        let value = strength(&weakest.measure);
        let mut item = Self {
            kind: kind_id(group.kind),
            label: group.kind.name(),
            number: thousands(group.number as u64),
            name: show_name(outcome, title_place(group).document),
            more: more_text(outcome, group, n_documents),
            excerpt: visible(&one_line(&title_place(group).excerpt)),
            measure: format!("{value:.3}"),
            measure_name: if group.kind == Kind::Event { "score" } else { "similarity" },
            bar: (value * 48.0).round() as u32,
            sort_value: format!("{value:.6}"),
            n_documents,
            facts: facts(outcome, group),
            fingerprint: first.fingerprint.clone(),
            members: group.kind == Kind::Cluster,
            places: places(outcome, texts, group),
            more_places: None,
            copies: vec![],
            quote: None,
            comparisons: vec![],
            pairs: vec![],
            note: None,
            id,
        };
        let listed = if group.kind == Kind::Cluster { group.findings.len() + 1 } else { first.places.len() };
        item.more_places = listed.checked_sub(PLACES + 1).map(|more| thousands(more as u64 + 1));
        let copies = group.copies.iter().take(PLACES);
        item.copies =
            copies.map(|(copy, keep)| (show_name(outcome, *copy), show_name(outcome, *keep))).collect();
        if extent == Extent::Full {
            item.add_texts(outcome, texts, group);
        }
        item
    }

    fn add_texts(&mut self, outcome: &Outcome, texts: &Texts, group: &Group<'_>) {
        let first = group.first();
        match group.kind {
            Kind::Cluster => {
                // The strongest come first, so the last differ most.
                let near = group.findings.iter().rev().filter(|finding| finding.rule == Rule::NearDuplicate);
                self.comparisons =
                    near.filter_map(|finding| compare(outcome, texts, finding)).take(COMPARED).collect();
                if self.comparisons.is_empty() {
                    self.quote = quote(&texts.at(&first.places[first.keep.unwrap_or(0)]));
                    let near = group.findings.iter().any(|finding| finding.rule == Rule::NearDuplicate);
                    self.note = (near && self.quote.is_some())
                        .then_some("No word differs; spelling, case, punctuation or spacing do.");
                }
            }
            Kind::Contained => self.quote = quote(&texts.at(contained(first).0)),
            Kind::Passage => {
                self.comparisons = compare(outcome, texts, first).into_iter().collect();
                if self.comparisons.is_empty() {
                    self.quote = quote(&texts.at(&first.places[0]));
                }
            }
            Kind::Event => {
                let pairs = group.findings.iter().take(COMPARED).enumerate();
                self.pairs = pairs
                    .filter_map(|(i, finding)| {
                        PairView::new(outcome, texts, finding, format!("{}-{}", self.id, i + 1))
                    })
                    .collect();
                self.more_places =
                    group.findings.len().checked_sub(COMPARED + 1).map(|more| thousands(more as u64 + 1));
            }
        }
        if let Some(comparison) = self.comparisons.first_mut() {
            comparison.is_open = true;
        }
        if let Some(pair) = self.pairs.first_mut() {
            pair.is_open = true;
        }
    }
}

/// The place that a group is named after.
fn title_place<'a>(group: &Group<'a>) -> &'a FoundAt {
    let first = group.first();
    match group.kind {
        Kind::Cluster => &first.places[first.keep.unwrap_or(0)],
        Kind::Contained => contained(first).0,
        Kind::Passage | Kind::Event => &first.places[0],
    }
}

fn more_text(outcome: &Outcome, group: &Group<'_>, n_documents: usize) -> String {
    let first = group.first();
    match group.kind {
        Kind::Cluster if first.keep.is_none() => {
            format!("and {}, similar", show_name(outcome, first.places[1].document))
        }
        Kind::Cluster => format!("and {}", counted(n_documents - 1, "copy")),
        Kind::Contained => format!("in {}", show_name(outcome, contained(first).1.document)),
        Kind::Passage if n_documents == 1 => format!("{} in it", counted(first.places.len(), "place")),
        Kind::Passage => {
            format!("{} in {}", counted(first.places.len(), "place"), counted(n_documents, "document"))
        }
        Kind::Event if n_documents == 2 => format!("and {}", show_name(outcome, first.places[1].document)),
        Kind::Event => format!("and {} more", n_documents - 1),
    }
}

/// The inner and the outer document; the kept one is the outer.
fn contained(finding: &Finding) -> (&FoundAt, &FoundAt) {
    let (a, b) = (&finding.places[0], &finding.places[1]);
    if finding.keep == Some(1) { (a, b) } else { (b, a) }
}

/// Numbers and rules of the whole group.
fn facts(outcome: &Outcome, group: &Group<'_>) -> Vec<(&'static str, String)> {
    let first = group.first();
    let mut facts = vec![];
    match (&first.measure, group.kind) {
        (Measure::Shingles(_), Kind::Cluster) => {
            if let Some(rule) = outcome.parameters.get("keep").filter(|_| first.keep.is_some()) {
                let why = match rule.as_str() {
                    "longest" => "longest: the most words, then the first name",
                    "first" => "first: the first name",
                    other => other,
                };
                facts.push(("keep rule", visible(why)));
            }
        }
        (Measure::Shingles(overlap), _) => {
            facts.push(("Jaccard", format!("{:.6}", overlap.jaccard())));
            facts.push((
                "shingles shared",
                format!("{} of {}", thousands(u64::from(overlap.both)), thousands(overlap.union())),
            ));
            facts.push(("containment", format!("{:.6}", overlap.containment())));
        }
        (Measure::Event { .. }, _) => facts.push(("pairs", thousands(group.findings.len() as u64))),
    }
    facts
}

fn places(outcome: &Outcome, texts: &Texts, group: &Group<'_>) -> Vec<Place> {
    let first = group.first();
    match group.kind {
        Kind::Cluster => {
            let keep = first.keep.unwrap_or(0);
            let kept = place(
                outcome,
                texts,
                &first.places[keep],
                if first.keep.is_some() { "kept" } else { "copy of another" },
                None,
            );
            let others = group.findings.iter().flat_map(|finding| {
                let others = finding.places.iter().enumerate().filter(move |(i, _)| *i != keep);
                others.map(|(_, at)| {
                    let role = match (finding.rule, finding.keep) {
                        (_, None) => "similar, but stays",
                        (Rule::ExactDuplicate, _) => "same bytes",
                        _ => "near-duplicate",
                    };
                    place(outcome, texts, at, role, Some(&finding.measure))
                })
            });
            std::iter::once(kept).chain(others.take(PLACES)).collect()
        }
        // A pair names its places above its columns.
        Kind::Event => vec![],
        Kind::Contained | Kind::Passage => {
            let shown = first.places.iter().take(PLACES).enumerate();
            shown
                .map(|(i, at)| {
                    let role = match (group.kind, first.keep == Some(i)) {
                        (Kind::Contained, true) => "kept, holds the other",
                        (Kind::Contained, false) => "inside",
                        _ => "",
                    };
                    place(outcome, texts, at, role, None)
                })
                .collect()
        }
    }
}

fn place(
    outcome: &Outcome,
    texts: &Texts,
    at: &FoundAt,
    role: &'static str,
    measure: Option<&Measure>,
) -> Place {
    let lines = at.lines;
    let hash = at.excerpt.is_empty().then(|| texts.at(at).hash).flatten();
    let measure = measure.and_then(|measure| match measure {
        Measure::Shingles(overlap) => Some([
            format!("{:.6}", overlap.jaccard()),
            format!("{} of {}", thousands(u64::from(overlap.both)), thousands(overlap.union())),
            format!("{:.6}", overlap.containment()),
        ]),
        Measure::Event { .. } => None,
    });
    Place {
        name: show_name(outcome, at.document),
        language: at.language.map(visible),
        lines: if lines.first == lines.last {
            lines.first.to_string()
        } else {
            format!("{}–{}", lines.first, lines.last)
        },
        bytes: format!("{}–{}", at.bytes.start, at.bytes.end),
        hash: hash.map(|hash| format!("{hash:016x}")),
        role,
        measure,
    }
}

fn strength(measure: &Measure) -> f64 {
    match measure {
        Measure::Shingles(overlap) => overlap.jaccard(),
        Measure::Event { score, .. } => *score,
    }
}

fn quote(text: &Text) -> Option<Quote> {
    const QUOTED: usize = 900;
    let words = text.words.trim();
    let (head, cut) = match words.char_indices().nth(QUOTED) {
        Some((at, _)) => (words[..at].trim_end(), true),
        None => (words, !text.whole && !words.ends_with('…')),
    };
    (!words.is_empty()).then(|| Quote { text: visible_lines(head), is_cut: cut })
}

fn compare(outcome: &Outcome, texts: &Texts, finding: &Finding) -> Option<Comparison> {
    const CONTEXT: usize = 24;
    const MOST: usize = 120;
    let [left, right] = texts.of_both(&finding.places[0], &finding.places[1]);
    if left.words.is_empty() || right.words.is_empty() {
        return None;
    }
    let is_part = !(left.whole && right.whole);
    let compare = if is_part { difference_of_beginnings } else { difference };
    let runs = compare(&left.words, &right.words);
    if is_same(&runs) {
        return None;
    }
    let words_of =
        |side: Side| runs.iter().filter(|run| run.side == side).map(|run| run.n_words as u64).sum();
    Some(Comparison {
        left: show_name(outcome, finding.places[0].document),
        right: show_name(outcome, finding.places[1].document),
        removed: thousands(words_of(Side::Left)),
        added: thousands(words_of(Side::Right)),
        runs: elide(&runs, CONTEXT, MOST).iter().map(shown).collect(),
        is_part,
        is_open: false,
    })
}

fn shown(run: &Run<'_>) -> Shown {
    let gap = run.is_elided().then(|| counted(run.n_words, "word"));
    let text = run.text();
    let (words, blank) = text.split_at(text.trim_end().len());
    Shown { side: run.side, text: visible_lines(words), blank: visible_lines(blank), gap }
}

/// A document's name, short enough for a heading.
pub(super) fn show_name(outcome: &Outcome, document: DocId) -> String {
    visible(&name(outcome, document))
}

fn one_line(text: &str) -> String {
    shortened(&text.split_whitespace().collect::<Vec<_>>().join(" "), 400)
}
