//! What an admin does: the same commands an IdP sends, decided the same way, logged with the admin as the actor.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::access::make_secret;
use super::carry_out::{ATTEMPTS, Extras, is_race};
use super::{Engine, EngineError};
use crate::directory::member::PROVOST_USER;
use crate::directory::{
    Actor, Attributes, Change, ChangeView, Command, Decision, Extent, MemberId, ObjectKind,
    Outcome, RequestId, Stage, TeamId, TokenId, TraceStep,
};
use crate::request_log::{Exchange, Message, RequestRow, Subject};
use crate::scim::{ResourceKind, ScimError, normalise};
use crate::secret::Secret;
use crate::store::TokenSecret;
use crate::store::rows::{TokenRow, TokenScope};

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
    /// The line of the request log.
    pub request: RequestId,
}

/// The name of an admin's command, as method and path of the request log.
struct Deed<'a> {
    method: &'static str,
    path: String,
    resource: &'static str,
    kind: ObjectKind,
    id: String,
    label: &'a str,
    token: Option<TokenSecret>,
}

impl Engine {
    /// Adds a member by hand.
    pub async fn add_member(
        &self,
        actor: &Actor,
        draft: MemberDraft,
    ) -> Result<AdminDone, EngineError> {
        let label = draft.user_name.clone();
        let attributes = self.validate(ResourceKind::User, &member_body(draft))?;
        let id = MemberId(Uuid::now_v7());
        let _turn = self.locks.lock(&label.to_lowercase()).await;
        let command = Command::CreateMember {
            id,
            attributes,
            owner: false,
        };
        self.perform(
            actor,
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
        actor: &Actor,
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
            actor,
            &command,
            deed("POST", path, "Users", ObjectKind::Member, id, &label),
        )
        .await
    }

    /// Brings back an inactive or soft-deleted member.
    pub async fn restore_member(
        &self,
        actor: &Actor,
        id: MemberId,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&id).await;
        let Some(member) = self.store.member(id, true).await? else {
            return Err(EngineError::NotFound(format!("there is no member {id}")));
        };
        let path = format!("/admin/v1/members/{id}/restore");
        let name = member.user_name();
        self.perform(
            actor,
            &Command::RestoreMember { id },
            deed("POST", path, "Users", ObjectKind::Member, id, name),
        )
        .await
    }

    /// Adds a team by hand.
    pub async fn add_team(
        &self,
        actor: &Actor,
        name: &str,
        members: Vec<MemberId>,
    ) -> Result<AdminDone, EngineError> {
        let attributes = self.validate(ResourceKind::Group, &json!({ "displayName": name }))?;
        let id = TeamId(Uuid::now_v7());
        let _turn = self.locks.lock(&name.to_lowercase()).await;
        let command = Command::CreateTeam {
            id,
            attributes,
            members,
        };
        self.perform(
            actor,
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

    /// Issues a token and tells its secret, this once.
    pub async fn issue_token(
        &self,
        actor: &Actor,
        name: &str,
        scope: TokenScope,
        ttl: Option<SignedDuration>,
    ) -> Result<(TokenRow, Secret), EngineError> {
        let id = TokenId(Uuid::now_v7());
        let expires = match ttl {
            Some(ttl) if !ttl.is_positive() => {
                return Err(EngineError::Invalid(
                    "a token must live for a positive time".into(),
                ));
            }
            Some(ttl) => Some(
                Timestamp::now()
                    .checked_add(ttl)
                    .map_err(|_| EngineError::Invalid("a token cannot live that long".into()))?,
            ),
            None => None,
        };
        let (secret, kept) = make_secret(id, scope, expires)?;
        let word = match scope {
            TokenScope::Scim => "scim",
            TokenScope::Admin => "admin",
        };
        let _turn = self.locks.lock(&("token", name)).await;
        let command = Command::IssueToken {
            id,
            name: name.to_owned(),
            scope: word.to_owned(),
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
        self.perform(actor, &command, deed).await?;
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
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<AdminDone, EngineError> {
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
        self.perform(actor, &Command::RevokeToken { id }, deed)
            .await
    }

    /// What an admin gives must fit the schema like what an IdP sends.
    fn validate(&self, kind: ResourceKind, body: &Value) -> Result<Attributes, EngineError> {
        normalise(&self.registry, kind, body, None)
            .map(|normalised| normalised.attributes)
            .map_err(|ScimError { detail, .. }| EngineError::Invalid(detail))
    }

    /// Decides, commits and logs an admin's command.
    async fn perform(
        &self,
        actor: &Actor,
        command: &Command,
        deed: Deed<'_>,
    ) -> Result<AdminDone, EngineError> {
        let started = Instant::now();
        let now = Timestamp::now();
        let request = self.next_request_id();
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let facts = self.facts(command).await?;
            let decision = self.decide(&facts, command, actor, now);
            let exchange = logged(request, now, started, actor, &deed, &decision);
            let extras = Extras {
                token_secret: deed.token.clone(),
                ..Extras::default()
            };
            match self.commit(&decision, actor, now, exchange, extras).await {
                Ok(_) => {
                    return match decision.refusal {
                        Some(refusal) => Err(EngineError::Refused { refusal, request }),
                        None => Ok(AdminDone {
                            outcome: decision.outcome,
                            id: deed.id,
                            changes: decision.changes.iter().map(Change::view).collect(),
                            request,
                        }),
                    };
                }
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or(EngineError::TaskEnded, EngineError::from))
    }
}

fn deed<'a>(
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
fn logged(
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
    let mut trace = vec![TraceStep::passed(
        Stage::Authenticate,
        format!("admin {}", actor.name),
    )];
    trace.extend(decision.trace.iter().cloned());
    Exchange {
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
    }
}
