//! The texts of the known documents that new ones are compared with.
//!
//! They are written to a temporary file of records and read from there like
//! any other input, so one scan sees both sides whatever the known side is.

use super::Origin;
use super::candidates::{Known, Probe, Selection};
use super::events::{EventPair, event_pairs};
use crate::corpus::{Corpus, Document, Place, Progress, ReadOptions, Skipped};
use crate::error::{Error, Result};
use crate::hash::hash64;
use crate::scan::Scan;
use ahash::{AHashMap, AHashSet};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};

/// Known documents as a corpus of their own.
#[derive(Debug)]
pub(super) struct KnownTexts {
    /// The documents that share something with a new one; `None` for none.
    pub corpus: Option<Corpus>,
    /// Where each of them really stands.
    pub origins: AHashMap<String, Origin>,
    /// Hash of the bytes of each of them.
    pub byte_hashes: AHashMap<String, u64>,
    /// How often the bytes of a new document stand in the known ones, by its number.
    pub copies: AHashMap<u32, u32>,
    /// The names of all known documents.
    pub names: Names,
    /// Number of all known documents.
    pub n_documents: usize,
    /// Bytes of all known texts.
    pub bytes: u64,
    /// All known documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Cross-language pairs that touch a new document.
    pub events: Vec<EventPair>,
    /// Known input that could not be read.
    pub skipped: Vec<Skipped>,
    /// Holds the file for as long as it is read.
    pub(super) _folder: Option<tempfile::TempDir>,
}

impl KnownTexts {
    /// Nothing is known.
    pub(super) fn none() -> Self {
        Self {
            corpus: None,
            origins: AHashMap::new(),
            byte_hashes: AHashMap::new(),
            copies: AHashMap::new(),
            names: Names::Present(AHashSet::new()),
            n_documents: 0,
            bytes: 0,
            languages: BTreeMap::new(),
            events: vec![],
            skipped: vec![],
            _folder: None,
        }
    }
}

/// Goes through a corpus once and keeps the texts that share something with a
/// new one, or report the same event in the other language.
pub(super) fn from_corpus(
    scan: &Scan,
    new: &Corpus,
    probe: &Probe,
    corpus: &Corpus,
    progress: &dyn Progress,
) -> Result<KnownTexts> {
    let events = event_pairs(scan, &new.and(corpus), probe, progress)?;
    if corpus.n_files() == 0 {
        return Ok(KnownTexts { events, ..KnownTexts::none() });
    }
    let partners: AHashSet<&str> =
        events.iter().flat_map(|event| event.ids.iter().map(String::as_str)).collect();
    let mut languages: BTreeMap<String, u64> = BTreeMap::new();
    let mut selection = Selection::new();
    let mut by_name: AHashMap<u64, Place> = AHashMap::new();
    let mut doubled = vec![];
    let mut bytes = 0;
    let names = NewNames::of(new, probe);
    let mut skipped = scan.sketching().run(corpus, progress, |sketch| {
        names.refuse_record(&sketch.id, corpus.is_record(sketch.place), || corpus.describe(sketch.place))?;
        let first = *by_name.entry(hash64(sketch.id.as_bytes())).or_insert(sketch.place);
        if first != sketch.place {
            doubled.push(corpus.doubled(&sketch.id, sketch.place, first));
            return Ok(());
        }
        bytes += u64::from(sketch.bytes);
        if let Some(language) = sketch.language {
            *languages.entry(language.to_owned()).or_default() += 1;
        }
        if partners.contains(sketch.id.as_str()) {
            selection.take(sketch.candidate(sketch.place));
        }
        probe.offer(&sketch, sketch.place, &mut selection);
        Ok(())
    })?;
    skipped.extend(doubled);
    let (chosen, copies) = selection.finish();
    let places: Vec<Place> = chosen.iter().map(|known| known.from).collect();
    let lines = corpus.record_lines(&places);
    let mut writer = TextWriter::new(&names, new.options());
    let mut failed = None;
    let fetched = corpus.fetch(places, |i, document| {
        let known = &chosen[i];
        let origin = Origin::new(corpus.path_of(known.from), lines[i], false);
        if failed.is_none() {
            failed = writer.add(known, document, origin).err();
        }
    });
    fetched.map_err(|error| {
        Error::damaged(error.0).hint("the input must not change while it is checked; run again")
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    let names = Names::All(by_name.keys().copied().collect());
    Ok(KnownTexts {
        n_documents: by_name.len(),
        names,
        bytes,
        languages,
        copies,
        skipped,
        events,
        ..writer.finish()?
    })
}

/// The names of known documents.
#[derive(Debug)]
pub(super) enum Names {
    /// By their hashes.
    All(AHashSet<u64>),
    /// Those that were asked for and are there.
    Present(AHashSet<String>),
}

impl Names {
    pub(super) fn contains(&self, name: &str) -> bool {
        match self {
            Self::All(hashes) => hashes.contains(&hash64(name.as_bytes())),
            Self::Present(names) => names.contains(name),
        }
    }
}

/// The names that are taken by new documents.
pub(super) struct NewNames<'a> {
    corpus: &'a Corpus,
    places: AHashMap<&'a str, Place>,
    files: AHashSet<&'a str>,
}

impl<'a> NewNames<'a> {
    pub(super) fn of(new: &'a Corpus, probe: &'a Probe) -> Self {
        let places = probe.sketches().iter().map(|sketch| (sketch.id.as_str(), sketch.place)).collect();
        let files = new.files().iter().map(|file| file.name.as_str()).collect();
        Self { corpus: new, places, files }
    }

    /// The new documents.
    pub(super) fn corpus(&self) -> &'a Corpus {
        self.corpus
    }

    /// Whether a new document goes by this name.
    pub(super) fn are_taken_by(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    /// The name of a known document, `None` for its own: it goes by its path
    /// where a new one goes by its name, and so do all records without a name
    /// in a file whose name is that of a new one.
    pub(super) fn apart(
        &self,
        id: &str,
        file: Option<&str>,
        path: impl FnOnce() -> String,
    ) -> Option<String> {
        let Some(file) = file else { return self.are_taken_by(id).then(path) };
        let line = id.strip_prefix(file)?.strip_prefix(':')?;
        let is_unnamed = self.files.contains(file) && line.bytes().all(|byte| byte.is_ascii_digit());
        is_unnamed.then(|| format!("{}:{line}", path()))
    }

    /// Records name themselves, so a name that stands on both sides is an error.
    pub(super) fn refuse_record(
        &self,
        id: &str,
        is_record: bool,
        here: impl FnOnce() -> String,
    ) -> Result<()> {
        let Some(&place) = self.places.get(id).filter(|_| is_record) else { return Ok(()) };
        Err(Error::invalid_parameter(format!("two documents have the id {id}"))
            .because(format!("{} is new, {} is known", self.corpus.describe(place), here()))
            .hint("name records by another field with --id-field"))
    }
}

/// Writes known texts as records.
pub(super) struct TextWriter<'a> {
    names: &'a NewNames<'a>,
    options: ReadOptions,
    taken: AHashSet<String>,
    origins: AHashMap<String, Origin>,
    byte_hashes: AHashMap<String, u64>,
    /// Other names that known documents go by.
    renamed: AHashMap<String, String>,
    out: Option<(tempfile::TempDir, BufWriter<File>)>,
}

