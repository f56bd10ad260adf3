//! `doppelt pair`: cross-language pairs, for parallel and comparable corpora.

use crate::args::Common;
use crate::commands::lexicon::{Words, check_score};
use crate::failure::{Exit, Failure, note};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueEnum, ValueHint};
use doppelt::clean::{PairCounts, PairsJob};
use doppelt::corpus::Corpus;
use doppelt::cross::CrossOptions;
use doppelt::plural::counted;
use doppelt::report::pairs;
use doppelt::scan::{Events, Paired, pair_corpus};
use std::path::{Path, PathBuf};

/// The flags of `doppelt pair`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doppelt pair news/ --languages de,en
  doppelt pair corpus.jsonl --candidates 5 --format tsv
  doppelt pair corpus.jsonl --one-to-one --min-score 0.9 --format jsonl
  doppelt pair corpus.jsonl --one-to-one --out paired     a parallel corpus, with both texts")]
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
    #[command(flatten)]
    pub(crate) words: Words,
    /// Write the paired corpus to a folder: pairs.jsonl with both texts, and a manifest
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["candidates", "format"])]
    pub(crate) out: Option<PathBuf>,
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
        evidence: arguments.format != Format::Tsv || arguments.out.is_some(),
    };
    let lexicon = arguments.words.read(&options.languages)?;
    let corpus = settings.corpus_of(arguments.files.and(&arguments.paths)?)?;
    let job = arguments.out.as_deref().map(|folder| PairsJob::new(&corpus, folder)).transpose()?;
    let watch = Watch::new(arguments.common.progress, settings.quiet);
    let paired = pair_corpus(&corpus, &options, &lexicon, &watch)?;
    // Only these say which documents report one event.
    let events = if job.is_some() || arguments.format == Format::Jsonl {
        Events::of(&paired, &settings.scan()?, &corpus, &watch)?
    } else {
        Events::default()
    };
    drop(watch);
    let all = arguments.candidates.is_some();
    let target = arguments.common.output.as_deref();
    match &job {
        Some(job) => write_corpus(job, (&paired, &events), &corpus, &options, &settings, target)?,
        None => output::write(target, |out| match arguments.format {
            Format::Tsv => pairs::write_tsv(&paired, all, out),
            Format::Jsonl => pairs::write_jsonl(&paired, &events, all, out),
            Format::Markdown => pairs::write_markdown(&paired, all, out),
        })?,
    }
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

/// Writes the folder and says what is in it.
fn write_corpus(
    job: &PairsJob<'_>,
    (paired, events): (&Paired, &Events),
    corpus: &Corpus,
    options: &CrossOptions,
    settings: &Settings,
    target: Option<&Path>,
) -> Result<(), Failure> {
    let read = corpus.options();
    let parameters = [
        ("languages", format!("{},{}", options.languages.0, options.languages.1)),
        ("min-score", options.min_score.to_string()),
        ("one-to-one", options.one_to_one.to_string()),
        ("text-field", read.text_field.clone()),
        ("id-field", read.id_field.clone()),
        ("lang-field", read.lang_field.clone().unwrap_or_default()),
        ("date-field", read.date_field.clone().unwrap_or_default()),
    ];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value)).into();
    let n_pairs = paired.pairings.iter().filter(|pairing| pairing.accepted).count();
    let counts = PairCounts {
        documents: paired.n_documents,
        pairs: n_pairs as u64,
        skipped: paired.skipped.len() as u64,
    };
    let manifest = job.write(parameters, counts, |out| pairs::write_corpus(paired, events, corpus, out))?;
    if settings.quiet {
        return Ok(());
    }
    let documents = counted(paired.n_documents as usize, "document");
    let line = format!("{documents}: {}\ndigest {}\n", counted(n_pairs, "pair"), manifest.digest);
    output::write(target, |out| out.write_all(line.as_bytes()))
}
