//! Turns any word into the lower-case letters that the reading step reads.
//!
//! Plain ASCII passes as it is. A letter with a mark gives two things: its bare
//! ASCII form, because the press drops marks, and, where the mark settles a
//! sound (`š`, `ł`, `ç`), that sound. Everything else goes through `any_ascii`,
//! so that a Greek or Georgian word still gets letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters after this many are not read; no name word is that long.
const MAX_LETTERS: usize = 40;

/// A word as letters, and what its marks tell about its spelling.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// Lower-case ASCII letters without any mark.
    pub plain: Vec<u8>,
    /// The same letters with upper-case bytes for settled sounds: `S` for sh,
    /// `Z` for zh, `C` for ch. Empty for a word in ASCII.
    pub marked: Vec<u8>,
    /// The marks of a Slavic Latin script: Polish, Czech, Croatian, ISO 9.
    pub slavic: bool,
    /// The marks that only Polish has, where `rz` is one sound.
    pub polish: bool,
    /// The marks of Turkish, Azeri and their kin.
    pub turkic: bool,
    /// An umlaut or a sharp s.
    pub german: bool,
}

/// Reads the letters of a word; other characters, such as an apostrophe or a
/// hyphen, are passed over.
pub(super) fn letters(word: &str) -> Letters {
    let mut letters = Letters::default();
    if word.is_ascii() {
        let only_letters = word.bytes().filter(u8::is_ascii_alphabetic);
        letters.plain.extend(only_letters.take(MAX_LETTERS).map(|byte| byte.to_ascii_lowercase()));
        return letters;
    }
    for character in word.nfc().flat_map(lowercase) {
        if letters.plain.len() >= MAX_LETTERS {
            break;
        }
        push(character, &mut letters);
    }
    letters
}

/// The word without marks and case, only letters and digits: two words that
/// are equal here are written alike.
pub(super) fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for character in word.nfc() {
        if !character.is_alphanumeric() {
            continue;
        }
        for ascii in any_ascii::any_ascii_char(character).chars() {
            if ascii.is_ascii_alphanumeric() {
                folded.push(ascii.to_ascii_lowercase());
            }
        }
    }
    folded
}

fn lowercase(character: char) -> impl Iterator<Item = char> {
    // The dotted capital of Turkish would fall into two characters.
    let character = if character == 'İ' { 'i' } else { character };
    character.to_lowercase()
}

fn push(character: char, letters: &mut Letters) {
    if character.is_ascii() {
        if character.is_ascii_alphabetic() {
            letters.plain.push(character as u8);
            letters.marked.push(character as u8);
        }
        return;
    }
    if !character.is_alphabetic() || is_combining_mark(character) {
        return;
    }
    match character {
        'č' | 'ć' | 'š' | 'ž' | 'đ' | 'ě' | 'ř' | 'ů' | 'ŝ' | 'ŭ' => letters.slavic = true,
        'ł' | 'ż' | 'ź' | 'ś' | 'ń' | 'ą' | 'ę' => {
            letters.slavic = true;
            letters.polish = true;
        }
        'ş' | 'ğ' | 'ı' | 'ə' | 'ç' => letters.turkic = true,
        'ä' | 'ö' | 'ü' | 'ß' => letters.german = true,
        _ => {}
    }
    let settled: &[u8] = match character {
        'š' | 'ş' => b"S",
        'ŝ' => b"SC",
        'ž' | 'ż' => b"Z",
        'č' | 'ć' | 'ç' => b"C",
        'đ' => b"dZ",
        'ə' => b"a",
        // Belarusian short u is the v of the Russian form.
        'ŭ' => b"v",
        _ => b"",
    };
    let bare = any_ascii::any_ascii_char(character).bytes();
    let start = letters.plain.len();
    letters.plain.extend(bare.filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_lowercase()));
    if settled.is_empty() {
        letters.marked.extend_from_slice(&letters.plain[start..]);
    } else {
        letters.marked.extend_from_slice(settled);
    }
}
