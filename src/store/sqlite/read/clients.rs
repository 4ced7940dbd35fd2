//! OAuth clients, and the access tokens they hold.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::directory::{ClientAuthentication, ClientId, TokenId};
use crate::store::ClientRecord;
use crate::store::rows::ClientRow;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{nanos, time, uuid};

/// One client with what it is known by.
pub fn by_id(connection: &Connection, id: ClientId) -> Fallible<Option<ClientRecord>> {
    connection
        .statement(Statement::ClientById)?
        .query_and_then([id.0.as_bytes()], |line| {
            Ok(ClientRecord {
                row: row(line)?,
                secret_sha256: line.get(8)?,
                keys: line.get(9)?,
            })
        })?
        .next()
        .transpose()
}

/// All clients, newest first.
pub fn all(connection: &Connection) -> Fallible<Vec<ClientRow>> {
    connection
        .statement(Statement::Clients)?
        .query_and_then([], row)?
        .collect()
}

/// The access tokens of a client that still open something, oldest first.
pub fn live_tokens(
    connection: &Connection,
    id: ClientId,
    now: Timestamp,
) -> Fallible<Vec<TokenId>> {
    connection
        .statement(Statement::ClientTokens)?
        .query_and_then(params![id.0.as_bytes(), nanos(now)], |row| {
            Ok(TokenId(uuid(row, 0)?))
        })?
        .collect()
}

fn row(row: &Row<'_>) -> Fallible<ClientRow> {
    let moment = |column: usize| Ok::<_, Failure>(row.get::<_, Option<i64>>(column)?.map(time));
    let word: String = row.get(2)?;
    Ok(ClientRow {
        id: ClientId(uuid(row, 0)?),
        name: row.get(1)?,
        authentication: ClientAuthentication::parse(&word)
            .ok_or_else(|| Failure::damaged("the authentication of a client", &word))?,
        prefix: row.get(3)?,
        created: time(row.get(4)?),
        last_used: moment(5)?,
        revoked: moment(6)?,
        redirect_uris: serde_json::from_str(&row.get::<_, String>(7)?)
            .map_err(|error| Failure::damaged("the redirect URIs of a client", error))?,
    })
}
