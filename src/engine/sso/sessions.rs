//! Signing in by password, and sessions.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::log::exchange;
use super::profile::{is_admin, new_session};
use super::{
    AccountView, Browser, SessionHolder, SessionRow, SignInMethod, SignInOutcome, SignInPurpose,
    SignInRow,
};
use crate::directory::fold::fold;
use crate::directory::policy::Clears;
use crate::directory::{Change, Management, Member, MemberId, Origin, Outcome, SsoState};
use crate::engine::access::sha256;
use crate::engine::admin::{AdminDone, Asker, Mode};
use crate::engine::sign_in::SignInFailure;
use crate::engine::{Engine, EngineError};
use crate::saml::response::clean;
use crate::secret::Secret;
use crate::store::StoreError;
use crate::store::sso::SignInWrites;

/// The longest name and password that are looked at, in bytes.
const LONGEST: usize = 1_024;
/// How exactly it is known when a session was last used.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

impl Engine {
    /// Signs a member in by `userName` or e-mail address and password. While single sign-on is enabled and
    /// `sso.on_enable` says so, recovery admins alone. Whoever fails is told one and the same, after the same work.
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: Secret,
        browser: Browser,
    ) -> Result<SignInOutcome, EngineError> {
        let (started, now) = (Instant::now(), Timestamp::now());
        let (id, purpose) = (browser.request(self), SignInPurpose::SignIn);
        let mut line = SignInRow {
            name: clean(name, 254),
            ..SignInRow::new(id, now, purpose, SignInMethod::Password)
        };
        if let Err(SignInFailure::Slow { retry_after }) =
            self.attempts.admit(&fold(name), browser.address)
        {
            return Ok(SignInOutcome::Failed {
                reference: line.request,
                retry_after: Some(retry_after),
            });
        }
        if name.len() > LONGEST || password.expose().len() > LONGEST {
            let detail = "the name or the password is too long".to_owned();
            return self
                .fail_sign_in(line, "SIGN_IN_PASSWORD", detail, &browser, started)
                .await;
        }
        let member = self.one_called(name).await?;
        let hash = match &member {
            Some(member) => self.store.password_hash(member.id).await?,
            None => None,
        };
        let has_password = hash.is_some();
        let matches = self.passwords.verify(password, hash).await?;
        line.member = member.as_ref().map(|it| it.id);
        if let Some(code) = self.lacks_password(member.as_ref(), has_password) {
            let detail =
                "the member came by single sign-on and has no password; a link lets them set one";
            return self
                .fail_sign_in(line, code, detail.to_owned(), &browser, started)
                .await;
        }
        let member = match self.may_by_password(member, matches) {
            Ok(member) => member,
            Err((code, detail)) => {
                return self
                    .fail_sign_in(line, code, detail.to_owned(), &browser, started)
                    .await;
            }
        };
        let user_name = member.user_name().to_owned();
        line.ok = true;
        line.detail = format!("{user_name} signed in by password");
        let (secret, session) = new_session(
            member.id,
            user_name,
            SignInMethod::Password,
            &browser,
            now,
            None,
        )?;
        let expires = session.row.expires;
        let logged = exchange(&line, "/login", started, &browser, None);
        let writes = SignInWrites {
            session: Some(session),
            line: Some(line),
            ..SignInWrites::default()
        };
        self.write_logged(writes, logged).await?;
        self.attempts.succeeded(&fold(name), browser.address);
        Ok(SignInOutcome::SignedIn {
            session: secret,
            expires,
            to: "/account".to_owned(),
        })
    }

    /// Whether somebody tries who was born by single sign-on, while it is off, and can have no password yet.
    fn lacks_password(&self, member: Option<&Member>, has_password: bool) -> Option<&'static str> {
        let in_force = self.in_force();
        let sso = in_force.settings.sso.as_ref();
        let is_enabled = sso.is_some_and(|it| it.state == SsoState::Enabled);
        let came_by_it = member.is_some_and(|it| it.origin == Origin::Jit && it.is_active());
        (came_by_it && !has_password && !is_enabled).then_some("SIGN_IN_NO_PASSWORD")
    }

    fn may_by_password(
        &self,
        member: Option<Member>,
        matches: bool,
    ) -> Result<Member, (&'static str, &'static str)> {
        let Some(member) = member.filter(|_| matches) else {
            return Err((
                "SIGN_IN_PASSWORD",
                "there is no such account, or the password is another one",
            ));
        };
        if !member.is_active() {
            return Err(("SIGN_IN_INACTIVE", "the member is not active"));
        }
        if self.passwords_are_closed() && !member.recovery {
            return Err((
                "SIGN_IN_USE_SSO",
                "single sign-on is enabled, and passwords are for recovery admins alone (sso.on_enable)",
            ));
        }
        Ok(member)
    }

    /// Who has the session of this cookie. Nobody, once they may not sign in any more.
    pub async fn session(&self, cookie: &Secret) -> Result<Option<SessionHolder>, EngineError> {
        let now = Timestamp::now();
        let Some(row) = self.store.session(&sha256(cookie), now).await? else {
            return Ok(None);
        };
        let member = self.store.member(row.member, false).await?;
        let Some(member) = member.filter(Member::is_active) else {
            return Ok(None);
        };
        if now.duration_since(row.last_seen) > TOUCH {
            let writes = SignInWrites {
                touches: Some((row.id, now)),
                ..SignInWrites::default()
            };
            self.write_unlogged(writes).await?;
        }
        Ok(Some(SessionHolder {
            id: row.id,
            member: member.id,
            user_name: member.user_name().to_owned(),
            name: member.display_name(),
            is_admin: is_admin(&self.in_force().policy, &member),
            expires: row.expires,
            how: row.how,
        }))
    }

    /// Ends the session of this cookie: somebody signs out.
    pub async fn sign_out(&self, cookie: &Secret) -> Result<(), EngineError> {
        let row = self
            .store
            .session(&sha256(cookie), Timestamp::now())
            .await?;
        let Some(row) = row else { return Ok(()) };
        let writes = SignInWrites {
            ends: Some(row.id),
            ..SignInWrites::default()
        };
        self.write_unlogged(writes).await
    }

    /// Live sessions of a member, or of all, newest first.
    pub async fn sessions(
        &self,
        member: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<SessionRow>, EngineError> {
        let now = Timestamp::now();
        Ok(self.store.sessions(member, now, limit).await?)
    }

    /// Ends a session.
    pub async fn end_session(&self, asker: &Asker, id: Uuid) -> Result<AdminDone, EngineError> {
        let started = Instant::now();
        let sessions = self.sessions(None, u32::MAX).await?;
        let Some(row) = sessions.into_iter().find(|it| it.id == id) else {
            return Err(EngineError::NotFound(format!("there is no session {id}")));
        };
        let mut done = AdminDone {
            outcome: Outcome::Applied,
            id: id.to_string(),
            changes: Vec::new(),
            warnings: Vec::new(),
            request: None,
        };
        if asker.mode == Mode::Preview {
            return Ok(done);
        }
        let (number, purpose) = (self.next_request_id(), SignInPurpose::SignIn);
        let line = SignInRow {
            member: Some(row.member),
            name: row.user_name,
            ok: true,
            detail: format!("admin {} ended the session", asker.actor.name),
            ..SignInRow::new(number, Timestamp::now(), purpose, row.how)
        };
        let path = format!("/admin/v1/sessions/{id}/end");
        let mut logged = exchange(&line, &path, started, &Browser::default(), None);
        logged.row.outcome = Outcome::Applied;
        done.request = Some(line.request);
        let writes = SignInWrites {
            ends: Some(id),
            ..SignInWrites::default()
        };
        match self.write_logged(writes, logged).await {
            Ok(()) => Ok(done),
            Err(EngineError::Store(StoreError::Stale { what })) => Err(EngineError::NotFound(what)),
            Err(error) => Err(error),
        }
    }

    /// What a member sees of themselves.
    pub async fn account_view(&self, id: MemberId) -> Result<AccountView, EngineError> {
        let Some(member) = self.store.member(id, false).await? else {
            return Err(EngineError::NotFound(format!("there is no member {id}")));
        };
        let teams = self.store.teams_of(id).await?.into_iter();
        Ok(AccountView {
            id,
            user_name: member.user_name().to_owned(),
            name: member.display_name(),
            email: member.email().map(str::to_owned),
            role: member.role().map(str::to_owned),
            custom_roles: member
                .custom_roles()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            teams: teams.map(|(_, name)| name).collect(),
            is_managed: member.management != Management::Local,
            has_password: self.store.password_hash(id).await?.is_some(),
            sessions: self.sessions(Some(id), 100).await?,
        })
    }

    /// Whose sessions a decision ends: who is removed, hidden or deactivated, as `users.deprovision_clears` says.
    pub(in crate::engine) fn ending_sessions(&self, changes: &[Change]) -> Vec<MemberId> {
        let clears = &self.in_force().policy.users.deprovision_clears;
        let clears = clears.contains(&Clears::Sessions);
        let ends = changes.iter().filter_map(|change| match change {
            Change::MemberRemoved { before } => Some(before.id),
            Change::MemberUpdated { before, after } => {
                let may = |member: &Member| member.is_active() && member.deleted.is_none();
                (clears && may(before) && !may(after)).then_some(after.id)
            }
            _ => None,
        });
        ends.collect()
    }
}
