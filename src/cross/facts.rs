//! Collects the numbers and dates of a text as facts without language.
//!
//! One pass over the tokens; at each, the rules for dates, the clock and numbers
//! are asked in this order, because a date is more than its numbers. A fact's
//! value is canonical: `1 Milliarde US-Dollar` and `$1bn` are the same key.
//! Words without a meaning are passed over at the cost of one lookup.

use super::calendar::PartialDate;
use super::decimal::Decimal;
use super::reader::{MAYBE_COMPOUND, Reader};
use super::units::{self, QuantityBucket};
use super::{clock, dates, numbers};
use crate::span::ByteSpan;
use crate::text::language::Language;
use crate::text::meaning::{Dimension, Meaning, Unit};
use crate::text::tokens::Shape;
use std::fmt;

/// A number or a date that a text states.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// What is stated.
    pub value: FactValue,
    /// Whether it is stated or follows.
    pub mention: Mention,
    /// Where it stands.
    pub span: ByteSpan,
}

/// Whether the text says a date or it follows from the day of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mention {
    /// The text says it.
    Stated,
    /// "yesterday", "on Monday", "last year".
    Resolved,
}

/// What kind of fact a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum FactKind {
    Number,
    Percent,
    Money,
    Quantity,
    Age,
    Ordinal,
    Fraction,
    Score,
    Time,
    Year,
    Decade,
    Code,
    Date,
    Weekday,
}

/// A value that is written alike for all languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum FactValue {
    Number(Decimal),
    Percent(Decimal),
    Money {
        amount: Decimal,
        currency: [u8; 3],
    },
    /// In the base unit of the dimension, to six significant digits.
    Quantity {
        value: Decimal,
        dimension: Dimension,
    },
    /// In years.
    Age(Decimal),
    Ordinal(u32),
    Fraction {
        over: u32,
        under: u32,
    },
    /// The larger number first, because reports lead with different sides.
    Score {
        more: u32,
        less: u32,
    },
    /// Minutes since midnight.
    Time(u16),
    Year(i16),
    /// Its first year.
    Decade(i16),
    /// Letters and digits, in upper case: `COP29`, `2.1.3`.
    Code(Box<str>),
    Date(PartialDate),
    /// Monday is 1.
    Weekday(u8),
}

/// The facts of a text in order. `document_date` resolves weekdays and words
/// such as "yesterday"; without it they give no date.
pub fn collect(text: &str, language: &Language, document_date: Option<PartialDate>) -> Vec<Fact> {
    read(&Reader::new(text, language), document_date)
}

/// The facts of a text that is cut into tokens, as [`collect`] gives them.
pub fn read(reader: &Reader<'_>, document_date: Option<PartialDate>) -> Vec<Fact> {
    let document_date = document_date.unwrap_or_default();
    let mut facts = Vec::new();
    let mut i = 0;
    while i < reader.n_tokens() {
        if is_plain_word(reader, i) {
            i += 1;
            continue;
        }
        if let Some(end) = address_end(reader, i) {
            i = end;
            continue;
        }
        let next = dates::read(reader, i, document_date, &mut facts)
            .or_else(|| clock::read(reader, i, &mut facts))
            .or_else(|| numbers::read(reader, i, &mut facts));
        i = next.unwrap_or(0).max(i + 1);
    }
    facts
}

/// Most tokens: no fact begins there, and no digits follow that would make it a code.
fn is_plain_word(reader: &Reader<'_>, i: usize) -> bool {
    let begins = reader.language.begins_a_fact(reader.entry(i));
    if reader.shape(i) == Shape::Digits || (begins && !says_nothing_here(reader, i)) {
        return false;
    }
    // A word without a meaning may begin a code or an address, in which nothing
    // is apart; the last word of a sentence begins none.
    let goes_on = reader.is_glued_sign(i + 1, ":-.") && (reader.is_glued(i + 2) || reader.entry(i) != 0);
    !((reader.is_glued_digits(i + 1) || goes_on) && reader.shape(i) == Shape::Word)
}

