//! What an inflected word may be in a dictionary.
//!
//! The endings of a language are rows of a table, and so are the letters that
//! participles and infinitives put before or between. Shorter endings are
//! tried first; nothing is promised about the result but that the dictionary decides.

use super::{rows, table};

/// The endings and joints of a language; empty for one without tables.
#[derive(Debug)]
pub struct Endings {
    /// Shortest first: `Reisen` is rather `Reise` than `Reis`.
    /// By the last byte of the ending.
    endings: Vec<Vec<Ending>>,
    /// Letters between the parts of a compound, longest last.
    pub joints: Vec<&'static str>,
    /// What a first part may have lost.
    pub restored: Vec<&'static str>,
    participle: Option<&'static str>,
    infinitive: Option<&'static str>,
    separable: Vec<&'static str>,
}

/// An ending and what may stand in its place.
type Ending = (&'static str, Vec<&'static str>);

impl Endings {
    /// The tables of a language.
    pub fn of(language: &str) -> Self {
        let mut found = Self {
            endings: vec![vec![]; 256],
            joints: vec![],
            restored: vec![],
            participle: None,
            infinitive: None,
            separable: vec![],
        };
        for row in rows(table(&format!("{language}/endings.tsv"))) {
            let Some(replacements) = row.get(1) else { continue };
            let replacements = replacements.split('|').map(|letters| letters.trim_matches('-')).collect();
            if let Some(&last) = row[0].as_bytes().last() {
                found.endings[usize::from(last)].push((row[0], replacements));
            }
        }
        found.endings.iter_mut().for_each(|endings| endings.sort_by_key(|(ending, _)| ending.len()));
        for row in rows(table(&format!("{language}/compounds.tsv"))) {
            let Some(&letters) = row.get(1) else { continue };
            match row[0] {
                "joint" => found.joints.push(letters),
                "restore" => found.restored.push(letters),
                "participle" => found.participle = Some(letters),
                "infinitive" => found.infinitive = Some(letters),
                "separable" => found.separable.push(letters),
                _ => {}
            }
        }
        found
    }

    /// Hands what a word in lower case may be in a dictionary to `look_up`, best
    /// first and beginning with the word itself, until something is found.
    pub fn find<T>(&self, word: &str, mut look_up: impl FnMut(&str) -> Option<T>) -> Option<T> {
        if let Some(found) = look_up(word) {
            return Some(found);
        }
        let mut base = String::with_capacity(word.len() + 4);
        if let Some(found) = self.without_ending(word, &mut base, &mut look_up) {
            return Some(found);
        }
        for shorter in self.without_prefixes(word) {
            if let Some(found) =
                look_up(&shorter).or_else(|| self.without_ending(&shorter, &mut base, &mut look_up))
            {
                return Some(found);
            }
        }
        None
    }

    fn without_ending<T>(
        &self,
        word: &str,
        base: &mut String,
        look_up: &mut impl FnMut(&str) -> Option<T>,
    ) -> Option<T> {
        let last = word.as_bytes().last()?;
        for (ending, replacements) in &self.endings[usize::from(*last)] {
            let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 3) else { continue };
            for replacement in replacements {
                base.clear();
                base.push_str(stem);
                base.push_str(replacement);
                if let Some(found) = look_up(base) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// A word without the `ge` of its participle or the `zu` of its
    /// infinitive, also behind a separable prefix.
    fn without_prefixes(&self, word: &str) -> Vec<String> {
        let mut found = vec![];
        for mark in [self.participle, self.infinitive].into_iter().flatten() {
            if let Some(rest) = word.strip_prefix(mark).filter(|rest| rest.len() >= 4) {
                found.push(rest.to_owned());
            }
            for (at, _) in word.match_indices(mark).skip_while(|&(at, _)| at == 0) {
                let (prefix, rest) = (&word[..at], &word[at + mark.len()..]);
                if rest.len() >= 3 && self.separable.contains(&prefix) {
                    found.push(format!("{prefix}{rest}"));
                }
            }
        }
        found
    }

    /// A word whose marks were written as a second letter, without them.
    pub fn without_digraphs(&self, word: &str) -> Option<String> {
        let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
        (plain != word).then_some(plain)
    }
}
