//! Anchors that stand in several places become matches: two documents, or one
//! document twice, and the words where both may run along the same text.

use super::ingest::Table;
use crate::corpus::DocId;
use crate::near::anchors::Anchor;
use crate::outcome::Near;
use ahash::AHashSet;
use rayon::prelude::*;

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

/// What the anchors of a corpus say about its documents.
pub(super) struct Matches {
    /// Places of passages, sorted, each once.
    pub passages: Vec<Match>,
    /// Documents of which one may stand inside the other, sorted, each once.
    pub inside: Vec<(u32, u32)>,
}

/// Of the anchors of a contained document at least one in so many is found
/// again; edits and the ends of the text take the others.
const SHARED_ANCHORS: u32 = 4;
/// An anchor that gives more pairs than this is boilerplate.
const CROWD: usize = 4096;

impl Matches {
    /// Leaves out passages between documents that are known to go together.
    pub fn without(mut self, known: &AHashSet<(u32, u32)>) -> Vec<Match> {
        self.passages.retain(|found| !known.contains(&(found.left, found.right)));
        self.passages
    }
}

/// Takes the anchors out of the table and pairs them up. Documents that would
/// not be kept anyway are looked at for repeats inside themselves only, and
/// pairs that are similar as wholes not at all: they are known already.
pub(super) fn matches(table: &mut Table, near: &Near) -> Matches {
    let mut anchors = std::mem::take(&mut table.anchors);
    let mut n_anchors = vec![0u32; table.len()];
    for anchor in &anchors {
        n_anchors[anchor.document as usize] += 1;
    }
    anchors.par_sort_unstable();
    anchors.dedup();
    let known: AHashSet<(u32, u32)> = near.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
    let mut is_kept = vec![true; table.len()];
    for &other in near.clusters.iter().flat_map(|cluster| &cluster.others) {
        is_kept[other as usize] = false;
    }
    let rank = |document: u32| (table.text_hashes[document as usize], table.ids.get(DocId(document)));
    let mut passages = vec![];
    let mut inside = vec![];
    for group in anchors.chunk_by(|a, b| a.hash == b.hash).filter(|group| group.len() > 1) {
        within(group, &mut passages);
        let mut firsts: Vec<Anchor> =
            group.chunk_by(|a, b| a.document == b.document).map(|same| same[0]).collect();
        if firsts.len() < 2 {
            continue;
        }
        // What stands in front is compared with all others; which one that is
        // must depend on the texts, not on the order they were read in.
        firsts.sort_unstable_by(|a, b| {
            let order = |anchor: &Anchor| (!is_kept[anchor.document as usize], rank(anchor.document));
            order(a).cmp(&order(b))
        });
        nested(&firsts, &is_kept, &known, &mut inside);
        let n_kept = firsts.partition_point(|anchor| is_kept[anchor.document as usize]);
        between(&firsts[..n_kept], &known, &mut passages);
    }
    passages.par_sort_unstable();
    passages.dedup();
    inside.par_sort_unstable();
    let enough = |pairs: &&[(u32, u32)]| {
        let (a, b) = pairs[0];
        pairs.len() as u32 * SHARED_ANCHORS >= n_anchors[a as usize].min(n_anchors[b as usize])
    };
    let inside = inside.chunk_by(|a, b| a == b).filter(enough).map(|pairs| pairs[0]).collect();
    Matches { passages, inside }
}

/// Pairs of which one document may stand inside the other.
fn nested(firsts: &[Anchor], is_kept: &[bool], known: &AHashSet<(u32, u32)>, found: &mut Vec<(u32, u32)>) {
    let n_kept = firsts.partition_point(|anchor| is_kept[anchor.document as usize]);
    let crowded = n_kept * firsts.len() > CROWD;
    for (i, a) in firsts.iter().enumerate().take(if crowded { 1 } else { n_kept }) {
        let pairs = firsts[i + 1..].iter().map(|b| (a.document.min(b.document), a.document.max(b.document)));
        found.extend(pairs.filter(|pair| !known.contains(pair)));
    }
}

/// Neighbouring places of one anchor in one document.
fn within(group: &[Anchor], found: &mut Vec<Match>) {
    let neighbours = group.windows(2).filter(|pair| pair[0].document == pair[1].document);
    found.extend(neighbours.map(|pair| Match {
        left: pair[0].document,
        right: pair[0].document,
        left_word: pair[0].word,
        right_word: pair[1].word,
    }));
}

/// The first place of one anchor in different documents.
fn between(firsts: &[Anchor], known: &AHashSet<(u32, u32)>, found: &mut Vec<Match>) {
    let stars = if firsts.len() <= SPREAD { firsts.len() } else { 1 };
    for (i, a) in firsts.iter().enumerate().take(stars) {
        for b in &firsts[i + 1..] {
            let (a, b) = if a.document < b.document { (a, b) } else { (b, a) };
            if !known.contains(&(a.document, b.document)) {
                found.push(Match {
                    left: a.document,
                    right: b.document,
                    left_word: a.word,
                    right_word: b.word,
                });
            }
        }
    }
}
