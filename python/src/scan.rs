//! `scan`: everything that a corpus holds twice.
//!
//! A source and options come in; an outcome goes out that tells its digest,
//! its tables and every report of the command line. The corpus stays with the
//! outcome, since reports quote it.

use crate::failure::{invalid, released};
use crate::options::Options;
use crate::source;
use crate::table::Table;
use arrow_array::{BooleanArray, Float64Array, StringArray};
use doppelt::corpus::{Corpus, DocId};
use doppelt::report::texts::{Limits, Texts};
use doppelt::report::{html, json, markdown, tables, terminal};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Scans a source (see `source::corpus`) with the keyword arguments in `options`.
#[pyfunction]
pub(crate) fn scan(py: Python<'_>, source: &Bound<'_, PyAny>, options: Options) -> PyResult<Outcome> {
    let scan = options.scan()?;
    let corpus = source::corpus(py, source, &options)?;
    let outcome = released(py, |signals| scan.run(&corpus, signals))?;
    Ok(Outcome { outcome, corpus })
}

/// What a scan found. The same input and parameters give the same digest, on
/// the command line, here, on any number of threads and in any order.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Outcome {
    outcome: doppelt::outcome::Outcome,
    corpus: Corpus,
}

#[pymethods]
impl Outcome {
    /// A hash of everything found, 32 hexadecimal digits.
    #[getter]
    fn digest(&self) -> &str {
        &self.outcome.digest
    }

    /// Number of documents that were read.
    #[getter]
    fn n_documents(&self) -> usize {
        self.outcome.documents.n as usize
    }

    /// Bytes of text that were read.
    #[getter]
    fn n_bytes(&self) -> u64 {
        self.outcome.documents.bytes
    }

    /// The parameters that shaped the result, by name.
    #[getter]
    fn parameters(&self) -> BTreeMap<&str, &str> {
        self.outcome.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// What was left out: (document or place, reason).
    #[getter]
    fn skipped(&self) -> Vec<(&str, &str)> {
        let skipped = self.outcome.documents.skipped.iter();
        skipped.map(|skipped| (skipped.document.as_str(), skipped.reason.as_str())).collect()
    }

    /// One row a document in a cluster of two or more: `id`, `cluster` (the id
    /// of the kept document), `keep`; sorted by cluster, then id.
    #[getter]
    fn clusters(&self) -> PyResult<Table> {
        let mut rows = vec![];
        for cluster in &self.outcome.clusters {
            let keep = self.outcome.id(DocId(cluster.keep));
            let others = cluster.others.iter().map(|&other| self.outcome.id(DocId(other)));
            let mut members: Vec<&str> = others.chain([keep]).collect();
            members.sort_unstable();
            rows.extend(members.into_iter().map(|id| (id, keep, id == keep)));
        }
        Table::of(vec![
            ("id", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
            ("cluster", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
            ("keep", Arc::new(BooleanArray::from_iter(rows.iter().map(|row| Some(row.2))))),
        ])
    }

    /// One row a similar pair of documents: `left` < `right`, exact `jaccard`
    /// and `containment` in 0..1; sorted by names.
    #[getter]
    fn pairs(&self) -> PyResult<Table> {
        let mut rows: Vec<_> = self.outcome.pairs.iter().collect();
        let ends = |left: u32, right: u32| {
            let (a, b) = (self.outcome.id(DocId(left)), self.outcome.id(DocId(right)));
            (a.min(b), a.max(b))
        };
        rows.sort_by_cached_key(|pair| ends(pair.left, pair.right));
        let names: Vec<(&str, &str)> = rows.iter().map(|pair| ends(pair.left, pair.right)).collect();
        let jaccard = rows.iter().map(|pair| pair.overlap.jaccard());
        let containment = rows.iter().map(|pair| pair.overlap.containment());
        Table::of(vec![
            ("left", Arc::new(StringArray::from_iter_values(names.iter().map(|name| name.0)))),
            ("right", Arc::new(StringArray::from_iter_values(names.iter().map(|name| name.1)))),
            ("jaccard", Arc::new(Float64Array::from_iter_values(jaccard))),
            ("containment", Arc::new(Float64Array::from_iter_values(containment))),
        ])
    }

    /// Ids of the documents that another stands for, sorted.
    #[getter]
    fn removed(&self) -> Vec<&str> {
        let others = self.outcome.clusters.iter().flat_map(|cluster| &cluster.others);
        let mut removed: Vec<&str> = others.map(|&other| self.outcome.id(DocId(other))).collect();
        removed.sort_unstable();
        removed
    }

    /// Everything as one JSON object (`"schema": "doppelt.scan/1"`).
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        rendered(py, |out| json::write(&self.outcome, out))
    }

    /// A report: `format` is `terminal`, `markdown`, `html` or `json`.
    #[pyo3(signature = (format="markdown"))]
    fn report(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        const SUMMARY_BYTES: usize = 4_000_000;
        match format {
            "json" => self.to_json(py),
            "terminal" => {
                let texts = self.texts(py, SUMMARY_BYTES)?;
                let layout = terminal::Layout::default();
                rendered(py, |out| terminal::write(&self.outcome, &texts, layout, out))
            }
            "markdown" => {
                let form = markdown::Form::FILE;
                let texts = self.texts(py, 4 * form.max_bytes)?;
                rendered(py, |out| markdown::write(&self.outcome, &texts, form, out))
            }
            "html" => {
                let texts = self.texts(py, 3 * html::MAX_BYTES)?;
                rendered(py, |out| html::write(&self.outcome, &texts, html::MAX_BYTES, out))
            }
            other => Err(invalid(format!(
                "no report format is called {other}\n  hint: use terminal, markdown, html or json"
            ))),
        }
    }

    /// Writes the table of clusters as TSV, byte for byte as `--clusters` does.
    fn write_clusters(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        write(py, &path, |out| tables::write_clusters(&self.outcome, out))
    }

    /// Writes the table of pairs as TSV, byte for byte as `--pairs` does.
    fn write_pairs(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        write(py, &path, |out| tables::write_pairs(&self.outcome, out))
    }

    fn __repr__(&self) -> String {
        format!(
            "<doppelt.Outcome {} documents, {} clusters, {} findings, digest {}>",
            self.n_documents(),
            self.outcome.clusters.len(),
            self.outcome.findings.len(),
            self.outcome.digest
        )
    }
}

impl Outcome {
    fn texts(&self, py: Python<'_>, bytes: usize) -> PyResult<Texts> {
        const PASSAGE_BYTES: usize = 24_000;
        let limits = Limits { quote: true, bytes, passage_bytes: PASSAGE_BYTES };
        released(py, |_| Texts::fetch(&self.outcome, &self.corpus, limits))
    }
}

/// What a writer of the library makes, as a string.
pub(crate) fn rendered(
    py: Python<'_>,
    render: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send,
) -> PyResult<String> {
    let mut out = vec![];
    py.detach(|| render(&mut out))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Writes a file that appears whole or not at all.
pub(crate) fn write(
    py: Python<'_>,
    path: &std::path::Path,
    render: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send,
) -> PyResult<()> {
    py.detach(|| doppelt::whole::write(path, render))?;
    Ok(())
}
