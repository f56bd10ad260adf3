//! Reads a word in Cyrillic letters as phonemes.
//!
//! The letters of Russian, Ukrainian, Belarusian, Bulgarian, Serbian and
//! Macedonian, Kazakh, Tajik and Azeri map straight to the sounds that the
//! Latin spellings are read as, so an original and all its romanisations meet.
//! Only one letter is open: г is g in Russian and h in Ukrainian and
//! Belarusian, and a word without a letter of one of them is read both ways.

use super::sound::Sounds;

/// Whether the word has a Cyrillic letter.
pub(super) fn is_cyrillic(word: &str) -> bool {
    // In UTF-8 a letter from U+0400 to U+052F starts with one of these bytes.
    word.bytes().any(|byte| (0xD0..=0xD4).contains(&byte))
        && word.chars().any(|character| ('\u{400}'..='\u{52F}').contains(&character))
}

/// How the letter г may sound in the word: one or two phonemes.
pub(super) fn sounds_of_g(word: &str) -> &'static [u8] {
    let has = |letters: &str| word.chars().any(|character| letters.contains(character));
    if !has("гГ") || has("ъЪ") && !has("іїєґІЇЄҐ") {
        b"g"
    } else if has("іїєўІЇЄЎ") {
        b"H"
    } else if has("ыэёЫЭЁ") {
        b"g"
    } else {
        b"gH"
    }
}

/// Appends the phonemes of the word, with `g` as the sound of г.
pub(super) fn read(word: &str, g: u8, sounds: &mut Sounds) {
    let mut before = ' ';
    let mut rest = word.chars().flat_map(char::to_lowercase).peekable();
    while let Some(character) = rest.next() {
        match character {
            'г' => sounds.push(g),
            // A hard sign is silent before a vowel and a vowel in Bulgarian.
            'ъ' if rest.peek().is_some_and(|next| !"аеёиоуыэюя".contains(*next)) => {
                sounds.push(b'a');
            }
            'о' if before == 'ь' => sounds.extend(b"jo"),
            // In Latin letters ou is one u: Beloussow and Loukachenko.
            'о' if rest.peek() == Some(&'у') => {}
            _ => sounds.extend(phonemes(character)),
        }
        before = character;
    }
}

fn phonemes(character: char) -> &'static [u8] {
    match character {
        'а' | 'ә' | 'ӓ' => b"a",
        'б' => b"b",
        'в' | 'ў' => b"v",
        'ґ' | 'ғ' | 'ҝ' => b"g",
        'д' => b"d",
        // The glide before e is never written in the key.
        'е' | 'є' | 'э' | 'ѐ' => b"e",
        'ё' => b"jo",
        'ж' | 'ш' => b"S",
        'з' | 'с' => b"s",
        'и' | 'і' | 'ї' | 'ы' | 'ӣ' | 'ѝ' => b"i",
        'й' | 'ј' => b"j",
        'к' | 'қ' | 'ќ' => b"k",
        'л' => b"l",
        'м' => b"m",
        'н' | 'ң' => b"n",
        'о' | 'ө' => b"o",
        'п' => b"p",
        'р' => b"r",
        'т' => b"t",
        'у' | 'ұ' | 'ү' | 'ӯ' => b"u",
        'ф' => b"f",
        'х' | 'һ' | 'ҳ' => b"H",
        'ц' => b"c",
        'ч' | 'ћ' => b"C",
        'щ' => b"SC",
        'ю' => b"ju",
        'я' => b"ja",
        'љ' => b"lj",
        'њ' => b"nj",
        'ђ' | 'џ' | 'ҷ' | 'ҹ' => b"J",
        'ѓ' => b"gj",
        'ѕ' => b"ds",
        _ => b"",
    }
}
