//! A report for people, as one file of HTML that asks for nothing else.
//!
//! It works without scripts and better with them: every finding is in the
//! page, folded; the script adds search, filters, paging and keys. A content
//! security policy allows this one script and this one style by their hashes
//! and nothing else, and every text of a document is escaped by the template
//! engine, so nothing in it can run or load anything.

mod chart;
mod item;
mod pair;

use super::advice::{Advice, advice};
use super::bounded::{Extent, fill};
use super::check::summary;
use super::escape::visible;
use super::figures::{n_removable, shortened};
use super::groups::{Group, Kind, groups};
use super::terminal::size;
use super::texts::Texts;
use crate::check::Verdict;
use crate::hash::ALGORITHM;
use crate::outcome::Outcome;
use crate::plural::{counted, plural, thousands};
use askama::Template;
use chart::{Columns, Curve, Rows};
use item::Item;
use sha2::{Digest, Sha256};
use std::io::Write;

const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");

/// The most that a report takes, unless told otherwise.
pub const MAX_BYTES: usize = 24_000_000;

/// The whole page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    title: &'static str,
    corpus: String,
    tiles: Vec<Tile>,
    advice: Vec<Advice>,
    kinds: Vec<KindCount>,
    columns: Vec<Columns>,
    curve: Option<Curve>,
    rows: Vec<Rows>,
    n_items: String,
    items: &'a [String],
    left_out: Vec<String>,
    skipped: Vec<[String; 2]>,
    more_skipped: Option<String>,
    parameters: Vec<(&'static str, String)>,
    version: &'static str,
    algorithm: u32,
    digest: &'a str,
}

/// A number that sums something up, and where the findings begin.
struct Tile {
    number: String,
    what: String,
    link: Option<String>,
}

/// A filter.
struct KindCount {
    id: &'static str,
    name: &'static str,
    n: String,
}

/// Writes the report of a corpus.
///
/// # Errors
///
/// What writing returns.
pub fn write(outcome: &Outcome, texts: &Texts, max_bytes: usize, out: &mut dyn Write) -> std::io::Result<()> {
    let top = Top {
        title: "What this corpus holds twice",
        corpus: corpus_line(outcome),
        advice: advice(outcome, &groups(outcome)),
    };
    write_below(top, outcome, texts, max_bytes, out)
}

/// Writes the report of a check. It keeps no texts, so the page shows how they
/// begin.
///
/// # Errors
///
/// What writing returns.
pub fn write_check(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    let title = "What new documents repeat";
    let top = Top { title, corpus: visible(&summary(verdict)), advice: vec![] };
    write_below(top, &verdict.outcome, &Texts::default(), MAX_BYTES, out)
}

/// What a page says before anything else.
struct Top {
    title: &'static str,
    corpus: String,
    advice: Vec<Advice>,
}

