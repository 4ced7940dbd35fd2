//! Teams: created, linked, changed, removed; members joining, leaving, and waited for.

mod create;
mod delete;
mod describe;
mod link;
mod lock;
mod membership;
mod name;
mod parked;
mod purge;
mod update;

pub use create::recognised;
pub(super) use create::{NewTeam, create};
pub(super) use delete::delete;
pub(super) use describe::describe;
pub(super) use link::{link, pause, unlink};
pub(super) use lock::syncs;
pub(super) use name::is_same_name;
pub use name::{fitted, wanted_key};
pub use parked::MOST_PARKED;
pub(super) use parked::welcome;
pub(super) use purge::purge;
pub(super) use update::{Edit, update};

use super::verdict::{Draft, expect_version};
use super::{Request, keys};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::team::{Team, TeamSource};

/// The attributes by which a team is found again.
const KEYS: [&str; 2] = ["displayName", "externalId"];

/// Why nothing of a push is done while a team's sync is paused. It is acknowledged all the same: an identity provider
/// that is refused tries again and in the end gives the whole connection up, for one team that an admin wanted left
/// alone.
const PAUSED: &str = "an admin has paused the sync of this team";

/// The team the command names, at the version the caller insists on.
fn found<'a>(
    request: &Request<'a>,
    draft: Draft,
    if_version: Option<u64>,
) -> Result<(&'a Team, Draft), Decision> {
    let team = request.facts.team.as_ref();
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    // RFC 7644 §3.6: what a client has deleted is gone to it, whatever became of it here.
    let is_there = |team: &&Team| {
        team.deleted.is_none() && !(is_pushed && team.source == TeamSource::Released)
    };
    let Some(team) = team.filter(is_there) else {
        let step = TraceStep::failed(Stage::Match, "there is no team with this id");
        return Err(draft.refuse(RefusalKind::NotFound, "GROUP_GONE", step));
    };
    let draft = expect_version(draft, "team", team.version, if_version)?;
    Ok((team, draft))
}

fn updated(request: &Request<'_>, before: &Team, mut after: Team) -> Change {
    after.version = before.version + 1;
    after.modified = request.circumstance.now;
    Change::TeamUpdated {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }
}
