//! What an admin does: the same commands an IdP sends, decided the same way, logged with the admin as the actor.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::access::make_secret;
use super::carry_out::{ATTEMPTS, Extras, is_race};
use super::events::Verb;
use super::team_facts::names_stay;
use super::{Engine, EngineError};
use crate::directory::fold::fold;
use crate::directory::member::PROVOST_USER;
use crate::directory::{
    Actor, ActorKind, Attributes, Change, ChangeView, Command, Decision, Extent, Facts, MemberId,
    NewCredential, ObjectKind, Outcome, RequestId, Stage, TeamId, TokenId, TraceStep, Verdict,
};
use crate::request_log::{Exchange, Message, RequestRow, Subject};
use crate::scim::{ResourceKind, ScimError, normalise};
use crate::secret::Secret;
use crate::store::rows::{TokenRow, TokenScope};
use crate::store::sso::SignInWrites;
use crate::store::{ClientCredentials, Precondition, RecoveryCodes, StreamSecret, TokenSecret};

/// Who asks, and whether it shall happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The admin.
    pub actor: Actor,
    /// Whether what is decided is done.
    pub mode: Mode,
}

impl Asker {
    /// Provost itself, which does what it decides.
    pub(super) fn system() -> Self {
        Self {
            actor: Actor::system(),
            mode: Mode::Commit,
        }
    }
}

/// Whether what is decided is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Decided, committed, logged.
    Commit,
    /// Decided and shown: nothing is committed and nothing is logged.
    Preview,
}

/// A member to be, as an admin gives it.
#[derive(Clone, Debug, Default)]
pub struct MemberDraft {
    /// `userName`.
    pub user_name: String,
    /// E-mail address; where absent and `userName` is one, that.
    pub email: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Base role.
    pub role: Option<String>,
}

/// What became of an admin's command that was not refused.
#[derive(Clone, Debug)]
pub struct AdminDone {
    /// What became of it.
    pub outcome: Outcome,
    /// The object that was made or changed.
    pub id: String,
    /// What changed.
    pub changes: Vec<ChangeView>,
    /// What is worth knowing about it, one sentence each.
    pub warnings: Vec<String>,
    /// The line of the request log; a preview has none.
    pub request: Option<RequestId>,
}

/// The name of an admin's command, as method and path of the request log.
pub(super) struct Deed<'a> {
    method: &'static str,
    path: String,
    resource: &'static str,
    kind: ObjectKind,
    id: String,
    label: &'a str,
    pub(super) token: Option<TokenSecret>,
    pub(super) client: Option<ClientCredentials>,
    /// The secrets of a new event stream.
    pub(super) stream_secret: Option<StreamSecret>,
    /// A new signing key.
    pub(super) signing_key: Option<Secret>,
    /// One-time codes that are made or spent.
    pub(super) recovery: RecoveryCodes,
    /// A member's new password.
    pub(super) password_hash: Option<(MemberId, String)>,
    /// What belongs to signing in.
    pub(super) sign_in: SignInWrites,
    /// What went wrong, where it is done for that.
    pub(super) trouble: Option<Trouble>,
}

/// Something that went wrong without anybody asking, and that an admin should look at.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// The explain code.
    pub(super) code: &'static str,
    /// One sentence.
    pub(super) detail: String,
}

impl Engine {
    /// Adds a member by hand.
    pub async fn add_member(
        &self,
        asker: &Asker,
        draft: MemberDraft,
    ) -> Result<AdminDone, EngineError> {
        let label = draft.user_name.clone();
        self.known_role(draft.role.as_deref())?;
        let attributes = self.validate(ResourceKind::User, &member_body(draft))?;
        let id = MemberId(Uuid::now_v7());
        let _turn = self.locks.lock(&fold(&label)).await;
        let command = Command::CreateMember {
            id,
            attributes,
            owner: false,
        };
        self.perform(
            asker,
            &command,
            deed(
                "POST",
                "/admin/v1/members",
                "Users",
                ObjectKind::Member,
                id,
                &label,
            ),
        )
        .await
    }

