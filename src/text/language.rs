//! Languages, each a folder of tables.
//!
//! A folder under `languages/` is a language as soon as it holds `rules.tsv`;
//! its name is the language's code. The other tables give words their meaning
//! (`vocabulary`), and the folder `shared` adds what all languages write alike.
//! Folders are embedded when the crate is built and read once, on first use.
//! A faulty row is left out and remembered; a test keeps that list empty.

use super::compounds::CompoundParts;
use super::meaning::{self, Meaning};
use super::vocabulary::{Case, EntryId, Phrase, Vocabulary};
use ahash::AHashSet;
use include_dir::{Dir, include_dir};
use std::sync::LazyLock;

static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/text/languages");

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut languages: Vec<Language> = FOLDERS.dirs().filter_map(Language::load).collect();
    languages.sort_by(|a, b| a.code.cmp(&b.code));
    languages
});

const SHARED: &str = "shared";

/// What is known about one language.
#[derive(Debug, Default)]
pub struct Language {
    code: String,
    rules: Rules,
    vocabulary: Vocabulary,
    compounds: CompoundParts,
    stop_words: AHashSet<Box<str>>,
    faults: Vec<String>,
}

/// How a language writes numbers and dates, from its `rules.tsv`.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The language's name in itself.
    pub name: String,
    /// The mark before decimals.
    pub decimal_mark: char,
    /// Marks between groups of three digits; a blank always counts.
    pub group_marks: Vec<char>,
    /// How units and tens are put together.
    pub number_order: NumberOrder,
    /// `10/3/2024` is in October.
    pub month_first: bool,
    /// `3.10.` is a date and `3.` an ordinal.
    pub day_point: bool,
    /// Number words grow together: `einundzwanzig`, `siebenmonatig`.
    pub glued_numbers: bool,
    /// Other spellings of letters, for texts that lack them: `ä` as `ae`.
    respellings: Vec<(String, String)>,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            name: String::new(),
            decimal_mark: '.',
            group_marks: Vec::new(),
            number_order: NumberOrder::TenUnit,
            month_first: false,
            day_point: false,
            glued_numbers: false,
            respellings: Vec::new(),
        }
    }
}

/// How the number words from 21 to 99 are composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOrder {
    /// `twenty-one`, `двадцать один`
    TenUnit,
    /// `einundzwanzig`
    UnitTen,
    /// `soixante-dix-sept`: tens of sixty and eighty take up to nineteen.
    Vigesimal,
}

