//! Learns words of two languages from the paired documents of a corpus.
//!
//! Which documents belong together is either known or was found by pairing
//! before; the corpus is read once more and only the words of paired documents
//! are kept, not their texts.

use super::cross::Paired;
use crate::corpus::{Corpus, DocId, Progress};
use crate::cross::{Learned, Learner, Lexicon};
use crate::error::{Error, Result};
use crate::text::detect;
use ahash::{AHashMap, AHashSet};

/// What was learned, and from how much.
#[derive(Debug)]
pub struct Lessons {
    /// The words, sorted by that of the first language.
    pub rows: Vec<Learned>,
    /// Pairs of documents of the two languages that were read.
    pub n_pairs: usize,
    /// Named documents that the corpus lacks or that are in another language,
    /// sorted.
    pub missing: Vec<String>,
}

/// The ids of the pairs that were accepted, the left document first.
#[must_use]
pub fn accepted_ids(paired: &Paired) -> Vec<(String, String)> {
    let id = |document: u32| paired.ids.get(DocId(document)).to_owned();
    let accepted = paired.pairings.iter().filter(|pairing| pairing.accepted);
    accepted.map(|pairing| (id(pairing.left), id(pairing.right))).collect()
}

/// Learns the words that `lexicon` lacks from pairs of documents, given by
/// their ids in either order.
///
/// # Errors
///
/// When the corpus changes while it is read or `progress` says stop.
pub fn learn(
    corpus: &Corpus,
    pairs: &[(String, String)],
    lexicon: &Lexicon,
    progress: &dyn Progress,
) -> Result<Lessons> {
    let mut numbers: AHashMap<&str, Vec<u32>> = AHashMap::new();
    for ((left, right), number) in pairs.iter().zip(0..) {
        numbers.entry(left).or_default().push(number);
        numbers.entry(right).or_default().push(number);
    }
    let mut learner = Learner::new(lexicon);
    let mut read: AHashSet<&str> = AHashSet::new();
    // Which ends of a pair were read, as bits.
    let mut ends = vec![0u8; pairs.len()];
    progress.begin("learning words", corpus.bytes(), "bytes");
    corpus.map_batches(
        progress,
        |batch| {
            let mut wanted = vec![];
            batch.for_each(corpus, |document| {
                let Ok(document) = document else { return };
                if !numbers.contains_key(&*document.id) {
                    return;
                }
                let language = detect::language(document.language.as_deref(), &document.text);
                let language =
                    language.filter(|language| [lexicon.from(), lexicon.into()].contains(language));
                if let Some(language) = language {
                    wanted.push((document.id.into_owned(), document.text.into_owned(), language));
                }
            });
            wanted
        },
        |wanted| {
            for (id, text, language) in wanted {
                // Of documents with one id the first is the one that was paired.
                let Some((&id, numbers)) = numbers.get_key_value(id.as_str()) else { continue };
                if !read.insert(id) {
                    continue;
                }
                let is_from = language == lexicon.from();
                numbers.iter().for_each(|&number| ends[number as usize] |= 1 << u8::from(is_from));
                learner.read(&text, is_from, numbers);
            }
            Ok(())
        },
    )?;
    if progress.is_stopped() {
        return Err(Error::interrupted());
    }
    let mut missing: Vec<String> =
        numbers.into_keys().filter(|id| !read.contains(id)).map(str::to_owned).collect();
    missing.sort_unstable();
    let n_pairs = ends.iter().filter(|&&ends| ends == 0b11).count();
    Ok(Lessons { rows: learner.learned(pairs.len()), n_pairs, missing })
}
