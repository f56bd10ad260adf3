//! Facts of documents, as an index keeps them for cross-language pairs.
//!
//! How much a fact weighs depends on all documents, so facts are read all
//! together or not at all: the profiles of a segment stand one behind the
//! other in packed frames. A hash of each stands beside them, by which a
//! document whose date or language has changed is known without unpacking.

use super::blocks::BlockFile;
use crate::corpus::Document;
use crate::cross::{FACTS_VERSION, Lexicon, Profile};
use crate::error::{Error, Result};
use crate::hash::hash64;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Bytes of profiles that are packed together; more save little.
const FRAME: usize = 1 << 18;
/// A frame of more bytes is none.
const LARGEST_FRAME: usize = 1 << 30;
/// How hard frames are packed.
const LEVEL: i32 = 3;
/// Lengths of a frame, packed and unpacked.
const HEAD: usize = 8;
/// Frames that are unpacked at a time.
const AT_ONCE: usize = 32;

/// What the facts of an index were made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The two languages whose documents have facts, as ISO 639-1 codes.
    pub languages: (String, String),
    /// What facts were then; they meet none of another version.
    pub version: u32,
}

impl Facts {
    /// Facts as they are made today.
    #[must_use]
    pub fn of(left: &str, right: &str) -> Self {
        Self { languages: (left.to_owned(), right.to_owned()), version: FACTS_VERSION }
    }

    /// Whether a language is one of the two.
    pub(crate) fn concern(&self, language: &str) -> bool {
        self.languages.0 == language || self.languages.1 == language
    }

    /// Facts of different versions must not meet.
    pub(crate) fn refuse_other_version(&self) -> Result<()> {
        if self.version == FACTS_VERSION {
            return Ok(());
        }
        Err(Error::damaged("the facts of the index were made by another version of doppelt")
            .because(format!("it says {}, this is {FACTS_VERSION}", self.version))
            .hint("build it anew with doppelt index build"))
    }
}

/// Makes facts of documents.
#[derive(Debug)]
pub(crate) struct FactMaker {
    facts: Facts,
    lexicon: Lexicon,
}

impl FactMaker {
    pub(crate) fn new(facts: &Facts) -> Result<Self> {
        facts.refuse_other_version()?;
        let (left, right) = &facts.languages;
        Ok(Self { facts: facts.clone(), lexicon: Lexicon::shipped(left, right) })
    }

    /// The profile of a document as bytes; none of one in another language.
    pub(crate) fn facts(&self, document: &Document<'_>, language: Option<&'static str>) -> Option<Vec<u8>> {
        let language = language.filter(|language| self.facts.concern(language))?;
        let profile = Profile::of(&document.text, language, document.date.as_deref(), &self.lexicon);
        Some(profile.to_bytes())
    }
}

/// By which facts are known; 0 stands for a document without any.
pub(crate) fn fact_hash(facts: Option<&[u8]>) -> u32 {
    facts.map_or(0, |facts| ((hash64(facts) >> 32) as u32).max(1))
}

/// Packs facts that come in the order of their documents.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    frame: Vec<u8>,
}

impl Packer {
    /// Adds the facts of a document; full frames go to `out`.
    pub(crate) fn add(&mut self, document: u32, facts: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.frame.extend_from_slice(&document.to_le_bytes());
        self.frame.extend_from_slice(&(facts.len() as u32).to_le_bytes());
        self.frame.extend_from_slice(facts);
        if self.frame.len() >= FRAME { self.finish(out) } else { Ok(()) }
    }

    /// The last frame goes to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let packed = zstd::bulk::compress(&self.frame, LEVEL)
            .map_err(|error| Error::damaged("facts cannot be packed").because(error.to_string()))?;
        out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
        out.extend_from_slice(&(self.frame.len() as u32).to_le_bytes());
        out.extend_from_slice(&packed);
        self.frame.clear();
        Ok(())
    }
}

/// Packed facts in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackedFacts<'a> {
    pub file: &'a BlockFile,
    pub offset: u64,
    pub length: u64,
    /// Documents that there are.
    pub n_documents: u32,
}

