//! Places in a text: byte ranges and the lines they fall on.
//!
//! Offsets are half-open byte ranges into the original text, lines count from
//! 1, and a column is a Unicode scalar value. [`Lines`] turns one into the
//! other by binary search over the line starts.

use serde::Serialize;

/// A half-open range of bytes of a text, `start <= end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSpan {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl ByteSpan {
    /// The span from `start` to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forwards");
        // Texts are limited to 4 GiB where they are read.
        Self { start: start as u32, end: end as u32 }
    }

    /// What the span cuts out of `text`, moved inwards to character borders
    /// where it would split a character, and empty where it lies outside.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        let end = text.floor_char_boundary(self.end as usize);
        let start = text.ceil_char_boundary((self.start as usize).min(end)).min(end);
        &text[start..end]
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Serialize for ByteSpan {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.start, self.end].serialize(serializer)
    }
}

/// First and last line of a passage, counted from 1, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineSpan {
    /// The line the passage starts on.
    pub first: u32,
    /// The line the passage ends on.
    pub last: u32,
}

impl Serialize for LineSpan {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.first, self.last].serialize(serializer)
    }
}

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Finds the line starts of `text`; a line ends with `\n`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let after_breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The line that holds byte `offset`, counted from 1.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The lines a span touches.
    #[must_use]
    pub fn span(&self, span: ByteSpan) -> LineSpan {
        let last = if span.is_empty() { span.start } else { span.end - 1 };
        LineSpan { first: self.line_of(span.start), last: self.line_of(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_and_a_break_belongs_to_its_line() {
        let lines = Lines::of("ab\ncd\n\nef");
        assert_eq!([0, 2, 3, 6, 7, 8].map(|at| lines.line_of(at)), [1, 1, 2, 3, 4, 4]);
        assert_eq!(lines.span(ByteSpan::new(3, 5)), LineSpan { first: 2, last: 2 });
        assert_eq!(lines.span(ByteSpan::new(0, 9)), LineSpan { first: 1, last: 4 });
    }

    #[test]
    fn a_span_never_splits_a_character() {
        assert_eq!(ByteSpan::new(1, 3).of("äö"), "");
        assert_eq!(ByteSpan::new(0, 3).of("äö"), "ä");
        assert_eq!(ByteSpan::new(2, 99).of("äö"), "ö");
        assert_eq!(ByteSpan::new(50, 99).of("äö"), "");
    }
}
