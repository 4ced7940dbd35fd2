//! What crosses the wire besides the types of [`crate::admin::types`]: query parameters, and the problem document that
//! every failure becomes (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::admin::error::{AdminError, AdminErrorKind};

/// Query parameters that name one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// An id, or one of the names by which it goes.
    pub name: String,
}

/// Query parameters that choose some rows of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many rows to skip.
    #[serde(default)]
    pub offset: u64,
    /// How many rows at most.
    pub limit: u32,
}

/// Query parameters of the live tail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// Only lines that match this query.
    #[serde(default)]
    pub query: String,
}

/// A failure as the admin API tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status once more.
    pub status: u16,
    /// The status in words.
    pub title: String,
    /// What failed.
    #[serde(flatten)]
    pub error: AdminError,
}

impl Problem {
    /// `application/problem+json`.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A failure told with a status of its own.
    pub fn new(status: u16, error: AdminError) -> Self {
        let title = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Failed")
            .to_owned();
        Self {
            status,
            title,
            error,
        }
    }

    /// The document.
    pub fn to_json(&self) -> String {
        // Strings and numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        let status = match error.kind {
            AdminErrorKind::Invalid => 400,
            AdminErrorKind::Unauthorized => 401,
            AdminErrorKind::Refused => 403,
            AdminErrorKind::NotFound => 404,
            AdminErrorKind::Conflict => 409,
            AdminErrorKind::Internal => 500,
            AdminErrorKind::Unreachable => 502,
            AdminErrorKind::Unavailable => 503,
        };
        Self::new(status, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::RequestId;

    #[test]
    fn a_problem_crosses_the_wire_whole() {
        let error = AdminError {
            kind: AdminErrorKind::Refused,
            detail: "the last admin stays".into(),
            code: Some("LAST_ADMIN".into()),
            policy_key: Some("guard.last_admin".into()),
            request_id: Some(RequestId(4_812)),
            retry_after: None,
            notes: vec!["own@x.io as owner".into()],
        };
        let problem = Problem::from(error.clone());
        let json = problem.to_json();
        assert!(
            json.starts_with(r#"{"status":403,"title":"Forbidden","kind":"refused""#),
            "{json}"
        );
        let back: Problem = serde_json::from_str(&json).unwrap();
        assert_eq!(back.error, error);
    }
}
