//! Passwords that people set themselves: by a link that an admin has made, or by the one they have.
//!
//! What stands in a link is told once and kept as a hash. A link is good once; with it, every other session and link of
//! the member ends in the commit of the new password.

use std::net::IpAddr;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::log::exchange;
use super::profile::new_session;
use super::{Browser, SessionHolder, SignInMethod, SignInOutcome, SignInPurpose, SignInRow};
use crate::directory::fold::fold;
use crate::directory::{Actor, Command, Facts, MemberId, ObjectKind, PasswordLinkKind};
use crate::engine::access::{random_text, sha256};
use crate::engine::admin::{AdminDone, Asker, Mode, deed};
use crate::engine::carry_out::{ATTEMPTS, Extras, is_race};
use crate::engine::events::Verb;
use crate::engine::passwords::check_length;
use crate::engine::sign_in::SignInFailure;
use crate::engine::{Engine, EngineError};
use crate::secret::Secret;
use crate::store::sso::{NewPasswordLink, SignInWrites};

/// How long a link to another password works.
const RESET_HOLDS: SignedDuration = SignedDuration::from_hours(1);
/// After which time another link may be asked for.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// The longest password that is taken, in bytes.
const LONGEST: usize = 1_000;

/// A link that was made.
#[derive(Debug)]
pub struct MadeLink {
    /// What was done.
    pub done: AdminDone,
    /// The link, told this once. A preview has none.
    pub url: Option<Secret>,
    /// When it ends.
    pub expires: Timestamp,
    /// The address it is mailed to, where mail is sent.
    pub mailed_to: Option<String>,
}

/// Whose a link is that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkHolder {
    /// Their `userName`.
    pub user_name: String,
    /// What the link is for.
    pub kind: PasswordLinkKind,
    /// Whether a password of theirs would be taken.
    pub may_set_password: bool,
    /// Whether single sign-on is why it would not.
    pub ended_by_sso: bool,
}

/// What lets somebody set a password.
#[derive(Debug)]
pub enum PasswordProof {
    /// What stands in their link.
    Link(Secret),
    /// Their session, and the password they have.
    Present(SessionHolder, Secret),
}

impl Engine {
    /// Makes a link by which a member sets a first password, or another one.
    pub async fn make_password_link(
        &self,
        asker: &Asker,
        id: MemberId,
        kind: PasswordLinkKind,
    ) -> Result<MadeLink, EngineError> {
        let base = self.public_url();
        if base.is_empty() {
            return Err(EngineError::Invalid(
                "nothing listens for browsers; start `provost serve`, or set public_url".into(),
            ));
        }
        let Some(member) = self.store.member(id, false).await? else {
            return Err(EngineError::NotFound(format!("there is no member {id}")));
        };
        let holds = match (kind, self.in_force().policy.users.invite_ttl.0) {
            (PasswordLinkKind::Reset, _) => RESET_HOLDS,
            (PasswordLinkKind::Invitation, Some(hours)) => {
                SignedDuration::from_hours(i64::from(hours))
            }
            // Nobody is invited; the decision says so.
            (PasswordLinkKind::Invitation, None) => SignedDuration::ZERO,
        };
        let now = Timestamp::now();
        let expires = now.saturating_add(holds).unwrap_or(now);
        let secret = Secret::new(random_text()?);
        let path = format!(
            "/admin/v1/members/{id}/{}-link",
            match kind {
                PasswordLinkKind::Invitation => "invite",
                PasswordLinkKind::Reset => "reset",
            }
        );
        let mut deed = deed(
            "POST",
            path,
            "Users",
            ObjectKind::Member,
            id,
            member.user_name(),
        );
        deed.link = Some(Box::new(NewPasswordLink {
            sha256: sha256(&secret),
            member: id,
            kind,
            expires,
        }));
        let _turn = self.locks.lock(&id).await;
        let command = Command::MakePasswordLink { id, kind, expires };
        let done = self.perform(asker, &command, deed).await?;
        let url = format!("{base}/reset?token={}", secret.expose());
        if asker.mode == Mode::Preview {
            return Ok(MadeLink {
                done,
                url: None,
                expires,
                mailed_to: None,
            });
        }
        let address = member.email().map(str::to_owned);
        Ok(MadeLink {
            done,
            mailed_to: address.filter(|address| self.mail_link(address, kind, &url)),
            url: Some(Secret::new(url)),
            expires,
        })
    }

    /// Whether a link may be asked for by this address from there; or in how many seconds.
    pub fn may_ask_for_link(&self, address: &str, from: Option<IpAddr>) -> Result<(), u64> {
        match self.attempts.admit(&fold(address), from) {
            Err(SignInFailure::Slow { retry_after }) => Err(retry_after),
            _ => Ok(()),
        }
    }

