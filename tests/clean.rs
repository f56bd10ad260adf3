//! `clean` and `restore` from outside: nothing is ever lost, whatever the
//! format and whatever goes wrong.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails where its ground is not there")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn doppelt() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doppelt"));
    command.env("NO_COLOR", "1");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

/// Runs `clean`; the exit code and the digest.
fn clean(input: &Path, out: &Path, more: &[&str]) -> (i32, String) {
    let output = run(doppelt().arg("clean").arg(input).arg("--out").arg(out).args(more));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let digest = text.lines().find_map(|line| line.strip_prefix("digest ")).unwrap_or_default();
    let code = output.status.code().unwrap_or(-1);
    assert!(code == 0 || code == 3 || digest.is_empty(), "{code} {text}");
    if code == 2 {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    (code, digest.to_owned())
}

fn restore(dir: &Path, out: &Path) -> i32 {
    let output = run(doppelt().arg("restore").arg(dir).arg("--out").arg(out));
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.code().unwrap_or(-1)
}

/// Every file below a folder with its bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.insert(path.strip_prefix(folder).unwrap().join(""), vec![]);
                open.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), bytes);
        }
    }
    found
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// A text of words that hardly repeat.
    fn text(&mut self, words: u64) -> String {
        let mut text = String::new();
        for i in 0..words {
            let word = self.below(50_000);
            text += &format!("w{word}{}", if i % 12 == 11 { ".\n\n" } else { " " });
        }
        text
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Texts, a third of them copies, near-copies or parts of earlier ones.
fn texts(dice: &mut Dice, n: usize) -> Vec<String> {
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
fn corpus(folder: &Path, seed: u64, n: usize) {
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

/// Every text of a folder of the kind above.
fn texts_of(folder: &Path) -> Vec<String> {
    let mut found = vec![];
    for (path, bytes) in tree(folder) {
        let name = path.to_string_lossy().into_owned();
        let mut content = vec![];
        if name.ends_with(".gz")
            && flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut content).is_err()
        {
            continue;
        } else if name.ends_with(".zst") {
            content = zstd::decode_all(&bytes[..]).unwrap();
        } else if !name.ends_with(".gz") {
            content = bytes;
        }
        if name.contains(".jsonl") || name.contains(".ndjson") {
            let lines = content.split(|&byte| byte == b'\n');
            found.extend(lines.filter_map(|line| {
                let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
                let record: serde_json::Value = serde_json::from_slice(line).ok()?;
                Some(record["text"].as_str()?.to_owned())
            }));
        } else {
            found.extend(String::from_utf8(content).ok());
        }
    }
    found
}

fn manifest(dir: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(dir.join("manifest.json")).unwrap()).unwrap()
}

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
fn no_text_is_lost_whatever_the_corpus() {
    for seed in 0..12 {
        let temp = tempfile::tempdir().unwrap();
        let [input, out] = ["in", "out"].map(|name| temp.path().join(name));
        corpus(&input, seed, 20 + 15 * seed as usize);
        let keep = ["longest", "first", "newest"][seed as usize % 3];
        let (code, _) =
            clean(&input, &out, &["--keep", keep, "--threads", if seed % 2 == 0 { "1" } else { "4" }]);
        assert_eq!(code, 3);
        let mut left: Vec<String> = texts_of(&out.join("corpus"));
        for line in std::fs::read_to_string(out.join("removed.jsonl")).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let content = record["content"].as_str().map(str::to_owned);
            // A record stands there as its line.
            let text = content.as_deref().and_then(|line| {
                let line = line.strip_prefix('\u{FEFF}').unwrap_or(line);
                let record: serde_json::Value = serde_json::from_str(line).ok()?;
                Some(record["text"].as_str()?.to_owned())
            });
            left.extend(text.or(content));
        }
        // Packed texts that went as a whole stand in Base64.
        let coded = std::fs::read_to_string(out.join("removed.jsonl")).unwrap();
        let n_coded = coded.lines().filter(|line| line.contains("content_base64")).count();
        let (before, after): (BTreeSet<String>, BTreeSet<String>) =
            (texts_of(&input).into_iter().collect(), left.into_iter().collect());
        assert!(before.difference(&after).count() <= n_coded, "seed {seed}");
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
    let planned = run(doppelt().arg("clean").arg(&input).arg("--dry-run").arg("--output").arg(&plan));
    assert!(planned.status.success());
    assert_eq!(std::fs::read_to_string(&plan).unwrap().lines().count(), 3);
    // The kept text of the first pair changes: its twin must stay.
    std::fs::write(input.join("a.txt"), "something else entirely").unwrap();
    let output = run(doppelt().arg("clean").arg(&input).arg("--plan").arg(&plan).arg("--out").arg(&out));
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
            let mut child = doppelt()
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
    let mut child = doppelt()
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