    /// Takes a member's right to sign in.
    pub async fn deactivate_member(
        &self,
        asker: &Asker,
        id: MemberId,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let Some(mut member) = self.store.member(id, false).await? else {
            return Err(EngineError::NotFound(format!("there is no member {id}")));
        };
        let label = member.user_name().to_owned();
        if member.is_active() {
            member.set_active(false);
        }
        let path = format!("/admin/v1/members/{id}/deactivate");
        let command = Command::UpdateMember {
            id,
            attributes: member.attributes,
            extent: Extent::Part,
            if_version: Some(member.version),
        };
        self.perform(
            asker,
            &command,
            deed("POST", path, "Users", ObjectKind::Member, id, &label),
        )
        .await
    }

    /// Brings back an inactive or soft-deleted member.
    pub async fn restore_member(
        &self,
        asker: &Asker,
        id: MemberId,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let Some(member) = self.store.member(id, true).await? else {
            return Err(EngineError::NotFound(format!("there is no member {id}")));
        };
        let path = format!("/admin/v1/members/{id}/restore");
        let name = member.user_name();
        self.perform(
            asker,
            &Command::RestoreMember { id },
            deed("POST", path, "Users", ObjectKind::Member, id, name),
        )
        .await
    }

    /// Adds a team by hand.
    pub async fn add_team(
        &self,
        asker: &Asker,
        name: &str,
        members: Vec<MemberId>,
    ) -> Result<AdminDone, EngineError> {
        let attributes = self.validate(ResourceKind::Group, &json!({ "displayName": name }))?;
        let id = TeamId(Uuid::now_v7());
        let _turn = self.locks.lock(&fold(name)).await;
        let command = Command::CreateTeam {
            id,
            attributes,
            members,
            references: Vec::new(),
        };
        self.perform(
            asker,
            &command,
            deed(
                "POST",
                "/admin/v1/teams",
                "Groups",
                ObjectKind::Team,
                id,
                name,
            ),
        )
        .await
    }

    /// Issues a token and tells its secret, this once. A preview has no secret.
    pub async fn issue_token(
        &self,
        asker: &Asker,
        name: &str,
        scope: TokenScope,
        ttl: Option<SignedDuration>,
        owner: Option<MemberId>,
    ) -> Result<(TokenRow, Secret), EngineError> {
        let id = TokenId(Uuid::now_v7());
        let expires = ends(ttl)?;
        let (secret, kept) = make_secret(id, scope, expires)?;
        let word = match scope {
            TokenScope::Scim => "scim",
            TokenScope::Admin => "admin",
        };
        let _turn = self.key_turn(name, owner).await;
        let command = Command::IssueToken {
            id,
            name: name.to_owned(),
            scope: word.to_owned(),
            owner,
        };
        let mut deed = deed(
            "POST",
            "/admin/v1/tokens",
            "Tokens",
            ObjectKind::Token,
            id,
            name,
        );
        deed.token = Some(kept);
        self.perform(asker, &command, deed).await?;
        if asker.mode == Mode::Preview {
            let row = TokenRow {
                id,
                name: name.to_owned(),
                prefix: String::new(),
                scope,
                created: Timestamp::now(),
                expires,
                last_used: None,
                revoked: None,
                rotated: None,
                client: None,
                owner,
            };
            return Ok((row, Secret::new(String::new())));
        }
        let row = self
            .store
            .tokens()
            .await?
            .into_iter()
            .find(|token| token.id == id);
        row.map(|row| (row, secret))
            .ok_or_else(|| EngineError::NotFound("the token is gone again".into()))
    }

    /// Makes a token worthless from the next request on.
    pub async fn revoke_token(&self, asker: &Asker, id: TokenId) -> Result<AdminDone, EngineError> {
        let token = self
            .store
            .tokens()
            .await?
            .into_iter()
            .find(|token| token.id == id);
        let Some(token) = token else {
            return Err(EngineError::NotFound(format!("there is no token {id}")));
        };
        let path = format!("/admin/v1/tokens/{id}");
        let deed = deed("DELETE", path, "Tokens", ObjectKind::Token, id, &token.name);
        self.perform(asker, &Command::RevokeToken { id }, deed)
            .await
    }

