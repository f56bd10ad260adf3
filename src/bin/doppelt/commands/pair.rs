//! `doppelt pair`: cross-language pairs, for parallel and comparable corpora.

use crate::args::Common;
use crate::failure::{Exit, Failure, note};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::cross::{CrossOptions, Lexicon};
use doppelt::plural::counted;
use doppelt::report::pairs;
use doppelt::scan::pair_corpus;
use std::path::PathBuf;

/// The flags of `doppelt pair`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doppelt pair news/ --languages de,en
  doppelt pair corpus.jsonl --candidates 5 --format tsv
  doppelt pair corpus.jsonl --one-to-one --min-score 0.9 --format jsonl")]
pub(crate) struct Arguments {
    /// Files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) files: FilesFrom,
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
    /// Add words: a TSV of left and right word, several of them apart with '|'; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lexicon: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// left, right, score
    Tsv,
    /// A JSON object a pair, with the evidence
    Jsonl,
    /// A report for people
    Markdown,
}

/// Pairs and writes what was accepted, or every candidate.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let settings = Settings::new(&arguments.common)?;
    let defaults = CrossOptions::default();
    let min_score = arguments.min_score.or(settings.min_score).unwrap_or(defaults.min_score);
    if !(0.0..=1.0).contains(&min_score) {
        return Err(Failure::new(format!("a score of {min_score} is out of range"))
            .hint("give a probability, 0 to 1"));
    }
    let options = CrossOptions {
        languages: settings.languages.clone(),
        min_score,
        one_to_one: arguments.one_to_one,
        candidates: arguments.candidates,
    };
    let lexicon = lexicon(&options, &arguments.lexicon)?;
    let corpus = settings.corpus_of(arguments.files.and(&arguments.paths)?)?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let paired = pair_corpus(&corpus, &options, &lexicon, &watch)?;
    drop(watch);
    let all = arguments.candidates.is_some();
    output::write(arguments.common.output.as_deref(), |out| match arguments.format {
        Format::Tsv => pairs::write_tsv(&paired, all, out),
        Format::Jsonl => pairs::write_jsonl(&paired, all, out),
        Format::Markdown => pairs::write_markdown(&paired, all, out),
    })?;
    for language in [&options.languages.0, &options.languages.1] {
        if !settings.quiet && !paired.languages.contains(&language.as_str()) {
            note(&format!(
                "none of {} is in the language {language}",
                counted(paired.n_documents as usize, "document")
            ));
        }
    }
    settings.finish(&paired.skipped)
}

/// The shipped lexicon with the user's own rows.
pub(crate) fn lexicon(options: &CrossOptions, files: &[PathBuf]) -> Result<Lexicon, Failure> {
    let mut lexicon = Lexicon::shipped(&options.languages.0, &options.languages.1);
    for path in files {
        let rows =
            std::fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error))?;
        if let Some(line) = lexicon.add_rows(&rows).first() {
            return Err(Failure::new(format!("{} is not a lexicon", path.display()))
                .because(format!("line {line} is not two columns apart with a tab"))
                .hint("write a row as: word, tab, translation|another translation"));
        }
    }
    Ok(lexicon)
}
