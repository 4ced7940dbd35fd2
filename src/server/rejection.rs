//! Why the edge itself turned a request away, before any rule of the directory was asked: what the client is told, and
//! what the log is told.

use std::fmt::Write as _;

use http::{HeaderValue, StatusCode, header};

use super::bearer::Malformed;
use super::oauth::{OAuthFailure, described};
use crate::directory::{ConsentId, Outcome, Stage, TraceStep};
use crate::engine::AuthFailure;
use crate::engine::oauth::scope_word;
use crate::explain;
use crate::request_log::Exchange;
use crate::store::rows::TokenScope;

/// The explain code of everything that is wrong with a token.
const TOKEN_BAD: &str = "TOKEN_BAD";
/// The explain code of a request to the wrong place.
const BASE_URL: &str = "BASE_URL";
/// The explain code of an OAuth client that is not believed.
const OAUTH_CLIENT: &str = "OAUTH_CLIENT";
/// The explain code of a client that goes too fast.
const RATE_429: &str = "RATE_429";

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    /// Nothing is at this path.
    #[error("there is nothing at {path}; did you mean {nearest}")]
    NoRoute {
        /// The path, redacted.
        path: String,
        /// The whole URL that comes nearest.
        nearest: String,
    },
    /// The path is right and the method is not.
    #[error("{method} is not allowed here; allowed are {allow}")]
    WrongMethod {
        /// The method.
        method: String,
        /// Those that are allowed.
        allow: &'static str,
    },
    /// No token came. Without a scope, here and below, it is one token alone that opens this, that of an event stream.
    #[error("this needs a token: Authorization: Bearer <token>")]
    NoToken(Option<TokenScope>),
    /// A token came in the URL (RFC 6750 §2.3 says why not).
    #[error(
        "a token came in the URL; send it as Authorization: Bearer <token>, and replace it, since URLs are logged on their way"
    )]
    TokenInUrl(Option<TokenScope>),
    /// The header is no bearer token.
    #[error("the Authorization header holds no bearer token: {0}")]
    Malformed(Malformed, Option<TokenScope>),
    /// The token does not open what needs this scope.
    #[error("{}", told(.0))]
    Token(AuthFailure, Option<TokenScope>),
    /// The authorization server's own reason.
    #[error("{0}")]
    OAuth(OAuthFailure),
    /// A client with a valid token goes too fast.
    #[error("too many requests came with this token; try again in {retry_after} s")]
    RateLimited {
        /// Seconds.
        retry_after: u64,
    },
    /// Too many wrong tokens.
    #[error("too many wrong tokens came from this address; try again in {retry_after} s")]
    Throttled {
        /// Seconds.
        retry_after: u64,
    },
    /// The body is of a kind that is not read.
    #[error(
        "the Content-Type {came} is not read here; send application/scim+json or application/json"
    )]
    MediaType {
        /// What came, redacted.
        came: String,
    },
    /// The body is compressed.
    #[error("the Content-Encoding {came} is not read here; send the body as it is")]
    Encoding {
        /// What came, redacted.
        came: String,
    },
    /// The body is too large.
    #[error("the body is larger than {limit} bytes; send it in smaller parts")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body did not come in time.
    #[error("the body did not come to an end within {seconds} s")]
    BodyTimeout {
        /// The limit.
        seconds: u64,
    },
    /// The body broke off.
    #[error("the body could not be read: {reason}")]
    BodyBroken {
        /// What hyper says.
        reason: String,
    },
    /// The body is no poll for events.
    #[error("this polls for security events (RFC 8936), and the body cannot be read: {reason}")]
    BadPoll {
        /// What is wrong with it.
        reason: String,
    },
    /// Too many connections.
    #[error("too many connections are open; try again in 1 s")]
    Overloaded,
    /// The answer took too long. What was begun goes on.
    #[error(
        "the answer took longer than {seconds} s; what was asked for may still happen, look before you repeat it"
    )]
    TimedOut {
        /// The limit.
        seconds: u64,
    },
    /// A mistake in this program.
    #[error(
        "Provost failed on this request; nothing more is known to the outside, its log says more"
    )]
    Panicked,
    /// RFC 9112 §3.2: a request names one host, so that a proxy and this program mean the same.
    #[error("the request must have exactly one valid Host header")]
    BadHost,
    /// The head of the request did not come in time.
    #[error("the request did not come to an end within its time")]
    HeadTimeout,
    /// The head of the request is too large.
    #[error("the request line and headers are too many or too large")]
    HeadTooLarge,
    /// It is no HTTP/1.1.
    #[error("what came is not HTTP/1.1: {reason}")]
    NotHttp {
        /// Why.
        reason: String,
    },
}

