//! The filter of a list (`/`): one line, applied while it is typed, with the words that could come next.
//!
//! Enter keeps it, Escape brings the one before back. A filter of the request log that cannot be read is marked where
//! it goes wrong, and the list stays as it is until it can be.

use jiff::Timestamp;

use super::TextField;
use crate::admin::types::{QueryError, RequestQuery};
use crate::console::panes::PaneId;

/// The words of a filter of members.
const MEMBER_WORDS: [(&str, &[&str]); 4] = [
    ("active", &["true", "false"]),
    ("source", &["scim", "jit", "manual"]),
    ("role", &["admin", "writer", "reader"]),
    ("team", &[]),
];
/// The words of a filter of teams.
const TEAM_WORDS: [(&str, &[&str]); 1] = [("source", &["synced", "local"])];
/// The words of a filter of requests.
const REQUEST_WORDS: [(&str, &[&str]); 12] = [
    ("status", &[">=400", ">=500", "200", "201", "404", "409"]),
    ("outcome", &["applied", "no-op", "ignored", "held", "refused", "error"]),
    ("method", &["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ("user", &[]),
    ("team", &[]),
    ("code", &[]),
    ("token", &[]),
    ("idp", &["okta", "entra"]),
    ("ua", &[]),
    ("since", &["15m", "2h", "1d"]),
    ("resource", &["Users", "Groups"]),
    ("changed", &[]),
];

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
    pub known: Vec<(&'static str, Vec<String>)>,
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
            PaneId::Home | PaneId::Members | PaneId::Teams | PaneId::Scim => None,
        }
    }

    /// What could stand where the cursor is: whole words of the filter.
    pub fn completions(&self) -> Vec<String> {
        let word = self.word();
        let (minus, word) = match word.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", word),
        };
        let words: &[(&str, &[&str])] = match self.pane {
            PaneId::Members => &MEMBER_WORDS,
            PaneId::Teams => &TEAM_WORDS,
            PaneId::Requests => &REQUEST_WORDS,
            PaneId::Home | PaneId::Scim => &[],
        };
        match word.split_once(':') {
            None => words
                .iter()
                .filter(|(key, _)| key.starts_with(word))
                .map(|(key, _)| format!("{minus}{key}:"))
                .collect(),
            Some((key, begun)) => {
                let fixed = words.iter().find(|(known, _)| *known == key);
                let known = self.known.iter().find(|(known, _)| *known == key);
                let fixed = fixed.into_iter().flat_map(|(_, values)| values.iter().copied());
                let known = known
                    .into_iter()
                    .flat_map(|(_, values)| values.iter().map(String::as_str));
                let begun_lower = begun.to_lowercase();
                fixed
                    .chain(known)
                    .filter(|value| value.to_lowercase().starts_with(&begun_lower))
                    .filter(|value| *value != begun)
                    .map(|value| format!("{minus}{key}:{value}"))
                    .collect()
            }
        }
    }

    /// Takes the chosen completion. Tells whether there was one.
    pub fn complete(&mut self) -> bool {
        let completions = self.completions();
        let Some(completion) = completions.get(self.chosen.min(completions.len().saturating_sub(1)))
        else {
            return false;
        };
        let text = self.input.text();
        let start = text.len() - self.word().len();
        let head = text.get(..start).unwrap_or_default();
        let blank = if completion.ends_with(':') { "" } else { " " };
        let completed = format!("{head}{completion}{blank}");
        self.input.replace(&completed);
        self.chosen = 0;
        true
    }

    /// The word that is being typed: the last one.
    fn word(&self) -> &str {
        let text = self.input.text();
        text.rsplit(' ').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::key("st", "status:")]
    #[case::value("outcome:re", "outcome:refused ")]
    #[case::negated("-outc", "-outcome:")]
    #[case::second("status:200 met", "status:200 method:")]
    #[case::known("code:dup", "code:DUP_USER ")]
    fn a_word_is_completed(#[case] typed: &str, #[case] completed: &str) {
        let mut prompt = Prompt::new(PaneId::Requests, typed);
        prompt.known = vec![("code", vec!["DUP_USER".into()])];
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
