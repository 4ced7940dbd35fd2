//! How the types of the directory are written into columns, and read back. The one place for both ways.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use uuid::Uuid;

use super::failure::{Failure, Fallible};
use crate::directory::{ActorKind, Management, Member, Origin, Team, TeamSource};
use crate::scim::ResourceKind;
use crate::store::rows::TokenScope;

/// Nanoseconds since 1970. What lies outside the years 1678 to 2262 is cut to them.
pub fn nanos(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond()).unwrap_or(if time.as_nanosecond() < 0 {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// The time a column holds.
pub fn time(nanos: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanos))
        .expect("64 bits of nanoseconds lie within the years a timestamp can hold")
}

/// A count as SQLite keeps it.
pub fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count read back; what is below zero counts as zero.
pub fn uint(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// The number of a kind in the column `kind`.
pub fn kind_number(kind: ResourceKind) -> i64 {
    match kind {
        ResourceKind::User => 1,
        ResourceKind::Group => 2,
    }
}

/// The index over the names of a kind, by its number in the column `kind`.
pub fn name_index(kind: i64) -> &'static str {
    if kind == kind_number(ResourceKind::User) {
        "resource_uname"
    } else {
        "resource_team_name"
    }
}

/// The number of an origin in the column `origin` of a user.
pub fn origin_number(origin: Origin) -> i64 {
    match origin {
        Origin::Scim => 1,
        Origin::Jit => 2,
        Origin::Manual => 3,
    }
}

/// The origin behind a number.
pub fn origin(number: i64) -> Fallible<Origin> {
    match number {
        1 => Ok(Origin::Scim),
        2 => Ok(Origin::Jit),
        3 => Ok(Origin::Manual),
        other => Err(Failure::damaged("the origin of a member", other)),
    }
}

/// The owner, in the column `flags` of a user.
const OWNER: i64 = 1;
/// A recovery admin.
const RECOVERY: i64 = 2;
/// Linked to an identity provider that found them here.
const LINKED: i64 = 4;
/// Provisioned altogether.
const PROVISIONED: i64 = 8;
/// A team whose sync is paused, in the column `flags` of a group.
const PAUSED: i64 = 16;

/// What the column `flags` holds of a member.
pub fn member_flags(member: &Member) -> i64 {
    let management = match member.management {
        Management::Local => 0,
        Management::Linked => LINKED,
        Management::Provisioned => PROVISIONED,
    };
    let flag = |is_set: bool, flag: i64| if is_set { flag } else { 0 };
    management + flag(member.owner, OWNER) + flag(member.recovery, RECOVERY)
}

/// Whether the flags are the owner's.
pub fn is_owner(flags: i64) -> bool {
    flags & OWNER != 0
}

/// Whether the flags are a recovery admin's.
pub fn is_recovery(flags: i64) -> bool {
    flags & RECOVERY != 0
}

/// The management in the flags.
pub fn management(flags: i64) -> Management {
    if flags & PROVISIONED != 0 {
        Management::Provisioned
    } else if flags & LINKED != 0 {
        Management::Linked
    } else {
        Management::Local
    }
}

/// What the column `flags` holds of a team.
pub fn team_flags(team: &Team) -> i64 {
    if team.paused { PAUSED } else { 0 }
}

/// Whether the flags are a paused team's.
pub fn is_paused(flags: i64) -> bool {
    flags & PAUSED != 0
}

/// The number of a source in the column `origin` of a group.
pub fn source_number(source: TeamSource) -> i64 {
    match source {
        TeamSource::Synced => 1,
        TeamSource::Local => 2,
        TeamSource::Unlinked => 3,
        TeamSource::Released => 4,
    }
}

/// The source behind a number.
pub fn source(number: i64) -> Fallible<TeamSource> {
    match number {
        1 => Ok(TeamSource::Synced),
        2 => Ok(TeamSource::Local),
        3 => Ok(TeamSource::Unlinked),
        4 => Ok(TeamSource::Released),
        other => Err(Failure::damaged("the source of a team", other)),
    }
}

/// The word of a scope.
pub fn scope_word(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Scim => "scim",
        TokenScope::Admin => "admin",
    }
}

/// The scope behind a word.
pub fn scope(word: &str) -> Fallible<TokenScope> {
    match word {
        "scim" => Ok(TokenScope::Scim),
        "admin" => Ok(TokenScope::Admin),
        other => Err(Failure::damaged("the scope of a token", other)),
    }
}

/// The word of a kind of actor.
pub fn actor_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Idp => "idp",
        ActorKind::Admin => "admin",
        ActorKind::System => "system",
        ActorKind::Recovery => "recovery",
        ActorKind::SignIn => "sign_in",
    }
}

/// The kind of actor behind a word.
pub fn actor_kind(word: &str) -> Fallible<ActorKind> {
    match word {
        "idp" => Ok(ActorKind::Idp),
        "admin" => Ok(ActorKind::Admin),
        "system" => Ok(ActorKind::System),
        "recovery" => Ok(ActorKind::Recovery),
        "sign_in" => Ok(ActorKind::SignIn),
        other => Err(Failure::damaged("the actor of a change", other)),
    }
}

/// A UUID column.
pub fn uuid(row: &Row<'_>, column: usize) -> Fallible<Uuid> {
    match row.get_ref(column)? {
        ValueRef::Blob(bytes) => {
            Uuid::from_slice(bytes).map_err(|error| Failure::damaged("an id", error))
        }
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => {
            Err(Failure::Damaged("an id is not 16 bytes".into()))
        }
    }
}

/// A UUID column that may be NULL.
pub fn optional_uuid(row: &Row<'_>, column: usize) -> Fallible<Option<Uuid>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => uuid(row, column).map(Some),
    }
}

/// The bytes of a text column, without a check of their encoding. Empty where it is NULL.
pub fn text_bytes<'a>(row: &'a Row<'_>, column: usize) -> Fallible<&'a [u8]> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_to_the_nanosecond() {
        let at: Timestamp = "2026-11-22T03:04:05.123456789Z"
            .parse()
            .expect("a timestamp");
        assert_eq!(time(nanos(at)), at);
        assert_eq!(time(nanos(Timestamp::MAX)), time(i64::MAX));
        assert_eq!(time(nanos(Timestamp::MIN)), time(i64::MIN));
    }
}
