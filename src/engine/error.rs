//! Why a use case failed.

use crate::directory::{Refusal, RequestId};
use crate::store::StoreError;

/// A failure of a use case.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// `provost init` was not run on this data directory.
    #[error(
        "there is no account here yet; run `provost init --owner-email you@example.com --password-stdin`"
    )]
    NoAccount,
    /// `provost init` was run already.
    #[error("there is an account here already: {organisation}, made {created}")]
    AccountExists {
        /// The organisation's name.
        organisation: String,
        /// When.
        created: jiff::Timestamp,
    },
    /// What was asked makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// No such thing.
    #[error("{0}")]
    NotFound(String),
    /// What needs single sign-on was asked before an identity provider was set for it.
    #[error("no identity provider is configured for single sign-on")]
    SsoNotConfigured,
    /// The policy or a guard refused.
    #[error("{}", refusal.detail)]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The line of the request log; a preview has none.
        request: Option<RequestId>,
    },
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// A background task of the engine ended.
    #[error("a task of the engine ended early")]
    TaskEnded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
