//! Sorted lists from a 32-bit key to the documents that have it.
//!
//! The upper bits of the keys are not stored: a directory says where the keys
//! that begin with them stand, about eight in a place. An entry is the rest of
//! the key and the number of the document, in as few bytes as they take, so a
//! look-up reads two short stretches however long the list is.

use super::blocks::BlockFile;
use crate::error::Result;

/// Entries that share a directory slot, on average.
const SLOT: usize = 8;
const HEAD: usize = 8;

/// Encodes pairs of key and document; sorts them.
pub(crate) fn encode(mut entries: Vec<(u32, u32)>, n_documents: u32) -> Vec<u8> {
    entries.sort_unstable();
    let mut layout = Layout::new(entries.len(), n_documents);
    let head_bytes = layout.head_bytes();
    let mut bytes = Vec::with_capacity(head_bytes + entries.len() * layout.shape.entry());
    bytes.resize(head_bytes, 0);
    entries.into_iter().for_each(|entry| layout.add(entry, &mut bytes));
    bytes[..head_bytes].copy_from_slice(&layout.head());
    bytes
}

/// A list that is written entry by entry; its head is known at the end.
pub(crate) struct Layout {
    shape: Shape,
    /// Where each slot begins, as far as entries have come.
    directory: Vec<u32>,
    n: u32,
}

impl Layout {
    /// A list of so many entries that name so many documents.
    pub(crate) fn new(n: usize, n_documents: u32) -> Self {
        let shape = Shape::of(n, n_documents);
        Self { shape, directory: Vec::with_capacity((1 << shape.bits) + 1), n: 0 }
    }

    /// Bytes that stand before the entries.
    pub(crate) fn head_bytes(&self) -> usize {
        HEAD + self.shape.directory_bytes()
    }

    /// Adds an entry that is not smaller than those before.
    pub(crate) fn add(&mut self, (key, document): (u32, u32), bytes: &mut Vec<u8>) {
        let slot = (u64::from(key) >> (32 - self.shape.bits)) as usize;
        if self.directory.len() <= slot {
            self.directory.resize(slot + 1, self.n);
        }
        self.n += 1;
        bytes.extend_from_slice(&key.to_le_bytes()[..self.shape.rest]);
        bytes.extend_from_slice(&document.to_le_bytes()[..self.shape.document]);
    }

    /// What stands before the entries.
    pub(crate) fn head(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.head_bytes());
        bytes.extend_from_slice(&self.n.to_le_bytes());
        bytes.extend_from_slice(&[
            self.shape.bits as u8,
            self.shape.rest as u8,
            self.shape.document as u8,
            0,
        ]);
        self.directory.resize((1 << self.shape.bits) + 1, self.n);
        self.directory.iter().for_each(|end| bytes.extend_from_slice(&end.to_le_bytes()));
        bytes
    }
}

/// How entries are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// Bits of a key that the directory stands for.
    bits: u32,
    /// Bytes of the rest of a key.
    rest: usize,
    /// Bytes of the number of a document.
    document: usize,
}

impl Shape {
    fn of(n: usize, n_documents: u32) -> Self {
        let slots = (n / SLOT).max(1).next_power_of_two();
        let bits = slots.trailing_zeros().min(24);
        let bytes = |bits: u32| bits.div_ceil(8) as usize;
        Self { bits, rest: bytes(32 - bits), document: bytes(32 - n_documents.leading_zeros()).max(1) }
    }

    fn directory_bytes(self) -> usize {
        ((1 << self.bits) + 1) * 4
    }

    fn entry(self) -> usize {
        self.rest + self.document
    }
}

/// A list in a file.
#[derive(Debug)]
pub(crate) struct Postings {
    offset: u64,
    n: u32,
    shape: Shape,
}

impl Postings {
    /// Opens the list that stands at `offset`.
    pub(crate) fn open(file: &BlockFile, offset: u64, length: u64) -> Result<Self> {
        let head = file.read(offset, HEAD)?;
        let n = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        let shape = Shape { bits: head[4].into(), rest: head[5].into(), document: head[6].into() };
        let fits = shape.bits <= 24 && shape.rest <= 4 && shape.document <= 4;
        if !fits || (HEAD + shape.directory_bytes()) as u64 + u64::from(n) * shape.entry() as u64 != length {
            return Err(file.damaged("a list has another length than it says"));
        }
        Ok(Self { offset, n, shape })
    }

