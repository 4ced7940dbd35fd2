//! The values of each policy key.

use serde::{Deserialize, Serialize};

/// Values of `users.username_is_email`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsernameIsEmail {
    /// 400 unless it is one.
    Require,
    /// Anything goes.
    Any,
}

/// Values of `users.post_existing_active` and `users.post_existing_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostExisting {
    /// 409 `uniqueness`.
    Conflict,
    /// The member takes the attributes of the request and is active again; the id stays.
    Reactivate,
}

/// Values of `users.on_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnInactive {
    /// They stay, inactive.
    Deactivate,
    /// They are hidden and can be restored.
    SoftDelete,
    /// They are gone; a tombstone stays.
    Remove,
    /// Nothing happens; the log says so.
    Ignore,
}

/// Values of `users.on_delete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// They stay, inactive; SCIM still shows them.
    Deactivate,
    /// They are hidden and can be restored.
    SoftDelete,
    /// They are gone; a tombstone stays.
    Remove,
}

/// Values of `users.deprovision_clears`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clears {
    /// The base role, custom roles and role attributes.
    Roles,
    /// Every team membership.
    Teams,
}

/// Values of `users.update_inactive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateInactive {
    /// 400: nothing but `active` may change.
    Reject,
    /// Like any other change.
    Allow,
    /// 404, as if they were gone.
    NotFound,
}

/// Values of `guard.owner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardSwitch {
    /// The owner cannot be created, deactivated or removed by a request, and keeps their role.
    Immutable,
    /// The owner is like anybody else.
    Off,
}

/// Values of `guard.last_admin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastAdmin {
    /// 403: somebody has to be able to let the others in.
    Deny,
    /// Done, and noted.
    Warn,
    /// Done.
    Off,
}

/// Values of `teams.post_existing_name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamPostExisting {
    /// 409 `uniqueness`.
    Conflict,
    /// A second team of that name.
    Duplicate,
}

/// Values of `teams.on_delete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamOnDelete {
    /// The team is gone with its membership.
    Delete,
    /// The team stays, empty and no longer ruled by the IdP.
    EmptyUnlink,
}

/// Values of `teams.unknown_member`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownMember {
    /// 400: nothing of the request is applied.
    Reject,
    /// The others are applied; the trace names who was left out.
    SkipReport,
}

/// Values of `users.password`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Password {
    /// It is taken no notice of; the trace says so.
    #[default]
    Ignore,
    /// Its argon2id hash is kept.
    Store,
}
