//! Documents become rows: hashes of bytes and words, the band keys, and what
//! the keep rule makes of them. A text is read here once and compared on its
//! shingles later, so this is all that most documents are ever asked for.

use super::{Strings, batch, handed, hashes};
use crate::failure::{invalid, raised};
use crate::options::Keep;
use arrow_array::{BinaryArray, Int32Array, Int64Array, StringArray};
use doppelt::corpus::{Document, Place};
use doppelt::hash::hash64;
use doppelt::near::banding::Banding;
use doppelt::near::shingle::Shingled;
use doppelt::near::sketch::Sketcher;
use doppelt::scan::KeepRule;
use doppelt::similarity::Threshold;
use doppelt::text::detect;
use pyo3::prelude::*;
use std::sync::Arc;

/// Makes sketches at a threshold, of shingles of so many words, and ranks by a
/// keep rule; with `per_language` texts are told apart by their language, too.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Sketches {
    shingle: usize,
    banding: Banding,
    keep: KeepRule,
    per_language: bool,
}

impl Sketches {
    /// The rank of a document, and its language where texts are told apart by it.
    fn standing(&self, document: &Document<'_>) -> (i64, &'static str) {
        let needs_language = self.per_language || matches!(self.keep, KeepRule::Language(_));
        let stated = document.language.as_deref();
        let language = if needs_language { detect::language(stated, &document.text) } else { None };
        let rank = self.keep.rank(document, &document.id, language);
        let apart = language.filter(|_| self.per_language);
        (rank.cast_signed(), apart.unwrap_or_default())
    }
}

#[pymethods]
impl Sketches {
    #[new]
    fn new(threshold: f64, shingle: usize, keep: Keep, per_language: bool) -> PyResult<Self> {
        let threshold = Threshold::new(threshold).map_err(|error| raised(&error))?;
        doppelt::scan::Scan::new().shingle(shingle).map_err(|error| raised(&error))?;
        let (banding, keep) = (Banding::for_threshold(threshold), keep.rule()?);
        Ok(Self { shingle, banding, keep, per_language })
    }

    /// `id`, `content`, `language`, `date` -> `id`, `text` (hash of the words,
    /// null without words), `bytes` (hash of the bytes), `n_words`, `keys`
    /// (band keys, 32 bits each, little-endian), `rank` (smaller is better) and
    /// `language`, empty unless texts are told apart by it.
    fn sketch<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (names, contents) = (Strings::of(&given, "id")?, Strings::of(&given, "content")?);
        let (stated, dates) = (Strings::of(&given, "language")?, Strings::of(&given, "date")?);
        let ids = given.column_by_name("id").cloned().ok_or_else(|| invalid("the batch has no column id"))?;
        let n = given.num_rows();
        let (mut texts, mut bytes, mut n_words, mut keys) = (vec![], vec![], vec![], vec![]);
        let (mut ranks, mut languages) = (vec![], vec![]);
        py.detach(|| {
            let mut shingled = Shingled::default();
            let mut sketcher = Sketcher::new(self.banding.slots());
            for row in 0..n {
                let content = contents.get(row).unwrap_or_default();
                let (rank, language) = self.standing(&Document {
                    id: names.get(row).unwrap_or_default().into(),
                    text: content.into(),
                    language: stated.get(row).map(str::to_owned),
                    date: dates.get(row).map(str::to_owned),
                    place: Place::default(),
                });
                ranks.push(rank);
                languages.push(language);
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
                ("rank", Arc::new(Int64Array::from(ranks))),
                ("language", Arc::new(StringArray::from_iter_values(languages))),
            ],
        )
    }
}
