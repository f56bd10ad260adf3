//! Anchors that stand in several places become matches: two documents, or one
//! document twice, and the words where both may run along the same text.

use super::table::Table;
use crate::error::Result;
use crate::near::anchors::Anchor;
use crate::near::verify::ordered;
use crate::outcome::Near;
use crate::spill::{Record, Sorted, Sorter};
use ahash::AHashSet;

/// An anchor in up to this many documents is compared all with all; one in
/// more is boilerplate, and each is compared with one of them.
const SPREAD: usize = 8;

/// The words at which two documents meet. `left <= right`; equal for a
/// repeat inside one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub left: u32,
    pub right: u32,
    pub left_word: u32,
    pub right_word: u32,
}

impl Record for Match {
    const BYTES: usize = 16;

    fn put(&self, buffer: &mut [u8]) {
        (self.left, self.right).put(&mut buffer[..8]);
        (self.left_word, self.right_word).put(&mut buffer[8..]);
    }

    fn get(buffer: &[u8]) -> Self {
        let ((left, right), (left_word, right_word)) = (Record::get(&buffer[..8]), Record::get(&buffer[8..]));
        Self { left, right, left_word, right_word }
    }
}

/// What the anchors of a corpus say about its documents.
pub(super) struct Matches {
    /// Places of passages, sorted, each once.
    pub passages: Sorted<Match>,
    /// Documents of which one may stand inside the other, sorted, each once.
    pub inside: Vec<(u32, u32)>,
}

/// Of the anchors of a contained document at least one in so many is found
/// again; edits and the ends of the text take the others.
const SHARED_ANCHORS: u32 = 4;
/// An anchor that gives more pairs than this is boilerplate.
const CROWD: usize = 4096;

/// Takes the anchors out of the table and pairs them up. Documents that would
/// not be kept anyway are looked at for repeats inside themselves only, and
/// pairs that are similar as wholes not at all: they are known already.
///
/// # Errors
///
/// When a temporary file cannot be written or read.
pub(super) fn matches(table: &mut Table, near: &Near) -> Result<Matches> {
    let anchors = table.anchors.take().finish()?;
    let table = &*table;
    let known: AHashSet<(u32, u32)> = near.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
    let gone: AHashSet<u32> = near.clusters.iter().flat_map(|cluster| &cluster.others).copied().collect();
    let is_kept = |document: u32| !gone.contains(&document);
    let mut passages = Sorter::new(table.spill.clone()).distinct();
    let mut inside = Sorter::new(table.spill.clone());
    let same = |a: &Anchor, b: &Anchor| a.hash == b.hash;
    anchors.stretches(1, same, |group| {
        if group.len() < 2 {
            return Ok(());
        }
        passages.extend(within(group))?;
        let firsts: Vec<Anchor> =
            group.chunk_by(|a, b| a.document == b.document).map(|same| same[0]).collect();
        if firsts.len() < 2 {
            return Ok(());
        }
        let firsts = by_content(firsts, table, is_kept);
        let n_kept = firsts.partition_point(|anchor| is_kept(anchor.document));
        inside.extend(nested(&firsts, n_kept, &known))?;
        passages.extend(between(&firsts[..n_kept], &known))
    })?;
    let mut enough = vec![];
    let same = |a: &(u32, u32), b: &(u32, u32)| a == b;
    inside.finish()?.stretches(1, same, |pairs| {
        let (a, b) = pairs[0];
        let n_anchors = table.row(a).n_anchors.min(table.row(b).n_anchors);
        enough.extend((pairs.len() as u32 * SHARED_ANCHORS >= n_anchors).then_some((a, b)));
        Ok(())
    })?;
    Ok(Matches { passages: passages.finish()?, inside: enough })
}

/// What stands in front is compared with all others; which one that is must
/// depend on the texts, not on the order they were read in.
fn by_content(firsts: Vec<Anchor>, table: &Table, is_kept: impl Fn(u32) -> bool) -> Vec<Anchor> {
    let mut ranked: Vec<((bool, u64), Anchor)> = firsts
        .into_iter()
        .map(|anchor| ((!is_kept(anchor.document), table.row(anchor.document).text_hash), anchor))
        .collect();
    ranked.sort_unstable();
    for equal in ranked.chunk_by_mut(|a, b| a.0 == b.0) {
        equal.sort_by_cached_key(|(_, anchor)| table.name(anchor.document));
    }
    ranked.into_iter().map(|(_, anchor)| anchor).collect()
}

/// Pairs of which one document may stand inside the other.
fn nested(
    firsts: &[Anchor],
    n_kept: usize,
    known: &AHashSet<(u32, u32)>,
) -> impl Iterator<Item = (u32, u32)> {
    let crowded = n_kept * firsts.len() > CROWD;
    let pairs = firsts
        .iter()
        .enumerate()
        .take(if crowded { 1 } else { n_kept })
        .flat_map(|(i, a)| firsts[i + 1..].iter().map(|b| ordered(a.document, b.document)));
    pairs.filter(|pair| !known.contains(pair))
}

/// Neighbouring places of one anchor in one document.
fn within(group: &[Anchor]) -> impl Iterator<Item = Match> {
    let neighbours = group.windows(2).filter(|pair| pair[0].document == pair[1].document);
    neighbours.map(|pair| Match {
        left: pair[0].document,
        right: pair[0].document,
        left_word: pair[0].word,
        right_word: pair[1].word,
    })
}

/// The first place of one anchor in different documents.
fn between(firsts: &[Anchor], known: &AHashSet<(u32, u32)>) -> impl Iterator<Item = Match> {
    let stars = if firsts.len() <= SPREAD { firsts.len() } else { 1 };
    let pairs = firsts.iter().enumerate().take(stars);
    let pairs = pairs.flat_map(|(i, a)| firsts[i + 1..].iter().map(move |b| (a, b)));
    let ordered = pairs.map(|(a, b)| if a.document < b.document { (a, b) } else { (b, a) });
    ordered.filter(|(a, b)| !known.contains(&(a.document, b.document))).map(|(a, b)| Match {
        left: a.document,
        right: b.document,
        left_word: a.word,
        right_word: b.word,
    })
}
