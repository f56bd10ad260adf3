//! Similar texts become clusters, a connected component at a time.
//!
//! Within a component the rule of the command line runs on the texts: all
//! copies of a text share its neighbours, so the best copy speaks for them.

use super::{Group, Strings, batch, handed, ints, longs};
use crate::failure::invalid;
use arrow_array::{Int32Array, Int64Array, RecordBatch, StringArray};
use doppelt::near::cluster::clusters;
use doppelt::near::verify::SimilarPair;
use doppelt::similarity::Overlap;
use pyo3::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// A text of the component in one language, spoken for by its best copy.
struct Text {
    hash: i64,
    language: String,
    rank: i64,
    n_words: i32,
    copies: i64,
    id: String,
    bytes: i64,
}

/// Clusters a stream of `component`, `kind` (0 a text, 1 a pair), `left`,
/// `right`, `both`, `n_left`, `n_right`, `n_words`, `copies`, `id`, `bytes`,
/// `rank`, `language`, sorted by the first two. Texts of different languages
/// are never similar.
#[pyclass(module = "doppelt")]
pub(crate) struct Clusters {
    longest_first: bool,
    component: Group<i64>,
    texts: Vec<Text>,
    /// The numbers of a text, one for each language.
    numbers: HashMap<i64, Vec<u32>>,
    pairs: Vec<SimilarPair>,
}

#[pymethods]
impl Clusters {
    /// By the keep rule `first` length does not count.
    #[new]
    fn new(keep: &str) -> Self {
        let (texts, numbers, pairs) = (vec![], HashMap::new(), vec![]);
        Self { longest_first: keep != "first", component: Group::default(), texts, numbers, pairs }
    }

    /// The next rows -> one row a text of every finished component that is
    /// part of a cluster: `text`, `language`, `copies` and `best` (the id of the best one),
    /// `kept` (the text that is kept), `kept_id`, `kept_bytes`, `both`,
    /// `n_text`, `n_kept`.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (components, kinds) = (longs(&given, "component")?, ints(&given, "kind")?);
        let mut rows = Rows::default();
        for row in 0..given.num_rows() {
            if self.component.is_new(components.value(row))? {
                self.close(&mut rows);
                self.component = Group(Some(components.value(row)));
            }
            if kinds.value(row) == 0 { self.add_text(&given, row)? } else { self.add_pair(&given, row)? }
        }
        rows.handed(py)
    }

    /// The last component.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut rows = Rows::default();
        self.close(&mut rows);
        rows.handed(py)
    }
}

impl Clusters {
    fn add_text(&mut self, given: &RecordBatch, row: usize) -> PyResult<()> {
        let hash = longs(given, "left")?.value(row);
        let id = Strings::of(given, "id")?.get(row).ok_or_else(|| invalid("a text has no id"))?;
        let language = Strings::of(given, "language")?.get(row).unwrap_or_default();
        self.numbers.entry(hash).or_default().push(self.texts.len() as u32);
        self.texts.push(Text {
            hash,
            language: language.to_owned(),
            rank: longs(given, "rank")?.value(row),
            n_words: ints(given, "n_words")?.value(row),
            copies: longs(given, "copies")?.value(row),
            id: id.to_owned(),
            bytes: longs(given, "bytes")?.value(row),
        });
        Ok(())
    }

    fn add_pair(&mut self, given: &RecordBatch, row: usize) -> PyResult<()> {
        let ends = |name: &str| -> PyResult<&[u32]> {
            let numbers = self.numbers.get(&longs(given, name)?.value(row));
            numbers.map(Vec::as_slice).ok_or_else(|| invalid("a pair stands apart from its texts"))
        };
        let count = |name: &str| -> PyResult<u32> { Ok(ints(given, name)?.value(row).cast_unsigned()) };
        let overlap = Overlap { both: count("both")?, left: count("n_left")?, right: count("n_right")? };
        let (lefts, rights) = (ends("left")?, ends("right")?);
        let language = |number: u32| &self.texts[number as usize].language;
        for &left in lefts {
            let same = rights.iter().filter(|&&right| language(right) == language(left));
            self.pairs.extend(same.map(|&right| SimilarPair::ordered(left, right, overlap)));
        }
        Ok(())
    }

    /// The keep rule: rank, words, then ids; as `doppelt scan --keep` has it.
    fn preference(&self, text: u32) -> (i64, Reverse<i32>, &str) {
        let text = &self.texts[text as usize];
        (text.rank, Reverse(if self.longest_first { text.n_words } else { 0 }), &text.id)
    }

    fn close(&mut self, rows: &mut Rows) {
        self.pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        let found = clusters(&self.pairs, |text| self.preference(text));
        let mut kept: Vec<Option<u32>> = vec![None; self.texts.len()];
        for cluster in &found {
            for &text in cluster.others.iter().chain([&cluster.keep]) {
                kept[text as usize] = Some(cluster.keep);
            }
        }
        for (number, keep) in kept.into_iter().enumerate() {
            // A text that nothing is similar to may still stand several times.
            let text = &self.texts[number];
            let alone = (text.copies > 1).then_some(number as u32);
            let Some(keep) = keep.or(alone) else { continue };
            let ends = (keep.min(number as u32), keep.max(number as u32));
            let at = self.pairs.binary_search_by_key(&ends, |pair| (pair.left, pair.right));
            let overlap = match at.map(|at| self.pairs[at]) {
                Ok(pair) if pair.left == number as u32 => pair.overlap,
                Ok(pair) => SimilarPair::ordered(pair.right, pair.left, pair.overlap).overlap,
                // Copies have everything in common.
                Err(_) => Overlap { both: 1, left: 1, right: 1 },
            };
            rows.push(text, &self.texts[keep as usize], overlap);
        }
        self.texts.clear();
        self.numbers.clear();
        self.pairs.clear();
    }
}

#[derive(Default)]
struct Rows {
    texts: Vec<i64>,
    languages: Vec<String>,
    copies: Vec<i64>,
    best: Vec<String>,
    kept: Vec<i64>,
    ids: Vec<String>,
    bytes: Vec<i64>,
    counts: [Vec<i32>; 3],
}

impl Rows {
    fn push(&mut self, text: &Text, kept: &Text, overlap: Overlap) {
        self.texts.push(text.hash);
        self.languages.push(text.language.clone());
        self.copies.push(text.copies);
        self.best.push(text.id.clone());
        self.kept.push(kept.hash);
        self.ids.push(kept.id.clone());
        self.bytes.push(kept.bytes);
        let Overlap { both, left, right } = overlap;
        for (column, count) in self.counts.iter_mut().zip([both, left, right]) {
            column.push(count.cast_signed());
        }
    }

    fn handed(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let [both, n_text, n_kept] = self.counts.map(|counts| Arc::new(Int32Array::from(counts)));
        handed(
            py,
            vec![
                ("text", Arc::new(Int64Array::from(self.texts))),
                ("language", Arc::new(StringArray::from(self.languages))),
                ("copies", Arc::new(Int64Array::from(self.copies))),
                ("best", Arc::new(StringArray::from(self.best))),
                ("kept", Arc::new(Int64Array::from(self.kept))),
                ("kept_id", Arc::new(StringArray::from(self.ids))),
                ("kept_bytes", Arc::new(Int64Array::from(self.bytes))),
                ("both", both),
                ("n_text", n_text),
                ("n_kept", n_kept),
            ],
        )
    }
}
