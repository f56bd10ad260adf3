//! `doppelt scan`: look only.

use crate::args::{Common, KeepArguments};
use crate::failure::{Exit, Failure, note};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::check::Verdict;
use doppelt::check::severity::Severities;
use doppelt::corpus::Corpus;
use doppelt::near::copies::LISTED;
use doppelt::outcome::Outcome;
use doppelt::plural::counted;
use doppelt::report::texts::{Limits, Texts};
use doppelt::report::{html, json, markdown, sarif, statistics, tables, terminal};
use doppelt::scan::Find;
use std::io::IsTerminal;
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
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) files: FilesFrom,
    /// Format of the output
    #[arg(long, value_enum, default_value = "terminal")]
    pub(crate) format: ReportFormat,
    /// Also write a report; the format follows the ending (.md .html .json .sarif); repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Vec<PathBuf>,
    /// Quote nothing in reports: names, hashes and offsets only, for texts that may not be passed on
    #[arg(long)]
    pub(crate) no_text: bool,
    /// The most a report may take, such as 60k or 2M [default: 900k in Markdown, 24M in HTML]
    #[arg(long, value_name = "SIZE", value_parser = report_size)]
    pub(crate) max_bytes: Option<usize>,
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
    /// Miss no similar pair of documents: prefix filtering instead of bands
    #[arg(long)]
    pub(crate) exact: bool,
    /// Add statistics: compared pairs by similarity, and what the bands can see
    #[arg(long)]
    pub(crate) stats: bool,
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
    /// The same for a comment on a pull request: at most 60,000 characters
    PullRequest,
    /// The same as one page for a browser
    Html,
    /// Everything, for programs
    Json,
    /// For code scanning
    Sarif,
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
    settings.targets.extend(arguments.pairs.iter().chain(&arguments.clusters).cloned());
    settings.targets.extend(arguments.report.iter().cloned());
    let corpus = settings.corpus_of(arguments.files.and(&arguments.paths)?)?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let mut outcome = settings
        .scan()?
        .find(find)
        .exact(arguments.exact)
        .protect(arguments.keep.protected()?)
        .run(&corpus, &watch)?;
    drop(watch);
    if arguments.no_text {
        outcome.forget_texts();
    }
    if let Some(path) = &arguments.pairs {
        output::write(Some(path), |out| tables::write_pairs(&outcome, out))?;
    }
    if let Some(path) = &arguments.clusters {
        output::write(Some(path), |out| tables::write_clusters(&outcome, out))?;
    }
    let renderer =
        Renderer { outcome: &outcome, corpus: &corpus, arguments, severities: settings.severities()? };
    for (path, format) in reports {
        renderer.write(Some(path), format)?;
    }
    let target = arguments.common.output.as_deref();
    let tables_on_stdout =
        [&arguments.pairs, &arguments.clusters].into_iter().flatten().any(|path| path == Path::new("-"));
    if !tables_on_stdout {
        renderer.write(target, arguments.format)?;
    }
    if arguments.stats {
        output::write(None, |out| {
            writeln!(out)?;
            statistics::write(&outcome, out)
        })?;
    }
    if !settings.quiet {
        tell_limits(&outcome, find);
    }
    settings.finish(&outcome.documents.skipped)
}

/// Writes reports of one outcome.
struct Renderer<'a> {
    outcome: &'a Outcome,
    corpus: &'a Corpus,
    arguments: &'a Arguments,
    severities: Severities,
}

