//! Chooses how a signature is cut into bands.
//!
//! Two sets of similarity `s` agree on all `r` rows of one band with
//! probability `s^r`, and on at least one of `b` bands with probability
//! `1 - (1 - s^r)^b` (the S-curve; Leskovec, Rajaraman, Ullman). Candidates
//! are verified exactly afterwards, so bands are chosen for recall alone: a
//! pair at exactly the threshold is missed with probability at most
//! [`MISS`]; more rows then mean fewer candidates in vain.

use crate::hash::fold_multiply;
use crate::similarity::Threshold;

/// The largest probability of missing a pair at exactly the threshold.
pub const MISS: f64 = 0.001;

/// Slots of a signature that are spent willingly; low thresholds take more.
const SLOTS: usize = 128;
const MOST_SLOTS: usize = 700;

/// Bands and rows of a signature; more bands find more, more rows find less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Banding {
    bands: usize,
    rows: usize,
}

impl Banding {
    /// The banding for a threshold: the most rows that [`MISS`] allows.
    #[must_use]
    pub fn for_threshold(threshold: Threshold) -> Self {
        let s = threshold.value();
        let bands_for = |rows: usize| {
            let log_miss = (-s.powi(rows as i32)).ln_1p();
            // A band that never agrees would need bands without end.
            if log_miss == 0.0 { usize::MAX } else { (MISS.ln() / log_miss).ceil().max(1.0) as usize }
        };
        let fits = |rows: usize, slots: usize| {
            let bands = bands_for(rows);
            (bands.saturating_mul(rows) <= slots).then_some(Self { bands, rows })
        };
        // Fewer than three rows make a candidate of nearly everything.
        (1..=16)
            .rev()
            .find_map(|rows| fits(rows, if rows <= 3 { MOST_SLOTS } else { SLOTS }))
            .unwrap_or(Self { bands: MOST_SLOTS, rows: 1 })
    }

    /// Number of bands.
    #[must_use]
    pub fn bands(self) -> usize {
        self.bands
    }

    /// Rows of a band.
    #[must_use]
    pub fn rows(self) -> usize {
        self.rows
    }

    /// Slots of a signature: bands times rows.
    #[must_use]
    pub fn slots(self) -> usize {
        self.bands * self.rows
    }

    /// The probability that a pair of this similarity becomes a candidate.
    #[must_use]
    pub fn probability(self, similarity: f64) -> f64 {
        1.0 - (1.0 - similarity.powi(self.rows as i32)).powi(self.bands as i32)
    }

    /// The key of every band of a signature of [`Banding::slots`] slots.
    pub fn keys(self, signature: &[u32]) -> impl Iterator<Item = u32> {
        debug_assert_eq!(signature.len(), self.slots());
        signature.chunks_exact(self.rows).enumerate().map(|(band, rows)| {
            let seed = (band as u64 + 1).wrapping_mul(0xd6e8_feb8_6659_fd93);
            let key = rows
                .iter()
                .fold(seed, |key, &row| fold_multiply(key ^ u64::from(row), 0xa076_1d64_78bd_642f));
            (key >> 32) as u32
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_at_the_threshold_is_hardly_ever_missed() {
        for percent in 1..=100 {
            let s = f64::from(percent) / 100.0;
            let banding = Banding::for_threshold(Threshold::new(s).unwrap());
            assert!(1.0 - banding.probability(s) <= MISS * 1.000_001, "{s}: {banding:?}");
            assert!(banding.slots() <= MOST_SLOTS, "{s}: {banding:?}");
        }
    }

    #[test]
    fn well_known_choices() {
        let check = |threshold: f64, bands: usize, rows: usize| {
            let banding = Banding::for_threshold(Threshold::new(threshold).unwrap());
            assert_eq!((banding.bands(), banding.rows()), (bands, rows), "{threshold}");
        };
        check(0.8, 18, 5);
        check(0.5, 52, 3);
        check(0.9, 13, 8);
        check(1.0, 1, 16);
    }
}
