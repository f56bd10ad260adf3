//! Counts in how many documents of each language features stand, for
//! `src/cross/background.tsv`: `background CORPUS...` prints
//! `kind<TAB>value<TAB>documents<TAB>documents`, then the totals.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a person")]

use doppelt::corpus::{Corpus, ReadOptions, Silent};
use doppelt::cross::{Lexicon, mentions};
use doppelt::text::detect;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let corpus = Corpus::open(&paths, ReadOptions::default())?;
    let lexicon = Lexicon::shipped("de", "en");
    let mut counts: BTreeMap<(String, String), [f64; 2]> = BTreeMap::new();
    let mut totals = [0; 2];
    corpus.map_batches(
        &Silent,
        |batch| {
            let mut found = vec![];
            batch.for_each(&corpus, |document| {
                let Ok(document) = document else { return };
                let Some(language) = detect::language(None, &document.text) else { return };
                let Some(side) = ["de", "en"].iter().position(|known| *known == language) else { return };
                let mut weights: BTreeMap<(String, String), f64> = BTreeMap::new();
                for mention in mentions(&document.text, language, None, &lexicon) {
                    *weights.entry((mention.kind.name().into(), mention.value)).or_default() +=
                        f64::from(mention.weight);
                }
                found.push((side, weights));
            });
            found
        },
        |found| {
            for (side, weights) in found {
                totals[side] += 1;
                for (value, weight) in weights {
                    counts.entry(value).or_default()[side] += weight.min(1.0);
                }
            }
            Ok(())
        },
    )?;
    for ((kind, value), [left, right]) in counts {
        println!("{kind}\t{value}\t{left:.2}\t{right:.2}");
    }
    println!("#\ttotal\t{}\t{}", totals[0], totals[1]);
    Ok(())
}
