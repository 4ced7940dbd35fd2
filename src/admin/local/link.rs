//! How the provider is reached, and who is connected to it.

use jiff::{SignedDuration, Timestamp};

use super::LocalAdmin;
use crate::admin::AdminError;
use crate::admin::link::{Credential, LinkRow, ScimLink};
use crate::admin::types::{Finding, Severity, TokenScope};

impl LocalAdmin {
    pub(super) async fn scim_link(&self) -> Result<ScimLink, AdminError> {
        let now = Timestamp::now();
        let engine = &self.engine;
        let store = engine.store();
        let in_force = engine.in_force();
        let scim = &in_force.policy.scim;
        let hour_ago = now
            .checked_sub(SignedDuration::from_hours(1))
            .unwrap_or(Timestamp::MIN);
        let traffic = store.connections(hour_ago).await?;
        let states = engine.connections().await?;
        let connections: Vec<LinkRow> = states
            .into_iter()
            .map(|state| LinkRow {
                title: state.connection.title().to_owned(),
                traffic: traffic
                    .iter()
                    .find(|row| row.token == state.connection.name)
                    .cloned(),
                is_live: state.is_live,
                owner: state.owner.map(|(_, name)| name),
                owner_is_managed: state.owner_is_managed,
                connection: state.connection,
            })
            .collect();
        let is_loose = |name: &String| in_force.settings.connection(name).is_none();
        let tokens = store.tokens().await?.into_iter().filter(|token| {
            token.scope == TokenScope::Scim
                && token.client.is_none()
                && token.revoked.is_none()
                && token.rotated.is_none()
                && token.expires.is_none_or(|end| end > now)
        });
        let clients = store.clients().await?.into_iter();
        let clients = clients.filter(|client| client.revoked.is_none());
        let loose = tokens
            .map(|token| token.name)
            .chain(clients.map(|client| client.name))
            .filter(is_loose)
            .collect();
        let url = engine.public_url();
        Ok(ScimLink {
            base_url: engine.offered_base_url(),
            plain_base_url: engine.scim_base_url(),
            authorize_url: format!("{url}/trust/oauth/authorize"),
            token_url: format!("{url}/trust/oauth/token"),
            auth: scim.auth,
            rotation: scim.rotation,
            max_connections: scim.max_connections,
            wants_sso: scim.requires_sso,
            lacks_sso: scim.requires_sso && in_force.settings.sso.is_none(),
            connections,
            loose,
        })
    }

    /// What is wrong, or will be, with keys that end with a member, and with connections.
    pub(super) async fn check_link(&self) -> Result<Vec<Finding>, AdminError> {
        let mut findings = Vec::new();
        let warn = |found: String, fix: String| Finding {
            severity: Severity::Warning,
            check: "connection".into(),
            found,
            fix,
        };
        let clients = self.engine.store().clients().await?;
        for row in self.scim_link().await?.connections {
            let name = &row.connection.name;
            if !row.is_live {
                let title = &row.title;
                let has_client = clients
                    .iter()
                    .any(|client| client.name == *name && client.revoked.is_none());
                let (what, fix) = match row.connection.credential {
                    Credential::Grant if has_client => (
                        "what an admin granted it has ended",
                        format!("authorize it again in {title}, or provost scim disconnect {name}"),
                    ),
                    Credential::Token
                    | Credential::OwnedKey
                    | Credential::Client
                    | Credential::Grant => (
                        "no credential of it is live",
                        format!("provost scim disconnect {name}, then connect it anew"),
                    ),
                };
                findings.push(warn(
                    format!("{title} is connected as {name}, and {what}"),
                    fix,
                ));
            }
        }
        for token in self.engine.store().tokens().await? {
            let Some(owner) = token.owner.filter(|_| token.revoked.is_none()) else {
                continue;
            };
            let (member, _) = self.engine.member(owner).await?;
            if member.management != crate::directory::Management::Local {
                let name = &token.name;
                let found = format!(
                    "the key {name} ends with {}, whom an identity provider manages: taking their access there cuts the connection",
                    member.user_name()
                );
                let fix = format!(
                    "give {name} an owner whom no identity provider manages: make a new key with --owner"
                );
                findings.push(warn(found, fix));
            }
        }
        Ok(findings)
    }
}
