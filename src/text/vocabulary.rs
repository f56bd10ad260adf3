//! The words of a language that mean a number, a date or a measure.
//!
//! Each row of a language's tables becomes a phrase: the tokens of its form and
//! a `Meaning` without language. Lookup is by the first token, so a text pays
//! one hash for a word that might mean something and a bit test for most others.
//! What a row may say is written here once; a language is only its rows.

use super::meaning::Meaning;
use super::tokens::{self, SOFT_HYPHEN, Shape};
use ahash::AHashMap;
use unicode_normalization::UnicodeNormalization;

/// A form of one or more tokens, filed under its first.
#[derive(Debug)]
pub struct Phrase {
    /// The folded tokens after the first.
    pub rest: Box<[Box<str>]>,
    /// How its first token must be written.
    pub case: Case,
    /// What it says.
    pub meaning: Meaning,
}

/// How the first token must be written.
#[derive(Debug, PartialEq, Eq)]
pub enum Case {
    /// In any way.
    Any,
    /// With a capital, as English months are: "may" is no month.
    Capital,
    /// Just so: `=m` is a metre, `M` is not.
    Exact(Box<str>),
}

/// The id of the phrases that begin with one token; 0 stands for none.
pub type EntryId = u32;

/// Phrases by their first token.
#[derive(Debug)]
pub struct Vocabulary {
    ids: AHashMap<Box<str>, EntryId>,
    entries: Vec<Vec<Phrase>>,
    /// By id, whether a fact may begin there.
    begins: Vec<bool>,
    /// By first byte of a folded ASCII word, one bit for each length that occurs.
    lengths: [u64; 128],
}

impl Default for Vocabulary {
    fn default() -> Self {
        Vocabulary { ids: AHashMap::new(), entries: vec![Vec::new()], begins: vec![false], lengths: [0; 128] }
    }
}

impl Vocabulary {
    /// The phrases that begin with a token, longest first.
    pub fn phrases(&self, id: EntryId) -> &[Phrase] {
        self.entries.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// The id for a token; `folded` is room that the caller lends and keeps,
    /// and is left empty when the token cannot begin a phrase.
    pub fn find(&self, token: &str, folded: &mut String) -> EntryId {
        folded.clear();
        if let Some(first) = token.bytes().next().filter(u8::is_ascii)
            && self.lengths[usize::from(first.to_ascii_lowercase())] & length_bit(token.len()) == 0
            && token.is_ascii()
        {
            return 0;
        }
        fold_into(token, folded);
        self.ids.get(folded.as_str()).copied().unwrap_or(0)
    }

    /// Whether a fact may begin with the token; "of" and "per cent" begin none.
    pub fn begins_a_fact(&self, id: EntryId) -> bool {
        self.begins.get(id as usize).copied().unwrap_or(true)
    }

    /// Whether any phrase says `meaning`.
    pub fn means(&self, meaning: Meaning) -> bool {
        self.entries.iter().flatten().any(|phrase| phrase.meaning == meaning)
    }

    /// Adds a form. A form that ends in a point also counts without it.
    pub fn add(&mut self, form: &str, case: Case, meaning: Meaning) {
        let parts = split(form);
        let n_parts = parts.len();
        if n_parts > 1 && parts.last().is_some_and(|part| &**part == ".") {
            self.add_parts(parts[..n_parts - 1].to_vec(), case_copy(&case), meaning);
        }
        self.add_parts(parts, case, meaning);
    }

    fn add_parts(&mut self, mut parts: Vec<Box<str>>, case: Case, meaning: Meaning) {
        if parts.is_empty() {
            return;
        }
        let rest = parts.split_off(1).into_boxed_slice();
        let Some(first) = parts.pop() else { return };
        if let Some(byte) = first.bytes().next().filter(u8::is_ascii) {
            self.lengths[usize::from(byte)] |= length_bit(first.len());
        }
        let id = *self.ids.entry(first).or_insert_with(|| {
            self.entries.push(Vec::new());
            self.begins.push(false);
            self.entries.len() as EntryId - 1
        });
        self.begins[id as usize] |= meaning.begins_a_fact();
        let phrases = &mut self.entries[id as usize];
        if phrases.iter().any(|phrase| phrase.rest == rest && phrase.meaning == meaning) {
            return;
        }
        phrases.push(Phrase { rest, case, meaning });
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
    }
}

fn case_copy(case: &Case) -> Case {
    match case {
        Case::Any => Case::Any,
        Case::Capital => Case::Capital,
        Case::Exact(form) => Case::Exact(form.clone()),
    }
}

fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}

fn split(form: &str) -> Vec<Box<str>> {
    let mut parts = Vec::new();
    tokens::scan(form, |token| {
        let mut folded = String::new();
        fold_into(&form[token.start as usize..token.end as usize], &mut folded);
        debug_assert!(token.shape != Shape::Word || !folded.is_empty());
        parts.push(folded.into_boxed_str());
    });
    parts
}

/// Appends `token` in lower case and composed, with `'` for every apostrophe
/// and `-` for a no-break hyphen.
pub fn fold_into(token: &str, folded: &mut String) {
    if token.is_ascii() {
        folded.push_str(token);
        folded.make_ascii_lowercase();
        return;
    }
    let has_marks = token.chars().any(|character| matches!(character, '\u{300}'..='\u{36F}'));
    let mut push = |character: char| match character {
        SOFT_HYPHEN => {}
        '’' | 'ʼ' => folded.push('\''),
        '\u{2010}' | '\u{2011}' => folded.push('-'),
        _ => folded.extend(character.to_lowercase()),
    };
    if has_marks {
        token.nfc().for_each(&mut push);
    } else {
        token.chars().for_each(&mut push);
    }
}
