//! The rows of a lexicon behind a hash of their headwords.
//!
//! A headword costs one hash and two map entries: as it is written in lower
//! case, and without marks for texts that lack them. Rows of one headword are
//! chained. Irregular forms are rows that lead to another headword.

use super::fold;
use crate::hash::hash64;
use ahash::AHashMap;

/// All rows, and where each headword is.
#[derive(Debug, Default)]
pub struct Store {
    text: String,
    rows: Vec<Row>,
    exact: AHashMap<u64, u32>,
    folded: AHashMap<u64, u32>,
    other_forms: AHashMap<Box<str>, Box<str>>,
}

#[derive(Debug)]
struct Row {
    start: u32,
    end: u32,
    is_form: bool,
    /// The number of the next row of the same headword, plus one.
    next_exact: u32,
    next_folded: u32,
}

impl Store {
    /// Adds the rows of a table; of irregular forms where `is_form`.
    pub fn add(&mut self, text: &str, is_form: bool) {
        self.rows.reserve(text.len() / 24);
        self.exact.reserve(text.len() / 24);
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((head, translations)) = line.split_once('\t') else { continue };
            let head = head.trim();
            let number = self.rows.len() as u32 + 1;
            let start = self.text.len() as u32;
            self.text.push_str(translations);
            let lower = head.to_lowercase();
            let next_exact = self.exact.insert(hash64(lower.as_bytes()), number).unwrap_or(0);
            let mut next_folded = 0;
            // A word without marks is found by its exact key as well.
            if !lower.is_ascii() {
                next_folded = self.folded.insert(hash64(fold(&lower).as_bytes()), number).unwrap_or(0);
            }
            self.rows.push(Row { start, end: self.text.len() as u32, is_form, next_exact, next_folded });
        }
    }

    /// Adds irregular forms of the second language.
    pub fn add_other_forms(&mut self, text: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((form, base)) = line.split_once('\t') {
                let (form, base) = (fold(&form.to_lowercase()), fold(&base.to_lowercase()));
                self.other_forms.insert(form.into(), base.into());
            }
        }
    }

    /// The base of an irregular form of the second language.
    pub fn other_form(&self, form: &str) -> Option<&str> {
        self.other_forms.get(form).map(|base| &**base)
    }

    /// The translations of a word in lower case.
    pub fn exact(&self, word: &str) -> Vec<&str> {
        let mut found = vec![];
        let mut bases = vec![];
        let mut number = self.exact.get(&hash64(word.as_bytes())).copied().unwrap_or(0);
        while let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at as usize)) {
            let text = &self.text[row.start as usize..row.end as usize];
            if row.is_form {
                bases.push(text)
            } else {
                found.push(text)
            }
            number = row.next_exact;
        }
        for base in bases {
            self.add_base(base, word, &mut found);
        }
        found
    }

    /// The translations of a word in lower case without marks.
    pub fn folded(&self, word: &str) -> Vec<&str> {
        let mut found = self.exact(word);
        let mut bases = vec![];
        let mut number = self.folded.get(&hash64(word.as_bytes())).copied().unwrap_or(0);
        while let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at as usize)) {
            let text = &self.text[row.start as usize..row.end as usize];
            if row.is_form {
                bases.push(text)
            } else {
                found.push(text)
            }
            number = row.next_folded;
        }
        for base in bases {
            self.add_base(base, word, &mut found);
        }
        found
    }

    fn add_base<'a>(&'a self, base: &str, form: &str, found: &mut Vec<&'a str>) {
        let base = base.to_lowercase();
        if base == form {
            return;
        }
        let mut number = self.exact.get(&hash64(base.as_bytes())).copied().unwrap_or(0);
        while let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at as usize)) {
            if !row.is_form {
                found.push(&self.text[row.start as usize..row.end as usize]);
            }
            number = row.next_exact;
        }
    }

    /// Whether there is a headword.
    pub fn has(&self, word: &str) -> bool {
        self.exact.contains_key(&hash64(word.as_bytes()))
    }
}
