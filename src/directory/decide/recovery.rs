//! Recovery admins: kept for the day on which nobody else can sign in. No identity provider may touch them, and from
//! time to time they show that they can sign in.

use super::Request;
use super::verdict::{Draft, Verdict};
use crate::directory::access;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::ids::MemberId;
use crate::directory::member::Member;
use crate::directory::policy::{Policy, RecoveryAdmin, Roles};

/// Marks a member as a recovery admin, or no longer. Whoever is none any more loses their codes.
pub(super) fn mark(request: &Request<'_>, draft: Draft, on: bool) -> Verdict {
    let (before, draft) = found(request, draft)?;
    if before.recovery == on {
        return Ok(draft.done(Vec::new()));
    }
    let draft = if on {
        can_recover(request, draft, before)?
    } else {
        draft
    };
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

/// Refuses whoever could not recover anything; of the others, says what is still missing.
fn can_recover(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
) -> Result<Draft, Decision> {
    let roles = &request.policy.roles;
    let name = member.user_name();
    if !access::is_admin(roles, member) {
        let teams = request.facts.team_roles.as_deref().unwrap_or_default();
        let by_team = teams.iter().find(|team| access::leads(roles, &team.2));
        let (what, came) = match by_team {
            _ if !member.is_active() => (
                "an inactive member cannot recover anything; activate them first".to_owned(),
                "an inactive member",
            ),
            Some((_, team, _)) => (
                format!(
                    "only an admin by a role of their own can be kept for recovery, and this one is an admin by the team {team} alone; give them an admin role first"
                ),
                "an admin by a team",
            ),
            None => (
                "only an active admin can be kept for recovery; give this member an admin role first"
                    .to_owned(),
                "a member who does not lead to admin",
            ),
        };
        let step =
            TraceStep::failed(Stage::Guard, what).comparing("an active admin of their own", came);
        return Err(draft.refuse(RefusalKind::Invalid, "RECOVERY_NOT_ADMIN", step));
    }
    let ways = request.facts.ways;
    let missing = match (ways.has_password, ways.codes, ways.proven) {
        (false, 0, _) => Some(format!(
            "they have neither a password nor a recovery code yet: provost recover new {name} makes codes"
        )),
        (true, _, None) => Some(format!(
            "nobody has shown yet that they can sign in: provost recover prove {name}"
        )),
        (true, 0, Some(_)) => Some(format!(
            "they have no recovery codes: provost recover new {name} makes some"
        )),
        _ => None,
    };
    if let Some(missing) = missing {
        draft.step(TraceStep::noted(Stage::Guard, missing));
    }
    Ok(draft)
}

/// Keeps the last recovery admin who has shown that they can sign in (`guard.recovery_admin`), whatever the command. Those
/// who are there are loaded where one of them may be no more.
pub(super) fn somebody_stays(request: &Request<'_>, mut decision: Decision) -> Decision {
    let value = request.policy.guard.recovery_admin;
    let Some(proven) = &request.facts.proven else {
        return decision;
    };
    if decision.refusal.is_some() || value == RecoveryAdmin::Off {
        return decision;
    }
    let goes: Vec<MemberId> = leaving(&request.policy.roles, &decision.changes).collect();
    let mut gone = proven.iter().filter(|it| goes.contains(&it.0));
    let stays = proven.iter().find(|it| !goes.contains(&it.0));
    let Some((_, name, _)) = gone.next() else {
        return decision;
    };
    if let Some((id, _, version)) = stays {
        // Of two that go side by side, each with the other as the one who stays, one is decided anew.
        decision.guards.relies_on = Some((*id, *version));
        return decision;
    }
    let what = format!(
        "{name} is the only recovery admin who has shown that they can sign in; prove another one first: provost recover prove"
    );
    if value == RecoveryAdmin::Recommend {
        let step = TraceStep::noted(Stage::Guard, what);
        decision.trace.push(step);
        return decision;
    }
    decision.trace.retain(|step| step.stage != Stage::Effect);
    let mut draft = Draft::behind(&request.facts.settings.preset, &decision);
    draft.policy(
        "guard.recovery_admin",
        value,
        "whether a recovery admin has to be there who can sign in",
    );
    let step = TraceStep::failed(Stage::Guard, what).comparing("1 or more others", "0");
    draft.refuse(RefusalKind::Forbidden, "RECOVERY_LAST", step)
}

/// Whether changes may take a recovery admin away.
pub fn takes_recovery(policy: &Policy, changes: &[Change]) -> bool {
    policy.guard.recovery_admin != RecoveryAdmin::Off
        && leaving(&policy.roles, changes).next().is_some()
}

/// Whether a member can recover something: kept for it, and an active admin by themselves.
pub fn stands(roles: &Roles, member: &Member) -> bool {
    member.recovery && access::is_admin(roles, member)
}

/// The recovery admins who are none after these changes.
fn leaving<'a>(roles: &'a Roles, changes: &'a [Change]) -> impl Iterator<Item = MemberId> + 'a {
    changes.iter().filter_map(|change| match change {
        Change::MemberUpdated { before, after } => {
            (stands(roles, before) && !stands(roles, after)).then_some(before.id)
        }
        Change::MemberRemoved { before } => stands(roles, before).then_some(before.id),
        _ => None,
    })
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

/// Brings a recovery admin back: active, with the password that the commit brings along.
pub(super) fn use_code(request: &Request<'_>, draft: Draft) -> Verdict {
    let Some(before) = request.facts.member.as_ref().filter(|it| it.recovery) else {
        return Err(no_recovery(draft));
    };
    let (member, member_name) = (before.id, before.user_name().to_owned());
    let mut after = before.clone();
    after.set_active(true);
    // The admins who are there have decided on who was removed or is no admin any more; a code does not go over that.
    let refused = if before.deleted.is_some() {
        Some("this recovery admin was removed; an admin brings them back: provost member restore")
    } else if access::is_admin(&request.policy.roles, &after) {
        None
    } else {
        Some(
            "this member is no admin any more, so the code brings nobody back who could help; use that of another recovery admin",
        )
    };
    if let Some(what) = refused {
        let step = TraceStep::failed(Stage::Guard, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "RECOVERY_NOT_ADMIN", step));
    }
    let mut changes = Vec::new();
    if !before.is_active() {
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
