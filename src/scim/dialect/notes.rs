//! What was tolerated in one request, in order, bounded.

use serde::Serialize;

use super::Rule;
use crate::scim::limits;

/// One tolerated deviation. Names paths, never values of attributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coercion {
    /// The name of the rule that fired; see [`RULES`](super::RULES).
    pub rule: &'static str,
    /// What came and what was made of it, one sentence.
    pub detail: String,
}

/// The coercions of one request. Stops listing after [`limits::NOTES`], so that a hostile body cannot fill the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes(Vec<Coercion>);

impl Notes {
    /// Nothing tolerated yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records that a rule fired. The same remark is kept once.
    pub fn add(&mut self, rule: &Rule, detail: impl Into<String>) {
        if self.is_full() {
            return;
        }
        let coercion = Coercion {
            rule: rule.name,
            detail: detail.into(),
        };
        if !self.0.contains(&coercion) {
            self.0.push(coercion);
        }
    }

    /// Whether further remarks are dropped, so that nobody goes to any length for one.
    pub fn is_full(&self) -> bool {
        self.0.len() >= limits::NOTES
    }

    /// Takes over what another step tolerated.
    pub fn extend(&mut self, other: &Self) {
        for coercion in &other.0 {
            if self.0.len() < limits::NOTES && !self.0.contains(coercion) {
                self.0.push(coercion.clone());
            }
        }
    }

    /// The coercions in the order in which they happened.
    pub fn as_slice(&self) -> &[Coercion] {
        &self.0
    }

    /// Whether nothing was tolerated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The coercions themselves.
    pub fn into_vec(self) -> Vec<Coercion> {
        self.0
    }
}

impl From<Vec<Coercion>> for Notes {
    fn from(coercions: Vec<Coercion>) -> Self {
        Self(coercions)
    }
}

/// Client text fit for an error or a note: quoted, escaped, cut at [`limits::QUOTE_LENGTH`] characters.
pub fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(limits::QUOTE_LENGTH)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(limits::QUOTE_LENGTH).is_some() {
        shown.push('…');
    }
    format!("'{shown}'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::dialect;

    #[test]
    fn the_same_remark_is_kept_once_and_the_list_is_bounded() {
        let mut notes = Notes::new();
        for _ in 0..3 {
            notes.add(&dialect::STRING_BOOLEAN, "active");
        }
        assert_eq!(notes.as_slice().len(), 1);
        for number in 0..1_000 {
            notes.add(&dialect::UNKNOWN_ATTRIBUTE, format!("a{number}"));
        }
        assert_eq!(notes.into_vec().len(), limits::NOTES);
    }

    #[test]
    fn quoted_text_is_escaped_and_cut() {
        assert_eq!(quoted("a\u{1b}[31m"), "'a\\u{1b}[31m'");
        assert!(quoted(&"x".repeat(500)).chars().count() < 100);
    }
}
