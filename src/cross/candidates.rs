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

/// Measures every candidate; the sentences of the best ones only.
pub fn measure(left: &[Weighed<'_>], right: &[Weighed<'_>], candidates: &[Vec<u32>]) -> Vec<Vec<Measures>> {
    let measure_row = |grid: &mut Vec<f32>, (numbers, document): (&Vec<u32>, &Weighed<'_>)| {
        let mut measured: Vec<Measures> =
            numbers.iter().map(|&number| score::measure(document, &right[number as usize])).collect();
        let mut ranked: Vec<usize> = (0..measured.len()).collect();
        ranked.sort_unstable_by(|&a, &b| {
            let content = |at: usize| right[numbers[at] as usize].profile.content;
            let by_similarity = measured[b].similarity.total_cmp(&measured[a].similarity);
            by_similarity.then_with(|| content(a).cmp(&content(b)))
        });
        for at in ranked.into_iter().take(N_COMPARED) {
            measured[at].sentences = score::best_sentences(document, &right[numbers[at] as usize], grid);
        }
        measured
    };
    candidates.par_iter().zip(left).map_init(Vec::new, measure_row).collect()
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
            let sum = &mut sums[posting.right as usize];
            if *sum == 0.0 {
                touched.push(posting.right);
            }
            *sum += weight * posting.weight;
        }
    }
    let mut ranked: Vec<(f32, u64, u32)> = touched
        .drain(..)
        .map(|number| {
            let sum = std::mem::take(&mut sums[number as usize]);
            let other = &right[number as usize];
            (sum / other.norm.max(1e-6), other.profile.content, number)
        })
        .collect();
    let by_rank = |a: &(f32, u64, u32), b: &(f32, u64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if ranked.len() > N_CANDIDATES {
        ranked.select_nth_unstable_by(N_CANDIDATES - 1, by_rank);
        ranked.truncate(N_CANDIDATES);
    }
    let mut numbers: Vec<u32> = ranked.into_iter().map(|(_, _, number)| number).collect();
    numbers.sort_unstable();
    numbers
}
