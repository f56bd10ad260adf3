//! Passages that stand in several places, in one document or in many.
//!
//! Documents that share anchors are read again and compared word by word;
//! repeats that share a place are joined, so a paragraph in a thousand
//! documents is one finding with a thousand places.

use super::Scan;
use super::documents::{excerpt, fetch, weaker};
use super::matches::Match;
use super::table::Table;
use crate::components::Components;
use crate::corpus::{Corpus, DocId, Progress};
use crate::error::Result;
use crate::finding::{Finding, FoundAt, Measure, Rule, fingerprint};
use crate::near::passages::{PassageRule, PassageText, Repeat, repeats};
use crate::near::shingle::{Shingled, sequence_hash};
use crate::near::verify::groups;
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

/// A passage that stands in two places.
struct Verified {
    places: [Passage; 2],
    overlap: Overlap,
}

/// Matches that are compared together.
const STRETCH: usize = 1 << 20;

/// Finds repeated passages along the matches, but not between documents that
/// are `known` to go together.
pub(super) fn repeated_passages(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    matches: Sorted<Match>,
    known: &AHashSet<(u32, u32)>,
    progress: &dyn Progress,
) -> Result<Vec<Finding>> {
    let ends = |found: &Match| (found.left, found.right);
    let mut verified = vec![];
    progress.begin("comparing passages", matches.len(), "matches");
    matches.stretches(
        STRETCH,
        |a, b| ends(a) == ends(b),
        |matches| {
            let by_pair: AHashMap<(u32, u32), &[Match]> =
                matches.chunk_by(|a, b| ends(a) == ends(b)).map(|found| (ends(&found[0]), found)).collect();
            let wanted = |&(a, b): &(u32, u32)| !known.contains(&(a, b)) && !table.are_apart(a, b);
            let mut pairs: Vec<(u32, u32)> = by_pair.keys().copied().filter(wanted).collect();
            pairs.sort_unstable();
            let groups = groups(&pairs, |document| u64::from(table.row(document).place.length));
            let found =
                groups.into_par_iter().map(|group| compare(scan, corpus, table, &group, &by_pair, progress));
            for found in found.collect::<Result<Vec<_>>>()? {
                verified.extend(found);
            }
            progress.advance(matches.len() as u64);
            Ok(())
        },
    )?;
    Ok(findings(table, scan, verified))
}

/// A document as passages see it, with the way back to its bytes.
struct Loaded {
    text: String,
    shingled: Shingled,
    passages: PassageText,
}

fn compare(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    pairs: &[(u32, u32)],
    matches: &AHashMap<(u32, u32), &[Match]>,
    progress: &dyn Progress,
) -> Result<Vec<Verified>> {
    let mut documents: Vec<u32> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    documents.sort_unstable();
    documents.dedup();
    let mut loaded = Vec::with_capacity(documents.len());
    fetch(corpus, table, &documents, progress, |_, document| {
        let mut shingled = Shingled::default();
        shingled.fill(&document.text, scan.shingle);
        let passages = PassageText::of(&document.text, &shingled);
        loaded.push(Loaded { text: document.text.to_string(), shingled, passages });
    })?;
    let rule = PassageRule {
        shingle: scan.shingle,
        threshold: scan.threshold,
        min_words: scan.min_words,
        min_run: scan.min_run,
    };
    let at = |document: u32| documents.partition_point(|&other| other < document);
    let mut verified = vec![];
    for &(a, b) in pairs {
        let mut anchors: Vec<(u32, u32)> =
            matches[&(a, b)].iter().map(|found| (found.left_word, found.right_word)).collect();
        // Sides are chosen by name: reading order must not show.
        let turned = table.name(a) > table.name(b);
        let (a, b) = if turned { (b, a) } else { (a, b) };
        if turned {
            anchors.iter_mut().for_each(|(i, j)| std::mem::swap(i, j));
        }
        let (left, right) = (&loaded[at(a)], &loaded[at(b)]);
        for Repeat { left: l, right: r, overlap } in repeats(&left.passages, &right.passages, &anchors, &rule)
        {
            let places = [left.passage(DocId(a), &l), right.passage(DocId(b), &r)];
            verified.push(Verified { places, overlap });
        }
    }
    Ok(verified)
}

impl Loaded {
    fn passage(&self, document: DocId, words: &Range<u32>) -> Passage {
        let bytes = self.bytes(words);
        let at = FoundAt {
            document,
            bytes,
            lines: Lines::of(&self.text).span(bytes),
            language: None,
            excerpt: excerpt(bytes.of(&self.text)),
        };
        let content = sequence_hash(&self.passages.words[words.start as usize..words.end as usize]);
        Passage { at, content }
    }

    /// The bytes of a range of words, out to the paragraph's ends where the
    /// range ends with the paragraph.
    fn bytes(&self, words: &Range<u32>) -> ByteSpan {
        let inner = self.shingled.original(words.start as usize, words.end as usize);
        let mut bytes = inner;
        let starts = self.passages.paragraphs.iter().position(|paragraph| paragraph.start == words.start);
        let ends = self.passages.paragraphs.iter().position(|paragraph| paragraph.end == words.end);
        if starts.is_none() && ends.is_none() {
            return inner;
        }
        for paragraph in paragraphs(&self.text).into_iter().filter(|paragraph| paragraph.overlaps(inner)) {
            if starts.is_some() {
                bytes.start = bytes.start.min(paragraph.start);
            }
            if ends.is_some() {
                bytes.end = bytes.end.max(paragraph.end);
            }
        }
        bytes
    }
}

/// One finding for all places that were found to hold the same.
fn findings(table: &Table, scan: &Scan, verified: Vec<Verified>) -> Vec<Finding> {
    let mut number: AHashMap<(DocId, ByteSpan), u32> = AHashMap::new();
    let mut passages: Vec<Passage> = vec![];
    let mut edges = vec![];
    for Verified { places, overlap } in verified {
        let ends = places.map(|passage| {
            *number.entry((passage.at.document, passage.at.bytes)).or_insert_with(|| {
                passages.push(passage);
                passages.len() as u32 - 1
            })
        });
        edges.push((ends, overlap));
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
