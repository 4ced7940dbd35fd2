//! Whoever an assertion means is let in: loaded, decided, committed with their session, all or nothing.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::examine::settle;
use super::log::exchange;
use super::{ACS_PATH, Browser, SignInOutcome, SignInRow};
use crate::directory::decide::{Prospect, prospect, recognised_at_sign_in, sign_in_notes};
use crate::directory::facts::Rival;
use crate::directory::fold::fold;
use crate::directory::{
    Actor, Change, Command, Decision, Facts, Member, MemberId, Policy, Refusal, access,
};
use crate::engine::access::random_text;
use crate::engine::carry_out::{ATTEMPTS, Extras, is_race};
use crate::engine::events::Verb;
use crate::engine::team_facts::names_stay;
use crate::engine::{Engine, EngineError};
use crate::saml::claims::{Claim, Claims};
use crate::saml::response::{CheckId, Subject};
use crate::scim::ResourceKind;
use crate::secret::Secret;
use crate::store::sso::{NewSession, SessionRow, SignInMethod, SignInWrites};
use crate::store::{MemberKey, StoreError, TeamKey};

/// How long a session lasts at most.
pub(super) const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// What an assertion that passed every check asks for.
pub(super) struct Ask {
    /// Who it says signs in.
    pub(super) address: String,
    command: Command,
}

/// An assertion with the browser that brought it.
pub(super) struct Arrival<'a> {
    pub(super) subject: &'a Subject,
    pub(super) browser: &'a Browser,
    pub(super) started: Instant,
    /// Where to go afterwards.
    pub(super) to: String,
    /// What is used up with it.
    pub(super) writes: SignInWrites,
}

/// What a sign-in would come to, decided and not committed.
pub(super) struct Tried {
    pub(super) decision: Decision,
    /// `None` where nobody would be let in.
    pub(super) prospect: Option<Prospect>,
}

impl Tried {
    /// Why nobody would be let in.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.decision.refusal.as_ref()
    }

    /// What it would come to, one sentence.
    pub(super) fn sentence(&self) -> String {
        let Some(would) = &self.prospect else {
            return String::new();
        };
        let how = if would.is_new {
            "become a member"
        } else {
            "sign in"
        };
        let role = would.role.as_deref().unwrap_or_default();
        format!("would {how} as {} with role {role}", would.user_name)
    }
}

impl Engine {
    /// What an assertion asks for, as a command.
    pub(super) fn ask(
        &self,
        subject: &Subject,
        claims: &Claims,
        is_test: bool,
    ) -> Result<Ask, EngineError> {
        let address = subject.name_id.to_lowercase();
        let body = json!({
            "userName": address,
            "active": true,
            "emails": [{ "value": address, "type": "work", "primary": true }],
        });
        let command = Command::SignIn {
            id: MemberId(Uuid::now_v7()),
            address: address.clone(),
            newcomer: self.validate(ResourceKind::User, &body)?,
            claims: Box::new(claims.clone()),
            is_test,
        };
        Ok(Ask { address, command })
    }

    /// Decides what is asked for, and leaves it at that.
    pub(super) async fn try_out(
        &self,
        ask: &Ask,
        line: &mut SignInRow,
    ) -> Result<Tried, EngineError> {
        let mut facts = Box::pin(self.facts(&ask.command, Facts::default())).await?;
        let actor = Actor::sign_in(&ask.address);
        let decision = self.decide(&mut facts, &ask.command, &actor, line.at);
        let decision = Box::pin(decision).await?;
        note_verdict(line, &decision);
        let policy = &self.in_force().policy;
        let prospect = prospect(policy, &facts, &ask.command, &decision);
        let is_in = decision.refusal.is_none();
        Ok(Tried {
            prospect: prospect.filter(|_| is_in),
            decision,
        })
    }

