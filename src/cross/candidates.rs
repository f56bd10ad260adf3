//! Finds the documents that may report the same event.
//!
//! Every document of the first language walks the posting lists of its rare
//! features and keeps the few documents that collect most weight.

use super::index::Index;
use super::score::{self, Measures, Weighed};
use rayon::prelude::*;

/// Candidates of one document.
const N_CANDIDATES: usize = 20;

/// Candidates of a document whose sentences are compared.
const N_COMPARED: usize = 6;

/// Measures every candidate.
pub fn measure(left: &[Weighed<'_>], right: &[Weighed<'_>], candidates: &[Vec<u32>]) -> Vec<Vec<Measures>> {
    let measure_row = |grid: &mut Vec<f32>, (numbers, document): (&Vec<u32>, &Weighed<'_>)| {
        let rights: Vec<&Weighed<'_>> = numbers.iter().map(|&number| &right[number as usize]).collect();
        measure_row(document, &rights, grid)
    };
    candidates.par_iter().zip(left).map_init(Vec::new, measure_row).collect()
}

/// Measures the candidates of one document, which come by number; the
/// sentences of the best ones only. `grid` is a buffer.
pub fn measure_row(document: &Weighed<'_>, rights: &[&Weighed<'_>], grid: &mut Vec<f32>) -> Vec<Measures> {
    let mut measured: Vec<Measures> = rights.iter().map(|right| score::measure(document, right)).collect();
    let mut ranked: Vec<usize> = (0..measured.len()).collect();
    ranked.sort_unstable_by(|&a, &b| {
        let by_similarity = measured[b].similarity.total_cmp(&measured[a].similarity);
        let content = |at: usize| rights[at].profile.content;
        by_similarity.then_with(|| (content(a), a).cmp(&(content(b), b)))
    });
    for at in ranked.into_iter().take(N_COMPARED) {
        measured[at].sentences = score::best_sentences(document, rights[at], grid);
    }
    measured
}

/// For each left document the numbers of its best right ones, by number.
pub fn candidates(left: &[Weighed<'_>], right: &[Weighed<'_>], index: &Index) -> Vec<Vec<u32>> {
    let make = || (vec![0f32; right.len()], vec![]);
    left.par_iter()
        .map_init(make, |(sums, touched), document| best(document, right, index, sums, touched))
        .collect()
}

fn best(
    document: &Weighed<'_>,
    right: &[Weighed<'_>],
    index: &Index,
    sums: &mut [f32],
    touched: &mut Vec<u32>,
) -> Vec<u32> {
    for (at, &feature) in document.profile.features.iter().enumerate() {
        let Some(found) = index.find(feature) else { continue };
        let weight = document.weights[at];
        for posting in index.postings(found) {
            let product = weight * posting.weight;
            let sum = &mut sums[posting.right as usize];
            // What weighs nothing leaves no trace to see that it was touched.
            if *sum == 0.0 && product > 0.0 {
                touched.push(posting.right);
            }
            *sum += product;
        }
    }
    let mut ranked: Vec<Ranked<u32>> = touched
        .drain(..)
        .map(|number| {
            let sum = std::mem::take(&mut sums[number as usize]);
            let other = &right[number as usize];
            Ranked { worth: worth(sum, other.norm), content: other.profile.content, number }
        })
        .collect();
    keep_best(&mut ranked);
    let mut numbers: Vec<u32> = ranked.into_iter().map(|ranked| ranked.number).collect();
    numbers.sort_unstable();
    numbers
}

/// A candidate of one document.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<N> {
    /// What it is ranked by, above all.
    pub worth: f32,
    /// Of equals the one with the smaller content hash comes first.
    pub content: u64,
    /// Of equal texts the one with the smaller number comes first.
    pub number: N,
}

/// What a candidate is ranked by: the weight it shares with the document, for
/// its own length.
pub fn worth(sum: f32, norm: f32) -> f32 {
    sum / norm
}

/// Leaves the best candidates of a document, in any order.
pub fn keep_best<N: Ord>(ranked: &mut Vec<Ranked<N>>) {
    if ranked.len() > N_CANDIDATES {
        ranked.select_nth_unstable_by(N_CANDIDATES - 1, |a, b| {
            b.worth.total_cmp(&a.worth).then_with(|| (a.content, &a.number).cmp(&(b.content, &b.number)))
        });
        ranked.truncate(N_CANDIDATES);
    }
}

/// Leaves the candidates that may be among the best by worth alone: those, and
/// the equals of the last of them.
pub fn keep_best_and_equals<N>(ranked: &mut Vec<Ranked<N>>) {
    if ranked.len() > N_CANDIDATES {
        let by_worth = |a: &Ranked<N>, b: &Ranked<N>| b.worth.total_cmp(&a.worth);
        let least = ranked.select_nth_unstable_by(N_CANDIDATES - 1, by_worth).1.worth;
        ranked.retain(|ranked| ranked.worth >= least);
    }
}
