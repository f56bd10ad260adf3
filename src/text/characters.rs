//! What a single character is to normalising and to words.
//!
//! Categories are those of Unicode; the borders follow UAX 15: before a
//! starter that the quick check passes, normalisation never looks back.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Invisible characters that carry no meaning for comparison: soft hyphen,
/// zero-width characters, byte-order mark.
#[must_use]
pub fn is_ignored(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether normalisation never looks across the place before `c`, and leaves
/// `c` itself alone.
pub(super) fn is_border(c: char) -> bool {
    c.is_ascii()
        || (canonical_combining_class(c) == 0 && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes)
}

/// Whether normalisation never looks across the place before `c`, whatever
/// becomes of `c` itself.
pub(super) fn begins_stretch(c: char) -> bool {
    is_border(c) || std::iter::once(c).nfkd().next().is_some_and(is_border)
}

/// Letters, numbers, marks (categories L, N, M) and `_`.
#[must_use]
pub fn is_word(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::DecimalNumber
            | G::LetterNumber
            | G::OtherNumber
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
    )
}

/// Characters of scripts written without blanks: Thai, Lao, Myanmar, Khmer,
/// Hiragana, Katakana, Han.
#[must_use]
pub fn is_word_of_its_own(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAA60..=0xAA7F | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}
