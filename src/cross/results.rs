//! Two numbers with a sign between them: results and spans of years.
//!
//! `7:6`, `3-1`, `38 - 17` and `2015-18` look like ranges; they are read here only
//! where no unit or magnitude follows. A result keeps no sides, because reports
//! lead with the winner, the home team or their own.

use super::amounts;
use super::facts::{Fact, FactValue};
use super::reader::Reader;
use crate::text::tokens::{Gap, Shape};

/// Four digits alone are read as a year within these.
pub const YEARS: std::ops::Range<u32> = 1400..2100;

/// Reads a result or a span of years at token `i`; the answer is the token after it.
pub fn read(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    if reader.shape(i) != Shape::Digits || reader.shape(i + 1) != Shape::Sign {
        return None;
    }
    years(reader, i, facts).or_else(|| score(reader, i, facts))
}

/// `2015-18`, `1914–1918`.
fn years(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let from = reader.digits(i, 4).filter(|year| YEARS.contains(year))?;
    let is_range = reader.is_glued_sign(i + 1, "-–/") && reader.is_glued_digits(i + 2);
    if !is_range || reader.is_glued_sign(i + 3, "-–/") {
        return None;
    }
    let to = match reader.slice(i + 2).len() {
        2 => from / 100 * 100 + reader.digits(i + 2, 2)?,
        4 => reader.digits(i + 2, 4)?,
        _ => return None,
    };
    if to <= from || !YEARS.contains(&to) {
        return None;
    }
    facts.push(reader.fact(FactValue::Year(from as i16), i, i + 1));
    facts.push(reader.fact(FactValue::Year(to as i16), i + 2, i + 3));
    Some(i + 3)
}

/// `7:6`, `3-1`, `5&4`, where no unit makes it a range.
fn score(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    let (a, b) = (reader.digits(i, 3)?, reader.digits(i + 2, 3)?);
    let is_glued = reader.is_glued_sign(i + 1, ":-–&") && reader.is_glued(i + 2);
    let is_apart = reader.is_sign(i + 1, ":-–")
        && reader.token(i + 1).gap == Gap::Blank
        && reader.token(i + 2).gap == Gap::Blank;
    let is_inside = i > 0 && reader.is_glued(i) && reader.is_sign(i - 1, "-–:./+,");
    let goes_on = (reader.is_glued_sign(i + 3, ":-–&/.,") && reader.is_glued_digits(i + 4))
        || (reader.is_glued(i + 3) && reader.shape(i + 3) == Shape::Word);
    if !(is_glued || is_apart) || is_inside || goes_on {
        return None;
    }
    let second = amounts::amount(reader, i + 2, false)?;
    let is_range = second.factor > 1 || amounts::measure(reader, &second).is_some();
    if is_range && !reader.is_sign(i + 1, ":") {
        return None;
    }
    facts.push(reader.fact(FactValue::Score { more: a.max(b), less: a.min(b) }, i, i + 3));
    // A tie-break stands in brackets right behind: `7-6(3)`.
    let has_tie_break =
        reader.is_glued_sign(i + 3, "(") && reader.is_glued_digits(i + 4) && reader.is_glued_sign(i + 5, ")");
    Some(if has_tie_break { i + 6 } else { i + 3 })
}

#[cfg(test)]
mod tests {
    use crate::cross::facts::check;

    #[test]
    fn results_keep_no_sides() {
        check("de", "Sie siegte 7:6, 3:6.", "score 7:6; score 6:3");
        check("en", "She won 7-6(3), 6-3.", "score 7:6; score 6:3");
        check("en", "Ayr 38 - 17 Melrose", "score 38:17");
        check("de", "nach dem 5:3-Sieg", "score 5:3");
    }

    #[test]
    fn two_years_are_no_result() {
        check("en", "from 2015-18", "year 2015; year 2018");
        check("de", "1914–1918", "year 1914; year 1918");
    }

    #[test]
    fn a_unit_makes_it_a_range() {
        check("de", "10-15 Prozent", "percent 10; percent 15");
        check("en", "1-800-555", "number 1; number 800; number 555");
    }
}
