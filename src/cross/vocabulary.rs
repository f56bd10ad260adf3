//! Turns one written word into features.
//!
//! A word of the first language becomes what the lexicon says, with what it is
//! itself for the case that it is a name; a word of the second becomes its
//! stem. Words come again and again, so what was found is kept a thread: a text
//! costs one hash a word.

use super::background;
use super::feature::{Feature, Kind};
use super::lexicon::{Found, Lexicon, fold};
use super::names::{self, Spelling};
use super::reader::{MAYBE_COMPOUND, word_entry};
use super::stem::stem;
use crate::hash::{hash_word_at, hash64};
use crate::text::language::Language;
use crate::text::vocabulary::EntryId;
use ahash::AHashMap;
use std::cell::RefCell;
use std::sync::{LazyLock, Mutex, PoisonError};

/// A feature, how much one mention of it counts, and how much it tells by
/// itself.
pub type Weighted = (Feature, f32, f32);

/// Words kept a thread, and by all threads together; beyond that the table
/// begins anew.
const MAX_WORDS: usize = 400_000;

/// Words that are found without a map.
const N_RECENT: usize = 1 << 14;

/// Parts of the table that all threads share, each behind a lock of its own.
const N_SHARDS: usize = 64;

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(Kept::default());
}

/// What one thread has found out, for the others. The lexicon met last owns it.
static SHARED: LazyLock<Vec<Mutex<Shard>>> =
    LazyLock::new(|| (0..N_SHARDS).map(|_| Mutex::default()).collect());

/// The words of a lexicon that were met before.
#[derive(Default)]
struct Kept {
    lexicon: Option<u32>,
    /// The words met last, by the lowest bits of their key.
    recent: Vec<(u64, Met)>,
    words: AHashMap<u64, Met>,
    features: Vec<Weighted>,
}

/// A part of the table that all threads share.
#[derive(Default)]
struct Shard {
    lexicon: Option<u32>,
    words: AHashMap<u64, (EntryId, Box<[Weighted]>)>,
}

/// A word that was looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Met {
    start: u32,
    /// What a fact may begin with, and in the lowest bits the number of features.
    entry_and_n: u32,
}

/// Bits of the number of features; no word has so many translations.
const N_BITS: u32 = 10;

impl Met {
    /// A sign, which has no features.
    pub fn sign(entry: EntryId) -> Self {
        Self::new(entry, 0, 0)
    }

    fn new(entry: EntryId, start: usize, n: usize) -> Self {
        let (entry, n) = (entry.min(EntryId::MAX >> N_BITS), n.min((1 << N_BITS) - 1));
        Self { start: start as u32, entry_and_n: entry << N_BITS | n as u32 }
    }

    /// What a fact may begin with, as [`word_entry`] says.
    pub fn entry(self) -> EntryId {
        match self.entry_and_n >> N_BITS {
            entry if entry == EntryId::MAX >> N_BITS => MAYBE_COMPOUND,
            entry => entry,
        }
    }

    fn n(self) -> usize {
        self.entry_and_n as usize % (1 << N_BITS)
    }
}

/// The words of one document, looked up one by one.
pub struct Words<'a> {
    vocabulary: Vocabulary<'a>,
    kept: &'a mut Kept,
}

impl Words<'_> {
    /// Looks up the word that stands at some bytes of a text.
    pub fn meet(&mut self, text: &str, start: u32, end: u32) -> Met {
        let (start, end) = (start as usize, end as usize);
        let key = hash_word_at(text.as_bytes(), start, end) ^ self.vocabulary.seed;
        let place = key as usize % N_RECENT;
        let (known, met) = self.kept.recent[place];
        if known == key {
            return met;
        }
        let met = match self.kept.words.get(&key) {
            Some(&met) => met,
            None => self.learn(key, &text[start..end]),
        };
        self.kept.recent[place] = (key, met);
        met
    }

    /// Asks what other threads know of a word before finding it out.
    #[cold]
    fn learn(&mut self, key: u64, word: &str) -> Met {
        let Vocabulary { lexicon, language, .. } = self.vocabulary;
        let start = self.kept.features.len();
        let shard = &SHARED[(key >> 32) as usize % N_SHARDS];
        // A thread that panicked while it held the lock left a whole table.
        let lock = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ours = |shard: &Shard| shard.lexicon == Some(lexicon.number());
        let known = lock();
        let entry = match known.words.get(&key).filter(|_| is_ours(&known)) {
            Some((entry, features)) => {
                self.kept.features.extend(features);
                *entry
            }
            None => {
                drop(known);
                let features = self.vocabulary.analyse(word);
                let entry = word_entry(language, word);
                self.kept.features.extend(&features);
                let mut shard = lock();
                if !is_ours(&shard) || shard.words.len() > MAX_WORDS / N_SHARDS {
                    *shard = Shard { lexicon: Some(lexicon.number()), ..Shard::default() };
                }
                shard.words.insert(key, (entry, features.into()));
                entry
            }
        };
        let met = Met::new(entry, start, self.kept.features.len() - start);
        self.kept.words.insert(key, met);
        met
    }

    /// The features of a word that was met in this document.
    pub fn features(&self, met: Met) -> &[Weighted] {
        &self.kept.features[met.start as usize..][..met.n()]
    }
}

