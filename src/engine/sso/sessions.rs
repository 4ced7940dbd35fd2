//! Signing in by password, and sessions.

use super::{AccountView, Browser, SessionHolder, SessionRow, SignInOutcome};
use crate::directory::policy::Clears;
use crate::directory::{Change, MemberId};
use crate::engine::{Engine, EngineError};
use crate::secret::Secret;

impl Engine {
    /// Signs a member in by `userName` or e-mail address and password. While single sign-on is enabled and
    /// `sso.on_enable` says so, recovery admins alone.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: Secret,
        browser: Browser,
    ) -> Result<SignInOutcome, EngineError> {
        let _ = (name, password, browser);
        Err(EngineError::Invalid("not built yet".into()))
    }

    /// Who has the session of this cookie.
    pub async fn session(&self, cookie: &Secret) -> Result<Option<SessionHolder>, EngineError> {
        let _ = cookie;
        Ok(None)
    }

    /// Ends the session of this cookie: somebody signs out.
    pub async fn sign_out(&self, cookie: &Secret) -> Result<(), EngineError> {
        let _ = cookie;
        Ok(())
    }

    /// Live sessions of a member, or of all, newest first.
    pub async fn sessions(
        &self,
        member: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<SessionRow>, EngineError> {
        let _ = (member, limit);
        Ok(Vec::new())
    }

    /// Ends a session.
    pub async fn end_session(
        &self,
        asker: &crate::engine::admin::Asker,
        id: uuid::Uuid,
    ) -> Result<crate::engine::admin::AdminDone, EngineError> {
        let _ = asker;
        Err(EngineError::NotFound(format!("there is no session {id}")))
    }

    /// What a member sees of themselves.
    pub async fn account_view(&self, member: MemberId) -> Result<AccountView, EngineError> {
        Err(EngineError::NotFound(format!(
            "there is no member {member}"
        )))
    }
}

impl Engine {
    /// Whose sessions a decision ends: who is removed, hidden or deactivated, as `users.deprovision_clears` says.
    pub(in crate::engine) fn ending_sessions(&self, changes: &[Change]) -> Vec<MemberId> {
        let clears = &self.in_force().policy.users.deprovision_clears;
        let keeps = !clears.contains(&Clears::Sessions);
        let ends = changes.iter().filter_map(|change| match change {
            Change::MemberRemoved { before } => Some(before.id),
            Change::MemberUpdated { before, after } => {
                let may = |member: &crate::directory::Member| {
                    member.is_active() && member.deleted.is_none()
                };
                (!keeps && may(before) && !may(after)).then_some(after.id)
            }
            _ => None,
        });
        ends.collect()
    }
}
