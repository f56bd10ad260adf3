//! Measures an index of generated sketches: bytes a document, time to write,
//! and time to ask, at sizes that no test corpus has.
//!
//! `cargo run --release --example index_scale -- 1000000 /tmp/index`

#![allow(clippy::print_stdout)]

use doppelt::corpus::{Place, Silent};
use doppelt::hash::mix;
use doppelt::near::banding::Banding;
use doppelt::similarity::Threshold;
use doppelt::store::index::{Index, Parameters, Writer};
use doppelt::store::sketch::Sketch;
use std::path::Path;
use std::time::Instant;

fn main() -> doppelt::error::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let n: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let folder = arguments.next().unwrap_or_else(|| "index-scale".into());
    let folder = Path::new(&folder);
    let threshold = Threshold::new(0.8)?;
    let bands = Banding::for_threshold(threshold).bands() as u64;
    let parameters = Parameters {
        shingle: 5,
        threshold: threshold.to_string(),
        passages_from_words: None,
        self_contained: false,
        facts: None,
        text_field: "text".into(),
        id_field: "id".into(),
        lang_field: None,
        date_field: None,
    };
    let started = Instant::now();
    let mut writer = Writer::create(folder, parameters, false)?;
    for i in 0..n {
        writer.add_sketch(&sketch(i, bands), Path::new("."))?;
    }
    writer.commit(&Silent)?;
    let seconds = started.elapsed().as_secs_f64();
    let index = Index::open(folder)?;
    let info = index.info();
    println!(
        "{n} documents written in {seconds:.1} s, {} segments, {:.1} bytes a document, peak {} MB",
        info.segments,
        info.bytes as f64 / n as f64,
        peak_megabytes()
    );
    const ASKED: u64 = 1000;
    let started = Instant::now();
    let mut found = 0;
    for i in 0..ASKED {
        // Every second one is known in all bands but one.
        let mut asked = sketch(if i % 2 == 0 { mix(i) % n } else { n + i }, bands);
        asked.keys[0] ^= 1;
        found += usize::from(!index.sharing_bands(&asked)?.is_empty());
    }
    let each = started.elapsed().as_secs_f64() / ASKED as f64;
    println!("{found} of {ASKED} asked share bands with one that is known; {:.2} ms each", each * 1e3);
    Ok(())
}

/// A document that shares nothing with another one.
fn sketch(i: u64, bands: u64) -> Sketch {
    Sketch {
        id: format!("document-{i:010}"),
        place: Place { file: 0, length: 4000, offset: 4000 * i },
        byte_hash: mix(i),
        text_hash: (mix(i) >> 32) as u32,
        bytes: 4000,
        language: Some("en"),
        n_words: 600,
        keys: (0..bands).map(|band| (mix(i * bands + band) >> 32) as u32).collect(),
        anchors: vec![],
    }
}

/// The most memory this process has taken, where the system tells.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
