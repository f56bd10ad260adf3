//! Which files changed, asked of the `git` command.

use crate::failure::Failure;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// The files that were added or changed since a commit, whether committed or
/// not, as canonical paths. For a range `A..B` or `A...B` those it changes.
pub(crate) fn changed_files(since: &str) -> Result<BTreeSet<PathBuf>, Failure> {
    let top = git(&["rev-parse", "--show-toplevel"])
        .map_err(|cause| Failure::new("--since needs a git repository").because(cause))?;
    let top = PathBuf::from(os_str(top.trim_ascii_end()));
    let is_range = since.contains("..");
    let ends = since.split("..").map(|end| end.trim_start_matches('.')).filter(|end| !end.is_empty());
    for end in ends {
        let commit = format!("{end}^{{commit}}");
        git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| unknown(end))?;
    }
    let what: &[&str] = if is_range { &[] } else { &["--merge-base"] };
    let mut diff = vec!["diff", "--name-only", "-z", "--diff-filter=d", "--no-renames"];
    diff.extend(what);
    diff.extend(["--end-of-options", since, "--"]);
    let mut names = git(&diff).map_err(|cause| {
        let failure = Failure::new(format!("cannot tell what changed since {since}")).because(cause);
        if is_shallow() {
            failure.hint(DEEPER)
        } else {
            failure.hint("give a commit that this branch came from")
        }
    })?;
    if !is_range {
        let untracked = git(&["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"]);
        names.extend(untracked.map_err(|cause| Failure::new("cannot list untracked files").because(cause))?);
    }
    let files = names.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    Ok(files.filter_map(|name| top.join(os_str(name)).canonicalize().ok()).collect())
}

const DEEPER: &str = "this clone is shallow; fetch the history (actions/checkout: `fetch-depth: 0`, \
                      GitLab: `GIT_DEPTH: 0`, else `git fetch --unshallow`)";

fn unknown(end: &str) -> Failure {
    let failure = Failure::new(format!("git knows no commit {end}"));
    if is_shallow() {
        return failure.because("the history of this clone is cut off").hint(DEEPER);
    }
    failure.hint("fetch the branch first, or give another commit, such as origin/main")
}

fn is_shallow() -> bool {
    git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.trim_ascii() == b"true")
}

/// Runs git and gives its output, or the last line of its complaint.
fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let done =
        Command::new("git").args(arguments).output().map_err(|error| format!("cannot run git: {error}"))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
    let last = complaint.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("git gave no reason");
    Err(last.to_owned())
}

#[cfg(unix)]
fn os_str(bytes: &[u8]) -> &OsStr {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes)
}

#[cfg(not(unix))]
fn os_str(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}
