//! Which of the known documents may have something in common with a new one.
//!
//! A known document is a candidate if it shares a band key or an anchor with a
//! new one. What a crowd of documents shares is cut short by rules that depend
//! on the documents alone, never on the order or the place they come from, so
//! a folder and an index of it lead to the same candidates.

use crate::hash::hash64;
use crate::store::sketch::Sketch;
use ahash::AHashMap;
use std::collections::BTreeSet;
use std::hash::Hash;

/// Known documents compared with one new document as wholes; of more, those
/// that share most bands with it.
const NEAR: usize = 1024;
/// Known documents compared for one anchor; more share boilerplate.
const SPREAD: usize = 64;

/// The new documents, ready to be asked for.
#[derive(Debug)]
pub(crate) struct Probe {
    sketches: Vec<Sketch>,
    by_key: AHashMap<(u32, u32), Vec<u32>>,
    by_anchor: AHashMap<u32, u32>,
}

impl Probe {
    /// Makes new documents ready to be asked for.
    pub(crate) fn new(sketches: Vec<Sketch>) -> Self {
        let mut by_key: AHashMap<(u32, u32), Vec<u32>> = AHashMap::new();
        let mut by_anchor = AHashMap::new();
        for (number, sketch) in (0..).zip(&sketches) {
            for (band, &key) in (0..).zip(&sketch.keys) {
                by_key.entry((band, key)).or_default().push(number);
            }
            for &anchor in &sketch.anchors {
                let next = by_anchor.len() as u32;
                by_anchor.entry(anchor).or_insert(next);
            }
        }
        Self { sketches, by_key, by_anchor }
    }

    /// The new documents, in reading order.
    pub(crate) fn sketches(&self) -> &[Sketch] {
        &self.sketches
    }

    /// Every band key with the new documents that have it.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (u32, u32, &[u32])> {
        self.by_key.iter().map(|(&(band, key), new)| (band, key, new.as_slice()))
    }

    /// Every anchor with its number.
    pub(crate) fn anchors(&self) -> impl Iterator<Item = (u32, u32)> {
        self.by_anchor.iter().map(|(&anchor, &slot)| (anchor, slot))
    }

    /// Offers a known document to the selection wherever it has something in common.
    pub(crate) fn offer<T: Copy + Eq + Hash>(&self, known: &Sketch, from: T, selection: &mut Selection<T>) {
        let mut shared: AHashMap<u32, u32> = AHashMap::new();
        for (band, &key) in (0..).zip(&known.keys) {
            for &new in self.by_key.get(&(band, key)).into_iter().flatten() {
                *shared.entry(new).or_default() += 1;
            }
        }
        let candidate = known.candidate(from);
        for (new, n_bands) in shared {
            selection.offer_near(&self.sketches[new as usize], new, n_bands, candidate);
        }
        for anchor in &known.anchors {
            if let Some(&slot) = self.by_anchor.get(anchor) {
                selection.offer_anchor(slot, candidate);
            }
        }
    }
}

/// A known document, and where its text can be had.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a, T> {
    pub byte_hash: u64,
    pub text_hash: u32,
    pub id: &'a str,
    pub from: T,
}

impl Sketch {
    /// The document as a candidate.
    pub(crate) fn candidate<T>(&self, from: T) -> Candidate<'_, T> {
        Candidate { byte_hash: self.byte_hash, text_hash: self.text_hash, id: &self.id, from }
    }
}

/// A known document that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known<T> {
    pub id: String,
    pub byte_hash: u64,
    pub from: T,
}

/// The number of no anchor, under which documents stand that are taken anyway.
const TAKEN: u32 = u32::MAX;

/// The place of a candidate among others; smaller is better.
type Rank = (u32, u32, u64, usize);

/// The candidates chosen so far.
#[derive(Debug)]
pub(crate) struct Selection<T> {
    known: Vec<Known<T>>,
    number: AHashMap<T, usize>,
    near: AHashMap<u32, BTreeSet<Rank>>,
    anchors: AHashMap<u32, BTreeSet<Rank>>,
    copies: AHashMap<u32, u32>,
}

impl<T: Copy + Eq + Hash> Selection<T> {
    /// No candidates yet.
    pub(crate) fn new() -> Self {
        Self {
            known: vec![],
            number: AHashMap::new(),
            near: AHashMap::new(),
            anchors: AHashMap::new(),
            copies: AHashMap::new(),
        }
    }

