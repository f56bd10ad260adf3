//! Cuts a text into sentences.
//!
//! Good enough to ask which words stand together, and fast: a sentence ends
//! with its paragraph, or after `.`, `!`, `?` before a blank and a letter that
//! is not small. A point after a digit or a single letter ends none, because
//! `3. Oktober` and `J. Smith` are more frequent than sentences that end so.

use crate::span::ByteSpan;
use crate::text::paragraphs::paragraphs;

/// The sentences of a text, trimmed, none of them empty.
#[must_use]
pub fn sentences(text: &str) -> Vec<ByteSpan> {
    let mut found = vec![];
    for paragraph in paragraphs(text) {
        cut(text, paragraph, &mut found);
    }
    found
}

fn cut(text: &str, paragraph: ByteSpan, found: &mut Vec<ByteSpan>) {
    let bytes = text.as_bytes();
    let (mut start, end) = (paragraph.start as usize, paragraph.end as usize);
    let mut at = start;
    while at < end {
        let mark = memchr::memchr3(b'.', b'!', b'?', &bytes[at..end]).map_or(end, |offset| at + offset);
        at = mark + 1;
        if mark >= end || (bytes[mark] == b'.' && is_abbreviation(&bytes[start..mark])) {
            continue;
        }
        let Some(next) = next_start(text, at, end) else { continue };
        found.push(trimmed(text, start, next));
        start = next;
        at = next;
    }
    if start < end {
        found.push(trimmed(text, start, end));
    }
}

/// Whether a point after these bytes belongs to a number or an initial.
fn is_abbreviation(before: &[u8]) -> bool {
    match before {
        [.., last] if last.is_ascii_digit() => true,
        [.., b' ' | b'.', last] => last.is_ascii_alphabetic(),
        _ => false,
    }
}

/// Where the next sentence starts, if one does: behind closing signs and at
/// least one blank, and not with a small letter.
fn next_start(text: &str, from: usize, end: usize) -> Option<usize> {
    let rest = &text[from..end];
    let closing =
        |c: char| matches!(c, '.' | '!' | '?' | '"' | '\'' | '”' | '“' | '’' | '»' | '«' | ')' | ']');
    let after = rest.trim_start_matches(closing);
    let next = after.trim_start();
    let is_apart = next.len() < after.len();
    let first = next.chars().next()?;
    (is_apart && !first.is_lowercase()).then_some(end - next.len())
}

fn trimmed(text: &str, start: usize, end: usize) -> ByteSpan {
    ByteSpan::new(start, start + text[start..end].trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_where_another_begins() {
        check("Er kam. Er sah! „Siegte er?“ Ja.", &["Er kam.", "Er sah!", "„Siegte er?“", "Ja."]);
        check("One.\n\nTwo. three", &["One.", "Two. three"]);
        check("", &[]);
        check(" ... ", &["..."]);
    }

    #[test]
    fn points_of_dates_and_initials_end_nothing() {
        check("Am 3. Oktober kam J. Smith. Er blieb.", &["Am 3. Oktober kam J. Smith.", "Er blieb."]);
        check("Version 2.1.3 is out. Get it.", &["Version 2.1.3 is out.", "Get it."]);
    }
}
