//! The last path to admin stays. A command about a member is asked early, so that this is the first reason it is refused
//! for; every other one is asked once its changes are known ([`somebody_stays`]), whatever it is about.
//!
//! A path by which nobody can sign in is none as long as there is another one.

use super::Request;
use super::verdict::Draft;
use crate::counted::count;
use crate::directory::access::AdminPath;
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::effective;
use crate::directory::ids::MemberId;
use crate::directory::incident::{IncidentSeverity, IncidentSubject, Raised};
use crate::directory::lead::{self, Lead, LeadGuard, MOST_COUNTED, Outlook};
use crate::directory::member::Member;
use crate::directory::policy::{LastAdmin, Policy};

/// Refuses to take the last way to admin of a member who changes, or, where `after` is `None`, goes.
pub(super) fn member_stays(
    request: &Request<'_>,
    mut draft: Draft,
    before: &Member,
    after: Option<&Member>,
) -> Result<Draft, Decision> {
    let (facts, guard) = (request.facts, request.policy.guard.last_admin);
    let roles = &request.policy.roles;
    let teams = facts.team_roles.as_deref().unwrap_or_default();
    let is_admin = |member: &Member| effective::access(roles, member, teams).is_admin;
    if guard == LastAdmin::Off || !is_admin(before) || after.is_some_and(is_admin) {
        return Ok(draft);
    }
    let now = Lead {
        admins: facts.others.admins + 1,
        signs_in: facts.others.signs_in || facts.ways.signs_in(),
    };
    if !now.is_lost_in(facts.others) {
        draft.leads_by(LeadGuard::needing(roles, now));
        return Ok(draft);
    }
    draft.policy("guard.last_admin", guard, MEANING);
    if guard == LastAdmin::Deny {
        let loss = Loss {
            then: facts.others,
            whose: Some((before.id, before.user_name().to_owned())),
        };
        return Err(refuse(request, draft, &loss));
    }
    draft.step(TraceStep::noted(Stage::Guard, warning(facts.others)));
    draft.leads_by(LeadGuard::Settled);
    Ok(draft)
}

const MEANING: &str = "whether the last admin may go";

/// Refuses whatever would leave nobody who leads to admin. Asks for the outlook where changes may do so and it is not there
/// yet.
pub(super) fn somebody_stays(request: &Request<'_>, mut decision: Decision) -> Decision {
    if decision.refusal.is_some() || decision.lead != LeadGuard::Untouched {
        return decision;
    }
    let restored = policy_then(request, &decision.changes);
    let policy = restored.as_ref().unwrap_or(request.policy);
    let guard = policy.guard.last_admin;
    if guard == LastAdmin::Off || !may_take(request, policy, &decision.changes) {
        return decision;
    }
    let Some(outlook) = request.facts.outlook else {
        decision.lead = LeadGuard::Asks(Box::new(policy.roles.clone()));
        return decision;
    };
    let Outlook { now, then } = outlook;
    if !now.is_lost_in(then) {
        decision.lead = LeadGuard::needing(&policy.roles, now);
        return decision;
    }
    // What would have changed is said behind what the guard says, and not at all where it refuses.
    let is_effect = |step: &TraceStep| step.stage == Stage::Effect;
    let (effects, steps) = decision.trace.into_iter().partition(is_effect);
    decision.trace = steps;
    let mut draft = Draft::behind(&request.facts.settings.preset, &decision);
    draft.policy("guard.last_admin", guard, MEANING);
    if guard == LastAdmin::Deny {
        let loss = Loss {
            then,
            whose: whose(request.facts.admin_paths.first()),
        };
        return refuse(request, draft, &loss);
    }
    draft.step(TraceStep::noted(Stage::Guard, warning(then)));
    let mut trace = draft.into_trace();
    trace.extend::<Vec<TraceStep>>(effects);
    Decision {
        trace,
        lead: LeadGuard::Settled,
        ..decision
    }
}

fn may_take(request: &Request<'_>, policy: &Policy, changes: &[Change]) -> bool {
    // What changes the policy alone was asked where that is decided.
    lead::may_take(&request.policy.roles, request.facts, changes)
        || policy.roles != request.policy.roles && changes.len() > 1
}

/// The policy that is in force after changes, where they change it.
fn policy_then(request: &Request<'_>, changes: &[Change]) -> Option<Policy> {
    changes.iter().rev().find_map(|change| match change {
        Change::SettingsChanged { after, .. } => after.policy_under(&request.facts.fixed).ok(),
        _ => None,
    })
}

/// What would be lost.
struct Loss {
    then: Lead,
    whose: Option<(MemberId, String)>,
}

fn whose(path: Option<&AdminPath>) -> Option<(MemberId, String)> {
    path.map(|path| (path.member, path.user_name.clone()))
}

fn refuse(request: &Request<'_>, mut draft: Draft, loss: &Loss) -> Decision {
    let step = if loss.then.admins == 0 {
        let what = "this is the last admin; give somebody else an admin role first";
        TraceStep::failed(Stage::Guard, what).comparing("1 or more other admins", "0")
    } else {
        let what = format!(
            "this is the last admin who can sign in; {}",
            others(loss.then.admins)
        );
        TraceStep::failed(Stage::Guard, what).comparing("1 or more others who can sign in", "0")
    };
    let paths = request.facts.admin_paths.iter();
    let paths: Vec<String> = paths.map(ToString::to_string).collect();
    for path in &paths {
        draft.step(TraceStep::noted(
            Stage::Guard,
            format!("path to admin: {path}"),
        ));
    }
    // An admin is told; what an identity provider tries is for all admins to know.
    if request.circumstance.actor.kind == ActorKind::Idp
        && let Some((member, name)) = &loss.whose
    {
        draft.raise(Raised {
            code: "LAST_ADMIN",
            severity: IncidentSeverity::Warning,
            key: member.to_string(),
            subject: IncidentSubject {
                member: Some(*member),
                name: name.clone(),
            },
            held: None,
        });
    }
    let mut refused = draft.refuse(RefusalKind::Forbidden, "LAST_ADMIN", step);
    if let Some(refusal) = &mut refused.refusal {
        refusal.notes = paths;
    }
    refused
}

fn warning(then: Lead) -> String {
    match then.admins {
        0 => "no admin is left after this".to_owned(),
        left => format!(
            "no admin is left after this who can sign in; {}",
            others(left)
        ),
    }
}

/// Why those who are left do not count.
pub(super) fn others(left: u64) -> String {
    match left {
        1 => "the other admin cannot sign in: they have no password".to_owned(),
        MOST_COUNTED.. => {
            format!("the other {MOST_COUNTED} admins or more cannot sign in: they have no password")
        }
        left => format!(
            "the other {} cannot sign in: they have no password",
            count(left, "admin", "admins")
        ),
    }
}
