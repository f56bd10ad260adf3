//! The gate from outside, where a shell session is not enough: git ranges,
//! hostile names and texts in every format, settings, and merged baselines.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;
use support::{doppelt, text, write};

#[track_caller]
fn check(folder: &Path, arguments: &[&str], code: i32, expected: &str) -> String {
    let output = doppelt(folder, &[&["check"], arguments].concat());
    let text = text(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    assert!(text.contains(expected), "{arguments:?}: {text}");
    text
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=n",
            "-c",
            "user.email=e",
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

const REPORT: &str = "The mill by the lower weir turns again after eleven years, says the miller, who carved \
    the new wheel from larch and oak and paid for the iron with the sale of his motorboat. School classes may \
    watch on Thursdays, and the first sack of flour goes to the bakery that lent him the crane.\n";

#[test]
fn since_takes_what_a_branch_adds_or_changes_and_compares_it_with_the_rest() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = &temporary.path().join("work");
    write(folder, "seeds/mill.txt", REPORT);
    write(
        folder,
        "seeds/other.txt",
        "Nothing else is known of this, and nobody has asked for more of it so far.\n",
    );
    git(folder, &["init", "-q"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "one"]);
    git(folder, &["checkout", "-qb", "branch"]);
    check(folder, &["seeds", "--since", "main"], 0, "nothing was added or changed");
    write(folder, "seeds/untracked copy.txt", REPORT);
    check(folder, &["seeds", "--since", "main"], 1, "1 new document against 2: 1 exact-duplicate");
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "two"]);
    check(
        folder,
        &["seeds", "--since", "main"],
        1,
        "seeds/untracked copy.txt: the same bytes as seeds/mill.txt",
    );
    check(&folder.join("seeds"), &[".", "--since", "main"], 1, "1 new document against 2: 1 exact-duplicate");
    check(folder, &["seeds", "--since", "main..branch"], 1, "1 new document against 2: 1 exact-duplicate");
    check(folder, &["seeds", "--since", "branch"], 0, "nothing was added or changed");
    write(
        folder,
        "seeds/untracked copy.txt",
        "Quite another text stands here now, of which nothing was known before.\n",
    );
    check(folder, &["seeds", "--since", "main"], 0, "1 new document against 2: nothing found");
    check(folder, &["seeds", "--since", "nowhere"], 2, "git knows no commit nowhere");
    check(folder, &["seeds", "--since=--output=x"], 2, "git knows no commit --output=x");
    let url = format!("file://{}", folder.display());
    git(temporary.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    check(&temporary.path().join("shallow"), &["seeds", "--since", "main"], 2, "fetch-depth: 0");
    check(temporary.path(), &["work/seeds", "--since", "main"], 2, "--since needs a git repository");
}

#[cfg(unix)]
#[test]
fn hostile_names_and_texts_inject_nothing_into_any_format() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let hostile = format!("::error::from the text\n##[error]too\n\u{1b}]0;title\u{7}\u{202e}\n\n{REPORT}");
    write(folder, "seeds/mill.txt", &hostile);
    write(folder, "new/a\n::set-output name=x::y.txt", &hostile);
    write(
        folder,
        "new/<img src=x onerror=alert(1)>\"'&`|[l](http:x).txt",
        &hostile.replacen("eleven", "ten", 1),
    );
    let lines = |format: &str| {
        let text = check(folder, &["new", "--against", "seeds", "--format", format], 1, "");
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains('\u{7}'),
            "{format}: {text}"
        );
        text.lines().map(str::to_owned).collect::<Vec<String>>()
    };
    for line in lines("github") {
        let is_ours =
            ["::error file=", "::warning file=", "doppelt: "].iter().any(|start| line.starts_with(start));
        assert!(is_ours && !line.contains("##["), "{line}");
    }
    let page = lines("html").join("\n");
    assert!(
        page.to_lowercase().contains("<!doctype html>")
            && !page.contains("<img")
            && page.contains("::error::from the text")
    );
    for format in ["terminal", "markdown", "junit", "gitlab", "sarif", "json"] {
        for line in lines(format) {
            let fenced = format == "markdown";
            assert!(fenced || !line.trim_start().starts_with("::"), "{format}: {line}");
            assert!(format != "terminal" || !line.contains("##["), "{line}");
            assert!(format != "junit" || !line.contains("<img"), "{line}");
        }
    }
    for format in ["gitlab", "sarif", "json"] {
        let value: serde_json::Value = serde_json::from_str(&lines(format).join("\n")).unwrap();
        assert!(!value.is_null());
    }
    let sarif = lines("sarif").join("\n");
    assert!(sarif.contains("new/a%0A%3A%3Aset-output%20name%3Dx%3A%3Ay.txt"), "{sarif}");
}

