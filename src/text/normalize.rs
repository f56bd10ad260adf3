//! One spelling for texts that differ in form only.
//!
//! NFKC, lower case by character, `ß` as `ss`, `ς` as `σ`, invisible
//! characters dropped, everything that is no word a blank. Normalising is slow
//! and nearly all text needs none, so runs of ASCII are copied, common
//! two-byte letters go through a table, and only a stretch around a character
//! that can change under NFKC is handed to the Unicode machinery. Such a
//! stretch begins and ends at characters that normalisation never looks across
//! (UAX 15, stable code points), so the result is that of normalising the whole.

use super::characters::{begins_stretch, is_border, is_ignored, is_word, is_word_of_its_own};
use crate::span::ByteSpan;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Bytes behind the text that readers may look at: a whole word mask and one
/// wide load more.
pub(crate) const PADDING: usize = 80;

/// A text in its one spelling, with the way back to the original bytes.
///
/// In `bytes` every byte from 0x80 up belongs to a word, and every ASCII byte
/// is what it looks like, so words can be cut by looking at single bytes.
/// Buffers are kept between texts.
#[derive(Debug, Default)]
pub struct Normalized {
    bytes: Vec<u8>,
    length: usize,
    /// Where the distance between normalised and original offset changes.
    shifts: Vec<Shift>,
}

#[derive(Clone, Copy, Debug)]
struct Shift {
    at: u32,
    original: u32,
}

impl Normalized {
    /// Normalises one text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut normalized = Self::default();
        normalized.fill(text);
        normalized
    }

    /// Replaces the content by the normalised `text`, keeping the buffers.
    pub fn fill(&mut self, text: &str) {
        self.bytes.clear();
        self.shifts.clear();
        let source = text.as_bytes();
        self.bytes.reserve(source.len() + PADDING);
        let mut at = 0;
        while at < source.len() {
            let ascii = ascii_run(&source[at..]);
            self.bytes.extend_from_slice(&source[at..at + ascii]);
            at += ascii;
            if at == source.len() {
                break;
            }
            if let Some(pair) = two_byte_letter(&source[at..]) {
                self.bytes.extend_from_slice(&pair);
                at += 2;
            } else if is_general_separator(&source[at..]) {
                self.bytes.extend_from_slice(b"   ");
                at += 3;
            } else {
                at = self.irregular(text, at);
            }
        }
        self.bytes.make_ascii_lowercase();
        self.length = self.bytes.len();
        self.bytes.extend_from_slice(&[0; PADDING]);
    }

    /// The normalised text followed by at least `PADDING` zero bytes.
    pub(crate) fn padded(&self) -> &[u8] {
        &self.bytes
    }

    /// The normalised bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The original bytes that a span of normalised bytes came from; whole
    /// characters, except inside one that became several words.
    #[must_use]
    pub fn original(&self, start: u32, end: u32) -> ByteSpan {
        let start = self.original_offset(start, start);
        ByteSpan { start, end: self.original_offset(end, end.saturating_sub(1)).max(start) }
    }

    /// Where `at` came from, following the shift that holds at the byte `near`.
    fn original_offset(&self, at: u32, near: u32) -> u32 {
        let after = self.shifts.partition_point(|shift| shift.at <= near);
        let shift = after.checked_sub(1).map_or(Shift { at: 0, original: 0 }, |i| self.shifts[i]);
        let straight = shift.original + (at - shift.at);
        let next = self.shifts[after..].iter().find(|next| next.original > shift.original);
        match next {
            Some(next) if next.at == at || next.original < straight => next.original,
            _ => straight,
        }
    }

    /// Handles the stretch around the character at `at`; returns where it ends.
    fn irregular(&mut self, text: &str, at: usize) -> usize {
        let mut rest = text[at..].chars();
        let Some(first) = rest.next() else { return at };
        if is_ignored(first) {
            self.note(at + first.len_utf8());
            return at + first.len_utf8();
        }
        let next_is_border = rest.clone().find(|&c| !is_ignored(c)).is_none_or(begins_stretch);
        if is_border(first) && next_is_border {
            self.emit(first, at);
            self.note(at + first.len_utf8());
            return at + first.len_utf8();
        }
        // A mark belongs to what stands before it.
        let start = if begins_stretch(first) { at } else { self.stretch_start(text, at) };
        let mut end = start;
        let mut stretch = String::new();
        for c in text[start..].chars() {
            if !stretch.is_empty() && begins_stretch(c) && !is_ignored(c) {
                break;
            }
            end += c.len_utf8();
            if !is_ignored(c) {
                stretch.push(c);
            }
        }
        self.truncate_to(start);
        for c in stretch.nfkc() {
            self.emit(c, start);
        }
        self.note(end);
        end
    }

    /// Where the stretch begins that the character at `at` belongs to.
    fn stretch_start(&self, text: &str, at: usize) -> usize {
        let before = text[..at].char_indices().rev();
        let mut found = before.filter(|&(_, c)| !is_ignored(c));
        found.find(|&(_, c)| begins_stretch(c)).map_or(0, |(start, _)| start)
    }

    /// Takes back what was emitted for the original bytes from `start` on.
    fn truncate_to(&mut self, start: usize) {
        while self.shifts.last().is_some_and(|shift| shift.original as usize > start) {
            self.shifts.pop();
        }
        // One character may have become several; go back to the first of them.
        while let [.., before, last] = self.shifts.as_slice()
            && before.original == last.original
            && last.original as usize == start
        {
            self.shifts.pop();
        }
        let keep = match self.shifts.last() {
            Some(shift) => shift.at as usize + (start - shift.original as usize),
            None => start,
        };
        self.bytes.truncate(keep);
    }

    /// Adds a normalised character that stands for the original bytes at `original`.
    fn emit(&mut self, c: char, original: usize) {
        if is_ignored(c) {
            return;
        }
        for c in c.to_lowercase() {
            let alone = is_word_of_its_own(c) && is_word(c);
            if alone {
                self.bytes.push(b' ');
            }
            self.note(original);
            match c {
                'ß' => self.bytes.extend_from_slice(b"ss"),
                'ς' => self.push('σ'),
                _ if !is_word(c) => self.bytes.push(b' '),
                _ => self.push(c),
            }
            if alone {
                self.bytes.push(b' ');
            }
        }
    }

    fn push(&mut self, c: char) {
        self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Remembers that the next normalised byte comes from `original`.
    fn note(&mut self, original: usize) {
        let shift = Shift { at: self.bytes.len() as u32, original: original as u32 };
        let last = self.shifts.last().copied().unwrap_or(Shift { at: 0, original: 0 });
        if i64::from(shift.original) - i64::from(shift.at) != i64::from(last.original) - i64::from(last.at) {
            self.shifts.push(shift);
        }
    }
}

