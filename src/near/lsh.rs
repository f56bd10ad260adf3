//! Documents that agree on a whole band become candidate pairs.
//!
//! One sorted list a band brings equal keys together. A bucket that holds more
//! than [`BUCKET`] documents would cost its square, so it is split by the next
//! band: two documents that are really similar share several bands, while
//! those that only share a template part. What cannot be split any further
//! (equal on all bands) is compared with its first members only. Both depend
//! on the documents alone, not on their order, and are counted for the report.

use rayon::prelude::*;

/// A bucket up to this size is compared all with all.
pub const BUCKET: usize = 256;
/// Members of an unsplittable bucket that all others are compared with.
const STARS: usize = 16;

/// The band keys of every document, a row a document.
#[derive(Clone, Debug, Default)]
pub struct BandKeys {
    bands: usize,
    keys: Vec<u32>,
}

impl BandKeys {
    /// An empty table of rows of `bands` keys.
    #[must_use]
    pub fn new(bands: usize) -> Self {
        Self { bands, keys: vec![] }
    }

    /// Adds the keys of the next document.
    pub fn push(&mut self, keys: impl IntoIterator<Item = u32>) {
        self.keys.extend(keys);
        debug_assert!(self.keys.len().is_multiple_of(self.bands));
    }

    /// Number of keys of a document.
    #[must_use]
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len() / self.bands.max(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys of one document.
    #[must_use]
    pub fn row(&self, document: u32) -> &[u32] {
        &self.keys[document as usize * self.bands..][..self.bands]
    }
}

/// Pairs that met in a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Pairs `a < b`, sorted, each once.
    pub pairs: Vec<(u32, u32)>,
    /// Buckets that were too full to compare all with all.
    pub split_buckets: u64,
}

/// All candidate pairs among the documents `among`. `rank` orders documents
/// by what they hold; it decides who stays when a bucket must be cut short.
pub fn candidate_pairs(keys: &BandKeys, among: &[u32], rank: impl Fn(u32) -> u64 + Sync) -> Candidates {
    let per_band: Vec<Candidates> =
        (0..keys.bands).into_par_iter().map(|band| band_pairs(keys, among, band, &rank)).collect();
    let mut all = Candidates::default();
    for band in per_band {
        all.pairs.extend(band.pairs);
        all.split_buckets += band.split_buckets;
    }
    all.pairs.par_sort_unstable();
    all.pairs.dedup();
    all
}

fn band_pairs(keys: &BandKeys, among: &[u32], band: usize, rank: &impl Fn(u32) -> u64) -> Candidates {
    let mut found = Candidates::default();
    let key_of = |document: u32| keys.row(document)[band];
    let mut entries: Vec<u64> =
        among.iter().map(|&document| u64::from(key_of(document)) << 32 | u64::from(document)).collect();
    entries.sort_unstable();
    let mut bucket = vec![];
    for group in entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > 1) {
        bucket.clear();
        bucket.extend(group.iter().map(|&entry| entry as u32));
        if bucket.len() <= BUCKET {
            all_with_all(&bucket, &mut found.pairs);
        } else {
            found.split_buckets += 1;
            split(keys, &mut bucket, band, 1, rank, &mut found.pairs);
        }
    }
    found.pairs.sort_unstable();
    found.pairs.dedup();
    found
}

/// The pairs of documents that agree on `band` and on the `depth - 1` bands
/// behind it, all with all or, where they are too many, split by further bands.
pub fn split(
    keys: &BandKeys,
    bucket: &mut [u32],
    band: usize,
    depth: usize,
    rank: &impl Fn(u32) -> u64,
    pairs: &mut Vec<(u32, u32)>,
) {
    if bucket.len() <= BUCKET {
        return all_with_all(bucket, pairs);
    }
    if depth == keys.bands {
        bucket.sort_unstable_by_key(|&document| rank(document));
        for (i, &star) in bucket.iter().enumerate().take(STARS) {
            pairs.extend(bucket[i + 1..].iter().map(|&other| ordered(star, other)));
        }
        return;
    }
    let next = (band + depth) % keys.bands;
    bucket.sort_unstable_by_key(|&document| keys.row(document)[next]);
    for part in bucket.chunk_by_mut(|&a, &b| keys.row(a)[next] == keys.row(b)[next]) {
        split(keys, part, band, depth + 1, rank, pairs);
    }
}

fn all_with_all(bucket: &[u32], pairs: &mut Vec<(u32, u32)>) {
    for (i, &a) in bucket.iter().enumerate() {
        pairs.extend(bucket[i + 1..].iter().map(|&b| ordered(a, b)));
    }
}

fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[u32; 2]]) -> (BandKeys, Vec<u32>) {
        let mut keys = BandKeys::new(2);
        for row in rows {
            keys.push(*row);
        }
        let all = (0..rows.len() as u32).collect();
        (keys, all)
    }

    #[test]
    fn one_common_band_is_enough_and_a_pair_counts_once() {
        let (keys, all) = table(&[[1, 2], [1, 2], [9, 2], [1, 8], [5, 5]]);
        let found = candidate_pairs(&keys, &all, u64::from);
        assert_eq!(found.pairs, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)]);
        assert_eq!(found.split_buckets, 0);
    }

    #[test]
    fn a_template_that_fills_one_bucket_is_split_by_the_next_band() {
        let rows: Vec<[u32; 2]> = (0..3000).map(|i| [7, i / 2]).collect();
        let (keys, all) = table(&rows);
        let found = candidate_pairs(&keys, &all, u64::from);
        assert_eq!(found.pairs, (0..1500).map(|i| (2 * i, 2 * i + 1)).collect::<Vec<_>>());
        assert_eq!(found.split_buckets, 1);
    }

    #[test]
    fn equal_keys_throughout_stay_linear_and_leave_nobody_out() {
        let (keys, all) = table(&vec![[3, 3]; 20_000]);
        let found = candidate_pairs(&keys, &all, u64::from);
        assert!(found.pairs.len() < 20_000 * STARS);
        let touched: std::collections::BTreeSet<u32> =
            found.pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        assert_eq!(touched.len(), 20_000);
    }
}
