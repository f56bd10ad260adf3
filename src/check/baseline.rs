//! Findings that were accepted once and do not count again.
//!
//! A baseline is a text file, one entry a line, sorted by fingerprint, so that
//! two branches which accept different findings merge by themselves. An entry
//! says how often its fingerprint was accepted: one more copy of an accepted
//! text counts. A file that is not as it was written is an error with its line.

use super::Checked;
use super::severity::rule_named;
use crate::corpus::DocId;
use crate::error::{Error, Result};
use crate::finding::{Finding, Rule};
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
use ahash::AHashSet;
use std::collections::BTreeMap;

/// Accepted findings by their fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<String, Entry>,
}

/// One accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about, whatever the files are called.
    pub fingerprint: String,
    /// How often it was accepted.
    pub count: u32,
    /// When it was accepted first, as `YYYY-MM-DD`.
    pub date: String,
    /// The rule.
    pub rule: Rule,
    /// The documents it was found in then.
    pub documents: Vec<String>,
    /// Why it was accepted.
    pub reason: String,
}

/// What [`Baseline::accept`] changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Entries added.
    pub n_added: usize,
    /// Entries whose count changed.
    pub n_changed: usize,
}

const TITLE: &str = "# doppelt baseline 1";
const COLUMNS: &str = "# fingerprint\tcount\tdate\trule\tdocuments\treason";

