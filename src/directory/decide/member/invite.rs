//! Somebody is invited, or invited again.

use super::{Request, found, updated};
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};

/// The invitation begins anew; a link that was sent before works no longer than it would have.
pub(in crate::directory::decide) fn invite(
    request: &Request<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let draft = may_invite(request, draft)?;
    let what = if before.owner {
        Some("the owner is here already")
    } else if !before.is_active() {
        Some("they are inactive; restore them first")
    } else {
        None
    };
    if let Some(what) = what {
        let step = TraceStep::failed(Stage::Match, what);
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    let mut after = before.clone();
    after.invited = Some(request.circumstance.now);
    Ok(draft.done(vec![updated(request, before, after)]))
}

/// Whether anybody is invited under this policy: by a mark on the member, or by a link that an admin hands on.
pub(in crate::directory::decide) fn may_invite(
    request: &Request<'_>,
    mut draft: Draft,
) -> Result<Draft, Decision> {
    let ttl = request.policy.users.invite_ttl;
    draft.policy(
        "users.invite_ttl",
        ttl,
        "how long the link in an invitation works",
    );
    if ttl.0.is_none() {
        let what = "nobody is invited under this policy (users.invite_ttl = off)";
        let step = TraceStep::failed(Stage::Policy, what).comparing("hours such as 48h", "off");
        return Err(draft.refuse(RefusalKind::Forbidden, "NO_INVITATIONS", step));
    }
    Ok(draft)
}
