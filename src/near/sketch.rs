//! Stands in for a large shingle set with a few minima.
//!
//! Fast Similarity Sketching (Dahlgaard, Knudsen, Thorup 2017): each round
//! throws every shingle into one of the slots, a slot keeps its minimum of the
//! first round that reached it, and rounds go on until no slot is empty. A
//! long text is done after one round, at one hash a shingle; a short one takes
//! more rounds and then behaves like classic MinHash, without the correlated
//! slots of densified one-permutation hashing. For each slot the probability
//! that two sets agree is their Jaccard similarity.

use crate::hash::fold_multiply;

/// A slot no shingle has reached yet.
const EMPTY: u32 = u32::MAX;

/// Makes signatures of a fixed number of slots, in buffers of its own.
#[derive(Clone, Debug)]
pub struct Sketcher {
    slots: Vec<u32>,
    filled: Vec<bool>,
}

impl Sketcher {
    /// A sketcher of `n_slots` slots.
    #[must_use]
    pub fn new(n_slots: usize) -> Self {
        Self { slots: vec![EMPTY; n_slots], filled: vec![false; n_slots] }
    }

    /// The signature of a set of shingles; repeats change nothing. The
    /// signature of the empty set is all `u32::MAX`.
    pub fn signature(&mut self, shingles: &[u64]) -> &[u32] {
        self.slots.fill(EMPTY);
        if shingles.is_empty() {
            return &self.slots;
        }
        let n = self.slots.len() as u64;
        for &shingle in shingles {
            let slot = &mut self.slots[(((shingle >> 32) * n) >> 32) as usize];
            *slot = (*slot).min(shingle as u32 & !1);
        }
        for round in 1..=n {
            if !self.slots.contains(&EMPTY) {
                return &self.slots;
            }
            self.fill_round(shingles, round, n);
        }
        // What is still empty after as many rounds as slots takes its minimum
        // over all shingles, as classic MinHash does.
        for (i, slot) in self.slots.iter_mut().enumerate().filter(|(_, slot)| **slot == EMPTY) {
            let minimum = shingles.iter().map(|&shingle| rehash(shingle, n + 1 + i as u64) as u32 & !1).min();
            *slot = minimum.unwrap_or(EMPTY);
        }
        &self.slots
    }

    fn fill_round(&mut self, shingles: &[u64], round: u64, n: u64) {
        for (filled, &slot) in self.filled.iter_mut().zip(&self.slots) {
            *filled = slot != EMPTY;
        }
        for &shingle in shingles {
            let hash = rehash(shingle, round);
            let at = (((hash >> 32) * n) >> 32) as usize;
            if !self.filled[at] {
                self.slots[at] = self.slots[at].min(hash as u32 & !1);
            }
        }
    }
}

#[inline(always)]
fn rehash(shingle: u64, round: u64) -> u64 {
    fold_multiply(shingle ^ round.wrapping_mul(0x1f83_d9ab_fb41_bd6b), 0x5be0_cd19_137e_2179)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;

    /// Mean and standard error of the estimate for two sets of `n` shingles with Jaccard 0.8.
    fn estimate(n: u64) -> (f64, f64) {
        let slots = 128;
        let mut sketcher = Sketcher::new(slots);
        let trials: Vec<f64> = (0..400)
            .map(|trial| {
                // 9 n / 10 in common, n / 10 on each side: J = 9 / 11; scaled to 8 / 10 by eighths.
                let set = |side: u64| -> Vec<u64> {
                    (0..n).map(|i| mix(trial << 32 | if i % 9 == 8 { i | side << 20 } else { i })).collect()
                };
                let left = sketcher.signature(&set(1)).to_vec();
                let right = sketcher.signature(&set(2)).to_vec();
                left.iter().zip(&right).filter(|(a, b)| a == b).count() as f64 / slots as f64
            })
            .collect();
        let mean = trials.iter().sum::<f64>() / trials.len() as f64;
        let variance = trials.iter().map(|trial| (trial - mean).powi(2)).sum::<f64>() / trials.len() as f64;
        (mean, variance.sqrt())
    }

    #[test]
    fn estimates_are_unbiased_for_short_and_long_texts() {
        for n in [9, 18, 90, 450, 4500] {
            let (mean, error) = estimate(n);
            assert!((mean - 0.8).abs() < 0.01, "{n} shingles: mean {mean}");
            // Binomial: sqrt(0.8 * 0.2 / 128) = 0.035.
            assert!(error < 0.042, "{n} shingles: standard error {error}");
        }
    }

    #[test]
    fn repeats_and_order_change_nothing() {
        let mut sketcher = Sketcher::new(40);
        let shingles: Vec<u64> = (0..30).map(mix).collect();
        let once = sketcher.signature(&shingles).to_vec();
        let mut twice: Vec<u64> = shingles.iter().chain(&shingles).copied().collect();
        twice.reverse();
        assert_eq!(sketcher.signature(&twice), once);
    }

    #[test]
    fn one_shingle_fills_every_slot() {
        let mut sketcher = Sketcher::new(200);
        assert!(!sketcher.signature(&[mix(7)]).contains(&EMPTY));
        assert!(sketcher.signature(&[]).iter().all(|&slot| slot == EMPTY));
    }
}