    /// Offers a document that shares `n_bands` bands with the new document number `new`.
    pub(crate) fn offer_near(
        &mut self,
        sketch: &Sketch,
        new: u32,
        n_bands: u32,
        candidate: Candidate<'_, T>,
    ) {
        if sketch.byte_hash == candidate.byte_hash {
            *self.copies.entry(new).or_default() += 1;
        }
        let set = self.near.entry(new).or_default();
        choose(set, NEAR, u32::MAX - n_bands, candidate, &mut self.known, &mut self.number);
    }

    /// Offers a document that holds the anchor with this number.
    pub(crate) fn offer_anchor(&mut self, slot: u32, candidate: Candidate<'_, T>) {
        let set = self.anchors.entry(slot).or_default();
        choose(set, SPREAD, 0, candidate, &mut self.known, &mut self.number);
    }

    /// Takes a document whatever else is offered.
    pub(crate) fn take(&mut self, candidate: Candidate<'_, T>) {
        let set = self.anchors.entry(TAKEN).or_default();
        choose(set, usize::MAX, 0, candidate, &mut self.known, &mut self.number);
    }

    /// The chosen documents sorted by name, and how often the bytes of each
    /// new document stand in the known ones.
    pub(crate) fn finish(self) -> (Vec<Known<T>>, AHashMap<u32, u32>) {
        let chosen: BTreeSet<usize> =
            self.near.values().chain(self.anchors.values()).flatten().map(|rank| rank.3).collect();
        let mut known: Vec<Known<T>> = chosen.into_iter().map(|i| self.known[i].clone()).collect();
        known.sort_by(|a, b| a.id.cmp(&b.id));
        (known, self.copies)
    }
}

/// Puts a candidate among the best `limit` of a set.
fn choose<T: Copy + Eq + Hash>(
    set: &mut BTreeSet<Rank>,
    limit: usize,
    distance: u32,
    candidate: Candidate<'_, T>,
    known: &mut Vec<Known<T>>,
    number: &mut AHashMap<T, usize>,
) {
    let rank = (distance, candidate.text_hash, hash64(candidate.id.as_bytes()));
    if set.len() == limit && set.last().is_some_and(|last| rank >= (last.0, last.1, last.2)) {
        return;
    }
    let at = *number.entry(candidate.from).or_insert_with(|| {
        known.push(Known {
            id: candidate.id.to_owned(),
            byte_hash: candidate.byte_hash,
            from: candidate.from,
        });
        known.len() - 1
    });
    set.insert((rank.0, rank.1, rank.2, at));
    if set.len() > limit {
        set.pop_last();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Place;

    fn sketch(id: &str, byte_hash: u64, keys: &[u32], anchors: &[u32]) -> Sketch {
        let place = Place { file: 0, length: 0, offset: 0 };
        Sketch {
            id: id.into(),
            place,
            byte_hash,
            text_hash: byte_hash as u32,
            bytes: 0,
            language: None,
            n_words: 9,
            keys: keys.into(),
            anchors: anchors.into(),
        }
    }

    fn chosen(new: &[Sketch], known: &[Sketch]) -> (Vec<String>, AHashMap<u32, u32>) {
        let probe = Probe::new(new.to_vec());
        let mut selection = Selection::new();
        for (i, sketch) in known.iter().enumerate() {
            probe.offer(sketch, i, &mut selection);
        }
        let (known, copies) = selection.finish();
        (known.into_iter().map(|known| known.id).collect(), copies)
    }

    #[test]
    fn a_shared_band_or_anchor_makes_a_candidate_and_nothing_else_does() {
        let known = [
            sketch("band", 1, &[5, 9], &[]),
            sketch("anchor", 2, &[8, 9], &[70]),
            sketch("same key in another band", 3, &[6, 5], &[]),
            sketch("nothing", 4, &[], &[]),
        ];
        assert_eq!(chosen(&[sketch("new", 9, &[5, 6], &[70, 71])], &known).0, ["anchor", "band"]);
    }

    #[test]
    fn a_crowd_is_cut_short_alike_in_any_order() {
        let new = [sketch("new", 9, &[5, 6], &[70])];
        let mut known: Vec<Sketch> =
            (0..3000).map(|i| sketch(&format!("{i:04}"), u64::from(i % 97), &[5, i], &[70])).collect();
        known.push(sketch("close", u64::MAX, &[5, 6], &[]));
        let (first, _) = chosen(&new, &known);
        known.reverse();
        assert_eq!(chosen(&new, &known).0, first);
        assert!(first.len() <= NEAR + SPREAD && first.contains(&"close".to_owned()));
    }

    #[test]
    fn copies_are_counted_beyond_the_limit() {
        let known: Vec<Sketch> = (0..3000).map(|i| sketch(&i.to_string(), 9, &[5], &[])).collect();
        assert_eq!(chosen(&[sketch("new", 9, &[5], &[])], &known).1[&0], 3000);
    }
}
