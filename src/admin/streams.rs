//! The wire types of event streams.

use serde::{Deserialize, Serialize};

pub use crate::directory::{Delivery, Stream, StreamId, StreamState};
pub use crate::scim::events::{EventForm, EventKind};
pub use crate::store::StreamRow;

use super::types::TeamId;

/// What a new stream shall be. Not `Debug`: it may hold a secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStream {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// How events come to the recipient.
    pub delivery: Delivery,
    /// What it carries, such as `prov:create`; empty stands for everything.
    #[serde(default)]
    pub events: Vec<EventKind>,
    /// Whether values are told or names of attributes alone.
    #[serde(default)]
    pub form: EventForm,
    /// `aud`; where absent, the endpoint or the poll URL.
    #[serde(default)]
    pub audience: Option<String>,
    /// The team it is about, with its members; where absent, everybody.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// The `Authorization` header of pushes.
    #[serde(default)]
    pub authorization: Option<String>,
}

/// A stream, and where its recipient finds what it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamDetail {
    /// The stream and its queue.
    #[serde(flatten)]
    pub row: StreamRow,
    /// `iss` of its tokens.
    pub issuer: String,
    /// Where it is polled.
    pub poll_url: Option<String>,
    /// Where the keys are that verify its tokens.
    pub key_set_url: String,
    /// How many events may wait.
    pub queue_events: u64,
    /// How many bytes of events may wait.
    pub queue_bytes: u64,
}

/// A stream that was just made. The secret of a poll stream is told this once.
#[derive(Serialize, Deserialize)]
pub struct MadeStream {
    /// The stream.
    pub stream: StreamDetail,
    /// The token it is polled with. Not a [`crate::secret::Secret`] since it must cross the wire once; never keep or log
    /// it.
    pub secret: Option<String>,
}

/// How a stream is resumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// Drop what is queued, and go on with what happens from now on.
    #[serde(default)]
    pub reset: bool,
}
