//! The outbox inside a unit's savepoint, and what recipients say of it.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::unit::Unit;
use crate::directory::StreamId;
use crate::store::Settlement;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::ready_events::{ReadyEvent, ReadyOutbox, ReadyResult, StreamStep};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, nanos};

/// How many rows are cleared away at once.
const CHUNK: i64 = 1_000;
/// How much of a reason is kept, in bytes.
const REASON: usize = 500;

/// What the writer does for events besides units.
#[derive(Debug)]
pub enum EventWork {
    /// A recipient said something.
    Settle(StreamId, Settlement),
    /// What nobody waits for goes.
    Prune {
        /// What is older.
        before: i64,
    },
}

impl EventWork {
    /// Does it; returns how many rows it was about.
    pub fn run(&self, connection: &Connection) -> Fallible<u64> {
        match self {
            Self::Settle(stream, settlement) => settle(connection, stream.0, settlement),
            Self::Prune { before } => prune(connection, *before),
        }
    }
}

impl Unit<'_> {
    /// Changes a stream or a key.
    pub(super) fn events(&self, step: &StreamStep) -> Fallible<()> {
        match step {
            StreamStep::Create { stream, secret } => {
                self.connection
                    .statement(Statement::StreamInsert)?
                    .execute(params![
                        stream.id.as_bytes(),
                        stream.name,
                        stream.created,
                        secret.sha256,
                        secret.prefix,
                        secret
                            .authorization
                            .as_ref()
                            .map(crate::secret::Secret::expose),
                        stream.definition
                    ])
                    .map_err(|error| super::resource::conflict(error, &stream.id))?;
                Ok(())
            }
            StreamStep::Update { stream, reset } => {
                let changed = self
                    .connection
                    .statement(Statement::StreamUpdate)?
                    .execute(params![stream.id.as_bytes(), stream.definition])?;
                if changed == 0 {
                    return Err(Failure::stale(format!("stream {} is gone", stream.id)));
                }
                if *reset {
                    self.connection
                        .statement(Statement::StreamReset)?
                        .execute([stream.id.as_bytes()])?;
                }
                Ok(())
            }
            StreamStep::Remove { id } => {
                let removed = self
                    .connection
                    .statement(Statement::StreamRemove)?
                    .execute(params![id.as_bytes(), self.at])?;
                if removed == 0 {
                    return Err(Failure::stale(format!("stream {id} is gone")));
                }
                Ok(())
            }
            StreamStep::Key { id, pkcs8 } => {
                self.connection
                    .statement(Statement::SigningKeyInsert)?
                    .execute(params![id.as_bytes(), self.at, pkcs8.expose()])?;
                Ok(())
            }
        }
    }

    /// Writes the outbox. After the changes, so that versions are known.
    pub(super) fn outbox(&mut self, outbox: &ReadyOutbox) -> Fallible<()> {
        if let Some(ReadyResult {
            txn,
            result,
            part_of,
        }) = &outbox.finished
        {
            // The one place where a request counts as executed: a second execution finds no row, or a part its row, and
            // is undone.
            let finished = match part_of {
                None => self
                    .connection
                    .statement(Statement::AsyncFinish)?
                    .execute(params![txn, self.at, result])?,
                Some(client) => self
                    .connection
                    .statement(Statement::AsyncPart)?
                    .execute(params![txn, client, self.at, result])?,
            };
            if finished == 0 {
                return Err(Failure::stale(format!(
                    "request {txn} was executed already"
                )));
            }
        }
        if let Some(request) = &outbox.accepted {
            self.connection
                .statement(Statement::AsyncInsert)?
                .execute(params![
                    request.txn,
                    request.client,
                    request.at,
                    request.call
                ])?;
        }
        for event in &outbox.events {
            self.event(outbox, event)?;
        }
        Ok(())
    }

    fn event(&mut self, outbox: &ReadyOutbox, event: &ReadyEvent) -> Fallible<()> {
        let bytes = i64::try_from(event.text.len()).unwrap_or(i64::MAX);
        let mut hearers = Vec::with_capacity(event.streams.len());
        for stream in &event.streams {
            let queued = self
                .connection
                .statement(Statement::StreamQueue)?
                .execute(params![
                    stream.as_bytes(),
                    bytes,
                    outbox.max_events,
                    outbox.max_bytes
                ])?;
            if queued == 1 {
                hearers.push(stream);
                continue;
            }
            let missed = self
                .connection
                .statement(Statement::StreamMiss)?
                .execute(params![stream.as_bytes(), self.at])?;
            if missed == 1 {
                self.committed.overflowed.push(StreamId(*stream));
            }
        }
        if hearers.is_empty() {
            return Ok(());
        }
        let version = event.resource.and_then(|id| self.version_of(id));
        self.connection
            .statement(Statement::EventInsert)?
            .execute(params![
                self.at,
                outbox.txn,
                version,
                i64::try_from(hearers.len()).unwrap_or(i64::MAX),
                bytes,
                event.text
            ])?;
        let seq = self.connection.last_insert_rowid();
        for stream in hearers {
            self.connection
                .statement(Statement::DeliveryInsert)?
                .execute(params![stream.as_bytes(), seq])?;
        }
        Ok(())
    }

    /// The version a resource has after the unit.
    fn version_of(&self, id: Uuid) -> Option<i64> {
        let members = self.committed.members.iter().map(|(id, v)| (id.0, *v));
        let teams = self.committed.teams.iter().map(|(id, v)| (id.0, *v));
        members
            .chain(teams)
            .find(|(known, _)| *known == id)
            .map(|(_, version)| int(version))
    }
}

