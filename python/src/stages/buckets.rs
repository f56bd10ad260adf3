//! Texts that share a band key become candidate pairs.
//!
//! Rows come sorted by band key. A bucket of at most `BUCKET` texts is paired
//! all with all on the way past; of a larger one only the key is handed on,
//! and its texts come back in the order of the keep rule: to be paired with the
//! best of them, and with all their keys, to be split by the further bands
//! exactly as the command line does.

use super::{Bytes, Group, batch, handed, hashes, longs};
use crate::failure::{invalid, raised};
use arrow_array::{BinaryArray, Int64Array};
use doppelt::near::lsh::{BUCKET, STARS, Splitting};
use pyo3::prelude::*;
use std::sync::Arc;

/// The number of the band stands above the 32 bits of its key.
const KEY_BITS: u32 = 32;

fn keys_of(row: &[u8]) -> Vec<u32> {
    row.chunks_exact(4).map(|key| u32::from_le_bytes([key[0], key[1], key[2], key[3]])).collect()
}

/// One row a band of every text.
#[pyclass(frozen, module = "doppelt")]
pub(crate) struct Bands {
    with_keys: bool,
}

#[pymethods]
impl Bands {
    #[new]
    fn new(with_keys: bool) -> Self {
        Self { with_keys }
    }

    /// `text`, `keys` -> `key` (band and its key), `text`; with keys also
    /// `next` (the key of the next band) and `keys`.
    fn explode<'py>(&self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (texts, rows) = (longs(&given, "text")?, Bytes::of(&given, "keys")?);
        let (mut keys, mut nexts, mut repeated, mut all) = (vec![], vec![], vec![], vec![]);
        for row in 0..given.num_rows() {
            let own = keys_of(rows.get(row));
            for (band, &key) in own.iter().enumerate() {
                keys.push((band as i64) << KEY_BITS | i64::from(key));
                repeated.push(texts.value(row));
                if self.with_keys {
                    nexts.push(i64::from(own[(band + 1) % own.len()]));
                    all.push(rows.get(row));
                }
            }
        }
        let mut columns: Vec<(&str, arrow_array::ArrayRef)> =
            vec![("key", Arc::new(Int64Array::from(keys))), ("text", Arc::new(Int64Array::from(repeated)))];
        if self.with_keys {
            columns.push(("next", Arc::new(Int64Array::from(nexts))));
            columns.push(("keys", Arc::new(BinaryArray::from_iter_values(all))));
        }
        handed(py, columns)
    }
}

/// What was found so far: pairs, and keys of buckets that are too full.
#[derive(Default)]
struct Found {
    lefts: Vec<u64>,
    rights: Vec<u64>,
}

impl Found {
    fn pair(&mut self, a: u64, b: u64) {
        self.lefts.push(a.min(b));
        self.rights.push(a.max(b));
    }

    /// `left`, `right`.
    fn handed(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        handed(py, vec![("left", hashes(self.lefts)), ("right", hashes(self.rights))])
    }
}

/// Pairs up the buckets of a sorted stream of `key`, `text`.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Buckets {
    key: Group<i64>,
    bucket: Vec<u64>,
}

impl Buckets {
    /// Ends a bucket; its key, if it was too full.
    fn close(&mut self, found: &mut Found) -> Option<i64> {
        let is_full = self.bucket.len() > BUCKET;
        if !is_full {
            for (i, &a) in self.bucket.iter().enumerate() {
                self.bucket[i + 1..].iter().for_each(|&b| found.pair(a, b));
            }
        }
        self.bucket.clear();
        self.key.0.filter(|_| is_full)
    }

    fn answer<'py>(py: Python<'py>, found: Found, full: &[i64]) -> PyResult<Bound<'py, PyAny>> {
        let n = found.lefts.len();
        let ends = |ends: Vec<u64>| {
            let ends = ends.into_iter().map(|end| Some(end.cast_signed()));
            Arc::new(ends.chain(full.iter().map(|_| None)).collect::<Int64Array>())
        };
        let crowded: Int64Array =
            std::iter::repeat_n(None, n).chain(full.iter().map(|&key| Some(key))).collect();
        handed(
            py,
            vec![("left", ends(found.lefts)), ("right", ends(found.rights)), ("crowded", Arc::new(crowded))],
        )
    }
}

