//! The authorization server's use cases: a client proves who it is, fetches an access token, revokes it, asks about it
//! (RFC 6749 §4.4, RFC 7009, RFC 7662, RFC 7523).
//!
//! Knows nothing of forms and headers: the edge reads a [`ClientProof`] from them. Other grants join here as use cases of
//! their own; what they share is the client's authentication and the issuing of a token.

mod assertion;
mod consent;
mod keys;

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

pub use assertion::AssertionFault;
pub use consent::{CodeBinding, CodeProof, GrantFailure, NewCode, NewRefresh};
pub use keys::{ALGORITHMS, KeyFault};

use super::access::{TOUCH_EVERY, make_access_secret, sha256};
use super::carry_out::{ATTEMPTS, Extras, is_race};
use super::{Engine, EngineError};
use crate::directory::{
    Actor, Change, ClientAuthentication, ClientId, Command, Decision, Facts, TokenId,
};
use crate::request_log::Exchange;
use crate::secret::Secret;
use crate::store::rows::{TokenRow, TokenScope};
use crate::store::{ClientRecord, TokenSecret};

/// With what a client proves who it is.
#[derive(Debug)]
pub enum ClientProof {
    /// `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1).
    Secret {
        /// The `client_id`.
        client_id: String,
        /// The `client_secret`.
        secret: Secret,
    },
    /// `private_key_jwt` (RFC 7523 §2.2).
    Assertion {
        /// The `client_id` that came beside it, if any did.
        client_id: Option<String>,
        /// The `client_assertion`.
        assertion: Secret,
    },
}

/// A client that has proved who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthClient {
    /// Its `client_id`.
    pub id: ClientId,
    /// Its name.
    pub name: String,
}

/// Why a client was not believed. For the log; the client is told one and the same for all but the last.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientFailure {
    /// Nobody has this `client_id`.
    #[error("no OAuth client has this client_id")]
    Unknown,
    /// It was revoked.
    #[error("the OAuth client {name} was revoked")]
    Revoked {
        /// Its name.
        name: String,
    },
    /// The secret is another one.
    #[error("the client_secret is not the one of the OAuth client {name}")]
    WrongSecret {
        /// Its name.
        name: String,
    },
    /// It is registered for the other way.
    #[error("the OAuth client {name} proves itself with {}, not otherwise", registered.as_str())]
    WrongMethod {
        /// Its name.
        name: String,
        /// The way it is registered for.
        registered: ClientAuthentication,
    },
    /// The assertion does not hold.
    #[error("{fault}")]
    Assertion {
        /// The client's name, where it is known.
        name: Option<String>,
        /// Why.
        fault: AssertionFault,
    },
    /// The store could not be asked.
    #[error("the client could not be looked up")]
    Unavailable,
}

impl ClientFailure {
    /// Whose credentials they were, where that is known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Revoked { name }
            | Self::WrongSecret { name }
            | Self::WrongMethod { name, .. } => Some(name),
            Self::Assertion { name, .. } => name.as_deref(),
            Self::Unknown | Self::Unavailable => None,
        }
    }
}

/// An access token that is about to be issued. Its secret is told once, in the answer.
#[derive(Debug)]
pub struct NewAccessToken {
    /// Its secret.
    pub secret: Secret,
    /// When it ends.
    pub expires: Timestamp,
    kept: TokenSecret,
}

/// Who asks about a token (RFC 7662 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A client, which is told of its own tokens alone.
    Client(ClientId),
    /// An admin.
    Admin,
}

/// What became of a revocation (RFC 7009 §2.2).
#[derive(Clone, Debug, PartialEq)]
pub enum Revocation {
    /// The token is worthless now, and that is logged.
    Done,
    /// There was nothing to revoke: no such token, or it had ended. Not logged yet.
    Nothing(Box<Exchange>),
    /// It is another client's. Not logged yet.
    Foreign(Box<Exchange>),
}

