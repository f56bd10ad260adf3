//! `doppelt lexicon`: words of one's own for pairs of languages.

use crate::args::Common;
use crate::failure::{Exit, Failure, note};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, Subcommand, ValueHint};
use doppelt::corpus::Corpus;
use doppelt::cross::{CrossOptions, Lexicon};
use doppelt::plural::counted;
use doppelt::scan::{accepted_ids, learn, pair_corpus};
use std::path::{Path, PathBuf};

/// The commands of `doppelt lexicon`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Learn words from a corpus whose documents belong together in pairs
    Learn(Learning),
}

/// The words that a run knows.
#[derive(Debug, Args)]
pub(crate) struct Words {
    /// Add words: a TSV of left and right word, several of them apart with '|'; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lexicon: Vec<PathBuf>,
    /// Do not use the words that come with doppelt
    #[arg(long)]
    pub(crate) no_lexicon: bool,
}

/// The flags of `doppelt lexicon learn`.
#[derive(Debug, Args)]
#[command(after_help = "\
Two words are taken to mean the same that keep turning up in partners of each \
other's documents: in four pairs or more, and too often for chance \
(log-likelihood ratio). Words that the lexicon knows already and words spelled \
alike are left out, so that the rows add to it. A few hundred pairs teach the \
frequent words; more pairs teach more.

Without --pairs the corpus is paired first, one to one, with what is known \
already, and the pairs of at least --min-score are learned from. A pair of \
languages without a lexicon begins so with names, numbers and dates alone; a \
second round with the words of the first finds more.

Examples:
  doppelt lexicon learn news/ --languages fr,en --output words.tsv
  doppelt pair news/ --languages fr,en --lexicon words.tsv
  doppelt lexicon learn corpus.jsonl --pairs aligned.tsv --output words.tsv")]
pub(crate) struct Learning {
    /// Files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    files: FilesFrom,
    /// Learn from these pairs: a TSV of two ids and perhaps a score, as pair writes it
    #[arg(long, value_name = "FILE.tsv", value_hint = ValueHint::FilePath)]
    pairs: Option<PathBuf>,
    /// Learn from pairs from this score on, a probability
    #[arg(long, value_name = "SCORE", default_value_t = 0.9)]
    min_score: f64,
    #[command(flatten)]
    words: Words,
    #[command(flatten)]
    common: Common,
}

/// Does one of them.
pub(crate) fn run(action: &Action) -> Result<Exit, Failure> {
    let Action::Learn(learning) = action;
    let settings = Settings::new(&learning.common)?;
    check_score(learning.min_score)?;
    let lexicon = learning.words.read(&settings.languages)?;
    let corpus = settings.corpus_of(learning.files.and(&learning.paths)?)?;
    let watch = Watch::new(learning.common.progress, settings.quiet);
    let (pairs, skipped) = match &learning.pairs {
        Some(path) => (read_pairs(path, learning.min_score)?, corpus.unreadable().to_vec()),
        None => {
            let options = CrossOptions {
                languages: settings.languages.clone(),
                min_score: learning.min_score,
                one_to_one: true,
                evidence: false,
                ..CrossOptions::default()
            };
            let paired = pair_corpus(&corpus, &options, &lexicon, &watch)?;
            (accepted_ids(&paired), paired.skipped)
        }
    };
    let lessons = learn(&corpus, &pairs, &lexicon, &watch)?;
    drop(watch);
    if lessons.n_pairs == 0 {
        return Err(nothing_to_learn_from(&corpus, &settings, learning));
    }
    let languages = format!("{} and {}", lexicon.from(), Lexicon::into(&lexicon));
    if let (Some(first), false) = (lessons.missing.first(), settings.quiet) {
        let n_more = lessons.missing.len() - 1;
        note(&format!("no document in {languages} has the id {first} (and {n_more} more)"));
    }
    output::write(learning.common.output.as_deref(), |out| {
        let (n_words, n_pairs) = (lessons.rows.len(), lessons.n_pairs);
        writeln!(
            out,
            "# {languages}: {}, learned from {}",
            counted(n_words, "word"),
            counted(n_pairs, "pair")
        )?;
        lessons.rows.iter().try_for_each(|row| writeln!(out, "{}\t{}", row.from, row.into))
    })?;
    settings.finish(&skipped)
}

fn nothing_to_learn_from(corpus: &Corpus, settings: &Settings, learning: &Learning) -> Failure {
    let (left, right) = &settings.languages;
    let failure =
        Failure::new(format!("there is nothing to learn from in {}", counted(corpus.n_files(), "file")));
    match &learning.pairs {
        Some(path) => failure
            .because(format!("no pair of {} has a document in {left} and one in {right}", path.display()))
            .hint("ids are those that pair and scan print; name the languages with --languages"),
        None => failure
            .because(format!("no pair in {left} and {right} has a score of {}", learning.min_score))
            .hint("lower --min-score, or name pairs that are known with --pairs FILE.tsv"),
    }
}

/// The pairs of a table, but those with a lower score; a header is no pair.
fn read_pairs(path: &Path, min_score: f64) -> Result<Vec<(String, String)>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error))?;
    let mut pairs = vec![];
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() || (i == 0 && line.starts_with("left\tright")) {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let score = fields.get(2).map_or(Some(1.0), |score| score.trim().parse::<f64>().ok());
        let (Some(&left), Some(&right), Some(score)) = (fields.first(), fields.get(1), score) else {
            return Err(Failure::new(format!("{} is no table of pairs", path.display()))
                .because(format!("line {} is not two ids and a score apart with tabs", i + 1))
                .hint("write a row as: id, tab, id, perhaps with a tab and a score"));
        };
        if score >= min_score {
            pairs.push((left.to_owned(), right.to_owned()));
        }
    }
    Ok(pairs)
}

/// A score is a probability.
pub(crate) fn check_score(score: f64) -> Result<(), Failure> {
    if (0.0..=1.0).contains(&score) {
        return Ok(());
    }
    Err(Failure::new(format!("a score of {score} is out of range")).hint("give a probability, 0 to 1"))
}

impl Words {
    /// The shipped lexicon, unless it is not wanted, with the user's own rows.
    pub(crate) fn read(&self, languages: &(String, String)) -> Result<Lexicon, Failure> {
        let (left, right) = languages;
        let mut lexicon =
            if self.no_lexicon { Lexicon::empty(left, right) } else { Lexicon::shipped(left, right) };
        for path in &self.lexicon {
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
}