fn settle(connection: &Connection, stream: Uuid, settlement: &Settlement) -> Fallible<u64> {
    let at = settlement.at.map(nanos);
    let floor: Option<i64> = connection
        .statement(Statement::StreamFloor)?
        .query_row([stream.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(floor) = floor else { return Ok(0) };
    let (mut acknowledged, mut refused, mut bytes) = (0, 0, 0);
    for seq in &settlement.acknowledged {
        let Some(size) = take(connection, stream, floor, int(*seq))? else {
            continue;
        };
        release(connection, int(*seq))?;
        acknowledged += 1;
        bytes += size;
    }
    for (seq, reason) in &settlement.refused {
        let Some(size) = take(connection, stream, floor, int(*seq))? else {
            continue;
        };
        connection
            .statement(Statement::DeliveryRefuse)?
            .execute(params![stream.as_bytes(), int(*seq), at, kept(reason)])?;
        refused += 1;
        bytes += size;
    }
    connection
        .statement(Statement::StreamSettle)?
        .execute(params![
            stream.as_bytes(),
            acknowledged,
            refused,
            bytes,
            at,
            settlement.error.as_deref().map(kept)
        ])?;
    Ok(u64::try_from(acknowledged + refused).unwrap_or(0))
}

/// Takes an event from the queue of a stream and returns its size; `None` where it did not wait there.
fn take(connection: &Connection, stream: Uuid, floor: i64, seq: i64) -> Fallible<Option<i64>> {
    if seq <= floor {
        return Ok(None);
    }
    let taken = connection
        .statement(Statement::DeliveryTake)?
        .execute(params![stream.as_bytes(), seq])?;
    if taken == 0 {
        return Ok(None);
    }
    Ok(connection
        .statement(Statement::EventBytes)?
        .query_row([seq], |row| row.get(0))
        .optional()?)
}

/// One less waits for an event; where nobody does, it goes.
fn release(connection: &Connection, seq: i64) -> Fallible<()> {
    let left: Option<i64> = connection
        .statement(Statement::EventRelease)?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    if left.is_some_and(|left| left <= 0) {
        connection
            .statement(Statement::EventDelete)?
            .execute([seq])?;
    }
    Ok(())
}

fn prune(connection: &Connection, before: i64) -> Fallible<u64> {
    let mut removed = connection
        .statement(Statement::AsyncPrune)?
        .execute(params![before, CHUNK])?;
    let streams: Vec<(Uuid, i64, bool)> = connection
        .statement(Statement::StreamFloors)?
        .query_and_then([], |row| {
            Ok::<_, Failure>((
                crate::store::sqlite::values::uuid(row, 0)?,
                row.get(1)?,
                row.get(2)?,
            ))
        })?
        .collect::<Fallible<_>>()?;
    for (stream, floor, is_removed) in streams {
        let floor = if is_removed { i64::MAX } else { floor };
        let old = if is_removed { i64::MAX } else { before };
        let doomed: Vec<(i64, i64)> = connection
            .statement(Statement::DeliveryDoomed)?
            .query_map(params![stream.as_bytes(), floor, old, CHUNK], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        for (refused, event) in &doomed {
            connection
                .statement(Statement::DeliveryDelete)?
                .execute(params![stream.as_bytes(), refused, event])?;
            release(connection, *event)?;
        }
        if is_removed && doomed.is_empty() {
            removed += connection
                .statement(Statement::StreamDelete)?
                .execute([stream.as_bytes()])?;
        }
        removed += doomed.len();
    }
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

fn kept(reason: &str) -> &str {
    let end = (0..=REASON.min(reason.len()))
        .rev()
        .find(|end| reason.is_char_boundary(*end))
        .unwrap_or(0);
    reason.get(..end).unwrap_or_default()
}
