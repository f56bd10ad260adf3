//! Everything that is kept of one document.
//!
//! A profile is a sorted list of features with their weights and the sentences
//! they stand in, the day the document is about, and the wording of what is
//! rare in it, for the evidence. Repeated sentences are counted once. The text
//! is not kept.

use super::calendar::PartialDate;
use super::feature::Feature;
use super::lexicon::Lexicon;
use super::reading::{Mention, Reading};
use crate::hash::hash64;

/// Everything that is kept of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) language: &'static str,
    /// Hash of the text: orders what is equal otherwise.
    pub(super) content: u64,
    /// Sorted.
    pub(super) features: Box<[Feature]>,
    /// In steps of 1/4096, so that sums do not depend on their order.
    pub(super) weights: Box<[u16]>,
    /// Where the sentences of each feature end in `sentences`.
    pub(super) ends: Box<[u32]>,
    pub(super) sentences: Box<[u16]>,
    pub(super) n_sentences: u16,
    /// The day the document is about.
    pub(super) event: Option<PartialDate>,
    /// How the document puts its rarest features, one behind the other.
    pub(super) said: Box<str>,
    /// Number of a feature and where its wording ends, in the order of features.
    pub(super) said_ends: Box<[(u32, u32)]>,
}

/// The weight 1 in the steps of [`Profile::weights`].
pub(super) const ONE: f32 = 4096.0;

/// Features of a document whose wording is kept.
const N_SAID: usize = 80;

/// Bytes of a wording that are kept.
const MAX_SAID: usize = 60;

/// How a document puts a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said<'a> {
    /// The spelling common to all languages; empty for words and names.
    pub value: &'a str,
    /// The words of the text.
    pub wording: &'a str,
}

impl Profile {
    /// Reads a document written in `language`, an ISO 639-1 code.
    ///
    /// `stated_date` is what its record says about its date, as `2024-10-03`,
    /// `2024-10` or longer forms that begin so.
    #[must_use]
    pub fn of(text: &str, language: &'static str, stated_date: Option<&str>, lexicon: &Lexicon) -> Self {
        let reading = Reading::of(text, language, stated_date, lexicon);
        Self::built(text, language, &reading, N_SAID)
    }

    /// The same for pairs without evidence: it keeps no wording.
    #[must_use]
    pub fn bare(text: &str, language: &'static str, stated_date: Option<&str>, lexicon: &Lexicon) -> Self {
        let reading = Reading::of(text, language, stated_date, lexicon);
        Self::built(text, language, &reading, 0)
    }

    fn built(text: &str, language: &'static str, reading: &Reading, n_said: usize) -> Self {
        // Mentions of one feature keep the order of the text.
        let key = |(at, mention): (usize, &Mention)| u64::from(mention.feature.0) << 32 | at as u64;
        let mut order: Vec<u64> = reading.mentions.iter().enumerate().map(key).collect();
        order.sort_unstable();
        let mut profile = Builder::with_capacity(order.len());
        for at in order {
            profile.add(&reading.mentions, at as u32);
        }
        let (said, said_ends) = match n_said {
            0 => Default::default(),
            _ => profile.said(text, reading, n_said),
        };
        Self {
            language,
            content: hash64(text.as_bytes()),
            weights: profile.weights.iter().map(|&weight| (damped(weight) * ONE) as u16).collect(),
            // Copies are of the exact size.
            features: profile.features.as_slice().into(),
            ends: profile.ends.as_slice().into(),
            sentences: profile.sentences.as_slice().into(),
            n_sentences: reading.n_sentences,
            event: reading.event,
            said: said.as_str().into(),
            said_ends: said_ends.into(),
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

    /// How the document puts the feature at `at`, if that was kept.
    pub(super) fn said(&self, at: usize) -> Option<Said<'_>> {
        let found = self.said_ends.binary_search_by_key(&(at as u32), |said| said.0).ok()?;
        let start = found.checked_sub(1).map_or(0, |before| self.said_ends[before].1 as usize);
        let said = &self.said[start..self.said_ends[found].1 as usize];
        let (value, wording) = said.split_once('\t').unwrap_or(("", said));
        Some(Said { value, wording })
    }
}

/// A word said often counts a little more; texts differ too much in length to
/// count it as often as it is said.
fn damped(weight: f32) -> f32 {
    if weight > 1.0 { (1.0 + super::score::DAMPING * weight.ln()).min(15.0) } else { weight }
}

struct Builder {
    features: Vec<Feature>,
    weights: Vec<f32>,
    ends: Vec<u32>,
    sentences: Vec<u16>,
    /// Places of the first mentions.
    firsts: Vec<u32>,
}

impl Builder {
    fn with_capacity(n_mentions: usize) -> Self {
        Self {
            features: Vec::with_capacity(n_mentions),
            weights: Vec::with_capacity(n_mentions),
            ends: Vec::with_capacity(n_mentions),
            sentences: Vec::with_capacity(n_mentions),
            firsts: Vec::with_capacity(n_mentions),
        }
    }

