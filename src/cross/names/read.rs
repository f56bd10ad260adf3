//! Reads letters as phonemes under one convention of spelling.
//!
//! Most letters and digraphs sound alike wherever they are allowed (`sch`,
//! `sh`, `kh`, `w`); the conventions part over `z`, `ch`, `j`, `c`, `ie` and
//! `ou`. A reading is one pass over the letters, one `match` a letter.

use super::sound::Sounds;

/// One convention of spelling, or several that do not contradict each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Convention {
    /// Duden and DIN: w, z, ch, sch, tsch, dsch, j.
    German,
    /// BGN/PCGN and the press: v, ts, kh, sh, ch, j, y.
    English,
    /// French: ou, ch, tch, dj, j, -ine.
    French,
    /// Dutch and Nordic: sj, tsj or tj, oe.
    Nordic,
    /// Polish, Czech, Croatian, ISO 9, read with their marks.
    Slavic,
    /// Slavic with `rz` as one sound.
    Polish,
    /// Turkish and Azeri, read with their marks.
    Turkic,
}

/// A convention, and how it takes `ae`, `oe` and `ue`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reading {
    /// The convention.
    pub convention: Convention,
    /// Whether `ae`, `oe`, `ue` are umlauts (Mueller) or two vowels (Isaev).
    pub umlauts: bool,
}

/// Appends the phonemes of the letters; upper-case letters are settled sounds.
pub(super) fn read(letters: &[u8], reading: Reading, sounds: &mut Sounds) {
    let mut at = 0;
    while at < letters.len() {
        at += read_one(letters, at, reading, sounds);
    }
}

/// Reads the letter or digraph at a place; returns its number of letters.
fn read_one(letters: &[u8], at: usize, reading: Reading, sounds: &mut Sounds) -> usize {
    use Convention::{English, French, German, Nordic, Polish, Slavic, Turkic};

    let convention = reading.convention;
    let before = if at == 0 { b' ' } else { letters[at - 1] };
    let (phonemes, n_letters): (&[u8], usize) = match &letters[at..] {
        [b's', b'c', b'h', ..] => (b"S", 3),
        [b's', b'h' | b'z', ..] | [b'z', b'h', ..] => (b"S", 2),
        [b's' | b'z', b'j', ..] if convention == Nordic => (b"S", 2),
        [b't', b'j', ..] if convention == Nordic => (b"C", 2),
        [b'r', b'z', ..] if convention == Polish => (b"S", 2),
        [b't', b'c', b'h', ..] => (b"C", 3),
        [b'd', b'z', b'h', ..] => (b"J", 3),
        [b'd', b'z', ..] => (b"ds", 2),
        [b'c', b'z', ..] => (b"C", 2),
        [b'c', b'k', ..] => (b"k", 2),
        [b'c', b'h', b't', b'c', b'h', ..] => (b"S", 2),
        [b'c', b'h', ..] => match convention {
            English | Turkic => (b"C", 2),
            French => (b"S", 2),
            _ => (b"H", 2),
        },
        [b'c', ..] if convention == Turkic => (b"J", 1),
        [b'c', ..] if matches!(convention, Slavic | Polish) => (b"c", 1),
        [b'c', b'e' | b'i' | b'y', ..] => (b"c", 1),
        // The South Slavic ending without its mark.
        [b'c'] if letters.ends_with(b"vic") => (b"C", 1),
        [b'k', b'h', ..] => (b"H", 2),
        [b'g', b'h', ..] => (b"g", 2),
        [b'p', b'h', ..] => (b"f", 2),
        [b'q', ..] if convention == Turkic => (b"g", 1),
        [b'q', b'u', b'e'] => (b"k", 3),
        [b'c' | b'q', ..] => (b"k", 1),
        [b'x', ..] if convention == Turkic => (b"H", 1),
        [b'x', ..] => (b"ks", 1),
        [b'z', ..] if convention == German => (b"c", 1),
        [b'z', ..] => (b"s", 1),
        [b'j', next, ..] if is_vowel(*next) => match convention {
            English if !b"stz".contains(&before) => (b"J", 1),
            French | Turkic => (b"S", 1),
            _ => (b"j", 1),
        },
        [b'y', b'o', ..] => (b"j", 1),
        [b'y', ..] => (b"i", 1),
        [b'w', ..] => (b"v", 1),
        // A last h after a vowel is silent: Abdullah, Abdulla.
        [b'h'] if is_vowel(before) && at > 2 => (b"", 1),
        [b'h', ..] => (b"H", 1),
        // Rachmaninoff, but not Hoff.
        [b'f', b'f'] if at > 3 && matches!(before, b'o' | b'e') => (b"v", 2),
        [b'i', b'n', b'e'] if convention == French && !is_vowel(before) => (b"in", 3),
        [b'i', b'e'] => (b"i", 2),
        [b'i', b'e', rest @ ..] if !is_vowel(before) && is_long_ie(letters, rest, convention) => (b"Ye", 2),
        [b'o', b'e', ..] if convention == Nordic => (b"u", 2),
        [b'a' | b'o', b'e', ..] if reading.umlauts => (&letters[at..=at], 2),
        [b'u', b'e', ..] if reading.umlauts && !is_vowel(before) && before != b'q' => (b"u", 2),
        [b'o', b'u', rest @ ..] => match rest {
            // The Belarusian form of -ow, or a French u.
            [] if convention != French => (b"ov", 2),
            // Belarusian -ouski is the Russian -owski.
            [b's', b'k', ..] => (b"ov", 2),
            // The native English ou: Young, Gould.
            [b'n', b'g' | b'd' | b't', ..] | [b'l', b'd', ..] | [b'g', b'h', ..] => (b"ou", 2),
            _ => (b"u", 2),
        },
        [b'Z', ..] => (b"S", 1),
        rest => (&rest[..1], 1),
    };
    sounds.extend(phonemes);
    n_letters
}

/// Whether ie before the rest of the letters is a long vowel or two vowels, as
/// in Wieber and Olivier, and not ye, as in Prokofiev, Kirienko and Medwiediew.
fn is_long_ie(letters: &[u8], rest: &[u8], convention: Convention) -> bool {
    matches!(convention, Convention::German | Convention::English)
        && !rest.starts_with(b"v")
        && !rest.starts_with(b"w")
        && !rest.starts_with(b"nk")
        && !letters.ends_with(b"iew")
}

/// Whether the letter is a vowel letter.
pub(super) fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}
