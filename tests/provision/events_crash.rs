//! Killed while events are queued, polled and acknowledged, and while accepted requests are executed: no acknowledged
//! change is without its event, no event is lost or told under two ids, what was acknowledged does not come again, and
//! every accepted request is executed exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Account, Serving, client};

/// Writers at once.
const WRITERS: usize = 6;
/// Answered writes before the kill; a little more each round, so that the kill falls elsewhere.
const WRITES: u64 = 80;
/// How often, unless `PROVOST_CRASH_ROUNDS` says otherwise.
const ROUNDS: u64 = 3;

/// What the clients know for sure.
#[derive(Default)]
struct Known {
    /// Ids of users whose creation was acknowledged.
    created: Vec<String>,
    /// Transactions that were accepted, with the name each was to create.
    accepted: BTreeMap<String, String>,
}

/// What the recipient knows.
#[derive(Default)]
struct Heard {
    /// Every event by its id.
    events: BTreeMap<String, Value>,
    /// Ids whose acknowledgement was answered.
    settled: BTreeSet<String>,
}

/// The poll stream of a test.
struct Stream {
    path: String,
    secret: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_nine_loses_no_event_and_executes_each_request_once() {
    let rounds = std::env::var("PROVOST_CRASH_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ROUNDS);
    let account = Account::new();
    let token = account.token("scim");
    let made = account.run(&[
        "stream",
        "new",
        "--name",
        "crm",
        "--delivery",
        "poll",
        "--json",
    ]);
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let id = made["stream"]["id"].as_str().unwrap();
    let stream = Stream {
        path: format!("/events/v1/streams/{id}/poll"),
        secret: made["secret"].as_str().unwrap().to_owned(),
    };
    let mut known = Known::default();
    let mut heard = Heard::default();
    for round in 0..rounds {
        storm(
            account.serve(),
            &token,
            &stream,
            &mut known,
            &mut heard,
            WRITES + round * 29,
        )
        .await;
    }
    let serving = account.serve();
    finish(&serving, &token, &known).await;
    hear_all(&serving.url, &stream, &mut heard).await;
    check(&serving, &token, &known, &heard).await;
    serving.kill();
    check_database(&account, &heard);
}

/// Writes from all sides and polls, until enough was answered, then kills the engine under them.
async fn storm(
    serving: Serving,
    token: &str,
    stream: &Stream,
    known: &mut Known,
    heard: &mut Heard,
    enough: u64,
) {
    let answered = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (scim, token) = (serving.scim(), token.to_owned());
            let answered = Arc::clone(&answered);
            tokio::spawn(async move { write(&scim, &token, n, &answered).await })
        })
        .collect();
    let hearing = tokio::spawn({
        let (url, path, secret) = (
            serving.url.clone(),
            stream.path.clone(),
            stream.secret.clone(),
        );
        let mut heard = std::mem::take(heard);
        async move {
            let stream = Stream { path, secret };
            while poll(&url, &stream, &mut heard, false).await.is_some() {}
            heard
        }
    });
    while answered.load(Ordering::Relaxed) < enough {
        assert!(
            writers.iter().any(|writer| !writer.is_finished()),
            "all writers gave up early"
        );
        tokio::task::yield_now().await;
    }
    serving.kill();
    for writer in writers {
        let told = writer.await.unwrap();
        known.created.extend(told.created);
        known.accepted.extend(told.accepted);
    }
    *heard = hearing.await.unwrap();
}

/// Creates users, every other one without waiting, until the engine is gone.
async fn write(scim: &str, token: &str, n: usize, answered: &AtomicU64) -> Known {
    let client = client();
    let mut known = Known::default();
    for turn in 0_u64.. {
        let name = format!("w{n}-{turn}-{}@example.com", uuid::Uuid::new_v4());
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name
        });
        let mut request = client
            .post(format!("{scim}/Users"))
            .bearer_auth(token)
            .header("content-type", "application/scim+json")
            .body(user.to_string());
        let waits = turn.is_multiple_of(2);
        if !waits {
            request = request.header("prefer", "respond-async");
        }
        let Ok(response) = request.send().await else {
            return known;
        };
        if waits {
            assert_eq!(response.status(), StatusCode::CREATED);
            let Ok(user) = response.json::<Value>().await else {
                return known;
            };
            known.created.push(user["id"].as_str().unwrap().to_owned());
        } else {
            assert_eq!(response.status(), StatusCode::ACCEPTED);
            let txn = response.headers()["set-txn"].to_str().unwrap().to_owned();
            known.accepted.insert(txn, name);
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
    known
}

