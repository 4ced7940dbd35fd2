//! An engine that is none: it answers at once, from made-up data, a million members if need be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use jiff::Timestamp;
use provost::admin::guards::{
    GuardStatus, Held, HoldRuled, Incident, IncidentDetail, IncidentId, IncidentListing,
    IssuedCodes, MarkRecovery, ProveRecovery, RuleHold, TendIncident,
};
use provost::admin::link::{Connected, ConnectionAuth, NewConnection, ScimLink};
use provost::admin::policy::{
    AdoptPreset, PolicyDetail, PolicyDiff, SetPolicy, Simulate, Simulation,
};
use provost::admin::sso::PasswordLink;
use provost::admin::streams::{MadeStream, NewStream, Resume, StreamDetail, StreamId};
use provost::admin::types::{
    Access, AuditRow, ChangeOp, ChangeTeam, ChangeView, ClientId, ClientRow, Done, Finding,
    IfVersion, IssuedToken, LinkMember, Listing, MemberDetail, MemberEdit, MemberId, MemberRef,
    MemberRow, MergeMember, NewClient, NewMember, NewTeam, NewToken, ObjectKind, Outcome, Overview,
    Page, RegisteredClient, RequestDetail, RequestId, RequestListing, RequestPage, RequestQuery,
    RotateToken, Severity, SwitchProvisioning, SwitchTeamSync, SyncStatus, TailEvent, TeamDetail,
    TeamId, TeamRow, TokenId, TokenRow, Total,
};
use provost::admin::{AdminError, AdminErrorKind, AdminRead, AdminWrite, TailStream};
use provost::console::Client;

use super::fake_sso::FakeSso;
use super::{data, incident_data, linked, policy, request_data};

/// How the engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has data.
    Full,
    /// It was set up a moment ago.
    Empty,
    /// It cannot be reached.
    Failing,
    /// It never answers.
    Hanging,
}

/// The engine.
#[derive(Clone, Debug)]
pub struct Fake {
    pub state: State,
    pub now: Timestamp,
    pub members: u64,
    pub teams: u64,
    /// New requests a second in the live tail.
    pub rate: u64,
    /// Asking how everything stands panics.
    pub panics: bool,
    /// How many members an identity provider has provisioned.
    pub provisioned: u64,
    /// The owner is within reach of identity providers (`guard.owner = off`).
    pub owner_unguarded: bool,
    /// How an identity provider is connected.
    pub auth: ConnectionAuth,
    /// Single sign-on, which a test may change.
    pub sso: Arc<Mutex<FakeSso>>,
}

impl Fake {
    pub fn new(state: State) -> Self {
        Self {
            state,
            now: data::noon(),
            members: 2_000,
            teams: 60,
            rate: 0,
            panics: false,
            provisioned: 12,
            owner_unguarded: false,
            auth: ConnectionAuth::Bearer,
            sso: Arc::new(Mutex::new(FakeSso::new(state, data::noon()))),
        }
    }

    pub fn client(self) -> Client {
        Client::full(Arc::new(self))
    }

    pub async fn answer<T>(&self, value: T) -> Result<T, AdminError> {
        match self.state {
            State::Full | State::Empty => Ok(value),
            State::Failing => Err(unreachable()),
            State::Hanging => std::future::pending().await,
        }
    }

    fn is_empty(&self) -> bool {
        self.state == State::Empty
    }
}

pub fn unreachable() -> AdminError {
    AdminError::new(
        AdminErrorKind::Unreachable,
        "nothing listens on /var/lib/provost/engine.sock",
    )
}

fn page<T>(listing: (u64, u32), total: u64, row: impl Fn(u64) -> T) -> Page<T> {
    let (offset, limit) = listing;
    let end = total.min(offset + u64::from(limit));
    Page {
        items: (offset..end).map(row).collect(),
        offset,
        total: Total::Exact(total),
    }
}

