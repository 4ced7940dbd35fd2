//! What admins do about incidents.

use super::Request;
use super::verdict::{Draft, Verdict, expect_version};
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::incident::{Incident, Ruling, Tended, Tending};

/// Closes, assigns or puts off an incident.
pub(super) fn tend(
    request: &Request<'_>,
    draft: Draft,
    tending: &Tending,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let mut tended = before.tended.clone();
    match tending {
        Tending::Close { note } => {
            if before.waiting > 0 && tended.ruling.is_none() {
                let what = "it holds requests that nobody has spoken about; allow or reject them";
                let step = TraceStep::failed(Stage::Guard, what)
                    .comparing("nothing is held", format!("{} are held", before.waiting));
                return Err(draft.refuse(RefusalKind::Forbidden, "HOLD_OPEN", step));
            }
            tended.closed = tended.closed.or(Some(request.circumstance.now));
            if note.is_some() {
                tended.note.clone_from(note);
            }
        }
        Tending::Assign { to } => tended.assignee.clone_from(to),
        Tending::Snooze { until } => tended.snoozed = *until,
    }
    Ok(settle(draft, before, tended))
}

/// Says whether what an incident holds shall happen. Said again it changes nothing, so that a batch that was cut short
/// can be taken up.
pub(super) fn rule(
    request: &Request<'_>,
    draft: Draft,
    ruling: Ruling,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let mut tended = before.tended.clone();
    match tended.ruling {
        _ if before.held == 0 => {
            let what = "this incident holds nothing that could be allowed or rejected";
            let step = TraceStep::failed(Stage::Match, what);
            return Err(draft.refuse(RefusalKind::Invalid, "NOT_A_HOLD", step));
        }
        Some(said) if said == ruling => {}
        Some(said) => {
            let what = format!("what this incident held was {} already", said.as_str());
            let step = TraceStep::failed(Stage::Match, what);
            return Err(draft.refuse(RefusalKind::VersionMismatch, "HOLD_RULED", step));
        }
        None => {
            tended.ruling = Some(ruling);
            tended.ruled = Some(request.circumstance.now);
        }
    }
    Ok(settle(draft, before, tended))
}

fn found<'a>(
    request: &Request<'a>,
    draft: Draft,
    if_version: Option<u64>,
) -> Result<(&'a Incident, Draft), Decision> {
    let Some(incident) = &request.facts.incident else {
        let step = TraceStep::failed(Stage::Match, "there is no incident with this number");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    let draft = expect_version(draft, "incident", incident.tended.version, if_version)?;
    Ok((incident, draft))
}

fn settle(draft: Draft, before: &Incident, mut tended: Tended) -> Decision {
    if tended == before.tended {
        return draft.done(Vec::new());
    }
    tended.version += 1;
    let after = Incident {
        tended,
        ..before.clone()
    };
    draft.done(vec![Change::IncidentTended {
        before: Box::new(before.clone()),
        after: Box::new(after),
    }])
}
