//! JumpCloud: its test of the connection goes through a whole life, so every verb must work at once.

use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, GROUP, Provider, SCIM_JSON, USER, id_of};

async fn jumpcloud() -> Provider {
    Provider::of("JumpCloud SCIM", SCIM_JSON).await
}

fn full(name: &str, active: bool) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "active": active,
        "name": { "familyName": "User", "givenName": "Test" },
        "displayName": "Test User",
        "emails": [{ "value": name, "type": "work", "primary": true }],
        "addresses": [{
            "type": "work", "streetAddress": "361 Centennial Parkway", "locality": "Louisville",
            "region": "CO", "postalCode": "80027", "country": "US"
        }],
        "phoneNumbers": [{ "type": "work", "value": "+1 555 0100" }, { "type": "mobile", "value": "+1 555 0101" }],
        ENTERPRISE: { "employeeNumber": "7", "department": "Test", "costCenter": "C", "organization": "O" }
    })
}

#[tokio::test]
async fn jumpcloud_test_of_the_connection() {
    let jumpcloud = jumpcloud().await;
    let body = full("test@example.com", true);
    let created = jumpcloud.post("/Users", body.clone()).await.is(201);
    jumpcloud.tolerated(&created, &[]).await;
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&created.body[name], value, "{name}");
    }
    let user = format!("/Users/{}", created.id());
    let group_body = json!({ "schemas": [GROUP], "displayName": "JumpCloud Test" });
    let created = jumpcloud.post("/Groups", group_body).await.is(201);
    let group = format!("/Groups/{}", created.id());

    let mut renamed = body;
    renamed["displayName"] = "Renamed User".into();
    jumpcloud.put(&user, renamed).await.is(200);
    assert_eq!(jumpcloud.read(&user).await["displayName"], "Renamed User");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "JumpCloud Test 2" }]);
    jumpcloud.patch(&group, rename).await.done();
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id_of(&user) }] }]);
    jumpcloud.patch(&group, add).await.done();
    jumpcloud.has_members(&group, &[&user]).await;

    jumpcloud.delete(&group).await.is(204);
    jumpcloud.delete(&user).await.is(204);
    jumpcloud.get(&group).await.is(404);
    jumpcloud.get(&user).await.is(404);
}

#[tokio::test]
async fn jumpcloud_deactivates_by_put_instead_of_deleting() {
    let jumpcloud = jumpcloud().await;
    let user = jumpcloud.user("test@example.com").await;
    let reply = jumpcloud.put(&user, full("test@example.com", false)).await;
    jumpcloud.tolerated(&reply.is(200), &[]).await;
    assert_eq!(jumpcloud.read(&user).await["active"], false);
}

/// Infisical#2138: a repeated add failed on a key that was taken.
#[tokio::test]
async fn jumpcloud_repeats_adds() {
    let jumpcloud = jumpcloud().await;
    let ada = jumpcloud.user("ada@example.com").await;
    let group = jumpcloud.group("Analysts", &[&ada]).await;
    let before = jumpcloud.read(&group).await;
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id_of(&ada) }] }]);
    for _ in 0..2 {
        jumpcloud.patch(&group, add.clone()).await.done();
        assert_eq!(jumpcloud.read(&group).await, before);
    }
}

#[tokio::test]
async fn jumpcloud_removes_a_member_without_filter() {
    let jumpcloud = jumpcloud().await;
    let ada = jumpcloud.user("ada@example.com").await;
    let bob = jumpcloud.user("bob@example.com").await;
    let group = jumpcloud.group("Analysts", &[&ada, &bob]).await;
    let remove =
        json!([{ "op": "remove", "path": "members", "value": [{ "value": id_of(&ada) }] }]);
    let reply = jumpcloud.patch(&group, remove.clone()).await.done();
    jumpcloud.tolerated(&reply, &["remove-by-value"]).await;
    jumpcloud.has_members(&group, &[&bob]).await;
    jumpcloud.patch(&group, remove).await.done();
    jumpcloud.has_members(&group, &[&bob]).await;
}
