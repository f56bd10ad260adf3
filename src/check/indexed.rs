//! The texts that an index leads to.
//!
//! Look-ups stand in for reading the known documents; what they lead to is
//! read again from its source, or from the index where that holds the texts.
//! A source that is not what was indexed is an error: an answer from it would
//! be about another corpus. Cross-language pairs with known documents are found
//! where the index holds facts.

use super::Origin;
use super::candidates::{Candidate, Known, Probe, Selection};
use super::events::indexed_event_pairs;
use super::known::{KnownTexts, Names, NewNames, TextWriter};
use crate::corpus::{Corpus, Document, Format, Packing, Place, Progress, Root};
use crate::error::{Error, Result};
use crate::hash::hash64;
use crate::scan::Scan;
use crate::store::Index;
use crate::store::index::{Entry, Row};
use ahash::{AHashMap, AHashSet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Looks up the new documents; `named` are names of which is told whether they are known.
pub(super) fn from_index(
    scan: &Scan,
    new: &Corpus,
    probe: &Probe,
    index: &Index,
    named: &BTreeSet<&str>,
    progress: &dyn Progress,
) -> Result<KnownTexts> {
    refuse_mismatch(scan, index)?;
    let names = NewNames::of(new, probe);
    let (out, mut counts) = (documents_of_new_files(new, index)?, index.counts());
    for &entry in &out {
        let row = index.row(entry)?;
        let mut one = crate::store::index::Counts::default();
        one.add(row.bytes, row.language());
        counts.minus(&one);
    }
    for sketch in probe.sketches() {
        let Some(entry) = index.with_id(&sketch.id)?.filter(|entry| !out.contains(entry)) else { continue };
        let row = index.row(entry)?;
        let here = || index.path(entry, &row, &sketch.id).1.display().to_string();
        let goes_by_its_name = name_of(index, &names, entry)? == sketch.id;
        names.refuse_record(&sketch.id, goes_by_its_name && index.is_record(entry, &row), here)?;
    }
    progress.begin("looking up", probe.sketches().len() as u64, "documents");
    let mut selection = look_up(&names, probe, (index, &out), progress)?;
    let mut events = indexed_event_pairs(scan, &names, probe, (index, &out), progress)?;
    for entry in events.iter().flat_map(|event| event.entries).flatten() {
        selection.take(candidate(&name_of(index, &names, entry)?, &index.row(entry)?, entry));
    }
    let (chosen, copies) = selection.finish();
    let mut writer = TextWriter::new(&names, new.options());
    if index.parameters().self_contained {
        for known in &chosen {
            let (row, text) = (index.row(known.from)?, index.text(known.from)?);
            let place = Place { file: 0, length: row.length, offset: row.offset };
            let document = Document {
                id: known.id.as_str().into(),
                text: text.into(),
                language: row.language().map(Into::into),
                date: None,
                place,
            };
            let (_, shown) = index.path(known.from, &row, &index.id(known.from)?);
            // The line of a record is only known with its source at hand.
            let line = index.is_record(known.from, &row).then_some(0);
            writer.add(known, &document, Origin::new(&shown, line, false))?;
        }
    } else {
        read_sources(index, &chosen, &mut writer)?;
    }
    for event in &mut events {
        for (id, entry) in event.ids.iter_mut().zip(event.entries) {
            if entry.is_some() {
                *id = writer.name_of(id).to_owned();
            }
        }
    }
    let mut present = AHashSet::new();
    for &name in named {
        if index.with_id(name)?.is_some_and(|entry| !out.contains(&entry)) {
            present.insert(name.to_owned());
        }
    }
    Ok(KnownTexts {
        names: Names::Present(present),
        n_documents: counts.documents as usize,
        bytes: counts.bytes,
        languages: counts.languages,
        copies,
        events,
        ..writer.finish()?
    })
}

/// An index answers for the parameters it was built with and for no others.
fn refuse_mismatch(scan: &Scan, index: &Index) -> Result<()> {
    let parameters = index.parameters();
    let asked = scan.parameters();
    let asked = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let anchors = scan.sketching().anchors;
    let differs = |name: &str, index: String, asked: String| {
        Err(Error::invalid_parameter(format!(
            "the index was built with {name} {index}, this run asks for {asked}"
        ))
        .hint(format!(
            "build it anew with doppelt index build --{name} {asked}, or give --{name} {index} here"
        )))
    };
    if parameters.shingle.to_string() != asked("shingle") {
        return differs("shingle", parameters.shingle.to_string(), asked("shingle"));
    }
    if parameters.threshold != asked("threshold") {
        return differs("threshold", parameters.threshold.clone(), asked("threshold"));
    }
    if let Some(facts) = parameters.facts.as_ref().filter(|_| scan.finds().cross) {
        let languages = format!("{},{}", facts.languages.0, facts.languages.1);
        if languages != asked("languages") {
            return differs("languages", languages, asked("languages"));
        }
        facts.refuse_other_version()?;
    }
    match (parameters.passages_from_words, anchors) {
        (None, Some(_)) => {
            Err(Error::invalid_parameter("the index leads to no passages or contained documents")
                .hint("give --find documents, or build it anew with doppelt index build without --find"))
        }
        (Some(index), Some(asked)) if index > asked => {
            differs("min-words", index.to_string(), asked.to_string())
        }
        _ => Ok(()),
    }
}

/// Known documents whose files are among the new ones.
fn documents_of_new_files(new: &Corpus, index: &Index) -> Result<AHashSet<Entry>> {
    let mut out = AHashSet::new();
    for path in new.paths() {
        let Ok(path) = path.canonicalize() else { continue };
        out.extend(index.of_file(&path)?);
    }
    Ok(out)
}

fn look_up(
    names: &NewNames<'_>,
    probe: &Probe,
    (index, out): (&Index, &AHashSet<Entry>),
    progress: &dyn Progress,
) -> Result<Selection<Entry>> {
    let mut shared: AHashMap<(u32, Entry), u32> = AHashMap::new();
    for (band, key, new) in probe.keys() {
        if progress.is_stopped() {
            return Err(Error::interrupted());
        }
        for entry in index.with_key(band, key)?.into_iter().filter(|entry| !out.contains(entry)) {
            for &new in new {
                *shared.entry((new, entry)).or_default() += 1;
            }
        }
    }
    let mut selection = Selection::new();
    for ((new, entry), n_bands) in shared {
        let (id, row) = (name_of(index, names, entry)?, index.row(entry)?);
        selection.offer_near(&probe.sketches()[new as usize], new, n_bands, candidate(&id, &row, entry));
    }
    for (anchor, slot) in probe.anchors() {
        if progress.is_stopped() {
            return Err(Error::interrupted());
        }
        for entry in index.with_anchor(anchor)?.into_iter().filter(|entry| !out.contains(entry)) {
            let (id, row) = (name_of(index, names, entry)?, index.row(entry)?);
            selection.offer_anchor(slot, candidate(&id, &row, entry));
        }
    }
    progress.advance(probe.sketches().len() as u64);
    Ok(selection)
}

/// The name that a document of the index goes by beside the new ones.
pub(super) fn name_of(index: &Index, names: &NewNames<'_>, entry: Entry) -> Result<String> {
    let (id, row) = (index.id(entry)?, index.row(entry)?);
    let path = || index.path(entry, &row, &id).1.to_string_lossy().replace('\\', "/");
    let apart = names.apart(&id, index.file_of_records(entry, &row), path);
    Ok(apart.unwrap_or(id))
}

fn candidate<'a>(id: &'a str, row: &Row, from: Entry) -> Candidate<'a, Entry> {
    Candidate { byte_hash: row.byte_hash, text_hash: row.text_hash, id, from }
}

