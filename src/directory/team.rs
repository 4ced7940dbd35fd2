//! A team: a group of members, the SCIM Group. Membership is rows of its own and never part of a team's document.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::TeamId;
use super::member::Attributes;

/// A team without its members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Team {
    /// Never reused.
    pub id: TeamId,
    /// SCIM attributes without `members`.
    pub attributes: Attributes,
    /// Who rules this team's name and members.
    pub source: TeamSource,
    /// Whether an admin has stopped the identity provider's changes of this team for a while.
    #[serde(default)]
    pub paused: bool,
    /// Counts up with each change, of attributes or of membership.
    pub version: u64,
    /// When the team was created.
    pub created: Timestamp,
    /// When it, or its membership, last changed.
    pub modified: Timestamp,
    /// Set while soft-deleted.
    #[serde(default)]
    pub deleted: Option<Timestamp>,
}

/// Who rules a team's name and members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamSource {
    /// Pushed by an identity provider.
    Synced,
    /// Made and kept here.
    Local,
}

impl TeamSource {
    /// The word the database, the command line and the console use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Local => "local",
        }
    }
}

impl Team {
    /// `displayName` as given.
    pub fn display_name(&self) -> &str {
        self.attributes
            .get("displayName")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The IdP's own id for this group.
    pub fn external_id(&self) -> Option<&str> {
        self.attributes.get("externalId").and_then(Value::as_str)
    }
}
