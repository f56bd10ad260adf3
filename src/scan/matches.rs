//! Anchors that stand in several places become matches: two documents, or one
//! document twice, and the words where both may run along the same text.

use super::contained::Contained;
use super::ingest::Table;
use crate::near::anchors::Anchor;
use crate::near::verify::SimilarPair;
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

/// All matches of a corpus, sorted, each once.
pub(super) struct Matches {
    pub sorted: Vec<Match>,
    /// Number of anchors of each document.
    pub n_anchors: Vec<u32>,
}

impl Matches {
    /// The matches that two given documents have, document by document.
    pub fn by_pair(&self) -> impl Iterator<Item = &[Match]> {
        self.sorted.chunk_by(|a, b| (a.left, a.right) == (b.left, b.right))
    }

    /// Leaves out matches between a contained document and its container.
    pub fn without(&self, contained: &[Contained]) -> Self {
        let gone: AHashSet<(u32, u32)> =
            contained.iter().map(|found| (found.inner.min(found.outer), found.inner.max(found.outer))).collect();
        let sorted = self.sorted.iter().filter(|found| !gone.contains(&(found.left, found.right))).copied();
        Self { sorted: sorted.collect(), n_anchors: self.n_anchors.clone() }
    }
}

/// Takes the anchors out of the table and pairs them up. Documents that are
/// similar as wholes are left out: they are known already.
pub(super) fn matches(table: &mut Table, similar: &[SimilarPair]) -> Matches {
    let mut anchors = std::mem::take(&mut table.anchors);
    let mut n_anchors = vec![0; table.len()];
    for anchor in &anchors {
        n_anchors[anchor.document as usize] += 1;
    }
    anchors.par_sort_unstable();
    anchors.dedup();
    let known: AHashSet<(u32, u32)> = similar.iter().map(|pair| (pair.left, pair.right)).collect();
    let rank = |document: u32| (table.text_hashes[document as usize], document);
    let mut sorted = vec![];
    for group in anchors.chunk_by(|a, b| a.hash == b.hash).filter(|group| group.len() > 1) {
        inside(group, &mut sorted);
        between(group, &known, rank, &mut sorted);
    }
    sorted.par_sort_unstable();
    sorted.dedup();
    Matches { sorted, n_anchors }
}

/// Neighbouring places of one anchor in one document.
fn inside(group: &[Anchor], found: &mut Vec<Match>) {
    let neighbours = group.windows(2).filter(|pair| pair[0].document == pair[1].document);
    found.extend(neighbours.map(|pair| Match {
        left: pair[0].document,
        right: pair[0].document,
        left_word: pair[0].word,
        right_word: pair[1].word,
    }));
}

/// The first place of one anchor in different documents.
fn between(
    group: &[Anchor],
    known: &AHashSet<(u32, u32)>,
    rank: impl Fn(u32) -> (Option<u64>, u32),
    found: &mut Vec<Match>,
) {
    let mut firsts: Vec<Anchor> = group.chunk_by(|a, b| a.document == b.document).map(|same| same[0]).collect();
    if firsts.len() < 2 {
        return;
    }
    let all_with_all = firsts.len() <= SPREAD;
    // What stands in front is compared with all others; which one that is
    // must depend on the texts, not on the order they were read in.
    firsts.sort_unstable_by_key(|anchor| rank(anchor.document));
    for (i, a) in firsts.iter().enumerate() {
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
        if !all_with_all {
            break;
        }
    }
}