pub fn done(id: String) -> Done {
    Done {
        outcome: Outcome::Applied,
        id,
        changes: Vec::new(),
        warnings: Vec::new(),
        request_id: Some(RequestId(5_001)),
    }
}

#[async_trait]
impl AdminRead for Fake {
    fn place(&self) -> String {
        "this process".into()
    }

    async fn overview(&self) -> Result<Overview, AdminError> {
        assert!(!self.panics, "a mistake in the engine");
        let now = self.now;
        let mut overview = data::overview(now, self.members, self.teams);
        overview.guard.owner_unguarded = self.owner_unguarded;
        overview.sso = self.sso.lock().unwrap().status.state;
        if self.is_empty() {
            overview.members = 1;
            overview.active_members = 1;
            overview.teams = 0;
            overview.synced_teams = 0;
            overview.admins = 1;
            overview.connections.clear();
            overview.failures.clear();
            overview.last_changes.clear();
            overview
                .rates
                .iter_mut()
                .for_each(|bucket| *bucket = Default::default());
            overview.log_rows = 0;
            overview.guard = incident_data::guard_brief(true, now);
            overview.p50_us = 0;
            overview.p95_us = 0;
        }
        self.answer(overview).await
    }

    async fn doctor(&self) -> Result<Vec<Finding>, AdminError> {
        let finding = |severity, check: &str, found: &str, fix: &str| Finding {
            severity,
            check: check.into(),
            found: found.into(),
            fix: fix.into(),
        };
        self.answer(vec![
            finding(
                Severity::Ok,
                "database",
                "48.3 MB, opened, every page intact",
                "",
            ),
            finding(
                Severity::Warning,
                "disk",
                "2.1 GB left",
                "Make room, or keep fewer days of the log: log.keep_days.",
            ),
            finding(
                Severity::Error,
                "public URL",
                "http://id.acme.io has no TLS",
                "Give a certificate and a key, or say that a proxy terminates TLS.",
            ),
        ])
        .await
    }

    async fn members(&self, listing: Listing) -> Result<Page<MemberRow>, AdminError> {
        let now = self.now;
        let asked = (listing.offset, listing.limit);
        if self.is_empty() {
            return Ok(page(asked, 0, |number| data::member(number, now)));
        }
        if listing.filter.is_empty() {
            return self
                .answer(page(asked, self.members, |number| {
                    data::member(number, now)
                }))
                .await;
        }
        let words: Vec<String> = listing
            .filter
            .to_lowercase()
            .split_whitespace()
            .map(Into::into)
            .collect();
        let matching: Vec<MemberRow> = (0..self.members.min(5_000))
            .map(|number| data::member(number, now))
            .filter(|row| {
                words.iter().all(|word| match word.as_str() {
                    "active:false" => !row.active,
                    "active:true" => row.active,
                    word => format!("{} {}", row.name, row.user_name)
                        .to_lowercase()
                        .contains(word),
                })
            })
            .collect();
        let total = matching.len() as u64;
        let row = |number: u64| matching[usize::try_from(number).unwrap()].clone();
        self.answer(page(asked, total, row)).await
    }

    async fn member(&self, id: MemberId) -> Result<MemberDetail, AdminError> {
        self.answer(data::member_detail(data::number_of(id), self.now))
            .await
    }

    async fn find_member(&self, name: String) -> Result<MemberDetail, AdminError> {
        let found = (0..self.members.min(5_000)).find(|number| {
            data::member(*number, self.now)
                .user_name
                .contains(&name.to_lowercase())
        });
        match found {
            Some(number) => self.member(data::member_id(number)).await,
            None => Err(AdminError::new(
                AdminErrorKind::NotFound,
                format!("no member is called {name}"),
            )),
        }
    }

    async fn member_access(&self, _: MemberId) -> Result<Access, AdminError> {
        self.answer(data::access()).await
    }

