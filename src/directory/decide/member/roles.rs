//! Which roles a member is left with: those a request names and the policy knows, or those they had. The default role is
//! never written into a member; it is what having none means ([`access`]).

use serde_json::{Map, Value};

use super::{Extent, Request};
use crate::directory::access;
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::member::{Attributes, Member, PROVOST_USER, ROLES};
use crate::directory::policy::{GuardSwitch, RolesAbsent, UnknownRole};

/// Settles the roles of a member who is created (`before` is `None`) or changed.
pub(super) fn settle(
    request: &Request<'_>,
    mut draft: Draft,
    before: Option<&Member>,
    after: &mut Member,
    extent: Extent,
) -> Result<Draft, Decision> {
    let source = request.policy.roles.source;
    if request.circumstance.actor.kind == ActorKind::Idp {
        if !source.hears(PROVOST_USER) {
            copy(PROVOST_USER, before, after);
        }
        let heard = [PROVOST_USER, ROLES].map(|place| (place, source.hears(place)));
        let names_some = heard
            .iter()
            .any(|(place, is_heard)| *is_heard && after.attributes.contains_key(*place));
        if before.is_some() && extent == Extent::Whole && !names_some {
            absent(request, &mut draft, before, after);
        }
    }
    let is_owner = after.owner || before.is_some_and(|member| member.owner);
    if !is_owner && after.role() == Some("owner") {
        draft = refuse_second_owner(request, draft)?;
    }
    let draft = known_base(request, draft, before, after)?;
    let draft = known_custom(request, draft, before, after)?;
    known_roles(request, draft, before, after)
}

/// Takes every role.
pub(in crate::directory::decide) fn clear(member: &mut Member) {
    member.attributes.remove(PROVOST_USER);
    member.attributes.remove(ROLES);
}

/// The request speaks of the whole member and of no role.
fn absent(request: &Request<'_>, draft: &mut Draft, before: Option<&Member>, after: &mut Member) {
    let source = request.policy.roles.source;
    let had = before.is_some_and(|member| {
        let in_roles = source.hears(ROLES) && member.attributes.contains_key(ROLES);
        in_roles || member.attributes.contains_key(PROVOST_USER)
    });
    match request.policy.roles.absent {
        RolesAbsent::Keep => {
            copy(PROVOST_USER, before, after);
            if source.hears(ROLES) {
                copy(ROLES, before, after);
            }
        }
        RolesAbsent::ResetDefault => {
            after.attributes.remove(PROVOST_USER);
            if source.hears(ROLES) {
                after.attributes.remove(ROLES);
            }
        }
    }
    if !had {
        return;
    }
    draft.also_policy(
        "roles.absent",
        request.policy.roles.absent,
        "what a whole resource without roles means",
    );
    let role = before.and_then(|member| access::base_role(&request.policy.roles, member));
    if let (RolesAbsent::ResetDefault, Some(role)) = (request.policy.roles.absent, role) {
        let default = &request.policy.roles.default;
        let what = format!("roles reset: the request names no role, so {role} becomes {default}");
        draft.step(TraceStep::noted(Stage::Policy, what).comparing(role, default.clone()));
    }
}

/// Gives an attribute the value it had.
fn copy(place: &str, before: Option<&Member>, after: &mut Member) {
    match before.and_then(|member| member.attributes.get(place)) {
        Some(value) => after.attributes.insert(place.to_owned(), value.clone()),
        None => after.attributes.remove(place),
    };
}

fn refuse_second_owner(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    match request.policy.guard.owner {
        GuardSwitch::Off => Ok(draft),
        GuardSwitch::Immutable => {
            draft.policy(
                "guard.owner",
                request.policy.guard.owner,
                "nobody becomes owner by a request",
            );
            let step = TraceStep::failed(Stage::Guard, "no request can make somebody the owner");
            let draft = draft.in_case("create", "owner");
            Err(draft.refuse(RefusalKind::Invalid, "OWNER_PROTECTED", step))
        }
    }
}

fn known_base(
    request: &Request<'_>,
    draft: Draft,
    before: Option<&Member>,
    after: &mut Member,
) -> Result<Draft, Decision> {
    let base = &request.policy.roles.base;
    let Some(role) = after.role().map(str::to_owned) else {
        return Ok(draft);
    };
    // What they had already is nobody's wish in this request.
    let had = before.and_then(Member::role) == Some(role.as_str());
    let is_owner = after.owner && role == "owner";
    if had || is_owner || base.contains(&role) {
        return Ok(draft);
    }
    let unknown = Unknown {
        case: "base",
        role: &role,
        known: base.join(", "),
        member: after,
    };
    let (draft, dropped) = unknown.settle(request, draft)?;
    if dropped {
        edit_extension(after, |extension| {
            extension.remove("role");
        });
    }
    Ok(draft)
}

