//! Brings the inflected forms of a word to one stem.
//!
//! The rules are rows of a table: in each step the first ending that fits is
//! taken off. The stem need not be a word; it only has to be the same for
//! `meet`, `meets` and `meeting`, and for the same name in two languages.

use super::lexicon::{rows, table};
use std::sync::LazyLock;

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::read(table("en/stems.tsv")));

/// The endings of a language, step by step.
#[derive(Debug, Default)]
pub struct Stemmer {
    steps: Vec<Vec<Ending>>,
}

#[derive(Debug)]
struct Ending {
    ending: &'static str,
    replacement: &'static str,
    /// Bytes that must be left before the ending.
    left: usize,
    /// Whether a doubled consonant before it becomes single.
    undouble: bool,
}

/// The English stem of a word in lower case without marks.
#[must_use]
pub fn stem(word: &str) -> String {
    ENGLISH.stem(word)
}

impl Stemmer {
    fn read(text: &'static str) -> Self {
        let mut stemmer = Self::default();
        for row in rows(text) {
            let (Some(step), Some(&ending)) = (row[0].parse::<usize>().ok(), row.get(1)) else { continue };
            let step = step.clamp(1, 16);
            while stemmer.steps.len() < step {
                stemmer.steps.push(vec![]);
            }
            stemmer.steps[step - 1].push(Ending {
                ending,
                replacement: row.get(2).copied().unwrap_or(""),
                left: row.get(3).and_then(|left| left.parse().ok()).unwrap_or(2),
                undouble: row.get(4) == Some(&"double"),
            });
        }
        stemmer
    }

    /// The stem of a word in lower case without marks.
    #[must_use]
    pub fn stem(&self, word: &str) -> String {
        let mut stem = word.to_owned();
        if stem.bytes().any(|byte| byte.is_ascii_digit()) {
            return stem;
        }
        for step in &self.steps {
            let last = stem.as_bytes().last().copied();
            let fits = |rule: &&Ending| {
                // Most endings are ruled out by one byte.
                rule.ending.as_bytes().last().copied() == last
                    && stem.strip_suffix(rule.ending).is_some_and(|before| {
                        before.len() >= rule.left && (!rule.undouble || before.contains(is_vowel))
                    })
            };
            let Some(rule) = step.iter().find(fits) else { continue };
            stem.truncate(stem.len() - rule.ending.len());
            if rule.undouble && is_doubled(&stem) {
                stem.pop();
            }
            stem.push_str(rule.replacement);
        }
        stem
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn is_doubled(stem: &str) -> bool {
    match stem.as_bytes() {
        [.., first, second] => first == second && !b"aeiouylsz".contains(second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str]) {
        let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
        assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{words:?} are {stems:?}");
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        check(&["meet", "meets", "meeting", "meetings"]);
        check(&["plan", "plans", "planned", "planning"]);
        check(&["agree", "agreement", "agrees", "agreeing"]);
        check(&["city", "cities"]);
        check(&["organise", "organize", "organised", "organisation", "organization"]);
        check(&["defence", "defense"]);
        check(&["labour", "labor"]);
        check(&["investigate", "investigation", "investigated"]);
    }

    #[test]
    fn other_words_keep_apart() {
        assert_ne!(stem("bus"), stem("bu"));
        assert_ne!(stem("united"), stem("unity"));
        assert_ne!(stem("speed"), stem("spe"));
    }
}
