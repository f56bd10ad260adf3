//! Documents that share rare features become candidates.
//!
//! First a stream sorted by feature meets: the few right documents that hold
//! it are handed, as one value, to each left document that does. Then a stream
//! sorted by left document adds up what it shares with each right one.

use super::super::{Bytes, Group, batch, changed, handed, hashes, ints, longs};
use super::floats;
use arrow_array::{BinaryArray, Float32Array, Int64Array};
use doppelt::cross::steps::Sums;
use pyo3::prelude::*;
use std::sync::Arc;

/// Bytes of a right document in what is handed to a left one: `key`, `weight`, `norm`.
const RIGHT: usize = 16;

/// Joins a stream of `feature`, `kind` (0 right, 1 left), `key`, `weight`,
/// `norm`, sorted by the first three.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Meetings {
    feature: Group<i64>,
    rights: Vec<u8>,
}

#[pymethods]
impl Meetings {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> one row a left document and feature: `left`, `feature`,
    /// `weight`, and `rights`, all right documents with it.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (features, kinds, keys) =
            (longs(&given, "feature")?, ints(&given, "kind")?, longs(&given, "key")?);
        let (weights, norms) = (floats(&given, "weight")?, floats(&given, "norm")?);
        let (mut lefts, mut of, mut own) = (vec![], vec![], vec![]);
        let mut rights: Vec<Vec<u8>> = vec![];
        for row in 0..given.num_rows() {
            if self.feature.is_new(features.value(row))? {
                self.feature = Group(Some(features.value(row)));
                self.rights.clear();
            }
            if kinds.value(row) == 0 {
                self.rights.extend(keys.value(row).to_le_bytes());
                self.rights.extend(weights.value(row).to_le_bytes());
                self.rights.extend(norms.value(row).to_le_bytes());
                continue;
            }
            lefts.push(keys.value(row));
            of.push(features.value(row));
            own.push(weights.value(row));
            rights.push(self.rights.clone());
        }
        answer(py, (lefts, of, own), rights)
    }

    /// Nothing is left when the last row has passed.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        answer(py, (vec![], vec![], vec![]), vec![])
    }
}

fn answer<'py>(
    py: Python<'py>,
    (lefts, features, weights): (Vec<i64>, Vec<i64>, Vec<f32>),
    rights: Vec<Vec<u8>>,
) -> PyResult<Bound<'py, PyAny>> {
    handed(
        py,
        vec![
            ("left", Arc::new(Int64Array::from(lefts))),
            ("feature", Arc::new(Int64Array::from(features))),
            ("weight", Arc::new(Float32Array::from(weights))),
            ("rights", Arc::new(BinaryArray::from_iter_values(rights))),
        ],
    )
}

/// Adds up a stream of what [`Meetings`] gives, sorted by `left` and `feature`.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Candidates {
    left: Group<i64>,
    /// Features must rise within a document, or the sums would differ.
    feature: Group<i64>,
    sums: Sums,
}

/// Candidates that are done: `left`, `right`, `worth`.
#[derive(Default)]
struct Done(Vec<i64>, Vec<u64>, Vec<f32>);

impl Candidates {
    fn close(&mut self, done: &mut Done) {
        let Some(left) = self.left.0 else { return };
        for (right, worth) in self.sums.take() {
            done.0.push(left);
            done.1.push(right);
            done.2.push(worth);
        }
        self.feature = Group::default();
    }

    fn answer(py: Python<'_>, done: Done) -> PyResult<Bound<'_, PyAny>> {
        handed(
            py,
            vec![
                ("left", Arc::new(Int64Array::from(done.0))),
                ("right", hashes(done.1)),
                ("worth", Arc::new(Float32Array::from(done.2))),
            ],
        )
    }
}

#[pymethods]
impl Candidates {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> `left`, `right`, `worth` of what may be a candidate.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (lefts, features) = (longs(&given, "left")?, longs(&given, "feature")?);
        let (weights, rights) = (floats(&given, "weight")?, Bytes::of(&given, "rights")?);
        let mut done = Done::default();
        for row in 0..given.num_rows() {
            if self.left.is_new(lefts.value(row))? {
                self.close(&mut done);
                self.left = Group(Some(lefts.value(row)));
            }
            if !self.feature.is_new(features.value(row))? {
                return Err(changed());
            }
            self.feature = Group(Some(features.value(row)));
            let (all, rest) = rights.get(row).as_chunks::<RIGHT>();
            if !rest.is_empty() {
                return Err(changed());
            }
            for right in all {
                let [a, b, c, d, e, f, g, h, weight @ .., i, j, k, l] = *right;
                let key = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
                let weights = (weights.value(row), f32::from_le_bytes(weight));
                self.sums.add(key, weights, f32::from_le_bytes([i, j, k, l]));
            }
        }
        Self::answer(py, done)
    }

    /// The last document.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut done = Done::default();
        self.close(&mut done);
        Self::answer(py, done)
    }
}
