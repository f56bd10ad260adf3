//! Parquet files: rows that go are written to a file of their own.
//!
//! Schema, column order, metadata of the file and compression stay; how rows
//! are grouped and encoded may differ. A restore puts the rows back in their
//! order. (Bytes of a Parquet file depend on the program that wrote it.)

use super::apply::{Failed, Outcome, Writing, bare, permissions, permissions_of};
use super::manifest::{FileRecord, Stamp, Stamping, State};
use super::removed::{FileName, Removed};
use super::verify::Hit;
use crate::corpus::Entry;
use crate::corpus::parquet::{guarded, invalid};
use crate::hash::hash64;
use crate::whole::Beside;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Metadata that the writer makes itself.
const ARROW_SCHEMA: &str = "ARROW:schema";

type Writer = ArrowWriter<Stamping<Beside>>;

/// Writes a file without the rows that go; gives the action of each of them.
pub(super) fn rewrite(
    writing: &Writing<'_>,
    entry: &Entry,
    hits: &[Hit],
    removed: &mut dyn Write,
) -> Outcome<(FileRecord, Vec<usize>)> {
    let goes = note_rows(writing, entry, hits, removed)?;
    let rows_path = writing.rows.join(&entry.relative);
    if let Some(parent) = rows_path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let (output, rows) = guarded(|| {
        let source = Source::open(&entry.path)?;
        let mut kept = source.writer(&writing.folder.join(&entry.relative))?;
        let mut gone = source.writer(&rows_path)?;
        let mut at = 0;
        let mut next = goes.iter().map(|(row, _)| *row).peekable();
        for batch in source.reader()? {
            if writing.progress.is_stopped() {
                return Err(invalid("stopped before the end"));
            }
            let batch = batch.map_err(invalid)?;
            let end = at + batch.num_rows() as u64;
            let stays: Vec<bool> = (at..end).map(|row| next.next_if_eq(&row).is_none()).collect();
            at = end;
            if stays.iter().all(|stays| *stays) {
                kept.write(&batch).map_err(invalid)?;
                continue;
            }
            let goes: Vec<bool> = stays.iter().map(|stays| !stays).collect();
            let part =
                |mask: Vec<bool>| filter_record_batch(&batch, &BooleanArray::from(mask)).map_err(invalid);
            kept.write(&part(stays)?).map_err(invalid)?;
            gone.write(&part(goes)?).map_err(invalid)?;
        }
        if next.peek().is_some() {
            return Err(invalid("it has fewer rows than before"));
        }
        Ok((finish(kept, permissions(entry))?, finish(gone, None)?))
    })?;
    let input = writing.stamp(&entry.path).map_err(Failed::Reading)?;
    let record = FileRecord {
        input: Some(input),
        output: Some(output),
        rows: Some(rows),
        removed: goes.len() as u64,
        ..bare(entry, State::RewrittenParquet)
    };
    Ok((record, goes.into_iter().map(|(_, action)| action).collect()))
}

/// Writes the texts of the rows that go to `removed.jsonl`; gives the number of
/// each row and its action. The rows are read once, in order.
fn note_rows(
    writing: &Writing<'_>,
    entry: &Entry,
    hits: &[Hit],
    removed: &mut dyn Write,
) -> Outcome<Vec<(u64, usize)>> {
    let mut goes = vec![];
    let mut hits = hits.iter().filter_map(|hit| Some((hit, hit.remove?))).peekable();
    let mut row = 0;
    for batch in entry.file.into_iter().flat_map(|file| writing.corpus.batches(file)) {
        if writing.progress.is_stopped() {
            return Err(Failed::Stopped);
        }
        let mut counted = 0;
        let end = batch.offset() + batch.bytes().len() as u64;
        while let Some((hit, action)) = hits.next_if(|(hit, _)| hit.place.offset < end) {
            let at = (hit.place.offset - batch.offset()) as usize;
            row += memchr::memchr_iter(b'\n', &batch.bytes()[counted..at]).count() as u64;
            counted = at;
            let document = batch.document(writing.corpus, hit.place).ok_or(Failed::Changed)?;
            if hash64(document.text.as_bytes()) != hit.hash {
                return Err(Failed::Changed);
            }
            let name = FileName::of(&entry.relative);
            let action_made = &writing.plan.actions[action];
            Removed::new(action_made, name, [row, row + 1], document.text.as_bytes()).write(removed)?;
            goes.push((row, action));
        }
        row += memchr::memchr_iter(b'\n', &batch.bytes()[counted..]).count() as u64;
    }
    if hits.peek().is_some() {
        return Err(Failed::Changed);
    }
    Ok(goes)
}

