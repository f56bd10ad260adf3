//! What the paths that were given stand for: files and folders as they are,
//! patterns such as `news/**/*.txt`, and the lines of a list of files.
//!
//! A path that exists is taken as it is, whatever its name looks like. A file
//! that a pattern finds is named from the folder before the first wildcard, a
//! file of a list as the list writes it, so that files of one name in several
//! folders stay apart.

use super::source::kind_of;
use super::walk::relative_name;
use crate::error::{Error, Result};
use ahash::AHashMap;
use globset::GlobBuilder;
use ignore::WalkBuilder;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// A file or folder to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Where it can be opened; `-` is standard input.
    pub path: PathBuf,
    /// The name that ids begin with; `None` for the usual: the file name, and
    /// for what stands in a folder the path below it.
    pub name: Option<PathBuf>,
}

impl Root {
    /// What stands at a path, whatever characters it has.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), name: None }
    }

    /// What one line of a list of files stands for.
    #[must_use]
    pub fn listed(path: &Path) -> Self {
        let parts: Vec<Component<'_>> = path.components().collect();
        let is_plain = |part: &&Component<'_>| matches!(part, Component::Normal(_));
        let n_plain = parts.iter().rev().take_while(is_plain).count();
        let name: PathBuf = parts[parts.len() - n_plain..].iter().collect();
        Self { path: path.to_owned(), name: (n_plain > 0).then_some(name) }
    }

    /// What an argument stands for: itself, or all files that it matches.
    ///
    /// # Errors
    ///
    /// When it is a pattern that matches no file, or no pattern.
    pub fn of_argument(path: &Path) -> Result<Vec<Self>> {
        let pattern = path.to_str().filter(|text| text.contains(WILDCARDS));
        match pattern {
            Some(pattern) if std::fs::symlink_metadata(path).is_err() => matches(pattern),
            _ => Ok(vec![Self::at(path)]),
        }
    }

    /// The roots of several arguments.
    ///
    /// # Errors
    ///
    /// As for one.
    pub fn of_arguments(paths: &[PathBuf]) -> Result<Vec<Self>> {
        let mut roots = vec![];
        for path in paths {
            roots.extend(Self::of_argument(path)?);
        }
        Ok(roots)
    }

    /// Reads a list of paths: apart by NUL if there is one in it, else one a line.
    /// `-` is standard input.
    ///
    /// # Errors
    ///
    /// When the list cannot be read or names nothing.
    pub fn of_list(list: &Path) -> Result<Vec<Self>> {
        let bytes = match list == Path::new("-") {
            true => {
                let mut bytes = vec![];
                std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
            }
            false => std::fs::read(list),
        };
        let bytes = bytes.map_err(|error| {
            Error::io("read the list", list, &error)
                .hint("give a file of paths, one a line, or '-' for stdin")
        })?;
        let roots: Vec<Self> = lines(&bytes).filter_map(path_of).map(|path| Self::listed(&path)).collect();
        if roots.is_empty() {
            return Err(Error::nothing_to_read(format!("the list {} names no file", list.display()))
                .hint("write one path a line, or apart by NUL as find -print0 does"));
        }
        Ok(roots)
    }

    /// Files that would go by one name go by their paths instead.
    pub(super) fn apart(roots: &mut [Self]) {
        let mut seen: AHashMap<OsString, (usize, u32)> = AHashMap::new();
        let is_bare = |root: &Self| root.name.is_none() && root.path.is_file();
        for (i, root) in roots.iter().enumerate().filter(|(_, root)| is_bare(root)) {
            let name = root.path.file_name().unwrap_or_default().to_owned();
            let (first, n) = seen.entry(name).or_insert((i, 0));
            *n += u32::from(roots[*first].path != root.path);
        }
        for root in roots.iter_mut().filter(|root| is_bare(root)) {
            if seen[root.path.file_name().unwrap_or_default()].1 > 0 {
                *root = Self::listed(&root.path);
            }
        }
    }

    /// The name of something below the root, or of the root itself if it is a file.
    pub(super) fn name_of(&self, path: &Path) -> PathBuf {
        let below = path.strip_prefix(&self.path).unwrap_or(path);
        match &self.name {
            Some(name) if below == Path::new("") => name.clone(),
            Some(name) => name.join(below),
            None if below == Path::new("") => path.file_name().unwrap_or(path.as_os_str()).into(),
            None => below.to_owned(),
        }
    }
}

