//! What Python hands over becomes a corpus.
//!
//! Paths are opened as on the command line. Arrow streams are read through the
//! PyCapsule interface, so pyarrow, pandas, polars and everything else that
//! speaks it comes in without a copy in Python; other records come as tuples.

use crate::failure::{Failure, invalid, released};
use crate::options::Options;
use arrow_array::ffi_stream::ArrowArrayStreamReader;
use arrow_pyarrow::FromPyArrow;
use doppelt::corpus::{Corpus, Progress, Record};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Mutex;

/// The corpus behind a source: `("paths", paths)`, `("arrow", stream)` or
/// `("records", iterable of (id, text, language, date))`.
pub(crate) fn corpus(py: Python<'_>, source: &Bound<'_, PyAny>, options: &Options) -> PyResult<Corpus> {
    let (kind, given): (String, Bound<'_, PyAny>) = source.extract()?;
    let read = options.read()?;
    match kind.as_str() {
        "paths" => {
            let paths: Vec<PathBuf> = given.extract()?;
            released(py, |_| Corpus::open(&paths, read))
        }
        "arrow" => {
            let stream = ArrowArrayStreamReader::from_pyarrow_bound(&given)?;
            let batches = stream.map(|batch| {
                batch.map_err(|error| Failure::from(invalid(format!("the table cannot be read: {error}"))))
            });
            Ok(py.detach(|| Corpus::of_batches(batches, read))?)
        }
        "records" => {
            let records = given.try_iter()?.map(|record| -> Result<Record, Failure> {
                let (id, text, language, date) = record?.extract()?;
                Ok(Record { id, text, language, date })
            });
            Ok(Corpus::of_records(records, read)?)
        }
        other => Err(invalid(format!("no source is called {other}"))),
    }
}

/// Hears Ctrl-C while the library works.
#[derive(Default)]
pub(crate) struct Signals(Mutex<Option<PyErr>>);

impl Signals {
    /// The exception that stopped the run, if one did.
    pub fn taken(&self) -> Option<PyErr> {
        self.0.lock().ok()?.take()
    }
}

impl Progress for Signals {
    fn begin(&self, _: &str, _: u64, _: &str) {}
    fn advance(&self, _: u64) {}

    fn is_stopped(&self) -> bool {
        let Ok(mut raised) = self.0.lock() else { return true };
        if raised.is_none() {
            *raised = Python::attach(|py| py.check_signals()).err();
        }
        raised.is_some()
    }
}
