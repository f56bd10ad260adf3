//! Measures how alike two documents are.
//!
//! Two numbers say it: the cosine of the rarity-weighted vectors, which asks
//! whether the whole is about the same, and the mean cosine of the best three
//! disjoint pairs of sentences, which a difference in length does not touch.

use super::background;
use super::profile::{ONE, Profile};

/// A profile with the rarities of a corpus.
#[derive(Debug)]
pub struct Weighed<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// One a feature.
    pub weights: Box<[f32]>,
    /// Length of the whole vector.
    pub norm: f32,
    /// Length of each sentence's vector.
    pub sentence_norms: Box<[f32]>,
}

/// What is measured of a pair before it is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Cosine of the rarity-weighted vectors, in 0..=1.
    pub similarity: f32,
    /// Mean cosine of the best disjoint sentence pairs, in 0..=1.
    pub sentences: f32,
    /// What all that both hold tells by itself, in nats; infinite where the
    /// pair has no chance anyway.
    pub shared: f32,
    /// What else the more sought-after of the two might be paired with: the
    /// likeness of the strongest other candidate.
    pub rival: f32,
}

/// What the sentences count beside the whole.
const SENTENCES: f32 = 0.4;

impl Measures {
    /// How alike the documents are, as one number from 0 to 1.4.
    #[must_use]
    pub fn likeness(&self) -> f32 {
        self.similarity + SENTENCES * self.sentences
    }
}

impl<'a> Weighed<'a> {
    /// A profile with a weight for each of its features.
    pub fn of(profile: &'a Profile, weights: Box<[f32]>) -> Self {
        let norm = norm(&weights);
        let mut sentence_norms = vec![0f32; usize::from(profile.n_sentences)];
        for (at, weight) in weights.iter().enumerate() {
            let here = profile.sentences_of(at);
            let once = once(*weight, here.len());
            for &sentence in here {
                sentence_norms[usize::from(sentence)] += once * once;
            }
        }
        sentence_norms.iter_mut().for_each(|norm| *norm = norm.sqrt().max(MIN_NORM));
        Self { profile, weights, norm, sentence_norms: sentence_norms.into() }
    }
}

/// The length of a whole vector, a little above zero at least.
pub fn norm(weights: &[f32]) -> f32 {
    weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-6)
}

/// The weight of one mention of a feature that stands in `n` sentences.
fn once(weight: f32, n: usize) -> f32 {
    if n <= 1 { weight } else { weight / (1.0 + DAMPING * (n as f32).ln()) }
}

/// How much a feature gains by being repeated; the same as in `profile`.
pub const DAMPING: f32 = 0.2;

/// A sentence is at least so long in weight; short ones are alike by chance.
const MIN_NORM: f32 = 8.0;

/// Hands every feature that both documents hold to `take`, as its place in
/// each, in the order of features.
pub fn shared(left: &Weighed<'_>, right: &Weighed<'_>, mut take: impl FnMut(usize, usize)) {
    let (a, b) = (&left.profile.features, &right.profile.features);
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        if x == y {
            take(i, j);
        }
        // Which side is behind is anyone's guess, so nothing branches on it.
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
}

/// Measures the whole; sentences and rivals are left for later.
pub fn measure(left: &Weighed<'_>, right: &Weighed<'_>) -> Measures {
    let mut measures = Measures { shared: f32::INFINITY, ..Measures::default() };
    shared(left, right, |i, j| {
        let product = left.weights[i] * right.weights[j];
        measures.similarity += product;
    });
    measures.similarity /= left.norm * right.norm;
    // Until it is measured, the sentences are taken to be like the whole.
    measures.sentences = measures.similarity;
    measures
}

/// What all that both hold tells by itself, in nats: how surprising it would
/// be in one document of the background. Looser forms of a fact add little.
pub fn surprise(left: &Weighed<'_>, right: &Weighed<'_>) -> f32 {
    let mut sum = 0.0;
    shared(left, right, |i, j| {
        let weight = left.profile.weights[i].min(right.profile.weights[j]).min(ONE as u16);
        sum += f32::from(weight) / ONE * background::surprise(left.profile.features[i]);
    });
    sum
}

/// The cosine of two documents of whatever languages.
pub fn cosine(left: &Weighed<'_>, right: &Weighed<'_>) -> f32 {
    measure(left, right).similarity
}

/// Sentence pairs that count.
const N_SENTENCES: usize = 3;

/// The mean cosine of the best sentence pairs, no sentence used twice. `grid`
/// is a buffer.
pub fn best_sentences(left: &Weighed<'_>, right: &Weighed<'_>, grid: &mut Vec<f32>) -> f32 {
    let n_right = right.sentence_norms.len();
    grid.clear();
    grid.resize(left.sentence_norms.len() * n_right, 0.0);
    shared(left, right, |i, j| {
        let (in_left, in_right) = (left.profile.sentences_of(i), right.profile.sentences_of(j));
        let product = once(left.weights[i], in_left.len()) * once(right.weights[j], in_right.len());
        for &x in in_left {
            let row = usize::from(x) * n_right;
            for &y in in_right {
                grid[row + usize::from(y)] += product;
            }
        }
    });
    for (row, left_norm) in grid.chunks_exact_mut(n_right.max(1)).zip(&left.sentence_norms) {
        for (cell, right_norm) in row.iter_mut().zip(&right.sentence_norms) {
            *cell /= left_norm * right_norm;
        }
    }
    let mut sum = 0.0;
    for _ in 0..N_SENTENCES {
        let best = grid
            .iter()
            .enumerate()
            .fold((0, 0.0), |best, (at, &cell)| if cell > best.1 { (at, cell) } else { best });
        if best.1 <= 0.0 {
            break;
        }
        sum += best.1;
        let (x, y) = (best.0 / n_right, best.0 % n_right);
        grid[x * n_right..(x + 1) * n_right].fill(0.0);
        grid.iter_mut().skip(y).step_by(n_right).for_each(|cell| *cell = 0.0);
    }
    sum / N_SENTENCES as f32
}
