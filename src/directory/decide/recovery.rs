//! Recovery admins: kept for the day on which nobody else can sign in. No identity provider may touch them, and from
//! time to time they show that they can sign in.

use super::Request;
use super::verdict::{Draft, Verdict};
use crate::directory::access;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::member::Member;

/// Marks a member as a recovery admin, or no longer. Whoever is none any more loses their codes.
pub(super) fn mark(request: &Request<'_>, draft: Draft, on: bool) -> Verdict {
    let (before, draft) = found(request, draft)?;
    if before.recovery == on {
        return Ok(draft.done(Vec::new()));
    }
    if on && !access::is_admin(&request.policy.roles, before) {
        let what =
            "only an active admin can be kept for recovery; give this member an admin role first";
        let step = TraceStep::failed(Stage::Guard, what)
            .comparing("an active admin", "a member who does not lead to admin");
        return Err(draft.refuse(RefusalKind::Invalid, "RECOVERY_NOT_ADMIN", step));
    }
    let mut after = before.clone();
    after.recovery = on;
    let mut changes = vec![updated(request, before, after)];
    if !on {
        changes.push(Change::RecoveryCodesMade {
            member: before.id,
            member_name: before.user_name().to_owned(),
            count: 0,
        });
    }
    Ok(draft.done(changes))
}

/// Notes that a recovery admin can sign in.
pub(super) fn prove(request: &Request<'_>, draft: Draft, matches: bool) -> Verdict {
    let (member, draft) = recovery_admin(request, draft)?;
    if !matches {
        let what = "this is not their password, or they have none";
        let step = TraceStep::failed(Stage::Guard, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "RECOVERY_PASSWORD", step));
    }
    Ok(draft.done(vec![Change::RecoveryProven {
        member: member.id,
        member_name: member.user_name().to_owned(),
        at: request.circumstance.now,
    }]))
}

/// Replaces the one-time codes of a recovery admin.
pub(super) fn make_codes(request: &Request<'_>, draft: Draft, count: u32) -> Verdict {
    let (member, draft) = recovery_admin(request, draft)?;
    Ok(draft.done(vec![Change::RecoveryCodesMade {
        member: member.id,
        member_name: member.user_name().to_owned(),
        count,
    }]))
}

/// Brings a recovery admin back: active, not deleted, with the password that the commit brings along.
pub(super) fn use_code(request: &Request<'_>, draft: Draft) -> Verdict {
    let Some(before) = request.facts.member.as_ref().filter(|it| it.recovery) else {
        return Err(no_recovery(draft));
    };
    let (member, member_name) = (before.id, before.user_name().to_owned());
    let mut after = before.clone();
    after.deleted = None;
    after.set_active(true);
    let mut changes = Vec::new();
    if before.deleted.is_some() || !before.is_active() {
        changes.push(updated(request, before, after));
    }
    changes.push(Change::RecoveryCodeUsed {
        member,
        member_name: member_name.clone(),
    });
    changes.push(Change::PasswordSet {
        member,
        member_name: member_name.clone(),
    });
    // Whoever has just set a password can sign in with it.
    changes.push(Change::RecoveryProven {
        member,
        member_name,
        at: request.circumstance.now,
    });
    Ok(draft.done(changes))
}

fn found<'a>(request: &Request<'a>, mut draft: Draft) -> Result<(&'a Member, Draft), Decision> {
    let member = request.facts.member.as_ref();
    let Some(member) = member.filter(|member| member.deleted.is_none()) else {
        let step = TraceStep::failed(Stage::Match, "there is no member with this id");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    draft.step(TraceStep::passed(Stage::Match, "matched by id"));
    Ok((member, draft))
}

fn recovery_admin<'a>(
    request: &Request<'a>,
    draft: Draft,
) -> Result<(&'a Member, Draft), Decision> {
    let (member, draft) = found(request, draft)?;
    if member.recovery {
        Ok((member, draft))
    } else {
        Err(no_recovery(draft))
    }
}

fn no_recovery(draft: Draft) -> Decision {
    let what = "this member is not kept for recovery; mark them first";
    let step = TraceStep::failed(Stage::Match, what);
    draft.refuse(RefusalKind::Invalid, "NO_RECOVERY", step)
}

fn updated(request: &Request<'_>, before: &Member, mut after: Member) -> Change {
    after.version = before.version + 1;
    after.modified = request.circumstance.now;
    Change::MemberUpdated {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }
}
