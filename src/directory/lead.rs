//! Who leads to admin now, and who would once changes are made: what the guard of the last admin is decided on. Pure; the
//! store looks at the directory through a [`Prospect`], so that what would be is counted by the same code as what is.
//!
//! A path is a role of one's own that leads to admin, or a team whose role does. Of the paths those count first by which
//! somebody can sign in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::access;
use super::change::Change;
use super::effective::TeamRoles;
use super::facts::Facts;
use super::ids::{MemberId, TeamId};
use super::member::{Member, PROVOST_USER, ROLES};
use super::policy::{EffectiveRoles, Roles};

/// No more admins than this are counted who cannot sign in.
pub const MOST_COUNTED: u64 = 100;

/// Who leads to admin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// How many do: where one of them can sign in at least 1, else all, up to [`MOST_COUNTED`].
    pub admins: u64,
    /// Whether one of them can sign in: has a password or a recovery code.
    pub signs_in: bool,
}

impl Lead {
    /// Whether what counts of this is gone in the other: a way to sign in, or, where nobody could, an admin at all.
    pub fn is_lost_in(self, then: Self) -> bool {
        if self.signs_in {
            !then.signs_in
        } else {
            self.admins > 0 && then.admins == 0
        }
    }
}

/// Who leads to admin, and who would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// As it is.
    pub now: Lead,
    /// Once the changes are made.
    pub then: Lead,
}

/// What a decision has to do with who leads to admin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LeadGuard {
    /// Nobody's way is touched, as far as has been asked.
    #[default]
    Untouched,
    /// It may take somebody's: what is left by these roles has to be looked up, and the command decided on that.
    Asks(Box<Roles>),
    /// Somebody must lead to admin by these roles once it is carried out; and, where so, be able to sign in. The commit
    /// must insist on that: of two such decisions made side by side, each on the other's admin, one is wrong by the time it
    /// is carried out.
    Needs {
        /// By what somebody is an admin.
        roles: Box<Roles>,
        /// Whether one of them has to be able to sign in.
        signs_in: bool,
    },
    /// Asked and answered; the commit need not look.
    Settled,
}

impl LeadGuard {
    /// What the commit must insist on where this is what counted before.
    pub fn needing(roles: &Roles, now: Lead) -> Self {
        if now.admins == 0 {
            return Self::Settled;
        }
        Self::Needs {
            roles: Box::new(roles.clone()),
            signs_in: now.signs_in,
        }
    }
}

/// A directory as it is once changes are made: what differs from what is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prospect {
    /// Members who differ; `None` is gone.
    pub members: BTreeMap<MemberId, Option<Member>>,
    /// Teams that differ, with name and roles; `None` is gone.
    pub teams: BTreeMap<TeamId, Option<(String, Vec<String>)>>,
    /// Who is in which team, or no longer.
    pub memberships: BTreeMap<(TeamId, MemberId), bool>,
    /// Whether single sign-on leaves passwords to recovery admins: then a password of anybody else is no way to sign in.
    pub passwords_are_closed: bool,
}

impl Prospect {
    /// What these changes make of a directory.
    pub fn of(changes: &[Change]) -> Self {
        let mut prospect = Self::default();
        for change in changes {
            match change {
                Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => {
                    let after = Member::clone(after);
                    prospect.members.insert(after.id, Some(after));
                }
                Change::MemberRemoved { before } => {
                    prospect.members.insert(before.id, None);
                }
                Change::TeamCreated { after } | Change::TeamUpdated { after, .. } => {
                    let is_there = after.deleted.is_none();
                    let kept = (after.display_name().to_owned(), after.own.roles.clone());
                    prospect.teams.insert(after.id, is_there.then_some(kept));
                }
                Change::TeamRemoved { before } => {
                    prospect.teams.insert(before.id, None);
                }
                Change::MembershipAdded { team, member, .. } => {
                    prospect.memberships.insert((*team, *member), true);
                }
                Change::MembershipRemoved { team, member, .. } => {
                    prospect.memberships.insert((*team, *member), false);
                }
                _ => {}
            }
        }
        prospect
    }

