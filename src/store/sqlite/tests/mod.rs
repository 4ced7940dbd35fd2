//! Tests of the whole store, through its trait, on real files. Each file is one promise of the trait or of
//! `CommitUnit`.

mod commits;
mod copies;
mod crashes;
mod directory_reads;
mod full_disk;
mod lists;
mod logs;
mod memberships;
mod opening;
mod outbox;
mod statements;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::{OpenOptions, open};
use crate::directory::member::PROVOST_USER;
use crate::directory::{
    Actor, Attributes, Change, Management, Member, MemberId, ObjectKind, Origin, Outcome,
    OwnFields, RequestId, Team, TeamId, TeamSource,
};
use crate::request_log::{Exchange, Message, RequestRow, Subject};
use crate::store::{CommitUnit, Committed, Store, StoreError};

/// A store in a directory of its own.
pub struct Place {
    pub directory: TempDir,
    pub store: Arc<dyn Store>,
}

impl Place {
    pub fn new() -> Self {
        Self::with(OpenOptions::default())
    }

    pub fn with(options: OpenOptions) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = open(&directory.path().join("provost.db"), options).expect("a new store");
        Self { directory, store }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("provost.db")
    }

    pub async fn commit(&self, changes: Vec<Change>) -> Result<Committed, StoreError> {
        self.store.commit(unit(changes)).await
    }

    pub async fn create(&self, members: impl IntoIterator<Item = &Member>) {
        let changes = members.into_iter().map(created).collect();
        self.commit(changes).await.expect("members are created");
    }

    /// No contradiction anywhere in the database.
    pub async fn is_sound(&self) {
        self.store.flush().await.expect("flushed");
        let findings = self.store.check().await.expect("checked");
        assert_eq!(findings, Vec::<String>::new());
    }
}

/// A moment, so many seconds after a fixed one.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).expect("a timestamp")
}

pub fn attributes(value: serde_json::Value) -> Attributes {
    match value {
        serde_json::Value::Object(map) => map,
        _ => panic!("an object"),
    }
}

/// A member with ids, names and addresses made of a number.
pub fn member(n: u32) -> Member {
    Member {
        id: MemberId(Uuid::from_u128(
            0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n),
        )),
        attributes: attributes(json!({
            "userName": format!("User{n}@x.io"),
            "externalId": format!("00U{n}"),
            "displayName": format!("Person {n:03}"),
            "active": true,
            "emails": [{"value": format!("user{n}@X.io"), "type": "work", "primary": true}],
            (PROVOST_USER): {"role": "reader"}
        })),
        origin: Origin::Scim,
        management: Management::Provisioned,
        recovery: false,
        invited: None,
        owner: false,
        version: 1,
        created: at(i64::from(n)),
        modified: at(i64::from(n)),
        deleted: None,
    }
}

pub fn team(n: u32) -> Team {
    Team {
        id: TeamId(Uuid::from_u128(
            0x0190_0000_0000_7000_9000_0000_0000_0000 + u128::from(n),
        )),
        attributes: attributes(json!({"displayName": format!("Team {n}")})),
        paused: false,
        source: TeamSource::Synced,
        own: OwnFields::default(),
        version: 1,
        created: at(i64::from(n)),
        modified: at(i64::from(n)),
        deleted: None,
    }
}

pub fn created(member: &Member) -> Change {
    Change::MemberCreated {
        after: Box::new(member.clone()),
    }
}

pub fn team_created(team: &Team) -> Change {
    Change::TeamCreated {
        after: Box::new(team.clone()),
    }
}

/// The same member one version on, with an edit.
pub fn edited(before: &Member, edit: impl FnOnce(&mut Member)) -> Member {
    let mut after = before.clone();
    after.version += 1;
    after.modified = at(1_000);
    edit(&mut after);
    after
}

pub fn updated(before: &Member, after: &Member) -> Change {
    Change::MemberUpdated {
        before: Box::new(before.clone()),
        after: Box::new(after.clone()),
    }
}

pub fn joined(team: &Team, member: &Member) -> Change {
    Change::MembershipAdded {
        team: team.id,
        team_name: team.display_name().into(),
        member: member.id,
        member_name: member.display_name(),
    }
}

pub fn left(team: &Team, member: &Member) -> Change {
    Change::MembershipRemoved {
        team: team.id,
        team_name: team.display_name().into(),
        member: member.id,
        member_name: member.display_name(),
    }
}

pub fn unit(changes: Vec<Change>) -> CommitUnit {
    CommitUnit {
        at: at(2_000),
        actor: Actor::idp("okta-1"),
        policy_key: Some("users.match".into()),
        changes,
        preconditions: Vec::new(),
        exchange: None,
        token_secret: None,
        client_credentials: None,
        consent: None,
        password_hash: None,
        account: None,
        outbox: crate::store::Outbox::default(),
        guards: crate::directory::GuardNotes::default(),
        recovery: crate::store::RecoveryCodes::default(),
        sign_in: crate::store::sso::SignInWrites::default(),
    }
}

pub fn exchange(id: u64, edit: impl FnOnce(&mut RequestRow)) -> Exchange {
    let mut row = RequestRow {
        id: RequestId(id),
        at: at(i64::try_from(id).expect("small")),
        duration_us: 1_000 + id,
        method: "GET".into(),
        path: "/scim/v2/Users".into(),
        resource: "Users".into(),
        subject: Some(Subject {
            kind: ObjectKind::Member,
            id: None,
            label: "ada@x.io".into(),
        }),
        status: 200,
        outcome: Outcome::NoOp,
        code: None,
        token: Some("okta-1".into()),
        user_agent: Some("Okta SCIM Client 1.0.0".into()),
        idp: Some("okta".into()),
        changes: 0,
        retry_of: None,
        part_of: None,
    };
    edit(&mut row);
    Exchange {
        row,
        query: Some("count=10".into()),
        peer: Some("127.0.0.1".into()),
        request: Message {
            headers: vec![("accept".into(), "application/scim+json".into())],
            body: Some("{}".into()),
            body_bytes: 2,
            truncated: false,
        },
        response: Message::default(),
        trace: Vec::new(),
        changed: Vec::new(),
        policy_key: None,
        detail: None,
    }
}