/// Length of the ASCII run that `bytes` starts with.
fn ascii_run(bytes: &[u8]) -> usize {
    const HIGH: u128 = 0x8080_8080_8080_8080_8080_8080_8080_8080;
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (i, block) in blocks.iter().enumerate() {
        let high = u128::from_le_bytes(*block) & HIGH;
        if high != 0 {
            return i * 16 + high.trailing_zeros() as usize / 8;
        }
    }
    let tail = bytes.len() - rest.len();
    tail + rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len())
}

/// What a two-byte character (U+0080 to U+07FF) becomes, where that is two
/// bytes that depend on nothing around it; zeros where it is not.
static TWO_BYTES: LazyLock<Box<[[u8; 2]]>> = LazyLock::new(|| {
    (0..0x800).map(|code| char::from_u32(code).and_then(plain_pair).unwrap_or([0, 0])).collect()
});

fn plain_pair(c: char) -> Option<[u8; 2]> {
    if c.is_ascii() || is_ignored(c) || !is_border(c) {
        return None;
    }
    let mut lower = c.to_lowercase();
    let (Some(lower), None) = (lower.next(), lower.next()) else { return None };
    match lower {
        'ß' => Some(*b"ss"),
        'ς' => "σ".as_bytes().try_into().ok(),
        _ if !is_word(lower) => Some(*b"  "),
        _ => lower.encode_utf8(&mut [0; 4]).as_bytes().try_into().ok(),
    }
}

fn two_byte_letter(bytes: &[u8]) -> Option<[u8; 2]> {
    let &[lead @ 0xC2..=0xDF, trail, ..] = bytes else { return None };
    let pair = TWO_BYTES[usize::from(lead & 0x1F) << 6 | usize::from(trail & 0x3F)];
    // A mark behind the letter may compose with it.
    (pair[0] != 0).then_some(pair)
}

