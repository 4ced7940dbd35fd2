//! PingOne and PingFederate: filters in odd case, and users who are created disabled.

use rstest::rstest;
use serde_json::json;

use crate::provider::{Provider, SCIM_JSON, USER, id_of};

async fn ping() -> Provider {
    Provider::of("PingFederate SCIM Provisioner", SCIM_JSON).await
}

/// The RFC allows all of it: names and operators have no case, a complex attribute is compared by its `value`.
#[rstest]
#[case::user_name("username Eq \"ADA@example.com\"")]
#[case::email_contains("emails Co \"WORK.example\"")]
#[case::email_equals("emails eq \"ada@work.example\"")]
#[case::qualified("urn:ietf:params:scim:schemas:core:2.0:User:userName EQ \"ada@example.com\"")]
#[tokio::test]
async fn ping_looks_up_in_odd_case(#[case] filter: &str) {
    let ping = ping().await;
    ping.user("bob@example.com").await;
    let ada = ping
        .user_with(
            "ada@example.com",
            json!({ "emails": [{ "value": "ada@work.example", "type": "work" }] }),
        )
        .await;
    let found = ping.filter("/Users", filter).await.is(200);
    assert_eq!(found.ids(), [id_of(&ada)]);
    ping.tolerated(&found, &[]).await;
}

#[tokio::test]
async fn ping_look_up_that_finds_nobody() {
    let ping = ping().await;
    ping.user("ada@example.com").await;
    for filter in ["username Eq \"eve\"", "emails Co \"nowhere\""] {
        assert_eq!(ping.filter("/Users", filter).await.is(200).total(), 0);
    }
}

#[tokio::test]
async fn ping_creates_somebody_disabled() {
    let ping = ping().await;
    let body = json!({ "schemas": [USER], "userName": "ada@example.com", "active": false });
    let created = ping.post("/Users", body).await.is(201);
    assert_eq!(created.body["active"], false);
    let path = format!("/Users/{}", created.id());
    assert_eq!(ping.read(&path).await["active"], false);
    let body = json!({ "schemas": [USER], "userName": "ada@example.com", "active": true });
    ping.put(&path, body).await.is(200);
    assert_eq!(ping.read(&path).await["active"], true);
}
