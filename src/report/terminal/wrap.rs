//! Breaks marked words into lines of a given width.

use unicode_width::UnicodeWidthStr;

/// A word with what switches its style on and off, or the brackets around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub before: &'static str,
    pub after: &'static str,
}

impl Word {
    pub fn plain(text: String) -> Self {
        Self { text, before: "", after: "" }
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
    for mut word in words {
        // The end of the last line stays free for the ellipsis.
        let room = if done.len() + 1 == lines { width.saturating_sub(2) } else { width };
        cut(&mut word, room.saturating_sub(2));
        if used > 0 && used + 1 + word.columns() > room {
            if done.len() + 1 == lines {
                line.push_str(" …");
                break;
            }
            done.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
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
        let words = text.split(' ').map(|word| Word::plain(word.to_owned())).collect();
        assert_eq!(wrapped(words, width, lines), expected);
    }

    #[test]
    fn lines_keep_to_the_width_in_columns() {
        check("one two three", 8, 9, &["one two", "three"]);
        check("one two three four", 8, 2, &["one two", "three …"]);
        check("北京 北京 北京", 7, 9, &["北京", "北京", "北京"]);
        check("abcdefghijkl", 8, 9, &["abcde…"]);
        check("", 8, 1, &[]);
    }
}
