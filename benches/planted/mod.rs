//! A corpus with planted near-duplicates, from a seed.
//!
//! Words are drawn from a vocabulary with Zipf-like frequencies, so texts look
//! like prose to everything that counts words. A third of the documents are
//! edits of an earlier one (the row of the gold table names both): copies,
//! substituted words, changed case, doubled paragraphs, truncations.

#![allow(dead_code, reason = "the benchmark and the example each use a part")]

/// One document of the corpus.
pub struct Planted {
    pub id: String,
    pub text: String,
    /// The id of the document it was made from, and how.
    pub origin: Option<(String, &'static str)>,
}

/// SplitMix64: a small generator that is the same everywhere.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        doppelt::hash::mix(self.0)
    }

    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

const SYLLABLES: [&str; 24] = [
    "ver", "ge", "be", "lan", "mit", "ter", "schaft", "ung", "tion", "mi", "nis", "ter", "par", "la", "ment",
    "wirt", "ö", "ko", "nom", "stadt", "re", "gier", "haus", "wahl",
];

fn word(rank: usize) -> String {
    let mut word = String::new();
    let mut rest = rank + 1;
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

fn paragraph(random: &mut Random) -> String {
    let words: Vec<String> = (0..20 + random.below(80))
        .map(|_| {
            // The product of two draws prefers small ranks, as language does.
            let (a, b) = (random.below(300), random.below(300));
            word(a * b / 2)
        })
        .collect();
    words.join(" ") + "."
}

fn edited(text: &str, random: &mut Random) -> (String, &'static str) {
    match random.below(5) {
        0 => (text.to_owned(), "copy"),
        1 => (text.to_uppercase(), "case"),
        2 => {
            let words = text
                .split(' ')
                .map(|old| if random.below(50) == 0 { word(random.below(9000)) } else { old.into() });
            (words.collect::<Vec<_>>().join(" "), "substituted")
        }
        3 => {
            let first = text.split("\n\n").next().unwrap_or_default();
            (format!("{first}\n\n{text}"), "doubled")
        }
        _ => (text[..text.floor_char_boundary(text.len() * 3 / 4)].to_owned(), "truncated"),
    }
}

/// `n` documents, the same for the same seed.
pub fn corpus(n: usize, seed: u64) -> impl Iterator<Item = Planted> {
    let mut random = Random(seed);
    let mut recent: Vec<(String, String)> = vec![];
    (0..n).map(move |number| {
        let id = format!("d{number:08}");
        if !recent.is_empty() && random.below(3) == 0 {
            let (origin, text) = &recent[random.below(recent.len())];
            let (text, kind) = edited(text, &mut random);
            return Planted { id, text, origin: Some((origin.clone(), kind)) };
        }
        let paragraphs: Vec<String> = (0..1 + random.below(12)).map(|_| paragraph(&mut random)).collect();
        let text = paragraphs.join("\n\n");
        if recent.len() == 1000 {
            recent.remove(random.below(1000));
        }
        recent.push((id.clone(), text.clone()));
        Planted { id, text, origin: None }
    })
}