impl Rejection {
    /// The status that says it.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoRoute { .. } => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Token(AuthFailure::WrongScope { .. }, _) => StatusCode::FORBIDDEN,
            Self::Token(AuthFailure::Unavailable, _) | Self::Overloaded | Self::TimedOut { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Malformed(fault, _) if fault.error() == Some("invalid_request") => {
                StatusCode::BAD_REQUEST
            }
            Self::NoToken(_) | Self::Malformed(..) | Self::Token(..) => StatusCode::UNAUTHORIZED,
            Self::OAuth(failure) => failure.status(),
            Self::Throttled { .. } | Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::MediaType { .. } | Self::Encoding { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout { .. } | Self::HeadTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            // RFC 6750 §3.1: so is what is no well-formed request.
            Self::TokenInUrl(_)
            | Self::BodyBroken { .. }
            | Self::NotHttp { .. }
            | Self::BadPoll { .. }
            | Self::BadHost => StatusCode::BAD_REQUEST,
        }
    }

    /// Writes it into the line of the log.
    pub(super) fn tell(&self, exchange: &mut Exchange) {
        exchange.row.status = self.status().as_u16();
        exchange.row.outcome = self.outcome();
        exchange.trace.push(self.step());
        exchange.detail = Some(self.to_string());
        exchange.row.code = match self.code() {
            Some(code) => Some(code.to_owned()),
            None => explain::detect(exchange),
        };
    }

