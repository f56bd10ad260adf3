//! From paths to files: what ripgrep would look at, in a fixed order.

use super::ReadOptions;
use super::document::Skipped;
use super::roots::Root;
use super::source::{Format, Packing, SourceFile, kind_of};
use crate::error::{Error, Result};
use ahash::AHashSet;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// All files behind `roots`, sorted by name, and what was left out. A file that
/// several names lead to is read once, under the first of them.
pub(super) fn files(roots: &[Root], options: &ReadOptions) -> Result<(Vec<SourceFile>, Vec<Skipped>)> {
    let mut files = vec![];
    let mut skipped = vec![];
    for root in roots {
        let path = &root.path;
        if path == Path::new("-") {
            files.push(SourceFile::stdin());
            continue;
        }
        let meta = std::fs::metadata(path).map_err(|error| {
            Error::io("open", path, &error).hint("give files, folders, patterns in quotes, or '-' for stdin")
        })?;
        if meta.is_dir() {
            folder(root, options, &mut files, &mut skipped);
        } else if meta.is_file() {
            // A file that is named is read whatever its ending.
            let name = relative_name(Path::new(""), &root.name_of(path));
            let (format, packing) = kind_of(path).unwrap_or((Format::Plain, Packing::None));
            files.push(SourceFile {
                name,
                path: path.clone(),
                format,
                packing,
                bytes: meta.len(),
                once: Arc::default(),
            });
        } else {
            return Err(Error::invalid_parameter(format!("{} is neither file nor folder", path.display()))
                .hint("give a regular file or a folder"));
        }
    }
    files.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut seen = AHashSet::new();
    files.retain(|file| real_path(roots, &file.path).is_none_or(|real| seen.insert(real)));
    skipped.sort();
    Ok((files, skipped))
}

/// Where a file stands, whatever names lead to it; `None` where only one does,
/// as below a single path, or where it is no file.
pub(super) fn real_path(roots: &[Root], path: &Path) -> Option<PathBuf> {
    if roots.len() < 2 { None } else { path.canonicalize().ok() }
}

fn folder(root: &Root, options: &ReadOptions, files: &mut Vec<SourceFile>, skipped: &mut Vec<Skipped>) {
    let mut walk = WalkBuilder::new(&root.path);
    walk.follow_links(false).require_git(false).add_custom_ignore_filename(".doppeltignore");
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                skipped
                    .push(Skipped { document: root.path.display().to_string(), reason: error.to_string() });
                continue;
            }
        };
        let path = entry.path();
        let Some((format, packing)) = kind_of(path) else { continue };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let name = relative_name(Path::new(""), &root.name_of(path));
        let is_included = options.include.patterns().is_empty() || options.include.is_match(&[&name]);
        if !is_included || options.exclude.is_match(&[&name]) {
            continue;
        }
        match entry.metadata() {
            Ok(meta) => files.push(SourceFile {
                name,
                path: path.to_owned(),
                format,
                packing,
                bytes: meta.len(),
                once: Arc::default(),
            }),
            Err(error) => skipped.push(Skipped { document: name, reason: error.to_string() }),
        }
    }
}

pub(super) fn relative_name(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
