//! Several segments become one, so that a look-up asks few files however large
//! the index has grown.
//!
//! Rows, names and texts are copied a stretch at a time, lists a range of keys
//! at a time, so the memory taken does not grow with the index but for one
//! number a document and the directory of one list. Documents that were
//! removed are left behind. (Size-tiered merging, as in Lucene.)

use super::blocks::BlockWriter;
use super::draft::{Counts, Source};
use super::facts::Packer;
use super::postings::Layout;
use super::segment::{FACT_HASHES, FACTS, Header, List, MAGIC, Segment, SegmentEntry};
use crate::corpus::Progress;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// So many segments of one size are merged.
const FAN_IN: usize = 4;
/// Smaller segments count as equally small.
const SMALL: u64 = 1024;
/// Documents that are copied at a time.
const STRETCH: u32 = 256;
/// Entries of a list that are held at a time.
const ENTRIES: u64 = 1 << 21;
/// A document that was removed has no new number.
const GONE: u32 = u32::MAX;

/// The numbers of segments that should become one; none if all is well.
pub(super) fn due(entries: &[SegmentEntry]) -> Vec<usize> {
    let mut tiers: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, entry) in entries.iter().enumerate() {
        let documents = entry.documents();
        let tier = if documents < SMALL { 0 } else { documents.ilog(FAN_IN as u64) };
        tiers.entry(tier).or_default().push(i);
    }
    tiers.into_values().find(|tier| tier.len() >= FAN_IN).unwrap_or_default()
}

/// Whether one segment can hold all of these.
pub(super) fn fits(segments: &[Segment]) -> bool {
    let sum = |of: fn(&Segment) -> u64| segments.iter().map(of).sum::<u64>();
    sum(|segment| u64::from(segment.n_documents())) < u64::from(GONE)
        && sum(Segment::name_bytes) < u64::from(u32::MAX)
        && sum(|segment| segment.n_entries(List::Anchors)) < u64::from(u32::MAX)
}

/// Writes the documents of several segments into a new one.
///
/// # Errors
///
/// When a segment is damaged, the new one cannot be written, or `progress`
/// says stop.
pub(super) fn merge(
    segments: &[Segment],
    folder: &Path,
    name: &str,
    progress: &dyn Progress,
) -> Result<SegmentEntry> {
    let mut counts = Counts::default();
    let mut numbers = vec![];
    let mut n = 0;
    for segment in segments {
        counts.plus(&segment.live_counts());
        let new = (0..segment.n_documents()).map(|document| match segment.is_removed(document) {
            true => GONE,
            false => {
                n += 1;
                n - 1
            }
        });
        numbers.push(new.collect());
    }
    progress.begin("merging", u64::from(n), "documents");
    let path = folder.join(name);
    let cannot_write = |error: std::io::Error| Error::io("write", &path, &error);
    let out = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(folder).map_err(cannot_write)?);
    let mut merging =
        Merging { segments, numbers, n, out, at: 0, parts: BTreeMap::new(), path: &path, progress };
    merging.documents()?;
    merging.list("ids", List::Ids)?;
    let n_bands = segments.iter().map(Segment::n_bands).max().unwrap_or(0);
    for band in 0..n_bands {
        merging.list(&format!("band {band}"), List::Band(band))?;
    }
    merging.list("anchors", List::Anchors)?;
    merging.texts()?;
    merging.facts()?;
    let header = serde_json::to_vec(&Header { documents: n, parts: std::mem::take(&mut merging.parts) })
        .map_err(|error| cannot_write(error.into()))?;
    let mut body = merging.out.into_inner().map_err(|error| cannot_write(error.into_error()))?;
    body.seek(SeekFrom::Start(0)).map_err(cannot_write)?;
    let mut blocks = 0;
    crate::whole::write(&path, |out| {
        let mut writer = BlockWriter::new(name, out);
        writer.add(MAGIC)?;
        writer.add(&(header.len() as u64).to_le_bytes())?;
        writer.add(&header)?;
        copy(&body, &mut writer)?;
        blocks = writer.finish()?;
        Ok(())
    })
    .map_err(cannot_write)?;
    Ok(SegmentEntry { file: name.to_owned(), blocks, counts, removed: None })
}

fn copy(body: &File, writer: &mut BlockWriter<'_>) -> std::io::Result<()> {
    let mut body = BufReader::with_capacity(1 << 18, body);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match body.read(&mut buffer)? {
            0 => return Ok(()),
            n => writer.add(&buffer[..n])?,
        }
    }
}

/// A segment in the making; its parts are gathered in a file without a name.
struct Merging<'a> {
    segments: &'a [Segment],
    /// Of every document of every segment its new number.
    numbers: Vec<Vec<u32>>,
    n: u32,
    out: BufWriter<File>,
    at: u64,
    parts: BTreeMap<String, [u64; 2]>,
    path: &'a Path,
    progress: &'a dyn Progress,
}

