//! Numerals with their magnitudes, and the measures behind them.
//!
//! `500-Millionen-Dollar`, `$10bn`, "eine halbe Milliarde": first how much, then
//! of what. A magnitude or a unit may follow after a blank, a hyphen or nothing.
//! "One" and "halbe" say how much only where one of them follows.

use super::decimal::Decimal;
use super::facts::FactValue;
use super::numerals::{self, Numeral};
use super::reader::Reader;
use super::units;
use crate::text::meaning::{Dimension, Link, Meaning, Unit};
use crate::text::tokens::{Gap, Shape};

/// A numeral with the magnitudes after it.
#[derive(Clone, Copy)]
pub struct Amount {
    /// The number before the magnitudes.
    pub numeral: Numeral,
    /// The number times the magnitudes.
    pub value: Decimal,
    /// The product of the magnitudes.
    pub factor: u64,
    /// The token after the amount.
    pub next: usize,
}

/// What follows a number and says what it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Measure {
    Percent,
    Money([u8; 3]),
    Unit(Unit),
    Age,
    Decade,
    Ordinal,
    Times,
    /// The lower half of a fraction.
    Denominator(u32),
}

/// The amount at token `i`; one letter is a magnitude only of money.
pub fn amount(reader: &Reader<'_>, i: usize, is_money: bool) -> Option<Amount> {
    let numeral = half(reader, i)
        .or_else(|| numerals::digits(reader, i).map(|numeral| with_fraction(reader, numeral)))
        .or_else(|| numerals::words(reader, i))?;
    let mut amount = Amount { numeral, value: numeral.value, factor: 1, next: numeral.next };
    while let Some((factor, next)) = magnitude(reader, amount.next, is_money) {
        amount.factor = amount.factor.checked_mul(factor)?;
        amount.value = numeral.value.times(amount.factor)?;
        amount.next = next;
    }
    Some(amount)
}

/// The amount in millions, where a letter that is a unit (`30m`) may say so too.
pub fn as_magnitude(reader: &Reader<'_>, amount: &Amount) -> Option<Decimal> {
    let is_digits = amount.factor == 1 && reader.is_glued(amount.next) && amount.numeral.ending.is_none();
    let (factor, _) = magnitude(reader, amount.next, true).filter(|_| is_digits)?;
    amount.value.times(factor)
}

fn magnitude(reader: &Reader<'_>, i: usize, is_money: bool) -> Option<(u64, usize)> {
    let at = reader.attached(i)?;
    reader.meaning(at, |meaning| match meaning {
        Meaning::Magnitude { value, .. } => Some(value),
        Meaning::MoneyMagnitude(value) if is_money => Some(value),
        _ => None,
    })
}

/// `halbe` in "eine halbe Milliarde", where a magnitude or a unit follows.
pub fn half(reader: &Reader<'_>, i: usize) -> Option<Numeral> {
    let ((over, under), next) = reader.meaning(i, fraction)?;
    let at = reader.attached(next)?;
    let is_unit = |meaning| matches!(meaning, Meaning::Unit(_));
    let is_followed = magnitude(reader, next, false).is_some() || reader.means(at, is_unit);
    let value = || quotient(over, under);
    is_followed.then(|| Numeral { value: value(), next, n_plain_digits: 0, part: false, ending: None })
}

fn fraction(meaning: Meaning) -> Option<(u32, u32)> {
    match meaning {
        Meaning::Fraction { over, under, .. } => Some((over, under)),
        _ => None,
    }
}

fn quotient(over: u32, under: u32) -> Decimal {
    Decimal::rounded(f64::from(over) / f64::from(under))
}

/// Adds `½` or ` 1/2` to the whole number before it.
fn with_fraction(reader: &Reader<'_>, numeral: Numeral) -> Numeral {
    let i = numeral.next;
    let gap = reader.token(i).gap;
    if numeral.n_plain_digits == 0 || gap > Gap::Blank {
        return numeral;
    }
    let fraction = match reader.shape(i) {
        Shape::Sign => reader.meaning(i, fraction),
        Shape::Digits => slashed(reader, i)
            .filter(|(_, under, _)| gap == Gap::Blank && matches!(under, 2 | 3 | 4 | 8))
            .map(|(over, under, next)| ((over, under), next)),
        Shape::Word => None,
    };
    let sum = |((over, under), next)| Some((numeral.value.plus(quotient(over, under))?, next));
    match fraction.and_then(sum) {
        Some((value, next)) => Numeral { value, next, n_plain_digits: 0, ..numeral },
        None => numeral,
    }
}

