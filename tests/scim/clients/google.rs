//! Google Workspace autoprovisioning: users alone, deprovisioned by `active` or by DELETE as the admin chose.

use rstest::rstest;
use serde_json::json;

use crate::provider::{Provider, USER, id_of};

async fn google() -> Provider {
    Provider::of(
        "Google-Auto-Provisioning",
        "application/scim+json; charset=UTF-8",
    )
    .await
}

#[tokio::test]
async fn google_probe_reads_one_user() {
    let google = google().await;
    google.user("ada@example.com").await;
    let reply = google.get("/Users?count=1").await.is(200);
    assert_eq!(reply.body["itemsPerPage"], 1);
    assert!(reply.total() >= 2);
    google.tolerated(&reply, &[]).await;
}

#[rstest]
#[case::by_user_name("userName eq \"ada@example.com\"")]
#[case::by_email("emails.value eq \"Ada@Work.example\"")]
#[tokio::test]
async fn google_looks_somebody_up(#[case] filter: &str) {
    let google = google().await;
    google.user("bob@example.com").await;
    let ada = google
        .user_with(
            "ada@example.com",
            json!({ "emails": [{ "value": "ada@work.example", "primary": true }] }),
        )
        .await;
    let found = google.filter("/Users", filter).await.is(200);
    assert_eq!(found.ids(), [id_of(&ada)]);
    google.tolerated(&found, &[]).await;
}

#[tokio::test]
async fn google_suspends_by_put_and_deletes() {
    let google = google().await;
    let user = google.user("ada@example.com").await;
    let body = json!({
        "schemas": [USER],
        "id": id_of(&user),
        "userName": "ada@example.com",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "active": false
    });
    google.put(&user, body).await.is(200);
    assert_eq!(google.read(&user).await["active"], false);
    google.delete(&user).await.is(204);
    google.get(&user).await.is(404);
}

#[tokio::test]
async fn google_suspends_by_patch() {
    let google = google().await;
    let user = google.user("ada@example.com").await;
    let operation = json!([{ "op": "replace", "path": "active", "value": false }]);
    google.patch(&user, operation).await.done();
    assert_eq!(google.read(&user).await["active"], false);
}
