//! Hashes whose values are frozen.
//!
//! Signatures, band keys, fingerprints and digests must be the same on every
//! machine and in every build, so nothing here may change without a new
//! [`ALGORITHM`] number; the test vectors below hold it in place. Words and
//! shingles, of which there are hundreds of millions, are mixed with a folded
//! 64 × 64 → 128 bit product; bytes of any length go through XXH3.
//! (`ahash` is for maps within one run: its values differ between builds.)

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128};

/// Changes whenever a value computed here changes meaning.
pub const ALGORITHM: u32 = 1;

// Odd constants with well-mixed bits: the fractional parts of the square
// roots of the first primes, made odd.
const K0: u64 = 0x6a09_e667_f3bc_c909;
const K1: u64 = 0xbb67_ae85_84ca_a73b;

/// The product of `a` and `b` in 128 bits, its halves folded together.
#[inline(always)]
#[must_use]
pub fn fold_multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

/// Mixes a 64-bit value so that every output bit depends on every input bit.
#[inline(always)]
#[must_use]
pub fn mix(value: u64) -> u64 {
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Hash of a word of at most 16 bytes, given as two zero-padded
/// little-endian halves. Words hold no zero byte, so padding is unambiguous.
#[inline(always)]
#[must_use]
pub fn hash_short_word(low: u64, high: u64) -> u64 {
    fold_multiply(low ^ K0, high ^ K1)
}

/// Hash of a word of any length; agrees with [`hash_short_word`] up to 16 bytes.
#[must_use]
pub fn hash_word(word: &[u8]) -> u64 {
    let mut chunks = word.chunks(16).map(|chunk| {
        let mut padded = [0; 16];
        padded[..chunk.len()].copy_from_slice(chunk);
        let value = u128::from_le_bytes(padded);
        hash_short_word(value as u64, (value >> 64) as u64)
    });
    let first = chunks.next().unwrap_or(0);
    chunks.fold(first, |hash, chunk| mix(hash.rotate_left(23) ^ chunk))
}

/// [`hash_word`] of the word at `start..end`; quicker where 16 bytes can be
/// read from its start on.
#[inline(always)]
#[must_use]
pub fn hash_word_at(bytes: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    let Some(&wide) = bytes[start..].first_chunk::<16>() else { return hash_word(&bytes[start..end]) };
    if length > 16 || length == 0 {
        return hash_word(&bytes[start..end]);
    }
    let value = u128::from_le_bytes(wide) & (u128::MAX >> (128 - 8 * length as u32));
    hash_short_word(value as u64, (value >> 64) as u64)
}

/// 64-bit hash of bytes, for band keys, identifiers and fingerprints.
#[must_use]
pub fn hash64(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// 64-bit hash of bytes at a place, for checksums of blocks.
#[must_use]
pub fn checksum(bytes: &[u8], place: u64) -> u64 {
    xxh3_64_with_seed(bytes, place)
}

/// 128-bit hash of bytes, for digests.
#[must_use]
pub fn hash128(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // These values stand in indexes and baselines. If this test fails, the
    // code is wrong, not the test.
    #[test]
    fn values_are_frozen() {
        assert_eq!(hash_word(b"a"), 0x0dba_ca5e_746b_1d5a, "{:#x}", hash_word(b"a"));
        assert_eq!(hash64(b"doppelt"), 0xaa2d_cc27_e2c6_7753, "{:#x}", hash64(b"doppelt"));
    }

    #[test]
    fn short_and_long_paths_agree_up_to_sixteen_bytes() {
        for length in 1..=16 {
            let word = &b"abcdefghijklmnop"[..length];
            let mut padded = [0; 16];
            padded[..length].copy_from_slice(word);
            let low = u64::from_le_bytes(padded[..8].try_into().unwrap());
            let high = u64::from_le_bytes(padded[8..].try_into().unwrap());
            assert_eq!(hash_word(word), hash_short_word(low, high));
        }
    }

    #[test]
    fn words_that_differ_in_one_byte_differ() {
        let words: std::collections::BTreeSet<u64> =
            (1..=255u8).map(|byte| hash_word(&[b'x', byte, b'y'])).collect();
        assert_eq!(words.len(), 255);
    }
}
