//! Documents become facts, and facts become rows of features.
//!
//! Each step takes a batch at a time and keeps nothing. A feature goes as its
//! number, so that an engine can count and join it; what the numbers mean
//! stays in the core.

use super::super::{Bytes, Strings, batch, changed, handed, hashes, ints, longs};
use super::Document;
use crate::failure::invalid;
use crate::options::language_pair;
use arrow_array::{BinaryArray, BooleanArray, Float32Array, Int32Array, Int64Array};
use doppelt::cross::steps::{Sides, holdings, rarity};
use doppelt::cross::{Lexicon, Profile};
use doppelt::hash::hash64;
use doppelt::text::detect;
use pyo3::prelude::*;
use std::sync::Arc;

/// Reads the facts of documents in two languages.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Facts {
    languages: [&'static str; 2],
    lexicon: Lexicon,
}

#[pymethods]
impl Facts {
    #[new]
    fn new(left: &str, right: &str) -> PyResult<Self> {
        let [left, right] = language_pair(left, right)?;
        Ok(Self { languages: [left, right], lexicon: Lexicon::shipped(left, right) })
    }

    /// `id`, `content`, `language`, `date` -> `id`, `key` (hash of the id),
    /// `side` (0 the first language, 1 the second, else null) and `profile`.
    fn each<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (names, contents) = (Strings::of(&given, "id")?, Strings::of(&given, "content")?);
        let (languages, dates) = (Strings::of(&given, "language")?, Strings::of(&given, "date")?);
        let ids = given.column_by_name("id").cloned().ok_or_else(|| invalid("the batch has no column id"))?;
        let n = given.num_rows();
        let (mut keys, mut sides, mut profiles) = (vec![], vec![], vec![]);
        py.detach(|| {
            for row in 0..n {
                let content = contents.get(row).unwrap_or_default();
                let language = detect::language(languages.get(row), content);
                let side = self.languages.iter().position(|&wanted| language == Some(wanted));
                let profile = side.map(|side| {
                    Profile::bare(content, self.languages[side], dates.get(row), &self.lexicon).to_bytes()
                });
                keys.push(hash64(names.get(row).unwrap_or_default().as_bytes()));
                sides.push(side.map(|side| side as i32));
                profiles.push(profile);
            }
        });
        handed(
            py,
            vec![
                ("id", ids),
                ("key", hashes(keys)),
                ("side", Arc::new(Int32Array::from(sides))),
                ("profile", Arc::new(BinaryArray::from_iter(profiles))),
            ],
        )
    }
}

/// One row a feature of every document.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Features;

#[pymethods]
impl Features {
    #[new]
    fn new() -> Self {
        Self
    }

    /// `key`, `side`, `profile` -> `feature`, `key`, `side` and `holders`, what
    /// the document adds to those who hold the feature.
    fn each<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, sides) = (longs(&given, "key")?, ints(&given, "side")?);
        let profiles = Bytes::of(&given, "profile")?;
        let (mut features, mut repeated, mut of, mut holders) = (vec![], vec![], vec![], vec![]);
        for row in 0..given.num_rows() {
            let profile = Profile::from_bytes(profiles.get(row)).ok_or_else(changed)?;
            for (feature, weight) in holdings(&profile) {
                features.push(i64::from(feature));
                repeated.push(keys.value(row));
                of.push(sides.value(row));
                holders.push(i64::from(weight));
            }
        }
        handed(
            py,
            vec![
                ("feature", Arc::new(Int64Array::from(features))),
                ("key", Arc::new(Int64Array::from(repeated))),
                ("side", Arc::new(Int32Array::from(of))),
                ("holders", Arc::new(Int64Array::from(holders))),
            ],
        )
    }
}

/// How rare features are among so many documents of each language.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Rarities(Sides);

#[pymethods]
impl Rarities {
    #[new]
    fn new(n_left: u64, n_right: u64) -> Self {
        Self(Sides { n_left, n_right })
    }

    /// `feature`, `holders`, `n_left`, `n_right` -> `feature`, `rarity`, and
    /// `finds`, whether it finds candidates.
    fn each<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (features, holders) = (longs(&given, "feature")?, longs(&given, "holders")?);
        let (lefts, rights) = (longs(&given, "n_left")?, longs(&given, "n_right")?);
        let rows = || 0..given.num_rows();
        let rarities =
            rows().map(|row| rarity(self.0, features.value(row) as u32, holders.value(row).cast_unsigned()));
        let finds = |row: usize| {
            self.0.finds_candidates(lefts.value(row).cast_unsigned(), rights.value(row).cast_unsigned())
        };
        handed(
            py,
            vec![
                ("feature", Arc::new(features.clone())),
                ("rarity", Arc::new(Float32Array::from_iter_values(rarities))),
                ("finds", Arc::new(BooleanArray::from_iter(rows().map(|row| Some(finds(row)))))),
            ],
        )
    }
}

/// One row a feature that finds candidates, of every weighed document.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Postings;

#[pymethods]
impl Postings {
    #[new]
    fn new() -> Self {
        Self
    }

    /// `key`, `side`, `document`, `finds` (a byte for each feature) ->
    /// `feature`, `kind` (0 the second language, 1 the first), `key`, `weight`,
    /// and `norm` of the document.
    fn each<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, sides) = (longs(&given, "key")?, ints(&given, "side")?);
        let (documents, finds) = (Bytes::of(&given, "document")?, Bytes::of(&given, "finds")?);
        let (mut features, mut kinds, mut repeated) = (vec![], vec![], vec![]);
        let (mut weights, mut norms) = (vec![], vec![]);
        for row in 0..given.num_rows() {
            let document: Document = super::document(&documents, row)?;
            let norm = document.norm();
            let found = document.weights().zip(finds.get(row)).filter(|(_, finds)| **finds != 0);
            for ((feature, weight), _) in found {
                features.push(i64::from(feature));
                kinds.push(1 - sides.value(row));
                repeated.push(keys.value(row));
                weights.push(weight);
                norms.push(norm);
            }
        }
        handed(
            py,
            vec![
                ("feature", Arc::new(Int64Array::from(features))),
                ("kind", Arc::new(Int32Array::from(kinds))),
                ("key", Arc::new(Int64Array::from(repeated))),
                ("weight", Arc::new(Float32Array::from(weights))),
                ("norm", Arc::new(Float32Array::from(norms))),
            ],
        )
    }
}
