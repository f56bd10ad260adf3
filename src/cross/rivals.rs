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
/// smaller content hash, then with the smaller number.
#[derive(Clone, Copy, Debug)]
pub struct Best([Candidate; N_BEST]);

/// Candidates of a document that may be rivals: one of them may be the partner.
pub const N_BEST: usize = N_RIVALS + 1;

/// A candidate of a document as a rival of its others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its number among the documents of its language.
    pub number: u32,
    /// Hash of its text.
    pub content: u64,
    /// How alike it is to the document.
    pub likeness: f32,
}

/// Worse than every candidate.
const NOBODY: Candidate = Candidate { number: u32::MAX, content: u64::MAX, likeness: 0.0 };

impl Default for Best {
    fn default() -> Self {
        Self([NOBODY; N_BEST])
    }
}

impl Best {
    /// Takes in a candidate if it is among the best so far.
    pub fn add(&mut self, candidate: Candidate) {
        let is_better = |known: &Candidate| {
            let by_likeness = candidate.likeness.total_cmp(&known.likeness);
            let of_known = (known.content, known.number);
            by_likeness.then(of_known.cmp(&(candidate.content, candidate.number))).is_gt()
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
    let none = Best::default();
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
            let look = Look { likeness: measures.likeness(), one_to_one };
            let in_row = look.strongest(&rows[i], number, |other| cosine_of(right, number, other));
            let i = i as u32;
            let in_column = look.strongest(&columns[number as usize], i, |other| cosine_of(left, i, other));
            measures.rival = in_row.max(in_column);
        }
    });
}

fn cosine_of(documents: &[Weighed<'_>], a: u32, b: u32) -> f32 {
    cosine(&documents[a as usize], &documents[b as usize])
}

/// A pair whose rivals are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// How alike the two are.
    pub likeness: f32,
    /// Whether a document may have one partner only.
    pub one_to_one: bool,
}

impl Look {
    /// Whether it matters how much a rival is like the partner.
    pub fn is_close(self) -> bool {
        !self.one_to_one && self.likeness > MIN_LIKENESS
    }

    /// Whether the cosine of this candidate to others of the same document may
    /// matter, whatever the others are like.
    pub fn may_be_compared(self) -> bool {
        !self.one_to_one && (self.likeness > MIN_LIKENESS || is_rival(self.likeness, USUAL))
    }

    /// Likeness of the strongest of the `best` beside `partner`; less of what
    /// is nearly the partner itself, by its `cosine` to it.
    pub fn strongest(self, best: &Best, partner: u32, mut cosine: impl FnMut(u32) -> f32) -> f32 {
        let mut strongest = USUAL;
        for (number, likeness) in best.without(partner) {
            if !is_rival(likeness, strongest) {
                break;
            }
            let share = if self.is_close() { otherness(cosine(number)) } else { 1.0 };
            strongest = strongest.max(likeness * share);
        }
        strongest
    }
}

fn is_rival(likeness: f32, strongest: f32) -> bool {
    likeness > strongest
}

/// What a rival keeps that may report the same event as the partner, whom it
/// is like by this cosine.
fn otherness(cosine: f32) -> f32 {
    let [two, one] = ONE_EVENT;
    1.0 - DISCOUNT * ((cosine - two) / (one - two)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_in_order() {
        let mut best = Best::default();
        for (number, likeness) in [(1, 0.2), (2, 0.8), (3, 0.1), (4, 0.5), (5, 0.3), (6, 0.4), (7, 0.05)] {
            best.add(Candidate { number, content: 0, likeness });
        }
        let numbers: Vec<u32> = best.without(4).map(|rival| rival.0).collect();
        assert_eq!(numbers, [2, 6, 5, 1]);
    }

    fn of(candidates: &[(u32, f32)]) -> Best {
        let mut best = Best::default();
        for &(number, likeness) in candidates {
            best.add(Candidate { number, content: 0, likeness });
        }
        best
    }

    #[test]
    fn of_equals_the_one_with_the_smaller_number_is_better() {
        for order in [[(1, 0.2), (2, 0.2)], [(2, 0.2), (1, 0.2)]] {
            let numbers: Vec<u32> = of(&order).without(9).map(|rival| rival.0).collect();
            assert_eq!(numbers, [1, 2]);
        }
    }

    #[test]
    fn a_pair_alone_has_a_usual_rival() {
        let look = Look { likeness: 0.9, one_to_one: false };
        assert_eq!(look.strongest(&of(&[(0, 0.9)]), 0, |_| 1.0), USUAL);
    }

    #[test]
    fn the_strongest_rival_counts_and_less_if_it_is_nearly_the_partner() {
        let look = Look { likeness: 0.9, one_to_one: false };
        let best = of(&[(0, 0.9), (1, 0.6), (2, 0.5)]);
        assert_eq!(look.strongest(&best, 0, |_| 0.0), 0.6);
        assert_eq!(look.strongest(&best, 0, |rival| if rival == 1 { 1.0 } else { 0.0 }), 0.5);
        let one_to_one = Look { one_to_one: true, ..look };
        assert_eq!(one_to_one.strongest(&best, 0, |_| 1.0), 0.6);
    }

    #[test]
    fn a_weak_candidate_is_compared_with_nobody() {
        let may = |likeness| Look { likeness, one_to_one: false }.may_be_compared();
        assert!(may(0.5) && may(0.12) && !may(USUAL));
        let mut compared = vec![];
        let best = of(&[(0, 0.9), (1, 0.12), (2, USUAL)]);
        for (partner, likeness) in [(0, 0.9), (1, 0.12), (2, USUAL)] {
            let look = Look { likeness, one_to_one: false };
            look.strongest(&best, partner, |rival| {
                compared.push((partner, rival));
                0.0
            });
        }
        assert_eq!(compared, [(0, 1)]);
    }
}
