//! Runs every step on two documents, for a person who asks why they are, or
//! are not, a finding. `report` puts the result into words.

use super::Scan;
use crate::corpus::{Corpus, Progress};
use crate::cross::{CrossOptions, Lexicon, Pairing, Profile, explain, pair_among};
use crate::error::Result;
use crate::finding::Evidence;
use crate::near::banding::Banding;
use crate::near::shingle::{Shingled, shingle_set};
use crate::near::sketch::Sketcher;
use crate::similarity::Overlap;
use crate::text::detect;

/// One of the two documents.
#[derive(Clone, Debug)]
pub struct Side {
    /// Its name.
    pub id: String,
    /// Its text.
    pub text: String,
    /// What its record says about the language.
    pub language: Option<String>,
    /// What its record says about the date.
    pub date: Option<String>,
}

/// Everything that was found out about two documents.
#[derive(Debug)]
pub struct Explained {
    pub(crate) sides: [Side; 2],
    pub(crate) languages: [Option<&'static str>; 2],
    pub(crate) n_words: [usize; 2],
    pub(crate) overlap: Overlap,
    pub(crate) threshold: f64,
    pub(crate) shingle: usize,
    pub(crate) banding: Banding,
    /// Slots on which the signatures agree.
    pub(crate) slots_in_common: usize,
    /// Bands, counted from 1, on which they agree.
    pub(crate) bands_in_common: Vec<usize>,
    pub(crate) cross: Cross,
    /// The rarest facts that only one of the two states.
    pub(crate) only: [Vec<Evidence>; 2],
    /// Documents of the corpus that the score was found in; none for the two alone.
    pub(crate) n_among: Option<u64>,
}

#[derive(Debug)]
pub(crate) enum Cross {
    /// Not in the two languages of the run.
    OtherLanguages(String),
    /// Nothing rare in common.
    NoCandidate,
    Scored(Pairing),
}

impl Explained {
    /// Runs every step on the two documents alone.
    #[must_use]
    pub fn of(scan: &Scan, left: Side, right: Side, lexicon: &Lexicon) -> Self {
        let banding = scan.banding();
        let k = scan.shingle_words();
        let mut buffers = Shingled::default();
        let mut sketcher = Sketcher::new(banding.slots());
        let mut read = |side: &Side| {
            let set = shingle_set(&side.text, k, &mut buffers);
            let signature = sketcher.signature(buffers.shingles()).to_vec();
            (buffers.words().len(), set, signature)
        };
        let (a, b) = (read(&left), read(&right));
        let keys = |signature: &[u32]| banding.keys(signature).collect::<Vec<_>>();
        let agreeing = keys(&a.2).into_iter().zip(keys(&b.2)).enumerate().filter(|(_, (x, y))| x == y);
        let bands_in_common = agreeing.map(|(band, _)| band + 1).collect();
        let languages = [&left, &right].map(|side| detect::language(side.language.as_deref(), &side.text));
        let (cross, only) = cross(scan, [&left, &right], languages, lexicon);
        Self {
            languages,
            n_words: [a.0, b.0],
            overlap: Overlap::of(&a.1, &b.1),
            threshold: scan.threshold_value(),
            shingle: k,
            banding,
            slots_in_common: a.2.iter().zip(&b.2).filter(|(x, y)| x == y).count(),
            bands_in_common,
            cross,
            only,
            n_among: None,
            sides: [left, right],
        }
    }
}

impl Explained {
    /// Explains the two documents as a pair among those of a corpus, which
    /// hold them: rarity and rivals are those of the corpus, so the score is
    /// the one that pairing the corpus gives.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read or `progress` says stop.
    pub fn among(
        mut self,
        scan: &Scan,
        corpus: &Corpus,
        lexicon: &Lexicon,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let Some(in_order) = order(scan, self.languages) else { return Ok(self) };
        let options = options(scan);
        let (paired, profiles) = super::cross::read(corpus, &options, lexicon, progress)?;
        let number = |id: &str| paired.ids.all().find(|known| known.1 == id).map(|known| known.0.0);
        let [left, right] = &self.sides;
        let (Some(left), Some(right)) = (number(&left.id), number(&right.id)) else { return Ok(self) };
        let (left, right) = if in_order { (left, right) } else { (right, left) };
        let pairing = pair_among(&profiles, left, right, &options).map(|pairing| turned(pairing, in_order));
        self.cross = pairing.map_or(Cross::NoCandidate, Cross::Scored);
        self.n_among = Some(paired.n_documents);
        Ok(self)
    }
}

fn options(scan: &Scan) -> CrossOptions {
    let (left, right) = scan.language_pair();
    CrossOptions { languages: (left.to_owned(), right.to_owned()), ..CrossOptions::default() }
}

/// Whether the first document is in the first language of the run, or the
/// second one is; none where they are not in the two languages.
fn order(scan: &Scan, languages: [Option<&'static str>; 2]) -> Option<bool> {
    let wanted = scan.language_pair();
    let found = (languages[0]?, languages[1]?);
    if found == wanted { Some(true) } else { (found == (wanted.1, wanted.0)).then_some(false) }
}

/// The pairing with the evidence of the first document on the left.
fn turned(mut pairing: Pairing, in_order: bool) -> Pairing {
    if !in_order {
        pairing.evidence.iter_mut().for_each(|fact| std::mem::swap(&mut fact.left, &mut fact.right));
    }
    pairing
}

fn cross(
    scan: &Scan,
    sides: [&Side; 2],
    languages: [Option<&'static str>; 2],
    lexicon: &Lexicon,
) -> (Cross, [Vec<Evidence>; 2]) {
    let wanted = scan.language_pair();
    let Some(in_order) = order(scan, languages) else {
        return (Cross::OtherLanguages(format!("{} and {}", wanted.0, wanted.1)), Default::default());
    };
    let profile = |i: usize| {
        let (side, language) = (sides[i], languages[i].unwrap_or_default());
        Profile::of(&side.text, language, side.date.as_deref(), lexicon)
    };
    let explanation = explain(&profile(0), &profile(1), &options(scan));
    let pairing = explanation.pairing.map(|pairing| turned(pairing, in_order));
    (pairing.map_or(Cross::NoCandidate, Cross::Scored), [explanation.only_left, explanation.only_right])
}
