//! The cross wing: the same event in another language.
//!
//! A document becomes a [`Profile`] of features that no language owns: words
//! brought over by a lexicon, names by their sound, numbers, dates. [`pair`]
//! finds the documents that share rare features, scores them and says with
//! what probability both report one event.

pub mod amounts;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod dates;
pub mod decimal;
pub mod facts;
pub mod names;
pub mod numbers;
pub mod numerals;
pub mod opening;
pub mod reader;
pub mod relative;
pub mod results;
pub mod units;
mod sentences;
pub mod stem;
pub mod lexicon;
pub mod feature;
mod vocabulary;
mod profile;
mod background;
mod index;
mod candidates;
mod score;
mod assign;

pub use assign::CrossOptions;
pub use lexicon::Lexicon;
pub use profile::Profile;
pub use score::Measures;

use crate::finding::Evidence;
use rayon::prelude::*;
use score::Weighed;

/// Two documents that may report the same event.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// The document of the first language, as an index into the profiles.
    pub left: u32,
    /// The document of the second language.
    pub right: u32,
    /// The probability that both report one event, in 0..=1.
    pub score: f64,
    /// Whether the pair is to be reported.
    pub accepted: bool,
    /// What the score stands on.
    pub evidence: Vec<Evidence>,
    /// What was measured.
    pub measures: Measures,
    /// Mean of the best similarities of the left document.
    pub hubs: [f32; 2],
}

/// Finds the pairs among `profiles`, best first.
#[must_use]
pub fn pair(profiles: &[Profile], options: &CrossOptions) -> Vec<Pairing> {
    let numbers_of = |language: &str| -> Vec<u32> {
        let is_it = |&(_, profile): &(usize, &Profile)| profile.language() == language;
        profiles.iter().enumerate().filter(is_it).map(|(number, _)| number as u32).collect()
    };
    let lefts = numbers_of(&options.languages.0);
    let rights = numbers_of(&options.languages.1);
    let of = |numbers: &[u32]| -> Vec<&Profile> { numbers.iter().map(|&number| &profiles[number as usize]).collect() };
    let (left, right) = (of(&lefts), of(&rights));
    let index = index::Index::of(&left, &right);
    let left: Vec<Weighed<'_>> = left.par_iter().map(|profile| Weighed::of(profile, &index)).collect();
    let right: Vec<Weighed<'_>> = right.par_iter().map(|profile| Weighed::of(profile, &index)).collect();
    let candidates = candidates::candidates(&left, &right, &index);
    let measured: Vec<Vec<Measures>> = candidates
        .par_iter()
        .zip(&left)
        .map_init(Vec::new, |grid, (numbers, document)| {
            numbers.iter().map(|&number| score::measure(document, &right[number as usize], grid)).collect()
        })
        .collect();
    assign::assign(&lefts, &rights, &left, &right, &candidates, &measured, options)
}
