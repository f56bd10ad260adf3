//! Candidate pairs that cannot be missed, by prefix filtering.
//!
//! Order all shingles in one fixed way. If two sets reach a Jaccard similarity
//! of `t`, they share at least one of the first `n - ceil(t n) + 1` shingles
//! of each (AllPairs: Bayardo, Ma, Srikant 2007). Shingle hashes are their own
//! fixed order, so prefixes need no second pass over the corpus. This costs
//! more memory and time than bands: a fifth of all shingles at `t = 0.8`.

use super::lsh::Candidates;
use crate::similarity::Threshold;
use rayon::prelude::*;

/// One of the first shingles of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix {
    /// The shingle.
    pub shingle: u64,
    /// The size of the document's shingle set.
    pub size: u32,
    /// The document.
    pub document: u32,
}

/// The prefix of a sorted shingle set.
#[must_use]
pub fn prefix(set: &[u64], threshold: Threshold) -> &[u64] {
    let n = set.len();
    // The smallest overlap that a similar set of any size can have is ceil(t n).
    let mut least = (threshold.value() * n as f64) as usize;
    while !threshold.is_met_by(least as u64, n as u64) && least < n {
        least += 1;
    }
    while least > 1 && threshold.is_met_by(least as u64 - 1, n as u64) {
        least -= 1;
    }
    &set[..n + usize::from(n > 0) - least]
}

/// All pairs that share a shingle of their prefixes and are of fitting size.
pub fn candidate_pairs(mut prefixes: Vec<Prefix>, threshold: Threshold) -> Candidates {
    prefixes.par_sort_unstable();
    let groups: Vec<&[Prefix]> = prefixes.chunk_by(|a, b| a.shingle == b.shingle).collect();
    let mut pairs: Vec<(u32, u32)> = groups
        .par_chunks(1 << 14)
        .map(|groups| {
            let mut pairs = vec![];
            for group in groups {
                pair_up(group, threshold, &mut pairs);
            }
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        })
        .reduce(Vec::new, |mut all, more| {
            all.extend(more);
            all.sort_unstable();
            all.dedup();
            all
        });
    pairs.dedup();
    Candidates { pairs, split_buckets: 0 }
}

/// A group is sorted by size, so fitting partners stand close together.
fn pair_up(group: &[Prefix], threshold: Threshold, pairs: &mut Vec<(u32, u32)>) {
    for (i, small) in group.iter().enumerate() {
        let fitting = group[i + 1..]
            .iter()
            .take_while(|large| threshold.is_met_by(u64::from(small.size), u64::from(large.size)));
        pairs.extend(
            fitting.map(|large| (small.document.min(large.document), small.document.max(large.document))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Overlap;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_similar_pair_is_missed(
            sets in proptest::collection::vec(proptest::collection::btree_set(0u64..40, 1..30), 2..12),
            percent in 5u32..=100,
        ) {
            let threshold = Threshold::new(f64::from(percent) / 100.0).unwrap();
            let sets: Vec<Vec<u64>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            let prefixes = sets.iter().zip(0..).flat_map(|(set, document)| {
                prefix(set, threshold).iter().map(move |&shingle| {
                    Prefix { shingle, size: set.len() as u32, document }
                })
            });
            let found = candidate_pairs(prefixes.collect(), threshold).pairs;
            for a in 0..sets.len() {
                for b in a + 1..sets.len() {
                    let overlap = Overlap::of(&sets[a], &sets[b]);
                    if threshold.is_met_by(u64::from(overlap.both), overlap.union()) {
                        prop_assert!(found.contains(&(a as u32, b as u32)), "{:?} and {:?}", sets[a], sets[b]);
                    }
                }
            }
        }
    }
}
