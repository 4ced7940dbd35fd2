//! Values of `teams.*`: what happens to teams, and what team sync means.

use serde::{Deserialize, Serialize};

/// Values of `teams.sync_toggle`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncToggle {
    /// An admin turns team sync on and off; while it is off, groups are refused.
    Toggle,
    /// Groups are taken as long as the connection stands.
    Always,
}

/// Values of `teams.match`: by what a group is recognised as a team that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TeamMatch {
    /// The identity provider's own id.
    #[serde(rename = "externalId")]
    ExternalId,
    /// The name, as `teams.name_case` compares it.
    #[serde(rename = "name")]
    Name,
}

/// Values of `teams.name_case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamCase {
    /// `Pay` and `pay` are one name.
    Fold,
    /// They are two.
    Exact,
}

/// Values of `teams.post_existing_name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamPostExisting {
    /// The team is linked: the identity provider rules its name and members from now on, everything else stays.
    Link,
    /// 409 `uniqueness`.
    Conflict,
    /// A second team of that name.
    Duplicate,
}

/// Values of `teams.local_create_while_sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalCreate {
    /// 403: teams are made by the identity provider.
    Deny,
    /// Anybody may.
    Allow,
}

/// Values of `teams.locked_fields`: what nobody but the identity provider may change in a synced team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockedField {
    /// `displayName`.
    Name,
    /// The handle derived from the name.
    Handle,
    /// The membership.
    Members,
}

/// Values of `teams.on_delete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamOnDelete {
    /// The team is gone with its membership.
    Delete,
    /// The members leave, then the team is gone.
    EmptyThenDelete,
    /// The team stays, empty and no longer ruled by the identity provider.
    EmptyUnlink,
    /// The team stays with its members, no longer ruled by the identity provider.
    Unlink,
}

/// Values of `teams.on_sync_off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnSyncOff {
    /// Every team stays as it is and can be edited.
    UnlockKeep,
}

/// Values of `teams.unknown_member`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownMember {
    /// 400: nothing of the request is applied.
    Reject,
    /// The others are applied; the trace names who was left out.
    SkipReport,
    /// The others are applied; who is unknown joins on arrival.
    Park,
}

/// Values of `teams.name_rule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamNameRule {
    /// Names are taken as they come.
    None,
    /// Letters, digits and `._-:/`; a blank becomes `_`; the handle is the name in lower case without `_` at its end.
    DdCharset,
}
