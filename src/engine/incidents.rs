//! Incidents, holds, and the paths to admin.

use std::time::Instant;

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::admin::{AdminDone, Asker, Mode, deed, logged};
use super::carry_out::{ATTEMPTS, Extras, is_race};
use super::{Engine, EngineError};
use crate::directory::access::{AdminPath, WaysIn};
use crate::directory::decide::can_recover;
use crate::directory::policy::{BlastRadius, Policy};
use crate::directory::{
    Actor, Change, Command, Decision, Extent, Facts, Held, HeldAsk, Incident, IncidentId, Member,
    MemberId, ObjectKind, Outcome, Radius, RequestId, Ruling, Settled, Stage, Tending, TraceStep,
};
use crate::store::StoreError;
use crate::store::rows::Page;

/// How long an admin's word on a hold counts for what the identity provider sends again.
pub const RULING_COUNTS: SignedDuration = SignedDuration::from_hours(24);
/// How long it is remembered that somebody was taken away and may come back.
const FLAPPING: SignedDuration = SignedDuration::from_mins(10);
/// How many held commands are carried out side by side.
const SIDE_BY_SIDE: u32 = 64;
/// How many changes a preview of a hold tells.
const PREVIEWED: usize = 200;

/// What became of a word on a hold.
#[derive(Clone, Debug)]
pub struct HoldDone {
    /// The word itself.
    pub done: AdminDone,
    /// How many members were deactivated or removed.
    pub applied: u64,
    /// How many were left as they are, since a guard refused or nothing was left to do.
    pub left: u64,
}

/// The state of the guards.
#[derive(Clone, Debug)]
pub struct Guards {
    /// The policy in force.
    pub policy: Policy,
    /// The paths to admin.
    pub paths: Vec<AdminPath>,
    /// The recovery admins, also those who lead to admin no more, with how many codes they have left.
    pub recovery: Vec<(Member, Option<Timestamp>, bool, u64)>,
    /// How many went within the window, of how many.
    pub radius: Radius,
    /// Open incidents, and how many of them hold something that waits for a word.
    pub incidents: (u64, u64),
}

impl Engine {
    /// The state of the guards, with so many paths to admin at most.
    pub async fn guards(&self, most: usize) -> Result<Guards, EngineError> {
        let policy = self.in_force().policy.clone();
        let mut recovery = Vec::new();
        for id in self.store.recovery_admins().await? {
            if let Some(member) = self.store.member(id, true).await? {
                let (proven, codes) = self.store.recovery_of(id).await?;
                let has_password = self.store.password_hash(id).await?.is_some();
                recovery.push((member, proven, has_password, codes));
            }
        }
        Ok(Guards {
            paths: self.admin_paths(&policy, most).await?,
            recovery,
            radius: self.radius(&policy, None).await?,
            incidents: self.store.count_incidents(Timestamp::now()).await?,
            policy,
        })
    }

    /// The paths to admin, so many at most.
    pub(super) async fn admin_paths(
        &self,
        policy: &Policy,
        most: usize,
    ) -> Result<Vec<AdminPath>, StoreError> {
        let in_force = self.in_force();
        let idp = match in_force.settings.connections.as_slice() {
            [only] => only.title(),
            _ => "the identity provider",
        };
        let mut paths = Vec::new();
        let admins = self.store.admins(&policy.roles).await?;
        for id in admins.into_iter().take(most) {
            let Some(member) = self.store.member(id, false).await? else {
                continue;
            };
            let ways = self.ways_in(id).await?;
            let ways = ways.open_to(&member, self.passwords_are_closed());
            let teams = self.store.role_teams_of(id).await?;
            let path = AdminPath::of(&policy.roles, &member, &teams, ways, idp);
            paths.extend(path.map(|path| AdminPath {
                why_not: (!path.may_sign_in).then(|| self.no_way_in(&member)),
                ..path
            }));
        }
        Ok(paths)
    }

    /// By what a member can sign in.
    pub(super) async fn ways_in(&self, id: MemberId) -> Result<WaysIn, StoreError> {
        let (proven, codes) = self.store.recovery_of(id).await?;
        Ok(WaysIn {
            has_password: self.store.password_hash(id).await?.is_some(),
            codes,
            proven,
        })
    }

    /// The recovery admins who have shown that they can sign in, with name and version.
    pub(super) async fn proven(
        &self,
        policy: &Policy,
    ) -> Result<Vec<(MemberId, String, u64)>, StoreError> {
        let mut proven = Vec::new();
        for id in self.store.recovery_admins().await? {
            let Some(member) = self.store.member(id, false).await? else {
                continue;
            };
            let (since, _) = self.store.recovery_of(id).await?;
            if since.is_some() && can_recover(&policy.roles, &member) {
                proven.push((id, member.user_name().to_owned(), member.version));
            }
        }
        Ok(proven)
    }

