//! `provost session …`: who is signed in.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use uuid::Uuid;

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, text};
use super::session::{Session, note};
use super::written;
use crate::admin::sso::{SessionRow, SessionsOf};

/// Sessions: who is signed in.
#[derive(Debug, Subcommand)]
pub enum SessionVerb {
    /// List live sessions, newest first.
    List(ListVerb),
    /// End one: whoever has it must sign in again.
    End(EndVerb),
}

/// List live sessions, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost session list
  provost session list ada@example.com
  provost session list --json")]
pub struct ListVerb {
    /// Of one member: their id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    member: Option<String>,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// End one: whoever has it must sign in again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost session end 0190a1b2-…
  provost session end --member ada@example.com")]
pub struct EndVerb {
    /// The id of the session (`provost session list`).
    #[arg(
        value_name = "ID",
        required_unless_present = "member",
        conflicts_with = "member"
    )]
    id: Option<Uuid>,
    /// All sessions of this member.
    #[arg(long, value_name = "MEMBER")]
    member: Option<String>,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: SessionVerb) -> Result<(), CliError> {
    match verb {
        SessionVerb::List(verb) => list(session, verb).await,
        SessionVerb::End(verb) => end(session, verb).await,
    }
}

async fn list(session: &mut Session, verb: ListVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let rows = async {
        let member = match verb.member {
            Some(name) => Some(reach.read().find_member(name).await?.row.id),
            None => None,
        };
        reach.read().sessions(SessionsOf { member }).await
    }
    .await;
    let rows = reach.finish(rows).await?;
    let document = serde_json::json!({ "items": rows });
    session.out.list(&document, &rows, session.now)?;
    if rows.is_empty() && session.out.form == Form::Table {
        note("nobody is signed in");
    }
    Ok(())
}

async fn end(session: &mut Session, verb: EndVerb) -> Result<(), CliError> {
    let mut reach = session.reach_to_write().await?;
    let mut ids: Vec<Uuid> = verb.id.into_iter().collect();
    if let Some(name) = verb.member {
        let found = async |read: &dyn crate::admin::AdminRead| {
            let member = Some(read.find_member(name.clone()).await?.row.id);
            read.sessions(SessionsOf { member }).await
        };
        let (kept, rows) = reach.keep(found).await?;
        reach = kept;
        ids = rows.into_iter().map(|it| it.id).collect();
    }
    if ids.is_empty() {
        reach.close().await?;
        note("there is no session to end");
        return Ok(());
    }
    let what = text::counted(ids.len() as u64, "session");
    let question = format!("End {what}? Whoever has it must sign in again.");
    let reach = confirm(session, reach, "session end", &question).await?;
    let mut ended = Vec::new();
    let all = async {
        for id in ids {
            ended.push(reach.write()?.end_session(id).await?);
        }
        Ok::<_, CliError>(())
    }
    .await;
    reach.finish(all).await?;
    for done in &ended {
        written::report(session, done, &format!("end session {}", done.id))?;
    }
    Ok(())
}

impl Row for SessionRow {
    const COLUMNS: &'static [Column] = &[
        Column::left("id", "SESSION", 36),
        Column::left("user_name", "USERNAME", 30),
        Column::left("how", "BY", 8),
        Column::left("created", "SINCE", 9),
        Column::left("last_seen", "LAST SEEN", 9),
        Column::left("expires", "ENDS", 9),
        Column::left("address", "FROM", 8),
        Column::left("user_agent", "BROWSER", 40),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(self.id.to_string()),
            Cell::text(&self.user_name),
            Cell::text(self.how.as_str()),
            Cell::moment(self.created, now),
            Cell::moment(self.last_seen, now),
            Cell::moment(self.expires, now),
            Cell::text(&self.address),
            Cell::text(&self.user_agent),
        ]
    }
}