#[test]
fn settings_change_severities_and_what_fails() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    write(folder, "seeds/mill.txt", REPORT);
    write(folder, "new.txt", REPORT);
    let with = |settings: &str, code: i32, expected: &str| {
        std::fs::write(folder.join("doppelt.toml"), settings).unwrap();
        check(folder, &["new.txt", "--against", "seeds", "--format", "github"], code, expected);
    };
    with("", 1, "::error file=new.txt");
    with("[severity]\nexact-duplicate = \"note\"\n", 0, "::notice file=new.txt");
    with("fail-on = [\"note\"]\n[severity]\nexact-duplicate = \"note\"\n", 1, "::notice file=new.txt");
    with("[severity]\nexact-duplicate = \"off\"\n", 0, "nothing found");
    with("[severity]\nexact = \"off\"\n", 2, "no rule is called exact");
    with("[severities]\n", 2, "doppelt.toml is not a settings file");
}

#[test]
fn baselines_of_two_branches_merge_by_lines() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let other = REPORT
        .replace("mill", "forge")
        .replace("wheel", "hammer")
        .replace("flour", "nails")
        .replace("larch", "ash");
    write(folder, "seeds/mill.txt", REPORT);
    write(folder, "seeds/forge.txt", &format!("Quite another house, and another trade: {other}{other}"));
    write(folder, "one.txt", REPORT);
    write(folder, "two.txt", &format!("Quite another house, and another trade: {other}{other}"));
    let accept = |file: &str, baseline: &str| {
        let output =
            doppelt(folder, &["baseline", "create", file, "--against", "seeds", "--baseline", baseline]);
        assert!(output.status.success(), "{}", text(&output));
        std::fs::read_to_string(folder.join(baseline)).unwrap()
    };
    let (one, two) = (accept("one.txt", "one.tsv"), accept("two.txt", "two.tsv"));
    let entries = |text: &str| text.lines().skip(2).map(|line| format!("{line}\n")).collect::<String>();
    std::fs::write(folder.join("merged.tsv"), format!("{one}{}{}", entries(&two), entries(&one))).unwrap();
    check(folder, &["one.txt", "two.txt", "--against", "seeds", "--baseline", "merged.tsv"], 0, "accepted");
    std::fs::write(folder.join("conflict.tsv"), format!("{one}<<<<<<< ours\n{}", entries(&two))).unwrap();
    check(folder, &["one.txt", "--against", "seeds", "--baseline", "conflict.tsv"], 2, "line 4");
}

#[test]
fn a_record_of_a_name_that_is_known_is_an_error_that_names_both() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let record = |id: &str, text: &str| format!("{}\n", serde_json::json!({ "id": id, "text": text }));
    write(folder, "known.jsonl", &(record("a", "one text") + &record("b", REPORT)));
    write(folder, "new.jsonl", &(record("c", "a text of its own") + &record("b", "another text")));
    check(
        folder,
        &["new.jsonl", "--against", "known.jsonl"],
        2,
        "new.jsonl:2 is new, known.jsonl:2 is known",
    );
    write(folder, "new.jsonl", &(record("c", "a text of its own") + &record("d", REPORT)));
    let found = "exact-duplicate: new.jsonl:2 (d): the same bytes as known.jsonl:2 (b)";
    check(folder, &["new.jsonl", "--against", "known.jsonl"], 1, found);
    write(folder, "new.jsonl", &(record("c", "a text of its own") + &record("c", REPORT)));
    check(folder, &["new.jsonl", "--against", "known.jsonl"], 2, "has the id of");
}

#[test]
fn a_scan_is_written_as_sarif_too_and_names_the_lines_of_records() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let record = |id: &str, text: &str| serde_json::json!({"id": id, "text": text}).to_string();
    let other = "A short text about something else, of some dozen words that stand nowhere else.";
    let lines = [record("a", REPORT), record("b", other), record("c", REPORT)];
    write(folder, "corpus.jsonl", &(lines.join("\n") + "\n"));
    let printed = support::done(folder, &["scan", "corpus.jsonl", "--format", "sarif"]);
    support::done(folder, &["scan", "corpus.jsonl", "--report", "report.sarif"]);
    assert_eq!(std::fs::read_to_string(folder.join("report.sarif")).unwrap(), printed);
    let log: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "exact-duplicate");
    let line = |location: &serde_json::Value| {
        let physical = &location["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "corpus.jsonl");
        physical["region"]["startLine"].as_u64().unwrap()
    };
    let mut named = [line(&results[0]["locations"][0]), line(&results[0]["relatedLocations"][0])];
    named.sort_unstable();
    assert_eq!(named, [1, 3]);
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "doppelt/scan/");
}
