//! Quantities in base units, and buckets in which near values meet.
//!
//! A translator turns 40 miles into 64 kilometres and 21,000 acres into 85 square
//! kilometres, so equal facts differ by up to 3 %. Values are converted to the
//! base unit of their dimension; two grids of buckets, shifted by half a bucket,
//! make sure that values within the tolerance share at least one.

use super::decimal::Decimal;
use crate::text::meaning::{Dimension, Unit};
use std::fmt;

/// `2^(k/22)`. A bucket spans two steps, 1/11 of an octave, so that values within
/// 3.2 % always share one. A table instead of a logarithm gives every machine the
/// same buckets.
const STEPS: [f64; 21] = [
    1.0320082797342096,
    1.0650410894399627,
    1.0991312225591843,
    1.1343125221954626,
    1.1706199147119118,
    1.2080894444044472,
    1.2467583092848908,
    1.2866648980094317,
    1.327848827989106,
    1.3703509847201236,
    std::f64::consts::SQRT_2,
    1.4594801056814461,
    1.5061955531706117,
    1.5544062817709192,
    1.6041601528584555,
    1.6555065597696215,
    1.7084964768365465,
    1.7631825099920424,
    1.8196189489943335,
    1.8778618213234126,
    1.937968947802525,
];

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
    // Buckets are two steps wide: a grid separates two near values only where its
    // border lies between them, and the other grid's borders are a step away.
    let steps = match dimension {
        Dimension::Temperature => (value.to_f64() / TOLERANCE_DEGREES).floor() as i32,
        _ => octave_steps(value.to_f64()),
    };
    let first = steps.div_euclid(2).saturating_mul(2);
    let second = steps.saturating_add(1).div_euclid(2).saturating_mul(2).saturating_sub(1);
    [QuantityBucket { dimension, cell: first }, QuantityBucket { dimension, cell: second }]
}

/// How many steps of `2^(1/22)` a value is above one; zero for what is not above zero.
fn octave_steps(value: f64) -> i32 {
    if !value.is_normal() || value < 0.0 {
        return 0;
    }
    let bits = value.to_bits();
    let octave = (bits >> 52) as i32 - 1023;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    octave * 22 + STEPS.partition_point(|step| *step <= mantissa) as i32
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
