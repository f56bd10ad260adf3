//! Learns words from pairs of documents: `learn CORPUS.jsonl PAIRS.tsv de,en [--no-lexicon]`
//! prints the rows of a lexicon, from the pairs of a score of at least 0.9.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

use doppelt::corpus::{Corpus, ReadOptions, Silent};
use doppelt::cross::{Lexicon, learn};
use std::collections::HashMap;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [corpus, pairs, languages] = arguments.get(..3).ok_or("a corpus, pairs and languages")? else {
        return Ok(());
    };
    let corpus = Corpus::open(&[PathBuf::from(corpus)], ReadOptions::default())?;
    let (left, right) = languages.split_once(',').ok_or("two languages, as de,en")?;
    let is_empty = arguments.iter().any(|argument| argument == "--no-lexicon");
    let lexicon = if is_empty { Lexicon::empty(left, right) } else { Lexicon::shipped(left, right) };
    let mut texts: HashMap<String, String> = HashMap::new();
    corpus.map_batches(
        &Silent,
        |batch| {
            let mut found = vec![];
            batch.for_each(&corpus, |document| {
                if let Ok(document) = document {
                    found.push((document.id.to_string(), document.text.to_string()));
                }
            });
            found
        },
        |found| {
            texts.extend(found);
            Ok(())
        },
    )?;
    let rows = std::fs::read_to_string(pairs)?;
    let confident = rows.lines().skip(1).filter_map(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        let score: f64 = fields.get(2)?.parse().ok()?;
        (score >= 0.9).then_some((texts.get(fields[0])?.as_str(), texts.get(fields[1])?.as_str()))
    });
    let confident: Vec<(&str, &str)> = confident.collect();
    for row in learn(&confident, &lexicon) {
        println!("{}\t{}", row.from, row.into);
    }
    Ok(())
}
