//! What one partition knows of connected components, in few rows.
//!
//! However many pairs a partition holds, it tells no more than one row a text:
//! which texts it joins. What is left for the engine is to join partitions.

use super::{batch, handed, longs};
use arrow_array::Int64Array;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Joins the texts of a stream of `left`, `right`.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Forest {
    parents: HashMap<i64, i64>,
}

impl Forest {
    /// The smallest text that is joined with this one, as far as is known.
    fn root(&mut self, text: i64) -> i64 {
        let mut at = text;
        while let Some(&up) = self.parents.get(&at) {
            if up == at {
                break;
            }
            // Every second step is cut short on the way.
            let above = self.parents.get(&up).copied().unwrap_or(up);
            self.parents.insert(at, above);
            at = above;
        }
        at
    }
}

#[pymethods]
impl Forest {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Takes the next rows in; hands out no row yet.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (lefts, rights) = (longs(&given, "left")?, longs(&given, "right")?);
        for (&left, &right) in lefts.values().iter().zip(rights.values()) {
            let (a, b) = (self.root(left), self.root(right));
            self.parents.insert(a, a.min(b));
            self.parents.insert(b, a.min(b));
        }
        Self::answer(py, &[])
    }

    /// `left` (a text) and `right` (the smallest one it is joined with), for
    /// every text but the smallest ones, sorted.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut texts: Vec<i64> = self.parents.keys().copied().collect();
        texts.sort_unstable();
        let joined: Vec<(i64, i64)> = texts.into_iter().map(|text| (text, self.root(text))).collect();
        let joined: Vec<(i64, i64)> = joined.into_iter().filter(|(text, root)| text != root).collect();
        self.parents.clear();
        Self::answer(py, &joined)
    }
}

impl Forest {
    fn answer<'py>(py: Python<'py>, joined: &[(i64, i64)]) -> PyResult<Bound<'py, PyAny>> {
        let texts = Int64Array::from_iter_values(joined.iter().map(|row| row.0));
        let roots = Int64Array::from_iter_values(joined.iter().map(|row| row.1));
        handed(py, vec![("left", Arc::new(texts)), ("right", Arc::new(roots))])
    }
}
