//! The filter of a list (`/`): one line, applied while it is typed, with the words that could come next.
//!
//! Enter keeps it, Escape brings the one before back. A filter of the request log that cannot be read is marked where
//! it goes wrong, and the list stays as it is until it can be.

use jiff::Timestamp;

use super::TextField;
use crate::admin::types::{Completion, QueryError, QueryKey, RequestQuery, complete_query_with};
use crate::console::panes::PaneId;

/// The words of a filter of members, with what they ask and their values.
const MEMBER_WORDS: [(&str, &str, &[&str]); 4] = [
    ("active", "whether they may sign in", &["true", "false"]),
    ("source", "how they came to be", &["scim", "jit", "manual"]),
    ("role", "base role", &["admin", "writer", "reader"]),
    ("team", "a team they are in", &[]),
];
/// The words of a filter of teams.
const TEAM_WORDS: [(&str, &str, &[&str]); 1] = [("source", "who rules it", &["synced", "local"])];

/// The prompt for a filter.
#[derive(Debug)]
pub struct Prompt {
    /// Whose filter.
    pub pane: PaneId,
    /// What is typed.
    pub input: TextField,
    /// The filter before, for Escape.
    pub before: String,
    /// When what is typed is applied.
    pub due: Option<Timestamp>,
    /// The chosen one of the words that could come next.
    pub chosen: usize,
    /// Codes and tokens that are known, to complete `code:` and `token:`.
    pub known: Vec<(QueryKey, Vec<String>)>,
}

impl Prompt {
    /// A prompt with the filter in force.
    pub fn new(pane: PaneId, filter: &str) -> Self {
        Self {
            pane,
            input: TextField::with(filter),
            before: filter.to_owned(),
            due: None,
            chosen: 0,
            known: Vec::new(),
        }
    }

    /// Why what is typed cannot be read.
    pub fn error(&self) -> Option<QueryError> {
        match self.pane {
            PaneId::Requests => RequestQuery::parse(self.input.text()).err(),
            PaneId::Home
            | PaneId::Members
            | PaneId::Teams
            | PaneId::Sso
            | PaneId::Scim
            | PaneId::Policy
            | PaneId::Incidents => None,
        }
    }

    /// What could stand where the cursor is.
    pub fn completions(&self) -> Vec<Completion> {
        let (text, cursor) = (self.input.text(), self.input.cursor());
        match self.pane {
            PaneId::Requests => complete_query_with(text, cursor, |key| {
                let known = self.known.iter().find(|(known, _)| *known == key);
                known.map(|(_, values)| values.clone()).unwrap_or_default()
            }),
            PaneId::Members => complete_word(&MEMBER_WORDS, text, cursor),
            PaneId::Teams => complete_word(&TEAM_WORDS, text, cursor),
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => {
                Vec::new()
            }
        }
    }

    /// Whether the last word may still become a key such as `outcome:`, so that it is too early to look for it.
    pub fn is_amid_key(&self) -> bool {
        let text = self.input.text();
        !text.is_empty()
            && !text.ends_with(' ')
            && self
                .completions()
                .iter()
                .any(|completion| completion.text.ends_with(':'))
    }

    /// Takes the chosen completion. Tells whether there was one.
    pub fn complete(&mut self) -> bool {
        let completions = self.completions();
        let chosen = self.chosen.min(completions.len().saturating_sub(1));
        let Some(completion) = completions.get(chosen) else {
            return false;
        };
        let text: Vec<char> = self.input.text().chars().collect();
        let head = text.iter().take(completion.replace.start);
        let tail = text.iter().skip(completion.replace.end);
        let blank = if completion.text.ends_with(':') {
            ""
        } else {
            " "
        };
        let completed: String = head
            .copied()
            .chain(completion.text.chars())
            .chain(blank.chars())
            .chain(tail.copied())
            .collect();
        self.input.replace(&completed);
        self.chosen = 0;
        true
    }
}

/// The words and values that go on from the word before the cursor.
fn complete_word(words: &[(&str, &str, &[&str])], text: &str, cursor: usize) -> Vec<Completion> {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let start = before
        .iter()
        .rposition(|character| *character == ' ')
        .map_or(0, |at| at + 1);
    let word: String = before.iter().skip(start).collect();
    let offer = |text: String, about: &str| Completion {
        replace: start..before.len(),
        text,
        about: about.to_owned(),
    };
    match word.split_once(':') {
        None => words
            .iter()
            .filter(|(key, _, _)| key.starts_with(&word.to_lowercase()))
            .map(|(key, about, _)| offer(format!("{key}:"), about))
            .collect(),
        Some((key, begun)) => words
            .iter()
            .filter(|(known, _, _)| *known == key)
            .flat_map(|(_, _, values)| values.iter())
            .filter(|value| value.starts_with(&begun.to_lowercase()) && **value != begun)
            .map(|value| offer(format!("{key}:{value}"), ""))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::key(PaneId::Requests, "stat", "status:")]
    #[case::value(PaneId::Requests, "outcome:re", "outcome:refused ")]
    #[case::negated(PaneId::Requests, "-outc", "-outcome:")]
    #[case::second(PaneId::Requests, "status:200 met", "status:200 method:")]
    #[case::known(PaneId::Requests, "code:dup", "code:DUP_USER ")]
    #[case::member(PaneId::Members, "ada act", "ada active:")]
    #[case::member_value(PaneId::Members, "active:f", "active:false ")]
    #[case::team(PaneId::Teams, "source:s", "source:synced ")]
    fn a_word_is_completed(#[case] pane: PaneId, #[case] typed: &str, #[case] completed: &str) {
        let mut prompt = Prompt::new(pane, typed);
        prompt.known = vec![(QueryKey::Code, vec!["DUP_USER".into()])];
        assert!(prompt.complete());
        assert_eq!(prompt.input.text(), completed);
    }

    #[test]
    fn what_is_whole_has_no_completion() {
        let mut prompt = Prompt::new(PaneId::Members, "active:true");
        assert!(!prompt.complete());
        assert_eq!(prompt.input.text(), "active:true");
    }
}
