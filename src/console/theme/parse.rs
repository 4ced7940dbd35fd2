//! Reads a theme file. Each error names the line and, for a mistyped word, the nearest right one.
//!
//! ```toml
//! base = "ansi16"                       # optional
//! [roles]
//! danger = { fg = "lightred", add = ["bold"] }
//! match = { fg = "#000000", bg = "yellow" }
//! ```

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::role::Role;
use crate::nearest::nearest;

/// The words for modifiers.
const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("crossed_out", Modifier::CROSSED_OUT),
];

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// There is no built-in theme of that name.
    #[error("no theme is called `{name}`{}", suggestion(*nearest))]
    UnknownTheme {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// The file is not TOML.
    #[error("line {line}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What the TOML parser says.
        message: String,
    },
    /// A word that is not one of those allowed there.
    #[error("line {line}: `{word}` is not {place}{}", suggestion(*nearest))]
    UnknownWord {
        /// Counted from 1.
        line: usize,
        /// What was written.
        word: String,
        /// What stands there otherwise.
        place: &'static str,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// A value of the wrong type.
    #[error("line {line}: {key} must be {expected}")]
    WrongType {
        /// Counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// What its value must be.
        expected: &'static str,
    },
}

fn suggestion(nearest: Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!("; the nearest is `{word}`"))
}

/// A theme file, read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The theme it builds on.
    pub(super) base: Option<String>,
    /// The roles it names.
    pub(super) styles: Vec<(Role, Style)>,
}

/// The text, to turn positions into lines.
struct Source<'a>(&'a str);

impl Source<'_> {
    fn line(&self, position: usize) -> usize {
        let before = self.0.get(..position).unwrap_or(self.0);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn unknown(
        &self,
        position: usize,
        word: &str,
        place: &'static str,
        allowed: impl IntoIterator<Item = &'static str>,
    ) -> ThemeError {
        ThemeError::UnknownWord {
            line: self.line(position),
            word: word.to_owned(),
            place,
            nearest: nearest(word, allowed),
        }
    }

    fn wrong(&self, position: usize, key: &str, expected: &'static str) -> ThemeError {
        ThemeError::WrongType {
            line: self.line(position),
            key: key.to_owned(),
            expected,
        }
    }
}

/// Reads a theme file.
pub(super) fn parse(text: &str) -> Result<Parsed, ThemeError> {
    let source = Source(text);
    let document = DeTable::parse(text).map_err(|error| ThemeError::Syntax {
        line: source.line(error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    let mut parsed = Parsed {
        base: None,
        styles: Vec::new(),
    };
    for (key, value) in document.get_ref() {
        let at = key.span().start;
        match key.get_ref().as_ref() {
            "base" => parsed.base = Some(text_of(&source, "base", value)?.to_owned()),
            "roles" => {
                let DeValue::Table(roles) = value.get_ref() else {
                    return Err(source.wrong(at, "roles", "a table"));
                };
                for (word, style) in roles {
                    let at = word.span().start;
                    let word = word.get_ref().as_ref();
                    let role = Role::parse(word).ok_or_else(|| {
                        source.unknown(at, word, "a role", Role::ALL.into_iter().map(Role::as_str))
                    })?;
                    parsed
                        .styles
                        .push((role, read_style(&source, at, word, style)?));
                }
            }
            other => {
                return Err(source.unknown(at, other, "a key of a theme", ["base", "roles"]));
            }
        }
    }
    Ok(parsed)
}

fn read_style(
    source: &Source<'_>,
    at: usize,
    role: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<Style, ThemeError> {
    let DeValue::Table(keys) = value.get_ref() else {
        return Err(source.wrong(
            at,
            role,
            "a table such as { fg = \"red\", add = [\"bold\"] }",
        ));
    };
    let mut style = Style::new();
    for (key, value) in keys {
        match key.get_ref().as_ref() {
            "fg" => style.fg = Some(read_colour(source, value)?),
            "bg" => style.bg = Some(read_colour(source, value)?),
            "add" => {
                let DeValue::Array(words) = value.get_ref() else {
                    return Err(source.wrong(value.span().start, "add", "a list of words"));
                };
                for word in words {
                    let text = text_of(source, "add", word)?;
                    let modifier = MODIFIERS.iter().find(|(known, _)| *known == text);
                    let (_, modifier) = modifier.ok_or_else(|| {
                        let known = MODIFIERS.iter().map(|(known, _)| *known);
                        source.unknown(word.span().start, text, "a modifier", known)
                    })?;
                    style = style.add_modifier(*modifier);
                }
            }
            other => {
                let known = ["fg", "bg", "add"];
                return Err(source.unknown(key.span().start, other, "a key of a style", known));
            }
        }
    }
    Ok(style)
}

fn read_colour(source: &Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Color, ThemeError> {
    const NAMES: [&str; 17] = [
        "reset",
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "gray",
        "darkgray",
        "lightred",
        "lightgreen",
        "lightyellow",
        "lightblue",
        "lightmagenta",
        "lightcyan",
        "white",
    ];
    let text = text_of(source, "a colour", value)?;
    Color::from_str(text).map_err(|_| {
        source.unknown(
            value.span().start,
            text,
            "a colour (a name, \"#rrggbb\" or 0 to 255)",
            NAMES,
        )
    })
}

fn text_of<'a>(
    source: &Source<'_>,
    key: &str,
    value: &'a Spanned<DeValue<'_>>,
) -> Result<&'a str, ThemeError> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.as_ref()),
        _ => Err(source.wrong(value.span().start, key, "a text in quotes")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::role(
        "[roles]\n\ndangr = {}\n",
        "line 3: `dangr` is not a role; the nearest is `danger`"
    )]
    #[case::key(
        "[role]\n",
        "line 1: `role` is not a key of a theme; the nearest is `roles`"
    )]
    #[case::modifier(
        "[roles]\ntext = { add = [\"blod\"] }\n",
        "line 2: `blod` is not a modifier; the nearest is `bold`"
    )]
    #[case::style_key(
        "[roles]\ntext = { fgg = \"red\" }\n",
        "line 2: `fgg` is not a key of a style; the nearest is `fg`"
    )]
    #[case::colour(
        "[roles]\ntext = { fg = \"gren\" }\n",
        "line 2: `gren` is not a colour (a name, \"#rrggbb\" or 0 to 255); the nearest is `green`"
    )]
    #[case::type_of_colour(
        "[roles]\ntext = { fg = 3 }\n",
        "line 2: a colour must be a text in quotes"
    )]
    #[case::type_of_style(
        "[roles]\ntext = \"red\"\n",
        "line 2: text must be a table such as { fg = \"red\", add = [\"bold\"] }"
    )]
    fn errors_name_the_line_and_the_nearest_word(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn broken_toml_names_the_line() {
        let error = parse("[roles]\ntext = {\n").unwrap_err();
        assert!(
            matches!(error, ThemeError::Syntax { line: 2.., .. }),
            "{error}"
        );
    }
}
