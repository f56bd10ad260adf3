//! How rare a feature is before the corpus has been looked at.
//!
//! A table holds the share of news documents that mention a common word; what
//! is not in it is as rare as its kind usually is. The corpus' own counts are
//! added as if the table stood for some hundred documents, so that five
//! documents and five million are measured alike.

use super::feature::{Feature, Kind};
use ahash::AHashMap;
use std::sync::LazyLock;

/// The table: `kind<TAB>value<TAB>share<TAB>share`, of 10,000 German and English
/// documents.
static TABLE: &str = include_str!("background.tsv");

static SHARES: LazyLock<AHashMap<Feature, f32>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (kind, value) = (fields.next()?, fields.next()?);
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
        let shares: Vec<f32> = fields.filter_map(|share| share.parse().ok()).collect();
        let mean = shares.iter().sum::<f32>() / shares.len().max(1) as f32;
        Some((Feature::new(kind, value), mean / 1e4))
    })
    .collect()
});

/// As many documents as the table stands for beside those of the corpus.
pub const DOCUMENTS: f32 = 40.0;

/// The share of documents that hold a feature, in 0..=1.
#[must_use]
pub fn share(feature: Feature) -> f32 {
    SHARES.get(&feature).copied().unwrap_or_else(|| usual_share(feature.kind()))
}

/// How much a feature tells before the corpus has been looked at, in nats.
#[must_use]
pub fn surprise(feature: Feature) -> f32 {
    -share(feature).ln()
}

/// The share of documents that hold a feature the table does not know.
fn usual_share(kind: Kind) -> f32 {
    match kind {
        Kind::Word => 0.001,
        Kind::Name | Kind::Code | Kind::Money => 0.0005,
        Kind::Number | Kind::Percent | Kind::Score => 0.003,
        Kind::Quantity | Kind::Time | Kind::Count => 0.005,
        Kind::Day => 0.003,
        Kind::Period => 0.01,
        Kind::Weekday => 0.2,
    }
}
