//! What is kept of a team beside its SCIM attributes, and those it waits for.

use rusqlite::params;
use uuid::Uuid;

use super::resource::conflict;
use super::unit::Unit;
use crate::directory::TeamId;
use crate::scim::ResourceKind;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::ready_resource::OwnRow;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::kind_number;

impl Unit<'_> {
    /// Writes what is kept of a team here.
    pub(super) fn keep_own(&self, team: Uuid, own: Option<&OwnRow>) -> Fallible<()> {
        let Some(own) = own else { return Ok(()) };
        self.connection
            .statement(Statement::TeamOwnSet)?
            .execute(params![team.as_bytes(), own.key, own.json])
            .map_err(|error| conflict(error, &team))?;
        Ok(())
    }

    /// Nothing of it is kept any more, and it waits for nobody.
    pub(super) fn forget_own(&self, team: Uuid) -> Fallible<()> {
        for statement in [Statement::TeamOwnDelete, Statement::ParkedOfTeamDelete] {
            self.connection
                .statement(statement)?
                .execute([team.as_bytes()])?;
        }
        Ok(())
    }

    /// A team waits for somebody; false where it does already. Stale where somebody goes by the reference: they would be
    /// waited for in vain.
    pub(super) fn park(
        &mut self,
        team: Uuid,
        reference: &str,
        folded: &str,
        line: Option<&ReadyLine>,
    ) -> Fallible<bool> {
        if !self.load_team(team)? {
            return Err(Failure::stale(format!("team {team} is gone")));
        }
        let user = kind_number(ResourceKind::User);
        let by_id = match Uuid::parse_str(reference) {
            Ok(id) => self
                .head(ResourceKind::User, id)?
                .is_some_and(|head| head.deleted.is_none()),
            Err(_) => false,
        };
        let is_here = by_id
            || self
                .connection
                .statement(Statement::ResourceByExt)?
                .exists(params![user, reference])?
            || self
                .connection
                .statement(Statement::MemberByName)?
                .exists([folded])?;
        if is_here {
            return Err(Failure::stale(format!("{reference} is here by now")));
        }
        let request = line.map(ReadyLine::id);
        let inserted = self
            .connection
            .statement(Statement::ParkedInsert)?
            .execute(params![
                team.as_bytes(),
                reference,
                folded,
                self.at,
                request
            ])?;
        Ok(inserted > 0)
    }

    /// A team no longer waits for somebody; false where it did not.
    pub(super) fn unpark(&self, team: Uuid, reference: &str) -> Fallible<bool> {
        let deleted = self
            .connection
            .statement(Statement::ParkedDelete)?
            .execute(params![team.as_bytes(), reference])?;
        Ok(deleted > 0)
    }

    /// The teams with a name are those that the decision saw.
    pub(super) fn teams_named_are(&self, folded: &str, teams: &[TeamId]) -> Fallible<()> {
        if crate::store::sqlite::read::teams::ids_by_name(self.connection, folded)? == teams {
            return Ok(());
        }
        Err(Failure::stale("another team has the name by now"))
    }

    /// So many references as the decision saw mean whoever goes by these names.
    pub(super) fn awaited_are(&self, names: &[String], count: u64) -> Fallible<()> {
        let found = crate::store::sqlite::read::parked::awaited(self.connection, names)?;
        if found.len() as u64 == count {
            return Ok(());
        }
        Err(Failure::stale("somebody is waited for by now"))
    }
}
