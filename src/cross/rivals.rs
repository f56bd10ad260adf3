//! What else each document of a pair might be paired with.
//!
//! A document that is somewhat like many others says little when it is like
//! one more, so a pair is judged beside its strongest rival: the best other
//! candidate of either document. In a small folder there may be none; then a
//! usual one stands in, as strong as the best stranger among some hundred
//! reports, so that five documents are judged like five thousand.

use super::score::Measures;

/// Likeness of the best stranger among some hundred reports.
const USUAL: f32 = 0.1;

/// The two best candidates of a document: who is best, and how alike both are.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    first: Option<u32>,
    likeness: [f32; 2],
}

impl Best {
    fn add(&mut self, number: u32, likeness: f32) {
        if likeness > self.likeness[0] {
            self.likeness[1] = self.likeness[0];
            self.likeness[0] = likeness;
            self.first = Some(number);
        } else if likeness > self.likeness[1] {
            self.likeness[1] = likeness;
        }
    }

    /// The best candidate but `partner`.
    fn without(&self, partner: u32) -> f32 {
        if self.first == Some(partner) { self.likeness[1] } else { self.likeness[0] }
    }
}

/// Fills in the rivals of every measured pair; `candidates` holds the numbers
/// of the right documents that `measured` is about.
pub fn find(candidates: &[Vec<u32>], measured: &mut [Vec<Measures>], n_right: usize) {
    let mut rows = vec![Best::default(); candidates.len()];
    let mut columns = vec![Best::default(); n_right];
    for (i, (numbers, measures)) in candidates.iter().zip(measured.iter()).enumerate() {
        for (&number, measures) in numbers.iter().zip(measures) {
            rows[i].add(number, measures.likeness());
            columns[number as usize].add(i as u32, measures.likeness());
        }
    }
    for (i, (numbers, measures)) in candidates.iter().zip(measured).enumerate() {
        for (&number, measures) in numbers.iter().zip(measures) {
            let others = [rows[i].without(number), columns[number as usize].without(i as u32)];
            measures.rival = others.into_iter().fold(USUAL, f32::max);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(similarity: f32) -> Measures {
        Measures { similarity, ..Measures::default() }
    }

    #[test]
    fn a_pair_is_not_its_own_rival() {
        let mut measured = vec![vec![alike(0.8), alike(0.3)], vec![alike(0.2)]];
        find(&[vec![0, 1], vec![1]], &mut measured, 2);
        assert_eq!(measured[0][0].rival, 0.3);
        assert_eq!(measured[0][1].rival, 0.8);
        assert_eq!(measured[1][0].rival, 0.3);
    }

    #[test]
    fn two_documents_alone_have_a_usual_rival() {
        let mut measured = vec![vec![alike(0.8)]];
        find(&[vec![0]], &mut measured, 1);
        assert_eq!(measured[0][0].rival, USUAL);
    }
}
