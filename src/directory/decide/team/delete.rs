//! A group is deleted at the identity provider, or a team here.

use super::membership::left;
use super::parked::nobody_is_awaited;
use super::{PAUSED, found, lock, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::policy::TeamOnDelete;
use crate::directory::team::{Team, TeamSource};

pub(in crate::directory::decide) fn delete(
    request: &Request<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let mut draft = lock::may_delete(request, draft, before)?;
    draft = lock::is_its_own(request, draft, before)?;
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    if is_pushed && before.paused {
        return Ok(draft.ignored(PAUSED));
    }
    if is_pushed && before.source == TeamSource::Local && lock::links_by_name(request) {
        return Ok(draft.ignored(
            "the team is kept here and was never the identity provider's, or is no longer",
        ));
    }
    let value = if is_pushed {
        let value = request.policy.teams.on_delete;
        draft.policy("teams.on_delete", value, "what deleting a group means");
        value
    } else {
        // What a group means is the identity provider's concern; an admin who deletes means it.
        TeamOnDelete::Delete
    };
    let leavers = request.facts.current_members.iter();
    let mut changes: Vec<Change> = match value {
        TeamOnDelete::Unlink => Vec::new(),
        TeamOnDelete::Delete | TeamOnDelete::EmptyThenDelete | TeamOnDelete::EmptyUnlink => leavers
            .map(|(member, name)| left(before, *member, name))
            .collect(),
    };
    if matches!(value, TeamOnDelete::EmptyUnlink | TeamOnDelete::Unlink) {
        changes.extend(nobody_is_awaited(request, before));
    }
    changes.push(match value {
        TeamOnDelete::Delete | TeamOnDelete::EmptyThenDelete => Change::TeamRemoved {
            before: Box::new(before.clone()),
        },
        TeamOnDelete::EmptyUnlink | TeamOnDelete::Unlink => {
            updated(request, before, unlinked(before, TeamSource::Released))
        }
    });
    Ok(draft.done(changes))
}

/// The team as it is when no identity provider rules it any more.
pub(super) fn unlinked(team: &Team, source: TeamSource) -> Team {
    let mut after = team.clone();
    after.source = source;
    after.paused = false;
    after.attributes.remove("externalId");
    after
}
