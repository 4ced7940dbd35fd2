//! A copy of the state taken back to where it was before some changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::unit;
use crate::directory::{Change, Member, MemberId, Team, TeamId};
use crate::engine::EngineError;
use crate::store::Store;

/// How the objects stood before the changes; `None` where they were not there.
#[derive(Default)]
struct Before {
    members: BTreeMap<MemberId, Option<Member>>,
    teams: BTreeMap<TeamId, Option<Team>>,
    memberships: BTreeMap<(TeamId, MemberId), Joined>,
}

/// A membership as it was.
struct Joined {
    was_in: bool,
    team_name: String,
    member_name: String,
}

impl Before {
    /// What the first change of each object says of it.
    fn of(changes: &[Change]) -> Self {
        let mut before = Self::default();
        for change in changes {
            match change {
                Change::MemberCreated { after } => {
                    before.members.entry(after.id).or_insert(None);
                }
                Change::MemberUpdated { before: was, .. }
                | Change::MemberRemoved { before: was } => {
                    let member = || Some((**was).clone());
                    before.members.entry(was.id).or_insert_with(member);
                }
                Change::TeamCreated { after } => {
                    before.teams.entry(after.id).or_insert(None);
                }
                Change::TeamUpdated { before: was, .. } | Change::TeamRemoved { before: was } => {
                    let team = || Some((**was).clone());
                    before.teams.entry(was.id).or_insert_with(team);
                }
                Change::MembershipAdded {
                    team,
                    team_name,
                    member,
                    member_name,
                }
                | Change::MembershipRemoved {
                    team,
                    team_name,
                    member,
                    member_name,
                } => {
                    let joined = || Joined {
                        was_in: matches!(change, Change::MembershipRemoved { .. }),
                        team_name: team_name.clone(),
                        member_name: member_name.clone(),
                    };
                    let key = (*team, *member);
                    before.memberships.entry(key).or_insert_with(joined);
                }
                _ => {}
            }
        }
        before
    }
}

/// Takes members, teams and memberships back to where they were before the changes.
pub(super) async fn rewind(store: &Arc<dyn Store>, changes: &[Change]) -> Result<(), EngineError> {
    let before = Before::of(changes);
    let mut steps = Steps::default();
    for ((team, member), joined) in &before.memberships {
        let is_in = !store.members_in(*team, Some(&[*member])).await?.is_empty();
        let (team_name, member_name) = (joined.team_name.clone(), joined.member_name.clone());
        let (team, member) = (*team, *member);
        match (is_in, joined.was_in) {
            (true, false) => steps.first.push(Change::MembershipRemoved {
                team,
                team_name,
                member,
                member_name,
            }),
            (false, true) => steps.last.push(Change::MembershipAdded {
                team,
                team_name,
                member,
                member_name,
            }),
            (true, true) | (false, false) => {}
        }
    }
    for (id, was) in before.members {
        let is = store.member(id, true).await?.map(Box::new);
        match (is, was.map(Box::new)) {
            (Some(before), None) => steps.first.push(Change::MemberRemoved { before }),
            (Some(before), Some(after)) => steps.then.push(Change::MemberUpdated { before, after }),
            (None, Some(after)) => steps.then.push(Change::MemberCreated { after }),
            (None, None) => {}
        }
    }
    for (id, was) in before.teams {
        let is = store.team(id).await?.map(Box::new);
        match (is, was.map(Box::new)) {
            (Some(before), None) => steps.first.push(Change::TeamRemoved { before }),
            (Some(before), Some(after)) => steps.then.push(Change::TeamUpdated { before, after }),
            (None, Some(after)) => steps.then.push(Change::TeamCreated { after }),
            (None, None) => {}
        }
    }
    store.commit(unit(steps.in_order())).await?;
    Ok(())
}

/// What goes first makes room for what comes back, and teams have members only when both are there.
#[derive(Default)]
struct Steps {
    first: Vec<Change>,
    then: Vec<Change>,
    last: Vec<Change>,
}

impl Steps {
    fn in_order(self) -> Vec<Change> {
        let mut all = self.first;
        all.extend(self.then);
        all.extend(self.last);
        all
    }
}
