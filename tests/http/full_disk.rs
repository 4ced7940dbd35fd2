//! A disk without room (here: a quota of SQLite, which fails in the same way), as an identity provider meets it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use provost::admin::local::{LocalAdmin, NewAccount, OpenOptions, SchemaFiles, init};
use provost::admin::types::{NewToken, TokenScope};
use provost::admin::{AdminErrorKind, AdminWrite};
use provost::engine::{Engine, EngineSettings};
use provost::secret::Secret;
use provost::server::start;
use provost::store;
use serde_json::{Value, json};

use crate::harness::{PATIENCE, settings};

const QUOTA: u64 = 2 << 20;

#[tokio::test]
async fn a_full_disk_is_an_answer_and_writes_go_on_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("provost.db");
    let options = OpenOptions {
        database: database.clone(),
        public_url: String::new(),
        log_days: 30,
        log_rows: 10_000,
        schemas: SchemaFiles::default(),
        policy: provost::config::PolicyTable::default(),
    };
    let account = NewAccount {
        organisation: "Example".into(),
        preset: "rfc".into(),
        owner_email: "owner@example.com".into(),
        password: Secret::new("correct horse battery staple".into()),
    };
    init(options, account).await.unwrap();
    let options = store::OpenOptions {
        quota_bytes: Some(QUOTA),
        ..store::OpenOptions::default()
    };
    let store = store::open(&database, options).unwrap();
    let engine = EngineSettings {
        public_url: String::new(),
        log_days: 30,
        log_rows: 10_000,
        fixed: Arc::default(),
    };
    let engine = Engine::open(Arc::clone(&store), engine).await.unwrap();
    let admin = LocalAdmin::new(engine, "cli");
    let token = admin
        .issue_token(NewToken {
            name: "okta".into(),
            scope: TokenScope::Scim,
            ttl_seconds: None,
            owner: None,
        })
        .await
        .unwrap();
    let server = start(admin.clone(), settings()).await.unwrap();
    // Installed by whichever test comes first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let users = format!("{}/scim/v2/Users", server.public_url());
    let post = async |name: String| {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
        });
        let request = client.post(&users).bearer_auth(&token.secret).json(&body);
        request.send().await.unwrap()
    };

    let mut made = 1;
    let refused = loop {
        let response = post(format!("member-{made}@example.com")).await;
        if response.status() != 201 {
            break response;
        }
        made += 1;
        assert!(made < 20_000, "the quota is never full");
    };
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "60");
    let error: Value = refused.json().await.unwrap();
    let detail = error["detail"].as_str().unwrap();
    assert!(
        detail.contains("disk is full") && detail.contains("DISK_FULL"),
        "{detail}"
    );
    // Reading goes on, and nothing of the refused write is there.
    let list = client.get(&users).bearer_auth(&token.secret);
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    assert_eq!(list["totalResults"], made);
    let refused = admin
        .add_team(provost::admin::types::NewTeam {
            name: "x".repeat(1_000),
            members: Vec::new(),
        })
        .await
        .unwrap_err();
    assert_eq!(refused.kind, AdminErrorKind::Unavailable);
    assert!(refused.detail.contains("is full"), "{refused}");

    // The log gives way, as it does when the oldest lines are removed.
    let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
    let mut pruned = 0;
    loop {
        match store.prune_log(tomorrow, 0).await.unwrap() {
            0 => break,
            count => pruned += count,
        }
    }
    assert!(pruned > 0);
    let response = post(format!("member-{made}@example.com")).await;
    assert_eq!(response.status(), 201);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
