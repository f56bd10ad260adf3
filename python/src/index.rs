//! `Index`: a corpus that is remembered on disk.
//!
//! A source becomes sketches in a folder, and new documents are asked against
//! it without reading the source again. The folder is the one that `doppelt
//! index` and `doppelt check` read and write.

use crate::failure::{invalid, released};
use crate::options::Options;
use crate::source;
use crate::table::Table;
use arrow_array::{Float64Array, StringArray};
use doppelt::check::baseline::Baseline;
use doppelt::check::{Against, Question, check};
use doppelt::corpus::{Corpus, DocId};
use doppelt::scan::{Find, Scan};
use doppelt::similarity::Threshold;
use doppelt::store::Facts;
use doppelt::store::index::{Parameters, Writer};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// A persistent index of a corpus, the same that `doppelt index` keeps.
#[pyclass(frozen, module = "doppelt", name = "CoreIndex")]
pub(crate) struct Index {
    folder: PathBuf,
}

#[pymethods]
impl Index {
    /// Makes an index of a source in a folder.
    #[staticmethod]
    fn build(
        py: Python<'_>,
        folder: PathBuf,
        source: &Bound<'_, PyAny>,
        self_contained: bool,
        options: Options,
    ) -> PyResult<Self> {
        let scan = options.scan()?.find(Find { cross: false, ..Find::ALL });
        let corpus = source::corpus(py, source, &options)?;
        let (left, right) = scan.language_pair();
        let parameters = Parameters {
            shingle: options.shingle,
            threshold: scan.threshold_value().to_string(),
            passages_from_words: Some(options.min_words),
            self_contained,
            facts: Some(Facts::of(left, right)),
            text_field: options.text,
            id_field: options.id,
            lang_field: options.lang,
            date_field: options.date,
        };
        released(py, |signals| {
            let mut writer = Writer::create(&folder, parameters, false)?;
            writer.add(scan.sketching(), &corpus, signals)?;
            writer.commit(signals)
        })?;
        Ok(Self { folder })
    }

    /// Opens the index in a folder.
    #[staticmethod]
    fn open(py: Python<'_>, folder: PathBuf) -> PyResult<Self> {
        released(py, |_| doppelt::store::Index::open(&folder))?;
        Ok(Self { folder })
    }

    /// Adds documents; (added, replaced, unchanged).
    fn add(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        in_memory: bool,
        options: Options,
    ) -> PyResult<(u64, u64, u64)> {
        let index = released(py, |_| doppelt::store::Index::open(&self.folder))?;
        if in_memory && !index.parameters().self_contained {
            return Err(invalid(
                "records in memory cannot be read again from this index\n  hint: build it with self_contained=True, or give paths",
            ));
        }
        let (scan, options) = of_index(&index, options)?;
        let corpus = source::corpus(py, source, &options)?;
        released(py, |signals| {
            let mut writer = Writer::open(&self.folder, false)?;
            let added = writer.add(scan.sketching(), &corpus, signals)?;
            writer.commit(signals)?;
            Ok((added.n_added, added.n_replaced, added.n_unchanged))
        })
    }

    /// Removes documents by id; the ids that are not there.
    fn remove(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<Vec<String>> {
        released(py, |signals| {
            let mut writer = Writer::open(&self.folder, false)?;
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let missing = writer.remove(&ids)?.into_iter().map(str::to_owned).collect();
            writer.commit(signals)?;
            Ok(missing)
        })
    }

    /// Known documents that resemble new ones.
    fn query(&self, py: Python<'_>, source: &Bound<'_, PyAny>, options: Options) -> PyResult<Table> {
        let index = released(py, |_| doppelt::store::Index::open(&self.folder))?;
        let (scan, options) = of_index(&index, options)?;
        let scan = scan.find(Find::DOCUMENTS);
        let new: Corpus = source::corpus(py, source, &options)?;
        let baseline = Baseline::default();
        let question = Question { new: &new, against: Against::Index(&index), baseline: &baseline };
        let checked = released(py, |signals| check(&scan, &question, signals))?;
        let is_new = |document: u32| checked.origins[document as usize].is_new;
        let mut rows = vec![];
        for pair in checked.outcome.pairs.iter().filter(|pair| is_new(pair.left) != is_new(pair.right)) {
            let (new, known) =
                if is_new(pair.left) { (pair.left, pair.right) } else { (pair.right, pair.left) };
            let (new, known) = (checked.outcome.id(DocId(new)), checked.outcome.id(DocId(known)));
            rows.push((new, known, pair.overlap.jaccard(), pair.overlap.containment()));
        }
        rows.sort_by_key(|row| (row.0, row.1));
        Table::of(vec![
            ("document", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
            ("known", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1)))),
            ("jaccard", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.2)))),
            ("containment", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.3)))),
        ])
    }

    /// Number of documents and bytes on disk.
    fn info(&self, py: Python<'_>) -> PyResult<(u64, u64)> {
        let info = released(py, |_| doppelt::store::Index::open(&self.folder).map(|index| index.info()))?;
        Ok((info.documents, info.bytes))
    }

    /// Checks every byte.
    fn verify(&self, py: Python<'_>) -> PyResult<()> {
        released(py, |_| doppelt::store::Index::open(&self.folder)?.verify())
    }
}

/// A scan and options with what the index was built with.
fn of_index(index: &doppelt::store::Index, mut options: Options) -> PyResult<(Scan, Options)> {
    let parameters = index.parameters();
    let threshold = parameters.threshold.parse().ok().and_then(|value| Threshold::new(value).ok());
    let Some(threshold) = threshold else {
        return Err(invalid(format!("the index has a threshold of {}", parameters.threshold)));
    };
    options.threshold = threshold.value();
    options.shingle = parameters.shingle;
    options.min_words = parameters.passages_from_words.unwrap_or(options.min_words);
    options.text.clone_from(&parameters.text_field);
    options.id.clone_from(&parameters.id_field);
    options.lang.clone_from(&parameters.lang_field);
    options.date.clone_from(&parameters.date_field);
    let passages = parameters.passages_from_words.is_some();
    let find = Find { contained: passages, passages, cross: false, described: true };
    Ok((options.scan()?.find(find), options))
}
