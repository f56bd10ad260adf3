//! Cuts normalised text into words and hashes them.
//!
//! Sixty-four bytes at a time become a bit mask of word bytes; where the mask
//! changes, a word begins or ends. The classification is written so that the
//! compiler turns it into vector instructions on every target, without any
//! `unsafe`. Hashing loads a word as two 8-byte halves, so a word of up to 16
//! bytes costs one multiplication.

use super::normalize::Normalized;
use crate::hash::hash_word_at;

/// A word as normalised byte offsets, start and end.
pub type WordSpan = (u32, u32);

/// All words of a text.
#[must_use]
pub fn spans(text: &Normalized) -> Vec<WordSpan> {
    let mut spans = vec![];
    fill_spans(text, &mut spans);
    spans
}

/// All words of a text, into a buffer that is kept between texts.
pub fn fill_spans(text: &Normalized, spans: &mut Vec<WordSpan>) {
    spans.clear();
    let mut open = None;
    // The padding is no word, so a word at the end is closed by it.
    let (blocks, _) = text.padded().as_chunks::<64>();
    let mut inside = 0;
    for (i, block) in blocks.iter().enumerate() {
        let mask = word_mask(block);
        let mut borders = mask ^ (mask << 1 | inside);
        inside = mask >> 63;
        while borders != 0 {
            let at = i as u32 * 64 + borders.trailing_zeros();
            borders &= borders - 1;
            match open.take() {
                None => open = Some(at),
                Some(start) => spans.push((start, at)),
            }
        }
    }
    debug_assert!(open.is_none(), "the padding closes every word");
}

/// One bit a byte, the lowest for the first: is it part of a word?
#[inline(always)]
fn word_mask(block: &[u8; 64]) -> u64 {
    let mut class = [0u8; 64];
    for (class, &byte) in class.iter_mut().zip(block) {
        *class = u8::from(byte.wrapping_sub(b'a') < 26)
            | u8::from(byte.wrapping_sub(b'0') < 10)
            | u8::from(byte == b'_')
            | byte >> 7;
    }
    let (lanes, _) = class.as_chunks::<8>();
    // Multiplying eight 0/1 bytes by this moves byte i to bit 56 + i.
    let pack = |lane: &[u8; 8]| u64::from_le_bytes(*lane).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    lanes.iter().enumerate().fold(0, |mask, (i, lane)| mask | pack(lane) << (8 * i))
}

/// The hash of every word of a text, into buffers that are kept between texts.
pub fn fill_hashes(text: &Normalized, spans: &mut Vec<WordSpan>, hashes: &mut Vec<u64>) {
    fill_spans(text, spans);
    let bytes = text.padded();
    hashes.clear();
    hashes.extend(spans.iter().map(|&(start, end)| hash_word_at(bytes, start as usize, end as usize)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hash_word;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let normalized = Normalized::of(text);
        let spans = spans(&normalized);
        let words: Vec<&[u8]> =
            spans.iter().map(|&(start, end)| &normalized.bytes()[start as usize..end as usize]).collect();
        assert_eq!(words, expected.iter().map(|word| word.as_bytes()).collect::<Vec<_>>());
        let (mut again, mut hashes) = (vec![], vec![]);
        fill_hashes(&normalized, &mut again, &mut hashes);
        assert_eq!(hashes, words.iter().map(|word| hash_word(word)).collect::<Vec<_>>());
    }

    #[test]
    fn words_across_block_borders_stay_whole() {
        let long = "x".repeat(200);
        check(&long, &[&long]);
        for blanks in 60..68 {
            check(&format!("{}word next", " ".repeat(blanks)), &["word", "next"]);
        }
    }

    #[test]
    fn a_word_that_ends_the_text_is_a_word() {
        for length in [1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 128] {
            let word = "a".repeat(length);
            check(&word, &[&word]);
        }
    }

    #[test]
    fn words_of_seventeen_bytes_and_more_use_all_their_bytes() {
        let mut hashes = vec![];
        for last in ["a", "b"] {
            let normalized = Normalized::of(&format!("donaudampfschifffahrt{last}"));
            let mut one = vec![];
            fill_hashes(&normalized, &mut vec![], &mut one);
            hashes.extend(one);
        }
        assert_ne!(hashes[0], hashes[1]);
    }
}
