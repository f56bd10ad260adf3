//! Takes compounds apart over the words of the lexicon.
//!
//! The longest last part that is a word decides, since it is what the whole
//! is; what stands before it must be a word or a compound itself, perhaps with
//! a joint (`Handel-s-abkommen`) or without its last letters (`Schul-jahr`).

use super::store::Case;
use super::{Lexicon, fold};

/// A part has at least so many bytes.
const MIN_PART: usize = 3;

/// Parts of a compound; words of more are left alone.
const MAX_PARTS: usize = 4;

impl Lexicon {
    /// The parts of a compound in lower case; empty where it is none.
    pub(super) fn parts(&self, word: &str, case: Case) -> Vec<String> {
        if self.endings.joints.is_empty() || word.len() > 60 {
            return vec![];
        }
        let mut parts = self.split(word, case, MAX_PARTS);
        if parts.is_none() && !word.is_ascii() {
            parts = self.split(&fold(word), case, MAX_PARTS);
        }
        parts.unwrap_or_default()
    }

    fn split(&self, word: &str, case: Case, n_parts: usize) -> Option<Vec<String>> {
        if n_parts < 2 {
            return None;
        }
        let borders = word.char_indices().map(|(at, _)| at).filter(|&at| at >= MIN_PART);
        for at in borders {
            let (first, last) = word.split_at(at);
            if last.len() < MIN_PART + 1 {
                break;
            }
            // A first part that is a word is asked first, because that is a
            // look-up only, and what must be taken apart again last.
            let word = self.first_word(first);
            if (word.is_none() && n_parts <= 2) || self.entries(last, case).is_empty() {
                continue;
            }
            let first = || self.split(first.strip_suffix('s').unwrap_or(first), Case::Any, n_parts - 1);
            let Some(mut parts) = word.map(|word| vec![word]).or_else(first) else { continue };
            parts.push(last.to_owned());
            return Some(parts);
        }
        None
    }

    /// The word that a first part stands for, if it is one word.
    fn first_word(&self, first: &str) -> Option<String> {
        let mut whole = String::new();
        for joint in &self.endings.joints {
            let Some(bare) = first.strip_suffix(joint).filter(|bare| bare.len() >= MIN_PART) else {
                continue;
            };
            if self.is_first_part(bare) {
                return Some(bare.to_owned());
            }
            if !joint.is_empty() {
                continue;
            }
            for restored in &self.endings.restored {
                whole.clear();
                whole.push_str(bare);
                whole.push_str(restored);
                if self.is_first_part(&whole) {
                    return Some(whole);
                }
            }
        }
        None
    }

    fn is_first_part(&self, word: &str) -> bool {
        self.store.has(word)
    }
}
