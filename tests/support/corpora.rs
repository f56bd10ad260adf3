//! Corpora that look random and are the same each time, in every format, and
//! their texts as someone reads them who knows nothing of the program.

use super::tree;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;

/// Numbers that look random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// A text of words that hardly repeat.
    pub fn text(&mut self, words: u64) -> String {
        let mut text = String::new();
        for i in 0..words {
            let word = self.below(50_000);
            text += &format!("w{word}{}", if i % 12 == 11 { ".\n\n" } else { " " });
        }
        text
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Texts, a third of them copies, near-copies or parts of earlier ones.
pub fn texts(dice: &mut Dice, n: usize) -> Vec<String> {
    let mut texts: Vec<String> = vec![];
    for i in 0..n {
        let earlier = |dice: &mut Dice| texts[dice.below(i as u64) as usize].clone();
        let length = 40 + dice.below(60);
        let text = match dice.below(9) {
            0 if i > 0 => earlier(dice),
            1 if i > 0 => earlier(dice).replacen('w', "v", 1),
            2 if i > 0 => format!("{}\n\n{}", earlier(dice), dice.text(30)),
            _ => dice.text(length),
        };
        texts.push(text);
    }
    texts
}

/// A folder with every format, and everything that is awkward in each.
pub fn corpus(folder: &Path, seed: u64, n: usize) {
    let mut dice = Dice(seed);
    let texts = texts(&mut dice, n);
    let mut lines: [Vec<u8>; 4] = Default::default();
    lines[1].extend_from_slice(b"\xEF\xBB\xBF");
    std::fs::create_dir_all(folder.join("deep/er")).unwrap();
    std::fs::create_dir_all(folder.join("empty")).unwrap();
    std::fs::create_dir_all(folder.join(".hidden")).unwrap();
    for (i, text) in texts.iter().enumerate() {
        match i % 6 {
            place @ 0..4 => {
                let record = serde_json::json!({"z": [1, {"a": null}], "id": format!("r{i}"), "text": text, "b": "\u{0}ä"});
                lines[place].extend_from_slice(record.to_string().as_bytes());
                lines[place].extend_from_slice(if i % 8 == 0 { b"\r\n\n" } else { b"\n" });
            }
            4 => std::fs::write(folder.join(format!("deep/{i}.txt")), text.replace('\n', "\r\n")).unwrap(),
            _ => std::fs::write(folder.join(format!("deep/er/{i}.md.gz")), gzip(text.as_bytes())).unwrap(),
        }
    }
    lines[0].extend_from_slice(
        b"not a record\n{\"text\": \"\xff\xfe\"}\n{\"id\": \"end\", \"text\": \"without a line break\"}",
    );
    std::fs::write(folder.join("a.jsonl"), &lines[0]).unwrap();
    std::fs::write(folder.join("b.ndjson"), &lines[1]).unwrap();
    let half = lines[2].iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 20).min(lines[2].len());
    std::fs::write(folder.join("c.jsonl.gz"), [gzip(&lines[2][..half]), gzip(&lines[2][half..])].concat())
        .unwrap();
    std::fs::write(folder.join("d.jsonl.zst"), zstd::encode_all(&lines[3][..], 1).unwrap()).unwrap();
    std::fs::write(folder.join("latin1.txt"), b"gr\xfc\xdfe aus M\xfcnchen\n").unwrap();
    std::fs::write(folder.join("nul.txt"), b"a\0b").unwrap();
    std::fs::write(folder.join("empty.txt"), b"").unwrap();
    std::fs::write(folder.join("empty.jsonl"), b"").unwrap();
    std::fs::write(folder.join("broken.jsonl.gz"), &gzip(&lines[3])[..30]).unwrap();
    std::fs::write(folder.join("other.bin"), [0, 159, 146, 150]).unwrap();
    std::fs::write(folder.join(".hidden/x.txt"), b"hidden").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("latin1.txt", folder.join("link.txt")).unwrap();
}

/// Adds rows of Parquet and an archive to a corpus.
#[cfg(feature = "parquet")]
pub fn add_rows_and_archive(folder: &Path, seed: u64, n: usize) {
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    let mut dice = Dice(seed ^ 0xabc);
    let texts = texts(&mut dice, n.max(1));
    let archive: String = texts
        .iter()
        .take(3)
        .map(|text| {
            format!(
                "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
                text.len()
            )
        })
        .collect();
    std::fs::write(folder.join("e.warc.wet"), archive).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", std::sync::Arc::new(Int64Array::from_iter_values(0..texts.len() as i64))),
        ("text", std::sync::Arc::new(StringArray::from(texts))),
    ];
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let file = std::fs::File::create(folder.join("f.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, rows.schema(), None).unwrap();
    writer.write(&rows).unwrap();
    writer.close().unwrap();
}

/// Every text of the files below a folder: what stands in records, rows and
/// text files, packed or not. What cannot be unpacked counts as its bytes.
pub fn texts_of(folder: &Path) -> BTreeSet<Vec<u8>> {
    let mut found = BTreeSet::new();
    for (path, bytes) in tree(folder) {
        let name = path.to_string_lossy().into_owned();
        found.extend(texts_in(&name, bytes));
    }
    found
}

/// The texts of one file.
fn texts_in(name: &str, bytes: Vec<u8>) -> Vec<Vec<u8>> {
    let content = match name.rsplit('.').next() {
        Some("gz") => {
            let mut content = vec![];
            let unpacked = flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut content);
            if unpacked.is_ok() { content } else { return vec![bytes] }
        }
        Some("zst") => zstd::decode_all(&bytes[..]).unwrap(),
        #[cfg(feature = "parquet")]
        Some("parquet") => return rows_of(bytes),
        _ => bytes,
    };
    if !name.contains(".jsonl") && !name.contains(".ndjson") {
        return vec![content];
    }
    let lines = content.split(|&byte| byte == b'\n');
    lines.map(|line| text_of_line(line).unwrap_or_else(|| line.to_vec())).collect()
}

/// The text of a record; `None` for a line that is none.
fn text_of_line(line: &[u8]) -> Option<Vec<u8>> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let record: serde_json::Value = serde_json::from_slice(line).ok()?;
    Some(record["text"].as_str()?.as_bytes().to_vec())
}

#[cfg(feature = "parquet")]
fn rows_of(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    use arrow_array::cast::AsArray;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.reopen().unwrap()).unwrap().build().unwrap();
    let mut found = vec![];
    for batch in reader {
        let batch = batch.unwrap();
        let texts = batch.column_by_name("text").unwrap().as_string::<i32>().clone();
        found.extend(texts.iter().flatten().map(|text| text.as_bytes().to_vec()));
    }
    found
}

/// Every text that a run took out, as `removed.jsonl` has it.
pub fn removed_texts(dir: &Path) -> BTreeSet<Vec<u8>> {
    let mut found = BTreeSet::new();
    for line in std::fs::read_to_string(dir.join("removed.jsonl")).unwrap().lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let content = match record["content"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => STANDARD.decode(record["content_base64"].as_str().unwrap()).unwrap(),
        };
        let name = record["path"].as_str().unwrap();
        // Of records the line stands there, of rows the text, of all else the file as it lay.
        match [".jsonl", ".ndjson", ".parquet"].iter().any(|ending| name.contains(ending)) {
            true => drop(found.insert(text_of_line(&content).unwrap_or(content))),
            false => found.extend(texts_in(name, content)),
        }
    }
    found
}