impl Baseline {
    /// Reads what [`Baseline::render`] wrote. Of two lines with one
    /// fingerprint, as a merge may leave them, the larger count holds.
    ///
    /// # Errors
    ///
    /// When a line is not as it was written; `name` is the file's name.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let damaged = |line: usize, what: &str| {
            Error::damaged(format!("the baseline {name} is damaged"))
                .because(format!("line {line}: {what}"))
                .hint("mend the line, restore the file from version control, or write it anew with doppelt baseline create")
        };
        let mut lines = text.lines().zip(1..);
        match lines.next().and_then(|(title, _)| title.strip_prefix(TITLE)) {
            Some(rest) if rest == algorithm_note() => {}
            Some(rest) if rest.starts_with(", algorithm ") => {
                return Err(Error::damaged(format!("the baseline {name} was written by another algorithm"))
                    .because(format!(
                        "it says `{}`, this is algorithm {ALGORITHM}",
                        rest.trim_start_matches(", ")
                    ))
                    .hint("write it anew with doppelt baseline create"));
            }
            _ => return Err(damaged(1, &format!("`{TITLE}` is missing"))),
        }
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for (line, number) in lines {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = Entry::parse(line).map_err(|what| damaged(number, &what))?;
            match entries.get_mut(&entry.fingerprint) {
                Some(same) => same.count = same.count.max(entry.count),
                None => {
                    entries.insert(entry.fingerprint.clone(), entry);
                }
            }
        }
        if !text.ends_with('\n') {
            return Err(damaged(text.lines().count(), "the line breaks off"));
        }
        Ok(Self { entries })
    }

    /// The baseline as a text file.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!("{TITLE}{}\n{COLUMNS}\n", algorithm_note());
        for entry in self.entries.values() {
            text += &entry.render();
            text.push('\n');
        }
        text
    }

    /// All entries, sorted by fingerprint.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// All documents that entries name.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.entries.values().flat_map(|entry| entry.documents.iter().map(String::as_str))
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Accepts everything that was found. An entry that is there already keeps
    /// its date and its reason.
    pub fn accept(&mut self, checked: &Checked, date: &str, reason: &str) -> Accepted {
        let mut accepted = Accepted::default();
        for finding in &checked.outcome.findings {
            let count = checked.occurrences.get(&finding.fingerprint).copied().unwrap_or(1);
            match self.entries.get_mut(&finding.fingerprint) {
                Some(entry) if entry.count == count => {}
                Some(entry) => {
                    entry.count = count;
                    accepted.n_changed += 1;
                }
                None => {
                    let documents = names(finding, &checked.outcome);
                    let entry = Entry {
                        fingerprint: finding.fingerprint.clone(),
                        count,
                        date: date.to_owned(),
                        rule: finding.rule,
                        documents,
                        reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
                    };
                    self.entries.insert(finding.fingerprint.clone(), entry);
                    accepted.n_added += 1;
                }
            }
        }
        accepted
    }

    /// Removes the entries with these fingerprints.
    pub fn remove(&mut self, stale: &[Entry]) {
        for entry in stale {
            self.entries.remove(&entry.fingerprint);
        }
    }

    /// Lowers the counts of entries that occur less often now, so that the next
    /// copy fires; gives these entries as they are now.
    pub fn lower(&mut self, checked: &Checked) -> Vec<Entry> {
        let mut lowered = vec![];
        for finding in &checked.outcome.findings {
            let occurs = checked.occurrences.get(&finding.fingerprint).copied().unwrap_or(1);
            if let Some(entry) =
                self.entries.get_mut(&finding.fingerprint).filter(|entry| entry.count > occurs)
            {
                entry.count = occurs;
                lowered.push(entry.clone());
            }
        }
        lowered
    }

    /// Which of the findings count, in their order. Where a fingerprint occurs
    /// more often than it was accepted, the last of its findings count.
    #[must_use]
    pub fn fires(&self, findings: &[Finding], occurrences: &BTreeMap<String, u32>) -> Vec<bool> {
        let mut excess: BTreeMap<&str, u32> = BTreeMap::new();
        for finding in findings {
            let fingerprint = finding.fingerprint.as_str();
            let occurs = occurrences.get(fingerprint).copied().unwrap_or(1);
            let accepted = self.entries.get(fingerprint).map_or(0, |entry| entry.count);
            excess.insert(fingerprint, occurs.saturating_sub(accepted));
        }
        let mut fires: Vec<bool> = findings
            .iter()
            .rev()
            .map(|finding| match excess.get_mut(finding.fingerprint.as_str()) {
                Some(excess) if *excess > 0 => {
                    *excess -= 1;
                    true
                }
                _ => false,
            })
            .collect();
        fires.reverse();
        fires
    }

    /// Entries that are found no more: one of their documents is new in this
    /// check or is gone, and the finding is not there. An entry about known
    /// documents alone is not judged.
    #[must_use]
    pub fn stale(&self, checked: &Checked) -> Vec<Entry> {
        let outcome = &checked.outcome;
        let found: AHashSet<&str> =
            outcome.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let is_new = |document: DocId| checked.origins[document.index()].is_new;
        let new: AHashSet<&str> =
            outcome.documents.ids.all().filter(|(id, _)| is_new(*id)).map(|(_, name)| name).collect();
        let judged = |entry: &Entry| {
            entry.documents.iter().any(|name| new.contains(name.as_str()) || checked.gone.contains(name))
        };
        let entries = self.entries.values();
        entries
            .filter(|entry| !found.contains(entry.fingerprint.as_str()) && judged(entry))
            .cloned()
            .collect()
    }
}

fn algorithm_note() -> String {
    format!(", algorithm {ALGORITHM}")
}

