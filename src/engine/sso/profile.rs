//! Who an assertion means, and what it makes of them: found, created at sign-in, their profile brought up to date.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::log::exchange;
use super::{ACS_PATH, Browser, SignInOutcome, SignInRow};
use crate::directory::fold::fold;
use crate::directory::member::PROVOST_USER;
use crate::directory::policy::{JitRule, ManualEdit};
use crate::directory::{
    Actor, Attributes, Command, Extent, Facts, Management, Member, MemberId, Policy, Provisioning,
    access,
};
use crate::engine::access::random_text;
use crate::engine::carry_out::{ATTEMPTS, Extras, is_race};
use crate::engine::events::Verb;
use crate::engine::{Engine, EngineError};
use crate::saml::claims::{Claim, Claims, Values};
use crate::saml::response::Subject;
use crate::scim::ResourceKind;
use crate::secret::Secret;
use crate::store::MemberKey;
use crate::store::sso::{NewSession, SessionRow, SignInMethod, SignInWrites};

/// How long a session lasts at most.
pub(super) const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// What a sign-in wants of the directory.
pub(super) enum Wish {
    /// Somebody unknown becomes a member.
    Create(MemberId, Attributes),
    /// A member signs in, with these attributes from now on.
    Update(Box<Member>, Attributes),
}

impl Wish {
    pub(super) fn existing(&self) -> Option<MemberId> {
        match self {
            Self::Create(..) => None,
            Self::Update(member, _) => Some(member.id),
        }
    }

    fn id(&self) -> MemberId {
        match self {
            Self::Create(id, _) => *id,
            Self::Update(member, _) => member.id,
        }
    }

    fn name(&self) -> String {
        let (Self::Create(_, attributes) | Self::Update(_, attributes)) = self;
        let name = attributes.get("userName").and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    }

    /// What a test-drive tells.
    pub(super) fn would(&self, policy: &Policy) -> String {
        let (Self::Create(_, attributes) | Self::Update(_, attributes)) = self;
        let extension = attributes.get(PROVOST_USER);
        let role = extension
            .and_then(|it| it.get("role"))
            .and_then(Value::as_str);
        let role = role.unwrap_or(&policy.roles.default);
        let name = self.name();
        match self {
            Self::Create(..) => format!("would become a member as {name} with role {role}"),
            Self::Update(..) => format!("would sign in as {name} with role {role}"),
        }
    }

    fn command(&self) -> Command {
        match self {
            Self::Create(id, attributes) => Command::CreateMember {
                id: *id,
                attributes: attributes.clone(),
                owner: false,
            },
            Self::Update(member, attributes) => Command::UpdateMember {
                id: member.id,
                attributes: attributes.clone(),
                extent: Extent::Part,
                if_version: Some(member.version),
            },
        }
    }
}

impl Engine {
    /// Whom an assertion means and what becomes of them; or why nobody is let in, as code and sentence.
    pub(super) async fn wish(
        &self,
        subject: &Subject,
        claims: &Claims,
    ) -> Result<Result<Wish, (&'static str, String)>, EngineError> {
        let in_force = self.in_force();
        let policy = &in_force.policy;
        let address = subject.name_id.to_lowercase();
        let Some(member) = self.one_called(&address).await? else {
            let provisions = in_force.settings.provisioning != Provisioning::Off
                && !in_force.settings.connections.is_empty();
            return match policy.sso.jit {
                JitRule::Off => Ok(Err((
                    "JIT_OFF",
                    "nobody here has this e-mail address, and sso.jit = off makes nobody a member at sign-in".into(),
                ))),
                JitRule::OffWhenScim if provisions => Ok(Err((
                    "JIT_OFF_SCIM",
                    "nobody here has this e-mail address, and sso.jit = off_when_scim makes nobody a member at sign-in while an identity provider provisions".into(),
                ))),
                JitRule::On | JitRule::OffWhenScim => {
                    let body = json!({
                        "userName": address,
                        "active": true,
                        "emails": [{ "value": address, "type": "work", "primary": true }],
                    });
                    let mut attributes = self.validate(ResourceKind::User, &body)?;
                    profile(&mut attributes, claims);
                    roles(&mut attributes, claims, policy);
                    Ok(Ok(Wish::Create(MemberId(Uuid::now_v7()), attributes)))
                }
            };
        };
        if !member.is_active() {
            return Ok(Err(("SIGN_IN_INACTIVE", "the member is not active".into())));
        }
        let mut attributes = member.attributes.clone();
        // Whom an identity provider provisions altogether, and admins may not touch, has the profile that it says.
        let is_ruled = member.management == Management::Provisioned
            && policy.users.manual_edit == ManualEdit::LockAll;
        if !is_ruled {
            profile(&mut attributes, claims);
            // The owner and recovery admins keep the role that lets the others in.
            if !member.owner && !member.recovery {
                roles(&mut attributes, claims, policy);
            }
        }
        Ok(Ok(Wish::Update(Box::new(member), attributes)))
    }

