//! Reads the import table of `ARCHITECTURE.md` and fails on the first import
//! against it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rooms in their order; rooms of one rank never import each other.
fn ranks() -> BTreeMap<String, usize> {
    let plan = std::fs::read_to_string("ARCHITECTURE.md").expect("ARCHITECTURE.md stands beside Cargo.toml");
    let table = plan
        .split("<!-- import table -->")
        .nth(1)
        .expect("ARCHITECTURE.md marks its import table with <!-- import table --> before and after");
    let mut ranks = BTreeMap::new();
    for (rank, line) in
        table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rank")).enumerate()
    {
        let rooms = line.split('|').nth(2).expect("a row has a rank and rooms");
        for room in rooms.split(',').map(|room| room.trim().trim_matches('`')).filter(|room| !room.is_empty())
        {
            assert!(ranks.insert(room.to_owned(), rank).is_none(), "{room} stands twice in the table");
        }
    }
    ranks
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("src can be read");
    for path in entries.map(|entry| entry.expect("src can be listed").path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file without its tests and comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("sources are UTF-8");
    let shipped = text.split("#[cfg(test)]").next().unwrap_or(&text);
    let lines = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The room a file of the library is in; none for the binary and the root.
fn room(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.components().next()?.as_os_str().to_str()?.to_owned();
    let room = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    (room != "lib" && room != "bin").then_some(room)
}

#[test]
fn nobody_imports_against_the_floor_plan() {
    let ranks = ranks();
    let mut files = vec![];
    sources(Path::new("src"), &mut files);
    files.sort();
    assert!(files.len() > 20, "only {} files were found", files.len());
    let mut against = vec![];
    for path in files {
        let Some(room) = room(&path) else { continue };
        let rank =
            ranks.get(&room).unwrap_or_else(|| panic!("{room} is missing in the table of ARCHITECTURE.md"));
        for import in code(&path).split("crate::").skip(1) {
            let other: String = import.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if other == room || other.is_empty() || other.starts_with(char::is_uppercase) {
                continue;
            }
            match ranks.get(&other) {
                Some(other_rank) if other_rank < rank => {}
                Some(_) => against.push(format!("{} imports {other}", path.display())),
                None => against.push(format!("{} imports {other}, which is no room", path.display())),
            }
        }
    }
    assert!(against.is_empty(), "against ARCHITECTURE.md:\n{}", against.join("\n"));
}

#[test]
fn files_stay_under_four_hundred_lines() {
    let mut files = vec![];
    sources(Path::new("src"), &mut files);
    let long: Vec<String> = files
        .iter()
        .map(|path| (path, std::fs::read_to_string(path).expect("sources are UTF-8").lines().count()))
        .filter(|(_, lines)| *lines >= 400)
        .map(|(path, lines)| format!("{} has {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_opens_with_its_story() {
    let mut files = vec![];
    sources(Path::new("src"), &mut files);
    let silent: Vec<_> = files
        .into_iter()
        .filter(|path| !std::fs::read_to_string(path).expect("sources are UTF-8").starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}
