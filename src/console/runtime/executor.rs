//! Carries effects out: asks the engine, follows the log, writes files. Each effect is a task of its own that ends in a
//! message; a panic in one ends in a message, too.
//!
//! A question makes older questions of its kind pointless: their tasks are ended, so that a key held down does not leave
//! a queue behind. Writes are never ended half way.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use super::{browser, sso};
use crate::admin::guards::IncidentListing;
use crate::admin::link::NewConnection;
use crate::admin::sso::{PasswordLinkKind, PastedResponse, SessionsOf};
use crate::admin::types::{
    ChangeTeam, Done, IssuedToken, OwnEdit, RequestListing, SwitchProvisioning, SwitchTeamSync,
    TailEvent, TeamChange, TokenId, TokenRow, TokenScope,
};
use crate::admin::{AdminError, AdminErrorKind, AdminRead, AdminWrite};
use crate::console::effect::{
    BulkVerb, Effect, Export, Load, MemberDeed, TeamWish, TeamWrite, Write,
};
use crate::console::export::{file_name, write_private};
use crate::console::msg::{Fact, Msg};
use crate::console::options::Client;
use crate::console::overlays::MadeLink;
use crate::console::panes::incidents::MOST as MOST_INCIDENTS;
use crate::console::panes::sso::MOST as MOST_SIGN_INS;
use crate::console::store::Generation;
use crate::secret::Secret;

/// How many messages may wait for the state. Tasks wait while it is full; nothing is lost.
pub const CHANNEL: usize = 1_024;
/// How many log lines are handed over at once.
const BATCH: usize = 4_096;
/// How long log lines are gathered, in milliseconds.
const GATHER: u64 = 16;
/// How many changes of a member are asked for at once.
const TIMELINE_PAGE: u32 = 50;

/// What a question is about. A newer question of the same kind ends the older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Slot {
    Overview,
    Doctor,
    Members,
    Marks,
    Member,
    FindMember,
    Timeline,
    Teams,
    Team,
    FindTeam,
    TeamMembers,
    Requests,
    Request,
    Tokens,
    Incident,
    Incidents,
    Link,
    Policy,
    PolicyDiff,
    Sessions,
    SignInRequest,
    SignIns,
    Simulation,
    Sso,
    Sync,
    Undo,
    Examination,
    TestDrive,
    Tail,
}

impl Slot {
    fn of(load: &Load) -> Self {
        match load {
            Load::Overview => Self::Overview,
            Load::Doctor => Self::Doctor,
            Load::Members(_) => Self::Members,
            Load::MarkMembers(_) => Self::Marks,
            Load::Member(_) => Self::Member,
            Load::FindMember(_) => Self::FindMember,
            Load::Timeline { .. } => Self::Timeline,
            Load::Teams(_) => Self::Teams,
            Load::Team(_) => Self::Team,
            Load::FindTeam(_) => Self::FindTeam,
            Load::TeamMembers { .. } => Self::TeamMembers,
            Load::Requests(_) => Self::Requests,
            Load::Request(_) => Self::Request,
            Load::Tokens => Self::Tokens,
            Load::Policy => Self::Policy,
            Load::PolicyDiff(_) => Self::PolicyDiff,
            Load::SimulatePolicy(_) => Self::Simulation,
            Load::BeforeUndo(_) => Self::Undo,
            Load::Link => Self::Link,
            Load::Sync => Self::Sync,
            Load::Sso => Self::Sso,
            Load::SignIns => Self::SignIns,
            Load::SignInRequest(_) => Self::SignInRequest,
            Load::TestDrive(_) => Self::TestDrive,
            Load::ExamineResponse(_) => Self::Examination,
            Load::Sessions(_) => Self::Sessions,
            Load::Incidents => Self::Incidents,
            Load::Incident(_) => Self::Incident,
        }
    }
}

/// Carries effects out.
pub struct Executor {
    read: Arc<dyn AdminRead>,
    write: Option<Arc<dyn AdminWrite>>,
    export_dir: PathBuf,
    messages: mpsc::Sender<Msg>,
    tasks: JoinSet<()>,
    running: HashMap<Slot, (Generation, Vec<AbortHandle>)>,
}

