//! Errors of the library as Python exceptions, with the same words.
//!
//! What was wrong decides the class: a parameter, a file, or the rest. Cause
//! and way out stand on lines of their own, as on the command line. Here the
//! lock of the interpreter is let go as well, and Ctrl-C is heard.

use crate::source::Signals;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyOSError, PyValueError};
use pyo3::prelude::*;

create_exception!(doppelt, Error, PyException, "Something asked of doppelt could not be done.");

/// The exception for an error: `ValueError` for a parameter out of range,
/// `OSError` for a file, `doppelt.Error` for the rest.
pub(crate) fn raised(error: &doppelt::Error) -> PyErr {
    let mut text = error.to_string();
    for (label, line) in [("cause", error.cause()), ("hint", error.way_out())] {
        if let Some(line) = line {
            text += &format!("\n  {label}: {line}");
        }
    }
    match error {
        _ if error.is_invalid_parameter() => PyValueError::new_err(text),
        _ if error.is_io() => PyOSError::new_err(text),
        _ => Error::new_err(text),
    }
}

/// What a cell of a table or a parameter of a stage should have been.
pub(crate) fn invalid(message: impl Into<String>) -> PyErr {
    PyValueError::new_err(message.into())
}

/// An error on the way from Python values to a corpus: one of either side.
pub(crate) enum Failure {
    Library(doppelt::Error),
    Python(PyErr),
}

impl From<doppelt::Error> for Failure {
    fn from(error: doppelt::Error) -> Self {
        Self::Library(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Library(error) => raised(&error),
            Failure::Python(error) => error,
        }
    }
}

/// Runs the library without the lock of the interpreter; Ctrl-C stops it.
pub(crate) fn released<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&Signals) -> doppelt::error::Result<T> + Send,
) -> PyResult<T> {
    let signals = Signals::default();
    py.detach(|| work(&signals)).map_err(|error| signals.taken().unwrap_or_else(|| raised(&error)))
}
