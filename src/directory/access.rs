//! What a member may do: their own roles and those of their teams, each with where it comes from. Pure.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effective::{HeldRole, RoleOrigin, access};
use super::ids::MemberId;
use super::member::{Management, Member, PROVOST_USER, ROLES};
use super::policy::Roles;

/// The base role a member was given, wherever the policy reads roles from; `None` where they have the default.
pub fn base_role(roles: &Roles, member: &Member) -> Option<String> {
    let named = || {
        let named = member.named_roles();
        let mut known = named
            .into_iter()
            .filter(|role| roles.base.iter().any(|base| base == role));
        known.next().map(str::to_owned)
    };
    // A role given by hand stands in the extension whatever an identity provider is heard on.
    let own = member.role().map(str::to_owned);
    if roles.source.hears(ROLES) && !(roles.source.hears(PROVOST_USER) && own.is_some()) {
        return named().or(own);
    }
    own
}

/// For how long a recovery admin who has shown that they can sign in is taken at their word.
pub const PROOF_HOLDS: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 90);

/// Whether a member leads to admin: may sign in, and is the owner or has a role of their own that does and has an effect.
/// What teams give is not counted, since whoever rules a team could take it from all of them at once.
pub fn is_admin(roles: &Roles, member: &Member) -> bool {
    access(roles, member, &[]).is_admin
}

/// One path to admin: somebody who can let the others in, and what that depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminPath {
    /// Who.
    pub member: MemberId,
    /// Their `userName`.
    pub user_name: String,
    /// What makes them an admin: `owner`, `role admin`.
    pub via: Vec<String>,
    /// Whether they have a password here.
    pub has_password: bool,
    /// Who could take it from them.
    pub management: Management,
    /// Whether they are kept for recovery.
    pub recovery: bool,
    /// When they last showed that they can sign in.
    pub proven: Option<Timestamp>,
}

impl AdminPath {
    /// The path of a member, if they are an admin.
    pub fn of(
        roles: &Roles,
        member: &Member,
        has_password: bool,
        proven: Option<Timestamp>,
    ) -> Option<Self> {
        if !is_admin(roles, member) {
            return None;
        }
        let owner = member.owner.then(|| "owner".to_owned());
        let held = access(roles, member, &[]).roles;
        let leads = |role: &HeldRole| {
            role.without_effect.is_none()
                && role.from != RoleOrigin::Owner
                && roles.admin.contains(&role.role)
        };
        let role = held.iter().find(|role| leads(role));
        let role = role.map(|role| format!("role {}", role.role));
        Some(Self {
            member: member.id,
            user_name: member.user_name().to_owned(),
            via: owner.into_iter().chain(role).collect(),
            has_password,
            management: member.management,
            recovery: member.recovery,
            proven,
        })
    }
}

impl fmt::Display for AdminPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", self.user_name, self.via.join(" and "))?;
        f.write_str(if self.has_password {
            ", signs in by password"
        } else {
            ", has no password"
        })?;
        f.write_str(match self.management {
            Management::Local => ", kept here",
            Management::Linked => ", linked to the identity provider",
            Management::Provisioned => ", managed by the identity provider",
        })?;
        match (self.recovery, self.proven) {
            (false, _) => Ok(()),
            (true, None) => f.write_str(", recovery admin, never proven"),
            (true, Some(at)) => {
                let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
                write!(f, ", recovery admin, proven {day}")
            }
        }
    }
}
