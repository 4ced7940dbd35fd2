//! A team's attributes change, its membership, or both, as one step.

use super::membership::membership;
use super::name::{fit_name, keys_are_free};
use super::{KEYS, found, keys, lock, updated};
use crate::directory::actor::ActorKind;
use crate::directory::command::MembersEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::member::Attributes;

/// A change of a team as it was asked for.
pub(in crate::directory::decide) struct Edit<'a> {
    pub(in crate::directory::decide) attributes: Option<&'a Attributes>,
    pub(in crate::directory::decide) members: &'a MembersEdit,
    pub(in crate::directory::decide) if_version: Option<u64>,
}

pub(in crate::directory::decide) fn update(
    request: &Request<'_>,
    draft: Draft,
    edit: &Edit<'_>,
) -> Verdict {
    let (before, mut draft) = found(request, draft, edit.if_version)?;
    let mut after = before.clone();
    if let Some(attributes) = edit.attributes {
        after.attributes.clone_from(attributes);
    }
    draft = lock::may_edit(request, draft, before, &after, edit.members)?;
    if before.paused && request.circumstance.actor.kind == ActorKind::Idp {
        return Ok(draft.ignored("an admin has paused the sync of this team"));
    }
    let mut changes = Vec::new();
    if after.attributes != before.attributes {
        draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
        draft = fit_name(request, draft, &mut after)?;
        draft = keys_are_free(request, draft, &after)?;
        changes.push(updated(request, before, after.clone()));
    }
    let (members, draft) = membership(request, draft, &after, edit.members)?;
    changes.extend(members);
    Ok(draft.done(changes))
}
