//! `clean` under faults: killed, out of room, or with a disk that fails, at
//! random moments, over random corpora in every format. Whatever happens, every
//! text is in the input, and where a run says it is done, in its output.
//!
//! `DOPPELT_SEEDS=200 cargo test --test faults` tries more corpora.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails where its ground is not there")]
#![allow(clippy::disallowed_methods, reason = "how many corpora to try is told by the environment")]
#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::corpora::{Dice, corpus, removed_texts, texts_of};
use support::{clean, program, restore, tree};

const PROGRAM: &str = env!("CARGO_BIN_EXE_doppelt");

/// What goes wrong.
#[derive(Debug)]
enum Fault {
    /// The process is gone after so long.
    Kill(Duration),
    /// No file may grow beyond so many blocks.
    Limit(u64),
    /// A system call fails from its n-th time on, or that one time.
    Call { call: &'static str, error: &'static str, nth: u64, lasting: bool },
}

impl Fault {
    fn random(dice: &mut Dice, whole: Duration, can_trace: bool) -> Self {
        match dice.below(if can_trace { 6 } else { 2 }) {
            0 => Self::Kill(Duration::from_micros(dice.below(whole.as_micros() as u64 + 1))),
            1 => Self::Limit([0, 1, 2, 4, 8, 16, 32, 64][dice.below(8) as usize]),
            n => {
                let (call, most) =
                    [("write", 40), ("fsync", 25), ("rename,renameat,renameat2", 25), ("read", 60)]
                        [n as usize - 2];
                let error = if n == 5 || dice.below(2) == 0 { "EIO" } else { "ENOSPC" };
                Self::Call { call, error, nth: 1 + dice.below(most), lasting: dice.below(2) == 0 }
            }
        }
    }

    /// Runs `clean` and lets it happen; the exit code, if there is one.
    fn strike(&self, input: &Path, out: &Path, flags: &[String]) -> Option<i32> {
        let mut command = match self {
            Self::Kill(_) => program(),
            Self::Limit(blocks) => {
                let mut command = Command::new("sh");
                // Ignored, the signal becomes an error of the write.
                let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
                command.args(["-c", &script, PROGRAM]);
                command
            }
            Self::Call { call, error, nth, lasting } => {
                let plus = if *lasting { "+" } else { "" };
                let mut command = Command::new("strace");
                command.args(["-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e"]);
                command.arg(format!("inject={call}:error={error}:when={nth}{plus}")).arg(PROGRAM);
                command
            }
        };
        command.arg("clean").arg(input).arg("--out").arg(out).args(flags);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if let Self::Kill(after) = self {
            std::thread::sleep(*after);
            child.kill().unwrap();
        }
        child.wait().unwrap().code()
    }
}

/// Whether faults can be injected into system calls here.
fn can_trace() -> bool {
    let mut command = Command::new("strace");
    command.args(["-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"]);
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn random_flags(dice: &mut Dice) -> Vec<String> {
    let mut flags = vec!["--quiet".to_owned(), "--threads".to_owned(), (1 + dice.below(4)).to_string()];
    flags.extend(["--keep".into(), ["longest", "first"][dice.below(2) as usize].into()]);
    if dice.below(2) == 0 {
        flags.extend(["--passages".into(), "remove".into()]);
    }
    if dice.below(3) == 0 {
        flags.push("--per-language".into());
    }
    if dice.below(4) == 0 {
        flags.extend(["--protect".into(), "deep/**".into()]);
    }
    flags
}

#[test]
fn every_text_still_exists_whatever_goes_wrong() {
    let seeds = std::env::var("DOPPELT_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let can_trace = can_trace();
    let (mut struck, mut finished) = (0, 0);
    for seed in 0..seeds {
        let mut dice = Dice(seed * 7919 + 1);
        let temp = tempfile::tempdir().unwrap();
        let [input, out, back, whole_out] = ["in", "out", "back", "whole"].map(|name| temp.path().join(name));
        let n = 10 + dice.below(220) as usize;
        corpus(&input, seed, n);
        #[cfg(feature = "parquet")]
        support::corpora::add_rows_and_archive(&input, seed, n / 3);
        let flags = random_flags(&mut dice);
        let (before, texts) = (tree(&input), texts_of(&input));
        let more: Vec<&str> = flags.iter().skip(1).map(String::as_str).collect();
        let started = Instant::now();
        let (code, digest) = clean(&input, &whole_out, &more);
        let whole = started.elapsed();
        assert_eq!(code, 3, "seed {seed}: broken files are named");
        for _ in 0..4 {
            let fault = Fault::random(&mut dice, whole, can_trace);
            let code = fault.strike(&input, &out, &flags);
            assert_eq!(tree(&input), before, "seed {seed}, {fault:?}: the input is only read");
            struck += u32::from(code != Some(3));
            if !out.join("manifest.json").exists() {
                assert_ne!(code, Some(0), "seed {seed}, {fault:?}: not done is never success");
                continue;
            }
            finished += 1;
            check_output(&out, &texts, &format!("seed {seed}, {fault:?}, code {code:?}"), &more);
            if dice.below(2) == 0 {
                std::fs::remove_dir_all(&out).unwrap();
            }
        }
        // What could not be read for a moment is left as it is, and that is another run.
        if out.join("manifest.json").exists() {
            std::fs::remove_dir_all(&out).unwrap();
        }
        assert_eq!(clean(&input, &out, &more), (3, digest), "seed {seed}: the same command ends the same");
        check_output(&out, &texts, &format!("seed {seed}, in the end"), &more);
        assert_eq!(restore(&out, &back), 0, "seed {seed}");
        assert_eq!(texts_of(&back), texts, "seed {seed}");
        assert_eq!(tree(&back).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "seed {seed}");
    }
    eprintln!("{struck} faults struck, {finished} runs finished in spite of them");
    assert!(struck > seeds as u32, "{struck} of {} faults were felt", 4 * seeds);
}

/// A run that says it is done holds every text: in its corpus or in what it removed.
fn check_output(out: &Path, texts: &std::collections::BTreeSet<Vec<u8>>, what: &str, flags: &[&str]) {
    if flags.contains(&"--passages") {
        // A text that was cut is whole again only when it is put back.
        let back = tempfile::tempdir().unwrap();
        assert_eq!(restore(out, back.path()), 0, "{what}");
        assert_eq!(texts_of(back.path()), *texts, "{what}");
        return;
    }
    let mut left = texts_of(&out.join("corpus"));
    left.extend(removed_texts(out));
    let lost: Vec<String> =
        texts.difference(&left).map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    assert!(lost.is_empty(), "{what}: {lost:?}");
}
