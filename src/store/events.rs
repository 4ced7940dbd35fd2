//! What the store keeps for those who want to hear of changes: event streams and their queues, asynchronous requests, and
//! the keys that sign events. The outbox of a unit is written in the transaction of what it tells about.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::StoreError;
use crate::directory::{SigningKeyId, Stream, StreamId};
use crate::scim::events::Event;
use crate::secret::Secret;

/// What a unit tells others, besides what it changes.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The transaction (`txn`) of which its events are part.
    pub txn: String,
    /// What happened, each with those who are to hear of it.
    pub events: Vec<NewEvent>,
    /// How much may wait for each of them.
    pub limit: QueueLimit,
    /// For a `StreamCreated`, its secrets.
    pub stream_secret: Option<StreamSecret>,
    /// For a `SigningKeyAdded`, the key.
    pub signing_key: Option<Secret>,
    /// A request that was accepted and waits for its execution.
    pub accepted: Option<AcceptedRequest>,
    /// The accepted request that this unit executes. `Stale` where it was executed already.
    pub finished: Option<FinishedRequest>,
}

/// An event and those who are to hear of it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// The event.
    pub event: Event,
    /// The resource whose version after the unit it tells.
    pub resource: Option<Uuid>,
    /// Who hears of it.
    pub streams: Vec<StreamId>,
}

/// How much may wait for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimit {
    /// Events.
    pub events: u64,
    /// Bytes of stored events.
    pub bytes: u64,
}

impl Default for QueueLimit {
    fn default() -> Self {
        Self {
            events: 100_000,
            bytes: 256 * 1_024 * 1_024,
        }
    }
}

/// The secrets of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamSecret {
    /// For a poll stream: SHA-256 of the token its recipient polls with.
    pub sha256: Option<[u8; 32]>,
    /// Its first characters, to recognise it by.
    pub prefix: Option<String>,
    /// For a push stream: the value of the `Authorization` header. Kept as it is, since it must be sent as it is.
    pub authorization: Option<Secret>,
}

/// A request that was accepted for asynchronous execution (RFC 9967 §2.5.1.1).
#[derive(Clone, PartialEq, Eq)]
pub struct AcceptedRequest {
    /// What `Set-Txn` told the client.
    pub txn: String,
    /// Whose it is, the name of a token: requests of one client are executed in order.
    pub client: String,
    /// When it came.
    pub at: Timestamp,
    /// The request, as text that the engine can read.
    pub call: String,
}

impl std::fmt::Debug for AcceptedRequest {
    /// Leaves out the request, which holds personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AcceptedRequest")
            .field("txn", &self.txn)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What came of an accepted request.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedRequest {
    /// Which.
    pub txn: String,
    /// The event that tells it.
    pub event: Event,
    /// For a part of an accepted request, which was not accepted by itself: whose it is.
    pub part_of: Option<String>,
}

/// An accepted request as its client asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct AsyncState {
    /// Whose it is.
    pub client: String,
    /// When it was executed and what came of it; `None` while it waits.
    pub done: Option<(Timestamp, Event)>,
}

/// An event that waits for a recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedEvent {
    /// Its place in the order of commits, ascending, never used twice.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// As part of what.
    pub txn: String,
    /// The version of the resource afterwards.
    pub version: Option<u64>,
    /// How long its text is, in bytes.
    pub bytes: u64,
    /// The event.
    pub event: Event,
}

/// What a recipient said of events, or of a try to reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// When.
    pub at: Option<Timestamp>,
    /// These arrived.
    pub acknowledged: Vec<u64>,
    /// These were refused for good, with the reason.
    pub refused: Vec<(u64, String)>,
    /// What went wrong, if anything did.
    pub error: Option<String>,
}

/// A stream as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamRow {
    /// The stream.
    #[serde(flatten)]
    pub stream: Stream,
    /// The first characters of its poll token.
    pub token_prefix: Option<String>,
    /// Whether an `Authorization` header is sent with each push.
    pub has_authorization: bool,
    /// Events that wait.
    pub pending: u64,
    /// Their bytes.
    pub pending_bytes: u64,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// Events its recipient has acknowledged.
    pub delivered: u64,
    /// When it did so last.
    pub last_delivered: Option<Timestamp>,
    /// Events its recipient has refused for good.
    pub refused: u64,
    /// Events that found its queue full and are missing from it.
    pub lost: u64,
    /// When the first of them did; set until the stream is reset.
    pub gap_since: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it did.
    pub last_error_at: Option<Timestamp>,
}

impl StreamRow {
    /// A stream on which nothing has happened yet.
    pub fn new(stream: Stream) -> Self {
        Self {
            stream,
            token_prefix: None,
            has_authorization: false,
            pending: 0,
            pending_bytes: 0,
            oldest: None,
            delivered: 0,
            last_delivered: None,
            refused: 0,
            lost: 0,
            gap_since: None,
            last_error: None,
            last_error_at: None,
        }
    }
}

/// A key that signs events.
#[derive(Clone, Debug)]
pub struct SigningKeyRow {
    /// Its id.
    pub id: SigningKeyId,
    /// When it was made.
    pub created: Timestamp,
    /// The private key, PKCS #8 in base64.
    pub pkcs8: Secret,
}

/// The part of a store that belongs to events.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// All streams, oldest first.
    async fn streams(&self) -> Result<Vec<StreamRow>, StoreError>;
    /// The stream whose poll token has this SHA-256.
    async fn stream_by_token(&self, sha256: &[u8; 32]) -> Result<Option<StreamId>, StoreError>;
    /// The `Authorization` header of a push stream.
    async fn stream_authorization(&self, id: StreamId) -> Result<Option<Secret>, StoreError>;
    /// The oldest events that wait for a stream: `limit` at most, and no more than `bytes` together, but one.
    async fn waiting_events(
        &self,
        id: StreamId,
        limit: u32,
        bytes: u64,
    ) -> Result<Vec<QueuedEvent>, StoreError>;
    /// Notes what a recipient said. Returns once it is durable. Events that do not wait for it are passed over.
    async fn settle_events(&self, id: StreamId, settled: Settlement) -> Result<(), StoreError>;
    /// The signing keys, newest first.
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError>;
    /// The accepted requests that wait, oldest first.
    async fn accepted_requests(&self, limit: u32) -> Result<Vec<AcceptedRequest>, StoreError>;
    /// The clients with accepted requests that wait.
    async fn accepted_clients(&self) -> Result<Vec<String>, StoreError>;
    /// How many requests of a client wait.
    async fn count_accepted(&self, client: &str) -> Result<u64, StoreError>;
    /// What became of an accepted request.
    async fn async_state(&self, txn: &str) -> Result<Option<AsyncState>, StoreError>;
    /// Removes what nobody waits for any more: refused events and executed requests older than `before`, queues of
    /// removed and reset streams; a bounded number of rows at a time. Returns how many (0 when there is nothing more to
    /// do).
    async fn prune_events(&self, before: Timestamp) -> Result<u64, StoreError>;
}
