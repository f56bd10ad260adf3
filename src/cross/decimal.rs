//! Exact decimal numbers that compare and hash.
//!
//! `1.770`, `1,770` and `1 770` must be the same key, and `1 Milliarde` the same
//! as `1,000,000,000`; floats promise neither. A value is a whole number times a
//! power of ten without trailing zeros, so equal values have equal parts.

use std::fmt;

/// `mantissa * 10^exponent`; the mantissa has no trailing zeros, and zero has exponent 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal {
    mantissa: i64,
    exponent: i32,
}

impl Decimal {
    /// `mantissa * 10^exponent`.
    pub fn new(mantissa: i64, exponent: i32) -> Self {
        if mantissa == 0 {
            return Decimal { mantissa: 0, exponent: 0 };
        }
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        Decimal { mantissa, exponent }
    }

    /// Reads digits and the digits after the decimal mark; `None` beyond 18 digits.
    pub fn from_digits(whole: &str, decimals: &str) -> Option<Self> {
        if whole.len() + decimals.len() > 18 {
            return None;
        }
        let mut mantissa = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            mantissa = mantissa * 10 + i64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        Some(Decimal::new(mantissa, -(decimals.len() as i32)))
    }

    /// The nearest value with six significant digits; zero for what is no number.
    pub fn rounded(value: f64) -> Self {
        let text = format!("{value:.5e}");
        let parsed = text.split_once('e').and_then(|(digits, exponent)| {
            let mantissa: i64 = digits.replace('.', "").parse().ok()?;
            Some(Decimal::new(mantissa, exponent.parse::<i32>().ok()? - 5))
        });
        parsed.unwrap_or(Decimal { mantissa: 0, exponent: 0 })
    }

    /// `None` where the product has no room.
    pub fn times(self, factor: u64) -> Option<Self> {
        let factor = Decimal::new(i64::try_from(factor).ok()?, 0);
        let exponent = self.exponent.checked_add(factor.exponent)?;
        Some(Decimal::new(self.mantissa.checked_mul(factor.mantissa)?, exponent))
    }

    /// `None` where the sum has no room.
    pub fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let widen = |value: Decimal| {
            let power = 10_i64.checked_pow(u32::try_from(value.exponent - exponent).ok()?)?;
            value.mantissa.checked_mul(power)
        };
        Some(Decimal::new(widen(self)?.checked_add(widen(other)?)?, exponent))
    }

    /// The value below zero.
    pub fn negated(self) -> Self {
        Decimal { mantissa: -self.mantissa, ..self }
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        // Powers of ten up to 10^22 are exact, so this rounds once and alike everywhere.
        let power = (0..self.exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
        let mantissa = self.mantissa as f64;
        if self.exponent < 0 { mantissa / power } else { mantissa * power }
    }

    /// The value as a whole number, where it is one.
    pub fn to_whole(self) -> Option<u64> {
        let power = 10_u64.checked_pow(u32::try_from(self.exponent).ok()?)?;
        u64::try_from(self.mantissa).ok()?.checked_mul(power)
    }
}

impl From<u64> for Decimal {
    /// Values above 2^63 are cut to it; no text holds them.
    fn from(value: u64) -> Self {
        Decimal::new(i64::try_from(value).unwrap_or(i64::MAX), 0)
    }
}

impl fmt::Display for Decimal {
    /// Plain digits with a point; beyond 18 places as `5e20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let n_places = self.exponent.unsigned_abs() as usize;
        match self.exponent {
            0..=18 => write!(f, "{sign}{digits}{}", "0".repeat(n_places)),
            -18..0 if digits.len() > n_places => {
                let (whole, decimals) = digits.split_at(digits.len() - n_places);
                write!(f, "{sign}{whole}.{decimals}")
            }
            -18..0 => write!(f, "{sign}0.{digits:0>n_places$}"),
            _ => write!(f, "{sign}{digits}e{}", self.exponent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(whole: &str, decimals: &str, expected: &str) {
        let shown = Decimal::from_digits(whole, decimals).map(|value| value.to_string());
        assert_eq!(shown.as_deref(), Some(expected));
    }

    #[test]
    fn equal_values_are_shown_alike() {
        check("1770", "", "1770");
        check("007", "50", "7.5");
        check("0", "05", "0.05");
        check("", "", "0");
        assert_eq!(Decimal::new(191, -1).times(1_000_000), Some(Decimal::from(19_100_000)));
    }

    #[test]
    fn too_many_digits_are_no_number() {
        assert_eq!(Decimal::from_digits("1234567890123456789", ""), None);
        assert_eq!(Decimal::from(u64::MAX).times(1_000_001), None);
    }

    #[test]
    fn rounding_keeps_six_digits() {
        assert_eq!(Decimal::rounded(40.0 * 1609.344).to_string(), "64373.8");
        assert_eq!(Decimal::rounded(f64::NAN).to_string(), "0");
        assert_eq!(Decimal::rounded(-6.666_666_7).to_string(), "-6.66667");
    }
}
