//! Texts of equal words are handled once.
//!
//! Fifty thousand copies of one text would meet in every bucket. They are
//! brought together by the hash of their words before anything else; one
//! stands for all, and pairs are spread over the copies at the end.

use super::verify::SimilarPair;
use crate::error::Result;
use crate::similarity::Overlap;
use crate::spill::Sorted;
use rayon::prelude::*;

/// Copies beyond this number are listed against the first of them only.
pub const LISTED: usize = 1000;

/// Documents grouped by equal words.
#[derive(Debug)]
pub struct Copies {
    /// Groups of two or more, each sorted by reading order.
    groups: Vec<Vec<u32>>,
    /// A bit a document: whether it is the first of its words.
    firsts: Vec<u64>,
}

impl Copies {
    /// Groups documents, of which there are `n`, by the hashes of their words;
    /// one that is not among the entries is no copy of anything.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be read.
    pub fn of(entries: &Sorted<(u64, u32)>, n: usize) -> Result<Self> {
        let mut copies = Self { groups: vec![], firsts: vec![0; n.div_ceil(64)] };
        entries.stretches(
            1,
            |a, b| a.0 == b.0,
            |group| {
                let first = group[0].1 as usize;
                copies.firsts[first / 64] |= 1 << (first % 64);
                if group.len() > 1 {
                    copies.groups.push(group.iter().map(|&(_, document)| document).collect());
                }
                Ok(())
            },
        )?;
        copies.groups.sort_unstable();
        Ok(copies)
    }

    /// Whether a document has words and is the first that was read with them.
    #[must_use]
    pub fn is_first(&self, document: u32) -> bool {
        self.firsts[document as usize / 64] >> (document % 64) & 1 == 1
    }

    /// Groups of two or more documents of equal words.
    #[must_use]
    pub fn groups(&self) -> &[Vec<u32>] {
        &self.groups
    }

    /// The best copy of each group.
    pub fn best<K: Ord>(&self, preference: impl Fn(u32) -> K + Sync) -> Vec<u32> {
        let best = |group: &Vec<u32>| {
            group.iter().copied().min_by_key(|&document| preference(document)).unwrap_or(group[0])
        };
        self.groups.par_iter().map(best).collect()
    }

    /// Spreads pairs of representatives over all their copies and adds the
    /// pairs among copies. `preference` is smallest for the best copy;
    /// `n_shingles` counts the shingle set of a document.
    ///
    /// Of more than [`LISTED`] copies each is paired with the best copy only,
    /// and with the best copy of each similar text.
    pub fn spread<K: Ord>(
        &self,
        pairs: &[SimilarPair],
        preference: impl Fn(u32) -> K,
        n_shingles: impl Fn(u32) -> u32,
    ) -> Vec<SimilarPair> {
        let mut all = vec![];
        let best_first = |group: &Vec<u32>| {
            let mut members = group.clone();
            members.sort_by_cached_key(|&document| preference(document));
            members
        };
        let groups: ahash::AHashMap<u32, Vec<u32>> =
            self.groups.iter().map(|group| (group[0], best_first(group))).collect();
        for (&first, members) in &groups {
            let n = n_shingles(first);
            let overlap = Overlap { both: n, left: n, right: n };
            let stars = if members.len() > LISTED { 1 } else { members.len() };
            for (i, &a) in members.iter().enumerate().take(stars) {
                all.extend(members[i + 1..].iter().map(|&b| SimilarPair::ordered(a, b, overlap)));
            }
        }
        let copies_of = |document: u32| match groups.get(&document) {
            Some(members) => members.clone(),
            None => vec![document],
        };
        for pair in pairs {
            let (left, right) = (copies_of(pair.left), copies_of(pair.right));
            let crowded = left.len().max(right.len()) > LISTED;
            for (i, &a) in left.iter().enumerate() {
                // Of a crowd all are paired with the best of the other side.
                let stars = if crowded && i > 0 { 1 } else { right.len() };
                all.extend(right[..stars].iter().map(|&b| SimilarPair::ordered(a, b, pair.overlap)));
            }
        }
        all.sort_unstable_by_key(|pair| (pair.left, pair.right));
        all
    }
}

impl SimilarPair {
    /// A pair with the document read first on the left.
    #[must_use]
    pub fn ordered(a: u32, b: u32, overlap: Overlap) -> Self {
        if a <= b {
            return Self { left: a, right: b, overlap };
        }
        let turned = Overlap { both: overlap.both, left: overlap.right, right: overlap.left };
        Self { left: b, right: a, overlap: turned }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spill::{Sorter, Spill};

    fn copies(hashes: &[Option<u64>]) -> Copies {
        let mut entries = Sorter::new(Spill::new(0, None));
        let hashed = hashes.iter().zip(0..).filter_map(|(hash, document)| Some(((*hash)?, document)));
        entries.extend(hashed).unwrap();
        Copies::of(&entries.finish().unwrap(), hashes.len()).unwrap()
    }

    #[test]
    fn pairs_of_one_copy_hold_for_all_copies() {
        let copies = copies(&[Some(5), None, Some(9), Some(5), None, Some(7)]);
        assert_eq!((0..6).filter(|&document| copies.is_first(document)).collect::<Vec<_>>(), [0, 2, 5]);
        let overlap = Overlap { both: 8, left: 10, right: 8 };
        let spread =
            copies.spread(&[SimilarPair { left: 0, right: 2, overlap }], |document| document, |_| 10);
        let pairs: Vec<_> = spread.iter().map(|pair| (pair.left, pair.right, pair.overlap.both)).collect();
        assert_eq!(pairs, [(0, 2, 8), (0, 3, 10), (2, 3, 8)]);
        assert_eq!(spread[2].overlap, Overlap { both: 8, left: 8, right: 10 }, "sides turn with the pair");
    }

    #[test]
    fn very_many_copies_of_a_text_all_go_with_a_similar_one() {
        let hashes: Vec<Option<u64>> = (0..1201).map(|i| Some(u64::from(i > 0))).collect();
        let overlap = Overlap { both: 9, left: 10, right: 9 };
        let similar = [SimilarPair { left: 0, right: 1, overlap }];
        let spread = copies(&hashes).spread(&similar, |document| document, |_| 9);
        let with_the_other: Vec<u32> =
            spread.iter().filter(|pair| pair.left == 0).map(|pair| pair.right).collect();
        assert_eq!(with_the_other, (1..1201).collect::<Vec<_>>());
        assert_eq!(spread.len(), 1200 + 1199, "and each with the first of them");
    }

    #[test]
    fn very_many_copies_are_listed_against_the_best() {
        let copies = copies(&[Some(1); 2000]);
        let spread = copies.spread(&[], std::cmp::Reverse, |_| 3);
        assert_eq!(spread.len(), 1999);
        assert!(spread.iter().all(|pair| pair.right == 1999));
    }
}