    async fn member_timeline(
        &self,
        id: MemberId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<AuditRow>, AdminError> {
        let number = data::number_of(id);
        let now = self.now;
        self.answer(page((offset, limit), 4, |step| {
            data::member_change(number, step, now)
        }))
        .await
    }

    async fn teams(&self, listing: Listing) -> Result<Page<TeamRow>, AdminError> {
        let now = self.now;
        let total = if self.is_empty() { 0 } else { self.teams };
        let asked = (listing.offset, listing.limit);
        self.answer(page(asked, total, |number| data::team(number, now)))
            .await
    }

    async fn team(&self, id: TeamId) -> Result<TeamDetail, AdminError> {
        self.answer(data::team_detail(data::number_of(id), self.now))
            .await
    }

    async fn find_team(&self, name: String) -> Result<TeamDetail, AdminError> {
        let found = (0..self.teams).find(|number| data::team(*number, self.now).name == name);
        match found {
            Some(number) => self.team(data::team_id(number)).await,
            None => Err(AdminError::new(
                AdminErrorKind::NotFound,
                format!("no team is called {name}"),
            )),
        }
    }

    async fn team_members(
        &self,
        id: TeamId,
        offset: u64,
        limit: u32,
    ) -> Result<Page<MemberRef>, AdminError> {
        let now = self.now;
        let total = data::team(data::number_of(id), now).members;
        self.answer(page((offset, limit), total, |number| {
            data::team_member(number, now)
        }))
        .await
    }

    async fn sync(&self) -> Result<SyncStatus, AdminError> {
        self.answer(linked::sync(self.teams)).await
    }

    async fn requests(&self, listing: RequestListing) -> Result<RequestPage, AdminError> {
        if self.is_empty() {
            return Ok(RequestPage {
                items: Vec::new(),
                more: false,
                log_total: 0,
            });
        }
        let query = RequestQuery::parse(&listing.query)
            .map_err(|error| AdminError::new(AdminErrorKind::Invalid, error.to_string()))?;
        let before = listing.before.map_or(5_001, |id| id.0);
        let after = listing.after.map_or(0, |id| id.0);
        let mut items: Vec<_> = (after + 1..before)
            .rev()
            .map(|number| request_data::request(number, self.now))
            .filter(|row| query.matches(row, self.now))
            .take(listing.limit as usize + 1)
            .collect();
        let more = items.len() > listing.limit as usize;
        items.truncate(listing.limit as usize);
        self.answer(RequestPage {
            items,
            more,
            log_total: 5_000,
        })
        .await
    }

    async fn request(&self, id: RequestId) -> Result<RequestDetail, AdminError> {
        self.answer(request_data::request_detail(id.0, self.now))
            .await
    }

    async fn tail(&self, query: String) -> Result<TailStream, AdminError> {
        let query = RequestQuery::parse(&query)
            .map_err(|error| AdminError::new(AdminErrorKind::Invalid, error.to_string()))?;
        self.answer(()).await?;
        if self.rate == 0 {
            return Ok(futures::stream::pending().boxed());
        }
        let pause = Duration::from_nanos(1_000_000_000 / self.rate);
        let stream = futures::stream::unfold(5_001_u64, move |number| async move {
            tokio::time::sleep(pause).await;
            let now = Timestamp::now();
            let mut row = request_data::request(number, now);
            row.at = now;
            Some((row, number + 1))
        });
        let rows = stream.filter(move |row| {
            let matches = query.matches(row, Timestamp::now());
            std::future::ready(matches)
        });
        Ok(rows
            .map(|row| Ok(TailEvent::Request { row: Box::new(row) }))
            .boxed())
    }

    async fn clients(&self) -> Result<Vec<ClientRow>, AdminError> {
        self.answer(Vec::new()).await
    }

    async fn link(&self) -> Result<ScimLink, AdminError> {
        let connections = if self.is_empty() {
            Vec::new()
        } else {
            vec![linked::connection(self.now)]
        };
        let link = ScimLink {
            auth: self.auth,
            ..linked::link(connections)
        };
        self.answer(link).await
    }

    async fn tokens(&self) -> Result<Vec<TokenRow>, AdminError> {
        let count = if self.is_empty() { 0 } else { 4 };
        self.answer(
            (0..count)
                .map(|number| data::token(number, self.now))
                .collect(),
        )
        .await
    }

    async fn streams(&self) -> Result<Vec<StreamDetail>, AdminError> {
        Ok(Vec::new())
    }

    async fn policy(&self) -> Result<PolicyDetail, AdminError> {
        self.answer(policy::detail(self.now)).await
    }

    async fn policy_diff(&self, preset: String) -> Result<PolicyDiff, AdminError> {
        self.answer(policy::diff(&preset)).await
    }

    async fn simulate_policy(&self, simulate: Simulate) -> Result<Simulation, AdminError> {
        self.answer(policy::simulation(self.now, &simulate)).await
    }

    async fn guard_status(&self) -> Result<GuardStatus, AdminError> {
        self.answer(incident_data::guard_status(self.is_empty(), self.now))
            .await
    }

    async fn incidents(&self, listing: IncidentListing) -> Result<Page<Incident>, AdminError> {
        let count = if self.is_empty() { 0 } else { 12 };
        let items: Vec<Incident> = (0..count)
            .map(|number| incident_data::incident(number, self.now))
            .filter(|incident| listing.closed || incident.tended.closed.is_none())
            .collect();
        self.answer(Page {
            total: Total::Exact(items.len() as u64),
            offset: 0,
            items,
        })
        .await
    }

    async fn incident(&self, id: IncidentId) -> Result<IncidentDetail, AdminError> {
        self.answer(incident_data::incident_detail(id, self.now))
            .await
    }

    async fn held(&self, id: IncidentId, _: u64, _: u32) -> Result<Page<Held>, AdminError> {
        self.answer(incident_data::incident_detail(id, self.now).held)
            .await
    }
}

/// The console shows no event streams.
fn no_streams() -> AdminError {
    AdminError::new(AdminErrorKind::NotFound, "there are no event streams")
}

#[async_trait]
impl AdminWrite for Fake {
    fn preview(&self) -> Arc<dyn AdminWrite> {
        Arc::new(self.clone())
    }

