//! The plan: every document to remove and every passage to cut, each with the
//! place that is kept instead.
//!
//! A document is only removed for one that stays, and whose similarity to it
//! was measured; a kept place is pinned, so nothing later can take it away.
//! Taking any lines out of a plan leaves a sound plan.

use super::Wish;
use crate::corpus::{Corpus, DocId, Format, Skipped};
use crate::finding::{Finding, Measure, Rule, fingerprint};
use crate::near::shingle::{Shingled, shingle_set};
use crate::outcome::Outcome;
use crate::scan::Scan;
use crate::similarity::Overlap;
use crate::span::ByteSpan;
use ahash::{AHashMap, AHashSet};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is to be done to a corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What shaped it, by name.
    pub parameters: BTreeMap<String, String>,
    /// Everything to do, by document and place.
    pub actions: Vec<Action>,
    /// What the scan left out.
    pub skipped: Vec<Skipped>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Whether the document goes, or a passage of it.
    pub action: Step,
    /// The document.
    pub document: String,
    /// The file it stands in.
    pub file: String,
    /// The bytes of the text that go.
    pub bytes: [u32; 2],
    /// The rule that found it.
    pub rule: String,
    /// The document that is kept for it.
    pub kept: String,
    /// The bytes that are kept for it.
    pub kept_bytes: [u32; 2],
    /// Exact Jaccard similarity of the two.
    pub similarity: f64,
    /// Exact containment of the smaller in the larger.
    pub containment: f64,
    /// The finding's fingerprint, as `scan` has it.
    pub fingerprint: String,
    /// Hash of the text (XXH3, 64 bits); another text is left alone.
    pub hash: String,
    /// Hash of the kept text; the action is refused if it has changed.
    pub kept_hash: String,
    /// The beginning of what goes, for people.
    pub excerpt: String,
}

/// How much of a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// All of it.
    Remove,
    /// A passage.
    Cut,
}

/// Six digits, as everywhere in tables.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The hash of a text as plans write it.
pub(super) fn written(hash: u64) -> String {
    format!("{hash:016x}")
}

impl Plan {
    /// Decides what to remove of what a scan found.
    #[must_use]
    pub fn new(scan: &Scan, outcome: &Outcome, corpus: &Corpus, wish: &Wish) -> Self {
        let parameters = Self::parameters(scan, corpus, wish);
        let mut draft = Draft::new(scan, outcome, corpus, wish);
        draft.documents();
        if wish.passages {
            draft.passages();
        }
        let mut actions = draft.actions;
        actions.sort_by(|a, b| (&a.document, a.action, a.bytes).cmp(&(&b.document, b.action, b.bytes)));
        Self { parameters, actions, skipped: outcome.documents.skipped.clone() }
    }

    /// What shapes the plan of a scan with these parameters.
    #[must_use]
    pub fn parameters(scan: &Scan, corpus: &Corpus, wish: &Wish) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> =
            scan.parameters().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let read = corpus.options();
        let mut add = |name: &str, value: &str| all.insert(name.to_owned(), value.to_owned());
        add("passages", if wish.passages { "remove" } else { "report" });
        add("include", &read.include.patterns().join(","));
        add("exclude", &read.exclude.patterns().join(","));
        add("text-field", &read.text_field);
        add("id-field", &read.id_field);
        add("lang-field", read.lang_field.as_deref().unwrap_or_default());
        add("date-field", read.date_field.as_deref().unwrap_or_default());
        all
    }

    /// Number of documents to remove by a rule, or passages to cut.
    #[must_use]
    pub fn count(&self, step: Step, rule: &str) -> usize {
        self.actions.iter().filter(|action| action.action == step && action.rule == rule).count()
    }
}

/// A plan in the making.
struct Draft<'a> {
    scan: &'a Scan,
    outcome: &'a Outcome,
    corpus: &'a Corpus,
    /// Files that could not be read to their end stay as they are.
    untouchable: AHashSet<&'a str>,
    wish: &'a Wish,
    removed: AHashSet<DocId>,
    pinned: AHashSet<DocId>,
    cuts: AHashMap<DocId, Vec<ByteSpan>>,
    pinned_passages: AHashMap<DocId, Vec<ByteSpan>>,
    actions: Vec<Action>,
}

