//! Dates as reports write them, from `2024-10-03` to "on Monday".
//!
//! A day needs its month; a month needs a day, a year or a certain name. Weekdays
//! and words such as "yesterday" count from the day of the document, because a
//! report's weekday is the nearest one at or before that day. What is resolved so
//! is marked; what is written keeps the parts that are missing.

use super::calendar::{PartialDate, days_in};
use super::facts::{Fact, FactValue, Mention};
use super::numbers;
use super::reader::Reader;
use super::relative::{self, shift};
use crate::text::meaning::{Link, Meaning, Period};
use crate::text::tokens::{Gap, Shape};

/// Reads a date at token `i`; the answer is the token after it.
pub fn read(
    reader: &Reader<'_>,
    i: usize,
    document_date: PartialDate,
    facts: &mut Vec<Fact>,
) -> Option<usize> {
    let found = match reader.shape(i) {
        Shape::Digits => numeric(reader, i).or_else(|| day_first(reader, i, document_date)),
        Shape::Word => day_first(reader, i, document_date).or_else(|| month_first(reader, i, document_date)),
        Shape::Sign => None,
    };
    if let Some(found) = found {
        let next = found.next;
        found.push(reader, facts);
        return Some(next);
    }
    relative::weekday(reader, i, document_date, facts)
        .or_else(|| month_alone(reader, i, document_date, facts))
        .or_else(|| relative::period(reader, i, document_date, facts))
}

/// The date that begins at token `i`, if one is written there.
pub fn stated(reader: &Reader<'_>, i: usize) -> Option<(PartialDate, usize)> {
    let nothing = PartialDate::default();
    let found = numeric(reader, i)
        .or_else(|| day_first(reader, i, nothing))
        .or_else(|| month_first(reader, i, nothing))?;
    Some((found.date, found.next))
}

/// A written date, and the day that a range begins with.
struct Found {
    date: PartialDate,
    from: usize,
    next: usize,
    earlier: Option<(u8, usize, usize)>,
    mention: Mention,
}

impl Found {
    fn push(self, reader: &Reader<'_>, facts: &mut Vec<Fact>) {
        if let Some((day, from, to)) = self.earlier {
            let date = PartialDate { day: Some(day), ..self.date };
            facts.push(Fact { mention: self.mention, ..reader.fact(FactValue::Date(date), from, to) });
        }
        facts.push(Fact {
            mention: self.mention,
            ..reader.fact(FactValue::Date(self.date), self.from, self.next)
        });
    }
}

/// `2024-10-03`, `03.10.2024`, `3.10.`, `10/3/2024`.
fn numeric(reader: &Reader<'_>, i: usize) -> Option<Found> {
    let separator = reader.slice(i + 1);
    let is_dated = reader.is_glued_sign(i + 1, ".-/") && reader.is_glued_digits(i + 2);
    if !is_dated || (i > 0 && reader.is_glued(i) && reader.is_sign(i - 1, "/-.:")) {
        return None;
    }
    let (a, b) = (reader.digits(i, 4)?, reader.digits(i + 2, 2)?);
    let third = reader
        .is_glued_sign(i + 3, separator)
        .then(|| reader.digits(i + 4, 4).filter(|_| reader.is_glued(i + 4)))
        .flatten();
    let n_digits = |token: usize| reader.slice(token).len();
    let rules = reader.language.rules();
    let (year, month, day, next) = match (separator, third) {
        ("-" | "/", Some(day)) if n_digits(i) == 4 && n_digits(i + 2) == 2 => (Some(a), b, day, i + 5),
        ("/", Some(year)) if n_digits(i + 4) == 4 => {
            let (month, day) = if (rules.month_first && a <= 12) || b > 12 { (a, b) } else { (b, a) };
            (Some(year), month, day, i + 5)
        }
        (".", Some(year)) if n_digits(i + 4) == 4 => (Some(year), b, a, i + 5),
        (".", Some(year))
            if rules.day_point && n_digits(i + 4) == 2 && n_digits(i) == 2 && n_digits(i + 2) == 2 =>
        {
            (Some(if year < 50 { 2000 + year } else { 1900 + year }), b, a, i + 5)
        }
        // "2.2." may end a sentence; after "am", "vom" or "(" it is a date.
        (".", None)
            if rules.day_point
                && reader.is_glued_sign(i + 3, ".")
                && i > 0
                && (reader.is_stop_word(i - 1) || reader.is_sign(i - 1, "(–-")) =>
        {
            (None, b, a, i + 4)
        }
        _ => return None,
    };
    if reader.is_glued_sign(next, separator) && reader.is_glued_digits(next + 1) {
        return None;
    }
    let date = checked(year, month, day)?;
    Some(Found { date, from: i, next, earlier: None, mention: Mention::Stated })
}

