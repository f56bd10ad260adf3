//! What words of one language mean in another.
//!
//! A lexicon is a folder of tables, `headword<TAB>translation|translation`,
//! embedded when the crate is built, and whatever rows the user adds. Loading
//! it puts every headword into one hash map and reads nothing else; a row is
//! taken apart when its word is met. An inflected word is found by the irregular
//! forms, then by the endings of the language, then by taking compounds apart.

mod compounds;
mod endings;
mod store;

use super::stem::stem;
use crate::text::language::Language;
use endings::Endings;
use include_dir::{Dir, include_dir};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Case, Store};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cross/lexicon");

/// What words of the language `from` mean in the language `into`.
#[derive(Debug)]
pub struct Lexicon {
    from: String,
    into: String,
    store: Store,
    endings: Endings,
    /// Tells lexicons of one run apart.
    number: u32,
}

/// A stem of the other language and how far it stands for the word, in 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub struct Sense {
    /// The stem.
    pub stem: String,
    /// Its share.
    pub weight: f32,
}

/// How the meaning of a word was found, from surest to not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is a headword or an irregular form of one.
    Headword,
    /// Without its ending it is one.
    Inflected,
    /// It was taken apart.
    Compound,
    /// It means nothing here.
    Nothing,
}

impl Lexicon {
    /// The shipped lexicon of a pair of languages, in either order; an empty
    /// one where none is shipped.
    #[must_use]
    pub fn shipped(left: &str, right: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (from, into) = match FOLDER.get_dir(format!("{right}-{left}")) {
            Some(_) => (right, left),
            None => (left, right),
        };
        let mut lexicon = Self {
            from: from.to_owned(),
            into: into.to_owned(),
            store: Store::default(),
            endings: Endings::of(from),
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
        };
        let folder = FOLDER.get_dir(format!("{from}-{into}"));
        for file in folder.map(Dir::files).into_iter().flatten() {
            let name = file.path().file_stem().and_then(|name| name.to_str()).unwrap_or("");
            let text = file.contents_utf8().unwrap_or("");
            if name.starts_with("forms-") {
                lexicon.store.add_other_forms(text);
            } else {
                lexicon.store.add(text, name == "forms");
            }
        }
        lexicon
    }

    /// A lexicon without any row.
    #[must_use]
    pub fn empty(left: &str, right: &str) -> Self {
        Self { store: Store::default(), ..Self::shipped(left, right) }
    }

    /// Adds rows of `headword<TAB>translation|translation`, from the first to
    /// the second language that the lexicon was made for. Returns the numbers
    /// of the lines that are no such row; blank lines and comments are.
    pub fn add_rows(&mut self, text: &str) -> Vec<usize> {
        let is_row = |line: &str| {
            let mut fields = line.split('\t');
            let is_filled = |field: Option<&str>| field.is_some_and(|field| !field.trim().is_empty());
            is_filled(fields.next()) && is_filled(fields.next())
        };
        let is_fault = |line: &str| !line.trim().is_empty() && !line.starts_with('#') && !is_row(line);
        let faults =
            text.lines().enumerate().filter(|(_, line)| is_fault(line)).map(|(i, _)| i + 1).collect();
        self.store.add(text, false);
        faults
    }

    /// The language of the headwords.
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The language of the translations.
    #[must_use]
    pub fn into(&self) -> &str {
        &self.into
    }

    /// Tells lexicons of one run apart.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// What a word of the first language means; empty where it is not known.
    #[must_use]
    pub fn senses(&self, word: &str) -> Vec<Sense> {
        self.look_up(word).0
    }

