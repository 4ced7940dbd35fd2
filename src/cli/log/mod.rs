//! `provost log …`: the request log, every exchange with an identity provider.

mod search;
mod show;
mod tail;
pub mod undo;

use clap::Subcommand;
use jiff::Timestamp;

use super::error::CliError;
use super::output::{Cell, Column, Row, Tone, time};
use super::session::Session;
use super::words;
use crate::admin::types::RequestRow;

/// The request log: every exchange with an identity provider.
#[derive(Debug, Subcommand)]
pub enum LogVerb {
    /// Follow the log as it grows.
    Tail(tail::TailVerb),
    /// Search the log, newest first.
    Search(search::SearchVerb),
    /// Show one exchange: explanation, trace, request, answer, changes.
    Show(show::ShowVerb),
    /// Take back what a request changed.
    Undo(undo::UndoVerb),
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: LogVerb) -> Result<(), CliError> {
    match verb {
        LogVerb::Tail(verb) => tail::run(session, &verb).await,
        LogVerb::Search(verb) => search::run(session, &verb).await,
        LogVerb::Show(verb) => show::run(session, &verb).await,
        LogVerb::Undo(verb) => undo::run(session, &verb).await,
    }
}

impl Row for RequestRow {
    const COLUMNS: &'static [Column] = &[
        Column::right("id", "ID", 6),
        Column::left("at", "TIME", 12),
        Column::right("duration_us", "TOOK", 7),
        Column::left("method", "METHOD", 6),
        Column::right("status", "STATUS", 6),
        Column::left("outcome", "OUTCOME", 9),
        Column::left("code", "CODE", 20),
        Column::right("changes", "Δ", 3),
        Column::left("token", "TOKEN", 10),
        Column::script("idp"),
        Column::script("retry_of"),
        Column::left("subject", "SUBJECT", 24),
        Column::left("path", "PATH", 26),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::both(self.id.to_string(), self.id.0.to_string()),
            Cell::both(time::clock(self.at), self.at.to_string()).tone(Tone::Dim),
            Cell::both(time::took(self.duration_us), self.duration_us.to_string()),
            Cell::text(&self.method),
            words::status(self.status),
            words::outcome(self.outcome),
            Cell::maybe(self.code.as_deref()),
            Cell::text(self.changes.to_string()),
            Cell::maybe(self.token.as_deref()),
            Cell::maybe(self.idp.as_deref()),
            Cell::maybe(self.retry_of.map(|id| id.0.to_string())),
            Cell::maybe(self.subject.as_ref().map(|subject| subject.label.as_str())),
            Cell::text(&self.path),
        ]
    }
}
