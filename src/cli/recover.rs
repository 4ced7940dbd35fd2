//! `provost recover …`: the accounts kept for the day on which nobody else can sign in.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::confirm::confirm;
use super::connect::{self, Local};
use super::error::CliError;
use super::output::{Cell, Column, Form, Row, Tone};
use super::password;
use super::session::{Session, note};
use super::written;
use crate::admin::guards::{MarkRecovery, ProveRecovery, RecoveryAdmin};
use crate::secret::Secret;

/// Recovery admins: kept for the day on which nobody else can sign in.
#[derive(Debug, Subcommand)]
pub enum RecoverVerb {
    /// Keep an admin for recovery and print one-time codes, a line each, this once.
    New(NewVerb),
    /// Keep an admin for recovery; no identity provider can change them any more.
    Mark(MarkVerb),
    /// Keep somebody for recovery no longer.
    Unmark(UnmarkVerb),
    /// List recovery admins.
    List(ListVerb),
    /// Show that a recovery admin can sign in, by their password.
    Prove(ProveVerb),
    /// Bring a recovery admin back by a one-time code, on this machine, with a new password.
    Use(UseVerb),
}

/// Keep an admin for recovery and print one-time codes, a line each, this once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover new ada@example.com
  provost recover new ada@example.com > codes.txt

Keep the codes where the password manager is not. Codes printed earlier are worthless from now on.")]
pub struct NewVerb {
    /// Their id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    member: String,
}

/// Keep an admin for recovery; no identity provider can change them any more.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover mark ada@example.com")]
pub struct MarkVerb {
    /// Their id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    member: String,
}

/// Keep somebody for recovery no longer.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover unmark ada@example.com")]
pub struct UnmarkVerb {
    /// Their id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    member: String,
}

/// List recovery admins.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover list
  provost recover list --json")]
pub struct ListVerb {
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Show that a recovery admin can sign in, by their password.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover prove ada@example.com
  pass show provost | provost recover prove ada@example.com --password-stdin")]
pub struct ProveVerb {
    /// Their id, userName, e-mail address or externalId.
    #[arg(value_name = "MEMBER")]
    member: String,
    /// Read the password from the first line of the standard input; without it, it is asked for.
    #[arg(long)]
    password_stdin: bool,
}

/// Bring a recovery admin back by a one-time code, on this machine, with a new password.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost recover use
  (cat code.txt; pass show provost) | provost recover use --stdin

The code and the new password are asked for. The engine must not run: this is for whoever can read the data
directory. The member is active again, and the code is spent.")]
pub struct UseVerb {
    /// Read the code from the first line of the standard input and the new password from the second.
    #[arg(long)]
    stdin: bool,
}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: RecoverVerb) -> Result<(), CliError> {
    match verb {
        RecoverVerb::New(verb) => new(session, verb.member).await,
        RecoverVerb::Mark(verb) => mark(session, verb.member, true).await,
        RecoverVerb::Unmark(verb) => mark(session, verb.member, false).await,
        RecoverVerb::List(verb) => list(session, &verb).await,
        RecoverVerb::Prove(verb) => prove(session, verb).await,
        RecoverVerb::Use(verb) => use_code(session, &verb).await,
    }
}

async fn new(session: &mut Session, name: String) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let dry_run = session.global.dry_run;
    let made = async {
        let member = reach.read().find_member(name).await?;
        let id = member.row.id;
        let done = reach
            .write()?
            .mark_recovery(id, MarkRecovery { on: true })
            .await?;
        // Nobody is marked by a preview, and who is not has no codes.
        if dry_run {
            return Ok((member, Some(done), Vec::new()));
        }
        let issued = reach.write()?.make_recovery_codes(id).await?;
        Ok::<_, CliError>((member, None, issued.codes))
    }
    .await;
    let (member, preview, codes) = reach.finish(made).await?;
    let name = member.row.user_name;
    if let Some(done) = preview {
        return written::report(session, &done, &format!("keep {name} for recovery"));
    }
    if session.out.form == Form::Json {
        let document = serde_json::json!({ "id": member.row.id, "codes": codes });
        return session.out.document(&document);
    }
    note(&format!(
        "{name} is kept for recovery; each of these codes works once and is never shown again"
    ));
    for code in &codes {
        session.out.line(code)?;
    }
    Ok(())
}

