//! Documents that stand, whole or nearly so, inside larger ones: truncations,
//! texts with boilerplate around them, parts of a compilation.

use super::Scan;
use super::documents::{fetch, shingle_sets, whole_document};
use super::table::Table;
use crate::corpus::{Corpus, DocId, Progress};
use crate::error::Result;
use crate::finding::{Finding, Measure, Rule, fingerprint};
use crate::near::verify::{SimilarPair, ordered, verify};
use crate::outcome::Near;
use crate::similarity::Overlap;
use ahash::{AHashMap, AHashSet};

/// Documents inside others, as findings and as pairs.
pub(super) struct Contained {
    pub findings: Vec<Finding>,
    /// Smaller number first.
    pub pairs: AHashSet<(u32, u32)>,
}

/// Verifies the containment of `candidates` on the shingle sets.
pub(super) fn contained_documents(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    near: &Near,
    candidates: &[(u32, u32)],
    progress: &dyn Progress,
) -> Result<Contained> {
    let candidates: Vec<(u32, u32)> =
        candidates.iter().copied().filter(|&(a, b)| !table.are_apart(a, b)).collect();
    progress.begin("looking for contained documents", candidates.len() as u64, "pairs");
    let verified = verify(
        &candidates,
        |overlap| {
            scan.containment.is_met_by(u64::from(overlap.both), overlap.smaller())
                && !scan.threshold.is_met_by(u64::from(overlap.both), overlap.union())
        },
        |document| u64::from(table.row(document).place.length),
        |documents| shingle_sets(scan, corpus, table, documents, progress),
        |done| progress.advance(done),
    )?;
    let pairs: AHashSet<(u32, u32)> = verified.iter().map(|pair| (pair.left, pair.right)).collect();
    let mut findings = vec![];
    for Inside { inner, outers, overlap } in reported(scan, table, near, &pairs, verified) {
        let mut documents = vec![outers[0], inner];
        documents.extend(&outers[1..]);
        let mut places = vec![];
        fetch(corpus, table, &documents, progress, |i, document| {
            places.push(whole_document(DocId(documents[i]), &document.text));
        })?;
        let hashes: Vec<u64> = documents.iter().map(|&document| table.row(document).byte_hash).collect();
        let rule = Rule::ContainedDocument;
        let measure = Measure::Shingles(overlap);
        findings.push(Finding {
            rule,
            fingerprint: fingerprint(rule, &hashes),
            measure,
            places,
            keep: Some(0),
        });
    }
    Ok(Contained { findings, pairs })
}

/// A document with all that contain it, the best of them first.
struct Inside {
    inner: u32,
    outers: Vec<u32>,
    /// What it shares with the best of them.
    overlap: Overlap,
}

/// One entry an inner document. A document that a similar one stands for is
/// left out where that one is known to go with the container too.
fn reported(
    scan: &Scan,
    table: &Table,
    near: &Near,
    pairs: &AHashSet<(u32, u32)>,
    verified: Vec<SimilarPair>,
) -> Vec<Inside> {
    let mut keeper: AHashMap<u32, u32> = AHashMap::new();
    for cluster in &near.clusters {
        keeper.extend(cluster.others.iter().map(|&other| (other, cluster.keep)));
    }
    let go_together = |a: u32, b: u32| {
        let ends = ordered(a, b);
        a == b
            || pairs.contains(&ends)
            || near.pairs.binary_search_by_key(&ends, |pair| (pair.left, pair.right)).is_ok()
    };
    let mut by_inner: AHashMap<u32, Vec<(u32, Overlap)>> = AHashMap::new();
    for pair in verified {
        // Of two equal sets the later id stands inside the earlier one.
        let size = |document: u32, n: u32| (n, std::cmp::Reverse(table.name(document)));
        let left_is_inner = size(pair.left, pair.overlap.left) < size(pair.right, pair.overlap.right);
        let (inner, outer) = if left_is_inner { (pair.left, pair.right) } else { (pair.right, pair.left) };
        if keeper.get(&inner).is_none_or(|&kept| !go_together(kept, outer)) {
            by_inner.entry(inner).or_default().push((outer, pair.overlap));
        }
    }
    let gone = |document: u32| keeper.contains_key(&document);
    let mut reported: Vec<Inside> = by_inner
        .into_iter()
        .map(|(inner, mut outers)| {
            outers.sort_by_cached_key(|&(outer, _)| (gone(outer), scan.keep.preference(table, outer)));
            let overlap = outers[0].1;
            Inside { inner, outers: outers.into_iter().map(|(outer, _)| outer).collect(), overlap }
        })
        .collect();
    reported.sort_unstable_by_key(|inside| inside.inner);
    reported
}
