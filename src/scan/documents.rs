//! Documents of nearly the same words, and which of them go together.

use super::Scan;
use super::keep::Preference;
use super::table::Table;
use crate::corpus::{Corpus, DocId, Document, Progress};
use crate::error::{Error, Result};
use crate::finding::{Finding, FoundAt, Measure, Rule, fingerprint};
use crate::near::cluster::{Cluster, clusters};
use crate::near::copies::{Copies, LISTED};
use crate::near::exact;
use crate::near::lsh::candidate_pairs;
use crate::near::shingle::{Shingled, shingle_set};
use crate::near::verify::{Sets, SimilarPair, is_similar, ordered, verify};
use crate::outcome::Near;
use crate::similarity::Overlap;
use crate::span::{ByteSpan, LineSpan, Lines};
use ahash::AHashSet;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bins of the histogram of compared pairs.
const BINS: usize = 100;
/// Candidate pairs that are grouped and verified together.
pub(super) const STRETCH: usize = 1 << 21;

/// Finds all pairs at or above the threshold and clusters them.
pub(super) fn near_duplicates(
    scan: &Scan,
    corpus: &Corpus,
    table: &mut Table,
    progress: &dyn Progress,
) -> Result<(Near, Vec<Finding>)> {
    let copies = Copies::of(&table.copies.take().finish()?, table.len())?;
    let prefixes = table.prefixes.take();
    let table = &*table;
    let preference = |document: u32| scan.keep.preference(table, document);
    let best = if scan.exact { vec![] } else { copies.best(preference) };
    let rank = |document: u32| {
        let group = copies.groups().binary_search_by_key(&document, |group| group[0]);
        preference(group.map_or(document, |at| best[at]))
    };
    let is_first = |document: u32| copies.is_first(document);
    let candidates = if scan.exact {
        exact::candidate_pairs(&prefixes.finish()?, scan.threshold, is_first, &table.spill)?
    } else {
        candidate_pairs(&table.keys, is_first, rank, &table.spill)?
    };
    let compared: [AtomicU64; BINS] = std::array::from_fn(|_| AtomicU64::new(0));
    progress.begin("verifying", candidates.pairs.len(), "pairs");
    let mut verified = vec![];
    candidates.pairs.stretches(
        STRETCH,
        |_, _| false,
        |pairs| {
            verified.extend(verify(
                pairs,
                |overlap| {
                    let bin =
                        (u64::from(overlap.both) * BINS as u64 / overlap.union().max(1)).min(BINS as u64 - 1);
                    compared[bin as usize].fetch_add(1, Relaxed);
                    is_similar(scan.threshold)(overlap)
                },
                |document| u64::from(table.row(document).place.length),
                |documents| shingle_sets(scan, corpus, table, documents, progress),
                |done| progress.advance(done),
            )?);
            Ok(())
        },
    )?;
    let firsts: Vec<u32> = copies.groups().iter().map(|group| group[0]).collect();
    let sizes = set_sizes(scan, corpus, table, &firsts, progress)?;
    let size_of = |document: u32| firsts.binary_search(&document).map_or(0, |at| sizes[at]);
    let mut pairs = copies.spread(&verified, preference, size_of);
    pairs.retain(|pair| !table.are_apart(pair.left, pair.right));
    let clusters = clusters(&pairs, preference);
    let findings =
        if scan.find.described { findings(corpus, table, &pairs, &clusters, preference)? } else { vec![] };
    let crowded_texts = copies.groups().iter().filter(|group| group.len() > LISTED).count() as u64;
    let split_buckets = candidates.split_buckets;
    let compared = compared.map(AtomicU64::into_inner).to_vec();
    Ok((Near { pairs, clusters, split_buckets, crowded_texts, compared }, findings))
}

/// Fetches documents as shingle sets.
pub(super) fn shingle_sets(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    documents: &[u32],
    progress: &dyn Progress,
) -> Result<Sets> {
    let mut sets = Vec::with_capacity(documents.len());
    let mut buffers = Shingled::default();
    fetch(corpus, table, documents, progress, |_, document| {
        sets.push(shingle_set(&document.text, scan.shingle, &mut buffers));
    })?;
    Ok(sets)
}

