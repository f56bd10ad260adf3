//! A JUnit report: one test case for every new document.
//!
//! A document with findings that make the check fail is a failed test; what
//! else was found of it stands in its output.

use super::check::{message, place_text};
use super::escape::visible;
use crate::check::Verdict;
use crate::corpus::DocId;
use crate::finding::Finding;
use std::collections::BTreeMap;
use std::io::Write;

/// Writes the report.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    let mut by_document: BTreeMap<DocId, Vec<&Finding>> = BTreeMap::new();
    for finding in verdict.worst_first() {
        by_document.entry(verdict.places(finding).0.document).or_default().push(finding);
    }
    let fails = |findings: &Vec<&Finding>| findings.iter().any(|finding| verdict.is_failure(finding));
    let n_failures = by_document.values().filter(|findings| fails(findings)).count();
    let mut tests: Vec<(&str, DocId)> = verdict
        .outcome
        .documents
        .ids
        .all()
        .filter(|(document, _)| verdict.origin(*document).is_new)
        .map(|(document, id)| (id, document))
        .collect();
    tests.sort_unstable();
    let n = tests.len();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="doppelt" tests="{n}" failures="{n_failures}" errors="0">"#)?;
    writeln!(
        out,
        r#"  <testsuite name="doppelt check" tests="{n}" failures="{n_failures}" errors="0" skipped="0">"#
    )?;
    for (id, document) in tests {
        let path = &verdict.origin(document).path;
        write!(
            out,
            r#"    <testcase classname="{}" name="{}" file="{}""#,
            escaped(path),
            escaped(id),
            escaped(path)
        )?;
        match by_document.get(&document) {
            None => writeln!(out, "/>")?,
            Some(findings) => {
                writeln!(out, ">")?;
                let (failed, noted): (Vec<&Finding>, Vec<&Finding>) =
                    findings.iter().partition(|finding| verdict.is_failure(finding));
                if let Some(first) = failed.first() {
                    let text = lines(verdict, &failed);
                    writeln!(
                        out,
                        r#"      <failure type="{}" message="{}">{text}</failure>"#,
                        first.rule.name(),
                        escaped(&message(verdict, first))
                    )?;
                }
                if !noted.is_empty() {
                    writeln!(out, "      <system-out>{}</system-out>", lines(verdict, &noted))?;
                }
                writeln!(out, "    </testcase>")?;
            }
        }
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// One line a finding.
fn lines(verdict: &Verdict, findings: &[&Finding]) -> String {
    let line = |finding: &&Finding| {
        let name = place_text(verdict, finding, verdict.places(finding).0);
        escaped(&format!("{name}: {}: {}", finding.rule.name(), message(verdict, finding)))
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Text as XML content or attribute.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&apos;"),
            // No XML text may hold these.
            '\u{FFFE}' | '\u{FFFF}' => shown.push('\u{FFFD}'),
            _ => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        assert_eq!(escaped("a\"<b>&'\u{0}\n]]>"), "a&quot;&lt;b&gt;&amp;&apos;\\u{0}\\u{a}]]&gt;");
    }
}
