//! A member: a person in the organisation, the SCIM User.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fold::fold;
use super::ids::MemberId;

pub use crate::scim::Attributes;

/// The URN of Provost's own User extension with `role`, `customRole` and `roleAttributes`.
pub const PROVOST_USER: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";

/// The core attribute that names roles (RFC 7643 §4.1.2).
pub const ROLES: &str = "roles";

/// The attributes by which a member can be found.
const KEYS: [&str; 3] = ["userName", "externalId", "emails"];

/// A member, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Never reused.
    pub id: MemberId,
    /// What SCIM calls the resource, normalised by the schema.
    pub attributes: Attributes,
    /// How this member came to be.
    pub origin: Origin,
    /// Whether an identity provider provisions them.
    #[serde(default)]
    pub management: Management,
    /// The one owner of the account, whom no IdP may touch (`guard.owner`).
    #[serde(default)]
    pub owner: bool,
    /// Whether they are there for the day on which nobody else can sign in. No identity provider may touch them.
    #[serde(default)]
    pub recovery: bool,
    /// When they were invited last; `None` who was not, and who has come in since. See
    /// [`invitation`](super::invitation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Timestamp>,
    /// Counts up with each change; the ETag is `W/"<version>"`.
    pub version: u64,
    /// When the member was created (`meta.created`).
    pub created: Timestamp,
    /// When it last changed (`meta.lastModified`).
    pub modified: Timestamp,
    /// Set while soft-deleted: hidden from SCIM, kept for restore and audit.
    #[serde(default)]
    pub deleted: Option<Timestamp>,
}

/// How a member came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Created by an identity provider over SCIM.
    Scim,
    /// Created at sign-in by SAML.
    Jit,
    /// Added by an admin.
    Manual,
}

/// Whether an identity provider provisions a member, and how far its word goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Management {
    /// No: they are kept here alone.
    #[default]
    Local,
    /// Yes, but it found them here. What it may take from them is a matter of `users.preexisting`.
    Linked,
    /// Yes, altogether: it created them, or an admin handed them over.
    Provisioned,
}

impl Management {
    /// The word the database, the command line and the console use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Linked => "linked",
            Self::Provisioned => "provisioned",
        }
    }
}

impl Origin {
    /// The word the database, the command line and the console use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::Jit => "jit",
            Self::Manual => "manual",
        }
    }
}

impl Member {
    /// `userName` as given, or empty when absent (only possible in a document that never passed validation).
    pub fn user_name(&self) -> &str {
        self.attributes
            .get("userName")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The key `userName` is unique by.
    pub fn user_name_key(&self) -> String {
        fold(self.user_name())
    }

    /// The IdP's own id for this member. Compared exactly (`caseExact` is true, RFC 7643 §3.1).
    pub fn external_id(&self) -> Option<&str> {
        self.attributes.get("externalId").and_then(Value::as_str)
    }

    /// Whether they may sign in. Absent means true; null, that it was false when a client took the value away.
    pub fn is_active(&self) -> bool {
        self.attributes
            .get("active")
            .is_none_or(|active| active == &Value::Bool(true))
    }

    /// Sets `active`.
    pub fn set_active(&mut self, active: bool) {
        self.attributes.insert("active".into(), Value::Bool(active));
    }

    /// The primary e-mail address, else the first one.
    pub fn email(&self) -> Option<&str> {
        let emails = self.attributes.get("emails")?.as_array()?;
        let primary = emails
            .iter()
            .find(|email| email.get("primary").and_then(Value::as_bool) == Some(true));
        primary.or(emails.first())?.get("value")?.as_str()
    }

    /// The name to show: `displayName`, `name.formatted`, given and family name, or `userName`.
    pub fn display_name(&self) -> String {
        let text = |value: Option<&Value>| {
            value
                .and_then(Value::as_str)
                .filter(|s| !s.is_empty())
                .map(str::to_owned)
        };
        let name = self.attributes.get("name");
        let part = |key: &str| text(name.and_then(|name| name.get(key)));
        text(self.attributes.get("displayName"))
            .or_else(|| part("formatted"))
            .or_else(|| match (part("givenName"), part("familyName")) {
                (Some(given), Some(family)) => Some(format!("{given} {family}")),
                (given, family) => given.or(family),
            })
            .unwrap_or_else(|| self.user_name().to_owned())
    }

    /// Gives up every key by which they can be found, and says in their name that they were deleted.
    pub fn give_up_keys(&mut self) {
        let name = format!("{} (Deleted)", self.display_name());
        for key in KEYS {
            self.attributes.remove(key);
        }
        self.attributes
            .insert("displayName".into(), Value::String(name));
    }

    /// Takes back the keys, and the name, that they had before they gave them up.
    pub fn take_back_keys(&mut self, former: &Self) {
        for key in KEYS.into_iter().chain(["displayName"]) {
            match former.attributes.get(key) {
                Some(value) => self.attributes.insert(key.into(), value.clone()),
                None => self.attributes.remove(key),
            };
        }
    }

    /// The base role (`role` of the Provost extension), where one was given.
    pub fn role(&self) -> Option<&str> {
        self.attributes.get(PROVOST_USER)?.get("role")?.as_str()
    }

    /// The values of `roles`.
    pub fn named_roles(&self) -> Vec<&str> {
        let values = self.attributes.get(ROLES).and_then(Value::as_array);
        values
            .map(|roles| {
                roles
                    .iter()
                    .filter_map(|role| role.get("value")?.as_str())
                    .collect()
            })
            .unwrap_or_default()
    }

    /// The custom role keys (`customRole` of the Provost extension).
    pub fn custom_roles(&self) -> Vec<&str> {
        self.attributes
            .get(PROVOST_USER)
            .and_then(|extension| extension.get("customRole"))
            .and_then(Value::as_array)
            .map(|roles| roles.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    }
}

/// The addresses in `emails`, and `userName` where it is one: what a member can be recognised by.
pub fn email_addresses(attributes: &Attributes) -> Vec<String> {
    let emails = attributes.get("emails").and_then(Value::as_array);
    let values = emails.into_iter().flatten();
    let mut addresses: Vec<String> = values
        .filter_map(|email| email.get("value")?.as_str())
        .map(str::to_owned)
        .collect();
    let user_name = attributes.get("userName").and_then(Value::as_str);
    addresses.extend(
        user_name
            .filter(|name| name.contains('@'))
            .map(str::to_owned),
    );
    addresses
}
