//! One team as an identity provider pushes it.

use std::collections::BTreeSet;

use super::person::PersonKey;

/// A team of one roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamKey(pub(super) usize);

/// A team as the identity provider pushes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedTeam {
    /// Which team of the roster.
    pub key: TeamKey,
    /// The provider's own id: Okta's `00g…`, Entra's object id. Entra sends it as `externalId`.
    pub external_id: String,
    /// `displayName`.
    pub display_name: String,
    /// Who is in it.
    pub members: BTreeSet<PersonKey>,
    /// Whether the server should hold it.
    pub pushed: bool,
}
