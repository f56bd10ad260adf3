//! Decides which pairs are reported.
//!
//! Many to many unless asked otherwise, since several agencies report one
//! event. One to one goes by score, best pair first, which measured as well as
//! the best assignment of all. Equal scores are ordered by the content of the
//! documents, so the order of the input decides nothing.

use super::Pairing;
use super::profile::Profile;
use ahash::{AHashMap, AHashSet};

/// What is asked of [`super::pair`].
#[derive(Clone, Debug)]
pub struct CrossOptions {
    /// The two languages, as ISO 639-1 codes; the first is the left one.
    pub languages: (String, String),
    /// Pairs are accepted from this score on, in 0..=1.
    pub min_score: f64,
    /// A document gets at most one partner.
    pub one_to_one: bool,
    /// Give the best so many of each document, accepted or not.
    pub candidates: Option<usize>,
    /// Whether pairs come with their evidence.
    pub evidence: bool,
}

impl Default for CrossOptions {
    fn default() -> Self {
        Self {
            languages: ("de".into(), "en".into()),
            min_score: 0.5,
            one_to_one: false,
            candidates: None,
            evidence: true,
        }
    }
}

/// Sorts the pairs, accepts what may be accepted and drops what was not asked for.
pub fn assign(pairings: &mut Vec<Pairing>, profiles: &[Profile], options: &CrossOptions) {
    let content = |document: u32| profiles[document as usize].content;
    pairings.sort_by(|a, b| {
        let by_content = || (content(a.left), content(a.right)).cmp(&(content(b.left), content(b.right)));
        b.score
            .total_cmp(&a.score)
            .then_with(by_content)
            .then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
    });
    let (mut left_taken, mut right_taken) = (AHashSet::new(), AHashSet::new());
    for pairing in pairings.iter_mut() {
        let is_free = !left_taken.contains(&pairing.left) && !right_taken.contains(&pairing.right);
        pairing.accepted = pairing.score >= options.min_score && (is_free || !options.one_to_one);
        if pairing.accepted && options.one_to_one {
            left_taken.insert(pairing.left);
            right_taken.insert(pairing.right);
        }
    }
    match options.candidates {
        None => pairings.retain(|pairing| pairing.accepted),
        Some(k) => keep_best(pairings, k),
    }
}

/// Keeps the best `k` of each document of either side, and what is accepted.
fn keep_best(pairings: &mut Vec<Pairing>, k: usize) {
    let mut n_left: AHashMap<u32, usize> = AHashMap::new();
    pairings.retain(|pairing| {
        let n_left = n_left.entry(pairing.left).or_default();
        *n_left += 1;
        *n_left <= k || pairing.accepted
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cross::{Lexicon, Measures};

    fn pairing(left: u32, right: u32, score: f64) -> Pairing {
        Pairing { left, right, score, accepted: false, evidence: vec![], measures: Measures::default() }
    }

    fn check(options: &CrossOptions, expected: &[(u32, u32, bool)]) {
        let lexicon = Lexicon::empty("de", "en");
        let profiles: Vec<Profile> =
            ["a", "b", "c", "d"].iter().map(|text| Profile::of(text, "en", None, &lexicon)).collect();
        let mut pairings =
            vec![pairing(0, 3, 0.2), pairing(0, 2, 0.8), pairing(1, 2, 0.9), pairing(1, 3, 0.6)];
        assign(&mut pairings, &profiles, options);
        let found: Vec<(u32, u32, bool)> =
            pairings.iter().map(|found| (found.left, found.right, found.accepted)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn many_may_report_one_event() {
        check(&CrossOptions::default(), &[(1, 2, true), (0, 2, true), (1, 3, true)]);
    }

    #[test]
    fn one_to_one_gives_each_document_one_partner() {
        check(&CrossOptions { one_to_one: true, ..CrossOptions::default() }, &[(1, 2, true)]);
    }

    #[test]
    fn candidates_are_given_though_not_accepted() {
        let options = CrossOptions { candidates: Some(2), min_score: 0.7, ..CrossOptions::default() };
        check(&options, &[(1, 2, true), (0, 2, true), (1, 3, false), (0, 3, false)]);
    }
}
