//! Candidates are measured, one left document with all of them at a time.
//!
//! All that a row decides is decided here: which candidates are the best, whose
//! sentences are compared, and which of them is the strongest rival to each
//! other. What the columns decide comes after.

use super::super::{Bytes, Group, Strings, batch, changed, disorder, handed, ints, longs};
use super::{Document, floats, number_of_days, sortable};
use arrow_array::{ArrayRef, BooleanArray, Float32Array, Int32Array, Int64Array, StringArray};
use doppelt::cross::steps::{Measured, row};
use pyo3::prelude::*;
use std::sync::Arc;

/// Measures a stream of `left`, `kind` (0 the left document, 1 a candidate),
/// `id` and `key` of the document in the row, `worth`, `document`, sorted by
/// the first three.
#[pyclass(module = "doppelt")]
pub(crate) struct Rows {
    one_to_one: bool,
    left: Group<i64>,
    document: Option<(String, Document)>,
    rights: Vec<(Document, f32)>,
    /// Id and key of each of them.
    names: Vec<(String, i64)>,
}

/// Pairs that are measured.
#[derive(Default)]
struct Done {
    lefts: Vec<i64>,
    rights: Vec<i64>,
    left_ids: Vec<String>,
    right_ids: Vec<String>,
    left_contents: Vec<i64>,
    right_contents: Vec<i64>,
    /// Whether the left document may be needed to find rivals.
    wanted: Vec<bool>,
    measured: Vec<Measured>,
}

impl Rows {
    fn close(&mut self, done: &mut Done) -> PyResult<()> {
        let Some(key) = self.left.0 else { return Ok(()) };
        let (id, left) = self.document.take().ok_or_else(changed)?;
        for measured in row(&left, &self.rights, self.one_to_one) {
            let (right_id, right) = &self.names[measured.at];
            done.lefts.push(key);
            done.rights.push(*right);
            done.left_ids.push(id.clone());
            done.right_ids.push(right_id.clone());
            done.left_contents.push(sortable(left.content()));
            done.right_contents.push(sortable(self.rights[measured.at].0.content()));
            done.wanted.push(measured.is_wanted(self.one_to_one));
            done.measured.push(measured);
        }
        self.rights.clear();
        self.names.clear();
        Ok(())
    }

    fn answer<'py>(py: Python<'py>, done: Done) -> PyResult<Bound<'py, PyAny>> {
        let measured = || done.measured.iter();
        let floats = |value: fn(&Measured) -> f32| -> ArrayRef {
            Arc::new(Float32Array::from_iter_values(measured().map(value)))
        };
        let days = measured().map(|measured| number_of_days(measured.days));
        handed(
            py,
            vec![
                ("left", Arc::new(Int64Array::from(done.lefts))),
                ("right", Arc::new(Int64Array::from(done.rights))),
                ("left_id", Arc::new(StringArray::from(done.left_ids))),
                ("right_id", Arc::new(StringArray::from(done.right_ids))),
                ("left_content", Arc::new(Int64Array::from(done.left_contents))),
                ("right_content", Arc::new(Int64Array::from(done.right_contents))),
                ("likeness", floats(Measured::likeness)),
                ("similarity", floats(|measured| measured.similarity)),
                ("sentences", floats(|measured| measured.sentences)),
                ("surprise", floats(|measured| measured.surprise)),
                ("rival", floats(|measured| measured.rival)),
                ("days", Arc::new(Int32Array::from_iter_values(days))),
                ("wanted", Arc::new(BooleanArray::from(done.wanted))),
            ],
        )
    }
}

#[pymethods]
impl Rows {
    #[new]
    fn new(one_to_one: bool) -> Self {
        Self { one_to_one, left: Group::default(), document: None, rights: vec![], names: vec![] }
    }

    /// The next rows -> one row a candidate pair: keys, ids and contents of
    /// both, contents as numbers that sort, `likeness`,
    /// `similarity`, `sentences`, `surprise`, `rival`, `days`, and `wanted`,
    /// whether the left document may be needed to find rivals.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (lefts, kinds, keys) = (longs(&given, "left")?, ints(&given, "kind")?, longs(&given, "key")?);
        let (ids, documents) = (Strings::of(&given, "id")?, Bytes::of(&given, "document")?);
        let worths = floats(&given, "worth")?;
        let mut done = Done::default();
        for row in 0..given.num_rows() {
            if self.left.is_new(lefts.value(row))? {
                self.close(&mut done)?;
                self.left = Group(Some(lefts.value(row)));
            }
            let id = ids.get(row).unwrap_or_default().to_owned();
            let document = super::document(&documents, row)?;
            if kinds.value(row) == 0 {
                self.document = Some((id, document));
                continue;
            }
            // Of equal texts the first ones by id are looked at.
            if self.names.last().is_some_and(|(before, _)| *before >= id) {
                return Err(disorder());
            }
            self.rights.push((document, worths.value(row)));
            self.names.push((id, keys.value(row)));
        }
        Self::answer(py, done)
    }

    /// The last document.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut done = Done::default();
        self.close(&mut done)?;
        Self::answer(py, done)
    }
}
