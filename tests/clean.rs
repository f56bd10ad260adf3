//! `clean` and `restore` from outside: nothing is ever lost, whatever the
//! format and whatever goes wrong.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails where its ground is not there")]

mod support;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::corpora::{Dice, corpus};
use support::{clean, manifest, program, restore, run, tree};

#[test]
fn every_format_comes_back_as_it_was() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out, back] = ["in", "out", "back"].map(|name| temp.path().join(name));
    corpus(&input, 7, 900);
    let before = tree(&input);
    for passages in ["report", "remove"] {
        let (code, digest) = clean(&input, &out, &["--passages", passages]);
        assert_eq!((code, digest.len()), (3, 32), "broken files are named, and that is code 3");
        assert_eq!(restore(&out, &back), 0);
        assert_eq!(tree(&input), before, "the input is only read");
        // What was packed and changed has the same content.
        let packed_anew = |path: &Path| {
            path.extension().is_some_and(|ending| ending == "gz" || ending == "zst")
                && path != Path::new("broken.jsonl.gz")
        };
        let mut restored = tree(&back);
        for (path, bytes) in &before {
            let mut came_back = restored.remove(path).unwrap_or_else(|| panic!("{path:?} is missing"));
            let mut bytes = bytes.clone();
            if packed_anew(path) {
                let unpack = |bytes: &[u8]| {
                    let mut content = vec![];
                    match path.extension().unwrap().to_str() {
                        Some("gz") => flate2::read::MultiGzDecoder::new(bytes)
                            .read_to_end(&mut content)
                            .map(|_| content),
                        _ => zstd::decode_all(bytes),
                    }
                    .unwrap()
                };
                (bytes, came_back) = (unpack(&bytes), unpack(&came_back));
            }
            assert!(bytes == came_back, "{path:?} differs");
        }
        assert!(restored.is_empty(), "{:?} came from nowhere", restored.keys());
        std::fs::remove_dir_all(&out).unwrap();
        std::fs::remove_dir_all(&back).unwrap();
    }
}

#[test]
fn counts_add_up_and_what_is_removed_has_a_kept_twin() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in", "out"].map(|name| temp.path().join(name));
    corpus(&input, 11, 900);
    clean(&input, &out, &[]);
    let counts = manifest(&out)["counts"].clone();
    let documents = |field: &str| counts["documents"][field].as_u64().unwrap();
    assert_eq!(documents("input"), documents("kept") + documents("removed"));
    let removed = std::fs::read_to_string(out.join("removed.jsonl")).unwrap();
    assert_eq!(removed.lines().count() as u64, documents("removed"));
    let by_rule: u64 =
        counts["removed_by_rule"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(by_rule, documents("removed"));
    assert!(documents("removed") > 100, "a third of the texts repeat others");
    let ids = |folder: &Path| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (path, bytes) in tree(folder) {
            let name = path.to_string_lossy().into_owned();
            let mut content = bytes.clone();
            if name.ends_with("jsonl.gz") && name != "broken.jsonl.gz" {
                content.clear();
                flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut content).unwrap();
            } else if name.ends_with(".zst") {
                content = zstd::decode_all(&bytes[..]).unwrap();
            }
            for line in content.split(|&byte| byte == b'\n') {
                let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
                if let Ok(record) = serde_json::from_slice::<serde_json::Value>(line) {
                    found.extend(record["id"].as_str().map(str::to_owned));
                }
            }
            found.insert(name);
        }
        found
    };
    let (before, after) = (ids(&input), ids(&out.join("corpus")));
    for line in removed.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = |field: &str| record[field].as_str().unwrap().to_owned();
        assert!(after.contains(&name("kept")), "{} is kept", name("kept"));
        assert!(before.contains(&name("document")) && !after.contains(&name("document")), "{line}");
        let (jaccard, containment) =
            (record["similarity"].as_f64().unwrap(), record["containment"].as_f64().unwrap());
        assert!(jaccard >= 0.8 || (name("rule") == "contained-document" && containment >= 0.9), "{line}");
    }
}

