//! A summary for people at a terminal.

use super::escape::{visible, visible_lines};
use crate::finding::{Finding, FoundAt, Measure, Rule};
use crate::outcome::Outcome;
use std::fmt::Write as _;
use std::io::Write;

/// How the summary is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Whether to use colours.
    pub colours: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Findings shown of each rule.
    pub shown: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { colours: false, width: 100, shown: 10 }
    }
}

/// Writes the summary.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, layout: Layout, out: &mut dyn Write) -> std::io::Result<()> {
    for rule in Rule::ALL {
        let all = outcome.findings.iter().filter(|finding| finding.rule == rule);
        for finding in all.clone().take(layout.shown) {
            out.write_all(finding_text(outcome, finding, layout).as_bytes())?;
        }
        let n = all.count();
        if n > layout.shown {
            let more = n - layout.shown;
            writeln!(out, "… and {more} more findings of {}; --report FILE.md has them\n", rule.name())?;
        }
    }
    let documents = &outcome.documents;
    let (n, bytes) = (documents.ids.len(), documents.bytes);
    writeln!(out, "{n} document{}, {}", plural(n), size(bytes))?;
    for rule in Rule::ALL {
        let n = outcome.count(rule);
        if n > 0 {
            writeln!(out, "{n:>7} {:<20} {}", rule.name(), rule.description())?;
        }
    }
    let n_others: usize = outcome.clusters.iter().map(|cluster| cluster.others.len()).sum();
    if n_others > 0 {
        let (pairs, clusters) = (outcome.pairs.len(), outcome.clusters.len());
        writeln!(
            out,
            "{pairs} similar pairs in {clusters} clusters; {n_others} documents are held elsewhere too"
        )?;
    }
    if outcome.findings.is_empty() && outcome.pairs.is_empty() {
        writeln!(out, "nothing is held twice")?;
    }
    if !documents.skipped.is_empty() {
        writeln!(out, "{:>7} left out", documents.skipped.len())?;
    }
    writeln!(out, "digest {}", outcome.digest)
}

/// `1.4 MB`
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn finding_text(outcome: &Outcome, finding: &Finding, layout: Layout) -> String {
    let (bold, off) = if layout.colours { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut text = format!("{bold}{}{off} {}\n", finding.rule.name(), measure_text(&finding.measure));
    const PLACES: usize = 5;
    for (i, place) in finding.places.iter().take(PLACES).enumerate() {
        let mark = if finding.keep == Some(i) { "  kept" } else { "" };
        let _ = writeln!(text, "  {}{mark}", place_text(outcome, finding.rule, place));
    }
    if finding.places.len() > PLACES {
        let _ = writeln!(text, "  … in {} places", finding.places.len());
    }
    match &finding.measure {
        Measure::Shingles(_) => {
            let excerpt = finding.places.first().map_or("", |place| place.excerpt.as_str());
            let line = visible_lines(excerpt).replace('\n', " ");
            let _ = writeln!(text, "  │ {}", shortened(&line, layout.width.saturating_sub(4)));
        }
        Measure::Event { evidence, .. } => {
            for fact in evidence.iter().take(6) {
                let _ = writeln!(
                    text,
                    "  │ {:+.1} {:<8} {} = {}",
                    fact.weight,
                    fact.kind,
                    visible(&fact.left),
                    visible(&fact.right)
                );
            }
        }
    }
    text.push('\n');
    text
}

/// The numbers of a finding in one line.
#[must_use]
pub fn measure_text(measure: &Measure) -> String {
    match measure {
        Measure::Shingles(overlap) => {
            format!("similarity {:.3}, containment {:.3}", overlap.jaccard(), overlap.containment())
        }
        Measure::Event { score, .. } => format!("score {score:.3}"),
    }
}

fn place_text(outcome: &Outcome, rule: Rule, place: &FoundAt) -> String {
    let name = visible(outcome.id(place.document));
    match (rule, place.language) {
        (Rule::RepeatedPassage, _) if place.lines.first == place.lines.last => {
            format!("{name}:{}", place.lines.first)
        }
        (Rule::RepeatedPassage, _) => format!("{name}:{}-{}", place.lines.first, place.lines.last),
        (_, Some(language)) => format!("{name} ({language})"),
        _ => name,
    }
}

fn shortened(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let head: String = line.chars().take(width.saturating_sub(2)).collect();
    format!("{} …", head.trim_end_matches(['…', ' ']))
}
