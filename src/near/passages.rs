//! Finds the passages that two texts, or two parts of one text, have in common.
//!
//! From each common anchor the words are followed to both sides for as long as
//! they agree. A run that fills most of some paragraphs on both sides stands
//! for these paragraphs whole, if they are similar enough; any other run must
//! be long by itself. Passages that follow each other on both sides are one.

use super::shingle::{Shingled, fill_shingles};
use crate::similarity::{Overlap, Threshold};
use crate::text::paragraphs::paragraphs;
use std::ops::Range;

/// A text as passages see it.
#[derive(Clone, Debug, Default)]
pub struct PassageText {
    /// Hashes of the words.
    pub words: Vec<u64>,
    /// The paragraphs as ranges of words, in order, none empty.
    pub paragraphs: Vec<Range<u32>>,
}

/// What counts as a repeated passage.
#[derive(Clone, Copy, Debug)]
pub struct PassageRule {
    /// Words of a shingle.
    pub shingle: usize,
    /// Jaccard similarity of whole paragraphs.
    pub threshold: Threshold,
    /// Paragraphs of fewer words are never found by themselves.
    pub min_words: u32,
    /// A run of so many equal words is found wherever it stands.
    pub min_run: u32,
}

/// A passage that stands in two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Words of the left text.
    pub left: Range<u32>,
    /// Words of the right text, or of the same text further on.
    pub right: Range<u32>,
    /// What the shingle sets of both share.
    pub overlap: Overlap,
}

/// The repeats that the common anchors of two texts lead to. For two places
/// of one text pass it twice, with the earlier place on the left.
#[must_use]
pub fn repeats(
    left: &PassageText,
    right: &PassageText,
    anchors: &[(u32, u32)],
    rule: &PassageRule,
) -> Vec<Repeat> {
    let same = std::ptr::eq(left, right);
    let mut anchors = anchors.to_vec();
    anchors.sort_unstable_by_key(|&(i, j)| (i64::from(j) - i64::from(i), i));
    let mut found: Vec<(Range<u32>, Range<u32>)> = vec![];
    let mut last: Option<(i64, u32)> = None;
    for (i, j) in anchors {
        let diagonal = i64::from(j) - i64::from(i);
        if last.is_some_and(|(on, end)| on == diagonal && i < end) {
            continue;
        }
        let Some((run_left, run_right)) = follow(left, right, i, j, same) else { continue };
        last = Some((diagonal, run_left.end));
        found.extend(passage(left, right, run_left, run_right, same, rule));
    }
    found.sort_unstable_by_key(|(l, r)| (l.start, r.start, l.end, r.end));
    found.dedup();
    join(left, right, found, rule)
}

/// The longest run of equal words through word `i` of the left and `j` of the right text.
fn follow(
    left: &PassageText,
    right: &PassageText,
    i: u32,
    j: u32,
    same: bool,
) -> Option<(Range<u32>, Range<u32>)> {
    let (a, b) = (&left.words, &right.words);
    let (i, j) = (i as usize, j as usize);
    if a.get(i)? != b.get(j)? {
        return None;
    }
    let back = a[..i].iter().rev().zip(b[..j].iter().rev()).take_while(|(x, y)| x == y).count();
    let on = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
    let (mut start_left, mut start_right) = (i - back, j - back);
    let mut length = back + on;
    let period = start_right.wrapping_sub(start_left);
    if same && length > period {
        // A text that repeats itself over and over: keep to the period around the anchor.
        let skipped = back - back % period;
        start_left += skipped;
        start_right += skipped;
        length = (length - skipped).min(period);
    }
    let range = |start: usize| start as u32..(start + length) as u32;
    Some((range(start_left), range(start_right)))
}

/// What a run of equal words is worth: whole paragraphs, itself, or nothing.
fn passage(
    left: &PassageText,
    right: &PassageText,
    run_left: Range<u32>,
    run_right: Range<u32>,
    same: bool,
    rule: &PassageRule,
) -> Option<(Range<u32>, Range<u32>)> {
    let whole_left = left.whole_paragraphs(&run_left);
    let whole_right = right.whole_paragraphs(&run_right);
    if let (Some(l), Some(r)) = (whole_left, whole_right) {
        let apart = !same || l.end <= r.start;
        let long = l.len().min(r.len()) as u32 >= rule.min_words;
        if apart && long && rule.is_similar(&overlap(left, &l, right, &r, rule.shingle)) {
            return Some((l, r));
        }
    }
    (run_left.len() as u32 >= rule.min_run).then_some((run_left, run_right))
}

/// Joins passages that follow each other, with nothing in between, on both sides.
fn join(
    left: &PassageText,
    right: &PassageText,
    found: Vec<(Range<u32>, Range<u32>)>,
    rule: &PassageRule,
) -> Vec<Repeat> {
    let mut joined: Vec<(Range<u32>, Range<u32>)> = vec![];
    for (l, r) in found {
        let before = joined.iter_mut().rev().take(8).find(|(a, b)| {
            let within = |x: &Range<u32>, y: &Range<u32>| x.start <= y.start && y.start <= x.end;
            let (on_left, on_right) = (l.start.wrapping_sub(a.start), r.start.wrapping_sub(b.start));
            let in_step = on_left.abs_diff(on_right) <= 2 + on_left / 5;
            // On one text the grown left side must not reach into the right one.
            let apart = !std::ptr::eq(left, right) || a.end.max(l.end) <= b.start;
            within(a, &l) && within(b, &r) && in_step && apart
        });
        match before {
            Some((a, b)) => {
                a.end = a.end.max(l.end);
                b.end = b.end.max(r.end);
            }
            None => joined.push((l, r)),
        }
    }
    let measured = joined.into_iter().map(|(l, r)| {
        let overlap = overlap(left, &l, right, &r, rule.shingle);
        Repeat { left: l, right: r, overlap }
    });
    measured.collect()
}

