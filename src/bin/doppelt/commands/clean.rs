//! `doppelt clean`: write a corpus without what it holds twice.

use crate::args::{Common, KeepArguments};
use crate::failure::{Exit, Failure, note};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::clean::{Cleaned, Job, Manifest, Plan, Wish, planfile};
use doppelt::corpus::{Corpus, Skipped};
use doppelt::plural::counted;
use doppelt::report::cleaning;
use doppelt::scan::{Find, Scan};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The flags of `doppelt clean`.
#[derive(Debug, Args)]
#[command(after_help = "The output folder holds corpus/ (the cleaned files), removed.jsonl (everything
that was taken out, and why), report.md and, written last, manifest.json.
Killed at any moment, the same command goes on; `doppelt restore` puts the
original together again.

Examples:
  doppelt clean news/ --out cleaned
  doppelt clean news/ --dry-run --output plan.jsonl     look first, take lines out
  doppelt clean news/ --plan plan.jsonl --out cleaned   then do what is left of the plan
  doppelt clean corpus.jsonl.zst --out cleaned --keep newest --date-field published")]
pub(crate) struct Arguments {
    /// Files and folders: .txt, .md, .jsonl, each also as .gz or .zst; .parquet; '-' for JSON Lines on stdin
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) files: FilesFrom,
    /// Folder to write to; empty or not there yet
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    /// Write the plan and nothing else (to stdout, or --output FILE)
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Carry out a plan that --dry-run wrote, instead of making one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "dry_run")]
    pub(crate) plan: Option<PathBuf>,
    /// What to do with passages that stand in several documents or twice in one
    #[arg(long, value_enum, default_value = "report")]
    pub(crate) passages: Passages,
    #[command(flatten)]
    pub(crate) keep: KeepArguments,
    /// Look at the documents of each language alone
    #[arg(long)]
    pub(crate) per_language: bool,
    /// A run of so many equal words is a repeated passage wherever it stands [default: 50]
    #[arg(long, value_name = "WORDS")]
    pub(crate) min_run: Option<u32>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Passages {
    /// Leave them; `doppelt scan` names them
    Report,
    /// Cut whole paragraphs, but for one place of each
    Remove,
}

/// Plans, writes, and names what was left as it is.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut settings = Settings::new(&arguments.common)?;
    settings.min_run = arguments.min_run.unwrap_or(settings.min_run);
    if let Some(rule) = arguments.keep.rule()? {
        settings.keep = rule;
    }
    let wish =
        Wish { passages: arguments.passages == Passages::Remove, protected: arguments.keep.protected()? };
    let find = Find { contained: true, passages: wish.passages, cross: false, described: true };
    let mut scan = settings.scan()?.find(find).protect(wish.protected.clone());
    if arguments.per_language {
        scan = scan.per_language();
    }
    let corpus = settings.corpus_of(arguments.files.and(&arguments.paths)?)?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let out = arguments.out.as_deref().unwrap_or(Path::new("."));
    let (needed, free) = doppelt::clean::room(&corpus, wish.passages, out);
    watch.estimate(scan.memory_estimate(corpus.bytes()), needed, free.filter(|_| arguments.out.is_some()));
    let Some(folder) = arguments.out.as_deref().filter(|_| !arguments.dry_run) else {
        let plan = make_plan(&scan, &corpus, &wish, &watch)?;
        drop(watch);
        output::write(arguments.common.output.as_deref(), |out| planfile::write(&plan, None, out))?;
        return settings.finish(&plan.skipped);
    };
    let job = Job::new(&corpus, folder)?;
    let given = arguments.plan.as_deref().map(planfile::read).transpose()?;
    let parameters = match &given {
        Some((plan, _)) => plan.parameters.clone(),
        None => Plan::parameters(&scan, &corpus, &wish),
    };
    if let Some(manifest) = job.finished(&parameters)? {
        drop(watch);
        summary(&manifest, " (done before; nothing to do)", &settings, arguments)?;
        let counts = &manifest.counts;
        return Ok(if counts.left_as_they_are + counts.refused > 0 { Exit::InPart } else { Exit::Done });
    }
    let plan = match given {
        // What the scan left out is told by reading again.
        Some((plan, _)) => Plan { skipped: vec![], ..plan },
        None => match job.noted_plan(&parameters) {
            Some(plan) => plan,
            None => make_plan(&scan, &corpus, &wish, &watch)?,
        },
    };
    job.note(&plan)?;
    let cleaned = job.apply(&plan, &watch)?;
    job.finish(&cleaned, |out| cleaning::write(&plan, &cleaned, out))?;
    drop(watch);
    summary(&cleaned.manifest, "", &settings, arguments)?;
    finish(&cleaned, &settings)
}

fn make_plan(scan: &Scan, corpus: &Corpus, wish: &Wish, watch: &Watch) -> Result<Plan, Failure> {
    let outcome = scan.run(corpus, watch)?;
    Ok(Plan::new(scan, &outcome, corpus, wish))
}

/// A line or two on stdout.
fn summary(
    manifest: &Manifest,
    remark: &str,
    settings: &Settings,
    arguments: &Arguments,
) -> Result<(), Failure> {
    if settings.quiet {
        return Ok(());
    }
    let counts = &manifest.counts;
    let rules: Vec<String> = counts.removed_by_rule.iter().map(|(rule, n)| format!("{n} {rule}")).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
    let passages = match counts.passages_cut {
        0 => String::new(),
        n => format!(", {} cut", counted(n as usize, "passage")),
    };
    let line = format!(
        "{}: {} kept, {} removed{rules}{passages}{remark}\ndigest {}\n",
        counted(counts.documents.input as usize, "document"),
        counts.documents.kept,
        counts.documents.removed,
        manifest.digest
    );
    output::write(arguments.common.output.as_deref(), |out: &mut dyn Write| out.write_all(line.as_bytes()))
}

/// Refused actions count as input that could not be dealt with.
fn finish(cleaned: &Cleaned, settings: &Settings) -> Result<Exit, Failure> {
    const NAMED: usize = 10;
    if !settings.quiet {
        for Skipped { document, reason } in cleaned.refused.iter().take(NAMED) {
            note(&format!("{document}: {reason}"));
        }
        if cleaned.refused.len() > NAMED {
            note(&format!("refused {} more", cleaned.refused.len() - NAMED));
        }
    }
    if let (true, Some(Skipped { document, reason })) = (settings.strict, cleaned.refused.first()) {
        return Err(Failure::new(format!("{} of the plan could not be done", cleaned.refused.len()))
            .because(format!("{document}: {reason}"))
            .hint("make the plan again with --dry-run"));
    }
    match settings.finish(&cleaned.skipped)? {
        Exit::Done if !cleaned.refused.is_empty() => Ok(Exit::InPart),
        exit => Ok(exit),
    }
}