    fn add(&mut self, mentions: &[Mention], place: u32) {
        let mention = &mentions[place as usize];
        if self.features.last() != Some(&mention.feature) {
            self.features.push(mention.feature);
            self.weights.push(mention.weight);
            self.sentences.push(mention.sentence);
            self.ends.push(self.sentences.len() as u32);
            self.firsts.push(place);
            return;
        }
        let at = self.features.len() - 1;
        self.weights[at] += mention.weight;
        if self.sentences.last() != Some(&mention.sentence) {
            self.sentences.push(mention.sentence);
            self.ends[at] = self.sentences.len() as u32;
        }
    }

    /// The wordings of the rarest features.
    fn said(&self, text: &str, reading: &Reading, n_said: usize) -> (String, Vec<(u32, u32)>) {
        let first = |at: usize| &reading.mentions[self.firsts[at] as usize];
        let mut ranked: Vec<(f32, u32)> =
            (0..self.features.len()).map(|at| (first(at).interest, at as u32)).collect();
        if ranked.len() > n_said {
            ranked.select_nth_unstable_by(n_said - 1, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            ranked.truncate(n_said);
        }
        ranked.sort_unstable_by_key(|&(_, at)| at);
        let mut said = String::with_capacity(12 * ranked.len());
        let mut ends = Vec::with_capacity(ranked.len());
        for (_, at) in ranked {
            let mention = first(at as usize);
            if let Some(value) = mention.value.and_then(|value| reading.values.get(value.get() as usize - 1))
            {
                said.push_str(value);
                said.push('\t');
            }
            let wording = mention.span.of(text);
            said.push_str(&wording[..wording.floor_char_boundary(MAX_SAID)]);
            ends.push((at, said.len() as u32));
        }
        (said, ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_sentence_changes_nothing_but_the_content() {
        let lexicon = Lexicon::shipped("de", "en");
        let once = Profile::of("The president met Ali Asadov in Minsk.", "en", None, &lexicon);
        let text = "The president met Ali Asadov in Minsk.\n\nThe president met Ali Asadov in Minsk.";
        let twice = Profile::of(text, "en", None, &lexicon);
        assert_eq!(once.features, twice.features);
        assert_eq!(once.weights, twice.weights);
        assert_eq!(once.n_sentences, twice.n_sentences);
    }

    #[test]
    fn the_wording_of_rare_features_is_kept() {
        let lexicon = Lexicon::shipped("de", "en");
        let profile = Profile::of("Am 3. Oktober 2024 kam Asadov.", "de", None, &lexicon);
        let said: Vec<Said<'_>> = (0..profile.features.len()).filter_map(|at| profile.said(at)).collect();
        assert!(said.contains(&Said { value: "date 2024-10-03", wording: "3. Oktober 2024" }), "{said:?}");
        assert!(said.contains(&Said { value: "", wording: "Asadov" }), "{said:?}");
    }

    #[test]
    fn a_language_without_data_gives_an_empty_profile() {
        let profile = Profile::of("東京", "ja", None, &Lexicon::shipped("de", "en"));
        assert!(profile.features.is_empty());
    }
}