    /// How many go and what is held.
    pub(super) async fn radius(
        &self,
        policy: &Policy,
        member: Option<MemberId>,
    ) -> Result<Radius, StoreError> {
        let BlastRadius::Limit { seconds, .. } = policy.guard.blast_radius else {
            return Ok(Radius::default());
        };
        let window = SignedDuration::from_secs(i64::from(seconds));
        let (since, ruled_since) = (before_now(window), before_now(RULING_COUNTS));
        self.store.radius(member, since, ruled_since).await
    }

    /// How often somebody with this `userName` was taken away lately.
    pub(super) async fn recent_departures(&self, user_name_key: &str) -> Result<u64, StoreError> {
        let since = before_now(FLAPPING);
        self.store.departures_of(user_name_key, since).await
    }

    /// One incident.
    pub async fn incident(&self, id: IncidentId) -> Result<Incident, EngineError> {
        let incident = self.store.incident(id).await?;
        incident.ok_or_else(|| EngineError::NotFound(format!("there is no incident {id}")))
    }

    /// Closes, assigns or puts off an incident.
    pub async fn tend_incident(
        &self,
        asker: &Asker,
        id: IncidentId,
        tending: Tending,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let texts = match &tending {
            Tending::Close { note } => note,
            Tending::Assign { to } => to,
            Tending::Snooze { .. } => &None,
        };
        let is_unfit =
            |text: &String| text.chars().count() > 500 || text.chars().any(char::is_control);
        if texts.as_ref().is_some_and(is_unfit) {
            return Err(EngineError::Invalid(
                "a note or a name has at most 500 characters and no control characters".into(),
            ));
        }
        let verb = match tending {
            Tending::Close { .. } => "close",
            Tending::Assign { .. } => "assign",
            Tending::Snooze { .. } => "snooze",
        };
        let command = Command::TendIncident {
            id,
            tending,
            if_version,
        };
        self.of_incident(asker, id, verb, &command).await
    }

    /// Says whether what an incident holds shall happen. Allowed, it happens now: each held command is decided anew on
    /// the state as it is, committed and logged on its own with the admin as its cause. A batch that was cut short is
    /// taken up by the same word said again.
    pub async fn rule_hold(
        &self,
        asker: &Asker,
        id: IncidentId,
        ruling: Ruling,
        if_version: Option<u64>,
    ) -> Result<HoldDone, EngineError> {
        let verb = match ruling {
            Ruling::Allowed => "allow",
            Ruling::Rejected => "reject",
        };
        let command = Command::RuleHold {
            id,
            ruling,
            if_version,
        };
        let done = self.of_incident(asker, id, verb, &command).await?;
        let mut done = HoldDone {
            done,
            applied: 0,
            left: 0,
        };
        match (ruling, asker.mode) {
            (Ruling::Rejected, _) => {}
            (Ruling::Allowed, Mode::Preview) => self.preview_held(id, &mut done).await?,
            (Ruling::Allowed, Mode::Commit) => self.carry_out_all(asker, id, &mut done).await?,
        }
        Ok(done)
    }

