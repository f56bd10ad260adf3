//! Numbers that stand alone or count something: money, ages, shares, places.
//!
//! The words before and behind an amount decide its kind. Two numbers of a range
//! share the unit and the magnitude behind the second (`20 bis 30 Prozent`,
//! `$5-10 million`). Four plain digits alone are a year.

use super::amounts::{self, Amount, Measure, amount, measure};
use super::facts::{Fact, FactValue};
use super::reader::Reader;
use super::results::YEARS;
use super::{codes, results};
use crate::text::meaning::{Dimension, Link, Meaning};
use crate::text::tokens::{Gap, Shape};

/// Reads a fact at token `i`; the answer is the token after it.
pub fn read(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    share(reader, i, facts)
        .or_else(|| results::read(reader, i, facts))
        .or_else(|| leading_currency(reader, i, facts))
        .or_else(|| leading_age(reader, i, facts))
        .or_else(|| codes::read(reader, i, facts))
        .or_else(|| standing(reader, i, facts))
        .or_else(|| ordinal_word(reader, i, facts))
}

/// One number with its measure, or two numbers of a range that share it.
fn standing(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let first = amount(reader, i, false)?;
    if let Some((measure, next)) = measure(reader, &first) {
        let is_below_zero = measure.is_signed() && has_minus(reader, i);
        let value = if is_below_zero { first.value.negated() } else { first.value };
        facts.push(reader.fact(measure.value(value)?, i, next));
        // "30m" is as often a count as a length; both are stated.
        if let Some(count) = amounts::as_magnitude(reader, &first) {
            facts.push(reader.fact(FactValue::Number(count), i, next));
        }
        return Some(next);
    }
    if let Some(next) = range(reader, i, &first, None, facts) {
        return Some(next);
    }
    if first.factor == 1 && first.numeral.part {
        return None;
    }
    if first.numeral.n_plain_digits > 1 && reader.slice(i).starts_with('0') && first.factor == 1 {
        facts.push(reader.fact(FactValue::Code(reader.slice(i).into()), i, first.next));
        return Some(first.next);
    }
    let is_plain = first.numeral.n_plain_digits > 0 && first.factor == 1;
    if let Some(next) = pointed_ordinal(reader, i).filter(|_| is_plain) {
        facts.push(reader.fact(FactValue::Ordinal(reader.digits(i, 3)?), i, next));
        return Some(next);
    }
    let year = reader.digits(i, 4).filter(|year| is_plain && YEARS.contains(year));
    let value = match year {
        Some(year) => FactValue::Year(year as i16),
        None => FactValue::Number(first.value),
    };
    facts.push(reader.fact(value, i, first.next));
    Some(first.next)
}

/// The second half of a range: `20 bis 30 Prozent`, `200 und 400 Meter`.
fn range(
    reader: &Reader<'_>,
    i: usize,
    first: &Amount,
    currency: Option<[u8; 3]>,
    facts: &mut Vec<Fact>,
) -> Option<usize> {
    let mut at = first.next;
    // "18- to 29-year-olds"
    if reader.is_glued_sign(at, "-") && !reader.is_glued(at + 1) {
        at += 1;
    }
    let (link, after) = reader.meaning(at, |meaning| match meaning {
        Meaning::Link(link @ (Link::Range | Link::And)) => Some(link),
        _ => None,
    })?;
    let is_near = reader.token(at).gap <= Gap::Line && reader.token(after).gap <= Gap::Line;
    let n_digits = first.numeral.n_plain_digits;
    if !is_near || (link == Link::And && (n_digits == 0 || n_digits == 4 || currency.is_some())) {
        return None;
    }
    let second = amount(reader, after, currency.is_some())?;
    let (measure, next) = match (measure(reader, &second), currency) {
        (Some(found), None) => found,
        (Some((Measure::Money(_), next)), Some(code)) => (Measure::Money(code), next),
        (None, Some(code)) => (Measure::Money(code), second.next),
        (None, None) if second.factor > 1 && link == Link::Range => (Measure::Times, second.next),
        _ => return None,
    };
    let rises = first.value.to_f64() < second.numeral.value.to_f64();
    let shares_factor = first.factor == 1 && second.factor > 1 && rises;
    let first_value = if shares_factor { first.value.times(second.factor)? } else { first.value };
    facts.push(reader.fact(measure.value(first_value)?, i, first.next));
    facts.push(reader.fact(measure.value(second.value)?, after, next));
    Some(next)
}