/// The paragraphs of a text as ranges of its words, leaving out those without words.
#[must_use]
pub fn paragraph_words(text: &str, shingled: &Shingled) -> Vec<Range<u32>> {
    let mut start = 0;
    let mut found = vec![];
    for paragraph in paragraphs(text) {
        let end = shingled.words_before(paragraph.end, start);
        if start < end {
            found.push(start as u32..end as u32);
        }
        start = end;
    }
    found
}

fn overlap(left: &PassageText, l: &Range<u32>, right: &PassageText, r: &Range<u32>, k: usize) -> Overlap {
    Overlap::of(&left.set(l, k), &right.set(r, k))
}

impl PassageRule {
    fn is_similar(&self, overlap: &Overlap) -> bool {
        self.threshold.is_met_by(u64::from(overlap.both), overlap.union())
    }
}

impl PassageText {
    /// A text that was just shingled, with its paragraphs as ranges of words.
    #[must_use]
    pub fn of(text: &str, shingled: &Shingled) -> Self {
        Self { words: shingled.words().to_vec(), paragraphs: paragraph_words(text, shingled) }
    }

    /// The paragraphs of which the run covers at least half.
    fn whole_paragraphs(&self, run: &Range<u32>) -> Option<Range<u32>> {
        let first = self.paragraphs.partition_point(|paragraph| paragraph.end <= run.start);
        let touched = self.paragraphs[first..].iter().take_while(|paragraph| paragraph.start < run.end);
        let mut covered = touched.filter(|paragraph| {
            let shared = paragraph.end.min(run.end) - paragraph.start.max(run.start);
            2 * shared as usize >= paragraph.len()
        });
        let first = covered.next()?;
        let last = covered.last().unwrap_or(first);
        Some(first.start..last.end)
    }

    /// The shingle set of a range of words.
    #[must_use]
    pub fn set(&self, range: &Range<u32>, k: usize) -> Vec<u64> {
        let mut set = vec![];
        fill_shingles(&self.words[range.start as usize..range.end as usize], k, &mut set);
        set.sort_unstable();
        set.dedup();
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;

    /// Paragraphs of words given as letters; blanks separate paragraphs.
    fn text(paragraphs: &str) -> PassageText {
        let mut text = PassageText::default();
        for paragraph in paragraphs.split(' ') {
            let start = text.words.len() as u32;
            text.words.extend(paragraph.bytes().map(|byte| mix(u64::from(byte))));
            text.paragraphs.push(start..text.words.len() as u32);
        }
        text
    }

    fn rule(min_words: u32, min_run: u32) -> PassageRule {
        PassageRule { shingle: 2, threshold: Threshold::new(0.8).unwrap(), min_words, min_run }
    }

    fn all_anchors(left: &PassageText, right: &PassageText) -> Vec<(u32, u32)> {
        let same = std::ptr::eq(left, right);
        let all = (0..left.words.len()).flat_map(|i| (0..right.words.len()).map(move |j| (i, j)));
        all.filter(|&(i, j)| left.words[i] == right.words[j] && (!same || i < j))
            .map(|(i, j)| (i as u32, j as u32))
            .collect()
    }

    #[track_caller]
    fn check(
        left: &PassageText,
        right: &PassageText,
        rule: PassageRule,
        expected: &[(Range<u32>, Range<u32>)],
    ) {
        let found = repeats(left, right, &all_anchors(left, right), &rule);
        let ranges: Vec<_> = found.into_iter().map(|repeat| (repeat.left, repeat.right)).collect();
        assert_eq!(ranges, expected);
    }

    #[test]
    fn a_block_that_follows_itself_is_one_repeat() {
        let doubled = text("xyz abcd efgh abcd efgh");
        check(&doubled, &doubled, rule(4, 50), &[(3..11, 11..19)]);
    }

    #[test]
    fn paragraphs_of_too_few_words_are_nothing() {
        check(&text("abcd ef ghij"), &text("klmn ef opqr"), rule(3, 50), &[]);
    }

    #[test]
    fn a_long_run_counts_without_any_paragraph_borders() {
        check(&text("1234abcdefgh56789"), &text("opabcdefghq"), rule(4, 8), &[(4..12, 2..10)]);
        check(&text("1234abcdefgh56789"), &text("opabcdefghq"), rule(4, 9), &[]);
    }

    #[test]
    fn an_edited_paragraph_is_found_whole() {
        check(
            &text("zz abcdefghijklmnopqrstu"),
            &text("abcdefghijklmnopqrsXu yy"),
            rule(4, 50),
            &[(2..23, 0..21)],
        );
    }

    #[test]
    fn one_line_over_and_over_pairs_with_its_neighbours_only() {
        let lines = text("abcd abcd abcd");
        check(&lines, &lines, rule(4, 50), &[(0..4, 4..8), (0..4, 8..12), (4..8, 8..12)]);
    }
}
