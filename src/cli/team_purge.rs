//! `provost team purge`: every team that an identity provider rules goes, in one change.

use clap::Args;

use super::error::CliError;
use super::purge::Purge;
use super::session::Session;
use crate::admin::types::ObjectKind;

/// Delete every team that an identity provider rules.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost team purge --synced --dry-run
  provost team purge --synced

Before it asks, it lists which teams go; to go on, their number is typed. Their members stay members of the organisation
and lose the roles they have through them. All of them go in one change, or none. The identity provider may push its groups
again; turn team sync off first where it shall not (provost sync off).")]
pub struct PurgeVerb {
    /// Say that it is meant: every synced team. Teams kept here and unlinked ones stay.
    #[arg(long, required = true)]
    synced: bool,
}

const PURGE: Purge = Purge {
    verb: "team purge",
    title: "purge synced teams",
    kind: ObjectKind::Team,
    goes: "team that an identity provider rules would be deleted",
    go: "teams that identity providers rule would be deleted",
    question: "Their members stay members of the organisation. It cannot be undone as one.",
    changed: "which teams are synced",
};

/// Deletes them.
pub async fn purge(session: &mut Session, _: &PurgeVerb) -> Result<(), CliError> {
    PURGE
        .run(session, async |write| write.purge_teams().await)
        .await
}
