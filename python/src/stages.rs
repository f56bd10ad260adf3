//! The steps of the cluster job, each from Arrow batches to Arrow batches.
//!
//! An engine moves rows between them; whatever decides a result (hashes, band
//! keys, which pairs of a bucket are compared, exact overlaps, which document
//! is kept) happens here, by the same functions that the command line calls.
//! A text is known by the hash of its words, as it is there; the hash travels
//! as a signed 64-bit column because engines have no other.

pub(crate) mod sketch;
pub(crate) mod buckets;
pub(crate) mod verify;
pub(crate) mod forest;
pub(crate) mod cluster;
pub(crate) mod digest;
pub(crate) mod cross;

use crate::failure::{Error, invalid};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int32Array, Int64Array, RecordBatch};
use arrow_pyarrow::{FromPyArrow, IntoPyArrow};
use pyo3::prelude::*;
use std::sync::Arc;

/// The group that a step is in the middle of. Rows of a group must stand
/// together; whether they do is checked by their order, so that an engine that
/// lost it can never give a wrong result.
#[derive(Debug, Default)]
struct Group<K>(Option<K>);

impl<K: Ord + Copy> Group<K> {
    /// Whether a row begins another group.
    fn is_new(&self, key: K) -> PyResult<bool> {
        match self.0 {
            Some(before) if before > key => Err(disorder()),
            before => Ok(before != Some(key)),
        }
    }
}

fn disorder() -> PyErr {
    Error::new_err(
        "rows reach a step out of order\n  hint: this engine does not keep the order of a window; please report its version",
    )
}

fn changed() -> PyErr {
    Error::new_err(
        "a text is not there any more or has changed\n  cause: the input must not change while it is worked on\n  hint: start again with an empty work directory",
    )
}

/// A batch of `pyarrow`.
fn batch(given: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    RecordBatch::from_pyarrow_bound(given)
}

/// A batch for `pyarrow`, of these columns.
fn handed<'py>(py: Python<'py>, columns: Vec<(&str, ArrayRef)>) -> PyResult<Bound<'py, PyAny>> {
    let nullable = columns.into_iter().map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(nullable)
        .map_err(|error| invalid(error.to_string()))?
        .into_pyarrow(py)
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> PyResult<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| invalid(format!("the batch has no column {name}")))
}

fn longs<'a>(batch: &'a RecordBatch, name: &str) -> PyResult<&'a Int64Array> {
    let column = column(batch, name)?.as_primitive_opt::<Int64Type>();
    column.ok_or_else(|| invalid(format!("the column {name} does not hold 64-bit integers")))
}

fn ints<'a>(batch: &'a RecordBatch, name: &str) -> PyResult<&'a Int32Array> {
    let column = column(batch, name)?.as_primitive_opt::<Int32Type>();
    column.ok_or_else(|| invalid(format!("the column {name} does not hold 32-bit integers")))
}

/// A column of strings, however wide its offsets are.
enum Strings<'a> {
    Small(&'a arrow_array::StringArray),
    Large(&'a arrow_array::LargeStringArray),
    View(&'a arrow_array::StringViewArray),
}

impl<'a> Strings<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> PyResult<Self> {
        let column = column(batch, name)?;
        column
            .as_string_opt::<i32>()
            .map(Self::Small)
            .or_else(|| column.as_string_opt::<i64>().map(Self::Large))
            .or_else(|| column.as_string_view_opt().map(Self::View))
            .ok_or_else(|| invalid(format!("the column {name} holds {}, not strings", column.data_type())))
    }

    fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// A column of byte strings, however wide its offsets are.
enum Bytes<'a> {
    Small(&'a arrow_array::BinaryArray),
    Large(&'a arrow_array::LargeBinaryArray),
    View(&'a arrow_array::BinaryViewArray),
}

impl<'a> Bytes<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> PyResult<Self> {
        let column = column(batch, name)?;
        column
            .as_binary_opt::<i32>()
            .map(Self::Small)
            .or_else(|| column.as_binary_opt::<i64>().map(Self::Large))
            .or_else(|| column.as_binary_view_opt().map(Self::View))
            .ok_or_else(|| invalid(format!("the column {name} holds {}, not bytes", column.data_type())))
    }

    fn is_some(&self, row: usize) -> bool {
        match self {
            Self::Small(array) => array.is_valid(row),
            Self::Large(array) => array.is_valid(row),
            Self::View(array) => array.is_valid(row),
        }
    }

    fn get(&self, row: usize) -> &'a [u8] {
        match self {
            Self::Small(array) => array.value(row),
            Self::Large(array) => array.value(row),
            Self::View(array) => array.value(row),
        }
    }
}

/// A column of hashes.
fn hashes(values: impl IntoIterator<Item = u64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values.into_iter().map(u64::cast_signed)))
}