async fn mark(session: &mut Session, name: String, on: bool) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (mut reach, member) = reach
        .keep(async |read| read.find_member(name.clone()).await)
        .await?;
    let id = member.row.id;
    if !on {
        let question = format!(
            "Keep {} for recovery no longer? Identity providers can then change them, and their codes are worthless.",
            member.row.user_name
        );
        reach = confirm(session, reach, "recover unmark", &question).await?;
    }
    let mark = MarkRecovery { on };
    let done = async { Ok::<_, CliError>(reach.write()?.mark_recovery(id, mark).await?) }.await;
    let done = reach.finish(done).await?;
    let verb = if on { "mark" } else { "unmark" };
    written::report(session, &done, &format!("{verb} {}", member.row.user_name))
}

async fn list(session: &mut Session, verb: &ListVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let status = reach.read().guard_status().await;
    let status = reach.finish(status).await?;
    let document = serde_json::json!({ "items": status.recovery });
    session.out.list(&document, &status.recovery, session.now)?;
    if status.recovery.is_empty() && session.out.form == Form::Table {
        note("nobody is kept for recovery; `provost recover new EMAIL` keeps somebody");
    }
    Ok(())
}

async fn prove(session: &mut Session, verb: ProveVerb) -> Result<(), CliError> {
    let password = if verb.password_stdin {
        password::from_stdin()?
    } else {
        password::known_from_terminal("Their password: ")?
    };
    let reach = session.reach_to_write().await?;
    let proven = async {
        let id = reach.read().find_member(verb.member.clone()).await?.row.id;
        let proof = ProveRecovery {
            password: password.expose().to_owned(),
        };
        Ok::<_, CliError>(reach.write()?.prove_recovery(id, proof).await?)
    }
    .await;
    let done = reach.finish(proven).await?;
    written::report(session, &done, &format!("prove {}", verb.member))
}

async fn use_code(session: &mut Session, verb: &UseVerb) -> Result<(), CliError> {
    session.refuse_dry_run("recover use")?;
    session.refuse_remote("recover use")?;
    session.refuse_read_only("recover use")?;
    let (code, password): (Secret, Secret) = if verb.stdin {
        password::two_from_stdin()?
    } else {
        password::code_from_terminal()?
    };
    let embedded = match connect::local(&session.settings, "recovery").await? {
        Local::Ours(embedded) => embedded,
        Local::Running(_) => {
            return Err(CliError::AlreadyRunning {
                data_dir: session.settings.data_dir.path().to_owned(),
                owner: None,
            });
        }
    };
    let done = embedded.admin().use_recovery_code(&code, password).await;
    embedded.close().await?;
    let done = done?;
    written::report(session, &done, "bring the recovery admin back")
}

impl Row for RecoveryAdmin {
    const COLUMNS: &'static [Column] = &[
        Column::script("id"),
        Column::left("user_name", "USERNAME", 30),
        Column::left("active", "ACTIVE", 6),
        Column::left("has_password", "PASSWORD", 8),
        Column::left("proven", "PROVEN", 10),
        Column::right("codes", "CODES", 5),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let yes = |is: bool| {
            let word = if is { "yes" } else { "no" };
            Cell::text(word).tone(if is { Tone::Plain } else { Tone::Warn })
        };
        vec![
            Cell::text(self.id.to_string()),
            Cell::text(&self.user_name),
            yes(self.active),
            yes(self.has_password),
            Cell::maybe_moment(self.proven, now, "never"),
            Cell::text(self.codes.to_string()),
        ]
    }
}
