//! The policy in force: what an IdP's request means here, as data.
//!
//! A preset is a complete set of values (`assets/presets.toml`). [`decide`](super::decide::decide) reads nothing else,
//! and every decision names the key that settled it.

mod keys;
mod preset;

pub use keys::{
    Clears, GuardSwitch, LastAdmin, OnDelete, OnInactive, Password, PostExisting, TeamOnDelete,
    TeamPostExisting, UnknownMember, UpdateInactive, UsernameIsEmail,
};
pub use preset::{PolicyError, preset_names};

use serde::{Deserialize, Serialize};

/// A complete set of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What happens to members.
    pub users: Users,
    /// What roles mean.
    pub roles: Roles,
    /// What no request may do.
    pub guard: Guard,
    /// What happens to teams.
    pub teams: Teams,
}

/// Keys `users.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// Whether `userName` must be an e-mail address.
    pub username_is_email: UsernameIsEmail,
    /// POST of a key that an active member holds.
    pub post_existing_active: PostExisting,
    /// POST of a key that an inactive member holds.
    pub post_existing_inactive: PostExisting,
    /// `active` turning false.
    pub on_inactive: OnInactive,
    /// SCIM DELETE.
    pub on_delete: OnDelete,
    /// What a member loses when deprovisioned, however that is done.
    pub deprovision_clears: Vec<Clears>,
    /// Changes of an inactive member that do not make them active.
    pub update_inactive: UpdateInactive,
    /// A `password` that an identity provider sends. Not kept unless the policy says so.
    #[serde(default)]
    pub password: Password,
}

/// Keys `roles.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// The base role of a member to whom none was given.
    pub default: String,
}

/// Keys `guard.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// Whether the owner is out of reach.
    pub owner: GuardSwitch,
    /// Whether the last admin may go.
    pub last_admin: LastAdmin,
}

/// Keys `teams.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    /// POST of a `displayName` that another team has.
    pub post_existing_name: TeamPostExisting,
    /// SCIM DELETE.
    pub on_delete: TeamOnDelete,
    /// A membership edit that names somebody unknown.
    pub unknown_member: UnknownMember,
}

impl Policy {
    /// The policy of a preset. The error names the presets there are.
    pub fn preset(name: &str) -> Result<Self, PolicyError> {
        preset::load(name)
    }
}