/// Characters that make a pattern of a path that does not exist.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// The files that a pattern matches, and those below the folders it matches;
/// sorted. Hidden and ignored ones are left out, as in a folder.
fn matches(pattern: &str) -> Result<Vec<Root>> {
    let literal: PathBuf = Path::new(pattern).components().take_while(|part| !is_wild(part)).collect();
    let wild: PathBuf = Path::new(pattern).components().skip_while(|part| !is_wild(part)).collect();
    let text = relative_name(Path::new(""), &wild);
    let glob = GlobBuilder::new(&text).literal_separator(true).build().map_err(|error| {
        Error::invalid_parameter(format!("there is no file {pattern}, and it is no pattern either"))
            .because(error.to_string())
            .hint("write patterns such as 'news/**/*.txt'")
    })?;
    let glob = glob.compile_matcher();
    // Only what names its files takes those of an unknown ending.
    let names_files = text.rsplit('/').next().is_some_and(|last| last.contains(|c| c != '*'));
    let base = if literal == Path::new("") { Path::new(".") } else { &literal };
    let mut walk = WalkBuilder::new(base);
    walk.follow_links(false).require_git(false).add_custom_ignore_filename(".doppeltignore");
    walk.hidden(!text.split('/').any(|part| part.starts_with('.')));
    let mut roots = vec![];
    for entry in walk.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // What cannot be looked into is a root, so that it is named when the files are listed.
                let path = unreadable(&error).unwrap_or(base);
                let below = path.strip_prefix(base).unwrap_or(path);
                roots.push(Root { path: literal.join(below), name: Some(below.to_owned()) });
                continue;
            }
        };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let below = entry.path().strip_prefix(base).unwrap_or(entry.path());
        let is_named = names_files && glob.is_match(below);
        let mut folders = below.ancestors().filter(|folder| *folder != Path::new(""));
        if is_named || (kind_of(below).is_some() && folders.any(|folder| glob.is_match(folder))) {
            roots.push(Root { path: literal.join(below), name: Some(below.to_owned()) });
        }
    }
    if roots.is_empty() {
        return Err(Error::nothing_to_read(format!("no file matches {pattern}")).hint(
            "patterns know *, ?, [ab], {a,b} and ** for folders; hidden and ignored files are left out",
        ));
    }
    roots.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(roots)
}

/// The path that an error of a walk is about.
fn unreadable(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => unreadable(err),
        _ => None,
    }
}

fn is_wild(part: &Component<'_>) -> bool {
    part.as_os_str().to_string_lossy().contains(WILDCARDS)
}

/// The entries of a list, empty ones left out.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let by_nul = bytes.contains(&0);
    let end = if by_nul { 0 } else { b'\n' };
    bytes
        .split(move |&byte| byte == end)
        .map(move |line| if by_nul { line } else { line.strip_suffix(b"\r").unwrap_or(line) })
        .filter(|line| !line.is_empty())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    Some(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_files_keep_the_folders_they_are_listed_with() {
        let check = |path: &str, name: &str| {
            assert_eq!(Root::listed(Path::new(path)).name.as_deref(), Some(Path::new(name)), "{path}");
        };
        check("a.txt", "a.txt");
        check("./b/a.txt", "b/a.txt");
        check("../b/a.txt", "b/a.txt");
        check("c/../b/a.txt", "b/a.txt");
        check("/c/b/a.txt", "c/b/a.txt");
    }

    #[test]
    fn files_of_one_name_go_by_their_paths_and_others_do_not() {
        let temporary = tempfile::tempdir().unwrap();
        let mut roots = vec![];
        for name in ["a/x.txt", "b/x.txt", "b/y.txt", "b/y.txt"] {
            let path = temporary.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "text").unwrap();
            roots.push(Root::at(&path));
        }
        Root::apart(&mut roots);
        let named: Vec<bool> = roots.iter().map(|root| root.name.is_some()).collect();
        assert_eq!(named, [true, true, false, false]);
    }

    #[test]
    fn lists_are_apart_by_nul_if_there_is_one_and_by_lines_if_not() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&[u8]> = lines(text.as_bytes()).collect();
            assert_eq!(found, expected.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
        };
        check("a\nb c\r\n\n", &["a", "b c"]);
        check("a\nb\0c\0", &["a\nb", "c"]);
        check("", &[]);
    }

    #[test]
    fn a_pattern_finds_files_and_what_is_below_the_folders_it_finds() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        for name in ["n/a.txt", "n/b.log", "n/x/a.txt", "n/x/c.png", "n/.h/a.txt", "n/[a].txt"] {
            std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            std::fs::write(folder.join(name), "text").unwrap();
        }
        let check = |pattern: &str, expected: &[&str]| {
            let roots = Root::of_argument(&folder.join(pattern)).unwrap();
            let names: Vec<String> =
                roots.iter().map(|root| relative_name(Path::new(""), root.name.as_ref().unwrap())).collect();
            assert_eq!(names, expected, "{pattern}");
        };
        check("n/*.txt", &["[a].txt", "a.txt"]);
        check("n/**/*.txt", &["[a].txt", "a.txt", "x/a.txt"]);
        check("n/**", &["[a].txt", "a.txt", "x/a.txt"]);
        check("*/a.txt", &["n/a.txt"]);
        check("?", &["n/[a].txt", "n/a.txt", "n/x/a.txt"]);
        check("n/*.{log,md}", &["b.log"]);
        check("n/.h/*.txt", &["a.txt"]);
        let literal = Root::of_argument(&folder.join("n/[a].txt")).unwrap();
        assert_eq!(literal, [Root::at(&folder.join("n/[a].txt"))], "a path that exists is no pattern");
        let missing = Root::of_argument(&folder.join("n/*.md")).unwrap_err();
        assert!(missing.is_nothing_to_read() && missing.to_string().ends_with("n/*.md"), "{missing}");
    }
}
