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
