//! Why the engine did not do what an admin asked.

use serde::{Deserialize, Serialize};

use crate::directory::RequestId;

/// One failure, the same from the engine in this process and from a remote one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct AdminError {
    /// What sort of failure; the command line turns it into an exit code, the console into a next step.
    pub kind: AdminErrorKind,
    /// What failed then why, one sentence.
    pub detail: String,
    /// The explain code, where there is one.
    pub code: Option<String>,
    /// The policy key by which it was refused, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_key: Option<String>,
    /// The logged request to jump to.
    pub request_id: Option<RequestId>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
    /// What else is known, one line each: the paths to admin where the last one would go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The sorts of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminErrorKind {
    /// What was asked makes no sense (exit code 2).
    Invalid,
    /// Refused by policy or guard (exit code 3).
    Refused,
    /// No such thing (exit code 4).
    NotFound,
    /// Taken, or changed meanwhile (exit code 5).
    Conflict,
    /// The token is missing, wrong or not an admin's (exit code 1).
    Unauthorized,
    /// The engine cannot be reached (exit code 1).
    Unreachable,
    /// The engine is too busy or its disk is full (exit code 1).
    Unavailable,
    /// The engine failed (exit code 1).
    Internal,
}

impl AdminError {
    /// A failure with nothing but its kind and sentence.
    pub fn new(kind: AdminErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            code: None,
            policy_key: None,
            request_id: None,
            retry_after: None,
            notes: Vec::new(),
        }
    }
}
