//! `provost team purge`: every team that an identity provider rules goes, each in a change of its own.

use clap::Args;

use super::confirm::{asks, type_to_go_on};
use super::connect::Reach;
use super::error::CliError;
use super::output::{Form, text};
use super::session::{Session, note};
use crate::admin::AdminRead;
use crate::admin::types::{ChangeTeam, Done, Listing, TeamChange, TeamRow, TeamSource};

/// How many of those that go are named before it is asked about.
const LISTED: usize = 20;
/// How many teams are asked for at a time.
const PAGE: u32 = 1_000;

/// Delete every team that an identity provider rules.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team purge --synced --dry-run
  provost team purge --synced

Before it asks, it lists which teams go; to go on, their number is typed. Their members stay members of the organisation
and lose the roles they have through them. Each team is a change of its own in the log: what one refuses stops the rest.
The identity provider may push its groups again; turn team sync off first where it shall not.")]
pub struct PurgeVerb {
    /// Say that it is meant: every synced team. Teams kept here and unlinked ones stay.
    #[arg(long, required = true)]
    synced: bool,
}

/// Deletes them.
pub async fn purge(session: &mut Session, _: &PurgeVerb) -> Result<(), CliError> {
    let mut reach = session.reach_to_write().await?;
    let teams;
    (reach, teams) = synced(reach).await?;
    let names: Vec<&str> = teams.iter().map(|team| team.name.as_str()).collect();
    let goes = "team that an identity provider rules";
    let go = "teams that identity providers rule";
    let them = text::count(teams.len() as u64, goes, go);
    if asks(session) && !teams.is_empty() {
        note(&format!("{them} would be deleted:"));
        names
            .iter()
            .take(LISTED)
            .for_each(|name| note(&format!("  {name}")));
        if names.len() > LISTED {
            let more = text::thousands((names.len() - LISTED) as u64);
            note(&format!("  and {more} more; --dry-run lists them all"));
        }
        reach.close().await?;
        let question =
            "Their members stay members of the organisation. It cannot be undone as one.";
        type_to_go_on("team purge", question, &teams.len().to_string())?;
        reach = session.reach_to_write().await?;
    }
    let mut all: Vec<Done> = Vec::with_capacity(teams.len());
    let deleted = async {
        for team in &teams {
            // The version that was asked about: one that changed since stops it.
            let version = reach.read().team(team.id).await?.version;
            let change = ChangeTeam {
                change: TeamChange::Delete,
                if_version: Some(version),
            };
            all.push(reach.write()?.change_team(team.id, change).await?);
        }
        Ok::<_, CliError>(())
    }
    .await;
    let dry_run = session.global.dry_run;
    if session.out.form == Form::Json {
        let changes: Vec<_> = all.iter().flat_map(|done| &done.changes).collect();
        let document = serde_json::json!({
            "deleted": all.len(), "teams": names, "changes": changes, "dry_run": dry_run,
        });
        session.out.document(&document)?;
    } else if teams.is_empty() {
        session
            .out
            .line("purge synced teams: already so, nothing changed")?;
    } else {
        let count = text::count(all.len() as u64, goes, go);
        let word = if dry_run {
            "would be deleted, nothing changed"
        } else {
            "deleted"
        };
        session.out.line(&format!("{count}: {word}"))?;
        for name in names.iter().take(all.len()) {
            session.out.line(&format!("  {}", text::printable(name)))?;
        }
    }
    reach.finish(deleted).await
}

/// Every synced team, in the order of their names.
async fn synced(reach: Reach) -> Result<(Reach, Vec<TeamRow>), CliError> {
    reach
        .keep(async |read: &dyn AdminRead| {
            let mut listing = Listing {
                filter: "source:synced".into(),
                limit: PAGE,
                ..Listing::default()
            };
            let mut teams = Vec::new();
            loop {
                let page = read.teams(listing.clone()).await?;
                let is_last = page.items.len() < PAGE as usize;
                teams.extend(page.items);
                if is_last {
                    break;
                }
                listing.offset += u64::from(PAGE);
            }
            teams.retain(|team: &TeamRow| team.source == TeamSource::Synced);
            teams.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(teams)
        })
        .await
}
