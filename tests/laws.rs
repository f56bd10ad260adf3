//! What must never change the result: threads, order, memory, the split into files.

#[path = "../benches/planted/mod.rs"]
mod planted;

use doppelt::corpus::{Corpus, ReadOptions, Silent};
use doppelt::report::texts::{Limits, Texts};
use doppelt::report::{json, markdown, tables};
use doppelt::scan::{Find, LEAST_MEMORY, Scan};
use proptest::prelude::*;
use std::path::Path;

/// Everything that a scan can write about a corpus file, on so many threads.
fn written(path: &Path, threads: usize, scan: &Scan) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let corpus =
            Corpus::open(&[path.to_owned()], ReadOptions::default()).expect("the corpus can be read");
        let outcome = scan.run(&corpus, &Silent).expect("the scan runs");
        let mut out = vec![];
        json::write(&outcome, &mut out).expect("memory takes everything");
        let texts =
            Texts::fetch(&outcome, &corpus, Limits { quote: true, bytes: 1 << 24, passage_bytes: 1 << 16 })
                .expect("the texts are still there");
        markdown::write(&outcome, &texts, markdown::Form::FILE, &mut out).expect("memory takes everything");
        tables::write_pairs(&outcome, &mut out).expect("memory takes everything");
        tables::write_clusters(&outcome, &mut out).expect("memory takes everything");
        out
    })
}

fn corpus_file(folder: &Path, records: &[(impl std::fmt::Display, String)]) -> std::path::PathBuf {
    let lines = records
        .iter()
        .map(|(id, text)| format!("{}\n", serde_json::json!({"id": format!("d{id}"), "text": text})));
    let path = folder.join("corpus.jsonl");
    std::fs::write(&path, lines.collect::<String>()).expect("the folder takes a file");
    path
}

/// Texts that share words, paragraphs and each other.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let sentence = proptest::collection::vec(
        prop_oneof![
            Just("der"),
            Just("Präsident"),
            Just("the"),
            Just("president"),
            Just("met"),
            Just("traf"),
            Just("3 October"),
            Just("3. Oktober"),
            Just("Minsk"),
            Just("und"),
            Just("of"),
            Just("12"),
        ],
        4..30,
    )
    .prop_map(|words| words.join(" ") + ".");
    let paragraphs = proptest::collection::vec(sentence, 3..8);
    (paragraphs, proptest::collection::vec(proptest::collection::vec(0usize..8, 1..8), 2..14)).prop_map(
        |(paragraphs, documents)| {
            let text = |parts: Vec<usize>| {
                let chosen: Vec<&str> =
                    parts.iter().map(|&i| paragraphs[i % paragraphs.len()].as_str()).collect();
                chosen.join("\n")
            };
            documents.into_iter().map(text).collect()
        },
    )
}

/// The first line in which two outputs differ.
fn first_difference(a: &[u8], b: &[u8]) -> Option<(String, String)> {
    if a == b {
        return None;
    }
    let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
    let lines =
        |text: &str| text.lines().map(str::to_owned).chain([String::from("(no more)")]).collect::<Vec<_>>();
    lines(&a).into_iter().zip(lines(&b)).find(|(a, b)| a != b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn threads_and_order_change_nothing(texts in texts(), seed in any::<u64>()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut records: Vec<(usize, String)> = texts.into_iter().enumerate().collect();
        let expected = written(&corpus_file(folder.path(), &records), 1, &Scan::new());
        let again = written(&corpus_file(folder.path(), &records), 2, &Scan::new());
        prop_assert_eq!(first_difference(&again, &expected), None, "on two threads");
        records.sort_by_key(|(id, _)| (*id as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let shuffled = written(&corpus_file(folder.path(), &records), 8, &Scan::new());
        prop_assert_eq!(first_difference(&shuffled, &expected), None, "in another order");
    }
}

/// With the least memory there is, every table spills (a sorter holds 1024
/// records at least, so the corpus must have more of everything).
#[test]
fn temporary_files_instead_of_memory_change_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let records: Vec<(String, String)> =
        planted::corpus(6000, 11).map(|document| (document.id, document.text)).collect();
    let path = corpus_file(folder.path(), &records);
    let find = Find { cross: false, ..Find::ALL };
    for exact in [false, true] {
        let scan = Scan::new().find(find).exact(exact);
        let expected = written(&path, 2, &scan.clone());
        // What the names and places take in memory is allowed on top of the least.
        let spilled = written(&path, 2, &scan.memory(LEAST_MEMORY + (1 << 20)));
        assert_eq!(first_difference(&spilled, &expected), None, "exact: {exact}");
    }
}

/// More near-copies of one text than a bucket compares all with all, some of
/// them with copies of equal words.
#[test]
fn a_crowd_of_near_copies_becomes_one_cluster_in_any_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let words: Vec<String> = (0..200u64).map(|i| format!("w{}", i * i % 1999)).collect();
    let near_copy = |i: usize| {
        let mut words = words.clone();
        words[i * 7 % 200] = format!("x{}", i / 3);
        (i, words.join(" "))
    };
    let mut records: Vec<(usize, String)> = (0..900).map(near_copy).collect();
    records
        .extend([(7777, 3), (5, 3), (8888, 400), (9999, 899)].map(|(id, of)| (id + 10_000, near_copy(of).1)));
    let scan = Scan::new().find(Find::DOCUMENTS);
    let expected = written(&corpus_file(folder.path(), &records), 1, &scan);
    let corpus =
        Corpus::open(&[folder.path().join("corpus.jsonl")], ReadOptions::default()).expect("it is there");
    let outcome = scan.run(&corpus, &Silent).expect("the scan runs");
    assert!(outcome.split_buckets > 0, "the bucket of this test is crowded");
    let sizes: Vec<usize> = outcome.clusters.iter().map(|cluster| cluster.others.len() + 1).collect();
    assert_eq!(sizes, [records.len()]);
    for seed in [3u64, 5] {
        records.sort_by_key(|(id, _)| (*id as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let shuffled = written(&corpus_file(folder.path(), &records), 2, &scan);
        assert_eq!(first_difference(&shuffled, &expected), None);
    }
}
