//! Who leads to admin, as it is and as it would be: by a role of their own or by a team's. Whoever asks whether somebody is
//! left is answered by the first who can sign in, so that a large team costs no more than a small one.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::members;
use crate::directory::access::{self, RoleTeam};
use crate::directory::effective::{self, TeamRoles};
use crate::directory::fold::fold;
use crate::directory::lead::{Lead, MOST_COUNTED, Prospect};
use crate::directory::policy::Roles;
use crate::directory::{MemberId, OwnFields, TeamId, TeamSource};
use crate::scim::ResourceKind;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{AdminStatement, Statement, Statements};
use crate::store::sqlite::values::{source, uuid};

/// The teams of a member that give roles.
pub fn role_teams_of(connection: &Connection, id: MemberId) -> Fallible<Vec<RoleTeam>> {
    let Some(seq) = members::live_seq(connection, ResourceKind::User, id.0)? else {
        return Ok(Vec::new());
    };
    role_teams_by_seq(connection, seq)
}

/// What the teams of a member give, by sequence number.
pub fn team_roles_of(connection: &Connection, seq: i64) -> Fallible<Vec<TeamRoles>> {
    let teams = role_teams_by_seq(connection, seq)?;
    Ok(teams.into_iter().map(|team| team.roles).collect())
}

fn role_teams_by_seq(connection: &Connection, seq: i64) -> Fallible<Vec<RoleTeam>> {
    let teams: Vec<RoleTeam> = connection
        .statement(AdminStatement::RoleTeamsOf)?
        .query_and_then([seq], role_team)?
        .collect::<Fallible<_>>()?;
    Ok(only_with_roles(teams))
}

/// The members, by sequence number, of the teams that give a role, whether or not it has an effect.
pub fn members_given(connection: &Connection, folded: &str) -> Fallible<BTreeSet<i64>> {
    let teams: Vec<RoleTeam> = connection
        .statement(AdminStatement::RoleTeams)?
        .query_and_then([], role_team)?
        .collect::<Fallible<_>>()?;
    let mut found = BTreeSet::new();
    let mut of_team = connection.statement(Statement::MemberSeqsOf)?;
    for RoleTeam {
        roles: (id, _, roles),
        ..
    } in teams
    {
        if !roles.iter().any(|role| fold(role) == folded) {
            continue;
        }
        let Some(team) = members::live_seq(connection, ResourceKind::Group, id.0)? else {
            continue;
        };
        for seq in of_team.query_map([team], |row| row.get::<_, i64>(0))? {
            found.insert(seq?);
        }
    }
    Ok(found)
}

/// Who leads to admin under this policy, besides one.
pub fn admins(
    connection: &Connection,
    roles: &Roles,
    except: Option<MemberId>,
) -> Fallible<Vec<MemberId>> {
    let prospect = except.map_or_else(Prospect::default, Prospect::without);
    let view = View {
        connection,
        roles,
        prospect: &prospect,
    };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for id in view.by_own()? {
        if seen.insert(id) && view.is_admin(id)? {
            found.push(id);
        }
    }
    for team in view.leading_teams()? {
        // Of a team whose role leads to admin every active member is one.
        view.until(team, AdminStatement::ActiveInTeam, |id| {
            if Some(id) != except && seen.insert(id) {
                found.push(id);
            }
            Ok(false)
        })?;
    }
    Ok(found)
}

/// How many lead to admin under this policy, besides one, and how many of them can sign in.
pub fn count(
    connection: &Connection,
    roles: &Roles,
    prospect: &Prospect,
    except: Option<MemberId>,
) -> Fallible<(u64, u64)> {
    let view = View {
        connection,
        roles,
        prospect,
    };
    let (mut all, mut can) = (BTreeSet::new(), BTreeSet::new());
    for id in view.by_own()? {
        if all.contains(&id) || !view.is_admin(id)? {
            continue;
        }
        all.insert(id);
        if view.signs_in(id)? {
            can.insert(id);
        }
    }
    // Of a team two passes, and not a question for each of its members.
    for team in view.leading_teams()? {
        for (which, found) in [
            (AdminStatement::ActiveInTeam, &mut all),
            (view.signing_in_team(), &mut can),
        ] {
            view.until(team, which, |id| {
                if Some(id) != except {
                    found.insert(id);
                }
                Ok(false)
            })?;
        }
    }
    Ok((all.len() as u64, can.len() as u64))
}

