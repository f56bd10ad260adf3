//! The rarities of a corpus come back to its documents.
//!
//! Rows come sorted by document: first its profile, then one row a feature.

use super::super::{Bytes, Group, Strings, batch, changed, handed, ints, longs};
use super::{Document, booleans, floats};
use arrow_array::{BinaryArray, Int32Array, Int64Array, StringArray};
use doppelt::cross::Profile;
use doppelt::cross::steps::holdings;
use pyo3::prelude::*;
use std::sync::Arc;

/// Weighs a stream of `key`, `kind` (0 a profile, 1 a feature), `feature`,
/// `rarity`, `finds`, `id`, `side`, `profile`, sorted by the first three.
#[pyclass(module = "doppelt")]
#[derive(Default)]
pub(crate) struct Weigh {
    key: Group<i64>,
    document: Option<Open>,
}

/// A document whose features are still to come.
struct Open {
    id: String,
    side: i32,
    profile: Profile,
    features: Vec<u32>,
    rarities: Vec<f32>,
    finds: Vec<u8>,
}

/// Documents that are done.
#[derive(Default)]
struct Done {
    ids: Vec<String>,
    keys: Vec<i64>,
    sides: Vec<i32>,
    documents: Vec<Vec<u8>>,
    finds: Vec<Vec<u8>>,
}

impl Weigh {
    fn close(&mut self, done: &mut Done) -> PyResult<()> {
        let (Some(key), Some(open)) = (self.key.0, self.document.take()) else { return Ok(()) };
        if !holdings(&open.profile).map(|(feature, _)| feature).eq(open.features) {
            return Err(changed());
        }
        let document = Document::of(open.profile, &open.rarities).ok_or_else(changed)?;
        done.ids.push(open.id);
        done.keys.push(key);
        done.sides.push(open.side);
        done.documents.push(document.to_bytes());
        done.finds.push(open.finds);
        Ok(())
    }

    fn answer<'py>(py: Python<'py>, done: Done) -> PyResult<Bound<'py, PyAny>> {
        handed(
            py,
            vec![
                ("id", Arc::new(StringArray::from(done.ids))),
                ("key", Arc::new(Int64Array::from(done.keys))),
                ("side", Arc::new(Int32Array::from(done.sides))),
                ("document", Arc::new(BinaryArray::from_iter_values(done.documents))),
                ("finds", Arc::new(BinaryArray::from_iter_values(done.finds))),
            ],
        )
    }
}

#[pymethods]
impl Weigh {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// The next rows -> `id`, `key`, `side`, `document` (profile and weights),
    /// `finds` (a byte for each feature: whether it finds candidates).
    fn push<'py>(&mut self, py: Python<'py>, given: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let given = batch(given)?;
        let (keys, kinds) = (longs(&given, "key")?, ints(&given, "kind")?);
        let (features, rarities) = (longs(&given, "feature")?, floats(&given, "rarity")?);
        let (finds, sides) = (booleans(&given, "finds")?, ints(&given, "side")?);
        let (ids, profiles) = (Strings::of(&given, "id")?, Bytes::of(&given, "profile")?);
        let mut done = Done::default();
        for row in 0..given.num_rows() {
            if self.key.is_new(keys.value(row))? {
                self.close(&mut done)?;
                self.key = Group(Some(keys.value(row)));
            }
            if kinds.value(row) == 0 {
                self.document = Some(Open {
                    id: ids.get(row).unwrap_or_default().to_owned(),
                    side: sides.value(row),
                    profile: Profile::from_bytes(profiles.get(row)).ok_or_else(changed)?,
                    features: vec![],
                    rarities: vec![],
                    finds: vec![],
                });
                continue;
            }
            let open = self.document.as_mut().ok_or_else(changed)?;
            open.features.push(features.value(row) as u32);
            open.rarities.push(rarities.value(row));
            open.finds.push(u8::from(finds.value(row)));
        }
        Self::answer(py, done)
    }

    /// The last document.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut done = Done::default();
        self.close(&mut done)?;
        Self::answer(py, done)
    }
}
