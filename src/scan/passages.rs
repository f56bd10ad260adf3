//! Passages that stand in several places, in one document or in many.
//!
//! Documents that share anchors are compared word by word, and what they
//! share is looked up in the texts; repeats that share a place are joined, so a paragraph in a thousand
//! documents is one finding with a thousand places.

use super::Scan;
use super::documents::{excerpt, fetch, weaker};
use super::matches::Match;
use super::sequences::{Sequences, Wanted};
use super::table::Table;
use crate::components::Components;
use crate::corpus::{Corpus, DocId, Progress};
use crate::error::{Error, Result};
use crate::finding::{Finding, FoundAt, Measure, Rule, fingerprint};
use crate::near::passages::{PassageRule, PassageText, repeats};
use crate::near::shingle::{Shingled, sequence_hash};
use crate::similarity::Overlap;
use crate::span::{ByteSpan, Lines};
use crate::spill::Sorted;
use crate::text::paragraphs::paragraphs;
use ahash::{AHashMap, AHashSet};
use rayon::prelude::*;
use std::ops::Range;

/// A passage of a document with the hash of its words.
struct Passage {
    at: FoundAt,
    content: u64,
}

/// A range of words of a document.
type WordRange = (u32, Range<u32>);

/// A passage that stands in two places.
struct Verified {
    places: [WordRange; 2],
    overlap: Overlap,
}

/// Matches that are compared together.
const STRETCH: usize = 1 << 20;
/// Pairs of documents, or documents, that make a task.
const TASK: usize = 64;

/// Finds repeated passages along the matches, but not between documents that
/// are `known` to go together.
pub(super) fn repeated_passages(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    (matches, known): (&Sorted<Match>, &AHashSet<(u32, u32)>),
    progress: &dyn Progress,
) -> Result<Vec<Finding>> {
    let ends = |found: &Match| (found.left, found.right);
    let same = |a: &Match, b: &Match| ends(a) == ends(b);
    let is_wanted = |(a, b): (u32, u32)| !known.contains(&(a, b)) && !table.are_apart(a, b);
    let mut wanted = Wanted::none(table.len());
    matches.stretches(1, same, |matches| {
        if is_wanted(ends(&matches[0])) {
            wanted.add(matches[0].left);
            wanted.add(matches[0].right);
        }
        Ok(())
    })?;
    let sequences = Sequences::of(corpus, table, &wanted, progress)?;
    progress.begin("comparing passages", matches.len(), "matches");
    let mut verified = vec![];
    matches.stretches(STRETCH, same, |matches| {
        let pairs: Vec<&[Match]> = matches.chunk_by(same).filter(|pair| is_wanted(ends(&pair[0]))).collect();
        let found = pairs.par_chunks(TASK).map(|pairs| {
            if progress.is_stopped() {
                return Err(Error::interrupted());
            }
            compare(scan, table, &sequences, pairs)
        });
        for found in found.collect::<Result<Vec<_>>>()? {
            verified.extend(found);
        }
        progress.advance(matches.len() as u64);
        Ok(())
    })?;
    drop(sequences);
    let passages = passages(corpus, table, &verified, progress)?;
    Ok(findings(table, scan, &passages, &verified))
}

/// The repeats of some pairs of documents; the matches of a pair stand together.
fn compare(
    scan: &Scan,
    table: &Table,
    sequences: &Sequences<'_>,
    pairs: &[&[Match]],
) -> Result<Vec<Verified>> {
    let rule = PassageRule {
        shingle: scan.shingle,
        threshold: scan.threshold,
        min_words: scan.min_words,
        min_run: scan.min_run,
    };
    let mut verified = vec![];
    let mut left: Option<(u32, PassageText)> = None;
    for matches in pairs {
        let (a, b) = (matches[0].left, matches[0].right);
        let first = match left.take() {
            Some((document, text)) if document == a => text,
            _ => sequences.text(a)?,
        };
        let second = if a == b { None } else { Some(sequences.text(b)?) };
        let mut anchors: Vec<(u32, u32)> =
            matches.iter().map(|found| (found.left_word, found.right_word)).collect();
        let mut sides = [(a, &first), (b, second.as_ref().unwrap_or(&first))];
        // Sides are chosen by name: reading order must not show.
        if table.name(a) > table.name(b) {
            sides.reverse();
            anchors.iter_mut().for_each(|(i, j)| std::mem::swap(i, j));
        }
        let [(a_side, one), (b_side, other)] = sides;
        verified.extend(repeats(one, other, &anchors, &rule).into_iter().map(|repeat| Verified {
            places: [(a_side, repeat.left), (b_side, repeat.right)],
            overlap: repeat.overlap,
        }));
        left = Some((a, first));
    }
    Ok(verified)
}

