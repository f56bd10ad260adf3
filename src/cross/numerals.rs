//! Reads how much a number says, in digits or in words.
//!
//! Digits follow the marks of the language: `1.770` is 1770 in German and 1.77 in
//! English, and what only one reading allows is read that way anywhere (`6.0`,
//! `1.234.567`). Number words are put together by one composer for all languages,
//! be they apart (`two hundred and five`) or glued (`zweihundertfünf`).

use super::decimal::Decimal;
use super::reader::{MAYBE_COMPOUND, Reader};
use crate::text::compounds::CompoundParts;
use crate::text::language::NumberOrder;
use crate::text::meaning::{Link, Meaning};
use crate::text::tokens::{Gap, Shape};

/// A number before its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numeral {
    /// How much it says.
    pub value: Decimal,
    /// The token after the number.
    pub next: usize,
    /// The only number of digits without any mark: `2019` may be a year.
    pub n_plain_digits: usize,
    /// Stands for no fact by itself: "one", "ein".
    pub part: bool,
    /// What the end of a glued word adds: `siebenmonatig`.
    pub ending: Option<Meaning>,
}

impl Numeral {
    fn of_words(value: Decimal, next: usize) -> Self {
        Numeral { value, next, n_plain_digits: 0, part: false, ending: None }
    }
}

/// The number in digits at token `i`.
pub fn digits(reader: &Reader<'_>, i: usize) -> Option<Numeral> {
    if reader.shape(i) != Shape::Digits {
        return None;
    }
    let first = reader.slice(i);
    let plain = Numeral {
        value: Decimal::from_digits(first, "")?,
        next: i + 1,
        n_plain_digits: first.len(),
        part: false,
        ending: None,
    };
    let marked = |value, next| Some(Numeral { value, next, n_plain_digits: 0, ..plain });
    let mut n_marks = 0;
    while is_mark(reader, i + 1 + 2 * n_marks) && reader.is_glued_digits(i + 2 + 2 * n_marks) {
        n_marks += 1;
    }
    if n_marks == 0 {
        let end = blank_groups_end(reader, i);
        if end > i + 1 {
            let (value, next) = with_decimals(reader, i, end)?;
            return marked(value, next);
        }
        return Some(plain);
    }
    let mark = |n: usize| reader.slice(i + 1 + 2 * n);
    let rules = reader.language.rules();
    let is_group_mark = |mark: &str| {
        mark.chars().eq(Some(rules.decimal_mark))
            || mark.chars().any(|mark| rules.group_marks.contains(&mark))
    };
    // All marks before the last must be alike and stand between groups of three.
    let grouped_end = |n: usize| {
        first.len() <= 3
            && first != "0"
            && (0..n).all(|n| mark(n) == mark(0) && reader.slice(i + 2 + 2 * n).len() == 3)
    };
    let joined = |n: usize| (0..=n).map(|n| reader.slice(i + 2 * n)).collect::<String>();
    let last = n_marks - 1;
    let next = i + 2 * n_marks + 1;
    if n_marks == 1 {
        let says_group = mark(0).chars().any(|mark| rules.group_marks.contains(&mark)) && grouped_end(1);
        let value = if says_group {
            Decimal::from_digits(&joined(1), "")
        } else {
            Decimal::from_digits(first, reader.slice(i + 2))
        };
        return marked(value?, next);
    }
    if grouped_end(n_marks) && is_group_mark(mark(0)) {
        return marked(Decimal::from_digits(&joined(n_marks), "")?, next);
    }
    if mark(last) != mark(0) && grouped_end(last) && mark(last) != "'" {
        return marked(Decimal::from_digits(&joined(last), reader.slice(next - 1))?, next);
    }
    // A list such as `3,4,5` gives its members; dotted runs are versions.
    (mark(0) == ",").then_some(plain)
}

fn is_mark(reader: &Reader<'_>, i: usize) -> bool {
    reader.is_glued_sign(i, ".,'’")
}

/// The end of a number whose groups of three are parted by one blank: `1 770`.
fn blank_groups_end(reader: &Reader<'_>, i: usize) -> usize {
    let mut end = i + 1;
    if reader.slice(i).len() > 3 || reader.slice(i).starts_with('0') {
        return end;
    }
    while reader.shape(end) == Shape::Digits
        && reader.token(end).gap == Gap::Blank
        && reader.slice(end).len() == 3
    {
        end += 1;
    }
    end
}