    /// The documents that have a key, in order.
    pub(crate) fn look_up(&self, file: &BlockFile, key: u32) -> Result<Vec<u32>> {
        let shape = self.shape;
        let slot = u64::from(key) >> (32 - shape.bits);
        let ends = file.read(self.offset + HEAD as u64 + 4 * slot, 8)?;
        let start = u32::from_le_bytes([ends[0], ends[1], ends[2], ends[3]]);
        let end = u32::from_le_bytes([ends[4], ends[5], ends[6], ends[7]]);
        if start > end || end > self.n {
            return Err(file.damaged("the directory of a list is out of order"));
        }
        let first = self.offset + (HEAD + shape.directory_bytes()) as u64;
        let bytes = file
            .read(first + u64::from(start) * shape.entry() as u64, (end - start) as usize * shape.entry())?;
        let wanted = &key.to_le_bytes()[..shape.rest];
        let entries = bytes.chunks_exact(shape.entry()).filter(|entry| &entry[..shape.rest] == wanted);
        Ok(entries.map(|entry| number(&entry[shape.rest..])).collect())
    }

    /// Number of entries.
    pub(crate) fn n(&self) -> u32 {
        self.n
    }

    /// The pairs of key and document with keys from `from` to before `to`, in order.
    pub(crate) fn between(&self, file: &BlockFile, from: u64, to: u64) -> Result<Vec<(u32, u32)>> {
        let shape = self.shape;
        let first_slot = from >> (32 - shape.bits);
        let last_slot = to.saturating_sub(1) >> (32 - shape.bits);
        let n_slots = (last_slot - first_slot + 1) as usize;
        let directory = file.read(self.offset + HEAD as u64 + 4 * first_slot, 4 * (n_slots + 1))?;
        let (ends, _) = directory.as_chunks::<4>();
        let ends: Vec<u32> = ends.iter().map(|end| u32::from_le_bytes(*end)).collect();
        if !ends.is_sorted() || ends[n_slots] > self.n {
            return Err(file.damaged("the directory of a list is out of order"));
        }
        let first = self.offset + (HEAD + shape.directory_bytes()) as u64;
        let (start, end) = (ends[0], ends[n_slots]);
        let bytes = file
            .read(first + u64::from(start) * shape.entry() as u64, (end - start) as usize * shape.entry())?;
        let mut slot = 0;
        let mut entries = Vec::with_capacity((end - start) as usize);
        for (i, entry) in (start..).zip(bytes.chunks_exact(shape.entry())) {
            while ends.get(slot + 1).is_some_and(|&end| end <= i) {
                slot += 1;
            }
            let upper = ((first_slot + slot as u64) << (32 - shape.bits)) as u32;
            // The rest may repeat some bits that the slot stands for.
            let key = upper | number(&entry[..shape.rest]);
            if (from..to).contains(&u64::from(key)) {
                entries.push((key, number(&entry[shape.rest..])));
            }
        }
        Ok(entries)
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::super::blocks::BlockWriter;
    use super::*;
    use crate::hash::mix;

    #[track_caller]
    fn check(entries: &[(u32, u32)], n_documents: u32) {
        let folder = tempfile::tempdir().unwrap();
        let bytes = encode(entries.to_vec(), n_documents);
        let mut written = vec![];
        let mut writer = BlockWriter::new("p", &mut written);
        writer.add(&[0; 100]).unwrap();
        writer.add(&bytes).unwrap();
        let n_blocks = writer.finish().unwrap();
        std::fs::write(folder.path().join("p"), &written).unwrap();
        let file = BlockFile::open(folder.path(), "p", n_blocks).unwrap();
        let postings = Postings::open(&file, 100, bytes.len() as u64).unwrap();
        let mut sorted = entries.to_vec();
        sorted.sort_unstable();
        assert_eq!(postings.between(&file, 0, 1 << 32).unwrap(), sorted);
        let parts = [(0, 7), (7, 1 << 30), (1 << 30, 3 << 30), (3 << 30, 1 << 32)];
        let parts = parts.map(|(from, to)| postings.between(&file, from, to).unwrap());
        assert_eq!(parts.concat(), sorted);
        for key in entries.iter().map(|entry| entry.0).chain([0, 7, u32::MAX, 1 << 31]) {
            let mut expected: Vec<u32> =
                entries.iter().filter(|entry| entry.0 == key).map(|entry| entry.1).collect();
            expected.sort_unstable();
            assert_eq!(postings.look_up(&file, key).unwrap(), expected, "{key} of {} entries", entries.len());
        }
    }

    #[test]
    fn every_key_leads_to_its_documents() {
        check(&[], 0);
        check(&[(5, 0)], 1);
        check(&[(u32::MAX, 2), (0, 1), (u32::MAX, 0), (1 << 31, 3)], 4);
        let many: Vec<(u32, u32)> = (0..2000).map(|i| ((mix(u64::from(i / 2)) >> 32) as u32, i)).collect();
        check(&many, 2000);
    }

    #[test]
    fn an_entry_of_a_million_takes_five_bytes_and_a_half() {
        let entries: Vec<(u32, u32)> = (0..1 << 20).map(|i| ((mix(u64::from(i)) >> 32) as u32, i)).collect();
        let bytes = encode(entries, 1 << 20).len();
        assert!(bytes <= (1 << 20) * 11 / 2 + 100, "{bytes}");
    }
}
