//! Gathers records and gives them back in order (external merge sort; Knuth,
//! volume 3, 5.4): what does not fit is sorted and written as a run, and the
//! runs are merged while they are read.

use super::Spill;
use super::merge::{Merge, Run};
use crate::error::Result;
use rayon::prelude::*;
use std::fs::File;
use std::io::Write;

/// Something of a fixed size that can be written.
pub trait Record: Copy + Send {
    /// Bytes of a written record.
    const BYTES: usize;

    /// Writes the record into a buffer of [`Record::BYTES`] bytes.
    fn put(&self, buffer: &mut [u8]);

    /// Reads the record back.
    fn get(buffer: &[u8]) -> Self;
}

impl Record for (u32, u32) {
    const BYTES: usize = 8;

    fn put(&self, buffer: &mut [u8]) {
        buffer[..8].copy_from_slice(&(u64::from(self.0) << 32 | u64::from(self.1)).to_le_bytes());
    }

    fn get(buffer: &[u8]) -> Self {
        let both = number(&buffer[..8]);
        ((both >> 32) as u32, both as u32)
    }
}

impl Record for (u64, u32) {
    const BYTES: usize = 12;

    fn put(&self, buffer: &mut [u8]) {
        buffer[..8].copy_from_slice(&self.0.to_le_bytes());
        buffer[8..12].copy_from_slice(&self.1.to_le_bytes());
    }

    fn get(buffer: &[u8]) -> Self {
        (number(&buffer[..8]), number(&buffer[8..12]) as u32)
    }
}

/// A number of up to eight bytes, the lowest first.
#[inline]
pub(crate) fn number(bytes: &[u8]) -> u64 {
    let mut number = [0; 8];
    number[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(number)
}

/// Gathers records in any order.
#[derive(Debug)]
pub struct Sorter<T> {
    spill: Spill,
    distinct: bool,
    records: Vec<T>,
    file: Option<File>,
    written: u64,
    runs: Vec<Run>,
}

impl<T: Record + Ord> Sorter<T> {
    /// An empty sorter.
    #[must_use]
    pub fn new(spill: Spill) -> Self {
        Self { spill, distinct: false, records: vec![], file: None, written: 0, runs: vec![] }
    }

    /// Gives equal records back once.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        self.distinct = true;
        self
    }

    /// Adds records.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be made or written.
    pub fn extend(&mut self, records: impl IntoIterator<Item = T>) -> Result<()> {
        let most = (self.spill.bytes / size_of::<T>()).max(1024);
        for record in records {
            if self.records.len() == most {
                self.make_room(most)?;
            }
            self.records.push(record);
        }
        Ok(())
    }

    /// Takes everything out and leaves an empty sorter.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let empty = Self { distinct: self.distinct, ..Self::new(self.spill.clone()) };
        std::mem::replace(self, empty)
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.runs.is_empty()
    }

    /// Drops what stands twice or, where that does not help much, writes a run.
    ///
    /// Sorts on this thread alone: the caller may hold a lock, and a thread that
    /// waits for others in a parallel sort takes up work that may want it, too.
    fn make_room(&mut self, most: usize) -> Result<()> {
        self.records.sort_unstable();
        self.drop_repeats();
        if self.records.len() > most / 2 {
            self.write_run()?;
        }
        Ok(())
    }

    fn drop_repeats(&mut self) {
        if self.distinct {
            self.records.dedup();
        }
    }

    fn write_run(&mut self) -> Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.spill.file()?,
        };
        let mut buffer = vec![];
        for block in self.records.chunks((1 << 18) / T::BYTES) {
            buffer.resize(block.len() * T::BYTES, 0);
            for (record, bytes) in block.iter().zip(buffer.chunks_exact_mut(T::BYTES)) {
                record.put(bytes);
            }
            file.write_all(&buffer).map_err(|error| self.spill.error("write", &error))?;
        }
        let start = self.written;
        self.written += (self.records.len() * T::BYTES) as u64;
        self.runs.push(Run { start, end: self.written });
        self.records.clear();
        self.file = Some(file);
        Ok(())
    }

    /// All records, in order.
    ///
    /// # Errors
    ///
    /// When a temporary file cannot be written.
    pub fn finish(mut self) -> Result<Sorted<T>> {
        self.records.par_sort_unstable();
        self.drop_repeats();
        if self.runs.is_empty() {
            return Ok(Sorted {
                spill: self.spill,
                distinct: self.distinct,
                content: Content::Memory(self.records),
            });
        }
        self.write_run()?;
        self.records = vec![];
        let content = match self.file.take() {
            Some(file) => Content::Runs(file, std::mem::take(&mut self.runs)),
            None => Content::Memory(vec![]),
        };
        Ok(Sorted { spill: self.spill, distinct: self.distinct, content })
    }
}

