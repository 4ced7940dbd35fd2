//! The shape of the program, read from its source: rooms import only downwards, files stay short, modules say what they
//! are for. The order of the rooms is read from the first lines of `src/lib.rs`, so that it is written down once.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// No file is longer.
const LONGEST_FILE: usize = 600;
/// Half of the files are shorter.
const MEDIAN_FILE: usize = 250;

/// What a room may name beside itself and the ground floor, where it is less than everything below it.
const NARROWER: [(&str, &[&str]); 3] = [
    ("console", &["admin"]),
    ("cli", &["admin", "console", "server", "simulate"]),
    ("simulate", &["saml"]),
];

/// A line of source that names a room.
struct Import {
    file: PathBuf,
    line: usize,
    from: String,
    to: String,
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn source_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    source_files(&source_root(), &mut found);
    found.sort();
    assert!(found.len() > 50, "the source was not found");
    found
}

/// The rooms from the top floor down, then those of the ground floor, as `src/lib.rs` writes them.
fn rooms() -> (Vec<String>, Vec<String>) {
    let text = fs::read_to_string(source_root().join("lib.rs")).unwrap();
    let doc: String = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let (_, order) = doc
        .split_once("lines):")
        .expect("the order of the rooms begins after `lines):`");
    let (floors, rest) = order
        .split_once("the ground floor")
        .expect("the ground floor is named last");
    let (ground, _) = rest.split_once(')').expect("its rooms are in parentheses");
    (quoted(floors), quoted(ground))
}

fn quoted(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The room a file belongs to; none for `lib.rs` and `main.rs`.
fn room_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(source_root()).unwrap();
    let first = inside.components().next().unwrap();
    let name = Path::new(first.as_os_str()).file_stem().unwrap();
    let name = name.to_str().unwrap();
    (!["lib", "main"].contains(&name)).then(|| name.to_owned())
}

/// Every room a file names in code: `use crate::room`, `use crate::{room, …}` and `crate::room::…` inside a line.
fn imports(file: &Path) -> Vec<Import> {
    let Some(from) = room_of(file) else {
        return Vec::new();
    };
    let text = fs::read_to_string(file).unwrap();
    let mut found = Vec::new();
    let mut group: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let mut names = BTreeSet::new();
        if group.is_some() {
            names.extend(group_names(code, &mut group));
        }
        for rest in code.split("crate::").skip(1) {
            if let Some(inside) = rest.strip_prefix('{') {
                group = Some(0);
                names.extend(group_names(inside, &mut group));
            } else {
                names.insert(first_name(rest));
            }
        }
        found.extend(names.into_iter().map(|to| Import {
            file: file.to_owned(),
            line: at + 1,
            from: from.clone(),
            to,
        }));
    }
    found
}

/// The names at the top of a `{…}` group that may go on over lines; `depth` counts the braces inside it and is `None`
/// once the group has ended.
fn group_names(text: &str, depth: &mut Option<usize>) -> Vec<String> {
    let mut names = vec![String::new()];
    for character in text.chars() {
        let Some(level) = *depth else { break };
        match character {
            '{' => *depth = Some(level + 1),
            '}' if level == 0 => *depth = None,
            '}' => *depth = Some(level - 1),
            ',' if level == 0 => names.push(String::new()),
            _ if level == 0 => names.last_mut().unwrap().push(character),
            _ => {}
        }
    }
    names
        .iter()
        .map(|name| first_name(name.trim()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn first_name(path: &str) -> String {
    path.chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

fn every_import() -> Vec<Import> {
    let (floors, ground) = rooms();
    files()
        .iter()
        .flat_map(|file| imports(file))
        // A macro or an item of `lib.rs` itself is no room.
        .filter(|import| floors.contains(&import.to) || ground.contains(&import.to))
        .collect()
}

fn told(wrong: &[&Import]) -> String {
    wrong
        .iter()
        .map(|import| {
            let file = import.file.strip_prefix(source_root()).unwrap();
            let (file, line) = (file.display(), import.line);
            format!("src/{file}:{line}: {} imports {}\n", import.from, import.to)
        })
        .collect()
}

#[test]
fn every_module_of_the_library_is_a_room() {
    let (floors, ground) = rooms();
    let known: BTreeSet<String> = floors.into_iter().chain(ground).collect();
    let there: BTreeSet<String> = files().iter().filter_map(|file| room_of(file)).collect();
    assert_eq!(known, there, "src/lib.rs names every room");
}

#[test]
fn rooms_import_only_downwards() {
    let (floors, ground) = rooms();
    let floor_of = |room: &str| {
        floors
            .iter()
            .position(|floor| floor == room)
            .unwrap_or(floors.len())
    };
    let imports = every_import();
    assert!(imports.len() > 100, "the imports were not read");
    assert!(ground.iter().all(|room| floor_of(room) == floors.len()));
    let wrong: Vec<&Import> = imports
        .iter()
        .filter(|import| floor_of(&import.to) < floor_of(&import.from))
        .collect();
    assert!(wrong.is_empty(), "upward imports:\n{}", told(&wrong));
}

#[test]
fn some_rooms_see_less_than_all_below_them() {
    let (_, ground) = rooms();
    let imports = every_import();
    let wrong: Vec<&Import> = imports
        .iter()
        .filter(|import| {
            NARROWER.iter().any(|(room, allowed)| {
                import.from == *room
                    && import.to != *room
                    && !ground.contains(&import.to)
                    && !allowed.contains(&import.to.as_str())
            })
        })
        .collect();
    assert!(wrong.is_empty(), "too much is seen:\n{}", told(&wrong));
}

#[test]
fn no_file_is_too_long() {
    let lengths: Vec<(usize, PathBuf)> = files()
        .into_iter()
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .collect();
    let long: Vec<&(usize, PathBuf)> = lengths
        .iter()
        .filter(|(length, _)| *length > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "over {LONGEST_FILE} lines: {long:?}");
    let mut sorted: Vec<usize> = lengths.iter().map(|(length, _)| *length).collect();
    sorted.sort_unstable();
    let median = sorted[sorted.len() / 2];
    assert!(median < MEDIAN_FILE, "the median file has {median} lines");
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<PathBuf> = files()
        .into_iter()
        // The tests of a module that are too many for its own file need no word of their own.
        .filter(|file| file.file_name().is_none_or(|name| name != "tests.rs"))
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:?}");
}

#[test]
fn a_group_of_imports_is_read_across_lines() {
    let mut depth = Some(0);
    let first = group_names("admin::{AdminRead, types::{A, B}}, config,", &mut depth);
    assert_eq!(first, ["admin", "config"]);
    assert_eq!(depth, Some(0));
    let second = group_names("    paths::DataDir, secret}; other", &mut depth);
    assert_eq!(second, ["paths", "secret"]);
    assert_eq!(depth, None);
}
