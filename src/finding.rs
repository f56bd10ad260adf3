//! What was found: one rule, some places, numbers that can be checked.
//!
//! Both wings meet here. A finding names its places by document, lines and
//! bytes; it carries an exact similarity or a score with its evidence, and a
//! fingerprint of its content that stays the same from run to run.

use crate::corpus::DocId;
use crate::hash::hash128;
use crate::similarity::Overlap;
use crate::span::{ByteSpan, LineSpan};
use serde::Serialize;

/// What kind of repetition a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Documents of the same bytes.
    ExactDuplicate,
    /// Documents whose shingle sets reach the threshold.
    NearDuplicate,
    /// A document nearly all of whose shingles stand in a larger one.
    ContainedDocument,
    /// A run of paragraphs or words that stands in two places.
    RepeatedPassage,
    /// A report of the same event in another language.
    CrossLanguagePair,
}

impl Rule {
    /// All rules, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::ExactDuplicate,
        Self::NearDuplicate,
        Self::ContainedDocument,
        Self::RepeatedPassage,
        Self::CrossLanguagePair,
    ];

    /// The name used in output and configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ExactDuplicate => "exact-duplicate",
            Self::NearDuplicate => "near-duplicate",
            Self::ContainedDocument => "contained-document",
            Self::RepeatedPassage => "repeated-passage",
            Self::CrossLanguagePair => "cross-language-pair",
        }
    }

    /// What the rule finds, in one line.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::ExactDuplicate => "documents of the same bytes",
            Self::NearDuplicate => "documents of nearly the same words",
            Self::ContainedDocument => "a document that stands inside a larger one",
            Self::RepeatedPassage => "a passage that stands in more than one place",
            Self::CrossLanguagePair => "a report of the same event in another language",
        }
    }

    /// How much the rule asks for attention, unless configured otherwise.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::ExactDuplicate => Severity::Error,
            Self::NearDuplicate | Self::ContainedDocument | Self::RepeatedPassage => Severity::Warning,
            Self::CrossLanguagePair => Severity::Note,
        }
    }
}

/// How much a finding asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Worth a look.
    Warning,
    /// Should not be there.
    Error,
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundAt {
    /// The document.
    pub document: DocId,
    /// The bytes of the passage in the original text.
    pub bytes: ByteSpan,
    /// The lines it touches.
    pub lines: LineSpan,
    /// The language, where it matters.
    pub language: Option<&'static str>,
    /// The beginning of the passage, for people.
    pub excerpt: String,
}

/// One fact for or against a cross-language pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// What kind of fact it is: `date`, `number`, `name`, `word`, …
    pub kind: &'static str,
    /// The fact in a spelling common to both languages.
    pub value: String,
    /// How the left document puts it.
    pub left: String,
    /// How the right document puts it.
    pub right: String,
    /// What it adds to the logit of the score; negative speaks against.
    pub weight: f64,
}

impl Evidence {
    /// Whether it is a term of the score that neither document puts into words.
    #[must_use]
    pub fn is_term(&self) -> bool {
        self.left.is_empty() && self.right.is_empty() && !self.value.is_empty()
    }
}

/// One thing that a corpus holds twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of repetition it is.
    pub rule: Rule,
    /// A hash of the rule and of the content, the same from run to run.
    pub fingerprint: String,
    /// What it is measured by.
    pub measure: Measure,
    /// Where it stands; two places or more.
    pub places: Vec<FoundAt>,
    /// Which of the places is kept, where one is.
    pub keep: Option<usize>,
}

/// The number that a finding stands on.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// What the shingle sets share; the smallest overlap of several places.
    Shingles(Overlap),
    /// A probability that both report the same event, and why.
    Event {
        /// In 0..=1.
        score: f64,
        /// The facts, heaviest first.
        evidence: Vec<Evidence>,
    },
}

/// A fingerprint of a rule and the content hashes it is about, in any order.
#[must_use]
pub fn fingerprint(rule: Rule, contents: &[u64]) -> String {
    let mut contents = contents.to_vec();
    contents.sort_unstable();
    let mut bytes = rule.name().as_bytes().to_vec();
    bytes.extend(contents.iter().flat_map(|content| content.to_le_bytes()));
    format!("{:016x}", hash128(&bytes) as u64)
}
