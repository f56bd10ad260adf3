//! Learns words from documents that are known to be of one event.
//!
//! A word that keeps turning up in the partners of another word's documents,
//! and nowhere else, is likely its translation. Each unknown word is tested
//! against the words of the partners by the log-likelihood ratio (Dunning
//! 1993); two words must choose each other. The rows are those of a lexicon, so
//! a pair of languages without one teaches itself.

use super::lexicon::{Lexicon, fold};
use super::stem::stem;
use crate::text::language::Language;
use crate::text::tokens::{self, Shape};
use ahash::AHashMap;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A word pair that was learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The word of the lexicon's first language, in lower case.
    pub from: String,
    /// The word of its second language, in lower case.
    pub into: String,
    /// Pairs of documents that have both.
    pub pairs: u32,
    /// Log-likelihood ratio that they belong together.
    pub likelihood: f64,
}

/// Both words stand in at least so many pairs together.
const MIN_PAIRS: usize = 3;

/// Chance gives a higher ratio less than once in ten thousand words.
const MIN_LIKELIHOOD: f64 = 15.0;

/// Share of the documents of either word that must have the other.
const MIN_DICE: f64 = 0.6;

/// Learns words that `lexicon` lacks from pairs of texts, the first of each in
/// the language [`Lexicon::from`], sorted by word.
#[must_use]
pub fn learn(pairs: &[(&str, &str)], lexicon: &Lexicon) -> Vec<Learned> {
    let from = postings(pairs.iter().map(|pair| pair.0), lexicon.from(), fold);
    let into = postings(pairs.iter().map(|pair| pair.1), lexicon.into(), |word| lexicon.stem(word));
    let mut words_of_pair: Vec<Vec<u32>> = vec![vec![]; pairs.len()];
    for (number, entry) in into.iter().enumerate() {
        entry.documents.iter().for_each(|&pair| words_of_pair[pair as usize].push(number as u32));
    }
    let spellings: BTreeSet<&str> = into.iter().map(|entry| entry.key.as_str()).collect();
    let is_new = |entry: &&Entry| {
        let is_name = spellings.contains(stem(&entry.key).as_str()) || spellings.contains(entry.key.as_str());
        !is_name && lexicon.senses(&entry.word).is_empty()
    };
    let unknown: Vec<&Entry> = from.iter().filter(is_new).collect();
    let best: Vec<Option<(u32, u32, f64)>> =
        unknown.par_iter().map(|entry| best_partner(entry, &into, &words_of_pair, pairs.len())).collect();
    // A word of the second language keeps the one that likes it best.
    let mut chosen: BTreeMap<u32, (f64, usize)> = BTreeMap::new();
    for (number, found) in best.iter().enumerate() {
        let Some((partner, _, likelihood)) = *found else { continue };
        let known = chosen.entry(partner).or_insert((likelihood, number));
        if likelihood > known.0 {
            *known = (likelihood, number);
        }
    }
    let rows = chosen.iter().map(|(&partner, &(likelihood, number))| Learned {
        from: unknown[number].word.clone(),
        into: into[partner as usize].word.clone(),
        pairs: best[number].map_or(0, |found| found.1),
        likelihood,
    });
    let mut rows: Vec<Learned> = rows.collect();
    rows.sort_by(|a, b| a.from.cmp(&b.from));
    rows
}

/// A word, what stands for all its forms, and the pairs that have it.
struct Entry {
    word: String,
    key: String,
    documents: Vec<u32>,
}

/// The words of texts that enough of them have, by key.
fn postings<'a>(
    texts: impl Iterator<Item = &'a str>,
    language: &str,
    key: impl Fn(&str) -> String,
) -> Vec<Entry> {
    let language = Language::find(language);
    let mut found: BTreeMap<String, Entry> = BTreeMap::new();
    for (number, text) in texts.enumerate() {
        tokens::scan(text, |token| {
            let word = &text[token.start as usize..token.end as usize];
            if token.shape != Shape::Word || word.chars().count() < 3 {
                return;
            }
            let word = word.to_lowercase();
            if language.is_some_and(|language| language.is_stop_word(&word)) {
                return;
            }
            let key = key(&word);
            let entry = found.entry(key.clone()).or_insert_with(|| Entry { word, key, documents: vec![] });
            if entry.documents.last() != Some(&(number as u32)) {
                entry.documents.push(number as u32);
            }
        });
    }
    found.into_values().filter(|entry| entry.documents.len() >= MIN_PAIRS).collect()
}

/// The word that goes best with `entry`: its number, the pairs that have
/// both, and the log-likelihood ratio.
fn best_partner(
    entry: &Entry,
    into: &[Entry],
    words_of_pair: &[Vec<u32>],
    n_pairs: usize,
) -> Option<(u32, u32, f64)> {
    let mut together: AHashMap<u32, u32> = AHashMap::new();
    for &pair in &entry.documents {
        for &word in &words_of_pair[pair as usize] {
            *together.entry(word).or_default() += 1;
        }
    }
    let n_entry = entry.documents.len();
    let rated =
        together.into_iter().filter(|&(_, both)| both as usize >= MIN_PAIRS).filter_map(|(word, both)| {
            let n_word = into[word as usize].documents.len();
            let dice = 2.0 * f64::from(both) / (n_entry + n_word) as f64;
            let likelihood = likelihood_ratio(f64::from(both), n_entry as f64, n_word as f64, n_pairs as f64);
            (dice >= MIN_DICE && likelihood >= MIN_LIKELIHOOD).then_some((word, both, likelihood))
        });
    rated.max_by(|a, b| a.2.total_cmp(&b.2).then(b.0.cmp(&a.0)))
}

/// Twice the logarithm of how much better the counts fit two words that belong
/// together than two that do not: `2 Σ observed ln(observed / expected)`.
fn likelihood_ratio(both: f64, a: f64, b: f64, n: f64) -> f64 {
    let term = |observed: f64, expected: f64| {
        if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 }
    };
    let cells = [
        (both, a * b / n),
        (a - both, a * (n - b) / n),
        (b - both, (n - a) * b / n),
        (n - a - b + both, (n - a) * (n - b) / n),
    ];
    2.0 * cells.into_iter().map(|(observed, expected)| term(observed, expected)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_keep_company_are_learned_and_names_are_not() {
        let texts: Vec<(String, String)> = (0..40)
            .map(|i| match i % 4 {
                0 => (format!("une maison rouge Dupont x{i}"), format!("a red house Dupont y{i}")),
                1 => (format!("le chien noir y{i}"), format!("the black dog z{i}")),
                2 => (format!("une maison noire z{i}"), format!("a black house q{i}")),
                _ => (format!("le fleuve rouge q{i}"), format!("the red river p{i}")),
            })
            .collect();
        let pairs: Vec<(&str, &str)> =
            texts.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect();
        let learned = learn(&pairs, &Lexicon::shipped("fr", "en"));
        let has = |from: &str, into: &str| learned.iter().any(|row| row.from == from && row.into == into);
        assert!(has("maison", "house") && has("fleuve", "river"), "{learned:?}");
        assert!(!learned.iter().any(|row| row.from == "dupont"));
    }

    #[test]
    fn independent_words_have_no_ratio() {
        assert!(likelihood_ratio(25.0, 50.0, 50.0, 100.0).abs() < 1e-9);
        assert!(likelihood_ratio(50.0, 50.0, 50.0, 100.0) > 100.0);
    }
}
