//! The words of a language that mean a number, a date or a measure.
//!
//! Each row of a language's tables becomes a phrase: the tokens of its form and
//! a `Meaning` without language. Lookup is by the first token, so a text pays
//! one hash for a word that might mean something and a bit test for most others.
//! What a row may say is written here once; a language is only its rows.

use super::tokens::{self, SOFT_HYPHEN, Shape};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// What a phrase says, the same in all languages.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Meaning {
    /// `doubtful` is a month only beside a day, a year or a word such as "in".
    Month {
        number: u8,
        doubtful: bool,
    },
    /// Monday is 1.
    Weekday(u8),
    /// `part` counts only before a magnitude, a unit or a currency ("one").
    Cardinal {
        value: u64,
        part: bool,
    },
    /// `alone` needs no number before it ("tausend").
    Magnitude {
        value: u64,
        alone: bool,
    },
    /// A magnitude only of money ("m").
    MoneyMagnitude(u64),
    Ordinal(u32),
    /// `part` counts only before a magnitude or a unit ("halbe").
    Fraction {
        over: u32,
        under: u32,
        part: bool,
    },
    /// The lower half of a fraction whose upper half is a number ("thirds").
    Denominator(u32),
    /// `leads` may stand before its number.
    Currency {
        code: [u8; 3],
        leads: bool,
    },
    Unit(Unit),
    Percent,
    Clock(ClockWord),
    /// Counted from the day of the document.
    Relative {
        period: Period,
        offset: i32,
    },
    /// "last" is -1, "this" 0, "next" 1.
    Shift(i32),
    Link(Link),
}

/// Words that join others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Link {
    And,
    AndAHalf,
    Range,
    Of,
    OneIn,
    Every,
    Minus,
    Age,
    AgeLead,
    Decade,
    OrdinalMark,
    Times,
    /// Names the date in a header ("date 2024-10-03").
    DateLabel,
    /// Makes the month after it certain ("in May").
    TimeLead,
}

/// Words that make a number a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ClockWord {
    /// "Uhr", "o'clock"
    Hour,
    Am,
    Pm,
    /// Minutes since midnight: "noon".
    At(u16),
}

/// What a relative date counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Period {
    Day,
    Month,
    Year,
}

/// A unit as its way to the base unit: `value * factor + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Unit {
    pub dimension: Dimension,
    pub factor: f64,
    pub offset: f64,
}

/// What is measured; beside each the base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Metre.
    Length,
    /// Square metre.
    Area,
    /// Cubic metre.
    Volume,
    /// Kilogram.
    Mass,
    /// Metre a second.
    Speed,
    /// Degree Celsius.
    Temperature,
    /// Degree of an angle, or of a scale that the text does not name.
    Degree,
    /// Second.
    Duration,
    /// Watt.
    Power,
    /// Joule.
    Energy,
    /// Byte.
    Storage,
    /// Hertz.
    Frequency,
}

const DIMENSIONS: [(&str, Dimension); 12] = [
    ("length", Dimension::Length),
    ("area", Dimension::Area),
    ("volume", Dimension::Volume),
    ("mass", Dimension::Mass),
    ("speed", Dimension::Speed),
    ("temperature", Dimension::Temperature),
    ("degree", Dimension::Degree),
    ("duration", Dimension::Duration),
    ("power", Dimension::Power),
    ("energy", Dimension::Energy),
    ("storage", Dimension::Storage),
    ("frequency", Dimension::Frequency),
];

impl Dimension {
    /// The name that the tables use.
    pub fn name(self) -> &'static str {
        DIMENSIONS.iter().find(|(_, dimension)| *dimension == self).map_or("", |(name, _)| name)
    }
}

/// A form of one or more tokens, filed under its first.
#[derive(Debug)]
pub struct Phrase {
    /// The folded tokens after the first.
    pub rest: Box<[Box<str>]>,
    /// How its first token must be written.
    pub case: Case,
    /// What it says.
    pub meaning: Meaning,
}

/// How the first token must be written.
#[derive(Debug, PartialEq, Eq)]
pub enum Case {
    /// In any way.
    Any,
    /// With a capital, as English months are: "may" is no month.
    Capital,
    /// Just so: `=m` is a metre, `M` is not.
    Exact(Box<str>),
}

/// The id of the phrases that begin with one token; 0 stands for none.
pub type EntryId = u32;

/// Phrases by their first token.
#[derive(Debug)]
pub struct Vocabulary {
    ids: HashMap<Box<str>, EntryId>,
    entries: Vec<Vec<Phrase>>,
    /// By first byte of a folded ASCII word, one bit for each length that occurs.
    lengths: [u64; 128],
}

impl Default for Vocabulary {
    fn default() -> Self {
        Vocabulary { ids: HashMap::new(), entries: vec![Vec::new()], lengths: [0; 128] }
    }
}

