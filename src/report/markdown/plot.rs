//! Pictures made of text: how similar the pairs are, and which pairs the
//! banding finds.

use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
use crate::report::escape::fenced;
use crate::report::figures::{s_curve, similarities, threshold};

/// Columns of a plot.
const WIDTH: usize = 50;

/// The pictures, with a sentence on how to read each.
pub(super) fn pictures(outcome: &Outcome) -> String {
    let mut text = String::new();
    let histogram = histogram(outcome);
    if !histogram.is_empty() {
        text += "## How similar the pairs are\n\n";
        text += &format!(
            "{} of documents by exact Jaccard similarity; none below the threshold is listed.\n\n",
            counted(outcome.pairs.len(), "pair")
        );
        text += &fenced(&histogram);
        text.push('\n');
    }
    if !outcome.findings.is_empty() {
        text += "## What the search can see\n\n";
        text += &format!(
            "The probability that a pair of some similarity is compared, for {} of {}; every pair that is compared is then measured exactly.\n\n",
            counted(outcome.banding.bands(), "band"),
            counted(outcome.banding.rows(), "row")
        );
        text += &fenced(&curve(outcome));
        text.push('\n');
    }
    text
}

fn histogram(outcome: &Outcome) -> String {
    let bins = similarities(outcome);
    let most = bins.iter().map(|bin| bin.n).max().unwrap_or(0).max(1);
    let limit = threshold(outcome);
    let lines = bins.iter().map(|bin| {
        let range = if bin.from < bin.to {
            format!("{:.2} to {:.2}", bin.from, bin.to)
        } else {
            "1 exactly   ".to_owned()
        };
        let n = if bin.n > 0 { format!(" {}", thousands(bin.n as u64)) } else { String::new() };
        let here = limit.is_some_and(|limit| bin.from <= limit && limit < bin.to);
        let mark = limit.filter(|_| here).map_or_else(String::new, |limit| format!("  ← threshold {limit}"));
        format!("{range} │{}{n}{mark}", bar(bin.n, most))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A bar in eighths of a column; one thing is never invisible.
pub(in crate::report) fn bar(n: usize, most: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (n * WIDTH * 8).div_ceil(most);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// The S-curve as a plot of ten rows.
pub(in crate::report) fn curve(outcome: &Outcome) -> String {
    const HEIGHT: usize = 10;
    let values = s_curve(outcome, WIDTH);
    let limit = threshold(outcome);
    let at = limit.map(|limit| (limit * WIDTH as f64).round() as usize);
    let mut lines = vec![];
    for row in (0..=HEIGHT).rev() {
        let label = match row {
            HEIGHT => "1.0",
            5 => "0.5",
            0 => "0.0",
            _ => "   ",
        };
        let cell = |(column, value): (usize, &f64)| {
            let filled = (value * HEIGHT as f64).round() as usize == row;
            match at {
                _ if filled => '●',
                Some(at) if at == column => '│',
                _ => ' ',
            }
        };
        let cells: String = values.iter().enumerate().map(cell).collect();
        lines.push(format!("{label} ┤{}", cells.trim_end()));
    }
    lines.push(format!("    └{}", "┬────".repeat(WIDTH / 5) + "┬"));
    lines.push("     0         0.2       0.4       0.6       0.8       1".to_owned());
    if let (Some(at), Some(limit)) = (at, limit) {
        let probability = outcome.banding.probability(limit);
        lines.push(format!("    {}↑ threshold {limit}: {probability:.4}", " ".repeat(at + 1)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    #[test]
    fn bars_grow_with_the_number_and_show_a_single_thing() {
        assert_eq!(bar(0, 9), "");
        assert_eq!(bar(1, 100_000), "▏");
        assert_eq!(bar(5, 5).chars().count(), WIDTH);
    }

    #[test]
    fn the_threshold_is_marked_in_both_pictures() {
        let outcome = Sample::new().near("a", "b", 81, 100).outcome();
        assert!(histogram(&outcome).starts_with("0.80 to 0.82 │█"), "{}", histogram(&outcome));
        assert!(histogram(&outcome).contains("← threshold 0.8"));
        let curve = curve(&outcome);
        assert_eq!(curve.lines().last().unwrap().chars().position(|c| c == '↑'), Some(45));
        assert_eq!(curve.lines().nth(6).unwrap().chars().nth(45), Some('│'), "{curve}");
    }
}
