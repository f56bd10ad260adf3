//! An index from outside: the same findings as from the folder, no damage that
//! goes unnoticed, and writers and readers side by side.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use support::{done, doppelt, program, text};

/// A number that looks random, from two others.
fn number(seed: u64, i: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ i.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 30)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A paragraph of words that no other seed has in this order.
fn paragraph(seed: u64, n_words: u64) -> String {
    (0..n_words).map(|i| format!("w{} ", number(seed, i) % 5000)).collect()
}

/// Known documents, and new ones: of every eight one is a near-copy, one
/// repeats a paragraph, one holds a known document, one is an exact copy.
fn corpora(folder: &Path, n_known: u64, n_new: u64) {
    for side in ["known", "new"] {
        std::fs::create_dir(folder.join(side)).unwrap();
    }
    let known = |i: u64| {
        format!(
            "{}\n\n{}\n\nThe same footer stands below every report.\n",
            paragraph(i, 60),
            paragraph(i + 1_000_000, 40)
        )
    };
    for i in 0..n_known {
        std::fs::write(folder.join(format!("known/{i:04}.txt")), known(i)).unwrap();
    }
    for i in 0..n_new {
        let of = number(7, i) % n_known;
        let new = match i % 8 {
            0 => known(of).replacen(' ', " edited ", 2),
            1 => format!("{}\n\n{}", paragraph(i + 2_000_000, 90), paragraph(of + 1_000_000, 40)),
            2 => format!("{}\n\n{}", paragraph(i + 2_000_000, 200), known(of)),
            3 => known(of),
            _ => paragraph(i + 3_000_000, 80),
        };
        std::fs::write(folder.join(format!("new/n{i:04}.txt")), new).unwrap();
    }
}

const FIND: &str = "documents,contained,passages";

fn checked(folder: &Path, against: &str) -> String {
    let output = doppelt(folder, &["check", "new", "--against", against, "--find", FIND, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn folder_index_and_self_contained_index_give_the_same_findings() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 300, 80);
    let from_folder = checked(folder, "known");
    done(folder, &["index", "build", "known", "--index", "a"]);
    assert_eq!(checked(folder, "a"), from_folder);
    // In many steps, with a change taken back and rubbish removed.
    std::fs::write(folder.join("known/zz.txt"), paragraph(9, 50)).unwrap();
    std::fs::rename(folder.join("known/0005.txt"), folder.join("five")).unwrap();
    std::fs::write(folder.join("known/0005.txt"), paragraph(10, 50)).unwrap();
    done(folder, &["index", "build", "known", "--index", "b", "--self-contained"]);
    std::fs::rename(folder.join("five"), folder.join("known/0005.txt")).unwrap();
    std::fs::remove_file(folder.join("known/zz.txt")).unwrap();
    assert_eq!(
        done(folder, &["index", "add", "known", "--index", "b"]),
        "301 documents: 0 added, 1 replaced, 299 unchanged\n"
    );
    assert_eq!(
        done(folder, &["index", "remove", "--gone", "--index", "b"]),
        "gone: zz.txt\n300 documents left\n"
    );
    assert_eq!(checked(folder, "b"), from_folder);
    done(folder, &["index", "compact", "--index", "b"]);
    std::fs::remove_dir_all(folder.join("known")).unwrap();
    assert_eq!(checked(folder, "b"), from_folder, "without its sources");
    let output = doppelt(folder, &["check", "new", "--against", "a", "--find", FIND]);
    assert_eq!(output.status.code(), Some(2), "an index that needs its sources says so: {}", text(&output));
    assert!(text(&output).contains("doppelt index remove --gone"), "{}", text(&output));
}

#[test]
fn many_small_additions_become_few_segments_that_answer_the_same() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 60, 24);
    for (name, more) in [("a", None), ("b", Some("--self-contained"))] {
        let first: Vec<&str> =
            ["index", "build", "known/0000.txt", "--index", name].into_iter().chain(more).collect();
        done(folder, &first);
        for i in 1..60 {
            done(folder, &["index", "add", &format!("known/{i:04}.txt"), "--index", name]);
            if i % 10 == 9 {
                // What was removed is left behind when segments are merged, and may come again.
                let id = format!("{:04}.txt", i - 3);
                done(folder, &["index", "remove", &id, "--index", name]);
                done(folder, &["index", "add", &format!("known/{id}"), "--index", name]);
            }
        }
        let info = done(folder, &["index", "info", "--index", name]);
        assert!(info.starts_with("60 documents in "), "{info}");
        let n_segments: usize = info["60 documents in ".len()..].split(' ').next().unwrap().parse().unwrap();
        assert!(n_segments <= 4, "{info}");
        done(folder, &["index", "verify", "--index", name]);
        assert_eq!(checked(folder, name), checked(folder, "known"));
    }
}

#[test]
fn a_known_file_that_is_new_counts_once_whatever_the_sides_are() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 20, 8);
    done(folder, &["index", "build", "known", "--index", "a"]);
    for against in ["known", "a"] {
        let output = doppelt(folder, &["check", "known/0003.txt", "--against", against, "--find", FIND]);
        assert!(text(&output).contains("1 new document against 19"), "{}", text(&output));
        // A new file of the same name elsewhere is another document.
        std::fs::copy(folder.join("known/0004.txt"), folder.join("new/0004.txt")).unwrap();
        let output = doppelt(folder, &["check", "new/0004.txt", "--against", against, "--find", FIND]);
        assert!(
            text(&output).contains("new/0004.txt: the same bytes as known/0004.txt"),
            "{}",
            text(&output)
        );
    }
}