/// Whether a word means something elsewhere but not here: "the" but for "the
/// previous year", "ein" before a word without a meaning.
fn says_nothing_here(reader: &Reader<'_>, i: usize) -> bool {
    let entry = reader.entry(i);
    if entry == MAYBE_COMPOUND {
        return false;
    }
    let is_article = |meaning| matches!(meaning, Meaning::Cardinal { part: true, .. });
    let mut meanings = reader.meanings(i).peekable();
    meanings.peek().is_none()
        || (reader.shape(i + 1) == Shape::Word && reader.entry(i + 1) == 0 && meanings.all(is_article))
}

/// The end of a web address, whose digits are no facts.
fn address_end(reader: &Reader<'_>, i: usize) -> Option<usize> {
    let is_scheme = reader.is_glued_sign(i + 1, ":")
        && reader.is_glued_sign(i + 2, "/")
        && reader.is_glued_sign(i + 3, "/");
    let is_www = reader.is_glued_sign(i + 1, ".") && reader.slice(i).eq_ignore_ascii_case("www");
    if reader.shape(i) != Shape::Word || !(is_scheme || is_www) {
        return None;
    }
    let mut end = i + 1;
    while end < reader.n_tokens() && reader.is_glued(end) {
        end += 1;
    }
    Some(end)
}

impl Fact {
    /// What kind of fact it is.
    pub fn kind(&self) -> FactKind {
        match self.value {
            FactValue::Number(_) => FactKind::Number,
            FactValue::Percent(_) => FactKind::Percent,
            FactValue::Money { .. } => FactKind::Money,
            FactValue::Quantity { .. } => FactKind::Quantity,
            FactValue::Age(_) => FactKind::Age,
            FactValue::Ordinal(_) => FactKind::Ordinal,
            FactValue::Fraction { .. } => FactKind::Fraction,
            FactValue::Score { .. } => FactKind::Score,
            FactValue::Time(_) => FactKind::Time,
            FactValue::Year(_) => FactKind::Year,
            FactValue::Decade(_) => FactKind::Decade,
            FactValue::Code(_) => FactKind::Code,
            FactValue::Date(_) => FactKind::Date,
            FactValue::Weekday(_) => FactKind::Weekday,
        }
    }

    /// The keys under which the same fact can be found elsewhere: first its
    /// canonical form, then looser ones. A date with its year is also one without,
    /// an age and an ordinal are also a number, a quantity is also near others.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.value.to_string()];
        let number = match self.value {
            FactValue::Money { amount, .. } => Some(amount),
            FactValue::Age(years) => Some(years),
            FactValue::Ordinal(place) => Some(Decimal::from(u64::from(place))),
            FactValue::Year(year) => Some(Decimal::new(i64::from(year), 0)),
            _ => None,
        };
        keys.extend(number.map(|number| FactValue::Number(number).to_string()));
        keys.extend(self.quantity_buckets().into_iter().flatten().map(|bucket| bucket.to_string()));
        if let FactValue::Date(date @ PartialDate { year: Some(_), month: Some(_), .. }) = self.value {
            keys.push(FactValue::Date(PartialDate { year: None, ..date }).to_string());
        }
        keys
    }

    /// Two buckets for a quantity or an age; values within 3 % share one.
    pub fn quantity_buckets(&self) -> Option<[QuantityBucket; 2]> {
        match self.value {
            FactValue::Quantity { value, dimension } => Some(units::buckets(dimension, value)),
            FactValue::Age(years) => {
                Some(units::buckets(Dimension::Duration, units::to_base_unit(years, YEAR)))
            }
            _ => None,
        }
    }
}

const YEAR: Unit = Unit { dimension: Dimension::Duration, factor: 31_557_600.0, offset: 0.0 };

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactValue::Number(value) => write!(f, "number {value}"),
            FactValue::Percent(value) => write!(f, "percent {value}"),
            FactValue::Money { amount, currency } => {
                write!(f, "money {} {amount}", String::from_utf8_lossy(currency))
            }
            FactValue::Quantity { value, dimension } => write!(f, "{} {value}", dimension.name()),
            FactValue::Age(years) => write!(f, "age {years}"),
            FactValue::Ordinal(place) => write!(f, "ordinal {place}"),
            FactValue::Fraction { over, under } => write!(f, "fraction {over}/{under}"),
            FactValue::Score { more, less } => write!(f, "score {more}:{less}"),
            FactValue::Time(minutes) => write!(f, "time {:02}:{:02}", minutes / 60, minutes % 60),
            FactValue::Year(year) => write!(f, "year {year}"),
            FactValue::Decade(year) => write!(f, "decade {year}"),
            FactValue::Code(code) => write!(f, "code {code}"),
            FactValue::Date(date) => write!(f, "date {date}"),
            FactValue::Weekday(day) => write!(f, "weekday {day}"),
        }
    }
}

