//! Values of `sso.*`: how members sign in.

use serde::{Deserialize, Serialize};

/// Values of `sso.machine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoMachine {
    /// Off, test-drive, enabled: enabling needs a test that went well.
    TestDrive,
    /// Off and on.
    OnOff,
}

/// Values of `sso.on_enable`: what ends when single sign-on is enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnEnable {
    /// Signing in by password, recovery admins excepted.
    NoPassword,
    /// Invitations.
    NoInvite,
}

/// Values of `sso.team_precedence`: who is right about a member's teams where sign-in and provisioning differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamPrecedence {
    /// Provisioning.
    ScimWins,
    /// Whoever spoke last.
    LoginReconciles,
    /// The source that an admin chose.
    SourceSetting,
}

/// Values of `sso.no_role_match`: a sign-in whose assertion names no role that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRoleMatch {
    /// Roles stay as they are.
    Keep,
    /// The member is not let in.
    DenyLogin,
}

/// Values of `sso.jit`: whether somebody unknown who signs in becomes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JitRule {
    /// Yes.
    On,
    /// No.
    Off,
    /// Not while an identity provider provisions.
    OffWhenScim,
}

/// Values of `sso.profile_update`: whether the name in an assertion becomes the member's at each sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileUpdate {
    /// Yes.
    Always,
    /// Not where an identity provider provisions the member: what it pushes stands.
    NotWhenScimManaged,
    /// No: a name is taken when somebody becomes a member, and then stays.
    Never,
}

/// Values of `sso.team_source`: which source an admin chose, where `sso.team_precedence` is `source_setting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamSourceSetting {
    /// Provisioning: what a sign-in says of teams changes none.
    Scim,
    /// Signing in: the teams of a member become those that the assertion names.
    SignIn,
}
