//! Turns a passage into its shingles.
//!
//! A shingle is a run of `k` words, hashed. Two passages that share most of
//! their shingles share most of their wording, wherever the edits are
//! (Broder 1997). The hash is a polynomial over the hashes of the words,
//! rolled along the text and mixed at the end; a passage of fewer than `k`
//! words is one shingle of all of them.

use crate::hash::{fold_multiply, mix};
use crate::text::normalize::Normalized;
use crate::text::words::{self, WordSpan};

/// An odd multiplier for the rolling polynomial.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The words and shingles of one text, in buffers kept between texts.
#[derive(Debug, Default)]
pub struct Shingled {
    normalized: Normalized,
    spans: Vec<WordSpan>,
    words: Vec<u64>,
    shingles: Vec<u64>,
}

impl Shingled {
    /// Reads a text as shingles of `k` words.
    pub fn fill(&mut self, text: &str, k: usize) {
        self.normalized.fill(text);
        words::fill_hashes(&self.normalized, &mut self.spans, &mut self.words);
        fill_shingles(&self.words, k, &mut self.shingles);
    }

    /// Hashes of the words, in order.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Hashes of the shingles, in order and with repeats.
    #[must_use]
    pub fn shingles(&self) -> &[u64] {
        &self.shingles
    }

    /// The shingle set: sorted, without repeats.
    #[must_use]
    pub fn set(&self) -> Vec<u64> {
        let mut set = self.shingles.clone();
        set.sort_unstable();
        set.dedup();
        set
    }

    /// The original bytes of the words `from..to`; `from < to`.
    #[must_use]
    pub fn original(&self, from: usize, to: usize) -> crate::span::ByteSpan {
        self.normalized.original(self.spans[from].0, self.spans[to - 1].1)
    }

    /// Number of words that begin before a byte of the original text; at least
    /// `from` of them do.
    #[must_use]
    pub fn words_before(&self, byte: u32, from: usize) -> usize {
        let begins_before = |span: &WordSpan| self.normalized.original(span.0, span.1).start < byte;
        from + self.spans[from..].partition_point(begins_before)
    }

    /// A hash of the words in their order: equal for texts of equal words.
    #[must_use]
    pub fn text_hash(&self) -> u64 {
        sequence_hash(&self.shingles)
    }
}

/// An order-sensitive hash of hashes.
#[must_use]
pub fn sequence_hash(hashes: &[u64]) -> u64 {
    // A sum of products has no chain of dependent multiplications.
    let weighted = hashes.iter().zip((1..).step_by(2));
    let sum = weighted.fold(0u64, |sum, (&hash, weight)| sum.wrapping_add(hash.wrapping_mul(weight)));
    mix(sum ^ (hashes.len() as u64).rotate_left(40))
}

/// The hashes of all runs of `k` words.
pub fn fill_shingles(words: &[u64], k: usize, shingles: &mut Vec<u64>) {
    shingles.clear();
    let first = &words[..words.len().min(k)];
    if first.is_empty() {
        return;
    }
    let mut rolling = first.iter().fold(0u64, |sum, &word| sum.wrapping_mul(BASE).wrapping_add(word));
    let leaving = BASE.wrapping_pow(k as u32);
    shingles.reserve(words.len() + 1 - first.len());
    shingles.push(finish(rolling));
    shingles.extend(words.iter().zip(words.iter().skip(k)).map(|(&old, &new)| {
        rolling = rolling.wrapping_mul(BASE).wrapping_add(new).wrapping_sub(old.wrapping_mul(leaving));
        finish(rolling)
    }));
}

#[inline(always)]
fn finish(rolling: u64) -> u64 {
    fold_multiply(rolling ^ 0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f)
}

/// The shingle set of a text: sorted, without repeats.
#[must_use]
pub fn shingle_set(text: &str, k: usize, buffers: &mut Shingled) -> Vec<u64> {
    buffers.fill(text, k);
    buffers.set()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Overlap;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn set(text: &str, k: usize) -> Vec<u64> {
        shingle_set(text, k, &mut Shingled::default())
    }

    #[test]
    fn a_short_text_is_one_shingle_of_all_its_words() {
        assert_eq!(set("one two three", 5).len(), 1);
        assert_eq!(set("one two three", 3), set("One, two: three!", 3));
        assert_ne!(set("one two three", 5), set("one two", 5));
        assert_eq!(set("... !", 5), Vec::<u64>::new());
    }

    #[test]
    fn texts_of_the_same_words_in_another_order_have_another_hash() {
        let hash = |text: &str| {
            let mut shingled = Shingled::default();
            shingled.fill(text, 5);
            shingled.text_hash()
        };
        assert_eq!(hash("a b c d e f g"), hash("A b, c d e f g"));
        assert_ne!(hash("a b c d e f g"), hash("g f e d c b a"));
        assert_ne!(hash("a b c d e a b c d e"), hash("a b c d e"));
    }

    proptest! {
        #[test]
        fn shingles_are_the_windows_of_the_words(words in proptest::collection::vec(0u8..4, 0..40), k in 1usize..7) {
            let text = |words: &[u8]| words.iter().map(|word| format!("w{word} ")).collect::<String>();
            let windows: BTreeSet<Vec<u8>> = match words.len() {
                0 => BTreeSet::new(),
                n if n < k => [words.clone()].into(),
                _ => words.windows(k).map(<[u8]>::to_vec).collect(),
            };
            let found = set(&text(&words), k);
            prop_assert_eq!(found.len(), windows.len());
            let mut by_windows: Vec<u64> = windows.iter().flat_map(|window| set(&text(window), k)).collect();
            by_windows.sort_unstable();
            prop_assert_eq!(found, by_windows);
        }

        #[test]
        fn similarity_is_symmetric_and_one_on_itself(a in "[ab ]{0,40}", b in "[ab ]{0,40}") {
            let (a, b) = (set(&a, 2), set(&b, 2));
            prop_assert_eq!(Overlap::of(&a, &b).jaccard(), Overlap::of(&b, &a).jaccard());
            prop_assert_eq!(Overlap::of(&a, &a).jaccard(), if a.is_empty() { 0.0 } else { 1.0 });
        }
    }
}
