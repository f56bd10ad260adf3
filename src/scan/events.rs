//! Which documents report one event: those of accepted pairs, and their
//! near-duplicates in the same language.
//!
//! The near-duplicates are those that a scan with the same settings finds
//! among the documents of each language, so an event takes in a copy that is
//! too short, or too far from the partner, to be paired by itself.

use super::cross::Paired;
use super::{Find, Scan};
use crate::components::Components;
use crate::corpus::{Corpus, DocId, Progress};
use crate::error::Result;
use ahash::AHashMap;

/// Which documents report one event.
#[derive(Debug, Default)]
pub struct Events {
    /// The documents of each event of two or more, sorted by id.
    members: Vec<Vec<DocId>>,
    number: AHashMap<DocId, usize>,
}

impl Events {
    /// Joins the documents of accepted pairs with the near-duplicates that
    /// `scan` finds among the documents of one language.
    ///
    /// # Errors
    ///
    /// Those of [`Scan::run`].
    pub fn of(paired: &Paired, scan: &Scan, corpus: &Corpus, progress: &dyn Progress) -> Result<Self> {
        let near = scan.clone().find(Find::TABLES).per_language().run(corpus, progress)?;
        let known: AHashMap<&str, u32> = paired.ids.all().map(|(document, id)| (id, document.0)).collect();
        let number = |document: u32| known.get(near.id(DocId(document))).copied();
        let copies = near.pairs.iter().filter_map(|pair| Some((number(pair.left)?, number(pair.right)?)));
        Ok(Self::joined(paired, copies))
    }

    fn joined(paired: &Paired, copies: impl Iterator<Item = (u32, u32)>) -> Self {
        let accepted = paired.pairings.iter().filter(|pairing| pairing.accepted);
        let mut components = Components::of(accepted.clone().map(|pair| (pair.left, pair.right)));
        copies.for_each(|(a, b)| components.join(a, b));
        let mut by_name: AHashMap<u32, Vec<DocId>> =
            accepted.map(|pairing| (components.name(pairing.left), vec![])).collect();
        for document in 0..paired.ids.len() as u32 {
            if let Some(members) = by_name.get_mut(&components.name(document)) {
                members.push(DocId(document));
            }
        }
        let mut members: Vec<Vec<DocId>> = by_name.into_values().collect();
        for members in &mut members {
            members.sort_unstable_by_key(|&document| paired.ids.get(document));
        }
        members.sort_unstable_by_key(|members| paired.ids.get(members[0]));
        let of_event = |(number, members): (usize, &Vec<DocId>)| {
            members.iter().map(move |&document| (document, number)).collect::<Vec<_>>()
        };
        let number = members.iter().enumerate().flat_map(of_event).collect();
        Self { members, number }
    }

    /// All documents of the event that a document reports, sorted by id; none
    /// where no pair with it or a copy of it was accepted.
    #[must_use]
    pub fn members(&self, document: DocId) -> &[DocId] {
        self.number.get(&document).map_or(&[], |&number| &self.members[number])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::{Measures, Pairing};

    #[track_caller]
    fn check(pairs: &[(u32, u32, bool)], copies: &[(u32, u32)], expected: [&str; 6]) {
        let mut paired = Paired::default();
        for id in ["f", "e", "d", "c", "b", "a"] {
            paired.ids.push(id);
        }
        let pairing = |&(left, right, accepted): &(u32, u32, bool)| Pairing {
            left,
            right,
            score: 0.9,
            accepted,
            evidence: vec![],
            measures: Measures::default(),
        };
        paired.pairings = pairs.iter().map(pairing).collect();
        let events = Events::joined(&paired, copies.iter().copied());
        let of = |document: u32| -> String {
            events.members(DocId(document)).iter().map(|&member| paired.ids.get(member)).collect()
        };
        assert_eq!([0, 1, 2, 3, 4, 5].map(of), expected);
    }

    #[test]
    fn pairs_that_share_a_document_are_one_event() {
        check(&[(0, 1, true), (2, 1, true), (3, 4, true)], &[], ["def", "def", "def", "bc", "bc", ""]);
    }

    #[test]
    fn a_copy_of_a_report_belongs_to_its_event_and_joins_two() {
        check(&[(0, 1, true)], &[(1, 5)], ["aef", "aef", "", "", "", "aef"]);
        check(&[(0, 1, true), (2, 3, true)], &[(1, 3)], ["cdef", "cdef", "cdef", "cdef", "", ""]);
    }

    #[test]
    fn what_was_not_accepted_joins_nothing_and_copies_alone_are_no_event() {
        check(&[(0, 1, false)], &[(2, 3)], [""; 6]);
    }
}
