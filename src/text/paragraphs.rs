//! Cuts a text into paragraphs.
//!
//! A blank line always ends a paragraph. Whether a single line break does
//! depends on the text: in a file with a line a paragraph most lines end like
//! sentences, in one wrapped at some column they break off anywhere. The text
//! is asked once, as a whole.

use crate::span::ByteSpan;

/// The paragraphs of a text, trimmed, none of them empty.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<ByteSpan> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let wrapped = is_wrapped(&lines);
    let mut found = vec![];
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in lines {
        let start = at;
        at += line.len();
        let blank = line.trim().is_empty();
        if (blank || !wrapped)
            && let Some(open) = open.take()
        {
            push_trimmed(text, open, start, &mut found);
        }
        if !blank && open.is_none() {
            open = Some(start);
        }
    }
    if let Some(open) = open {
        push_trimmed(text, open, text.len(), &mut found);
    }
    found
}

/// Whether most single line breaks fall in the middle of a sentence.
fn is_wrapped(lines: &[&str]) -> bool {
    let mut ended = 0usize;
    let mut broken = 0usize;
    for pair in lines.windows(2) {
        let (line, next) = (pair[0].trim_end(), pair[1].trim());
        if line.is_empty() || next.is_empty() {
            continue;
        }
        let closing = |c: char| matches!(c, '"' | '\'' | '»' | '«' | '”' | '“' | '’' | ')' | ']' | '*' | '_');
        match line.trim_end_matches(closing).chars().next_back() {
            Some('.' | '!' | '?' | ':' | ';' | '…' | '。' | '！' | '？') => ended += 1,
            _ => broken += 1,
        }
    }
    broken > ended
}

fn push_trimmed(text: &str, start: usize, end: usize, found: &mut Vec<ByteSpan>) {
    let part = &text[start..end];
    let from = start + (part.len() - part.trim_start().len());
    let to = start + part.trim_end().len();
    if from < to {
        found.push(ByteSpan::new(from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = paragraphs(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn blank_lines_separate_whatever_they_hold() {
        check("a b\n\nc d\n \t\r\n  e f  \n", &["a b", "c d", "e f"]);
        check("", &[]);
        check("\n\n \n", &[]);
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        check(
            "the quick brown\nfox jumps over\nthe dog.\n\nNext one\nhere.",
            &["the quick brown\nfox jumps over\nthe dog.", "Next one\nhere."],
        );
    }

    #[test]
    fn a_line_a_paragraph_is_seen_by_how_lines_end() {
        check(
            "Er kam.\nEr sah.\r\n„Er siegte“, sagte er.\n",
            &["Er kam.", "Er sah.", "„Er siegte“, sagte er."],
        );
        check(
            "Titel ohne Punkt\nErster Satz.\nZweiter Satz.\nDritter.",
            &["Titel ohne Punkt", "Erster Satz.", "Zweiter Satz.", "Dritter."],
        );
    }

    proptest! {
        #[test]
        fn paragraphs_are_in_order_and_lose_no_word(text in "[a. \n]{0,60}") {
            let spans = paragraphs(&text);
            for pair in spans.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
            let kept: String = spans.iter().map(|span| span.of(&text)).collect();
            let strip = |text: &str| text.replace(char::is_whitespace, "");
            prop_assert_eq!(strip(&kept), strip(&text));
        }
    }
}