impl Executor {
    /// An executor for this client, which answers into `messages`.
    pub fn new(client: Client, export_dir: PathBuf, messages: mpsc::Sender<Msg>) -> Self {
        Self {
            read: client.read,
            write: client.write,
            export_dir,
            messages,
            tasks: JoinSet::new(),
            running: HashMap::new(),
        }
    }

    /// Carries out an effect that is not the terminal's.
    pub fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::Load(generation, load) => {
                let slot = Slot::of(&load);
                let read = Arc::clone(&self.read);
                let task = async move { self::load(read.as_ref(), generation, load).await };
                self.spawn(Some((slot, generation)), task);
            }
            Effect::FollowTail(generation, query) => self.follow(generation, query),
            Effect::Write(write) => self.write(write),
            Effect::OpenBrowser(url) => {
                self.spawn(
                    None,
                    async move { Fact::BrowserOpened(browser::open(&url)) },
                );
            }
            Effect::Export(export) => {
                let directory = self.export_dir.clone();
                self.spawn(None, async move {
                    let done =
                        tokio::task::spawn_blocking(move || self::export(&directory, export));
                    done.await.unwrap_or_else(|_| Fact::TaskPanicked(None))
                });
            }
            Effect::Copy { .. }
            | Effect::SaveViews(..)
            | Effect::CaptureMouse(_)
            | Effect::ClearScreen
            | Effect::Panic => {
                unreachable!("the runtime carries out what is its own")
            }
        }
    }

    /// Waits until a task ends, and tells whether it panicked. Waits for ever where there is none.
    pub async fn ended(&mut self) -> bool {
        match self.tasks.join_next().await {
            Some(Err(error)) => error.is_panic(),
            Some(Ok(())) => false,
            None => std::future::pending().await,
        }
    }

    fn spawn(
        &mut self,
        slot: Option<(Slot, Generation)>,
        task: impl Future<Output = Fact> + Send + 'static,
    ) {
        let messages = self.messages.clone();
        let handle = self.tasks.spawn(async move {
            let fact = task.await;
            send(&messages, fact).await;
        });
        if let Some((slot, generation)) = slot {
            self.note(slot, generation, handle);
        }
    }

    /// Ends the tasks of older questions of the same kind.
    fn note(&mut self, slot: Slot, generation: Generation, handle: AbortHandle) {
        let running = self.running.entry(slot).or_default();
        if running.0 != generation {
            for old in running.1.drain(..) {
                old.abort();
            }
            running.0 = generation;
        }
        running.1.retain(|task| !task.is_finished());
        running.1.push(handle);
    }

    fn write(&mut self, write: Write) {
        let client = self.write.clone();
        self.spawn(None, async move {
            // A read-only console has no client that could.
            let Some(client) = client else {
                let error = AdminError::new(AdminErrorKind::Refused, "this console is read-only");
                if write == Write::StartTestDrive {
                    return Fact::TestDriveStarted(Err(error));
                }
                if let Write::Bulk(bulk) = write {
                    let results = bulk.members.iter().map(|_| Err(error.clone())).collect();
                    return Fact::BulkFinished(bulk, results);
                }
                return Fact::WriteFinished(write, Err(error));
            };
            self::write(client.as_ref(), write).await
        });
    }

    fn follow(&mut self, generation: Generation, query: String) {
        let read = Arc::clone(&self.read);
        let messages = self.messages.clone();
        let handle = self.tasks.spawn(async move {
            let mut stream = match read.tail(query).await {
                Ok(stream) => stream,
                Err(error) => return send(&messages, Fact::TailEnded(generation, error)).await,
            };
            send(&messages, Fact::TailStarted(generation)).await;
            loop {
                let Some(first) = stream.next().await else {
                    let error = AdminError::new(AdminErrorKind::Unreachable, "the live log ended");
                    return send(&messages, Fact::TailEnded(generation, error)).await;
                };
                let (events, end) = gather(first, &mut stream).await;
                if !events.is_empty() {
                    send(&messages, Fact::TailArrived(generation, events)).await;
                }
                if let Some(error) = end {
                    return send(&messages, Fact::TailEnded(generation, error)).await;
                }
            }
        });
        self.note(Slot::Tail, generation, handle);
    }
}

