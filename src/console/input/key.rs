//! One key with its modifiers, its name in the keymap, and reading that name back.

use std::fmt;
use std::str::FromStr;

/// One key as an admin names it. Shift on a character is in the character itself (`G`, not `shift-g`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held, for keys that are no characters.
    pub shift: bool,
}

/// The keys a terminal tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, as typed.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// A function key, 1 to 24.
    F(u8),
}

/// Why a key's name could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key is called `{name}`")]
pub struct KeyError {
    /// What was written.
    pub name: String,
}

/// Names of keys that are no characters, as the keymap spells them. The first name of a key is the one shown.
const NAMES: [(&str, KeyCode); 20] = [
    ("enter", KeyCode::Enter),
    ("return", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("space", KeyCode::Char(' ')),
    ("minus", KeyCode::Char('-')),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
];

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(character: char) -> Self {
        Self::plain(KeyCode::Char(character))
    }

    /// Control and a character.
    pub const fn ctrl(character: char) -> Self {
        Self {
            code: KeyCode::Char(character),
            ctrl: true,
            alt: false,
            shift: false,
        }
    }

    /// The character to write into a text field, where this key is one.
    pub fn as_text(self) -> Option<char> {
        match self.code {
            KeyCode::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }

    /// The key with this name, where it is one of a word and not of a single character.
    pub(super) fn named(name: &str) -> Option<KeyCode> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, code)| *code)
            .or_else(|| {
                let number = name.strip_prefix('f')?.parse::<u8>().ok()?;
                (1..=24).contains(&number).then_some(KeyCode::F(number))
            })
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || KeyError { name: text.into() };
        let mut key = Self::plain(KeyCode::Esc);
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-") {
                (key.ctrl, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-") {
                (key.alt, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("shift-") {
                (key.shift, rest) = (true, after);
            } else {
                break;
            }
        }
        let mut characters = rest.chars();
        key.code = match (characters.next(), characters.next()) {
            (Some(character), None) => KeyCode::Char(character),
            _ => Self::named(rest).ok_or_else(error)?,
        };
        if let KeyCode::Char(character) = key.code
            && key.shift
        {
            key.shift = false;
            key.code = KeyCode::Char(character.to_ascii_uppercase());
        }
        Ok(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "f{number}"),
            code => write!(f, "{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::letter("a")]
    #[case::capital("G")]
    #[case::control("ctrl-p")]
    #[case::named("pagedown")]
    #[case::shifted("shift-tab")]
    #[case::function("f12")]
    #[case::punctuation("/")]
    #[case::space("space")]
    #[case::alt("alt-enter")]
    fn a_key_is_shown_as_it_is_written(#[case] name: &str) {
        let key: Key = name.parse().unwrap();
        assert_eq!(key.to_string(), name);
    }

    #[rstest]
    #[case::word("ctlr-p")]
    #[case::empty("")]
    #[case::no_key("ctrl-")]
    #[case::function("f25")]
    fn a_key_that_is_none_is_refused(#[case] name: &str) {
        assert!(name.parse::<Key>().is_err());
    }

    #[test]
    fn shift_goes_into_the_letter() {
        assert_eq!("shift-g".parse(), Ok(Key::char('G')));
    }
}