    async fn add_member(&self, member: NewMember) -> Result<Done, AdminError> {
        if member.user_name.starts_with("ada") {
            return Err(AdminError {
                code: Some("DUP_USER".into()),
                request_id: Some(RequestId(4_994)),
                ..AdminError::new(
                    AdminErrorKind::Conflict,
                    "userName is taken by another member",
                )
            });
        }
        Ok(done(data::member_id(77).to_string()))
    }

    async fn deactivate_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn edit_member(&self, id: MemberId, _: MemberEdit) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn delete_member(&self, id: MemberId, _: IfVersion) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn link_member(&self, id: MemberId, _: LinkMember) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn invite_member(&self, id: MemberId, _: IfVersion) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn unlink_member(&self, id: MemberId, _: IfVersion) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn merge_members(&self, id: MemberId, _: MergeMember) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn purge_members(&self) -> Result<Done, AdminError> {
        let removed = (1..=self.provisioned).map(|number| ChangeView {
            kind: ObjectKind::Member,
            id: data::member_id(number).to_string(),
            label: data::member(number, self.now).user_name,
            op: ChangeOp::Remove,
            fields: Vec::new(),
        });
        Ok(Done {
            changes: removed.collect(),
            ..done(data::member_id(0).to_string())
        })
    }

    async fn purge_teams(&self) -> Result<Done, AdminError> {
        Ok(done(data::member_id(0).to_string()))
    }

    async fn restore_member(&self, id: MemberId) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn add_team(&self, _team: NewTeam) -> Result<Done, AdminError> {
        Ok(done(data::team_id(7).to_string()))
    }

    async fn change_team(&self, id: TeamId, _: ChangeTeam) -> Result<Done, AdminError> {
        self.answer(done(id.to_string())).await
    }

