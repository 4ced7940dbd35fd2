//! The SCIM error: status, `scimType`, and a detail that names what to do (RFC 7644 §3.12).
//!
//! Every failure of this room is a [`ScimError`]. The same type is what the server answers with, so that there is one
//! body for all errors. Details never repeat values of attributes, which may be personal or secret.

use serde_json::{Value, json};

use super::dialect::Coercion;

/// The schema URN of an error body.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The explain code of a filter or path that selects among the values of an attribute that has only one.
pub const MONO_FILTER: &str = "MONO_FILTER";

/// Why a request failed, in the words of RFC 7644 §3.12, table 9, and RFC 9865 §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// The filter is malformed, or its comparison does not fit the attribute.
    InvalidFilter,
    /// The filter yields more than the server is willing to calculate.
    TooMany,
    /// A value that must be unique is taken.
    Uniqueness,
    /// The attribute may not be changed so.
    Mutability,
    /// The body is not the JSON it should be.
    InvalidSyntax,
    /// The path is malformed or names no attribute.
    InvalidPath,
    /// The path selects nothing to operate on.
    NoTarget,
    /// A value is missing or does not fit its attribute.
    InvalidValue,
    /// This version of the protocol is not supported.
    InvalidVers,
    /// The request would put sensitive data into a URI.
    Sensitive,
    /// The cursor is not one of ours.
    InvalidCursor,
    /// The cursor is too old.
    ExpiredCursor,
    /// The count is not the one the cursor was made for.
    InvalidCount,
}

impl ScimType {
    /// The keyword on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }
}

/// A failure as SCIM tells it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// The keyword, where the standard defines one for the case.
    pub scim_type: Option<ScimType>,
    /// What failed, why, and what to do. Lower case, no full stop, no attribute values.
    pub detail: String,
    /// The code of the explain catalogue, where the case is recognised here.
    pub code: Option<&'static str>,
    /// What of the request was tolerated before it failed.
    pub notes: Vec<Coercion>,
}

impl ScimError {
    /// An error without a keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
            code: None,
            notes: Vec::new(),
        }
    }

    /// A 400 with a keyword.
    pub fn bad_request(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self {
            status: 400,
            scim_type: Some(scim_type),
            detail: detail.into(),
            code: None,
            notes: Vec::new(),
        }
    }

    /// The body is not the JSON it should be.
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::bad_request(ScimType::InvalidSyntax, detail)
    }

    /// A value does not fit; the detail begins with the attribute path.
    pub fn invalid_value(path: &str, detail: impl AsRef<str>) -> Self {
        let detail = detail.as_ref();
        Self::bad_request(ScimType::InvalidValue, format!("{path}: {detail}"))
    }

    /// The attribute may not be changed so.
    pub fn mutability(path: &str, detail: impl AsRef<str>) -> Self {
        let detail = detail.as_ref();
        Self::bad_request(ScimType::Mutability, format!("{path}: {detail}"))
    }

    /// No such resource or route.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, detail)
    }

    /// A value that must be unique is taken.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self {
            status: 409,
            scim_type: Some(ScimType::Uniqueness),
            detail: detail.into(),
            code: None,
            notes: Vec::new(),
        }
    }

    /// Adds the code of the explain catalogue.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds what was tolerated before it, so that the trace of the refusal names it.
    #[must_use]
    pub fn after(mut self, mut notes: Vec<Coercion>) -> Self {
        let own = std::mem::take(&mut self.notes);
        for note in own {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        self.notes = notes;
        self
    }

    /// Puts the place where it happened before the detail.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        self.detail = format!("{place}: {}", self.detail);
        self
    }

    /// The body: `status` is a string (RFC 7644 §3.12).
    pub fn body(&self) -> Value {
        let mut body = json!({ "schemas": [ERROR], "status": self.status.to_string() });
        if let Some(object) = body.as_object_mut() {
            if let Some(scim_type) = self.scim_type {
                object.insert("scimType".into(), scim_type.as_str().into());
            }
            object.insert("detail".into(), self.detail.as_str().into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_string_status_and_keyword() {
        let error = ScimError::conflict("userName is taken");
        assert_eq!(
            error.body().to_string(),
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"userName is taken"}"#
        );
    }

    #[test]
    fn without_a_keyword_there_is_no_scim_type() {
        let body = ScimError::not_found("no such user").body();
        assert_eq!(body.get("scimType"), None);
        assert_eq!(body["status"], "404");
    }
}