    /// Decides the wish and commits it with the session, the request and the assertion used up, and the log: all or
    /// nothing.
    #[expect(clippy::too_many_arguments, reason = "one sign-in, in one transaction")]
    pub(super) async fn let_in(
        &self,
        wish: Wish,
        subject: &Subject,
        mut line: SignInRow,
        writes: SignInWrites,
        to: String,
        browser: &Browser,
        started: Instant,
    ) -> Result<SignInOutcome, EngineError> {
        let now = line.at;
        let actor = Actor::sign_in(wish.name());
        let command = wish.command();
        let _turn = self.locks.lock(&fold(&wish.name())).await;
        line.member = Some(wish.id());
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let facts = Box::pin(self.facts(&command, Facts::default())).await?;
            let decision = self.decide(&facts, &command, &actor, now);
            if let Some(refusal) = &decision.refusal {
                let (code, detail) = (refusal.code.clone(), refusal.detail.clone());
                return self
                    .fail_sign_in(line, &code, detail, browser, started)
                    .await;
            }
            line.ok = true;
            line.detail = format!("{} signed in by SAML", wish.name());
            let (secret, session) = new_session(
                wish.id(),
                wish.name(),
                SignInMethod::Saml,
                browser,
                now,
                subject.session_not_on_or_after,
            )?;
            let expires = session.row.expires;
            let logged = exchange(&line, ACS_PATH, started, browser, Some(&decision));
            let extras = Extras {
                outbox: self.outbox(Verb::Other, &facts, &decision).await?,
                sign_in: SignInWrites {
                    session: Some(session),
                    line: Some(line.clone()),
                    ..writes.clone()
                },
                ..Extras::default()
            };
            match self.commit(decision, &actor, now, logged, extras).await {
                Ok(_) => {
                    return Ok(SignInOutcome::SignedIn {
                        session: secret,
                        expires,
                        to,
                    });
                }
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        let detail = last.map_or_else(String::new, |error| error.to_string());
        self.fail_sign_in(line, "SAML_REPLAY", detail, browser, started)
            .await
    }

    /// The one member with a `userName` or, where nobody has it, an e-mail address.
    pub(in crate::engine) async fn one_called(
        &self,
        name: &str,
    ) -> Result<Option<Member>, EngineError> {
        for key in [
            MemberKey::UserName as fn(String) -> MemberKey,
            MemberKey::Email,
        ] {
            let mut found = self.store.members_by(&key(name.to_owned())).await?;
            if found.len() == 1 {
                return Ok(found.pop());
            }
        }
        Ok(None)
    }
}

/// Given and family name, where they came.
fn profile(attributes: &mut Attributes, claims: &Claims) {
    let mut name = attributes.get("name").and_then(Value::as_object).cloned();
    for (claim, part) in [
        (Claim::FirstName, "givenName"),
        (Claim::LastName, "familyName"),
    ] {
        if let Some(value) = claims.of(claim).values.first() {
            let name = name.get_or_insert_with(Map::new);
            if name.get(part).and_then(Value::as_str) != Some(value) {
                name.insert(part.into(), value.into());
                name.remove("formatted");
            }
        }
    }
    if let Some(name) = name {
        attributes.insert("name".into(), Value::Object(name));
    }
}

/// The roles that came and are known. What is absent stays; what came empty is cleared.
fn roles(attributes: &mut Attributes, claims: &Claims, policy: &Policy) {
    let extension = attributes.get(PROVOST_USER).and_then(Value::as_object);
    let mut extension = extension.cloned().unwrap_or_default();
    let known = |role: &&String| *role != "owner" && policy.roles.base.contains(role);
    if let Some(role) = claims.of(Claim::Role).values.as_slice().iter().find(known) {
        extension.insert("role".into(), role.as_str().into());
    }
    match &claims.of(Claim::CustomRole).values {
        Values::Absent => {}
        Values::Empty => {
            extension.remove("customRole");
        }
        Values::Given(values) => {
            let known: Vec<&String> = values
                .iter()
                .filter(|it| policy.roles.custom.has(it))
                .collect();
            if !known.is_empty() {
                extension.insert("customRole".into(), json!(known));
            }
        }
    }
    if extension.is_empty() {
        attributes.remove(PROVOST_USER);
    } else {
        attributes.insert(PROVOST_USER.into(), Value::Object(extension));
    }
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
