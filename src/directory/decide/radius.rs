//! The blast radius: how many members an identity provider takes away before somebody looks.
//!
//! The first `n` of a window go; what comes then is held, and so is everything after it until an admin has spoken, so
//! that a slow stream of removals does not pass through a hold one window at a time. The commit insists on the count
//! ([`Room`]): of many decisions made side by side on the same count no more than `n` are carried out.

use jiff::SignedDuration;

use super::Request;
use super::verdict::Draft;
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::incident::{
    Departure, HeldAsk, IncidentSeverity, IncidentSubject, Raised, Room, Ruling, Settled,
};
use crate::directory::member::Member;
use crate::directory::policy::BlastRadius;

/// So often somebody may be taken away within ten minutes before it is remarked that they come back.
const FLAPS: u64 = 3;

/// Holds what goes beyond the radius, and refuses what an admin has rejected.
pub(super) fn stays_within(
    request: &Request<'_>,
    mut draft: Draft,
    member: &Member,
    ask: HeldAsk,
) -> Result<Draft, Decision> {
    if request.circumstance.actor.kind != ActorKind::Idp {
        return Ok(draft);
    }
    let departure = |room| Departure {
        user_name_key: member.user_name_key(),
        room,
    };
    let (value, radius) = (request.policy.guard.blast_radius, request.facts.radius);
    let (BlastRadius::Limit { seconds, .. }, Some(allowed)) =
        (value, value.allowed(radius.members))
    else {
        draft.departs(departure(None));
        return Ok(draft);
    };
    match radius.ruling {
        Some((Ruling::Allowed, incident)) => {
            let what = format!("an admin has allowed what incident {incident} held");
            draft.step(TraceStep::noted(Stage::Guard, what));
            draft.settles(Settled {
                incident,
                member: member.id,
                end: "applied".into(),
            });
            return Ok(draft);
        }
        Some((Ruling::Rejected, incident)) => {
            name_key(&mut draft, value);
            let what = "an admin has rejected this; the member stays";
            let step = TraceStep::failed(Stage::Guard, what).comparing(
                "a request that nobody has rejected",
                format!("incident {incident}"),
            );
            return Err(draft.refuse(RefusalKind::Forbidden, "HOLD_REJECTED", step));
        }
        None => {}
    }
    if !radius.is_holding && radius.recent < allowed {
        let window = SignedDuration::from_secs(i64::from(seconds));
        let since = request.circumstance.now.checked_sub(window);
        let what = format!(
            "{} of {allowed} went within {seconds} s: guard.blast_radius lets this one go",
            radius.recent
        );
        draft.step(TraceStep::passed(Stage::Guard, what));
        draft.departs(departure(Some(Room {
            since: since.unwrap_or(jiff::Timestamp::MIN),
            allowed,
        })));
        return Ok(draft);
    }
    name_key(&mut draft, value);
    draft.raise(Raised {
        code: "MASS_DEPROV",
        severity: IncidentSeverity::Critical,
        key: String::new(),
        subject: subject(member),
        held: Some(ask),
    });
    let came = if radius.is_holding {
        "others are held already".to_owned()
    } else {
        format!("{} went within {seconds} s", radius.recent)
    };
    let what =
        "more members would go than may go at once; this one is held until an admin has looked";
    let step = TraceStep::failed(Stage::Guard, what)
        .comparing(format!("at most {allowed} within {seconds} s"), came);
    let mut held = draft.refuse(RefusalKind::Held, "MASS_DEPROV", step);
    if let Some(refusal) = &mut held.refusal {
        refusal.retry_after = Some(u64::from(seconds.max(60)));
    }
    Err(held)
}

/// The key settles it only where it stops somebody.
fn name_key(draft: &mut Draft, value: BlastRadius) {
    draft.policy(
        "guard.blast_radius",
        format_args!("{value}"),
        "how many members an identity provider takes away before somebody looks",
    );
}

/// An identity provider that was held and keeps the member now has thought better of it.
pub(super) fn is_withdrawn(request: &Request<'_>, draft: &mut Draft, member: &Member) {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    if let Some(incident) = request.facts.radius.waits_in.filter(|_| is_pushed) {
        let what =
            format!("the member stays active, so what incident {incident} holds is withdrawn");
        draft.step(TraceStep::noted(Stage::Guard, what));
        draft.settles(Settled {
            incident,
            member: member.id,
            end: "withdrawn".into(),
        });
    }
}

/// Remarks that an identity provider takes somebody away and brings them back again and again.
pub(super) fn remark_flapping(request: &Request<'_>, mut decision: Decision) -> Decision {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    let times = request.facts.recent_departures;
    if !is_pushed || times < FLAPS {
        return decision;
    }
    let back = decision.changes.iter().find_map(|change| match change {
        Change::MemberCreated { after } => Some(after),
        Change::MemberUpdated { before, after } if after.is_active() && !before.is_active() => {
            Some(after)
        }
        _ => None,
    });
    if let Some(member) = back {
        let what = format!("removed and brought back {times} times within 10 minutes");
        decision.trace.push(TraceStep::noted(Stage::Guard, what));
        decision.guards.raised.push(Raised {
            code: "FLAPPING",
            severity: IncidentSeverity::Notice,
            key: member.user_name_key(),
            subject: subject(member),
            held: None,
        });
    }
    decision
}

/// A member as an incident names them.
pub(super) fn subject(member: &Member) -> IncidentSubject {
    IncidentSubject {
        member: Some(member.id),
        name: member.user_name().to_owned(),
    }
}