/// One poll that acknowledges what was heard and not settled yet; how many events it brought, `None` once the engine is
/// gone.
async fn poll(url: &str, stream: &Stream, heard: &mut Heard, at_once: bool) -> Option<usize> {
    let ack: Vec<String> = heard
        .events
        .keys()
        .filter(|jti| !heard.settled.contains(*jti))
        .cloned()
        .collect();
    let request = json!({ "ack": ack, "maxEvents": 20, "returnImmediately": at_once });
    let response = client()
        .post(format!("{url}{}", stream.path))
        .bearer_auth(&stream.secret)
        .json(&request)
        .send()
        .await
        .ok()?;
    assert_eq!(response.status(), StatusCode::OK);
    let body: Value = response.json().await.ok()?;
    heard.settled.extend(ack);
    let sets = body["sets"].as_object().unwrap();
    for (jti, set) in sets {
        assert!(
            !heard.settled.contains(jti),
            "{jti} was acknowledged and came again"
        );
        let claims = claims(set.as_str().unwrap());
        if let Some(before) = heard.events.insert(jti.clone(), claims.clone()) {
            // The port is another one after each start, and with it the issuer.
            assert_eq!(
                before["events"], claims["events"],
                "{jti} tells something else"
            );
            assert_eq!(before["txn"], claims["txn"]);
        }
    }
    Some(sets.len())
}

fn claims(set: &str) -> Value {
    let payload = set.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn hear_all(url: &str, stream: &Stream, heard: &mut Heard) {
    while poll(url, stream, heard, true)
        .await
        .expect("the engine answers")
        > 0
    {}
}

/// Waits until everything that was accepted is executed.
async fn finish(serving: &Serving, token: &str, known: &Known) {
    let client = client();
    for txn in known.accepted.keys() {
        loop {
            let status = result(&client, serving, token, txn).await;
            if status != StatusCode::ACCEPTED {
                assert_eq!(status, StatusCode::OK, "{txn} is not known any more");
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn result(client: &Client, serving: &Serving, token: &str, txn: &str) -> StatusCode {
    let url = format!("{}/events/v1/async/{txn}", serving.url);
    let response = client.get(url).bearer_auth(token).send().await;
    response.expect("the engine answers").status()
}

async fn check(serving: &Serving, token: &str, known: &Known, heard: &Heard) {
    let about = |kind: &str| {
        let uri = format!("urn:ietf:params:scim:event:{kind}");
        heard
            .events
            .values()
            .filter(move |claims| !claims["events"][&uri].is_null())
    };
    let mut created: BTreeMap<&str, usize> = BTreeMap::new();
    for claims in about("prov:create:notice") {
        *created
            .entry(claims["sub_id"]["uri"].as_str().unwrap())
            .or_default() += 1;
    }
    assert!(created.values().all(|count| *count == 1), "told twice");
    for id in &known.created {
        assert!(
            created.contains_key(format!("/Users/{id}").as_str()),
            "{id} was acknowledged and nobody heard of it"
        );
    }
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    for claims in about("misc:asyncresp") {
        *done.entry(claims["txn"].as_str().unwrap()).or_default() += 1;
        assert_eq!(
            claims["events"]["urn:ietf:params:scim:event:misc:asyncresp"]["status"],
            "201"
        );
    }
    let client = client();
    for (txn, name) in &known.accepted {
        assert_eq!(done.get(txn.as_str()), Some(&1), "{txn}");
        let url = format!(
            "{}/Users?filter=userName%20eq%20%22{name}%22",
            serving.scim()
        );
        let list = client.get(url).bearer_auth(token).send().await.unwrap();
        let list: Value = list.json().await.unwrap();
        assert_eq!(list["totalResults"], 1, "{name}");
    }
}

/// As many events as the audit has creations since the stream was made, and nothing left behind.
fn check_database(account: &Account, heard: &Heard) {
    let database = Connection::open(account.database()).unwrap();
    let count = |sql: &str| {
        database
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let created = count(
        "SELECT count(*) FROM audit WHERE change ->> '$[0]' = 'member' AND change ->> '$[3]' = 'create' AND request IS NOT NULL",
    );
    let told = heard
        .events
        .values()
        .filter(|it| !it["events"]["urn:ietf:params:scim:event:prov:create:notice"].is_null())
        .count();
    assert_eq!(usize::try_from(created).unwrap(), told);
    for table in ["event", "delivery"] {
        assert_eq!(
            count(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table}"
        );
    }
    assert_eq!(count("SELECT pending + pending_bytes FROM stream"), 0);
    assert_eq!(
        count("SELECT count(*) FROM async_request WHERE done IS NULL"),
        0
    );
    assert_eq!(
        count("SELECT count(*) FROM async_request WHERE call <> ''"),
        0
    );
}
