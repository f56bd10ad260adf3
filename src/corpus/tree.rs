//! Everything below the paths that were given, whether it can be read or not.
//!
//! A scan looks at some files of a folder; who writes the folder again needs
//! all of them: hidden and ignored ones, other endings, links and empty
//! folders.

use super::Corpus;
use super::walk::relative_name;
use crate::error::{Error, Result};
use ignore::WalkBuilder;
use std::collections::BTreeMap;
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
        let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        for root in &self.roots {
            for (relative, path, kind) in below(root)? {
                let file = numbers.get(path.as_path()).copied().filter(|_| kind == EntryKind::File);
                let name = match file {
                    Some(number) => self.files[number as usize].name.clone(),
                    None => relative_name(Path::new(""), &relative),
                };
                let entry = Entry { name, relative: relative.clone(), path, kind, file };
                match entries.insert(relative, entry.clone()) {
                    Some(other) if other.path != entry.path && entry.kind != EntryKind::Folder => {
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
        }
        Ok(entries.into_values().collect())
    }
}

/// What stands below a path, with its name relative to it.
fn below(root: &Path) -> Result<Vec<(PathBuf, PathBuf, EntryKind)>> {
    if root == Path::new("-") {
        return Ok(vec![(super::SourceFile::STDIN.into(), root.to_owned(), EntryKind::File)]);
    }
    if !root.is_dir() {
        let name = root.file_name().unwrap_or(root.as_os_str());
        return Ok(vec![(name.into(), root.to_owned(), EntryKind::File)]);
    }
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false).follow_links(false);
    let mut found = vec![];
    for entry in walk.build() {
        let entry = entry.map_err(|error| {
            Error::invalid_parameter(format!("cannot read all of {}", root.display()))
                .because(error.to_string())
        })?;
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if relative.as_os_str().is_empty() {
            continue;
        }
        let kind = match entry.file_type() {
            Some(kind) if kind.is_file() => EntryKind::File,
            Some(kind) if kind.is_dir() => EntryKind::Folder,
            Some(kind) if kind.is_symlink() => EntryKind::Link,
            _ => EntryKind::Other,
        };
        found.push((relative.to_owned(), entry.path().to_owned(), kind));
    }
    Ok(found)
}
