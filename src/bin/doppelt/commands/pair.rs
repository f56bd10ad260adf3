//! `doppelt pair`: cross-language pairs, for parallel and comparable corpora.

use crate::args::Common;
use crate::commands::lexicon::{Words, check_score};
use crate::failure::{Exit, Failure, note};
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::cross::CrossOptions;
use doppelt::report::pairs;
use doppelt::scan::{Events, pair_corpus};
use std::path::PathBuf;

/// The flags of `doppelt pair`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doppelt pair news/ --languages de,en
  doppelt pair corpus.jsonl --candidates 5 --format tsv
  doppelt pair corpus.jsonl --one-to-one --min-score 0.9 --format jsonl")]
pub(crate) struct Arguments {
    /// Files and folders: .txt, .md, .jsonl
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Format of the output
    #[arg(long, value_enum, default_value = "tsv")]
    pub(crate) format: Format,
    /// Accept pairs from this score on, a probability [default: 0.5]
    #[arg(long, value_name = "SCORE")]
    pub(crate) min_score: Option<f64>,
    /// At most one partner for a document (the default is many to many)
    #[arg(long)]
    pub(crate) one_to_one: bool,
    /// Print the best K candidates of each document, accepted or not
    #[arg(long, value_name = "K")]
    pub(crate) candidates: Option<usize>,
    #[command(flatten)]
    pub(crate) words: Words,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// left, right, score
    Tsv,
    /// A JSON object a pair, with the evidence and the event it belongs to
    Jsonl,
    /// A report for people
    Markdown,
}

/// Pairs and writes what was accepted, or every candidate.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let settings = Settings::new(&arguments.common)?;
    let defaults = CrossOptions::default();
    let min_score = arguments.min_score.or(settings.min_score).unwrap_or(defaults.min_score);
    check_score(min_score)?;
    let options = CrossOptions {
        languages: settings.languages.clone(),
        min_score,
        one_to_one: arguments.one_to_one,
        candidates: arguments.candidates,
        evidence: arguments.format != Format::Tsv,
    };
    let lexicon = arguments.words.read(&options.languages)?;
    let corpus = settings.corpus(&arguments.paths)?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let paired = pair_corpus(&corpus, &options, &lexicon, &watch)?;
    // Only this format says which documents report one event.
    let events = match arguments.format {
        Format::Jsonl => Events::of(&paired, &settings.scan()?, &corpus, &watch)?,
        Format::Tsv | Format::Markdown => Events::default(),
    };
    drop(watch);
    let all = arguments.candidates.is_some();
    output::write(arguments.common.output.as_deref(), |out| match arguments.format {
        Format::Tsv => pairs::write_tsv(&paired, all, out),
        Format::Jsonl => pairs::write_jsonl(&paired, &events, all, out),
        Format::Markdown => pairs::write_markdown(&paired, all, out),
    })?;
    for language in [&options.languages.0, &options.languages.1] {
        if !settings.quiet && !paired.languages.contains(&language.as_str()) {
            note(&format!("none of the {} documents is in the language {language}", paired.n_documents));
        }
    }
    settings.finish(&paired.skipped)
}
