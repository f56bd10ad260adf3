//! A code quality report for GitLab: a JSON list of issues.
//!
//! GitLab shows one issue a fingerprint, so each carries one of its own: of
//! the finding, the file, and the number among equals.

use super::check::message;
use super::escape::visible;
use crate::check::Verdict;
use crate::finding::Severity;
use crate::hash::hash128;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;

/// Writes the report.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, out: &mut dyn Write) -> std::io::Result<()> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut issues = vec![];
    for finding in verdict.worst_first() {
        let (at, _) = verdict.places(finding);
        let location = verdict.location(at);
        let key = format!("{}\n{}", finding.fingerprint, location.path);
        let number = seen.entry(key.clone()).and_modify(|number| *number += 1).or_default();
        issues.push(json!({
            "description": visible(&message(verdict, finding)),
            "check_name": finding.rule.name(),
            "fingerprint": format!("{:032x}", hash128(format!("{key}\n{number}").as_bytes())),
            "severity": match verdict.severity(finding) {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            "location": {
                "path": location.path,
                "lines": { "begin": location.first, "end": location.last },
            },
        }));
    }
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}
