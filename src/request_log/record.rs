//! One exchange between an IdP and Provost, with the decision that answered it and the change it made.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::{ChangeView, ObjectKind, Outcome, RequestId, TraceStep};

/// One line of the request log: what a list shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Shown as `#4812`.
    pub id: RequestId,
    /// When the request arrived.
    pub at: Timestamp,
    /// From the last byte of the request to the answer, in microseconds.
    pub duration_us: u64,
    /// The HTTP method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The resource type asked for (`Users`, `Groups`, `Schemas`, ...); empty for an unknown route.
    pub resource: String,
    /// Whom or what the request was about, where it could be told.
    pub subject: Option<Subject>,
    /// The HTTP status answered.
    pub status: u16,
    /// What became of it.
    pub outcome: Outcome,
    /// The explain code of a failure or remark.
    pub code: Option<String>,
    /// The name of the token it came with.
    pub token: Option<String>,
    /// The `User-Agent` header, cut to 200 bytes.
    pub user_agent: Option<String>,
    /// The identity provider it looks like (`okta`, `entra`, ...).
    pub idp: Option<String>,
    /// How many objects it changed.
    pub changes: u32,
    /// The failed request that this one repeats.
    pub retry_of: Option<RequestId>,
    /// The bulk request that this one is an operation of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<RequestId>,
}

/// Whom or what a request was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Member, team or token.
    pub kind: ObjectKind,
    /// The id, where the object exists.
    pub id: Option<String>,
    /// The name to show: `userName`, `displayName`, or what the client called it.
    pub label: String,
}

/// One exchange, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// What a list shows.
    #[serde(flatten)]
    pub row: RequestRow,
    /// The query string, redacted.
    pub query: Option<String>,
    /// The address of the client.
    pub peer: Option<String>,
    /// What was asked.
    pub request: Message,
    /// What was answered.
    pub response: Message,
    /// Each step of the way, with what was expected and what came.
    pub trace: Vec<TraceStep>,
    /// What it changed.
    pub changed: Vec<ChangeView>,
    /// The policy key that decided.
    pub policy_key: Option<String>,
    /// Why not, one sentence, as the client was told.
    pub detail: Option<String>,
}

/// Headers and body of one direction, redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Header names in lower case with their redacted values, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as text, redacted; `None` where there was none.
    pub body: Option<String>,
    /// How long the body was on the wire, in bytes.
    pub body_bytes: u64,
    /// Whether `body` holds only its beginning.
    pub truncated: bool,
}
