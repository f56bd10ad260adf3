//! Documents that stand, whole or nearly so, inside larger ones: truncations,
//! texts with boilerplate around them, parts of a compilation.

use super::Scan;
use super::documents::{shingle_sets, whole_document, fetch};
use super::ingest::Table;
use super::matches::Matches;
use crate::corpus::{Corpus, DocId, Progress};
use crate::error::Result;
use crate::finding::{Finding, Measure, Rule, fingerprint};
use crate::near::verify::verify;

/// Of the anchors of a contained document at least this share (one in so
/// many) is found again; edits and the ends of the text take the others.
const SHARED_ANCHORS: u32 = 4;

/// A document inside another.
pub(super) struct Contained {
    pub inner: u32,
    pub outer: u32,
    pub finding: Finding,
}

/// Finds contained documents among the pairs that share anchors, and verifies
/// the containment on the shingle sets.
pub(super) fn contained_documents(
    scan: &Scan,
    corpus: &Corpus,
    table: &Table,
    matches: &Matches,
    progress: &dyn Progress,
) -> Result<Vec<Contained>> {
    let candidates: Vec<(u32, u32)> = matches
        .by_pair()
        .filter(|found| found[0].left != found[0].right && !table.are_apart(found[0].left, found[0].right))
        .filter(|found| {
            let anchors = [found[0].left, found[0].right].map(|document| matches.n_anchors[document as usize]);
            found.len() as u32 * SHARED_ANCHORS >= anchors[0].min(anchors[1])
        })
        .map(|found| (found[0].left, found[0].right))
        .collect();
    progress.begin("looking for contained documents", candidates.len() as u64, "pairs");
    let verified = verify(
        &candidates,
        |overlap| {
            scan.containment.is_met_by(u64::from(overlap.both), overlap.smaller())
                && !scan.threshold.is_met_by(u64::from(overlap.both), overlap.union())
        },
        |document| u64::from(table.places[document as usize].length),
        |documents| shingle_sets(scan, corpus, table, documents, progress),
        |done| progress.advance(done),
    )?;
    let mut contained = vec![];
    for pair in verified {
        let left_is_inner = (pair.overlap.left, pair.left) <= (pair.overlap.right, pair.right);
        let (inner, outer) = if left_is_inner { (pair.left, pair.right) } else { (pair.right, pair.left) };
        let mut places = vec![];
        fetch(corpus, table, &[outer, inner], progress, |i, document| {
            places.push(whole_document(DocId([outer, inner][i]), &document.text));
        })?;
        let hashes = [outer, inner].map(|document| table.byte_hashes[document as usize]);
        let rule = Rule::ContainedDocument;
        let measure = Measure::Shingles(pair.overlap);
        let finding = Finding { rule, fingerprint: fingerprint(rule, &hashes), measure, places, keep: Some(0) };
        contained.push(Contained { inner, outer, finding });
    }
    Ok(contained)
}
