//! Numbers for choosing a threshold by looking: how similar the compared
//! pairs are, how many stand close to the threshold, what the bands can see.

use super::figures::threshold;
use super::markdown::plot::{bar, curve};
use crate::outcome::Outcome;
use std::io::Write;

/// Hundredths of similarity in one row.
const STEP: usize = 5;

/// Writes the statistics.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, out: &mut dyn Write) -> std::io::Result<()> {
    let rows: Vec<u64> = outcome.compared.chunks(STEP).map(|bins| bins.iter().sum()).collect();
    let most = rows.iter().copied().max().unwrap_or(0).max(1);
    writeln!(out, "Compared pairs of different texts, by exact Jaccard similarity")?;
    for (i, &n) in rows.iter().enumerate() {
        let (from, to) = (bound(i * STEP), bound((i + 1) * STEP));
        writeln!(out, "  {from:.2} to {to:.2} │{} {n}", bar(n as usize, most as usize))?;
    }
    let Some(limit) = threshold(outcome) else { return Ok(()) };
    let at = (limit * 100.0).round() as usize;
    let (below, above) = (at.saturating_sub(STEP)..at, at..(at + STEP).min(outcome.compared.len()));
    let count = |bins: std::ops::Range<usize>| outcome.compared[bins].iter().sum::<u64>();
    writeln!(out, "\nAround the threshold of {limit}")?;
    let seen = outcome.banding.probability(bound(below.start));
    writeln!(
        out,
        "  {:.2} to {limit:.2}: {} pairs compared, of {:.1} % or more of all such pairs",
        bound(below.start),
        count(below.clone()),
        100.0 * seen
    )?;
    writeln!(out, "  {limit:.2} to {:.2}: {} pairs", bound(above.end), count(above.clone()))?;
    writeln!(out, "\nProbability that a pair is compared, by its similarity")?;
    for line in curve(outcome).lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn bound(hundredths: usize) -> f64 {
    hundredths as f64 / 100.0
}
