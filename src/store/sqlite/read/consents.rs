//! What admins have granted OAuth clients, and the refresh tokens that follow.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::directory::{ClientId, ConsentId};
use crate::store::rows::{ConsentRow, RefreshRow};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{nanos, time, uuid};

/// One consent.
pub fn by_id(connection: &Connection, id: ConsentId) -> Fallible<Option<ConsentRow>> {
    connection
        .statement(Statement::ConsentById)?
        .query_and_then([id.0.as_bytes()], row)?
        .next()
        .transpose()
}

/// The consent whose code has this hash.
pub fn by_code(connection: &Connection, sha256: &[u8; 32]) -> Fallible<Option<ConsentRow>> {
    connection
        .statement(Statement::ConsentByCode)?
        .query_and_then([sha256], row)?
        .next()
        .transpose()
}

/// What a client was granted and uses, oldest first.
pub fn of_client(connection: &Connection, id: ClientId) -> Fallible<Vec<ConsentRow>> {
    connection
        .statement(Statement::ClientConsents)?
        .query_and_then([id.0.as_bytes()], row)?
        .collect()
}

/// Whether a client has a refresh token left that works.
pub fn is_in_force(connection: &Connection, id: ClientId, now: Timestamp) -> Fallible<bool> {
    let has = connection
        .statement(Statement::ClientHasGrant)?
        .query_row(params![id.0.as_bytes(), nanos(now)], |row| row.get(0))?;
    Ok(has)
}

/// The refresh token that has this hash.
pub fn refresh(connection: &Connection, sha256: &[u8; 32]) -> Fallible<Option<RefreshRow>> {
    connection
        .statement(Statement::RefreshByHash)?
        .query_and_then([sha256], |line| {
            Ok(RefreshRow {
                consent: row(line)?,
                created: time(line.get(9)?),
                expires: time(line.get(10)?),
                used: line.get::<_, Option<i64>>(11)?.map(time),
            })
        })?
        .next()
        .transpose()
}

fn row(row: &Row<'_>) -> Fallible<ConsentRow> {
    let moment = |column: usize| Ok::<_, Failure>(row.get::<_, Option<i64>>(column)?.map(time));
    Ok(ConsentRow {
        id: ConsentId(uuid(row, 0)?),
        client: ClientId(uuid(row, 1)?),
        admin: row.get(2)?,
        redirect_uri: row.get(3)?,
        challenge: row.get(4)?,
        created: time(row.get(5)?),
        code_expires: time(row.get(6)?),
        used: moment(7)?,
        revoked: moment(8)?,
    })
}
