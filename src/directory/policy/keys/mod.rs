//! The values of the policy keys, one file for each group of keys. They are spelled in files and on screens as serde
//! spells them here.

mod guard;
mod names;
mod roles;
mod scim;
mod sso;
mod teams;
mod users;

pub use guard::{BlastRadius, GuardSwitch, LastAdmin, RecoveryAdmin};
pub use names::{AnyName, Names};
pub use roles::{EffectiveRoles, RoleSource, RolesAbsent, UnknownRole};
pub use scim::{ConnectionAuth, Rotation};
pub use sso::{
    JitRule, NoRoleMatch, OnEnable, ProfileUpdate, SsoMachine, TeamPrecedence, TeamSourceSetting,
};
pub use teams::{
    LocalCreate, LockedField, OnSyncOff, SyncToggle, TeamCase, TeamMatch, TeamNameRule,
    TeamOnDelete, TeamPostExisting, UnknownMember,
};
pub use users::{
    Clears, InviteTtl, KeyCase, ManualDelete, ManualEdit, MatchKey, OnDelete, OnInactive, Password,
    PostExisting, PostExistingInactive, Preexisting, UpdateInactive, UsernameIsEmail,
};
