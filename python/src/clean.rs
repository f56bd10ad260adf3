//! `clean`: a corpus without what it holds twice.
//!
//! Paths are cleaned into a folder, as on the command line. Records in memory
//! have no files to write; for them the plan comes back: which documents go,
//! why, and for which one that stays.

use crate::failure::released;
use crate::options::Options;
use crate::source;
use crate::table::Table;
use arrow_array::{Float64Array, StringArray};
use doppelt::clean::{Job, Plan, Step, Wish};
use doppelt::corpus::{Corpus, DocId};
use doppelt::report::cleaning;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Plans what to remove of a source that stays as it is.
#[pyfunction]
pub(crate) fn clean_corpus(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    options: Options,
) -> PyResult<Cleaning> {
    let scan = options.scan()?;
    let wish = Wish { passages: false, protected: options.protected()? };
    let corpus = source::corpus(py, source, &options)?;
    released(py, |signals| {
        // The outcome must name every document, not only those that take part in something.
        let outcome = scan.clone().memory(u64::MAX).run(&corpus, signals)?;
        let plan = Plan::new(&scan, &outcome, &corpus, &wish);
        let gone: std::collections::BTreeSet<&str> =
            plan.actions.iter().map(|action| action.document.as_str()).collect();
        let ids = (0..outcome.documents.ids.len() as u32).map(|number| outcome.id(DocId(number)));
        let kept = ids.filter(|id| !gone.contains(id)).map(str::to_owned).collect();
        Ok(Cleaning { kept, plan })
    })
}

/// Cleans paths into the folder `out`; the manifest as JSON.
#[pyfunction]
pub(crate) fn clean_paths(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    out: PathBuf,
    passages: bool,
    options: Options,
) -> PyResult<String> {
    let scan = options.scan()?;
    let wish = Wish { passages, protected: options.protected()? };
    let read = options.read()?;
    let manifest = released(py, |signals| {
        let corpus = Corpus::open(&paths, read)?;
        let job = Job::new(&corpus, &out)?;
        let parameters = Plan::parameters(&scan, &corpus, &wish);
        if let Some(manifest) = job.finished(&parameters)? {
            return Ok(manifest);
        }
        let plan = match job.noted_plan(&parameters) {
            Some(plan) => plan,
            None => Plan::new(&scan, &scan.run(&corpus, signals)?, &corpus, &wish),
        };
        job.note(&plan)?;
        let cleaned = job.apply(&plan, signals)?;
        job.finish(&cleaned, |out| cleaning::write(&plan, &cleaned, out))?;
        Ok(cleaned.manifest)
    })?;
    let mut json = vec![];
    manifest.write(&mut json)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

/// What to remove of some records, and what stays.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Cleaning {
    kept: Vec<String>,
    plan: Plan,
}

#[pymethods]
impl Cleaning {
    /// Ids of the documents that stay, in the order of the input.
    #[getter]
    fn kept(&self) -> &[String] {
        &self.kept
    }

    /// One row a document that goes: `id`, `kept` (the one that stays for it),
    /// `rule`, exact `similarity` and `containment` in 0..1; sorted by id.
    #[getter]
    fn removed(&self) -> PyResult<Table> {
        let rows: Vec<_> = self.plan.actions.iter().filter(|action| action.action == Step::Remove).collect();
        let texts = |text: fn(&doppelt::clean::Action) -> &str| {
            Arc::new(StringArray::from_iter_values(rows.iter().map(|action| text(action))))
        };
        Table::of(vec![
            ("id", texts(|action| &action.document)),
            ("kept", texts(|action| &action.kept)),
            ("rule", texts(|action| &action.rule)),
            (
                "similarity",
                Arc::new(Float64Array::from_iter_values(rows.iter().map(|action| action.similarity))),
            ),
            (
                "containment",
                Arc::new(Float64Array::from_iter_values(rows.iter().map(|action| action.containment))),
            ),
        ])
    }

    /// What was left out: (document or place, reason).
    #[getter]
    fn skipped(&self) -> Vec<(&str, &str)> {
        let skipped = self.plan.skipped.iter();
        skipped.map(|skipped| (skipped.document.as_str(), skipped.reason.as_str())).collect()
    }

    fn __repr__(&self) -> String {
        format!("<doppelt.Cleaning {} kept, {} removed>", self.kept.len(), self.plan.actions.len())
    }
}
