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
use unicode_width::UnicodeWidthChar;

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
pub struct Run<'a> {
    /// Where they stand.
    pub side: Side,
    /// The words, each with what stands up to the next one; none if they were elided.
    pub words: Vec<&'a str>,
    /// Number of words.
    pub n_words: usize,
}

impl<'a> Run<'a> {
    fn new(side: Side, words: &[&'a str]) -> Self {
        Self { side, words: words.to_vec(), n_words: words.len() }
    }

    /// Whether the words were left out.
    #[must_use]
    pub fn is_elided(&self) -> bool {
        self.words.is_empty()
    }

    /// The words as they stand in the text.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.concat()
    }
}

/// The runs of words of two texts, in order.
#[must_use]
pub fn difference<'a>(left: &'a str, right: &'a str) -> Vec<Run<'a>> {
    let ((left, left_keys), (right, right_keys)) = (keyed_words(left), keyed_words(right));
    let mut runs: Vec<Run<'a>> = vec![];
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

/// What differs between the beginnings of two texts: without their ends, where
/// they differ because one was cut before the other.
#[must_use]
pub fn difference_of_beginnings<'a>(left: &'a str, right: &'a str) -> Vec<Run<'a>> {
    let mut runs = difference(left, right);
    while runs.len() > 1 && runs.last().is_some_and(|run| run.side != Side::Both) {
        runs.pop();
    }
    runs
}

/// What differs between how two texts begin, each with whether that is all of
/// it; `None` where no word does, or where most of the shorter one does and
/// two texts are read more easily one after the other.
#[must_use]
pub fn difference_of_excerpts<'a>(left: (&'a str, bool), right: (&'a str, bool)) -> Option<Vec<Run<'a>>> {
    let runs = match left.1 && right.1 {
        true => difference(left.0, right.0),
        false => difference_of_beginnings(left.0, right.0),
    };
    let n = |side: Side| runs.iter().filter(|run| run.side == side).map(|run| run.n_words).sum::<usize>();
    let (both, alone) = (n(Side::Both), n(Side::Left).min(n(Side::Right)));
    (both > alone && !is_same(&runs)).then_some(runs)
}

/// Whether two texts differ in no word.
#[must_use]
pub fn is_same(runs: &[Run<'_>]) -> bool {
    runs.iter().all(|run| run.side == Side::Both)
}

/// The runs with the inner words of long ones left out: `context` words stay
/// on each side of what differs, and `most` of what one text holds alone.
#[must_use]
pub fn elide<'a>(runs: &[Run<'a>], context: usize, most: usize) -> Vec<Run<'a>> {
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
        push(run.side, &run.words[..head], &mut shown);
        shown.push(Run { side: run.side, words: vec![], n_words: run.n_words - head - tail });
        push(run.side, &run.words[run.n_words - tail..], &mut shown);
    }
    shown
}

fn push<'a>(side: Side, words: &[&'a str], runs: &mut Vec<Run<'a>>) {
    if !words.is_empty() {
        runs.push(Run::new(side, words));
    }
}

/// The words of a text, and what two of them must share to be one. A word
/// ends where the next begins; together they are the whole text.
fn keyed_words(text: &str) -> (Vec<&str>, Vec<Vec<u8>>) {
    let text = text.trim();
    let normalized = Normalized::of(text);
    let (mut starts, mut keys): (Vec<usize>, Vec<Vec<u8>>) = (vec![], vec![]);
    for (from, to) in spans(&normalized) {
        let start = text.floor_char_boundary(normalized.original(from, to).start as usize);
        let key = &normalized.bytes()[from as usize..to as usize];
        // One character may become two words (½), and a mark needs its letter.
        let is_mark = text[start..].chars().next().is_some_and(|c| c.width() == Some(0));
        match (starts.last(), keys.last_mut()) {
            (Some(&last), Some(before)) if start <= last || is_mark => before.extend_from_slice(key),
            _ => {
                starts.push(start);
                keys.push(key.to_vec());
            }
        }
        if starts.len() > COMPARED {
            break;
        }
    }
    let Some(first) = starts.first_mut() else { return (vec![], vec![]) };
    *first = 0;
    // An opening quote belongs to the word behind it.
    for i in (1..starts.len()).rev() {
        let between = &text[starts[i - 1]..starts[i]];
        if let Some((at, blank)) = between.char_indices().rfind(|(_, c)| c.is_whitespace()) {
            starts[i] = starts[i - 1] + at + blank.len_utf8();
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut words: Vec<&str> = starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect();
    words.truncate(COMPARED);
    keys.truncate(COMPARED);
    (words, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-` before words of the left text, `+` of the right, `…n` for a gap.
    fn shown(runs: &[Run<'_>]) -> String {
        let mark = |run: &Run<'_>| match run.side {
            Side::Both => "",
            Side::Left => "-",
            Side::Right => "+",
        };
        let text = |run: &Run<'_>| match run.is_elided() {
            true => format!("{}…{}", mark(run), run.n_words),
            false => format!("{}{}", mark(run), run.text().trim()),
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
        check("er: „Ja“ – gut", "er: „Nein“ – gut", "er:|-„Ja“ –|+„Nein“ –|gut");
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
    fn scripts_without_blanks_are_compared_character_by_character() {
        check("毎月第二土曜日、開館。", "毎月第三土曜日、開館。", "毎月第|-二|+三|土曜日、開館。");
        check("a ½ b", "a ½ c", "a ½|-b|+c");
        check("ที่นี่เก้า", "ที่นี่แปด", "ที่นี่|-เก้า|+แปด");
    }

    #[test]
    fn where_a_text_was_cut_is_no_difference() {
        assert_eq!(shown(&difference_of_beginnings("a b c", "a x b c d e")), "a|+x|b c");
    }

    #[test]
    fn long_runs_keep_the_words_beside_the_difference() {
        let left = "1 2 3 4 5 6 7 8 x 1 2 3 4 5 6 7 8 9";
        let right = "1 2 3 4 5 6 7 8 y 1 2 3 4 5 6 7 8 9";
        assert_eq!(shown(&elide(&difference(left, right), 2, 10)), "…6|7 8|-x|+y|1 2|…7");
        assert_eq!(shown(&elide(&difference("", left), 2, 6)), "+1 2 3 4|+…12|+8 9");
    }
}
