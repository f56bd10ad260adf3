//! Decides which pairs are reported.

use super::score::{Measures, Weighed};
use super::Pairing;

/// What is asked of [`super::pair`].
#[derive(Clone, Debug)]
pub struct CrossOptions {
    /// The two languages, as ISO 639-1 codes; the first is the left one.
    pub languages: (String, String),
    /// Pairs are accepted from this score on.
    pub min_score: f64,
    /// A document gets at most one partner.
    pub one_to_one: bool,
    /// Each document's best so many, accepted or not.
    pub candidates: Option<usize>,
}

impl Default for CrossOptions {
    fn default() -> Self {
        Self { languages: ("de".into(), "en".into()), min_score: 0.5, one_to_one: false, candidates: None }
    }
}

/// mean of the best five
fn top(values: &mut Vec<f32>) -> f32 {
    values.sort_by(|a, b| b.total_cmp(a));
    values.resize(5, 0.02);
    values.iter().sum::<f32>() / 5.0
}

/// Scores and decides.
pub fn assign(
    lefts: &[u32],
    rights: &[u32],
    left: &[Weighed<'_>],
    right: &[Weighed<'_>],
    candidates: &[Vec<u32>],
    measured: &[Vec<Measures>],
    options: &CrossOptions,
) -> Vec<Pairing> {
    let s = |m: &Measures| m.similarity + 0.5 * m.sentences;
    let row: Vec<f32> = measured.iter().map(|row| top(&mut row.iter().map(s).collect())).collect();
    let mut columns = vec![vec![]; right.len()];
    for (numbers, measures) in candidates.iter().zip(measured) {
        for (&number, m) in numbers.iter().zip(measures) {
            columns[number as usize].push(s(m));
        }
    }
    let column: Vec<f32> = columns.iter_mut().map(top).collect();
    let _ = left;
    let mut pairings = vec![];
    for (i, (numbers, measures)) in candidates.iter().zip(measured).enumerate() {
        for (&number, m) in numbers.iter().zip(measures) {
            let hubs = [row[i], column[number as usize]];
            let ratio = f64::from(2.0 * s(m) / (hubs[0] + hubs[1]));
            let logit = 6.0 * (ratio - 1.6) + 4.0 * f64::from(s(m) - 0.25) + 0.5 * f64::from(m.event);
            let score = 1.0 / (1.0 + (-logit).exp());
            pairings.push(Pairing {
                left: lefts[i],
                right: rights[number as usize],
                score,
                accepted: score >= options.min_score,
                evidence: vec![],
                measures: *m,
                hubs,
            });
        }
    }
    pairings.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.left, a.right).cmp(&(b.left, b.right))));
    if options.one_to_one {
        let mut used = (ahash::AHashSet::new(), ahash::AHashSet::new());
        for pairing in &mut pairings {
            if pairing.accepted && (used.0.contains(&pairing.left) || used.1.contains(&pairing.right)) {
                pairing.accepted = false;
            }
            if pairing.accepted {
                used.0.insert(pairing.left);
                used.1.insert(pairing.right);
            }
        }
    }
    match options.candidates {
        None => pairings.retain(|pairing| pairing.accepted),
        Some(k) => {
            let mut n: ahash::AHashMap<u32, usize> = ahash::AHashMap::new();
            pairings.retain(|pairing| {
                let n = n.entry(pairing.left).or_default();
                *n += 1;
                *n <= k || pairing.accepted
            });
        }
    }
    pairings
}