/// Records in order.
#[derive(Debug)]
pub struct Sorted<T> {
    spill: Spill,
    distinct: bool,
    content: Content<T>,
}

#[derive(Debug)]
enum Content<T> {
    Memory(Vec<T>),
    Runs(File, Vec<Run>),
}

impl<T: Record + Ord> Sorted<T> {
    /// Number of records; of distinct ones in a file at most so many.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.content {
            Content::Memory(records) => records.len() as u64,
            Content::Runs(_, runs) => runs.last().map_or(0, |run| run.end) / T::BYTES as u64,
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands out stretches of at least `least` records, the last one apart;
    /// records that are the `same` stay in one stretch.
    ///
    /// # Errors
    ///
    /// What `take` returns, or that a temporary file cannot be read.
    pub fn stretches(
        &self,
        least: usize,
        same: impl Fn(&T, &T) -> bool,
        mut take: impl FnMut(&[T]) -> Result<()>,
    ) -> Result<()> {
        match &self.content {
            Content::Memory(records) => {
                let mut rest = records.as_slice();
                while !rest.is_empty() {
                    let mut end = least.clamp(1, rest.len());
                    while end < rest.len() && same(&rest[end - 1], &rest[end]) {
                        end += 1;
                    }
                    take(&rest[..end])?;
                    rest = &rest[end..];
                }
                Ok(())
            }
            Content::Runs(file, runs) => {
                let failed = |error| self.spill.error("read", &error);
                let mut merge = Merge::<T>::new(file, runs, self.spill.bytes).map_err(failed)?;
                let mut stretch: Vec<T> = vec![];
                while let Some(record) = merge.next().map_err(failed)? {
                    if let Some(last) = stretch.last() {
                        if self.distinct && *last == record {
                            continue;
                        }
                        if stretch.len() >= least.max(1) && !same(last, &record) {
                            take(&stretch)?;
                            stretch.clear();
                        }
                    }
                    stretch.push(record);
                }
                if stretch.is_empty() { Ok(()) } else { take(&stretch) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(records: &[(u32, u32)], limit: usize, distinct: bool, least: usize) -> Vec<Vec<(u32, u32)>> {
        let mut sorter = Sorter::new(Spill::new(limit, None));
        sorter.distinct = distinct;
        sorter.extend(records.iter().copied()).unwrap();
        let mut stretches = vec![];
        let take = |stretch: &[(u32, u32)]| {
            stretches.push(stretch.to_vec());
            Ok(())
        };
        sorter.finish().unwrap().stretches(least, |a, b| a.0 == b.0, take).unwrap();
        stretches
    }

    proptest! {
        #[test]
        fn runs_on_disk_give_what_memory_gives(
            records in proptest::collection::vec((0u32..200, 0u32..4), 0..6000),
            distinct: bool,
            least in 1usize..50,
        ) {
            let in_memory = sorted(&records, usize::MAX, distinct, least);
            // The smallest sorter holds 1024 records.
            prop_assert_eq!(&sorted(&records, 0, distinct, least), &in_memory);
            let mut expected = records;
            expected.sort_unstable();
            if distinct {
                expected.dedup();
            }
            prop_assert_eq!(in_memory.concat(), expected);
            for pair in in_memory.windows(2) {
                prop_assert!(pair[0].len() >= least && pair[0].last().unwrap().0 != pair[1][0].0);
            }
        }

        #[test]
        fn records_come_back_as_they_were_written(pair: (u32, u32), hashed: (u64, u32)) {
            let mut buffer = [0; 12];
            pair.put(&mut buffer);
            prop_assert_eq!(<(u32, u32)>::get(&buffer), pair);
            hashed.put(&mut buffer);
            prop_assert_eq!(<(u64, u32)>::get(&buffer), hashed);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_with_the_way_out() {
        let folder = std::path::Path::new("no/such/folder");
        let mut sorter = Sorter::new(Spill::new(0, Some(folder)));
        let error = sorter.extend((0..5000).map(|i| (i, i))).unwrap_err();
        assert!(error.to_string().contains("no/such/folder"), "{error}");
        assert!(error.way_out().unwrap().contains("--temp-dir"));
    }
}
