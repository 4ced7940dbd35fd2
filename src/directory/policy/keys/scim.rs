//! Values of `scim.*`: how an identity provider is connected.

use serde::{Deserialize, Serialize};

/// Values of `scim.auth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionAuth {
    /// An OAuth 2 grant.
    Oauth2,
    /// A bearer token.
    Bearer,
    /// A key that belongs to a member and ends with them.
    OwnedKey,
}

/// Values of `scim.rotation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// The old token ends when the new one is issued.
    Instant,
    /// Both work for a while.
    Overlap,
}
