//! Who may have a link to set a password with, and who may set one. While single sign-on rules, both are for recovery
//! admins, as signing in by password is.

use jiff::Timestamp;

use super::Request;
use super::member::may_invite;
use super::verdict::{Draft, Verdict};
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::member::Member;
use crate::directory::password_link::PasswordLinkKind;
use crate::directory::policy::OnEnable;
use crate::directory::sso::SsoState;

/// Makes a link.
pub(super) fn make(
    request: &Request<'_>,
    mut draft: Draft,
    kind: PasswordLinkKind,
    expires: Timestamp,
) -> Verdict {
    if kind == PasswordLinkKind::Invitation && rules(request, OnEnable::NoInvite) {
        let on_enable = &request.policy.sso.on_enable;
        draft.policy(
            "sso.on_enable",
            on_enable,
            "what ends when single sign-on is enabled",
        );
        let what = "single sign-on is enabled, and nobody is invited (sso.on_enable); who signs in by the identity provider needs no invitation";
        let step = TraceStep::failed(Stage::Policy, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "SSO_NO_INVITE", step));
    }
    if kind == PasswordLinkKind::Invitation {
        draft = may_invite(request, draft)?;
    }
    let (member, draft) = may_by_password(request, draft)?;
    Ok(draft.done(vec![Change::PasswordLinkMade {
        member: member.id,
        member_name: member.user_name().to_owned(),
        kind,
        expires,
    }]))
}

/// Takes the password that the commit brings along.
pub(super) fn choose(request: &Request<'_>, draft: Draft) -> Verdict {
    let (member, draft) = may_by_password(request, draft)?;
    Ok(draft.done(vec![Change::PasswordSet {
        member: member.id,
        member_name: member.user_name().to_owned(),
    }]))
}

/// The member, if a password is of any use to them.
fn may_by_password<'a>(
    request: &Request<'a>,
    mut draft: Draft,
) -> Result<(&'a Member, Draft), Decision> {
    let member = request.facts.member.as_ref();
    let Some(member) = member.filter(|member| member.deleted.is_none()) else {
        let step = TraceStep::failed(Stage::Match, "there is no member with this id");
        return Err(draft.refuse(RefusalKind::NotFound, "NOT_FOUND", step));
    };
    draft.step(TraceStep::passed(Stage::Match, "matched by id"));
    if !member.is_active() {
        let step = TraceStep::failed(
            Stage::Guard,
            "the member is not active, and may not sign in",
        );
        return Err(draft.refuse(RefusalKind::Forbidden, "SIGN_IN_INACTIVE", step));
    }
    if rules(request, OnEnable::NoPassword) && !member.recovery {
        let on_enable = &request.policy.sso.on_enable;
        draft.policy(
            "sso.on_enable",
            on_enable,
            "what ends when single sign-on is enabled",
        );
        let what = "single sign-on is enabled, and passwords are for recovery admins alone (sso.on_enable)";
        let step = TraceStep::failed(Stage::Policy, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "SIGN_IN_USE_SSO", step));
    }
    Ok((member, draft))
}

/// Whether single sign-on is enabled and ends this.
fn rules(request: &Request<'_>, what: OnEnable) -> bool {
    let sso = request.facts.settings.sso.as_ref();
    sso.is_some_and(|it| it.state == SsoState::Enabled)
        && request.policy.sso.on_enable.contains(&what)
}
