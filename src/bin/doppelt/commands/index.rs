//! `doppelt index`: a corpus that is remembered.

use crate::args::Common;
use crate::commands::scan::What;
use crate::commands::sides::Sides;
use crate::failure::{Exit, Failure};
use crate::inputs::FilesFrom;
use crate::output;
use crate::progress::Watch;
use crate::settings::Settings;
use clap::{Args, Subcommand, ValueHint};
use doppelt::check::baseline::Baseline;
use doppelt::corpus::{Corpus, DocId};
use doppelt::plural::counted;
use doppelt::report::terminal::size;
use doppelt::report::visible;
use doppelt::scan::{Find, Scan};
use doppelt::store::index::{Added, Facts, Index, Parameters, Writer};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The commands of `doppelt index`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Make an index of a corpus
    Build(Build),
    /// Add documents; one that is there with another text is replaced
    Add(Add),
    /// Remove documents by their ids
    Remove(Remove),
    /// List the known documents that resemble new ones, as TSV
    Query(Query),
    /// Say what the index holds and what it was built with
    Info(Look),
    /// Check every byte of the index
    Verify(Look),
    /// Write the index anew without what was removed
    Compact(Change),
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// Files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    files: FilesFrom,
    /// Store the texts, so that the sources are not needed again
    #[arg(long)]
    self_contained: bool,
    /// What the index must lead to; `cross` takes most room, `documents` alone least [default: all]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    find: Vec<What>,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    files: FilesFrom,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Ids of documents
    #[arg(required_unless_present = "gone", value_name = "ID")]
    ids: Vec<String>,
    /// Remove the documents whose files are gone
    #[arg(long)]
    gone: bool,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// New files and folders: .txt, .md, .jsonl
    #[arg(required_unless_present = "files_from", value_name = "NEW", value_hint = ValueHint::AnyPath)]
    new: Vec<PathBuf>,
    #[command(flatten)]
    files: FilesFrom,
    #[command(flatten)]
    look: Look,
}

/// Flags of the commands that change an index.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Wait while another process writes to the index
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    look: Look,
}

/// Flags of all of them.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// The folder of the index
    #[arg(long, value_name = "DIR", default_value = ".doppelt/index", value_hint = ValueHint::DirPath)]
    index: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Does one of them.
pub(crate) fn run(action: &Action) -> Result<Exit, Failure> {
    match action {
        Action::Build(build) => build.run(),
        Action::Add(add) => add.run(),
        Action::Remove(remove) => remove.run(),
        Action::Query(query) => query.run(),
        Action::Info(look) => info(look),
        Action::Verify(look) => {
            let index = Index::open(&look.index)?;
            index.verify()?;
            say(
                &look.common,
                &format!("{}, every byte as it was written\n", documents(index.info().documents)),
            )
        }
        Action::Compact(change) => {
            let settings = Settings::new(&change.look.common)?;
            let mut writer = change.writer()?;
            let watch = Watch::new(change.look.common.progress, settings.quiet);
            writer.compact(&watch)?;
            let n = writer.commit(&watch)?;
            drop(watch);
            let bytes = Index::open(&change.look.index)?.info().bytes;
            say(&change.look.common, &format!("{} in {}\n", documents(n), size(bytes)))
        }
    }
}

impl Build {
    fn run(&self) -> Result<Exit, Failure> {
        let settings = Settings::new(&self.change.look.common)?;
        let wants =
            |what: What| self.find.is_empty() || self.find.contains(&what) || self.find.contains(&What::All);
        let passages = wants(What::Passages) || wants(What::Contained);
        let read = settings.read.clone();
        let parameters = Parameters {
            shingle: settings.shingle,
            threshold: settings.threshold.to_string(),
            passages_from_words: passages.then_some(settings.min_words),
            self_contained: self.self_contained,
            facts: wants(What::Cross).then(|| Facts::of(&settings.languages.0, &settings.languages.1)),
            text_field: read.text_field,
            id_field: read.id_field,
            lang_field: read.lang_field,
            date_field: read.date_field,
        };
        // Nothing is made of a corpus that is not there.
        let corpus = settings.corpus_of(self.files.and(&self.paths)?)?;
        let folder = &self.change.look.index;
        let writer = Writer::create(folder, parameters, self.change.wait)?;
        let scan =
            settings.scan()?.find(Find { contained: passages, passages, cross: false, described: true });
        self.change.add(&settings, &scan, &corpus, writer)
    }
}

impl Add {
    fn run(&self) -> Result<Exit, Failure> {
        let settings = Settings::new(&self.change.look.common)?;
        let writer = self.change.writer()?;
        let (scan, _) = settings_of(&settings, writer.index())?;
        let corpus = Corpus::of_roots(self.files.and(&self.paths)?, writer.index().read_options())?;
        self.change.add(&settings, &scan, &corpus, writer)
    }
}

impl Change {
    fn writer(&self) -> Result<Writer, Failure> {
        Ok(Writer::open(&self.look.index, self.wait)?)
    }

