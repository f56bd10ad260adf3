//! Names made of letters and digits: `COP29`, `5G`, `CVE-2019-1234`, `2.1.3`.
//!
//! They are written alike in every language, so they pair reports better than
//! most numbers. Long runs are addresses and checksums, not names, and give none.

use super::facts::{Fact, FactValue};
use super::reader::Reader;
use crate::text::meaning::{Link, Meaning};
use crate::text::tokens::Shape;

/// Longer codes are checksums and file names.
const MAX_BYTES: usize = 20;

/// Reads a code at token `i`; the answer is the token after it.
pub fn read(reader: &Reader<'_>, i: usize, facts: &mut Vec<Fact>) -> Option<usize> {
    if i > 0 && reader.is_glued(i) && reader.is_sign(i - 1, "/_@") {
        return None;
    }
    let end = match reader.shape(i) {
        Shape::Word => lettered_end(reader, i)?,
        Shape::Digits => numbered_end(reader, i)?,
        Shape::Sign => return None,
    };
    let span = reader.token(i).start as usize..reader.token(end - 1).end as usize;
    let code = reader.text.get(span)?.to_uppercase();
    if code.len() <= MAX_BYTES {
        facts.push(reader.fact(FactValue::Code(code.into()), i, end));
    }
    Some(end)
}

/// The end of a code that begins with letters.
fn lettered_end(reader: &Reader<'_>, i: usize) -> Option<usize> {
    if reader.is_glued_digits(i + 1) {
        return Some(run_end(reader, i + 2));
    }
    let is_hyphened = reader.is_glued_sign(i + 1, "-") && reader.is_glued_digits(i + 2);
    let is_month = reader.means(i, |meaning| matches!(meaning, Meaning::Month { .. }));
    let letters = reader.slice(i);
    let is_name = reader.is_capitalised(i) && letters.len() <= 8 && !is_month;
    // "Post-2020" is a year, "CVE-2019-1234" is not.
    let is_year = reader.slice(i + 2).len() == 4 && letters.chars().any(char::is_lowercase);
    (is_hyphened && is_name && !is_year).then(|| run_end(reader, i + 3))
}

/// The end of a code that begins with digits: a version, or digits with letters
/// that are no unit.
fn numbered_end(reader: &Reader<'_>, i: usize) -> Option<usize> {
    let mut at = i + 1;
    let mut n_points = 0;
    while reader.is_glued_sign(at, ".") && reader.is_glued_digits(at + 1) {
        at += 2;
        n_points += 1;
    }
    let has_letters = reader.is_glued(at) && reader.shape(at) == Shape::Word && reader.slice(at).len() <= 4;
    if has_letters && !reader.means(at, is_suffix) {
        return Some(run_end(reader, at + 1));
    }
    let is_version = n_points >= 2 && !is_grouped(reader, i, n_points);
    is_version.then_some(at)
}

fn is_grouped(reader: &Reader<'_>, i: usize, n_points: usize) -> bool {
    reader.slice(i).len() <= 3 && (1..=n_points).all(|n| reader.slice(i + 2 * n).len() == 3)
}

fn is_suffix(meaning: Meaning) -> bool {
    !matches!(meaning, Meaning::Link(Link::TimeLead | Link::Of | Link::Range))
}

/// Goes on over glued letters and digits, and over a point or hyphen before digits.
fn run_end(reader: &Reader<'_>, mut at: usize) -> usize {
    loop {
        if reader.is_glued(at) && reader.shape(at) != Shape::Sign {
            at += 1;
        } else if reader.is_glued_sign(at, ".-") && reader.is_glued_digits(at + 1) {
            at += 2;
        } else {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cross::facts::check;

    #[test]
    fn letters_with_digits_are_codes() {
        check("de", "die COP29 und G7-Staaten im 5G-Netz", "code COP29; code G7; code 5G");
        check("en", "CVE-2019-1234 and Covid-19", "code CVE-2019-1234; code COVID-19");
        check("en", "version 2.1.3 on i386", "code 2.1.3; code I386");
        check("en", "an A380 with X11R6.4", "code A380; code X11R6.4");
    }

    #[test]
    fn units_and_years_make_no_code() {
        check("en", "a 10km run, Post-2020", "length 10000; year 2020");
        check("de", "1.234.567", "number 1234567");
    }

    #[test]
    fn checksums_are_no_codes() {
        check("en", "d41d8cd98f00b204e9800998ecf8427e", "");
    }
}
