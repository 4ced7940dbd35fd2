//! By what a member can sign in, and what to do where there is nothing. What counts as a path to admin is the guards' to
//! say ([`WaysIn::signs_in`](crate::directory::access::WaysIn::signs_in)); single sign-on counts for members alone.

use super::{Engine, EngineError};
use crate::counted::count;
use crate::directory::effective::SignIn;
use crate::directory::policy::OnEnable;
use crate::directory::settings::Settings;
use crate::directory::sso::SsoState;
use crate::directory::{Change, Member, Policy};

impl Engine {
    /// Whether and by what a member can sign in.
    pub(super) async fn sign_in_of(&self, member: &Member) -> Result<SignIn, EngineError> {
        if member.deleted.is_some() || !member.is_active() {
            return Ok(SignIn {
                why_not: Some(self.no_way_in(member)),
                ..SignIn::default()
            });
        }
        let ways = self.ways_in(member.id).await?;
        let mut by = Vec::new();
        if ways.has_password && (member.recovery || !self.passwords_are_closed()) {
            by.push("password".to_owned());
        }
        if ways.codes > 0 {
            by.push(count(ways.codes, "recovery code", "recovery codes"));
        }
        if self.sso_is_enabled() {
            by.push("single sign-on".to_owned());
        }
        Ok(SignIn {
            may_sign_in: !by.is_empty(),
            why_not: by.is_empty().then(|| self.no_way_in(member)),
            signs_in_by: by,
        })
    }

    /// Why somebody cannot sign in here, and what to do about it.
    pub(super) fn no_way_in(&self, member: &Member) -> String {
        let name = member.user_name();
        if member.deleted.is_some() {
            return format!("removed; `provost member restore {name}` brings them back");
        }
        if !member.is_active() {
            return format!("inactive; `provost member restore {name}` brings them back");
        }
        if self.passwords_are_closed() && !member.recovery {
            // No link to a password is made for them.
            return format!(
                "passwords are for recovery admins alone (sso.on_enable), so all depends on the identity provider; `provost recover mark {name}` keeps them for the day it fails"
            );
        }
        format!("no password set; `provost member reset-link {name}` makes a link to set one")
    }

    fn sso_is_enabled(&self) -> bool {
        let in_force = self.in_force();
        let sso = in_force.settings.sso.as_ref();
        sso.is_some_and(|it| it.state == SsoState::Enabled)
    }

    /// Whether single sign-on leaves passwords to recovery admins.
    pub(in crate::engine) fn passwords_are_closed(&self) -> bool {
        let in_force = self.in_force();
        ends(&in_force.settings, &in_force.policy, OnEnable::NoPassword)
    }

    /// Whether changes close passwords to all but recovery admins, and whether they end invitations.
    pub(super) fn closed_by(&self, changes: &[Change]) -> (bool, bool) {
        let in_force = self.in_force();
        let then = changes.iter().find_map(|change| match change {
            Change::SettingsChanged { after, .. } => {
                Some((after, after.policy_under(&in_force.fixed).ok()?))
            }
            _ => None,
        });
        let Some((settings, policy)) = then else {
            return (false, false);
        };
        let begins = |what| {
            !ends(&in_force.settings, &in_force.policy, what) && ends(settings, &policy, what)
        };
        (begins(OnEnable::NoPassword), begins(OnEnable::NoInvite))
    }
}

/// Whether single sign-on is enabled under settings, and ends something.
fn ends(settings: &Settings, policy: &Policy, what: OnEnable) -> bool {
    let sso = settings.sso.as_ref();
    sso.is_some_and(|it| it.state == SsoState::Enabled) && policy.sso.on_enable.contains(&what)
}
