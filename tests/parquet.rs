//! Parquet files: read like JSON Lines, cleaned row by row, restored.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails where its ground is not there")]
#![cfg(feature = "parquet")]

use arrow_array::cast::AsArray;
use arrow_array::{
    ArrayRef, Int64Array, LargeStringArray, ListArray, RecordBatch, StringArray, StringViewArray,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

fn text(seed: u64) -> String {
    let mut state = seed;
    let words = (0..60).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("w{}", (state >> 33) % 50_000)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Rows of which every third repeats an earlier one; one text is null.
fn rows(n: u64) -> RecordBatch {
    let texts: Vec<Option<String>> =
        (0..n).map(|i| (i != 7).then(|| text(if i % 3 == 2 { i / 2 } else { i + 1000 }))).collect();
    let lists = (0..n as i32).map(|i| Some(vec![Some(i), None]));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("weight", Arc::new(Int64Array::from_iter((0..n).map(|i| (i % 5 > 0).then_some(i as i64))))),
        ("body", Arc::new(StringArray::from(texts))),
        ("list", Arc::new(ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>(lists))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn write(path: &Path, rows: &RecordBatch) {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(vec![KeyValue::new("origin".into(), Some("test".into()))]))
        .set_max_row_group_row_count(Some(700))
        .build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), rows.schema(), Some(properties)).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path) -> Vec<RecordBatch> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let metadata = builder.metadata();
    assert!(
        metadata
            .row_groups()
            .iter()
            .all(|group| matches!(group.column(0).compression(), Compression::ZSTD(_)))
    );
    let notes = metadata.file_metadata().key_value_metadata().unwrap();
    assert!(notes.iter().any(|note| note.key == "origin"));
    builder.with_batch_size(1 << 20).build().unwrap().map(|batch| batch.unwrap()).collect()
}

fn doppelt(arguments: &[&str], paths: &[&Path]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_doppelt")).args(arguments).args(paths).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn rows_go_and_come_back_in_their_order() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out, back] = ["in.parquet", "out", "back"].map(|name| temp.path().join(name));
    let rows = rows(3000);
    write(&input, &rows);
    let (code, told) = doppelt(&["clean", "--text-field", "body"], &[&input, Path::new("--out"), &out]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("in.parquet:8: field `body` is null"), "{told}");
    let cleaned = read(&out.join("corpus/in.parquet"));
    let n_left: usize = cleaned.iter().map(RecordBatch::num_rows).sum();
    let n_removed = std::fs::read_to_string(out.join("removed.jsonl")).unwrap().lines().count();
    assert!(n_removed > 300, "{n_removed} rows repeat others");
    assert_eq!(n_left + n_removed, 3000);
    assert_eq!(doppelt(&["restore"], &[&out, Path::new("--out"), &back]).0, Some(0));
    assert_eq!(read(&back.join("in.parquet")), [rows]);
}

/// A text of three paragraphs, of which some stand in other rows, too; some
/// rows hold one twice.
fn paragraphs(i: u64) -> String {
    let middle = if i % 4 == 1 { text(5 + i % 3) } else { text(i + 500) };
    let last = if i % 7 == 3 { middle.clone() } else { text(i + 900) };
    format!("{}\n\n{middle}\n\n{last}\n", text(i + 100))
}

#[test]
fn passages_are_cut_out_of_rows_and_come_back() {
    let texts: Vec<Option<String>> = (0..2500).map(|i| (i != 9).then(|| paragraphs(i))).collect();
    let columns: [ArrayRef; 3] = [
        Arc::new(StringArray::from(texts.clone())),
        Arc::new(LargeStringArray::from(texts.clone())),
        Arc::new(StringViewArray::from_iter(texts)),
    ];
    for column in columns {
        let temp = tempfile::tempdir().unwrap();
        let [input, out, back] = ["in.parquet", "out", "back"].map(|name| temp.path().join(name));
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..2500));
        let rows = RecordBatch::try_from_iter([("n", numbers), ("text", column)]).unwrap();
        write(&input, &rows);
        let (code, told) = doppelt(&["clean", "--passages", "remove"], &[&input, Path::new("--out"), &out]);
        assert_eq!(code, Some(3), "{told}");
        let removed = std::fs::read_to_string(out.join("removed.jsonl")).unwrap();
        let n_removed = removed.matches("\"action\":\"remove\"").count();
        assert!(n_removed > 100 && removed.lines().count() > 900 + n_removed, "{told}");
        let cleaned = read(&out.join("corpus/in.parquet"));
        let texts = |rows: &[RecordBatch]| -> String {
            rows.iter()
                .flat_map(|rows| (0..rows.num_rows()).map(|row| string_at(rows, row)).collect::<Vec<_>>())
                .collect()
        };
        let (before, after) = (texts(std::slice::from_ref(&rows)), texts(&cleaned));
        // It stays in rows that are kept for others, too.
        for shared in [5, 6, 7].map(text) {
            let [before, after] = [&before, &after].map(|texts| texts.matches(&shared).count());
            assert!(after >= 1 && before > 100 && after < before / 4, "{before} places, then {after}");
        }
        assert_eq!(cleaned.iter().map(RecordBatch::num_rows).sum::<usize>(), 2500 - n_removed);
        assert_eq!(doppelt(&["restore"], &[&out, Path::new("--out"), &back]).0, Some(0));
        assert_eq!(read(&back.join("in.parquet")), [rows]);
    }
}

fn string_at(rows: &RecordBatch, row: usize) -> String {
    let column = rows.column_by_name("text").unwrap();
    let strings = column.as_string_opt::<i32>().map(|texts| texts.value(row));
    let large = || column.as_string_opt::<i64>().map(|texts| texts.value(row));
    let view = || column.as_string_view_opt().map(|texts| texts.value(row));
    strings.or_else(large).or_else(view).unwrap().to_owned()
}

#[test]
fn a_missing_column_is_answered_with_those_there_are() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in.parquet");
    write(&input, &rows(10));
    let (code, told) = doppelt(&["scan"], &[&input]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("no column `text`; the file has `weight`, `body`, `list`"), "{told}");
}

#[test]
fn a_damaged_file_is_left_out_and_never_a_panic_of_the_run() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in.parquet");
    let good = temp.path().join("good.txt");
    std::fs::write(&good, "a good text").unwrap();
    write(&input, &rows(50));
    let bytes = std::fs::read(&input).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        for content in [&damaged[..], &bytes[..at]] {
            std::fs::write(&input, content).unwrap();
            let (code, told) = doppelt(&["scan", "--text-field", "body"], &[&input, &good]);
            assert!(matches!(code, Some(0 | 3)), "byte {at}: {code:?} {told}");
        }
    }
}