    /// The explain code, where the rejection alone tells it.
    fn code(&self) -> Option<&'static str> {
        match self {
            Self::NoRoute { .. } => Some(BASE_URL),
            Self::Token(AuthFailure::Unavailable, _) => None,
            Self::NoToken(_) | Self::TokenInUrl(_) | Self::Malformed(..) | Self::Token(..) => {
                Some(TOKEN_BAD)
            }
            Self::OAuth(failure) => failure.code(),
            Self::RateLimited { .. } | Self::Throttled { .. } => Some(RATE_429),
            _ => None,
        }
    }

    /// The code that the client is told in the place of the one that is logged. A client that is not believed is told one
    /// and the same, or its code would tell strangers which clients there are.
    pub(super) fn told_code(&self) -> Option<&'static str> {
        matches!(self, Self::OAuth(OAuthFailure::Client(_))).then_some(OAUTH_CLIENT)
    }

    /// What an admin had granted and ends with it.
    pub(super) fn ends(&self) -> Option<ConsentId> {
        match self {
            Self::OAuth(failure) => failure.ends(),
            _ => None,
        }
    }

    /// What the log shows as the outcome.
    fn outcome(&self) -> Outcome {
        if self.is_ours() {
            Outcome::Error
        } else {
            Outcome::Refused
        }
    }

    /// Whether the failure is this program's and not the client's.
    fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::Token(AuthFailure::Unavailable, _)
                | Self::OAuth(OAuthFailure::Unavailable { .. })
                | Self::Overloaded
                | Self::TimedOut { .. }
                | Self::Panicked
        )
    }

    /// The headers that belong to it.
    pub(super) fn headers(&self) -> Vec<(header::HeaderName, HeaderValue)> {
        let mut headers = Vec::new();
        // What is described holds no character that a header may not have.
        if let Some(challenge) = self.challenge()
            && let Ok(value) = HeaderValue::try_from(challenge)
        {
            headers.push((header::WWW_AUTHENTICATE, value));
        }
        if let Self::WrongMethod { allow, .. } = self {
            headers.push((header::ALLOW, HeaderValue::from_static(allow)));
        }
        if let Some(seconds) = self.retry_after() {
            headers.push((header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        headers
    }

    /// The value of `WWW-Authenticate` (RFC 6750 §3, RFC 6749 §5.2).
    fn challenge(&self) -> Option<String> {
        let (scope, error) = match self {
            Self::NoToken(scope) => (*scope, None),
            Self::TokenInUrl(scope) => (*scope, Some("invalid_request")),
            Self::Malformed(fault, scope) => (*scope, fault.error()),
            Self::Token(AuthFailure::Unavailable, _) => return None,
            Self::Token(AuthFailure::WrongScope { .. }, scope) => {
                (*scope, Some("insufficient_scope"))
            }
            Self::Token(_, scope) => (*scope, Some("invalid_token")),
            Self::OAuth(failure) if failure.status() == StatusCode::UNAUTHORIZED => {
                return Some("Basic realm=\"provost\", charset=\"UTF-8\"".to_owned());
            }
            _ => return None,
        };
        let mut challenge = String::from("Bearer realm=\"provost\"");
        if let Some(scope) = scope {
            let scope = scope_word(scope);
            // Writing to a string cannot fail.
            let _ = write!(challenge, ", scope=\"{scope}\"");
        }
        if let Some(error) = error {
            let described = described(&self.to_string());
            let _ = write!(
                challenge,
                ", error=\"{error}\", error_description=\"{described}\""
            );
        }
        Some(challenge)
    }

    /// The value of `error` in an answer of the authorization server (RFC 6749 §5.2, RFC 6750 §3.1).
    pub(super) fn oauth_error(&self) -> &'static str {
        match self {
            Self::OAuth(failure) => failure.error(),
            Self::Token(AuthFailure::WrongScope { .. }, _) => "insufficient_scope",
            Self::Token(AuthFailure::Unavailable, _)
            | Self::Throttled { .. }
            | Self::RateLimited { .. }
            | Self::Overloaded
            | Self::TimedOut { .. } => "temporarily_unavailable",
            Self::NoToken(_) | Self::Token(..) => "invalid_token",
            Self::Malformed(fault, _) => fault.error().unwrap_or("invalid_token"),
            Self::Panicked => "server_error",
            _ => "invalid_request",
        }
    }

    /// When to try again, in seconds.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled { retry_after } | Self::RateLimited { retry_after } => {
                Some(*retry_after)
            }
            Self::OAuth(failure) => failure.retry_after(),
            Self::Overloaded | Self::Token(AuthFailure::Unavailable, _) => Some(1),
            Self::TimedOut { .. } => Some(10),
            _ => None,
        }
    }

    /// The step of the trace that it is.
    pub(super) fn step(&self) -> TraceStep {
        match self {
            Self::NoRoute { path, nearest } => {
                TraceStep::failed(Stage::Parse, "nothing is at this path")
                    .comparing(nearest.clone(), path.clone())
            }
            Self::WrongMethod { method, allow } => {
                TraceStep::failed(Stage::Parse, "the method is not allowed at this path")
                    .comparing(*allow, method.clone())
            }
            Self::NoToken(scope) => TraceStep::failed(Stage::Authenticate, "no token came")
                .comparing(expected(*scope), "no Authorization header"),
            Self::Malformed(fault, scope) => TraceStep::failed(
                Stage::Authenticate,
                "the Authorization header holds no token",
            )
            .comparing(expected(*scope), fault.to_string()),
            Self::Token(failure, _) => TraceStep::failed(Stage::Authenticate, failure.to_string()),
            Self::OAuth(failure) => failure.step(),
            Self::TokenInUrl(scope) => {
                TraceStep::failed(Stage::Authenticate, "a token came in the URL")
                    .comparing(expected(*scope), "the query parameter access_token")
            }
            Self::Throttled { .. } | Self::RateLimited { .. } => {
                TraceStep::failed(Stage::Authenticate, self.to_string())
            }
            Self::MediaType { came } => {
                TraceStep::failed(Stage::Parse, "the body is of a kind that is not read")
                    .comparing("application/scim+json", came.clone())
            }
            _ => TraceStep::failed(Stage::Parse, self.to_string()),
        }
    }
}

/// The header that was expected.
fn expected(scope: Option<TokenScope>) -> String {
    let word = scope.map_or("events", scope_word);
    format!("Authorization: Bearer prv_{word}_…")
}

/// What a client is told of a token that does not open it: no more than RFC 6750 §3.1 has words for.
fn told(failure: &AuthFailure) -> &'static str {
    match failure {
        AuthFailure::Unknown | AuthFailure::Revoked { .. } | AuthFailure::Expired { .. } => {
            "the token is wrong, expired or revoked; ask the admin of Provost for a new one"
        }
        AuthFailure::WrongScope { .. } => "the token is valid and does not open this",
        AuthFailure::Unavailable => "the token could not be checked; try again in 1 s",
    }
}
