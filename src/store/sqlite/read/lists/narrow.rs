//! What the filter of a list asks for: free text, and the words `active:`, `source:`, `role:` and `team:`.

use crate::directory::fold::fold;
use crate::directory::{Origin, TeamSource};
use crate::scim::ResourceKind;
use crate::store::sqlite::values::{origin_number, source_number as source_column};

/// A filter of a list, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Text that must be contained, folded. Empty where anything goes.
    pub text: String,
    /// Whether they may sign in.
    pub active: Option<bool>,
    /// The number of an origin or source.
    pub source: Option<i64>,
    /// The base role or a custom role, folded.
    pub role: Option<String>,
    /// Text that the name of one of their teams must contain, folded.
    pub team: Option<String>,
    /// Whether a word asks for something that cannot be (`active:perhaps`): nothing matches.
    pub impossible: bool,
}

impl Narrowing {
    /// Reads a filter. There is no wrong one: what is not a word with a meaning is text.
    pub fn parse(kind: ResourceKind, filter: &str) -> Self {
        let mut narrowing = Self::default();
        let mut text: Vec<String> = Vec::new();
        for word in words(filter) {
            let folded = fold(&word);
            match folded.split_once(':') {
                Some(("active", value)) => match value {
                    "true" | "yes" => narrowing.active = Some(true),
                    "false" | "no" => narrowing.active = Some(false),
                    _ => narrowing.impossible = true,
                },
                Some(("source", value)) => match source_number(kind, value) {
                    Some(number) => narrowing.source = Some(number),
                    None => narrowing.impossible = true,
                },
                Some(("role", value)) => narrowing.role = Some(value.to_owned()),
                Some(("team", value)) => narrowing.team = Some(value.to_owned()),
                Some(_) | None => text.push(folded),
            }
        }
        narrowing.text = text.join(" ");
        narrowing
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The number of a source of this kind; `None` where there is no such source.
fn source_number(kind: ResourceKind, word: &str) -> Option<i64> {
    match kind {
        ResourceKind::User => [Origin::Scim, Origin::Jit, Origin::Manual]
            .into_iter()
            .find(|origin| origin.as_str() == word)
            .map(origin_number),
        ResourceKind::Group => [
            TeamSource::Synced,
            TeamSource::Local,
            TeamSource::Unlinked,
            TeamSource::Released,
        ]
        .into_iter()
        .find(|source| source.as_str() == word)
        .map(source_column),
    }
}

/// The words of a text; double quotes hold several together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing("  ", Narrowing::default())]
    #[case::text("Ada  Love", Narrowing { text: "ada love".into(), ..Narrowing::default() })]
    #[case::words("active:FALSE role:Admin x", Narrowing {
        text: "x".into(),
        active: Some(false),
        role: Some("admin".into()),
        ..Narrowing::default()
    })]
    #[case::quoted("team:\"Pay Roll\"", Narrowing { team: Some("pay roll".into()), ..Narrowing::default() })]
    #[case::unknown_word_is_text("urn:x", Narrowing { text: "urn:x".into(), ..Narrowing::default() })]
    #[case::no_such_source("source:moon", Narrowing { impossible: true, ..Narrowing::default() })]
    #[case::impossible("active:perhaps", Narrowing { impossible: true, ..Narrowing::default() })]
    fn reads(#[case] filter: &str, #[case] expected: Narrowing) {
        assert_eq!(Narrowing::parse(ResourceKind::User, filter), expected);
    }
}