/// A sign that touches only its number, or "minus".
fn has_minus(reader: &Reader<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let has_sign = reader.is_sign(before, "-−–") && reader.is_glued(i) && !reader.is_glued(before);
    has_sign || reader.means(before, |meaning| meaning == Meaning::Link(Link::Minus))
}

/// `$1bn`, `US$2 billion`, `EUR 5`; with a range `$5-10 million`.
fn leading_currency(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let (code, at) = reader.meaning(i, |meaning| match meaning {
        Meaning::Currency { code, leads: true } => Some(code),
        _ => None,
    })?;
    if reader.token(at).gap > Gap::Blank || reader.shape(at) != Shape::Digits {
        return None;
    }
    let first = amount(reader, at, true)?;
    if let Some(next) = range(reader, i, &first, Some(code), facts) {
        return Some(next);
    }
    let next = match measure(reader, &first) {
        Some((Measure::Money(_), next)) => next,
        _ => first.next,
    };
    facts.push(reader.fact(FactValue::Money { amount: first.value, currency: code }, i, next));
    Some(next)
}

/// "aged 40", "im Alter von 40 Jahren".
fn leading_age(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let ((), at) = reader.meaning(i, |meaning| (meaning == Meaning::Link(Link::AgeLead)).then_some(()))?;
    let years = amount(reader, at, false).filter(|years| years.factor == 1)?;
    let next = match measure(reader, &years) {
        Some((Measure::Unit(unit), next)) if unit.dimension == Dimension::Duration => next,
        None => years.next,
        Some(_) => return None,
    };
    facts.push(reader.fact(FactValue::Age(years.value), at, next));
    Some(next)
}

/// `one in five`, `jedes fünfte`, `2/3`, `die Hälfte`.
fn share(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let found = reader.meaning(i, |meaning| match meaning {
        Meaning::Link(Link::OneIn | Link::Every) | Meaning::Fraction { part: false, .. } => Some(meaning),
        _ => None,
    });
    let (over, under, next) = match found {
        Some((Meaning::Link(Link::OneIn), at)) => {
            let under = amount(reader, at, false).filter(|under| measure(reader, under).is_none())?;
            (1, u32::try_from(under.value.to_whole()?).ok()?, under.next)
        }
        Some((Meaning::Link(_), at)) => {
            let (place, next) = ordinal(reader, at)?;
            (1, place, next)
        }
        // "half a mile" is an amount, "half-time" is neither.
        Some((Meaning::Fraction { over, under, .. }, next))
            if amounts::half(reader, i).is_none() && !reader.is_glued_sign(next, "-") =>
        {
            (over, under, next)
        }
        None if reader.shape(i) == Shape::Digits => amounts::slashed(reader, i)?,
        _ => return None,
    };
    if under < 2 {
        return None;
    }
    facts.push(reader.fact(FactValue::Fraction { over, under }, i, next));
    Some(next)
}

fn ordinal_word(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let (place, next) = ordinal(reader, i)?;
    facts.push(reader.fact(FactValue::Ordinal(place), i, next));
    Some(next)
}

/// An ordinal in words or digits: `dritte`, `einundzwanzigste`, `3rd`, `3.`.
pub fn ordinal(reader: &Reader<'_>, i: usize) -> Option<(u32, usize)> {
    let word = reader.meaning(i, |meaning| match meaning {
        Meaning::Ordinal(place) => Some(place),
        _ => None,
    });
    if word.is_some() {
        return word;
    }
    if let Some(next) = pointed_ordinal(reader, i) {
        return Some((reader.digits(i, 3)?, next));
    }
    let amount = amount(reader, i, false)?;
    let (_, next) = measure(reader, &amount).filter(|(measure, _)| *measure == Measure::Ordinal)?;
    Some((u32::try_from(amount.value.to_whole()?).ok()?, next))
}

/// The end of `3.` before a word, where the language writes ordinals so. A
/// capitalised function word after the point begins a sentence instead.
fn pointed_ordinal(reader: &Reader<'_>, i: usize) -> Option<usize> {
    let fits = reader.language.rules().day_point
        && reader.slice(i).len() <= 3
        && reader.shape(i) == Shape::Digits
        && reader.is_glued_sign(i + 1, ".")
        && reader.token(i + 2).gap == Gap::Blank
        && reader.shape(i + 2) == Shape::Word
        && !(reader.is_capitalised(i + 2) && reader.is_stop_word(i + 2));
    fits.then_some(i + 2)
}

