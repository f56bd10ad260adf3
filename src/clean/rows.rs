//! Parquet files: rows that go, and rows out of whose text something is cut,
//! are written as they were to a file of their own.
//!
//! Schema, column order, metadata of the file and compression stay; how rows
//! are grouped and encoded may differ. A restore puts the rows back in their
//! order. (Bytes of a Parquet file depend on the program that wrote it.)

use super::apply::{Failed, Outcome, Writing, bare, permissions, permissions_of};
use super::manifest::{FileRecord, Stamp, Stamping, State};
use super::plan::Step;
use super::removed::{FileName, Removed};
use super::verify::Hit;
use crate::corpus::Entry;
use crate::corpus::parquet::{guarded, invalid, string_at};
use crate::hash::hash64;
use crate::whole::Beside;
use arrow_array::{ArrayRef, BooleanArray, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow_schema::DataType;
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::properties::WriterProperties;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Metadata that the writer makes itself.
const ARROW_SCHEMA: &str = "ARROW:schema";

type Writer = ArrowWriter<Stamping<Beside>>;

/// What happens to a row.
struct Change {
    row: u64,
    /// What is cut out of its text; nothing where the whole row goes.
    cuts: Vec<Range<usize>>,
}

/// What was done to a file, each with the number of its action.
type Steps = Vec<(Step, usize)>;

/// Writes a file without what goes.
pub(super) fn rewrite(
    writing: &Writing<'_>,
    entry: &Entry,
    hits: &[Hit],
    removed: &mut dyn Write,
) -> Outcome<(FileRecord, Steps)> {
    let (changes, steps) = note_rows(writing, entry, hits, removed)?;
    let rows_path = writing.rows.join(&entry.relative);
    if let Some(parent) = rows_path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let (output, rows) = guarded(|| {
        let source = Source::open(&entry.path)?;
        let mut kept = source.writer(&writing.folder.join(&entry.relative))?;
        let mut gone = source.writer(&rows_path)?;
        let mut at = 0;
        let mut changes = changes.as_slice();
        for batch in source.reader()? {
            if writing.progress.is_stopped() {
                return Err(invalid("stopped before the end"));
            }
            let batch = batch.map_err(invalid)?;
            let n = batch.num_rows() as u64;
            let (here, others) = changes.split_at(changes.partition_point(|change| change.row < at + n));
            changes = others;
            if here.is_empty() {
                kept.write(&batch).map_err(invalid)?;
            } else {
                let is_changed = rows_of(here, at, n);
                gone.write(&filter_record_batch(&batch, &is_changed).map_err(invalid)?).map_err(invalid)?;
                let (cut, goes): (Vec<&Change>, Vec<&Change>) =
                    here.iter().partition(|change| !change.cuts.is_empty());
                let batch = with_cuts(&batch, &writing.corpus.options().text_field, &cut, at)?;
                let goes = rows_of(goes, at, n);
                let stays = goes.iter().map(|goes| goes.map(|goes| !goes)).collect();
                kept.write(&filter_record_batch(&batch, &stays).map_err(invalid)?).map_err(invalid)?;
            }
            at += n;
        }
        if !changes.is_empty() {
            return Err(invalid("it has fewer rows than before"));
        }
        Ok((finish(kept, permissions(entry))?, finish(gone, None)?))
    })?;
    let input = writing.stamp(&entry.path).map_err(Failed::Reading)?;
    let record = FileRecord {
        input: Some(input),
        output: Some(output),
        rows: Some(rows),
        removed: steps.len() as u64,
        ..bare(entry, State::RewrittenParquet)
    };
    Ok((record, steps))
}

/// Which of `n` rows from `first` on are changed.
fn rows_of<'a>(changes: impl IntoIterator<Item = &'a Change>, first: u64, n: u64) -> BooleanArray {
    let mut rows = vec![false; n as usize];
    changes.into_iter().for_each(|change| rows[(change.row - first) as usize] = true);
    BooleanArray::from(rows)
}