    /// Decides what is asked for and commits it with the session, the request and the assertion used up, and the log: all
    /// or nothing. Decided anew whenever somebody was faster.
    pub(super) async fn let_in(
        &self,
        ask: Ask,
        arrival: Arrival<'_>,
        mut line: SignInRow,
    ) -> Result<SignInOutcome, EngineError> {
        let _turn = self.locks.lock(&fold(&ask.address)).await;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let assertion = arrival.writes.uses_assertion.as_ref();
            if let Some((sha256, _)) = assertion.filter(|_| last.is_some())
                && self.store.is_assertion_used(sha256).await?
            {
                let detail = "the assertion was used already".to_owned();
                return self
                    .fail_sign_in(
                        line,
                        "SAML_REPLAY",
                        detail,
                        arrival.browser,
                        arrival.started,
                    )
                    .await;
            }
            match self.let_in_once(&ask, &arrival, &mut line).await {
                Err(EngineError::Store(error)) if is_race(&error) => last = Some(error),
                other => return other,
            }
        }
        let what = "somebody else changes the same member; try again".into();
        Err(last.unwrap_or(StoreError::Stale { what }).into())
    }

    async fn let_in_once(
        &self,
        ask: &Ask,
        arrival: &Arrival<'_>,
        line: &mut SignInRow,
    ) -> Result<SignInOutcome, EngineError> {
        let mut facts = Box::pin(self.facts(&ask.command, Facts::default())).await?;
        let actor = Actor::sign_in(&ask.address);
        let decision = self.decide(&mut facts, &ask.command, &actor, line.at);
        let decision = Box::pin(decision).await?;
        note_verdict(line, &decision);
        let whom = whom(&facts, &decision);
        line.member = whom.as_ref().map(|it| it.0);
        let mut sign_in = arrival.writes.clone();
        let outcome = if let Some(refusal) = &decision.refusal {
            line.ok = false;
            line.code = Some(refusal.code.clone());
            line.detail.clone_from(&refusal.detail);
            if decision.changes.is_empty() {
                sign_in = SignInWrites::default();
            }
            SignInOutcome::Failed {
                reference: line.request,
                retry_after: None,
            }
        } else {
            let Some((id, name)) = whom else {
                return Err(EngineError::Invalid("the sign-in names nobody".into()));
            };
            line.ok = true;
            line.code = None;
            line.detail = format!("{name} signed in by SAML");
            let (browser, ends) = (arrival.browser, arrival.subject.session_not_on_or_after);
            let (secret, session) =
                new_session(id, name, SignInMethod::Saml, browser, line.at, ends)?;
            let expires = session.row.expires;
            sign_in.session = Some(session);
            SignInOutcome::SignedIn {
                session: secret,
                expires,
                to: arrival.to.clone(),
            }
        };
        let (browser, started) = (arrival.browser, arrival.started);
        let logged = exchange(line, ACS_PATH, started, browser, Some(&decision));
        sign_in.line = Some(line.clone());
        let extras = Extras {
            preconditions: names_stay(&facts).collect(),
            outbox: self.outbox(Verb::Other, &facts, &decision).await?,
            sign_in,
            ..Extras::default()
        };
        self.commit(decision, &actor, line.at, logged, extras)
            .await?;
        Ok(outcome)
    }

    /// What a sign-in is decided on: whom the address means, and the teams that came.
    pub(in crate::engine) async fn load_sign_in(
        &self,
        command: &Command,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let Command::SignIn {
            id,
            address,
            newcomer,
            claims,
            ..
        } = command
        else {
            return Ok(());
        };
        facts.rivals = self.called(address).await?;
        facts.member = recognised_at_sign_in(&facts.rivals).cloned();
        facts.sso.is_scim_linked = self.is_scim_linked().await?;
        if let Some(member) = facts.member.as_ref().map(|it| it.id) {
            self.load_standing(member, facts).await?;
            facts.teams_by_sign_in = self.store.teams_by_sign_in(member).await?;
        } else {
            facts.former = self.former(&self.in_force().policy, newcomer).await?;
            self.load_awaited(std::iter::once(*id), newcomer, facts)
                .await?;
        }
        let values = &claims.of(Claim::TeamKey).values;
        if *values == crate::saml::claims::Values::Absent {
            return Ok(());
        }
        for value in values.as_slice() {
            for key in [
                TeamKey::Own as fn(String) -> TeamKey,
                TeamKey::ExternalId,
                TeamKey::DisplayName,
            ] {
                let found = self.store.teams_by(&key(value.clone())).await?;
                facts
                    .teams
                    .extend(found.into_iter().map(|team| (team.id, team)));
            }
        }
        for (team, _) in facts.teams_of_member.clone() {
            if let Some(team) = self.store.team(team).await? {
                facts.teams.insert(team.id, team);
            }
        }
        Ok(())
    }

    /// Who goes by a name: as `userName`, and as an e-mail address.
    async fn called(&self, name: &str) -> Result<Vec<Rival>, StoreError> {
        let mut rivals = Vec::new();
        for (attribute, key) in [
            ("userName", MemberKey::UserName as fn(String) -> MemberKey),
            ("emails", MemberKey::Email),
        ] {
            let found = self.store.members_by(&key(name.to_owned())).await?;
            rivals.extend(found.into_iter().map(|member| Rival { attribute, member }));
        }
        Ok(rivals)
    }

    /// The one member with a `userName` or, where nobody has it, an e-mail address.
    pub(in crate::engine) async fn one_called(
        &self,
        name: &str,
    ) -> Result<Option<Member>, EngineError> {
        Ok(recognised_at_sign_in(&self.called(name).await?).cloned())
    }
}

