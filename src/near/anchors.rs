//! Finds the places where two texts may run along the same words.
//!
//! Winnowing (Schleimer, Wilkerson, Aiken 2003): of every window of shingles
//! the smallest is an anchor, the last of equals. Two texts that share a run
//! of at least [`GUARANTEE`] words share a whole window there and so an
//! anchor; about two in seventeen shingles become one. Paragraphs too short
//! for that guarantee are anchored by the hash of all their words.

use super::shingle::sequence_hash;
use crate::hash::mix;
use crate::spill::{Record, number};

/// Every shared run of at least this many words is found.
pub const GUARANTEE: usize = 20;

/// A place in a document where other documents may be alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// What stands there.
    pub hash: u64,
    /// The document.
    pub document: u32,
    /// The word it starts at.
    pub word: u32,
}

impl Record for Anchor {
    const BYTES: usize = 16;

    fn put(&self, buffer: &mut [u8]) {
        (self.hash, self.document).put(&mut buffer[..12]);
        buffer[12..].copy_from_slice(&self.word.to_le_bytes());
    }

    fn get(buffer: &[u8]) -> Self {
        let (hash, document) = <(u64, u32)>::get(&buffer[..12]);
        Self { hash, document, word: number(&buffer[12..]) as u32 }
    }
}

/// Calls `found` with shingle and word number for every anchor of a text.
pub fn winnow(shingles: &[u64], k: usize, mut found: impl FnMut(u64, u32)) {
    let window = GUARANTEE.saturating_sub(k) + 1;
    if shingles.len() <= window {
        if let Some((at, &shingle)) = shingles.iter().enumerate().rev().min_by_key(|(_, shingle)| **shingle) {
            found(shingle, at as u32);
        }
        return;
    }
    let mut smallest = usize::MAX;
    for end in window..=shingles.len() {
        let start = end - window;
        if smallest == usize::MAX || smallest < start {
            let inside = shingles[start..end].iter().enumerate().rev().min_by_key(|(_, shingle)| **shingle);
            smallest = start + inside.map_or(0, |(at, _)| at);
        } else if shingles[end - 1] <= shingles[smallest] {
            smallest = end - 1;
        } else {
            continue;
        }
        found(shingles[smallest], smallest as u32);
    }
}

/// The anchor of a short paragraph: all its words.
#[must_use]
pub fn paragraph_anchor(words: &[u64]) -> u64 {
    mix(sequence_hash(words) ^ 0x7061_7261)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::near::shingle::fill_shingles;
    use proptest::prelude::*;

    fn anchors(words: &[u64], k: usize) -> Vec<(u64, u32)> {
        let mut shingles = vec![];
        fill_shingles(words, k, &mut shingles);
        let mut found = vec![];
        winnow(&shingles, k, |hash, word| found.push((hash, word)));
        found
    }

    proptest! {
        #[test]
        fn every_shared_run_of_the_guaranteed_length_has_an_anchor(
            before in proptest::collection::vec(0u64..1000, 0..50),
            run in proptest::collection::vec(0u64..1000, GUARANTEE..60),
            after in proptest::collection::vec(0u64..1000, 0..50),
            k in 1usize..8,
        ) {
            let hashed = |words: &[u64]| words.iter().map(|&word| mix(word)).collect::<Vec<_>>();
            let left = hashed(&[before.clone(), run.clone(), after.clone()].concat());
            let right = hashed(&[after, run.clone(), before.clone()].concat());
            let in_left: std::collections::BTreeSet<u64> = anchors(&left, k).into_iter().map(|a| a.0).collect();
            prop_assert!(anchors(&right, k).iter().any(|a| in_left.contains(&a.0)));
        }
    }

    #[test]
    fn a_short_text_has_one_anchor_and_an_empty_one_none() {
        assert_eq!(anchors(&[3, 1, 2], 5).len(), 1);
        assert_eq!(anchors(&[], 5), []);
    }

    #[test]
    fn about_two_in_seventeen_shingles_are_anchors() {
        let words: Vec<u64> = (0..100_000).map(mix).collect();
        let density = anchors(&words, 5).len() as f64 / words.len() as f64;
        assert!((density - 2.0 / 17.0).abs() < 0.005, "{density}");
    }
}