impl Engine {
    /// Checks a client's proof. `audiences` are the names of this authorization server in an assertion's `aud`.
    pub async fn authenticate_client(
        &self,
        proof: &ClientProof,
        audiences: &[String],
    ) -> Result<OAuthClient, ClientFailure> {
        let now = Timestamp::now();
        let record = match proof {
            ClientProof::Secret { client_id, secret } => {
                let record = self.client_record(client_id).await?;
                check_secret(&record, secret)?;
                record
            }
            ClientProof::Assertion {
                client_id,
                assertion,
            } => {
                self.check_assertion(client_id.as_deref(), assertion.expose(), audiences, now)
                    .await?
            }
        };
        let row = record.row;
        if row
            .last_used
            .is_none_or(|last| now.duration_since(last) >= TOUCH_EVERY)
        {
            // Knowing when a client was last used is not worth refusing it.
            let _ = self.store.touch_client(row.id, now).await;
        }
        Ok(OAuthClient {
            id: row.id,
            name: row.name,
        })
    }

    async fn client_record(&self, client_id: &str) -> Result<ClientRecord, ClientFailure> {
        let id: ClientId = client_id.parse().map_err(|_| ClientFailure::Unknown)?;
        // A UUID has many spellings, and a client_id is one exact text.
        if id.to_string() != client_id {
            return Err(ClientFailure::Unknown);
        }
        self.store
            .client(id)
            .await
            .map_err(|_| ClientFailure::Unavailable)?
            .ok_or(ClientFailure::Unknown)
    }

    async fn check_assertion(
        &self,
        client_id: Option<&str>,
        assertion: &str,
        audiences: &[String],
        now: Timestamp,
    ) -> Result<ClientRecord, ClientFailure> {
        let nameless = |fault| ClientFailure::Assertion { name: None, fault };
        let claimed = assertion::claimed_client(assertion).map_err(nameless)?;
        // RFC 7521 §4.2: a client_id beside the assertion must name the same client.
        if client_id.is_some_and(|client_id| client_id != claimed) {
            return Err(nameless(AssertionFault::Subject));
        }
        let record = self.client_record(&claimed).await?;
        let name = record.row.name.clone();
        let failed = |fault| ClientFailure::Assertion {
            name: Some(name.clone()),
            fault,
        };
        let Some(text) = record.keys.as_deref() else {
            return Err(ClientFailure::WrongMethod {
                name,
                registered: record.row.authentication,
            });
        };
        let keys = keys::parse(text).map_err(|fault| {
            tracing::error!(client = %record.row.id, %fault, "the registered keys cannot be read");
            ClientFailure::Unavailable
        })?;
        let proven =
            assertion::verify(assertion, &keys, &claimed, audiences, now).map_err(failed)?;
        if record.row.revoked.is_some() {
            return Err(ClientFailure::Revoked { name });
        }
        let jti = sha256(&Secret::new(proven.jti));
        let is_new = self
            .store
            .spend_assertion(record.row.id, jti, proven.expires, now)
            .await
            .map_err(|_| ClientFailure::Unavailable)?;
        if is_new {
            Ok(record)
        } else {
            Err(failed(AssertionFault::Replayed))
        }
    }

    /// Makes an access token that is not issued yet.
    pub fn new_access_token(&self, lives: SignedDuration) -> Result<NewAccessToken, EngineError> {
        let expires = Timestamp::now()
            .checked_add(lives)
            .map_err(|_| EngineError::Invalid("an access token cannot live that long".into()))?;
        let (secret, kept) = make_access_secret(TokenId(Uuid::now_v7()), expires)?;
        Ok(NewAccessToken {
            secret,
            expires,
            kept,
        })
    }

    /// Issues an access token, with its line of the request log, which must be complete.
    pub async fn issue_access_token(
        &self,
        client: &OAuthClient,
        token: &NewAccessToken,
        exchange: Exchange,
    ) -> Result<(), EngineError> {
        let command = Command::IssueAccessToken {
            id: token.kept.id,
            client: client.id,
            scope: "scim".into(),
            expires: token.expires,
        };
        let _turn = self.locks.lock(&("client", client.id)).await;
        let extras = || Extras {
            token_secret: Some(token.kept.clone()),
            ..Extras::default()
        };
        let actor = Actor::idp(client.name.clone());
        self.perform_logged(&actor, &command, exchange, extras)
            .await
    }

