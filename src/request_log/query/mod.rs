//! The filter language of the request log, the same in console, command line and admin API.
//!
//! Words are separated by blanks and all must hold: `status:>=400 method:PUT,PATCH -user:ada since:2h "free text"`.
//! A word is `key:value`, or text. `-` before it turns it round; commas separate values of which one must hold; quotes
//! hold blanks, commas and colons together (`\"` and `\\` inside). Numbers take `>`, `>=`, `<`, `<=`, `400..499` and, for
//! `status`, `4xx`. Times are ages (`45s`, `30m`, `2h`, `7d`, `1w`) or dates, in UTC where no zone is said.
//!
//! ```
//! use provost::request_log::query::{RequestQuery, Test, Span};
//!
//! let query = RequestQuery::parse("status:4xx -method:GET \"ada lovelace\"")?;
//! assert_eq!(query.terms[0].test, Test::Status(vec![Span { from: 400, to: 499 }]));
//! assert!(query.terms[1].negated);
//! assert_eq!(query.to_string(), "status:400..499 -method:GET \"ada lovelace\"");
//!
//! let error = RequestQuery::parse("stauts:404").unwrap_err();
//! assert_eq!(error.column, 1);
//! assert!(error.message.contains("`status`"));
//! # Ok::<(), provost::request_log::query::QueryError>(())
//! ```

mod ast;
mod complete;
mod display;
mod matches;
mod parse;
mod token;

pub use ast::{Key, Moment, Span, Term, Test};
pub use complete::{Completion, complete, complete_with};
pub use parse::{MAX_LENGTH, MAX_TERMS, MAX_VALUES};

/// A parsed query. All terms must hold; without any it matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestQuery {
    /// The terms, in the order written.
    pub terms: Vec<Term>,
}

/// Why a query could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at column {column}")]
pub struct QueryError {
    /// What is wrong and what would be right.
    pub message: String,
    /// Where, counted in characters from 1.
    pub column: usize,
}

impl RequestQuery {
    /// Whether it matches everything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

#[cfg(test)]
mod tests;
