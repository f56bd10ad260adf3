//! Pairs the documents of a corpus across two languages, like `doppelt pair`.
//!
//! `pair PATH... --languages de,en --format tsv [--candidates K] [--one-to-one] [--min-score S]`

use doppelt::corpus::{Corpus, ReadOptions, Silent};
use doppelt::cross::{CrossOptions, Lexicon, Profile, pair};
use doppelt::text::detect;
use std::io::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = CrossOptions::default();
    let mut paths = vec![];
    let mut measures = false;
    let mut no_lexicon = false;
    let mut rows = String::new();
    let mut evidence = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "pair" => {}
            "--languages" => {
                let pair = value()?;
                let (left, right) = pair.split_once(',').ok_or("two languages, as de,en")?;
                options.languages = (left.into(), right.into());
            }
            "--format" => drop(value()?),
            "--candidates" => options.candidates = Some(value()?.parse()?),
            "--min-score" => options.min_score = value()?.parse()?,
            "--one-to-one" => options.one_to_one = true,
            "--measures" => measures = true,
            "--evidence" => evidence = true,
            "--lexicon" => rows = std::fs::read_to_string(value()?)?,
            "--no-lexicon" => no_lexicon = true,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    let corpus = Corpus::open(&paths, ReadOptions::default())?;
    let (left, right) = (options.languages.0.as_str(), options.languages.1.as_str());
    let mut lexicon = if no_lexicon { Lexicon::empty(left, right) } else { Lexicon::shipped(left, right) };
    lexicon.add_rows(&rows);
    let mut ids: Vec<String> = vec![];
    let mut profiles: Vec<Profile> = vec![];
    corpus.map_batches(
        &Silent,
        |batch| {
            let mut found = vec![];
            batch.for_each(&corpus, |document| {
                let Ok(document) = document else { return };
                let Some(language) = detect::language(document.language.as_deref(), &document.text) else {
                    return;
                };
                if language == left || language == right {
                    let profile = Profile::of(&document.text, language, document.date.as_deref(), &lexicon);
                    found.push((document.id.to_string(), profile));
                }
            });
            found
        },
        |found| {
            for (id, profile) in found {
                ids.push(id);
                profiles.push(profile);
            }
            Ok(())
        },
    )?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    write!(out, "left\tright\tscore")?;
    write!(out, "{}", if options.candidates.is_some() { "\taccepted" } else { "" })?;
    writeln!(out)?;
    for found in pair(&profiles, &options) {
        let (left, right) = (&ids[found.left as usize], &ids[found.right as usize]);
        write!(out, "{left}\t{right}\t{:.6}", found.score)?;
        if options.candidates.is_some() {
            write!(out, "\t{}", u8::from(found.accepted))?;
        }
        if measures {
            write!(out, "\t{:?}", found.measures)?;
        }
        writeln!(out)?;
        if evidence {
            for fact in &found.evidence {
                writeln!(
                    out,
                    "#\t{:+.2}\t{}\t{}\t{} / {}",
                    fact.weight, fact.kind, fact.value, fact.left, fact.right
                )?;
            }
        }
    }
    Ok(())
}