/// Whether somebody leads to admin, and can sign in, once changes are made. Stops at the first who can, or at as many as
/// are asked for.
pub fn lead(
    connection: &Connection,
    roles: &Roles,
    prospect: &Prospect,
    most: u64,
) -> Fallible<Lead> {
    let view = View {
        connection,
        roles,
        prospect,
    };
    let mut tally = Tally {
        most: most.min(MOST_COUNTED),
        seen: BTreeSet::new(),
        lead: Lead::default(),
    };
    let own = prospect.newcomers().into_iter().chain(view.by_own()?);
    for id in own {
        if tally.counts(&view, id)? {
            return Ok(tally.lead);
        }
    }
    let teams = view.leading_teams()?;
    for which in [view.signing_in_team(), AdminStatement::ActiveInTeam] {
        for team in &teams {
            let is_enough = view.until(*team, which, |id| {
                // Who leaves it may be an admin otherwise, and was found so above.
                let has_left = prospect.has(*team, id) == Some(false);
                Ok(!has_left && tally.counts(&view, id)?)
            })?;
            if is_enough {
                return Ok(tally.lead);
            }
        }
    }
    Ok(tally.lead)
}

struct Tally {
    most: u64,
    seen: BTreeSet<MemberId>,
    lead: Lead,
}

impl Tally {
    /// Counts one who may be an admin. Returns whether that is enough.
    fn counts(&mut self, view: &View<'_>, id: MemberId) -> Fallible<bool> {
        if !self.seen.insert(id) || !view.is_admin(id)? {
            return Ok(false);
        }
        self.lead.admins += 1;
        self.lead.signs_in = view.signs_in(id)?;
        Ok(self.lead.signs_in || self.lead.admins >= self.most)
    }
}

/// A directory with what would be different.
struct View<'a> {
    connection: &'a Connection,
    roles: &'a Roles,
    prospect: &'a Prospect,
}