fn checked(year: Option<u32>, month: u32, day: u32) -> Option<PartialDate> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let year = match year {
        Some(year) => Some(i16::try_from(year).ok().filter(|year| (1400..2200).contains(year))?),
        None => None,
    };
    ((1..=12).contains(&month) && (1..=days_in(month)).contains(&day))
        .then(|| PartialDate::of_day(year, month, day))
}

/// `3. Oktober 2024`, `17.-19. Februar`, `the third of May`.
fn day_first(reader: &Reader<'_>, i: usize, document_date: PartialDate) -> Option<Found> {
    let (first, after_first) = day(reader, i)?;
    let (day, from, after_day) = match second_day(reader, after_first) {
        Some((second, at, after)) => (second, at, after),
        None => (first, i, after_first),
    };
    let (month, after_month) = month_after(reader, after_day)?;
    let (year, next, mention) = year_after(reader, after_month, document_date);
    let date = checked(year, month.into(), day.into())?;
    let earlier = (from > i).then_some((first, i, after_first));
    Some(Found { date, from, next, earlier, mention })
}

/// A day of the month in digits or as an ordinal.
fn day(reader: &Reader<'_>, i: usize) -> Option<(u8, usize)> {
    let is_part_of_number =
        i > 0 && reader.is_glued(i) && (reader.is_sign(i - 1, ".,:/") || reader.shape(i - 1) == Shape::Word);
    let (day, next) = match reader.digits(i, 2) {
        Some(_) if is_part_of_number => return None,
        Some(day) if reader.language.rules().day_point && reader.is_glued_sign(i + 1, ".") => (day, i + 2),
        Some(day) => {
            let mark =
                reader.meaning(i + 1, |meaning| (meaning == Meaning::Link(Link::OrdinalMark)).then_some(()));
            (day, mark.filter(|_| reader.is_glued(i + 1)).map_or(i + 1, |(_, next)| next))
        }
        None if reader.shape(i) == Shape::Word => numbers::ordinal(reader, i)?,
        None => return None,
    };
    Some((u8::try_from(day).ok().filter(|day| (1..=31).contains(day))?, next))
}

/// The day after `-`, "bis" or "and": its value, where it begins and ends.
fn second_day(reader: &Reader<'_>, i: usize) -> Option<(u8, usize, usize)> {
    let ((), at) = reader
        .meaning(i, |meaning| matches!(meaning, Meaning::Link(Link::Range | Link::And)).then_some(()))?;
    let is_near = reader.token(i).gap <= Gap::Line && reader.token(at).gap <= Gap::Line;
    let (day, next) = day(reader, at).filter(|_| is_near && reader.shape(at) == Shape::Digits)?;
    Some((day, at, next))
}

fn month_after(reader: &Reader<'_>, i: usize) -> Option<(u8, usize)> {
    let of = reader.meaning(i, |meaning| (meaning == Meaning::Link(Link::Of)).then_some(()));
    let at = of.map_or(i, |(_, next)| next);
    if reader.token(at).gap > Gap::Line || reader.is_glued_digits(at) {
        return None;
    }
    month(reader, at).map(|(month, _, next)| (month, next))
}

fn month(reader: &Reader<'_>, i: usize) -> Option<(u8, bool, usize)> {
    let ((number, doubtful), next) = reader.meaning(i, |meaning| match meaning {
        Meaning::Month { number, doubtful } => Some((number, doubtful)),
        _ => None,
    })?;
    Some((number, doubtful, next))
}

/// The year behind a date: ` 2024`, `, 2024`, "dieses Jahres".
fn year_after(reader: &Reader<'_>, i: usize, document_date: PartialDate) -> (Option<u32>, usize, Mention) {
    let at = if reader.is_glued_sign(i, ",") { i + 1 } else { i };
    if let Some((year, next)) = year(reader, at) {
        return (Some(year), next, Mention::Stated);
    }
    let relative = reader.meaning(i, |meaning| match meaning {
        Meaning::Relative { period: Period::Year, offset } => Some(offset),
        _ => None,
    });
    if let (Some((offset, next)), Some(year)) = (relative, document_date.year) {
        return (u32::try_from(i32::from(year) + offset).ok(), next, Mention::Resolved);
    }
    (None, i, Mention::Stated)
}

/// Four digits that stand apart.
fn year(reader: &Reader<'_>, i: usize) -> Option<(u32, usize)> {
    let of = reader.meaning(i, |meaning| (meaning == Meaning::Link(Link::Of)).then_some(()));
    let at = of.map_or(i, |(_, next)| next);
    let year = reader.digits(at, 4).filter(|year| (1400..2100).contains(year))?;
    let is_near = matches!(reader.token(at).gap, Gap::Blank | Gap::Wide | Gap::Line);
    let goes_on = reader.is_glued(at + 1)
        && (reader.shape(at + 1) != Shape::Sign
            || (reader.is_sign(at + 1, ".,:") && reader.is_glued_digits(at + 2)));
    (is_near && !goes_on).then_some((year, at + 1))
}

