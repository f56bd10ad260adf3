//! Everything that is kept of one document.
//!
//! A profile is a sorted list of features with their weights and the sentences
//! they stand in, and the days the document is about. Repeated sentences are
//! counted once. The text is not kept; a report fetches it again.

use super::calendar::PartialDate;
use super::facts::{self, Fact};
use super::feature::{Feature, Kind, kind_of_fact};
use super::lexicon::Lexicon;
use super::opening::{self, Opening};
use super::vocabulary::Vocabulary;
use crate::hash::hash64;
use crate::span::ByteSpan;
use crate::text::language::Language;
use super::sentences::sentences;
use crate::text::tokens::{self, Shape};
use ahash::AHashSet;

/// Everything that is kept of one document.
#[derive(Clone, Debug)]
pub struct Profile {
    pub(super) language: &'static str,
    /// Hash of the text: orders what is equal otherwise.
    pub(super) content: u64,
    /// Sorted.
    pub(super) features: Box<[Feature]>,
    pub(super) weights: Box<[f32]>,
    /// Where the sentences of each feature end in `sentences`.
    pub(super) ends: Box<[u32]>,
    pub(super) sentences: Box<[u16]>,
    pub(super) n_sentences: u16,
    pub(super) n_words: u32,
    /// The day the document is about.
    pub(super) event: Option<PartialDate>,
}

/// Sentences of a document that are told apart; later ones count as the last.
const MAX_SENTENCES: u16 = 400;

/// A mention of a feature, before mentions are joined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub feature: Feature,
    pub weight: f32,
    pub sentence: u16,
    pub span: ByteSpan,
}

/// A document taken apart: its mentions in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub mentions: Vec<Mention>,
    pub n_sentences: u16,
    pub n_words: u32,
    pub event: Option<PartialDate>,
}

impl Profile {
    /// Reads a document written in `language`, an ISO 639-1 code.
    ///
    /// `stated_date` is what its record says about its date, as `2024-10-03`,
    /// `2024-10` or longer forms that begin so.
    #[must_use]
    pub fn of(text: &str, language: &'static str, stated_date: Option<&str>, lexicon: &Lexicon) -> Self {
        let mut reading = Reading::of(text, language, stated_date, lexicon);
        reading.mentions.sort_unstable_by_key(|mention| (mention.feature, mention.sentence));
        let mut profile = ProfileBuilder::default();
        for mention in &reading.mentions {
            profile.add(mention);
        }
        Self {
            language,
            content: hash64(text.as_bytes()),
            features: profile.features.into(),
            weights: profile.weights.into_iter().map(damped).collect(),
            ends: profile.ends.into(),
            sentences: profile.sentences.into(),
            n_sentences: reading.n_sentences,
            n_words: reading.n_words,
            event: reading.event,
        }
    }

    /// The language it was read in.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The sentences of the feature at `at`.
    pub(super) fn sentences_of(&self, at: usize) -> &[u16] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.sentences[start..self.ends[at] as usize]
    }
}

/// A word said often counts more, but not as often as it is said.
fn damped(weight: f32) -> f32 {
    if weight > 1.0 { 1.0 + weight.ln() } else { weight }
}

#[derive(Default)]
struct ProfileBuilder {
    features: Vec<Feature>,
    weights: Vec<f32>,
    ends: Vec<u32>,
    sentences: Vec<u16>,
}

impl ProfileBuilder {
    fn add(&mut self, mention: &Mention) {
        let at = self.features.len();
        if self.features.last() != Some(&mention.feature) {
            self.features.push(mention.feature);
            self.weights.push(mention.weight);
            self.sentences.push(mention.sentence);
            self.ends.push(self.sentences.len() as u32);
            return;
        }
        self.weights[at - 1] += mention.weight;
        if self.sentences.last() != Some(&mention.sentence) {
            self.sentences.push(mention.sentence);
            self.ends[at - 1] = self.sentences.len() as u32;
        }
    }
}

impl Reading {
    pub fn of(text: &str, language: &str, stated_date: Option<&str>, lexicon: &Lexicon) -> Self {
        let Some(language) = Language::find(language) else { return Self::default() };
        let opening = opening::opening(text);
        let stated = stated_date.and_then(parse_date);
        let date = stated.or(opening.date);
        let facts = facts::collect(text, language, date);
        let mut reading = Self {
            event: opening::event_date(text, &facts, &Opening { date, ..opening }),
            ..Self::default()
        };
        let spans = sentences(text);
        let sentence_of = distinct(text, &spans, opening.content_start);
        reading.n_sentences = sentence_of.iter().flatten().max().map_or(0, |last| last + 1);
        reading.add_facts(&facts, &spans, &sentence_of);
        reading.add_words(text, &facts, &spans, &sentence_of, Vocabulary::new(lexicon, language));
        reading
    }

    fn add_facts(&mut self, facts: &[Fact], spans: &[ByteSpan], sentence_of: &[Option<u16>]) {
        let mut at = 0;
        for fact in facts {
            while at < spans.len() && spans[at].end <= fact.span.start {
                at += 1;
            }
            let Some(sentence) = sentence_of.get(at).copied().flatten() else { continue };
            for (i, key) in fact.keys().iter().enumerate() {
                let kind = kind_of_fact(key);
                let weight = if i == 0 { 1.0 } else { LOOSER };
                self.mentions.push(Mention { feature: Feature::new(kind, key), weight, sentence, span: fact.span });
            }
        }
    }

    fn add_words(
        &mut self,
        text: &str,
        facts: &[Fact],
        spans: &[ByteSpan],
        sentence_of: &[Option<u16>],
        vocabulary: Vocabulary<'_>,
    ) {
        let (mut at, mut fact) = (0, 0);
        tokens::scan(text, |token| {
            if token.shape != Shape::Word {
                return;
            }
            while fact < facts.len() && facts[fact].span.end <= token.start {
                fact += 1;
            }
            if facts.get(fact).is_some_and(|fact| fact.span.start <= token.start) {
                return;
            }
            while at < spans.len() && spans[at].end <= token.start {
                at += 1;
            }
            let Some(sentence) = sentence_of.get(at).copied().flatten() else { return };
            let span = ByteSpan { start: token.start, end: token.end };
            self.n_words += 1;
            vocabulary.features(span.of(text), &mut |features| {
                self.mentions.extend(features.iter().map(|&(feature, weight)| Mention { feature, weight, sentence, span }));
            });
        });
    }
}

/// What a looser form of a fact counts.
const LOOSER: f32 = 0.5;

/// The number of each sentence; none for one that was there before or that
/// ends before the report begins.
fn distinct(text: &str, spans: &[ByteSpan], content_start: usize) -> Vec<Option<u16>> {
    let mut seen = AHashSet::new();
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

/// The date at the beginning of what a record says: `2024-10-03T12:00:00Z`.
fn parse_date(stated: &str) -> Option<PartialDate> {
    let part = |from: usize, to: usize| stated.get(from..to).and_then(|digits| digits.parse::<i16>().ok());
    let year = part(0, 4)?;
    let after = |at: usize| stated.as_bytes().get(at) == Some(&b'-');
    let month = part(5, 7).filter(|month| after(4) && (1..=12).contains(month));
    let day = part(8, 10).filter(|day| month.is_some() && after(7) && (1..=31).contains(day));
    Some(PartialDate { year: Some(year), month: month.map(|month| month as u8), day: day.map(|day| day as u8) })
}

#[allow(dead_code)]
fn unused(_: Kind) {}
