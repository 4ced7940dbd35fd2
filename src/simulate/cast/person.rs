//! One person as an identity provider knows them: the attributes it maps to SCIM and where they stand.

use super::names::Place;

/// A person of one roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub(super) usize);

/// A person as the identity provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which person of the roster.
    pub key: PersonKey,
    /// The provider's own id: Okta's `00u…`, Entra's object id. Never changes; sent as `externalId`.
    pub external_id: String,
    /// The sign-in name, an e-mail address, also sent as the work e-mail.
    pub user_name: String,
    /// `name.givenName`.
    pub given_name: String,
    /// `name.familyName`.
    pub family_name: String,
    /// `title`.
    pub title: String,
    /// `department` of the enterprise extension.
    pub department: String,
    /// `employeeNumber` of the enterprise extension.
    pub employee_number: String,
    /// `locale`, sent by Okta.
    pub locale: String,
    /// `role` of the Provost extension.
    pub role: Role,
    /// Whom they report to.
    pub manager: Option<PersonKey>,
    /// `phoneNumbers[type eq "mobile"]`, sent by Entra. Unset when they join.
    pub mobile: Option<String>,
    /// `addresses[type eq "work"]`, sent by Entra. Unset when they join.
    pub place: Option<Place>,
    /// `roles` with the primary value, an app role of Entra. Unset when they join.
    pub app_role: Option<Role>,
    /// Where they stand with the application.
    pub standing: Standing,
}

impl Person {
    /// Given and family name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// Whether the application should let them in.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }
}

/// Where a person stands with the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Never assigned: the server must not know them.
    Unassigned,
    /// Assigned and active.
    Active,
    /// Known to the server with `active` false.
    Inactive,
    /// Deleted for good: the server must answer 404.
    Erased,
}

/// A role that an identity provider sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// None: the attribute is not mapped.
    Unmapped,
    /// Another one, by its key.
    Named(String),
    /// `reader`.
    Reader,
    /// `writer`.
    Writer,
    /// `admin`.
    Admin,
}

impl Role {
    /// The value on the wire.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Unmapped => None,
            Self::Named(key) => Some(key),
            Self::Reader => Some("reader"),
            Self::Writer => Some("writer"),
            Self::Admin => Some("admin"),
        }
    }
}
