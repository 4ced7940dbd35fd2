//! Guards: what no request may do, whatever the policy says about its kind. They keep somebody in who can let the
//! others in.

use super::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::member::{Member, PROVOST_USER};
use crate::directory::policy::{GuardSwitch, LastAdmin, Policy};

/// Refuses to take the owner's access.
pub(super) fn owner_stays(
    policy: &Policy,
    mut draft: Draft,
    member: &Member,
    detail: &str,
) -> Result<Draft, Decision> {
    if !member.owner {
        return Ok(draft);
    }
    draft.policy(
        "guard.owner",
        policy.guard.owner,
        "whether the owner is out of reach",
    );
    match policy.guard.owner {
        GuardSwitch::Immutable => {
            let step = TraceStep::failed(Stage::Guard, detail)
                .comparing("a member who is not the owner", "the owner");
            Err(draft.refuse(RefusalKind::Invalid, "OWNER_PROTECTED", step))
        }
        GuardSwitch::Off => Ok(draft),
    }
}

/// Gives the owner their role back where a request would change it. Returns whether it did.
pub(super) fn owner_keeps_role(
    policy: &Policy,
    draft: &mut Draft,
    before: &Member,
    after: &mut Member,
) -> bool {
    if !before.owner || policy.guard.owner == GuardSwitch::Off || before.role() == after.role() {
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
        policy.guard.owner,
        "the owner keeps their role",
    );
    true
}

/// Refuses to take the last way to admin. `after` is `None` where the member goes.
pub(super) fn last_admin_stays(
    policy: &Policy,
    facts: &Facts,
    mut draft: Draft,
    before: &Member,
    after: Option<&Member>,
) -> Result<Draft, Decision> {
    if !before.is_admin() || after.is_some_and(Member::is_admin) {
        return Ok(draft);
    }
    if facts.other_admins > 0 {
        if policy.guard.last_admin != LastAdmin::Off {
            draft.needs_other_admin(before.id);
        }
        return Ok(draft);
    }
    draft.policy(
        "guard.last_admin",
        policy.guard.last_admin,
        "whether the last admin may go",
    );
    match policy.guard.last_admin {
        LastAdmin::Deny => {
            let step = TraceStep::failed(
                Stage::Guard,
                "this is the last admin; give somebody else an admin role first",
            )
            .comparing("1 or more other admins", "0");
            Err(draft.refuse(RefusalKind::Forbidden, "LAST_ADMIN", step))
        }
        LastAdmin::Warn => {
            draft.step(TraceStep::noted(
                Stage::Guard,
                "no admin is left after this",
            ));
            Ok(draft)
        }
        LastAdmin::Off => Ok(draft),
    }
}