/// The documents of a finding, each once, in the order of its places.
fn names(finding: &Finding, outcome: &Outcome) -> Vec<String> {
    const NAMED: usize = 10;
    let mut names: Vec<String> = vec![];
    for place in &finding.places {
        let name = outcome.id(place.document);
        if names.len() < NAMED && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

impl Entry {
    fn render(&self) -> String {
        let documents = serde_json::Value::from(self.documents.clone());
        let Self { fingerprint, count, date, rule, reason, .. } = self;
        format!("{fingerprint}\t{count}\t{date}\t{}\t{documents}\t{reason}", rule.name())
    }

    fn parse(line: &str) -> std::result::Result<Self, String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[fingerprint, count, date, rule, documents, reason] = cells.as_slice() else {
            return Err(format!("6 columns between tabs are expected, {} found", cells.len()));
        };
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if fingerprint.len() != 16 || !fingerprint.bytes().all(is_hex) {
            return Err("the fingerprint is not 16 hexadecimal digits".into());
        }
        let is_date =
            |at: usize, byte: u8| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
        if date.len() != 10 || !date.bytes().enumerate().all(|(at, byte)| is_date(at, byte)) {
            return Err("the date is not written as YYYY-MM-DD".into());
        }
        let count = match count.parse() {
            Ok(count) if count > 0 => count,
            _ => return Err("the count is not a number above 0".into()),
        };
        Ok(Self {
            fingerprint: fingerprint.to_owned(),
            count,
            date: date.to_owned(),
            rule: rule_named(rule).map_err(|error| error.to_string())?,
            documents: serde_json::from_str(documents)
                .map_err(|_| "the documents are not a JSON list of names")?,
            reason: reason.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Measure;
    use crate::similarity::Overlap;
    use proptest::prelude::*;

    fn entry(fingerprint: &str, count: u32) -> Entry {
        Entry {
            fingerprint: fingerprint.into(),
            count,
            date: "2026-11-21".into(),
            rule: Rule::NearDuplicate,
            documents: vec!["a\tb.txt".into(), "c.txt".into()],
            reason: "both papers print it".into(),
        }
    }

    fn baseline(entries: &[Entry]) -> Baseline {
        Baseline { entries: entries.iter().map(|entry| (entry.fingerprint.clone(), entry.clone())).collect() }
    }

    fn finding(fingerprint: &str) -> Finding {
        let measure = Measure::Shingles(Overlap { both: 1, left: 1, right: 1 });
        Finding {
            rule: Rule::NearDuplicate,
            fingerprint: fingerprint.into(),
            measure,
            places: vec![],
            keep: None,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let written = baseline(&[entry("00000000000000aa", 2), entry("0123456789abcdef", 1)]);
        assert_eq!(Baseline::parse("b", &written.render()).unwrap(), written);
    }

    #[test]
    fn damage_is_named_with_its_line() {
        let check = |text: &str, cause: &str| {
            let error = Baseline::parse("b.tsv", text).unwrap_err();
            assert!(error.is_damaged() && error.cause().unwrap().contains(cause), "{text:?}: {error:?}");
        };
        let good = baseline(&[entry("00000000000000aa", 1)]).render();
        check("", "line 1");
        check(&good.replace("\t1\t", "\t0\t"), "line 3: the count");
        check(&good.replace("00aa", "00a"), "line 3: the fingerprint");
        check(&good.replace("near-duplicate", "near"), "line 3: no rule");
        check(&good.replace("2026-11-21", "yesterday!"), "line 3: the date");
        check(&good.replace("both", "\tboth"), "line 3: 6 columns");
        check(&format!("{good}<<<<<<< HEAD\n"), "line 4: 6 columns");
        check(good.trim_end(), "line 3: the line breaks off");
        check(&good.replace("algorithm 1", "algorithm 0"), "algorithm 0");
    }

    #[test]
    fn one_copy_more_than_accepted_fires_and_it_is_the_last() {
        let accepted = baseline(&[entry("00000000000000aa", 1)]);
        let two = [finding("00000000000000aa"), finding("00000000000000aa")];
        let occurs = |n: u32| BTreeMap::from([("00000000000000aa".to_owned(), n)]);
        assert_eq!(accepted.fires(&two[..1], &occurs(1)), [false]);
        assert_eq!(accepted.fires(&two, &occurs(2)), [false, true]);
        // Another copy stands among the known documents.
        assert_eq!(accepted.fires(&two[..1], &occurs(2)), [true]);
        assert_eq!(Baseline::default().fires(&two, &occurs(2)), [true, true]);
    }

    proptest! {
        #[test]
        fn no_damage_panics(text in "\\PC{0,40}", at in 0usize..200, cut in 0usize..200) {
            let mut good = baseline(&[entry("00000000000000aa", 1), entry("00000000000000ab", 3)]).render();
            good.insert_str(at.min(good.len()), &text);
            let _ = Baseline::parse("b", &good);
            let _ = Baseline::parse("b", &good[..good.floor_char_boundary(cut)]);
        }
    }
}
