//! What every step makes of two documents, for a person who asks why.

use super::escape::visible;
use crate::cross::Pairing;
use crate::scan::explain::{Cross, Explained};
use std::io::Write;

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
            return writeln!(out, "  not looked at: the documents are not in {wanted} (see --languages)");
        }
        Cross::NoCandidate if explained.n_among.is_some() => {
            writeln!(
                out,
                "  no: not compared, for they share no rare fact or others share much more with each"
            )?;
        }
        Cross::NoCandidate => writeln!(out, "  no: they have no rare fact in common")?,
        Cross::Scored(pairing) => scored(pairing, explained.n_among, out)?,
    }
    for (label, only) in ["left", "right"].iter().zip(&explained.only) {
        let facts: Vec<String> =
            only.iter().map(|fact| visible(&format!("{}{}", fact.left, fact.right))).collect();
        if !facts.is_empty() {
            writeln!(out, "  only {label}: {}", facts.join(", "))?;
        }
    }
    Ok(())
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

fn scored(pairing: &Pairing, n_among: Option<u64>, out: &mut dyn Write) -> std::io::Result<()> {
    let verdict = if pairing.accepted { "yes" } else { "no" };
    let among = n_among.map_or("of the two alone".to_owned(), |n| format!("among {n} documents"));
    writeln!(out, "  {verdict}: score {:.4}, {among}", pairing.score)?;
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
