//! Documents become rows: hashes of bytes and words, and the band keys.

use super::{Strings, batch, handed, hashes};
use crate::failure::{invalid, raised};
use arrow_array::{BinaryArray, Int32Array, Int64Array};
use doppelt::hash::hash64;
use doppelt::near::banding::Banding;
use doppelt::near::shingle::Shingled;
use doppelt::near::sketch::Sketcher;
use doppelt::similarity::Threshold;
use pyo3::prelude::*;
use std::sync::Arc;

/// Makes sketches at a threshold, of shingles of so many words.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Sketches {
    shingle: usize,
    banding: Banding,
}

#[pymethods]
impl Sketches {
    #[new]
    fn new(threshold: f64, shingle: usize) -> PyResult<Self> {
        let threshold = Threshold::new(threshold).map_err(|error| raised(&error))?;
        doppelt::scan::Scan::new().shingle(shingle).map_err(|error| raised(&error))?;
        Ok(Self { shingle, banding: Banding::for_threshold(threshold) })
    }

    /// `id`, `content` -> `id`, `text` (hash of the words, null without
    /// words), `bytes` (hash of the bytes), `n_words`, `keys` (band keys, 32
    /// bits each, little-endian).
    fn sketch<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let contents = Strings::of(&given, "content")?;
        let ids = given.column_by_name("id").cloned().ok_or_else(|| invalid("the batch has no column id"))?;
        let n = given.num_rows();
        let (mut texts, mut bytes, mut n_words, mut keys) = (vec![], vec![], vec![], vec![]);
        py.detach(|| {
            let mut shingled = Shingled::default();
            let mut sketcher = Sketcher::new(self.banding.slots());
            for content in (0..n).map(|row| contents.get(row).unwrap_or_default()) {
                shingled.fill(content, self.shingle);
                texts.push((!shingled.words().is_empty()).then(|| shingled.text_hash().cast_signed()));
                bytes.push(hash64(content.as_bytes()));
                n_words.push(i32::try_from(shingled.words().len()).unwrap_or(i32::MAX));
                let row = self.banding.keys(sketcher.signature(shingled.shingles()));
                keys.push(row.flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
            }
        });
        handed(
            py,
            vec![
                ("id", ids),
                ("text", Arc::new(Int64Array::from(texts))),
                ("bytes", hashes(bytes)),
                ("n_words", Arc::new(Int32Array::from(n_words))),
                ("keys", Arc::new(BinaryArray::from_iter_values(keys))),
            ],
        )
    }
}
