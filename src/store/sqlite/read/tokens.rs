//! Bearer tokens without their secrets, and passwords.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::directory::{ClientId, MemberId, TokenId};
use crate::store::rows::TokenRow;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{optional_uuid, scope, time, uuid};

/// The token whose secret has this hash.
pub fn by_hash(connection: &Connection, sha256: &[u8; 32]) -> Fallible<Option<TokenRow>> {
    connection
        .statement(Statement::TokenByHash)?
        .query_and_then([sha256], token)?
        .next()
        .transpose()
}

/// All tokens, newest first.
pub fn all(connection: &Connection) -> Fallible<Vec<TokenRow>> {
    connection
        .statement(Statement::Tokens)?
        .query_and_then([], token)?
        .collect()
}

/// The live tokens that belong to a member, with their names.
pub fn owned_by(connection: &Connection, owner: MemberId) -> Fallible<Vec<(TokenId, String)>> {
    connection
        .statement(Statement::OwnedTokens)?
        .query_and_then([owner.0.as_bytes()], |row| {
            Ok((TokenId(uuid(row, 0)?), row.get(1)?))
        })?
        .collect()
}

/// The password hash of a member.
pub fn password_hash(connection: &Connection, member: MemberId) -> Fallible<Option<String>> {
    Ok(connection
        .statement(Statement::Credential)?
        .query_row([member.0.as_bytes()], |row| row.get(0))
        .optional()?)
}

fn token(row: &Row<'_>) -> Fallible<TokenRow> {
    let moment = |column: usize| Ok::<_, Failure>(row.get::<_, Option<i64>>(column)?.map(time));
    let word: String = row.get(3)?;
    Ok(TokenRow {
        id: TokenId(uuid(row, 0)?),
        name: row.get(1)?,
        prefix: row.get(2)?,
        scope: scope(&word)?,
        created: time(row.get(4)?),
        expires: moment(5)?,
        last_used: moment(6)?,
        revoked: moment(7)?,
        rotated: moment(8)?,
        client: optional_uuid(row, 9)?.map(ClientId),
        owner: optional_uuid(row, 10)?.map(MemberId),
    })
}
