//! One benchmark a floor of the near wing: how many bytes of text a second.

mod planted;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use doppelt::near::banding::Banding;
use doppelt::near::shingle::{Shingled, shingle_set};
use doppelt::near::sketch::Sketcher;
use doppelt::similarity::{Overlap, Threshold};
use doppelt::text::normalize::Normalized;
use doppelt::text::words;

fn main() {
    divan::main();
}

fn texts() -> Vec<String> {
    planted::corpus(400, 7).map(|document| document.text).collect()
}

fn size(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn normalize(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut normalized = Normalized::default();
    bencher.counter(size(&texts)).bench_local(|| {
        for text in &texts {
            normalized.fill(black_box(text));
        }
    });
}

#[divan::bench]
fn cut_and_hash_words(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let normalized: Vec<Normalized> = texts.iter().map(|text| Normalized::of(text)).collect();
    let (mut spans, mut hashes) = (vec![], vec![]);
    bencher.counter(size(&texts)).bench_local(|| {
        for text in &normalized {
            words::fill_hashes(black_box(text), &mut spans, &mut hashes);
        }
    });
}

#[divan::bench]
fn shingle(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut shingled = Shingled::default();
    bencher.counter(size(&texts)).bench_local(|| {
        for text in &texts {
            shingled.fill(black_box(text), 5);
        }
    });
}

#[divan::bench]
fn shingle_and_sketch(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let banding = Banding::for_threshold(Threshold::new(0.8).expect("0.8 is a threshold"));
    let (mut shingled, mut sketcher) = (Shingled::default(), Sketcher::new(banding.slots()));
    bencher.counter(size(&texts)).bench_local(|| {
        for text in &texts {
            shingled.fill(black_box(text), 5);
            black_box(banding.keys(sketcher.signature(shingled.shingles())).count());
        }
    });
}

#[divan::bench]
fn exact_sets(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut shingled = Shingled::default();
    bencher.counter(size(&texts)).bench_local(|| {
        for text in &texts {
            black_box(shingle_set(black_box(text), 5, &mut shingled));
        }
    });
}

#[divan::bench]
fn overlap_of_neighbours(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut shingled = Shingled::default();
    let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingle_set(text, 5, &mut shingled)).collect();
    bencher.counter(size(&texts)).bench_local(|| {
        for pair in sets.windows(2) {
            black_box(Overlap::of(&pair[0], &pair[1]));
        }
    });
}