    async fn of_incident(
        &self,
        asker: &Asker,
        id: IncidentId,
        verb: &str,
        command: &Command,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&("incident", id.0)).await;
        let label = id.to_string();
        let path = format!("/admin/v1/incidents/{id}/{verb}");
        let deed = deed("POST", path, "Incidents", ObjectKind::Incident, id, &label);
        self.perform(asker, command, deed).await
    }

    /// What the held commands would come to, and the first changes of it.
    async fn preview_held(&self, id: IncidentId, done: &mut HoldDone) -> Result<(), EngineError> {
        let waiting = self.store.held(id, false, 0, u32::MAX).await?.items;
        for held in waiting {
            let Some((command, mut facts)) = self.held_command(id, &held).await? else {
                done.left += 1;
                continue;
            };
            let actor = Actor::idp(held.token.as_str());
            let now = Timestamp::now();
            let decision = Box::pin(self.decide(&mut facts, &command, &actor, now)).await?;
            match decision.outcome {
                Outcome::Applied => done.applied += 1,
                _ => done.left += 1,
            }
            let views = decision.changes.iter().map(Change::view);
            let room = PREVIEWED.saturating_sub(done.done.changes.len());
            done.done.changes.extend(views.take(room));
        }
        Ok(())
    }

    async fn carry_out_all(
        &self,
        asker: &Asker,
        id: IncidentId,
        done: &mut HoldDone,
    ) -> Result<(), EngineError> {
        let cause = done.done.request;
        loop {
            let waiting = self.store.held(id, false, 0, SIDE_BY_SIDE).await?.items;
            if waiting.is_empty() {
                break;
            }
            let each = waiting
                .iter()
                .map(|held| self.carry_out_held(asker, cause, id, held));
            for outcome in join_all(each).await {
                match outcome? {
                    Outcome::Applied => done.applied += 1,
                    _ => done.left += 1,
                }
            }
        }
        let note = format!("allowed: {} applied, {} left", done.applied, done.left);
        let close = Tending::Close { note: Some(note) };
        self.tend_incident(asker, id, close, None).await?;
        Ok(())
    }

    /// Carries out one held command; whatever becomes of it, it is settled.
    async fn carry_out_held(
        &self,
        asker: &Asker,
        cause: Option<RequestId>,
        id: IncidentId,
        held: &Held,
    ) -> Result<Outcome, EngineError> {
        let _turn = self.locks.lock(&held.member.to_string()).await;
        let (started, now) = (Instant::now(), Timestamp::now());
        let request = self.next_request_id();
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let (mut decision, end) = match self.held_command(id, held).await? {
                Some((command, mut facts)) => {
                    let actor = Actor::idp(held.token.as_str());
                    let decision = Box::pin(self.decide(&mut facts, &command, &actor, now)).await?;
                    let end = match &decision.refusal {
                        Some(refusal) => refusal.code.clone(),
                        None => decision.outcome.as_str().to_owned(),
                    };
                    (decision, end)
                }
                None => (nothing_left(), "gone".to_owned()),
            };
            decision.guards.departure = None;
            decision.guards.settled = Some(Settled {
                incident: id,
                member: held.member,
                end,
            });
            let (method, verb) = match held.ask {
                HeldAsk::Deactivate => ("PATCH", "active: false"),
                HeldAsk::Delete => ("DELETE", "DELETE"),
            };
            let path = format!("/admin/v1/incidents/{id}/held/{}", held.member);
            let member = held.member;
            let deed = deed(
                method,
                path,
                "Users",
                ObjectKind::Member,
                member,
                &held.name,
            );
            let mut exchange = logged(request, now, started, &asker.actor, &deed, &decision);
            exchange.row.part_of = cause;
            let origin = format!(
                "{verb} of request {} by {}, held by incident {id} and allowed by an admin",
                held.request, held.token
            );
            exchange
                .trace
                .insert(1, TraceStep::noted(Stage::Match, origin));
            let outcome = decision.outcome;
            let verb = super::events::Verb::Other;
            let extras = Extras {
                outbox: self.outbox(verb, &Facts::default(), &decision).await?,
                ..Extras::default()
            };
            match self
                .commit(decision, &asker.actor, now, exchange, extras)
                .await
            {
                Ok(_) => return Ok(outcome),
                Err(error) if is_race(&error) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or(EngineError::TaskEnded, EngineError::from))
    }

    /// A held command as it stands today, with its facts; `None` where the member is gone.
    async fn held_command(
        &self,
        id: IncidentId,
        held: &Held,
    ) -> Result<Option<(Command, Facts)>, StoreError> {
        let Some(mut member) = self.store.member(held.member, false).await? else {
            return Ok(None);
        };
        let known = Facts {
            member: Some(member.clone()),
            ..Facts::default()
        };
        let command = match held.ask {
            HeldAsk::Delete => Command::DeleteMember {
                id: held.member,
                if_version: None,
            },
            HeldAsk::Deactivate => {
                // Absent means active; of who is inactive nothing shall change.
                if member.is_active() {
                    member.set_active(false);
                }
                Command::UpdateMember {
                    id: held.member,
                    attributes: member.attributes,
                    extent: Extent::Part,
                    if_version: None,
                }
            }
        };
        let mut facts = Box::pin(self.facts(&command, known)).await?;
        facts.radius.ruling = Some((Ruling::Allowed, id));
        Ok(Some((command, facts)))
    }
}

/// A decision that changes nothing, for a member who is gone.
fn nothing_left() -> Decision {
    Decision {
        outcome: Outcome::NoOp,
        refusal: None,
        changes: Vec::new(),
        trace: vec![TraceStep::noted(
            Stage::Match,
            "the member is gone; nothing is left to do",
        )],
        policy_key: None,
        lead: crate::directory::LeadGuard::Settled,
        settings_version: None,
        guards: crate::directory::GuardNotes::default(),
    }
}

/// Some time ago.
fn before_now(span: SignedDuration) -> Timestamp {
    let now = Timestamp::now();
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

/// What an incident holds, for lists.
impl Engine {
    /// Some of what an incident holds, settled or not.
    pub async fn held(
        &self,
        id: IncidentId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<Held>, EngineError> {
        Ok(self.store.held(id, true, offset, limit).await?)
    }
}