/// Where the verified ranges of words stand, by range.
fn passages(
    corpus: &Corpus,
    table: &Table,
    verified: &[Verified],
    progress: &dyn Progress,
) -> Result<AHashMap<WordRange, Passage>> {
    let mut ranges: Vec<&WordRange> = verified.iter().flat_map(|found| &found.places).collect();
    ranges.sort_unstable_by_key(|(document, words)| (*document, words.start, words.end));
    ranges.dedup();
    let by_document: Vec<&[&WordRange]> = ranges.chunk_by(|a, b| a.0 == b.0).collect();
    let read = |ranges: &[&[&WordRange]]| {
        let documents: Vec<u32> = ranges.iter().map(|ranges| ranges[0].0).collect();
        let mut passages = vec![];
        fetch(corpus, table, &documents, progress, |i, document| {
            let text = Located::of(&document.text);
            passages.extend(ranges[i].iter().map(|&range| (range.clone(), text.passage(range))));
        })?;
        Ok(passages)
    };
    let passages = by_document.par_chunks(TASK).map(read).collect::<Result<Vec<_>>>()?;
    Ok(passages.into_iter().flatten().collect())
}

/// A text with the way from its words back to its bytes.
struct Located<'a> {
    text: &'a str,
    shingled: Shingled,
    words: PassageText,
    paragraphs: Vec<ByteSpan>,
    lines: Lines,
}

impl<'a> Located<'a> {
    fn of(text: &'a str) -> Self {
        let mut shingled = Shingled::default();
        shingled.fill(text, 1);
        let words = PassageText::of(text, &shingled);
        Self { text, shingled, words, paragraphs: paragraphs(text), lines: Lines::of(text) }
    }

    fn passage(&self, (document, words): &WordRange) -> Passage {
        let bytes = self.bytes(words);
        let at = FoundAt {
            document: DocId(*document),
            bytes,
            lines: self.lines.span(bytes),
            language: None,
            excerpt: excerpt(bytes.of(self.text)),
        };
        let content = sequence_hash(&self.words.words[words.start as usize..words.end as usize]);
        Passage { at, content }
    }

    /// The bytes of a range of words, out to the paragraph's ends where the
    /// range ends with the paragraph.
    fn bytes(&self, words: &Range<u32>) -> ByteSpan {
        let inner = self.shingled.original(words.start as usize, words.end as usize);
        let mut bytes = inner;
        let starts = self.words.paragraphs.iter().any(|paragraph| paragraph.start == words.start);
        let ends = self.words.paragraphs.iter().any(|paragraph| paragraph.end == words.end);
        for paragraph in self.paragraphs.iter().filter(|paragraph| paragraph.overlaps(inner)) {
            if starts {
                bytes.start = bytes.start.min(paragraph.start);
            }
            if ends {
                bytes.end = bytes.end.max(paragraph.end);
            }
        }
        bytes
    }
}

/// One finding for all places that were found to hold the same.
fn findings(
    table: &Table,
    scan: &Scan,
    located: &AHashMap<WordRange, Passage>,
    verified: &[Verified],
) -> Vec<Finding> {
    // Two ranges of words may come out as the same bytes.
    let mut number: AHashMap<(DocId, ByteSpan), u32> = AHashMap::new();
    let mut passages: Vec<&Passage> = vec![];
    let mut edges = vec![];
    for Verified { places, overlap } in verified {
        let ends = places.each_ref().map(|range| {
            let passage = &located[range];
            *number.entry((passage.at.document, passage.at.bytes)).or_insert_with(|| {
                passages.push(passage);
                passages.len() as u32 - 1
            })
        });
        edges.push((ends, *overlap));
    }
    let mut components = Components::of(edges.iter().map(|(ends, _)| (ends[0], ends[1])));
    let mut members: AHashMap<u32, (Vec<u32>, Option<Overlap>)> = AHashMap::new();
    for i in 0..passages.len() as u32 {
        members.entry(components.name(i)).or_default().0.push(i);
    }
    for ([a, _], overlap) in &edges {
        let entry = members.entry(components.name(*a)).or_default();
        entry.1 = Some(entry.1.map_or(*overlap, |other| weaker(other, *overlap)));
    }
    let mut findings = vec![];
    for (mut group, overlap) in members.into_values() {
        let Some(overlap) = overlap else { continue };
        group.sort_by_cached_key(|&i| {
            let at = &passages[i as usize].at;
            (scan.keep.preference(table, at.document.0), at.bytes)
        });
        let rule = Rule::RepeatedPassage;
        let contents: Vec<u64> = group.iter().map(|&i| passages[i as usize].content).collect();
        findings.push(Finding {
            rule,
            fingerprint: fingerprint(rule, &contents),
            measure: Measure::Shingles(overlap),
            places: group.iter().map(|&i| passages[i as usize].at.clone()).collect(),
            keep: Some(0),
        });
    }
    findings
}
