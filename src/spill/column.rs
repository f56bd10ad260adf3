//! Records that are looked up by their number. They all have one size, so the
//! number tells the place in the store.

use super::{Record, Spill, Store};
use crate::error::{Error, Result};
use std::marker::PhantomData;
use std::sync::Mutex;

/// Records in the order they were added, in memory or in a file.
///
/// A record is looked up in comparisons and closures that cannot fail; so a
/// read that fails gives a default and is remembered for [`Column::check`].
#[derive(Debug)]
pub struct Column<T> {
    store: Store,
    failed: Mutex<Option<Error>>,
    of: PhantomData<T>,
}

impl<T: Record + Default> Column<T> {
    /// An empty column.
    #[must_use]
    pub fn new(spill: Spill) -> Self {
        Self { store: Store::new(spill), failed: Mutex::new(None), of: PhantomData }
    }

    /// Adds a record.
    ///
    /// # Errors
    ///
    /// When the records outgrow their memory and cannot be written to a file.
    pub fn push(&mut self, record: &T) -> Result<()> {
        self.store.append_with(T::BYTES, |buffer| record.put(buffer))
    }

    /// The record of a number below [`Column::len`].
    #[must_use]
    pub fn get(&self, number: usize) -> T {
        match self.store.with((number * T::BYTES) as u64, T::BYTES, T::get) {
            Ok(record) => record,
            Err(error) => {
                self.remember(error);
                T::default()
            }
        }
    }

    /// Remembers that a look-up which belongs to a record failed.
    pub fn remember(&self, error: Error) {
        // A poisoned lock means that another thread has failed worse already.
        if let Ok(mut failed) = self.failed.lock() {
            failed.get_or_insert(error);
        }
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        (self.store.len() / T::BYTES as u64) as usize
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Whether records stand in a file.
    #[must_use]
    pub fn is_spilled(&self) -> bool {
        self.store.is_spilled()
    }

    /// Says whether every look-up so far was answered.
    ///
    /// # Errors
    ///
    /// The first one that was not.
    pub fn check(&self) -> Result<()> {
        self.failed.lock().ok().and_then(|mut failed| failed.take()).map_or(Ok(()), Err)
    }
}