    /// What an admin gives must fit the schema like what an IdP sends.
    pub(super) fn validate(
        &self,
        kind: ResourceKind,
        body: &Value,
    ) -> Result<Attributes, EngineError> {
        normalise(&self.registry, kind, body, None)
            .map(|normalised| normalised.attributes)
            .map_err(|ScimError { detail, .. }| EngineError::Invalid(detail))
    }

    /// Decides, commits and logs an admin's command.
    pub(super) async fn perform(
        &self,
        asker: &Asker,
        command: &Command,
        deed: Deed<'_>,
    ) -> Result<AdminDone, EngineError> {
        let started = Instant::now();
        let now = Timestamp::now();
        let actor = &asker.actor;
        if asker.mode == Mode::Preview {
            let mut facts = Box::pin(self.facts(command, Facts::default())).await?;
            let decision = self.decide(&mut facts, command, actor, now).await?;
            return done(decision, deed.id, None);
        }
        let request = self.next_request_id();
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let mut facts = Box::pin(self.facts(command, Facts::default())).await?;
            let decision = self.decide(&mut facts, command, actor, now).await?;
            let exchange = logged(request, now, started, actor, &deed, &decision);
            let mut outbox = self.outbox(Verb::Other, &facts, &decision).await?;
            outbox.stream_secret.clone_from(&deed.stream_secret);
            outbox.signing_key.clone_from(&deed.signing_key);
            let extras = Extras {
                preconditions: owner_precondition(command, &facts)
                    .into_iter()
                    .chain(names_stay(&facts))
                    .collect(),
                token_secret: deed.token.clone(),
                client_credentials: deed.client.clone(),
                outbox,
                recovery: deed.recovery.clone(),
                password_hash: deed.password_hash.clone(),
                sign_in: if decision.refusal.is_none() {
                    deed.sign_in.clone()
                } else {
                    SignInWrites::default()
                },
                ..Extras::default()
            };
            let answer = done(decision.clone(), deed.id.clone(), Some(request));
            match self.commit(decision, actor, now, exchange, extras).await {
                Ok(_) => return answer,
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or(EngineError::TaskEnded, EngineError::from))
    }
}

/// When what is made now ends that shall live so long; `None` never.
pub(super) fn ends(ttl: Option<SignedDuration>) -> Result<Option<Timestamp>, EngineError> {
    match ttl {
        Some(ttl) if !ttl.is_positive() => Err(EngineError::Invalid(
            "a token must live for a positive time".into(),
        )),
        Some(ttl) => Timestamp::now()
            .checked_add(ttl)
            .map(Some)
            .map_err(|_| EngineError::Invalid("a token cannot live that long".into())),
        None => Ok(None),
    }
}

/// A key is issued only while its owner is as the decision saw them.
fn owner_precondition(command: &Command, facts: &Facts) -> Vec<Precondition> {
    let owner = match command {
        Command::IssueToken { owner, .. }
        | Command::Connect {
            credential: NewCredential::Token { owner, .. },
            ..
        } => *owner,
        _ => None,
    };
    let member = facts.member.as_ref().filter(|it| Some(it.id) == owner);
    member
        .map(|it| Precondition::MemberVersion(it.id, it.version))
        .into_iter()
        .collect()
}

fn done(
    decision: Decision,
    id: String,
    request: Option<RequestId>,
) -> Result<AdminDone, EngineError> {
    match decision.refusal {
        Some(refusal) => Err(EngineError::Refused { refusal, request }),
        None => Ok(AdminDone {
            outcome: decision.outcome,
            id,
            changes: decision.changes.iter().map(Change::view).collect(),
            warnings: warnings(&decision),
            request,
        }),
    }
}

