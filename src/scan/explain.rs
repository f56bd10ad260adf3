//! Runs every step on two documents, for a person who asks why they are, or
//! are not, a finding. `report` puts the result into words.

use super::Scan;
use crate::cross::{CrossOptions, Lexicon, Pairing, Profile, pair};
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
    /// Runs every step on the two documents.
    #[must_use]
    pub fn of(scan: &Scan, left: Side, right: Side) -> Self {
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
        let cross = cross(scan, [&left, &right], languages);
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
            sides: [left, right],
        }
    }
}

fn cross(scan: &Scan, sides: [&Side; 2], languages: [Option<&'static str>; 2]) -> Cross {
    let wanted = scan.language_pair();
    let other = || Cross::OtherLanguages(format!("{} and {}", wanted.0, wanted.1));
    let [Some(left), Some(right)] = languages else { return other() };
    let in_order = (left, right) == (wanted.0, wanted.1);
    if !in_order && (right, left) != (wanted.0, wanted.1) {
        return other();
    }
    let lexicon = Lexicon::shipped(wanted.0, wanted.1);
    let profile = |side: &Side, language| Profile::of(&side.text, language, side.date.as_deref(), &lexicon);
    let profiles = [profile(sides[0], left), profile(sides[1], right)];
    let options = CrossOptions {
        languages: (wanted.0.to_owned(), wanted.1.to_owned()),
        candidates: Some(1),
        ..CrossOptions::default()
    };
    pair(&profiles, &options).into_iter().next().map_or(Cross::NoCandidate, Cross::Scored)
}
