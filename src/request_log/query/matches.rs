//! Whether a line of the log matches a query, without asking the database: for the live tail.
//!
//! A line does not hold everything a query can ask about. Where it cannot tell, the line stays, so that the live log
//! shows rather too much than too little:
//! - `changed:role` matches every line that changed something, `-changed:role` every line;
//! - text is looked for in what the line shows (method, path, subject, code, token, user agent, IdP, request number),
//!   not in bodies.

use jiff::Timestamp;

use super::RequestQuery;
use super::ast::{Span, Term, Test};
use crate::directory::fold::fold;
use crate::request_log::RequestRow;

/// What a line says to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    CannotTell,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl RequestQuery {
    /// Whether a line matches, with `now` to resolve ages such as `since:2h`. A line that cannot answer a term stays.
    pub fn matches(&self, row: &RequestRow, now: Timestamp) -> bool {
        self.terms.iter().all(|term| term.matches(row, now))
    }
}

impl Term {
    fn matches(&self, row: &RequestRow, now: Timestamp) -> bool {
        match self.test.answer(row, now) {
            Answer::Yes => !self.negated,
            Answer::No => self.negated,
            Answer::CannotTell => true,
        }
    }
}

impl Test {
    fn answer(&self, row: &RequestRow, now: Timestamp) -> Answer {
        let within = |spans: &[Span], number: u64| spans.iter().any(|span| span.contains(number));
        match self {
            Self::Status(spans) => within(spans, row.status.into()).into(),
            Self::Method(methods) => methods
                .iter()
                .any(|method| method.eq_ignore_ascii_case(&row.method))
                .into(),
            Self::Subject { kind, any } => row
                .subject
                .as_ref()
                .is_some_and(|subject| {
                    kind.is_none_or(|kind| kind == subject.kind)
                        && (contains_any(&subject.label, any)
                            || equals_any(subject.id.as_deref(), any))
                })
                .into(),
            Self::Code(codes) => equals_any(row.code.as_deref(), codes).into(),
            Self::Token(names) => equals_any(row.token.as_deref(), names).into(),
            Self::UserAgent(parts) => row
                .user_agent
                .as_deref()
                .is_some_and(|agent| contains_any(agent, parts))
                .into(),
            Self::Idp(names) => equals_any(row.idp.as_deref(), names).into(),
            Self::Outcome(outcomes) => outcomes.contains(&row.outcome).into(),
            Self::Since(moment) => (row.at >= moment.resolve(now)).into(),
            Self::Until(moment) => (row.at < moment.resolve(now)).into(),
            Self::Changed(_) if row.changes == 0 => Answer::No,
            Self::Changed(_) => Answer::CannotTell,
            Self::Changes(spans) => within(spans, row.changes.into()).into(),
            Self::Id(spans) => within(spans, row.id.0).into(),
            Self::Duration(spans) => within(spans, row.duration_us).into(),
            Self::Path(parts) => contains_any(&row.path, parts).into(),
            Self::Resource(names) => equals_any(Some(&row.resource), names).into(),
            Self::Text(text) => shows(row, &fold(text)).into(),
        }
    }
}

fn contains_any(text: &str, parts: &[String]) -> bool {
    let text = fold(text);
    parts.iter().any(|part| text.contains(&fold(part)))
}

fn equals_any(text: Option<&str>, words: &[String]) -> bool {
    text.is_some_and(|text| {
        let text = fold(text);
        words.iter().any(|word| text == fold(word))
    })
}

/// Whether anything that a line shows contains a folded text.
fn shows(row: &RequestRow, text: &str) -> bool {
    let subject = row.subject.as_ref();
    [
        Some(row.path.as_str()),
        Some(row.method.as_str()),
        subject.map(|subject| subject.label.as_str()),
        subject.and_then(|subject| subject.id.as_deref()),
        row.code.as_deref(),
        row.token.as_deref(),
        row.user_agent.as_deref(),
        row.idp.as_deref(),
    ]
    .into_iter()
    .flatten()
    .any(|shown| fold(shown).contains(text))
        || text == row.id.to_string()
}
