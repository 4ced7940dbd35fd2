//! Keycloak's SCIM clients (mitodl/keycloak-scim, scim-for-keycloak), both on SCIM-SDK.

use serde_json::json;

use crate::provider::{GROUP, Provider, SEARCH, USER, id_of};

async fn keycloak() -> Provider {
    Provider::of("SCIM-SDK", "application/scim+json; charset=utf-8").await
}

#[tokio::test]
async fn keycloak_looks_up_by_post() {
    let keycloak = keycloak().await;
    let ada = keycloak.user("ada").await;
    keycloak.user("bob").await;
    let body = json!({
        "schemas": [SEARCH],
        "filter": "userName eq \"ada\"",
        "startIndex": 1,
        "count": 10,
        "attributes": ["userName"]
    });
    for path in ["/Users/.search", "/.search"] {
        let found = keycloak.post(path, body.clone()).await.is(200);
        assert_eq!(found.ids(), [id_of(&ada)], "{path}");
        keycloak.tolerated(&found, &[]).await;
        assert_eq!(found.body["Resources"][0]["userName"], "ada");
        assert_eq!(found.body["Resources"][0].get("meta"), None);
    }
}

/// scim-for-keycloak#132: both were refused elsewhere. RFC 7644 §3.3 says to ignore them.
#[tokio::test]
async fn keycloak_posts_an_id_and_meta_of_its_own() {
    let keycloak = keycloak().await;
    let body = json!({
        "schemas": [USER],
        "id": "f:1:ada",
        "externalId": "5c3f",
        "userName": "ada",
        "meta": { "resourceType": "User", "created": "2020-01-01T00:00:00Z", "location": "https://kc/x" }
    });
    let created = keycloak.post("/Users", body).await.is(201);
    assert_ne!(created.id(), "f:1:ada");
    let location = created.body["meta"]["location"].as_str().unwrap();
    assert!(location.ends_with(&format!("/Users/{}", created.id())));
    let at = created.body["meta"]["created"].as_str().unwrap();
    assert!(!at.starts_with("2020"), "{at}");
    keycloak.get("/Users/f:1:ada").await.is(404);
}

#[tokio::test]
async fn keycloak_replaces_members_name_and_external_id_in_one_patch() {
    let keycloak = keycloak().await;
    let ada = keycloak.user("ada").await;
    let bob = keycloak.user("bob").await;
    let group = keycloak.group("Analysts", &[&ada]).await;
    let member = json!({
        "value": id_of(&bob), "$ref": format!("https://kc/scim/v2{bob}"), "type": "User"
    });
    let operations = json!([
        { "op": "replace", "path": "members", "value": [member] },
        { "op": "replace", "path": "displayName", "value": "Mathematicians" },
        { "op": "replace", "path": "externalId", "value": "5c3f" }
    ]);
    let reply = keycloak.patch(&group, operations).await.done();
    keycloak.tolerated(&reply, &[]).await;
    let read = keycloak.read(&group).await;
    assert_eq!(
        (&read["displayName"], &read["externalId"]),
        (&json!("Mathematicians"), &json!("5c3f"))
    );
    keycloak.has_members(&group, &[&bob]).await;
    // $ref is what this provider says it is.
    let reference = read["members"][0]["$ref"].as_str().unwrap();
    assert!(reference.starts_with(keycloak.real.server.public_url()));
}

#[tokio::test]
async fn keycloak_clears_a_group_by_removing_its_members_whole() {
    let keycloak = keycloak().await;
    let ada = keycloak.user("ada").await;
    let group = keycloak.group("Analysts", &[&ada]).await;
    let operation = json!([{ "op": "remove", "path": "members" }]);
    let reply = keycloak.patch(&group, operation).await.done();
    // This is what the RFC says, not a deviation.
    keycloak.tolerated(&reply, &[]).await;
    keycloak.has_members(&group, &[]).await;
}

#[tokio::test]
async fn keycloak_creates_a_group_with_members_by_reference() {
    let keycloak = keycloak().await;
    let ada = keycloak.user("ada").await;
    let body = json!({
        "schemas": [GROUP],
        "displayName": "Analysts",
        "members": [{ "value": id_of(&ada), "$ref": format!("https://kc/scim/v2{ada}"), "type": "User" }]
    });
    let created = keycloak.post("/Groups", body).await.is(201);
    keycloak.tolerated(&created, &[]).await;
    keycloak
        .has_members(&format!("/Groups/{}", created.id()), &[&ada])
        .await;
}