/// Checks the facts of `text`, joined by `; `.
#[cfg(test)]
#[track_caller]
pub(crate) fn check(code: &str, text: &str, expected: &str) {
    check_on(code, text, None, expected);
}

/// Checks the facts of a text that was written on a day.
#[cfg(test)]
#[track_caller]
pub(crate) fn check_on(code: &str, text: &str, day: Option<PartialDate>, expected: &str) {
    let language = Language::find(code).expect("a shipped language");
    let facts = collect(text, language, day);
    let shown: Vec<String> = facts.iter().map(|fact| fact.value.to_string()).collect();
    assert_eq!(shown.join("; "), expected, "{code}: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_cuts_out_what_states_the_fact() {
        let language = Language::find("de").expect("a shipped language");
        let text = "Am 3. Oktober kamen „500-Millionen-Dollar-Männer“ auf 64 Kilometer.";
        let spans: Vec<&str> = collect(text, language, None).iter().map(|fact| fact.span.of(text)).collect();
        assert_eq!(spans, ["3. Oktober", "500-Millionen-Dollar", "64 Kilometer"]);
    }

    #[test]
    fn near_quantities_share_a_key() {
        let keys = |code: &str, text: &str| {
            let language = Language::find(code).expect("a shipped language");
            collect(text, language, None).first().map(Fact::keys).unwrap_or_default()
        };
        let share = |a: &[String], b: &[String]| a.iter().any(|key| b.contains(key));
        assert!(share(&keys("de", "64 Kilometer"), &keys("en", "40 miles")));
        assert!(share(&keys("de", "120 km²"), &keys("en", "30,000 acres")));
        assert!(share(&keys("de", "2,5 Meter"), &keys("en", "an 8-foot wall")));
        assert!(share(&keys("de", "ein 37-jähriges Bestehen"), &keys("en", "a 37-year career")));
        assert!(share(&keys("de", "3. Oktober 2024"), &keys("en", "October 3")));
        assert!(!share(&keys("de", "64 Kilometer"), &keys("en", "50 miles")));
    }

    #[test]
    fn addresses_state_no_facts() {
        check("en", "see https://example.org/2019/07/08/a-12 and www.x5.org/7", "");
    }

    #[test]
    fn no_text_makes_it_panic() {
        let seeds = [
            "Am 3. Oktober 2024, 13.00 Uhr: 1.770,5 Mio. US-Dollar; 7:6 (9:7), jedes 5. Kind, 2019-20",
            "On Monday, Oct. 3rd, 2024 at 2.55 p.m. $19.1bn, 6-foot-6, 18- to 29-year-olds, 2 1/2 ºC",
            "BAKU, 11. November (BelTA) - два с половиной миллиона ½ 1 770 CVE-2019-1234 30\u{202F}000 €",
        ];
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below.max(1)
        };
        let spice: Vec<char> = ".,:-–/'’ \n\u{A0}\u{AD}\u{308}0159$€%½º°aäß年\u{1F600}-(\t".chars().collect();
        for round in 0..6000 {
            let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
            for _ in 0..random(12) {
                if text.is_empty() {
                    break;
                }
                let at = random(text.len());
                match random(4) {
                    0 => text[at] = spice[random(spice.len())],
                    1 => text.insert(at, spice[random(spice.len())]),
                    2 => drop(text.remove(at)),
                    _ => text.truncate(at.max(5)),
                }
            }
            let text: String = text.into_iter().collect();
            let opening = super::super::opening::opening(&text);
            assert!(text.is_char_boundary(opening.content_start));
            for language in Language::all() {
                let facts = collect(&text, language, opening.date);
                let is_cut =
                    |fact: &Fact| text.get(fact.span.start as usize..fact.span.end as usize).is_some();
                assert!(facts.iter().all(is_cut), "{text}");
                assert!(facts.is_sorted_by_key(|fact| fact.span.start), "{text}");
                let _ = super::super::opening::event_date(&text, &facts, &opening);
                let _: Vec<Vec<String>> = facts.iter().map(Fact::keys).collect();
            }
        }
    }
}