fn set_sizes(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    documents: &[u32],
    progress: &dyn Progress,
) -> Result<Vec<u32>> {
    use rayon::prelude::*;
    let sizes: Vec<Vec<u32>> = documents
        .par_chunks(64)
        .map(|chunk| {
            let sets = shingle_sets(scan, corpus, table, chunk, progress)?;
            Ok(sets.iter().map(|set| set.len() as u32).collect())
        })
        .collect::<Result<_>>()?;
    Ok(sizes.concat())
}

/// Reads documents again, in their order.
pub(super) fn fetch(
    corpus: &Corpus,
    table: &Table,
    documents: &[u32],
    progress: &dyn Progress,
    take: impl FnMut(usize, &Document<'_>),
) -> Result<()> {
    if progress.is_stopped() {
        return Err(Error::interrupted());
    }
    let places = documents.iter().map(|&document| table.row(document).place);
    corpus.fetch(places, take).map_err(|error| {
        Error::damaged(error.0).hint("the input must not change while it is scanned; run again")
    })
}

/// One finding for every document that would not be kept, and for every one
/// that is similar only to documents which others stand for.
fn findings(
    corpus: &Corpus,
    table: &Table,
    pairs: &[SimilarPair],
    clusters: &[Cluster],
    preference: impl Fn(u32) -> Preference,
) -> Result<Vec<Finding>> {
    let mut findings = vec![];
    for cluster in clusters {
        findings.extend(similar_to(corpus, table, pairs, cluster.keep, &cluster.others, Some(0))?);
    }
    let mut clustered: AHashSet<u32> = clusters.iter().map(|cluster| cluster.keep).collect();
    clustered.extend(clusters.iter().flat_map(|cluster| &cluster.others));
    // Of several that others stand for, the best is the partner of one that is left.
    let mut partners: BTreeMap<u32, u32> = BTreeMap::new();
    for pair in pairs {
        for (alone, partner) in [(pair.left, pair.right), (pair.right, pair.left)] {
            if !clustered.contains(&alone) {
                let best = partners.entry(alone).or_insert(partner);
                *best = std::cmp::min_by_key(*best, partner, |&document| preference(document));
            }
        }
    }
    for (alone, partner) in partners {
        findings.extend(similar_to(corpus, table, pairs, partner, &[alone], None)?);
    }
    Ok(findings)
}

/// The findings that pair one document with each of `others`.
fn similar_to(
    corpus: &Corpus,
    table: &Table,
    pairs: &[SimilarPair],
    document: u32,
    others: &[u32],
    keep: Option<usize>,
) -> Result<Vec<Finding>> {
    let mut documents = vec![document];
    documents.extend(others);
    let mut whole = Vec::with_capacity(documents.len());
    fetch(corpus, table, &documents, &crate::corpus::Silent, |i, document| {
        whole.push(whole_document(DocId(documents[i]), &document.text));
    })?;
    let mut findings = vec![];
    for (i, &other) in documents.iter().enumerate().skip(1) {
        let ends = ordered(document, other);
        let Ok(at) = pairs.binary_search_by_key(&ends, |pair| (pair.left, pair.right)) else { continue };
        let hashes = [document, other].map(|document| table.row(document).byte_hash);
        let rule = if hashes[0] == hashes[1] { Rule::ExactDuplicate } else { Rule::NearDuplicate };
        findings.push(Finding {
            rule,
            fingerprint: fingerprint(rule, &hashes),
            measure: Measure::Shingles(pairs[at].overlap),
            places: vec![whole[0].clone(), whole[i].clone()],
            keep,
        });
    }
    Ok(findings)
}

/// A whole document as a place.
pub(crate) fn whole_document(document: DocId, text: &str) -> FoundAt {
    let bytes = ByteSpan::new(0, text.len());
    let lines = LineSpan { first: 1, last: Lines::of(text.trim_end_matches('\n')).span(bytes).last };
    FoundAt { document, bytes, lines, language: None, excerpt: excerpt(text) }
}

/// The beginning of a passage, at most some 300 characters.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let cut = head.rfind(char::is_whitespace).unwrap_or(head.len());
    format!("{} …", head[..cut].trim_end())
}

/// The overlap with the smaller Jaccard similarity.
pub(super) fn weaker(a: Overlap, b: Overlap) -> Overlap {
    let (left, right) = (u64::from(a.both) * b.union(), u64::from(b.both) * a.union());
    if right < left { b } else { a }
}
