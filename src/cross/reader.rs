//! A text as tokens that know what they may mean.
//!
//! The rules of numbers, clock and dates all read through a `Reader`: it answers
//! what a token means, whether the next one belongs to it, and never fails past
//! the end. A token beyond the text is an empty sign after an empty line, so no
//! rule has to ask where the text ends.

use super::facts::{Fact, FactValue, Mention};
use crate::span::ByteSpan;
use crate::text::language::Language;
use crate::text::meaning::Meaning;
use crate::text::tokens::{self, Gap, Shape, Token};
use crate::text::vocabulary::{self, Case, EntryId, Phrase};

/// A text cut into tokens, in the light of a language.
pub struct Reader<'a> {
    /// The text.
    pub text: &'a str,
    /// What its words mean.
    pub language: &'a Language,
    tokens: Vec<Token>,
    /// One a token; empty where they are looked up when they are asked for.
    entries: Vec<EntryId>,
}

/// Not in the vocabulary, but begins like a glued number word.
pub const MAYBE_COMPOUND: EntryId = EntryId::MAX;

const END: Token = Token { start: 0, end: 0, shape: Shape::Sign, gap: Gap::Break };

impl<'a> Reader<'a> {
    /// Cuts `text` into tokens.
    pub fn new(text: &'a str, language: &'a Language) -> Self {
        Self::with(text, language, |token| match token.shape {
            Shape::Digits => 0,
            Shape::Word => word_entry(language, token.of(text)),
            Shape::Sign => language.entry(token.of(text), &mut String::new()),
        })
    }

