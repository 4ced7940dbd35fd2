//! The authorization code grant (RFC 6749 §4.1) and what follows from it: an admin lets a client provision, the client
//! exchanges the code for tokens (RFC 7636), and renews them (§6).
//!
//! Codes and refresh tokens are good for one use. A second use means that somebody has a copy, and ends everything that
//! was granted (RFC 9700 §2.1.1, §4.14).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{NewAccessToken, OAuthClient, Revocation};
use crate::directory::{Actor, ClientId, Command, ConsentId, Facts, Refusal, Verdict};
use crate::engine::access::{random_text, sha256};
use crate::engine::admin::Asker;
use crate::engine::carry_out::Extras;
use crate::engine::sign_in::SignedIn;
use crate::engine::{Engine, EngineError};
use crate::request_log::Exchange;
use crate::secret::Secret;
use crate::store::ConsentSecret;
use crate::store::rows::{ClientRow, ConsentRow, RefreshRow};

/// How long a code is good (RFC 6749 §4.1.2 allows ten minutes; a program needs seconds).
const CODE_LIVES: SignedDuration = SignedDuration::from_secs(60);
/// How long a refresh token is good. Each use gives another one.
const REFRESH_LIVES: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The words that every code and refresh token begins with, so that the log knows one by its look.
const CODE: &str = "prv_code_";
const REFRESH: &str = "prv_refresh_";

/// What a code is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBinding {
    /// Where it is sent.
    pub redirect_uri: String,
    /// The `code_challenge`, by `S256`.
    pub challenge: String,
}

/// A code that is about to be given.
pub struct NewCode {
    /// Its text, told once.
    pub secret: Secret,
    kept: ConsentSecret,
}

/// A refresh token that is about to be given.
pub struct NewRefresh {
    /// Its text, told once.
    pub secret: Secret,
    sha256: [u8; 32],
    expires: Timestamp,
}

/// What a client exchanges for tokens.
pub enum CodeProof<'a> {
    /// A code (RFC 6749 §4.1.3).
    Code {
        /// The code.
        code: &'a Secret,
        /// Where it was sent.
        redirect_uri: Option<&'a str>,
        /// The `code_verifier`.
        verifier: Option<&'a Secret>,
    },
    /// A refresh token (RFC 6749 §6).
    Refresh(&'a Secret),
}

/// Why a client does not get tokens. It is told one and the same; the log is told all.
#[derive(Debug, thiserror::Error)]
pub enum GrantFailure {
    /// Nobody was given this.
    #[error("the code or refresh token is unknown")]
    Unknown,
    /// It is another client's.
    #[error("the code or refresh token was given to another client")]
    Foreign,
    /// Its time is over.
    #[error("the code or refresh token has expired")]
    Expired,
    /// It is revoked.
    #[error("what was granted is revoked")]
    Revoked,
    /// It was used before, and what was granted ends for it.
    #[error(
        "{what} of the OAuth client {client} was used twice; what {admin} granted it has ended, and its access and refresh tokens are revoked"
    )]
    Reused {
        /// What was granted: still to be ended, with the line of the log that says so ([`Engine::end_reused`]).
        consent: ConsentId,
        /// A code or a refresh token.
        what: &'static str,
        /// The name of the client.
        client: String,
        /// Who granted it.
        admin: String,
    },
    /// It was sent somewhere else.
    #[error("redirect_uri is not the one that the code was sent to")]
    Redirect,
    /// No verifier came.
    #[error("code_verifier is missing")]
    NoVerifier,
    /// The verifier is another one.
    #[error("code_verifier does not fit the code_challenge")]
    Verifier,
    /// The policy refuses it.
    #[error("{}", .0.detail)]
    Refused(Refusal),
    /// It could not be done.
    #[error(transparent)]
    Engine(EngineError),
}

impl From<EngineError> for GrantFailure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused { refusal, .. } => Self::Refused(refusal),
            other => Self::Engine(other),
        }
    }
}

impl From<crate::store::StoreError> for GrantFailure {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl Engine {
    /// The live client with a `client_id`, for the authorization page.
    pub async fn client_to_authorize(
        &self,
        client_id: &str,
    ) -> Result<Option<ClientRow>, EngineError> {
        let Ok(id) = client_id.parse::<ClientId>() else {
            return Ok(None);
        };
        let record = self.store.client(id).await?;
        let live = record.filter(|it| it.row.revoked.is_none() && id.to_string() == client_id);
        Ok(live.map(|record| record.row))
    }