    /// Mails a link to another password to the member with this address, if there is one who may have it. One who was
    /// mailed a link a moment ago is left with that.
    pub async fn ask_for_link(&self, address: &str) -> Result<(), EngineError> {
        if !self.sends_mail() || address.len() > LONGEST {
            return Ok(());
        }
        let Some(member) = self.one_called(address).await? else {
            return Ok(());
        };
        let moment = RESET_HOLDS - ASKED_AGAIN;
        let now = Timestamp::now();
        let fresh = now.saturating_add(moment).unwrap_or(now);
        let has = self.store.password_link_of(member.id).await?;
        if member.email().is_none() || has.is_some_and(|expires| expires > fresh) {
            return Ok(());
        }
        let asker = Asker {
            actor: Actor::sign_in(member.user_name()),
            mode: Mode::Commit,
        };
        let made = self.make_password_link(&asker, member.id, PasswordLinkKind::Reset);
        match made.await {
            // Logged; the person is told nothing of it.
            Ok(_) | Err(EngineError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whose link this is, if it has not ended.
    pub async fn link_holder(&self, token: &Secret) -> Result<Option<LinkHolder>, EngineError> {
        let (hash, now) = (sha256(token), Timestamp::now());
        let Some((id, kind)) = self.store.password_link(&hash, now).await? else {
            return Ok(None);
        };
        let member = self.store.member(id, false).await?;
        let closed = self.passwords_are_closed();
        Ok(member.map(|it| {
            let ended_by_sso = closed && !it.recovery;
            LinkHolder {
                user_name: it.user_name().to_owned(),
                kind,
                may_set_password: it.is_active() && !ended_by_sso,
                ended_by_sso: it.is_active() && ended_by_sso,
            }
        }))
    }

    /// Sets a password that somebody has chosen for themselves, ends all their sessions and links, and begins a session;
    /// all or nothing.
    pub async fn choose_password(
        &self,
        proof: PasswordProof,
        password: Secret,
        browser: Browser,
    ) -> Result<SignInOutcome, EngineError> {
        let (started, now) = (Instant::now(), Timestamp::now());
        check_length(&password)?;
        if password.expose().len() > LONGEST {
            return Err(EngineError::Invalid(format!(
                "the password is longer than {LONGEST} bytes"
            )));
        }
        let (id, purpose) = (browser.request(self), SignInPurpose::SignIn);
        let mut line = SignInRow::new(id, now, purpose, SignInMethod::Password);
        let (member, uses_link) = match proof {
            PasswordProof::Link(token) => {
                let hash = sha256(&token);
                match self.store.password_link(&hash, now).await? {
                    Some((member, _)) => (member, Some(hash)),
                    None => {
                        let detail = "the link was used, has ended, or another one took its place";
                        return self
                            .fail_sign_in(line, "PASSWORD_LINK", detail.into(), &browser, started)
                            .await;
                    }
                }
            }
            PasswordProof::Present(holder, present) => {
                let admitted = self
                    .attempts
                    .admit(&fold(&holder.user_name), browser.address);
                if let Err(SignInFailure::Slow { retry_after }) = admitted {
                    return Ok(SignInOutcome::Failed {
                        reference: line.request,
                        retry_after: Some(retry_after),
                    });
                }
                line.member = Some(holder.member);
                line.name = holder.user_name;
                let kept = self.store.password_hash(holder.member).await?;
                if !self.passwords.verify(present, kept).await? {
                    let detail = "the present password is another one".to_owned();
                    return self
                        .fail_sign_in(line, "SIGN_IN_PASSWORD", detail, &browser, started)
                        .await;
                }
                (holder.member, None)
            }
        };
        let hash = self.passwords.hash(password).await?;
        self.set_chosen(member, hash, uses_link, line, &browser, started)
            .await
    }

    async fn set_chosen(
        &self,
        id: MemberId,
        hash: String,
        uses_link: Option<[u8; 32]>,
        mut line: SignInRow,
        browser: &Browser,
        started: Instant,
    ) -> Result<SignInOutcome, EngineError> {
        let now = line.at;
        let _turn = self.locks.lock(&id).await;
        let command = Command::ChoosePassword { id };
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let mut facts = Box::pin(self.facts(&command, Facts::default())).await?;
            let name = facts.member.as_ref().map(|it| it.user_name().to_owned());
            let name = name.unwrap_or_default();
            let actor = Actor::sign_in(name.as_str());
            let decision = Box::pin(self.decide(&mut facts, &command, &actor, now)).await?;
            line.member = Some(id);
            line.name.clone_from(&name);
            if let Some(refusal) = &decision.refusal {
                let (code, detail) = (refusal.code.clone(), refusal.detail.clone());
                return self
                    .fail_sign_in(line, &code, detail, browser, started)
                    .await;
            }
            line.ok = true;
            line.detail = match uses_link {
                Some(_) => format!("{name} set a password by a link"),
                None => format!("{name} changed their password"),
            };
            let (secret, session) =
                new_session(id, name, SignInMethod::Password, browser, now, None)?;
            let expires = session.row.expires;
            let logged = exchange(&line, "/reset", started, browser, Some(&decision));
            let extras = Extras {
                outbox: self.outbox(Verb::Other, &facts, &decision).await?,
                password_hash: Some((id, hash.clone())),
                sign_in: SignInWrites {
                    uses_link,
                    ends_of: vec![id],
                    session: Some(session),
                    line: Some(line.clone()),
                    ..SignInWrites::default()
                },
                ..Extras::default()
            };
            match self.commit(decision, &actor, now, logged, extras).await {
                Ok(_) => {
                    return Ok(SignInOutcome::SignedIn {
                        session: secret,
                        expires,
                        to: "/account".to_owned(),
                    });
                }
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        let detail = last.map_or_else(String::new, |error| error.to_string());
        self.fail_sign_in(line, "PASSWORD_LINK", detail, browser, started)
            .await
    }
}
