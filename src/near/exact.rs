//! Candidate pairs that cannot be missed, by prefix filtering.
//!
//! Order all shingles in one fixed way. If two sets reach a Jaccard similarity
//! of `t`, they share at least one of the first `n - ceil(t n) + 1` shingles
//! of each (AllPairs: Bayardo, Ma, Srikant 2007). Shingle hashes are their own
//! fixed order, so prefixes need no second pass over the corpus. This costs
//! more memory and time than bands: a fifth of all shingles at `t = 0.8`.

use super::lsh::Candidates;
use crate::error::Result;
use crate::similarity::Threshold;
use crate::spill::{Record, Sorted, Sorter, Spill, number};
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

impl Record for Prefix {
    const BYTES: usize = 16;

    fn put(&self, buffer: &mut [u8]) {
        (self.shingle, self.size).put(&mut buffer[..12]);
        buffer[12..].copy_from_slice(&self.document.to_le_bytes());
    }

    fn get(buffer: &[u8]) -> Self {
        let (shingle, size) = <(u64, u32)>::get(&buffer[..12]);
        Self { shingle, size, document: number(&buffer[12..]) as u32 }
    }
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

/// Prefixes that are looked at together.
const STRETCH: usize = 1 << 18;

/// All pairs that share a shingle of their prefixes and are of fitting size,
/// among the documents that `among` lets in.
///
/// # Errors
///
/// When a temporary file cannot be written or read.
pub fn candidate_pairs(
    prefixes: &Sorted<Prefix>,
    threshold: Threshold,
    among: impl Fn(u32) -> bool + Sync,
    spill: &Spill,
) -> Result<Candidates> {
    let mut met = Sorter::new(spill.clone()).distinct();
    let same = |a: &Prefix, b: &Prefix| a.shingle == b.shingle;
    prefixes.stretches(STRETCH, same, |stretch| {
        let groups: Vec<&[Prefix]> = stretch.chunk_by(same).filter(|group| group.len() > 1).collect();
        let pairs = groups.par_chunks(1 << 10).map(|groups| {
            let mut pairs = vec![];
            for group in groups {
                let group = group.iter().copied().filter(|prefix| among(prefix.document)).collect::<Vec<_>>();
                pair_up(&group, threshold, &mut pairs);
            }
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        });
        pairs.collect::<Vec<_>>().into_iter().try_for_each(|pairs| met.extend(pairs))
    })?;
    Ok(Candidates { pairs: met.finish()?, split_buckets: 0 })
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
            let spill = Spill::new(0, None);
            let mut sorter = Sorter::new(spill.clone());
            sorter.extend(prefixes).unwrap();
            let candidates = candidate_pairs(&sorter.finish().unwrap(), threshold, |_| true, &spill).unwrap();
            let mut found = vec![];
            let take = |pairs: &[(u32, u32)]| {
                found.extend_from_slice(pairs);
                Ok(())
            };
            candidates.pairs.stretches(1, |_, _| false, take).unwrap();
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