impl Vocabulary {
    /// The phrases that begin with a token, longest first.
    pub fn phrases(&self, id: EntryId) -> &[Phrase] {
        self.entries.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// The id for a token; `folded` is room that the caller lends and keeps,
    /// and is left empty when the token cannot begin a phrase.
    pub fn find(&self, token: &str, folded: &mut String) -> EntryId {
        folded.clear();
        if let Some(first) = token.bytes().next().filter(u8::is_ascii)
            && self.lengths[usize::from(first.to_ascii_lowercase())] & length_bit(token.len()) == 0
            && token.is_ascii()
        {
            return 0;
        }
        fold_into(token, folded);
        self.ids.get(folded.as_str()).copied().unwrap_or(0)
    }

    /// Whether any phrase says `meaning`.
    pub fn means(&self, meaning: Meaning) -> bool {
        self.entries.iter().flatten().any(|phrase| phrase.meaning == meaning)
    }

    /// Adds a form. A form that ends in a point also counts without it.
    pub fn add(&mut self, form: &str, case: Case, meaning: Meaning) {
        let parts = split(form);
        let n_parts = parts.len();
        if n_parts > 1 && parts.last().is_some_and(|part| &**part == ".") {
            self.add_parts(parts[..n_parts - 1].to_vec(), case_copy(&case), meaning);
        }
        self.add_parts(parts, case, meaning);
    }

    fn add_parts(&mut self, mut parts: Vec<Box<str>>, case: Case, meaning: Meaning) {
        if parts.is_empty() {
            return;
        }
        let rest = parts.split_off(1).into_boxed_slice();
        let Some(first) = parts.pop() else { return };
        if let Some(byte) = first.bytes().next().filter(u8::is_ascii) {
            self.lengths[usize::from(byte)] |= length_bit(first.len());
        }
        let id = *self.ids.entry(first).or_insert_with(|| {
            self.entries.push(Vec::new());
            self.entries.len() as EntryId - 1
        });
        let phrases = &mut self.entries[id as usize];
        if phrases.iter().any(|phrase| phrase.rest == rest && phrase.meaning == meaning) {
            return;
        }
        phrases.push(Phrase { rest, case, meaning });
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
    }
}

fn case_copy(case: &Case) -> Case {
    match case {
        Case::Any => Case::Any,
        Case::Capital => Case::Capital,
        Case::Exact(form) => Case::Exact(form.clone()),
    }
}

fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}

fn split(form: &str) -> Vec<Box<str>> {
    let mut parts = Vec::new();
    tokens::scan(form, |token| {
        let mut folded = String::new();
        fold_into(&form[token.start as usize..token.end as usize], &mut folded);
        debug_assert!(token.shape != Shape::Word || !folded.is_empty());
        parts.push(folded.into_boxed_str());
    });
    parts
}

/// Appends `token` in lower case and composed, with `'` for every apostrophe
/// and `-` for a no-break hyphen.
pub fn fold_into(token: &str, folded: &mut String) {
    if token.is_ascii() {
        folded.push_str(token);
        folded.make_ascii_lowercase();
        return;
    }
    let has_marks = token.chars().any(|character| matches!(character, '\u{300}'..='\u{36F}'));
    let mut push = |character: char| match character {
        SOFT_HYPHEN => {}
        '’' | 'ʼ' => folded.push('\''),
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        _ => folded.extend(character.to_lowercase()),
    };
    if has_marks {
        token.nfc().for_each(&mut push);
    } else {
        token.chars().for_each(&mut push);
    }
}

/// Reads the meaning that a row of `table` gives to its form.
pub fn meaning(table: &str, columns: &[&str]) -> Option<Meaning> {
    let value = columns.first().copied()?;
    let flag = columns.get(1).copied().unwrap_or("");
    Some(match table {
        "months" => Meaning::Month {
            number: value.parse().ok().filter(|number| (1..=12).contains(number))?,
            doubtful: flag == "doubtful",
        },
        "weekdays" => Meaning::Weekday(value.parse().ok().filter(|day| (1..=7).contains(day))?),
        "numbers" => Meaning::Cardinal { value: value.parse().ok()?, part: flag == "part" },
        "magnitudes" if flag == "money" => Meaning::MoneyMagnitude(value.parse().ok()?),
        "magnitudes" => Meaning::Magnitude { value: value.parse().ok()?, alone: flag == "alone" },
        "ordinals" => Meaning::Ordinal(value.parse().ok()?),
        "fractions" => match value.split_once('/') {
            Some(("*", under)) => Meaning::Denominator(under.parse().ok()?),
            Some((over, under)) => Meaning::Fraction {
                over: over.parse().ok()?,
                under: under.parse().ok().filter(|under| *under > 0)?,
                part: flag == "part",
            },
            None => return None,
        },
        "currencies" => Meaning::Currency { code: value.as_bytes().try_into().ok()?, leads: flag == "leads" },
        "units" if value == "percent" => Meaning::Percent,
        "units" => Meaning::Unit(Unit {
            dimension: DIMENSIONS.iter().find(|(name, _)| *name == value)?.1,
            factor: flag.parse().ok()?,
            offset: columns.get(2).map_or(Some(0.0), |offset| offset.parse().ok())?,
        }),
        "clock" => Meaning::Clock(match value {
            "hour" => ClockWord::Hour,
            "am" => ClockWord::Am,
            "pm" => ClockWord::Pm,
            minutes => ClockWord::At(minutes.parse().ok()?),
        }),
        "relative" => relative(value, flag.parse().ok()?)?,
        "links" => Meaning::Link(link(value)?),
        _ => return None,
    })
}

fn relative(period: &str, offset: i32) -> Option<Meaning> {
    let period = match period {
        "day" => Period::Day,
        "month" => Period::Month,
        "year" => Period::Year,
        "shift" => return Some(Meaning::Shift(offset)),
        _ => return None,
    };
    Some(Meaning::Relative { period, offset })
}

fn link(name: &str) -> Option<Link> {
    Some(match name {
        "and" => Link::And,
        "and-a-half" => Link::AndAHalf,
        "range" => Link::Range,
        "of" => Link::Of,
        "one-in" => Link::OneIn,
        "every" => Link::Every,
        "minus" => Link::Minus,
        "age" => Link::Age,
        "age-lead" => Link::AgeLead,
        "decade" => Link::Decade,
        "ordinal-mark" => Link::OrdinalMark,
        "times" => Link::Times,
        "time-lead" => Link::TimeLead,
        "date-label" => Link::DateLabel,
        _ => return None,
    })
}
