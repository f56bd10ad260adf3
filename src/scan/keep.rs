//! Which document of a cluster is kept.
//!
//! A rule gives each document a rank while it is read; of equal ranks the
//! longer text is kept, of equally long ones that whose id sorts first. So the
//! order is total and does not depend on the order of reading. Protected
//! documents rank before all others.

use super::table::Table;
use crate::corpus::{Document, Globs};
use std::cmp::Reverse;

/// Which document of a cluster is kept.
#[derive(Clone, Debug, Default)]
pub enum KeepRule {
    /// The one with the most words.
    #[default]
    Longest,
    /// The one whose id sorts first.
    First,
    /// The one with the latest date; undated ones come last.
    Newest,
    /// One in the first of these languages that there is, as ISO 639-1 codes.
    Language(Vec<String>),
    /// One whose id or file matches the first of these patterns that any does.
    PathPriority(Globs),
}

/// The rank of a document in which a rule finds nothing to go by.
const LAST: u64 = 1 << 62;

/// A rule and the documents that are never removed.
#[derive(Clone, Debug, Default)]
pub(super) struct Keep {
    pub rule: KeepRule,
    pub protected: Globs,
}

impl KeepRule {
    /// The name used on the command line, with what it was given.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Longest => "longest".into(),
            Self::First => "first".into(),
            Self::Newest => "newest".into(),
            Self::Language(codes) => format!("language {}", codes.join(",")),
            Self::PathPriority(globs) => format!("path-priority {}", globs.patterns().join(",")),
        }
    }

    /// What the rule makes of a document before words and ids are looked at;
    /// smaller is better, at most 2^62. `file` is where the document stands,
    /// `language` what it is written in.
    #[must_use]
    pub fn rank(&self, document: &Document<'_>, file: &str, language: Option<&str>) -> u64 {
        let place = |found: Option<usize>| found.map_or(LAST, |at| at as u64);
        match self {
            Self::Longest | Self::First => 0,
            Self::Newest => document.date.as_deref().and_then(seconds).map_or(LAST, |seconds| {
                // Later is smaller; the middle of the range is 1970.
                (LAST / 2).saturating_add_signed(-seconds.clamp(-(1 << 60), 1 << 60))
            }),
            Self::Language(codes) => place(codes.iter().position(|code| Some(code.as_str()) == language)),
            Self::PathPriority(globs) => place(globs.first_match(&[&document.id, file])),
        }
    }
}

impl Keep {
    /// Whether documents must be ranked while they are read.
    pub fn needs_ranks(&self) -> bool {
        !matches!(self.rule, KeepRule::Longest | KeepRule::First) || !self.protected.patterns().is_empty()
    }

    /// The rank of a document; smaller is better.
    pub fn rank(&self, document: &Document<'_>, file: &str, language: Option<&str>) -> u64 {
        let open = !self.protected.is_match(&[&document.id, file]);
        u64::from(open) << 63 | self.rule.rank(document, file, language)
    }

    /// Whether the rule found nothing to go by in a document of this rank.
    pub fn is_last(rank: u64) -> bool {
        rank & (LAST - 1) == 0 && rank & LAST != 0
    }

    /// Where a document stands in the order of the rule; smaller is better. A
    /// total order that does not depend on reading order, as ids are unique.
    pub fn preference(&self, table: &Table, document: u32) -> Preference {
        let row = table.row(document);
        let words = if matches!(self.rule, KeepRule::First) { 0 } else { row.n_words };
        Preference { rank: row.rank, words: Reverse(words), name: table.name(document) }
    }
}

/// Where a document stands in the order of a keep rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Preference {
    rank: u64,
    words: Reverse<u32>,
    name: String,
}

/// Seconds since 1970 of a date as records have it: `2024-10-03`, with a time
/// and an offset or without, `20241003`, or a number of (milli)seconds.
fn seconds(date: &str) -> Option<i64> {
    let date = date.trim();
    if let Ok(number) = date.parse::<i64>()
        && date.len() != 8
    {
        return Some(if number.abs() >= 100_000_000_000 { number / 1000 } else { number });
    }
    let digits = |from: usize, length: usize| -> Option<i64> {
        let part = date.get(from..from + length)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (year, month, day, rest) = match date.len() {
        8 => (digits(0, 4)?, digits(4, 2)?, digits(6, 2)?, ""),
        _ => (digits(0, 4)?, digits(5, 2)?, digits(8, 2)?, date.get(10..)?),
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let part =
        |from: usize| -> i64 { rest.get(from..from + 2).and_then(|part| part.parse().ok()).unwrap_or(0) };
    let time = if rest.starts_with(['T', 't', ' ']) { part(1) * 3600 + part(4) * 60 + part(7) } else { 0 };
    let offset = match rest.rfind(['+', '-']) {
        Some(at) => {
            let sign = if rest[at..].starts_with('-') { -1 } else { 1 };
            let minutes = if rest[at..].contains(':') { part(at + 4) } else { part(at + 3) };
            sign * (part(at + 1) * 3600 + minutes * 60)
        }
        None => 0,
    };
    Some(days(year, month, day) * 86_400 + time - offset)
}

/// Days since 1970 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counted in years that start with March, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_all_spellings_compare() {
        let check = |date: &str, expected: i64| assert_eq!(seconds(date), Some(expected), "{date}");
        check("1970-01-01", 0);
        check("2024-10-03", 1_727_913_600);
        check("20241003", 1_727_913_600);
        check("2024-10-03T12:30:05Z", 1_727_958_605);
        check("2024-10-03 12:30:05+02:00", 1_727_958_605 - 7200);
        check("2024-10-03T12:30:05-0130", 1_727_958_605 + 5400);
        check("1727913600", 1_727_913_600);
        check("1727913600000", 1_727_913_600);
        check("1969-12-31", -86_400);
        check("2024-02-29", 1_709_164_800);
        for date in ["", "gestern", "2024", "3.10.2024", "2024-13-01", "äöüäöüäöüä"] {
            assert!(seconds(date).is_none_or(|at| at == 2024), "{date}");
        }
    }
}
