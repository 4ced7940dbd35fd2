//! The wire types of the link: which identity provider is connected, and how one is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::types::ConnectionRow;
pub use crate::directory::connection::IDPS;
pub use crate::directory::policy::{ConnectionAuth, Rotation};
pub use crate::directory::{ClientId, Connection, Credential, MemberId};

/// The command that makes a credential which opens SCIM under `auth`, for the identity provider called `name`. Words in
/// capitals are the admin's to fill in.
pub fn credential_command(auth: ConnectionAuth, name: &str) -> String {
    match auth {
        ConnectionAuth::Oauth2 => format!("provost client new --name {name} --redirect-uri URI"),
        ConnectionAuth::Bearer => format!("provost token new --name {name}"),
        ConnectionAuth::OwnedKey => format!("provost token new --name {name} --owner MEMBER"),
    }
}

/// The command that configures single sign-on, where the policy wants that before anybody is connected
/// (`scim.requires_sso`).
pub const SSO_COMMAND: &str = "provost sso configure --metadata FILE-OR-URL";

/// The same as [`credential_command`] in a sentence, behind what has to come before it.
pub fn credential_steps(auth: ConnectionAuth, name: &str, lacks_sso: bool) -> String {
    let command = credential_command(auth, name);
    if lacks_sso {
        format!("`{SSO_COMMAND}` first (scim.requires_sso), then `{command}`")
    } else {
        format!("`{command}`")
    }
}

/// How the provider is reached, and who is connected to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScimLink {
    /// The base URL to give to an identity provider.
    pub base_url: String,
    /// `/scim/v2`, which is answered, too, where the preset has a base path of its own.
    pub plain_base_url: String,
    /// Where an admin lets an identity provider in (RFC 6749 §3.1).
    pub authorize_url: String,
    /// Where it fetches its tokens (RFC 6749 §3.2).
    pub token_url: String,
    /// How it authenticates: `scim.auth`.
    pub auth: ConnectionAuth,
    /// What another token does to the one before: `scim.rotation`.
    pub rotation: Rotation,
    /// How many may be connected at a time; 0 for any number.
    pub max_connections: u32,
    /// Whether the policy asks for single sign-on first (`scim.requires_sso`).
    pub wants_sso: bool,
    /// Whether it does and none is configured: nobody can be connected until one is.
    #[serde(default)]
    pub lacks_sso: bool,
    /// Those that are connected, oldest first.
    pub connections: Vec<LinkRow>,
    /// Live credentials that belong to no connection, by name.
    pub loose: Vec<String>,
}

/// One connection as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkRow {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// What to call it.
    pub title: String,
    /// Whether it has a credential that opens something.
    pub is_live: bool,
    /// The `userName` of the member with whom its key ends.
    #[serde(default)]
    pub owner: Option<String>,
    /// Whether an identity provider provisions that member, and could end the key by taking their access.
    #[serde(default)]
    pub owner_is_managed: bool,
    /// What it has done, where it has called.
    #[serde(default)]
    pub traffic: Option<ConnectionRow>,
}

impl LinkRow {
    /// The state in a word.
    pub fn state(&self) -> &'static str {
        match (self.is_live, &self.traffic) {
            (false, _) if self.connection.credential == Credential::Grant => "grant ended",
            (false, _) => "no credential",
            (true, None) if self.connection.credential == Credential::Client => "waits for consent",
            (true, None) => "never called",
            (true, Some(_)) => "connected",
        }
    }

    /// When it last changed something.
    pub fn last_push(&self) -> Option<Timestamp> {
        self.traffic.as_ref()?.last_push
    }
}

impl ScimLink {
    /// The connection whose credential has this name.
    pub fn connected_by(&self, name: &str) -> Option<&LinkRow> {
        let mut rows = self.connections.iter();
        rows.find(|row| row.connection.name == name)
    }

    /// What an identity provider asks for, and what to enter there.
    pub fn card(&self, idp: &str, over_oauth: bool) -> Vec<(&'static str, String)> {
        let base = &self.base_url;
        let mut card = match idp {
            "okta" => vec![
                ("SCIM connector base URL", base.clone()),
                ("Unique identifier", "userName".into()),
            ],
            "entra" => vec![("Tenant URL", format!("{base}?aadOptscim062020"))],
            "onelogin" => vec![
                ("SCIM Base URL", base.clone()),
                (
                    "Custom Headers",
                    "Content-Type: application/scim+json".into(),
                ),
            ],
            _ => vec![
                ("Base URL", base.clone()),
                ("Key of a user", "userName; externalId is kept, too".into()),
            ],
        };
        if over_oauth {
            card.extend([
                (
                    "Authentication",
                    "OAuth 2, authorization code with PKCE".into(),
                ),
                ("Authorize URL", self.authorize_url.clone()),
                ("Token URL", self.token_url.clone()),
                ("Scope", "scim".into()),
                (
                    "Client",
                    "client_id and client_secret, shown once when it is connected".into(),
                ),
            ]);
            return card;
        }
        card.push(match idp {
            "okta" => ("Authorization (HTTP Header)", "the token alone".into()),
            "entra" => ("Secret Token", "the token".into()),
            "onelogin" => ("SCIM Bearer Token", "the token".into()),
            _ => (
                "Authentication",
                "OAuth 2 bearer token in the Authorization header".into(),
            ),
        });
        card
    }
}

/// How an identity provider shall be connected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// One of [`IDPS`].
    pub idp: String,
    /// The name of the connection and of its token or OAuth client, 1 to 64 characters.
    pub name: String,
    /// Where an OAuth client may have answers sent; with one the connection is made over OAuth 2.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The member to whom its key belongs.
    #[serde(default)]
    pub owner: Option<MemberId>,
    /// How long its token lives, in seconds; `None` for ever.
    #[serde(default)]
    pub ttl_seconds: Option<u64>,
}

/// A connection that was just made. Its secret is told this once.
#[derive(Serialize, Deserialize)]
pub struct Connected {
    /// The connection.
    pub connection: Connection,
    /// The `client_id`, where it is an OAuth client.
    pub client_id: Option<ClientId>,
    /// The token or the client's secret. Not a [`crate::secret::Secret`] since it must cross the wire once; never keep
    /// or log it.
    pub secret: String,
}