/// Gathers what comes within a frame's time after the first event.
async fn gather(
    first: Result<TailEvent, AdminError>,
    stream: &mut crate::admin::TailStream,
) -> (Vec<TailEvent>, Option<AdminError>) {
    let mut events = Vec::new();
    match first {
        Ok(event) => events.push(event),
        Err(error) => return (events, Some(error)),
    }
    let deadline = tokio::time::sleep(Duration::from_millis(GATHER));
    tokio::pin!(deadline);
    while events.len() < BATCH {
        tokio::select! {
            biased;
            event = stream.next() => match event {
                Some(Ok(event)) => events.push(event),
                Some(Err(error)) => return (events, Some(error)),
                // The loop that called finds the end again.
                None => return (events, None),
            },
            () = &mut deadline => break,
        }
    }
    (events, None)
}

async fn send(messages: &mpsc::Sender<Msg>, fact: Fact) {
    let at = Timestamp::now();
    // Nobody listens any more only when the console ends.
    let _ = messages.send(Msg { at, fact }).await;
}

/// Asks the engine one question, and gives its answer as the fact that it is.
pub async fn load(read: &dyn AdminRead, generation: Generation, load: Load) -> Fact {
    match load {
        Load::Overview => Fact::OverviewLoaded(generation, read.overview().await.map(Box::new)),
        Load::Doctor => Fact::DoctorLoaded(generation, read.doctor().await),
        Load::Members(listing) => {
            let offset = listing.offset;
            Fact::MembersLoaded(generation, offset, read.members(listing).await)
        }
        Load::MarkMembers(listing) => Fact::MarksLoaded(generation, read.members(listing).await),
        Load::Member(id) => Fact::MemberLoaded(generation, read.member(id).await.map(Box::new)),
        Load::FindMember(name) => {
            let found = read.find_member(name).await;
            Fact::MemberFound(generation, found.map(|member| member.row.id))
        }
        Load::Timeline { member, offset } => {
            let page = read.member_timeline(member, offset, TIMELINE_PAGE).await;
            Fact::TimelineLoaded(generation, page)
        }
        Load::Teams(listing) => {
            let offset = listing.offset;
            Fact::TeamsLoaded(generation, offset, read.teams(listing).await)
        }
        Load::Team(id) => Fact::TeamLoaded(generation, read.team(id).await.map(Box::new)),
        Load::FindTeam(name) => {
            let found = read.find_team(name).await;
            Fact::TeamFound(generation, found.map(|team| team.row.id))
        }
        Load::TeamMembers {
            team,
            offset,
            limit,
        } => {
            let page = read.team_members(team, offset, limit).await;
            Fact::TeamMembersLoaded(generation, offset, page)
        }
        Load::Requests(request) => {
            let listing: RequestListing = request.listing();
            Fact::RequestsLoaded(generation, request.span, read.requests(listing).await)
        }
        Load::Request(id) => Fact::RequestLoaded(generation, read.request(id).await.map(Box::new)),
        Load::Link => Fact::LinkLoaded(generation, read.link().await.map(Box::new)),
        Load::Tokens => Fact::TokensLoaded(generation, read.tokens().await),
        Load::Policy => Fact::PolicyLoaded(generation, read.policy().await.map(Box::new)),
        Load::PolicyDiff(name) => {
            let diff = read.policy_diff(name).await;
            Fact::PolicyDiffLoaded(generation, diff.map(Box::new))
        }
        Load::SimulatePolicy(simulate) => {
            let simulation = read.simulate_policy(simulate).await;
            Fact::SimulationLoaded(generation, simulation.map(Box::new))
        }
        Load::BeforeUndo(id) => Fact::UndoAsked(generation, read.request(id).await.map(Box::new)),
        Load::Sync => Fact::SyncLoaded(generation, read.sync().await.map(Box::new)),
        Load::Sso => Fact::SsoLoaded(generation, read.sso().await.map(Box::new)),
        Load::SignIns => Fact::SignInsLoaded(generation, read.sign_ins(MOST_SIGN_INS).await),
        Load::SignInRequest(id) => {
            Fact::SignInExplained(generation, read.request(id).await.map(Box::new))
        }
        Load::TestDrive(id) => {
            let outcome = read.test_drive(id).await;
            Fact::TestDriveLooked(generation, outcome.map(|row| row.map(Box::new)))
        }
        Load::ExamineResponse(text) => {
            let text = text.expose().to_owned();
            let row = read.examine_response(PastedResponse { text }).await;
            Fact::ResponseExamined(generation, row.map(Box::new))
        }
        Load::Sessions(member) => {
            let of = SessionsOf {
                member: Some(member),
            };
            Fact::SessionsLoaded(generation, read.sessions(of).await)
        }
        Load::Incidents => {
            let listing = IncidentListing {
                closed: false,
                offset: 0,
                limit: MOST_INCIDENTS,
            };
            let page = read.incidents(listing).await;
            Fact::IncidentsLoaded(generation, page.map(|page| page.items))
        }
        Load::Incident(id) => {
            Fact::IncidentLoaded(generation, read.incident(id).await.map(Box::new))
        }
    }
}

