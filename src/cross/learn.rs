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

/// Both words stand in at least so many pairs together. On translated news
/// nine in ten rows are right so, with three pairs three in four.
const MIN_PAIRS: usize = 4;

/// Chance gives a higher ratio less than once in ten thousand words.
const MIN_LIKELIHOOD: f64 = 15.0;

/// Share of the documents of either word that must have the other.
const MIN_DICE: f64 = 0.6;

/// The second best partner has at most this share of the ratio of the best;
/// else both only keep company with the topic.
const MAX_SECOND: f64 = 0.9;

/// Collects the words of paired documents, one document after the other.
#[derive(Debug)]
pub struct Learner<'a> {
    lexicon: &'a Lexicon,
    from: Words,
    into: Words,
}

/// The words of one language by what stands for all their forms.
type Words = BTreeMap<String, Entry>;

impl<'a> Learner<'a> {
    /// Nothing was read yet; words that `lexicon` knows are not learned.
    #[must_use]
    pub fn new(lexicon: &'a Lexicon) -> Self {
        Self { lexicon, from: Words::new(), into: Words::new() }
    }

    /// Reads a document that is in some pairs, by their numbers. It is in the
    /// language [`Lexicon::from`] where `is_from`, else in [`Lexicon::into`].
    pub fn read(&mut self, text: &str, is_from: bool, pairs: &[u32]) {
        if is_from {
            add_words(&mut self.from, text, self.lexicon.from(), pairs, fold);
        } else {
            add_words(&mut self.into, text, self.lexicon.into(), pairs, |word| self.lexicon.stem(word));
        }
    }

    /// The words that were learned from `n_pairs` pairs, sorted. The order of
    /// reading changes nothing.
    #[must_use]
    pub fn learned(self, n_pairs: usize) -> Vec<Learned> {
        let (from, into) = (frequent(self.from), frequent(self.into));
        let mut words_of_pair: Vec<Vec<u32>> = vec![vec![]; n_pairs];
        for (number, entry) in into.iter().enumerate() {
            entry.pairs.iter().for_each(|&pair| words_of_pair[pair as usize].push(number as u32));
        }
        let spellings: BTreeSet<&str> = into.iter().map(|entry| entry.key.as_str()).collect();
        let is_new = |entry: &Entry| {
            let is_name =
                spellings.contains(stem(&entry.key).as_str()) || spellings.contains(entry.key.as_str());
            !is_name && self.lexicon.senses(&entry.word).is_empty()
        };
        // Names and known words choose as well, lest the words around them do.
        let best: Vec<Option<Partner>> =
            from.par_iter().map(|entry| best_partner(entry, &into, &words_of_pair, n_pairs)).collect();
        // A word of the second language keeps the one that likes it best.
        let mut suitors: BTreeMap<u32, Ranked<usize>> = BTreeMap::new();
        for (number, found) in best.iter().enumerate() {
            let Some(Partner { word, likelihood, .. }) = *found else { continue };
            suitors.entry(word).or_default().add(likelihood, number);
        }
        let rows = suitors.iter().filter_map(|(&partner, suitors)| {
            let (likelihood, number) = suitors.clear_best()?;
            let (entry, found) = (&from[number], best[number]?);
            (found.is_clear && is_new(entry)).then(|| Learned {
                from: entry.word.clone(),
                into: into[partner as usize].word.clone(),
                pairs: found.pairs,
                likelihood,
            })
        });
        let mut rows: Vec<Learned> = rows.collect();
        rows.sort_by(|a, b| a.from.cmp(&b.from));
        rows
    }
}

/// A word, what stands for all its forms, and the pairs that have it.
#[derive(Debug)]
struct Entry {
    /// The shortest of its forms, and of these the first by alphabet.
    word: String,
    key: String,
    pairs: Vec<u32>,
}

