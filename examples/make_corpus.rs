//! Writes a corpus with planted near-duplicates and its truth.
//!
//! `make_corpus N SEED CORPUS.jsonl GOLD.tsv`

#[path = "../benches/planted/mod.rs"]
mod planted;

use std::io::{BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [n, seed, corpus, gold] = arguments.as_slice() else {
        return Err("usage: make_corpus N SEED CORPUS.jsonl GOLD.tsv".into());
    };
    let mut corpus = BufWriter::new(std::fs::File::create(corpus)?);
    let mut gold = BufWriter::new(std::fs::File::create(gold)?);
    writeln!(gold, "id\torigin\tkind")?;
    for document in planted::corpus(n.parse()?, seed.parse()?) {
        serde_json::to_writer(&mut corpus, &serde_json::json!({"id": document.id, "text": document.text}))?;
        corpus.write_all(b"\n")?;
        if let Some((origin, kind)) = document.origin {
            writeln!(gold, "{}\t{origin}\t{kind}", document.id)?;
        }
    }
    corpus.flush()?;
    gold.flush()?;
    Ok(())
}
