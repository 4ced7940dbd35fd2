//! Streams and their queues, accepted requests, and keys.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::directory::{SigningKeyId, StreamId};
use crate::secret::Secret;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{time, uint, uuid};
use crate::store::{AcceptedRequest, AsyncState, QueuedEvent, SigningKeyRow, StreamRow};

/// All streams, oldest first.
pub fn streams(connection: &Connection) -> Fallible<Vec<StreamRow>> {
    connection
        .statement(Statement::Streams)?
        .query_and_then([], stream)?
        .collect()
}

/// The stream of a poll token.
pub fn by_token(connection: &Connection, sha256: &[u8; 32]) -> Fallible<Option<StreamId>> {
    connection
        .statement(Statement::StreamByToken)?
        .query_and_then([sha256], |row| uuid(row, 0).map(StreamId))?
        .next()
        .transpose()
}

/// What a push stream authenticates with.
pub fn authorization(connection: &Connection, id: StreamId) -> Fallible<Option<Secret>> {
    let text: Option<Option<String>> = connection
        .statement(Statement::StreamAuthorization)?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(text.flatten().map(Secret::new))
}

/// The oldest events that wait for a stream.
pub fn waiting(
    connection: &Connection,
    id: StreamId,
    limit: u32,
    bytes: u64,
) -> Fallible<Vec<QueuedEvent>> {
    let mut found: Vec<QueuedEvent> = Vec::new();
    let mut size = 0;
    let mut statement = connection.statement(Statement::EventsWaiting)?;
    for event in statement.query_and_then(params![id.0.as_bytes(), limit], queued)? {
        let event = event?;
        size += event.bytes;
        if size > bytes && !found.is_empty() {
            break;
        }
        found.push(event);
    }
    Ok(found)
}

/// The signing keys, newest first.
pub fn signing_keys(connection: &Connection) -> Fallible<Vec<SigningKeyRow>> {
    connection
        .statement(Statement::SigningKeys)?
        .query_and_then([], |row| {
            Ok(SigningKeyRow {
                id: SigningKeyId(uuid(row, 0)?),
                created: time(row.get(1)?),
                pkcs8: Secret::new(row.get(2)?),
            })
        })?
        .collect()
}

/// The accepted requests that wait, oldest first.
pub fn accepted(connection: &Connection, limit: u32) -> Fallible<Vec<AcceptedRequest>> {
    connection
        .statement(Statement::AsyncWaiting)?
        .query_and_then([limit], |row| {
            Ok(AcceptedRequest {
                txn: row.get(0)?,
                client: row.get(1)?,
                at: time(row.get(2)?),
                call: row.get(3)?,
            })
        })?
        .collect()
}

/// The clients of whom any wait.
pub fn accepted_clients(connection: &Connection) -> Fallible<Vec<String>> {
    Ok(connection
        .statement(Statement::AsyncClients)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// How many requests of a client wait.
pub fn count_accepted(connection: &Connection, client: &str) -> Fallible<u64> {
    Ok(uint(
        connection
            .statement(Statement::AsyncCount)?
            .query_row([client], |row| row.get(0))?,
    ))
}

/// What became of an accepted request.
pub fn async_state(connection: &Connection, txn: &str) -> Fallible<Option<AsyncState>> {
    connection
        .statement(Statement::AsyncByTxn)?
        .query_and_then([txn], |row| {
            let (done, result): (Option<i64>, Option<String>) = (row.get(1)?, row.get(2)?);
            let done = match (done, result) {
                (Some(done), Some(text)) => {
                    let event = serde_json::from_str(&text).map_err(|error| {
                        Failure::damaged("the result of an asynchronous request", error)
                    })?;
                    Some((time(done), event))
                }
                _ => None,
            };
            Ok(AsyncState {
                client: row.get(0)?,
                done,
            })
        })?
        .next()
        .transpose()
}

fn queued(row: &Row<'_>) -> Fallible<QueuedEvent> {
    let text: String = row.get(5)?;
    Ok(QueuedEvent {
        seq: uint(row.get(0)?),
        at: time(row.get(1)?),
        txn: row.get(2)?,
        version: row.get::<_, Option<i64>>(3)?.map(uint),
        bytes: uint(row.get(4)?),
        event: serde_json::from_str(&text).map_err(|error| Failure::damaged("an event", error))?,
    })
}

fn stream(row: &Row<'_>) -> Fallible<StreamRow> {
    let moment = |column: usize| Ok::<_, Failure>(row.get::<_, Option<i64>>(column)?.map(time));
    let definition: String = row.get(0)?;
    Ok(StreamRow {
        stream: serde_json::from_str(&definition)
            .map_err(|error| Failure::damaged("an event stream", error))?,
        token_prefix: row.get(1)?,
        has_authorization: row.get(2)?,
        pending: uint(row.get(3)?),
        pending_bytes: uint(row.get(4)?),
        oldest: moment(5)?,
        delivered: uint(row.get(6)?),
        last_delivered: moment(7)?,
        refused: uint(row.get(8)?),
        lost: uint(row.get(9)?),
        gap_since: moment(10)?,
        last_error: row.get(11)?,
        last_error_at: moment(12)?,
    })
}
