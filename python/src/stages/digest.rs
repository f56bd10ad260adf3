//! A digest of a table of clusters, or of pairs, that needs no order.
//!
//! Each row is hashed as the line of TSV it would be, and the hashes are added
//! up: any engine can do that in any order and in parts. (One sorted stream
//! through a single hash would have to pass through one machine.)

use super::{Strings, batch, handed, longs};
use crate::failure::invalid;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{BooleanArray, Int64Array};
use doppelt::hash::hash128;
use doppelt::report::tables::cell;
use pyo3::prelude::*;
use std::sync::Arc;

/// The sum of the rows so far.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Digest {
    sum: u128,
    rows: u64,
}

#[pymethods]
impl Digest {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Adds rows of `id`, `cluster`, `keep`.
    fn push(&mut self, given: &Bound<'_, PyAny>) -> PyResult<()> {
        let given = batch(given)?;
        let (ids, clusters) = (Strings::of(&given, "id")?, Strings::of(&given, "cluster")?);
        let keep = super::column(&given, "keep")?;
        let keep = keep
            .as_any()
            .downcast_ref::<BooleanArray>()
            .ok_or_else(|| invalid("the column keep does not hold booleans"))?;
        for row in 0..given.num_rows() {
            let (id, cluster) = (ids.get(row).unwrap_or_default(), clusters.get(row).unwrap_or_default());
            self.add(&format!("{}\t{}\t{}", cell(id), cell(cluster), u8::from(keep.value(row))));
        }
        Ok(())
    }

    /// Adds rows of `left`, `right`, `score`.
    fn push_pairs(&mut self, given: &Bound<'_, PyAny>) -> PyResult<()> {
        let given = batch(given)?;
        let (lefts, rights) = (Strings::of(&given, "left")?, Strings::of(&given, "right")?);
        let scores = super::column(&given, "score")?.as_primitive_opt::<Float64Type>();
        let scores = scores.ok_or_else(|| invalid("the column score does not hold 64-bit floats"))?;
        for row in 0..given.num_rows() {
            let (left, right) = (lefts.get(row).unwrap_or_default(), rights.get(row).unwrap_or_default());
            self.add(&format!("{}\t{}\t{:.4}", cell(left), cell(right), scores.value(row)));
        }
        Ok(())
    }

    /// Adds one line of such a table, without its end.
    fn add(&mut self, line: &str) {
        self.sum = self.sum.wrapping_add(hash128(line.as_bytes()));
        self.rows += 1;
    }

    /// Adds sums of other parts, as `parts` hands them out.
    fn join(&mut self, given: &Bound<'_, PyAny>) -> PyResult<()> {
        let given = batch(given)?;
        let (low, high, rows) = (longs(&given, "low")?, longs(&given, "high")?, longs(&given, "rows")?);
        for row in 0..given.num_rows() {
            self.join_sums(low.value(row), high.value(row), rows.value(row));
        }
        Ok(())
    }

    /// Adds the sum of another part.
    fn join_sums(&mut self, low: i64, high: i64, rows: i64) {
        let sum = u128::from(high.cast_unsigned()) << 64 | u128::from(low.cast_unsigned());
        self.sum = self.sum.wrapping_add(sum);
        self.rows += rows.cast_unsigned();
    }

    /// One row: `low` and `high` half of the sum, and `rows`.
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let one = |value: u64| Arc::new(Int64Array::from(vec![value.cast_signed()]));
        let (low, high) = (self.sum as u64, (self.sum >> 64) as u64);
        handed(py, vec![("low", one(low)), ("high", one(high)), ("rows", one(self.rows))])
    }

    /// Number of rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.rows
    }

    /// 32 hexadecimal digits of the sum and the number of rows.
    fn hex(&self) -> String {
        let mut bytes = self.sum.to_le_bytes().to_vec();
        bytes.extend(self.rows.to_le_bytes());
        format!("{:032x}", hash128(&bytes))
    }
}
