//! What a member may do: their own roles and those of their teams, each with where it comes from. Pure.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effective::{HeldRole, RoleOrigin, TeamRoles, access};
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

/// Whether a member leads to admin by themselves: may sign in, and is the owner or has a role of their own that does and
/// has an effect. What teams give is a path, too, and asked of [`effective::access`](super::effective::access).
pub fn is_admin(roles: &Roles, member: &Member) -> bool {
    access(roles, member, &[]).is_admin
}

/// Whether the roles of a team make its members admins.
pub fn leads(roles: &Roles, of_team: &[String]) -> bool {
    let is_known = |role: &String| roles.base.contains(role) || roles.custom.has(role);
    let mut leading = of_team.iter().filter(|role| roles.admin.contains(role));
    leading.any(is_known)
}

/// One path to admin: somebody who can let the others in, and what that depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminPath {
    /// Who.
    pub member: MemberId,
    /// Their `userName`.
    pub user_name: String,
    /// What makes them an admin: `owner`, `role admin`, `by team Ops, which Okta manages`.
    pub via: Vec<String>,
    /// Whether they have a password here.
    pub has_password: bool,
    /// How many recovery codes they have, each of which is a way in for whoever sits at the machine.
    #[serde(default)]
    pub codes: u64,
    /// Who could take it from them.
    pub management: Management,
    /// Whether they are kept for recovery.
    pub recovery: bool,
    /// When they last showed that they can sign in.
    pub proven: Option<Timestamp>,
    /// Whether they can sign in as the guards count it: by a password or a recovery code.
    #[serde(default)]
    pub may_sign_in: bool,
    /// Why they cannot, and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// A team that gives roles, as far as a path depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleTeam {
    /// The team with its roles.
    pub roles: TeamRoles,
    /// Whether an identity provider rules who is in it.
    pub is_synced: bool,
}

/// By what somebody can sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether they have a password here.
    pub has_password: bool,
    /// How many recovery codes they have.
    pub codes: u64,
    /// When they last showed that they can sign in.
    pub proven: Option<Timestamp>,
}

impl WaysIn {
    /// Whether there is one.
    pub fn signs_in(self) -> bool {
        self.has_password || self.codes > 0
    }

    /// What is left of them for a member while passwords are for recovery admins alone.
    #[must_use]
    pub fn open_to(self, member: &Member, passwords_are_closed: bool) -> Self {
        Self {
            has_password: self.has_password && (member.recovery || !passwords_are_closed),
            ..self
        }
    }
}

impl AdminPath {
    /// The path of a member, if they are an admin. `idp` is what the identity provider is called.
    pub fn of(
        roles: &Roles,
        member: &Member,
        teams: &[RoleTeam],
        ways: WaysIn,
        idp: &str,
    ) -> Option<Self> {
        let given: Vec<TeamRoles> = teams.iter().map(|team| team.roles.clone()).collect();
        let access = access(roles, member, &given);
        if !access.is_admin {
            return None;
        }
        let leads = |held: &&HeldRole| {
            held.without_effect.is_none()
                && held.from != RoleOrigin::Owner
                && roles.admin.contains(&held.role)
        };
        let is_of_team = |held: &HeldRole| matches!(held.from, RoleOrigin::Team { .. });
        let mut own = access.roles.iter().filter(leads);
        let role = own.find(|held| !is_of_team(held));
        let owner = member.owner.then(|| "owner".to_owned());
        let role = role.map(|role| format!("role {}", role.role));
        let by_team = teams
            .iter()
            .filter(|team| self::leads(roles, &team.roles.2))
            .map(|team| {
                let name = &team.roles.1;
                if team.is_synced {
                    format!("by team {name}, which {idp} manages")
                } else {
                    format!("by team {name}")
                }
            });
        Some(Self {
            member: member.id,
            user_name: member.user_name().to_owned(),
            via: owner.into_iter().chain(role).chain(by_team).collect(),
            has_password: ways.has_password,
            codes: ways.codes,
            management: member.management,
            recovery: member.recovery,
            proven: ways.proven,
            may_sign_in: ways.signs_in(),
            why_not: None,
        })
    }
}

impl fmt::Display for AdminPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user_name)?;
        for (place, via) in self.via.iter().enumerate() {
            let word = if place == 0 { "" } else { " and" };
            let is_of_team = via.starts_with("by team ");
            let is_first_own = place == 0 && !is_of_team;
            write!(f, "{word} {}{via}", if is_first_own { "as " } else { "" })?;
        }
        f.write_str(match (self.has_password, self.codes) {
            (true, _) => ", signs in by password",
            (false, 0) => ", has no password to sign in with",
            (false, _) => ", has no password to sign in with but recovery codes",
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
