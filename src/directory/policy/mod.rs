//! The policy in force: what an IdP's request means here, as data.
//!
//! A preset is a complete set of values (`assets/presets.toml`); single values may then be set otherwise.
//! [`decide`](super::decide::decide) reads nothing else, and every decision names the key that settled it. What each key
//! changes, and which scenarios show it, is said once in [`key`].

pub mod key;
mod keys;
mod preset;
mod set;
mod texts;

pub use key::{KEYS, PolicyKey};
pub use keys::{
    AnyName, BlastRadius, Clears, ConnectionAuth, EffectiveRoles, GuardSwitch, InviteTtl, JitRule,
    KeyCase, LastAdmin, LocalCreate, LockedField, ManualDelete, ManualEdit, MatchKey, Names,
    NoRoleMatch, OnDelete, OnEnable, OnInactive, OnSyncOff, Password, PostExisting,
    PostExistingInactive, Preexisting, ProfileUpdate, RecoveryAdmin, RoleSource, RolesAbsent,
    Rotation, SsoMachine, SyncToggle, TeamCase, TeamMatch, TeamNameRule, TeamOnDelete,
    TeamPostExisting, TeamPrecedence, TeamSourceSetting, UnknownMember, UnknownRole,
    UpdateInactive, UsernameIsEmail,
};
pub use preset::preset_names;
pub use set::PolicyError;
pub use texts::{CASES as TEXT_CASES, Texts};

use std::collections::BTreeSet;

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
    /// How members sign in.
    pub sso: Sso,
    /// How an identity provider is connected.
    pub scim: Scim,
}

/// Keys `users.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// By which attributes a user is recognised, the first that finds somebody counts.
    pub r#match: Vec<MatchKey>,
    /// Whether letters of either case are the same in these keys.
    pub case: KeyCase,
    /// Whether `userName` must be an e-mail address.
    pub username_is_email: UsernameIsEmail,
    /// POST of a key that an active member holds.
    pub post_existing_active: PostExisting,
    /// POST of a key that an inactive member holds.
    pub post_existing_inactive: PostExistingInactive,
    /// `active` turning false.
    pub on_inactive: OnInactive,
    /// SCIM DELETE.
    pub on_delete: OnDelete,
    /// What a member loses when deprovisioned, however that is done.
    pub deprovision_clears: BTreeSet<Clears>,
    /// Changes of an inactive member that do not make them active.
    pub update_inactive: UpdateInactive,
    /// What an identity provider may do to members who were there before it.
    pub preexisting: Preexisting,
    /// What an admin may change by hand in members whom an identity provider manages.
    pub manual_edit: ManualEdit,
    /// Whether an admin may remove them.
    pub manual_delete: ManualDelete,
    /// How long an invitation works.
    pub invite_ttl: InviteTtl,
    /// A `password` that an identity provider sends. Not kept unless the policy says so.
    pub password: Password,
    /// How many characters names, e-mail addresses and keys of custom roles have at most; 0 for as many as the protocol
    /// takes.
    pub longest: u32,
}

/// Keys `roles.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Which attributes say a member's roles.
    pub source: RoleSource,
    /// The base roles there are.
    pub base: Vec<String>,
    /// Those of them that lead to admin.
    pub admin: Vec<String>,
    /// The custom roles there are.
    pub custom: Names,
    /// The base role of a member to whom none was given.
    pub default: String,
    /// What a resource without roles means.
    pub absent: RolesAbsent,
    /// What naming an unknown role does.
    pub unknown: UnknownRole,
    /// Whether a custom role takes the base role's place.
    pub custom_supersedes_base: bool,
    /// What a member may do who has roles and is in teams with roles.
    pub effective: EffectiveRoles,
}

/// Keys `guard.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// Whether the owner is out of reach.
    pub owner: GuardSwitch,
    /// Whether the last admin may go.
    pub last_admin: LastAdmin,
    /// Whether there must be an admin whom no identity provider may touch.
    pub recovery_admin: RecoveryAdmin,
    /// How many members may go at once.
    pub blast_radius: BlastRadius,
}

