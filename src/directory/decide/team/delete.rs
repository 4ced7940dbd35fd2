//! A group is deleted at the identity provider, or a team here.

use super::membership::left;
use super::{found, lock, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::command::MembersEdit;
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
    let everybody = MembersEdit {
        replace: Some(Vec::new()),
        ..MembersEdit::default()
    };
    let mut draft = lock::may_edit(request, draft, before, before, &everybody)?;
    if before.paused && request.circumstance.actor.kind == ActorKind::Idp {
        return Ok(draft.ignored("an admin has paused the sync of this team"));
    }
    let value = request.policy.teams.on_delete;
    draft.policy("teams.on_delete", value, "what deleting a group means");
    let leavers = request.facts.current_members.iter();
    let mut changes: Vec<Change> = match value {
        TeamOnDelete::Unlink => Vec::new(),
        TeamOnDelete::Delete | TeamOnDelete::EmptyThenDelete | TeamOnDelete::EmptyUnlink => leavers
            .map(|(member, name)| left(before, *member, name))
            .collect(),
    };
    changes.push(match value {
        TeamOnDelete::Delete | TeamOnDelete::EmptyThenDelete => Change::TeamRemoved {
            before: Box::new(before.clone()),
        },
        TeamOnDelete::EmptyUnlink | TeamOnDelete::Unlink => {
            updated(request, before, unlinked(before))
        }
    });
    Ok(draft.done(changes))
}

/// The team as it is when no identity provider rules it any more.
fn unlinked(team: &Team) -> Team {
    let mut after = team.clone();
    after.source = TeamSource::Local;
    after.attributes.remove("externalId");
    after
}
