//! Cross-language pairs against an index: the same as against the folder,
//! whatever became of the index before, and no damage that goes unnoticed.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use support::corpora::Dice;
use support::{done, doppelt, text, write};

/// A report of an event in German or English; reports of other numbers share
/// their template and now and then a place or a name.
fn report(event: u64, german: bool) -> String {
    const PLACES: [&str; 8] =
        ["Rostock", "Kassel", "Bozen", "Odessa", "Lublin", "Tampere", "Gdynia", "Coimbra"];
    const NAMES: [&str; 7] = ["Petrow", "Lindgren", "Okafor", "Baranowski", "Halvorsen", "Mendes", "Yilmaz"];
    const MONTHS: [[&str; 2]; 4] =
        [["Januar", "January"], ["Mai", "May"], ["Juli", "July"], ["Oktober", "October"]];
    let mut dice = Dice(event * 7919 + 13);
    let place = PLACES[dice.below(8) as usize];
    let name = NAMES[dice.below(7) as usize];
    let month = MONTHS[dice.below(4) as usize];
    let (day, n, m, k) = (1 + dice.below(28), 12 + dice.below(900), 2 + dice.below(90), 13 + dice.below(80));
    // The day of every third report stands in its record only.
    let dated = !event.is_multiple_of(3);
    if german {
        let when = if dated { format!("am {day}. {} 2024", month[0]) } else { "am Dienstag".into() };
        format!(
            "Bei einem Brand in einem Lagerhaus in {place} sind {when} {n} Menschen verletzt worden, sagte Bürgermeister {name}. \
             Der Schaden wird auf {m} Millionen Euro geschätzt. Die Feuerwehr war mit {k} Fahrzeugen im Einsatz.\n"
        )
    } else {
        let when = if dated { format!("on {day} {} 2024", month[1]) } else { "on Tuesday".into() };
        format!(
            "A fire in a warehouse in {place} {when} injured {n} people, mayor {name} said. \
             The damage is put at {m} million euros. The fire brigade came with {k} vehicles.\n"
        )
    }
}

/// A corpus: text files and records by their names.
#[derive(Clone, Default)]
struct Texts {
    files: BTreeMap<String, String>,
    records: BTreeMap<String, Value>,
}

impl Texts {
    /// Puts in a report as a file, or as a record with or without language and date.
    fn put(&mut self, dice: &mut Dice, name: &str, event: u64, german: bool) {
        let text = report(event, german);
        if dice.below(2) == 0 {
            self.files.insert(format!("{name}.txt"), text);
            return;
        }
        let mut record = json!({ "id": name, "text": text });
        if dice.below(2) == 0 {
            record["lang"] = json!(if german { "de-AT" } else { "en" });
        }
        if dice.below(3) > 0 {
            record["date"] = json!(format!("2024-0{}-1{}", 1 + event % 8, event % 9));
        }
        self.records.insert(name.to_owned(), record);
    }

    /// What an index may remember of a corpus that has become this one: other
    /// texts, other dates, none of some, and records that are gone by now.
    fn earlier(&self, dice: &mut Dice) -> (Self, Vec<String>) {
        let (mut before, mut gone) = (Self::default(), vec![]);
        for (name, text) in &self.files {
            let text = match dice.below(4) {
                0 => report(200 + dice.below(50), dice.below(2) == 0),
                1 => continue,
                _ => text.clone(),
            };
            before.files.insert(name.clone(), text);
        }
        for (name, record) in &self.records {
            let mut record = record.clone();
            match dice.below(4) {
                0 if record["date"].is_string() => record["date"] = json!("2019-12-24"),
                1 => record["text"] = json!(report(300, true)),
                2 => continue,
                _ => {}
            }
            before.records.insert(name.clone(), record);
        }
        for i in 0..dice.below(4) {
            let name = format!("gone-{i}");
            before.records.insert(name.clone(), json!({ "id": name, "text": report(i, dice.below(2) == 0) }));
            before.files.insert(format!("{name}.txt"), report(i + 1, dice.below(2) == 0));
            gone.push(name);
        }
        before.files.insert("first.txt".into(), report(70, true));
        (before, gone)
    }

    fn write(&self, folder: &Path, records: &str) {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        self.files.iter().for_each(|(name, text)| write(folder, name, text));
        let lines: String = self.records.values().map(|record| format!("{record}\n")).collect();
        if !lines.is_empty() {
            write(folder, records, &lines);
        }
    }
}