#[test]
fn a_plan_is_applied_but_for_what_has_changed() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out, plan] = ["in", "out", "plan.jsonl"].map(|name| temp.path().join(name));
    std::fs::create_dir(&input).unwrap();
    let mut dice = Dice(5);
    let [first, second] = [dice.text(60), dice.text(60)];
    for (name, text) in [("a.txt", &first), ("b.txt", &first), ("c.txt", &second), ("d.txt", &second)] {
        std::fs::write(input.join(name), text).unwrap();
    }
    let planned = run(program().arg("clean").arg(&input).arg("--dry-run").arg("--output").arg(&plan));
    assert!(planned.status.success());
    assert_eq!(std::fs::read_to_string(&plan).unwrap().lines().count(), 3);
    // The kept text of the first pair changes: its twin must stay.
    std::fs::write(input.join("a.txt"), "something else entirely").unwrap();
    let output = run(program().arg("clean").arg(&input).arg("--plan").arg(&plan).arg("--out").arg(&out));
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("b.txt: not removed: a.txt has changed since the plan was made"), "{told}");
    let names: Vec<PathBuf> = tree(&out.join("corpus")).into_keys().collect();
    assert_eq!(names, ["a.txt", "b.txt", "c.txt"].map(PathBuf::from));
    assert_eq!(manifest(&out)["counts"]["refused"], 1);
}

#[test]
fn a_folder_that_holds_something_is_never_written_over() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in", "out"].map(|name| temp.path().join(name));
    corpus(&input, 3, 60);
    assert_eq!(clean(&input, &input.join("out"), &[]).0, 2, "inside of the input");
    assert_eq!(clean(&input, temp.path(), &[]).0, 2, "around the input");
    let (code, digest) = clean(&input, &out, &[]);
    assert_eq!(code, 3);
    assert_eq!(clean(&input, &out, &[]), (3, digest), "the same again changes nothing");
    let before = tree(&out);
    assert_eq!(clean(&input, &out, &["--threshold", "0.5"]).0, 2, "other parameters");
    std::fs::write(input.join("deep/more.txt"), "more").unwrap();
    assert_eq!(clean(&input, &out, &[]).0, 2, "another input");
    assert_eq!(tree(&out), before);
    std::fs::write(out.join("removed.jsonl"), "").unwrap();
    assert_eq!(restore(&out, &temp.path().join("back")), 2, "a damaged run is not restored");
}

#[test]
fn killed_at_any_moment_the_same_command_ends_with_the_same_digest() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in", "out"].map(|name| temp.path().join(name));
    corpus(&input, 17, 1500);
    let before = tree(&input);
    let started = std::time::Instant::now();
    let (_, digest) = clean(&input, &out, &[]);
    let whole = started.elapsed();
    let mut dice = Dice(1);
    for _ in 0..12 {
        std::fs::remove_dir_all(&out).unwrap();
        for _ in 0..3 {
            let mut child = program()
                .arg("clean")
                .arg(&input)
                .arg("--out")
                .arg(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_micros(dice.below(whole.as_micros() as u64 + 1)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert_eq!(clean(&input, &out, &[]), (3, digest.clone()));
        assert_eq!(tree(&input), before);
        let leftovers = std::fs::read_dir(&out)
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
        assert_eq!(leftovers.count(), 0);
    }
    let back = temp.path().join("back");
    assert_eq!(restore(&out, &back), 0);
    assert_eq!(tree(&back).len(), before.len());
}

/// A limit on the size of files stands for a full disk: writing fails at some point.
#[cfg(unix)]
#[test]
fn with_a_full_disk_there_is_no_manifest_and_nothing_is_lost() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in", "out"].map(|name| temp.path().join(name));
    corpus(&input, 23, 600);
    std::fs::remove_file(input.join("broken.jsonl.gz")).unwrap();
    let before = tree(&input);
    let (_, digest) = clean(&input, &out, &[]);
    std::fs::remove_dir_all(&out).unwrap();
    let mut failed = 0;
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512] {
        // Ignored, the signal becomes an error of the write.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = run(Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_doppelt"), "clean"])
            .arg(&input)
            .arg("--out")
            .arg(&out)
            .args(["--quiet", "--temp-dir"])
            .arg(temp.path()));
        assert_eq!(tree(&input), before);
        if output.status.code() == Some(2) {
            failed += 1;
            assert!(!out.join("manifest.json").exists(), "no manifest after a failed write");
            assert!(!output.stderr.is_empty());
        }
    }
    assert!(failed >= 3, "{failed} of the limits were felt");
    assert_eq!(clean(&input, &out, &[]).1, digest, "with room it goes on and ends the same");
}

