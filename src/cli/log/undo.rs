//! `provost log undo`: takes back what a request changed.

use clap::Args;

use crate::admin::types::RequestId;
use crate::cli::confirm::confirm;
use crate::cli::error::CliError;
use crate::cli::output::text;
use crate::cli::session::{Session, note};
use crate::cli::{words, written};

/// Take back what a request changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost log undo 4812 --dry-run
  provost log undo 4812

All or nothing: where something of it has changed since, it says who changed what, and the exit code is 5. Members,
teams, memberships and the policy come back; passwords, tokens, OAuth clients and event streams do not. The identity
provider does not know of it and may send the same again.")]
pub struct UndoVerb {
    /// Its number, with or without #.
    #[arg(value_name = "ID")]
    id: RequestId,
}

/// Takes it back.
pub async fn run(session: &mut Session, verb: &UndoVerb) -> Result<(), CliError> {
    undo(session, verb.id, "log undo").await
}

/// Takes back what a request changed, for the command `verb`.
pub async fn undo(
    session: &mut Session,
    id: RequestId,
    verb: &'static str,
) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, detail) = reach.keep(async |read| read.request(id).await).await?;
    if !session.global.yes && !session.global.dry_run {
        let row = &detail.exchange.row;
        note(&format!(
            "request {id}, {} {}, changed:",
            row.method, row.path
        ));
        for change in &detail.exchange.changed {
            note(&format!(
                "  {}",
                text::printable(&words::change_line(change))
            ));
        }
    }
    let question = format!("Take back what request {id} changed?");
    let reach = confirm(session, reach, verb, &question).await?;
    let undone = async { Ok::<_, CliError>(reach.write()?.undo_request(id).await?) }.await;
    let done = reach.finish(undone).await?;
    written::report(session, &done, &format!("undo {id}"))
}
