//! Breaks marked words into lines of a given width.

use crate::report::escape::visible_lines;
use unicode_width::UnicodeWidthStr;

/// A word with what switches its style on and off, or the brackets around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub before: &'static str,
    pub after: &'static str,
    /// Whether a blank stands behind it.
    pub blank: bool,
}

impl Word {
    /// A word with the white space behind it.
    pub fn plain(text: &str) -> Self {
        let shown = visible_lines(text).replace('\n', " ");
        let words = shown.trim();
        Self { blank: words.len() < shown.len(), text: words.to_owned(), before: "", after: "" }
    }

    fn columns(&self) -> usize {
        let mark = |mark: &str| if mark.starts_with('\x1b') { 0 } else { mark.width() };
        self.text.width() + mark(self.before) + mark(self.after)
    }
}

/// At most `lines` lines of at most `width` columns; the last one ends with
/// `…` if something is left. A word that is wider than a line is cut.
pub(super) fn wrapped(words: Vec<Word>, width: usize, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = vec![];
    let mut line = String::new();
    let mut used = 0;
    let mut blank = false;
    for mut word in words.into_iter().filter(|word| !word.text.is_empty()) {
        // The end of the last line stays free for the ellipsis.
        let room = if done.len() + 1 == lines { width.saturating_sub(2) } else { width };
        cut(&mut word, room.saturating_sub(2));
        let gap = usize::from(blank && used > 0);
        if used > 0 && used + gap + word.columns() > room {
            if done.len() + 1 == lines {
                line.push_str(" …");
                break;
            }
            done.push(std::mem::take(&mut line));
            used = 0;
        } else if gap > 0 {
            line.push(' ');
            used += 1;
        }
        blank = word.blank;
        used += word.columns();
        line += word.before;
        line += &word.text;
        line += word.after;
    }
    if !line.is_empty() {
        done.push(line);
    }
    done
}

fn cut(word: &mut Word, width: usize) {
    if word.columns() <= width {
        return;
    }
    while word.columns() + 1 > width && word.text.pop().is_some() {}
    word.text.push('…');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: usize, lines: usize, expected: &[&str]) {
        let words =
            text.split_inclusive([' ', '|']).map(|word| Word::plain(&word.replace('|', ""))).collect();
        assert_eq!(wrapped(words, width, lines), expected);
    }

    #[test]
    fn lines_keep_to_the_width_in_columns() {
        check("one two three", 8, 9, &["one two", "three"]);
        check("one two three four", 8, 2, &["one two", "three …"]);
        check("北京 北京 北京", 7, 9, &["北京", "北京", "北京"]);
        check("abcdefghijkl", 8, 9, &["abcde…"]);
        check("", 8, 1, &[]);
        check("北|京|北|京|a b", 5, 9, &["北京", "北京a", "b"]);
    }
}
