//! A profile as bytes, so that a document need not be read again.
//!
//! Sorted numbers are kept as differences, which makes a profile of 600 words
//! some two kilobytes. Bytes that are no profile are refused: what comes out
//! is as sound as what [`Profile::of`] makes.

use super::calendar::PartialDate;
use super::feature::Feature;
use super::profile::Profile;
use super::reading::MAX_SENTENCES;
use crate::text::language::Language;
use serde::{Deserialize, Serialize};

/// What profiles are made of; it changes whenever [`Profile::of`] would make
/// another one of the same text, because of a rule or a table. Profiles of
/// different numbers must not meet.
pub const FACTS_VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    language: &'a str,
    content: u64,
    /// Differences of features.
    features: Vec<u32>,
    weights: Vec<u16>,
    /// Sentences of each feature.
    counts: Vec<u32>,
    sentences: Vec<u16>,
    n_sentences: u16,
    event: Option<PartialDate>,
    said: &'a str,
    /// Differences of the numbers of features, and bytes of each wording.
    wordings: Vec<(u32, u32)>,
}

impl Profile {
    /// The profile as bytes for [`Profile::from_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let features: Vec<u32> = self.features.iter().map(|feature| feature.0).collect();
        let (places, ends): (Vec<u32>, Vec<u32>) = self.said_ends.iter().copied().unzip();
        let stored = Stored {
            language: self.language,
            content: self.content,
            features: differences(&features),
            weights: self.weights.to_vec(),
            counts: differences(&self.ends),
            sentences: self.sentences.to_vec(),
            n_sentences: self.n_sentences,
            event: self.event,
            said: &self.said,
            wordings: differences(&places).into_iter().zip(differences(&ends)).collect(),
        };
        postcard::to_stdvec(&stored).unwrap_or_default()
    }

    /// The profile that [`Profile::to_bytes`] was called on; none for bytes
    /// that are no profile.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let stored: Stored<'_> = postcard::from_bytes(bytes).ok()?;
        let language = Language::find(stored.language)?.code();
        let features = sums(stored.features)?;
        let ends = sums(stored.counts)?;
        let (places, lengths): (Vec<u32>, Vec<u32>) = stored.wordings.into_iter().unzip();
        let (places, said_ends) = (sums(places)?, sums(lengths)?);
        let n = features.len();
        let is_sound = stored.weights.len() == n
            && ends.len() == n
            && ends.last().map_or(0, |&end| end as usize) == stored.sentences.len()
            && is_rising(&features)
            && is_rising(&places)
            && places.last().is_none_or(|&place| (place as usize) < n)
            && said_ends.last().map_or(0, |&end| end as usize) == stored.said.len()
            && said_ends.iter().all(|&end| stored.said.is_char_boundary(end as usize))
            && stored.n_sentences <= MAX_SENTENCES
            && stored.sentences.iter().all(|&sentence| sentence < stored.n_sentences);
        is_sound.then(|| Self {
            language,
            content: stored.content,
            features: features.into_iter().map(Feature).collect(),
            weights: stored.weights.into(),
            ends: ends.into(),
            sentences: stored.sentences.into(),
            n_sentences: stored.n_sentences,
            event: stored.event,
            said: stored.said.into(),
            said_ends: places.into_iter().zip(said_ends).collect(),
        })
    }
}

fn differences(sorted: &[u32]) -> Vec<u32> {
    let before = std::iter::once(&0).chain(sorted);
    sorted.iter().zip(before).map(|(next, before)| next - before).collect()
}

fn sums(mut differences: Vec<u32>) -> Option<Vec<u32>> {
    let mut sum = 0u32;
    for next in &mut differences {
        sum = sum.checked_add(*next)?;
        *next = sum;
    }
    Some(differences)
}

fn is_rising(numbers: &[u32]) -> bool {
    numbers.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::lexicon::all_tables;
    use crate::cross::{CrossOptions, Lexicon, explain};
    use crate::hash::hash64;
    use proptest::prelude::*;

    const TEXTS: [(&str, &str); 4] = [
        (
            "de",
            "Am 3. Oktober 2024 traf Präsident Lukaschenko in Minsk Ali Asadow. Es ging um 1,2 Milliarden Euro.",
        ),
        (
            "en",
            "President Lukashenko met Ali Asadov in Minsk on 3 October 2024. It was about 1.2 billion euros.",
        ),
        ("en", ""),
        ("de", "Zwei Drittel der 4.500 Schüler kamen um 8.30 Uhr; das Spiel endete 3:1."),
    ];

    fn profiles() -> Vec<Profile> {
        let lexicon = Lexicon::shipped("de", "en");
        TEXTS.iter().map(|(language, text)| Profile::of(text, language, Some("2024-10"), &lexicon)).collect()
    }

    #[test]
    fn a_profile_comes_back_from_its_bytes() {
        for profile in profiles() {
            assert_eq!(Profile::from_bytes(&profile.to_bytes()), Some(profile));
        }
    }

    /// What profiles are made of is kept in indexes: whoever changes this value
    /// raises [`FACTS_VERSION`].
    #[test]
    fn what_profiles_are_made_of_has_a_version() {
        let bytes: Vec<u8> = profiles().iter().flat_map(Profile::to_bytes).collect();
        let tables = all_tables().concat();
        assert_eq!(
            (FACTS_VERSION, hash64(&bytes), hash64(&tables)),
            (1, 9142232182161255120, 335932273793991337)
        );
    }

    proptest! {
        #[test]
        fn other_bytes_are_refused_or_sound(at in 0usize..4000, bit in 0u8..8, cut in 0usize..4000) {
            let lexicon = Lexicon::shipped("de", "en");
            for profile in profiles() {
                let mut bytes = profile.to_bytes();
                prop_assert_eq!(Profile::from_bytes(&bytes[..cut % bytes.len()]), None);
                let at = at % bytes.len();
                bytes[at] ^= 1 << bit;
                if let Some(changed) = Profile::from_bytes(&bytes) {
                    let other = Profile::of(TEXTS[1].1, "en", None, &lexicon);
                    let explained = explain(&changed, &other, &CrossOptions::default());
                    prop_assert!(explained.only_left.len() <= 12);
                }
            }
        }
    }
}