    async fn switch_team_sync(&self, _: SwitchTeamSync) -> Result<Done, AdminError> {
        self.answer(done(String::new())).await
    }

    async fn switch_provisioning(&self, _: SwitchProvisioning) -> Result<Done, AdminError> {
        self.answer(done(String::new())).await
    }

    async fn issue_token(&self, token: NewToken) -> Result<IssuedToken, AdminError> {
        let row = TokenRow {
            name: token.name,
            scope: token.scope,
            ..data::token(0, self.now)
        };
        Ok(IssuedToken {
            token: row,
            secret: "prv_scim_7fQ2xSecretThatIsShownOnce".into(),
        })
    }

    async fn revoke_token(&self, id: TokenId) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn rotate_token(&self, _: TokenId, _: RotateToken) -> Result<IssuedToken, AdminError> {
        Ok(IssuedToken {
            token: data::token(0, self.now),
            secret: "prv_scim_7fQ2xSecretThatIsShownOnce".into(),
        })
    }

    async fn create_client(&self, _: NewClient) -> Result<RegisteredClient, AdminError> {
        Err(AdminError::new(AdminErrorKind::Invalid, "not in this test"))
    }

    async fn revoke_client(&self, id: ClientId) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn rotate_client(&self, _: ClientId) -> Result<RegisteredClient, AdminError> {
        Err(AdminError::new(AdminErrorKind::Invalid, "not in this test"))
    }

    async fn connect(&self, new: NewConnection) -> Result<Connected, AdminError> {
        let mut row = linked::connection(self.now);
        row.connection.name = new.name;
        Ok(Connected {
            connection: row.connection,
            client_id: None,
            secret: "prv_scim_7fQ2xSecretThatIsShownOnce".into(),
        })
    }

    async fn disconnect(&self, name: String) -> Result<Done, AdminError> {
        Ok(done(name))
    }

    async fn create_stream(&self, _: NewStream) -> Result<MadeStream, AdminError> {
        Err(no_streams())
    }

    async fn pause_stream(&self, _: StreamId) -> Result<Done, AdminError> {
        Err(no_streams())
    }

    async fn resume_stream(&self, _: StreamId, _: Resume) -> Result<Done, AdminError> {
        Err(no_streams())
    }

    async fn delete_stream(&self, _: StreamId) -> Result<Done, AdminError> {
        Err(no_streams())
    }

    async fn rotate_signing_key(&self) -> Result<Done, AdminError> {
        Err(no_streams())
    }

    async fn set_policy(&self, set: SetPolicy) -> Result<Done, AdminError> {
        Ok(done(set.key))
    }

    async fn adopt_preset(&self, adopt: AdoptPreset) -> Result<Done, AdminError> {
        Ok(done(adopt.preset))
    }

    async fn undo_request(&self, id: RequestId) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn tend_incident(&self, id: IncidentId, _: TendIncident) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn rule_hold(&self, id: IncidentId, _: RuleHold) -> Result<HoldRuled, AdminError> {
        Ok(HoldRuled {
            done: done(id.to_string()),
            applied: 3,
            left: 1,
        })
    }

    async fn mark_recovery(&self, id: MemberId, _: MarkRecovery) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn prove_recovery(&self, id: MemberId, _: ProveRecovery) -> Result<Done, AdminError> {
        Ok(done(id.to_string()))
    }

    async fn invite_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        Ok(PasswordLink {
            done: done(id.to_string()),
            url: Some("https://provost.x.io/reset?token=x".into()),
            expires: Timestamp::UNIX_EPOCH,
            mailed_to: None,
        })
    }

    async fn reset_link(&self, id: MemberId) -> Result<PasswordLink, AdminError> {
        self.invite_link(id).await
    }

    async fn make_recovery_codes(&self, id: MemberId) -> Result<IssuedCodes, AdminError> {
        Ok(IssuedCodes {
            done: done(id.to_string()),
            codes: Vec::new(),
        })
    }
}
