//! Where the engine's speed is part of what the admin waits for: opening a long log, and filtering many members. A real
//! database, filled without HTTP.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::Timestamp;
use provost::admin::AdminRead;
use provost::admin::local::{self, NewAccount, OpenOptions};
use provost::admin::types::{Exchange, Listing, Message, RequestId};
use provost::console::Client;
use provost::console::msg::Fact;
use provost::directory::{Actor, Change, Management, Member, MemberId, Origin};
use provost::secret::Secret;
use provost::store::{self, CommitUnit, RecoveryCodes};
use serde_json::json;
use tempfile::TempDir;

use super::screen::Screen;
use super::{data, request_data};
use crate::sample::Sample;
use crate::table::{Figure, Goal, Table};

/// Members of the database; figures are also given for a million.
const MEMBERS: u64 = 100_000;
/// Lines of its log.
const LINES: u64 = 100_000;
/// Members one commit creates.
const BATCH: u64 = 500;

/// Fills a database and measures on it.
pub async fn engine(table: &mut Table) -> Result<()> {
    let directory = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let options = OpenOptions {
        database: directory.path().join("provost.db"),
        public_url: "http://localhost".into(),
        log_days: 30,
        log_rows: 10_000_000,
        schemas: local::SchemaFiles::default(),
        policy: provost::config::PolicyTable::default(),
    };
    let account = NewAccount {
        organisation: "Example".into(),
        preset: "rfc".into(),
        owner_email: "owner@example.com".into(),
        password: Secret::new("correct horse battery staple".into()),
    };
    local::init(options.clone(), account).await?;
    fill(options.database.clone()).await?;
    let admin = local::open(options, "console").await?;

    let mut opened = Sample::default();
    for _ in 0..10 {
        let began = Instant::now();
        let mut screen = Screen::open(Client::full(admin.shared()), 200, 60)?;
        screen.tell(Fact::Started).await;
        screen.press("4").await?;
        screen.draw()?;
        opened.add(began.elapsed());
    }
    table.add(Figure::value(
        format!("open a log of {LINES} requests"),
        opened.percentile(50),
        "ms",
        Goal::at_most(300.0),
    ));
    for (name, filter) in [
        ("a substring that few have", "lovelace99"),
        ("a substring that many have", "hopper"),
        ("words that narrow it", "role:admin active:false grace"),
    ] {
        let mut sample = Sample::default();
        for _ in 0..10 {
            let listing = Listing {
                filter: filter.into(),
                limit: 100,
                ..Listing::default()
            };
            let began = Instant::now();
            admin.members(listing).await?;
            sample.add(began.elapsed());
        }
        let measured = sample.percentile(50);
        // A scan costs in proportion to the members; so this is what a million cost, or less.
        table.add(Figure::value(
            format!("filter 1,000,000 by {name} ({measured:.1} ms for {MEMBERS})"),
            measured * 1e6 / MEMBERS as f64,
            "ms",
            Goal::at_most(50.0),
        ));
    }
    admin.close().await?;
    Ok(())
}

async fn fill(database: PathBuf) -> Result<()> {
    let store = store::open(&database, store::OpenOptions::default())?;
    let now = Timestamp::now();
    for from in (0..MEMBERS).step_by(usize::try_from(BATCH)?) {
        let changes = (from..from + BATCH)
            .map(|number| created(number, now))
            .collect::<Result<_>>()?;
        store.commit(unit(changes, now)).await?;
    }
    for number in 1..=LINES {
        store.log(exchange(number, now)).await?;
    }
    store.flush().await?;
    store.close().await?;
    let watched = Arc::downgrade(&store);
    drop(store);
    anyhow::ensure!(watched.strong_count() == 0, "the store is still open");
    Ok(())
}

fn created(number: u64, now: Timestamp) -> Result<Change> {
    let row = data::member(number, now);
    let mut names = row.name.split(' ');
    let attributes = json!({
        "userName": format!("{number}.{}", row.user_name),
        "externalId": format!("00u{number:012x}"),
        "active": row.active,
        "displayName": row.name,
        "name": {"givenName": names.next(), "familyName": names.next()},
        "emails": [{"value": format!("{number}.{}", row.user_name), "type": "work", "primary": true}],
        "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User": {"role": row.role},
    });
    let attributes = attributes.as_object().context("an object")?.clone();
    let member = Member {
        id: MemberId(uuid::Uuid::now_v7()),
        attributes,
        origin: Origin::Scim,
        management: Management::Provisioned,
        recovery: false,
        invited: None,
        owner: false,
        version: 1,
        created: now,
        modified: now,
        deleted: None,
    };
    Ok(Change::MemberCreated {
        after: Box::new(member),
    })
}

fn unit(changes: Vec<Change>, now: Timestamp) -> CommitUnit {
    CommitUnit {
        at: now,
        actor: Actor::idp("okta-1"),
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

fn exchange(number: u64, now: Timestamp) -> Exchange {
    let mut row = request_data::request(number, now);
    row.id = RequestId(number);
    row.at = now;
    let body = format!(r#"{{"userName":"{number}","active":true}}"#);
    let message = Message {
        headers: vec![("content-type".into(), "application/scim+json".into())],
        body_bytes: body.len() as u64,
        body: Some(body),
        truncated: false,
    };
    Exchange {
        row,
        query: None,
        peer: Some("203.0.113.7".into()),
        request: message.clone(),
        response: message,
        trace: Vec::new(),
        changed: Vec::new(),
        policy_key: None,
        detail: None,
    }
}
