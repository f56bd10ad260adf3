//! What an inflected word may be in a dictionary.
//!
//! The endings of a language are rows of a table, and so are the letters that
//! participles and infinitives put before or between. Longer endings are tried
//! first; nothing is promised about the result but that the dictionary decides.

use super::{rows, table};

/// The endings and joints of a language; empty for one without tables.
#[derive(Debug, Default)]
pub struct Endings {
    /// Longest first.
    endings: Vec<(&'static str, Vec<&'static str>)>,
    /// Letters between the parts of a compound, longest last.
    pub joints: Vec<&'static str>,
    /// What a first part may have lost.
    pub restored: Vec<&'static str>,
    participle: Option<&'static str>,
    infinitive: Option<&'static str>,
    separable: Vec<&'static str>,
}

impl Endings {
    /// The tables of a language.
    pub fn of(language: &str) -> Self {
        let mut found = Self::default();
        for row in rows(table(&format!("{language}/endings.tsv"))) {
            let Some(replacements) = row.get(1) else { continue };
            let replacements = replacements.split('|').map(|letters| letters.trim_matches('-')).collect();
            found.endings.push((row[0], replacements));
        }
        found.endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
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
        found.separable.sort_by_key(|letters| std::cmp::Reverse(letters.len()));
        found
    }

    /// What a word in lower case may be without its ending, best first.
    pub fn bases(&self, word: &str) -> Vec<String> {
        let mut bases = vec![];
        self.add_bases(word, &mut bases);
        for shorter in self.without_prefixes(word) {
            bases.push(shorter.clone());
            self.add_bases(&shorter, &mut bases);
        }
        bases
    }

    fn add_bases(&self, word: &str, bases: &mut Vec<String>) {
        for (ending, replacements) in &self.endings {
            let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 3) else { continue };
            bases.extend(replacements.iter().map(|letters| format!("{stem}{letters}")));
        }
    }

    /// A word without the `ge` of its participle or the `zu` of its
    /// infinitive, also behind a separable prefix.
    fn without_prefixes(&self, word: &str) -> Vec<String> {
        let mut found = vec![];
        let marks = [self.participle, self.infinitive];
        for mark in marks.into_iter().flatten() {
            if let Some(rest) = word.strip_prefix(mark).filter(|rest| rest.len() >= 4) {
                found.push(rest.to_owned());
            }
            for prefix in &self.separable {
                let rest = word.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(mark));
                if let Some(rest) = rest.filter(|rest| rest.len() >= 3) {
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