#[pymethods]
impl Buckets {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> `left` and `right` of a pair, or `crowded`, the key of
    /// a bucket that is too full.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, texts) = (longs(&given, "key")?, longs(&given, "text")?);
        let (mut found, mut full) = (Found::default(), vec![]);
        for row in 0..given.num_rows() {
            let key = keys.value(row);
            if self.key.is_new(key)? {
                full.extend(self.close(&mut found));
                self.key = Group(Some(key));
            }
            // One more than fits is enough to know that it is too full.
            if self.bucket.len() <= BUCKET {
                self.bucket.push(texts.value(row).cast_unsigned());
            }
        }
        Self::answer(py, found, &full)
    }

    /// The last bucket.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut found = Found::default();
        let full: Vec<i64> = self.close(&mut found).into_iter().collect();
        Self::answer(py, found, &full)
    }
}

/// Pairs the texts of crowded buckets with the best of them: a stream of `key`
/// and `text`, sorted by `key` and the keep rule.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Best {
    key: Group<i64>,
    best: Vec<u64>,
}

#[pymethods]
impl Best {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> `left`, `right`.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, texts) = (longs(&given, "key")?, longs(&given, "text")?);
        let mut found = Found::default();
        for row in 0..given.num_rows() {
            let (key, text) = (keys.value(row), texts.value(row).cast_unsigned());
            if self.key.is_new(key)? {
                self.key = Group(Some(key));
                self.best.clear();
            }
            self.best.iter().for_each(|&best| found.pair(best, text));
            if self.best.len() < STARS {
                self.best.push(text);
            }
        }
        found.handed(py)
    }

    /// Nothing is left when the last row has passed.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Found::default().handed(py)
    }
}

/// Splits crowded buckets: a stream of `key`, `next`, `text`, `keys`, sorted
/// by the first two and the keep rule. A crowded bucket is always split by the
/// next band, so each value of `next` is a part of its own.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Crowds {
    part: Group<(i64, i64)>,
    texts: Vec<u64>,
    /// The keys of all texts, a row a text.
    keys: Vec<u32>,
}

impl Crowds {
    fn close(&mut self, found: &mut Found) -> PyResult<()> {
        let Some((key, _)) = self.part.0 else { return Ok(()) };
        let band = (key >> KEY_BITS) as usize;
        let bands = self.keys.len() / self.texts.len().max(1);
        let splitting = Splitting {
            bands,
            key: |text, band| Ok(self.keys[text as usize * bands + band]),
            // Texts come in the order of the keep rule.
            rank: |text| text,
        };
        let mut take = |pairs: &mut Vec<(u32, u32)>| {
            pairs.drain(..).for_each(|(a, b)| found.pair(self.texts[a as usize], self.texts[b as usize]));
            Ok(())
        };
        let mut pairs = vec![];
        let part = (0..self.texts.len() as u32).collect();
        // With a single band there is no next one, and the part is the bucket.
        let paired = splitting.pair_up(part, (band, bands.min(2)), &mut pairs, &mut take);
        paired.and_then(|()| take(&mut pairs)).map_err(|error| raised(&error))?;
        self.texts.clear();
        self.keys.clear();
        Ok(())
    }
}

#[pymethods]
impl Crowds {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> `left`, `right`.
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, nexts, texts) = (longs(&given, "key")?, longs(&given, "next")?, longs(&given, "text")?);
        let rows = Bytes::of(&given, "keys")?;
        let mut found = Found::default();
        for row in 0..given.num_rows() {
            let part = (keys.value(row), nexts.value(row));
            let own = keys_of(rows.get(row));
            if own.is_empty() {
                return Err(invalid("a row has no band keys"));
            }
            if self.part.is_new(part)? {
                self.close(&mut found)?;
                self.part = Group(Some(part));
            }
            self.texts.push(texts.value(row).cast_unsigned());
            self.keys.extend(own);
        }
        found.handed(py)
    }

    /// The last part.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut found = Found::default();
        self.close(&mut found)?;
        found.handed(py)
    }
}
