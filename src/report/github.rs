//! Annotations for GitHub Actions.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, so the
//! worst are written and the rest is counted. Everything foreign is escaped as
//! the workflow commands ask for; no line begins with it.

use super::check::{message, summary};
use super::escape::visible;
use crate::check::Verdict;
use crate::finding::{Finding, Severity};
use std::io::Write;

/// Annotations of one kind that GitHub shows for a step.
const SHOWN: usize = 10;

/// Writes the annotations and a line that sums up.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    let findings = verdict.worst_first();
    let mut n_shown = 0;
    for (severity, command) in
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")]
    {
        let of_kind = findings.iter().filter(|finding| verdict.severity(finding) == severity);
        for finding in of_kind.take(SHOWN) {
            writeln!(out, "{}", annotation(verdict, finding, command))?;
            n_shown += 1;
        }
    }
    if n_shown < findings.len() {
        writeln!(out, "doppelt: {} more findings are not annotated", findings.len() - n_shown)?;
    }
    if !verdict.stale.is_empty() {
        let fingerprints: Vec<&str> = verdict.stale.iter().map(|entry| entry.fingerprint.as_str()).collect();
        writeln!(out, "doppelt: stale entries of the baseline: {}", fingerprints.join(", "))?;
    }
    writeln!(out, "doppelt: {}", summary(verdict))
}

fn annotation(verdict: &Verdict, finding: &Finding, command: &str) -> String {
    let (at, _) = verdict.places(finding);
    let location = verdict.location(at);
    format!(
        "::{command} file={},line={},endLine={},title={}::{}",
        property(location.path),
        location.first,
        location.last,
        property(&format!("doppelt: {}", finding.rule.name())),
        data(&message(verdict, finding)),
    )
}

/// The message of a command.
fn data(text: &str) -> String {
    // The older form of commands, `##[…]`, is found anywhere in a line.
    visible(text).replace('%', "%25").replace("##", "# #")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_end_a_command_or_begin_one() {
        assert_eq!(property("a,line=1::x\n::error::y"), "a%2Cline=1%3A%3Ax\\u{a}%3A%3Aerror%3A%3Ay");
        assert_eq!(data("100%\r\n::set-output name=x::y"), "100%25\\u{d}\\u{a}::set-output name=x::y");
        assert_eq!(data("##[error]x ##vso[task]"), "# #[error]x # #vso[task]");
    }
}
