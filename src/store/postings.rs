//! Sorted lists from a 32-bit key to the documents that have it.
//!
//! The upper bits of the keys are not stored: a directory says where the keys
//! that begin with them stand, some twenty in a place. An entry is the rest of
//! the key and the number of the document, in as few bits as they take, so a
//! look-up reads two short stretches however long the list is.

use super::blocks::BlockFile;
use crate::error::Result;

/// Entries that share a directory slot, at most on average. The directory
/// takes 32 bits a slot, the rest of a key `log2` of this: least at about 22.
const SLOT: usize = 32;
const HEAD: usize = 8;
/// Bits of a key that a directory stands for at most.
const MOST_BITS: u32 = 24;

/// Encodes pairs of key and document; sorts them.
pub(crate) fn encode(mut entries: Vec<(u32, u32)>, n_documents: u32) -> Vec<u8> {
    entries.sort_unstable();
    let mut layout = Layout::new(entries.len(), n_documents);
    let head_bytes = layout.head_bytes();
    let mut bytes = Vec::with_capacity(head_bytes + layout.shape.bytes(entries.len() as u32) as usize);
    bytes.resize(head_bytes, 0);
    entries.into_iter().for_each(|entry| layout.add(entry, &mut bytes));
    layout.end(&mut bytes);
    bytes[..head_bytes].copy_from_slice(&layout.head());
    bytes
}

/// A list that is written entry by entry; its head is known at the end.
pub(crate) struct Layout {
    shape: Shape,
    /// Where each slot begins, as far as entries have come.
    directory: Vec<u32>,
    n: u32,
    /// Bits that do not fill a byte yet.
    open: u128,
    n_open: u32,
}

impl Layout {
    /// A list of so many entries that name so many documents.
    pub(crate) fn new(n: usize, n_documents: u32) -> Self {
        let shape = Shape::of(n, n_documents);
        Self { shape, directory: Vec::with_capacity((1 << shape.bits) + 1), n: 0, open: 0, n_open: 0 }
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
        let rest = u64::from(key) & low(self.shape.rest());
        self.open |= u128::from(rest << self.shape.document | u64::from(document)) << self.n_open;
        self.n_open += self.shape.entry();
        let full = self.n_open as usize / 8;
        bytes.extend_from_slice(&self.open.to_le_bytes()[..full]);
        self.open >>= 8 * full;
        self.n_open %= 8;
    }

    /// Writes what is left after the last entry.
    pub(crate) fn end(&mut self, bytes: &mut Vec<u8>) {
        if self.n_open > 0 {
            bytes.push(self.open as u8);
            (self.open, self.n_open) = (0, 0);
        }
    }

    /// What stands before the entries.
    pub(crate) fn head(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.head_bytes());
        bytes.extend_from_slice(&self.n.to_le_bytes());
        bytes.extend_from_slice(&[self.shape.bits as u8, self.shape.document as u8, 0, 0]);
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
    /// Bits of the number of a document.
    document: u32,
}

impl Shape {
    fn of(n: usize, n_documents: u32) -> Self {
        let slots = (n / SLOT).max(1).next_power_of_two();
        let bits = slots.trailing_zeros().min(MOST_BITS);
        Self { bits, document: 32 - n_documents.saturating_sub(1).leading_zeros() }
    }

    fn directory_bytes(self) -> usize {
        ((1 << self.bits) + 1) * 4
    }

    /// Bits of the rest of a key.
    fn rest(self) -> u32 {
        32 - self.bits
    }

    /// Bits of an entry.
    fn entry(self) -> u32 {
        self.rest() + self.document
    }

    /// Bytes of so many entries.
    fn bytes(self, n: u32) -> u64 {
        (u64::from(n) * u64::from(self.entry())).div_ceil(8)
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
        let shape = Shape { bits: head[4].into(), document: head[5].into() };
        let fits = shape.bits <= MOST_BITS && shape.document <= 32;
        if !fits || (HEAD + shape.directory_bytes()) as u64 + shape.bytes(n) != length {
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
        let wanted = key & low(shape.rest()) as u32;
        let entries = self.entries(file, start, end)?.filter(|&(rest, _)| rest == wanted);
        Ok(entries.map(|(_, document)| document).collect())
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
        let (start, end) = (ends[0], ends[n_slots]);
        let mut slot = 0;
        let mut entries = Vec::with_capacity((end - start) as usize);
        for (i, (rest, document)) in (start..).zip(self.entries(file, start, end)?) {
            while ends.get(slot + 1).is_some_and(|&end| end <= i) {
                slot += 1;
            }
            let upper = ((first_slot + slot as u64) << (32 - shape.bits)) as u32;
            let key = upper | rest;
            if (from..to).contains(&u64::from(key)) {
                entries.push((key, document));
            }
        }
        Ok(entries)
    }

    /// The entries from number `start` to before `end`: the rest of each key
    /// and the document.
    fn entries(
        &self,
        file: &BlockFile,
        start: u32,
        end: u32,
    ) -> Result<impl Iterator<Item = (u32, u32)> + use<>> {
        let shape = self.shape;
        let bit = move |number: u32| u64::from(number) * u64::from(shape.entry());
        let (from, to) = (bit(start) / 8, bit(end).div_ceil(8));
        let first = self.offset + (HEAD + shape.directory_bytes()) as u64;
        let mut bytes = file.read(first + from, (to - from) as usize)?;
        // An entry is read with what stands behind it.
        bytes.extend_from_slice(&[0; 16]);
        Ok((start..end).map(move |number| {
            let at = bit(number) - 8 * from;
            let window = bytes[(at / 8) as usize..].first_chunk().copied().unwrap_or_default();
            let entry = (u128::from_le_bytes(window) >> (at % 8)) as u64;
            let rest = entry >> shape.document & low(shape.rest());
            (rest as u32, (entry & low(shape.document)) as u32)
        }))
    }
}

/// So many bits, all set; at most 32.
fn low(bits: u32) -> u64 {
    (1 << bits) - 1
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
    fn an_entry_of_a_million_takes_less_than_five_bytes() {
        let entries: Vec<(u32, u32)> = (0..1 << 20).map(|i| ((mix(u64::from(i)) >> 32) as u32, i)).collect();
        let bytes = encode(entries, 1 << 20).len();
        assert!(bytes <= (1 << 20) * 39 / 8, "{bytes}");
    }
}