/// What policy and guards remark about a decision that they let through.
fn warnings(decision: &Decision) -> Vec<String> {
    let steps = decision.trace.iter().filter(|step| {
        step.verdict == Verdict::Noted && matches!(step.stage, Stage::Policy | Stage::Guard)
    });
    steps.map(|step| step.what.clone()).collect()
}

pub(super) fn deed<'a>(
    method: &'static str,
    path: impl Into<String>,
    resource: &'static str,
    kind: ObjectKind,
    id: impl std::fmt::Display,
    label: &'a str,
) -> Deed<'a> {
    Deed {
        method,
        path: path.into(),
        resource,
        kind,
        id: id.to_string(),
        label,
        token: None,
        client: None,
        stream_secret: None,
        signing_key: None,
        recovery: RecoveryCodes::default(),
        password_hash: None,
        sign_in: SignInWrites::default(),
        trouble: None,
    }
}

fn member_body(draft: MemberDraft) -> Value {
    let mut body = Map::new();
    let email = draft.email.or_else(|| {
        draft
            .user_name
            .contains('@')
            .then(|| draft.user_name.clone())
    });
    body.insert("userName".into(), draft.user_name.into());
    body.insert("active".into(), true.into());
    if draft.given_name.is_some() || draft.family_name.is_some() {
        body.insert(
            "name".into(),
            json!({ "givenName": draft.given_name, "familyName": draft.family_name }),
        );
    }
    if let Some(email) = email {
        body.insert(
            "emails".into(),
            json!([{ "value": email, "type": "work", "primary": true }]),
        );
    }
    if let Some(role) = draft.role {
        body.insert(PROVOST_USER.into(), json!({ "role": role }));
    }
    Value::Object(body)
}

/// The line of the request log: an admin's command is an exchange like any other, without HTTP around it.
pub(super) fn logged(
    id: RequestId,
    at: Timestamp,
    started: Instant,
    actor: &Actor,
    deed: &Deed<'_>,
    decision: &Decision,
) -> Exchange {
    let status = decision
        .refusal
        .as_ref()
        .map_or(200, |refusal| refusal.kind.status());
    let who = match actor.kind {
        ActorKind::System => "provost itself".to_owned(),
        ActorKind::Recovery => format!("a recovery code of {}", actor.name),
        ActorKind::SignIn => format!("{} at sign-in", actor.name),
        ActorKind::Admin | ActorKind::Idp => format!("admin {}", actor.name),
    };
    let mut trace = vec![TraceStep::passed(Stage::Authenticate, who)];
    trace.extend(decision.trace.iter().cloned());
    let mut exchange = Exchange {
        row: RequestRow {
            id,
            at,
            duration_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            method: deed.method.to_owned(),
            path: deed.path.clone(),
            resource: deed.resource.to_owned(),
            subject: Some(Subject {
                kind: deed.kind,
                id: Some(deed.id.clone()),
                label: deed.label.to_owned(),
            }),
            status,
            outcome: decision.outcome,
            code: decision
                .refusal
                .as_ref()
                .map(|refusal| refusal.code.clone()),
            // No token and no client software: an admin's own deed is told apart from a connection by its path.
            token: None,
            user_agent: None,
            idp: None,
            changes: u32::try_from(decision.changes.len()).unwrap_or(u32::MAX),
            retry_of: None,
            part_of: None,
        },
        query: None,
        peer: None,
        request: Message::default(),
        response: Message::default(),
        trace,
        changed: decision.changes.iter().map(Change::view).collect(),
        policy_key: decision.policy_key.map(str::to_owned),
        detail: decision
            .refusal
            .as_ref()
            .map(|refusal| refusal.detail.clone()),
    };
    if let Some(trouble) = &deed.trouble {
        // Not a request that failed, but the place where an admin learns of it.
        exchange.row.status = 502;
        exchange.row.outcome = Outcome::Error;
        exchange.row.code = Some(trouble.code.to_owned());
        exchange.detail = Some(trouble.detail.clone());
        let step = TraceStep::failed(Stage::Effect, trouble.detail.clone());
        exchange.trace.push(step);
    }
    exchange
}
