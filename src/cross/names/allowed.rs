//! Says under which conventions a word may be read.
//!
//! A language of the document is a hint, the letters are the evidence: `sch`
//! or `-ow` is German also in an English text, `zh` or `-ov` is English also
//! in a German one. Without a language every convention that the letters allow
//! is tried, the likeliest first.

use super::Spelling;
use super::letters::Letters;
use super::read::{Convention, Reading, is_vowel};

/// What the unmarked letters of a word tell about its spelling.
#[derive(Debug, Default)]
struct Clues {
    /// Spelled as only German spells: sch, -ow, a consonant before j.
    german: bool,
    /// Has a w, which Slavic names have in German but not in English.
    w: bool,
    /// Spelled as English spells Slavic names: sh, zh, kh, y as a glide, -ov.
    english: bool,
    /// Has the old ending -off or -eff, which goes with any ch and z.
    old: bool,
    /// Has ou inside.
    ou: bool,
    /// Has ch, but not at the end.
    ch: bool,
    /// Has ch before a vowel, or j: letters with another sound in French.
    french_sound: bool,
    /// Has j between two vowels: zh in French and in Persian names.
    j_inside: bool,
    /// Ends or is spelled as French does: -ou, -ine, tch.
    french: bool,
    /// Has sj, zj or tj.
    nordic: bool,
    /// Has oe.
    oe: bool,
    /// Has ae, oe or ue.
    two_vowels: bool,
}

/// The readings of the letters, the likeliest first; never empty.
pub(super) fn readings(letters: &Letters, spelling: Spelling) -> Vec<Reading> {
    let clues = clues(letters);
    // Short words with ch or j are Chinese, English or German ones.
    let is_long = letters.plain.len() > 5;
    let unknown = spelling == Spelling::Unknown;
    let german = match spelling {
        Spelling::German | Spelling::Unknown => clues.german || clues.w || !clues.english,
        Spelling::English => clues.german && !clues.english || clues.old,
    };
    let english = match spelling {
        Spelling::German => !german,
        Spelling::English => !german || clues.old,
        Spelling::Unknown => clues.english || !clues.german,
    };
    let french = match spelling {
        Spelling::German => false,
        Spelling::English => clues.ou && clues.ch || clues.j_inside,
        Spelling::Unknown => {
            let sounds_french = clues.french_sound && is_long && !clues.english;
            sounds_french || clues.french || clues.ou || clues.j_inside
        }
    };
    let foreign = !clues.german && !clues.w;
    let french = foreign && french;
    let nordic = foreign && unknown && clues.nordic;
    let dutch = foreign && unknown && clues.oe;

    let mut readings = Vec::with_capacity(4);
    let chosen = [
        (german, Convention::German, true),
        (nordic, Convention::Nordic, false),
        (english, Convention::English, true),
        (english && clues.two_vowels, Convention::English, false),
        (french, Convention::French, false),
        (dutch && !nordic, Convention::Nordic, false),
        (german && clues.two_vowels, Convention::German, false),
    ];
    for (is_allowed, convention, umlauts) in chosen {
        if is_allowed {
            readings.push(Reading { convention, umlauts });
        }
    }
    readings
}

/// The reading of letters with marks, where the marks settle it.
pub(super) fn marked_reading(letters: &Letters) -> Option<Reading> {
    let convention = match letters {
        Letters { polish: true, .. } => Convention::Polish,
        Letters { slavic: true, .. } => Convention::Slavic,
        Letters { turkic: true, .. } => Convention::Turkic,
        _ => return None,
    };
    Some(Reading { convention, umlauts: false })
}

fn clues(letters: &Letters) -> Clues {
    let word = letters.plain.as_slice();
    let mut clues = Clues { german: letters.german, ..Clues::default() };
    let mut before = b' ';
    for at in 0..word.len() {
        match &word[at..] {
            [b's', b'c', b'h', ..] => clues.german = true,
            [b'w'] | [b'w', b'a'] if matches!(before, b'o' | b'e') => clues.german = true,
            [b'w', ..] => clues.w = true,
            [b'j', next, ..] if is_vowel(*next) => {
                clues.french_sound = true;
                clues.j_inside |= is_vowel(before);
                clues.german |= b"bfgklmpvw".contains(&before);
                clues.nordic |= b"stz".contains(&before);
            }
            [b's' | b'z', b'h', ..] => clues.english = true,
            [b'k', b'h', ..] if before != b'c' => clues.english = true,
            [b'y', next, ..] if is_vowel(*next) => clues.english = true,
            [b'v'] | [b'v', b'a'] if matches!(before, b'o' | b'e') => clues.english = true,
            [b'v', b'i', b'c', b'h'] | [b's', b'k', b'y'] => clues.english = true,
            [b'f', b'f'] if matches!(before, b'o' | b'e') => clues.old = true,
            [b't', b'c', b'h', ..] | [b'o', b'u'] => clues.french = true,
            [b'i', b'n', b'e'] if !is_vowel(before) => clues.french = true,
            [b'c', b'h', next, ..] => {
                clues.ch = true;
                clues.french_sound |= is_vowel(*next);
            }
            [b'o', b'u', ..] => clues.ou = true,
            [b'o', b'e', ..] => {
                clues.oe = true;
                clues.two_vowels = true;
            }
            [b'a' | b'u', b'e', ..] => clues.two_vowels = true,
            _ => {}
        }
        before = word[at];
    }
    clues
}
