//! A store that keeps the account, tokens and the request log in memory, and fails when it is told to: what the edge
//! does about a store that panics or hangs cannot be tested on a good one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use provost::directory::access::RoleTeam;
use provost::directory::policy::Roles;
use provost::directory::{
    Attributes, Change, ClientId, ConsentId, HeldValue, Member, MemberId, ObjectKind, Outlook,
    Prospect, RequestId, Team, TeamId, TokenId,
};
use provost::request_log::{Exchange, RequestQuery};
use provost::scim::ResourceKind;
use provost::store::rows::{
    AuditRow, ClientRow, ConnectionRow, ConsentRow, FailureCount, Listing, MemberRef, MemberRow,
    Page, ParkedRow, RateBucket, RefreshRow, RequestListing, RequestPage, TeamCounts, TeamRow,
    TokenRow, TokenScope, Total,
};
use provost::store::{
    Account, ClientRecord, CommitUnit, Committed, Document, DocumentPage, DocumentQuery, MemberKey,
    Store, StoreError, TeamKey,
};
use tokio::sync::watch;
use uuid::Uuid;

/// How it answers when it is asked for resources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Good,
    Panics,
    Hangs,
    Fails,
    /// It would have to look at more than it may.
    LooksTooFar,
}

pub struct FakeStore {
    pub tokens: Mutex<HashMap<[u8; 32], TokenRow>>,
    pub mood: Mutex<Mood>,
    log: Mutex<Vec<Exchange>>,
    logged: watch::Sender<usize>,
    asked: watch::Sender<usize>,
}

impl FakeStore {
    pub fn new() -> Self {
        Self {
            tokens: Mutex::default(),
            mood: Mutex::new(Mood::Good),
            log: Mutex::default(),
            logged: watch::Sender::new(0),
            asked: watch::Sender::new(0),
        }
    }

    pub fn add_token(&self, secret: &str, name: &str, scope: TokenScope) {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes());
        let row = TokenRow {
            id: TokenId(Uuid::now_v7()),
            name: name.into(),
            prefix: secret.chars().take(12).collect(),
            scope,
            created: Timestamp::now(),
            expires: None,
            last_used: None,
            revoked: None,
            rotated: None,
            client: None,
            owner: None,
        };
        self.tokens
            .lock()
            .unwrap()
            .insert(hash.as_ref().try_into().unwrap(), row);
    }

    pub fn log(&self) -> Vec<Exchange> {
        self.log.lock().unwrap().clone()
    }

    /// Returns the log when it has at least so many entries.
    pub async fn log_of(&self, count: usize) -> Vec<Exchange> {
        let mut logged = self.logged.subscribe();
        tokio::time::timeout(super::harness::PATIENCE, async {
            logged.wait_for(|have| *have >= count).await.unwrap();
        })
        .await
        .expect("the request was logged");
        self.log()
    }

    /// Returns when it was asked for a token, which is when the head of a request was read.
    pub async fn was_asked(&self) {
        let mut asked = self.asked.subscribe();
        tokio::time::timeout(super::harness::PATIENCE, async {
            asked.wait_for(|times| *times > 0).await.unwrap();
        })
        .await
        .expect("a request came");
    }

    async fn behave(&self) -> Result<(), StoreError> {
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Good => Ok(()),
            Mood::Panics => panic!("the store lost its temper over hunter2"),
            Mood::Hangs => std::future::pending().await,
            Mood::Fails => Err(StoreError::Closed),
            Mood::LooksTooFar => Err(StoreError::TooMany { limit: 200_000 }),
        }
    }
}

fn none<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        offset: 0,
        total: Total::Exact(0),
    }
}

#[async_trait]
impl Store for FakeStore {
    async fn commit(&self, _: CommitUnit) -> Result<Committed, StoreError> {
        Err(StoreError::Closed)
    }
    async fn log(&self, exchange: Exchange) -> Result<(), StoreError> {
        let mut log = self.log.lock().unwrap();
        log.push(exchange);
        self.logged.send_replace(log.len());
        Ok(())
    }
    async fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
    async fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
    async fn settings(&self) -> Result<Option<provost::directory::Settings>, StoreError> {
        Ok(None)
    }
    async fn account(&self) -> Result<Option<Account>, StoreError> {
        if *self.mood.lock().unwrap() == Mood::Fails {
            return Err(StoreError::Closed);
        }
        Ok(Some(Account {
            organisation: "Example".into(),
            preset: "rfc".into(),
            created: Timestamp::UNIX_EPOCH,
            pseudonym_key: "a key for tests".into(),
        }))
    }
    async fn password_hash(&self, _: MemberId) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
    async fn member(&self, _: MemberId, _: bool) -> Result<Option<Member>, StoreError> {
        Ok(None)
    }
    async fn members_by(&self, _: &MemberKey) -> Result<Vec<Member>, StoreError> {
        Ok(Vec::new())
    }
    async fn former_member(&self, _: MemberId) -> Result<Option<Member>, StoreError> {
        Ok(None)
    }

