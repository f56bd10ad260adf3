//! Pictures as shapes: the template only writes the numbers down.

use crate::outcome::Outcome;
use crate::plural::{counted, thousands};
use crate::report::escape::visible;
use crate::report::figures::{cluster_sizes, s_curve, shortened, similarities, threshold};
use crate::report::texts::Texts;
use std::fmt::Write as _;

/// Width and height that shapes are drawn in, and the baseline.
const WIDTH: f64 = 320.0;
const TOP: f64 = 22.0;
const BASE: f64 = 128.0;

/// A chart of upright bars.
pub(super) struct Columns {
    pub id: &'static str,
    pub title: &'static str,
    pub summary: String,
    pub bars: Vec<Bar>,
    pub mark: Option<Mark>,
}

/// One upright bar with its label below and its number above.
pub(super) struct Bar {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub middle: String,
    pub label: String,
    pub number: String,
    pub full: String,
}

/// A line that marks the threshold.
pub(super) struct Mark {
    pub x: String,
    pub label_x: String,
    pub anchor: &'static str,
    pub label: String,
}

/// The S-curve.
pub(super) struct Curve {
    pub path: String,
    pub mark: Option<Mark>,
    pub point_y: String,
    pub summary: String,
}

/// A chart of lying bars, which is a table.
pub(super) struct Rows {
    pub title: &'static str,
    pub heading: &'static str,
    pub rows: Vec<Row>,
    pub more: Option<String>,
}

/// One lying bar.
pub(super) struct Row {
    pub label: String,
    pub number: String,
    pub width: String,
}

/// Similarities and cluster sizes, those that there are.
pub(super) fn columns(outcome: &Outcome) -> Vec<Columns> {
    let mut charts = vec![];
    let bins = similarities(outcome);
    if !bins.is_empty() {
        // Every other bound is written; the last bin is 1 exactly.
        let every = if bins.len() > 8 { 2 } else { 1 };
        let values: Vec<(String, String, usize)> = bins
            .iter()
            .enumerate()
            .map(|(i, bin)| {
                let exact = bin.from == bin.to;
                let label = if exact {
                    "= 1".to_owned()
                } else if i % every == 0 {
                    format!("{:.2}", bin.from)
                } else {
                    String::new()
                };
                let full =
                    if exact { "exactly 1".to_owned() } else { format!("{:.2} to {:.2}", bin.from, bin.to) };
                (label, full, bin.n)
            })
            .collect();
        let mark = threshold(outcome).and_then(|limit| {
            let at = bins.iter().position(|bin| bin.from <= limit && limit < bin.to)?;
            let within = (limit - bins[at].from) / (bins[at].to - bins[at].from);
            Some(mark((at as f64 + within) * WIDTH / bins.len() as f64, limit))
        });
        charts.push(Columns {
            id: "similarities",
            title: "Similarity of pairs",
            summary: format!(
                "{} of documents by exact Jaccard similarity",
                counted(outcome.pairs.len(), "pair")
            ),
            bars: bars(&values),
            mark,
        });
    }
    let sizes = cluster_sizes(outcome);
    if !sizes.is_empty() {
        let values: Vec<(String, String, usize)> =
            sizes.into_iter().map(|(label, n)| (label.clone(), format!("{label} documents"), n)).collect();
        charts.push(Columns {
            id: "cluster-sizes",
            title: "Documents in a cluster",
            summary: format!("{} by number of documents", counted(outcome.clusters.len(), "cluster")),
            bars: bars(&values),
            mark: None,
        });
    }
    charts
}

fn bars(values: &[(String, String, usize)]) -> Vec<Bar> {
    let most = values.iter().map(|value| value.2).max().unwrap_or(0).max(1) as f64;
    let step = WIDTH / values.len() as f64;
    let width = (step * 0.72).min(44.0);
    values
        .iter()
        .enumerate()
        .map(|(i, (label, full, n))| {
            let middle = (i as f64 + 0.5) * step;
            // One thing is never invisible.
            let height = if *n == 0 { 0.0 } else { (*n as f64 / most * (BASE - TOP)).max(1.5) };
            Bar {
                x: short(middle - width / 2.0),
                y: short(BASE - height),
                width: short(width),
                height: short(height),
                middle: short(middle),
                label: label.clone(),
                number: if *n > 0 { compact(*n) } else { String::new() },
                full: format!("{full}: {}", thousands(*n as u64)),
            }
        })
        .collect()
}

/// The probability that a pair is compared, with the threshold.
pub(super) fn curve(outcome: &Outcome) -> Option<Curve> {
    if outcome.findings.is_empty() {
        return None;
    }
    const STEPS: usize = 80;
    let y = |probability: f64| BASE - probability * (BASE - TOP);
    let mut path = String::new();
    for (step, probability) in s_curve(outcome, STEPS).into_iter().enumerate() {
        let x = step as f64 / STEPS as f64 * WIDTH;
        let _ = write!(path, "{}{} {}", if step == 0 { "M" } else { "L" }, short(x), short(y(probability)));
    }
    let banding = outcome.banding;
    let (bands, rows) = (counted(banding.bands(), "band"), counted(banding.rows(), "row"));
    let limit = threshold(outcome);
    let at_limit = limit.map(|limit| banding.probability(limit));
    let summary = match (limit, at_limit) {
        (Some(limit), Some(at)) => {
            format!("{bands} of {rows}: a pair at {limit} is compared with probability {at:.4}")
        }
        _ => format!("{bands} of {rows}"),
    };
    Some(Curve {
        path,
        mark: limit.map(|limit| mark(limit * WIDTH, limit)),
        point_y: short(y(at_limit.unwrap_or(0.0))),
        summary,
    })
}

fn mark(x: f64, limit: f64) -> Mark {
    let left = x > WIDTH * 0.6;
    Mark {
        x: short(x),
        label_x: short(if left { x - 4.0 } else { x + 4.0 }),
        anchor: if left { "end" } else { "start" },
        label: format!("threshold {limit}"),
    }
}

/// Languages and sources, those that there are.
pub(super) fn rows(outcome: &Outcome, texts: &Texts) -> Vec<Rows> {
    let languages: Vec<(&str, u64)> =
        outcome.documents.languages.iter().map(|(language, n)| (language.as_str(), *n)).collect();
    let sources: Vec<(&str, u64)> = texts.sources().iter().map(|(source, n)| (source.as_str(), *n)).collect();
    [("Languages", "language", languages), ("Duplicates by source", "source", sources)]
        .into_iter()
        .filter(|(_, _, values)| !values.is_empty())
        .map(|(title, heading, values)| lying(title, heading, values))
        .collect()
}

fn lying(title: &'static str, heading: &'static str, mut values: Vec<(&str, u64)>) -> Rows {
    const SHOWN: usize = 7;
    values.sort_by_key(|&(label, n)| (std::cmp::Reverse(n), label.to_owned()));
    let most = values.first().map_or(1, |value| value.1).max(1) as f64;
    let more = values.len().checked_sub(SHOWN + 1).map(|more| thousands(more as u64 + 1));
    values.truncate(SHOWN);
    let rows = values.into_iter().map(|(label, n)| Row {
        label: visible(&shortened(label, 28)),
        number: thousands(n),
        width: short((n as f64 / most * 100.0).max(0.7)),
    });
    Rows { title, heading, rows: rows.collect(), more }
}

/// A number for above a bar.
fn compact(n: usize) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{:.1}M", n as f64 / 1e6),
    }
}

/// A coordinate with one digit.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