    /// What a word means, and how that was found.
    #[must_use]
    pub fn look_up(&self, word: &str) -> (Vec<Sense>, Found) {
        let case = Case::of(word);
        let word = word.to_lowercase();
        let mut senses = Senses::default();
        let entries = self.entries(&word, case);
        if !entries.is_empty() {
            senses.add_entries(self, &entries, 1.0);
            let is_headword = !self.store.exact(&word, case).is_empty();
            return (senses.found, if is_headword { Found::Headword } else { Found::Inflected });
        }
        let parts = self.parts(&word, case);
        for (i, part) in parts.iter().enumerate() {
            // The last part is what the whole is, so its case is that of the word.
            let case = if i + 1 == parts.len() { case } else { Case::Any };
            senses.add_entries(self, &self.entries(part, case), PART_WEIGHT);
        }
        let found = if senses.found.is_empty() { Found::Nothing } else { Found::Compound };
        (senses.found, found)
    }

    /// The stem of a word of the second language, by irregular forms and endings.
    #[must_use]
    pub fn stem(&self, word: &str) -> String {
        let folded = fold(&word.to_lowercase());
        stem(self.store.other_form(&folded).unwrap_or(&folded))
    }

    /// The translations of a word in lower case that need no splitting: of
    /// the word itself, of its base form, then of what it may be without its
    /// ending. Headwords of the same case come first.
    fn entries(&self, word: &str, case: Case) -> Vec<&str> {
        let mut of_other_case = vec![];
        let of_case = self.endings.find(word, |base| {
            if !self.store.has(base) {
                return None;
            }
            let found = self.store.exact(base, case);
            if found.is_empty() && of_other_case.is_empty() {
                of_other_case = self.store.exact(base, Case::Any);
            }
            (!found.is_empty()).then_some(found)
        });
        if let Some(found) = of_case {
            return found;
        }
        if !of_other_case.is_empty() {
            return of_other_case;
        }
        let folded = fold(word);
        let plain = self.endings.without_digraphs(&folded);
        for word in std::iter::once(folded).chain(plain) {
            let found = self.endings.find(&word, |base| {
                let found = self.store.folded(base, case);
                (!found.is_empty()).then_some(found)
            });
            if let Some(found) = found {
                return found;
            }
        }
        vec![]
    }
}

/// What a part of a compound counts, beside a word of its own.
const PART_WEIGHT: f32 = 0.8;

#[derive(Default)]
struct Senses {
    found: Vec<Sense>,
}

impl Senses {
    fn add_entries(&mut self, lexicon: &Lexicon, entries: &[&str], weight: f32) {
        let mut translations: Vec<&str> = vec![];
        for translation in entries.iter().flat_map(|entry| entry.split('|')) {
            let translation = translation.trim();
            if !translation.is_empty() && !translations.contains(&translation) {
                translations.push(translation);
            }
        }
        // Of k translations a text uses one, and which one is found out by
        // where it is rare; so each keeps most of its weight.
        let share = weight / (translations.len() as f32).powf(0.4);
        let language = Language::find(&lexicon.into);
        for translation in translations {
            let words: Vec<&str> = translation
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.len() > 1 && !language.is_some_and(|language| is_stop(language, word)))
                .collect();
            let share = share / (words.len().max(1) as f32).sqrt();
            for word in words {
                self.add(lexicon.stem(word), share);
            }
        }
    }

    fn add(&mut self, stem: String, weight: f32) {
        match self.found.iter_mut().find(|sense| sense.stem == stem) {
            Some(sense) => sense.weight = (sense.weight + 0.5 * weight).min(1.0),
            None => self.found.push(Sense { stem, weight }),
        }
    }
}

fn is_stop(language: &Language, word: &str) -> bool {
    language.is_stop_word(word) || language.is_stop_word(&word.to_lowercase())
}

/// A word without marks on its letters, `ß` as `ss`.
#[must_use]
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    for character in word.chars() {
        match character {
            'ä' => folded.push('a'),
            'ö' => folded.push('o'),
            'ü' => folded.push('u'),
            'ß' => folded.push_str("ss"),
            '\u{AD}' | '\u{300}'..='\u{36F}' => {}
            _ if character.is_ascii() => folded.push(character),
            _ => folded.push_str(&any_ascii::any_ascii_char(character).to_lowercase()),
        }
    }
    folded
}