/// The value of blank-parted groups, with the decimals that may follow them.
fn with_decimals(reader: &Reader<'_>, i: usize, end: usize) -> Option<(Decimal, usize)> {
    let whole: String = (i..end).map(|group| reader.slice(group)).collect();
    let has_decimals =
        is_mark(reader, end) && reader.slice(end).chars().eq(Some(reader.language.rules().decimal_mark));
    if has_decimals && reader.is_glued_digits(end + 1) {
        return Some((Decimal::from_digits(&whole, reader.slice(end + 1))?, end + 2));
    }
    Some((Decimal::from_digits(&whole, "")?, end))
}

/// The number in words at token `i`, magnitudes included.
pub fn words(reader: &Reader<'_>, i: usize) -> Option<Numeral> {
    let mut composer = Composer::new(reader.language.rules().number_order);
    let mut best: Option<Numeral> = None;
    let mut before_and: Option<Numeral> = None;
    let mut at = i;
    loop {
        if let Some((compound, ending)) = compound(reader, at) {
            if best.is_some() || ending.is_some() {
                return best.or(Some(Numeral { ending, ..Numeral::of_words(compound, at + 1) }));
            }
            best = Some(Numeral::of_words(compound, at + 1));
            break;
        }
        let Some((meaning, next)) = reader.meaning(at, |meaning| is_number_word(meaning).then_some(meaning))
        else {
            break;
        };
        let and = matches!(meaning, Meaning::Link(Link::And));
        if let (Meaning::Link(Link::AndAHalf), Some(whole)) = (meaning, best) {
            return Some(Numeral::of_words(whole.value.plus(Decimal::new(5, -1))?, next));
        }
        if !composer.push(meaning) {
            // "one hundred and two hundred": the second number begins after "and".
            if before_and.is_some() && matches!(meaning, Meaning::Magnitude { .. }) {
                best = before_and;
            }
            break;
        }
        if and {
            before_and = best;
        } else {
            let ordinal = matches!(meaning, Meaning::Ordinal(_));
            let part = best.is_none() && matches!(meaning, Meaning::Cardinal { part: true, .. });
            let ending = ordinal.then_some(Meaning::Link(Link::OrdinalMark));
            best = Some(Numeral { part, ending, ..Numeral::of_words(Decimal::from(composer.value()), next) });
            if ordinal {
                break;
            }
        }
        let Some(following) = reader.attached(next) else { break };
        at = following;
    }
    best
}

fn is_number_word(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Cardinal { .. }
            | Meaning::Magnitude { .. }
            | Meaning::Ordinal(_)
            | Meaning::Link(Link::And | Link::AndAHalf)
    )
}

/// A word glued from number words, and its ending: `einundzwanzig`, `siebenmonatig`.
fn compound(reader: &Reader<'_>, i: usize) -> Option<(Decimal, Option<Meaning>)> {
    if reader.entry(i) != MAYBE_COMPOUND {
        return None;
    }
    let word = reader.folded(i);
    let rules = reader.language.rules();
    split(reader.language.compounds(), &word, Composer::new(rules.number_order))
}

/// Tries the longest part first; words are short, so trying all ways is quick.
fn split(parts: &CompoundParts, word: &str, composer: Composer) -> Option<(Decimal, Option<Meaning>)> {
    let value = Decimal::from(composer.value());
    if !composer.is_empty() && !composer.joined {
        if word.is_empty() {
            return Some((value, None));
        }
        match parts.ending(word) {
            Some(Meaning::Link(Link::AndAHalf)) => return Some((value.plus(Decimal::new(5, -1))?, None)),
            // "einfach" and "einmal" count nothing.
            Some(Meaning::Link(Link::Times)) if composer.value() == 1 => return None,
            Some(ending) => return Some((value, Some(ending))),
            None => {}
        }
    }
    parts.parts(word).find_map(|(length, meaning)| {
        let mut longer = composer;
        longer.push(meaning).then(|| split(parts, &word[length..], longer))?
    })
}

/// Adds up number words, in whatever order the language puts them.
#[derive(Clone, Copy)]
struct Composer {
    order: NumberOrder,
    /// What the magnitudes so far have closed.
    total: u64,
    /// What is still open, under 1000.
    group: u64,
    /// The last magnitude from 1000 up.
    magnitude: u64,
    joined: bool,
    is_closed: bool,
}

impl Composer {
    fn new(order: NumberOrder) -> Self {
        Composer { order, total: 0, group: 0, magnitude: u64::MAX, joined: false, is_closed: false }
    }

    fn is_empty(self) -> bool {
        self.total == 0 && self.group == 0 && !self.is_closed
    }

    fn value(self) -> u64 {
        self.total.saturating_add(self.group)
    }