/// What the last check says: what the claims mean here.
fn note_verdict(line: &mut SignInRow, decision: &Decision) {
    let notes = sign_in_notes(decision);
    let verdict = match &decision.refusal {
        Some(refusal) => ("failed", refusal.detail.clone()),
        None if notes.is_empty() => ("passed", "all that came is known here".to_owned()),
        None => ("warned", notes.join("; ")),
    };
    settle(&mut line.checks, CheckId::Provisioning, verdict);
}

/// Whom a decision is about.
fn whom(facts: &Facts, decision: &Decision) -> Option<(MemberId, String)> {
    let made = decision
        .changes
        .iter()
        .rev()
        .find_map(|change| match change {
            Change::MemberCreated { after } => Some(&**after),
            _ => None,
        });
    let member = made.or(facts.member.as_ref())?;
    Some((member.id, member.user_name().to_owned()))
}

/// A session with a new secret, never one that the browser brought.
pub(super) fn new_session(
    member: MemberId,
    user_name: String,
    how: SignInMethod,
    browser: &Browser,
    now: Timestamp,
    ends: Option<Timestamp>,
) -> Result<(Secret, NewSession), EngineError> {
    let secret = Secret::new(random_text()?);
    let latest = now.saturating_add(SESSION).unwrap_or(now);
    let address = match browser.address {
        None => "unknown",
        Some(address) if address.is_loopback() => "loopback",
        Some(std::net::IpAddr::V4(address)) if address.is_private() => "private",
        Some(std::net::IpAddr::V6(address)) if address.is_unique_local() => "private",
        Some(_) => "public",
    };
    let session = NewSession {
        sha256: crate::engine::access::sha256(&secret),
        replaces: browser.session.as_ref().map(crate::engine::access::sha256),
        row: SessionRow {
            id: Uuid::now_v7(),
            member,
            user_name,
            created: now,
            last_seen: now,
            expires: ends.map_or(latest, |end| end.min(latest)),
            address: address.to_owned(),
            user_agent: crate::saml::response::clean(&browser.user_agent, 200),
            how,
        },
    };
    Ok((secret, session))
}

/// Whether a member leads to admin.
pub(super) fn is_admin(policy: &Policy, member: &Member) -> bool {
    access::is_admin(&policy.roles, member)
}
