//! What a member may do: their own roles and those of their teams, each with where it comes from. Pure.

use super::member::{Member, PROVOST_USER, ROLES};
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

/// Whether a member leads to admin: may sign in, and is the owner or has a role that does.
pub fn is_admin(roles: &Roles, member: &Member) -> bool {
    let has_role = base_role(roles, member).is_some_and(|role| roles.admin.contains(&role));
    member.deleted.is_none() && member.is_active() && (member.owner || has_role)
}
