//! Candidate pairs are compared on their real shingle sets.
//!
//! Pairs are spread over cells so that a text is sent once to a cell, not once
//! to every pair. In a cell the texts come first; each becomes its shingle
//! set, and then the pairs of the cell pass by.

use super::{Group, Strings, batch, changed, handed, hashes, ints, longs};
use crate::failure::raised;
use arrow_array::Int32Array;
use doppelt::near::shingle::{Shingled, shingle_set};
use doppelt::near::verify::is_similar;
use doppelt::similarity::{Overlap, Threshold};
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Verifies a stream of `cell`, `kind` (0 a text, 1 a pair), `left`, `right`,
/// `content`, sorted by the first two.
#[pyclass(module = "doppelt")]
pub(crate) struct Cells {
    threshold: Threshold,
    shingle: usize,
    cell: Group<i64>,
    sets: HashMap<i64, Vec<u64>>,
    buffers: Shingled,
}

#[pymethods]
impl Cells {
    #[new]
    fn new(threshold: f64, shingle: usize) -> PyResult<Self> {
        let threshold = Threshold::new(threshold).map_err(|error| raised(&error))?;
        Ok(Self {
            threshold,
            shingle,
            cell: Group::default(),
            sets: HashMap::new(),
            buffers: Shingled::default(),
        })
    }

    /// Nothing is left when the last row has passed.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.sets.clear();
        answer(py, &[])
    }

    /// The next rows -> the similar pairs among them: `left`, `right`, `both`
    /// (shingles in common), `n_left`, `n_right` (sizes of the sets).
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (cells, kinds) = (longs(&given, "cell")?, ints(&given, "kind")?);
        let (lefts, rights) = (longs(&given, "left")?, longs(&given, "right")?);
        let contents = Strings::of(&given, "content")?;
        let keep = is_similar(self.threshold);
        let mut found: Vec<(u64, u64, Overlap)> = vec![];
        py.detach(|| -> PyResult<()> {
            for row in 0..given.num_rows() {
                if self.cell.is_new(cells.value(row))? {
                    self.cell = Group(Some(cells.value(row)));
                    self.sets.clear();
                }
                let left = lefts.value(row);
                if kinds.value(row) == 0 {
                    let content = contents.get(row).unwrap_or_default();
                    let set = shingle_set(content, self.shingle, &mut self.buffers);
                    if self.buffers.text_hash() != left.cast_unsigned() {
                        return Err(changed());
                    }
                    self.sets.insert(left, set);
                    continue;
                }
                let right = rights.value(row);
                let (Some(a), Some(b)) = (self.sets.get(&left), self.sets.get(&right)) else {
                    return Err(changed());
                };
                let overlap = Overlap::of(a, b);
                if keep(overlap) {
                    found.push((left.cast_unsigned(), right.cast_unsigned(), overlap));
                }
            }
            Ok(())
        })?;
        answer(py, &found)
    }
}

fn answer<'py>(py: Python<'py>, found: &[(u64, u64, Overlap)]) -> PyResult<Bound<'py, PyAny>> {
    let counts = |count: fn(&Overlap) -> u32| {
        Arc::new(Int32Array::from_iter_values(found.iter().map(|pair| count(&pair.2).cast_signed())))
    };
    handed(
        py,
        vec![
            ("left", hashes(found.iter().map(|pair| pair.0))),
            ("right", hashes(found.iter().map(|pair| pair.1))),
            ("both", counts(|overlap| overlap.both)),
            ("n_left", counts(|overlap| overlap.left)),
            ("n_right", counts(|overlap| overlap.right)),
        ],
    )
}
