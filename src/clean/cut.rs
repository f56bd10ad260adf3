//! Cuts passages out of a text so that the seams are clean: whole paragraphs
//! only, each with the blank lines that part it from the next.
//!
//! In a JSON record the same characters are cut out of the string as it is
//! written there, so that not a byte changes outside of them.

use crate::span::ByteSpan;
use crate::text::paragraphs::paragraphs;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// A stretch of bytes that goes, and the number of the span, or of the action,
/// that covers it.
pub(super) type Stretch = (Range<usize>, usize);

/// The bytes of `text` to take out for `spans`: paragraphs that lie in one of
/// them. Empty where no paragraph does, or where nothing would be left.
pub(super) fn stretches(text: &str, spans: &[ByteSpan]) -> Vec<Stretch> {
    let paragraphs = paragraphs(text);
    let covered: Vec<Option<usize>> = paragraphs
        .iter()
        .map(|paragraph| {
            spans.iter().position(|span| span.start <= paragraph.start && paragraph.end <= span.end)
        })
        .collect();
    if covered.iter().all(Option::is_some) {
        return vec![];
    }
    let line_start = |at: u32| text[..at as usize].rfind('\n').map_or(0, |line_break| line_break + 1);
    let mut found: Vec<Stretch> = vec![];
    let mut i = 0;
    while i < covered.len() {
        let Some(span) = covered[i] else {
            i += 1;
            continue;
        };
        let run = covered[i..].iter().take_while(|next| next.is_some()).count();
        let follows = i + run;
        let range = match paragraphs.get(follows) {
            Some(next) => line_start(paragraphs[i].start)..line_start(next.start),
            // At the end of the text the blank lines before it go. Something
            // stands before it, as not everything is covered.
            None => paragraphs[i.saturating_sub(1)].end as usize..paragraphs[follows - 1].end as usize,
        };
        if !range.is_empty() {
            found.push((range, span));
        }
        i = follows;
    }
    found
}

/// Where stretches of the text of a record stand in its line.
pub(super) fn in_json(line: &[u8], field: &str, stretches: &[Stretch]) -> Option<Vec<Stretch>> {
    let record = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let fields: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_slice(record).ok()?;
    let literal = fields.get(field)?.get();
    // The value is borrowed from the line, so its address tells its offset.
    let start = (literal.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut wanted: Vec<usize> = stretches.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut raw_of = HashMap::new();
    let (mut raw, mut text) = (0, 0);
    let mut next = wanted.iter().peekable();
    loop {
        while next.next_if(|&&at| at == text).is_some() {
            raw_of.insert(text, start + 1 + raw);
        }
        if raw == inner.len() {
            break;
        }
        let (raw_length, text_length) = character(&inner[raw..])?;
        raw += raw_length;
        text += text_length;
    }
    stretches
        .iter()
        .map(|(range, span)| Some((*raw_of.get(&range.start)?..*raw_of.get(&range.end)?, *span)))
        .collect()
}

/// Length of the first character of a JSON string as written, and as text.
fn character(literal: &str) -> Option<(usize, usize)> {
    let first = literal.chars().next()?;
    if first != '\\' {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    if literal.as_bytes().get(1) != Some(&b'u') {
        return Some((2, 1));
    }
    let unit = |at: usize| u32::from_str_radix(literal.get(at..at + 4)?, 16).ok();
    match unit(2)? {
        0xD800..=0xDBFF => Some((12, 4)),
        unit => Some((6, char::from_u32(unit)?.len_utf8())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, stretches: &[Stretch]) -> String {
        let mut left = text.to_owned();
        for (range, _) in stretches.iter().rev() {
            left.replace_range(range.clone(), "");
        }
        left
    }

    #[track_caller]
    fn check(text: &str, passages: &[&str], expected: &str) {
        let spans: Vec<ByteSpan> = passages
            .iter()
            .map(|passage| text.rfind(passage).map(|at| ByteSpan::new(at, at + passage.len())).unwrap())
            .collect();
        let found = stretches(text, &spans);
        assert_eq!(without(text, &found), expected);
        let line = serde_json::json!({"id": 1, "text": text, "x": "y"}).to_string();
        let escaped: String = line
            .chars()
            .map(|c| {
                if c == 'ä' {
                    "\\u00e4".into()
                } else if c == '😀' {
                    "\\ud83d\\ude00".into()
                } else {
                    c.to_string()
                }
            })
            .collect();
        for line in [line, escaped] {
            let in_line = in_json(line.as_bytes(), "text", &found).unwrap();
            let cut: serde_json::Value = serde_json::from_str(&without(&line, &in_line)).unwrap();
            assert_eq!(cut["text"], expected);
        }
    }

    #[test]
    fn seams_are_clean_at_the_start_in_the_middle_and_at_the_end() {
        check("äins.\n\nzwei.\n\ndrei.\n", &["zwei."], "äins.\n\ndrei.\n");
        check("äins.\n\nzwei.\n\ndrei.\n", &["äins."], "zwei.\n\ndrei.\n");
        check("äins.\n\nzwei 😀.\n\ndrei.\n", &["drei."], "äins.\n\nzwei 😀.\n");
        check("ä😀.\r\n\r\n  \"zwei\".\r\n\r\ndrei.", &["drei.", "\"zwei\"."], "ä😀.");
        check("Er kam.\nEr sah.\nEr ging.\n", &["Er sah."], "Er kam.\nEr ging.\n");
    }

    #[test]
    fn parts_of_paragraphs_stay_and_no_text_is_emptied() {
        check("eins zwei.\n\ndrei.", &["zwei."], "eins zwei.\n\ndrei.");
        check("eins.\n\nzwei.", &["eins.", "zwei."], "eins.\n\nzwei.");
    }
}
