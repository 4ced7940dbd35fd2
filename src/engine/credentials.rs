//! What an admin does about credentials besides issuing and revoking tokens: rotate one, and register and revoke OAuth
//! clients.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::MutexGuard;
use uuid::Uuid;

use super::access::{make_client_secret, make_secret};
use super::admin::{AdminDone, Asker, Mode, deed};
use super::{Engine, EngineError, oauth};
use crate::directory::{ClientAuthentication, ClientId, Command, MemberId, ObjectKind, TokenId};
use crate::secret::Secret;
use crate::store::ClientCredentials;
use crate::store::rows::{ClientRow, TokenRow};

/// The longest time for which two secrets of one token work. After it the rotation has not happened.
const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How a token shall be rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// How long the old secret works beside the new one; zero ends it at once. At most 90 days.
    pub overlap: SignedDuration,
    /// How long the new secret lives; where absent as long as the old one was made to live.
    pub ttl: Option<SignedDuration>,
}

impl Engine {
    /// Gives a token a new secret and tells it, this once. The old one works on for the overlap.
    pub async fn rotate_token(
        &self,
        asker: &Asker,
        id: TokenId,
        rotation: Rotation,
    ) -> Result<(TokenRow, Secret), EngineError> {
        if rotation.overlap.is_negative() || rotation.overlap > LONGEST_OVERLAP {
            return Err(EngineError::Invalid(
                "the overlap of two secrets is at most 90 days".into(),
            ));
        }
        let tokens = self.store.tokens().await?;
        let Some(token) = tokens.into_iter().find(|token| token.id == id) else {
            return Err(EngineError::NotFound(format!("there is no token {id}")));
        };
        let _turn = self.key_turn(&token.name, token.owner).await;
        let now = Timestamp::now();
        let lives = rotation.ttl.or_else(|| {
            let end = token.expires?;
            Some(end.duration_since(token.created))
        });
        let too_long = |_| EngineError::Invalid("a token cannot live that long".into());
        let expires = match lives {
            Some(lives) if !lives.is_positive() => {
                return Err(EngineError::Invalid(
                    "a token must live for a positive time".into(),
                ));
            }
            Some(lives) => Some(now.checked_add(lives).map_err(too_long)?),
            None => None,
        };
        let retires = now.checked_add(rotation.overlap).map_err(too_long)?;
        let successor = TokenId(Uuid::now_v7());
        let (secret, kept) = make_secret(successor, token.scope, expires)?;
        let path = format!("/admin/v1/tokens/{id}/rotate");
        let mut deed = deed("POST", path, "Tokens", ObjectKind::Token, id, &token.name);
        deed.token = Some(kept);
        let command = Command::RotateToken {
            id,
            successor,
            retires,
        };
        self.perform(asker, &command, deed).await?;
        if asker.mode == Mode::Preview {
            return Ok((token, Secret::new(String::new())));
        }
        let tokens = self.store.tokens().await?;
        let row = tokens.into_iter().find(|token| token.id == successor);
        row.map(|row| (row, secret))
            .ok_or_else(|| EngineError::NotFound("the token is gone again".into()))
    }

    /// Registers an OAuth client: with `keys`, a public key in PEM or a JWK set, it proves itself by `private_key_jwt`;
    /// without, by a secret, which is told this once.
    pub async fn create_client(
        &self,
        asker: &Asker,
        name: &str,
        keys: Option<String>,
        redirect_uris: Vec<String>,
    ) -> Result<(ClientRow, Option<Secret>), EngineError> {
        let id = ClientId(Uuid::now_v7());
        let (credentials, secret, authentication) = match keys {
            Some(keys) => {
                oauth::check_keys(&keys)
                    .map_err(|fault| EngineError::Invalid(fault.to_string()))?;
                let credentials = ClientCredentials {
                    id,
                    secret: None,
                    keys: Some(keys.trim().to_owned()),
                };
                (credentials, None, ClientAuthentication::PrivateKeyJwt)
            }
            None => {
                let (secret, kept) = make_client_secret()?;
                let credentials = ClientCredentials {
                    id,
                    secret: Some(kept),
                    keys: None,
                };
                (
                    credentials,
                    Some(secret),
                    ClientAuthentication::ClientSecret,
                )
            }
        };
        let _turn = self.locks.lock(&("token", name)).await;
        let command = Command::CreateClient {
            id,
            name: name.to_owned(),
            authentication,
            redirect_uris: redirect_uris.clone(),
        };
        let mut deed = deed(
            "POST",
            "/admin/v1/clients",
            "Clients",
            ObjectKind::Client,
            id,
            name,
        );
        deed.client = Some(credentials);
        self.perform(asker, &command, deed).await?;
        if asker.mode == Mode::Preview {
            let row = ClientRow {
                id,
                name: name.to_owned(),
                authentication,
                prefix: None,
                created: Timestamp::now(),
                last_used: None,
                revoked: None,
                redirect_uris,
            };
            return Ok((row, None));
        }
        let record = self.store.client(id).await?;
        record
            .map(|record| (record.row, secret))
            .ok_or_else(|| EngineError::NotFound("the client is gone again".into()))
    }

    /// Gives an OAuth client another secret and tells it, this once. The old one ends at once.
    pub async fn rotate_client(
        &self,
        asker: &Asker,
        id: ClientId,
    ) -> Result<(ClientRow, Secret), EngineError> {
        let Some(record) = self.store.client(id).await? else {
            return Err(EngineError::NotFound(format!(
                "there is no OAuth client {id}"
            )));
        };
        if record.secret_sha256.is_none() {
            return Err(EngineError::Invalid(
                "this client has no secret; it proves itself with its private key".into(),
            ));
        }
        let (secret, kept) = make_client_secret()?;
        let path = format!("/admin/v1/clients/{id}/rotate");
        let name = record.row.name.clone();
        let mut deed = deed("POST", path, "Clients", ObjectKind::Client, id, &name);
        deed.client = Some(ClientCredentials {
            id,
            secret: Some(kept),
            keys: None,
        });
        let _turn = self.locks.lock(&("client", id)).await;
        self.perform(asker, &Command::RotateClient { id }, deed)
            .await?;
        if asker.mode == Mode::Preview {
            return Ok((record.row, Secret::new(String::new())));
        }
        let record = self.store.client(id).await?;
        record
            .map(|record| (record.row, secret))
            .ok_or_else(|| EngineError::NotFound("the client is gone".into()))
    }

    /// The turn of whoever makes a credential of this name. One that belongs to a member takes the member's turn, so that
    /// none is made while they lose their access.
    pub(super) async fn key_turn(&self, name: &str, owner: Option<MemberId>) -> MutexGuard<'_, ()> {
        match owner {
            Some(owner) => self.locks.lock(&owner).await,
            None => self.locks.lock(&("token", name)).await,
        }
    }

    /// Makes an OAuth client and all its access tokens worthless from the next request on.
    pub async fn revoke_client(
        &self,
        asker: &Asker,
        id: ClientId,
    ) -> Result<AdminDone, EngineError> {
        let Some(record) = self.store.client(id).await? else {
            return Err(EngineError::NotFound(format!(
                "there is no OAuth client {id}"
            )));
        };
        let name = record.row.name;
        let _turn = self.locks.lock(&("client", id)).await;
        let path = format!("/admin/v1/clients/{id}/revoke");
        let deed = deed("POST", path, "Clients", ObjectKind::Client, id, &name);
        self.perform(asker, &Command::RevokeClient { id }, deed)
            .await
    }
}
