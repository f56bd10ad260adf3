//! Believes a candidate pair only after its shingle sets were compared.
//!
//! Candidates are grouped so that documents which belong together are fetched
//! together and each, as a rule, once; a group is bounded in bytes, so memory
//! stays flat however large a cluster is. What comes out is exact.

use crate::components::Components;
use crate::similarity::{Overlap, Threshold};
use rayon::prelude::*;

/// Two documents and what their shingle sets share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimilarPair {
    /// The document read first.
    pub left: u32,
    /// The document read later.
    pub right: u32,
    /// What they share; `left` and `right` as above.
    pub overlap: Overlap,
}

/// Bytes of text whose shingle sets are held at one time.
const GROUP_BYTES: u64 = 4 << 20;

/// The shingle sets of some documents, in their order.
pub type Sets = Vec<Vec<u64>>;

/// The pairs whose overlap `keep` accepts, sorted.
///
/// `bytes` tells the size of a document and `sets` fetches shingle sets.
///
/// # Errors
///
/// The first error of `sets`.
pub fn verify<E: Send>(
    pairs: &[(u32, u32)],
    keep: impl Fn(Overlap) -> bool + Sync,
    bytes: impl Fn(u32) -> u64,
    sets: impl Fn(&[u32]) -> Result<Sets, E> + Sync,
    advance: impl Fn(u64) + Sync,
) -> Result<Vec<SimilarPair>, E> {
    let groups = groups(pairs, bytes);
    let verified: Vec<Vec<SimilarPair>> = groups
        .into_par_iter()
        .map(|group| {
            let mut documents: Vec<u32> = group.iter().flat_map(|&(a, b)| [a, b]).collect();
            documents.sort_unstable();
            documents.dedup();
            let sets = sets(&documents)?;
            let set_of = |document: u32| documents.binary_search(&document).map_or(&[][..], |at| &sets[at]);
            advance(group.len() as u64);
            Ok(group
                .iter()
                .map(|&(left, right)| SimilarPair {
                    left,
                    right,
                    overlap: Overlap::of(set_of(left), set_of(right)),
                })
                .filter(|pair| keep(pair.overlap))
                .collect())
        })
        .collect::<Result<_, E>>()?;
    let mut similar: Vec<SimilarPair> = verified.into_iter().flatten().collect();
    similar.sort_unstable_by_key(|pair| (pair.left, pair.right));
    Ok(similar)
}

/// Whether a pair is similar at this threshold.
pub fn is_similar(threshold: Threshold) -> impl Fn(Overlap) -> bool + Sync {
    move |overlap| threshold.is_met_by(u64::from(overlap.both), overlap.union())
}

/// Cuts the pairs into groups whose documents hold at most `GROUP_BYTES`,
/// where a single pair does not hold more.
fn groups(pairs: &[(u32, u32)], bytes: impl Fn(u32) -> u64) -> Vec<Vec<(u32, u32)>> {
    let mut components = Components::of(pairs.iter().copied());
    let mut order: Vec<(u32, u32, u32)> = pairs.iter().map(|&(a, b)| (components.name(a), a, b)).collect();
    order.sort_unstable();
    let mut groups = vec![];
    for members in order.chunk_by(|x, y| x.0 == y.0) {
        blocks(members, &bytes, &mut groups);
    }
    pack(groups)
}

/// A stretch of pairs with the bytes of its documents.
type Sized = (u64, Vec<(u32, u32)>);

/// Cuts one connected component into stretches of bounded size: its documents
/// into blocks, its pairs by the blocks of their two ends.
fn blocks(members: &[(u32, u32, u32)], bytes: &impl Fn(u32) -> u64, groups: &mut Vec<Sized>) {
    let mut documents: Vec<u32> = members.iter().flat_map(|&(_, a, b)| [a, b]).collect();
    documents.sort_unstable();
    documents.dedup();
    let mut sizes = vec![0];
    let mut block_of = ahash::AHashMap::with_capacity(documents.len());
    for &document in &documents {
        let last = sizes.len() - 1;
        if sizes[last] + bytes(document) > GROUP_BYTES / 2 && sizes[last] > 0 {
            sizes.push(0);
        }
        let last = sizes.len() - 1;
        sizes[last] += bytes(document);
        block_of.insert(document, last);
    }
    let mut keyed: Vec<_> = members.iter().map(|&(_, a, b)| ((block_of[&a], block_of[&b]), (a, b))).collect();
    keyed.sort_unstable();
    for stretch in keyed.chunk_by(|x, y| x.0 == y.0) {
        let (left, right) = stretch[0].0;
        let size = if left == right { sizes[left] } else { sizes[left] + sizes[right] };
        groups.push((size, stretch.iter().map(|&(_, pair)| pair).collect()));
    }
}

/// Joins small stretches until they are worth a task.
fn pack(stretches: Vec<Sized>) -> Vec<Vec<(u32, u32)>> {
    let mut packed: Vec<Vec<(u32, u32)>> = vec![];
    let mut size = u64::MAX;
    for (bytes, pairs) in stretches {
        match packed.last_mut() {
            Some(last) if size.saturating_add(bytes) <= GROUP_BYTES => last.extend(pairs),
            _ => {
                packed.push(pairs);
                size = 0;
            }
        }
        size += bytes;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn groups_hold_every_pair_once_and_stay_small() {
        let pairs: Vec<(u32, u32)> =
            (0..40).flat_map(|a| (a + 1..40).map(move |b| (a, b))).chain([(100, 101), (200, 201)]).collect();
        let groups = groups(&pairs, |_| 300_000);
        let mut all: Vec<_> = groups.concat();
        all.sort_unstable();
        assert_eq!(all, pairs);
        assert!(groups.len() > 10, "40 documents of 300 kB do not fit into one group");
        for group in groups {
            let documents: std::collections::BTreeSet<_> = group.iter().flat_map(|&(a, b)| [a, b]).collect();
            assert!(documents.len() * 300_000 <= GROUP_BYTES as usize);
        }
    }

    #[test]
    fn only_pairs_that_reach_the_threshold_are_left() {
        let sets = |documents: &[u32]| -> Result<Sets, Infallible> {
            Ok(documents.iter().map(|&document| (u64::from(document)..10).collect()).collect())
        };
        let keep = is_similar(Threshold::new(0.8).unwrap());
        let Ok(found) = verify(&[(0, 1), (0, 2), (0, 3), (2, 3)], keep, |_| 1, sets, |_| ());
        let pairs: Vec<_> = found.iter().map(|pair| (pair.left, pair.right)).collect();
        assert_eq!(pairs, [(0, 1), (0, 2), (2, 3)], "9/10, 8/10 and 7/8 are in, 7/10 is not");
    }
}