    /// The same while passwords are for recovery admins alone, or not.
    #[must_use]
    pub fn while_closed(self, passwords_are_closed: bool) -> Self {
        Self {
            passwords_are_closed,
            ..self
        }
    }

    /// A directory without a member.
    pub fn without(member: MemberId) -> Self {
        Self {
            members: BTreeMap::from([(member, None)]),
            ..Self::default()
        }
    }

    /// Whether a member is in a team, where these changes say so.
    pub fn has(&self, team: TeamId, member: MemberId) -> Option<bool> {
        match self.teams.get(&team) {
            Some(None) => Some(false),
            _ => self.memberships.get(&(team, member)).copied(),
        }
    }

    /// Members who may lead to admin by these changes alone: nothing that is stored points to them.
    pub fn newcomers(&self) -> BTreeSet<MemberId> {
        let there = self.members.iter().filter(|(_, member)| member.is_some());
        let joined = self.memberships.iter().filter(|(_, is_in)| **is_in);
        let joined = joined.map(|((_, member), _)| *member);
        there.map(|(id, _)| *id).chain(joined).collect()
    }
}

/// Whether changes may take somebody's way to admin. Knows what the facts know; of what they do not know it says yes.
pub fn may_take(roles: &Roles, facts: &Facts, changes: &[Change]) -> bool {
    let replaces = roles.effective == EffectiveRoles::Replace;
    changes.iter().any(|change| match change {
        Change::MemberUpdated { before, after } => is_less(roles, facts, before, Some(after)),
        Change::MemberRemoved { before } => is_less(roles, facts, before, None),
        Change::MembershipRemoved { team, .. } => gives(roles, facts, *team, access::leads),
        // A role of a team may take the place of one's own.
        Change::MembershipAdded { team, .. } => {
            replaces && gives(roles, facts, *team, |_, of_team| !of_team.is_empty())
        }
        Change::TeamUpdated { before, after } => {
            let (was, is) = (&before.own.roles, &after.own.roles);
            let loses = !access::leads(roles, is) || after.deleted.is_some();
            access::leads(roles, was) && loses || replaces && was != is
        }
        Change::TeamRemoved { before } => access::leads(roles, &before.own.roles),
        _ => false,
    })
}

fn is_less(roles: &Roles, facts: &Facts, before: &Member, after: Option<&Member>) -> bool {
    let has_access = |member: &Member| member.is_active() && member.deleted.is_none();
    if !has_access(before) {
        return false;
    }
    let Some(after) = after.filter(|after| has_access(after)) else {
        return access::is_admin(roles, before) || may_be_by_team(roles, facts, before);
    };
    let keeps = |place: &str| before.attributes.get(place) == after.attributes.get(place);
    let is_as_before = before.owner == after.owner && keeps(PROVOST_USER) && keeps(ROLES);
    !is_as_before && access::is_admin(roles, before) && !access::is_admin(roles, after)
}

/// Whether a member may be an admin by a team.
fn may_be_by_team(roles: &Roles, facts: &Facts, member: &Member) -> bool {
    let is_known = facts.member.as_ref().is_some_and(|it| it.id == member.id);
    match &facts.team_roles {
        Some(teams) if is_known => teams
            .iter()
            .any(|(_, _, of_team)| access::leads(roles, of_team)),
        _ => true,
    }
}

/// Whether the roles of a team are such; where they are not known, they may be.
fn gives(roles: &Roles, facts: &Facts, id: TeamId, are: fn(&Roles, &[String]) -> bool) -> bool {
    let named = facts.team.iter().chain(facts.standing.teams.values());
    let awaiting = facts.awaited.iter().map(|(team, _)| team);
    let mut known = named.chain(&facts.rival_teams).chain(awaiting);
    if let Some(team) = known.find(|team| team.id == id) {
        return are(roles, &team.own.roles);
    }
    match &facts.team_roles {
        Some(teams) => teams
            .iter()
            .any(|(team, _, of_team): &TeamRoles| *team == id && are(roles, of_team)),
        None => true,
    }
}