#[test]
fn records_from_standard_input_are_cleaned_in_a_stream() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    let text = Dice(9).text(50);
    let lines = format!(
        "{{\"id\":\"a\",\"text\":{text:?}}}\n{{\"id\":\"b\",\"text\":{text:?}}}\n{{\"id\":\"c\",\"text\":\"other\"}}\n"
    );
    let mut child = program()
        .args(["clean", "-", "--out"])
        .arg(&out)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let cleaned = std::fs::read_to_string(out.join("corpus/stdin.jsonl")).unwrap();
    assert_eq!(cleaned.lines().count(), 2);
    let back = temp.path().join("back");
    assert_eq!(restore(&out, &back), 0);
    assert_eq!(std::fs::read_to_string(back.join("stdin.jsonl")).unwrap(), lines);
}

#[test]
fn protected_and_preferred_documents_are_kept() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("in");
    let text = Dice(2).text(60);
    for name in ["a/1.txt", "b/2.txt", "c/3.txt"] {
        std::fs::create_dir_all(input.join(name).parent().unwrap()).unwrap();
        std::fs::write(input.join(name), &text).unwrap();
    }
    let kept = |more: &[&str]| -> Vec<String> {
        let out = temp.path().join("out");
        let _ = std::fs::remove_dir_all(&out);
        assert_eq!(clean(&input, &out, more).0, 0);
        let files = tree(&out.join("corpus")).into_keys();
        files.map(|path| path.to_string_lossy().into_owned()).filter(|name| name.ends_with(".txt")).collect()
    };
    assert_eq!(kept(&[]), ["a/1.txt"]);
    assert_eq!(kept(&["--prefer", "c/**", "--prefer", "b/**"]), ["c/3.txt"]);
    assert_eq!(kept(&["--protect", "b/**"]), ["b/2.txt"]);
    assert_eq!(kept(&["--protect", "b/**", "--protect", "c/*"]), ["b/2.txt", "c/3.txt"]);
}

/// The ids that stay of records that are all alike, but for some fields.
fn kept_of(records: &[serde_json::Value], flags: &[&str]) -> Vec<String> {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in.jsonl", "out"].map(|name| temp.path().join(name));
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(&input, lines).unwrap();
    assert_eq!(clean(&input, &out, flags).0, 0);
    let cleaned = std::fs::read_to_string(out.join("corpus/in.jsonl")).unwrap();
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].to_string();
    cleaned.lines().map(id).collect()
}

#[test]
fn dates_and_languages_decide_which_copy_stays() {
    let text = Dice(31).text(80);
    let record = |id: u64, lang: &str, date: &str| serde_json::json!({"id": id.to_string(), "text": text, "lang": lang, "on": date});
    let records = [
        record(1, "de", "2024-05-01"),
        record(2, "en", "2025-02-03T10:00:00Z"),
        record(3, "fr", "2023-12-31"),
        record(4, "en", ""),
    ];
    let fields = ["--lang-field", "lang", "--date-field", "on"];
    let kept = |flags: &[&str]| kept_of(&records, &[&fields, flags].concat());
    assert_eq!(kept(&[]), ["\"1\""]);
    assert_eq!(kept(&["--keep", "newest"]), ["\"2\""]);
    assert_eq!(kept(&["--keep", "language", "--prefer-language", "fr,en"]), ["\"3\""]);
    assert_eq!(kept(&["--keep", "language", "--prefer-language", "it,en"]), ["\"2\""]);
    assert_eq!(kept(&["--per-language"]), ["\"1\"", "\"2\"", "\"3\""], "each language alone");
    assert_eq!(kept(&["--per-language", "--keep", "newest"]), ["\"1\"", "\"2\"", "\"3\""]);
}

