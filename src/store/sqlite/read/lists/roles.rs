//! `role:` of a list: who has a role, as the policy in force makes it out. A role is one's own, by either attribute, or a
//! team's, or the default of those to whom none was given; what another takes the place of is nobody's.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::scan::holders;
use crate::directory::effective::{self, OWNER};
use crate::directory::fold::fold;
use crate::directory::policy::Roles;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::indexed;
use crate::store::sqlite::read::{admins, members};
use crate::store::sqlite::statement::{AdminStatement, Statements};

const NAMED: [i64; 3] = [indexed::ROLE, indexed::CUSTOM_ROLE, indexed::ROLES];

/// Whoever has a role.
pub struct Holders<'a> {
    connection: &'a Connection,
    roles: &'a Roles,
    folded: &'a str,
    /// Where it is the default: those who were given another.
    given_another: Option<BTreeSet<i64>>,
}

impl<'a> Holders<'a> {
    /// The holders of a role by its folded name.
    pub fn of(connection: &'a Connection, roles: &'a Roles, folded: &'a str) -> Fallible<Self> {
        let mut holders = Self {
            connection,
            roles,
            folded,
            given_another: None,
        };
        if fold(&roles.default) == folded {
            let mut another = BTreeSet::new();
            for role in roles.base.iter().map(|role| fold(role)) {
                if role != folded {
                    another.append(&mut self::holders(connection, &NAMED, &role)?);
                }
            }
            let named = holders.named()?;
            another.retain(|seq| !named.contains(seq));
            holders.given_another = Some(another);
        }
        Ok(holders)
    }

    /// The only ones who can have it; `None` where anybody can.
    pub fn candidates(&self) -> Fallible<Option<BTreeSet<i64>>> {
        if self.given_another.is_some() {
            return Ok(None);
        }
        self.named().map(Some)
    }

    /// Whether a member has it: with an effect, or given under a name that the policy does not know.
    pub fn has(&self, seq: i64) -> Fallible<bool> {
        if self
            .given_another
            .as_ref()
            .is_some_and(|them| them.contains(&seq))
        {
            return Ok(false);
        }
        let Some(member) = members::by_seq(self.connection, seq)? else {
            return Ok(false);
        };
        let teams = admins::team_roles_of(self.connection, seq)?;
        let access = effective::access(self.roles, &member, &teams);
        Ok(access.roles.iter().any(|held| {
            let counts = held.without_effect.is_none() || held.is_unknown(self.roles);
            counts && fold(&held.role) == self.folded
        }))
    }

    /// Whom the role is named for, with or without an effect.
    fn named(&self) -> Fallible<BTreeSet<i64>> {
        let mut found = holders(self.connection, &NAMED, self.folded)?;
        found.append(&mut admins::members_given(self.connection, self.folded)?);
        if self.folded == OWNER {
            let mut owners = self.connection.statement(AdminStatement::OwnerSeqs)?;
            for seq in owners.query_map([], |row| row.get::<_, i64>(0))? {
                found.insert(seq?);
            }
        }
        Ok(found)
    }
}
