//! All features of a corpus: how rare each is, and where the rare ones are.
//!
//! Features are counted in shards by their highest bits, in parallel, and come
//! out sorted; a table over the highest bits makes looking one up a single
//! step. Only features that find candidates get a posting list.

use super::feature::Feature;
use super::profile::Profile;
use super::rarity::{Sides, capped, weighed};
use rayon::prelude::*;

/// Shards by the highest bits of a feature.
const SHARD_BITS: u32 = 5;

/// Bits of the look-up table.
const BUCKET_BITS: u32 = 18;

/// A document with the weight it gives to a feature.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// Number of the document among those of the second language.
    pub right: u32,
    /// Weight with rarity.
    pub weight: f32,
}

/// The features of a corpus.
#[derive(Debug, Default)]
pub struct Index {
    features: Vec<Feature>,
    rarities: Vec<f32>,
    /// Where the postings of each feature end.
    ends: Vec<u32>,
    postings: Vec<Posting>,
    buckets: Vec<u32>,
}

struct Shard {
    features: Vec<Feature>,
    rarities: Vec<f32>,
    counts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    /// Counts the features of both sides.
    pub fn of(left: &[&Profile], right: &[&Profile]) -> Self {
        let shards: Vec<Shard> =
            (0..1u32 << SHARD_BITS).into_par_iter().map(|shard| Shard::of(left, right, shard)).collect();
        let mut index = Self::default();
        let mut end = 0;
        for shard in shards {
            index.features.extend(shard.features);
            index.rarities.extend(shard.rarities);
            index.postings.extend(shard.postings);
            index.ends.extend(shard.counts.iter().map(|count| {
                end += count;
                end
            }));
        }
        index.buckets = vec![0; (1 << BUCKET_BITS) + 1];
        for feature in &index.features {
            index.buckets[(feature.0 >> (32 - BUCKET_BITS)) as usize + 1] += 1;
        }
        for i in 1..index.buckets.len() {
            index.buckets[i] += index.buckets[i - 1];
        }
        index
    }

    /// The number of a feature in this index.
    pub fn find(&self, feature: Feature) -> Option<usize> {
        let bucket = (feature.0 >> (32 - BUCKET_BITS)) as usize;
        let (start, end) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        self.features[start..end].binary_search(&feature).ok().map(|at| start + at)
    }

    /// The documents of the second language that hold a rare feature.
    pub fn postings(&self, at: usize) -> &[Posting] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.postings[start..self.ends[at] as usize]
    }

    /// The features of a profile with the weight that rarity gives them.
    pub fn weigh(&self, profile: &Profile) -> Box<[f32]> {
        let weigh = |(&feature, &weight): (&Feature, &u16)| {
            self.find(feature).map_or(0.0, |at| weighed(weight, self.rarities[at]))
        };
        profile.features.iter().zip(&profile.weights).map(weigh).collect()
    }
}

/// A feature in the higher and the document that holds it in the lower half,
/// and the weight it has there.
type Entry = (u64, u16);

fn feature_of(entry: &Entry) -> Feature {
    Feature((entry.0 >> 32) as u32)
}

impl Shard {
    fn of(left: &[&Profile], right: &[&Profile], shard: u32) -> Self {
        let in_shard = |profiles: &[&Profile]| {
            let mut found: Vec<Entry> = vec![];
            for (number, profile) in profiles.iter().enumerate() {
                let start = start_of(shard, &profile.features);
                let rest = &profile.features[start..];
                let is_inside = |feature: &&Feature| feature.0 >> (32 - SHARD_BITS) == shard;
                let n = rest.iter().take_while(is_inside).count();
                let weights = &profile.weights[start..start + n];
                found.extend(
                    rest[..n]
                        .iter()
                        .zip(weights)
                        .map(|(feature, &weight)| (u64::from(feature.0) << 32 | number as u64, weight)),
                );
            }
            found.sort_unstable_by_key(|&(key, _)| key);
            found
        };
        let (left_entries, right_entries) = (in_shard(left), in_shard(right));
        let sides = Sides { n_left: left.len() as u64, n_right: right.len() as u64 };
        let mut result = Self { features: vec![], rarities: vec![], counts: vec![], postings: vec![] };
        let (mut l, mut r) = (0, 0);
        while l < left_entries.len() || r < right_entries.len() {
            let next = |entries: &[Entry], at: usize| entries.get(at).map(feature_of);
            let feature = match (next(&left_entries, l), next(&right_entries, r)) {
                (Some(a), Some(b)) => a.min(b),
                (Some(a), None) | (None, Some(a)) => a,
                (None, None) => break,
            };
            let group = |entries: &[Entry], at: usize| {
                at + entries[at..].iter().take_while(|entry| feature_of(entry) == feature).count()
            };
            let (l_end, r_end) = (group(&left_entries, l), group(&right_entries, r));
            let both = left_entries[l..l_end].iter().chain(&right_entries[r..r_end]);
            let rarity = sides.rarity(feature, both.map(|entry| u64::from(capped(entry.1))).sum());
            let n_right = r_end - r;
            let has_postings = sides.finds_candidates((l_end - l) as u64, n_right as u64);
            if has_postings {
                let posting =
                    |entry: &Entry| Posting { right: entry.0 as u32, weight: weighed(entry.1, rarity) };
                result.postings.extend(right_entries[r..r_end].iter().map(posting));
            }
            result.features.push(feature);
            result.rarities.push(rarity);
            result.counts.push(if has_postings { n_right as u32 } else { 0 });
            (l, r) = (l_end, r_end);
        }
        result
    }
}

/// Where a shard begins among sorted features. They are hashes, evenly spread,
/// so the place is close to where it would be if they were perfectly so.
fn start_of(shard: u32, features: &[Feature]) -> usize {
    let is_before = |feature: &Feature| feature.0 >> (32 - SHARD_BITS) < shard;
    let mut start = (features.len() * shard as usize) >> SHARD_BITS;
    while start > 0 && !is_before(&features[start - 1]) {
        start -= 1;
    }
    while features.get(start).is_some_and(is_before) {
        start += 1;
    }
    start
}
