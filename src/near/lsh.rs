//! Documents that agree on a whole band become candidate pairs.
//!
//! One sorted list a band brings equal keys together. A bucket that holds more
//! than [`BUCKET`] documents would cost its square. All its members are compared
//! with the best of them, so that a crowd of near-copies gathers around the one
//! that is kept; then it is split by the next band: two documents that are
//! really similar share several bands, while those that only share a template
//! part. Both depend on the documents alone, not on their order, and are
//! counted for the report.

use super::verify::ordered;
use crate::error::{Error, Result};
use crate::spill::{Sorted, Sorter, Spill, Store, number};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// A bucket up to this size is compared all with all.
pub const BUCKET: usize = 256;
/// Members of a crowded bucket that all others are compared with.
pub const STARS: usize = 2;
/// Documents whose keys are stored together, band by band.
const BLOCK: usize = 4096;
/// Pairs that are handed over at a time.
const HANDFUL: usize = 1 << 16;

/// The band keys of every document. Blocks of documents are stored band by
/// band, so that one band is read without the others.
#[derive(Debug)]
pub struct BandKeys {
    bands: usize,
    n: usize,
    blocks: Store,
    /// The block that is filling, document by document.
    open: Vec<u32>,
}

impl BandKeys {
    /// An empty table of `bands` keys a document.
    #[must_use]
    pub fn new(bands: usize, spill: Spill) -> Self {
        Self { bands, n: 0, blocks: Store::new(spill), open: vec![] }
    }

    /// Adds the keys of the next document.
    ///
    /// # Errors
    ///
    /// When the keys outgrow their memory and cannot be written to a file.
    pub fn push(&mut self, keys: impl IntoIterator<Item = u32>) -> Result<()> {
        self.open.extend(keys);
        self.n += 1;
        debug_assert!(self.open.len().is_multiple_of(self.bands));
        if self.open.len() < BLOCK * self.bands {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(size_of::<u32>() * self.open.len());
        for band in 0..self.bands {
            let column = self.open.iter().skip(band).step_by(self.bands);
            bytes.extend(column.flat_map(|key| key.to_le_bytes()));
        }
        self.open.clear();
        self.blocks.append(&bytes)
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// One key of one document.
    fn key(&self, document: u32, band: usize) -> Result<u32> {
        let (block, row) = (document as usize / BLOCK, document as usize % BLOCK);
        if block == self.n / BLOCK {
            return Ok(self.open[row * self.bands + band]);
        }
        let at = ((block * self.bands + band) * BLOCK + row) as u64 * 4;
        self.blocks.with(at, 4, |key| number(key) as u32)
    }

    /// Calls `found` with every document and its key of a band.
    fn for_each(&self, band: usize, mut found: impl FnMut(u32, u32)) -> Result<()> {
        for block in 0..self.n / BLOCK {
            let at = ((block * self.bands + band) * BLOCK) as u64 * 4;
            self.blocks.with(at, 4 * BLOCK, |column| {
                for (key, document) in column.chunks_exact(4).zip((block * BLOCK) as u32..) {
                    found(document, u32::from_le_bytes([key[0], key[1], key[2], key[3]]));
                }
            })?;
        }
        let open = self.open.iter().skip(band).step_by(self.bands.max(1));
        open.zip((self.n / BLOCK * BLOCK) as u32..).for_each(|(&key, document)| found(document, key));
        Ok(())
    }
}

/// Pairs that met in a bucket.
#[derive(Debug)]
pub struct Candidates {
    /// Pairs `a < b`, sorted, each once.
    pub pairs: Sorted<(u32, u32)>,
    /// Buckets that were too full to compare all with all.
    pub split_buckets: u64,
}

/// All candidate pairs among the documents that `among` lets in. `rank` is
/// smallest for the document that is kept of similar ones; it must be a total
/// order that does not depend on reading order.
///
/// # Errors
///
/// When a temporary file cannot be written or read.
pub fn candidate_pairs<K: Ord>(
    keys: &BandKeys,
    among: impl Fn(u32) -> bool + Sync,
    rank: impl Fn(u32) -> K + Sync,
    spill: &Spill,
) -> Result<Candidates> {
    let search = Search { keys, among, rank, met: Mutex::new(Sorter::new(spill.clone()).distinct()) };
    // All entries of one band at a time, on every core, where they fit.
    let at_once = spill.bytes() / size_of::<u64>() / rayon::current_num_threads();
    let parts = keys.len().div_ceil(at_once.max(1 << 16)).max(1) as u64;
    let border = |part: u64| (part << 32) / parts;
    let split = (0..keys.bands as u64 * parts)
        .into_par_iter()
        .map(|i| search.band((i / parts) as usize, border(i % parts), border(i % parts + 1)))
        .collect::<Result<Vec<u64>>>()?;
    let met = search.met.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Candidates { pairs: met.finish()?, split_buckets: split.into_iter().sum() })
}

struct Search<'a, Among, Rank> {
    keys: &'a BandKeys,
    among: Among,
    rank: Rank,
    met: Mutex<Sorter<(u32, u32)>>,
}

