//! `doppelt explain`: what every step makes of two documents.

use crate::args::Common;
use crate::commands::lexicon::Words;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, ValueHint};
use doppelt::corpus::{Corpus, Silent};
use doppelt::report::explain::write;
use doppelt::scan::explain::{Explained, Side};
use std::path::{Path, PathBuf};

/// The flags of `doppelt explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
The score of a cross-language pair depends on its company: a name that every \
document has tells little, and a stronger candidate for either document speaks \
against the pair. Two files are judged alone, as if they were all there is, \
against what is usual in news. With --in they are judged among the documents of \
the corpus, and the score is the one that doppelt pair prints for it. Weights \
add up to the logit of the score.

Examples:
  doppelt explain a.txt b.txt
  doppelt explain ID1 ID2 --in corpus.jsonl
  doppelt explain de/a.txt en/b.txt --in news/")]
pub(crate) struct Arguments {
    /// A file, or with --in the id of a document
    pub(crate) left: String,
    /// Another
    pub(crate) right: String,
    /// Look the ids up here, and judge the pair among these documents
    #[arg(long = "in", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) corpus: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) words: Words,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Finds the two documents and explains them.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let settings = Settings::new(&arguments.common)?;
    let scan = settings.scan()?;
    let lexicon = arguments.words.read(&settings.languages)?;
    let explained = match arguments.corpus.as_slice() {
        [] => {
            let sides = [named_file(&settings, &arguments.left)?, named_file(&settings, &arguments.right)?];
            let [left, right] = sides;
            Explained::of(&scan, left, right, &lexicon)
        }
        paths => {
            let corpus = settings.corpus(paths)?;
            let [left, right] = [by_id(&corpus, &arguments.left)?, by_id(&corpus, &arguments.right)?];
            let watch = Watch::new(arguments.common.progress, settings.quiet);
            Explained::of(&scan, left, right, &lexicon).among(&scan, &corpus, &lexicon, &watch)?
        }
    };
    output::write(arguments.common.output.as_deref(), |out| write(&explained, out))?;
    Ok(Exit::Done)
}

/// The one document of a file.
fn named_file(settings: &Settings, name: &str) -> Result<Side, Failure> {
    if !Path::new(name).is_file() {
        return Err(Failure::new(format!("there is no file {name}"))
            .hint("for the ids of records add --in with the file or folder that holds them"));
    }
    let corpus = settings.corpus(&[PathBuf::from(name)])?;
    let mut sides = documents(&corpus, |_| true)?;
    match (sides.pop(), sides.is_empty()) {
        (Some(side), true) => Ok(side),
        (Some(_), false) => Err(Failure::new(format!("{name} holds several documents"))
            .hint(format!("name two of its records: doppelt explain ID1 ID2 --in {name}"))),
        (None, _) => Err(Failure::new(format!("{name} holds no document"))),
    }
}

fn by_id(corpus: &Corpus, id: &str) -> Result<Side, Failure> {
    let found = documents(corpus, |name| name == id)?.into_iter().next();
    found.ok_or_else(|| {
        Failure::new(format!("no document has the id {id}")).hint("ids are those that scan prints")
    })
}

fn documents(corpus: &Corpus, wanted: impl Fn(&str) -> bool + Sync) -> Result<Vec<Side>, Failure> {
    let mut sides = vec![];
    let mut first_skipped = None;
    corpus.map_batches(
        &Silent,
        |batch| {
            let mut found = vec![];
            batch.for_each(corpus, |document| match document {
                Ok(document) if wanted(&document.id) => found.push(Ok(Side {
                    id: document.id.into_owned(),
                    text: document.text.into_owned(),
                    language: document.language,
                    date: document.date,
                })),
                Ok(_) => {}
                Err(skipped) => found.push(Err(skipped)),
            });
            found
        },
        |found| {
            for side in found {
                match side {
                    Ok(side) => sides.push(side),
                    Err(skipped) => first_skipped = first_skipped.take().or(Some(skipped)),
                }
            }
            Ok(())
        },
    )?;
    match first_skipped {
        Some(skipped) if sides.is_empty() => {
            Err(Failure::new(format!("cannot read {}", skipped.document)).because(skipped.reason))
        }
        _ => Ok(sides),
    }
}
