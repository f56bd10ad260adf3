//! Parquet files: each row is a line with the columns that were asked for.
//!
//! Only those columns are read, a thousand rows at a time. The reader is
//! third-party code that is known to panic on damaged files, so it runs where
//! a panic becomes an error of that file.

use super::ReadOptions;
use super::lines::Stream;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde_json::Value;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Rows read at a time.
const ROWS: usize = 1024;

/// The rows of a file as lines of JSON.
pub(super) struct Rows {
    reader: ParquetRecordBatchReader,
    /// Names of the columns in the order of the batches.
    names: Vec<String>,
    lines: Vec<u8>,
    at: usize,
    n_rows: u64,
    total_rows: u64,
    bytes: u64,
}

impl Rows {
    /// Opens a file that has a text column.
    pub fn open(path: &Path, options: &ReadOptions) -> io::Result<Self> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        guarded(|| {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(invalid)?;
            let columns: Vec<String> =
                builder.schema().fields().iter().map(|field| field.name().clone()).collect();
            if !columns.contains(&options.text_field) {
                let listed: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
                return Err(invalid(format!(
                    "no column `{}`; the file has {}",
                    options.text_field,
                    listed.join(", ")
                )));
            }
            let texts = builder.schema().field_with_name(&options.text_field).map_err(invalid)?;
            refuse_other_than_strings(&options.text_field, texts.data_type())?;
            let wanted = [
                Some(&options.text_field),
                Some(&options.id_field),
                options.lang_field.as_ref(),
                options.date_field.as_ref(),
            ];
            let chosen: Vec<usize> =
                (0..columns.len()).filter(|&i| wanted.contains(&Some(&columns[i]))).collect();
            let mask = ProjectionMask::roots(builder.parquet_schema(), chosen.iter().copied());
            let total_rows = builder.metadata().file_metadata().num_rows().max(0) as u64;
            let reader = builder.with_projection(mask).with_batch_size(ROWS).build().map_err(invalid)?;
            let names = chosen.into_iter().map(|i| columns[i].clone()).collect();
            Ok(Self { reader, names, lines: vec![], at: 0, n_rows: 0, total_rows, bytes })
        })
    }

    /// Makes the lines of the next rows; `false` at the end.
    fn next(&mut self) -> io::Result<bool> {
        let reader = &mut self.reader;
        let Some(batch) = guarded(|| reader.next().transpose().map_err(invalid))? else {
            if self.n_rows != self.total_rows {
                return Err(invalid(format!("{} of {} rows could be read", self.n_rows, self.total_rows)));
            }
            return Ok(false);
        };
        self.lines.clear();
        self.at = 0;
        let (names, lines) = (&self.names, &mut self.lines);
        guarded(|| write_lines(&batch, names, lines))?;
        self.n_rows += batch.num_rows() as u64;
        Ok(true)
    }
}

/// The columns of a batch that were asked for.
pub(super) fn only_fields(batch: &RecordBatch, options: &ReadOptions) -> io::Result<RecordBatch> {
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let Some(texts) = batch.column_by_name(&options.text_field) else {
        let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        return Err(invalid(format!("its columns are {}", listed.join(", "))));
    };
    refuse_other_than_strings(&options.text_field, texts.data_type())?;
    let wanted = [
        Some(options.text_field.as_str()),
        Some(&options.id_field),
        options.lang_field.as_deref(),
        options.date_field.as_deref(),
    ];
    let chosen: Vec<usize> = (0..names.len()).filter(|&i| wanted.contains(&Some(names[i]))).collect();
    batch.project(&chosen).map_err(invalid)
}

fn refuse_other_than_strings(field: &str, kind: &DataType) -> io::Result<()> {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(()),
        DataType::Dictionary(..) => {
            Err(invalid(format!("the column `{field}` holds a dictionary; write it as plain strings")))
        }
        other => Err(invalid(format!("the column `{field}` holds {other}, not strings"))),
    }
}

/// The rows of a batch as lines of JSON.
pub(super) fn write_rows(batch: &RecordBatch, lines: &mut Vec<u8>) -> io::Result<()> {
    let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    write_lines(batch, &names, lines)
}

fn write_lines(batch: &RecordBatch, names: &[String], lines: &mut Vec<u8>) -> io::Result<()> {
    for row in 0..batch.num_rows() {
        lines.push(b'{');
        for (i, (name, column)) in names.iter().zip(batch.columns()).enumerate() {
            if i > 0 {
                lines.push(b',');
            }
            serde_json::to_writer(&mut *lines, name)?;
            lines.push(b':');
            match string_at(column, row) {
                Some(text) => serde_json::to_writer(&mut *lines, text)?,
                None => serde_json::to_writer(&mut *lines, &value_at(column, row))?,
            }
        }
        lines.extend_from_slice(b"}\n");
    }
    Ok(())
}

/// The string of a row; none where there is none, or the column holds others.
pub(crate) fn string_at(column: &dyn Array, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(column.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(column.as_string_view().value(row)),
        _ => None,
    }
}

/// Numbers and dates; null for what names no record.
fn value_at(column: &dyn Array, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int8 => column.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => column.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).into(),
        // As seconds since 1970, which is how dates are compared.
        DataType::Date32 => (i64::from(column.as_primitive::<Date32Type>().value(row)) * 86_400).into(),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row),
            TimeUnit::Millisecond => {
                column.as_primitive::<TimestampMillisecondType>().value(row).div_euclid(1_000)
            }
            TimeUnit::Microsecond => {
                column.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1_000_000)
            }
            TimeUnit::Nanosecond => {
                column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000_000)
            }
        }
        .into(),
        _ => Value::Null,
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.lines.len() {
            if !self.next()? {
                return Ok(0);
            }
        }
        let n = (&self.lines[self.at..]).read(buffer)?;
        self.at += n;
        Ok(n)
    }
}

impl Stream for Rows {
    /// A share of the file as large as that of the rows.
    fn consumed(&self) -> u64 {
        (u128::from(self.bytes) * u128::from(self.n_rows) / u128::from(self.total_rows.max(1))) as u64
    }
}

/// Runs third-party code; a panic becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(invalid("the Parquet reader gave up; the file is damaged")))
}

pub(crate) fn invalid(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
