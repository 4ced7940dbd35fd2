//! A password that an identity provider sends.

use super::Request;
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::Decision;
use crate::directory::ids::MemberId;
use crate::directory::policy::{GuardSwitch, Password};

/// `facts.member` is the member as they are, or none where the same request creates them.
pub(in crate::directory::decide) fn set_password(
    request: &Request<'_>,
    mut draft: Draft,
    id: MemberId,
    name: &str,
) -> Decision {
    let value = request.policy.users.password;
    draft.policy(
        "users.password",
        value,
        "what a password sent over SCIM does",
    );
    if value == Password::Ignore {
        return draft.ignored("the password is not kept");
    }
    let owner = request.policy.guard.owner;
    let is_owner = request
        .facts
        .member
        .as_ref()
        .is_some_and(|member| member.owner);
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    if is_owner && is_pushed && owner == GuardSwitch::Immutable {
        // Whoever sets the owner's password can sign in as the owner.
        draft.policy("guard.owner", owner, "whether the owner is out of reach");
        return draft.ignored("the owner's password is theirs alone");
    }
    draft.done(vec![Change::PasswordSet {
        member: id,
        member_name: name.to_owned(),
    }])
}
