//! The steps of pairing across languages on a cluster.
//!
//! Facts, features, weights, candidates, measures, rivals, scores: each step
//! sees one document, one feature, the candidates of one left document or
//! those of one right document. What it decides is decided by
//! `doppelt::cross::steps`, which the command line's pairing shares.

pub(crate) mod facts;
pub(crate) mod weigh;
pub(crate) mod candidates;
pub(crate) mod rows;
pub(crate) mod columns;

use super::{Bytes, changed, column};
use crate::failure::invalid;
use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{BooleanArray, Float32Array, RecordBatch};
use doppelt::cross::steps::{Days, Document};
use pyo3::prelude::*;

fn floats<'a>(batch: &'a RecordBatch, name: &str) -> PyResult<&'a Float32Array> {
    let column = column(batch, name)?.as_primitive_opt::<Float32Type>();
    column.ok_or_else(|| invalid(format!("the column {name} does not hold 32-bit floats")))
}

fn booleans<'a>(batch: &'a RecordBatch, name: &str) -> PyResult<&'a BooleanArray> {
    let column = column(batch, name)?.as_boolean_opt();
    column.ok_or_else(|| invalid(format!("the column {name} does not hold booleans")))
}

/// The document in a row of a column of documents.
fn document(documents: &Bytes<'_>, row: usize) -> PyResult<Document> {
    Document::from_bytes(documents.get(row)).ok_or_else(changed)
}

/// A hash as a signed number that sorts as the hash does.
fn sortable(hash: u64) -> i64 {
    (hash ^ 1 << 63).cast_signed()
}

/// What event dates say, as a number.
fn number_of_days(days: Days) -> i32 {
    match days {
        Days::Unknown => 0,
        Days::Same => 1,
        Days::Other => 2,
    }
}

fn days_of_number(number: i32) -> PyResult<Days> {
    match number {
        0 => Ok(Days::Unknown),
        1 => Ok(Days::Same),
        2 => Ok(Days::Other),
        other => Err(invalid(format!("{other} stands for no relation of days"))),
    }
}