#[test]
fn the_newest_is_not_guessed_without_a_date() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    let output = run(program().args(["clean", "seeds", "--keep", "newest", "--out"]).arg(&out));
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--date-field") && !out.exists(), "{said}");
    let flags = ["clean", "seeds", "--keep", "newest", "--date-field", "date", "--out"];
    let output = run(program().args(flags).arg(&out));
    assert_eq!(output.status.code(), Some(2), "no document has a date");
}

#[test]
fn an_archive_is_read_and_never_changed() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out, back] = ["in", "out", "back"].map(|name| temp.path().join(name));
    std::fs::create_dir(&input).unwrap();
    let text = Dice(41).text(70);
    let record = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    );
    std::fs::write(input.join("a.warc.wet"), record.repeat(2)).unwrap();
    std::fs::write(input.join("b.txt"), &text).unwrap();
    let before = tree(&input);
    assert_eq!(clean(&input, &out, &["--passages", "remove"]).0, 0);
    let corpus = tree(&out.join("corpus"));
    assert_eq!(corpus.keys().collect::<Vec<_>>(), [Path::new("a.warc.wet")], "the copy beside it goes");
    assert_eq!(corpus[Path::new("a.warc.wet")], before[Path::new("a.warc.wet")]);
    assert_eq!(manifest(&out)["counts"]["documents"]["removed"], 1);
    assert_eq!(restore(&out, &back), 0);
    assert_eq!(tree(&back), before);
}

#[cfg(unix)]
#[test]
fn a_signal_stops_a_long_run_at_once_and_leaves_no_manifest() {
    let temp = tempfile::tempdir().unwrap();
    let [input, out] = ["in.jsonl", "out"].map(|name| temp.path().join(name));
    let mut dice = Dice(51);
    let texts: Vec<String> = (0..400).map(|_| dice.text(600)).collect();
    let mut lines = String::new();
    for i in 0..20_000 {
        let text = format!("{} {}", dice.text(40), texts[dice.below(400) as usize]);
        lines += &format!("{}\n", serde_json::json!({"id": i.to_string(), "text": text}));
    }
    std::fs::write(&input, lines).unwrap();
    let mut struck = 0;
    for millis in [100, 400, 1000, 2000, 4000] {
        let mut child = program();
        let child = child.arg("clean").arg(&input).arg("--out").arg(&out);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        let asked = std::time::Instant::now();
        run(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]));
        let code = child.wait().unwrap().code();
        // A second, and another one for machines that do other things, too.
        assert!(asked.elapsed() < Duration::from_secs(2), "{millis} ms: {:?}", asked.elapsed());
        assert_eq!(code, Some(130), "{millis} ms");
        assert!(!out.join("manifest.json").exists());
        struck += 1;
    }
    assert!(struck >= 2, "the run was too short to be stopped");
    assert_eq!(clean(&input, &out, &[]).0, 0, "the same command goes on");
}

#[test]
fn a_file_that_several_names_lead_to_is_one_document_and_stays() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let smoke = "Smoke was seen at the old harbour by four people who were waiting for a ferry.\n";
    let storks = "Two storks have come back to the chimney of the brewery, a week before last year.\n";
    for (name, text) in [("news/a.txt", smoke), ("news/b.txt", smoke), ("news/c.txt", storks)] {
        support::write(folder, name, text);
    }
    support::write(folder, "list", "news/a.txt\nnews/b.txt\nnews/c.txt\n./news/a.txt\n");
    let ways: [&[&str]; 5] = [
        &["news", "n*/*.txt"],
        &["news", "news/*.txt"],
        &["news", "./news"],
        &["news", "--files-from", "list"],
        &["news/a.txt", "./news/b.txt", "n*/*.txt"],
    ];
    for (i, paths) in ways.into_iter().enumerate() {
        let out = format!("out{i}");
        let printed = support::done(folder, &[&["clean"], paths, &["--out", &out]].concat());
        assert!(printed.starts_with("3 documents: 2 kept, 1 removed"), "{paths:?}: {printed}");
        let kept = support::corpora::texts_of(&folder.join(&out).join("corpus"));
        let both = kept.contains(smoke.as_bytes()) && kept.contains(storks.as_bytes());
        assert!(both, "{paths:?}: both texts are still there");
        let printed = support::done(folder, &[&["scan"], paths].concat());
        assert!(printed.contains("3 documents,"), "{paths:?}: {printed}");
    }
}