impl<K: Ord, Among: Fn(u32) -> bool + Sync, Rank: Fn(u32) -> K + Sync> Search<'_, Among, Rank> {
    /// Pairs up what shares a key of a band in `from..to`; counts split buckets.
    fn band(&self, band: usize, from: u64, to: u64) -> Result<u64> {
        let mut entries: Vec<u64> = vec![];
        self.keys.for_each(band, |document, key| {
            if (from..to).contains(&u64::from(key)) && (self.among)(document) {
                entries.push(u64::from(key) << 32 | u64::from(document));
            }
        })?;
        entries.sort_unstable();
        let splitting = Splitting {
            bands: self.keys.bands,
            key: |document, band| self.keys.key(document, band),
            rank: &self.rank,
        };
        let mut split = 0;
        let mut pairs = vec![];
        for group in entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|group| group.len() > 1) {
            let bucket: Vec<u32> = group.iter().map(|&entry| entry as u32).collect();
            split += u64::from(bucket.len() > BUCKET);
            splitting.pair_up(bucket, (band, 1), &mut pairs, &mut |some| self.hand_over(some))?;
        }
        self.hand_over(&mut pairs)?;
        Ok(split)
    }

    fn hand_over(&self, pairs: &mut Vec<(u32, u32)>) -> Result<()> {
        let mut met = self.met.lock().map_err(|_| Error::interrupted())?;
        met.extend(pairs.drain(..))
    }
}

/// How a bucket that is too full is cut short: by the best of its members, and
/// by the keys of further bands.
#[derive(Debug)]
pub struct Splitting<Key, Rank> {
    /// Number of bands.
    pub bands: usize,
    /// The key of a document in a band.
    pub key: Key,
    /// Smallest for the best document.
    pub rank: Rank,
}

/// Takes pairs off when there are many.
type Take<'a> = &'a mut dyn FnMut(&mut Vec<(u32, u32)>) -> Result<()>;

impl<K: Ord, Key: Fn(u32, usize) -> Result<u32>, Rank: Fn(u32) -> K> Splitting<Key, Rank> {
    /// Pairs up a bucket that agrees on a band and on `depth - 1` bands behind
    /// it. Pairs are added to `pairs`, some twice, and handed to `take`
    /// whenever there are many.
    ///
    /// # Errors
    ///
    /// Those of `take` and of looking up a key.
    pub fn pair_up(
        &self,
        bucket: Vec<u32>,
        (band, depth): (usize, usize),
        pairs: &mut Vec<(u32, u32)>,
        take: Take<'_>,
    ) -> Result<()> {
        if bucket.len() > BUCKET {
            self.with_the_best(&bucket, pairs, take)?;
            return self.split(bucket, (band, depth), pairs, take);
        }
        all_with_all(&bucket, pairs);
        if pairs.len() < HANDFUL { Ok(()) } else { take(pairs) }
    }

    /// Pairs up the parts of a bucket that agree on the next band as well.
    fn split(
        &self,
        bucket: Vec<u32>,
        (band, depth): (usize, usize),
        pairs: &mut Vec<(u32, u32)>,
        take: Take<'_>,
    ) -> Result<()> {
        if depth == self.bands {
            return Ok(());
        }
        let (n, next) = (bucket.len(), (band + depth) % self.bands);
        let keyed = bucket.into_iter().map(|document| Ok(((self.key)(document, next)?, document)));
        let mut keyed = keyed.collect::<Result<Vec<_>>>()?;
        keyed.sort_unstable();
        for part in keyed.chunk_by(|a, b| a.0 == b.0).filter(|part| part.len() > 1) {
            let part: Vec<u32> = part.iter().map(|entry| entry.1).collect();
            let deeper = (band, depth + 1);
            if part.len() == n {
                // Its best members were compared already.
                self.split(part, deeper, pairs, take)?;
            } else {
                self.pair_up(part, deeper, pairs, take)?;
            }
        }
        Ok(())
    }

