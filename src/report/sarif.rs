//! SARIF 2.1.0, as code scanning services read it.
//!
//! URIs are relative and percent-encoded, columns count Unicode scalar values,
//! every result carries its fingerprint and the other places as related
//! locations. GitHub stores 5,000 results of a run, so the worst are written
//! and a notification counts the rest.

use super::check::{message, place_text};
use super::escape::visible;
use crate::check::Verdict;
use crate::finding::{Finding, FoundAt, Measure, Rule, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// Results that GitHub stores of one run.
pub const RESULTS: usize = 5_000;
/// Where the project is at home, if its manifest says so.
const HOME: Option<&str> = home(env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY"));
/// Other places given of one result; GitHub shows 100.
const RELATED: usize = 100;

/// Writes the log of a run of the command `command`.
///
/// # Errors
///
/// What writing returns.
pub fn write(verdict: &Verdict, command: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let findings = verdict.worst_first();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut results = vec![];
    for finding in findings.iter().take(RESULTS) {
        let number = seen.entry(&finding.fingerprint).and_modify(|number| *number += 1).or_insert(1);
        results.push(result(verdict, finding, *number));
    }
    let mut notifications = vec![];
    if findings.len() > RESULTS {
        notifications.push(json!({
            "level": "warning",
            "message": { "text": format!("{} of {} findings are given, the worst first.", RESULTS, findings.len()) },
        }));
    }
    for entry in verdict.stale.iter().take(100) {
        let documents: Vec<String> = entry.documents.iter().map(|name| visible(name)).collect();
        let text = format!(
            "The accepted {} {} is found no more: {}.",
            entry.rule.name(),
            entry.fingerprint,
            documents.join(", ")
        );
        notifications.push(json!({ "level": "note", "message": { "text": text } }));
    }
    let mut driver = json!({
        "name": "doppelt",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": Rule::ALL.map(|rule| rule_value(verdict, rule)),
    });
    if let Some(home) = HOME {
        driver["informationUri"] = json!(home);
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "automationDetails": { "id": format!("doppelt/{command}/") },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "SRCROOT": {
                "description": { "text": "The folder that doppelt was started in." },
            } },
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// The first address that is given.
const fn home(homepage: &'static str, repository: &'static str) -> Option<&'static str> {
    match (homepage.is_empty(), repository.is_empty()) {
        (false, _) => Some(homepage),
        (true, false) => Some(repository),
        (true, true) => None,
    }
}

fn rule_value(verdict: &Verdict, rule: Rule) -> Value {
    let severity = verdict.severities.of(rule);
    let help = help(rule);
    json!({
        "id": rule.name(),
        "name": pascal_case(rule.name()),
        "shortDescription": { "text": sentence(rule.description()) },
        "fullDescription": { "text": help },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": {
            "enabled": severity.is_some(),
            "level": level(severity.unwrap_or(rule.severity())),
        },
        "properties": { "tags": ["duplication", "text"], "precision": "very-high" },
    })
}

/// What to do about a finding of this rule.
fn help(rule: Rule) -> &'static str {
    match rule {
        Rule::ExactDuplicate => {
            "Both documents hold the same bytes. Keep one of them and remove the other, or accept the finding with `doppelt baseline update`."
        }
        Rule::NearDuplicate => {
            "Both documents use nearly the same words: the Jaccard similarity of their word shingles reaches the threshold. Keep the better one, or accept the finding with `doppelt baseline update`."
        }
        Rule::ContainedDocument => {
            "Nearly all word shingles of one document stand in the other, larger one. Keep the larger one, or accept the finding with `doppelt baseline update`."
        }
        Rule::RepeatedPassage => {
            "The same passage stands in several places, in one document or in several. Remove all but one of them, or accept the finding with `doppelt baseline update`."
        }
        Rule::CrossLanguagePair => {
            "Both documents report the same event in two languages; the facts they share are the evidence. Accept the finding with `doppelt baseline update` if both are wanted."
        }
    }
}

fn result(verdict: &Verdict, finding: &Finding, number: usize) -> Value {
    let (at, others) = verdict.places(finding);
    let related: Vec<Value> = others
        .iter()
        .take(RELATED)
        .enumerate()
        .map(|(i, other)| {
            let mut location = location(verdict, other);
            location["id"] = json!(i);
            location["message"] = json!({ "text": escaped(&place_text(verdict, finding, other)) });
            location
        })
        .collect();
    let text = escaped(&message(verdict, finding));
    let text = match others.first() {
        // The first other place becomes a link to its related location.
        Some(other) => {
            let name = escaped(&place_text(verdict, finding, other));
            text.replacen(&name, &format!("[{name}](0)"), 1)
        }
        None => text,
    };
    let properties = match &finding.measure {
        Measure::Shingles(overlap) => {
            json!({ "similarity": overlap.jaccard(), "containment": overlap.containment() })
        }
        Measure::Event { score, .. } => json!({ "score": score }),
    };
    json!({
        "ruleId": finding.rule.name(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
        "level": level(verdict.severity(finding)),
        "message": { "text": sentence(&text) },
        "locations": [location(verdict, at)],
        "relatedLocations": related,
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:{number}", finding.fingerprint),
            "doppeltFinding/v1": finding.fingerprint,
        },
        "properties": properties,
    })
}

fn location(verdict: &Verdict, place: &FoundAt) -> Value {
    let location = verdict.location(place);
    let uri = uri(location.path);
    let artifact = match uri.starts_with("file:") {
        true => json!({ "uri": uri }),
        false => json!({ "uri": uri, "uriBaseId": "SRCROOT" }),
    };
    json!({ "physicalLocation": {
        "artifactLocation": artifact,
        "region": { "startLine": location.first, "endLine": location.last },
    } })
}

/// A path as a URI reference: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// Text of a message, where brackets would make a link.
fn escaped(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// With a capital and a full stop, as viewers expect.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn pascal_case(name: &str) -> String {
    let capitalised = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    name.split('-').map(capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ö#?%.txt"), "a%20b/%C3%B6%23%3F%25.txt");
        assert_eq!(uri("<img src=x>"), "%3Cimg%20src%3Dx%3E");
        assert_eq!(uri("/tmp/a:b.txt"), "file:///tmp/a%3Ab.txt");
    }

    #[test]
    fn the_home_is_the_first_address_there_is() {
        assert_eq!(home("a", "b"), Some("a"));
        assert_eq!(home("", "b"), Some("b"));
        assert_eq!(home("", ""), None);
    }

    #[test]
    fn names_make_no_links() {
        assert_eq!(escaped("a[b](0)\\c\n"), "a\\[b\\](0)\\\\c\\\\u{a}");
    }
}