impl View<'_> {
    /// Whether a member has a way to sign in: a password that opens something, or a recovery code.
    fn signs_in(&self, id: MemberId) -> Fallible<bool> {
        let which = if self.prospect.passwords_are_closed {
            AdminStatement::HasWayInWhileClosed
        } else {
            AdminStatement::HasWayIn
        };
        Ok(self
            .connection
            .statement(which)?
            .query_row(params![id.0.as_bytes()], |_| Ok(()))
            .optional()?
            .is_some())
    }

    /// What finds those of a team who have one.
    fn signing_in_team(&self) -> AdminStatement {
        if self.prospect.passwords_are_closed {
            AdminStatement::SigningInTeamWhileClosed
        } else {
            AdminStatement::SigningInTeam
        }
    }

    /// The active members who are the owner or were given a role of an admin's name, whether or not it has an effect.
    fn by_own(&self) -> Fallible<Vec<MemberId>> {
        let roles: Vec<String> = self.roles.admin.iter().map(|role| fold(role)).collect();
        self.connection
            .statement(AdminStatement::Admins)?
            .query_and_then([serde_json::json!(roles).to_string()], |row| {
                uuid(row, 0).map(MemberId)
            })?
            .collect()
    }

    /// The teams whose roles lead to admin.
    fn leading_teams(&self) -> Fallible<Vec<TeamId>> {
        let stored: Vec<RoleTeam> = self
            .connection
            .statement(AdminStatement::RoleTeams)?
            .query_and_then([], role_team)?
            .collect::<Fallible<_>>()?;
        let stored = stored.into_iter().map(|team| (team.roles.0, team.roles.2));
        let mut teams: Vec<TeamId> = stored
            .filter(|(id, of_team)| {
                !self.prospect.teams.contains_key(id) && access::leads(self.roles, of_team)
            })
            .map(|(id, _)| id)
            .collect();
        let changed = self.prospect.teams.iter();
        teams.extend(
            changed
                .filter(|(_, team)| {
                    team.as_ref()
                        .is_some_and(|(_, of_team)| access::leads(self.roles, of_team))
                })
                .map(|(id, _)| *id),
        );
        Ok(teams)
    }

    /// Goes through those who are in a team and active until one is enough. Returns whether one was.
    fn until(
        &self,
        team: TeamId,
        which: AdminStatement,
        mut is_enough: impl FnMut(MemberId) -> Fallible<bool>,
    ) -> Fallible<bool> {
        let seq = members::live_seq(self.connection, ResourceKind::Group, team.0)?;
        let Some(seq) = seq else {
            return Ok(false);
        };
        let mut statement = self.connection.statement(which)?;
        let mut rows = statement.query([seq])?;
        while let Some(row) = rows.next()? {
            if is_enough(MemberId(uuid(row, 0)?))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the policy makes of one.
    fn is_admin(&self, id: MemberId) -> Fallible<bool> {
        let stored;
        let member = match self.prospect.members.get(&id) {
            Some(changed) => changed.as_ref(),
            None => {
                stored = members::by_id(self.connection, id)?;
                stored.as_ref()
            }
        };
        let Some(member) = member else {
            return Ok(false);
        };
        let teams = self.teams_of(id)?;
        Ok(effective::access(self.roles, member, &teams).is_admin)
    }

    fn teams_of(&self, id: MemberId) -> Fallible<Vec<TeamRoles>> {
        let mut teams: Vec<TeamRoles> = Vec::new();
        for team in role_teams_of(self.connection, id)? {
            teams.push(team.roles);
        }
        let (prospect, mut known) = (self.prospect, BTreeSet::new());
        teams.retain(|(team, _, _)| {
            known.insert(*team);
            prospect.has(*team, id) != Some(false)
        });
        // A team that gives roles only by these changes is none of those that are stored as such.
        for (team, changed) in &prospect.teams {
            let Some((name, of_team)) = changed else {
                continue;
            };
            teams.retain(|(known, _, _)| known != team);
            if self.is_in(*team, id)? {
                teams.push((*team, name.clone(), of_team.clone()));
            }
        }
        for ((team, member), is_in) in &prospect.memberships {
            if *member != id || !is_in || prospect.teams.contains_key(team) || known.contains(team)
            {
                continue;
            }
            let found = super::teams::by_id(self.connection, *team)?;
            teams.extend(found.map(|it| (it.id, it.display_name().to_owned(), it.own.roles)));
        }
        Ok(teams)
    }

    fn is_in(&self, team: TeamId, member: MemberId) -> Fallible<bool> {
        if let Some(is_in) = self.prospect.has(team, member) {
            return Ok(is_in);
        }
        let team = members::live_seq(self.connection, ResourceKind::Group, team.0)?;
        let member = members::live_seq(self.connection, ResourceKind::User, member.0)?;
        let (Some(team), Some(member)) = (team, member) else {
            return Ok(false);
        };
        Ok(self
            .connection
            .statement(Statement::MembershipFind)?
            .query_row([member, team], |_| Ok(()))
            .optional()?
            .is_some())
    }
}

fn only_with_roles(mut teams: Vec<RoleTeam>) -> Vec<RoleTeam> {
    teams.retain(|team| !team.roles.2.is_empty());
    teams
}

fn role_team(row: &Row<'_>) -> Fallible<RoleTeam> {
    let own = row
        .get_ref(2)?
        .as_str()
        .map_err(|error| Failure::damaged("a team", error))?;
    let own: OwnFields =
        serde_json::from_str(own).map_err(|error| Failure::damaged("a team", error))?;
    Ok(RoleTeam {
        roles: (TeamId(uuid(row, 0)?), row.get(1)?, own.roles),
        is_synced: source(row.get(3)?)? == TeamSource::Synced,
    })
}
