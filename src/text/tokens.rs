//! Cuts a text into words, digit runs and signs in one pass over its bytes.
//!
//! Every token knows the gap before it: `3-1`, `3 - 1` and `3` at a line's end
//! mean different things. Letters and digits never share a token, so that
//! `8pm`, `COP29` and `44-year-old` come apart where a reader would cut them.
//! Nothing is copied; a token is a span of the text.

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A run of letters of any script, with their combining marks.
    Word,
    /// A run of ASCII digits.
    Digits,
    /// One character of any other kind.
    Sign,
}

/// What stands between a token and the one before it, from close to far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing.
    Glued,
    /// One blank of any width, no-break blanks included.
    Blank,
    /// Several blanks.
    Wide,
    /// One line end.
    Line,
    /// An empty line, or the start of the text.
    Break,
}

/// A token and the gap before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// What it is made of.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
}

impl Token {
    /// The token as it is written in the text it was cut from.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Calls `each` for every token of `text`, in order.
///
/// Only the first four gigabytes of a longer text are read.
pub fn scan(text: &str, mut each: impl FnMut(Token)) {
    let bytes = text.as_bytes();
    let n_bytes = text.floor_char_boundary(u32::MAX as usize);
    let mut gap = Gap::Break;
    let mut at = 0;
    while at < n_bytes {
        let start = at;
        let shape = match CLASS[usize::from(bytes[at])] {
            Class::Letter => {
                at = word_end(text, at + 1, n_bytes);
                Shape::Word
            }
            Class::Digit => {
                at += 1;
                while at < n_bytes && bytes[at].is_ascii_digit() {
                    at += 1;
                }
                Shape::Digits
            }
            Class::Blank => {
                gap = wider(gap, Gap::Blank);
                at += 1;
                continue;
            }
            Class::LineEnd => {
                gap = wider(gap, Gap::Line);
                at += 1;
                continue;
            }
            Class::Sign => {
                at += 1;
                Shape::Sign
            }
            Class::Other => {
                let Some(character) = text[at..].chars().next() else { break };
                at += character.len_utf8();
                if is_word_character(character) {
                    at = word_end(text, at, n_bytes);
                    Shape::Word
                } else if character.is_whitespace() {
                    gap = wider(gap, Gap::Blank);
                    continue;
                } else if is_invisible(character) {
                    continue;
                } else {
                    Shape::Sign
                }
            }
        };
        each(Token { start: start as u32, end: at as u32, shape, gap });
        gap = Gap::Glued;
    }
}

/// The end of the word whose first letter ends at `at`.
fn word_end(text: &str, mut at: usize, n_bytes: usize) -> usize {
    let bytes = text.as_bytes();
    while at < n_bytes {
        match CLASS[usize::from(bytes[at])] {
            Class::Letter => at += 1,
            Class::Other => match text[at..].chars().next() {
                Some(character) if is_word_character(character) || character == SOFT_HYPHEN => {
                    at += character.len_utf8();
                }
                _ => break,
            },
            _ => break,
        }
    }
    at
}

/// A hyphen that shows only at a line's end: part of the word around it.
pub const SOFT_HYPHEN: char = '\u{AD}';

fn is_word_character(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '\u{300}'..='\u{36F}')
}

/// Zero-width characters, which stand between nothing.
fn is_invisible(character: char) -> bool {
    matches!(character, SOFT_HYPHEN | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn wider(gap: Gap, next: Gap) -> Gap {
    match (gap, next) {
        (Gap::Break, _) | (Gap::Line, Gap::Line) => Gap::Break,
        (Gap::Line, _) | (_, Gap::Line) => Gap::Line,
        (Gap::Glued, _) => Gap::Blank,
        _ => Gap::Wide,
    }
}

#[derive(Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Blank,
    LineEnd,
    Sign,
    Other,
}

static CLASS: [Class; 256] = {
    let mut class = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\n' => Class::LineEnd,
            0..=b' ' | 127 => Class::Blank,
            _ => Class::Sign,
        };
        byte += 1;
    }
    class
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        scan(text, |token| found.push(&text[token.start as usize..token.end as usize]));
        assert_eq!(found, expected);
    }

    #[test]
    fn letters_and_digits_never_share_a_token() {
        check("COP29 um 8pm", &["COP", "29", "um", "8", "pm"]);
        check("44-Jährige", &["44", "-", "Jährige"]);
        check("19,1 млн", &["19", ",", "1", "млн"]);
    }

    #[test]
    fn combining_marks_stay_in_their_word() {
        check("Ma\u{308}rz 3", &["Ma\u{308}rz", "3"]);
        check("Okto\u{AD}ber", &["Okto\u{AD}ber"]);
    }

    #[test]
    fn gaps_tell_lines_from_blanks() {
        let mut gaps = Vec::new();
        scan("a-b c  d\ne\n\nf\u{A0}g", |token| gaps.push(token.gap));
        use Gap::{Blank, Break, Glued, Line, Wide};
        assert_eq!(gaps, [Break, Glued, Glued, Blank, Wide, Line, Break, Blank]);
    }
}