    async fn former_members_by(&self, _: &MemberKey) -> Result<Vec<Member>, StoreError> {
        Ok(Vec::new())
    }

    async fn provisioned_members(&self, _: u64) -> Result<Vec<Member>, StoreError> {
        Ok(Vec::new())
    }

    async fn known_members(
        &self,
        _: &[MemberId],
    ) -> Result<BTreeMap<MemberId, String>, StoreError> {
        Ok(BTreeMap::new())
    }
    async fn released_teams_of(&self, _: MemberId) -> Result<BTreeSet<TeamId>, StoreError> {
        Ok(BTreeSet::new())
    }

    async fn teams_of(&self, _: MemberId) -> Result<Vec<(TeamId, String)>, StoreError> {
        Ok(Vec::new())
    }
    async fn count_admins(
        &self,
        _: &Roles,
        _: Option<MemberId>,
        _: bool,
    ) -> Result<(u64, u64), StoreError> {
        Ok((1, 1))
    }
    async fn outlook(&self, _: &Roles, _: &Roles, _: Prospect) -> Result<Outlook, StoreError> {
        Ok(Outlook::default())
    }
    async fn role_teams_of(&self, _: MemberId) -> Result<Vec<RoleTeam>, StoreError> {
        Ok(Vec::new())
    }
    async fn list_members(&self, _: &Roles, _: &Listing) -> Result<Page<MemberRow>, StoreError> {
        self.behave().await?;
        Ok(none())
    }
    async fn member_row(&self, _: &Roles, _: MemberId) -> Result<Option<MemberRow>, StoreError> {
        Ok(None)
    }
    async fn count_members(&self) -> Result<(u64, u64), StoreError> {
        Ok((0, 0))
    }
    async fn team(&self, _: TeamId) -> Result<Option<Team>, StoreError> {
        Ok(None)
    }
    async fn synced_teams(&self, _: u64) -> Result<Vec<Team>, StoreError> {
        Ok(Vec::new())
    }
    async fn teams_by(&self, _: &TeamKey) -> Result<Vec<Team>, StoreError> {
        Ok(Vec::new())
    }
    async fn team_members(&self, _: TeamId, _: u64, _: u32) -> Result<Page<MemberRef>, StoreError> {
        Ok(none())
    }
    async fn members_in(
        &self,
        _: TeamId,
        _: Option<&[MemberId]>,
    ) -> Result<BTreeMap<MemberId, String>, StoreError> {
        Ok(BTreeMap::new())
    }
    async fn team_size(&self, _: TeamId) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn list_teams(&self, _: &Listing) -> Result<Page<TeamRow>, StoreError> {
        Ok(none())
    }
    async fn held_values(
        &self,
        _: ResourceKind,
        _: &Attributes,
    ) -> Result<Vec<HeldValue>, StoreError> {
        Ok(Vec::new())
    }
    async fn team_counts(&self) -> Result<TeamCounts, StoreError> {
        Ok(TeamCounts::default())
    }
    async fn team_row(&self, _: TeamId) -> Result<Option<TeamRow>, StoreError> {
        Ok(None)
    }
    async fn team_keys(&self, _: &str) -> Result<BTreeSet<String>, StoreError> {
        Ok(BTreeSet::new())
    }
    async fn parked(
        &self,
        _: TeamId,
        _: Option<&[String]>,
        _: u32,
    ) -> Result<Vec<ParkedRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn count_parked(&self, _: TeamId) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn awaited(&self, _: &[String]) -> Result<Vec<(TeamId, String)>, StoreError> {
        Ok(Vec::new())
    }
    async fn count_teams(&self) -> Result<(u64, u64), StoreError> {
        Ok((0, 0))
    }
    async fn document(
        &self,
        _: ResourceKind,
        _: Uuid,
        _: bool,
    ) -> Result<Option<Document>, StoreError> {
        self.behave().await?;
        Ok(None)
    }
    async fn documents(&self, _: &DocumentQuery) -> Result<DocumentPage, StoreError> {
        self.behave().await?;
        Ok(DocumentPage {
            total: 0,
            found: Vec::new(),
            has_previous: false,
            has_next: false,
        })
    }
    async fn token_by_hash(&self, sha256: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        self.asked.send_modify(|times| *times += 1);
        if *self.mood.lock().unwrap() == Mood::Fails {
            return Err(StoreError::Closed);
        }
        Ok(self.tokens.lock().unwrap().get(sha256).cloned())
    }
    async fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        Ok(self.tokens.lock().unwrap().values().cloned().collect())
    }
    async fn touch_token(&self, _: TokenId, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
    async fn client(&self, _: ClientId) -> Result<Option<ClientRecord>, StoreError> {
        Ok(None)
    }
    async fn clients(&self) -> Result<Vec<ClientRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn client_tokens(&self, _: ClientId, _: Timestamp) -> Result<Vec<TokenId>, StoreError> {
        Ok(Vec::new())
    }
    async fn consent(&self, _: ConsentId) -> Result<Option<ConsentRow>, StoreError> {
        Ok(None)
    }
    async fn consent_by_code(&self, _: &[u8; 32]) -> Result<Option<ConsentRow>, StoreError> {
        Ok(None)
    }
    async fn refresh_token(&self, _: &[u8; 32]) -> Result<Option<RefreshRow>, StoreError> {
        Ok(None)
    }
    async fn client_consents(&self, _: ClientId) -> Result<Vec<ConsentRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn has_grant(&self, _: ClientId, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }
    async fn owned_tokens(&self, _: MemberId) -> Result<Vec<(TokenId, String)>, StoreError> {
        Ok(Vec::new())
    }
    async fn touch_client(&self, _: ClientId, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
    async fn spend_assertion(
        &self,
        _: ClientId,
        _: [u8; 32],
        _: Timestamp,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(true)
    }
    async fn timeline(
        &self,
        _: ObjectKind,
        _: Uuid,
        _: u64,
        _: u32,
    ) -> Result<Page<AuditRow>, StoreError> {
        Ok(none())
    }
    async fn changes_of(&self, _: RequestId) -> Result<Vec<Change>, StoreError> {
        Ok(Vec::new())
    }
    async fn changes_since(&self, _: RequestId, _: u32) -> Result<Vec<Change>, StoreError> {
        Ok(Vec::new())
    }
    async fn copy_to(&self, _: PathBuf) -> Result<(), StoreError> {
        Ok(())
    }
    async fn last_changes(&self, _: u32) -> Result<Vec<AuditRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn last_request_id(&self) -> Result<RequestId, StoreError> {
        Ok(RequestId(4_811))
    }
    async fn requests(
        &self,
        _: &RequestListing,
        _: &RequestQuery,
        _: Timestamp,
    ) -> Result<RequestPage, StoreError> {
        Ok(RequestPage {
            items: self.log().into_iter().map(|it| it.row).collect(),
            more: false,
            log_total: 0,
        })
    }
    async fn request(&self, id: RequestId) -> Result<Option<Exchange>, StoreError> {
        Ok(self.log().into_iter().find(|it| it.row.id == id))
    }
    async fn request_rates(
        &self,
        _: Timestamp,
        _: u32,
        buckets: u32,
    ) -> Result<Vec<RateBucket>, StoreError> {
        Ok((0..buckets).map(|_| RateBucket::default()).collect())
    }
    async fn failures(&self, _: Timestamp) -> Result<Vec<FailureCount>, StoreError> {
        Ok(Vec::new())
    }
    async fn connections(&self, _: Timestamp) -> Result<Vec<ConnectionRow>, StoreError> {
        Ok(Vec::new())
    }
    async fn latencies(&self) -> Result<(u64, u64), StoreError> {
        Ok((0, 0))
    }
    async fn prune_log(&self, _: Timestamp, _: u64) -> Result<u64, StoreError> {
        Ok(0)
    }
    fn location(&self) -> PathBuf {
        PathBuf::from("memory")
    }
    async fn size_bytes(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
    async fn check(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}
