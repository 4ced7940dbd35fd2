//! Which identity provider is connected, and by what it authenticates. Connections are part of the
//! [`Settings`](super::Settings): they change by commands, under the same version.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kinds of identity provider that there are instructions for. `other` is everything else.
pub const IDPS: [&str; 4] = ["okta", "entra", "onelogin", "other"];

/// One identity provider that is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The name of the connection and of its token or OAuth client: one name for both, so that the log tells which
    /// connection a request came by.
    pub name: String,
    /// One of [`IDPS`].
    pub idp: String,
    /// Since when.
    pub since: Timestamp,
    /// The admin who connected it.
    pub by: String,
    /// What it authenticates with.
    pub credential: Credential,
}

impl Connection {
    /// The name of the product, or of the connection where the product is not known.
    pub fn title(&self) -> &str {
        match self.idp.as_str() {
            "okta" => "Okta",
            "entra" => "Microsoft Entra ID",
            "onelogin" => "OneLogin",
            _ => &self.name,
        }
    }
}

/// What a connection authenticates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// A bearer token.
    Token,
    /// A bearer token that belongs to a member and ends with them.
    OwnedKey,
    /// An OAuth client that has not been granted anything yet, or fetches tokens for itself.
    Client,
    /// An OAuth client that an admin has granted access.
    Grant,
}

impl Credential {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "bearer token",
            Self::OwnedKey => "key of a member",
            Self::Client => "OAuth client",
            Self::Grant => "OAuth grant",
        }
    }
}

/// Which identity provider a redirect URI belongs to: one of [`IDPS`].
pub fn idp_of_host(host: &str) -> &'static str {
    let is_at = |domains: &[&str]| {
        domains.iter().any(|domain| {
            host.strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    if is_at(&["okta.com", "oktapreview.com", "okta-emea.com"]) {
        "okta"
    } else if is_at(&["microsoftonline.com", "microsoft.com", "azure.com"]) {
        "entra"
    } else if is_at(&["onelogin.com"]) {
        "onelogin"
    } else {
        "other"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_tells_its_provider() {
        assert_eq!(idp_of_host("system-admin.okta.com"), "okta");
        assert_eq!(idp_of_host("okta.com"), "okta");
        assert_eq!(idp_of_host("notokta.com"), "other");
        assert_eq!(idp_of_host("portal.azure.com"), "entra");
    }
}
