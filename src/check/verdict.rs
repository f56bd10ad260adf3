//! What counts of the findings, once accepted ones and switched-off rules are
//! taken away. All reports of a check are rendered from one [`Verdict`].

use super::Checked;
use super::baseline::{Baseline, Entry};
use super::severity::{FailOn, Severities};
use crate::corpus::{Corpus, DocId};
use crate::finding::{Finding, FoundAt, Measure, Severity};
use crate::outcome::Outcome;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Component, Path};

/// The result of a check.
#[derive(Debug)]
pub struct Verdict {
    /// The documents, and the findings that count.
    pub outcome: Outcome,
    /// Where each document stands.
    pub origins: Vec<Origin>,
    /// How much each rule weighs.
    pub severities: Severities,
    /// From where on the check fails.
    pub fail_on: FailOn,
    /// Number of new documents.
    pub n_new: usize,
    /// Number of known documents.
    pub n_known: usize,
    /// Findings that the baseline accepts.
    pub n_accepted: usize,
    /// Entries of the baseline that are found no more.
    pub stale: Vec<Entry>,
}

impl Verdict {
    /// Takes away what is switched off and what `baseline` accepts.
    #[must_use]
    pub fn new(checked: Checked, severities: Severities, fail_on: FailOn, baseline: &Baseline) -> Self {
        let stale = baseline.stale(&checked);
        let Checked { mut outcome, origins, n_new, n_known, occurrences, .. } = checked;
        outcome.findings.retain(|finding| severities.of(finding.rule).is_some());
        let fires = baseline.fires(&outcome.findings, &occurrences);
        let n_accepted = fires.iter().filter(|fires| !**fires).count();
        let mut fires = fires.into_iter();
        outcome.findings.retain(|_| fires.next().unwrap_or(true));
        Self { outcome, origins, severities, fail_on, n_new, n_known, n_accepted, stale }
    }

    /// Everything that a scan found: each document counts as a new one, and
    /// nothing is accepted.
    #[must_use]
    pub fn of_scan(outcome: &Outcome, corpus: &Corpus, severities: Severities) -> Self {
        let places = &outcome.documents.places;
        let origin = |&place| Origin::new(corpus.path_of(place), corpus.is_record(place).then_some(0), true);
        let mut origins: Vec<Origin> = places.iter().map(origin).collect();
        let mut outcome = outcome.clone();
        outcome.findings.retain(|finding| severities.of(finding.rule).is_some());
        let found = outcome.findings.iter().flat_map(|finding| &finding.places);
        let found: Vec<usize> =
            found.map(|at| at.document.index()).collect::<BTreeSet<_>>().into_iter().collect();
        let lines = corpus.record_lines(&found.iter().map(|&i| places[i]).collect::<Vec<_>>());
        for (i, line) in found.into_iter().zip(lines) {
            origins[i].record_line = line;
        }
        Self {
            n_new: outcome.documents.n as usize,
            outcome,
            origins,
            severities,
            fail_on: FailOn::default(),
            n_known: 0,
            n_accepted: 0,
            stale: vec![],
        }
    }

    /// The severity of a finding.
    #[must_use]
    pub fn severity(&self, finding: &Finding) -> Severity {
        self.severities.of(finding.rule).unwrap_or(finding.rule.severity())
    }

    /// Whether any finding makes the check fail.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.outcome.findings.iter().any(|finding| self.is_failure(finding))
    }

    /// Whether this finding makes the check fail.
    #[must_use]
    pub fn is_failure(&self, finding: &Finding) -> bool {
        self.fail_on.is_met_by(finding.rule, self.severity(finding))
    }

    /// The findings, worst first.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.outcome.findings.iter().collect();
        let strength = |finding: &Finding| match &finding.measure {
            Measure::Shingles(overlap) => overlap.jaccard(),
            Measure::Event { score, .. } => *score,
        };
        // The sort is stable: equals stay in the order of the outcome.
        findings.sort_by_key(|finding| {
            (Reverse(self.severity(finding)), finding.rule, -(strength(finding) * 1e9) as i64)
        });
        findings
    }

    /// The place in a new document that a finding is about, and the other
    /// places, the one that is kept first.
    #[must_use]
    pub fn places<'a>(&self, finding: &'a Finding) -> (&'a FoundAt, Vec<&'a FoundAt>) {
        let is_new = |place: &FoundAt| self.origin(place.document).is_new;
        let in_new = finding.places.iter().enumerate().filter(|(_, place)| is_new(place));
        let at = in_new.clone().find(|(i, _)| finding.keep != Some(*i)).or_else(|| in_new.clone().next());
        let at = at.map_or(0, |(i, _)| i);
        let mut others: Vec<(bool, &FoundAt)> = vec![];
        others.extend(
            finding
                .places
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != at)
                .map(|(i, place)| (finding.keep != Some(i), place)),
        );
        others.sort_by_key(|(not_kept, _)| *not_kept);
        (&finding.places[at], others.into_iter().map(|(_, place)| place).collect())
    }

    /// Where a document stands.
    #[must_use]
    pub fn origin(&self, document: DocId) -> &Origin {
        &self.origins[document.index()]
    }

    /// A place as file and lines. A passage of a record is on the record's one line.
    #[must_use]
    pub fn location(&self, place: &FoundAt) -> Location<'_> {
        let origin = self.origin(place.document);
        let (first, last) = match origin.record_line {
            Some(line) => (line.max(1), line.max(1)),
            None => (u64::from(place.lines.first), u64::from(place.lines.last)),
        };
        Location { path: &origin.path, first, last, is_record: origin.record_line.is_some() }
    }
}

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The path of its file as it was given, with `/`.
    pub path: String,
    /// The line it starts on, for a record; 0 where that is not known.
    pub record_line: Option<u64>,
    /// Whether the document is one of the new ones.
    pub is_new: bool,
}

impl Origin {
    /// The origin of a document in this file.
    #[must_use]
    pub fn new(path: &Path, record_line: Option<u64>, is_new: bool) -> Self {
        Self { path: plain_path(path), record_line, is_new }
    }
}

/// A path with `/` between its parts and without `.` parts.
fn plain_path(path: &Path) -> String {
    let mut plain = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::RootDir => plain.push('/'),
            _ => {
                if !plain.is_empty() && !plain.ends_with('/') {
                    plain.push('/');
                }
                plain.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    plain
}

/// A place in a file; lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// The first line.
    pub first: u64,
    /// The last line.
    pub last: u64,
    /// Whether the document is one record of its file.
    pub is_record: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_plain() {
        let check = |path: &str, expected: &str| assert_eq!(plain_path(Path::new(path)), expected);
        check("./a/./b.txt", "a/b.txt");
        check("../a.txt", "../a.txt");
        check("/a//b.txt", "/a/b.txt");
    }
}