/// `October 3, 2024`, `July 6-7`, `Aug. 20`, where the language has it so.
fn month_first(reader: &Reader<'_>, i: usize, document_date: PartialDate) -> Option<Found> {
    let (month, _, at) = month(reader, i)?;
    if !reader.language.rules().month_first || reader.token(at).gap > Gap::Line || reader.is_glued(at) {
        return None;
    }
    let (first, after_first) = day(reader, at).filter(|_| reader.shape(at) == Shape::Digits)?;
    if reader.is_glued(after_first)
        && (reader.shape(after_first) != Shape::Sign
            || (reader.is_sign(after_first, ".,:%") && reader.is_glued_digits(after_first + 1)))
    {
        return None;
    }
    let (day, from, after_day) =
        match second_day(reader, after_first).filter(|_| reader.is_glued(after_first)) {
            Some((second, second_at, after)) => (second, second_at, after),
            None => (first, i, after_first),
        };
    let (year, next, mention) = year_after(reader, after_day, document_date);
    let date = checked(year, month.into(), day.into())?;
    let earlier = (from > i).then_some((first, i, after_first));
    Some(Found { date, from, next, earlier, mention })
}

/// `Mai 2024`, "im Mai dieses Jahres", "in May", "last May".
fn month_alone(
    reader: &Reader<'_>,
    i: usize,
    document_date: PartialDate,
    facts: &mut Vec<Fact>,
) -> Option<usize> {
    let (month, doubtful, after) = month(reader, i)?;
    let (year, next, mut mention) = year_after(reader, after, document_date);
    let lead = |at: usize| reader.means(at, |meaning| meaning == Meaning::Link(Link::TimeLead));
    if year.is_none() && doubtful && !(i > 0 && lead(i - 1)) {
        return None;
    }
    let mut year = year.and_then(|year| i16::try_from(year).ok());
    let shift = if i > 0 { reader.meaning(i - 1, shift) } else { None };
    if let (None, Some((shift, _)), Some(document_year), Some(document_month)) =
        (year, shift, document_date.year, document_date.month)
    {
        // "last May" is this year's once May has passed.
        let passed = month < document_month;
        year = Some(match shift {
            ..=-1 => document_year - i16::from(!passed),
            0 => document_year,
            _ => document_year + i16::from(month <= document_month),
        });
        mention = Mention::Resolved;
    }
    let date = PartialDate { year, month: Some(month), day: None };
    facts.push(Fact { mention, ..reader.fact(FactValue::Date(date), i, next) });
    Some(next)
}

#[cfg(test)]
mod tests {
    use crate::cross::facts::check;

    #[test]
    fn a_day_is_one_fact_in_every_spelling() {
        check("de", "am 3. Oktober, 24 Dezember", "date --10-03; date --12-24");
        check("de", "3. Okt. 2024 und 03.10.2024", "date 2024-10-03; date 2024-10-03");
        check("en", "3 October, October 3, 2024, Oct. 3", "date --10-03; date 2024-10-03; date --10-03");
        check("en", "August 28th, 2017, Aug. 20", "date 2017-08-28; date --08-20");
        check("en", "the third of May 2021", "date 2021-05-03");
        check("de", "2024-10-03", "date 2024-10-03");
        check("de", "am 3.10. in Minsk", "date --10-03");
        check("ru", "3 октября 2024 года", "date 2024-10-03");
        check("fr", "le 1er mai 2021", "date 2021-05-01");
        check("es", "el 3 de octubre de 2024", "date 2024-10-03");
        check("uk", "3 жовтня", "date --10-03");
    }

    #[test]
    fn slashes_are_read_by_the_language() {
        check("en", "10/3/2024, 13/3/2024", "date 2024-10-03; date 2024-03-13");
        check("fr", "10/3/2024", "date 2024-03-10");
    }

    #[test]
    fn a_range_gives_both_its_days() {
        check("de", "17.-19. Februar", "date --02-17; date --02-19");
        check("de", "vom 5. bis 7. Juni 2023", "date 2023-06-05; date 2023-06-07");
        check("en", "July 6-7", "date --07-06; date --07-07");
        check("en", "17-19 February", "date --02-17; date --02-19");
    }

    #[test]
    fn a_month_needs_a_year_or_a_certain_name() {
        check("de", "im Mai 2024, im Juli", "date 2024-05; date --07");
        check("en", "in May, in July 2019", "date --05; date 2019-07");
        check("en", "He may march. May said so.", "");
    }

    #[test]
    fn impossible_days_are_no_dates() {
        check("de", "31.02.2024", "code 31.02.2024");
        check("en", "Debian 2.2.", "number 2.2");
    }
}
