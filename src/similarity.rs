//! How alike two texts are: exact Jaccard and containment of shingle sets.
//!
//! Both are kept as counts, so that a threshold is decided on integers and a
//! report can print as many digits as it likes. The definitions are those of
//! Broder 1997: `|A ∩ B| / |A ∪ B|` and `|A ∩ B| / min(|A|, |B|)`.

use crate::error::{Error, Result};
use std::fmt;

/// A threshold in 0..=1, held exactly in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u32);

const MILLION: u32 = 1_000_000;

impl Threshold {
    /// A threshold of `value`, rounded to a millionth.
    ///
    /// # Errors
    ///
    /// When `value` is not above 0 and at most 1: at 0 everything would be
    /// similar to everything.
    pub fn new(value: f64) -> Result<Self> {
        if value > 0.0 && value <= 1.0 && value * f64::from(MILLION) >= 0.5 {
            return Ok(Self((value * f64::from(MILLION)).round() as u32));
        }
        Err(Error::invalid_parameter(format!("a threshold of {value} is out of range"))
            .hint("give a Jaccard similarity above 0 and at most 1, such as 0.8"))
    }

    /// The threshold as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / f64::from(MILLION)
    }

    /// Whether `part / whole` reaches the threshold; a pair at exactly the
    /// threshold is in, an empty whole never.
    #[must_use]
    pub fn is_met_by(self, part: u64, whole: u64) -> bool {
        whole > 0 && u128::from(part) * u128::from(MILLION) >= u128::from(whole) * u128::from(self.0)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value())
    }
}

/// What two shingle sets have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// `|A ∩ B|`
    pub both: u32,
    /// `|A|`
    pub left: u32,
    /// `|B|`
    pub right: u32,
}

impl Overlap {
    /// Counts what two sorted sets without repeats share.
    #[must_use]
    pub fn of(left: &[u64], right: &[u64]) -> Self {
        debug_assert!(left.is_sorted() && right.is_sorted());
        let (mut i, mut j, mut both) = (0, 0, 0);
        // Without branches: on real pairs the order of the next two elements
        // cannot be predicted.
        while i < left.len() && j < right.len() {
            let (a, b) = (left[i], right[j]);
            both += u32::from(a == b);
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        Self { both, left: left.len() as u32, right: right.len() as u32 }
    }

    /// `|A ∪ B|`
    #[must_use]
    pub fn union(self) -> u64 {
        u64::from(self.left) + u64::from(self.right) - u64::from(self.both)
    }

    /// The size of the smaller set.
    #[must_use]
    pub fn smaller(self) -> u64 {
        u64::from(self.left.min(self.right))
    }

    /// `|A ∩ B| / |A ∪ B|`, 0 when both are empty.
    #[must_use]
    pub fn jaccard(self) -> f64 {
        ratio(self.both, self.union())
    }

    /// `|A ∩ B| / min(|A|, |B|)`, 0 when one is empty.
    #[must_use]
    pub fn containment(self) -> f64 {
        ratio(self.both, self.smaller())
    }
}

fn ratio(part: u32, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_at_exactly_the_threshold_is_in() {
        let threshold = Threshold::new(0.8).unwrap();
        assert!(threshold.is_met_by(4, 5));
        assert!(!threshold.is_met_by(799_999, 1_000_000));
        assert!(!threshold.is_met_by(0, 0));
    }

    #[test]
    fn thresholds_out_of_range_are_refused() {
        for value in [0.0, -0.1, 1.000_001, 1e-9, f64::NAN, f64::INFINITY] {
            assert!(Threshold::new(value).is_err(), "{value}");
        }
    }

    #[test]
    fn overlap_of_known_sets() {
        let overlap = Overlap::of(&[1, 2, 3, 9], &[2, 3, 4]);
        assert_eq!((overlap.both, overlap.union(), overlap.smaller()), (2, 5, 3));
        assert_eq!(Overlap::of(&[], &[]).jaccard(), 0.0);
        assert_eq!(Overlap::of(&[7], &[7]).jaccard(), 1.0);
    }
}
