//! The numbers behind the pictures of a report.

use crate::corpus::DocId;
use crate::outcome::Outcome;

/// How many things fall between two bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// The lower bound, which is in.
    pub from: f64,
    /// The upper bound, which is out unless it is the last.
    pub to: f64,
    /// Number of things.
    pub n: usize,
}

/// The threshold that shaped the outcome, where it is known.
#[must_use]
pub fn threshold(outcome: &Outcome) -> Option<f64> {
    outcome.parameters.get("threshold")?.parse().ok()
}

/// Similar pairs of documents by exact Jaccard similarity, from the bin of the
/// threshold to 1; the last bin holds the pairs of exactly 1. Empty if there
/// is no pair.
#[must_use]
pub fn similarities(outcome: &Outcome) -> Vec<Bin> {
    let Some(least) = outcome.pairs.iter().map(|pair| pair.overlap.jaccard()).reduce(f64::min) else {
        return vec![];
    };
    let from = threshold(outcome).map_or(least, |threshold| threshold.min(least));
    // Hundredths, so that bounds are exact.
    let width = if from >= 0.7 { 2 } else { 5 };
    let first = ((from * 100.0 + 1e-9) as usize / width * width).min(100 - width);
    let bounds = (first..100).step_by(width);
    let mut bins: Vec<Bin> = bounds
        .map(|at| Bin { from: at as f64 / 100.0, to: (at + width).min(100) as f64 / 100.0, n: 0 })
        .collect();
    bins.push(Bin { from: 1.0, to: 1.0, n: 0 });
    let last = bins.len() - 1;
    for pair in &outcome.pairs {
        let overlap = pair.overlap;
        let at = match u64::from(overlap.both) == overlap.union() {
            true => last,
            false => bins.partition_point(|bin| bin.from <= overlap.jaccard() + 1e-12).clamp(1, last) - 1,
        };
        bins[at].n += 1;
    }
    bins
}

/// Clusters by number of documents; labels such as `2` and `5–9`. Without the
/// empty ends.
#[must_use]
pub fn cluster_sizes(outcome: &Outcome) -> Vec<(String, usize)> {
    const FROM: [usize; 8] = [2, 3, 4, 5, 10, 20, 50, 100];
    let mut counts = [0; FROM.len()];
    for cluster in &outcome.clusters {
        let size = cluster.others.len() + 1;
        counts[FROM.partition_point(|&from| from <= size).max(1) - 1] += 1;
    }
    let n_shown = counts.iter().rposition(|&n| n > 0).map_or(0, |last| last + 1);
    let label = |i: usize| match FROM.get(i + 1) {
        Some(&next) if next == FROM[i] + 1 => FROM[i].to_string(),
        Some(&next) => format!("{}–{}", FROM[i], next - 1),
        None => format!("{}+", FROM[i]),
    };
    (0..n_shown).map(|i| (label(i), counts[i])).collect()
}

/// The probability that a pair becomes a candidate, at `steps + 1`
/// similarities from 0 to 1.
#[must_use]
pub fn s_curve(outcome: &Outcome, steps: usize) -> Vec<f64> {
    (0..=steps).map(|step| outcome.banding.probability(step as f64 / steps as f64)).collect()
}

/// Documents that need not be kept.
#[must_use]
pub fn n_removable(outcome: &Outcome) -> usize {
    outcome.clusters.iter().map(|cluster| cluster.others.len()).sum()
}

/// Pairs of documents that are no exact copies but similar below `bound`.
#[must_use]
pub fn n_below(outcome: &Outcome, bound: f64) -> usize {
    outcome.pairs.iter().filter(|pair| pair.overlap.jaccard() < bound).count()
}

/// A name that fits into a line: a long one loses its middle.
#[must_use]
pub fn name(outcome: &Outcome, document: DocId) -> String {
    shortened(outcome.id(document), 160)
}

/// A text of at most `most` characters; a longer one loses its middle.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let n = text.chars().count();
    if n <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    let tail: String = text.chars().skip(n - (most - most / 2 - 1)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    #[test]
    fn pairs_are_counted_where_their_similarity_falls() {
        let mut sample = Sample::new();
        sample.near("a", "b", 80, 100).near("c", "d", 82, 100).near("e", "f", 999, 1000).near("g", "h", 5, 5);
        let bins = similarities(&sample.outcome());
        let filled: Vec<(f64, usize)> =
            bins.iter().filter(|bin| bin.n > 0).map(|bin| (bin.from, bin.n)).collect();
        assert_eq!(filled, [(0.8, 1), (0.82, 1), (0.98, 1), (1.0, 1)]);
        assert_eq!(bins.len(), 11);
        assert!(similarities(&Sample::new().outcome()).is_empty());
    }

    #[test]
    fn cluster_sizes_are_counted_in_growing_steps() {
        let mut sample = Sample::new();
        sample.near("a", "b", 9, 10).near("c", "d", 9, 10);
        for i in 0..6 {
            sample.near("e", &format!("e{i}"), 9, 10);
        }
        let expected: Vec<(String, usize)> =
            [("2", 2), ("3", 0), ("4", 0), ("5–9", 1)].map(|(label, n)| (label.to_owned(), n)).into();
        assert_eq!(cluster_sizes(&sample.outcome()), expected);
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
        assert_eq!(shortened("äöüß", 4), "äöüß");
    }
}