    /// Makes a code that is not given yet.
    pub fn new_code(&self, binding: CodeBinding) -> Result<NewCode, EngineError> {
        let secret = Secret::new(format!("{CODE}{}", random_text()?));
        Ok(NewCode {
            kept: ConsentSecret::Code {
                sha256: sha256(&secret),
                redirect_uri: binding.redirect_uri,
                challenge: binding.challenge,
                expires: after(CODE_LIVES)?,
            },
            secret,
        })
    }

    /// Makes a refresh token that is not given yet.
    pub fn new_refresh_token(&self) -> Result<NewRefresh, EngineError> {
        let secret = Secret::new(format!("{REFRESH}{}", random_text()?));
        Ok(NewRefresh {
            sha256: sha256(&secret),
            expires: after(REFRESH_LIVES)?,
            secret,
        })
    }

    /// What would refuse the admin's consent, before they are asked for it.
    pub async fn would_refuse(
        &self,
        admin: &SignedIn,
        client: ClientId,
    ) -> Result<Option<Refusal>, EngineError> {
        let command = Command::GiveConsent {
            id: ConsentId(Uuid::now_v7()),
            client,
            admin: admin.member,
        };
        let mut facts = Box::pin(self.facts(&command, Facts::default())).await?;
        let actor = Actor::admin(admin.name.clone());
        let now = Timestamp::now();
        let decision = Box::pin(self.decide(&mut facts, &command, &actor, now)).await?;
        Ok(decision.refusal)
    }

    /// An admin lets a client provision: the code is good from now on. `exchange` is the line of the request log.
    pub async fn consent(
        &self,
        admin: &SignedIn,
        client: ClientId,
        code: &NewCode,
        exchange: Exchange,
    ) -> Result<(), EngineError> {
        let command = Command::GiveConsent {
            id: ConsentId(Uuid::now_v7()),
            client,
            admin: admin.member,
        };
        let extras = || Extras {
            consent: Some(code.kept.clone()),
            ..Extras::default()
        };
        let _turn = self.locks.lock(&("client", client)).await;
        let actor = Actor::admin(admin.name.clone());
        self.perform_logged(&actor, &command, exchange, extras)
            .await
    }

    /// Gives a client tokens for a code or a refresh token. `exchange` is the line of the request log, complete.
    pub async fn exchange(
        &self,
        client: &OAuthClient,
        proof: &CodeProof<'_>,
        token: &NewAccessToken,
        refresh: &NewRefresh,
        exchange: Exchange,
    ) -> Result<(), GrantFailure> {
        // One at a time, so that of two uses at once the second finds the first.
        let _turn = self.locks.lock(&("client", client.id)).await;
        let now = Timestamp::now();
        let (consent, spends) = match proof {
            CodeProof::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let found = self.store.consent_by_code(&sha256(code)).await?;
                let consent = found.ok_or(GrantFailure::Unknown)?;
                check_code(client, &consent, *redirect_uri, *verifier, now)?;
                (consent, None)
            }
            CodeProof::Refresh(secret) => {
                let hash = sha256(secret);
                let found = self.store.refresh_token(&hash).await?;
                let row = found.ok_or(GrantFailure::Unknown)?;
                check_refresh(client, &row, now)?;
                (row.consent, Some(hash))
            }
        };
        let command = Command::UseConsent {
            id: consent.id,
            client: client.id,
            token: token.kept.id,
            expires: token.expires,
            is_first: spends.is_none(),
        };
        let extras = || Extras {
            token_secret: Some(token.kept.clone()),
            consent: Some(ConsentSecret::Refresh {
                sha256: refresh.sha256,
                expires: refresh.expires,
                spends,
            }),
            ..Extras::default()
        };
        let actor = Actor::idp(client.name.clone());
        Ok(self
            .perform_logged(&actor, &command, exchange, extras)
            .await?)
    }
    /// Ends what was granted, since something of it was used twice. `exchange` is the line of the log of the request that
    /// did so; it is written with what it changes, or, where that fails, alone.
    pub async fn end_reused(&self, consent: ConsentId, mut exchange: Exchange) {
        // The client is told less than admins are.
        let mut steps = exchange.trace.iter().rev();
        let why = steps.find(|step| step.verdict == Verdict::Failed);
        exchange.detail = why.map(|step| step.what.clone());
        let command = Command::RevokeConsent {
            id: consent,
            is_reused: true,
        };
        let actor = Asker::system().actor;
        let ended = self.perform_logged(&actor, &command, exchange.clone(), Extras::default);
        if let Err(error) = ended.await {
            tracing::error!(%error, "what was granted and used twice has not ended");
            self.record(exchange).await;
        }
    }