fn known_custom(
    request: &Request<'_>,
    mut draft: Draft,
    before: Option<&Member>,
    after: &mut Member,
) -> Result<Draft, Decision> {
    let custom = &request.policy.roles.custom;
    let named: Vec<String> = after
        .custom_roles()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let had = before.map(Member::custom_roles).unwrap_or_default();
    let is_new = |role: &str| !had.contains(&role);
    for role in named
        .iter()
        .filter(|role| is_new(role) && !custom.has(role))
    {
        let unknown = Unknown {
            case: "custom",
            role,
            known: custom.to_string(),
            member: after,
        };
        let (next, dropped) = unknown.settle(request, draft)?;
        draft = next;
        if dropped {
            edit_extension(after, |extension| drop_value(extension, "customRole", role));
        }
    }
    Ok(draft)
}

/// The values of the core attribute `roles`, where the policy reads it.
fn known_roles(
    request: &Request<'_>,
    mut draft: Draft,
    before: Option<&Member>,
    after: &mut Member,
) -> Result<Draft, Decision> {
    let roles = &request.policy.roles;
    if !roles.source.hears(ROLES) {
        return Ok(draft);
    }
    let named: Vec<String> = after.named_roles().into_iter().map(str::to_owned).collect();
    let is_known = |role: &String| roles.base.contains(role) || roles.custom.has(role);
    let had = before.map(Member::named_roles).unwrap_or_default();
    let is_new = |role: &str| !had.contains(&role);
    for role in named.iter().filter(|role| is_new(role) && !is_known(role)) {
        let unknown = Unknown {
            case: "base",
            role,
            known: roles.base.join(", "),
            member: after,
        };
        let (next, dropped) = unknown.settle(request, draft)?;
        draft = next;
        if dropped && let Some(Value::Array(values)) = after.attributes.get_mut(ROLES) {
            values.retain(|value| value.get("value").and_then(Value::as_str) != Some(role));
        }
    }
    if after
        .attributes
        .get(ROLES)
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
    {
        after.attributes.remove(ROLES);
    }
    Ok(draft)
}

/// A role that is named and not there.
struct Unknown<'a> {
    /// `base` or `custom`.
    case: &'static str,
    role: &'a str,
    known: String,
    member: &'a Member,
}

impl Unknown<'_> {
    /// What the policy says of it: whether it is to be left out.
    fn settle(self, request: &Request<'_>, mut draft: Draft) -> Result<(Draft, bool), Decision> {
        let value = request.policy.roles.unknown;
        draft.policy(
            "roles.unknown",
            value,
            "what naming a role that is not there does",
        );
        let what = match self.case {
            "custom" => format!("there is no custom role '{}'", self.role),
            _ => format!("there is no role '{}'", self.role),
        };
        match value {
            UnknownRole::Reject => {
                let step =
                    TraceStep::failed(Stage::Policy, what).comparing(self.known, "another one");
                let draft = draft.in_case(self.case, self.role);
                Err(draft.refuse(RefusalKind::Invalid, "ROLE_NOT_APPLIED", step))
            }
            UnknownRole::DropAudit => {
                let what = format!("role.unmatched: {what}; left out");
                let step = TraceStep::noted(Stage::Policy, what);
                draft.step(step.comparing(self.known, "another one"));
                draft.remark(Change::RoleUnmatched {
                    member: self.member.id,
                    member_name: self.member.user_name().to_owned(),
                    role: self.role.to_owned(),
                });
                Ok((draft, true))
            }
            UnknownRole::Ignore => Ok((draft, false)),
        }
    }
}

fn edit_extension(member: &mut Member, edit: impl FnOnce(&mut Map<String, Value>)) {
    if let Some(Value::Object(extension)) = member.attributes.get_mut(PROVOST_USER) {
        edit(extension);
        if extension.is_empty() {
            member.attributes.remove(PROVOST_USER);
        }
    }
}

fn drop_value(extension: &mut Attributes, name: &str, value: &str) {
    if let Some(Value::Array(values)) = extension.get_mut(name) {
        values.retain(|kept| kept.as_str() != Some(value));
        if values.is_empty() {
            extension.remove(name);
        }
    }
}
