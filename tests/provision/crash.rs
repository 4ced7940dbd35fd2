//! Killed in the middle of a write storm: every acknowledged write is there, no request is half applied, and audit and
//! request log tell the same story as the state.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use reqwest::{Client, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Account, Serving, client};

/// Writers at once.
const WRITERS: usize = 8;
/// Acknowledged writes before the kill; a little more each round, so that the kill falls elsewhere.
const WRITES: u64 = 150;
/// How often, unless `PROVOST_CRASH_ROUNDS` says otherwise.
const ROUNDS: u64 = 4;

/// What a writer knows of one of its users: the last state that was acknowledged, and the one it asked for since.
#[derive(Clone, Debug, Default)]
struct Known {
    acknowledged: Option<Value>,
    asked: Option<Value>,
}

#[derive(Default)]
struct Memory {
    users: HashMap<String, Known>,
    /// Members the writer's team had for sure, and those a request in flight may have added.
    team: Option<String>,
    joined: Vec<String>,
    perhaps_joined: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_nine_loses_nothing_that_was_acknowledged() {
    let rounds = std::env::var("PROVOST_CRASH_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ROUNDS);
    let account = Account::new();
    let token = account.token("scim");
    let mut memories: Vec<Memory> = (0..WRITERS).map(|_| Memory::default()).collect();
    for round in 0..rounds {
        let serving = account.serve();
        memories = storm(serving, &token, memories, WRITES + round * 37).await;
        check_story(&account);
        let serving = account.serve();
        for memory in &mut memories {
            check_memory(&serving, &token, memory).await;
        }
        serving.kill();
    }
}

/// Writes from all sides until enough was acknowledged, then kills the engine under them.
async fn storm(serving: Serving, token: &str, memories: Vec<Memory>, enough: u64) -> Vec<Memory> {
    let acknowledged = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = memories
        .into_iter()
        .enumerate()
        .map(|(n, memory)| {
            let writer = Writer {
                n,
                client: client(),
                scim: serving.scim(),
                token: token.to_owned(),
                acknowledged: Arc::clone(&acknowledged),
            };
            let stop = Arc::clone(&stop);
            tokio::spawn(async move { writer.write(memory, &stop).await })
        })
        .collect();
    while acknowledged.load(Ordering::Relaxed) < enough {
        assert!(
            writers.iter().any(|writer| !writer.is_finished()),
            "all writers gave up early"
        );
        tokio::task::yield_now().await;
    }
    serving.kill();
    stop.store(true, Ordering::Relaxed);
    let mut memories = Vec::new();
    for writer in writers {
        memories.push(writer.await.unwrap());
    }
    memories
}

struct Writer {
    n: usize,
    client: Client,
    scim: String,
    token: String,
    acknowledged: Arc<AtomicU64>,
}

impl Writer {
    /// Creates users, changes them, puts them into the writer's team, and now and then deletes one, until the engine
    /// is gone.
    async fn write(&self, mut memory: Memory, stop: &AtomicBool) -> Memory {
        for turn in 0.. {
            if stop.load(Ordering::Relaxed) || self.turn(&mut memory, turn).await.is_none() {
                break;
            }
        }
        memory
    }

    /// One user's short life. `None` once the engine does not answer.
    async fn turn(&self, memory: &mut Memory, turn: u64) -> Option<()> {
        let user_name = format!("w{}-{turn}-{}@example.com", self.n, memory.users.len());
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": user_name, "title": "new", "active": true,
        });
        // Asked for by name: the answer that tells the id may never come.
        memory.users.insert(
            user_name.clone(),
            Known {
                acknowledged: None,
                asked: Some(json!("new")),
            },
        );
        let (status, created) = self.send("POST", "/Users", Some(&user)).await?;
        assert_eq!(status, StatusCode::CREATED, "{created}");
        memory.users.insert(
            user_name.clone(),
            Known {
                acknowledged: Some(json!("new")),
                asked: None,
            },
        );
        let id = created["id"].as_str().unwrap().to_owned();

        if memory.team.is_none() {
            let name = format!("team-{}-{user_name}", self.n);
            let (status, team) = self.send("POST", "/Groups", Some(&json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name,
            }))).await?;
            assert_eq!(status, StatusCode::CREATED, "{team}");
            memory.team = Some(team["id"].as_str().unwrap().to_owned());
        }
        memory.users.get_mut(&user_name).unwrap().asked = Some(json!("changed"));
        let patch = operation(&json!({"op": "replace", "path": "title", "value": "changed"}));
        let (status, _) = self
            .send("PATCH", &format!("/Users/{id}"), Some(&patch))
            .await?;
        assert_eq!(status, StatusCode::OK);
        *memory.users.get_mut(&user_name).unwrap() = Known {
            acknowledged: Some(json!("changed")),
            asked: None,
        };

        if turn.is_multiple_of(3) {
            memory.users.get_mut(&user_name).unwrap().asked = Some(Value::Null);
            let (status, _) = self.send("DELETE", &format!("/Users/{id}"), None).await?;
            assert_eq!(status, StatusCode::NO_CONTENT);
            *memory.users.get_mut(&user_name).unwrap() = Known {
                acknowledged: Some(Value::Null),
                asked: None,
            };
            return Some(());
        }
        let team = memory.team.clone().unwrap();
        memory.perhaps_joined = Some(id.clone());
        let patch = operation(&json!({"op": "add", "path": "members", "value": [{"value": id}]}));
        let (status, _) = self
            .send("PATCH", &format!("/Groups/{team}"), Some(&patch))
            .await?;
        assert!(status.is_success(), "{status}");
        memory.perhaps_joined = None;
        memory.joined.push(id);
        Some(())
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Option<(StatusCode, Value)> {
        let (status, body) =
            send(&self.client, &self.scim, &self.token, method, path, body).await?;
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
        Some((status, body))
    }
}

