//! Says whether two words are the same name in two romanisations.
//!
//! A name word is read aloud under the conventions its letters allow, and each
//! reading gives a short phonemic key: Chruschtschow, Khrushchev and Хрущёв all
//! give `HruSCev`. Two words agree when they are written alike, or when their
//! keys meet; keys that are only close are weak evidence. There is no list of
//! persons or places here, only rules of spelling, so an exonym (Peking and
//! Beijing) is the lexicon's work.

mod letters;
mod allowed;
mod read;
mod cyrillic;
mod sound;
mod agreement;
mod full;

use std::fmt;

use letters::Letters;
use read::Reading;
use sound::Sounds;

pub use agreement::{Agreement, agree};
pub use full::agree_full;

/// The language whose spelling a word is expected to follow.
///
/// The expectation gives way to the letters: `zh` is never read as German.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// A word of a German text, perhaps with a genitive s.
    German,
    /// A word of an English text.
    English,
    /// A word of unknown origin: read under all conventions it may follow.
    Unknown,
}

/// The sounds of a name word under one reading, at most 24 of them.
///
/// One ASCII letter is one phoneme: `c` is ts, `s` also z, `S` sh and zh, `C`
/// ch, `J` dzh, `H` h and kh, the others what they are in German. Keys sort by
/// their letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 24]);

impl Key {
    fn new(phonemes: &[u8]) -> Key {
        let mut key = [0; 24];
        for (slot, &phoneme) in key.iter_mut().zip(phonemes) {
            *slot = phoneme;
        }
        Key(key)
    }

    /// The phonemes as text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.phonemes()).unwrap_or_default()
    }

    fn phonemes(&self) -> &[u8] {
        let end = self.0.iter().position(|&phoneme| phoneme == 0);
        &self.0[..end.unwrap_or(self.0.len())]
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({})", self.as_str())
    }
}

/// A word has at most this many keys.
const MAX_KEYS: usize = 4;

/// Keys with fewer phonemes say nothing about a name and are not made.
const MIN_PHONEMES: usize = 3;

/// The keys of a name word, sorted, without repetition, at most four.
///
/// Empty for a word with digits and for one of fewer than three sounds: such
/// words are names only when they are written alike. A German genitive s and
/// an English 's are taken off (the German s is also kept).
pub fn keys(word: &str, spelling: Spelling) -> Vec<Key> {
    let mut keys = Vec::with_capacity(MAX_KEYS);
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        return keys;
    }
    let word = without_possessive(word);
    if cyrillic::is_cyrillic(word) {
        add_cyrillic_keys(word, &mut keys);
    } else {
        let mut letters = letters::letters(word);
        add_keys(&letters, spelling, &mut keys);
        let is_genitive = word.ends_with(['s', 'S']) && has_genitive(&letters.plain);
        if spelling == Spelling::German && is_genitive {
            letters.plain.pop();
            letters.marked.pop();
            add_keys(&letters, spelling, &mut keys);
        }
    }
    keys.sort_unstable();
    keys
}

fn add_cyrillic_keys(word: &str, keys: &mut Vec<Key>) {
    let mut sounds = Sounds::default();
    for &g in cyrillic::sounds_of_g(word) {
        sounds.clear();
        cyrillic::read(word, g, &mut sounds);
        add_key(&sounds, keys);
    }
}

fn add_keys(letters: &Letters, spelling: Spelling, keys: &mut Vec<Key>) {
    let mut sounds = Sounds::default();
    let mut add = |letters: &[u8], reading: Reading| {
        sounds.clear();
        read::read(letters, reading, &mut sounds);
        add_key(&sounds, keys);
    };
    if let Some(reading) = allowed::marked_reading(letters) {
        add(&letters.marked, reading);
    }
    for reading in allowed::readings(letters, spelling) {
        add(&letters.plain, reading);
    }
}

fn add_key(sounds: &Sounds, keys: &mut Vec<Key>) {
    let key = sounds.settled();
    let is_wanted = key.phonemes().len() >= MIN_PHONEMES && !keys.contains(&key);
    if is_wanted && keys.len() < MAX_KEYS {
        keys.push(key);
    }
}

