//! What can be typed: the commands, and the flags that mean the same in all of
//! them. The flags of one command stand in its own file.

use crate::commands;
use crate::failure::Failure;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use doppelt::corpus::Globs;
use doppelt::scan::KeepRule;
use std::path::PathBuf;

/// Find what a text corpus holds twice: the same bytes, nearly the same words,
/// a block repeated inside one document, or a report of the same event in
/// another language.
///
/// The input is never changed, and the same input gives the same output on any
/// number of threads. Exit codes: 0 done, 1 findings (check only), 2 could not
/// be done, 3 done in part.
#[derive(Debug, Parser)]
#[command(name = "doppelt", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look for near-duplicates, repeated passages and cross-language pairs
    Scan(commands::scan::Arguments),
    /// Check new files: do they repeat each other, or anything known?
    Check(commands::check::Arguments),
    /// Accept findings, so that they do not count in a check
    #[command(subcommand)]
    Baseline(commands::baseline::Action),
    /// Keep an index of a corpus, to check against it without reading it again
    #[command(subcommand)]
    Index(commands::index::Action),
    /// Write a commented settings file and a CI check to begin with
    Init(commands::init::Arguments),
    /// List pairs of documents in two languages that report the same event
    Pair(commands::pair::Arguments),
    /// Learn words for a pair of languages
    #[command(subcommand)]
    Lexicon(commands::lexicon::Action),
    /// Show what each step makes of two documents and why they are a finding or not
    Explain(commands::explain::Arguments),
    /// Write a corpus without what it holds twice; nothing is lost
    Clean(commands::clean::Arguments),
    /// Put the original corpus together again from what `clean` wrote
    Restore(commands::restore::Arguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// Flags that mean the same in every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// Jaccard similarity from which texts are similar, above 0 and up to 1 [default: 0.8]
    #[arg(long, value_name = "JACCARD", global = true)]
    pub(crate) threshold: Option<f64>,
    /// Words in a shingle: similarity is counted in runs of so many words [default: 5]
    #[arg(long, value_name = "WORDS", global = true)]
    pub(crate) shingle: Option<usize>,
    /// Shorter paragraphs are never a repeated passage by themselves [default: 8]
    #[arg(long, value_name = "N", global = true)]
    pub(crate) min_words: Option<u32>,
    /// The two languages of cross-language pairs [default: de,en]
    #[arg(long, value_name = "LEFT,RIGHT", global = true)]
    pub(crate) languages: Option<String>,
    /// Field of a record that holds the text [default: text]
    #[arg(long, value_name = "FIELD", global = true)]
    pub(crate) text_field: Option<String>,
    /// Field of a record that names it [default: id]
    #[arg(long, value_name = "FIELD", global = true)]
    pub(crate) id_field: Option<String>,
    /// Field of a record that holds a language code
    #[arg(long, value_name = "FIELD", global = true)]
    pub(crate) lang_field: Option<String>,
    /// Field of a record that holds a date
    #[arg(long, value_name = "FIELD", global = true)]
    pub(crate) date_field: Option<String>,
    /// Of the files in folders read only those whose path matches; repeatable
    #[arg(long, value_name = "GLOB", global = true)]
    pub(crate) include: Vec<String>,
    /// Of the files in folders do not read those whose path matches; repeatable
    #[arg(long, value_name = "GLOB", global = true)]
    pub(crate) exclude: Vec<String>,
    /// Folder for temporary files [default: that of the system]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, global = true)]
    pub(crate) temp_dir: Option<PathBuf>,
    /// Leave out packed files that unpack to more than so many times their size [default: 200]
    #[arg(long, value_name = "N", global = true)]
    pub(crate) max_ratio: Option<u64>,
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", global = true)]
    pub(crate) threads: Option<usize>,
    /// Memory to get by with, such as 512M; the rest goes to temporary files [default: 4G]
    #[arg(long, value_name = "SIZE", value_parser = crate::settings::size, global = true)]
    pub(crate) memory: Option<u64>,
    /// Settings file [default: doppelt.toml here or in a folder above]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, global = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Fail if any input could not be read (exit code 2 instead of 3)
    #[arg(long, global = true)]
    pub(crate) strict: bool,
}

/// Where a command says what it did; all that `restore` has of the common flags.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Telling {
    /// Write to a file instead of stdout ('-')
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, global = true)]
    pub(crate) output: Option<PathBuf>,
    /// How to show progress on stderr
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub(crate) progress: ProgressMode,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl std::ops::Deref for Common {
    type Target = Telling;

    fn deref(&self) -> &Telling {
        &self.telling
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressMode {
    /// A bar if stderr is a terminal
    Auto,
    /// A line now and then
    Plain,
    /// A JSON object a line
    Json,
    /// Nothing
    None,
}

/// Which document of a cluster is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keep {
    /// The one with the most words, then the first by id
    Longest,
    /// The first by id
    First,
    /// The one with the latest date (name the field with --date-field)
    Newest,
    /// One in the first language of --prefer-language that there is
    Language,
    /// One whose id or file matches the first --prefer pattern that any does
    PathPriority,
}

/// Which document of a cluster to keep.
#[derive(Clone, Debug, Args)]
pub(crate) struct KeepArguments {
    /// Which document of a cluster to keep [default: longest]
    #[arg(long, value_enum, value_name = "RULE")]
    pub(crate) keep: Option<Keep>,
    /// For --keep path-priority: patterns of ids or files, the best first; repeatable
    #[arg(long, value_name = "GLOB")]
    pub(crate) prefer: Vec<String>,
    /// For --keep language: language codes, the best first
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) prefer_language: Vec<String>,
    /// Ids or files that are kept before all others and never changed; repeatable
    #[arg(long, value_name = "GLOB")]
    pub(crate) protect: Vec<String>,
}

impl KeepArguments {
    /// The rule that was asked for, if one was.
    pub(crate) fn rule(&self) -> Result<Option<KeepRule>, Failure> {
        let needs = |flag: &str| {
            Failure::new(format!("this keep rule needs {flag}")).hint("see doppelt clean --help")
        };
        Ok(Some(match self.keep {
            None if !self.prefer.is_empty() => KeepRule::PathPriority(Globs::new(&self.prefer)?),
            None if !self.prefer_language.is_empty() => KeepRule::Language(self.prefer_language.clone()),
            None => return Ok(None),
            Some(Keep::Longest) => KeepRule::Longest,
            Some(Keep::First) => KeepRule::First,
            Some(Keep::Newest) => KeepRule::Newest,
            Some(Keep::Language) if self.prefer_language.is_empty() => {
                return Err(needs("--prefer-language de,en"));
            }
            Some(Keep::Language) => KeepRule::Language(self.prefer_language.clone()),
            Some(Keep::PathPriority) if self.prefer.is_empty() => return Err(needs("--prefer 'GLOB'")),
            Some(Keep::PathPriority) => KeepRule::PathPriority(Globs::new(&self.prefer)?),
        }))
    }

    /// What is never changed.
    pub(crate) fn protected(&self) -> Result<Globs, Failure> {
        Ok(Globs::new(&self.protect)?)
    }
}
