//! Writes: prepare, decide, render, commit with the log line; again when somebody was faster.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::MutexGuard;

use super::finish::{complete, describe, error_answer, on_the_wire, refusal_error};
use super::manager::Managers;
use super::password::Hashed;
use super::precondition;
use super::prepare::{Prepared, parse_body};
use super::read::{arrived, wants_links};
use super::{Done, Failure};
use crate::directory::decide::recognised_member;
use crate::directory::fold::fold;
use crate::directory::{Change, Command, Decision, Facts, Member, MemberId, Outcome, Team, TeamId};
use crate::engine::Engine;
use crate::engine::call::{Operation, ScimAnswer, ScimCall};
use crate::engine::carry_out::{ATTEMPTS, Extras, is_race};
use crate::engine::events::Verb;
use crate::engine::team_facts::names_stay;
use crate::scim::{Projection, ResourceKind, render};
use crate::store::{Committed, Document, Link, Outbox, Precondition, StoreError};

/// A PATCH of a team with more members than this is answered with 204 and costs the same however large the team is.
const ANSWERED_MEMBERS: u64 = 1_000;

impl Engine {
    /// Answers a request that may change something.
    pub(super) async fn write(&self, call: ScimCall) -> Done {
        let body = match &call.operation {
            Operation::Delete(..) => Value::Null,
            _ => match parse_body(&call.body) {
                Ok(body) => body,
                Err(error) => return self.fail(call, error.into()).await,
            },
        };
        let _turn = self.turn(&call.operation, &body).await;
        let hashed = Hashed::new();
        for _ in 0..ATTEMPTS {
            match Box::pin(self.attempt(&call, &body, &hashed)).await {
                Ok(Some(done)) => return done,
                // Somebody was faster: what was decided no longer holds.
                Ok(None) => {}
                Err(failure) => return self.fail(call, failure).await,
            }
        }
        let gave_up = StoreError::Stale {
            what: call.exchange.row.path.clone(),
        };
        self.fail(call, gave_up.into()).await
    }

    /// Logs and answers a write that came to nothing.
    pub(super) async fn fail(&self, call: ScimCall, failure: Failure) -> Done {
        let outcome = if failure.error.status >= 500 {
            Outcome::Error
        } else {
            Outcome::Refused
        };
        Done {
            answer: self.finish_failure(call, failure).await,
            outcome,
            changes: 0,
        }
    }

    /// One go: `None` when it has to be decided anew.
    async fn attempt(
        &self,
        call: &ScimCall,
        body: &Value,
        hashed: &Hashed,
    ) -> Result<Option<Done>, Failure> {
        let kind = kind_of(&call.operation);
        let projection = self.projection(call, kind)?;
        let projection = projection.after_write(&self.registry, kind, body);
        let prepared = self.prepare(call, body).await?;
        let notes = prepared.notes.clone();
        Box::pin(self.carry_out(call, prepared, hashed, &projection))
            .await
            .map_err(|failure| failure.after(notes))
    }

