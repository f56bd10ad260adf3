//! Takes a document apart: every mention of a feature, in its sentence.
//!
//! Numbers and dates come from `facts`; the words outside them from the
//! vocabulary. A sentence that was there before is passed over, and so is what
//! stands before the report begins, which gives only the day.

use super::background;
use super::calendar::PartialDate;
use super::facts::{self, Fact};
use super::feature::{Feature, Kind, kind_of_fact};
use super::lexicon::Lexicon;
use super::opening::{self, Opening};
use super::reader::Reader;
use super::sentences::sentences;
use super::vocabulary::{Met, Vocabulary, Words};
use crate::hash::hash64;
use crate::span::ByteSpan;
use crate::text::language::Language;
use crate::text::tokens::{Shape, Token};
use ahash::AHashSet;
use std::num::NonZeroU32;

/// A mention of a feature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub feature: Feature,
    pub weight: f32,
    pub sentence: u16,
    pub span: ByteSpan,
    /// How much it tells by itself: weight times rarity in the background.
    pub interest: f32,
    /// Number of its canonical value, from 1; words have none.
    pub value: Option<NonZeroU32>,
}

/// A document taken apart.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Numbers and dates, then words, each in the order of the text.
    pub mentions: Vec<Mention>,
    /// The canonical values of numbers and dates.
    pub values: Vec<String>,
    pub n_sentences: u16,
    pub event: Option<PartialDate>,
}

/// Bytes of a document that are read; a report is shorter by far.
const MAX_BYTES: usize = 1 << 20;

/// Sentences of a document that are told apart; later ones count as the last.
pub(super) const MAX_SENTENCES: u16 = 400;

/// The opening of a text. Without a digit or a dash near its beginning there
/// is none, which is a question of some nanoseconds.
fn opening_of(text: &str) -> Opening {
    let head = &text.as_bytes()[..text.len().min(240)];
    // Dashes of more than one byte begin with 0xE2.
    let may_open = head.iter().any(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | 0xE2));
    if may_open { opening::opening(text) } else { Opening::default() }
}

/// What a looser form of a fact counts.
const LOOSER: f32 = 0.5;

impl Reading {
    pub fn of(text: &str, language: &str, stated_date: Option<&str>, lexicon: &Lexicon) -> Self {
        let Some(language) = Language::find(language) else { return Self::default() };
        let text = &text[..text.floor_char_boundary(MAX_BYTES)];
        let opening = opening_of(text);
        let date = stated_date.and_then(parse_date).or(opening.date);
        Vocabulary::new(lexicon, language).with_words(|words| {
            let mut met = Vec::with_capacity(text.len() / 4);
            let mut sign = String::new();
            let reader = Reader::with(text, language, |token| {
                let word = match token.shape {
                    Shape::Word => words.meet(text, token.start, token.end),
                    Shape::Sign => Met::sign(language.entry(token.of(text), &mut sign)),
                    Shape::Digits => Met::default(),
                };
                met.push(word);
                word.entry()
            });
            let facts = facts::read(&reader, date);
            let spans = sentences(text);
            let numbers = distinct(text, &spans, opening.content_start);
            let mut reading = Self {
                event: opening::event_date(text, &facts, &Opening { date, ..opening }),
                n_sentences: numbers.iter().flatten().max().map_or(0, |last| last + 1),
                mentions: Vec::with_capacity(2 * met.len()),
                ..Self::default()
            };
            let sentences = Sentences { spans: &spans, numbers: &numbers };
            reading.add_facts(&facts, sentences);
            reading.add_words(reader.tokens(), &met, &facts, sentences, words);
            reading
        })
    }

    fn add_facts(&mut self, facts: &[Fact], mut sentences: Sentences<'_>) {
        for fact in facts {
            let Some(sentence) = sentences.at(fact.span.start) else { continue };
            for (i, key) in fact.keys().into_iter().enumerate() {
                let feature = Feature::new(kind_of_fact(&key), &key);
                self.values.push(key);
                let value = NonZeroU32::new(self.values.len() as u32);
                let weight = if i == 0 { 1.0 } else { LOOSER };
                let interest = weight * background::surprise(feature);
                self.mentions.push(Mention { feature, weight, sentence, span: fact.span, interest, value });
            }
        }
    }

    /// Adds the words that are in no fact; `met` stands beside `tokens`.
    fn add_words(
        &mut self,
        tokens: &[Token],
        met: &[Met],
        facts: &[Fact],
        mut sentences: Sentences<'_>,
        words: &Words<'_>,
    ) {
        let mut next_fact = facts.iter().peekable();
        for (token, &met) in tokens.iter().zip(met) {
            let features = words.features(met);
            if features.is_empty() {
                continue;
            }
            while next_fact.next_if(|fact| fact.span.end <= token.start).is_some() {}
            if next_fact.peek().is_some_and(|fact| fact.span.start <= token.start) {
                continue;
            }
            let Some(sentence) = sentences.at(token.start) else { continue };
            let span = ByteSpan { start: token.start, end: token.end };
            let mention = |&(feature, weight, interest)| Mention {
                feature,
                weight,
                sentence,
                span,
                interest,
                value: None,
            };
            self.mentions.extend(features.iter().map(mention));
        }
    }
}