/// `2/3`: its upper number, the larger lower one, the token after it.
pub fn slashed(reader: &Reader<'_>, i: usize) -> Option<(u32, u32, usize)> {
    let (over, under) = (reader.digits(i, 2)?, reader.digits(i + 2, 2)?);
    let is_slashed = reader.is_glued_sign(i + 1, "/⁄") && reader.is_glued(i + 2);
    let is_inside = i > 0 && reader.is_glued(i) && reader.is_sign(i - 1, "/");
    let fits = is_slashed && over > 0 && over < under && !is_inside && !reader.is_glued_sign(i + 3, "/-");
    fits.then_some((over, under, i + 3))
}

/// What an amount is of, and the token after that.
pub fn measure(reader: &Reader<'_>, amount: &Amount) -> Option<(Measure, usize)> {
    if let Some(ending) = amount.numeral.ending {
        return Some((Measure::of(ending)?, amount.next));
    }
    let at = reader.attached(amount.next)?;
    let is_near = reader.is_glued(at);
    let whole = amount.value.to_whole();
    let found = reader.meaning(at, |meaning| {
        let measure = Measure::of(meaning)?;
        let is_digits = amount.numeral.n_plain_digits > 0;
        let fits = match measure {
            Measure::Ordinal => is_near && is_digits,
            Measure::Decade => is_near && is_digits && whole.is_some_and(|year| year % 10 == 0),
            Measure::Denominator(under) => whole.is_some_and(|over| over > 0 && over <= u64::from(under)),
            // "Ein Jahr" is as often "a year" as "one year".
            Measure::Age => !amount.numeral.part || is_near,
            Measure::Unit(unit) if unit.dimension == Dimension::Duration => !amount.numeral.part || is_near,
            _ => true,
        };
        fits.then_some(measure)
    });
    found.map(|(measure, next)| with_inches(reader, measure, next))
}

/// Feet in the length unit of people: `6-foot-6`.
fn with_inches(reader: &Reader<'_>, measure: Measure, next: usize) -> (Measure, usize) {
    const FOOT: f64 = 0.3048;
    const INCH: f64 = 0.0254;
    match measure {
        Measure::Unit(unit)
            if unit.factor == FOOT && reader.is_glued_sign(next, "-") && reader.is_glued(next + 1) =>
        {
            match reader.digits(next + 1, 2).filter(|inches| *inches < 12) {
                Some(inches) => (Measure::Unit(Unit { offset: f64::from(inches) * INCH, ..unit }), next + 2),
                None => (measure, next),
            }
        }
        _ => (measure, next),
    }
}

impl Measure {
    fn of(meaning: Meaning) -> Option<Measure> {
        Some(match meaning {
            Meaning::Percent => Measure::Percent,
            Meaning::Currency { code, .. } => Measure::Money(code),
            Meaning::Unit(unit) => Measure::Unit(unit),
            Meaning::Denominator(under) => Measure::Denominator(under),
            Meaning::Link(Link::Age) => Measure::Age,
            Meaning::Link(Link::Decade) => Measure::Decade,
            Meaning::Link(Link::OrdinalMark) => Measure::Ordinal,
            Meaning::Link(Link::Times) => Measure::Times,
            _ => return None,
        })
    }

    /// The fact that an amount of this measure states.
    pub fn value(self, value: Decimal) -> Option<FactValue> {
        let whole = || value.to_whole().and_then(|whole| u32::try_from(whole).ok());
        Some(match self {
            Measure::Percent => FactValue::Percent(value),
            Measure::Money(currency) => FactValue::Money { amount: value, currency },
            Measure::Unit(unit) => {
                FactValue::Quantity { value: units::to_base_unit(value, unit), dimension: unit.dimension }
            }
            Measure::Age => FactValue::Age(value),
            Measure::Decade => FactValue::Decade(decade(whole()?)?),
            Measure::Ordinal => FactValue::Ordinal(whole()?),
            Measure::Times => FactValue::Number(value),
            Measure::Denominator(under) => FactValue::Fraction { over: whole()?, under },
        })
    }

    /// Whether an amount of this measure can be below zero.
    pub fn is_signed(self) -> bool {
        match self {
            Measure::Percent => true,
            Measure::Unit(unit) => matches!(unit.dimension, Dimension::Temperature | Dimension::Degree),
            _ => false,
        }
    }
}

/// `80` is the decade from 1980, `1990` that from 1990.
fn decade(year: u32) -> Option<i16> {
    match year {
        30..100 if year.is_multiple_of(10) => Some(1900 + year as i16),
        1000..2100 if year.is_multiple_of(10) => Some(year as i16),
        _ => None,
    }
}