/// An embedded table; empty where there is none.
pub(super) fn table(path: &str) -> &'static str {
    FOLDER.get_file(path).and_then(|file| file.contents_utf8()).unwrap_or("")
}

/// All tables, in the order of their names.
#[cfg(test)]
pub(super) fn all_tables() -> Vec<&'static [u8]> {
    fn inside<'a>(folder: &'a Dir<'a>) -> Vec<&'a include_dir::File<'a>> {
        folder.files().chain(folder.dirs().flat_map(inside)).collect()
    }
    let mut files = inside(&FOLDER);
    files.sort_by_key(|file| file.path());
    files.into_iter().map(include_dir::File::contents).collect()
}

/// The rows of a table; `#` begins a comment.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, english: &str) {
        let lexicon = Lexicon::shipped("de", "en");
        let senses = lexicon.senses(word);
        assert!(senses.iter().any(|sense| sense.stem == lexicon.stem(english)), "{word}: {senses:?}");
    }

    #[test]
    fn inflected_words_are_found() {
        check("Länder", "country");
        check("Häuser", "house");
        check("stärkten", "strengthen");
        check("gestärkt", "strengthen");
        check("geplante", "plan");
        check("aufzubauen", "build");
        check("Beziehungen", "relations");
        check("grösster", "big");
        check("Stunden", "hour");
        check("Reisen", "journey");
        check("Praesidenten", "president");
    }

    #[test]
    fn countries_are_found_in_the_languages_without_a_lexicon() {
        for (language, word, english) in [
            ("fr", "Moldavie", "Moldova"),
            ("fr", "norvégiennes", "Norwegian"),
            ("es", "Rumanía", "Romania"),
            ("es", "ucranianas", "Ukrainian"),
            ("ru", "Молдавии", "Moldova"),
            ("ru", "Австрию", "Austria"),
            ("ru", "украинского", "Ukrainian"),
            ("uk", "Швеції", "Sweden"),
            ("uk", "Угорщини", "Hungary"),
            ("uk", "норвезькою", "Norwegian"),
        ] {
            let lexicon = Lexicon::shipped(language, "en");
            let senses = lexicon.senses(word);
            assert!(senses.iter().any(|sense| sense.stem == lexicon.stem(english)), "{word}: {senses:?}");
        }
    }

    #[test]
    fn places_are_sorted_and_single_words() {
        for language in ["fr", "es", "ru", "uk"] {
            let heads: Vec<&str> =
                rows(table(&format!("{language}-en/places.tsv"))).map(|row| row[0]).collect();
            assert!(heads.len() > 200 && heads.is_sorted(), "{language}");
            assert!(heads.iter().all(|head| head.chars().all(char::is_alphabetic)), "{language}");
        }
    }

    #[test]
    fn compounds_are_taken_apart() {
        check("Handelsausweitung", "trade");
        check("Wirtschaftsabkommen", "agreement");
        check("Wirtschaftsabkommen", "economy");
    }

    #[test]
    fn rows_can_be_added_for_any_pair() {
        let mut lexicon = Lexicon::shipped("fr", "en");
        assert!(lexicon.senses("maison").is_empty() && !lexicon.senses("Pologne").is_empty());
        assert_eq!(lexicon.add_rows("# mine\nmaison\thouse|home\n\nwrong\n"), [4]);
        assert_eq!(lexicon.senses("maison").len(), 2);
    }

    #[test]
    fn the_order_of_the_languages_does_not_matter() {
        assert_eq!(Lexicon::shipped("en", "de").from(), "de");
        assert!(!Lexicon::shipped("en", "de").senses("Haus").is_empty());
    }

    #[test]
    fn no_word_makes_it_panic() {
        let lexicon = Lexicon::shipped("de", "en");
        for word in ["", "ß", "ä", "ge", "zu", "–", "é́", "ﬁ", "İ", "\u{AD}", "東京都", &"ss".repeat(400)]
        {
            let _ = (lexicon.senses(word), lexicon.stem(word));
        }
    }
}
