//! What differs between two texts, word by word.
//!
//! Words are compared as everywhere: in their one spelling, whatever their
//! case and the punctuation around them, so texts of similarity 1 show no
//! difference. Long stretches are elided; what is shown is the difference and
//! its surroundings. Nothing here depends on the clock: long texts are cut,
//! not timed out.

use crate::text::normalize::Normalized;
use crate::text::words::spans;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Words of each text that are compared; the rest is not looked at.
const COMPARED: usize = 4_000;

/// Which of the two texts holds some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both.
    Both,
    /// Only the first.
    Left,
    /// Only the second.
    Right,
}

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where they stand.
    pub side: Side,
    /// The words, with the white space between them; none if they were elided.
    pub text: String,
    /// Number of words.
    pub n_words: usize,
}

impl Run {
    fn elided(side: Side, n_words: usize) -> Self {
        Self { side, text: String::new(), n_words }
    }

    /// Whether the words were left out.
    #[must_use]
    pub fn is_elided(&self) -> bool {
        self.text.is_empty()
    }
}

/// The runs of words of two texts, in order.
#[must_use]
pub fn difference(left: &str, right: &str) -> Vec<Run> {
    let ((left, left_keys), (right, right_keys)) = (keyed_words(left), keyed_words(right));
    let mut runs: Vec<Run> = vec![];
    for step in capture_diff_slices(Algorithm::Myers, &left_keys, &right_keys) {
        let (tag, old, new) = step.as_tag_tuple();
        match tag {
            DiffTag::Equal => push(Side::Both, &left[old], &mut runs),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                push(Side::Left, &left[old], &mut runs);
                push(Side::Right, &right[new], &mut runs);
            }
        }
    }
    runs
}

/// Whether two texts differ in a word.
#[must_use]
pub fn is_same(runs: &[Run]) -> bool {
    runs.iter().all(|run| run.side == Side::Both)
}

/// The runs with the inner words of long ones left out: `context` words stay
/// on each side of what differs, and `most` of what one text holds alone.
#[must_use]
pub fn elide(runs: &[Run], context: usize, most: usize) -> Vec<Run> {
    let mut shown = vec![];
    for (i, run) in runs.iter().enumerate() {
        let (head, tail) = match run.side {
            Side::Both => (if i > 0 { context } else { 0 }, if i + 1 < runs.len() { context } else { 0 }),
            _ => (most - most / 3, most / 3),
        };
        // Two words more than are shown are not worth a gap.
        if run.n_words <= head + tail + 2 {
            shown.push(run.clone());
            continue;
        }
        let words = words(&run.text);
        push(run.side, &words[..head], &mut shown);
        shown.push(Run::elided(run.side, run.n_words - head - tail));
        push(run.side, &words[words.len() - tail..], &mut shown);
    }
    shown
}

fn push(side: Side, words: &[&str], runs: &mut Vec<Run>) {
    let text: String = words.concat();
    if !text.trim().is_empty() {
        runs.push(Run { side, text, n_words: words.len() });
    }
}

/// The words between blanks, each with the white space behind it; a text
/// starts with its first word.
fn words(text: &str) -> Vec<&str> {
    let text = text.trim_start();
    let mut words = vec![];
    let mut start = 0;
    let mut blank = false;
    for (at, c) in text.char_indices() {
        if blank && !c.is_whitespace() {
            words.push(&text[start..at]);
            start = at;
        }
        blank = c.is_whitespace();
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words.truncate(COMPARED);
    words
}

/// The words of a text and what two of them must share to be one. What holds
/// no word, such as a dash, belongs to the word before it.
fn keyed_words(text: &str) -> (Vec<&str>, Vec<Vec<u8>>) {
    let (mut joined, mut keys): (Vec<&str>, Vec<Vec<u8>>) = (vec![], vec![]);
    let mut normalized = Normalized::default();
    let text = text.trim_start();
    let mut start = 0;
    let mut end = 0;
    for word in words(text) {
        end += word.len();
        normalized.fill(word);
        let mut key = vec![];
        for (from, to) in spans(&normalized) {
            key.extend_from_slice(&normalized.bytes()[from as usize..to as usize]);
            key.push(b' ');
        }
        if key.is_empty() {
            if let Some(last) = joined.last_mut() {
                *last = &text[start..end];
            }
            continue;
        }
        start = if joined.is_empty() { 0 } else { end - word.len() };
        joined.push(&text[start..end]);
        keys.push(key);
    }
    (joined, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-` before words of the left text, `+` of the right, `…n` for a gap.
    fn shown(runs: &[Run]) -> String {
        let mark = |run: &Run| match run.side {
            Side::Both => "",
            Side::Left => "-",
            Side::Right => "+",
        };
        let text = |run: &Run| match run.is_elided() {
            true => format!("{}…{}", mark(run), run.n_words),
            false => format!("{}{}", mark(run), run.text.trim()),
        };
        runs.iter().map(text).collect::<Vec<_>>().join("|")
    }

    #[track_caller]
    fn check(left: &str, right: &str, expected: &str) {
        assert_eq!(shown(&difference(left, right)), expected);
    }

    #[test]
    fn words_that_differ_are_named() {
        check("am Montag kam er", "am Dienstag kam er", "am|-Montag|+Dienstag|kam er");
        check("a b", "a b c", "a b|+c");
        check("", "a", "+a");
        check("", " \n", "");
    }

    #[test]
    fn spelling_case_and_punctuation_make_no_difference() {
        check("Über\n\nden Wol\u{AD}ken ", "  U\u{308}ber den\tWolken", "Über\n\nden Wol\u{AD}ken");
        check("- „Los!“ – sagte er", "* LOS, sagte – er.", "- „Los!“ – sagte er");
        assert!(is_same(&difference("a  b", "a\nb")));
    }

    #[test]
    fn long_runs_keep_the_words_beside_the_difference() {
        let left = "1 2 3 4 5 6 7 8 x 1 2 3 4 5 6 7 8 9";
        let right = "1 2 3 4 5 6 7 8 y 1 2 3 4 5 6 7 8 9";
        assert_eq!(shown(&elide(&difference(left, right), 2, 10)), "…6|7 8|-x|+y|1 2|…7");
        assert_eq!(shown(&elide(&difference("", left), 2, 6)), "+1 2 3 4|+…12|+8 9");
    }
}