/// Reads the chosen documents again where they were indexed.
fn read_sources(index: &Index, chosen: &[Known<Entry>], writer: &mut TextWriter<'_>) -> Result<()> {
    let mut files: Vec<(PathBuf, PathBuf, Vec<usize>)> = vec![];
    let mut number: AHashMap<PathBuf, usize> = AHashMap::new();
    for (i, known) in chosen.iter().enumerate() {
        let (path, shown) = index.path(known.from, &index.row(known.from)?, &index.id(known.from)?);
        let at = *number.entry(path.clone()).or_insert_with(|| {
            files.push((path, shown, vec![]));
            files.len() - 1
        });
        files[at].2.push(i);
    }
    if files.is_empty() {
        return Ok(());
    }
    let roots = files.iter().map(|file| Root::at(&file.0)).collect();
    let corpus = Corpus::of_roots(roots, index.read_options()).map_err(|error| {
        let why = error.cause().unwrap_or("it is gone").to_owned();
        changed(&error.to_string(), &why)
    })?;
    let by_path: AHashMap<&Path, usize> =
        files.iter().enumerate().map(|(i, file)| (file.0.as_path(), i)).collect();
    for (file, path) in (0u32..).zip(corpus.paths()) {
        let Some((_, shown, documents)) = by_path.get(path).map(|&at| &files[at]) else { continue };
        let source = &corpus.files()[file as usize];
        let is_plain_file = source.format == Format::Plain && source.packing == Packing::None;
        let mut places = vec![];
        for &i in documents {
            let row = index.row(chosen[i].from)?;
            let length = std::fs::metadata(path).map_or(0, |meta| meta.len());
            if is_plain_file && length != u64::from(row.length) {
                let why = format!("it has {length} bytes instead of {}", row.length);
                return Err(changed(&format!("{} is not what was indexed", shown.display()), &why));
            }
            places.push(Place { file, length: row.length, offset: row.offset });
        }
        let lines = corpus.record_lines(&places);
        let mut failed = None;
        let fetched = corpus.fetch(places.iter().copied(), |at, document| {
            let known = &chosen[documents[at]];
            if failed.is_some() {
                return;
            }
            if hash64(document.text.as_bytes()) != known.byte_hash {
                failed = Some(changed(
                    &format!("{} is not what was indexed", shown.display()),
                    &format!("{} has another text", known.id),
                ));
                return;
            }
            let origin = Origin::new(shown, lines[at], false);
            failed = writer.add(known, document, origin).err();
        });
        fetched
            .map_err(|error| changed(&format!("{} is not what was indexed", shown.display()), &error.0))?;
        if let Some(error) = failed {
            return Err(error);
        }
    }
    Ok(())
}

fn changed(what: &str, why: &str) -> Error {
    Error::damaged(what)
        .because(why)
        .hint("bring the index up to date: doppelt index add PATH for what has changed, doppelt index remove --gone for what is gone")
}
