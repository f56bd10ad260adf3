//! `pair`: reports of the same event in two languages.
//!
//! A source and options come in; the pairs go out as a table, as JSON Lines
//! or as the TSV of `doppelt pair`. All rows are in the order of the command
//! line.

use crate::failure::{invalid, released};
use crate::options::Options;
use crate::scan::{rendered, write};
use crate::source;
use crate::table::Table;
use arrow_array::{BooleanArray, Float64Array, StringArray};
use doppelt::corpus::Corpus;
use doppelt::cross::{CrossOptions, Lexicon};
use doppelt::report::pairs;
use doppelt::scan::{Events, Paired, Scan, pair_corpus};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// What is asked of the pairs; names and meaning are those of the command line.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Wanted {
    min_score: Option<f64>,
    one_to_one: bool,
    candidates: Option<usize>,
    evidence: bool,
}

/// Pairs the documents of a source.
#[pyfunction]
pub(crate) fn pair(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    options: Options,
    wanted: Wanted,
) -> PyResult<Pairs> {
    let (left, right) = options.languages()?;
    let Wanted { min_score, one_to_one, candidates, evidence } = wanted;
    let min_score = checked_score(min_score.unwrap_or(CrossOptions::default().min_score))?;
    let languages = (left.to_owned(), right.to_owned());
    let cross = CrossOptions { languages, min_score, one_to_one, candidates, evidence };
    let scan = options.scan()?;
    let corpus = source::corpus(py, source, &options)?;
    let paired = released(py, |signals| {
        let lexicon = Lexicon::shipped(&cross.languages.0, &cross.languages.1);
        pair_corpus(&corpus, &cross, &lexicon, signals)
    })?;
    Ok(Pairs { paired, all: candidates.is_some(), corpus, scan })
}

/// A score to accept from, if it is one.
pub(crate) fn checked_score(score: f64) -> PyResult<f64> {
    if !(0.0..=1.0).contains(&score) {
        return Err(invalid(format!(
            "a score of {score} is out of range\n  hint: give a probability, 0 to 1"
        )));
    }
    Ok(score)
}

/// Documents that report the same event in two languages.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Pairs {
    paired: Paired,
    /// Whether candidates that were not accepted are listed, too.
    all: bool,
    corpus: Corpus,
    scan: Scan,
}

#[pymethods]
impl Pairs {
    /// Number of documents that were read, of any language.
    #[getter]
    fn n_documents(&self) -> u64 {
        self.paired.n_documents
    }

    /// What was left out: (document or place, reason).
    #[getter]
    fn skipped(&self) -> Vec<(&str, &str)> {
        let skipped = self.paired.skipped.iter();
        skipped.map(|skipped| (skipped.document.as_str(), skipped.reason.as_str())).collect()
    }

    /// One row a pair: `left` (first language), `right`, `score` (a
    /// probability with four digits), `accepted`; the best first, then by ids.
    #[getter]
    fn table(&self) -> PyResult<Table> {
        let rows = pairs::sorted(&self.paired, self.all);
        Table::of(vec![
            ("left", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
            ("right", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
            (
                "score",
                Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| pairs::rounded(row.2.score)))),
            ),
            ("accepted", Arc::new(BooleanArray::from_iter(rows.iter().map(|row| Some(row.2.accepted))))),
        ])
    }

    /// One JSON object a line for every pair, with the facts it stands on and
    /// the event it belongs to.
    fn to_jsonl(&self, py: Python<'_>) -> PyResult<String> {
        let events = released(py, |signals| Events::of(&self.paired, &self.scan, &self.corpus, signals))?;
        rendered(py, |out| pairs::write_jsonl(&self.paired, &events, self.all, out))
    }

    /// Writes the pairs as TSV, byte for byte as `doppelt pair` does.
    fn write_tsv(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        write(py, &path, |out| pairs::write_tsv(&self.paired, self.all, out))
    }

    fn __len__(&self) -> usize {
        self.paired.pairings.iter().filter(|pairing| self.all || pairing.accepted).count()
    }

    fn __repr__(&self) -> String {
        format!("<doppelt.Pairs {} pairs of {} documents>", self.__len__(), self.paired.n_documents)
    }
}