/// Keys `teams.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    /// Whether team sync is a switch.
    pub sync_toggle: SyncToggle,
    /// By what a group is recognised, the first that finds a team counts.
    pub r#match: Vec<TeamMatch>,
    /// Whether letters of either case are the same in a name.
    pub name_case: TeamCase,
    /// POST of a `displayName` that another team has.
    pub post_existing_name: TeamPostExisting,
    /// Whether teams may be made here while team sync is on.
    pub local_create_while_sync: LocalCreate,
    /// What only the identity provider may change in a synced team.
    pub locked_fields: BTreeSet<LockedField>,
    /// SCIM DELETE.
    pub on_delete: TeamOnDelete,
    /// What turning team sync off does.
    pub on_sync_off: OnSyncOff,
    /// A membership edit that names somebody unknown.
    pub unknown_member: UnknownMember,
    /// Whose groups become teams.
    pub idps: Names,
    /// Which names a team may have.
    pub name_rule: TeamNameRule,
}

/// Keys `sso.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sso {
    /// Which states single sign-on has.
    pub machine: SsoMachine,
    /// What ends when it is enabled.
    pub on_enable: BTreeSet<OnEnable>,
    /// Whether members who never had a password must set one when it is disabled.
    pub on_disable_reset: bool,
    /// Who is right about teams.
    pub team_precedence: TeamPrecedence,
    /// Which source an admin chose, where that is who is right.
    pub team_source: TeamSourceSetting,
    /// Whether the name in an assertion becomes the member's.
    pub profile_update: ProfileUpdate,
    /// A sign-in without a role that is known.
    pub no_role_match: NoRoleMatch,
    /// Whether sign-in creates members.
    pub jit: JitRule,
    /// The domains of the e-mail addresses whose owners it creates; empty for any.
    pub jit_domains: Vec<String>,
}

/// Keys `scim.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scim {
    /// Whether provisioning needs single sign-on to be configured first.
    pub requires_sso: bool,
    /// How many identity providers may be connected at a time; 0 for any number.
    pub max_connections: u32,
    /// How they authenticate.
    pub auth: ConnectionAuth,
    /// What issuing another token does to the one before.
    pub rotation: Rotation,
    /// Where the provider is besides `/scim/v2`: the path that the system of the preset has.
    pub base_path: String,
}

impl Policy {
    /// The policy of a preset. The error names the presets there are.
    pub fn preset(name: &str) -> Result<Self, PolicyError> {
        preset::load(name)
    }

    /// Whether the values fit together. The error says which do not.
    pub fn check(&self) -> Result<(), String> {
        let roles = &self.roles;
        if !roles.base.contains(&roles.default) {
            return Err(format!(
                "roles.default is {:?}, which is none of roles.base: {}",
                roles.default,
                roles.base.join(", ")
            ));
        }
        if let Some(role) = roles.admin.iter().find(|role| !roles.base.contains(role)) {
            return Err(format!(
                "roles.admin names {role:?}, which is none of roles.base: {}",
                roles.base.join(", ")
            ));
        }
        if let Some(domain) = self.sso.jit_domains.iter().find(|it| !is_domain(it)) {
            return Err(format!(
                "sso.jit_domains names {domain:?}; a domain is written example.com, without @ and in ASCII"
            ));
        }
        if !is_base_path(&self.scim.base_path) {
            return Err(format!(
                "scim.base_path is {:?}; it begins with a slash, does not end with one, has letters, digits, - . _ between them, and is not one of Provost's own paths",
                self.scim.base_path
            ));
        }
        Ok(())
    }
}

/// Whether the part of an e-mail address after its @ can be this.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

/// Whether the provider can be at a path.
fn is_base_path(path: &str) -> bool {
    /// What is answered by something else.
    const OURS: [&str; 6] = [
        "admin",
        "trust/oauth",
        ".well-known",
        "events",
        "healthz",
        "readyz",
    ];
    let Some(rest) = path.strip_prefix('/').filter(|_| path.len() <= 100) else {
        return false;
    };
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let is_ours = |ours: &str| {
        rest.strip_prefix(ours)
            .is_some_and(|more| more.is_empty() || more.starts_with('/'))
    };
    rest.split('/').all(is_segment) && !OURS.into_iter().any(is_ours)
}
