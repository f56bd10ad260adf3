//! Times of day: `13.00 Uhr`, `1 p.m.` and `2.55pm` as minutes since midnight.
//!
//! A point between hour and minutes needs a word of the clock behind it, or it is
//! a decimal mark. A colon may also be a score: without such a word it counts as
//! a time only when the minutes are written as a timetable writes them.

use super::facts::{Fact, FactValue};
use super::numerals;
use super::reader::Reader;
use crate::text::meaning::{ClockWord, Dimension, Link, Meaning};
use crate::text::tokens::{Gap, Shape};

/// Reads a time at token `i`; the answer is the token after it.
pub fn read(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    if let Some((ClockWord::At(minutes), next)) = clock_word(reader, i) {
        facts.push(reader.fact(FactValue::Time(minutes), i, next));
        return Some(next);
    }
    let (minutes, next) = time(reader, i)?;
    facts.push(reader.fact(FactValue::Time(minutes), i, next));
    Some(next)
}

fn time(reader: &Reader<'_>, i: usize) -> Option<(u16, usize)> {
    if let Some((hour, minute, after)) = hour_and_minute(reader, i) {
        let is_colon = reader.is_sign(i + 1, ":");
        return match clock_word(reader, after) {
            Some((word, next)) => Some((minutes(hour, minute, word)?, next)),
            None if is_colon && looks_like_a_timetable(reader, i, after) => Some((hour * 60 + minute, after)),
            None => None,
        };
    }
    // "0200 GMT"
    if let (4, Some(digits)) = (reader.slice(i).len(), reader.digits(i, 4))
        && let Some((word @ ClockWord::Hour, next)) = clock_word(reader, i + 1)
        && digits % 100 < 60
    {
        return Some((minutes((digits / 100) as u16, (digits % 100) as u16, word)?, next));
    }
    let (hour, after) = match reader.digits(i, 2) {
        Some(hour) => (hour as u16, i + 1),
        None if reader.shape(i) == Shape::Word => {
            let hour = numerals::words(reader, i).filter(|hour| hour.ending.is_none())?;
            (u16::try_from(hour.value.to_whole()?).ok()?, hour.next)
        }
        None => return None,
    };
    if let Some((word, next)) = clock_word(reader, after) {
        let minute = reader
            .digits(next, 2)
            .filter(|_| word == ClockWord::Hour && reader.token(next).gap <= Gap::Blank);
        return match minute.filter(|minute| reader.slice(next).len() == 2 && *minute < 60) {
            Some(minute) if !is_measured(reader, next + 1) => {
                Some((minutes(hour, minute as u16, word)?, next + 1))
            }
            _ => Some((minutes(hour, 0, word)?, next)),
        };
    }
    // "5-7 p.m.": the first hour takes the word behind the second.
    let ((), second) =
        reader.meaning(after, |meaning| (meaning == Meaning::Link(Link::Range)).then_some(()))?;
    let (_, _, after_second) = hour_and_minute(reader, second)
        .or_else(|| Some((0, 0, reader.digits(second, 2).map(|_| second + 1)?)))?;
    let (word, _) = clock_word(reader, after_second)?;
    Some((minutes(hour, 0, word)?, after))
}

/// `13.00` or `13:00`, two digits of minutes, with no further part.
fn hour_and_minute(reader: &Reader<'_>, i: usize) -> Option<(u16, u16, usize)> {
    let (hour, minute) = (reader.digits(i, 2)?, reader.digits(i + 2, 2)?);
    let fits = reader.is_glued_sign(i + 1, ":.") && reader.is_glued(i + 2) && reader.slice(i + 2).len() == 2;
    // "9:55-10:00" are two times, "1:2-3" is none.
    let is_range = reader.is_glued_sign(i + 3, "-–") && reader.is_glued_sign(i + 5, ":.");
    let goes_on = reader.is_glued_sign(i + 3, ":.,-–") && reader.is_glued_digits(i + 4) && !is_range;
    let is_inside = i > 0 && reader.is_glued(i) && reader.is_sign(i - 1, ":.,/");
    (fits && !goes_on && !is_inside && hour <= 24 && minute < 60).then_some((
        hour as u16,
        minute as u16,
        i + 3,
    ))
}

fn clock_word(reader: &Reader<'_>, i: usize) -> Option<(ClockWord, usize)> {
    if reader.token(i).gap > Gap::Line {
        return None;
    }
    reader.meaning(i, |meaning| match meaning {
        Meaning::Clock(word) => Some(word),
        _ => None,
    })
}

fn minutes(hour: u16, minute: u16, word: ClockWord) -> Option<u16> {
    let hour = match word {
        ClockWord::At(minutes) => return Some(minutes),
        ClockWord::Hour if hour <= 24 => hour % 24,
        ClockWord::Am if (1..=12).contains(&hour) => hour % 12,
        ClockWord::Pm if (1..=12).contains(&hour) => hour % 12 + 12,
        // "18:30 pm" says the same twice.
        ClockWord::Pm if (13..24).contains(&hour) => hour,
        _ => return None,
    };
    Some(hour * 60 + minute)
}

/// `09:42`, `17:30`: a leading zero or minutes in fives, and no length of time.
fn looks_like_a_timetable(reader: &Reader<'_>, i: usize, after: usize) -> bool {
    let has_zero = reader.slice(i).starts_with('0') && reader.slice(i).len() == 2;
    let in_fives = reader.slice(i + 2).ends_with(['0', '5']);
    let is_sport = reader.is_glued_sign(after, "-(") && !reader.is_glued_digits(after + 1);
    (has_zero || in_fives) && !is_sport && !is_measured(reader, after)
}

/// Whether a unit of time follows: "nach 13:10 Minuten".
fn is_measured(reader: &Reader<'_>, i: usize) -> bool {
    reader.means(i, |meaning| matches!(meaning, Meaning::Unit(unit) if unit.dimension == Dimension::Duration))
}

#[cfg(test)]
mod tests {
    use crate::cross::facts::check;

    #[test]
    fn both_clocks_meet() {
        check(
            "de",
            "13.00 Uhr, 20 Uhr, 14.55 Uhr, 7:00 Uhr",
            "time 13:00; time 20:00; time 14:55; time 07:00",
        );
        check("en", "1 p.m., 8pm, 2.55pm, 7 o'clock", "time 13:00; time 20:00; time 14:55; time 07:00");
        check("en", "12 a.m. is midnight, noon is 12pm", "time 00:00; time 00:00; time 12:00; time 12:00");
        check("de", "13 Uhr 30, 0.09 Uhr, acht Uhr", "time 13:30; time 00:09; time 08:00");
        check("en", "from 5-7 p.m.", "time 17:00; time 19:00");
        check("de", "9:55-10:00 Begrüßung", "time 09:55; time 10:00");
        check("fr", "à 17h30", "time 17:30");
        check("en", "by 0730 GMT, 16:05 GMT", "time 07:30; time 16:05");
    }

    #[test]
    fn a_colon_alone_may_be_a_score() {
        check("de", "um 17:30 gewann sie 7:6", "time 17:30; score 7:6");
        check("en", "13:10 minutes", "score 13:10");
        check("de", "am 7. Juli um 25:00", "date --07-07; score 25:0");
    }
}
