//! What `clean` did, for people: the sums, what was removed for what, and what
//! was left as it is.

use super::escape::{code_span, fenced};
use crate::clean::{Action, Cleaned, Manifest, Plan, Step};
use crate::corpus::Skipped;
use crate::finding::Rule;
use std::fmt::Write as _;
use std::io::Write;

/// Removals listed of one rule; `removed.jsonl` has them all.
const SHOWN: usize = 50;

/// Writes the report of a run.
///
/// # Errors
///
/// What writing returns.
pub fn write(plan: &Plan, cleaned: &Cleaned, out: &mut dyn Write) -> std::io::Result<()> {
    let mut text = String::from("# What was taken out of this corpus\n\n");
    text.push_str(&sums(&cleaned.manifest));
    let refused: ahash::AHashSet<&str> =
        cleaned.refused.iter().map(|refused| refused.document.as_str()).collect();
    for step in [Step::Remove, Step::Cut] {
        for rule in Rule::ALL {
            let actions: Vec<&Action> = plan
                .actions
                .iter()
                .filter(|action| action.action == step && action.rule == rule.name())
                .filter(|action| !refused.contains(action.document.as_str()))
                .collect();
            if !actions.is_empty() {
                text.push_str(&section(step, rule, &actions));
            }
        }
    }
    text.push_str(&left_out("Refused", &cleaned.refused));
    text.push_str(&left_out("Left as it is", &cleaned.skipped));
    let parameters: Vec<String> = cleaned
        .manifest
        .parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name} {}", code_span(value)))
        .collect();
    let _ = write!(
        text,
        "## How to get this again\n\ndoppelt {}, {}.\nDigest `{}`.\n",
        cleaned.manifest.tool.version,
        parameters.join(", "),
        cleaned.manifest.digest
    );
    out.write_all(text.as_bytes())
}

fn sums(manifest: &Manifest) -> String {
    let counts = &manifest.counts;
    let mut text = format!(
        "| | input | kept | removed |\n| --- | ---: | ---: | ---: |\n\
         | documents | {} | {} | {} |\n| files | {} | {} | {} |\n\n",
        counts.documents.input,
        counts.documents.kept,
        counts.documents.removed,
        counts.files.input,
        counts.files.kept,
        counts.files.removed
    );
    if counts.passages_cut > 0 {
        let _ = writeln!(text, "Passages cut out of documents that stay: {}.\n", counts.passages_cut);
    }
    text.push_str(
        "Everything that was removed stands in `removed.jsonl`; `doppelt restore` puts it back.\n\n",
    );
    text
}

fn section(step: Step, rule: Rule, actions: &[&Action]) -> String {
    let heading = match step {
        Step::Remove => format!("Removed: {}", rule.description()),
        Step::Cut => format!("Cut: {}", rule.description()),
    };
    let mut text = format!("## {heading}\n\n");
    for action in actions.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "- {} for {} (Jaccard {:.4}, containment {:.4})",
            code_span(&action.document),
            code_span(&action.kept),
            action.similarity,
            action.containment
        );
        if step == Step::Cut {
            let _ = writeln!(text, "\n{}", fenced(&action.excerpt));
        }
    }
    if actions.len() > SHOWN {
        let _ = writeln!(text, "- and {} more", actions.len() - SHOWN);
    }
    text.push('\n');
    text
}

fn left_out(heading: &str, skipped: &[Skipped]) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let mut text = format!("## {heading}\n\n");
    for Skipped { document, reason } in skipped.iter().take(SHOWN) {
        let _ = writeln!(text, "- {}: {}", code_span(document), code_span(reason));
    }
    if skipped.len() > SHOWN {
        let _ = writeln!(text, "- and {} more", skipped.len() - SHOWN);
    }
    text.push('\n');
    text
}
