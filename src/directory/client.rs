//! OAuth clients: programs of an identity provider that fetch short-lived access tokens for themselves (RFC 6749 §4.4).

use serde::{Deserialize, Serialize};

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// With a secret, as `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1).
    ClientSecret,
    /// With a signed assertion, `private_key_jwt` (RFC 7523 §2.2).
    PrivateKeyJwt,
}

impl ClientAuthentication {
    /// The word of the database and of the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::ClientSecret, Self::PrivateKeyJwt]
            .into_iter()
            .find(|method| method.as_str() == word)
    }
}
