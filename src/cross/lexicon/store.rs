//! The rows of a lexicon behind a hash of their headwords.
//!
//! A headword costs one hash and two map entries: as it is written in lower
//! case, and without marks for texts that lack them. Rows of one headword are
//! chained. Irregular forms are rows that lead to another headword.

use super::fold;
use crate::hash::hash64;
use ahash::AHashMap;

/// Which headwords a word may be: German writes its nouns with a capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Those with a capital.
    Capital,
    /// Those without.
    Small,
    /// All.
    Any,
}

impl Case {
    /// The case of a word as it is written.
    pub fn of(word: &str) -> Self {
        if word.starts_with(char::is_uppercase) { Self::Capital } else { Self::Small }
    }

    fn fits(self, is_capital: bool) -> bool {
        match self {
            Self::Capital => is_capital,
            Self::Small => !is_capital,
            Self::Any => true,
        }
    }
}

/// All rows, and where each headword is.
#[derive(Debug, Default)]
pub struct Store {
    text: String,
    rows: Vec<Row>,
    exact: AHashMap<u64, u32>,
    folded: AHashMap<u64, u32>,
    other_forms: AHashMap<Box<str>, Box<str>>,
    /// What either map may hold.
    filter: Filter,
}

/// Says of most hashes that were never added that they were not, from one bit
/// that is close at hand; the maps are asked about the rest.
#[derive(Debug)]
struct Filter(Vec<u64>);

/// Bits of the filter; some hundred thousand headwords set a tenth of them.
const FILTER_BITS: u64 = 1 << 20;

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; FILTER_BITS as usize / 64])
    }
}

impl Filter {
    fn add(&mut self, hash: u64) {
        let bit = hash % FILTER_BITS;
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }

    fn may_hold(&self, hash: u64) -> bool {
        let bit = hash % FILTER_BITS;
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }
}

#[derive(Debug)]
struct Row {
    start: u32,
    end: u32,
    is_form: bool,
    /// Whether the headword begins with a capital letter.
    is_capital: bool,
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
            let hash = hash64(lower.as_bytes());
            self.filter.add(hash);
            let next_exact = self.exact.insert(hash, number).unwrap_or(0);
            let mut next_folded = 0;
            // A word without marks is found by its exact key as well.
            if !lower.is_ascii() {
                let hash = hash64(fold(&lower).as_bytes());
                self.filter.add(hash);
                next_folded = self.folded.insert(hash, number).unwrap_or(0);
            }
            let is_capital = head.starts_with(char::is_uppercase);
            let end = self.text.len() as u32;
            self.rows.push(Row { start, end, is_form, is_capital, next_exact, next_folded });
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

    /// The translations of a word in lower case, of headwords that are written
    /// as `case` says.
    pub fn exact(&self, word: &str, case: Case) -> Vec<&str> {
        let mut found = vec![];
        self.collect(self.first(&self.exact, word), |row| row.next_exact, word, case, &mut found);
        found
    }

    /// The translations of a word in lower case without marks.
    pub fn folded(&self, word: &str, case: Case) -> Vec<&str> {
        let hash = hash64(word.as_bytes());
        let mut found = vec![];
        if !self.filter.may_hold(hash) {
            return found;
        }
        self.collect(self.first_of(&self.exact, hash), |row| row.next_exact, word, case, &mut found);
        self.collect(self.first_of(&self.folded, hash), |row| row.next_folded, word, case, &mut found);
        found
    }

    fn first(&self, map: &AHashMap<u64, u32>, word: &str) -> u32 {
        self.first_of(map, hash64(word.as_bytes()))
    }

    fn first_of(&self, map: &AHashMap<u64, u32>, hash: u64) -> u32 {
        if self.filter.may_hold(hash) { map.get(&hash).copied().unwrap_or(0) } else { 0 }
    }

    fn collect<'a>(
        &'a self,
        mut number: u32,
        next: impl Fn(&Row) -> u32,
        word: &str,
        case: Case,
        found: &mut Vec<&'a str>,
    ) {
        while let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at as usize)) {
            let text = &self.text[row.start as usize..row.end as usize];
            number = next(row);
            if !case.fits(row.is_capital) {
                continue;
            }
            if !row.is_form {
                found.push(text);
                continue;
            }
            // A base is written as its headword is, and is no form itself.
            let base = text.to_lowercase();
            if base != word {
                let case = Case::of(text);
                self.collect_heads(self.first(&self.exact, &base), case, found);
            }
        }
    }

    fn collect_heads<'a>(&'a self, mut number: u32, case: Case, found: &mut Vec<&'a str>) {
        while let Some(row) = number.checked_sub(1).and_then(|at| self.rows.get(at as usize)) {
            if !row.is_form && case.fits(row.is_capital) {
                found.push(&self.text[row.start as usize..row.end as usize]);
            }
            number = row.next_exact;
        }
    }

    /// Whether there is a headword.
    pub fn has(&self, word: &str) -> bool {
        self.first(&self.exact, word) != 0
    }
}
