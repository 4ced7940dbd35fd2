//! The outbox of a unit and the changes of streams and keys, as rows ready to bind.

use uuid::Uuid;

use super::failure::{Failure, Fallible};
use super::values::{int, nanos};
use crate::directory::{Change, Stream};
use crate::scim::events::Event;
use crate::store::{Outbox, StoreError, StreamSecret};

/// What a unit tells others.
#[derive(Debug)]
pub struct ReadyOutbox {
    /// The transaction its events are part of.
    pub txn: String,
    /// The events.
    pub events: Vec<ReadyEvent>,
    /// How many events may wait for one recipient.
    pub max_events: i64,
    /// How many bytes of them.
    pub max_bytes: i64,
    /// A request that waits from now on.
    pub accepted: Option<ReadyRequest>,
    /// The request that this unit executes, and what came of it.
    pub finished: Option<ReadyResult>,
}

/// What came of a request.
#[derive(Debug)]
pub struct ReadyResult {
    /// Which.
    pub txn: String,
    /// The event that tells it.
    pub result: String,
    /// Whose it is, where it has no row yet.
    pub part_of: Option<String>,
}

/// An event.
#[derive(Debug)]
pub struct ReadyEvent {
    /// Its text.
    pub text: String,
    /// The resource whose version it tells.
    pub resource: Option<Uuid>,
    /// Who hears of it.
    pub streams: Vec<Uuid>,
}

/// An accepted request.
#[derive(Debug)]
pub struct ReadyRequest {
    /// Its transaction.
    pub txn: String,
    /// Whose it is.
    pub client: String,
    /// When it came.
    pub at: i64,
    /// The request.
    pub call: String,
}

/// A change of a stream or a key.
#[derive(Debug)]
pub enum StreamStep {
    /// A stream comes to be.
    Create {
        /// Its columns.
        stream: ReadyStream,
        /// Its secrets.
        secret: StreamSecret,
    },
    /// A stream changes.
    Update {
        /// Its columns.
        stream: ReadyStream,
        /// Whether its queue is dropped.
        reset: bool,
    },
    /// A stream is gone.
    Remove {
        /// Which.
        id: Uuid,
    },
    /// A key is there.
    Key {
        /// Which.
        id: Uuid,
        /// PKCS #8 in base64.
        pkcs8: crate::secret::Secret,
    },
}

/// The columns of a stream.
#[derive(Debug)]
pub struct ReadyStream {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// The whole of it as JSON.
    pub definition: String,
}

impl ReadyOutbox {
    /// Makes rows of an outbox; `None` where there is nothing to write.
    pub fn from_outbox(outbox: Outbox) -> Fallible<Option<Box<Self>>> {
        if outbox.events.is_empty() && outbox.accepted.is_none() && outbox.finished.is_none() {
            return Ok(None);
        }
        let events = outbox
            .events
            .into_iter()
            .map(|new| {
                Ok(ReadyEvent {
                    text: text(&new.event)?,
                    resource: new.resource,
                    streams: new.streams.into_iter().map(|stream| stream.0).collect(),
                })
            })
            .collect::<Fallible<_>>()?;
        let finished = outbox
            .finished
            .map(|finished| {
                Ok::<_, Failure>(ReadyResult {
                    result: text(&finished.event)?,
                    txn: finished.txn,
                    part_of: finished.part_of,
                })
            })
            .transpose()?;
        Ok(Some(Box::new(Self {
            txn: outbox.txn,
            events,
            max_events: int(outbox.limit.events),
            max_bytes: int(outbox.limit.bytes),
            accepted: outbox.accepted.map(|request| ReadyRequest {
                txn: request.txn,
                client: request.client,
                at: nanos(request.at),
                call: request.call,
            }),
            finished,
        })))
    }
}

impl StreamStep {
    /// Makes a step of a change of a stream or a key; the secrets come from the outbox.
    pub fn from_change(change: Change, outbox: &mut Outbox) -> Fallible<Self> {
        match change {
            Change::StreamCreated { after } => Ok(Self::Create {
                stream: stream(&after)?,
                secret: outbox.stream_secret.take().unwrap_or_default(),
            }),
            Change::StreamUpdated { after, reset, .. } => Ok(Self::Update {
                stream: stream(&after)?,
                reset,
            }),
            Change::StreamRemoved { before } => Ok(Self::Remove { id: before.id.0 }),
            Change::SigningKeyAdded { id } => {
                let pkcs8 = outbox
                    .signing_key
                    .take()
                    .ok_or_else(|| Failure::stale(format!("key {id} came without itself")))?;
                Ok(Self::Key { id: id.0, pkcs8 })
            }
            _ => Err(Failure::stale("this change is none of a stream")),
        }
    }
}

fn stream(stream: &Stream) -> Fallible<ReadyStream> {
    Ok(ReadyStream {
        id: stream.id.0,
        name: stream.name.clone(),
        created: nanos(stream.created),
        definition: serde_json::to_string(stream).map_err(unwritable)?,
    })
}

fn text(event: &Event) -> Fallible<String> {
    serde_json::to_string(event).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Failure {
    Failure::Refused(StoreError::Database(Box::new(error)))
}
