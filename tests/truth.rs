//! Every fixture is a story with a hand-written truth; a scan must find
//! exactly that, and so must one of the built-in seeds.

use doppelt::corpus::{Corpus, ReadOptions, Silent};
use doppelt::outcome::Outcome;
use doppelt::scan::Scan;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rule, document that is kept or left, the other one.
type Row = (String, String, String);

fn scan(folder: &Path) -> Outcome {
    let corpus = Corpus::open(&[folder.to_owned()], ReadOptions::default()).expect("the folder can be read");
    Scan::new().run(&corpus, &Silent).expect("the scan runs")
}

/// A finding of n places is n - 1 rows against its first place.
fn found(outcome: &Outcome) -> BTreeSet<Row> {
    let rows = outcome.findings.iter().flat_map(|finding| {
        let first = outcome.id(finding.places[0].document).to_owned();
        finding.places[1..].iter().map(move |place| {
            (finding.rule.name().to_owned(), first.clone(), outcome.id(place.document).to_owned())
        })
    });
    rows.collect()
}

fn truth(path: &Path) -> BTreeSet<Row> {
    let text = std::fs::read_to_string(path).expect("truth.tsv can be read");
    let rows = text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut cell = || cells.next().expect("a row has rule, left and right");
        (cell(), cell(), cell())
    });
    rows.collect()
}

fn compare(name: &str, expected: &BTreeSet<Row>, found: &BTreeSet<Row>, wrong: &mut Vec<String>) {
    wrong.extend(expected.difference(found).map(|row| format!("{name}: missing {row:?}")));
    wrong.extend(found.difference(expected).map(|row| format!("{name}: not planted {row:?}")));
}

#[test]
fn every_fixture_gives_exactly_what_was_planted() {
    let mut stories: Vec<PathBuf> =
        std::fs::read_dir("fixtures").expect("fixtures exist").map(|entry| entry.unwrap().path()).collect();
    stories.sort();
    assert!(stories.len() >= 11, "only {} stories", stories.len());
    let mut wrong = vec![];
    for story in stories {
        let outcome = scan(&story.join("docs"));
        compare(&story.display().to_string(), &truth(&story.join("truth.tsv")), &found(&outcome), &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_built_in_seeds_give_what_their_page_says() {
    let row = |rule: &str, left: &str, right: &str| (rule.to_owned(), left.to_owned(), right.to_owned());
    let expected = BTreeSet::from([
        row("repeated-passage", "2024-11-11-baku-cop29.de.txt", "2024-11-11-baku-cop29.de.txt"),
        row("cross-language-pair", "2024-10-03-minsk-asadov.de.txt", "2024-10-03-minsk-asadov.en.txt"),
        row(
            "cross-language-pair",
            "2025-01-15-magdeburg-hochwasser.de.txt",
            "2025-01-15-magdeburg-flood.en.txt",
        ),
    ]);
    let mut wrong = vec![];
    compare("seeds", &expected, &found(&scan(Path::new("seeds"))), &mut wrong);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn reports_in_other_languages_are_paired_with_english() {
    let folder = PathBuf::from("fixtures/other-languages/docs");
    let corpus = Corpus::open(&[folder], ReadOptions::default()).expect("the folder can be read");
    for language in ["fr", "es", "ru", "uk"] {
        for languages in [(language, "en"), ("en", language)] {
            let lexicon = doppelt::cross::Lexicon::shipped(languages.0, languages.1);
            let languages = (languages.0.to_owned(), languages.1.to_owned());
            let options = doppelt::cross::CrossOptions { languages, ..Default::default() };
            let paired =
                doppelt::scan::pair_corpus(&corpus, &options, &lexicon, &Silent).expect("pairing runs");
            let mut found = doppelt::scan::accepted_ids(&paired);
            found.iter_mut().for_each(|pair| {
                if pair.0.starts_with("en") {
                    std::mem::swap(&mut pair.0, &mut pair.1);
                }
            });
            found.sort();
            let expected: Vec<(String, String)> =
                (1..=4).map(|event| (format!("{language}-{event}.txt"), format!("en-{event}.txt"))).collect();
            assert_eq!(found, expected);
        }
    }
}

/// A file of the shared development data, or a loud word that it is absent.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what was not tested")]
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("NOT TESTED: {} is absent (it is not part of the project)", path.display());
    None
}

#[test]
fn the_real_reports_give_the_doubled_block_and_the_one_pair() {
    let Some(folder) = shared("seeds") else { return };
    let outcome = scan(&folder);
    let row = |rule: &str, left: &str, right: &str| (rule.to_owned(), left.to_owned(), right.to_owned());
    let block = "002_283325d506528c5b.txt";
    let expected = BTreeSet::from([
        row("repeated-passage", block, block),
        row("cross-language-pair", "000_33a336bd4b67e9c9.txt", "003_6d23c1dded049dec.txt"),
    ]);
    let mut wrong = vec![];
    compare("real seeds", &expected, &found(&outcome), &mut wrong);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let lines: Vec<_> =
        outcome.findings[0].places.iter().map(|place| (place.lines.first, place.lines.last)).collect();
    assert_eq!(lines, [(2, 8), (9, 15)]);
}

#[test]
fn translated_news_among_strangers_are_paired() {
    let Some(set) = shared("data/xling/ntrex-open") else { return };
    let corpus =
        Corpus::open(&[set.join("corpus.jsonl")], ReadOptions::default()).expect("the set can be read");
    let options = doppelt::cross::CrossOptions::default();
    let lexicon = doppelt::cross::Lexicon::shipped("de", "en");
    let paired = doppelt::scan::pair_corpus(&corpus, &options, &lexicon, &Silent).expect("pairing runs");
    let accepted: BTreeSet<(String, String)> = paired
        .pairings
        .iter()
        .filter(|pairing| pairing.accepted)
        .map(|pairing| {
            [pairing.left, pairing.right].map(|end| paired.ids.get(doppelt::corpus::DocId(end)).to_owned())
        })
        .map(|[left, right]| (left, right))
        .collect();
    let gold: BTreeSet<(String, String)> = std::fs::read_to_string(set.join("gold.tsv"))
        .expect("the set has its truth")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t').map(|(left, right)| (left.to_owned(), right.to_owned())))
        .collect();
    let hits = gold.intersection(&accepted).count();
    assert!(hits * 100 >= gold.len() * 97, "{hits} of {} pairs found", gold.len());
    assert!(hits * 100 >= accepted.len() * 90, "{hits} of {} accepted pairs are right", accepted.len());
}
