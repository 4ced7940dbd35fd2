//! Teams by id and by key, and who is in them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::members::live_seq;
use crate::directory::fold::fold;
use crate::directory::{MemberId, OwnFields, Team, TeamId, TeamSource};
use crate::scim::ResourceKind;
use crate::store::TeamKey;
use crate::store::rows::{MemberRef, Page, TeamRow, Total};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, is_paused, source, source_number, time, uint, uuid};

const GROUP: i64 = 2;

/// One live team.
pub fn by_id(connection: &Connection, id: TeamId) -> Fallible<Option<Team>> {
    let found: Option<Team> = connection
        .statement(Statement::ResourceById)?
        .query_and_then(params![id.0.as_bytes(), GROUP], |row| team(connection, row))?
        .next()
        .transpose()?;
    Ok(found.filter(|team| team.deleted.is_none()))
}

/// The live teams that an identity provider rules, oldest first.
pub fn synced(connection: &Connection, limit: u64) -> Fallible<Vec<Team>> {
    let number = source_number(TeamSource::Synced);
    connection
        .statement(Statement::TeamsOfSource)?
        .query_and_then([number, int(limit)], |row| team(connection, row))?
        .collect()
}

/// Live teams with a key.
pub fn by_key(connection: &Connection, key: &TeamKey) -> Fallible<Vec<Team>> {
    match key {
        TeamKey::DisplayName(name) => connection
            .statement(Statement::TeamsByName)?
            .query_and_then([fold(name)], |row| team(connection, row))?
            .collect(),
        TeamKey::ExternalId(id) => connection
            .statement(Statement::ResourceByExt)?
            .query_and_then(params![GROUP, id], |row| team(connection, row))?
            .collect(),
        TeamKey::Own(key) => connection
            .statement(Statement::TeamByOwnKey)?
            .query_and_then([key], |row| team(connection, row))?
            .collect(),
    }
}

/// The live teams with a folded name, the oldest first.
pub fn ids_by_name(connection: &Connection, folded: &str) -> Fallible<Vec<TeamId>> {
    connection
        .statement(Statement::TeamIdsByName)?
        .query_and_then([folded], |row| Ok(TeamId(uuid(row, 0)?)))?
        .collect()
}

/// Some members of a team in the order they joined.
pub fn members_page(
    connection: &Connection,
    id: TeamId,
    offset: u64,
    limit: u32,
) -> Fallible<Page<MemberRef>> {
    let empty = Page {
        items: Vec::new(),
        offset,
        total: Total::Exact(0),
    };
    let Some(seq) = live_seq(connection, ResourceKind::Group, id.0)? else {
        return Ok(empty);
    };
    let items = connection
        .statement(Statement::MembersOfPage)?
        .query_and_then(params![seq, limit, int(offset)], |row| {
            Ok(MemberRef {
                id: MemberId(uuid(row, 0)?),
                name: row.get(1)?,
                user_name: row.get(2)?,
                active: row.get(3)?,
            })
        })?
        .collect::<Fallible<_>>()?;
    Ok(Page {
        items,
        offset,
        total: Total::Exact(size(connection, id)?),
    })
}

/// Which of these are in a team, or all who are.
pub fn members_in(
    connection: &Connection,
    id: TeamId,
    ids: Option<&[MemberId]>,
) -> Fallible<BTreeMap<MemberId, String>> {
    let mut found = BTreeMap::new();
    let Some(team) = live_seq(connection, ResourceKind::Group, id.0)? else {
        return Ok(found);
    };
    let Some(ids) = ids else {
        return connection
            .statement(Statement::MembersOf)?
            .query_and_then([team], |row| Ok((MemberId(uuid(row, 0)?), row.get(1)?)))?
            .collect();
    };
    let mut find = connection.statement(Statement::MembershipFind)?;
    let mut name = connection.statement(Statement::CardName)?;
    for id in ids {
        let Some(member) = live_seq(connection, ResourceKind::User, id.0)? else {
            continue;
        };
        if find.exists([member, team])?
            && let Some(text) = name.query_row([member], |row| row.get(0)).optional()?
        {
            found.insert(*id, text);
        }
    }
    Ok(found)
}

/// How many members a team has; 0 for an unknown one.
pub fn size(connection: &Connection, id: TeamId) -> Fallible<u64> {
    let size: Option<i64> = connection
        .statement(Statement::TeamSize)?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(size.map_or(0, uint))
}

/// Teams in all and synced ones.
pub fn count(connection: &Connection) -> Fallible<(u64, u64)> {
    Ok(connection
        .statement(Statement::Tally)?
        .query_row([], |row| Ok((uint(row.get(2)?), uint(row.get(3)?))))?)
}

/// One team as a list shows it, by sequence number.
pub fn row_by_seq(connection: &Connection, seq: i64) -> Fallible<Option<TeamRow>> {
    connection
        .statement(Statement::TeamRowBySeq)?
        .query_and_then([seq], |row| {
            let name: String = row.get(1)?;
            let own = own_fields(row.get(7)?)?;
            Ok(TeamRow {
                id: TeamId(uuid(row, 0)?),
                external_id: row.get(2)?,
                modified: time(row.get(3)?),
                source: source(row.get(4)?)?,
                members: uint(row.get(5)?),
                key: own.key_of(&name),
                name,
                paused: is_paused(row.get(6)?),
                parked: uint(row.get(8)?),
                roles: own.roles,
                maintainers: u32::try_from(own.maintainers.len()).unwrap_or(u32::MAX),
                last_push: row.get::<_, Option<i64>>(9)?.map(time),
            })
        })?
        .next()
        .transpose()
}

/// One live team as a list shows it.
pub fn row(connection: &Connection, id: TeamId) -> Fallible<Option<TeamRow>> {
    match live_seq(connection, ResourceKind::Group, id.0)? {
        Some(seq) => row_by_seq(connection, seq),
        None => Ok(None),
    }
}

fn own_fields(json: Option<String>) -> Fallible<OwnFields> {
    json.map_or_else(
        || Ok(OwnFields::default()),
        |json| {
            serde_json::from_str(&json)
                .map_err(|error| Failure::damaged("what is kept of a team", error))
        },
    )
}

/// The team in a row of all columns.
fn team(connection: &Connection, row: &Row<'_>) -> Fallible<Team> {
    let doc = row
        .get_ref(7)?
        .as_str()
        .map_err(|error| Failure::damaged("a team", error))?;
    let id = TeamId(uuid(row, 0)?);
    let own: Option<String> = connection
        .statement(Statement::TeamOwn)?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(Team {
        id,
        own: own_fields(own)?,
        version: uint(row.get(1)?),
        created: time(row.get(2)?),
        modified: time(row.get(3)?),
        deleted: row.get::<_, Option<i64>>(4)?.map(time),
        source: source(row.get(5)?)?,
        paused: is_paused(row.get(6)?),
        attributes: serde_json::from_str(doc).map_err(|error| Failure::damaged("a team", error))?,
    })
}
