//! Members by id and by key, whole or by name.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::admins;
use crate::directory::effective;
use crate::directory::fold::fold;
use crate::directory::policy::Roles;
use crate::directory::{Member, MemberId, TeamId};
use crate::scim::ResourceKind;
use crate::store::MemberKey;
use crate::store::rows::MemberRow;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::indexed;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{
    int, is_owner, is_recovery, kind_number, management, origin, time, uint, uuid,
};

/// More members than this never share an e-mail address in a list of them.
const MOST_BY_EMAIL: i64 = 1_000;
const USER: i64 = 1;

/// One member, soft-deleted or not.
pub fn by_id(connection: &Connection, id: MemberId) -> Fallible<Option<Member>> {
    connection
        .statement(Statement::ResourceById)?
        .query_and_then(params![id.0.as_bytes(), USER], member)?
        .next()
        .transpose()
}

/// One member by sequence number.
pub fn by_seq(connection: &Connection, seq: i64) -> Fallible<Option<Member>> {
    connection
        .statement(Statement::ResourceBySeq)?
        .query_and_then([seq], member)?
        .next()
        .transpose()
}

/// Live members with a key.
pub fn by_key(connection: &Connection, key: &MemberKey) -> Fallible<Vec<Member>> {
    match key {
        MemberKey::UserName(name) => connection
            .statement(Statement::MemberByName)?
            .query_and_then([fold(name)], member)?
            .collect(),
        MemberKey::ExternalId(id) => connection
            .statement(Statement::ResourceByExt)?
            .query_and_then(params![USER, id], member)?
            .collect(),
        MemberKey::Email(address) => {
            let folded = fold(address);
            let key = indexed::key(&folded);
            let mut found: Vec<Member> = connection
                .statement(Statement::ResourceByAttr)?
                .query_and_then(params![indexed::EMAIL, key, MOST_BY_EMAIL], member)?
                .collect::<Result<_, _>>()?;
            if key != folded {
                found.retain(|member| has_email(member, &folded));
            }
            Ok(found)
        }
    }
}

/// Members whom identity providers provisioned, oldest first, without the owner and recovery admins.
pub fn provisioned(connection: &Connection, limit: u64) -> Fallible<Vec<Member>> {
    connection
        .statement(Statement::Provisioned)?
        .query_and_then([int(limit)], member)?
        .collect()
}

/// What is left of a member who is gone or hidden, as they were.
pub fn former(connection: &Connection, id: MemberId) -> Fallible<Option<Member>> {
    connection
        .statement(Statement::TombstoneById)?
        .query_and_then(params![id.0.as_bytes()], entombed)?
        .next()
        .transpose()
}

/// Members who are gone or hidden and had a key, as they were, newest first. Those who live on as somebody else are not
/// among them.
pub fn former_by_key(connection: &Connection, key: &MemberKey) -> Fallible<Vec<Member>> {
    let (statement, value) = match key {
        MemberKey::UserName(name) => (Statement::TombstonesByUname, fold(name)),
        MemberKey::ExternalId(id) => (Statement::TombstonesByExt, id.clone()),
        MemberKey::Email(address) => (Statement::TombstonesByEmail, fold(address)),
    };
    connection
        .statement(statement)?
        .query_and_then([value], entombed)?
        .collect()
}

fn entombed(row: &Row<'_>) -> Fallible<Member> {
    let object = row
        .get_ref(0)?
        .as_str()
        .map_err(|error| Failure::damaged("a tombstone", error))?;
    serde_json::from_str(object).map_err(|error| Failure::damaged("a tombstone", error))
}

fn has_email(member: &Member, folded: &str) -> bool {
    member
        .attributes
        .get("emails")
        .and_then(serde_json::Value::as_array)
        .is_some_and(|emails| {
            emails
                .iter()
                .filter_map(|email| email.get("value")?.as_str())
                .any(|value| fold(value) == folded)
        })
}

/// The names of those who exist.
pub fn names(connection: &Connection, ids: &[MemberId]) -> Fallible<BTreeMap<MemberId, String>> {
    let mut names = BTreeMap::new();
    let mut name = connection.statement(Statement::CardName)?;
    for id in ids {
        let Some(seq) = live_seq(connection, ResourceKind::User, id.0)? else {
            continue;
        };
        if let Some(text) = name.query_row([seq], |row| row.get(0)).optional()? {
            names.insert(*id, text);
        }
    }
    Ok(names)
}

