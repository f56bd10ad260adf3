//! `doppelt scan`: look only.

use crate::args::{Common, KeepArguments};
use crate::failure::{Exit, Failure, note};
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::near::copies::LISTED;
use doppelt::outcome::Outcome;
use doppelt::report::{json, markdown, tables, terminal};
use doppelt::scan::Find;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The flags of `doppelt scan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doppelt scan news/                          look through a folder
  doppelt scan news/ --report report.md       and write a report
  doppelt scan corpus.jsonl --text-field body --format json
  doppelt scan big.jsonl --pairs pairs.tsv --clusters clusters.tsv")]
pub(crate) struct Arguments {
    /// Files and folders: .txt, .md, .jsonl, each also as .gz or .zst; .parquet, .warc; '-' for JSON Lines on stdin
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Format of the output
    #[arg(long, value_enum, default_value = "terminal")]
    pub(crate) format: ReportFormat,
    /// Also write a report; the format follows the ending (.md .json); repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Vec<PathBuf>,
    /// Write every similar pair of documents as TSV
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) pairs: Option<PathBuf>,
    /// Write every clustered document as TSV, with the one to keep
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) clusters: Option<PathBuf>,
    /// What to look for [default: all; with --pairs or --clusters and no report: documents]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) find: Vec<What>,
    #[command(flatten)]
    pub(crate) keep: KeepArguments,
    /// A run of so many equal words is a repeated passage wherever it stands [default: 50]
    #[arg(long, value_name = "WORDS")]
    pub(crate) min_run: Option<u32>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Near-duplicate documents (always looked for)
    Documents,
    /// Documents inside larger ones
    Contained,
    /// Repeated passages
    Passages,
    /// Cross-language pairs
    Cross,
    /// All of these
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A summary for people
    Terminal,
    /// A report for people
    Markdown,
    /// Everything, for programs
    Json,
}

/// Scans, writes what was asked for, and names what was left out.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reports = report_formats(arguments)?;
    let mut settings = Settings::new(&arguments.common)?;
    settings.min_run = arguments.min_run.unwrap_or(settings.min_run);
    if let Some(rule) = arguments.keep.rule()? {
        settings.keep = rule;
    }
    let find = what_to_find(arguments);
    let corpus = settings.corpus(&arguments.paths)?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let outcome = settings.scan()?.find(find).protect(arguments.keep.protected()?).run(&corpus, &watch)?;
    drop(watch);
    if let Some(path) = &arguments.pairs {
        output::write(Some(path), |out| tables::write_pairs(&outcome, out))?;
    }
    if let Some(path) = &arguments.clusters {
        output::write(Some(path), |out| tables::write_clusters(&outcome, out))?;
    }
    for (path, format) in reports {
        output::write(Some(path), |out| render(&outcome, format, false, out))?;
    }
    let target = arguments.common.output.as_deref();
    let tables_on_stdout = [&arguments.pairs, &arguments.clusters].into_iter().flatten().any(|path| path == Path::new("-"));
    if !tables_on_stdout {
        let colours = target.is_none() && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        output::write(target, |out| render(&outcome, arguments.format, colours, out))?;
    }
    if !settings.quiet {
        tell_limits(&outcome, find);
    }
    settings.finish(&outcome.documents.skipped)
}

fn render(outcome: &Outcome, format: ReportFormat, colours: bool, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        ReportFormat::Terminal => terminal::write(outcome, terminal::Layout { colours, ..Default::default() }, out),
        ReportFormat::Markdown => markdown::write(outcome, out),
        ReportFormat::Json => json::write(outcome, out),
    }
}

/// The reports that were asked for, by the endings of their names.
fn report_formats(arguments: &Arguments) -> Result<Vec<(&Path, ReportFormat)>, Failure> {
    let format = |path: &Path| match path.extension().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => Some(ReportFormat::Markdown),
        Some("json") => Some(ReportFormat::Json),
        _ => None,
    };
    let reports = arguments.report.iter().map(|path| {
        let unknown = || {
            Failure::new(format!("no report format ends like {}", path.display())).hint("use .md or .json")
        };
        format(path).map(|format| (path.as_path(), format)).ok_or_else(unknown)
    });
    reports.collect()
}

/// Everything, unless told; tables alone are about documents.
fn what_to_find(arguments: &Arguments) -> Find {
    let named = &arguments.find;
    if named.is_empty() {
        let tables = arguments.pairs.is_some() || arguments.clusters.is_some();
        let only_tables = tables
            && arguments.report.is_empty()
            && arguments.common.output.is_none()
            && arguments.format == ReportFormat::Terminal;
        return if only_tables { Find::DOCUMENTS } else { Find::ALL };
    }
    let wants = |what: What| named.contains(&what) || named.contains(&What::All);
    Find { contained: wants(What::Contained), passages: wants(What::Passages), cross: wants(What::Cross) }
}

fn tell_limits(outcome: &Outcome, find: Find) {
    if find == Find::DOCUMENTS {
        note("looked for similar documents only; add --find all for passages and cross-language pairs");
    }
    if outcome.crowded_texts > 0 {
        note(&format!(
            "{} texts stand more than {LISTED} times; their copies are listed against the first of them only",
            outcome.crowded_texts
        ));
    }
    if outcome.split_buckets > 0 {
        note(&format!(
            "{} crowded buckets were split by further bands instead of comparing all with all",
            outcome.split_buckets
        ));
    }
}