    /// Decides and commits what was prepared.
    async fn carry_out(
        &self,
        call: &ScimCall,
        mut prepared: Prepared,
        hashed: &Hashed,
        projection: &Projection,
    ) -> Result<Option<Done>, Failure> {
        let now = arrived(call);
        let kind = kind_of(&call.operation);
        let known = Facts {
            idp: self.idp_of(&call.actor.name, call.exchange.row.idp.as_deref()),
            ..std::mem::take(&mut prepared.known)
        };
        let mut facts = Box::pin(self.facts(&prepared.command, known)).await?;
        let unknown = self.unknown_manager(&prepared.command, &facts).await?;
        let rendering = self
            .load_for_rendering(&prepared.command, projection, &mut facts)
            .await?;
        let mut decision = self
            .decide(&mut facts, &prepared.command, &call.actor, now)
            .await?;
        decision.trace.splice(0..0, unknown);
        if matches!(call.operation, Operation::Create(_)) {
            let conditions = precondition::of_write(call)?;
            precondition::check_creation(&conditions, &decision, &facts, &prepared.subject)?;
        }
        let password_hash = match &prepared.password {
            Some(edit) if decision.refusal.is_none() => {
                self.decide_password(call, edit, &facts, &mut decision, hashed)
                    .await?
            }
            _ => None,
        };

        let in_force = self.in_force();
        let standing = match call.operation {
            Operation::Create(ResourceKind::User) => recognised_member(&in_force.policy, &facts),
            _ => None,
        };
        let effect = Effect {
            facts: &facts,
            decision: &decision,
            standing: standing.map(|rival| &rival.member),
            rendering,
        };
        let managers = match (kind, effect.member()) {
            (ResourceKind::User, Some(member)) => self.manager_of(&member.attributes).await?,
            _ => Managers::new(),
        };
        let mut exchange = call.exchange.clone();
        describe(&mut exchange, &decision, &prepared.notes, prepared.subject);
        let mut answer = match refusal_error(&decision) {
            Some(mut error) => {
                let refusal = decision.refusal.as_ref();
                let key = refusal.and_then(|refusal| refusal.policy_key.as_deref());
                error.detail = on_the_wire(&error.detail, key, &exchange);
                ScimAnswer {
                    retry_after: decision.refusal.as_ref().and_then(|it| it.retry_after),
                    ..error_answer(&error)
                }
            }
            None => self.render_write(call, kind, &effect, projection, &managers),
        };
        complete(&mut exchange, call.started, &answer, decision.outcome);
        let extras = Extras {
            preconditions: preconditions(
                &facts,
                rendering,
                insists(&prepared.command),
                password_hash.is_some(),
            ),
            password_hash,
            outbox: self.outbox_of(call, &facts, &decision, &answer).await?,
            ..Extras::default()
        };
        let refused = decision.refusal.is_some();
        let outcome = decision.outcome;
        let changes = u32::try_from(decision.changes.len()).unwrap_or(u32::MAX);
        match self
            .commit(decision, &call.actor, now, exchange, extras)
            .await
        {
            Ok(committed) => {
                self.retries.ended(call, refused);
                if answer.status == 204 && answer.etag.is_none() {
                    answer.etag = new_version(&call.operation, &committed).map(render::etag);
                }
                Ok(Some(Done {
                    answer,
                    outcome,
                    changes,
                }))
            }
            Err(error) if is_race(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What others are told of a write.
    async fn outbox_of(
        &self,
        call: &ScimCall,
        facts: &Facts,
        decision: &Decision,
        answer: &ScimAnswer,
    ) -> Result<Outbox, StoreError> {
        let verb = match call.operation {
            Operation::Replace(..) => Verb::Put,
            _ => Verb::Other,
        };
        let mut outbox = self.outbox(verb, facts, decision).await?;
        self.tell_result(&mut outbox, call, answer);
        Ok(outbox)
    }

    /// Waits for other writes to the same object, or to the same name, of this engine.
    async fn turn(&self, operation: &Operation, body: &Value) -> Option<MutexGuard<'_, ()>> {
        match operation {
            // A membership edit of a large team commutes with others; waiting would only cost their group commit.
            Operation::Patch(ResourceKind::Group, id) if self.is_large(id).await => None,
            Operation::Replace(_, id) | Operation::Patch(_, id) | Operation::Delete(_, id) => {
                Some(self.locks.lock(id).await)
            }
            Operation::Create(ResourceKind::Group) => {
                let name = body
                    .get("displayName")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                Some(self.locks.lock(&fold(name)).await)
            }
            _ => None,
        }
    }

    async fn is_large(&self, id: &str) -> bool {
        let Ok(id) = id.parse() else { return false };
        self.store
            .team_size(id)
            .await
            .is_ok_and(|size| size > ANSWERED_MEMBERS)
    }

    /// Loads the members of a team whose answer shows them.
    async fn load_for_rendering(
        &self,
        command: &Command,
        projection: &Projection,
        facts: &mut Facts,
    ) -> Result<Rendering, StoreError> {
        let Command::UpdateTeam { id, members, .. } = command else {
            return Ok(Rendering::Whole);
        };
        if members.replace.is_some() {
            return Ok(Rendering::Whole);
        }
        if !wants_links(projection, ResourceKind::Group) {
            return Ok(Rendering::WithoutMembers);
        }
        // RFC 7644 §3.5.2: a client that names attributes is answered with 200 and shown them, whatever it costs.
        if projection.is_everything() && self.store.team_size(*id).await? > ANSWERED_MEMBERS {
            return Ok(Rendering::None);
        }
        facts.current_members = self.store.members_in(*id, None).await?;
        Ok(Rendering::Whole)
    }

    fn render_write(
        &self,
        call: &ScimCall,
        kind: ResourceKind,
        effect: &Effect<'_>,
        projection: &Projection,
        managers: &Managers,
    ) -> ScimAnswer {
        if matches!(call.operation, Operation::Delete(..)) || effect.rendering == Rendering::None {
            return ScimAnswer {
                status: 204,
                ..ScimAnswer::default()
            };
        }
        let document = match kind {
            ResourceKind::User => match effect.member() {
                Some(member) => Some(effect.member_document(member)),
                None => effect
                    .parting()
                    .as_ref()
                    .map(|it| effect.member_document(it)),
            },
            ResourceKind::Group => effect
                .team(arrived(call))
                .map(|team| effect.team_document(&team)),
        };
        let Some(document) = document else {
            return ScimAnswer {
                status: 204,
                ..ScimAnswer::default()
            };
        };
        ScimAnswer {
            status: if effect.creates(&call.operation) {
                201
            } else {
                200
            },
            body: Some(self.render_projected(
                kind,
                &document,
                &call.base_url,
                projection,
                managers,
            )),
            etag: Some(render::etag(document.version)),
            location: Some(render::location(
                &call.base_url,
                kind,
                &document.id.to_string(),
            )),
            ..ScimAnswer::default()
        }
    }
}

/// How much of the answer can be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rendering {
    /// With all members.
    Whole,
    /// Without members, since nobody asked for them.
    WithoutMembers,
    /// Not at all: 204.
    None,
}

fn kind_of(operation: &Operation) -> ResourceKind {
    match operation {
        Operation::Create(kind)
        | Operation::Read(kind, _)
        | Operation::List(kind)
        | Operation::Search(kind)
        | Operation::Replace(kind, _)
        | Operation::Patch(kind, _)
        | Operation::Delete(kind, _) => *kind,
        Operation::SearchAll
        | Operation::ListAll
        | Operation::ServiceProviderConfig
        | Operation::ResourceTypes(_)
        | Operation::Schemas(_)
        | Operation::Me(_)
        | Operation::Bulk => ResourceKind::User,
    }
}

/// Whether the client set a condition on the version.
fn insists(command: &Command) -> bool {
    matches!(
        command,
        Command::UpdateTeam {
            if_version: Some(_),
            ..
        } | Command::DeleteTeam {
            if_version: Some(_),
            ..
        }
    )
}

/// The version of a resource that is answered without being shown: the store counted it.
fn new_version(operation: &Operation, committed: &Committed) -> Option<u64> {
    let Operation::Patch(ResourceKind::Group, id) = operation else {
        return None;
    };
    let id: TeamId = id.parse().ok()?;
    let mut teams = committed.teams.iter();
    teams
        .find(|(team, _)| *team == id)
        .map(|(_, version)| *version)
}

/// What the answer and the decision relied on besides what is changed: an answer that shows the members was computed from
/// the team as it was, a condition of the client holds until the commit, and a password is that of a member who is there.
fn preconditions(
    facts: &Facts,
    rendering: Rendering,
    insists: bool,
    sets_password: bool,
) -> Vec<Precondition> {
    let team = facts
        .team
        .as_ref()
        .filter(|_| insists || rendering != Rendering::None)
        .map(|team| Precondition::TeamVersion(team.id, team.version));
    let member = facts
        .member
        .as_ref()
        .filter(|_| sets_password)
        .map(|member| Precondition::MemberVersion(member.id, member.version));
    let names = names_stay(facts);
    team.into_iter().chain(member).chain(names).collect()
}

/// What a decision makes of its facts.
struct Effect<'a> {
    facts: &'a Facts,
    decision: &'a Decision,
    /// Who is to be created and is there already.
    standing: Option<&'a Member>,
    rendering: Rendering,
}

