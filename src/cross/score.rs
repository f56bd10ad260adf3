//! How alike two documents are, and how sure that makes us.

use super::index::Index;
use super::profile::Profile;

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
    /// Cosine of the rarity-weighted vectors.
    pub similarity: f32,
    /// Mean cosine of the best disjoint sentence pairs.
    pub sentences: f32,
    /// The same, of the best alone.
    pub best_sentence: f32,
    /// Sum of the weights of what both hold.
    pub shared: f32,
    /// Shared weight in names and spelling.
    pub names: f32,
    /// Shared weight in numbers.
    pub numbers: f32,
    /// 1 where the event dates agree, -1 where they conflict.
    pub event: f32,
    /// Number of shared features.
    pub n_shared: f32,
    /// share of left / right mass that is shared
    pub cover_left: f32,
    /// share of right
    pub cover_right: f32,
}

impl<'a> Weighed<'a> {
    /// Weighs a profile.
    pub fn of(profile: &'a Profile, index: &Index) -> Self {
        let weights = index.weigh(profile);
        let norm = weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        let mut sentence_norms = vec![0f32; usize::from(profile.n_sentences)];
        for (at, weight) in weights.iter().enumerate() {
            let here = profile.sentences_of(at);
            let once = once(*weight, here.len());
            for &sentence in here {
                sentence_norms[usize::from(sentence)] += once * once;
            }
        }
        sentence_norms.iter_mut().for_each(|norm| *norm = norm.sqrt());
        Self { profile, weights, norm, sentence_norms: sentence_norms.into() }
    }
}

/// The weight of one mention of a feature that stands in `n` sentences.
fn once(weight: f32, n: usize) -> f32 {
    if n <= 1 { weight } else { weight / (1.0 + (n as f32).ln()) }
}

/// Measures a pair.
pub fn measure(left: &Weighed<'_>, right: &Weighed<'_>, grid: &mut Vec<f32>) -> Measures {
    let (a, b) = (left.profile, right.profile);
    let n_right = right.sentence_norms.len();
    grid.clear();
    grid.resize(left.sentence_norms.len() * n_right, 0.0);
    let mut measures = Measures::default();
    let (mut i, mut j) = (0, 0);
    let (mut mass_left, mut mass_right) = (0.0, 0.0);
    while i < a.features.len() && j < b.features.len() {
        match a.features[i].cmp(&b.features[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                let product = left.weights[i] * right.weights[j];
                measures.similarity += product;
                measures.n_shared += 1.0;
                mass_left += left.weights[i] * left.weights[i];
                mass_right += right.weights[j] * right.weights[j];
                let kind = a.features[i].kind();
                let root = product.sqrt();
                measures.shared += root;
                if matches!(kind, super::feature::Kind::Name | super::feature::Kind::Code) {
                    measures.names += root;
                }
                if kind.is_numeric() {
                    measures.numbers += root;
                }
                let (in_left, in_right) = (a.sentences_of(i), b.sentences_of(j));
                let product = once(left.weights[i], in_left.len()) * once(right.weights[j], in_right.len());
                for &x in in_left {
                    for &y in in_right {
                        grid[usize::from(x) * n_right + usize::from(y)] += product;
                    }
                }
                i += 1;
                j += 1;
            }
        }
    }
    measures.similarity /= (left.norm * right.norm).max(1e-6);
    measures.cover_left = mass_left / (left.norm * left.norm).max(1e-6);
    measures.cover_right = mass_right / (right.norm * right.norm).max(1e-6);
    (measures.sentences, measures.best_sentence) = best_sentences(left, right, grid);
    measures.event = match (a.event, b.event) {
        (Some(x), Some(y)) if x.agrees_with(y) => 1.0,
        (Some(_), Some(_)) => -1.0,
        _ => 0.0,
    };
    measures
}

/// Sentence pairs that count.
const N_SENTENCES: usize = 3;

/// A sentence is at least so long in weight; short ones are alike by chance.
const MIN_NORM: f32 = 12.0;

fn best_sentences(left: &Weighed<'_>, right: &Weighed<'_>, grid: &mut [f32]) -> (f32, f32) {
    let n_right = right.sentence_norms.len();
    for (x, left_norm) in left.sentence_norms.iter().enumerate() {
        for (y, right_norm) in right.sentence_norms.iter().enumerate() {
            grid[x * n_right + y] /= left_norm.max(MIN_NORM) * right_norm.max(MIN_NORM);
        }
    }
    let mut found = [0f32; N_SENTENCES];
    let mut taken: [(usize, usize); N_SENTENCES] = [(usize::MAX, usize::MAX); N_SENTENCES];
    for k in 0..N_SENTENCES {
        let mut best = (0.0, usize::MAX, usize::MAX);
        for x in 0..left.sentence_norms.len() {
            if taken.iter().any(|pair| pair.0 == x) {
                continue;
            }
            for y in 0..n_right {
                if grid[x * n_right + y] > best.0 && !taken.iter().any(|pair| pair.1 == y) {
                    best = (grid[x * n_right + y], x, y);
                }
            }
        }
        found[k] = best.0;
        taken[k] = (best.1, best.2);
    }
    (found.iter().sum::<f32>() / N_SENTENCES as f32, found[0])
}