/// Of the teams a member is in those that SCIM does not show.
pub fn released_teams_of(connection: &Connection, id: MemberId) -> Fallible<BTreeSet<TeamId>> {
    connection
        .statement(Statement::ReleasedTeamsOf)?
        .query_and_then([id.0.as_bytes()], |row| Ok(TeamId(uuid(row, 0)?)))?
        .collect()
}

/// The teams of a live member, in the order in which the teams were made.
pub fn teams_of(connection: &Connection, id: MemberId) -> Fallible<Vec<(TeamId, String)>> {
    let Some(seq) = live_seq(connection, ResourceKind::User, id.0)? else {
        return Ok(Vec::new());
    };
    connection
        .statement(Statement::TeamsOf)?
        .query_and_then([seq], |row| Ok((TeamId(uuid(row, 0)?), row.get(1)?)))?
        .collect()
}

/// Members in all and active ones.
pub fn count(connection: &Connection) -> Fallible<(u64, u64)> {
    Ok(connection
        .statement(Statement::Tally)?
        .query_row([], |row| Ok((uint(row.get(0)?), uint(row.get(1)?))))?)
}

/// One member as a list shows it under these roles, soft-deleted or not.
pub fn row(connection: &Connection, roles: &Roles, id: MemberId) -> Fallible<Option<MemberRow>> {
    let seq: Option<i64> = connection
        .statement(Statement::SeqOfAny)?
        .query_row(params![id.0.as_bytes(), USER], |row| row.get(0))
        .optional()?;
    seq.map_or(Ok(None), |seq| row_by_seq(connection, roles, seq))
}

/// One member as a list shows it under these roles, by sequence number.
pub fn row_by_seq(connection: &Connection, roles: &Roles, seq: i64) -> Fallible<Option<MemberRow>> {
    let Some(member) = by_seq(connection, seq)? else {
        return Ok(None);
    };
    let access = effective::access(roles, &member, &admins::team_roles_of(connection, seq)?);
    let leads = access.roles.iter().any(|held| held.leads(roles));
    let mut effect = access.roles;
    effect.retain(|held| held.without_effect.is_none());
    effect.sort_by_key(|held| !held.leads(roles));
    let mut in_effect: Vec<String> = Vec::new();
    for held in effect {
        if !in_effect.contains(&held.role) {
            in_effect.push(held.role);
        }
    }
    let teams: i64 = connection
        .statement(Statement::TeamCountOf)?
        .query_row([seq], |row| row.get(0))?;
    Ok(Some(MemberRow {
        id: member.id,
        name: member.display_name(),
        user_name: member.user_name().to_owned(),
        email: member.email().map(str::to_owned),
        active: member.is_active(),
        role: member.role().map(str::to_owned),
        custom_roles: member
            .custom_roles()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        roles: in_effect,
        leads,
        teams: u32::try_from(teams).unwrap_or(u32::MAX),
        origin: member.origin,
        owner: member.owner,
        deleted: member.deleted,
        modified: member.modified,
    }))
}

/// The sequence number of a live resource.
pub fn live_seq(connection: &Connection, kind: ResourceKind, id: Uuid) -> Fallible<Option<i64>> {
    Ok(connection
        .statement(Statement::SeqById)?
        .query_row(params![id.as_bytes(), kind_number(kind)], |row| row.get(0))
        .optional()?)
}

/// The member in a row of all columns.
fn member(row: &Row<'_>) -> Fallible<Member> {
    let doc = row
        .get_ref(7)?
        .as_str()
        .map_err(|error| Failure::damaged("a member", error))?;
    let flags: i64 = row.get(6)?;
    Ok(Member {
        id: MemberId(uuid(row, 0)?),
        version: uint(row.get(1)?),
        created: time(row.get(2)?),
        modified: time(row.get(3)?),
        deleted: row.get::<_, Option<i64>>(4)?.map(time),
        origin: origin(row.get(5)?)?,
        management: management(flags),
        owner: is_owner(flags),
        recovery: is_recovery(flags),
        invited: row.get::<_, Option<i64>>(8)?.map(time),
        attributes: serde_json::from_str(doc)
            .map_err(|error| Failure::damaged("a member", error))?,
    })
}
