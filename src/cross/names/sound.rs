//! Settles a run of phonemes into the one form that all spellings share.
//!
//! What comes in is letter by letter and still shows how a word was spelled:
//! `t` and `S` for German tsch, `i` and `j` before a vowel, doubled letters.
//! While phonemes are appended, affricates join; at the end glides and endings
//! are made alike.

use super::Key;

/// Phonemes in the order of the word.
///
/// The letters are `a e i o u`, the glide `j`, the vowel `Y` (an i that is no
/// glide), the consonants `b d f g k l m n p r t v`, and `c` ts, `s` s or z,
/// `S` sh or zh, `C` ch, `J` dzh, `H` h or kh.
#[derive(Debug, Default)]
pub(super) struct Sounds(Vec<u8>);

impl Sounds {
    /// Forgets the phonemes of the word before.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Appends phonemes one by one.
    pub(super) fn extend(&mut self, phonemes: &[u8]) {
        for &phoneme in phonemes {
            self.push(phoneme);
        }
    }

    /// Appends a phoneme; with the one before it may become an affricate.
    pub(super) fn push(&mut self, phoneme: u8) {
        let joined = match (self.0.last(), phoneme) {
            (Some(b't' | b'c'), b'S') | (Some(b't'), b'C') => b'C',
            (Some(b't'), b's' | b'c') => b'c',
            (Some(b'd'), b'S' | b'J') => b'J',
            (Some(b'd'), b'c') => return self.0.push(b's'),
            // German doubles an s to keep it sharp; other doubles part names,
            // such as Weber and Webber.
            (Some(b's'), b's') => return,
            (Some(&last), _) if last == phoneme && b"cSCJH".contains(&last) => return,
            _ => return self.0.push(phoneme),
        };
        self.0.pop();
        self.0.push(joined);
    }

    /// The key: glides and endings made alike.
    pub(super) fn settled(&self) -> Key {
        let mut settled = Vec::with_capacity(self.0.len() + 1);
        let mut at = 0;
        while let Some(&phoneme) = self.0.get(at) {
            at += 1;
            match phoneme {
                b'j' if is_yo(&settled, &self.0[at..]) => {
                    settled.push(b'e');
                    at += 1;
                }
                b'i' | b'j' => {
                    while matches!(self.0.get(at), Some(b'i' | b'j')) {
                        at += 1;
                    }
                    settle_glide(&self.0[at..], &mut settled);
                }
                b'Y' => settled.push(b'i'),
                _ => settled.push(phoneme),
            }
        }
        settle_ending(&mut settled);
        Key::new(&settled)
    }
}

/// Whether the phoneme is a vowel; the glide is none.
pub(super) fn is_vowel(phoneme: u8) -> bool {
    matches!(phoneme, b'a' | b'e' | b'i' | b'o' | b'u' | b'Y')
}

/// Whether a j is the first half of a ё that may be written е: between
/// consonants, but not before r and a consonant, for Bjorn is not Bern.
fn is_yo(settled: &[u8], following: &[u8]) -> bool {
    let is_consonant = |phoneme: &u8| !is_vowel(*phoneme) && *phoneme != b'j';
    settled.last().is_some_and(is_consonant)
        && match following {
            [b'o', b'r', next, ..] if is_consonant(next) => false,
            [b'o', next, ..] => is_consonant(next),
            _ => false,
        }
}

/// Writes a run of i and j by what follows it.
fn settle_glide(following: &[u8], settled: &mut Vec<u8>) {
    match following {
        // Meyer, Meier, Mejer: here the glide parts two syllables.
        [b'e', b'r'] if settled.last().is_some_and(|&last| is_vowel(last)) => settled.push(b'j'),
        // Je, ye and e are one letter in Russian.
        [b'e', ..] | [b'Y', ..] => {}
        [next, ..] if is_vowel(*next) => settled.push(b'j'),
        _ => settled.push(b'i'),
    }
}

fn settle_ending(settled: &mut Vec<u8>) {
    // After a hushing sound -ov and -ev are one ending: Gorbatschow, Gorbachev.
    let length = settled.len();
    let o = match settled.as_slice() {
        [.., b'S' | b'C' | b'J', b'o', b'v'] => Some(length - 2),
        [.., b'S' | b'C' | b'J', b'o', b'v', b'a'] => Some(length - 3),
        _ => None,
    };
    if let Some(o) = o {
        settled[o] = b'e';
    }
    // A double at the end is one sound: Philipp, Philip.
    if let [.., before, last] = settled.as_slice()
        && before == last
        && !is_vowel(*last)
    {
        settled.pop();
    }
    // Alexander and Aleksandr.
    let length = settled.len();
    if let [.., last, b'r'] = settled.as_slice()
        && !is_vowel(*last)
    {
        settled.insert(length - 1, b'e');
    }
}