impl Renderer<'_> {
    fn write(&self, target: Option<&Path>, format: ReportFormat) -> Result<(), Failure> {
        let outcome = self.outcome;
        match format {
            ReportFormat::Terminal => {
                let texts = self.texts(TERMINAL_BYTES)?;
                let layout = layout(target);
                output::write(target, |out| terminal::write(outcome, &texts, layout, out))
            }
            ReportFormat::Markdown => self.write_markdown(target, markdown::Form::FILE),
            ReportFormat::PullRequest => self.write_markdown(target, markdown::Form::PULL_REQUEST),
            ReportFormat::Html => {
                let max_bytes = self.arguments.max_bytes.unwrap_or(html::MAX_BYTES);
                // Of a long text only what differs is shown.
                let texts = self.texts(3 * max_bytes)?;
                output::write(target, |out| html::write(outcome, &texts, max_bytes, out))
            }
            ReportFormat::Json => output::write(target, |out| json::write(outcome, out)),
            ReportFormat::Sarif => {
                let verdict = Verdict::of_scan(outcome, self.corpus, self.severities.clone());
                output::write(target, |out| sarif::write(&verdict, "scan", out))
            }
        }
    }

    fn write_markdown(&self, target: Option<&Path>, form: markdown::Form) -> Result<(), Failure> {
        let max_bytes = self.arguments.max_bytes.unwrap_or(form.max_bytes);
        // A block takes a good part of its texts; more would not fit anyway.
        let texts = self.texts(4 * max_bytes)?;
        let form = markdown::Form { max_bytes, ..form };
        output::write(target, |out| markdown::write(self.outcome, &texts, form, out))
    }

    fn texts(&self, bytes: usize) -> Result<Texts, Failure> {
        const PASSAGE_BYTES: usize = 24_000;
        let limits = Limits { quote: !self.arguments.no_text, bytes, passage_bytes: PASSAGE_BYTES };
        Ok(Texts::fetch(self.outcome, self.corpus, limits)?)
    }
}

/// Texts read for a summary of some dozen findings.
const TERMINAL_BYTES: usize = 4_000_000;

/// Colours and width are those of the terminal, if stdout is one.
fn layout(target: Option<&Path>) -> terminal::Layout {
    let plain = terminal::Layout::default();
    if target.is_some() || !std::io::stdout().is_terminal() {
        return plain;
    }
    let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let width = terminal_size::terminal_size().map_or(plain.width, |(width, _)| usize::from(width.0));
    terminal::Layout { colours, width, ..plain }
}

/// `60k`, `2M` or a number of bytes.
fn report_size(typed: &str) -> Result<usize, String> {
    let lower = typed.trim().to_lowercase();
    let plain = lower.trim_end_matches('b');
    let (digits, unit) = match (plain.strip_suffix('k'), plain.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1_000),
        (_, Some(digits)) => (digits, 1_000_000),
        _ => (plain, 1),
    };
    let bytes = digits.trim().parse::<usize>().ok().and_then(|n| n.checked_mul(unit));
    let bytes = bytes.ok_or_else(|| "give a size such as 60k or 2M".to_owned())?;
    if bytes < markdown::LEAST_BYTES {
        return Err(format!("a report needs {} bytes at least", markdown::LEAST_BYTES));
    }
    Ok(bytes)
}

/// The reports that were asked for, by the endings of their names.
fn report_formats(arguments: &Arguments) -> Result<Vec<(&Path, ReportFormat)>, Failure> {
    let format = |path: &Path| match path.extension().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => Some(ReportFormat::Markdown),
        Some("html" | "htm") => Some(ReportFormat::Html),
        Some("json") => Some(ReportFormat::Json),
        Some("sarif") => Some(ReportFormat::Sarif),
        _ => None,
    };
    let reports = arguments.report.iter().map(|path| {
        let unknown = || {
            Failure::new(format!("no report format ends like {}", path.display()))
                .hint("use .md, .html, .json or .sarif")
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
        return if only_tables { Find::TABLES } else { Find::ALL };
    }
    let wants = |what: What| named.contains(&what) || named.contains(&What::All);
    Find {
        contained: wants(What::Contained),
        passages: wants(What::Passages),
        cross: wants(What::Cross),
        described: true,
    }
}

fn tell_limits(outcome: &Outcome, find: Find) {
    if find == Find::TABLES {
        note("looked for similar documents only; add --find all for passages and cross-language pairs");
    }
    if outcome.crowded_texts > 0 {
        note(&format!(
            "{} stand more than {LISTED} times; their copies are listed against the best of them and of similar texts only",
            counted(outcome.crowded_texts as usize, "text")
        ));
    }
    if outcome.split_buckets > 0 {
        note(&format!(
            "{} split by further bands instead of comparing all with all",
            counted(outcome.split_buckets as usize, "crowded bucket")
        ));
    }
}
