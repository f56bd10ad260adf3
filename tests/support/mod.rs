//! What the tests from outside share: the program, folders, and corpora.

#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails where its ground is not there")]

pub mod corpora;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program in a folder.
pub fn doppelt(folder: &Path, arguments: &[&str]) -> Output {
    program().args(arguments).current_dir(folder).output().unwrap()
}

/// What it said, on stdout and then on stderr.
pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the program, which must succeed; what it said on stdout.
#[track_caller]
pub fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = doppelt(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Writes a file and the folders it stands in.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doppelt"));
    command.env("NO_COLOR", "1");
    command
}

pub fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

/// Runs `clean`; the exit code and the digest.
pub fn clean(input: &Path, out: &Path, more: &[&str]) -> (i32, String) {
    let output = run(program().arg("clean").arg(input).arg("--out").arg(out).args(more));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let digest = text.lines().find_map(|line| line.strip_prefix("digest ")).unwrap_or_default();
    let code = output.status.code().unwrap_or(-1);
    assert!(code == 0 || code == 3 || digest.is_empty(), "{code} {text}");
    if code == 2 {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    (code, digest.to_owned())
}

pub fn restore(dir: &Path, out: &Path) -> i32 {
    let output = run(program().arg("restore").arg(dir).arg("--out").arg(out));
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.code().unwrap_or(-1)
}

/// Every file below a folder with its bytes.
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
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

pub fn manifest(dir: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(dir.join("manifest.json")).unwrap()).unwrap()
}
