//! Reports of the same event in two languages.
//!
//! Every document of the two languages becomes a profile; the texts are not
//! kept. Documents are numbered by their ids, so that the order of reading
//! decides nothing. `pair` and `scan` both come here, so they find the same.

use super::documents::{fetch, whole_document};
use super::table::Table;
use crate::corpus::{Corpus, DocId, Ids, Place, Progress, Skipped};
use crate::cross::{self, CrossOptions, Lexicon, Pairing, Profile};
use crate::error::{Error, Result};
use crate::finding::{Finding, Measure, Rule, fingerprint};
use crate::text::detect;
use ahash::AHashMap;

/// The documents of two languages and how they pair up.
#[derive(Debug, Default)]
pub struct Paired {
    /// Names of the documents of the two languages.
    pub ids: Ids,
    /// Where each of them stands.
    pub places: Vec<Place>,
    /// The language of each of them.
    pub languages: Vec<&'static str>,
    /// Documents read, of any language.
    pub n_documents: u64,
    /// Pairs, best first; numbers are those of `ids`.
    pub pairings: Vec<Pairing>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

/// Reads a corpus and pairs its documents across two languages.
///
/// # Errors
///
/// When the corpus holds no document or `progress` says stop.
pub fn pair_corpus(
    corpus: &Corpus,
    options: &CrossOptions,
    lexicon: &Lexicon,
    progress: &dyn Progress,
) -> Result<Paired> {
    let (mut paired, profiles) = read(corpus, options, lexicon, progress)?;
    progress.begin("pairing", profiles.len() as u64, "documents");
    paired.pairings = cross::pair(&profiles, options);
    progress.advance(profiles.len() as u64);
    Ok(paired)
}

/// Reads the documents of the two languages, in the order of their ids; they
/// are not paired yet.
pub(crate) fn read(
    corpus: &Corpus,
    options: &CrossOptions,
    lexicon: &Lexicon,
    progress: &dyn Progress,
) -> Result<(Paired, Vec<Profile>)> {
    let mut paired = Paired {
        ids: Ids::default(),
        places: vec![],
        languages: vec![],
        n_documents: 0,
        pairings: vec![],
        skipped: corpus.unreadable().to_vec(),
    };
    let mut documents: Vec<(String, Place, Profile)> = vec![];
    let mut names: AHashMap<String, Place> = AHashMap::new();
    let wanted = [options.languages.0.as_str(), options.languages.1.as_str()];
    progress.begin("reading facts", corpus.bytes(), "bytes");
    corpus.map_batches(
        progress,
        |batch| {
            let mut read = vec![];
            batch.for_each(corpus, |document| {
                read.push(document.map(|document| {
                    let language = detect::language(document.language.as_deref(), &document.text);
                    let language = language.filter(|language| wanted.contains(language));
                    let read = if options.evidence { Profile::of } else { Profile::bare };
                    let profile = language
                        .map(|language| read(&document.text, language, document.date.as_deref(), lexicon));
                    (document.id.into_owned(), document.place, profile)
                }));
            });
            read
        },
        |read| {
            for document in read {
                match document {
                    Ok((id, place, profile)) => {
                        let first = *names.entry(id.clone()).or_insert(place);
                        if first != place {
                            paired.skipped.push(corpus.doubled(&id, place, first));
                            continue;
                        }
                        paired.n_documents += 1;
                        documents.extend(profile.map(|profile| (id, place, profile)));
                    }
                    Err(skipped) => paired.skipped.push(skipped),
                }
            }
            Ok(())
        },
    )?;
    paired.skipped.sort();
    if paired.n_documents == 0 {
        return Err(super::nothing_scanned(corpus, &paired.skipped));
    }
    if progress.is_stopped() {
        return Err(Error::interrupted());
    }
    documents.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut profiles = Vec::with_capacity(documents.len());
    for (id, place, profile) in documents {
        paired.ids.push(&id);
        paired.places.push(place);
        paired.languages.push(profile.language());
        profiles.push(profile);
    }
    Ok((paired, profiles))
}

/// One finding for every accepted pair.
pub(super) fn findings(
    corpus: &Corpus,
    table: &Table,
    options: &CrossOptions,
    progress: &dyn Progress,
) -> Result<Vec<Finding>> {
    let lexicon = Lexicon::shipped(&options.languages.0, &options.languages.1);
    let paired = pair_corpus(corpus, options, &lexicon, progress)?;
    let accepted = || paired.pairings.iter().filter(|pairing| pairing.accepted);
    let name = |document: u32| paired.ids.get(DocId(document));
    let mut number: AHashMap<&str, Option<u32>> =
        accepted().flat_map(|pairing| [pairing.left, pairing.right]).map(|end| (name(end), None)).collect();
    for document in 0..table.len() as u32 {
        if let Some(number) = number.get_mut(table.name(document).as_str()) {
            *number = Some(document);
        }
    }
    let mut findings = vec![];
    for pairing in paired.pairings.into_iter().filter(|pairing| pairing.accepted) {
        let ends = [pairing.left, pairing.right];
        let known = ends.map(|end| number.get(name(end)).copied().flatten());
        let [Some(left), Some(right)] = known else { continue };
        let mut places = vec![];
        fetch(corpus, table, &[left, right], progress, |i, document| {
            let mut place = whole_document(DocId([left, right][i]), &document.text);
            place.language = Some(paired.languages[ends[i] as usize]);
            places.push(place);
        })?;
        let rule = Rule::CrossLanguagePair;
        let hashes = [left, right].map(|document| table.row(document).byte_hash);
        findings.push(Finding {
            rule,
            fingerprint: fingerprint(rule, &hashes),
            measure: Measure::Event { score: pairing.score, evidence: pairing.evidence },
            places,
            keep: None,
        });
    }
    Ok(findings)
}
