//! Everybody whom identity providers provisioned goes at once, and nobody else.

use super::Request;
use crate::directory::access;
use crate::directory::change::Change;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{RefusalKind, Stage, TraceStep};
use crate::directory::policy::LastAdmin;

/// `facts.purged` are those who go. Members of Provost's own, the owner and recovery admins are never among them.
pub(in crate::directory::decide) fn purge(request: &Request<'_>, mut draft: Draft) -> Verdict {
    let purged = &request.facts.purged;
    let roles = &request.policy.roles;
    let admins = purged
        .iter()
        .filter(|member| access::is_admin(roles, member));
    let takes_admins = admins.count() > 0;
    if takes_admins && request.facts.other_admins == 0 {
        let value = request.policy.guard.last_admin;
        draft.policy("guard.last_admin", value, "whether the last admin may go");
        let what =
            "no admin is left after this; give somebody who is kept here an admin role first";
        if value == LastAdmin::Deny {
            let step = TraceStep::failed(Stage::Guard, what).comparing("1 or more admins", "0");
            return Err(draft.refuse(RefusalKind::Forbidden, "LAST_ADMIN", step));
        }
        draft.step(TraceStep::noted(Stage::Guard, what));
    }
    if purged.is_empty() {
        return Ok(draft.done(Vec::new()));
    }
    let removed = purged.iter().map(|member| Change::MemberRemoved {
        before: Box::new(member.clone()),
    });
    let mut changes: Vec<Change> = removed.collect();
    changes.push(Change::ScimUsersDeleted {
        members: purged.len() as u64,
    });
    Ok(draft.done(changes))
}
