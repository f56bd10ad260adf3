//! Brings findings together as a person looks at them.
//!
//! The copies of one kept document are one cluster; reports of one event in
//! two languages are one event, together with their near-duplicates. The
//! order is that of the outcome: a group stands where its first finding does.

use crate::components::Components;
use crate::corpus::DocId;
use crate::finding::{Finding, Rule};
use crate::outcome::Outcome;
use ahash::{AHashMap, AHashSet};
use std::collections::BTreeSet;

/// What a group is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Documents of the same or nearly the same words.
    Cluster,
    /// A document inside a larger one.
    Contained,
    /// A passage in several places.
    Passage,
    /// Reports of one event in two languages.
    Event,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Cluster, Self::Contained, Self::Passage, Self::Event];

    /// One word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cluster => "Cluster",
            Self::Contained => "Contained",
            Self::Passage => "Passage",
            Self::Event => "Event",
        }
    }

    /// A heading for all of them.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Cluster => "Duplicate documents",
            Self::Contained => "Contained documents",
            Self::Passage => "Repeated passages",
            Self::Event => "Reports of one event",
        }
    }

    fn of(rule: Rule) -> Self {
        match rule {
            Rule::ExactDuplicate | Rule::NearDuplicate => Self::Cluster,
            Rule::ContainedDocument => Self::Contained,
            Rule::RepeatedPassage => Self::Passage,
            Rule::CrossLanguagePair => Self::Event,
        }
    }
}

/// Findings that are looked at together.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// What it is about.
    pub kind: Kind,
    /// From 1, within its kind.
    pub number: usize,
    /// At least one, strongest first.
    pub findings: Vec<&'a Finding>,
    /// Near-duplicates of the reports of an event, each with the document it stands for.
    pub copies: Vec<(DocId, DocId)>,
}

impl<'a> Group<'a> {
    /// The finding that the group is named after.
    #[must_use]
    pub fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    /// All documents, each once, sorted by number.
    #[must_use]
    pub fn documents(&self) -> BTreeSet<DocId> {
        let found = self.findings.iter().flat_map(|finding| &finding.places).map(|place| place.document);
        found.chain(self.copies.iter().map(|copy| copy.0)).collect()
    }
}

/// The findings of an outcome, grouped and sorted by kind.
#[must_use]
pub fn groups(outcome: &Outcome) -> Vec<Group<'_>> {
    let mut events = Events::of(outcome);
    let mut at: AHashMap<(Kind, DocId), usize> = AHashMap::new();
    let mut groups: Vec<Group<'_>> = vec![];
    let mut numbers: AHashMap<Kind, usize> = AHashMap::new();
    for finding in &outcome.findings {
        let kind = Kind::of(finding.rule);
        let together = match kind {
            Kind::Cluster => finding.keep.map(|keep| finding.places[keep].document),
            Kind::Event => Some(events.root(finding.places[0].document)),
            Kind::Contained | Kind::Passage => None,
        };
        let known = together.and_then(|document| at.get(&(kind, document)).copied());
        if let Some(i) = known {
            groups[i].findings.push(finding);
            continue;
        }
        if let Some(document) = together {
            at.insert((kind, document), groups.len());
        }
        let number = numbers.entry(kind).or_default();
        *number += 1;
        groups.push(Group { kind, number: *number, findings: vec![finding], copies: vec![] });
    }
    for (copy, keep) in std::mem::take(&mut events.copies) {
        if let Some(&i) = at.get(&(Kind::Event, events.root(keep))) {
            groups[i].copies.push((copy, keep));
        }
    }
    groups.sort_by_key(|group| (group.kind, group.number));
    groups
}

/// Which documents report one event: those of cross-language pairs, joined
/// with the clusters that they touch.
struct Events {
    components: Components,
    /// Members of clusters that an event touches, with the kept document.
    copies: Vec<(DocId, DocId)>,
}

impl Events {
    fn of(outcome: &Outcome) -> Self {
        let pairs = outcome.findings.iter().filter(|finding| finding.rule == Rule::CrossLanguagePair);
        let pairs = pairs.flat_map(|finding| finding.places.windows(2));
        let pairs: Vec<(u32, u32)> =
            pairs.map(|places| (places[0].document.0, places[1].document.0)).collect();
        let copies: Vec<(u32, u32)> = outcome
            .clusters
            .iter()
            .flat_map(|cluster| cluster.others.iter().map(|&other| (other, cluster.keep)))
            .collect();
        let mut components = Components::of(pairs.iter().chain(&copies).copied());
        let reported: AHashSet<u32> = pairs.iter().map(|&(left, _)| components.name(left)).collect();
        let is_reported = |&(_, keep): &(u32, u32)| reported.contains(&components.name(keep));
        let copies = copies.into_iter().filter(is_reported);
        Self { copies: copies.map(|(copy, keep)| (DocId(copy), DocId(keep))).collect(), components }
    }

    fn root(&mut self, document: DocId) -> DocId {
        DocId(self.components.name(document.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[track_caller]
    fn check(outcome: &Outcome, expected: &[(Kind, usize, &[&str])]) {
        let groups = groups(outcome);
        let found: Vec<(Kind, usize, Vec<&str>)> = groups
            .iter()
            .map(|group| {
                let documents = group.documents();
                (
                    group.kind,
                    group.findings.len(),
                    documents.into_iter().map(|document| outcome.id(document)).collect(),
                )
            })
            .collect();
        let expected: Vec<(Kind, usize, Vec<&str>)> =
            expected.iter().map(|(kind, n, documents)| (*kind, *n, documents.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn copies_of_one_document_are_one_cluster_and_an_event_takes_them_in() {
        let mut sample = sample::Sample::new();
        sample.near("a", "aa", 9, 10).near("a", "aaa", 8, 10).near("b", "bb", 9, 10);
        sample.pair("a", "e", 0.9).pair("x", "y", 0.8).pair("aa", "f", 0.7);
        check(
            &sample.outcome(),
            &[
                (Kind::Cluster, 2, &["a", "aa", "aaa"]),
                (Kind::Cluster, 1, &["b", "bb"]),
                (Kind::Event, 2, &["a", "aa", "aaa", "e", "f"]),
                (Kind::Event, 1, &["x", "y"]),
            ],
        );
    }
}