/// Puts rows back: those numbered in `numbers` come from `gone`, the others from `kept`.
pub(super) fn merge(kept: &Path, gone: &Path, numbers: &[u64], to: &Path) -> io::Result<()> {
    guarded(|| {
        let (kept_source, gone_source) = (Source::open(kept)?, Source::open(gone)?);
        let mut writer = kept_source.writer(to)?;
        let (mut from_kept, mut from_gone) =
            (Rows::new(kept_source.reader()?), Rows::new(gone_source.reader()?));
        let mut at = 0;
        for run in numbers.chunk_by(|a, b| a + 1 == *b) {
            let before = run[0].checked_sub(at).ok_or_else(|| invalid("removed.jsonl is out of order"))?;
            from_kept.copy(before, &mut writer)?;
            from_gone.copy(run.len() as u64, &mut writer)?;
            at = run[0] + run.len() as u64;
        }
        from_kept.copy(u64::MAX, &mut writer)?;
        finish(writer, permissions_of(kept)).map(drop)
    })
}

/// A file that is read row by row, and what it is written like.
struct Source {
    file: File,
    properties: WriterProperties,
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file.try_clone()?).map_err(invalid)?;
        let metadata = builder.metadata();
        let mut properties = WriterProperties::builder();
        if let Some(group) = metadata.row_groups().first() {
            properties = properties.set_max_row_group_row_count(Some(group.num_rows().max(1) as usize));
            for column in group.columns() {
                properties =
                    properties.set_column_compression(column.column_path().clone(), column.compression());
            }
        }
        let notes = metadata
            .file_metadata()
            .key_value_metadata()
            .map(|notes| notes.iter().filter(|note| note.key != ARROW_SCHEMA).cloned().collect::<Vec<_>>());
        Ok(Self { file, properties: properties.set_key_value_metadata(notes).build() })
    }

    fn reader(&self) -> io::Result<ParquetRecordBatchReader> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(self.file.try_clone()?).map_err(invalid)?;
        builder.build().map_err(invalid)
    }

    fn writer(&self, path: &Path) -> io::Result<Writer> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(self.file.try_clone()?).map_err(invalid)?;
        let schema = builder.schema().clone();
        let out = Stamping::new(Beside::new(path)?);
        ArrowWriter::try_new(out, schema, Some(self.properties.clone())).map_err(invalid)
    }
}

/// Ends a file and puts it in its place.
fn finish(writer: Writer, like: Option<std::fs::Permissions>) -> io::Result<Stamp> {
    let mut out = writer.into_inner().map_err(invalid)?;
    out.flush()?;
    let stamp = out.stamp();
    if let Some(permissions) = like {
        out.inner.set_permissions(permissions)?;
    }
    out.inner.finish()?;
    Ok(stamp)
}

/// Rows that are handed over a few at a time.
struct Rows {
    reader: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
}

impl Rows {
    fn new(reader: ParquetRecordBatchReader) -> Self {
        Self { reader, batch: None }
    }

    /// Writes the next `n` rows; `u64::MAX` for all that are left.
    fn copy(&mut self, mut n: u64, writer: &mut Writer) -> io::Result<()> {
        while n > 0 {
            let batch = match self.batch.take() {
                Some(batch) => batch,
                None => match self.reader.next() {
                    Some(batch) => batch.map_err(invalid)?,
                    None if n > u64::MAX / 2 => return Ok(()),
                    None => return Err(invalid("rows are missing")),
                },
            };
            let rows = batch.num_rows().min(usize::try_from(n).unwrap_or(usize::MAX));
            writer.write(&batch.slice(0, rows)).map_err(invalid)?;
            if rows < batch.num_rows() {
                self.batch = Some(batch.slice(rows, batch.num_rows() - rows));
            }
            n -= rows as u64;
        }
        Ok(())
    }
}