    /// Revokes a token of the client: an access token, or what was granted by a refresh token. `exchange` is the line of the request log, complete.
    pub async fn revoke_access_token(
        &self,
        client: &OAuthClient,
        secret: &Secret,
        exchange: Exchange,
    ) -> Result<Revocation, EngineError> {
        let found = self.store.token_by_hash(&sha256(secret)).await?;
        let Some(token) = found else {
            let refresh = self
                .revoke_by_refresh_token(client, secret, &exchange)
                .await?;
            return Ok(refresh.unwrap_or(Revocation::Nothing(Box::new(exchange))));
        };
        if token.client != Some(client.id) {
            return Ok(Revocation::Foreign(Box::new(exchange)));
        }
        if !is_active(&token, Timestamp::now()) {
            return Ok(Revocation::Nothing(Box::new(exchange)));
        }
        let _turn = self.locks.lock(&("client", client.id)).await;
        let command = Command::RevokeToken { id: token.id };
        let actor = Actor::idp(client.name.clone());
        self.perform_logged(&actor, &command, exchange, Extras::default)
            .await?;
        Ok(Revocation::Done)
    }

    /// The token, if it opens something and the asker may know (RFC 7662 §2.2: nothing is told of any other).
    pub async fn introspect(
        &self,
        asker: Asker,
        secret: &Secret,
    ) -> Result<Option<TokenRow>, EngineError> {
        let found = self.store.token_by_hash(&sha256(secret)).await?;
        Ok(found.filter(|token| {
            let may_know = match asker {
                Asker::Client(client) => token.client == Some(client),
                Asker::Admin => true,
            };
            may_know && is_active(token, Timestamp::now())
        }))
    }

    /// Decides a command of the authorization server and commits it with its line of the request log. A refusal is not
    /// logged here.
    async fn perform_logged(
        &self,
        actor: &Actor,
        command: &Command,
        exchange: Exchange,
        extras: impl Fn() -> Extras,
    ) -> Result<(), EngineError> {
        let now = Timestamp::now();
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let mut facts = Box::pin(self.facts(command, Facts::default())).await?;
            let decision = self.decide(&mut facts, command, actor, now).await?;
            if let Some(refusal) = decision.refusal {
                let request = Some(exchange.row.id);
                return Err(EngineError::Refused { refusal, request });
            }
            let told = told(exchange.clone(), &decision);
            match self.commit(decision, actor, now, told, extras()).await {
                Ok(_) => return Ok(()),
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or(EngineError::TaskEnded, EngineError::from))
    }
}

fn told(mut exchange: Exchange, decision: &Decision) -> Exchange {
    // What ends the tokens of a request that was turned away does not make it one that went well.
    if exchange.row.status < 400 {
        exchange.row.outcome = decision.outcome;
    }
    exchange.row.changes = u32::try_from(decision.changes.len()).unwrap_or(u32::MAX);
    exchange.trace.extend(decision.trace.iter().cloned());
    exchange.policy_key = decision.policy_key.map(str::to_owned);
    exchange.changed = decision.changes.iter().map(Change::view).collect();
    exchange
}

fn check_secret(record: &ClientRecord, secret: &Secret) -> Result<(), ClientFailure> {
    let name = record.row.name.clone();
    let Some(kept) = &record.secret_sha256 else {
        return Err(ClientFailure::WrongMethod {
            name,
            registered: record.row.authentication,
        });
    };
    if !bool::from(sha256(secret).ct_eq(kept)) {
        return Err(ClientFailure::WrongSecret { name });
    }
    if record.row.revoked.is_some() {
        return Err(ClientFailure::Revoked { name });
    }
    Ok(())
}

/// Whether a text can be registered as the keys of a client.
pub(super) fn check_keys(text: &str) -> Result<(), KeyFault> {
    keys::parse(text).map(|_| ())
}

/// Whether a token opens what it was made for.
fn is_active(token: &TokenRow, now: Timestamp) -> bool {
    token.revoked.is_none() && token.expires.is_none_or(|end| end > now)
}

/// The word of a scope (RFC 6749 §3.3).
pub fn scope_word(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Scim => "scim",
        TokenScope::Admin => "admin",
    }
}
