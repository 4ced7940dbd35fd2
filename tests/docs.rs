//! Documents that follow from the program: the keys of the console, in `docs/keys.md` whole and in `README.md` between
//! its two markers. They are written anew with `PROVOST_WRITE_DOCS=1 cargo test --test docs`.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test, a bench and a script fail by panicking, and are read for their cases"
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use provost::console::command::{self, Command, Danger, Scope};

/// Where the table stands in a document that has other text, too.
const BEGIN: &str = "<!-- keys: generated, see tests/docs.rs -->";
const END: &str = "<!-- keys: end -->";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn keys_of(command: &Command) -> String {
    let keys: Vec<String> = command
        .keys
        .iter()
        // A bar would end the cell of the table, also inside code.
        .map(|key| format!("`{}`", key.replace('|', "\\|")))
        .collect();
    keys.join(" ")
}

fn key_table() -> String {
    let mut table = String::from("| Where | Keys | What | Command |\n| --- | --- | --- | --- |\n");
    for scope in Scope::ALL {
        let mut place = scope.title();
        for command in command::all().filter(|command| command.scope == scope) {
            if command.keys.is_empty() {
                continue;
            }
            let danger = match command.danger {
                Danger::None => "",
                Danger::Write => " (changes something)",
                Danger::Destructive => " (destroys something)",
            };
            writeln!(
                table,
                "| {place} | {} | {}{danger} | `{}` |",
                keys_of(command),
                command.title,
                command.id
            )
            .unwrap();
            place = "";
        }
    }
    table
}

/// What the palette takes with what it is about.
fn verb_table() -> String {
    let mut table = String::from("| Typed | What | Command |\n| --- | --- | --- |\n");
    for command in command::all() {
        if let Some(verb) = command.verb {
            writeln!(
                table,
                "| `{} <{}>` | {} | `{}` |",
                verb.word, verb.argument, command.title, command.id
            )
            .unwrap();
        }
    }
    table
}

fn keys_document() -> String {
    format!(
        "# Keys of the console\n\
         Written by the program from its table of commands; see `tests/docs.rs`. The palette (`:`) has every command by \
         name, and `?` shows the keys of what is in focus.\n\n{}\n\
         ## Words of the palette\n\
         What stands in angle brackets is typed behind the word. What changes something asks first.\n\n{}",
        key_table(),
        verb_table()
    )
}

/// Holds a document against what it should be, or writes it.
#[track_caller]
fn check(path: &Path, expected: &str) {
    if std::env::var_os("PROVOST_WRITE_DOCS").is_some() {
        fs::write(path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is not what the program says; run PROVOST_WRITE_DOCS=1 cargo test --test docs",
        path.display()
    );
}

#[test]
fn the_keys_are_documented() {
    check(&root().join("docs/keys.md"), &keys_document());
}

#[test]
fn the_keys_in_the_readme_are_those_of_the_program() {
    let path = root().join("README.md");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let Some((before, rest)) = text.split_once(BEGIN) else {
        assert!(
            !text.contains(END) && !text.contains("| Keys |"),
            "README.md shows keys outside {BEGIN} … {END}"
        );
        return;
    };
    let (_, after) = rest
        .split_once(END)
        .expect("the table ends with its marker");
    check(
        &path,
        &format!("{before}{BEGIN}\n{}{END}{after}", key_table()),
    );
}
