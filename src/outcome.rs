//! Everything a run found, in the one order that all reports use.
//!
//! The order and the digest depend on the input and the parameters only: names
//! take the place of reading order, and every number in the digest is a count.

use crate::corpus::{DocId, Ids, Place, Skipped};
use crate::finding::{Finding, Measure, Rule};
use crate::hash::{ALGORITHM, hash128};
use crate::near::banding::Banding;
use crate::near::cluster::Cluster;
use crate::near::verify::SimilarPair;
use std::collections::BTreeMap;

/// What is known of the documents of a corpus.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// How many were looked at.
    pub n: u64,
    /// The names: of all while they fit into memory, or of those that take
    /// part in something.
    pub ids: Ids,
    /// Where each of them stands in the corpus.
    pub places: Vec<Place>,
    /// Hash of the bytes of the text.
    pub byte_hashes: Vec<u64>,
    /// Bytes of text.
    pub bytes: u64,
    /// Documents by language.
    pub languages: BTreeMap<String, u64>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

/// What the documents of a corpus have in common as wholes.
#[derive(Debug, Default)]
pub struct Near {
    /// All similar pairs of documents.
    pub pairs: Vec<SimilarPair>,
    /// Which documents go together.
    pub clusters: Vec<Cluster>,
    /// Buckets too full to compare all with all.
    pub split_buckets: u64,
    /// Texts that stand so often that not all their pairs are listed.
    pub crowded_texts: u64,
    /// Pairs of different texts that were compared, by Jaccard similarity in
    /// hundredths, rounded down; the last bin holds 0.99 to 1.
    pub compared: Vec<u64>,
}

/// The result of a scan.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The parameters that shaped it, by name.
    pub parameters: BTreeMap<&'static str, String>,
    /// The documents that were looked at.
    pub documents: Documents,
    /// How signatures were cut.
    pub banding: Banding,
    /// All similar pairs of documents.
    pub pairs: Vec<SimilarPair>,
    /// Which documents go together, sorted by the name of the kept one.
    pub clusters: Vec<Cluster>,
    /// Buckets too full to compare all with all.
    pub split_buckets: u64,
    /// Texts that stand so often that not all their pairs are listed.
    pub crowded_texts: u64,
    /// Pairs of different texts that were compared, by Jaccard similarity in
    /// hundredths, rounded down; the last bin holds 0.99 to 1.
    pub compared: Vec<u64>,
    /// What was found, by rule, strongest first.
    pub findings: Vec<Finding>,
    /// The same for the same input and parameters.
    pub digest: String,
}

impl Outcome {
    /// Brings everything into order and sums it up in the digest.
    pub(crate) fn new(
        parameters: BTreeMap<&'static str, String>,
        documents: Documents,
        banding: Banding,
        near: Near,
        mut findings: Vec<Finding>,
    ) -> Self {
        let Near { pairs, mut clusters, split_buckets, crowded_texts, compared } = near;
        let id = |document: u32| documents.ids.get(DocId(document));
        clusters.sort_by(|a, b| id(a.keep).cmp(id(b.keep)));
        findings.sort_by_cached_key(|finding| {
            let strength = match &finding.measure {
                Measure::Shingles(overlap) => overlap.jaccard(),
                Measure::Event { score, .. } => *score,
            };
            let places = finding.places.iter().map(|place| (id(place.document.0).to_owned(), place.bytes));
            (finding.rule, (-strength * 1e9) as i64, places.collect::<Vec<_>>())
        });
        let digest = String::new();
        let mut outcome = Self {
            parameters,
            documents,
            banding,
            pairs,
            clusters,
            split_buckets,
            crowded_texts,
            compared,
            findings,
            digest,
        };
        outcome.digest = outcome.compute_digest();
        outcome
    }

    /// The name of a document.
    #[must_use]
    pub fn id(&self, document: DocId) -> &str {
        self.documents.ids.get(document)
    }

    /// Number of findings of a rule.
    #[must_use]
    pub fn count(&self, rule: Rule) -> usize {
        self.findings.iter().filter(|finding| finding.rule == rule).count()
    }

    /// Forgets every word of the documents: excerpts and the wording of facts.
    /// Names, places, numbers and the digest stay, so that a report on texts
    /// that may not be quoted quotes nothing.
    pub fn forget_texts(&mut self) {
        for finding in &mut self.findings {
            for place in &mut finding.places {
                place.excerpt.clear();
            }
            let Measure::Event { evidence, .. } = &mut finding.measure else { continue };
            for fact in evidence.iter_mut().filter(|fact| !fact.is_term()) {
                fact.value.clear();
                fact.left.clear();
                fact.right.clear();
            }
        }
    }

    fn compute_digest(&self) -> String {
        let mut text = format!("doppelt/{ALGORITHM}\n");
        for (name, value) in &self.parameters {
            text += &format!("{name}={value}\n");
        }
        let mut pairs: Vec<String> = self
            .pairs
            .iter()
            .map(|pair| {
                let (mut a, mut b) = (pair.left, pair.right);
                if self.id(DocId(a)) > self.id(DocId(b)) {
                    std::mem::swap(&mut a, &mut b);
                }
                format!(
                    "{}\t{}\t{}\t{}\n",
                    self.id(DocId(a)),
                    self.id(DocId(b)),
                    pair.overlap.both,
                    pair.overlap.union()
                )
            })
            .collect();
        pairs.sort();
        text.extend(pairs);
        for cluster in &self.clusters {
            let others: Vec<&str> = cluster.others.iter().map(|&other| self.id(DocId(other))).collect();
            text += &format!("{}\t{}\n", self.id(DocId(cluster.keep)), others.join("\t"));
        }
        for finding in &self.findings {
            text += &format!("{}\t{}", finding.rule.name(), finding.fingerprint);
            match &finding.measure {
                Measure::Shingles(overlap) => text += &format!("\t{}/{}", overlap.both, overlap.union()),
                Measure::Event { score, .. } => text += &format!("\t{score:.4}"),
            }
            for place in &finding.places {
                text += &format!("\t{}:{}-{}", self.id(place.document), place.bytes.start, place.bytes.end);
            }
            text.push('\n');
        }
        format!("{:032x}", hash128(text.as_bytes()))
    }
}
