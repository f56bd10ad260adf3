//! Two reports of one event side by side, with the facts marked in both.

use super::item::show_name;
use crate::finding::{Finding, Measure};
use crate::outcome::Outcome;
use crate::plural::counted;
use crate::report::correspond::{Annotated, Correspondence, correspondences};
use crate::report::escape::{visible, visible_lines};
use crate::report::figures::shortened;
use crate::report::texts::Texts;
use crate::span::ByteSpan;

/// Facts shown of one pair; more are summed up.
const FACTS: usize = 40;

/// A pair of reports.
pub(super) struct PairView {
    pub id: String,
    pub score: String,
    pub columns: [Column; 2],
    pub has_texts: bool,
    pub facts: Vec<Fact>,
    pub more_facts: Option<String>,
    pub is_open: bool,
}

/// One of the reports.
pub(super) struct Column {
    pub side: &'static str,
    pub name: String,
    pub language: String,
    pub lines: String,
    pub paragraphs: Vec<Paragraph>,
    pub is_cut: bool,
}

/// A paragraph, and those of the other report that correspond to it.
pub(super) struct Paragraph {
    pub number: usize,
    pub partners: Vec<usize>,
    pub pieces: Vec<Piece>,
}

/// Some words, with the fact that they put.
pub(super) struct Piece {
    pub text: String,
    pub fact: Option<usize>,
    pub agrees: bool,
}

/// A row of the table of facts.
pub(super) struct Fact {
    pub number: usize,
    pub agrees: bool,
    pub kind: &'static str,
    pub value: String,
    pub left: String,
    pub right: String,
    pub weight: String,
    pub bar: u32,
}

impl PairView {
    /// What is shown of a cross-language pair; `None` for other findings.
    pub fn new(outcome: &Outcome, texts: &Texts, finding: &Finding, id: String) -> Option<Self> {
        let (Measure::Event { score, evidence }, [_, _, ..]) = (&finding.measure, finding.places.as_slice())
        else {
            return None;
        };
        let evidence = &evidence[..];
        let shown = &evidence[..evidence.len().min(FACTS)];
        let read = [0, 1].map(|i| texts.at(&finding.places[i]));
        let wordings: [Vec<&str>; 2] = [
            shown.iter().map(|fact| fact.left.as_str()).collect(),
            shown.iter().map(|fact| fact.right.as_str()).collect(),
        ];
        let annotated = [0, 1].map(|i| Annotated::new(&read[i].words, wordings[i].iter().copied()));
        let links = correspondences(&annotated[0], &annotated[1], shown);
        let agrees = |fact: usize| shown[fact].weight >= 0.0 || shown[fact].is_term();
        let columns = [0, 1].map(|i| {
            let place = &finding.places[i];
            let lines = place.lines;
            Column {
                side: ["l", "r"][i],
                name: show_name(outcome, place.document),
                language: place.language.map_or_else(String::new, visible),
                lines: if lines.first == lines.last {
                    format!("line {}", lines.first)
                } else {
                    format!("lines {}–{}", lines.first, lines.last)
                },
                paragraphs: paragraphs(&read[i].words, &annotated[i], &links, i, agrees),
                is_cut: !read[i].whole,
            }
        });
        let worded = shown.iter().filter(|fact| !fact.is_term());
        let heaviest = worded.map(|fact| fact.weight.abs()).fold(f64::MIN_POSITIVE, f64::max);
        let facts = shown.iter().enumerate().map(|(number, fact)| Fact {
            number,
            agrees: agrees(number),
            kind: fact.kind,
            value: visible(&shortened(&fact.value, 80)),
            left: visible(&shortened(&fact.left, 80)),
            right: visible(&shortened(&fact.right, 80)),
            weight: format!("{:+.2}", fact.weight).replace('-', "−"),
            bar: if fact.is_term() { 0 } else { (fact.weight.abs() / heaviest * 40.0).round() as u32 },
        });
        let rest: f64 = evidence[shown.len()..].iter().map(|fact| fact.weight).sum();
        let more_facts = (evidence.len() > FACTS)
            .then(|| format!("{}, together {rest:+.2}", counted(evidence.len() - FACTS, "more fact")));
        Some(Self {
            has_texts: read.iter().all(|text| !text.words.is_empty()),
            score: format!("{score:.3}"),
            columns,
            facts: facts.collect(),
            more_facts,
            is_open: false,
            id,
        })
    }
}

fn paragraphs(
    text: &str,
    annotated: &Annotated,
    links: &[Correspondence],
    side: usize,
    agrees: impl Fn(usize) -> bool,
) -> Vec<Paragraph> {
    let mut mentions = annotated.mentions.iter().peekable();
    annotated
        .paragraphs
        .iter()
        .enumerate()
        .map(|(i, paragraph)| {
            let mut pieces = vec![];
            let mut push = |from: u32, to: u32, fact: Option<usize>| {
                let words = ByteSpan { start: from, end: to }.of(text);
                if !words.is_empty() {
                    pieces.push(Piece { text: visible_lines(words), fact, agrees: fact.is_none_or(&agrees) });
                }
            };
            let mut at = paragraph.start;
            while let Some(mention) = mentions.next_if(|mention| mention.bytes.start < paragraph.end) {
                // What runs over the end of a paragraph is marked as far as it goes.
                let (start, end) = (mention.bytes.start.max(at), mention.bytes.end.min(paragraph.end));
                if start >= end {
                    continue;
                }
                push(at, start, None);
                push(start, end, Some(mention.fact));
                at = end;
            }
            push(at, paragraph.end, None);
            let partners = links.iter().filter_map(|link| match side {
                0 => (link.left == i).then_some(link.right + 1),
                _ => (link.right == i).then_some(link.left + 1),
            });
            Paragraph { number: i + 1, partners: partners.collect(), pieces }
        })
        .collect()
}
