//! Which paragraphs of two reports speak of the same.
//!
//! The facts of a pair are looked up in both texts. Paragraphs correspond when
//! facts that agree stand in both; a fact that stands in many places counts
//! less in each. This only arranges the evidence for a reader, the score of
//! the pair was decided elsewhere.

use crate::finding::Evidence;
use crate::span::ByteSpan;
use crate::text::paragraphs::paragraphs;

/// A place in a text where a fact is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The words.
    pub bytes: ByteSpan,
    /// Number of the fact.
    pub fact: usize,
}

/// Paragraphs that share facts, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Correspondence {
    /// The paragraph of the left text.
    pub left: usize,
    /// The paragraph of the right text.
    pub right: usize,
    /// The agreeing facts that stand in both, as numbers.
    pub facts: Vec<usize>,
    /// What they weigh together.
    pub weight: f64,
}

/// A text with its paragraphs and the facts in them.
#[derive(Clone, Debug)]
pub struct Annotated {
    /// The paragraphs.
    pub paragraphs: Vec<ByteSpan>,
    /// The facts, in the order of the text, none inside another.
    pub mentions: Vec<Mention>,
}

impl Annotated {
    /// Finds facts, each given by the words that put it, in a text.
    #[must_use]
    pub fn new<'w>(text: &str, wordings: impl Iterator<Item = &'w str>) -> Self {
        let mut found: Vec<Mention> = vec![];
        for (fact, wording) in wordings.enumerate() {
            found.extend(occurrences(text, wording).map(|bytes| Mention { bytes, fact }));
        }
        // Of overlapping mentions the longest stays, of equals the heaviest fact.
        found.sort_unstable_by_key(|mention| (std::cmp::Reverse(mention.bytes.len()), *mention));
        let mut mentions: Vec<Mention> = vec![];
        for mention in found {
            let at = mentions.partition_point(|other| other.bytes < mention.bytes);
            let clear =
                |other: Option<&Mention>| other.is_none_or(|other| !other.bytes.overlaps(mention.bytes));
            if clear(mentions.get(at)) && clear(at.checked_sub(1).and_then(|before| mentions.get(before))) {
                mentions.insert(at, mention);
            }
        }
        Self { paragraphs: paragraphs(text), mentions }
    }

    /// How often each of `n` facts stands in each paragraph.
    fn counts(&self, n: usize) -> Vec<Vec<u32>> {
        let mut counts = vec![vec![0; n]; self.paragraphs.len()];
        for mention in &self.mentions {
            let at = self.paragraphs.iter().position(|paragraph| paragraph.overlaps(mention.bytes));
            if let Some(at) = at {
                counts[at][mention.fact] += 1;
            }
        }
        counts
    }
}

/// For every paragraph the one that corresponds best, where one does.
#[must_use]
pub fn correspondences(left: &Annotated, right: &Annotated, evidence: &[Evidence]) -> Vec<Correspondence> {
    let (lefts, rights) = (left.counts(evidence.len()), right.counts(evidence.len()));
    let paragraphs_with =
        |counts: &[Vec<u32>], fact: usize| counts.iter().filter(|row| row[fact] > 0).count();
    let weights: Vec<f64> = evidence
        .iter()
        .enumerate()
        .map(|(fact, evidence)| {
            let spread = paragraphs_with(&lefts, fact) * paragraphs_with(&rights, fact);
            if spread == 0 { 0.0 } else { evidence.weight.max(0.0) / spread as f64 }
        })
        .collect();
    let between = |i: usize, j: usize| {
        let shared = (0..evidence.len()).filter(|&fact| lefts[i][fact] > 0 && rights[j][fact] > 0);
        let facts: Vec<usize> = shared.filter(|&fact| weights[fact] > 0.0).collect();
        let weight = facts.iter().map(|&fact| weights[fact]).sum();
        Correspondence { left: i, right: j, facts, weight }
    };
    let all: Vec<Vec<Correspondence>> =
        (0..lefts.len()).map(|i| (0..rights.len()).map(|j| between(i, j)).collect()).collect();
    let best = |found: &mut dyn Iterator<Item = &Correspondence>| {
        // The first of equals.
        found.filter(|found| found.weight > 0.0).fold(None::<Correspondence>, |best, found| match best {
            Some(best) if best.weight >= found.weight => Some(best),
            _ => Some(found.clone()),
        })
    };
    let by_left = all.iter().filter_map(|row| best(&mut row.iter()));
    let by_right = (0..rights.len()).filter_map(|j| best(&mut all.iter().map(|row| &row[j])));
    let mut found: Vec<Correspondence> = by_left.chain(by_right).collect();
    found.sort_by_key(|found| (found.left, found.right));
    found.dedup();
    let strongest = found.iter().map(|found| found.weight).fold(0.0, f64::max);
    found.retain(|found| found.weight >= strongest / 8.0);
    found
}

/// Where some words stand in a text as words of their own.
fn occurrences<'a>(text: &'a str, wording: &'a str) -> impl Iterator<Item = ByteSpan> + 'a {
    let wording = wording.trim();
    let inside_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let starts = wording.chars().next().is_some_and(char::is_alphanumeric);
    let ends = wording.chars().next_back().is_some_and(char::is_alphanumeric);
    let found = (!wording.is_empty()).then(|| text.match_indices(wording));
    found.into_iter().flatten().filter_map(move |(at, _)| {
        let end = at + wording.len();
        let cut = starts && inside_word(text[..at].chars().next_back())
            || ends && inside_word(text[end..].chars().next());
        (!cut).then(|| ByteSpan::new(at, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Measure;
    use crate::report::sample;

    #[test]
    fn paragraphs_that_share_facts_correspond_whatever_their_order() {
        let (sample, outcome) = sample::meeting();
        let finding = &outcome.findings[0];
        let Measure::Event { evidence, .. } = &finding.measure else { panic!("a pair") };
        let texts = sample.texts();
        let [left, right] = [0, 1].map(|i| texts.at(&finding.places[i]).words);
        let left = Annotated::new(&left, evidence.iter().map(|fact| fact.left.as_str()));
        let right = Annotated::new(&right, evidence.iter().map(|fact| fact.right.as_str()));
        let found = correspondences(&left, &right, evidence);
        let found: Vec<_> = found.into_iter().map(|found| (found.left, found.right, found.facts)).collect();
        assert_eq!(found, [(0, 1, vec![0, 1]), (2, 0, vec![2])]);
    }

    #[test]
    fn a_fact_is_found_as_words_of_its_own_and_the_longest_stays() {
        let found = |text: &str, wordings: &[&str]| {
            let annotated = Annotated::new(text, wordings.iter().copied());
            annotated
                .mentions
                .iter()
                .map(|mention| (mention.bytes.of(text).to_owned(), mention.fact))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("12 and 112, 12%", &["12"]), [("12".into(), 0), ("12".into(), 0)]);
        assert_eq!(found("3. Oktober 2024", &["3", "3. Oktober", ""]), [("3. Oktober".into(), 1)]);
    }
}
