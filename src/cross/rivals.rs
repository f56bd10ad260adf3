//! What else each document of a pair might be paired with.
//!
//! A document that is somewhat like many others says little when it is like
//! one more, so a pair is judged beside its strongest rival: the best other
//! candidate of either document. A rival that is nearly the partner itself, a
//! second report of the same event in the same language, counts for
//! less, unless a document may have one partner only. In a small folder there may be no
//! rival; then a usual one stands in, so that five documents are judged like
//! five thousand.

use super::score::{Measures, Weighed, cosine};
use rayon::prelude::*;

/// Likeness of the best stranger among some hundred reports.
const USUAL: f32 = 0.1;

/// Rivals of a document that are looked at.
const N_RIVALS: usize = 4;

/// Documents of one language up to this cosine report two events, and from
/// the second on surely one.
const ONE_EVENT: [f32; 2] = [0.6, 0.9];

/// What a rival loses that is nearly the partner itself. Not all: two reports
/// that much alike are as often two copies of the same look-alike.
const DISCOUNT: f32 = 0.25;

/// A pair less alike than this is not worth a closer look at its rivals.
const MIN_LIKENESS: f32 = 0.16;

/// The best candidates of a document, best first; of equals the one with the
/// smaller content hash.
#[derive(Clone, Copy, Debug)]
struct Best([Candidate; N_RIVALS + 1]);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    number: u32,
    content: u64,
    likeness: f32,
}

/// Worse than every candidate.
const NOBODY: Candidate = Candidate { number: u32::MAX, content: u64::MAX, likeness: 0.0 };

impl Best {
    fn add(&mut self, candidate: Candidate) {
        let is_better = |known: &Candidate| {
            let by_likeness = candidate.likeness.total_cmp(&known.likeness);
            by_likeness.then(known.content.cmp(&candidate.content)).is_gt()
        };
        let Some(place) = self.0.iter().position(is_better) else { return };
        self.0[place..].rotate_right(1);
        self.0[place] = candidate;
    }

    /// The candidates but `partner`.
    fn without(&self, partner: u32) -> impl Iterator<Item = (u32, f32)> {
        let others = self.0.into_iter().filter(move |other| other.number != partner && other.likeness > 0.0);
        others.map(|other| (other.number, other.likeness))
    }
}

/// Fills in the rivals of every measured pair; `candidates` holds the numbers
/// of the right documents that `measured` is about.
pub fn find(
    left: &[Weighed<'_>],
    right: &[Weighed<'_>],
    candidates: &[Vec<u32>],
    measured: &mut [Vec<Measures>],
    one_to_one: bool,
) {
    let none = Best([NOBODY; N_RIVALS + 1]);
    let (mut rows, mut columns) = (vec![none; left.len()], vec![none; right.len()]);
    for (i, (numbers, measures)) in candidates.iter().zip(measured.iter()).enumerate() {
        for (&number, measures) in numbers.iter().zip(measures) {
            let likeness = measures.likeness();
            let content = right[number as usize].profile.content;
            rows[i].add(Candidate { number, content, likeness });
            let content = left[i].profile.content;
            columns[number as usize].add(Candidate { number: i as u32, content, likeness });
        }
    }
    measured.par_iter_mut().zip(candidates).enumerate().for_each(|(i, (measures, numbers))| {
        for (&number, measures) in numbers.iter().zip(measures) {
            let closer = !one_to_one && measures.likeness() > MIN_LIKENESS;
            let in_row = strongest(rows[i].without(number), number, right, closer);
            let in_column = strongest(columns[number as usize].without(i as u32), i as u32, left, closer);
            measures.rival = in_row.max(in_column);
        }
    });
}

/// Likeness of the strongest rival; of nearly the partner itself where `closer`.
fn strongest(
    rivals: impl Iterator<Item = (u32, f32)>,
    partner: u32,
    documents: &[Weighed<'_>],
    closer: bool,
) -> f32 {
    let mut best = USUAL;
    for (number, likeness) in rivals {
        if likeness <= best {
            break;
        }
        let share =
            if closer { otherness(&documents[partner as usize], &documents[number as usize]) } else { 1.0 };
        best = best.max(likeness * share);
    }
    best
}

/// What a rival keeps that may report the same event as the partner.
fn otherness(a: &Weighed<'_>, b: &Weighed<'_>) -> f32 {
    let [two, one] = ONE_EVENT;
    1.0 - DISCOUNT * ((cosine(a, b) - two) / (one - two)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_order() {
        let mut best = Best([NOBODY; N_RIVALS + 1]);
        for (number, likeness) in [(1, 0.2), (2, 0.8), (3, 0.1), (4, 0.5), (5, 0.3), (6, 0.4), (7, 0.05)] {
            best.add(Candidate { number, content: 0, likeness });
        }
        let numbers: Vec<u32> = best.without(4).map(|rival| rival.0).collect();
        assert_eq!(numbers, [2, 6, 5, 1]);
    }

    #[test]
    fn a_pair_alone_has_a_usual_rival() {
        assert_eq!(strongest(std::iter::empty(), 0, &[], true), USUAL);
    }

    #[test]
    fn the_strongest_rival_counts() {
        assert_eq!(strongest([(1, 0.6), (2, 0.5)].into_iter(), 0, &[], false), 0.6);
    }
}