impl Effect<'_> {
    /// Whether there is a new resource. A user who is there already, and is adopted or returns, is not new.
    fn creates(&self, operation: &Operation) -> bool {
        let is_new = |change: &Change| matches!(change, Change::MemberCreated { .. });
        match operation {
            Operation::Create(ResourceKind::User) => self.decision.changes.iter().any(is_new),
            Operation::Create(ResourceKind::Group) => true,
            _ => false,
        }
    }

    /// The member as they will be, unless they will be gone.
    fn member(&self) -> Option<&Member> {
        let mut member = self.facts.member.as_ref().or(self.standing);
        for change in &self.decision.changes {
            match change {
                Change::MemberCreated { after } | Change::MemberUpdated { after, .. } => {
                    member = Some(after);
                }
                Change::MemberRemoved { .. } => return None,
                _ => {}
            }
        }
        member.filter(|member| member.deleted.is_none())
    }

    /// A member whom the policy hides or removes instead of making them inactive, as the client asked for them to be:
    /// the last that is heard of them.
    fn parting(&self) -> Option<Member> {
        let mut member = self.facts.member.clone()?;
        member.set_active(false);
        member.version += 1;
        Some(member)
    }

    fn member_document(&self, member: &Member) -> Document {
        let mut teams: BTreeMap<TeamId, &str> = BTreeMap::new();
        let hidden = &self.facts.released_teams;
        let known = self.facts.teams_of_member.iter();
        let known = known.filter(|(id, _)| !hidden.contains(id));
        teams.extend(known.map(|(id, name)| (*id, name.as_str())));
        for change in &self.decision.changes {
            match change {
                Change::MembershipAdded {
                    team,
                    team_name,
                    member: who,
                    ..
                } if *who == member.id => {
                    teams.insert(*team, team_name);
                }
                Change::MembershipRemoved {
                    team, member: who, ..
                } if *who == member.id => {
                    teams.remove(team);
                }
                _ => {}
            }
        }
        let link = |(id, name): (TeamId, &str)| Link {
            id: id.0,
            display: name.to_owned(),
        };
        Document {
            id: member.id.0,
            version: member.version,
            created: member.created,
            modified: member.modified,
            attributes: text(&member.attributes),
            links: Some(teams.into_iter().map(link).collect()),
            is_released: false,
        }
    }

    /// The team as it will be. A membership change alone counts its version up, too.
    fn team(&self, now: Timestamp) -> Option<Team> {
        let mut team = self.facts.team.clone();
        let (mut counted, mut moved) = (false, false);
        for change in &self.decision.changes {
            match change {
                Change::TeamCreated { after } | Change::TeamUpdated { after, .. } => {
                    team = Some(after.as_ref().clone());
                    counted = true;
                }
                Change::TeamRemoved { .. } => return None,
                Change::MembershipAdded { .. } | Change::MembershipRemoved { .. } => moved = true,
                // Whom a team waits for is none of the resource.
                _ => {}
            }
        }
        match &mut team {
            Some(team) if !counted && moved => {
                team.version += 1;
                team.modified = now;
            }
            _ => {}
        }
        team
    }

    fn team_document(&self, team: &Team) -> Document {
        let mut members = self.facts.current_members.clone();
        for change in &self.decision.changes {
            match change {
                Change::MembershipAdded {
                    member,
                    member_name,
                    ..
                } => {
                    members.insert(*member, member_name.clone());
                }
                Change::MembershipRemoved { member, .. } => {
                    members.remove(member);
                }
                _ => {}
            }
        }
        let link = |(id, display): (MemberId, String)| Link { id: id.0, display };
        let shown = self.rendering == Rendering::Whole;
        Document {
            id: team.id.0,
            version: team.version,
            created: team.created,
            modified: team.modified,
            attributes: text(&team.attributes),
            links: shown.then(|| members.into_iter().map(link).collect()),
            is_released: false,
        }
    }
}

fn text(attributes: &crate::directory::Attributes) -> String {
    serde_json::to_string(attributes).expect("a JSON object is always JSON text")
}
