//! Those whom a group names before they are members: the team waits for them, and they join on arrival.

use super::lock::is_syncing;
use crate::directory::change::Change;
use crate::directory::decide::Request;
use crate::directory::decision::{Decision, Outcome, Stage, TraceStep};
use crate::directory::fold::fold;
use crate::directory::ids::MemberId;
use crate::directory::member::Member;
use crate::directory::team::{Team, TeamSource};

/// A team waits for no more people than this.
pub const MOST_PARKED: u64 = 5_000;

/// The team waits for somebody.
pub(super) fn waits(team: &Team, reference: &str) -> Change {
    Change::MemberParked {
        team: team.id,
        team_name: team.display_name().to_owned(),
        reference: reference.to_owned(),
    }
}

/// The team no longer waits for somebody; `member` is who they turned out to be.
pub(super) fn is_done_with(team: &Team, reference: &str, member: Option<MemberId>) -> Change {
    Change::MemberUnparked {
        team: team.id,
        team_name: team.display_name().to_owned(),
        reference: reference.to_owned(),
        member,
    }
}

/// The team waits for nobody any more.
pub(super) fn nobody_is_awaited(request: &Request<'_>, team: &Team) -> Vec<Change> {
    let references = request.facts.parked.iter();
    references
        .map(|reference| is_done_with(team, reference, None))
        .collect()
}

/// Those join who were waited for and are members by now.
pub(super) fn arrived(request: &Request<'_>, team: &Team) -> Vec<Change> {
    let facts = request.facts;
    let mut changes = Vec::new();
    for reference in &facts.parked {
        let by_id = || {
            let id: MemberId = reference.parse().ok()?;
            facts.known_members.get(&id).map(|name| (id, name.clone()))
        };
        let Some((id, name)) = by_id().or_else(|| facts.aliases.get(reference).cloned()) else {
            continue;
        };
        if !facts.current_members.contains_key(&id) {
            changes.push(joined(team, id, &name));
        }
        changes.push(is_done_with(team, reference, Some(id)));
    }
    changes
}

/// Whoever comes to be, or is called otherwise from now on, joins the teams that wait for them, as part of the same
/// decision.
pub(in crate::directory::decide) fn welcome(
    request: &Request<'_>,
    mut decision: Decision,
) -> Decision {
    let facts = request.facts;
    if facts.awaited.is_empty() || decision.refusal.is_some() || !is_syncing(request) {
        return decision;
    }
    let arrival = decision
        .changes
        .iter()
        .rev()
        .find_map(|change| match change {
            Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => Some(after),
            _ => None,
        });
    let Some(member) = arrival.filter(|member| member.deleted.is_none()).cloned() else {
        return decision;
    };
    let mut teams = Vec::new();
    for (team, reference) in &facts.awaited {
        let takes = team.source == TeamSource::Synced && !team.paused;
        if !takes || !is_called(&member, reference) {
            continue;
        }
        let is_in = facts.teams_of_member.iter().any(|(id, _)| *id == team.id);
        let joins = |change: &Change| matches!(change, Change::MembershipAdded { team: id, member: who, .. } if *id == team.id && *who == member.id);
        let is_in = is_in || decision.changes.iter().any(joins);
        if !is_in && !teams.contains(&team.id) {
            let change = joined(team, member.id, &member.display_name());
            decision.changes.push(change);
        }
        teams.push(team.id);
        let done = is_done_with(team, reference, Some(member.id));
        decision.changes.push(done);
        decision.trace.push(TraceStep::noted(
            Stage::Effect,
            format!(
                "team {} has waited for {reference}: the member joins",
                team.display_name()
            ),
        ));
        decision.outcome = Outcome::Applied;
    }
    decision
}

/// Whether a reference of an identity provider means this member.
fn is_called(member: &Member, reference: &str) -> bool {
    reference.parse() == Ok(member.id)
        || member.external_id() == Some(reference)
        || member.user_name_key() == fold(reference)
}

fn joined(team: &Team, member: MemberId, name: &str) -> Change {
    Change::MembershipAdded {
        team: team.id,
        team_name: team.display_name().to_owned(),
        member,
        member_name: name.to_owned(),
    }
}
