//! `pair --out` from outside: the rows of `pair --format jsonl` with both texts,
//! the same on every run, and never half of it.

#![allow(clippy::unwrap_used, reason = "a test fails where its ground is not there")]

mod support;

use serde_json::Value;
use std::path::Path;
use support::{done, doppelt, text, tree};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_paired_corpus_is_the_pairs_with_their_texts() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let before = tree(Path::new(SEEDS));
    done(folder, &["pair", SEEDS, "--out", "a"]);
    done(folder, &["pair", SEEDS, "--out", "b", "--threads", "1"]);
    assert_eq!(tree(&folder.join("a")), tree(&folder.join("b")), "the same on every run");
    let listed = rows(&done(folder, &["pair", SEEDS, "--format", "jsonl"]));
    let mut written = rows(&std::fs::read_to_string(folder.join("a/pairs.jsonl")).unwrap());
    assert_eq!(written.len(), 2);
    for row in &mut written {
        for side in ["left", "right"] {
            let name = row[side].as_str().unwrap().to_owned();
            let text = row.as_object_mut().unwrap().remove(&format!("{side}_text")).unwrap();
            assert_eq!(text.as_str().unwrap().as_bytes(), before[Path::new(&name)], "{name}");
        }
        assert_eq!(
            row.as_object_mut().unwrap().remove("languages").unwrap(),
            serde_json::json!(["de", "en"])
        );
    }
    assert_eq!(written, listed);
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(folder.join("a/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["counts"]["pairs"], 2);
    assert_eq!(manifest["files"].as_array().unwrap().len(), before.len());
}

#[test]
fn what_a_killed_run_left_is_written_anew_and_all_else_is_left_alone() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    std::fs::create_dir(folder.join("a")).unwrap();
    for name in [".doppelt-unfinished.jsonl", ".doppelt-x1", "pairs.jsonl"] {
        std::fs::write(folder.join("a").join(name), "").unwrap();
    }
    done(folder, &["pair", SEEDS, "--out", "a"]);
    let names: Vec<String> =
        tree(&folder.join("a")).into_keys().map(|path| path.to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["manifest.json", "pairs.jsonl"]);
    let output = doppelt(folder, &["pair", SEEDS, "--out", "a"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
}

/// Of more copies than are looked at, the same ones are paired in any order.
#[test]
fn which_of_many_copies_are_paired_does_not_depend_on_their_order() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let read = |name: &str| std::fs::read_to_string(Path::new(SEEDS).join(name)).unwrap();
    let (german, english) = (read("2024-10-03-minsk-asadov.de.txt"), read("2024-10-03-minsk-asadov.en.txt"));
    let record = |id: String, text: &str| format!("{}\n", serde_json::json!({"id": id, "text": text}));
    let mut records: Vec<String> = (0..32).map(|i| record(format!("en{i}"), &english)).collect();
    records.extend((0..3).map(|i| record(format!("de{i}"), &german)));
    let pairs = |seed: usize| {
        let n = records.len();
        let shuffled: String = (0..n).map(|i| records[(i * 12 + seed) % n].as_str()).collect();
        std::fs::write(folder.join("corpus.jsonl"), shuffled).unwrap();
        done(folder, &["pair", "corpus.jsonl", "--candidates", "99"])
    };
    let expected = pairs(0);
    assert_eq!(expected.lines().count(), 1 + 3 * 20, "{expected}");
    for seed in 1..4 {
        assert_eq!(pairs(seed), expected);
    }
}
