//! Shows foreign text without letting it do anything.

use std::fmt::Write;

/// The text with control characters and marks that reorder text as visible
/// escapes. Line breaks and tabs are escapes too.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(c, &mut shown);
    }
    shown
}

/// The same for text of several lines; line breaks stay, tabs become blanks.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => shown.push('\n'),
            '\t' => shown.push(' '),
            // Half of a line break; alone it would end a line in Markdown.
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push_visible(c, &mut shown),
        }
    }
    shown
}

fn push_visible(c: char, shown: &mut String) {
    let hidden = c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{061C}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    if hidden {
        let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
    } else {
        shown.push(c);
    }
}

/// A Markdown code span.
#[must_use]
pub fn code_span(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::from("` `");
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    // A blank inside keeps backticks at the ends apart from the fence.
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim() != text { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A fenced Markdown block whose content cannot close it.
#[must_use]
pub fn fenced(text: &str) -> String {
    fenced_as("text", text)
}

/// The same for text in some language.
#[must_use]
pub fn fenced_as(language: &str, text: &str) -> String {
    let text = visible_lines(text);
    let ticks = "`".repeat(longest_run(&text, '`').max(2) + 1);
    format!("{ticks}{language}\n{}\n{ticks}\n", text.trim_end_matches('\n'))
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(visible("a\x1b]0;x\x07b"), "a\\u{1b}]0;x\\u{7}b");
        assert_eq!(visible("a\u{202E}b\nc\td\u{85}"), "a\\u{202e}b\\u{a}c\\u{9}d\\u{85}");
        assert_eq!(visible_lines("a\r\nb\tc\0\rd"), "a\nb c\\u{0}\\u{d}d");
    }

    #[test]
    fn code_spans_and_fences_hold_any_backticks() {
        assert_eq!(code_span("a`b``c"), "```a`b``c```");
        assert_eq!(code_span("`"), "`` ` ``");
        assert_eq!(code_span(" a "), "`  a  `");
        assert!(fenced("x\n`````\ny").starts_with("``````text\n"));
    }
}