/// What an index should answer: findings on stdout, as JSON.
#[track_caller]
fn checked(folder: &Path, new: &[&str], against: &str) -> String {
    let flags = ["--against", against, "--format", "json", "--lang-field", "lang", "--date-field", "date"];
    let output = doppelt(folder, &[&["check"], new, &flags].concat());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output));
    assert!(output.stderr.is_empty(), "{}", text(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn n_pairs(findings: &str) -> usize {
    let findings: Value = serde_json::from_str(findings).unwrap();
    findings["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "cross-language-pair").count()
}

#[test]
fn folder_and_index_give_the_same_pairs_whatever_became_of_the_index() {
    let mut found = 0;
    for seed in 0..12 {
        let dice = &mut Dice(seed);
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        let (mut known, mut new) = (Texts::default(), Texts::default());
        for event in 0..12 {
            for german in [true, false] {
                let name = format!("{event:02}-{}", if german { "de" } else { "en" });
                match dice.below(6) {
                    0 => new.put(dice, &format!("n{name}"), event, german),
                    1 => continue,
                    _ => known.put(dice, &name, event, german),
                }
                // A copy under another name, on the one side or the other.
                match dice.below(8) {
                    0 => new.put(dice, &format!("copy-{name}"), event, german),
                    1 => known.put(dice, &format!("copy-{name}"), event, german),
                    _ => {}
                }
            }
        }
        new.put(dice, "n-last", 99, true);
        // A file of the same name on both sides, about different things.
        new.files.insert("same.txt".into(), report(30, true));
        known.files.insert("same.txt".into(), report(31, true));
        known.files.insert("other.txt".into(), report(30, false));
        known.files.insert("pair.txt".into(), report(31, false));
        let (before, gone) = known.earlier(dice);
        before.write(&folder.join("known"), "known.jsonl");
        new.write(&folder.join("new"), "new.jsonl");
        let mut build =
            vec!["index", "build", "known", "--index", "a", "--lang-field", "lang", "--date-field", "date"];
        if dice.below(2) == 0 {
            build.push("--self-contained");
        }
        done(folder, &build);
        known.write(&folder.join("known"), "known.jsonl");
        let files = known.files.keys().map(|file| format!("known/{file}"));
        let steps: Vec<String> = match (dice.below(2), known.records.is_empty()) {
            (0, _) => vec!["known".into()],
            (_, true) => files.collect(),
            (_, false) => files.chain(["known/known.jsonl".into()]).collect(),
        };
        for step in steps {
            done(folder, &["index", "add", &step, "--index", "a"]);
        }
        done(folder, &["index", "remove", "--gone", "--index", "a"]);
        for id in gone.iter().filter(|_| !known.records.is_empty()) {
            done(folder, &["index", "remove", id, "--index", "a"]);
        }
        if dice.below(2) == 0 {
            done(folder, &["index", "compact", "--index", "a"]);
        }
        done(folder, &["index", "verify", "--index", "a"]);
        let expected = checked(folder, &["new"], "known");
        assert_eq!(checked(folder, &["new"], "a"), expected, "seed {seed}");
        found += n_pairs(&expected);
        // A known file that is new as well is known no more.
        let expected = checked(folder, &["new", "known/pair.txt"], "known");
        assert_eq!(checked(folder, &["new", "known/pair.txt"], "a"), expected, "seed {seed}");
        assert!(n_pairs(&expected) > 0, "seed {seed}: same.txt and pair.txt report one event");
    }
    assert!(found > 30, "{found} pairs");
}

#[test]
fn records_without_names_in_files_of_one_name_are_told_apart_alike() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let lines = |events: &[(u64, bool)]| -> String {
        events
            .iter()
            .map(|&(event, german)| format!("{}\n", json!({ "text": report(event, german) })))
            .collect()
    };
    write(folder, "known/a.jsonl", &lines(&[(1, true), (2, true), (3, false), (4, true)]));
    write(folder, "known/b.txt", &report(5, true));
    write(folder, "new/a.jsonl", &lines(&[(2, false), (4, true), (6, false)]));
    write(folder, "new/b.txt", &report(5, false));
    for more in [None, Some("--self-contained")] {
        let build = ["index", "build", "known", "--index", "a"];
        done(folder, &build.into_iter().chain(more).collect::<Vec<_>>());
        let expected = checked(folder, &["new"], "known");
        let n_named = expected.matches("\"known/a.jsonl:").count();
        assert!(n_pairs(&expected) >= 2 && n_named >= 2, "{expected}");
        assert_eq!(checked(folder, &["new"], "a"), expected);
        std::fs::remove_dir_all(folder.join("a")).unwrap();
    }
}

#[test]
fn a_record_of_which_only_the_date_or_the_language_changes_is_replaced() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    let record = |id: &str, date: &str, language: &str, german: bool| {
        let text = report(3, german);
        format!("{}\n", json!({ "id": id, "date": date, "lang": language, "text": text }))
    };
    let flags = ["--index", "a", "--lang-field", "lang", "--date-field", "date"];
    write(folder, "new.jsonl", &record("n", "2024-07-04", "en", false));
    write(folder, "known.jsonl", &record("k", "2024-07-04", "de", true));
    done(folder, &[&["index", "build", "known.jsonl"], &flags[..]].concat());
    let mut answers = vec![];
    for (date, language) in [("2024-07-04", "de"), ("2024-03-11", "de"), ("2024-03-11", "fr")] {
        write(folder, "known.jsonl", &record("k", date, language, true));
        let told = done(folder, &["index", "add", "known.jsonl", "--index", "a"]);
        assert!(told.contains(if answers.is_empty() { "1 unchanged" } else { "1 replaced" }), "{told}");
        let answer = checked(folder, &["new.jsonl"], "known.jsonl");
        assert_eq!(checked(folder, &["new.jsonl"], "a"), answer);
        assert!(!answers.contains(&answer), "{answer}");
        answers.push(answer);
    }
}

#[test]
fn an_index_without_facts_leads_to_no_pairs_and_says_so() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    write(folder, "known/a.txt", &report(1, true));
    write(folder, "new/b.txt", &report(1, false));
    done(folder, &["index", "build", "known", "--index", "a", "--find", "documents,passages"]);
    done(folder, &["index", "build", "known", "--index", "b"]);
    let check = |more: &[&str], code: i32, expected: &str| {
        let output = doppelt(folder, &[&["check", "new", "--against"], more].concat());
        assert_eq!(output.status.code(), Some(code), "{more:?}: {}", text(&output));
        assert!(text(&output).contains(expected), "{more:?}: {}", text(&output));
    };
    let way_out = "doppelt index build --find all";
    check(&["b"], 0, "1 cross-language-pair");
    check(&["b", "--fail-on", "cross-language-pair"], 1, "known/a.txt");
    check(&["a"], 0, way_out);
    check(&["a", "--find", "all"], 2, way_out);
    check(&["a", "--find", "documents,cross"], 2, way_out);
    check(&["a", "--fail-on", "note"], 2, way_out);
    check(&["a", "--fail-on", "cross-language-pair"], 2, way_out);
    check(&["a", "--fail-on", "cross-language-pair", "--find", "documents"], 0, "nothing found");
    std::fs::write(folder.join("doppelt.toml"), "[severity]\ncross-language-pair = \"error\"\n").unwrap();
    check(&["a"], 2, way_out);
    check(&["b"], 1, "1 cross-language-pair");
    std::fs::remove_file(folder.join("doppelt.toml")).unwrap();
    check(&["b", "--languages", "fr,en"], 2, "doppelt index build --languages fr,en");
    check(&["b", "--languages", "fr,en", "--find", "documents"], 0, "nothing found");
    let info = done(folder, &["index", "info", "--index", "b"]);
    assert!(info.contains("facts: de,en, version "), "{info}");
}