impl PackedFacts<'_> {
    /// Hands over every document that has facts with what `make` makes of
    /// them, in order; where it makes nothing the facts are damaged.
    pub(crate) fn each<T: Send>(
        self,
        make: impl Fn(u32, &[u8]) -> Option<T> + Sync,
        mut take: impl FnMut(u32, T) -> Result<()>,
    ) -> Result<()> {
        let (mut at, end) = (self.offset, self.offset + self.length);
        let mut next = 0;
        while at < end {
            let mut frames = vec![];
            while at < end && frames.len() < AT_ONCE {
                let head = self.read(at, HEAD, end)?;
                let number = |at: usize| u32::from_le_bytes(*head[at..].first_chunk().unwrap_or(&[0; 4]));
                let (packed, length) = (number(0) as usize, number(4) as usize);
                if length > LARGEST_FRAME {
                    return Err(self.damaged());
                }
                frames.push((self.read(at + HEAD as u64, packed, end)?, length));
                at += (HEAD + packed) as u64;
            }
            let unpacked = frames.par_iter().map(|(packed, length)| {
                let frame = zstd::bulk::decompress(packed, *length).ok()?;
                entries(&frame)?
                    .into_iter()
                    .map(|(document, facts)| Some((document, make(document, facts)?)))
                    .collect::<Option<Vec<_>>>()
            });
            for frame in unpacked.collect::<Vec<_>>() {
                for (document, made) in frame.ok_or_else(|| self.damaged())? {
                    if document < next || document >= self.n_documents {
                        return Err(self.damaged());
                    }
                    next = document + 1;
                    take(document, made)?;
                }
            }
        }
        Ok(())
    }

    fn read(self, at: u64, length: usize, end: u64) -> Result<Vec<u8>> {
        if end - at < length as u64 { Err(self.damaged()) } else { self.file.read(at, length) }
    }

    fn damaged(self) -> Error {
        self.file.damaged("its facts cannot be read")
    }
}

/// The documents of a frame and their facts.
fn entries(mut frame: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let mut entries = vec![];
    while !frame.is_empty() {
        let (document, rest) = frame.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (facts, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        entries.push((u32::from_le_bytes(*document), facts));
        frame = rest;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::super::blocks::BlockWriter;
    use super::*;

    fn packed(facts: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let (mut packer, mut out) = (Packer::default(), vec![]);
        facts.iter().for_each(|(document, facts)| packer.add(*document, facts, &mut out).unwrap());
        packer.finish(&mut out).unwrap();
        out
    }

    fn read(bytes: &[u8], n_documents: u32) -> Result<Vec<(u32, Vec<u8>)>> {
        let folder = tempfile::tempdir().unwrap();
        let mut written = vec![];
        let mut writer = BlockWriter::new("f", &mut written);
        writer.add(&[7; 50]).unwrap();
        writer.add(bytes).unwrap();
        let n_blocks = writer.finish().unwrap();
        std::fs::write(folder.path().join("f"), &written).unwrap();
        let file = BlockFile::open(folder.path(), "f", n_blocks).unwrap();
        let packed = PackedFacts { file: &file, offset: 50, length: bytes.len() as u64, n_documents };
        let mut found = vec![];
        packed.each(
            |_, facts| Some(facts.to_vec()),
            |document, facts| {
                found.push((document, facts));
                Ok(())
            },
        )?;
        Ok(found)
    }

    #[test]
    fn facts_come_back_in_order_from_many_frames() {
        let of = |i: u32| (0..i % 5000).map(|at| (at * i) as u8).collect();
        let facts: Vec<(u32, Vec<u8>)> = (0..3000).map(|i| (2 * i, of(i))).collect();
        let bytes = packed(&facts);
        assert_eq!(read(&bytes, 6000).unwrap(), facts);
        assert_eq!(read(&packed(&[]), 0).unwrap(), []);
    }

    #[test]
    fn facts_of_another_version_are_neither_read_nor_added_to() {
        let older = Facts { version: FACTS_VERSION - 1, ..Facts::of("de", "en") };
        let error = FactMaker::new(&older).unwrap_err();
        assert!(
            error.is_damaged() && error.way_out().is_some_and(|hint| hint.contains("doppelt index build"))
        );
        assert!(FactMaker::new(&Facts::of("de", "en")).is_ok());
    }

    #[test]
    fn what_are_no_facts_is_refused() {
        let refused = |bytes: &[u8], n_documents: u32| {
            assert!(read(bytes, n_documents).unwrap_err().is_damaged());
        };
        let good = packed(&[(1, vec![1, 2, 3]), (4, vec![])]);
        assert!(read(&good, 5).is_ok());
        refused(&good, 4);
        refused(&packed(&[(4, vec![]), (1, vec![])]), 5);
        refused(&good[..good.len() - 1], 5);
        refused(&good[..HEAD - 1], 5);
        refused(&[&[0xff; 8], good.as_slice()].concat(), 5);
    }
}