#[test]
fn every_flipped_byte_is_found_and_none_changes_an_answer_silently() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 60, 16);
    done(folder, &["index", "build", "known", "--index", "a"]);
    done(folder, &["index", "remove", "0059.txt", "--index", "a"]);
    let expected = checked(folder, "a");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("a")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let total: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    for i in 0..200 {
        let mut at = number(11, i) % total;
        let path = files.iter().find(|file| {
            let length = file.metadata().unwrap().len();
            let inside = at < length;
            at -= if inside { 0 } else { length };
            inside
        });
        let path = path.unwrap();
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at as usize] ^= 1 << (i % 8);
        std::fs::write(path, &bytes).unwrap();
        let verified = doppelt(folder, &["index", "verify", "--index", "a"]);
        assert_eq!(verified.status.code(), Some(2), "byte {at} of {}: {}", path.display(), text(&verified));
        let output = doppelt(folder, &["check", "new", "--against", "a", "--find", FIND, "--format", "json"]);
        match output.status.code() {
            // Nothing was read of the block that is damaged.
            Some(1) => assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                expected,
                "byte {at} of {}",
                path.display()
            ),
            code => assert_eq!(code, Some(2), "byte {at} of {}: {}", path.display(), text(&output)),
        }
        assert!(!text(&output).contains("panicked") && !text(&verified).contains("panicked"));
        bytes[at as usize] ^= 1 << (i % 8);
        std::fs::write(path, &bytes).unwrap();
    }
    done(folder, &["index", "verify", "--index", "a"]);
}

#[test]
fn an_index_that_is_cut_off_anywhere_is_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 20, 8);
    done(folder, &["index", "build", "known", "--index", "a"]);
    for file in std::fs::read_dir(folder.join("a")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for part in (0..8).filter(|_| !bytes.is_empty()) {
            std::fs::write(&path, &bytes[..bytes.len() * part / 8]).unwrap();
            let output = doppelt(folder, &["check", "new", "--against", "a", "--find", FIND]);
            assert_eq!(output.status.code(), Some(2), "{part}/8 of {}: {}", path.display(), text(&output));
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    done(folder, &["index", "verify", "--index", "a"]);
}

#[test]
fn an_index_answers_for_its_own_parameters_only() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 20, 8);
    done(folder, &["index", "build", "known", "--index", "a", "--find", "documents"]);
    let refused = |arguments: &[&str], hint: &str| {
        let arguments = [&["check", "new", "--against", "a"], arguments].concat();
        let output = doppelt(folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains(hint), "{}", text(&output));
    };
    refused(&["--find", "documents", "--threshold", "0.7"], "doppelt index build --threshold 0.7");
    refused(&["--find", "documents", "--shingle", "4"], "doppelt index build --shingle 4");
    refused(&["--find", "passages"], "--find documents");
    let output = doppelt(folder, &["index", "build", "known", "--index", "a"]);
    assert!(
        output.status.code() == Some(2) && text(&output).contains("doppelt index add"),
        "{}",
        text(&output)
    );
    let output = doppelt(folder, &["index", "build", "known", "--index", "new"]);
    assert!(
        output.status.code() == Some(2) && text(&output).contains("no index and not empty"),
        "{}",
        text(&output)
    );
}

#[test]
fn writers_and_readers_at_once_and_killed_at_random_leave_a_whole_index() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    corpora(folder, 64, 16);
    done(folder, &["index", "build", "known/0000.txt", "--index", "a"]);
    let start = |arguments: &[&str]| {
        let mut command = program();
        command
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    for round in 0..6u64 {
        let files: Vec<Vec<String>> = (0..8u64)
            .map(|writer| (0..8).map(|i| format!("known/{:04}.txt", (writer * 8 + i) % 64)).collect())
            .collect();
        let mut writers: Vec<_> = files
            .iter()
            .map(|files| {
                let mut arguments = vec!["index", "add", "--wait", "--index", "a"];
                arguments.extend(files.iter().map(String::as_str));
                start(&arguments)
            })
            .collect();
        let readers: Vec<_> =
            (0..8).map(|_| start(&["check", "new", "--against", "a", "--find", FIND])).collect();
        if round < 5 {
            for (i, writer) in (0..).zip(&mut writers) {
                // Every writer is at another point of its work by then.
                if number(round, i).is_multiple_of(2) {
                    let _ = writer.kill();
                }
            }
        }
        for reader in readers {
            let output = reader.wait_with_output().unwrap();
            assert!(matches!(output.status.code(), Some(0 | 1)), "round {round}: {}", text(&output));
        }
        for writer in writers {
            let output = writer.wait_with_output().unwrap();
            assert!(output.status.code().is_none_or(|code| code == 0), "round {round}: {}", text(&output));
        }
        done(folder, &["index", "verify", "--index", "a"]);
    }
    assert!(done(folder, &["index", "info", "--index", "a"]).starts_with("64 documents"));
    assert_eq!(checked(folder, "a"), checked(folder, "known"));
    done(folder, &["index", "compact", "--index", "a"]);
    assert_eq!(checked(folder, "a"), checked(folder, "known"));
    let left = std::fs::read_dir(folder.join("a")).unwrap().count();
    assert_eq!(left, 3, "the lock, the manifest and one segment");
}