impl<'a> Draft<'a> {
    fn new(scan: &'a Scan, outcome: &'a Outcome, corpus: &'a Corpus, wish: &'a Wish) -> Self {
        let names: AHashSet<&str> = corpus.files().iter().map(|file| file.name.as_str()).collect();
        let skipped = outcome.documents.skipped.iter().map(|skipped| skipped.document.as_str());
        Self {
            scan,
            outcome,
            corpus,
            untouchable: skipped.filter(|name| names.contains(name)).collect(),
            wish,
            removed: AHashSet::new(),
            pinned: AHashSet::new(),
            cuts: AHashMap::new(),
            pinned_passages: AHashMap::new(),
            actions: vec![],
        }
    }

    fn file(&self, document: DocId) -> &'a str {
        &self.corpus.files()[self.outcome.documents.places[document.index()].file as usize].name
    }

    /// Whether the rules of this run and the format of its file let a document be changed.
    fn may_change(&self, document: DocId) -> bool {
        let (id, file) = (self.outcome.id(document), self.file(document));
        let place = self.outcome.documents.places[document.index()];
        let can_be_written = match self.corpus.files()[place.file as usize].format {
            Format::Plain | Format::JsonLines | Format::Parquet => true,
            Format::Warc => false,
        };
        can_be_written && !self.untouchable.contains(file) && !self.wish.protected.is_match(&[id, file])
    }

    /// Documents inside larger ones first, then near-duplicates: what stands
    /// inside a text that stays needs no representative of its own. A
    /// document that stands for others is taken only together with them.
    fn documents(&mut self) {
        let outcome = self.outcome;
        let mut stands_for: AHashMap<DocId, Vec<DocId>> = AHashMap::new();
        let mut represented: AHashSet<DocId> = AHashSet::new();
        for cluster in &outcome.clusters {
            stands_for.insert(DocId(cluster.keep), cluster.others.iter().copied().map(DocId).collect());
            represented.extend(cluster.others.iter().copied().map(DocId));
        }
        let of_rule = |rule: Rule| outcome.findings.iter().filter(move |finding| finding.rule == rule);
        let mut contained: Vec<&Finding> = of_rule(Rule::ContainedDocument).collect();
        // The largest container first, so that of nested texts the outermost is kept.
        contained.sort_by_cached_key(|finding| {
            let names = [0, 1].map(|i| outcome.id(finding.places[i].document).to_owned());
            (Reverse(finding.places[0].bytes.len()), names)
        });
        for finding in contained.iter().filter(|finding| {
            !represented.contains(&finding.places[0].document)
                && !stands_for.contains_key(&finding.places[1].document)
        }) {
            self.remove(finding);
        }
        let similar: AHashMap<(DocId, DocId), &Finding> = of_rule(Rule::ExactDuplicate)
            .chain(of_rule(Rule::NearDuplicate))
            .map(|finding| ((finding.places[0].document, finding.places[1].document), finding))
            .collect();
        for finding in &contained {
            let [outer, inner] = [0, 1].map(|i| finding.places[i].document);
            if !represented.contains(&outer)
                && let Some(others) = stands_for.get(&inner)
            {
                self.remove_with(finding, others, &similar);
            }
        }
        let nearly = of_rule(Rule::ExactDuplicate).chain(of_rule(Rule::NearDuplicate));
        for finding in nearly.filter(|finding| finding.keep.is_some()) {
            self.remove(finding);
        }
        for finding in contained {
            if !stands_for.contains_key(&finding.places[1].document) {
                self.remove(finding);
            }
        }
    }

    /// Removes a document that stands for others and lies in a larger one, if
    /// each of the others lies in the larger one, too.
    fn remove_with(
        &mut self,
        finding: &Finding,
        others: &[DocId],
        similar: &AHashMap<(DocId, DocId), &Finding>,
    ) {
        let [outer, inner] = [0, 1].map(|i| finding.places[i].document);
        let others: Vec<DocId> =
            others.iter().copied().filter(|other| !self.removed.contains(other)).collect();
        let free = |document: DocId| !self.pinned.contains(&document) && self.may_change(document);
        if self.removed.contains(&outer) || !free(inner) || !others.iter().all(|other| free(*other)) {
            return;
        }
        let places = [&[outer], others.as_slice()].concat();
        let places = places.iter().map(|document| self.outcome.documents.places[document.index()]);
        let mut sets = vec![];
        let mut shingled = Shingled::default();
        let fetched = self.corpus.fetch(places, |_, document| {
            sets.push(shingle_set(&document.text, self.scan.shingle_words(), &mut shingled));
        });
        let overlaps: Vec<Overlap> = sets.iter().skip(1).map(|set| Overlap::of(&sets[0], set)).collect();
        if fetched.is_err() || !overlaps.iter().all(|overlap| self.scan.is_similar_or_contained(*overlap)) {
            return;
        }
        self.remove(finding);
        let hash = |document: DocId| self.outcome.documents.byte_hashes[document.index()];
        for (other, overlap) in others.into_iter().zip(overlaps) {
            let Some(near) = similar.get(&(inner, other)) else { continue };
            let rule = Rule::ContainedDocument;
            self.remove(&Finding {
                rule,
                fingerprint: fingerprint(rule, &[hash(outer), hash(other)]),
                measure: Measure::Shingles(overlap),
                places: vec![finding.places[0].clone(), near.places[1].clone()],
                keep: Some(0),
            });
        }
    }

    /// Removes the second place of a finding, if the first stays. (Further
    /// places are other documents that hold the second, too.)
    fn remove(&mut self, finding: &Finding) {
        let [kept, goes] = [0, 1].map(|i| finding.places[i].document);
        if self.removed.contains(&kept)
            || self.removed.contains(&goes)
            || self.pinned.contains(&goes)
            || !self.may_change(goes)
        {
            return;
        }
        self.removed.insert(goes);
        self.pinned.insert(kept);
        self.push(Step::Remove, finding, 0, 1);
    }

    /// Cuts repeated passages but for one place of each.
    fn passages(&mut self) {
        let outcome = self.outcome;
        let overlaps = |spans: &AHashMap<DocId, Vec<ByteSpan>>, document: DocId, bytes: ByteSpan| {
            spans.get(&document).is_some_and(|spans| spans.iter().any(|span| span.overlaps(bytes)))
        };
        for finding in outcome.findings.iter().filter(|finding| finding.rule == Rule::RepeatedPassage) {
            let stays = finding.places.iter().position(|place| {
                !self.removed.contains(&place.document) && !overlaps(&self.cuts, place.document, place.bytes)
            });
            let Some(kept) = stays else { continue };
            let at = &finding.places[kept];
            self.pinned_passages.entry(at.document).or_default().push(at.bytes);
            for (i, place) in finding.places.iter().enumerate() {
                let (document, bytes) = (place.document, place.bytes);
                if i == kept
                    || self.removed.contains(&document)
                    || !self.may_change(document)
                    || overlaps(&self.pinned_passages, document, bytes)
                {
                    continue;
                }
                self.cuts.entry(document).or_default().push(bytes);
                self.push(Step::Cut, finding, kept, i);
            }
        }
    }

    fn push(&mut self, action: Step, finding: &Finding, kept: usize, goes: usize) {
        let Measure::Shingles(overlap) = &finding.measure else { return };
        let [kept, goes] = [kept, goes].map(|i| &finding.places[i]);
        let hash = |document: DocId| written(self.outcome.documents.byte_hashes[document.index()]);
        self.actions.push(Action {
            action,
            document: self.outcome.id(goes.document).to_owned(),
            file: self.file(goes.document).to_owned(),
            bytes: [goes.bytes.start, goes.bytes.end],
            rule: finding.rule.name().to_owned(),
            kept: self.outcome.id(kept.document).to_owned(),
            kept_bytes: [kept.bytes.start, kept.bytes.end],
            similarity: rounded(overlap.jaccard()),
            containment: rounded(overlap.containment()),
            fingerprint: finding.fingerprint.clone(),
            hash: hash(goes.document),
            kept_hash: hash(kept.document),
            excerpt: goes.excerpt.clone(),
        });
    }
}
