//! Guards: what no request may do, whatever the policy says about its kind. They keep somebody in who can let the
//! others in.

use super::Request;
use super::radius::subject;
use super::verdict::Draft;
use crate::directory::actor::ActorKind;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::incident::{IncidentSeverity, Raised};
use crate::directory::member::{Management, Member, PROVOST_USER};
use crate::directory::policy::{GuardSwitch, Preexisting};

/// Refuses to take the owner's access: to `deactivate` or `delete` them.
pub(super) fn owner_stays(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
    case: &'static str,
) -> Result<Draft, Decision> {
    if !member.owner {
        return Ok(draft);
    }
    draft.policy(
        "guard.owner",
        request.policy.guard.owner,
        "whether the owner is out of reach",
    );
    match request.policy.guard.owner {
        GuardSwitch::Immutable => {
            let what = format!("no request can {case} the owner");
            let step = TraceStep::failed(Stage::Guard, what)
                .comparing("a member who is not the owner", "the owner");
            let draft = draft.in_case(case, member.user_name());
            Err(draft.refuse(RefusalKind::Invalid, "OWNER_PROTECTED", step))
        }
        GuardSwitch::Off => Ok(draft),
    }
}

/// Gives the owner their role back where a request would change it. Returns whether it did.
pub(super) fn owner_keeps_role(
    request: &Request<'_>,
    draft: &mut Draft,
    before: &Member,
    after: &mut Member,
) -> bool {
    if !before.owner
        || request.policy.guard.owner == GuardSwitch::Off
        || before.role() == after.role()
    {
        return false;
    }
    match before.attributes.get(PROVOST_USER) {
        Some(extension) => after
            .attributes
            .insert(PROVOST_USER.into(), extension.clone()),
        None => after.attributes.remove(PROVOST_USER),
    };
    draft.policy(
        "guard.owner",
        request.policy.guard.owner,
        "the owner keeps their role",
    );
    true
}

/// Gives the owner their sign-in name and addresses back where an identity provider would change them: whoever can say what
/// the owner is called decides who signs in as them. Returns whether it did.
pub(super) fn owner_keeps_identity(
    request: &Request<'_>,
    draft: &mut Draft,
    before: &Member,
    after: &mut Member,
) -> bool {
    let is_concerned = before.owner
        && request.circumstance.actor.kind == ActorKind::Idp
        && request.policy.guard.owner == GuardSwitch::Immutable;
    if !is_concerned {
        return false;
    }
    let mut kept = false;
    for name in ["userName", "emails"] {
        let (was, is) = (before.attributes.get(name), after.attributes.get(name));
        if was == is {
            continue;
        }
        kept = true;
        match was.cloned() {
            Some(value) => after.attributes.insert(name.into(), value),
            None => after.attributes.remove(name),
        };
    }
    if kept {
        draft.policy(
            "guard.owner",
            request.policy.guard.owner,
            "the owner keeps their userName and their e-mail addresses",
        );
    }
    kept
}

/// Refuses every write of an identity provider to an account that is there for the day on which nobody else can sign in.
pub(super) fn recovery_stays(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
    if !member.recovery || request.circumstance.actor.kind != ActorKind::Idp {
        return Ok(draft);
    }
    draft.raise(Raised {
        code: "RECOVERY_EXEMPT",
        severity: IncidentSeverity::Warning,
        key: member.id.to_string(),
        subject: subject(member),
        held: None,
    });
    let what = "this account is kept for recovery and cannot be changed by an identity provider";
    let step = TraceStep::failed(Stage::Guard, what)
        .comparing("a member who is not a recovery admin", "a recovery admin");
    Err(draft.refuse(RefusalKind::Forbidden, "RECOVERY_EXEMPT", step))
}

/// Refuses to take the access of somebody who was a member before provisioning began.
pub(super) fn preexisting_stays(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
    let is_concerned = request.circumstance.actor.kind == ActorKind::Idp
        && member.management != Management::Provisioned;
    if !is_concerned {
        return Ok(draft);
    }
    draft.policy(
        "users.preexisting",
        request.policy.users.preexisting,
        "what an identity provider may do to members who were there before it",
    );
    match request.policy.users.preexisting {
        Preexisting::Adopt => Ok(draft),
        Preexisting::Protect => {
            let what = "this member was added before provisioning and cannot be deactivated by it";
            let step = TraceStep::failed(Stage::Guard, what).comparing(
                "a member whom the identity provider added",
                member.management.as_str(),
            );
            Err(draft.refuse(RefusalKind::Forbidden, "PREEXISTING_PROTECTED", step))
        }
    }
}