/// Removes the provisioned members, if they are still those who were asked about.
async fn purge(client: &dyn AdminWrite, names: &[String]) -> Result<Done, AdminError> {
    let would = client.preview().purge_members().await?;
    if would.removed_members() != names {
        return Err(AdminError::new(
            AdminErrorKind::Conflict,
            "who is provisioned has changed since it was asked about",
        ));
    }
    client.purge_members().await
}

/// Has the engine change something, and gives how that ended as the fact that it is.
pub async fn write(client: &dyn AdminWrite, write: Write) -> Fact {
    let result: Result<Done, AdminError> = match &write {
        Write::AddMember(member) => client.add_member(member.clone()).await,
        Write::DeactivateMember(id, _) => client.deactivate_member(*id).await,
        Write::RestoreMember(id, _) => client.restore_member(*id).await,
        Write::Member(id, deed, _) => match deed {
            MemberDeed::Edit(edit) => client.edit_member(*id, (**edit).clone()).await,
            MemberDeed::Delete(seen) => client.delete_member(*id, *seen).await,
            MemberDeed::Link(link) => client.link_member(*id, link.clone()).await,
            MemberDeed::Unlink(seen) => client.unlink_member(*id, *seen).await,
            MemberDeed::Merge(merge) => client.merge_members(*id, *merge).await,
        },
        Write::ForeseePurge => {
            return Fact::PurgeForeseen(client.preview().purge_members().await);
        }
        Write::PurgeMembers(names) => purge(client, names).await,
        Write::Bulk(bulk) => {
            let mut results = Vec::with_capacity(bulk.members.len());
            for (id, _) in &bulk.members {
                results.push(match bulk.verb {
                    BulkVerb::Deactivate => client.deactivate_member(*id).await,
                    BulkVerb::Restore => client.restore_member(*id).await,
                });
            }
            return Fact::BulkFinished(bulk.clone(), results);
        }
        Write::AddTeam(team) => client.add_team(team.clone()).await,
        Write::ChangeTeam(write) => change_team(client, write).await,
        Write::SwitchTeamSync { on, version } => {
            let switch = SwitchTeamSync {
                on: *on,
                if_version: Some(*version),
            };
            client.switch_team_sync(switch).await
        }
        Write::SwitchProvisioning { state, version } => {
            let switch = SwitchProvisioning {
                state: *state,
                if_version: *version,
            };
            client.switch_provisioning(switch).await
        }
        Write::RevokeToken(id, _) => client.revoke_token(*id).await,
        Write::TendIncident(id, tend, _) => client.tend_incident(*id, tend.clone()).await,
        Write::RuleHold(id, rule, _) => {
            let ruled = client.rule_hold(*id, rule.clone()).await;
            ruled.map(|ruled| ruled.done)
        }
        Write::SetPolicy(set) => client.set_policy(set.clone()).await,
        Write::AdoptPreset(adopt) => client.adopt_preset(adopt.clone()).await,
        Write::UndoRequest(id) => client.undo_request(*id).await,
        Write::Sso(deed) => sso::carry_out(client, deed).await,
        Write::StartTestDrive => {
            return Fact::TestDriveStarted(client.start_test_drive().await);
        }
        Write::Disconnect(name) => client.disconnect(name.clone()).await,
        Write::Connect { connection, owner } => {
            let name = connection.name.clone();
            let connected = connect(client, connection.clone(), owner.clone()).await;
            return Fact::TokenIssued(name, connected);
        }
        Write::MakeLink(id, kind, name) => {
            let made = match kind {
                PasswordLinkKind::Invitation => client.invite_link(*id).await,
                PasswordLinkKind::Reset => client.reset_link(*id).await,
            };
            let made = made.map(|made| {
                let link = MadeLink {
                    name: name.clone(),
                    kind: *kind,
                    expires: made.expires,
                    mailed_to: made.mailed_to,
                };
                (link, made.url.map(Secret::new))
            });
            return Fact::LinkMade(name.clone(), made);
        }
        Write::IssueToken(token) => {
            let issued = client.issue_token(token.clone()).await;
            let issued = issued.map(|IssuedToken { token, secret }| (token, Secret::new(secret)));
            return Fact::TokenIssued(token.name.clone(), issued);
        }
        Write::RotateToken(id, rotation, name) => {
            let issued = client.rotate_token(*id, *rotation).await;
            let issued = issued.map(|IssuedToken { token, secret }| (token, Secret::new(secret)));
            return Fact::TokenIssued(name.clone(), issued);
        }
    };
    Fact::WriteFinished(write, result)
}