async fn send(
    client: &Client,
    scim: &str,
    token: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Option<(StatusCode, Value)> {
    let mut request = client
        .request(method.parse().unwrap(), format!("{scim}{path}"))
        .bearer_auth(token);
    if let Some(body) = body {
        request = request
            .header("content-type", "application/scim+json")
            .body(body.to_string());
    }
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let text = answer.text().await.ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or_default()))
}

fn operation(operation: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]})
}

/// Whatever was acknowledged is there; what was asked for when the engine died is there whole or not at all.
async fn check_memory(serving: &Serving, token: &str, memory: &mut Memory) {
    let client = client();
    let scim = serving.scim();
    for (user_name, known) in &mut memory.users {
        let path = format!("/Users?filter=userName%20eq%20%22{user_name}%22");
        let (_, list) = send(&client, &scim, token, "GET", &path, None)
            .await
            .expect("the engine answers again");
        let found = list["Resources"]
            .get(0)
            .map_or(Value::Null, |user| user["title"].clone());
        let before = known.acknowledged.clone().unwrap_or(Value::Null);
        let allowed = found == before || known.asked.as_ref() == Some(&found);
        assert!(allowed, "{user_name}: {known:?}, found {found}");
        *known = Known {
            acknowledged: Some(found),
            asked: None,
        };
    }
    let Some(team) = &memory.team else { return };
    let (_, group) = send(
        &client,
        &scim,
        token,
        "GET",
        &format!("/Groups/{team}"),
        None,
    )
    .await
    .expect("the engine answers again");
    let members: Vec<&str> = group["members"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|member| member["value"].as_str())
        .collect();
    for id in &memory.joined {
        assert!(
            members.contains(&id.as_str()),
            "{id} was acknowledged as a member and is none"
        );
    }
    if let Some(id) = memory
        .perhaps_joined
        .take()
        .filter(|id| members.contains(&id.as_str()))
    {
        memory.joined.push(id);
    }
    assert_eq!(members.len(), memory.joined.len());
}

/// The audit counts the same members, teams and memberships as the state, and the request log knows every request
/// that the audit names, with as many changes.
fn check_story(account: &Account) {
    let database = Connection::open(account.database()).unwrap();
    let count = |sql: &str| {
        database
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let changes = |kind: &str, op: &str| {
        count(&format!(
            "SELECT count(*) FROM audit WHERE change ->> '$[0]' = '{kind}' AND change ->> '$[3]' = '{op}'"
        ))
    };
    let live = |kind: i64| {
        count(&format!(
            "SELECT count(*) FROM resource WHERE kind = {kind} AND deleted IS NULL"
        ))
    };
    assert_eq!(
        changes("member", "create") - changes("member", "remove"),
        live(1),
        "members"
    );
    assert_eq!(
        changes("team", "create") - changes("team", "remove"),
        live(2),
        "teams"
    );
    assert_eq!(
        changes("team", "add_member") - changes("team", "remove_member"),
        count("SELECT count(*) FROM member"),
        "memberships"
    );
    let orphans = count(
        "SELECT count(*) FROM (
            SELECT request, count(*) AS changes FROM audit WHERE request IS NOT NULL GROUP BY request
         ) AS told LEFT JOIN request_log ON request_log.id = told.request
         WHERE request_log.id IS NULL OR request_log.changes <> told.changes OR request_log.outcome <> 'applied'",
    );
    assert_eq!(orphans, 0, "audit rows without their request");
    let unheard = count(
        "SELECT count(*) FROM request_log WHERE changes > 0
         AND id NOT IN (SELECT request FROM audit WHERE request IS NOT NULL)",
    );
    assert_eq!(
        unheard, 0,
        "requests that say they changed something which the audit does not know"
    );
    let gaps = count("SELECT coalesce(max(seq) - min(seq) + 1 - count(*), 0) FROM audit");
    assert_eq!(gaps, 0, "gaps in the audit");
    let sound: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}
