//! Whom teams wait for, and how many teams are in which state.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::directory::fold::fold;
use crate::directory::{RequestId, TeamId};
use crate::store::rows::{ParkedRow, TeamCounts};
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{time, uint, uuid};

/// Whom a team waits for: those of these references for whom it does, or, the first so many of, all.
pub fn of_team(
    connection: &Connection,
    team: TeamId,
    names: Option<&[String]>,
    limit: u32,
) -> Fallible<Vec<ParkedRow>> {
    let Some(names) = names else {
        return connection
            .statement(Statement::ParkedOf)?
            .query_and_then(params![team.0.as_bytes(), limit], row)?
            .collect();
    };
    let mut find = connection.statement(Statement::ParkedFind)?;
    let mut found = Vec::new();
    for name in names {
        let parked = find.query_and_then(params![team.0.as_bytes(), name], row)?;
        for parked in parked {
            found.push(parked?);
        }
    }
    Ok(found)
}

/// For how many a team waits.
pub fn count(connection: &Connection, team: TeamId) -> Fallible<u64> {
    Ok(connection
        .statement(Statement::ParkedCount)?
        .query_row([team.0.as_bytes()], |row| row.get(0).map(uint))?)
}

/// The teams that wait for somebody who goes by one of these names, each with the reference.
pub fn awaited(connection: &Connection, names: &[String]) -> Fallible<Vec<(TeamId, String)>> {
    let mut find = connection.statement(Statement::Awaited)?;
    let mut found = BTreeSet::new();
    for name in names {
        let rows = find.query_and_then([fold(name)], |row| -> Fallible<_> {
            Ok((TeamId(uuid(row, 0)?), row.get(1)?))
        })?;
        for row in rows {
            found.insert(row?);
        }
    }
    Ok(found.into_iter().collect())
}

/// The keys that are taken and that begin as this one does; none where this one is free.
pub fn team_keys(connection: &Connection, wanted: &str) -> Fallible<BTreeSet<String>> {
    let is_taken = connection
        .statement(Statement::TeamKeyFind)?
        .exists([wanted])?;
    if !is_taken {
        return Ok(BTreeSet::new());
    }
    let mut keys: BTreeSet<String> = connection
        .statement(Statement::TeamKeysLike)?
        .query_map([wanted], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    keys.insert(wanted.to_owned());
    Ok(keys)
}

/// How many teams are in which state.
pub fn team_counts(connection: &Connection) -> Fallible<TeamCounts> {
    let counts = connection
        .statement(Statement::TeamCounts)?
        .query_row([], |row| {
            let number = |index| row.get(index).map(uint);
            Ok((number(0)?, number(1)?, number(2)?, number(3)?, number(4)?))
        })
        .optional()?;
    let (teams, synced, unlinked, paused, parked) = counts.unwrap_or_default();
    Ok(TeamCounts {
        synced,
        local: teams.saturating_sub(synced).saturating_sub(unlinked),
        unlinked,
        paused,
        parked,
    })
}

fn row(row: &Row<'_>) -> Fallible<ParkedRow> {
    Ok(ParkedRow {
        reference: row.get(0)?,
        since: time(row.get(1)?),
        request: row.get::<_, Option<i64>>(2)?.map(|id| RequestId(uint(id))),
    })
}
