//! `provost sync …`: whether groups of an identity provider become teams.

use clap::{Args, Subcommand};

use super::confirm::confirm;
use super::error::CliError;
use super::output::{Cell, Sheet, Tone, text};
use super::session::Session;
use super::written;
use crate::admin::types::{SomeTeams, SwitchTeamSync, SyncStatus};

/// Team sync: whether groups of an identity provider become teams.
#[derive(Debug, Subcommand)]
pub enum SyncVerb {
    /// How team sync stands, and what its switch would do.
    Status(StatusVerb),
    /// Turn team sync on: groups become teams, and the identity provider rules their names and members.
    On(OnVerb),
    /// Turn team sync off: nothing is deleted, and every team can be edited.
    Off(OffVerb),
}

/// How team sync stands, and what its switch would do.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sync status
  provost sync status --json")]
pub struct StatusVerb {}

/// Turn team sync on: groups become teams, and the identity provider rules their names and members.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sync on
  provost sync on --dry-run
  provost sync on --yes")]
pub struct OnVerb {}

/// Turn team sync off: nothing is deleted, and every team can be edited.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost sync off
  provost sync off --yes")]
pub struct OffVerb {}

/// Runs one of them.
pub async fn run(session: &mut Session, verb: SyncVerb) -> Result<(), CliError> {
    match verb {
        SyncVerb::Status(StatusVerb {}) => status(session).await,
        SyncVerb::On(OnVerb {}) => switch(session, true).await,
        SyncVerb::Off(OffVerb {}) => switch(session, false).await,
    }
}

async fn status(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let status = reach.read().sync().await;
    let status = reach.finish(status).await?;
    let mut sheet = sheet(&status);
    if status.has_switch {
        let (title, lines) = (
            if status.on {
                "Turning it off would"
            } else {
                "Turning it on would"
            },
            effects(&status, !status.on),
        );
        sheet.title(title).lines(indented(lines));
    }
    session.out.sheet(&status, &sheet)
}

async fn switch(session: &mut Session, on: bool) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
    let (reach, status) = reach.keep(async |read| read.sync().await).await?;
    let word = if on { "on" } else { "off" };
    let reach = if status.has_switch && status.on != on {
        let mut question = format!("Turn team sync {word}? It would");
        for line in effects(&status, on) {
            question = format!("{question}\n  {line}");
        }
        confirm(
            session,
            reach,
            if on { "sync on" } else { "sync off" },
            &question,
        )
        .await?
    } else {
        // Nothing to ask about: the engine says what there is to say.
        reach
    };
    let switch = SwitchTeamSync {
        on,
        if_version: Some(status.version),
    };
    let switched = async { Ok::<_, CliError>(reach.write()?.switch_team_sync(switch).await?) };
    let switched = switched.await;
    let done = reach.finish(switched).await?;
    let would = session.global.dry_run && status.has_switch && status.on != on;
    let effects = if would {
        effects(&status, on)
    } else {
        Vec::new()
    };
    written::report_with(session, &done, &format!("turn team sync {word}"), &effects)
}

fn sheet(status: &SyncStatus) -> Sheet {
    let state = match (status.on, status.has_switch) {
        (true, true) => Cell::both("✓ on", "on").tone(Tone::Good),
        (true, false) => Cell::text("always on under this policy"),
        (false, _) => Cell::both("⏸ off", "off").tone(Tone::Warn),
    };
    let teams = &status.teams;
    let mut sheet = Sheet::new();
    sheet
        .title("Team sync")
        .fact("state", state)
        .fact("provisioning", Cell::text(status.provisioning.as_str()))
        .fact("synced teams", Cell::text(text::thousands(teams.synced)))
        .fact("of them paused", Cell::text(text::thousands(teams.paused)))
        .fact("local teams", Cell::text(text::thousands(teams.local)))
        .fact(
            "unlinked teams",
            Cell::text(text::thousands(teams.unlinked)),
        )
        .fact(
            "people waited for",
            Cell::text(text::thousands(teams.parked)),
        )
        .fact(
            "locked while on",
            Cell::text(match status.locked_fields.as_slice() {
                [] => "nothing".to_owned(),
                fields => format!("{} of synced teams", fields.join(", ")),
            }),
        );
    sheet
}

/// What turning team sync on or off does, and what it does not, a line each.
fn effects(status: &SyncStatus, on: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let locked = status.locked_fields.join(" and ");
    if on {
        lines.push("let identity providers push groups, which become teams".into());
        if !status.locked_fields.is_empty() {
            let lock = format!("lock {locked} of {}", some(&status.lockable, "synced team"));
            lines.push(lock);
        }
        let link = some(&status.linkable, "team kept here");
        lines.push(format!(
            "link a group to the team of the same name, which may become of {link}"
        ));
        let stay = some(&status.stay_local, "team kept here");
        lines.push(format!("leave alone, whatever is pushed, {stay}"));
        if !status.local_create {
            lines.push(
                "refuse teams that are made here: they come from the identity provider".into(),
            );
        }
    } else {
        lines.push("refuse groups of identity providers with 403 TEAM_SYNC_OFF".into());
        if !status.locked_fields.is_empty() {
            let free = format!(
                "make {locked} editable of {}",
                some(&status.lockable, "synced team")
            );
            lines.push(free);
        }
    }
    lines.push("delete nothing: every team keeps its members, roles and maintainers".into());
    lines
}

/// So many teams, and the first of them by name.
fn some(teams: &SomeTeams, one: &str) -> String {
    let count = text::count(teams.count, one, &one.replacen("team", "teams", 1));
    if teams.first.is_empty() {
        return count;
    }
    let names: Vec<&str> = teams.first.iter().map(|team| team.name.as_str()).collect();
    let more = if teams.count > names.len() as u64 {
        ", …"
    } else {
        ""
    };
    format!("{count}: {}{more}", names.join(", "))
}

fn indented(lines: Vec<String>) -> Vec<String> {
    let indent = |line: String| format!("  {}", text::printable(&line));
    lines.into_iter().map(indent).collect()
}