/// The sentences of a text, asked in the order of the text.
#[derive(Clone, Copy)]
struct Sentences<'a> {
    spans: &'a [ByteSpan],
    numbers: &'a [Option<u16>],
}

impl Sentences<'_> {
    /// The number of the sentence at a byte; none where it is passed over.
    fn at(&mut self, byte: u32) -> Option<u16> {
        while let [first, rest @ ..] = self.spans
            && first.end <= byte
        {
            (self.spans, self.numbers) = (rest, &self.numbers[1..]);
        }
        self.numbers.first().copied().flatten()
    }
}

/// The number of each sentence; none for one that was there before or that
/// ends before the report begins.
fn distinct(text: &str, spans: &[ByteSpan], content_start: usize) -> Vec<Option<u16>> {
    let mut seen = AHashSet::with_capacity(spans.len());
    let mut next = 0;
    let mut number = |span: &ByteSpan| {
        if span.end as usize <= content_start || !seen.insert(hash64(span.of(text).as_bytes())) {
            return None;
        }
        let number = next;
        next = (next + 1).min(MAX_SENTENCES - 1);
        Some(number)
    };
    spans.iter().map(&mut number).collect()
}

/// The date at the beginning of what a record says: `2024-10-03T12:00:00Z`,
/// `20241003`, or a number of (milli)seconds since 1970.
fn parse_date(stated: &str) -> Option<PartialDate> {
    let stated = stated.trim();
    if let Ok(number) = stated.parse::<i64>()
        && stated.len() >= 8
    {
        if stated.len() == 8 {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            let is_day = (1..=12).contains(&month) && (1..=31).contains(&day);
            let year = i16::try_from(year).ok().filter(|_| is_day);
            return year.map(|year| PartialDate::of_day(Some(year), month as u8, day as u8));
        }
        let seconds = if number.abs() >= 100_000_000_000 { number / 1000 } else { number };
        return i32::try_from(seconds.div_euclid(86_400)).ok().map(PartialDate::from_day_number);
    }
    let part = |from: usize, to: usize| stated.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
    let year = part(0, 4).and_then(|year| i16::try_from(year).ok())?;
    let follows = |at: usize| stated.as_bytes().get(at) == Some(&b'-');
    let month = part(5, 7).filter(|month| follows(4) && (1..=12).contains(month));
    let day = part(8, 10).filter(|day| month.is_some() && follows(7) && (1..=31).contains(day));
    Some(PartialDate {
        year: Some(year),
        month: month.map(|month| month as u8),
        day: day.map(|day| day as u8),
    })
}

/// A feature as people read it, and where it is mentioned.
#[derive(Clone, Debug, PartialEq)]
pub struct Mentioned {
    /// What kind of thing it is.
    pub kind: Kind,
    /// In the spelling that both languages share.
    pub value: String,
    /// Where the text says so.
    pub span: ByteSpan,
    /// What the mention counts.
    pub weight: f32,
}

/// Everything a text mentions, repeated sentences once: numbers and dates,
/// then words. `stated_date` is what its record says about its date.
#[must_use]
pub fn mentions(text: &str, language: &str, stated_date: Option<&str>, lexicon: &Lexicon) -> Vec<Mentioned> {
    let Some(known) = Language::find(language) else { return vec![] };
    let vocabulary = Vocabulary::new(lexicon, known);
    let reading = Reading::of(text, language, stated_date, lexicon);
    let mut found = vec![];
    let mut last_word = None;
    for Mention { feature, weight, span, value, .. } in reading.mentions {
        if let Some(value) = value {
            let value = reading.values[value.get() as usize - 1].clone();
            found.push(Mentioned { kind: feature.kind(), value, span, weight });
        } else if last_word.replace(span) != Some(span) {
            let values = vocabulary.values(span.of(text)).into_iter();
            found.extend(values.map(|(kind, value, weight)| Mentioned { kind, value, span, weight }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_state_dates_in_many_lengths() {
        let check = |stated: &str, expected: Option<&str>| {
            assert_eq!(parse_date(stated).map(|date| date.to_string()).as_deref(), expected, "{stated}");
        };
        check("20241003", Some("2024-10-03"));
        check("20241399", None);
        check("1727958605", Some("2024-10-03"));
        check("1727958605000", Some("2024-10-03"));
        check("-864000000", Some("1942-08-16"));
        check("2024-10-03", Some("2024-10-03"));
        check("2024-10-03T12:00:00Z", Some("2024-10-03"));
        check("2024-10", Some("2024-10"));
        check("2024", Some("2024"));
        check("2024-13-03", Some("2024"));
        check("3.10.2024", None);
        check("–––––", None);
        check("", None);
    }

    #[test]
    fn words_of_a_fact_are_no_words() {
        let lexicon = Lexicon::shipped("de", "en");
        let found = mentions("Am 3. Oktober 2024 kam der Präsident.", "de", None, &lexicon);
        let values: Vec<&str> = found.iter().map(|mention| mention.value.as_str()).collect();
        assert!(values.contains(&"date 2024-10-03") && values.contains(&"president"), "{values:?}");
        assert!(!values.contains(&"october"), "{values:?}");
    }
}