    /// Revokes what was granted by one of its refresh tokens (RFC 7009 §2.1). `None` where it is no refresh token.
    pub(super) async fn revoke_by_refresh_token(
        &self,
        client: &OAuthClient,
        secret: &Secret,
        exchange: &Exchange,
    ) -> Result<Option<Revocation>, EngineError> {
        let Some(row) = self.store.refresh_token(&sha256(secret)).await? else {
            return Ok(None);
        };
        if row.consent.client != client.id {
            return Ok(Some(Revocation::Foreign(Box::new(exchange.clone()))));
        }
        if row.consent.revoked.is_some() {
            return Ok(Some(Revocation::Nothing(Box::new(exchange.clone()))));
        }
        let command = Command::RevokeConsent {
            id: row.consent.id,
            is_reused: false,
        };
        let actor = Actor::idp(client.name.clone());
        let _turn = self.locks.lock(&("client", client.id)).await;
        self.perform_logged(&actor, &command, exchange.clone(), Extras::default)
            .await?;
        Ok(Some(Revocation::Done))
    }

    /// The refresh token, if it is good and the client's own.
    pub async fn introspect_refresh_token(
        &self,
        client: Option<ClientId>,
        secret: &Secret,
    ) -> Result<Option<RefreshRow>, EngineError> {
        let found = self.store.refresh_token(&sha256(secret)).await?;
        Ok(found.filter(|row| {
            client.is_none_or(|client| row.consent.client == client)
                && row.used.is_none()
                && row.consent.revoked.is_none()
                && row.expires > Timestamp::now()
        }))
    }
}

fn reused(client: &OAuthClient, consent: &ConsentRow, what: &'static str) -> GrantFailure {
    GrantFailure::Reused {
        consent: consent.id,
        what,
        client: client.name.clone(),
        admin: consent.admin.clone(),
    }
}

fn after(span: SignedDuration) -> Result<Timestamp, EngineError> {
    Timestamp::now()
        .checked_add(span)
        .map_err(|_| EngineError::Invalid("the clock is at its end".into()))
}

fn check_code(
    client: &OAuthClient,
    consent: &ConsentRow,
    redirect_uri: Option<&str>,
    verifier: Option<&Secret>,
    now: Timestamp,
) -> Result<(), GrantFailure> {
    if consent.client != client.id {
        return Err(GrantFailure::Foreign);
    }
    if consent.revoked.is_some() {
        return Err(GrantFailure::Revoked);
    }
    if consent.used.is_some() {
        return Err(reused(client, consent, "an authorization code"));
    }
    if consent.code_expires <= now {
        return Err(GrantFailure::Expired);
    }
    if redirect_uri != Some(consent.redirect_uri.as_str()) {
        return Err(GrantFailure::Redirect);
    }
    let verifier = verifier.ok_or(GrantFailure::NoVerifier)?;
    if fits(verifier, &consent.challenge) {
        Ok(())
    } else {
        Err(GrantFailure::Verifier)
    }
}

fn check_refresh(
    client: &OAuthClient,
    row: &RefreshRow,
    now: Timestamp,
) -> Result<(), GrantFailure> {
    if row.consent.client != client.id {
        return Err(GrantFailure::Foreign);
    }
    if row.consent.revoked.is_some() {
        return Err(GrantFailure::Revoked);
    }
    if row.used.is_some() {
        return Err(reused(client, &row.consent, "a refresh token"));
    }
    if row.expires <= now {
        return Err(GrantFailure::Expired);
    }
    Ok(())
}

/// RFC 7636 §4.6, `S256`: the challenge is the hash of the verifier.
fn fits(verifier: &Secret, challenge: &str) -> bool {
    let made = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.expose().as_bytes()));
    made.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_verifier_of_the_standard_fits_its_challenge() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(fits(&verifier, challenge));
        assert!(!fits(&Secret::new("another".into()), challenge));
        assert!(!fits(&verifier, ""));
    }
}
