//! A team: a group of members, the SCIM Group. Membership is rows of its own and never part of a team's document.
//!
//! What Provost itself knows of a team ([`OwnFields`]) stands beside the SCIM attributes and never among them, so that no
//! write of an identity provider can reach it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{MemberId, TeamId};
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
    /// What admins keep of it here.
    #[serde(default)]
    pub own: OwnFields,
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

/// What is kept of a team here, and what no identity provider sees or changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFields {
    /// The word by which roles and scripts name the team, unique among teams: `data-eng` for Data Eng. Empty in a team
    /// from before there were keys; [`Team::key`] makes one up.
    #[serde(default)]
    pub key: String,
    /// What the team is for; empty where nobody has said it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The keys of the roles that its members have through it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The members who look after it here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maintainers: Vec<MemberId>,
}

impl OwnFields {
    /// The key of a team of this name: its own, else one made up.
    pub fn key_of(&self, name: &str) -> String {
        match self.key.as_str() {
            "" => slug(name),
            key => key.to_owned(),
        }
    }
}

/// Who rules a team's name and members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamSource {
    /// Pushed by an identity provider.
    Synced,
    /// Made and kept here.
    Local,
    /// Was synced until an admin unlinked it; kept here since. A group that is pushed anew may be linked to it, but the
    /// identity provider cannot go on with it as if nothing had happened.
    Unlinked,
    /// Was synced until the identity provider deleted its group, which the policy has mean that the team stays here. To the
    /// identity provider it is gone (RFC 7644 §3.6) until a group is pushed that is linked to it.
    Released,
}

impl TeamSource {
    /// The word the database, the command line and the console use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Local => "local",
            Self::Unlinked => "unlinked",
            Self::Released => "released",
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

    /// The word by which roles and scripts name the team.
    pub fn key(&self) -> String {
        self.own.key_of(self.display_name())
    }

    /// The IdP's own id for this group.
    pub fn external_id(&self) -> Option<&str> {
        self.attributes.get("externalId").and_then(Value::as_str)
    }
}

/// The key that a name asks for: its letters and digits in lower case, joined by hyphens.
pub fn slug(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_end_matches('-');
    if key.is_empty() { "team" } else { key }.to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::words("Data Eng", "data-eng")]
    #[case::signs("  R&D / Ops!! ", "r-d-ops")]
    #[case::other_letters("Größe 2", "größe-2")]
    #[case::nothing_to_make_one_of("???", "team")]
    fn a_key_is_made_of_the_name(#[case] name: &str, #[case] key: &str) {
        assert_eq!(slug(name), key);
    }
}