    fn add(
        &self,
        settings: &Settings,
        scan: &Scan,
        corpus: &Corpus,
        mut writer: Writer,
    ) -> Result<Exit, Failure> {
        let watch = Watch::new(self.look.common.progress, settings.quiet);
        let Added { n_added, n_replaced, n_unchanged, skipped } =
            writer.add(scan.sketching(), corpus, &watch)?;
        if n_added + n_replaced + n_unchanged == 0 {
            let failure = Failure::new(format!("no document in {}", counted(corpus.n_files(), "file")));
            return Err(match skipped.first() {
                Some(first) => failure.because(format!("{}: {}", first.document, first.reason)),
                None => failure,
            }
            .hint("for JSON Lines name the field that holds the text with --text-field"));
        }
        let n = writer.commit(&watch)?;
        drop(watch);
        let text =
            format!("{}: {n_added} added, {n_replaced} replaced, {n_unchanged} unchanged\n", documents(n));
        say(&self.look.common, &text)?;
        settings.finish(&skipped)
    }
}

impl Remove {
    fn run(&self) -> Result<Exit, Failure> {
        let mut writer = self.change.writer()?;
        let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        let missing = writer.remove(&ids)?;
        if let Some(id) = missing.first() {
            return Err(
                Failure::new(format!("no document in the index is called {id}")).hint("nothing was removed")
            );
        }
        let mut text = String::new();
        if self.gone {
            for id in writer.remove_gone()? {
                text += &format!("gone: {}\n", visible(&id));
            }
        }
        let watch = Watch::new(self.change.look.common.progress, self.change.look.common.quiet);
        let n = writer.commit(&watch)?;
        drop(watch);
        say(&self.change.look.common, &format!("{text}{} left\n", documents(n)))
    }
}

impl Query {
    fn run(&self) -> Result<Exit, Failure> {
        let index = Index::open(&self.look.index)?;
        let mut settings = Settings::new(&self.look.common)?;
        let (_, of_index) = settings_of(&settings, &index)?;
        settings = of_index;
        let sides = Sides::of_index(&self.new, &self.files, &self.look.index, Find::DOCUMENTS);
        let checked = sides.check(&settings, &self.look.common, &Baseline::default())?;
        let mut rows = vec![];
        if let Some(checked) = &checked {
            let is_new = |document: u32| checked.origins[document as usize].is_new;
            for pair in checked.outcome.pairs.iter().filter(|pair| is_new(pair.left) != is_new(pair.right)) {
                let (new, known) =
                    if is_new(pair.left) { (pair.left, pair.right) } else { (pair.right, pair.left) };
                let (new, known) = (checked.outcome.id(DocId(new)), checked.outcome.id(DocId(known)));
                rows.push((visible(new), visible(known), pair.overlap.jaccard(), pair.overlap.containment()));
            }
        }
        rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        output::write(self.look.common.output.as_deref(), |out| {
            out.write_all(b"document\tknown\tjaccard\tcontainment\n")?;
            rows.iter().try_for_each(|(new, known, jaccard, containment)| {
                writeln!(out, "{new}\t{known}\t{jaccard:.6}\t{containment:.6}")
            })
        })?;
        settings.finish(checked.as_ref().map_or(&[], |checked| &checked.outcome.documents.skipped))
    }
}

/// A scan, and settings, with what the index was built with.
fn settings_of(settings: &Settings, index: &Index) -> Result<(Scan, Settings), Failure> {
    let parameters = index.parameters();
    let mut settings = settings.clone();
    settings.shingle = parameters.shingle;
    settings.threshold = doppelt::similarity::Threshold::new(parameters.threshold.parse().unwrap_or(0.8))?;
    settings.min_words = parameters.passages_from_words.unwrap_or(settings.min_words);
    let passages = parameters.passages_from_words.is_some();
    Ok((
        settings.scan()?.find(Find { contained: passages, passages, cross: false, described: true }),
        settings,
    ))
}

fn info(look: &Look) -> Result<Exit, Failure> {
    let index = Index::open(&look.index)?;
    let info = index.info();
    let parameters = serde_json::to_value(&info.parameters).unwrap_or_default();
    let mut text = format!(
        "{} in {}, {}",
        documents(info.documents),
        counted(info.segments, "segment"),
        size(info.bytes)
    );
    if let Some(each) = info.bytes.checked_div(info.documents) {
        text += &format!(", {each} bytes a document");
    }
    text += &format!("\nremoved, to be compacted: {}\ncommits: {}\n", info.removed, info.generation);
    for (part, bytes) in &info.parts {
        text += &format!("{part:>8} {bytes:>12} bytes\n");
    }
    for (name, value) in parameters.as_object().into_iter().flatten() {
        let value = match &info.parameters.facts {
            Some(facts) if name == "facts" => {
                format!("{},{}, version {}", facts.languages.0, facts.languages.1, facts.version)
            }
            _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        text += &format!("{name}: {}\n", visible(&value));
    }
    say(&look.common, &text)
}

fn documents(n: u64) -> String {
    counted(n as usize, "document")
}

fn say(common: &Common, text: &str) -> Result<Exit, Failure> {
    let target: Option<&Path> = common.output.as_deref();
    output::write(target, |out: &mut dyn Write| out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}
