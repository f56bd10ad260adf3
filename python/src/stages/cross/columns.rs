//! Rivals and scores, one right document with all its candidates at a time.
//!
//! The candidates come best first, with the documents of those that may be
//! compared with each other. The few best are kept until the last one has
//! passed; no more is, however many candidates there are.

use super::super::{Bytes, Group, Strings, batch, changed, disorder, handed, ints, longs};
use super::{Document, days_of_number, document, floats};
use crate::pair::checked_score;
use arrow_array::{Float64Array, Int64Array, StringArray};
use doppelt::cross::steps::{Column, Measured};
use doppelt::report::pairs::rounded;
use pyo3::prelude::*;
use std::sync::Arc;

/// Scores a stream of what [`Rows`](super::rows::Rows) gives with `document`,
/// the left one of those that are wanted, sorted by `right`, `likeness`
/// (greatest first), `left_content` and `left_id`.
#[pyclass(module = "doppelt")]
pub(crate) struct Columns {
    min_score: f64,
    one_to_one: bool,
    right: Group<i64>,
    column: Column,
    /// The candidates that wait until the best ones are complete.
    waiting: Vec<(Candidate, Option<Document>)>,
    place: usize,
    last: Option<(f32, i64, String)>,
}

/// A candidate pair with its ids, and contents as numbers that sort.
struct Candidate {
    left: (String, i64),
    right: (String, i64),
    measured: Measured,
}

/// Pairs that may be accepted.
#[derive(Default)]
struct Done {
    lefts: Vec<String>,
    rights: Vec<String>,
    exact: Vec<f64>,
    left_contents: Vec<i64>,
    right_contents: Vec<i64>,
}

impl Columns {
    /// Ends the right document, or its best candidates.
    fn settle(&mut self, done: &mut Done) -> PyResult<()> {
        for (candidate, own) in std::mem::take(&mut self.waiting) {
            self.score(candidate, own.as_ref(), done)?;
        }
        Ok(())
    }

    fn score(&mut self, candidate: Candidate, own: Option<&Document>, done: &mut Done) -> PyResult<()> {
        let rival = self.column.rival(self.place, &candidate.measured, own, self.one_to_one);
        self.place += 1;
        let score = candidate.measured.score(rival.ok_or_else(changed)?, self.one_to_one);
        if score >= self.min_score {
            done.lefts.push(candidate.left.0);
            done.rights.push(candidate.right.0);
            done.exact.push(score);
            done.left_contents.push(candidate.left.1);
            done.right_contents.push(candidate.right.1);
        }
        Ok(())
    }

    fn answer(py: Python<'_>, done: Done) -> PyResult<Bound<'_, PyAny>> {
        let scores = Float64Array::from_iter_values(done.exact.iter().map(|&score| rounded(score)));
        handed(
            py,
            vec![
                ("left", Arc::new(StringArray::from(done.lefts))),
                ("right", Arc::new(StringArray::from(done.rights))),
                ("score", Arc::new(scores)),
                ("exact", Arc::new(Float64Array::from(done.exact))),
                ("left_content", Arc::new(Int64Array::from(done.left_contents))),
                ("right_content", Arc::new(Int64Array::from(done.right_contents))),
            ],
        )
    }
}

#[pymethods]
impl Columns {
    #[new]
    fn new(min_score: f64, one_to_one: bool) -> PyResult<Self> {
        Ok(Self {
            min_score: checked_score(min_score)?,
            one_to_one,
            right: Group::default(),
            column: Column::default(),
            waiting: vec![],
            place: 0,
            last: None,
        })
    }

    /// The next rows -> `left` and `right` (ids) of the pairs that reach the
    /// least score, `score` with four digits, `exact` with all, and what else
    /// orders equals: `left_content`, `right_content`.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (rights, days) = (longs(&given, "right")?, ints(&given, "days")?);
        let (left_contents, right_contents) =
            (longs(&given, "left_content")?, longs(&given, "right_content")?);
        let (left_ids, right_ids) = (Strings::of(&given, "left_id")?, Strings::of(&given, "right_id")?);
        let (likenesses, similarities) = (floats(&given, "likeness")?, floats(&given, "similarity")?);
        let (sentences, surprises) = (floats(&given, "sentences")?, floats(&given, "surprise")?);
        let (rivals, documents) = (floats(&given, "rival")?, Bytes::of(&given, "document")?);
        let mut done = Done::default();
        for row in 0..given.num_rows() {
            if self.right.is_new(rights.value(row))? {
                self.settle(&mut done)?;
                self.right = Group(Some(rights.value(row)));
                (self.column, self.place, self.last) = (Column::default(), 0, None);
            }
            let left = left_ids.get(row).unwrap_or_default().to_owned();
            let content = left_contents.value(row);
            let rank = (-likenesses.value(row), content, left.clone());
            if self.last.as_ref().is_some_and(|last| *last >= rank) {
                return Err(disorder());
            }
            self.last = Some(rank);
            let measured = Measured {
                at: 0,
                similarity: similarities.value(row),
                sentences: sentences.value(row),
                surprise: surprises.value(row),
                rival: rivals.value(row),
                days: days_of_number(days.value(row))?,
            };
            let own = documents.is_some(row).then(|| document(&documents, row)).transpose()?;
            let right = right_ids.get(row).unwrap_or_default().to_owned();
            let right = (right, right_contents.value(row));
            let candidate = Candidate { left: (left, content), right, measured };
            if self.place + self.waiting.len() >= Column::BEST {
                self.settle(&mut done)?;
                self.score(candidate, own.as_ref(), &mut done)?;
                continue;
            }
            self.column.add(measured.likeness(), own.clone());
            self.waiting.push((candidate, own));
        }
        Self::answer(py, done)
    }

    /// The last right document.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut done = Done::default();
        self.settle(&mut done)?;
        Self::answer(py, done)
    }
}
