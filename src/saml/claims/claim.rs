//! The claims that Provost understands.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an assertion can say of a member. Ordered as an admin reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Claim {
    /// The base role: `reader`, `writer`, `admin` or `noAccess`. Some identity providers send several; the policy decides
    /// what then.
    Role,
    /// Keys of custom roles. They replace the ones the member has.
    CustomRole,
    /// Parameters of custom roles, as the identity provider writes them.
    RoleAttributes,
    /// Keys of teams. A team assignment by SCIM goes before it.
    TeamKey,
    /// Given name. The first value counts: directories may hold several.
    FirstName,
    /// Family name. The first value counts.
    LastName,
}

/// A word that names no claim.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown claim {name:?}, known are {}", Claim::ALL.map(Claim::as_str).join(", "))]
pub struct UnknownClaim {
    /// The word, cut to a length that can be shown.
    pub name: String,
}

impl Claim {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Role,
        Self::CustomRole,
        Self::RoleAttributes,
        Self::TeamKey,
        Self::FirstName,
        Self::LastName,
    ];

    /// Provost's name for it, as in a settings file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::CustomRole => "customRole",
            Self::RoleAttributes => "roleAttributes",
            Self::TeamKey => "teamKey",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Claim {
    type Err = UnknownClaim;

    fn from_str(name: &str) -> Result<Self, UnknownClaim> {
        Self::ALL
            .into_iter()
            .find(|claim| claim.as_str() == name)
            .ok_or_else(|| UnknownClaim {
                name: name.chars().take(80).collect(),
            })
    }
}
