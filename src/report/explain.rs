//! What every step makes of two documents, for a person who asks why.

use super::escape::visible;
use crate::cross::{CrossOptions, Lexicon, Pairing, Profile, pair};
use crate::near::banding::Banding;
use crate::near::shingle::{Shingled, shingle_set};
use crate::near::sketch::Sketcher;
use crate::scan::Scan;
use crate::similarity::Overlap;
use crate::text::detect;
use std::io::Write;

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
    sides: [Side; 2],
    languages: [Option<&'static str>; 2],
    n_words: [usize; 2],
    overlap: Overlap,
    threshold: f64,
    shingle: usize,
    banding: Banding,
    /// Slots on which the signatures agree.
    slots_in_common: usize,
    /// Bands, counted from 1, on which they agree.
    bands_in_common: Vec<usize>,
    cross: Cross,
}

#[derive(Debug)]
enum Cross {
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

/// Writes the explanation.
///
/// # Errors
///
/// What writing returns.
pub fn write(explained: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    for (i, side) in explained.sides.iter().enumerate() {
        let language = explained.languages[i].unwrap_or("unknown");
        let label = ["left ", "right"][i];
        let (bytes, words) = (side.text.len(), explained.n_words[i]);
        writeln!(out, "{label}  {}: {bytes} bytes, {words} words, language {language}", visible(&side.id))?;
    }
    near(explained, out)?;
    writeln!(out, "\nThe same event in another language?")?;
    match &explained.cross {
        Cross::OtherLanguages(wanted) => {
            writeln!(out, "  not looked at: the documents are not in {wanted} (see --languages)")
        }
        Cross::NoCandidate => writeln!(out, "  no: they have no rare fact in common"),
        Cross::Scored(pairing) => scored(pairing, out),
    }
}

fn near(explained: &Explained, out: &mut dyn Write) -> std::io::Result<()> {
    let Explained { overlap, banding, .. } = explained;
    let (jaccard, containment) = (overlap.jaccard(), overlap.containment());
    writeln!(out, "\nNearly the same words?")?;
    writeln!(
        out,
        "  shingles of {} words: {} left, {} right, {} in common",
        explained.shingle, overlap.left, overlap.right, overlap.both
    )?;
    let slots = banding.slots();
    let estimate = explained.slots_in_common as f64 / slots as f64;
    writeln!(
        out,
        "  Jaccard {jaccard:.6} (estimated from {slots} slots: {estimate:.3}), containment {containment:.6}"
    )?;
    let met: Vec<String> = explained.bands_in_common.iter().map(usize::to_string).collect();
    let met = if met.is_empty() { "none".to_owned() } else { met.join(", ") };
    writeln!(out, "  bands met: {met} (of {}, {} rows each)", banding.bands(), banding.rows())?;
    writeln!(out, "  probability that such a pair becomes a candidate: {:.4}", banding.probability(jaccard))?;
    let verdict = if jaccard >= explained.threshold { "yes: at or above" } else { "no: below" };
    writeln!(out, "  {verdict} the threshold of {}", explained.threshold)
}

fn scored(pairing: &Pairing, out: &mut dyn Write) -> std::io::Result<()> {
    let verdict = if pairing.accepted { "yes" } else { "no" };
    writeln!(out, "  {verdict}: score {:.4}", pairing.score)?;
    writeln!(out, "  {:>7}  {:<8} {:<24} left / right", "weight", "kind", "fact")?;
    for fact in &pairing.evidence {
        writeln!(
            out,
            "  {:>+7.2}  {:<8} {:<24} {} / {}",
            fact.weight,
            fact.kind,
            visible(&fact.value),
            visible(&fact.left),
            visible(&fact.right)
        )?;
    }
    Ok(())
}
