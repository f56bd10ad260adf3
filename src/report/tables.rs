//! The tables of `scan` for corpora too large for a report.

use crate::corpus::DocId;
use crate::outcome::Outcome;
use std::io::Write;

/// One row a similar pair: `left`, `right`, `jaccard`, `containment`, sorted by names.
///
/// # Errors
///
/// What writing returns.
pub fn write_pairs(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    let mut rows: Vec<(&str, &str, usize)> = outcome
        .pairs
        .iter()
        .enumerate()
        .map(|(i, pair)| {
            let (a, b) = (outcome.id(DocId(pair.left)), outcome.id(DocId(pair.right)));
            (a.min(b), a.max(b), i)
        })
        .collect();
    rows.sort_unstable();
    out.write_all(b"left\tright\tjaccard\tcontainment\n")?;
    for (left, right, i) in rows {
        let overlap = outcome.pairs[i].overlap;
        let (jaccard, containment) = (overlap.jaccard(), overlap.containment());
        writeln!(out, "{}\t{}\t{jaccard:.6}\t{containment:.6}", cell(left), cell(right))?;
    }
    Ok(())
}

/// One row a clustered document: `id`, `cluster`, `keep`, sorted by cluster and id.
///
/// # Errors
///
/// What writing returns.
pub fn write_clusters(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    out.write_all(b"id\tcluster\tkeep\n")?;
    for cluster in &outcome.clusters {
        let keep = outcome.id(DocId(cluster.keep));
        let mut members: Vec<&str> = cluster.others.iter().map(|&other| outcome.id(DocId(other))).collect();
        members.push(keep);
        members.sort_unstable();
        for id in members {
            writeln!(out, "{}\t{}\t{}", cell(id), cell(keep), u8::from(id == keep))?;
        }
    }
    Ok(())
}

/// A name as one cell: tabs and line breaks would end it.
#[must_use]
pub fn cell(name: &str) -> std::borrow::Cow<'_, str> {
    if name.contains(['\t', '\n', '\r']) {
        return name.replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r").into();
    }
    name.into()
}