    /// Cuts `text` into tokens, for each of which `entry` says what it may begin.
    pub fn with(text: &'a str, language: &'a Language, mut entry: impl FnMut(&Token) -> EntryId) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 4);
        let mut entries = Vec::with_capacity(text.len() / 4);
        tokens::scan(text, |token| {
            entries.push(entry(&token));
            tokens.push(token);
        });
        Reader { text, language, tokens, entries }
    }

    /// A text that is cut already, of which few tokens will be asked about.
    pub fn of_tokens(text: &'a str, language: &'a Language, tokens: Vec<Token>) -> Self {
        Reader { text, language, tokens, entries: vec![] }
    }

    /// How many tokens the text has.
    pub fn n_tokens(&self) -> usize {
        self.tokens.len()
    }

    /// A token, or the empty sign beyond the text.
    pub fn token(&self, i: usize) -> Token {
        self.tokens.get(i).copied().unwrap_or(END)
    }

    /// The phrases that may begin at a token.
    pub fn entry(&self, i: usize) -> EntryId {
        match self.entries.get(i) {
            Some(&entry) => entry,
            None => self.look_up(i),
        }
    }

    /// What [`Reader::entry`] says of a token that was not looked up before.
    fn look_up(&self, i: usize) -> EntryId {
        match self.tokens.get(i) {
            Some(token) if token.shape == Shape::Word => word_entry(self.language, self.slice(i)),
            Some(token) if token.shape == Shape::Sign => {
                self.language.entry(self.slice(i), &mut String::new())
            }
            _ => 0,
        }
    }

    /// All tokens.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// A token as it is written.
    pub fn slice(&self, i: usize) -> &'a str {
        let token = self.token(i);
        &self.text[token.start as usize..token.end as usize]
    }

    /// A token as the tables write it.
    pub fn folded(&self, i: usize) -> String {
        let mut folded = String::new();
        vocabulary::fold_into(self.slice(i), &mut folded);
        folded
    }

    /// What a token is made of.
    pub fn shape(&self, i: usize) -> Shape {
        self.token(i).shape
    }

    /// Whether nothing stands between a token and the one before it.
    pub fn is_glued(&self, i: usize) -> bool {
        self.token(i).gap == Gap::Glued
    }

    /// Whether the token is a sign that touches the one before it.
    pub fn is_glued_sign(&self, i: usize, signs: &str) -> bool {
        self.is_glued(i) && self.is_sign(i, signs)
    }

    /// Whether the token is one of the characters of `signs`.
    pub fn is_sign(&self, i: usize, signs: &str) -> bool {
        if self.shape(i) != Shape::Sign {
            return false;
        }
        match self.slice(i).as_bytes() {
            [] => false,
            [sign] => signs.as_bytes().contains(sign),
            _ => signs.contains(self.slice(i)),
        }
    }

    /// Whether the token is digits that touch the token before.
    pub fn is_glued_digits(&self, i: usize) -> bool {
        self.is_glued(i) && self.shape(i) == Shape::Digits
    }

    /// Whether the token begins with a capital.
    pub fn is_capitalised(&self, i: usize) -> bool {
        self.slice(i).starts_with(char::is_uppercase)
    }

    /// Whether the token is a function word.
    pub fn is_stop_word(&self, i: usize) -> bool {
        self.shape(i) == Shape::Word && self.language.is_stop_word(&self.folded(i))
    }

    /// The value of a digit run of at most `n_digits` digits.
    pub fn digits(&self, i: usize, n_digits: usize) -> Option<u32> {
        let slice = self.slice(i);
        let fits = self.shape(i) == Shape::Digits && slice.len() <= n_digits;
        fits.then(|| slice.parse().ok()).flatten()
    }

    /// The first meaning of the phrases at `i` that `pick` accepts, longest
    /// phrase first, and the token after the phrase.
    pub fn meaning<T>(&self, i: usize, mut pick: impl FnMut(Meaning) -> Option<T>) -> Option<(T, usize)> {
        let id = self.entry(i);
        if id == 0 || id == MAYBE_COMPOUND {
            return None;
        }
        for phrase in self.language.phrases(id) {
            let Some(picked) = pick(phrase.meaning) else { continue };
            if self.case_fits(i, &phrase.case) && self.rest_fits(i + 1, &phrase.rest) {
                return Some((picked, i + 1 + phrase.rest.len()));
            }
        }
        None
    }

    /// The meanings of all phrases at `i`.
    pub fn meanings(&self, i: usize) -> impl Iterator<Item = Meaning> {
        let id = self.entry(i);
        let phrases = if id == MAYBE_COMPOUND { &[] } else { self.language.phrases(id) };
        let fits =
            move |phrase: &&Phrase| self.case_fits(i, &phrase.case) && self.rest_fits(i + 1, &phrase.rest);
        phrases.iter().filter(fits).map(|phrase| phrase.meaning)
    }

    /// Whether the token has a meaning that `is` accepts.
    pub fn means(&self, i: usize, mut is: impl FnMut(Meaning) -> bool) -> bool {
        self.meaning(i, |meaning| is(meaning).then_some(())).is_some()
    }

    fn case_fits(&self, i: usize, case: &Case) -> bool {
        match case {
            Case::Any => true,
            Case::Capital => self.is_capitalised(i),
            Case::Exact(form) => form.starts_with(self.slice(i)),
        }
    }

    fn rest_fits(&self, from: usize, rest: &[Box<str>]) -> bool {
        rest.iter().enumerate().all(|(i, form)| {
            let at = from + i;
            let near = if self.shape(at) == Shape::Sign {
                self.is_glued(at)
            } else {
                self.token(at).gap <= Gap::Line
            };
            near && self.is_form(at, form)
        })
    }

    fn is_form(&self, i: usize, form: &str) -> bool {
        let slice = self.slice(i);
        slice.eq_ignore_ascii_case(form) || (!slice.is_ascii() && self.folded(i) == form)
    }

    /// Where a word that belongs to the token before `i` begins: at `i`, or after
    /// a hyphen. Lines may end between a number and its unit; sentences may not.
    pub fn attached(&self, i: usize) -> Option<usize> {
        if self.is_glued_sign(i, "-\u{2010}\u{2011}") && self.is_glued(i + 1) {
            return Some(i + 1);
        }
        (self.token(i).gap <= Gap::Line).then_some(i)
    }

    /// The fact that tokens `from..to` state.
    pub fn fact(&self, value: FactValue, from: usize, to: usize) -> Fact {
        let end = self.token(to.saturating_sub(1)).end;
        let span = ByteSpan { start: self.token(from).start, end };
        Fact { value, mention: Mention::Stated, span }
    }
}

/// The phrases that may begin at a word, or [`MAYBE_COMPOUND`].
pub fn word_entry(language: &Language, word: &str) -> EntryId {
    let entry = language.entry(word, &mut String::new());
    if entry == 0 && may_be_compound(language, word) { MAYBE_COMPOUND } else { entry }
}

/// Whether a word starts with a number word. Cheap enough for every word.
fn may_be_compound(language: &Language, word: &str) -> bool {
    let compounds = language.compounds();
    if word.len() < 6 || compounds.is_empty() {
        return false;
    }
    if word.is_ascii() {
        return compounds.parts(word).next().is_some();
    }
    let mut start = String::with_capacity(16);
    vocabulary::fold_into(&word[..word.floor_char_boundary(12)], &mut start);
    compounds.parts(&start).next().is_some()
}
