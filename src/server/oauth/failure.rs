//! Why the authorization server turned a request away, in the words of RFC 6749 §5.2.

use http::StatusCode;

use crate::directory::{ConsentId, Refusal, Stage, TraceStep};
use crate::engine::EngineError;
use crate::engine::oauth::{AssertionFault, ClientFailure, GrantFailure};
use crate::store::StoreError;

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::server) enum OAuthFailure {
    /// The request is not well formed.
    #[error("{0}")]
    Request(String),
    /// No client authentication came.
    #[error(
        "this needs client authentication: client_secret_basic, client_secret_post or private_key_jwt"
    )]
    NoClient,
    /// The client was not believed. It is told one and the same, whatever the reason; the log is told the reason.
    #[error(
        "client authentication failed; check client_id and credentials, the request log of Provost says more"
    )]
    Client(ClientFailure),
    /// The client could not be looked up, or the store did not take the change.
    #[error("this could not be done now; try again in {retry_after} s")]
    Unavailable {
        /// Seconds.
        retry_after: u64,
        /// What failed, for the log.
        reason: String,
    },
    /// The grant is not offered.
    #[error(
        "grant_type {0} is not offered; send authorization_code, refresh_token or client_credentials"
    )]
    Grant(String),
    /// The scope is not offered.
    #[error("the scope is not offered to this client; ask for scim, or leave scope out")]
    Scope,
    /// A code or a refresh token is good for nothing. The client is told one and the same; the log is told why.
    #[error(
        "the code or refresh token is not valid any more; an admin has to allow the client anew"
    )]
    Spent {
        /// The explain code.
        code: &'static str,
        /// Why.
        reason: String,
        /// What was granted and ends for it.
        ends: Option<ConsentId>,
    },
    /// The policy does not let this client in.
    #[error("{detail}")]
    Refused {
        /// The explain code.
        code: &'static str,
        /// Why.
        detail: String,
    },
    /// The token to revoke was issued to another client (RFC 7009 §2.1).
    #[error("the token was issued to another client")]
    Foreign,
}

impl OAuthFailure {
    /// A request that is not well formed.
    pub(super) fn request(what: impl Into<String>) -> Self {
        Self::Request(what.into())
    }

    /// What the engine could not do.
    pub(super) fn engine(error: &EngineError) -> Self {
        let reason = error.to_string();
        let retry_after = match error {
            EngineError::Refused { refusal, .. } => return Self::refused(refusal),
            EngineError::Store(StoreError::Busy {
                retry_after_seconds,
            }) => *retry_after_seconds,
            _ => 10,
        };
        Self::Unavailable {
            retry_after,
            reason,
        }
    }

    /// What was decided against.
    fn refused(refusal: &Refusal) -> Self {
        match refusal.code.as_str() {
            "SECOND_IDP" => Self::Refused {
                code: "SECOND_IDP",
                detail: refusal.detail.clone(),
            },
            "SCIM_AUTH" => Self::Refused {
                code: "SCIM_AUTH",
                detail: refusal.detail.clone(),
            },
            "OAUTH_CODE" => Self::Spent {
                code: "OAUTH_CODE",
                reason: refusal.detail.clone(),
                ends: None,
            },
            // A client that was revoked since it was let in.
            _ => Self::Client(ClientFailure::Unknown),
        }
    }

    /// Why no tokens are given for a code or a refresh token.
    pub(super) fn grant(failure: &GrantFailure) -> Self {
        match failure {
            GrantFailure::Engine(error) => Self::engine(error),
            GrantFailure::Refused(refusal) => Self::refused(refusal),
            GrantFailure::NoVerifier => Self::request(failure.to_string()),
            GrantFailure::Reused { consent, .. } => Self::Spent {
                code: "OAUTH_REUSE",
                reason: failure.to_string(),
                ends: Some(*consent),
            },
            other => Self::Spent {
                code: "OAUTH_CODE",
                reason: other.to_string(),
                ends: None,
            },
        }
    }

    /// What was granted and ends for it, with the line of the log.
    pub(in crate::server) fn ends(&self) -> Option<ConsentId> {
        match self {
            Self::Spent { ends, .. } => *ends,
            _ => None,
        }
    }

    /// The value of `error`.
    pub(in crate::server) fn error(&self) -> &'static str {
        match self {
            Self::Request(_) => "invalid_request",
            Self::NoClient | Self::Client(_) => "invalid_client",
            // RFC 6749 §5.2 has no word for it; §4.1.2.1 has.
            Self::Unavailable { .. } => "temporarily_unavailable",
            Self::Grant(_) => "unsupported_grant_type",
            Self::Scope => "invalid_scope",
            Self::Refused { .. } => "unauthorized_client",
            Self::Foreign | Self::Spent { .. } => "invalid_grant",
        }
    }

    /// The status that says it.
    pub(in crate::server) fn status(&self) -> StatusCode {
        match self {
            Self::NoClient | Self::Client(_) => StatusCode::UNAUTHORIZED,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Request(_)
            | Self::Grant(_)
            | Self::Scope
            | Self::Foreign
            | Self::Spent { .. }
            | Self::Refused { .. } => StatusCode::BAD_REQUEST,
        }
    }

    /// The explain code, where the failure alone tells it.
    pub(in crate::server) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Request(_) => Some("OAUTH_REQUEST"),
            Self::Client(ClientFailure::Assertion { fault, .. }) => Some(match fault {
                AssertionFault::Replayed => "OAUTH_REPLAY",
                _ => "OAUTH_ASSERTION",
            }),
            Self::NoClient | Self::Client(_) => Some("OAUTH_CLIENT"),
            Self::Unavailable { .. } => None,
            Self::Grant(_) => Some("OAUTH_GRANT"),
            Self::Scope => Some("OAUTH_SCOPE"),
            Self::Foreign => Some("OAUTH_FOREIGN"),
            Self::Spent { code, .. } | Self::Refused { code, .. } => Some(*code),
        }
    }

    /// When to try again, in seconds.
    pub(in crate::server) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Unavailable { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The step of the trace that it is: all that is known, which is more than the client is told.
    pub(in crate::server) fn step(&self) -> TraceStep {
        match self {
            Self::NoClient => {
                TraceStep::failed(Stage::Authenticate, "no client authentication came").comparing(
                    "client_id and client_secret, or client_assertion",
                    "none of them",
                )
            }
            Self::Client(failure) => TraceStep::failed(Stage::Authenticate, failure.to_string()),
            Self::Unavailable { reason, .. } => TraceStep::failed(Stage::Effect, reason.clone()),
            Self::Grant(came) => TraceStep::failed(Stage::Parse, "the grant_type is not offered")
                .comparing(
                    "authorization_code, refresh_token, client_credentials",
                    came.clone(),
                ),
            Self::Spent { reason, .. } => TraceStep::failed(Stage::Match, reason.clone()),
            Self::Refused { detail, .. } => TraceStep::failed(Stage::Policy, detail.clone()),
            Self::Scope => TraceStep::failed(Stage::Parse, "the scope is not offered")
                .comparing("scim", "another one"),
            Self::Request(_) | Self::Foreign => TraceStep::failed(Stage::Parse, self.to_string()),
        }
    }
}

/// Text as `error_description` may hold it (RFC 6749 §5.2, RFC 6750 §3): printable ASCII without `"` and `\`.
pub(in crate::server) fn described(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '"' => '\'',
            ' '..='~' if character != '\\' => character,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_description_holds_what_the_grammar_allows(text in any::<String>()) {
            let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            prop_assert!(described(&text).bytes().all(allowed));
        }
    }
}
