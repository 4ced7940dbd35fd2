//! Who may come in: bearer tokens of 256 bits, kept as SHA-256 (RFC 6750).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Engine, EngineError};
use crate::directory::{Actor, ClientId, TokenId};
use crate::secret::Secret;
use crate::store::TokenSecret;
use crate::store::rows::TokenScope;

/// How much of a secret is kept to recognise it by.
pub(super) const PREFIX_LENGTH: usize = 14;

/// The last use of a token is noted this often.
pub(super) const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// A token that opens what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The token.
    pub token: TokenId,
    /// Its name.
    pub name: String,
    /// What it opens.
    pub scope: TokenScope,
    /// The OAuth client that fetched it, where it is an access token.
    pub client: Option<ClientId>,
    /// Where another secret has taken its place: when it ends.
    pub retires: Option<Timestamp>,
}

impl Grant {
    /// Whose requests are counted together: all access tokens of a client, or all requests with a token.
    pub fn caller(&self) -> Uuid {
        self.client.map_or(self.token.0, |client| client.0)
    }

    /// The actor this token speaks as.
    pub fn actor(&self) -> Actor {
        match self.scope {
            TokenScope::Scim => Actor::idp(self.name.clone()),
            TokenScope::Admin => Actor::admin(self.name.clone()),
        }
    }
}

/// Why a token does not open it. The client is told no more than RFC 6750 §3.1 has words for; the log is told all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthFailure {
    /// No such token was ever issued.
    #[error("the token is unknown")]
    Unknown,
    /// It was revoked.
    #[error("the token {name} was revoked")]
    Revoked {
        /// Its name.
        name: String,
    },
    /// Its time is over.
    #[error("the token {name} has expired")]
    Expired {
        /// Its name.
        name: String,
    },
    /// It opens something else.
    #[error("the token {name} has the wrong scope")]
    WrongScope {
        /// Its name.
        name: String,
    },
    /// The store could not be asked.
    #[error("the token could not be looked up")]
    Unavailable,
}

impl Engine {
    /// Looks a token up and notes its use.
    pub async fn authenticate(
        &self,
        secret: &Secret,
        scope: TokenScope,
    ) -> Result<Grant, AuthFailure> {
        let now = Timestamp::now();
        let token = self
            .store
            .token_by_hash(&sha256(secret))
            .await
            .map_err(|_| AuthFailure::Unavailable)?
            .ok_or(AuthFailure::Unknown)?;
        let name = token.name.clone();
        if token.revoked.is_some() {
            return Err(AuthFailure::Revoked { name });
        }
        if token.expires.is_some_and(|end| end <= now) {
            return Err(AuthFailure::Expired { name });
        }
        if token.scope != scope {
            return Err(AuthFailure::WrongScope { name });
        }
        if token
            .last_used
            .is_none_or(|last| now.duration_since(last) >= TOUCH_EVERY)
        {
            // Knowing when a token was last used is not worth refusing its request.
            let _ = self.store.touch_token(token.id, now).await;
        }
        Ok(Grant {
            token: token.id,
            name,
            scope,
            client: token.client,
            retires: token.rotated.and(token.expires),
        })
    }
}

/// Makes the secret of a new token: its text, told once, and what is kept of it.
pub(super) fn make_secret(
    id: TokenId,
    scope: TokenScope,
    expires: Option<Timestamp>,
) -> Result<(Secret, TokenSecret), EngineError> {
    let word = match scope {
        TokenScope::Scim => "scim",
        TokenScope::Admin => "admin",
    };
    kept_of(id, word, expires)
}

/// The same of an access token that an OAuth client fetches.
pub(super) fn make_access_secret(
    id: TokenId,
    expires: Timestamp,
) -> Result<(Secret, TokenSecret), EngineError> {
    kept_of(id, "oauth", Some(expires))
}

/// The secret of an OAuth client: its text, told once, its hash, and the characters it is recognised by.
pub(super) fn make_client_secret() -> Result<(Secret, ([u8; 32], String)), EngineError> {
    let secret = Secret::new(format!("prv_client_{}", random_text()?));
    let kept = (sha256(&secret), prefix(&secret));
    Ok((secret, kept))
}

fn kept_of(
    id: TokenId,
    word: &str,
    expires: Option<Timestamp>,
) -> Result<(Secret, TokenSecret), EngineError> {
    let secret = Secret::new(format!("prv_{word}_{}", random_text()?));
    let kept = TokenSecret {
        id,
        sha256: sha256(&secret),
        prefix: prefix(&secret),
        expires,
    };
    Ok((secret, kept))
}

fn prefix(secret: &Secret) -> String {
    secret.expose().chars().take(PREFIX_LENGTH).collect()
}

/// 256 random bits as text.
pub(super) fn random_text() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| EngineError::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a secret. One round is enough: it has 256 random bits.
pub(super) fn sha256(secret: &Secret) -> [u8; 32] {
    let mut hash = [0_u8; 32];
    hash.copy_from_slice(digest(&SHA256, secret.expose().as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_bits_and_keeps_only_its_prefix() {
        let (secret, kept) = make_secret(TokenId(Uuid::nil()), TokenScope::Scim, None).unwrap();
        assert_eq!(secret.expose().len(), "prv_scim_".len() + 43);
        assert!(secret.expose().starts_with(&kept.prefix));
        assert_eq!(kept.prefix.len(), PREFIX_LENGTH);
        assert_eq!(kept.sha256, sha256(&secret));
    }
}