impl<'a> TextWriter<'a> {
    pub(super) fn new(names: &'a NewNames<'a>, options: &ReadOptions) -> Self {
        Self {
            names,
            options: options.clone(),
            taken: AHashSet::new(),
            origins: AHashMap::new(),
            byte_hashes: AHashMap::new(),
            renamed: AHashMap::new(),
            out: None,
        }
    }

    /// Adds a document. A file whose name is that of a new one goes by its path.
    pub(super) fn add<T>(&mut self, known: &Known<T>, document: &Document<'_>, origin: Origin) -> Result<()> {
        let mut id = known.id.clone();
        if self.names.are_taken_by(&id) {
            id.clone_from(&origin.path);
        }
        while self.names.are_taken_by(&id) || !self.taken.insert(id.clone()) {
            id = format!("./{id}");
        }
        if id != known.id {
            self.renamed.insert(known.id.clone(), id.clone());
        }
        let mut record = Map::new();
        let mut set =
            |field: &str, value: &str| record.insert(field.to_owned(), Value::String(value.to_owned()));
        if let (Some(field), Some(language)) = (&self.options.lang_field, &document.language) {
            set(field, language);
        }
        if let (Some(field), Some(date)) = (&self.options.date_field, &document.date) {
            set(field, date);
        }
        set(&self.options.id_field, &id);
        set(&self.options.text_field, &document.text);
        let line = Value::Object(record).to_string() + "\n";
        let out = match &mut self.out {
            Some((_, out)) => out,
            None => &mut self.out.insert(temporary_file()?).1,
        };
        out.write_all(line.as_bytes()).map_err(|error| temporary_error(&error))?;
        self.byte_hashes.insert(id.clone(), known.byte_hash);
        self.origins.insert(id, origin);
        Ok(())
    }

    /// The name that a known document goes by.
    pub(super) fn name_of<'n>(&'n self, id: &'n str) -> &'n str {
        self.renamed.get(id).map_or(id, String::as_str)
    }

    pub(super) fn finish(self) -> Result<KnownTexts> {
        let Some((folder, out)) = self.out else { return Ok(KnownTexts::none()) };
        out.into_inner().map_err(|error| temporary_error(error.error()))?;
        let corpus = Corpus::open(&[folder.path().join(NAME)], self.options)?;
        Ok(KnownTexts {
            corpus: Some(corpus),
            origins: self.origins,
            byte_hashes: self.byte_hashes,
            _folder: Some(folder),
            ..KnownTexts::none()
        })
    }
}

const NAME: &str = "known.jsonl";

fn temporary_file() -> Result<(tempfile::TempDir, BufWriter<File>)> {
    let folder = tempfile::tempdir().map_err(|error| temporary_error(&error))?;
    let file = File::create(folder.path().join(NAME)).map_err(|error| temporary_error(&error))?;
    Ok((folder, BufWriter::with_capacity(1 << 16, file)))
}

fn temporary_error(error: &std::io::Error) -> Error {
    Error::io("write", std::path::Path::new("a temporary file"), error)
        .hint("point TMPDIR to a folder with enough space")
}
