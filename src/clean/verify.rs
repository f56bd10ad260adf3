//! Checks a plan against the corpus before anything is written.
//!
//! Each text that goes and each text that is kept for it must be there, and be
//! the text that was compared; an action for which that is not so is refused,
//! and its document stays.

use super::plan::{Plan, Step, written};
use crate::corpus::{Corpus, Place, Progress, Skipped};
use crate::error::Result;
use crate::hash::hash64;
use crate::span::ByteSpan;
use ahash::{AHashMap, AHashSet};

/// A document that something is to be done to.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub place: Place,
    /// Hash of the text that was compared.
    pub hash: u64,
    /// The action that removes the document, if one does.
    pub remove: Option<usize>,
    /// The actions that cut passages.
    pub cuts: Vec<usize>,
}

/// A plan that fits the corpus.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// What is to be done, by file, in the order of the file.
    pub by_file: Vec<Vec<Hit>>,
    /// Actions that are not carried out, and why.
    pub refused: Vec<Skipped>,
    /// Documents of the corpus.
    pub n_documents: u64,
    /// What is no document.
    pub skipped: Vec<Skipped>,
}

/// What a batch says about the documents of a plan.
#[derive(Default)]
struct Seen<'a> {
    found: Vec<(&'a str, Place, u64)>,
    n_documents: u64,
    skipped: Vec<Skipped>,
}

/// Looks up every document of the plan.
pub(super) fn verify(plan: &Plan, corpus: &Corpus, progress: &dyn Progress) -> Result<Checked> {
    let wanted: AHashSet<&str> =
        plan.actions.iter().flat_map(|action| [action.document.as_str(), &action.kept]).collect();
    let mut found: AHashMap<&str, (Place, u64)> = AHashMap::with_capacity(wanted.len());
    let mut checked = Checked { skipped: corpus.unreadable().to_vec(), ..Checked::default() };
    progress.begin("checking the plan", corpus.bytes(), "bytes");
    corpus.map_batches(
        progress,
        |batch| {
            let mut seen = Seen::default();
            batch.for_each(corpus, |document| match document {
                Ok(document) => {
                    seen.n_documents += 1;
                    if let Some(id) = wanted.get(&*document.id) {
                        seen.found.push((id, document.place, hash64(document.text.as_bytes())));
                    }
                }
                Err(skipped) => seen.skipped.push(skipped),
            });
            seen
        },
        |seen| {
            checked.n_documents += seen.n_documents;
            checked.skipped.extend(seen.skipped);
            for (id, place, hash) in seen.found {
                // Of documents with one id the first is meant, as in a scan.
                found.entry(id).or_insert((place, hash));
            }
            Ok(())
        },
    )?;
    checked.skipped.sort();
    checked.assign(plan, corpus, &found);
    Ok(checked)
}

impl Checked {
    fn assign(&mut self, plan: &Plan, corpus: &Corpus, found: &AHashMap<&str, (Place, u64)>) {
        let mut wrong: Vec<Option<String>> = plan
            .actions
            .iter()
            .map(|action| {
                stays_as(found.get(action.document.as_str()), &action.document, &action.hash)
                    .or_else(|| stays_as(found.get(action.kept.as_str()), &action.kept, &action.kept_hash))
                    .or_else(|| {
                        let (place, _) = found.get(action.document.as_str())?;
                        let file = &corpus.files()[place.file as usize];
                        (file.name != action.file).then(|| format!("it stands in {} now", file.name))
                    })
            })
            .collect();
        let removed: AHashSet<&str> = plan
            .actions
            .iter()
            .zip(&wrong)
            .filter(|(action, wrong)| action.action == Step::Remove && wrong.is_none())
            .map(|(action, _)| action.document.as_str())
            .collect();
        let mut cuts: AHashMap<&str, Vec<ByteSpan>> = AHashMap::new();
        for action in plan.actions.iter().filter(|action| action.action == Step::Cut) {
            cuts.entry(&action.document).or_default().push(span(action.bytes));
        }
        for (action, wrong) in plan.actions.iter().zip(&mut wrong) {
            let kept = span(action.kept_bytes);
            let is_cut = |spans: &Vec<ByteSpan>| spans.iter().any(|span| span.overlaps(kept));
            if wrong.is_none() && (action.document == action.kept && action.action == Step::Remove) {
                *wrong = Some("it would be kept for itself".into());
            } else if wrong.is_none() && removed.contains(action.kept.as_str()) {
                *wrong = Some(format!("{}, which is kept for it, would be removed too", action.kept));
            } else if wrong.is_none()
                && action.action == Step::Cut
                && cuts.get(action.kept.as_str()).is_some_and(is_cut)
            {
                *wrong = Some(format!("the passage of {} that is kept for it would be cut too", action.kept));
            }
        }
        self.by_file = vec![vec![]; corpus.files().len()];
        let mut hits: AHashMap<&str, Hit> = AHashMap::new();
        for (i, (action, wrong)) in plan.actions.iter().zip(wrong).enumerate() {
            if let Some(reason) = wrong {
                self.refused.push(Skipped {
                    document: action.document.clone(),
                    reason: format!("not removed: {reason}"),
                });
                continue;
            }
            let Some(&(place, hash)) = found.get(action.document.as_str()) else { continue };
            let hit = hits.entry(&action.document).or_insert(Hit { place, hash, remove: None, cuts: vec![] });
            match action.action {
                Step::Remove => hit.remove = hit.remove.or(Some(i)),
                Step::Cut => hit.cuts.push(i),
            }
        }
        for hit in hits.into_values() {
            self.by_file[hit.place.file as usize].push(hit);
        }
        for hits in &mut self.by_file {
            hits.sort_by_key(|hit| hit.place.offset);
        }
        self.refused.sort();
    }
}

fn span(bytes: [u32; 2]) -> ByteSpan {
    ByteSpan { start: bytes[0].min(bytes[1]), end: bytes[1] }
}

/// Why a text is not the one that was compared.
fn stays_as(found: Option<&(Place, u64)>, id: &str, hash: &str) -> Option<String> {
    match found {
        None => Some(format!("{id} is not there")),
        Some((_, now)) if written(*now) != hash => Some(format!("{id} has changed since the plan was made")),
        Some(_) => None,
    }
}
