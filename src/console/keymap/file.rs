//! Reads `keymap.toml`, and writes the one with the defaults.
//!
//! ```toml
//! [member]
//! deactivate = "D"            # one chord
//! [list]
//! top = ["gg", "home"]        # several
//! [app]
//! zoom = []                   # none
//! ```

use std::fmt::Write as _;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Keymap;
use crate::console::command::{self, Command};
use crate::console::input::{Chord, ChordError};
use crate::nearest::nearest;

/// What is wrong with a keymap file. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapProblem {
    /// It is not TOML.
    #[error("line {line}: {message}")]
    Syntax {
        /// Where.
        line: usize,
        /// What the TOML parser says.
        message: String,
    },
    /// No command has this name.
    #[error("line {line}: no command is called `{name}`{}", suggestion(*nearest))]
    UnknownCommand {
        /// Where.
        line: usize,
        /// What was written.
        name: String,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// A chord cannot be read.
    #[error("line {line}: keys of `{command}`: {source}")]
    Chord {
        /// Where.
        line: usize,
        /// Whose chord.
        command: &'static str,
        /// Why not.
        source: ChordError,
    },
    /// The value is neither a chord nor a list of chords.
    #[error("line {line}: `{name}` must be a chord such as \"ctrl-p\" or a list of chords")]
    WrongType {
        /// Where.
        line: usize,
        /// What was written.
        name: String,
    },
    /// Two commands want the same keys in the same place.
    #[error("line {line}: `{chord}` is for both `{command}` and `{other}`")]
    Conflict {
        /// Where the one is bound, or the first line where both are defaults.
        line: usize,
        /// The keys.
        chord: Chord,
        /// The one.
        command: &'static str,
        /// The other.
        other: &'static str,
    },
}

fn suggestion(nearest: Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!("; the nearest is `{word}`"))
}

fn line_at(text: &str, position: usize) -> usize {
    let before = text.get(..position).unwrap_or(text);
    before.bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// Reads a keymap file: what it names replaces the defaults of that command. Gives all problems, not the first alone.
pub fn parse(text: &str) -> Result<Keymap, Vec<KeymapProblem>> {
    let document = DeTable::parse(text).map_err(|error| {
        vec![KeymapProblem::Syntax {
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        }]
    })?;
    let mut keymap = Keymap::default();
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    for (noun, verbs) in document.get_ref() {
        let noun_line = line_at(text, noun.span().start);
        let DeValue::Table(verbs) = verbs.get_ref() else {
            problems.push(unknown(noun_line, noun.get_ref().as_ref()));
            continue;
        };
        for (verb, value) in verbs {
            let line = line_at(text, verb.span().start);
            let name = format!("{}.{}", noun.get_ref(), verb.get_ref());
            let Some(command) = command::find(&name) else {
                problems.push(unknown(line, &name));
                continue;
            };
            match chords(line, command, value) {
                Ok(chords) => {
                    lines.push((command.id, line));
                    keymap.rebind(command, chords);
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    problems.extend(keymap.conflicts().into_iter().map(|conflict| {
        let line_of = |id| lines.iter().find(|(known, _)| *known == id);
        KeymapProblem::Conflict {
            line: line_of(conflict.command)
                .or_else(|| line_of(conflict.other))
                .map_or(1, |(_, line)| *line),
            chord: conflict.chord,
            command: conflict.command,
            other: conflict.other,
        }
    }));
    if problems.is_empty() {
        Ok(keymap)
    } else {
        Err(problems)
    }
}

fn unknown(line: usize, name: &str) -> KeymapProblem {
    KeymapProblem::UnknownCommand {
        line,
        name: name.to_owned(),
        nearest: nearest(name, command::all().map(|command| command.id)),
    }
}

fn chords(
    line: usize,
    command: &'static Command,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<Chord>, KeymapProblem> {
    let wrong = || KeymapProblem::WrongType {
        line,
        name: command.id.to_owned(),
    };
    let read = |text: &str| {
        text.parse().map_err(|source| KeymapProblem::Chord {
            line,
            command: command.id,
            source,
        })
    };
    match value.get_ref() {
        DeValue::String(text) => Ok(vec![read(text)?]),
        DeValue::Array(items) => items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => read(text),
                _ => Err(wrong()),
            })
            .collect(),
        _ => Err(wrong()),
    }
}

/// The file with all defaults, which is what `assets/keymap.toml` holds.
pub fn default_file() -> String {
    let mut text = String::from(
        "# The keys of the console. Copy what you want to change into your own keymap.toml; what it does not name\n\
         # stays as it is. A chord is a key (\"q\", \"ctrl-p\", \"pagedown\"), two characters (\"gg\") or keys parted by\n\
         # spaces (\"ctrl-x s\"); [] takes the keys away. This file is written from the command table.\n",
    );
    let mut nouns: Vec<&str> = Vec::new();
    for command in command::all() {
        let noun = noun_of(command);
        if !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    for noun in nouns {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n[{noun}]\n");
        for command in command::all().filter(|command| noun_of(command) == noun) {
            let verb = command.id.get(noun.len() + 1..).unwrap_or_default();
            let keys: Vec<String> = command.keys.iter().map(|key| format!("{key:?}")).collect();
            let _ = writeln!(
                text,
                "{:<36} # {}",
                format!("{verb} = [{}]", keys.join(", ")),
                command.title
            );
        }
    }
    text
}

fn noun_of(command: &Command) -> &'static str {
    command.id.split('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_file_with_the_defaults_is_the_command_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/keymap.toml");
        if std::env::var_os("PROVOST_REGENERATE").is_some() {
            std::fs::write(path, default_file()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            default_file(),
            "assets/keymap.toml is old: run the tests once with PROVOST_REGENERATE=1"
        );
        assert!(parse(&default_file()).is_ok());
    }

    #[rstest]
    #[case::unknown(
        "[member]\ndeactivat = \"D\"",
        "line 2: no command is called `member.deactivat`; the nearest is `member.deactivate`"
    )]
    #[case::noun("quit = \"q\"", "line 1: no command is called `quit`")]
    #[case::chord(
        "[app]\nquit = \"entr\"",
        "line 2: keys of `app.quit`: no key is called `entr`"
    )]
    #[case::wrong_type(
        "[app]\nquit = 3",
        "line 2: `app.quit` must be a chord such as \"ctrl-p\" or a list of chords"
    )]
    #[case::conflict(
        "\n[app]\nquit = \"?\"",
        "line 3: `?` is for both `app.help` and `app.quit`"
    )]
    #[case::prefix(
        "[app]\nquit = \"g\"",
        "line 2: `gg` is for both `list.top` and `app.quit`"
    )]
    fn what_is_wrong_is_told_with_its_line(#[case] text: &str, #[case] expected: &str) {
        let problems: Vec<String> = parse(text)
            .err()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            problems.iter().any(|problem| problem.starts_with(expected)),
            "{problems:#?}"
        );
    }

    #[test]
    fn a_file_replaces_only_what_it_names() {
        let keymap = parse("[app]\nquit = [\"Q\", \"ctrl-q\"]").unwrap_or_else(|_| panic!());
        let keys = |id| {
            keymap
                .chords_of(id)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("app.quit"), ["Q", "ctrl-q"]);
        assert_eq!(keys("app.help"), ["?"]);
    }
}