impl Merging<'_> {
    /// Sources, rows and names.
    fn documents(&mut self) -> Result<()> {
        let mut sources: Vec<Source> = vec![];
        let mut renumbered: Vec<Vec<u32>> = vec![];
        for segment in self.segments {
            let numbers = segment.sources.iter().map(|source| {
                sources.iter().position(|known| known == source).unwrap_or_else(|| {
                    sources.push(source.clone());
                    sources.len() - 1
                }) as u32
            });
            renumbered.push(numbers.collect());
        }
        let listed = serde_json::to_vec(&sources)
            .map_err(|error| Error::damaged("the sources cannot be written").because(error.to_string()))?;
        self.part("sources", |merging| merging.write(&listed))?;
        self.part("rows", |merging| {
            let (mut name_end, mut text_end) = (0, 0);
            merging.each_stretch(|merging, number, stretch, live| {
                for (i, mut row) in live {
                    name_end += stretch.name(i).len() as u32;
                    text_end += stretch.text_length(i);
                    row.name_end = name_end;
                    row.text_end = text_end;
                    row.source = renumbered[number][row.source as usize];
                    merging.write(&row.encode())?;
                }
                Ok(())
            })
        })?;
        self.part("names", |merging| {
            merging.each_stretch(|merging, _, stretch, live| {
                live.into_iter().try_for_each(|(i, _)| merging.write(stretch.name(i)))
            })
        })
    }

    fn texts(&mut self) -> Result<()> {
        self.part("texts", |merging| {
            merging.each_stretch(|merging, number, stretch, live| {
                for (i, _) in live {
                    if stretch.text_length(i) > 0 {
                        let text = merging.segments[number].text_bytes(stretch.text_range(i))?;
                        merging.write(&text)?;
                    }
                }
                Ok(())
            })
        })
    }

    /// Facts and their hashes, where any document has some.
    fn facts(&mut self) -> Result<()> {
        if !self.segments.iter().any(Segment::has_facts) {
            return Ok(());
        }
        self.part(FACTS, |merging| {
            let segments = merging.segments;
            let (mut packer, mut frames) = (Packer::default(), vec![]);
            for (number, segment) in segments.iter().enumerate() {
                let Some(facts) = segment.facts()? else { continue };
                facts.each(
                    |_, facts| Some(facts.to_vec()),
                    |document, facts| {
                        let new: u32 = merging.numbers[number][document as usize];
                        if new != GONE {
                            packer.add(new, &facts, &mut frames)?;
                        }
                        merging.write(&frames)?;
                        frames.clear();
                        merging.stop_if_asked()
                    },
                )?;
            }
            packer.finish(&mut frames)?;
            merging.write(&frames)
        })?;
        self.part(FACT_HASHES, |merging| {
            let segments = merging.segments;
            for (number, segment) in segments.iter().enumerate() {
                for document in 0..segment.n_documents() {
                    if merging.numbers[number][document as usize] != GONE {
                        merging.write(&segment.fact_hash(document)?.to_le_bytes())?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Hands over the documents of all segments, those that stay with their rows.
    fn each_stretch(
        &mut self,
        mut take: impl FnMut(
            &mut Self,
            usize,
            &super::segment::Stretch,
            Vec<(usize, super::draft::Row)>,
        ) -> Result<()>,
    ) -> Result<()> {
        for number in 0..self.segments.len() {
            let segment = &self.segments[number];
            let mut first = 0;
            while first < segment.n_documents() {
                let end = segment.n_documents().min(first + STRETCH);
                let stretch = segment.stretch(first..end)?;
                let stays = |i: &usize| !segment.is_removed(first + *i as u32);
                let live = (0..stretch.rows.len()).filter(stays).map(|i| (i, stretch.rows[i].clone()));
                let live = live.collect();
                take(self, number, &stretch, live)?;
                self.stop_if_asked()?;
                first = end;
            }
        }
        Ok(())
    }

    /// One list, a range of keys at a time.
    fn list(&mut self, name: &str, list: List) -> Result<()> {
        let most: u64 = self.segments.iter().map(|segment| segment.n_entries(list)).sum();
        let n_ranges = most.div_ceil(ENTRIES).max(1).next_power_of_two();
        let width = (1 << 32) / n_ranges;
        let any_removed = self.segments.iter().any(Segment::has_removed);
        let mut n = most;
        if any_removed {
            n = 0;
            for range in 0..n_ranges {
                n += self.entries(list, range * width, (range + 1) * width)?.len() as u64;
            }
        }
        let mut layout = Layout::new(n as usize, self.n);
        let start = self.at;
        self.part(name, |merging| {
            // The directory is known when all entries are; its room is kept.
            merging.write(&vec![0; layout.head_bytes()])?;
            let mut bytes = vec![];
            for range in 0..n_ranges {
                let entries = merging.entries(list, range * width, (range + 1) * width)?;
                bytes.clear();
                entries.iter().for_each(|&entry| layout.add(entry, &mut bytes));
                merging.write(&bytes)?;
                merging.stop_if_asked()?;
            }
            bytes.clear();
            layout.end(&mut bytes);
            merging.write(&bytes)?;
            let end = merging.at;
            let head = layout.head();
            let written = merging
                .out
                .seek(SeekFrom::Start(start))
                .and_then(|_| merging.out.write_all(&head))
                .and_then(|()| merging.out.seek(SeekFrom::Start(end)));
            written.map(drop).map_err(|error| Error::io("write", merging.path, &error))
        })
    }

    /// The entries of all segments with keys from `from` to before `to`, sorted.
    fn entries(&self, list: List, from: u64, to: u64) -> Result<Vec<(u32, u32)>> {
        let mut entries = vec![];
        for (segment, numbers) in self.segments.iter().zip(&self.numbers) {
            for (key, document) in segment.entries_between(list, from, to)? {
                match numbers.get(document as usize) {
                    Some(&GONE) => {}
                    Some(&number) => entries.push((key, number)),
                    None => return Err(segment.names_what_is_not_there()),
                }
            }
        }
        entries.sort_unstable();
        Ok(entries)
    }

    fn part(&mut self, name: &str, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let start = self.at;
        write(self)?;
        self.parts.insert(name.to_owned(), [start, self.at - start]);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| Error::io("write", self.path, &error))
    }

    fn stop_if_asked(&self) -> Result<()> {
        if self.progress.is_stopped() { Err(Error::interrupted()) } else { Ok(()) }
    }
}