impl Language {
    /// All languages, sorted by code.
    pub fn all() -> &'static [Language] {
        &LANGUAGES
    }

    /// The language with an ISO 639 code such as `de`.
    pub fn find(code: &str) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.code == code)
    }

    /// Its ISO 639 code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// How it writes numbers and dates.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The most frequent function words, in lower case, in no order.
    pub fn stop_words(&self) -> impl Iterator<Item = &str> {
        self.stop_words.iter().map(|word| &**word)
    }

    /// Whether a word, in lower case, is one of the most frequent function words.
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// The parts of glued number words; empty where the language glues none.
    pub fn compounds(&self) -> &CompoundParts {
        &self.compounds
    }

    /// See [`Vocabulary::find`].
    pub fn entry(&self, token: &str, folded: &mut String) -> EntryId {
        self.vocabulary.find(token, folded)
    }

    /// See [`Vocabulary::begins_a_fact`].
    pub fn begins_a_fact(&self, id: EntryId) -> bool {
        self.vocabulary.begins_a_fact(id)
    }

    /// See [`Vocabulary::phrases`].
    pub fn phrases(&self, id: EntryId) -> &[Phrase] {
        self.vocabulary.phrases(id)
    }

    fn load(folder: &Dir<'_>) -> Option<Language> {
        let code = folder.path().file_name()?.to_str()?;
        let rules = table(folder, "rules.tsv")?;
        let mut language = Language { code: code.to_owned(), ..Language::default() };
        for (line, row) in rows(rules) {
            if language.set_rule(&row).is_none() {
                language.faults.push(format!("{code}/rules.tsv:{line}"));
            }
        }
        for folder in [FOLDERS.get_dir(SHARED), Some(folder)].into_iter().flatten() {
            for file in folder.files() {
                let name = file.path().file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
                let text = file.contents_utf8().unwrap_or("");
                language.read_table(name, text);
            }
        }
        Some(language)
    }

    fn read_table(&mut self, name: &str, text: &str) {
        match name {
            "rules" => {}
            "stopwords" => {
                let words = text.lines().filter(|line| !line.starts_with('#'));
                self.stop_words.extend(words.flat_map(str::split_whitespace).map(Box::from));
            }
            _ => {
                for (line, row) in rows(text) {
                    if self.add_row(name, &row).is_none() {
                        self.faults.push(format!("{}/{name}.tsv:{line}", self.code));
                    }
                }
            }
        }
    }

    fn set_rule(&mut self, row: &[&str]) -> Option<()> {
        let rules = &mut self.rules;
        let value = row.get(1).copied()?;
        match row[0] {
            "name" => rules.name = value.to_owned(),
            "decimal" => rules.decimal_mark = value.parse().ok()?,
            "group" => rules.group_marks.push(value.parse().ok()?),
            "month-first" => rules.month_first = value.parse().ok()?,
            "day-point" => rules.day_point = value.parse().ok()?,
            "glued-numbers" => rules.glued_numbers = value.parse().ok()?,
            "respell" => rules.respellings.push((value.to_owned(), row.get(2)?.to_string())),
            "number-order" => {
                rules.number_order = match value {
                    "ten-unit" => NumberOrder::TenUnit,
                    "unit-ten" => NumberOrder::UnitTen,
                    "vigesimal" => NumberOrder::Vigesimal,
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn add_row(&mut self, name: &str, row: &[&str]) -> Option<()> {
        // An ending names the table that explains it: `monatig units time ...`.
        let (is_ending, table, columns) = match name {
            "endings" => (true, row.get(1).copied()?, row.get(2..)?),
            _ => (false, name, row.get(1..)?),
        };
        let meaning = meaning::from_row(table, columns)?;
        for form in expand(row[0]) {
            let case = match form.strip_prefix('=') {
                Some(exact) => Case::Exact(exact.into()),
                None if form.starts_with(char::is_uppercase) => Case::Capital,
                None => Case::Any,
            };
            let form = form.trim_start_matches('=').to_lowercase();
            let mut forms = vec![form];
            for (letter, other) in &self.rules.respellings {
                let others: Vec<String> = forms
                    .iter()
                    .filter(|form| form.contains(letter))
                    .map(|form| form.replace(letter, other))
                    .collect();
                forms.extend(others);
            }
            for form in forms {
                self.add_form(&form, &case, meaning, is_ending);
            }
        }
        Some(())
    }

    fn add_form(&mut self, form: &str, case: &Case, meaning: Meaning, is_ending: bool) {
        if is_ending {
            self.compounds.add_ending(form, meaning);
            // "15-monatig"; shorter endings are words of their own.
            if form.len() >= 4 {
                self.vocabulary.add(form, Case::Any, meaning);
            }
            return;
        }
        if self.rules.glued_numbers && form.chars().all(char::is_alphabetic) {
            self.compounds.add_part(form, meaning);
        }
        let case = match case {
            Case::Any => Case::Any,
            Case::Capital => Case::Capital,
            Case::Exact(exact) => Case::Exact(exact.clone()),
        };
        self.vocabulary.add(form, case, meaning);
    }
}

fn table<'a>(folder: &'a Dir<'_>, name: &str) -> Option<&'a str> {
    folder.get_file(folder.path().join(name))?.contents_utf8()
}

/// The rows of a table with their line numbers; `#` begins a comment line.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("# "))
        .map(|(i, line)| (i + 1, line.split('\t').collect()))
}

/// All forms of `dritt{e,er,en}`; a form without braces is its only one.
fn expand(form: &str) -> Vec<String> {
    let Some((head, (choices, tail))) =
        form.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?)))
    else {
        return vec![form.to_owned()];
    };
    let tails = expand(tail);
    choices
        .split(',')
        .flat_map(|choice| tails.iter().map(move |tail| format!("{head}{choice}{tail}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_table_is_understood() {
        for language in Language::all() {
            assert_eq!(language.faults, [] as [String; 0]);
            assert!(!language.rules.name.is_empty());
        }
    }

    #[test]
    fn languages_are_sorted_by_code_and_found_by_it() {
        let codes: Vec<&str> = Language::all().iter().map(Language::code).collect();
        assert!(codes.is_sorted());
        assert!(["de", "en", "es", "fr", "ru", "uk"].iter().all(|code| codes.contains(code)));
        assert!(Language::find(SHARED).is_none());
    }

    #[test]
    fn every_language_has_its_months_weekdays_and_function_words() {
        for language in Language::all() {
            let has = |meaning: fn(u8) -> Meaning, numbers: std::ops::RangeInclusive<u8>| {
                numbers.into_iter().all(|number| language.vocabulary.means(meaning(number)))
            };
            assert!(has(|number| Meaning::Month { number, doubtful: false }, 1..=2), "{}", language.code);
            assert!(has(Meaning::Weekday, 1..=7), "{}", language.code);
            let n_stop_words = language.stop_words().count();
            assert!((100..=260).contains(&n_stop_words), "{}: {n_stop_words}", language.code);
        }
    }

    #[test]
    fn words_are_found_without_umlauts() {
        let german = Language::find("de").expect("a shipped language");
        let mut folded = String::new();
        for word in ["März", "maerz", "MÄRZ", "Ma\u{308}rz"] {
            assert_ne!(german.entry(word, &mut folded), 0, "{word}");
        }
    }

    #[test]
    fn braces_stand_for_all_their_forms() {
        assert_eq!(expand("dritt{e,er}"), ["dritte", "dritter"]);
        assert_eq!(expand("{,a} b{c,d}"), [" bc", " bd", "a bc", "a bd"]);
    }
}
