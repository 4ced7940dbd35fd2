//! The teams in an assertion: who is right about them where provisioning speaks of them, too.
//!
//! A sign-in takes a member only out of teams that a sign-in has put them into, or, where the policy lets sign-ins reconcile,
//! out of synced ones. Teams that an admin keeps by hand are never left by it.

use crate::directory::change::Change;
use crate::directory::decide::Request;
use crate::directory::decide::team::syncs;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::{MemberId, TeamId};
use crate::directory::policy::{Policy, TeamPrecedence, TeamSourceSetting};
use crate::directory::team::{Team, TeamSource};
use crate::saml::claims::{Claim, Claims, Values};

use super::roles::shown;

/// What the teams in an assertion come to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    joins: Vec<(TeamId, String)>,
    leaves: Vec<(TeamId, String)>,
    /// The teams that came and that SCIM overrides.
    pub(super) overridden: Vec<String>,
    notes: Vec<String>,
}

/// Who has the word about a team at a sign-in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ruler {
    /// The assertion.
    SignIn,
    /// Provisioning.
    Scim,
    /// Nobody for now: an admin has paused its sync.
    Paused,
}

/// What the teams that came mean; `None` where none came.
pub(super) fn plan(policy: &Policy, facts: &Facts, claims: &Claims) -> Option<Plan> {
    let values = &claims.of(Claim::TeamKey).values;
    if *values == Values::Absent {
        return None;
    }
    let mut plan = Plan::default();
    let mut named: Vec<TeamId> = Vec::new();
    for value in values.as_slice() {
        let team = match meant(facts, value) {
            Ok(team) => team,
            Err(why) => {
                plan.notes.push(format!("team {} {why}", shown(value)));
                continue;
            }
        };
        if named.contains(&team.id) {
            continue;
        }
        named.push(team.id);
        if is_in(facts, team.id) {
            continue;
        }
        let name = team.display_name().to_owned();
        match ruler(policy, facts, team) {
            Ruler::SignIn => plan.joins.push((team.id, name)),
            Ruler::Paused => plan.notes.push(format!(
                "team {name} is left alone: an admin has paused its sync"
            )),
            Ruler::Scim => {
                plan.notes.push(overridden(policy, &name));
                plan.overridden.push(name);
            }
        }
    }
    for (id, name) in &facts.teams_of_member {
        let Some(team) = facts.teams.get(id).filter(|_| !named.contains(id)) else {
            continue;
        };
        let is_ours = facts.teams_by_sign_in.contains(id);
        let is_reconciled = reconciles(policy) && team.source == TeamSource::Synced;
        if (is_ours || is_reconciled) && ruler(policy, facts, team) == Ruler::SignIn {
            plan.leaves.push((*id, name.clone()));
        }
    }
    Some(plan)
}

/// Adds to what was decided about the member what becomes of their teams.
pub(super) fn settle(request: &Request<'_>, part: Decision, claims: &Claims) -> Decision {
    let Some(plan) = plan(request.policy, request.facts, claims) else {
        return part;
    };
    let Some((member, member_name)) = subject(request.facts, &part) else {
        return part;
    };
    let (mut draft, mut changes) = Draft::going_on(&request.facts.settings.preset, part);
    let sso = &request.policy.sso;
    draft.policy(
        "sso.team_precedence",
        sso.team_precedence,
        "who is right about teams where sign-in and provisioning differ",
    );
    if sso.team_precedence == TeamPrecedence::SourceSetting {
        draft.policy(
            "sso.team_source",
            sso.team_source,
            "which source an admin chose for teams",
        );
    }
    for note in plan.notes {
        draft.step(TraceStep::noted(Stage::Policy, note));
    }
    let left = plan
        .leaves
        .into_iter()
        .map(|(team, team_name)| Change::MembershipRemoved {
            team,
            team_name,
            member,
            member_name: member_name.clone(),
        });
    changes.extend(left);
    let joined = plan
        .joins
        .into_iter()
        .map(|(team, team_name)| Change::MembershipAdded {
            team,
            team_name,
            member,
            member_name: member_name.clone(),
        });
    changes.extend(joined);
    draft.done(changes)
}

/// Whom a decision is about.
fn subject(facts: &Facts, decision: &Decision) -> Option<(MemberId, String)> {
    let changed = decision
        .changes
        .iter()
        .rev()
        .find_map(|change| match change {
            Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => Some(&**after),
            _ => None,
        });
    let member = changed.or(facts.member.as_ref())?;
    Some((member.id, member.display_name()))
}

/// The team that a value means: by its key, by the identity provider's id of it, by its name.
fn meant<'a>(facts: &'a Facts, value: &str) -> Result<&'a Team, &'static str> {
    let by: [fn(&Team, &str) -> bool; 3] = [
        |team, value| team.key() == value,
        |team, value| team.external_id() == Some(value),
        |team, value| team.display_name() == value,
    ];
    for is_meant in by {
        let mut found = facts.teams.values().filter(|team| is_meant(team, value));
        match (found.next(), found.next()) {
            (Some(team), None) => return Ok(team),
            (Some(_), Some(_)) => {
                return Err("is left out: several teams are called so; send its key");
            }
            (None, _) => {}
        }
    }
    Err("is not known here and is left out")
}

fn is_in(facts: &Facts, team: TeamId) -> bool {
    facts.teams_of_member.iter().any(|(id, _)| *id == team)
}

/// Whether a sign-in makes synced teams what the assertion says.
fn reconciles(policy: &Policy) -> bool {
    match policy.sso.team_precedence {
        TeamPrecedence::ScimWins => false,
        TeamPrecedence::LoginReconciles => true,
        TeamPrecedence::SourceSetting => policy.sso.team_source == TeamSourceSetting::SignIn,
    }
}

fn ruler(policy: &Policy, facts: &Facts, team: &Team) -> Ruler {
    let is_synced = team.source == TeamSource::Synced;
    match policy.sso.team_precedence {
        TeamPrecedence::SourceSetting if policy.sso.team_source == TeamSourceSetting::Scim => {
            Ruler::Scim
        }
        TeamPrecedence::ScimWins if is_synced && syncs(policy, facts) => Ruler::Scim,
        _ if is_synced && team.paused => Ruler::Paused,
        TeamPrecedence::ScimWins
        | TeamPrecedence::LoginReconciles
        | TeamPrecedence::SourceSetting => Ruler::SignIn,
    }
}

fn overridden(policy: &Policy, team: &str) -> String {
    let (key, value) = match policy.sso.team_precedence {
        TeamPrecedence::SourceSetting => ("sso.team_source", "scim"),
        TeamPrecedence::ScimWins | TeamPrecedence::LoginReconciles => {
            ("sso.team_precedence", "scim_wins")
        }
    };
    format!("team {team} is left out: provisioning says who is in it ({key} = {value})")
}
