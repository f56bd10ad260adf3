//! Everything below the paths that were given, whether it can be read or not.
//!
//! A scan looks at some files of a folder; who writes the folder again needs
//! all of them: hidden and ignored ones, other endings, links and empty
//! folders.

use super::Corpus;
use super::roots::Root;
use super::walk::{real_path, relative_name};
use crate::error::{Error, Result};
use ignore::WalkBuilder;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Something below the paths of a corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path relative to the argument it was found under, with `/`.
    pub name: String,
    /// The same as the system writes it.
    pub relative: PathBuf,
    /// Where it can be opened.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
    /// The number of the file in the corpus, where it holds documents.
    pub file: Option<u32>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or standard input.
    File,
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
    /// A device, pipe or socket.
    Other,
}

impl Corpus {
    /// Everything below the paths of the corpus, sorted by name.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read, or two entries have the same name below
    /// different paths.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let numbers: BTreeMap<&Path, u32> =
            self.files.iter().zip(0..).map(|(file, number)| (file.path.as_path(), number)).collect();
        let mut found = vec![];
        for root in &self.roots {
            for (relative, path, kind) in below(root)? {
                let own_name = relative_name(Path::new(""), &relative);
                let file = numbers.get(path.as_path()).copied().filter(|_| kind == EntryKind::File);
                let name = file.map(|number| self.files[number as usize].name.clone());
                let is_document = name.as_ref() == Some(&own_name);
                let entry = Entry { name: name.unwrap_or(own_name), relative, path, kind, file };
                found.push((!is_document, entry));
            }
        }
        // A file that several names lead to stands here once: as the document
        // that is read of it, or under the first name.
        found.sort_by(|a, b| (a.0, &a.1.relative).cmp(&(b.0, &b.1.relative)));
        let mut seen = BTreeSet::new();
        let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        for (_, entry) in found {
            let real = real_path(&self.roots, &entry.path).filter(|_| entry.kind == EntryKind::File);
            if real.is_some_and(|real| !seen.insert(real)) {
                continue;
            }
            match entries.insert(entry.relative.clone(), entry.clone()) {
                Some(other) if !is_same(&other, &entry) => {
                    return Err(Error::invalid_parameter(format!(
                        "{} and {} have the same name below their folders",
                        other.path.display(),
                        entry.path.display()
                    ))
                    .hint("give the folder above both, or clean one after the other"));
                }
                _ => {}
            }
        }
        Ok(entries.into_values().collect())
    }
}

/// Whether two entries of one name can stand for each other.
fn is_same(one: &Entry, other: &Entry) -> bool {
    let both = |kind: EntryKind| one.kind == kind && other.kind == kind;
    both(EntryKind::Folder) || (one.path == other.path && one.kind == other.kind)
}

/// What stands below a root, with its name in the corpus.
fn below(root: &Root) -> Result<Vec<(PathBuf, PathBuf, EntryKind)>> {
    if root.path == Path::new("-") {
        return Ok(vec![(super::SourceFile::STDIN.into(), root.path.clone(), EntryKind::File)]);
    }
    let mut found = vec![];
    // The folders that a name begins with are part of the corpus, too.
    let name = root.name.as_deref().unwrap_or(Path::new(""));
    for (folder, path) in name.ancestors().zip(root.path.ancestors()).skip(1) {
        if folder != Path::new("") {
            found.push((folder.to_owned(), path.to_owned(), EntryKind::Folder));
        }
    }
    if !root.path.is_dir() {
        found.push((root.name_of(&root.path), root.path.clone(), EntryKind::File));
        return Ok(found);
    }
    let mut walk = WalkBuilder::new(&root.path);
    walk.standard_filters(false).follow_links(false);
    for entry in walk.build() {
        let entry = entry.map_err(|error| {
            Error::invalid_parameter(format!("cannot read all of {}", root.path.display()))
                .because(error.to_string())
        })?;
        let is_root = entry.path() == root.path;
        if is_root && root.name.is_none() {
            continue;
        }
        let kind = match entry.file_type() {
            Some(kind) if kind.is_file() => EntryKind::File,
            Some(kind) if kind.is_dir() => EntryKind::Folder,
            Some(kind) if kind.is_symlink() => EntryKind::Link,
            _ => EntryKind::Other,
        };
        found.push((root.name_of(entry.path()), entry.path().to_owned(), kind));
    }
    Ok(found)
}