#[test]
fn every_flipped_byte_of_facts_is_found_and_none_changes_a_pair_silently() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    for event in 0..12 {
        write(folder, &format!("known/{event:02}.txt"), &report(event, event.is_multiple_of(2)));
        write(folder, &format!("new/n{event:02}.txt"), &report(event, !event.is_multiple_of(2)));
    }
    done(folder, &["index", "build", "known", "--index", "a", "--find", "documents,cross"]);
    let find = ["check", "new", "--against", "a", "--find", "documents,cross", "--format", "json"];
    let expected = done(folder, &find);
    assert!(n_pairs(&expected) > 6, "{expected}");
    let segment = std::fs::read_dir(folder.join("a")).unwrap().map(|file| file.unwrap().path());
    let segment = segment.max_by_key(|file| file.metadata().unwrap().len()).unwrap();
    let good = std::fs::read(&segment).unwrap();
    let dice = &mut Dice(5);
    for i in 0..60 {
        let at = dice.below(good.len() as u64) as usize;
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (i % 8);
        std::fs::write(&segment, &bytes).unwrap();
        let verified = doppelt(folder, &["index", "verify", "--index", "a"]);
        assert_eq!(verified.status.code(), Some(2), "byte {at}: {}", text(&verified));
        let output = doppelt(folder, &find);
        match output.status.code() {
            Some(0) => assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "byte {at}"),
            code => assert_eq!(code, Some(2), "byte {at}: {}", text(&output)),
        }
        assert!(!text(&output).contains("panicked") && !text(&verified).contains("panicked"));
    }
}