fn write_below(
    top: Top,
    outcome: &Outcome,
    texts: &Texts,
    max_bytes: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let groups = groups(outcome);
    let of_kind = |kind: Kind| groups.iter().filter(move |group| group.kind == kind);
    let sections: Vec<Vec<&Group<'_>>> = Kind::ALL.into_iter().map(|kind| of_kind(kind).collect()).collect();
    let counts: Vec<usize> = sections.iter().map(Vec::len).collect();
    let room = max_bytes.saturating_sub(STYLE.len() + SCRIPT.len() + PAGE_BYTES);
    let filled =
        fill(&counts, room, |section, i, extent| item_text(outcome, texts, sections[section][i], extent));
    let items: Vec<String> = filled.iter().flat_map(|filled| filled.items.iter().cloned()).collect();
    let left_out =
        Kind::ALL.into_iter().zip(&filled).zip(&counts).filter(|((_, filled), _)| filled.left_out > 0);
    let left_out = left_out.map(|((kind, filled), &n)| {
        format!(
            "{} of {}: {}",
            thousands(filled.left_out as u64),
            thousands(n as u64),
            kind.heading().to_lowercase()
        )
    });
    const SKIPPED: usize = 200;
    let skipped = &outcome.documents.skipped;
    let page = Page {
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        title: top.title,
        corpus: top.corpus,
        tiles: tiles(outcome, &groups),
        advice: top.advice,
        kinds: Kind::ALL
            .into_iter()
            .zip(&counts)
            .filter(|(_, n)| **n > 0)
            .map(|(kind, n)| kind_count(kind, *n))
            .collect(),
        columns: chart::columns(outcome),
        curve: chart::curve(outcome),
        rows: chart::rows(outcome, texts),
        n_items: thousands(groups.len() as u64),
        items: &items,
        left_out: left_out.collect(),
        skipped: skipped
            .iter()
            .take(SKIPPED)
            .map(|skipped| [&skipped.document, &skipped.reason].map(|text| visible(&shortened(text, 300))))
            .collect(),
        more_skipped: skipped.len().checked_sub(SKIPPED + 1).map(|more| thousands(more as u64 + 1)),
        parameters: outcome
            .parameters
            .iter()
            .map(|(name, value)| (*name, visible(&shortened(value, 200))))
            .collect(),
        version: env!("CARGO_PKG_VERSION"),
        algorithm: ALGORITHM,
        digest: &outcome.digest,
    };
    page.write_into(&mut &mut *out)
}

/// What the page takes besides style, script and findings.
const PAGE_BYTES: usize = 120_000;

fn item_text(outcome: &Outcome, texts: &Texts, group: &Group<'_>, extent: Extent) -> String {
    let item = Item::new(outcome, texts, group, extent);
    // Writing into a string cannot fail.
    item.render().unwrap_or_default()
}

/// Only this script and this style, by their hashes; nothing is loaded.
fn policy() -> String {
    let [script, style] = [SCRIPT, STYLE].map(|text| base64(&Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    )
}

/// RFC 4648 with padding, as policies write hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, i| bits << 8 | u32::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i)) as usize & 63] as char;
            text.push(if i <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

fn corpus_line(outcome: &Outcome) -> String {
    let documents = &outcome.documents;
    let languages = match documents.languages.len() {
        0 => String::new(),
        n => format!(" in {}", counted(n, "language")),
    };
    format!("{}, {}{languages}", counted(documents.n as usize, "document"), size(documents.bytes))
}

fn tiles(outcome: &Outcome, groups: &[Group<'_>]) -> Vec<Tile> {
    let mut tiles = vec![];
    for kind in Kind::ALL {
        let n = groups.iter().filter(|group| group.kind == kind).count();
        if n == 0 {
            continue;
        }
        let (removable, n_clusters) = (n_removable(outcome), outcome.clusters.len());
        let what = match kind {
            Kind::Cluster => {
                format!("{}, {} can go", plural(n_clusters, "cluster"), counted(removable, "document"))
            }
            Kind::Contained => {
                format!("{} inside a larger one", plural(n, "document"))
            }
            Kind::Passage => format!("repeated {}", plural(n, "passage")),
            Kind::Event => format!("{} told in two languages", plural(n, "event")),
        };
        let link = format!("{}-1", kind.name().to_lowercase());
        // Similar documents that no kept one stands for are no cluster.
        let n = if kind == Kind::Cluster { n_clusters } else { n };
        tiles.push(Tile { number: thousands(n as u64), what, link: Some(link) });
    }
    let skipped = outcome.documents.skipped.len();
    if skipped > 0 {
        let what = format!("{} left out", plural(skipped, "input"));
        tiles.push(Tile { number: thousands(skipped as u64), what, link: Some("left-out".to_owned()) });
    }
    tiles
}

fn kind_count(kind: Kind, n: usize) -> KindCount {
    let name = match kind {
        Kind::Cluster => "Duplicates",
        Kind::Contained => "Contained",
        Kind::Passage => "Passages",
        Kind::Event => "Events",
    };
    KindCount { id: item::kind_id(kind), name, n: thousands(n as u64) }
}

#[cfg(test)]
mod tests;
