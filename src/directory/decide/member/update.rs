//! A member's attributes change.

use super::create::{check_user_name, link, settle_case};
use super::deprovision::{deprovision, remove};
use super::{Extent, KEYS, Request, change, found, keys, missing, roles, taken};
use crate::directory::actor::ActorKind;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decide::{guard, last_admin, radius};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::incident::HeldAsk;
use crate::directory::member::{Attributes, Management, Member, PROVOST_USER, ROLES};
use crate::directory::policy::{ManualEdit, OnInactive, UpdateInactive};

/// A change of a member as it was asked for.
pub(in crate::directory::decide) struct Edit<'a> {
    pub(in crate::directory::decide) attributes: &'a Attributes,
    pub(in crate::directory::decide) extent: Extent,
    pub(in crate::directory::decide) if_version: Option<u64>,
}

pub(in crate::directory::decide) fn update(
    request: &Request<'_>,
    draft: Draft,
    edit: &Edit<'_>,
) -> Verdict {
    let (before, draft) = found(request, draft, edit.if_version)?;
    let mut after = before.clone();
    after.attributes.clone_from(edit.attributes);
    settle_case(request, &mut after);
    let draft = guard::recovery_stays(request, draft, before)?;
    let draft = inactive_stays_as_it_is(request, draft, before, &after)?;
    let draft = roles::settle(request, draft, Some(before), &mut after, edit.extent)?;
    let draft = locked_by_hand(request, draft, before, &after)?;
    let draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
    let mut draft = check_user_name(request, draft, &after)?;
    let mut rivals = request.facts.rivals.iter();
    if let Some(rival) = rivals.find(|rival| rival.is_unique() && rival.member.id != before.id) {
        return Err(taken(draft, rival, &after));
    }
    let kept_role = guard::owner_keeps_role(request, &mut draft, before, &mut after);
    let kept_name = guard::owner_keeps_identity(request, &mut draft, before, &mut after);
    // A part of a resource that changes nothing takes nobody over.
    if edit.extent == Extent::Whole || after.attributes != before.attributes {
        link(request, &mut after);
    }
    if before.is_active() && !after.is_active() {
        return becomes_inactive(request, draft, before, after);
    }
    let mut draft = last_admin::member_stays(request, draft, before, Some(&after))?;
    let says_active = edit.extent == Extent::PartWithActive
        || edit.extent == Extent::Whole && edit.attributes.contains_key("active");
    if after.is_active() && says_active {
        radius::is_withdrawn(request, &mut draft, before);
    }
    if (kept_role || kept_name) && after.attributes == before.attributes {
        return Ok(draft.ignored(if kept_role {
            "the owner keeps their role"
        } else {
            "the owner keeps their userName and their e-mail addresses"
        }));
    }
    Ok(change(request, draft, before, after))
}

fn becomes_inactive(
    request: &Request<'_>,
    draft: Draft,
    before: &Member,
    mut after: Member,
) -> Verdict {
    let draft = guard::owner_stays(request, draft, before, "deactivate")?;
    let draft = last_admin::member_stays(request, draft, before, Some(&after))?;
    let mut draft = guard::preexisting_stays(request, draft, before)?;
    let value = request.policy.users.on_inactive;
    draft.policy("users.on_inactive", value, "what active: false means");
    if value != OnInactive::Ignore {
        draft = radius::stays_within(request, draft, before, HeldAsk::Deactivate)?;
    }
    Ok(match value {
        OnInactive::Deactivate | OnInactive::Disable => deprovision(request, draft, before, after),
        OnInactive::SoftDelete => {
            after.deleted = Some(request.circumstance.now);
            deprovision(request, draft, before, after)
        }
        OnInactive::Remove => remove(request, draft, before),
        OnInactive::Ignore => {
            after.set_active(true);
            if after == *before {
                draft.ignored("active: false has no effect under this policy")
            } else {
                change(request, draft, before, after)
            }
        }
    })
}

fn inactive_stays_as_it_is(
    request: &Request<'_>,
    mut draft: Draft,
    before: &Member,
    after: &Member,
) -> Result<Draft, Decision> {
    let is_concerned = !before.is_active() && !after.is_active();
    if !is_concerned || before.attributes == after.attributes {
        return Ok(draft);
    }
    let value = request.policy.users.update_inactive;
    draft.policy(
        "users.update_inactive",
        value,
        "what changing an inactive member does",
    );
    match value {
        UpdateInactive::Allow => Ok(draft),
        UpdateInactive::Reject => {
            let what = "an inactive member cannot be changed, except to be active again";
            let step =
                TraceStep::failed(Stage::Policy, what).comparing("active: true", "active: false");
            Err(draft.refuse(RefusalKind::Invalid, "INACTIVE", step))
        }
        UpdateInactive::NotFound => Err(missing(draft)),
    }
}

/// What an admin may not change by hand in somebody whom an identity provider provisions.
fn locked_by_hand(
    request: &Request<'_>,
    mut draft: Draft,
    before: &Member,
    after: &Member,
) -> Result<Draft, Decision> {
    let is_concerned = request.circumstance.actor.kind == ActorKind::Admin
        && before.management != Management::Local
        && request.facts.is_provisioning;
    if !is_concerned || before.attributes == after.attributes {
        return Ok(draft);
    }
    let value = request.policy.users.manual_edit;
    draft.policy(
        "users.manual_edit",
        value,
        "what an admin may change in members whom an identity provider manages",
    );
    let locked: Vec<&str> = match value {
        ManualEdit::Open => Vec::new(),
        ManualEdit::LockProfile => changed(before, after, &[PROVOST_USER, ROLES, "active"]),
        ManualEdit::LockAll => changed(before, after, &[]),
    };
    if locked.is_empty() {
        return Ok(draft);
    }
    let fields = locked.join(", ");
    let what =
        format!("this member is managed by the identity provider, which alone may change {fields}");
    let step = TraceStep::failed(Stage::Policy, what)
        .comparing("a member who is kept here", "one who is provisioned");
    let draft = draft.in_case("member", before.user_name());
    Err(draft.refuse(RefusalKind::Forbidden, "MANAGED_BY_IDP", step))
}

/// The attributes that differ, besides those that are an admin's whoever provisions the member.
fn changed<'a>(before: &'a Member, after: &'a Member, free: &[&str]) -> Vec<&'a str> {
    let (was, is) = (&before.attributes, &after.attributes);
    let names = is
        .keys()
        .chain(was.keys().filter(|name| !is.contains_key(*name)));
    names
        .map(String::as_str)
        .filter(|name| !free.contains(name) && was.get(*name) != is.get(*name))
        .map(|name| if name == PROVOST_USER { "roles" } else { name })
        .collect()
}
