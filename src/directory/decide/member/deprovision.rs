//! A member loses their access, or is gone.

use super::{Request, found, leave_all_teams, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decide::{guard, last_admin, radius};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::incident::HeldAsk;
use crate::directory::member::{Management, Member, PROVOST_USER, ROLES};
use crate::directory::policy::{Clears, ManualDelete, OnDelete};

pub(in crate::directory::decide) fn delete(
    request: &Request<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let draft = guard::recovery_stays(request, draft, before)?;
    let draft = guard::owner_stays(request, draft, before, "delete")?;
    let draft = last_admin::member_stays(request, draft, before, None)?;
    let draft = guard::preexisting_stays(request, draft, before)?;
    let mut draft = locked_by_hand(request, draft, before)?;
    let value = request.policy.users.on_delete;
    draft.policy("users.on_delete", value, "what deleting a user means");
    // Whoever cannot sign in any more loses nothing that somebody would miss today.
    if before.is_active() {
        draft = radius::stays_within(request, draft, before, HeldAsk::Delete)?;
    }
    let mut after = before.clone();
    after.set_active(false);
    Ok(match value {
        OnDelete::Remove => remove(request, draft, before),
        OnDelete::Deactivate | OnDelete::Disable => deprovision(request, draft, before, after),
        OnDelete::SoftDelete => {
            after.deleted = Some(request.circumstance.now);
            deprovision(request, draft, before, after)
        }
    })
}

fn locked_by_hand(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
    let is_concerned = request.circumstance.actor.kind == ActorKind::Admin
        && member.management != Management::Local
        && request.facts.is_provisioning;
    if !is_concerned {
        return Ok(draft);
    }
    let value = request.policy.users.manual_delete;
    draft.policy(
        "users.manual_delete",
        value,
        "whether an admin may remove members whom an identity provider manages",
    );
    match value {
        ManualDelete::Allow => Ok(draft),
        ManualDelete::Warn => {
            let what = "they may be re-added by your SCIM provider";
            draft.step(TraceStep::noted(Stage::Policy, what));
            Ok(draft)
        }
        ManualDelete::Deny => {
            let what = "this member is managed by the identity provider; remove them there";
            let step = TraceStep::failed(Stage::Policy, what);
            let draft = draft.in_case("member", member.user_name());
            Err(draft.refuse(RefusalKind::Forbidden, "MANAGED_BY_IDP", step))
        }
    }
}

/// Takes what `users.deprovision_clears` says, then records the change.
pub(super) fn deprovision(
    request: &Request<'_>,
    draft: Draft,
    before: &Member,
    mut after: Member,
) -> Decision {
    let clears = &request.policy.users.deprovision_clears;
    if clears.contains(&Clears::Roles) {
        after.attributes.remove(ROLES);
        drop_of_extension(&mut after, &["role"]);
    }
    if clears.contains(&Clears::Permissions) {
        drop_of_extension(&mut after, &["customRole", "roleAttributes"]);
    }
    if clears.contains(&Clears::Keys) && after.deleted.is_some() {
        after.give_up_keys();
    }
    let mut changes = Vec::new();
    // A hidden member is in no team; the store keeps their places until they return.
    if clears.contains(&Clears::Teams) {
        changes.extend(leave_all_teams(request.facts, before));
    }
    if after != *before {
        changes.push(updated(request, before, after));
    }
    draft.done(changes)
}

pub(super) fn remove(request: &Request<'_>, draft: Draft, before: &Member) -> Decision {
    let mut changes = leave_all_teams(request.facts, before);
    changes.push(Change::MemberRemoved {
        before: Box::new(before.clone()),
    });
    draft.done(changes)
}

fn drop_of_extension(member: &mut Member, names: &[&str]) {
    use serde_json::Value;
    let Some(Value::Object(extension)) = member.attributes.get_mut(PROVOST_USER) else {
        return;
    };
    for name in names {
        extension.remove(*name);
    }
    if extension.is_empty() {
        member.attributes.remove(PROVOST_USER);
    }
}
