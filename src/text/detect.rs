//! Names the language of a text.
//!
//! Function words settle it for the languages we hold data for, and do so for
//! a line as well as for a book; where they say nothing a character model with
//! more languages (whichlang) decides.

use super::language::Language;
use ahash::AHashMap;
use std::sync::LazyLock;

/// By the first byte of a function word, one bit for each length in bytes.
static LENGTHS: LazyLock<[u32; 256]> = LazyLock::new(|| {
    let mut lengths = [0; 256];
    for word in FUNCTION_WORDS.keys() {
        if let Some(&first) = word.as_bytes().first() {
            lengths[usize::from(first)] |= 1 << word.len().min(31);
        }
    }
    lengths
});

/// Words looked at; more do not change the answer.
const WORDS: usize = 200;

/// Which of our languages use a word as a function word, as a bit set.
static FUNCTION_WORDS: LazyLock<AHashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut words: AHashMap<&'static str, u64> = AHashMap::new();
    for (i, language) in Language::all().iter().enumerate().take(64) {
        for word in language.stop_words() {
            *words.entry(word).or_default() |= 1 << i;
        }
    }
    words
});

/// The ISO 639-1 code of the language of `text`; `stated` wins where it names
/// a language we know. `None` for a text without letters.
#[must_use]
pub fn language(stated: Option<&str>, text: &str) -> Option<&'static str> {
    let stated = stated.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase());
    if let Some(known) = stated.and_then(|code| Language::find(&code)) {
        return Some(known.code());
    }
    by_function_words(text).or_else(|| by_script(text)).or_else(|| by_characters(text))
}

/// Scripts that one language has to itself and the character model does not know.
fn by_script(text: &str) -> Option<&'static str> {
    let first = text.chars().find(|c| c.is_alphabetic())?;
    match u32::from(first) {
        0x0370..=0x03FF | 0x1F00..=0x1FFF => Some("el"),
        0x0530..=0x058F => Some("hy"),
        0x0590..=0x05FF => Some("he"),
        0x0E00..=0x0E7F => Some("th"),
        0x0E80..=0x0EFF => Some("lo"),
        0x1000..=0x109F => Some("my"),
        0x10A0..=0x10FF => Some("ka"),
        0x1780..=0x17FF => Some("km"),
        _ => None,
    }
}

fn by_function_words(text: &str) -> Option<&'static str> {
    let mut votes = [0u32; 64];
    let mut lower = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(WORDS) {
        let lengths = LENGTHS[usize::from(word.as_bytes()[0].to_ascii_lowercase())];
        if lengths >> word.len().min(31) & 1 == 0 && word.is_ascii() {
            continue;
        }
        let mut languages = FUNCTION_WORDS.get(word).copied().unwrap_or(0);
        if languages == 0 && word.bytes().any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase()) {
            lower.clear();
            lower.extend(word.chars().flat_map(char::to_lowercase));
            languages = FUNCTION_WORDS.get(lower.as_str()).copied().unwrap_or(0);
        }
        while languages != 0 {
            votes[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let mut ranked: Vec<(u32, &Language)> = votes.iter().copied().zip(Language::all()).collect();
    ranked.sort_by_key(|&(votes, _)| std::cmp::Reverse(votes));
    let (first, second) = (ranked.first()?, ranked.get(1).map_or(0, |second| second.0));
    (first.0 >= 2 && 2 * first.0 >= 3 * second).then(|| first.1.code())
}

fn by_characters(text: &str) -> Option<&'static str> {
    use whichlang::Lang;
    text.chars().any(char::is_alphabetic).then(|| {
        let head = &text[..text.floor_char_boundary(2000)];
        match whichlang::detect_language(head) {
            Lang::Ara => "ar",
            Lang::Cmn => "zh",
            Lang::Deu => "de",
            Lang::Eng => "en",
            Lang::Fra => "fr",
            Lang::Hin => "hi",
            Lang::Ita => "it",
            Lang::Jpn => "ja",
            Lang::Kor => "ko",
            Lang::Nld => "nl",
            Lang::Por => "pt",
            Lang::Rus => "ru",
            Lang::Spa => "es",
            Lang::Swe => "sv",
            Lang::Tur => "tr",
            Lang::Vie => "vi",
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(language(None, text), expected, "{text}");
    }

    #[test]
    fn a_sentence_is_enough() {
        check("Der Präsident ist am Montag in Minsk eingetroffen.", Some("de"));
        check("The president arrived in Minsk on Monday.", Some("en"));
        check("Le président est arrivé à Minsk avec une délégation.", Some("fr"));
        check("北京今天下雨", Some("zh"));
        check("ประเทศไทย", Some("th"));
        check("1234 !", None);
    }

    #[test]
    fn what_the_record_says_wins() {
        assert_eq!(language(Some("de-AT"), "The the the of and"), Some("de"));
        assert_eq!(language(Some("und"), "The president and the minister of it"), Some("en"));
    }
}
