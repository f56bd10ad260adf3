//! What is read stays as it is, and nothing of it is passed over in silence.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    dead_code,
    reason = "a test fails where its ground is not there"
)]

mod support;

use std::path::Path;
use support::{program, run, write};

const TEXT: &str = "The river rose by two metres on Monday, and the town closed its old stone bridge.\n";

#[test]
fn no_output_is_written_over_a_file_that_is_read() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    write(folder, "news/a.md", TEXT);
    write(folder, "known/b.txt", "Nothing of this is said in any other place, as far as anybody knows.\n");
    let target = folder.join("news/../news/a.md");
    let target = target.to_str().unwrap();
    let commands: [&[&str]; 8] = [
        &["scan", "news", "--output"],
        &["scan", "news", "--report"],
        &["scan", "news", "--pairs"],
        &["scan", "news", "--clusters"],
        &["check", "news", "--against", "known", "--output"],
        &["check", "known", "--against", "news", "--report"],
        &["pair", "news", "--output"],
        &["clean", "news", "--dry-run", "--output"],
    ];
    for command in commands {
        let output = run(program().current_dir(folder).args(command).arg(target));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{command:?} {told}");
        assert!(told.contains("would be written over"), "{command:?} {told}");
        assert_eq!(std::fs::read_to_string(folder.join("news/a.md")).unwrap(), TEXT, "{command:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf_8_is_found_in_a_folder() {
    use std::os::unix::ffi::OsStrExt;
    let temp = tempfile::tempdir().unwrap();
    write(temp.path(), "known/a.txt", TEXT);
    write(temp.path(), "new/b.txt", "Nothing of this is said in any other place, as far as anybody knows.\n");
    let name = Path::new(std::ffi::OsStr::from_bytes(b"M\xe9ller.txt"));
    std::fs::write(temp.path().join("new").join(name), TEXT).unwrap();
    let output = run(program().current_dir(temp.path()).args(["check", "new", "--against", "known"]));
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_file_never_replaces_another_of_the_same_name_in_an_index() {
    let temp = tempfile::tempdir().unwrap();
    write(temp.path(), "corpus/01.txt", TEXT);
    write(
        temp.path(),
        "corpus/2026/01.txt",
        "Nothing of this is said in any other place, as far as anybody knows.\n",
    );
    let index = |words: &[&str]| run(program().current_dir(temp.path()).arg("index").args(words));
    assert_eq!(index(&["build", "corpus", "--index", "i"]).status.code(), Some(0));
    let output = index(&["add", "corpus/2026", "--index", "i"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("two files have the id 01.txt"), "{told}");
    assert_eq!(index(&["add", "corpus", "--index", "i"]).status.code(), Some(0));
    assert_eq!(index(&["verify", "--index", "i"]).status.code(), Some(0));
}

#[test]
fn a_lowered_count_lets_the_next_copy_fire() {
    let temp = tempfile::tempdir().unwrap();
    for name in ["known/a.txt", "new/c1.txt", "new/c2.txt"] {
        write(temp.path(), name, TEXT);
    }
    let doppelt = |words: &[&str]| run(program().current_dir(temp.path()).args(words)).status.code();
    assert_eq!(doppelt(&["baseline", "create", "new", "--against", "known"]), Some(0));
    assert_eq!(doppelt(&["check", "new", "--against", "known"]), Some(0));
    std::fs::remove_file(temp.path().join("new/c2.txt")).unwrap();
    assert_eq!(doppelt(&["baseline", "prune", "new", "--against", "known"]), Some(0));
    assert_eq!(doppelt(&["check", "new", "--against", "known"]), Some(0));
    write(temp.path(), "new/c3.txt", TEXT);
    assert_eq!(doppelt(&["check", "new", "--against", "known"]), Some(1));
}

#[test]
fn a_new_record_by_the_name_of_a_known_file_is_not_taken_for_it() {
    let temp = tempfile::tempdir().unwrap();
    let report =
        |name: &str| std::fs::read_to_string(format!("{}/seeds/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    write(temp.path(), "known/a.txt", &report("2025-01-15-magdeburg-flood.en.txt"));
    let text = report("2025-01-15-magdeburg-hochwasser.de.txt");
    let record = serde_json::json!({"id": "a.txt", "text": text}).to_string();
    write(temp.path(), "new/n.jsonl", &(record + "\n"));
    let gate = ["--fail-on", "cross-language-pair"];
    let check = |against: &str| {
        let output =
            run(program().current_dir(temp.path()).args(["check", "new", "--against", against]).args(gate));
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let folder = check("known");
    assert_eq!(folder.0, Some(1), "{}", folder.1);
    assert!(
        run(program().current_dir(temp.path()).args(["index", "build", "known", "--index", "i"]))
            .status
            .success()
    );
    let index = check("i");
    assert_eq!(index.0, Some(1), "{}", index.1);
}