#[cfg(test)]
mod tests {
    use crate::cross::facts::check;

    #[test]
    fn money_is_alike_however_it_is_written() {
        check("de", "1 Milliarde US-Dollar", "money USD 1000000000");
        check("en", "$1 billion and $1bn", "money USD 1000000000; money USD 1000000000");
        check("de", "eine 500-Millionen-Dollar-Grenze", "money USD 500000000");
        check("de", "5 Mrd. Euro", "money EUR 5000000000");
        check("de", "eine halbe Milliarde Euro", "money EUR 500000000");
        check("en", "half a billion euros", "money EUR 500000000");
        check("en", "a £99m fine", "money GBP 99000000");
        check("en", "US$2 billion", "money USD 2000000000");
        check("en", "7m people", "length 7; number 7000000");
        check("de", "19,1 Millionen Rubel", "money RUB 19100000");
        check("ru", "19,1 млн рублей", "money RUB 19100000");
        check("fr", "2,5 milliards d'euros", "money EUR 2500000000");
        check("es", "300 mil millones de dólares", "money USD 300000000000");
    }

    #[test]
    fn a_billion_differs_between_languages() {
        check("de", "2 Billionen Euro", "money EUR 2000000000000");
        check("en", "2 trillion euros", "money EUR 2000000000000");
    }

    #[test]
    fn percentages_and_their_ranges_meet() {
        check("de", "19 Prozent, 19 %", "percent 19; percent 19");
        check("en", "19%, 19 per cent, 19 percent", "percent 19; percent 19; percent 19");
        check("de", "20 bis 30 Prozent", "percent 20; percent 30");
        check("en", "between 20 and 30 percent", "percent 20; percent 30");
        check("de", "um minus 3 Prozent", "percent -3");
    }

    #[test]
    fn quantities_are_in_base_units() {
        check("de", "64 Kilometer", "length 64000");
        check("en", "40 miles", "length 64373.8");
        check("en", "a 6-foot-6 forward", "length 1.9812");
        check("en", "53.6 degrees Fahrenheit", "temperature 12");
        check("de", "-12 Grad Celsius", "temperature -12");
        check("en", "21,000 acres", "area 84984000");
        check("en", "2 1/2 miles", "length 4023.36");
        check("de", "85 km/h", "speed 23.6111");
        check("fr", "450 mégawatts", "power 450000000");
        check("ru", "450 мегаватт", "power 450000000");
        check("es", "12 segundos", "duration 12");
        check("de", "siebenmonatig", "duration 18408600");
        check("en", "a seven-month trip", "duration 18408600");
    }

    #[test]
    fn ages_are_no_lengths_of_time() {
        check("de", "die 44-Jährige", "age 44");
        check("en", "a 44-year-old", "age 44");
        check("de", "im Alter von 40 Jahren", "age 40");
        check("en", "aged 40", "age 40");
        check("en", "18- to 29-year-olds", "age 18; age 29");
    }

    #[test]
    fn shares_are_fractions() {
        check("de", "jedes fünfte Kind", "fraction 1/5");
        check("en", "one in five children", "fraction 1/5");
        check("de", "zwei Drittel", "fraction 2/3");
        check("en", "two-thirds", "fraction 2/3");
        check("en", "before half-time", "");
    }

    #[test]
    fn places_are_ordinals() {
        check("de", "der dritte, der 3. Platz", "ordinal 3; ordinal 3");
        check("en", "the third, the 3rd place", "ordinal 3; ordinal 3");
        check("de", "die einundzwanzigste", "ordinal 21");
        check("en", "the twenty-first", "ordinal 21");
        check("de", "Er wurde 3. Der Rest", "number 3");
    }

    #[test]
    fn one_alone_is_no_number() {
        check("de", "ein Mann und eine Frau, noch einmal, ein Jahr", "");
        check("en", "one of them, one year", "");
        check("de", "eine Million", "number 1000000");
    }

    #[test]
    fn four_plain_digits_are_a_year() {
        check("de", "im Jahr 2019", "year 2019");
        check("en", "2,019 people", "number 2019");
        check("en", "agent 007", "code 007");
        check("uk", "до 2028 року, на 5 років", "year 2028; duration 157788000");
        check("de", "die 1990er, die 80er Jahre", "decade 1990; decade 1980");
        check("en", "the 1990s, the 80s", "decade 1990; decade 1980");
    }
}
