//! The parts of number words that grow together: `einundzwanzig`, `siebenmonatig`.
//!
//! A language that glues its numbers lists no such word. Its number words, "and"
//! and the magnitudes that stand alone are the parts; a table of endings says what
//! may come last. Whether the parts add up is for the reader of numerals to say.

use super::meaning::{Link, Meaning};

/// What a glued number word may be made of.
#[derive(Debug, Default)]
pub struct CompoundParts {
    /// By the first byte of the form; the longest form first.
    parts: Vec<Vec<(Box<str>, Meaning)>>,
    endings: Vec<(Box<str>, Meaning)>,
}

impl CompoundParts {
    /// Adds a form, in lower case, if its meaning can be a part.
    pub fn add_part(&mut self, form: &str, meaning: Meaning) {
        let is_part = matches!(
            meaning,
            Meaning::Cardinal { .. } | Meaning::Magnitude { alone: true, .. } | Meaning::Link(Link::And)
        );
        let Some(first) = form.bytes().next().filter(|_| is_part) else { return };
        self.parts.resize_with(256, Vec::new);
        let parts = &mut self.parts[usize::from(first)];
        parts.push((form.into(), meaning));
        parts.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    }

    /// Adds what may come last.
    pub fn add_ending(&mut self, form: &str, meaning: Meaning) {
        self.endings.push((form.into(), meaning));
    }

    /// The lengths and meanings of the parts that `word` begins with, longest first.
    /// ASCII letters count in any case.
    pub fn parts<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, Meaning)> + 'a {
        let first = word.bytes().next().map_or(0, |byte| byte.to_ascii_lowercase());
        let parts = self.parts.get(usize::from(first)).map_or(&[][..], Vec::as_slice);
        let begins =
            |form: &str| word.get(..form.len()).is_some_and(|start| start.eq_ignore_ascii_case(form));
        parts.iter().filter(move |(form, _)| begins(form)).map(|(form, meaning)| (form.len(), *meaning))
    }

    /// What `word` says as an ending.
    pub fn ending(&self, word: &str) -> Option<Meaning> {
        self.endings.iter().find(|(form, _)| &**form == word).map(|(_, meaning)| *meaning)
    }

    /// Whether the language glues no numbers.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}
