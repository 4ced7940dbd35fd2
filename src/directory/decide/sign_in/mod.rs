//! Somebody signs in by an assertion: whether they may, whether they become a member by it, and what its claims make of
//! them.
//!
//! What the assertion says of names ([`profile`]), roles ([`roles`]) and teams ([`teams`]) is heard one after the other, each
//! under its policy key. A value that means nothing here is noted and left out, never guessed. A refusal may come with
//! changes: where `sso.no_role_match` denies the sign-in, the roles are taken, too.

mod profile;
mod prospect;
mod roles;
mod teams;

pub use prospect::{Prospect, notes, prospect};

use super::Request;
use super::member::{self, Edit, NewMember};
use super::verdict::{Draft, Verdict};
use crate::directory::command::Extent;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Rival;
use crate::directory::ids::MemberId;
use crate::directory::member::{Attributes, Management, Member};
use crate::directory::policy::{JitRule, NoRoleMatch, PostExistingInactive};
use crate::directory::sso::{SsoState, makes_members};
use crate::saml::claims::Claims;

/// A sign-in as it was asked for.
pub(super) struct SignIn<'a> {
    pub(super) id: MemberId,
    pub(super) address: &'a str,
    pub(super) newcomer: &'a Attributes,
    pub(super) claims: &'a Claims,
    pub(super) is_test: bool,
}

/// Whom an e-mail address means: who has it as their `userName`, else the only one who has it as an address.
pub fn recognised(rivals: &[Rival]) -> Option<&Member> {
    let only = |attribute: &str| {
        let mut holders = rivals.iter().filter(|rival| rival.attribute == attribute);
        let first = holders.next()?;
        holders.next().is_none().then_some(&first.member)
    };
    only("userName").or_else(|| only("emails"))
}

pub(super) fn sign_in(request: &Request<'_>, draft: Draft, ask: &SignIn<'_>) -> Verdict {
    let sso = request.facts.settings.sso.as_ref();
    let is_enabled = sso.is_some_and(|it| it.state == SsoState::Enabled);
    if !is_enabled && !ask.is_test {
        let step = TraceStep::failed(Stage::Guard, "single sign-on is not enabled");
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_OFF", step));
    }
    match &request.facts.member {
        Some(member) => of_member(request, draft, ask, member),
        None if request.facts.rivals.is_empty() => of_stranger(request, draft, ask),
        None => {
            let what = "several members have this e-mail address, and nobody has it as their userName; give it to one of them";
            let step = TraceStep::failed(Stage::Match, what)
                .comparing("one member", request.facts.rivals.len().to_string());
            Err(draft.refuse(RefusalKind::Forbidden, "SIGN_IN_AMBIGUOUS", step))
        }
    }
}

/// Nobody here has the address.
fn of_stranger(request: &Request<'_>, draft: Draft, ask: &SignIn<'_>) -> Verdict {
    let mut draft = may_become_member(request, draft, ask.address)?;
    let mut attributes = ask.newcomer.clone();
    profile::take(&mut attributes, ask.claims);
    let heard = roles::hear(request, None, ask.claims);
    heard.note(&mut draft);
    if roles::is_denied(request, &heard) {
        return Err(denied(request, draft, None));
    }
    heard.give(&mut attributes);
    let new = NewMember {
        id: ask.id,
        attributes: &attributes,
        owner: false,
    };
    let part = member::create(request, draft, &new)?;
    Ok(teams::settle(request, part, ask.claims))
}