    /// Pairs all members of a bucket with the best of them.
    fn with_the_best(&self, bucket: &[u32], pairs: &mut Vec<(u32, u32)>, take: Take<'_>) -> Result<()> {
        let mut best: Vec<(K, u32)> = Vec::with_capacity(STARS + 1);
        for &document in bucket {
            let ranked = ((self.rank)(document), document);
            let place = best.partition_point(|better| *better < ranked);
            if place < STARS {
                best.insert(place, ranked);
                best.truncate(STARS);
            }
        }
        for (_, star) in best {
            pairs.extend(bucket.iter().filter(|&&other| other != star).map(|&other| ordered(star, other)));
            if pairs.len() >= HANDFUL {
                take(pairs)?;
            }
        }
        Ok(())
    }
}

fn all_with_all(bucket: &[u32], pairs: &mut Vec<(u32, u32)>) {
    for (i, &a) in bucket.iter().enumerate() {
        pairs.extend(bucket[i + 1..].iter().map(|&b| ordered(a, b)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs and the number of split buckets, the same for any memory.
    fn candidates(rows: &[[u32; 2]]) -> (Vec<(u32, u32)>, u64) {
        let found = [usize::MAX, 0].map(|bytes| {
            let spill = Spill::new(bytes, None);
            let mut keys = BandKeys::new(2, spill.clone());
            rows.iter().for_each(|row| keys.push(*row).unwrap());
            let found = candidate_pairs(&keys, |_| true, u64::from, &spill).unwrap();
            let mut pairs = vec![];
            let take = |some: &[(u32, u32)]| {
                pairs.extend_from_slice(some);
                Ok(())
            };
            found.pairs.stretches(1, |_, _| false, take).unwrap();
            (pairs, found.split_buckets)
        });
        assert_eq!(found[0].0, found[1].0);
        let [(pairs, split_buckets), _] = found;
        (pairs, split_buckets)
    }

    #[test]
    fn one_common_band_is_enough_and_a_pair_counts_once() {
        let (pairs, split_buckets) = candidates(&[[1, 2], [1, 2], [9, 2], [1, 8], [5, 5]]);
        assert_eq!(pairs, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)]);
        assert_eq!(split_buckets, 0);
    }

    #[test]
    fn a_template_that_fills_one_bucket_is_split_by_the_next_band() {
        let rows: Vec<[u32; 2]> = (0..9000).map(|i| [7, i / 2]).collect();
        let (pairs, split_buckets) = candidates(&rows);
        let is_best = |&(a, _): &(u32, u32)| a < STARS as u32;
        let (best, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_best);
        assert_eq!(others, (STARS as u32 / 2..4500).map(|i| (2 * i, 2 * i + 1)).collect::<Vec<_>>());
        assert_eq!(best.len(), (0..STARS).map(|star| 9000 - 1 - star).sum::<usize>());
        assert_eq!(split_buckets, 1);
    }

    #[test]
    fn equal_keys_throughout_stay_linear_and_leave_nobody_out() {
        let (pairs, _) = candidates(&vec![[3, 3]; 20_000]);
        assert!(pairs.len() < 20_000 * STARS);
        let touched: std::collections::BTreeSet<u32> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        assert_eq!(touched.len(), 20_000);
    }

    /// Bands are searched on all threads and write runs to one file.
    #[test]
    fn many_bands_that_outgrow_memory_at_once_come_to_an_end() {
        let spill = Spill::new(1 << 16, None);
        let mut keys = BandKeys::new(16, spill.clone());
        (0..16_000u32).for_each(|i| keys.push((0..16).map(|band| i / (20 + band))).unwrap());
        let found = candidate_pairs(&keys, |_| true, u64::from, &spill).unwrap();
        let mut n = 0;
        found
            .pairs
            .stretches(
                1 << 16,
                |_, _| false,
                |some| {
                    n += some.len();
                    Ok(())
                },
            )
            .unwrap();
        let meet = |i: u32, j: u32| (0..16).any(|band| i / (20 + band) == j / (20 + band));
        let expected = (0..16_000).map(|i| (i + 1..(i + 35).min(16_000)).filter(|&j| meet(i, j)).count());
        assert_eq!(n, expected.sum::<usize>());
    }
}