/// How a language's words become features.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    lexicon: &'a Lexicon,
    language: &'a Language,
    /// Tells the words of one language from those of another; not a word hash,
    /// or `de` in English and `en` in German would be one key.
    seed: u64,
}

impl<'a> Vocabulary<'a> {
    /// The words of `language` in the space of `lexicon`.
    pub fn new(lexicon: &'a Lexicon, language: &'a Language) -> Self {
        Self { lexicon, language, seed: hash64(language.code().as_bytes()) }
    }

    /// Lends what the thread knows of words, for one document.
    pub fn with_words<T>(self, read: impl FnOnce(&mut Words<'_>) -> T) -> T {
        KEPT.with_borrow_mut(|kept| {
            if kept.lexicon != Some(self.lexicon.number()) || kept.words.len() > MAX_WORDS {
                *kept = Kept { lexicon: Some(self.lexicon.number()), ..Kept::default() };
                kept.recent = vec![(0, Met::default()); N_RECENT];
            }
            read(&mut Words { vocabulary: self, kept })
        })
    }

    /// The features of a word, each once.
    fn analyse(&self, word: &str) -> Vec<Weighted> {
        let values = self.values(word);
        let weighted = |(kind, value, weight): (Kind, String, f32)| {
            let feature = Feature::new(kind, &value);
            (feature, weight, weight * background::surprise(feature))
        };
        let is_telling = |weighted: &Weighted| background::share(weighted.0) <= COMMON;
        values.into_iter().map(weighted).filter(is_telling).take((1 << N_BITS) - 1).collect()
    }

    /// The features of a word as people read them, each once, with what one
    /// mention counts.
    pub fn values(&self, word: &str) -> Vec<(Kind, String, f32)> {
        let lower = word.to_lowercase();
        if self.language.is_stop_word(&lower) || word.chars().count() < 2 {
            return vec![];
        }
        let is_capital = word.starts_with(char::is_uppercase);
        let mut values = vec![];
        if self.language.code() == self.lexicon.into() {
            values.push((Kind::Word, self.lexicon.stem(word), 1.0));
            if is_capital {
                add_names(word, Spelling::English, &mut values);
            }
            return values;
        }
        let (senses, found) = match self.lexicon.from() == self.language.code() {
            true => self.lexicon.look_up(word),
            false => (vec![], Found::Nothing),
        };
        let is_known = !senses.is_empty();
        for sense in senses {
            add(&mut values, Kind::Word, sense.stem, sense.weight);
        }
        if is_capital || !is_known {
            add(&mut values, Kind::Word, stem(&fold(&lower)), own_weight(found));
        }
        if is_capital && !is_known {
            let spelling = if self.language.code() == "de" { Spelling::German } else { Spelling::Unknown };
            add_names(word, spelling, &mut values);
        }
        values
    }
}

/// What more than this share of documents mention is passed over like a stop
/// word: it tells nothing and costs as much as a name.
const COMMON: f32 = 0.12;

/// What a word counts as it is written: the less sure its meaning is, the
/// likelier it is a name. `England` could be taken apart, `Oman` inflected.
fn own_weight(found: Found) -> f32 {
    match found {
        Found::Headword => 0.25,
        Found::Inflected => 0.4,
        Found::Compound => 0.6,
        Found::Nothing => 1.0,
    }
}

/// The sound of a name beside its spelling.
const NAME: f32 = 0.15;

fn add_names(word: &str, spelling: Spelling, values: &mut Vec<(Kind, String, f32)>) {
    let keys = names::keys(word, spelling);
    let share = NAME / (keys.len().max(1) as f32).sqrt();
    for key in keys {
        add(values, Kind::Name, key.as_str().to_owned(), share);
    }
}

fn add(values: &mut Vec<(Kind, String, f32)>, kind: Kind, value: String, weight: f32) {
    match values.iter_mut().find(|known| known.0 == kind && known.1 == value) {
        Some(known) => known.2 = known.2.max(weight),
        None => values.push((kind, value, weight)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_languages_are_kept_apart() {
        let lexicon = Lexicon::shipped("de", "en");
        for (code, word) in [("en", "de"), ("de", "en"), ("en", "Gift"), ("de", "Gift")] {
            let Some(language) = Language::find(code) else { continue };
            let vocabulary = Vocabulary::new(&lexicon, language);
            let expected = vocabulary.analyse(word);
            vocabulary.with_words(|words| {
                for _ in 0..2 {
                    let met = words.meet(word, 0, word.len() as u32);
                    assert_eq!(words.features(met), expected, "{word} in {code}");
                }
            });
        }
    }

    #[test]
    fn a_name_has_its_sound_and_its_spelling() {
        let lexicon = Lexicon::shipped("de", "en");
        let kinds = |code: &str, word: &str| -> Vec<(Kind, String)> {
            let language = Language::find(code).into_iter();
            let values = language.flat_map(|language| Vocabulary::new(&lexicon, language).values(word));
            values.map(|(kind, value, _)| (kind, value)).collect()
        };
        let (german, english) = (kinds("de", "Golowtschenko"), kinds("en", "Golovchenko"));
        assert!(german.iter().any(|value| value.0 == Kind::Name && english.contains(value)), "{german:?}");
    }
}