/// Dashes, quotation marks and bullets: U+2010 to U+2027 and U+2030 to U+205E
/// where they are separators whatever stands around them.
fn is_general_separator(bytes: &[u8]) -> bool {
    let &[0xE2, middle @ (0x80 | 0x81), trail, ..] = bytes else { return false };
    GENERAL_SEPARATORS[usize::from(middle & 1) << 6 | usize::from(trail & 0x3F)]
}

static GENERAL_SEPARATORS: LazyLock<Box<[bool]>> =
    LazyLock::new(|| (0x2000..0x2080).map(|code| char::from_u32(code).is_some_and(is_separator)).collect());

fn is_separator(c: char) -> bool {
    !is_ignored(c) && is_border(c) && !is_word(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, to the letter and without any short cut.
    fn reference(text: &str) -> Vec<String> {
        let visible = |c: &char| !is_ignored(*c);
        let folded: String = text
            .chars()
            .filter(visible)
            .collect::<String>()
            .nfkc()
            .filter(visible)
            .flat_map(char::to_lowercase)
            .collect();
        let folded = folded.replace('ß', "ss").replace('ς', "σ");
        let mut words = vec![];
        let mut word = String::new();
        for c in folded.chars() {
            if !is_word(c) || is_word_of_its_own(c) {
                words.push(std::mem::take(&mut word));
            }
            if is_word(c) && is_word_of_its_own(c) {
                words.push(c.to_string());
            } else if is_word(c) {
                word.push(c);
            }
        }
        words.push(word);
        words.retain(|word| !word.is_empty());
        words
    }

    fn words(text: &str) -> Vec<String> {
        let normalized = Normalized::of(text);
        crate::text::words::spans(&normalized)
            .into_iter()
            .map(|(start, end)| {
                String::from_utf8(normalized.bytes()[start as usize..end as usize].to_vec()).unwrap()
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text), expected, "{text:?}");
        assert_eq!(reference(text), expected, "the reference itself, {text:?}");
    }

    #[test]
    fn forms_of_one_word_become_one_word() {
        check("Straße STRASSE straẞe", &["strasse", "strasse", "strasse"]);
        check("Mu\u{308}nchen München", &["münchen", "münchen"]);
        check("ﬁn ﬂuss １２３ ²", &["fin", "fluss", "123", "2"]);
        check("Donau\u{AD}dampf zero\u{200B}width \u{FEFF}bom", &["donaudampf", "zerowidth", "bom"]);
        check("ΟΔΟΣ οδος", &["οδοσ", "οδοσ"]);
        check("½ Liter №5 ™", &["1", "2", "liter", "no5", "tm"]);
        check("İstanbul", &["i\u{307}stanbul"]);
        check("a\u{AD}\u{301}b", &["áb"]);
    }

    #[test]
    fn punctuation_cuts_and_underscores_join() {
        check("„So“ – sagte er… snake_case, 1.770", &["so", "sagte", "er", "snake_case", "1", "770"]);
        check("a\u{A0}b\u{202F}c\u{2009}d😀e", &["a", "b", "c", "d", "e"]);
        check("", &[]);
        check("… – “”", &[]);
    }

    #[test]
    fn scripts_without_blanks_give_a_word_a_character() {
        check("北京abc", &["北", "京", "abc"]);
        check("東京ﾄｳｷｮｳ", &["東", "京", "ト", "ウ", "キ", "ョ", "ウ"]);
        check("ไทย", &["ไ", "ท", "ย"]);
        check("가나다 라", &["가나다", "라"]);
    }

    proptest! {
        #[test]
        fn the_short_cuts_change_nothing(text in "(\\PC|[a-zß\u{300}\u{301}\u{308}\u{323}\u{AD}\u{200B}äöÄÜ. \n]|[ﬁＡ１각々字กΣς½]){0,40}") {
            prop_assert_eq!(words(&text), reference(&text));
        }

        #[test]
        fn words_point_back_to_bytes_that_give_the_word(text in "([a-z]{1,4}|[äÖß]|e\u{301}|ﬁ|字|\u{AD}| |, |😀){0,30}") {
            let normalized = Normalized::of(&text);
            for (start, end) in crate::text::words::spans(&normalized) {
                let word = &normalized.bytes()[start as usize..end as usize];
                let original = normalized.original(start, end).of(&text);
                let again = Normalized::of(original);
                prop_assert_eq!(again.bytes().trim_ascii(), word, "{:?} of {:?}", original, text);
            }
        }
    }
}