/// The same rows, from number `first` on, with the texts of some cut.
fn with_cuts(batch: &RecordBatch, field: &str, cut: &[&Change], first: u64) -> io::Result<RecordBatch> {
    if cut.is_empty() {
        return Ok(batch.clone());
    }
    let at = batch.schema().index_of(field).map_err(invalid)?;
    let column = batch.column(at);
    let mut texts: Vec<Option<Cow<'_, str>>> =
        (0..batch.num_rows()).map(|row| string_at(column, row).map(Cow::Borrowed)).collect();
    for change in cut {
        let text = texts[(change.row - first) as usize].as_mut();
        let text = text.ok_or_else(|| invalid("a row has lost its text"))?.to_mut();
        for range in change.cuts.iter().rev() {
            if text.get(range.clone()).is_none() {
                return Err(invalid("a row has another text than before"));
            }
            text.replace_range(range.clone(), "");
        }
    }
    let texts: ArrayRef = match column.data_type() {
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from_iter(texts)),
        DataType::Utf8View => Arc::new(StringViewArray::from_iter(texts)),
        _ => Arc::new(StringArray::from_iter(texts)),
    };
    let mut columns = batch.columns().to_vec();
    columns[at] = texts;
    RecordBatch::try_new(batch.schema(), columns).map_err(invalid)
}

/// Writes what is taken out of texts to `removed.jsonl`; gives the rows that
/// change, in order, and what is done to them. The rows are read once.
fn note_rows(
    writing: &Writing<'_>,
    entry: &Entry,
    hits: &[Hit],
    removed: &mut dyn Write,
) -> Outcome<(Vec<Change>, Steps)> {
    let (mut changes, mut steps) = (vec![], vec![]);
    let mut hits = hits.iter().peekable();
    let mut row = 0;
    for batch in entry.file.into_iter().flat_map(|file| writing.corpus.batches(file)) {
        if writing.progress.is_stopped() {
            return Err(Failed::Stopped);
        }
        let mut counted = 0;
        let end = batch.offset() + batch.bytes().len() as u64;
        while let Some(hit) = hits.next_if(|hit| hit.place.offset < end) {
            let at = (hit.place.offset - batch.offset()) as usize;
            row += memchr::memchr_iter(b'\n', &batch.bytes()[counted..at]).count() as u64;
            counted = at;
            let document = batch.document(writing.corpus, hit.place).ok_or(Failed::Changed)?;
            if hash64(document.text.as_bytes()) != hit.hash {
                return Err(Failed::Changed);
            }
            let cuts = match hit.remove {
                Some(action) => vec![(0..document.text.len(), action)],
                None => writing.cuts(hit, &document.text),
            };
            for (range, action) in &cuts {
                let name = FileName::of(&entry.relative);
                let action_made = &writing.plan.actions[*action];
                let taken = &document.text.as_bytes()[range.clone()];
                Removed::new(action_made, name, [row, row + 1], taken).write(removed)?;
                steps.push((action_made.action, *action));
            }
            if !cuts.is_empty() {
                let ranges = cuts.into_iter().map(|(range, _)| range);
                let cuts = if hit.remove.is_some() { vec![] } else { ranges.collect() };
                changes.push(Change { row, cuts });
            }
        }
        row += memchr::memchr_iter(b'\n', &batch.bytes()[counted..]).count() as u64;
    }
    if hits.peek().is_some() {
        return Err(Failed::Changed);
    }
    Ok((changes, steps))
}

/// Puts rows back: those numbered in `rows` come from `gone`, the others from
/// `kept`, where those stand as well that something was cut out of.
pub(super) fn merge(kept: &Path, gone: &Path, rows: &[(u64, Step)], to: &Path) -> io::Result<()> {
    guarded(|| {
        let (kept_source, gone_source) = (Source::open(kept)?, Source::open(gone)?);
        let mut writer = kept_source.writer(to)?;
        let (mut from_kept, mut from_gone) =
            (Rows::new(kept_source.reader()?), Rows::new(gone_source.reader()?));
        let mut at = 0;
        let mut write = |rows: &RecordBatch| writer.write(rows).map_err(invalid);
        for run in rows.chunk_by(|a, b| (a.0 + 1, a.1) == *b) {
            let (first, step) = run[0];
            let before = first.checked_sub(at).ok_or_else(|| invalid("removed.jsonl is out of order"))?;
            let n = run.len() as u64;
            from_kept.hand_over(before, &mut write)?;
            if step == Step::Cut {
                from_kept.hand_over(n, |_| Ok(()))?;
            }
            from_gone.hand_over(n, &mut write)?;
            at = first + n;
        }
        from_kept.hand_over(u64::MAX, &mut write)?;
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

    /// Hands the next `n` rows to `take`; `u64::MAX` for all that are left.
    fn hand_over(
        &mut self,
        mut n: u64,
        mut take: impl FnMut(&RecordBatch) -> io::Result<()>,
    ) -> io::Result<()> {
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
            take(&batch.slice(0, rows))?;
            if rows < batch.num_rows() {
                self.batch = Some(batch.slice(rows, batch.num_rows() - rows));
            }
            n -= rows as u64;
        }
        Ok(())
    }
}
