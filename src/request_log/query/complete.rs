//! What could be written at the cursor of a query: keys, and the values of keys whose values are known.

use std::ops::Range;

use super::ast::Key;
use super::parse::OUTCOMES;
use crate::directory::Outcome;

/// How many are offered at most.
const MOST: usize = 20;

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Which characters of the query it stands for, counted in characters.
    pub replace: Range<usize>,
    /// What to write there.
    pub text: String,
    /// What it means.
    pub about: String,
}

/// What could be written at a cursor, counted in characters. Never fails; a cursor beyond the end is at the end.
///
/// ```
/// use provost::request_log::query::complete;
/// let texts: Vec<String> = complete("status:404 out", 14).into_iter().map(|c| c.text).collect();
/// assert_eq!(texts, ["outcome:"]);
/// ```
pub fn complete(text: &str, cursor: usize) -> Vec<Completion> {
    complete_with(text, cursor, |_| Vec::new())
}

/// The same, with values that only the caller knows: names of tokens, codes of the catalogue.
pub fn complete_with(
    text: &str,
    cursor: usize,
    known: impl Fn(Key) -> Vec<String>,
) -> Vec<Completion> {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let cursor = before.len();
    // A quote that is open may hold anything.
    if before.iter().filter(|character| **character == '"').count() % 2 == 1 {
        return Vec::new();
    }
    let start = before
        .iter()
        .rposition(|character| character.is_whitespace())
        .map_or(0, |at| at + 1);
    let word = before.get(start..).unwrap_or_default();
    let start = start + usize::from(word.first() == Some(&'-'));
    let word: String = before.get(start..).unwrap_or_default().iter().collect();
    let Some((key, values)) = word.split_once(':') else {
        return keys(&word, start..cursor);
    };
    let Some(key) = Key::parse(key) else {
        return Vec::new();
    };
    let value = values.rsplit(',').next().unwrap_or_default();
    let replace = cursor - value.chars().count()..cursor;
    let mut offered = own_values(key);
    offered.extend(known(key).into_iter().map(|value| (value, String::new())));
    let typed = value.to_lowercase();
    offered
        .into_iter()
        .filter(|(text, _)| text.to_lowercase().starts_with(&typed) && *text != value)
        .take(MOST)
        .map(|(text, about)| Completion {
            replace: replace.clone(),
            text,
            about,
        })
        .collect()
}

fn keys(word: &str, replace: Range<usize>) -> Vec<Completion> {
    let word = word.to_lowercase();
    Key::ALL
        .into_iter()
        .filter(|key| key.as_str().starts_with(&word))
        .map(|key| {
            let (about, example) = key.about();
            Completion {
                replace: replace.clone(),
                text: format!("{}:", key.as_str()),
                about: format!("{about}, {example}"),
            }
        })
        .collect()
}

/// The values that the language itself knows.
fn own_values(key: Key) -> Vec<(String, String)> {
    let of = |values: &[(&str, &str)]| {
        values
            .iter()
            .map(|(text, about)| ((*text).to_owned(), (*about).to_owned()))
            .collect()
    };
    match key {
        Key::Status => of(&[
            (">=400", "failed"),
            ("2xx", "answered with success"),
            ("4xx", "refused"),
            ("5xx", "Provost failed"),
            ("401", "not let in"),
            ("409", "taken already"),
            ("429", "too many"),
        ]),
        Key::Method => of(&[
            ("GET", ""),
            ("POST", ""),
            ("PUT", ""),
            ("PATCH", ""),
            ("DELETE", ""),
        ]),
        Key::Outcome => OUTCOMES
            .into_iter()
            .map(|outcome| (outcome.as_str().to_owned(), meaning(outcome).to_owned()))
            .collect(),
        Key::Since | Key::Until => of(&[
            ("15m", "15 minutes ago"),
            ("1h", "an hour ago"),
            ("24h", "a day ago"),
            ("7d", "a week ago"),
        ]),
        Key::Idp => of(&[
            ("okta", ""),
            ("entra", ""),
            ("onelogin", ""),
            ("jumpcloud", ""),
            ("google", ""),
            ("ping", ""),
            ("authentik", ""),
            ("keycloak", ""),
        ]),
        Key::Resource => of(&[
            ("Users", ""),
            ("Groups", ""),
            ("Schemas", ""),
            ("ResourceTypes", ""),
            ("ServiceProviderConfig", ""),
        ]),
        Key::Ms => of(&[
            (">100", "slower than 100 ms"),
            (">500", "slower than 500 ms"),
        ]),
        Key::Changes => of(&[(">0", "changed something")]),
        Key::Changed => of(&[
            ("active", ""),
            ("role", ""),
            ("userName", ""),
            ("emails", ""),
            ("displayName", ""),
            ("members", ""),
        ]),
        Key::User
        | Key::Team
        | Key::Subject
        | Key::Code
        | Key::Token
        | Key::Ua
        | Key::Id
        | Key::Path => Vec::new(),
    }
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "something changed",
        Outcome::NoOp => "all was as asked already, or it was a read",
        Outcome::Ignored => "understood, and by policy not acted on",
        Outcome::Held => "waits for an admin",
        Outcome::Refused => "not allowed, not valid or not found",
        Outcome::Error => "Provost failed",
    }
}
