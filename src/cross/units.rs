//! Quantities in base units, and buckets in which near values meet.
//!
//! A translator turns 40 miles into 64 kilometres and 21,000 acres into 85 square
//! kilometres, so equal facts differ by up to 3 %. Values are converted to the
//! base unit of their dimension; two grids of buckets, shifted by half a bucket,
//! make sure that values within the tolerance share at least one.

use super::decimal::Decimal;
use crate::text::vocabulary::{Dimension, Unit};
use std::fmt;

/// Values within 3 % of each other always share a bucket.
const TOLERANCE: f64 = 0.03;

/// Temperatures have no common zero, so they may differ by one degree instead.
const TOLERANCE_DEGREES: f64 = 1.0;

/// A cell of one of the two grids over the values of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuantityBucket {
    /// What is measured.
    pub dimension: Dimension,
    /// Even in the first grid, odd in the second.
    pub cell: i32,
}

impl fmt::Display for QuantityBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "near {} {}", self.dimension.name(), self.cell)
    }
}

/// The value in the base unit of its dimension, to six significant digits.
pub fn to_base_unit(value: Decimal, unit: Unit) -> Decimal {
    Decimal::rounded(value.to_f64() * unit.factor + unit.offset)
}

/// The two buckets of a value in base units.
pub fn buckets(dimension: Dimension, value: Decimal) -> [QuantityBucket; 2] {
    let value = value.to_f64();
    // A cell is twice the tolerance wide: a grid separates two near values only
    // where its border lies between them, and the borders of the other grid are
    // a full tolerance away.
    let place = match dimension {
        Dimension::Temperature => value / (2.0 * TOLERANCE_DEGREES),
        _ if value > 0.0 => value.ln() / (2.0 * TOLERANCE.ln_1p()),
        _ => 0.0,
    };
    let cell = |shift: f64| (place + shift).floor() as i32;
    [
        QuantityBucket { dimension, cell: cell(0.0).saturating_mul(2) },
        QuantityBucket { dimension, cell: cell(0.5).saturating_mul(2).saturating_add(1) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metres(value: f64) -> [QuantityBucket; 2] {
        buckets(Dimension::Length, Decimal::rounded(value))
    }

    fn share(a: [QuantityBucket; 2], b: [QuantityBucket; 2]) -> bool {
        a.iter().any(|bucket| b.contains(bucket))
    }

    #[test]
    fn values_within_the_tolerance_share_a_bucket() {
        for i in 0..2000 {
            let value = 0.01 * 1.013_f64.powi(i);
            assert!(share(metres(value), metres(value * 1.0295)), "{value}");
            assert!(!share(metres(value), metres(value * 1.13)), "{value}");
        }
    }

    #[test]
    fn temperatures_meet_within_a_degree() {
        let celsius = |value: f64| buckets(Dimension::Temperature, Decimal::rounded(value));
        assert!(share(celsius(-0.4), celsius(0.5)));
        assert!(!share(celsius(20.0), celsius(23.0)));
    }
}
