//! Killed while an accepted bulk request is executed: it goes on where it was cut off, and each of its operations is
//! carried out exactly once.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Account, Serving, client};

/// Users that the request creates.
const USERS: u64 = 600;
/// How often it is cut off: when so many more users are there.
const CUTS: [u64; 3] = [1, 120, 260];

/// Creates users, and a team of them all.
fn bulk() -> Value {
    let mut operations: Vec<Value> = (0..USERS)
        .map(|n| {
            json!({
                "method": "POST", "path": "/Users", "bulkId": format!("u{n}"),
                "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": format!("user{n}@example.com"),
                },
            })
        })
        .collect();
    let members: Vec<Value> = (0..USERS)
        .map(|n| json!({ "value": format!("bulkId:u{n}") }))
        .collect();
    operations.push(json!({
        "method": "POST", "path": "/Groups", "bulkId": "team",
        "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": "Everybody", "members": members,
        },
    }));
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    })
}

async fn read(serving: &Serving, token: &str, path: &str) -> Value {
    let url = format!("{}{path}", serving.scim());
    let response = client().get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

/// How many users there are besides the owner.
async fn users(serving: &Serving, token: &str) -> u64 {
    let list = read(serving, token, "/Users?count=0").await;
    list["totalResults"].as_u64().unwrap() - 1
}

#[tokio::test]
async fn an_accepted_bulk_request_goes_on_where_it_was_cut_off() {
    let account = Account::new();
    let token = account.token("scim");
    let mut serving = account.serve();
    let accepted = client()
        .post(format!("{}/Bulk", serving.scim()))
        .bearer_auth(&token)
        .header("prefer", "respond-async")
        .header("content-type", "application/scim+json")
        .body(bulk().to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(accepted.status(), StatusCode::ACCEPTED);
    let txn = accepted.headers()["set-txn"].to_str().unwrap().to_owned();
    let mut cuts = 0;
    for cut in CUTS {
        let enough = users(&serving, &token).await + cut;
        while users(&serving, &token).await < enough.min(USERS) {
            tokio::task::yield_now().await;
        }
        cuts += u64::from(users(&serving, &token).await < USERS);
        serving.kill();
        serving = account.serve();
    }
    assert!(cuts > 0, "it was never cut off in the middle");
    let url = format!("{}/events/v1/async/{txn}", serving.url);
    loop {
        let asked = client().get(&url).bearer_auth(&token).send().await;
        match asked.unwrap().status() {
            StatusCode::ACCEPTED => tokio::task::yield_now().await,
            status => {
                assert_eq!(status, StatusCode::OK);
                break;
            }
        }
    }
    assert_eq!(users(&serving, &token).await, USERS);
    let teams = read(&serving, &token, "/Groups").await;
    assert_eq!(teams["totalResults"], 1);
    let members = teams["Resources"][0]["members"].as_array().unwrap();
    assert_eq!(members.len() as u64, USERS);
    serving.kill();
}
