//! Brings sorted runs of one file back in one order.

use super::{Record, read_exact_at};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io;

/// Where a run stands in its file, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub start: u64,
    pub end: u64,
}

/// The smallest record of all runs, again and again.
pub(super) struct Merge<'a, T> {
    readers: Vec<Reader<'a>>,
    /// The next record of every run that has one.
    heads: BinaryHeap<Reverse<(T, usize)>>,
}

impl<'a, T: Record + Ord> Merge<'a, T> {
    /// Starts at the beginning of every run; buffers take about `bytes`.
    pub fn new(file: &'a File, runs: &[Run], bytes: usize) -> io::Result<Self> {
        let records = (bytes / runs.len().max(1)).clamp(4 << 10, 1 << 20) / T::BYTES;
        let mut readers: Vec<Reader<'a>> = runs
            .iter()
            .map(|&run| Reader { file, run, block: vec![], at: 0, most: records * T::BYTES })
            .collect();
        let mut heads = BinaryHeap::with_capacity(readers.len());
        for (i, reader) in readers.iter_mut().enumerate() {
            heads.extend(reader.next()?.map(|record| Reverse((record, i))));
        }
        Ok(Self { readers, heads })
    }

    pub fn next(&mut self) -> io::Result<Option<T>> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse((record, run)) = *head;
        match self.readers[run].next()? {
            Some(next) => *head = Reverse((next, run)),
            None => {
                PeekMut::pop(head);
            }
        }
        Ok(Some(record))
    }
}

/// Reads a run block by block.
struct Reader<'a> {
    file: &'a File,
    /// What has not been read yet.
    run: Run,
    block: Vec<u8>,
    at: usize,
    /// Bytes of a block.
    most: usize,
}

impl Reader<'_> {
    fn next<T: Record>(&mut self) -> io::Result<Option<T>> {
        if self.at == self.block.len() {
            let length = (self.run.end - self.run.start).min(self.most as u64);
            if length == 0 {
                return Ok(None);
            }
            self.block.resize(length as usize, 0);
            read_exact_at(self.file, &mut self.block, self.run.start)?;
            self.run.start += length;
            self.at = 0;
        }
        let record = T::get(&self.block[self.at..self.at + T::BYTES]);
        self.at += T::BYTES;
        Ok(Some(record))
    }
}
