//! `explain`: what each step makes of two texts.
//!
//! Two texts with their names come in, and the page that `doppelt explain`
//! prints goes out. It is for people; nothing else reads it.

use crate::options::Options;
use crate::scan::rendered;
use doppelt::cross::Lexicon;
use doppelt::report;
use doppelt::scan::explain::{Explained, Side};
use pyo3::prelude::*;

/// An explanation for a person, in lines.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    left: (String, String),
    right: (String, String),
    options: Options,
) -> PyResult<String> {
    let (from, to) = options.languages()?;
    let scan = options.scan()?;
    let side = |(id, text): (String, String)| Side { id, text, language: None, date: None };
    let (left, right) = (side(left), side(right));
    let explained = py.detach(|| Explained::of(&scan, left, right, &Lexicon::shipped(from, to)));
    rendered(py, |out| report::explain::write(&explained, out))
}