/// Whether a stranger becomes a member by signing in.
fn may_become_member(
    request: &Request<'_>,
    mut draft: Draft,
    address: &str,
) -> Result<Draft, Decision> {
    let (policy, facts) = (request.policy, request.facts);
    draft.step(TraceStep::passed(
        Stage::Match,
        "nobody here has this e-mail address",
    ));
    draft.policy(
        "sso.jit",
        policy.sso.jit,
        "whether somebody unknown who signs in becomes a member",
    );
    if !makes_members(policy.sso.jit, facts.sso.is_scim_linked) {
        let (code, what) = match policy.sso.jit {
            JitRule::OffWhenScim => (
                "JIT_OFF_SCIM",
                "nobody here has this e-mail address, and sso.jit = off_when_scim makes nobody a member at sign-in while an identity provider provisions",
            ),
            JitRule::On | JitRule::Off => (
                "JIT_OFF",
                "nobody here has this e-mail address, and sso.jit = off makes nobody a member at sign-in",
            ),
        };
        let step = TraceStep::failed(Stage::Policy, what);
        return Err(draft.refuse(RefusalKind::Forbidden, code, step));
    }
    let domains = &policy.sso.jit_domains;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    if !domains.is_empty() {
        draft.policy(
            "sso.jit_domains",
            domains,
            "whose owners become members at sign-in",
        );
        if !domains.iter().any(|it| it.eq_ignore_ascii_case(domain)) {
            let what = "nobody here has this e-mail address, and sign-in makes nobody of its domain a member (sso.jit_domains)";
            let step = TraceStep::failed(Stage::Policy, what).comparing(domains.join(", "), domain);
            return Err(draft.refuse(RefusalKind::Forbidden, "JIT_DOMAIN", step));
        }
    }
    let hidden = facts.former.as_ref().filter(|it| it.hidden.is_some());
    let begins_anew = policy.users.post_existing_inactive == PostExistingInactive::New;
    if let Some(former) = hidden.filter(|_| !begins_anew) {
        // Their access was taken; only who took it, or an admin, gives it back.
        let what =
            "the member was removed and is kept to be restored; an admin can bring them back";
        let step = TraceStep::failed(Stage::Match, what)
            .comparing("an active member", "a removed one")
            .about(former.member.id);
        return Err(draft.refuse(RefusalKind::Forbidden, "SIGN_IN_INACTIVE", step));
    }
    Ok(draft)
}

/// The address is that of a member.
fn of_member(
    request: &Request<'_>,
    mut draft: Draft,
    ask: &SignIn<'_>,
    member: &Member,
) -> Verdict {
    if !member.is_active() {
        let step = TraceStep::failed(Stage::Match, "the member is not active")
            .comparing("active: true", "active: false");
        return Err(draft.refuse(RefusalKind::Forbidden, "SIGN_IN_INACTIVE", step));
    }
    draft.step(TraceStep::passed(
        Stage::Match,
        format!("the e-mail address is that of {}", member.user_name()),
    ));
    if member.recovery {
        let what = "a recovery admin stays as they are, whatever an identity provider says";
        draft.step(TraceStep::noted(Stage::Guard, what));
        return Ok(draft.done(Vec::new()));
    }
    let mut attributes = member.attributes.clone();
    profile::settle(request, &mut draft, member, &mut attributes, ask.claims);
    let named = attributes.clone();
    // The owner keeps the role that lets the others in.
    if !member.owner {
        let heard = roles::hear(request, Some(member), ask.claims);
        heard.note(&mut draft);
        if roles::is_denied(request, &heard) {
            return Err(denied(request, draft, Some(member)));
        }
        heard.give(&mut attributes);
    }
    let edit = |attributes| Edit {
        attributes,
        extent: Extent::Part,
        if_version: None,
    };
    let part = match member::update(request, draft.clone(), &edit(&attributes)) {
        Err(refused) if is_about_last_admin(&refused) => {
            // Who may not sign in could not let anybody else in.
            draft.policy(
                "guard.last_admin",
                request.policy.guard.last_admin,
                "whether the last admin may go",
            );
            draft.step(TraceStep::noted(
                Stage::Guard,
                "this is the last admin, who keeps their roles, whatever came",
            ));
            member::update(request, draft, &edit(&named))?
        }
        other => other?,
    };
    Ok(teams::settle(request, part, ask.claims))
}

fn is_about_last_admin(refused: &Decision) -> bool {
    let refusal = refused.refusal.as_ref();
    refusal.is_some_and(|it| it.code == "LAST_ADMIN")
}

/// Nobody is let in without a role that is known here, and a member loses the roles they had.
fn denied(request: &Request<'_>, mut draft: Draft, member: Option<&Member>) -> Decision {
    let mut taken = Vec::new();
    if let Some(member) = member {
        let mut without = member.clone();
        member::clear_roles(&mut without);
        let edit = Edit {
            attributes: &without.attributes,
            extent: Extent::Part,
            if_version: None,
        };
        if let Ok(part) = member::update(request, draft.clone(), &edit) {
            (draft, taken) = Draft::going_on(&request.facts.settings.preset, part);
        }
    }
    draft.policy(
        "sso.no_role_match",
        NoRoleMatch::DenyLogin,
        "what a sign-in without a known role does",
    );
    let what = "no role that came is known here, and sso.no_role_match = deny_login lets nobody in without one";
    let step = TraceStep::failed(Stage::Policy, what)
        .comparing(request.policy.roles.base.join(", "), "none of these");
    let refused = draft.refuse(RefusalKind::Forbidden, "NO_ROLE_MAPPING", step);
    Decision {
        changes: taken,
        ..refused
    }
}

/// Whether what an identity provider pushes of a member stands.
fn is_scims(request: &Request<'_>, member: &Member) -> bool {
    member.management != Management::Local && request.facts.is_provisioning
}