/// The word without an English 's and without a last apostrophe.
fn without_possessive(word: &str) -> &str {
    let apostrophes = ['\'', '’', 'ʼ', '`'];
    let bare = word.strip_suffix(['s', 'S']).unwrap_or(word);
    let Some(owner) = bare.strip_suffix(apostrophes) else {
        return word.trim_end_matches(apostrophes);
    };
    owner
}

/// Whether the last s of lower-case letters may be a German genitive: German
/// adds none after a hissing sound.
fn has_genitive(letters: &[u8]) -> bool {
    letters.len() > 4 && matches!(letters, [.., before, b's'] if !b"sxz".contains(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, spelling: Spelling, expected: &[&str]) {
        let keys = keys(word, spelling);
        let found: Vec<&str> = keys.iter().map(Key::as_str).collect();
        assert_eq!(found, expected, "{word} as {spelling:?}");
    }

    #[test]
    fn german_and_english_spellings_give_one_key() {
        check("Chruschtschow", Spelling::German, &["HruSCev"]);
        check("Khrushchev", Spelling::English, &["HruSCev"]);
        check("Zwetajewa", Spelling::German, &["cvetaeva"]);
        check("Tsvetayeva", Spelling::English, &["cvetaeva"]);
        check("Dschidda", Spelling::German, &["Jidda"]);
        check("Jiddah", Spelling::English, &["Jidda"]);
    }

    #[test]
    fn a_cyrillic_original_has_the_key_of_its_romanisations() {
        check("Хрущёв", Spelling::Unknown, &["HruSCev"]);
        check("Жуковский", Spelling::German, &["Sukovski"]);
        check("Тимошенко", Spelling::English, &["timoSenko"]);
        check("ДЖАЛИЛЬ", Spelling::Unknown, &["Jalil"]);
    }

    #[test]
    fn the_cyrillic_letter_ge_is_g_or_h_by_the_letters_beside_it() {
        check("Гончар", Spelling::Unknown, &["HonCar", "gonCar"]);
        check("Луганськ", Spelling::Unknown, &["luHansk", "lugansk"]);
        check("Чернігів", Spelling::Unknown, &["CerniHiv"]);
        check("Рыгор", Spelling::Unknown, &["rigor"]);
    }

    #[test]
    fn decomposed_marks_are_read_like_composed_ones() {
        check("Милошеви\u{301}ч", Spelling::Unknown, &["miloSeviC"]);
        check("Андреи\u{306}", Spelling::Unknown, &["andrei"]);
        check("Z\u{30c}ivkov", Spelling::English, &["Sivkov", "sivkov"]);
    }

    #[test]
    fn a_word_without_clues_is_read_as_the_text_is_written() {
        check("Zimin", Spelling::German, &["cimin"]);
        check("Zimin", Spelling::English, &["simin"]);
        check("Zimin", Spelling::Unknown, &["cimin", "simin"]);
    }

    #[test]
    fn letters_outweigh_the_language_of_the_text() {
        check("Zhivkov", Spelling::German, &["Sivkov"]);
        check("Schulz", Spelling::English, &["Sulc"]);
        check("Saakaschwili", Spelling::English, &["saakaSvili"]);
    }

    #[test]
    fn a_german_genitive_is_kept_and_taken_off() {
        check("Lawrows", Spelling::German, &["lavrov", "lavrovs"]);
        check("Lawrows", Spelling::English, &["lavrovs"]);
        check("Moskaus", Spelling::German, &["moskau", "moskaus"]);
        check("Strauss", Spelling::German, &["straus"]);
        check("Lavrov's", Spelling::English, &["lavrov"]);
        check("Lavrov’s", Spelling::German, &["lavrov"]);
    }

    #[test]
    fn short_words_and_words_with_digits_have_no_keys() {
        check("Wu", Spelling::Unknown, &[]);
        check("Li", Spelling::German, &[]);
        check("COP29", Spelling::Unknown, &[]);
        check("", Spelling::Unknown, &[]);
        check("—", Spelling::Unknown, &[]);
        check("Lem", Spelling::German, &["lem"]);
    }

    #[test]
    fn any_script_is_read() {
        check("Τσίπρας", Spelling::Unknown, &["cipras"]);
        check("東京", Spelling::English, &["donging"]);
        check("👍🏽", Spelling::Unknown, &[]);
    }

    #[test]
    fn a_key_has_at_most_24_phonemes() {
        check(&"Ra".repeat(500), Spelling::German, &["rararararararararararara"]);
    }
}
