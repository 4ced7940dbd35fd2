//! A query of the request log as a condition over the narrow table. It says what
//! [`RequestQuery::matches`](crate::request_log::RequestQuery::matches) says, and more where a line alone cannot tell: which
//! paths changed, and text beyond what the line shows.

use jiff::Timestamp;
use rusqlite::types::Value;

use crate::directory::fold::fold;
use crate::request_log::RequestQuery;
use crate::request_log::query::{Span, Term, Test};
use crate::store::sqlite::log_line::kind_word;
use crate::store::sqlite::values::nanos;

/// The columns free text is looked for in.
const TEXTS: [&str; 9] = [
    "label",
    "summary",
    "path",
    "ua",
    "subject",
    "coalesce(token_key, token)",
    "idp",
    "lower(code)",
    "lower(method)",
];

/// An SQL condition with its values, `?` for each.
#[derive(Debug)]
pub struct Condition {
    /// The text.
    pub sql: String,
    /// The values, in order.
    pub values: Vec<Value>,
}

impl Condition {
    /// The condition of a query, with `now` to resolve its ages.
    pub fn of(query: &RequestQuery, now: Timestamp) -> Self {
        let mut condition = Self {
            sql: String::new(),
            values: Vec::new(),
        };
        // What rules out most for the least work first: SQLite evaluates in the order written.
        let mut terms: Vec<&Term> = query.terms.iter().collect();
        terms.sort_by_key(|term| cost(&term.test));
        for term in terms {
            if !condition.sql.is_empty() {
                condition.sql.push_str(" AND ");
            }
            // A column without a value answers with NULL, which is no.
            condition
                .sql
                .push_str(if term.negated { "NOT coalesce((" } else { "(" });
            condition.test(&term.test, now);
            condition
                .sql
                .push_str(if term.negated { "), 0)" } else { ")" });
        }
        if condition.sql.is_empty() {
            condition.sql.push('1');
        }
        condition
    }

    fn test(&mut self, test: &Test, now: Timestamp) {
        match test {
            Test::Status(spans) => self.spans("status", spans),
            Test::Changes(spans) => self.spans("changes", spans),
            Test::Id(spans) => self.spans("id", spans),
            Test::Duration(spans) => self.spans("duration", spans),
            Test::Method(methods) => self.among("method", methods.iter().cloned()),
            Test::Code(codes) => self.among("code", codes.iter().cloned()),
            Test::Token(names) => {
                self.among("coalesce(token_key, token)", names.iter().map(|n| fold(n)));
            }
            Test::Idp(names) => self.among("idp", names.iter().map(|name| fold(name))),
            Test::Resource(names) => self.among("resource", names.iter().map(|name| fold(name))),
            Test::Outcome(outcomes) => self.among(
                "outcome",
                outcomes.iter().map(|outcome| outcome.as_str().to_owned()),
            ),
            Test::UserAgent(parts) => self.contains("ua", parts),
            Test::Path(parts) => self.contains("path", parts),
            Test::Changed(parts) => self.contains("changed", parts),
            Test::Subject { kind, any } => {
                if let Some(kind) = kind {
                    self.push("subject_kind = ", kind_word(*kind).to_owned());
                    self.sql.push_str(" AND ");
                }
                self.sql.push('(');
                self.contains("label", any);
                self.sql.push_str(" OR ");
                self.among("subject", any.iter().map(|word| fold(word)));
                self.sql.push(')');
            }
            Test::Since(moment) => {
                self.push("at >= ", nanos(moment.resolve(now)));
            }
            Test::Until(moment) => {
                self.push("at < ", nanos(moment.resolve(now)));
            }
            Test::Text(text) => {
                let folded = fold(text);
                for (place, column) in TEXTS.into_iter().enumerate() {
                    self.sql.push_str(if place == 0 { "" } else { " OR " });
                    self.push_with(&format!("instr({column}, "), folded.clone(), ") > 0");
                }
                if let Ok(id) = text.parse::<u32>()
                    && id.to_string() == *text
                {
                    self.push(" OR id = ", i64::from(id));
                }
            }
        }
    }

    fn spans(&mut self, column: &str, spans: &[Span]) {
        for (place, span) in spans.iter().enumerate() {
            self.sql.push_str(if place == 0 { "(" } else { " OR " });
            let to = i64::try_from(span.to).unwrap_or(i64::MAX);
            match i64::try_from(span.from) {
                Ok(from) => {
                    self.push(&format!("{column} BETWEEN "), from);
                    self.push(" AND ", to);
                }
                // Nothing is so large.
                Err(_) => self.sql.push('0'),
            }
        }
        self.sql.push(')');
    }

    fn among(&mut self, column: &str, words: impl Iterator<Item = String>) {
        self.sql.push_str(column);
        for (place, word) in words.enumerate() {
            self.push(if place == 0 { " IN (" } else { "," }, word);
        }
        self.sql.push(')');
    }

    fn contains(&mut self, column: &str, parts: &[String]) {
        for (place, part) in parts.iter().enumerate() {
            self.sql.push_str(if place == 0 { "(" } else { " OR " });
            self.push_with(&format!("instr({column}, "), fold(part), ") > 0");
        }
        self.sql.push(')');
    }

    fn push(&mut self, before: &str, value: impl Into<Value>) {
        self.push_with(before, value, "");
    }

    fn push_with(&mut self, before: &str, value: impl Into<Value>, after: &str) {
        self.sql.push_str(before);
        self.sql.push('?');
        self.sql.push_str(after);
        self.values.push(value.into());
    }
}

/// How much work a test is.
fn cost(test: &Test) -> u8 {
    match test {
        Test::Id(_) | Test::Since(_) | Test::Until(_) => 0,
        Test::Status(_) | Test::Changes(_) | Test::Duration(_) => 1,
        Test::Method(_)
        | Test::Code(_)
        | Test::Token(_)
        | Test::Idp(_)
        | Test::Outcome(_)
        | Test::Resource(_) => 2,
        Test::Subject { .. } | Test::UserAgent(_) | Test::Path(_) | Test::Changed(_) => 3,
        Test::Text(_) => 4,
    }
}
