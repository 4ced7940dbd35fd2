//! An event stream: to whom which changes are told, and how (RFC 9967, "event feed").

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{StreamId, TeamId};
use crate::scim::events::{EventForm, EventKind};

/// A stream of security events to one recipient. Its secrets are none of its attributes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// The id.
    pub id: StreamId,
    /// The name an admin gave it.
    pub name: String,
    /// How events come to the recipient.
    pub delivery: Delivery,
    /// What it carries; empty stands for everything.
    pub events: Vec<EventKind>,
    /// Whether values are told or names of attributes alone.
    pub form: EventForm,
    /// `aud` of its tokens; `None` stands for the endpoint of a push stream and the poll URL of a poll stream.
    pub audience: Option<String>,
    /// The team it is about: it carries that team and its members alone. `None` carries everybody.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// Whether events are delivered now. They are queued in any case.
    pub state: StreamState,
    /// When it was made.
    pub created: Timestamp,
}

/// How events come to the recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Delivery {
    /// The recipient asks (RFC 8936).
    Poll,
    /// Provost sends (RFC 8935).
    Push {
        /// Where to.
        endpoint: String,
    },
}

/// Whether events are delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StreamState {
    /// Yes.
    Running,
    /// An admin said no.
    Paused,
    /// Provost gave up; an admin has to look at it.
    Stopped {
        /// The explain code.
        code: String,
        /// What happened.
        reason: String,
    },
}

impl Delivery {
    /// `poll` or `push`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Push { .. } => "push",
        }
    }
}

impl StreamState {
    /// `running`, `paused` or `stopped`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped { .. } => "stopped",
        }
    }
}

impl Stream {
    /// Whether it carries events of this kind.
    pub fn carries(&self, kind: EventKind) -> bool {
        self.events.is_empty() || self.events.contains(&kind)
    }
}
