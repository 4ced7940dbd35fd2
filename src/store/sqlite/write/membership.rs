//! Membership as rows: joining and leaving touch one row, its index entry and the team's counters, however large the
//! team is. A team's version counts up once a unit.

use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::unit::Unit;
use crate::directory::TeamId;
use crate::scim::ResourceKind;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{uint, uuid};

impl Unit<'_> {
    /// A member joins a team; false where they are in it already.
    pub(super) fn join(&mut self, team: Uuid, member: Uuid, by_sign_in: bool) -> Fallible<bool> {
        let stale = |what: &str, id: Uuid| Failure::stale(format!("{what} {id} is gone"));
        if !self.load_team(team)? || self.teams.get(&team).is_some_and(|team| team.deleted) {
            return Err(stale("team", team));
        }
        let head = self
            .head(ResourceKind::User, member)?
            .filter(|head| head.deleted.is_none())
            .ok_or_else(|| stale("member", member))?;
        self.join_seq(team, head.seq, by_sign_in)
    }

    fn join_seq(&mut self, team: Uuid, member: i64, by_sign_in: bool) -> Fallible<bool> {
        let connection = self.connection;
        let Some(state) = self.teams.get_mut(&team) else {
            return Ok(false);
        };
        let is_in = connection
            .statement(Statement::MembershipFind)?
            .exists(params![member, state.seq])?;
        if is_in {
            return Ok(false);
        }
        let place = match state.next {
            Some(place) => place,
            None => connection
                .statement(Statement::MembershipNext)?
                .query_row([state.seq], |row| row.get(0))?,
        };
        connection
            .statement(Statement::MembershipInsert)?
            .execute(params![state.seq, place, member, by_sign_in])?;
        state.next = Some(place + 1);
        state.size += 1;
        state.changed = true;
        Ok(true)
    }

    /// A member leaves a team. Where either is gone or they are not in it, all is as asked already.
    pub(super) fn leave(&mut self, team: Uuid, member: Uuid) -> Fallible<()> {
        if !self.load_team(team)? {
            return Ok(());
        }
        let (Some(state), Some(head)) = (
            self.teams.get(&team).copied(),
            self.head(ResourceKind::User, member)?,
        ) else {
            return Ok(());
        };
        if head.deleted.is_some() {
            self.connection
                .statement(Statement::KeptDeleteOne)?
                .execute([head.seq, state.seq])?;
            return Ok(());
        }
        let place: Option<i64> = self
            .connection
            .statement(Statement::MembershipFind)?
            .query_row(params![head.seq, state.seq], |row| row.get(0))
            .optional()?;
        if let Some(place) = place {
            self.drop_membership(team, state.seq, place)?;
        }
        Ok(())
    }

    /// A soft-deleted member leaves their teams until they return. A soft-deleted team keeps its rows: nobody sees them.
    pub(super) fn set_memberships_aside(&mut self, seq: i64, kind: ResourceKind) -> Fallible<()> {
        if kind == ResourceKind::Group {
            return Ok(());
        }
        for (team_seq, place, team) in self.memberships_of(seq)? {
            self.connection
                .statement(Statement::KeptInsert)?
                .execute([seq, team_seq])?;
            self.load_team(team)?;
            self.drop_membership(team, team_seq, place)?;
        }
        Ok(())
    }

    /// A member returns to those of their teams that are still there.
    pub(super) fn bring_memberships_back(&mut self, seq: i64, kind: ResourceKind) -> Fallible<()> {
        if kind == ResourceKind::Group {
            return Ok(());
        }
        let teams: Vec<Uuid> = self
            .connection
            .statement(Statement::KeptOf)?
            .query_and_then([seq], |row| uuid(row, 1))?
            .collect::<Result<_, _>>()?;
        for team in teams {
            self.load_team(team)?;
            self.join_seq(team, seq, false)?;
        }
        self.connection
            .statement(Statement::KeptDelete)?
            .execute([seq])?;
        Ok(())
    }

    /// All memberships of a removed resource go.
    pub(super) fn drop_memberships(&mut self, seq: i64, kind: ResourceKind) -> Fallible<()> {
        match kind {
            ResourceKind::User => {
                for (team_seq, place, team) in self.memberships_of(seq)? {
                    self.load_team(team)?;
                    self.drop_membership(team, team_seq, place)?;
                }
                self.connection
                    .statement(Statement::KeptDelete)?
                    .execute([seq])?;
            }
            ResourceKind::Group => {
                self.connection
                    .statement(Statement::MembershipsOfTeamDelete)?
                    .execute([seq])?;
            }
        }
        Ok(())
    }

    /// Counts up the versions of the teams whose membership changed, and writes their sizes.
    pub(super) fn settle_teams(&mut self) -> Fallible<()> {
        for (id, state) in &self.teams {
            if state.changed && state.versioned {
                self.connection
                    .statement(Statement::TeamResize)?
                    .execute([state.seq, state.size])?;
            } else if state.changed {
                let version = state.version + 1;
                self.connection
                    .statement(Statement::TeamTouch)?
                    .execute([state.seq, version, self.at, state.size])?;
                self.committed.teams.push((TeamId(*id), uint(version)));
            } else if !state.versioned {
                self.committed
                    .teams
                    .push((TeamId(*id), uint(state.version)));
            }
        }
        Ok(())
    }

    /// Makes sure that the state of a team is known here; false where there is no such team.
    pub(super) fn load_team(&mut self, id: Uuid) -> Fallible<bool> {
        if self.teams.contains_key(&id) {
            return Ok(true);
        }
        let Some(head) = self.head(ResourceKind::Group, id)? else {
            return Ok(false);
        };
        self.team_state(id, head);
        Ok(true)
    }

    fn drop_membership(&mut self, team: Uuid, team_seq: i64, place: i64) -> Fallible<()> {
        self.connection
            .statement(Statement::MembershipDelete)?
            .execute([team_seq, place])?;
        if let Some(state) = self.teams.get_mut(&team) {
            state.size -= 1;
            state.changed = true;
        }
        Ok(())
    }

    fn memberships_of(&self, member: i64) -> Fallible<Vec<(i64, i64, Uuid)>> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, uuid(row, 2)?));
        self.connection
            .statement(Statement::MembershipsOf)?
            .query_and_then([member], read)?
            .collect()
    }
}