/// Adds the words of a text that stands in some pairs.
fn add_words(words: &mut Words, text: &str, language: &str, pairs: &[u32], key: impl Fn(&str) -> String) {
    let language = Language::find(language);
    let mut found: BTreeSet<String> = BTreeSet::new();
    tokens::scan(text, |token| {
        let word = token.of(text);
        if token.shape == Shape::Word && word.chars().count() >= 3 {
            found.insert(word.to_lowercase());
        }
    });
    found.retain(|word| !language.is_some_and(|language| language.is_stop_word(word)));
    for word in found {
        let key = key(&word);
        let entry =
            words.entry(key.clone()).or_insert_with(|| Entry { word: word.clone(), key, pairs: vec![] });
        if (word.len(), &word) < (entry.word.len(), &entry.word) {
            entry.word = word;
        }
        entry.pairs.extend(pairs);
    }
}

/// The words that stand in enough pairs.
fn frequent(words: Words) -> Vec<Entry> {
    let mut entries: Vec<Entry> = words.into_values().collect();
    for entry in &mut entries {
        entry.pairs.sort_unstable();
        entry.pairs.dedup();
    }
    entries.retain(|entry| entry.pairs.len() >= MIN_PAIRS);
    entries
}

/// The word of the second language that goes best with another.
#[derive(Clone, Copy, Debug)]
struct Partner {
    word: u32,
    /// Pairs that have both.
    pairs: u32,
    likelihood: f64,
    /// Whether no other word goes as well with it.
    is_clear: bool,
}

/// The word that goes best with `entry`.
fn best_partner(
    entry: &Entry,
    into: &[Entry],
    words_of_pair: &[Vec<u32>],
    n_pairs: usize,
) -> Option<Partner> {
    let mut together: AHashMap<u32, u32> = AHashMap::new();
    for &pair in &entry.pairs {
        for &word in &words_of_pair[pair as usize] {
            *together.entry(word).or_default() += 1;
        }
    }
    let n_entry = entry.pairs.len();
    let rated = together.into_iter().filter(|&(_, both)| both as usize >= MIN_PAIRS);
    let mut ranked = Ranked::default();
    for (word, pairs) in rated {
        let n_word = into[word as usize].pairs.len();
        let dice = 2.0 * f64::from(pairs) / (n_entry + n_word) as f64;
        let likelihood = likelihood_ratio(f64::from(pairs), n_entry as f64, n_word as f64, n_pairs as f64);
        if dice >= MIN_DICE && likelihood >= MIN_LIKELIHOOD {
            ranked.add(likelihood, (word, pairs));
        }
    }
    let (likelihood, (word, pairs)) = ranked.best?;
    Some(Partner { word, pairs, likelihood, is_clear: ranked.clear_best().is_some() })
}

/// The best of some choices, and how good the second best is.
#[derive(Clone, Copy, Debug)]
struct Ranked<T> {
    best: Option<(f64, T)>,
    second: f64,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Self { best: None, second: 0.0 }
    }
}

impl<T: Copy + Ord> Ranked<T> {
    /// Adds a choice; of equals the smaller one is the best.
    fn add(&mut self, likelihood: f64, choice: T) {
        match self.best {
            Some(known) if (known.0, choice) >= (likelihood, known.1) => {
                self.second = self.second.max(likelihood);
            }
            known => {
                self.second = known.map_or(self.second, |known| known.0);
                self.best = Some((likelihood, choice));
            }
        }
    }

    /// The best choice, where the second best is not nearly as good.
    fn clear_best(&self) -> Option<(f64, T)> {
        self.best.filter(|best| self.second <= MAX_SECOND * best.0)
    }
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
        let lexicon = Lexicon::shipped("fr", "en");
        let learned = |order: &mut dyn Iterator<Item = usize>| {
            let mut learner = Learner::new(&lexicon);
            for number in order {
                learner.read(&texts[number].1, false, &[number as u32]);
                learner.read(&texts[number].0, true, &[number as u32]);
            }
            learner.learned(texts.len())
        };
        let backwards = learned(&mut (0..texts.len()).rev());
        let learned = learned(&mut (0..texts.len()));
        assert_eq!(learned, backwards);
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