    /// Takes the next word, or refuses it and stays as it was.
    fn push(&mut self, meaning: Meaning) -> bool {
        let done = match meaning {
            Meaning::Cardinal { value, .. } => self.add(value),
            Meaning::Magnitude { value: 100, alone } => self.add_hundred(alone),
            Meaning::Magnitude { value, alone } => self.scale(value, alone),
            Meaning::Ordinal(value) => self.group % 100 >= 20 && value < 10 && self.add(u64::from(value)),
            Meaning::Link(Link::And) => {
                let fits = !self.is_empty() && !self.joined;
                self.joined = true;
                return fits;
            }
            _ => false,
        };
        self.joined &= !done;
        done
    }

    fn add(&mut self, value: u64) -> bool {
        let rest = self.group % 100;
        let fits = match value {
            0 => self.is_empty(),
            100.. => self.group == 0,
            _ if rest == 0 => self.group > 0 || self.total > 0 || !self.joined,
            20.. if value.is_multiple_of(10) => {
                self.order == NumberOrder::UnitTen && self.joined && rest < 10
            }
            10.. => self.order == NumberOrder::Vigesimal && matches!(rest, 60 | 80),
            _ => rest >= 20 && rest.is_multiple_of(10) && self.order != NumberOrder::UnitTen,
        };
        if fits && !self.is_closed {
            self.group += value;
            self.is_closed = value == 0;
            return true;
        }
        false
    }

    fn add_hundred(&mut self, alone: bool) -> bool {
        match self.group {
            0 if alone || self.total > 0 => self.group = 100,
            1..100 => self.group *= 100,
            _ => return false,
        }
        true
    }

    fn scale(&mut self, magnitude: u64, alone: bool) -> bool {
        let scaled = match (self.group, self.total) {
            (0, 0) if alone && !self.is_closed => Some(magnitude),
            // "mil millones", "thousand billion"
            (0, total) if total > 0 => total.checked_mul(magnitude),
            (1.., _) if magnitude < self.magnitude => {
                self.group.checked_mul(magnitude).and_then(|scaled| scaled.checked_add(self.total))
            }
            _ => None,
        };
        let Some(scaled) = scaled else { return false };
        self.total = scaled;
        self.group = 0;
        self.magnitude = magnitude;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::Language;

    #[track_caller]
    fn check(code: &str, text: &str, expected: &str) {
        let language = Language::find(code).expect("a shipped language");
        let reader = Reader::new(text, language);
        let numeral = digits(&reader, 0).or_else(|| words(&reader, 0));
        let shown = numeral.map(|numeral| numeral.value.to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "{code}: {text}");
    }

    #[test]
    fn marks_are_read_by_the_language() {
        check("de", "1.770", "1770");
        check("en", "1,770", "1770");
        check("en", "1.770", "1.77");
        check("de", "1,770", "1.77");
        check("de", "2,5", "2.5");
        check("de", "1.234.567,89", "1234567.89");
        check("en", "1,234,567.89", "1234567.89");
        check("de", "384'000", "384000");
    }

    #[test]
    fn what_has_one_reading_is_read_in_any_language() {
        check("de", "6.0", "6");
        check("de", "2.14", "2.14");
        check("en", "1.234.567", "1234567");
        check("de", "0.125", "0.125");
    }

    #[test]
    fn blanks_part_groups_of_three() {
        check("de", "1 770", "1770");
        check("fr", "30\u{202F}000", "30000");
        check("de", "112\u{A0}000,5", "112000.5");
        check("de", "2019 200", "2019");
    }

    #[test]
    fn versions_are_no_numbers() {
        check("en", "2.1.3", "");
        check("en", "3,4,5", "3");
    }

    #[test]
    fn words_are_composed() {
        check("en", "twenty-one", "21");
        check("en", "two hundred and five", "205");
        check("en", "three hundred thousand", "300000");
        check("en", "two and a half", "2.5");
        check("en", "a hundred", "100");
        check("en", "one hundred and two hundred", "100");
        check("en", "two and three", "2");
        check("en", "two million and three hundred thousand", "2300000");
    }

    #[test]
    fn glued_words_are_composed() {
        check("de", "einundzwanzig", "21");
        check("de", "zweihundertfünfunddreißig", "235");
        check("de", "zweitausendvierhundert", "2400");
        check("de", "zweieinhalb", "2.5");
        check("de", "siebenmonatig", "7");
        check("de", "zwoelf", "12");
        check("de", "einige", "");
        check("de", "achtbar", "");
    }
}
