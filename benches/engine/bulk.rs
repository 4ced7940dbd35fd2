//! Members that nothing is measured of, put where requests would have put them, through the commits that requests make:
//! a million in minutes.

use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use provost::admin::types::{Exchange, Message, RequestId};
use provost::directory::{Actor, Change, Management, Member, MemberId, Origin, Outcome};
use provost::request_log::RequestRow;
use provost::store::{self, CommitUnit, RecoveryCodes};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::bench::Bench;
use super::people;

/// Members one commit creates.
const BATCH: u64 = 5_000;

impl Bench {
    /// Stops the engine, creates members until there are so many, each with a line of the log where anything is measured
    /// of the log, and starts it again.
    pub async fn load_in_bulk(&mut self, members: u64) -> Result<()> {
        self.engine.kill()?;
        let store = store::open(&self.account.database(), store::OpenOptions::default())?;
        let mut line = store.last_request_id().await?.0;
        let mut from = self.members();
        while from < members {
            let to = members.min(from + BATCH);
            let mut changes = Vec::new();
            let mut exchanges = Vec::new();
            let mut ids = Vec::new();
            let now = Timestamp::now();
            for number in from..to {
                let member = member(number, now)?;
                ids.push(member.id.0.to_string());
                if self.fills_log {
                    line += 1;
                    exchanges.push(exchange(line, &member, now));
                }
                changes.push(Change::MemberCreated {
                    after: Box::new(member),
                });
            }
            store.commit(unit(changes, now)).await?;
            for exchange in exchanges {
                store.log(exchange).await?;
            }
            self.loaded(ids);
            from = to;
            if from.is_multiple_of(100_000) {
                eprintln!("  loaded: {from} members");
            }
        }
        store.flush().await?;
        store.close().await?;
        drop(store);
        self.engine = self.account.serve()?;
        Ok(())
    }
}

/// The ids of the members that are there, by their numbers: the owner has none.
pub fn ids(database: &Path) -> Result<Vec<String>> {
    let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut ids = database.prepare(
        "SELECT id FROM resource WHERE kind = 1 AND deleted IS NULL AND (flags & 1) = 0 ORDER BY seq",
    )?;
    let ids = ids.query_map([], |row| row.get::<_, [u8; 16]>(0))?;
    ids.map(|id| Ok(uuid::Uuid::from_bytes(id?).to_string()))
        .collect()
}

fn member(number: u64, now: Timestamp) -> Result<Member> {
    let Value::Object(mut attributes) = serde_json::from_str(&people::body(number, "Engineer"))?
    else {
        anyhow::bail!("a member is an object");
    };
    // Written into every answer and not stored.
    attributes.shift_remove("schemas").context("no schemas")?;
    Ok(Member {
        id: MemberId(uuid::Uuid::now_v7()),
        attributes,
        origin: Origin::Scim,
        owner: false,
        management: Management::Provisioned,
        recovery: false,
        invited: None,
        version: 1,
        created: now,
        modified: now,
        deleted: None,
    })
}

fn unit(changes: Vec<Change>, now: Timestamp) -> CommitUnit {
    CommitUnit {
        at: now,
        actor: Actor::idp("scim"),
        policy_key: None,
        changes,
        preconditions: Vec::new(),
        exchange: None,
        token_secret: None,
        client_credentials: None,
        consent: None,
        password_hash: None,
        account: None,
        outbox: store::Outbox::default(),
        guards: provost::directory::GuardNotes::default(),
        recovery: RecoveryCodes::default(),
        sign_in: store::sso::SignInWrites::default(),
    }
}

/// The request that would have created the member.
fn exchange(id: u64, member: &Member, now: Timestamp) -> Exchange {
    let body = Value::Object(member.attributes.clone()).to_string();
    let message = |body: String| Message {
        headers: vec![("content-type".into(), "application/scim+json".into())],
        body_bytes: body.len() as u64,
        body: Some(body),
        truncated: false,
    };
    Exchange {
        row: RequestRow {
            id: RequestId(id),
            at: now,
            duration_us: 1_000,
            method: "POST".into(),
            path: "/scim/v2/Users".into(),
            resource: "Users".into(),
            subject: None,
            status: 201,
            outcome: Outcome::Applied,
            code: None,
            token: Some("scim".into()),
            user_agent: Some("Okta SCIM Client 1.0.0".into()),
            idp: Some("okta".into()),
            changes: 1,
            retry_of: None,
            part_of: None,
        },
        query: None,
        peer: Some("127.0.0.1".into()),
        request: message(body.clone()),
        response: message(body),
        trace: Vec::new(),
        changed: Vec::new(),
        policy_key: None,
        detail: None,
    }
}