/// Connects an identity provider. What is shown of it is its token, or its OAuth client as a token would be.
async fn connect(
    client: &dyn AdminWrite,
    mut connection: NewConnection,
    owner: Option<String>,
) -> Result<(TokenRow, Secret), AdminError> {
    if let Some(owner) = owner {
        connection.owner = Some(client.find_member(owner).await?.row.id);
    }
    let connected = client.connect(connection).await?;
    let secret = Secret::new(connected.secret);
    let name = connected.connection.name;
    let tokens = client.tokens().await?;
    let token = tokens
        .into_iter()
        .find(|token| token.name == name && token.client.is_none() && token.revoked.is_none());
    let row = token.unwrap_or_else(|| TokenRow {
        id: TokenId(uuid::Uuid::nil()),
        name,
        prefix: String::new(),
        scope: TokenScope::Scim,
        created: connected.connection.since,
        expires: None,
        last_used: None,
        revoked: None,
        rotated: None,
        client: connected.client_id,
        owner: None,
    });
    Ok((row, secret))
}

/// Changes a team, once those whom the admin called by their names are found.
async fn change_team(client: &dyn AdminWrite, write: &TeamWrite) -> Result<Done, AdminError> {
    let change = match write.wish.clone() {
        TeamWish::Change(change) => change,
        TeamWish::Join(name) => TeamChange::Members {
            add: vec![client.find_member(name).await?.row.id],
            remove: Vec::new(),
        },
        TeamWish::Own {
            description,
            roles,
            maintainers,
        } => {
            let mut ids = Vec::with_capacity(maintainers.len());
            for name in maintainers {
                ids.push(client.find_member(name).await?.row.id);
            }
            TeamChange::Describe(OwnEdit {
                description: Some(description),
                roles: Some(roles),
                maintainers: Some(ids),
            })
        }
    };
    let change = ChangeTeam {
        change,
        if_version: write.subject.version,
    };
    client.change_team(write.subject.id, change).await
}

fn export(directory: &std::path::Path, export: Export) -> Fact {
    use std::os::unix::fs::DirBuilderExt;

    let now = Timestamp::now();
    let (what, name, text) = match export {
        Export::Exchange(format, exchange, base_url) => (
            format!("request {}", exchange.row.id),
            file_name(format, now),
            format.render(&[*exchange], &base_url),
        ),
        Export::Resource(kind, resource) => (
            format!("the {kind}"),
            format!("provost-{kind}-{}.json", now.strftime("%Y%m%dT%H%M%SZ")),
            serde_json::to_string_pretty(&resource).unwrap_or_default(),
        ),
        Export::Policy(policy) => (
            "the policy".to_owned(),
            format!("provost-policy-{}.toml", now.strftime("%Y%m%dT%H%M%SZ")),
            policy.to_toml(),
        ),
    };
    let path = directory.join(name);
    let written = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .and_then(|()| write_private(&path, &text));
    Fact::Exported(
        what,
        written
            .map(|()| path.display().to_string())
            .map_err(|error| error.to_string()),
    )
}
