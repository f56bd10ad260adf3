//! Plans as JSON Lines: a head, then one action a line.
//!
//! A person may take lines out; what is left is checked against the corpus
//! before anything is written.

use super::plan::{Action, Plan, rounded};
use crate::corpus::Skipped;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;

const SCHEMA: &str = "doppelt.plan/1";

#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
    parameters: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<Skipped>,
    /// What the input looked like; only in the notes of an unfinished run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<String>,
}

/// Writes a plan; `input` tells what the input looked like.
///
/// # Errors
///
/// What writing returns.
pub fn write(plan: &Plan, input: Option<&str>, out: &mut dyn Write) -> std::io::Result<()> {
    let head = Head {
        schema: SCHEMA.into(),
        parameters: plan.parameters.clone(),
        skipped: plan.skipped.clone(),
        input: input.map(str::to_owned),
    };
    serde_json::to_writer(&mut *out, &head)?;
    out.write_all(b"\n")?;
    for action in &plan.actions {
        serde_json::to_writer(&mut *out, action)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Reads a plan and what the input looked like.
///
/// # Errors
///
/// When the file cannot be read or is no plan.
pub fn read(path: &Path) -> Result<(Plan, Option<String>)> {
    let file = std::fs::File::open(path).map_err(|error| Error::io("open", path, &error))?;
    let mut lines = std::io::BufReader::with_capacity(1 << 16, file).lines();
    let no_plan = |line: usize, why: String| {
        Error::damaged(format!("{} is not a plan", path.display()))
            .because(format!("line {line}: {why}"))
            .hint("make one with doppelt clean PATH --dry-run --output FILE")
    };
    let first =
        lines.next().transpose().map_err(|error| Error::io("read", path, &error))?.unwrap_or_default();
    let head: Head = serde_json::from_str(&first).map_err(|error| no_plan(1, error.to_string()))?;
    if head.schema != SCHEMA {
        return Err(no_plan(1, format!("its schema is {} and not {SCHEMA}", head.schema)));
    }
    let mut actions = vec![];
    for (i, line) in lines.enumerate() {
        let line = line.map_err(|error| Error::io("read", path, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let action: Action =
            serde_json::from_str(&line).map_err(|error| no_plan(i + 2, error.to_string()))?;
        // The parser may miss the last bit of a number; what is written must be the same.
        let (similarity, containment) = (rounded(action.similarity), rounded(action.containment));
        actions.push(Action { similarity, containment, ..action });
    }
    Ok((Plan { parameters: head.parameters, actions, skipped: head.skipped }, head.input))
}
