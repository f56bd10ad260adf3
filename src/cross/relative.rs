//! Weekdays and words such as "yesterday", counted from the day of the document.
//!
//! A report's weekday is the nearest one at or before its own day, unless the
//! text says "next". A weekday beside a written date needs no counting. Without
//! the day of the document a weekday stays a weekday, and the rest says nothing.

use super::calendar::PartialDate;
use super::dates;
use super::facts::{Fact, FactValue, Mention};
use super::reader::Reader;
use crate::text::meaning::{Meaning, Period};
use crate::text::tokens::Shape;

/// A weekday, and its date where no written date follows.
pub fn weekday(
    reader: &Reader<'_>,
    i: usize,
    document_date: PartialDate,
    facts: &mut Vec<Fact>,
) -> Option<usize> {
    let (weekday, next) = reader.meaning(i, |meaning| match meaning {
        Meaning::Weekday(weekday) => Some(weekday),
        _ => None,
    })?;
    facts.push(reader.fact(FactValue::Weekday(weekday), i, next));
    let is_dated = (next..next + 4).any(|at| {
        let is_clear =
            (next..at).all(|between| reader.shape(between) == Shape::Sign || reader.is_stop_word(between));
        is_clear && dates::stated(reader, at).is_some_and(|(date, _)| date.has_day())
    });
    let shift = if i > 0 { reader.meaning(i - 1, shift) } else { None };
    if let (false, Some(date)) = (is_dated, nearest(document_date, weekday, shift.map(|(shift, _)| shift))) {
        facts.push(Fact { mention: Mention::Resolved, ..reader.fact(FactValue::Date(date), i, next) });
    }
    Some(next)
}

/// The weekday at or before the day of the document; after it for "next", and
/// before it for "last".
fn nearest(document_date: PartialDate, weekday: u8, shift: Option<i32>) -> Option<PartialDate> {
    let back = (i32::from(document_date.weekday()?) - i32::from(weekday)).rem_euclid(7);
    match shift {
        Some(1..) => document_date.plus_days(7 - back),
        Some(..=-1) if back == 0 => document_date.plus_days(-7),
        _ => document_date.plus_days(-back),
    }
}

/// "yesterday", "last month", "dieses Jahres".
pub fn period(
    reader: &Reader<'_>,
    i: usize,
    document_date: PartialDate,
    facts: &mut Vec<Fact>,
) -> Option<usize> {
    let ((period, offset), next) = reader.meaning(i, |meaning| match meaning {
        Meaning::Relative { period, offset } => Some((period, offset)),
        _ => None,
    })?;
    let value = match period {
        Period::Day => FactValue::Date(document_date.plus_days(offset)?),
        Period::Month => FactValue::Date(document_date.plus_months(offset)?),
        Period::Year => FactValue::Year(i16::try_from(i32::from(document_date.year?) + offset).ok()?),
    };
    facts.push(Fact { mention: Mention::Resolved, ..reader.fact(value, i, next) });
    Some(next)
}

/// How far "last", "this" and "next" move what follows.
pub fn shift(meaning: Meaning) -> Option<i32> {
    match meaning {
        Meaning::Shift(shift) => Some(shift),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::facts::{check, check_on};

    #[track_caller]
    fn check_resolved(code: &str, text: &str, expected: &str) {
        // A Thursday.
        check_on(code, text, Some(PartialDate::of_day(Some(2024), 10, 3)), expected);
    }

    #[test]
    fn weekdays_are_resolved_backwards() {
        check("de", "am Montag", "weekday 1");
        check_resolved("de", "am Montag", "weekday 1; date 2024-09-30");
        check_resolved("en", "on Thursday", "weekday 4; date 2024-10-03");
        check_resolved(
            "en",
            "last Thursday, next Monday",
            "weekday 4; date 2024-09-26; weekday 1; date 2024-10-07",
        );
        check_resolved("de", "am kommenden Freitag", "weekday 5; date 2024-10-04");
    }

    #[test]
    fn a_weekday_beside_its_date_is_not_resolved() {
        check_resolved("de", "am Samstag (28. September)", "weekday 6; date --09-28");
        check_resolved("en", "on Saturday, July 6", "weekday 6; date --07-06");
    }

    #[test]
    fn relative_words_need_the_day_of_the_document() {
        check("de", "gestern und heute", "");
        check_resolved("de", "gestern und heute", "date 2024-10-02; date 2024-10-03");
        check_resolved("de", "im Mai dieses Jahres", "date 2024-05");
        check_resolved("de", "im Mai letzten Jahres", "date 2023-05");
        check_resolved("en", "last December, last year, last month", "date 2023-12; year 2023; date 2024-09");
    }
}
