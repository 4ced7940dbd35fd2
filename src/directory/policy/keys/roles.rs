//! Values of `roles.*`: where roles come from and what they come to.

use serde::{Deserialize, Serialize};

use crate::directory::member::PROVOST_USER;

/// Values of `roles.source`: which attributes of a request say a member's roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleSource {
    /// `role`, `customRole` and `roleAttributes` of the extension.
    #[serde(rename = "ext_ld")]
    Extension,
    /// The multi-valued `roles`.
    #[serde(rename = "roles")]
    Roles,
    /// Both; the extension counts where both speak.
    #[serde(rename = "roles+ext_ld")]
    Both,
    /// None: roles are given here, or by teams.
    #[serde(rename = "none")]
    Nothing,
}

impl RoleSource {
    /// Whether an attribute says roles: the extension by its URN, or `roles`.
    pub fn hears(self, attribute: &str) -> bool {
        let is_extension = attribute == PROVOST_USER;
        match self {
            Self::Extension => is_extension,
            Self::Roles => !is_extension,
            Self::Both => true,
            Self::Nothing => false,
        }
    }
}

/// Values of `roles.absent`: what a whole resource without roles means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolesAbsent {
    /// Roles stay as they are.
    Keep,
    /// The member has the default role again.
    ResetDefault,
}

/// Values of `roles.unknown`: what naming a role that is not there does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRole {
    /// 400: nothing of the request is applied.
    Reject,
    /// It is left out, and the trace says so.
    DropAudit,
    /// It stays, without effect.
    Ignore,
}

/// Values of `roles.effective`: what a member may do who has roles and is in teams that have some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectiveRoles {
    /// What any of them allows.
    Union,
    /// What the teams allow; the member's own roles count where no team has any.
    Replace,
}
