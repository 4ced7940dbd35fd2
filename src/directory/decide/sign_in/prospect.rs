//! What a sign-in would come to, told before anybody signs in.

use super::teams::plan;
use crate::directory::access;
use crate::directory::change::Change;
use crate::directory::command::Command;
use crate::directory::decision::{Decision, Stage, Verdict};
use crate::directory::facts::Facts;
use crate::directory::ids::MemberId;
use crate::directory::member::Member;
use crate::directory::policy::Policy;

/// Whom a sign-in would let in, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prospect {
    /// The member, where they are one already.
    pub member: Option<MemberId>,
    /// `userName`.
    pub user_name: String,
    /// Whether they would become a member by it.
    pub is_new: bool,
    /// The base role.
    pub role: Option<String>,
    /// The custom roles.
    pub custom_roles: Vec<String>,
    /// The names of the teams they would be in.
    pub teams: Vec<String>,
    /// The teams that came with the assertion and that SCIM overrides.
    pub overridden_teams: Vec<String>,
    /// What else is worth saying: what is unknown, and what stays as it is by which policy key.
    pub notes: Vec<String>,
}

/// What the decision on a sign-in would come to. `None` for another command, and where nobody is let in whom it could tell
/// of.
pub fn prospect(
    policy: &Policy,
    facts: &Facts,
    command: &Command,
    decision: &Decision,
) -> Option<Prospect> {
    let Command::SignIn { claims, .. } = command else {
        return None;
    };
    let changed = decision
        .changes
        .iter()
        .rev()
        .find_map(|change| match change {
            Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => Some(&**after),
            _ => None,
        });
    let member: &Member = changed.or(facts.member.as_ref())?;
    let mut teams: Vec<String> = facts
        .teams_of_member
        .iter()
        .map(|it| it.1.clone())
        .collect();
    for change in &decision.changes {
        match change {
            Change::MembershipAdded { team_name, .. } => teams.push(team_name.clone()),
            Change::MembershipRemoved { team_name, .. } => teams.retain(|it| it != team_name),
            _ => {}
        }
    }
    teams.sort();
    let role = access::base_role(&policy.roles, member);
    let plan = plan(policy, facts, claims).unwrap_or_default();
    Some(Prospect {
        member: facts.member.as_ref().map(|it| it.id),
        user_name: member.user_name().to_owned(),
        is_new: facts.member.is_none(),
        role: Some(role.unwrap_or_else(|| policy.roles.default.clone())),
        custom_roles: custom_roles(policy, member),
        teams,
        overridden_teams: plan.overridden,
        notes: notes(decision),
    })
}

/// What of a decision is worth saying.
pub fn notes(decision: &Decision) -> Vec<String> {
    let said = |stage| matches!(stage, Stage::Match | Stage::Policy | Stage::Guard);
    let steps = decision.trace.iter();
    steps
        .filter(|step| step.verdict == Verdict::Noted && said(step.stage))
        .map(|step| step.what.clone())
        .collect()
}

/// The custom roles, wherever the policy reads them.
fn custom_roles(policy: &Policy, member: &Member) -> Vec<String> {
    let roles = &policy.roles;
    let mut custom: Vec<&str> = member.custom_roles();
    if roles.source.hears(crate::directory::member::ROLES) {
        let named = member.named_roles().into_iter();
        let more: Vec<&str> = named
            .filter(|it| roles.custom.has(it) && !roles.base.iter().any(|base| base == it))
            .filter(|it| !custom.contains(it))
            .collect();
        custom.extend(more);
    }
    custom.into_iter().map(str::to_owned).collect()
}
