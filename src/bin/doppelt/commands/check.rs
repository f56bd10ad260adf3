//! `doppelt check`: the gate.

use crate::args::Common;
use crate::commands::sides::Sides;
use crate::failure::{Exit, Failure, note};
use crate::output;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::check::Verdict;
use doppelt::corpus::Skipped;
use doppelt::plural::counted;
use doppelt::report::{check, comment, github, gitlab, html, json, junit, sarif};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The flags of `doppelt check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing found, 1 findings, 2 could not be done (also if any input is unreadable).

Examples:
  doppelt check new/ --against corpus/                 do the new files repeat each other or the corpus?
  doppelt check seeds/ --since origin/main             the files that a branch adds or changes
  doppelt check new/ --against corpus/ --format github --report doppelt.sarif
  doppelt check new/ --against corpus/ --fail-on near-duplicate,cross-language-pair"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    sides: Sides,
    /// Rules, or a severity and all above, that give exit code 1; `all` or `none` [default: warning]
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    fail_on: Vec<String>,
    /// Report findings, but do not fail because of them
    #[arg(long)]
    exit_zero: bool,
    /// Also fail if the baseline accepts something that is found no more
    #[arg(long)]
    fail_on_stale: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
    /// Also write a report; the format follows the ending (.md .html .json .sarif .xml); repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Terminal,
    /// For a comment on a pull request
    Markdown,
    /// One page for a browser
    Html,
    /// Everything, for programs
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality of GitLab
    Gitlab,
    /// A test case for every new document
    Junit,
}

/// Checks, writes the reports, and then decides the exit code.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let reports = report_formats(&arguments.report)?;
    let mut settings = Settings::new(&arguments.common)?;
    if !arguments.fail_on.is_empty() {
        settings.fail_on.clone_from(&arguments.fail_on);
    }
    settings.targets.extend(arguments.report.iter().cloned());
    let severities = settings.severities()?;
    let fail_on = settings.fail_on()?;
    let baseline = arguments.sides.baseline()?.unwrap_or_default();
    let Some(checked) = arguments.sides.check(&settings, &arguments.common, &baseline)? else {
        if !settings.quiet {
            note("nothing was added or changed");
        }
        return Ok(Exit::Done);
    };
    let verdict = Verdict::new(checked, severities, fail_on, &baseline);
    for (path, format) in reports {
        output::write(Some(path), |out| render(&verdict, format, false, out))?;
    }
    let target = arguments.common.output.as_deref();
    let colours =
        target.is_none() && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    output::write(target, |out| render(&verdict, arguments.format, colours, out))?;
    refuse_skipped(&verdict.outcome.documents.skipped)?;
    let stale = arguments.fail_on_stale && !verdict.stale.is_empty();
    if stale && !settings.quiet {
        note("the baseline has stale entries (--fail-on-stale); doppelt baseline prune forgets them");
    }
    Ok(if (verdict.fails() || stale) && !arguments.exit_zero { Exit::Found } else { Exit::Done })
}

/// What could not be read could hold anything, so no check passes with it.
pub(crate) fn refuse_skipped(skipped: &[Skipped]) -> Result<(), Failure> {
    const NAMED: usize = 10;
    let Some(first) = skipped.first() else { return Ok(()) };
    for Skipped { document, reason } in skipped.iter().skip(1).take(NAMED) {
        note(&format!("cannot check {document}: {reason}"));
    }
    let inputs = counted(skipped.len(), "input");
    Err(Failure::new(format!("{inputs} could not be checked"))
        .because(format!("{}: {}", first.document, first.reason))
        .hint("mend or remove the input; a .doppeltignore file leaves files out"))
}

fn render(verdict: &Verdict, format: Format, colours: bool, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        Format::Terminal => check::write(verdict, check::Layout { colours, width: 100 }, out),
        Format::Markdown => comment::write(verdict, out),
        Format::Html => html::write_check(verdict, out),
        Format::Json => json::write_verdict(verdict, out),
        Format::Sarif => sarif::write(verdict, "check", out),
        Format::Github => github::write(verdict, out),
        Format::Gitlab => gitlab::write(verdict, out),
        Format::Junit => junit::write(verdict, out),
    }
}

fn report_formats(reports: &[PathBuf]) -> Result<Vec<(&Path, Format)>, Failure> {
    let format = |path: &Path| match path.extension().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => Some(Format::Markdown),
        Some("html" | "htm") => Some(Format::Html),
        Some("json") => Some(Format::Json),
        Some("sarif") => Some(Format::Sarif),
        Some("xml") => Some(Format::Junit),
        _ => None,
    };
    let reports = reports.iter().map(|path| {
        let unknown = || {
            Failure::new(format!("no report format ends like {}", path.display()))
                .hint("use .md, .html, .json, .sarif or .xml")
        };
        format(path).map(|format| (path.as_path(), format)).ok_or_else(unknown)
    });
    reports.collect()
}
