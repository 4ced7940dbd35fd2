//! Which identity provider is connected: made, ended, looked at.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::access::{make_client_secret, make_secret};
use super::admin::{AdminDone, Asker, Mode, deed, ends};
use super::{Engine, EngineError};
use crate::directory::policy::ConnectionAuth;
use crate::directory::{
    ClientId, Command, Connection, Credential, MemberId, NewCredential, ObjectKind, TokenId,
};
use crate::secret::Secret;
use crate::store::rows::TokenScope;
use crate::store::{ClientCredentials, StoreError};

/// How an identity provider shall be connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionDraft {
    /// `okta`, `entra`, `onelogin` or `other`.
    pub idp: String,
    /// The name of the connection and of its credential.
    pub name: String,
    /// Where an OAuth client may have answers sent, where the policy connects by OAuth 2.
    pub redirect_uris: Vec<String>,
    /// Whose the key is, where it belongs to a member.
    pub owner: Option<MemberId>,
    /// How long a token lives.
    pub ttl: Option<SignedDuration>,
}

/// A new connection. Its secret is told this once; a preview has none.
#[derive(Debug)]
pub struct NewConnection {
    /// The connection.
    pub connection: Connection,
    /// The `client_id`, where it is an OAuth client.
    pub client: Option<ClientId>,
    /// The token, or the client's secret.
    pub secret: Secret,
}

/// A connection as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionState {
    /// The connection.
    pub connection: Connection,
    /// Whether it has a credential that opens something.
    pub is_live: bool,
    /// The member with whom its key ends.
    pub owner: Option<(MemberId, String)>,
    /// Whether an identity provider provisions that member, and could end the key by mistake.
    pub owner_is_managed: bool,
}

impl Engine {
    /// Connects an identity provider: makes the credential that `scim.auth` asks for, and remembers whose it is.
    pub async fn connect(
        &self,
        asker: &Asker,
        draft: ConnectionDraft,
    ) -> Result<NewConnection, EngineError> {
        let auth = self.in_force().policy.scim.auth;
        let uses_client = auth == ConnectionAuth::Oauth2 || !draft.redirect_uris.is_empty();
        if uses_client && draft.redirect_uris.is_empty() {
            return Err(EngineError::Invalid(
                "this policy connects by OAuth 2 (scim.auth): name the redirect URI that the identity provider shows".into(),
            ));
        }
        let mut deed = deed(
            "POST",
            "/admin/v1/scim/connections",
            "Settings",
            ObjectKind::Settings,
            Uuid::nil(),
            &draft.name,
        );
        let (credential, secret, client) = if uses_client {
            let id = ClientId(Uuid::now_v7());
            let (secret, kept) = make_client_secret()?;
            deed.client = Some(ClientCredentials {
                id,
                secret: Some(kept),
                keys: None,
            });
            let redirect_uris = draft.redirect_uris;
            (
                NewCredential::Client { id, redirect_uris },
                secret,
                Some(id),
            )
        } else {
            let id = TokenId(Uuid::now_v7());
            let (secret, kept) = make_secret(id, TokenScope::Scim, ends(draft.ttl)?)?;
            deed.token = Some(kept);
            let owner = draft.owner;
            (NewCredential::Token { id, owner }, secret, None)
        };
        let connection = Connection {
            name: draft.name.clone(),
            idp: draft.idp,
            since: Timestamp::now(),
            by: asker.actor.name.clone(),
            credential: match (&credential, draft.owner) {
                (NewCredential::Client { .. }, _) => Credential::Client,
                (NewCredential::Token { .. }, Some(_)) => Credential::OwnedKey,
                (NewCredential::Token { .. }, None) => Credential::Token,
            },
        };
        let _turn = self.key_turn(&draft.name, draft.owner).await;
        let command = Command::Connect {
            connection: Box::new(connection.clone()),
            credential,
        };
        self.perform(asker, &command, deed).await?;
        let secret = match asker.mode {
            Mode::Commit => secret,
            Mode::Preview => Secret::new(String::new()),
        };
        Ok(NewConnection {
            connection,
            client,
            secret,
        })
    }

    /// Ends a connection: its credentials are worthless from the next request on. Members and teams stay.
    pub async fn disconnect(&self, asker: &Asker, name: &str) -> Result<AdminDone, EngineError> {
        let path = format!("/admin/v1/scim/connections/{name}/disconnect");
        let nobody = Uuid::nil();
        let deed = deed("POST", path, "Settings", ObjectKind::Settings, nobody, name);
        let _turn = self.locks.lock(&("token", name)).await;
        let command = Command::Disconnect {
            name: name.to_owned(),
        };
        self.perform(asker, &command, deed).await
    }

    /// The connections as they stand, oldest first.
    pub async fn connections(&self) -> Result<Vec<ConnectionState>, EngineError> {
        let now = Timestamp::now();
        let tokens = self.store.tokens().await?;
        let clients = self.store.clients().await?;
        let mut states = Vec::new();
        for connection in &self.in_force().settings.connections {
            let name = &connection.name;
            let token = tokens.iter().find(|token| {
                token.name == *name
                    && token.client.is_none()
                    && token.revoked.is_none()
                    && token.rotated.is_none()
                    && token.expires.is_none_or(|end| end > now)
            });
            let client = clients
                .iter()
                .find(|client| client.name == *name && client.revoked.is_none());
            // A client that an admin has let in comes in by that grant alone.
            let client_is_live = match client {
                Some(client) if connection.credential == Credential::Grant => {
                    self.store.has_grant(client.id, now).await?
                }
                Some(_) => true,
                None => false,
            };
            let owner = match tokens
                .iter()
                .filter(|token| token.name == *name)
                .find_map(|token| token.owner)
            {
                Some(owner) => self.store.member(owner, true).await?,
                None => None,
            };
            states.push(ConnectionState {
                connection: connection.clone(),
                is_live: token.is_some() || client_is_live,
                owner_is_managed: owner
                    .as_ref()
                    .is_some_and(|it| it.management != crate::directory::Management::Local),
                owner: owner.map(|it| (it.id, it.user_name().to_owned())),
            });
        }
        Ok(states)
    }

    /// The names of the connections whose grant has ended: no refresh token of theirs works any more, so that only an
    /// admin lets them in again.
    pub(super) async fn ended_grants(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut ended = BTreeSet::new();
        for connection in &self.in_force().settings.connections {
            if connection.credential == Credential::Grant {
                ended.insert(connection.name.clone());
            }
        }
        if ended.is_empty() {
            return Ok(ended);
        }
        let (clients, now) = (self.store.clients().await?, Timestamp::now());
        for client in clients {
            let is_named = client.revoked.is_none() && ended.contains(&client.name);
            if is_named && self.store.has_grant(client.id, now).await? {
                ended.remove(&client.name);
            }
        }
        Ok(ended)
    }

    /// Which identity provider asks: the one that is connected under the name of its credential, else the one it looks
    /// like.
    pub(super) fn idp_of(&self, credential: &str, looks_like: Option<&str>) -> Option<String> {
        let in_force = self.in_force();
        let connected = in_force.settings.connection(credential);
        connected
            .map(|connection| connection.idp.clone())
            .filter(|idp| idp != "other")
            .or_else(|| looks_like.map(str::to_owned))
    }

    /// The base URL to give to an identity provider: that of the preset's system.
    pub fn offered_base_url(&self) -> String {
        let in_force = self.in_force();
        format!("{}{}", self.public_url(), in_force.policy.scim.base_path)
    }
}
