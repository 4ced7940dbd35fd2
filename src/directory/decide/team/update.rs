//! A team's attributes change, its membership, or both, as one step.

use super::membership::membership;
use super::name::{fit_name, free_key, keys_are_free};
use super::{KEYS, PAUSED, found, keys, lock, updated};
use crate::directory::actor::ActorKind;
use crate::directory::command::MembersEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::member::Attributes;
use crate::directory::policy::TeamNameRule;
use crate::directory::team::TeamSource;

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
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    draft = lock::is_its_own(request, draft, before)?;
    if before.paused && is_pushed {
        return Ok(draft.ignored(PAUSED));
    }
    if is_pushed && before.source == TeamSource::Local && lock::links_by_name(request) {
        // Who looks for the group by its name and finds it here never asks for it to be created.
        draft.policy(
            "teams.match",
            &request.policy.teams.r#match,
            "the team is linked by being written to",
        );
        after.source = TeamSource::Synced;
    }
    if after.attributes != before.attributes {
        draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
        draft = fit_name(request, draft, &mut after)?;
        draft = keys_are_free(request, draft, &after)?;
        let renames = before.display_name() != after.display_name();
        if renames && request.policy.teams.name_rule == TeamNameRule::DdCharset {
            // The handle is made of the name; a key that is not stays, since roles and scripts name the team by it.
            after.own.key = free_key(request, after.display_name());
        }
    }
    let mut changes = Vec::new();
    if after != *before {
        changes.push(updated(request, before, after.clone()));
    }
    let (members, draft) = membership(request, draft, &after, edit.members)?;
    changes.extend(members);
    Ok(draft.done(changes))
}
