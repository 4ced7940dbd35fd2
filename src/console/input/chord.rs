//! A chord: the keys that together mean one command, such as `gg` or `ctrl-p`.
//!
//! There is no timeout. No chord may begin with another one that is bound beside it (the keymap refuses that), so the
//! next key always settles what was meant.

use std::fmt;
use std::str::FromStr;

use super::key::{Key, KeyError};

/// One to four keys, pressed one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chord(Vec<Key>);

/// Why a chord could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChordError {
    /// Nothing was written.
    #[error("a chord needs at least one key")]
    Empty,
    /// More keys than anybody remembers.
    #[error("a chord has at most {} keys", Chord::LONGEST)]
    TooLong,
    /// One of the keys has no such name.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Chord {
    /// The most keys a chord may have.
    pub const LONGEST: usize = 4;

    /// Its keys, one at least.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Whether `keys` are the first keys of this chord, or all of them.
    pub fn starts_with(&self, keys: &[Key]) -> bool {
        self.0.starts_with(keys)
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    /// Keys parted by spaces (`ctrl-x s`), or characters written together (`gg`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut keys = Vec::new();
        for word in text.split_whitespace() {
            match word.parse::<Key>() {
                Ok(key) => keys.push(key),
                Err(_) if is_run_of_characters(word) => keys.extend(word.chars().map(Key::char)),
                Err(error) => return Err(error.into()),
            }
        }
        match keys.len() {
            0 => Err(ChordError::Empty),
            1..=Self::LONGEST => Ok(Self(keys)),
            _ => Err(ChordError::TooLong),
        }
    }
}

/// `gg` is two keys; `entr` is a typing mistake. Only short runs without a hyphen are taken as characters.
fn is_run_of_characters(word: &str) -> bool {
    (2..=2).contains(&word.chars().count()) && !word.contains('-')
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let together = self.0.len() == 2
            && self
                .0
                .iter()
                .all(|key| key.as_text().is_some_and(|c| c != ' ' && c != '-'));
        for (index, key) in self.0.iter().enumerate() {
            if index > 0 && !together {
                f.write_str(" ")?;
            }
            write!(f, "{key}")?;
        }
        Ok(())
    }
}

/// The keys of a chord that is not finished yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending(Vec<Key>);

impl Pending {
    /// Adds a key and gives all keys so far.
    pub fn push(&mut self, key: Key) -> &[Key] {
        self.0.push(key);
        &self.0
    }

    /// The keys so far.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Whether a chord was begun.
    pub fn is_begun(&self) -> bool {
        !self.0.is_empty()
    }

    /// Forgets the keys.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one("q", 1)]
    #[case::together("gg", 2)]
    #[case::apart("ctrl-x s", 2)]
    #[case::named("up", 1)]
    fn a_chord_is_shown_as_it_is_written(#[case] text: &str, #[case] keys: usize) {
        let chord: Chord = text.parse().unwrap();
        assert_eq!(chord.keys().len(), keys);
        assert_eq!(chord.to_string(), text);
    }

    #[rstest]
    #[case::empty("  ", ChordError::Empty)]
    #[case::long("a b c d e", ChordError::TooLong)]
    #[case::typo("entr", ChordError::Key(KeyError { name: "entr".into() }))]
    fn a_chord_that_is_none_is_refused(#[case] text: &str, #[case] error: ChordError) {
        assert_eq!(text.parse::<Chord>(), Err(error));
    }
}
