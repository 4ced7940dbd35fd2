//! §3.5.1: replacing with PUT.

use serde_json::json;

use crate::provider::{ENTERPRISE, GROUP, Provider, USER, id_of};

/// "HTTP PUT MUST NOT be used to create new resources."
#[tokio::test]
async fn s3_5_1_put_creates_nothing() {
    let provider = Provider::new().await;
    let before = provider.get("/Users").await.total();
    let body = json!({ "schemas": [USER], "userName": "ada" });
    let path = "/Users/2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11";
    provider.put(path, body).await.is(404);
    assert_eq!(provider.get("/Users").await.total(), before);
}

/// "Unless otherwise specified, a successful PUT operation returns a 200 OK response code and the entire resource within
/// the response body". "readWrite [...]: any values provided SHALL replace the existing attribute values".
#[tokio::test]
async fn s3_5_1_a_put_replaces_the_resource_and_answers_with_all_of_it() {
    let provider = Provider::new().await;
    let user = provider
        .user_with(
            "ada",
            json!({
                "title": "Countess",
                "emails": [{ "value": "a@x.io", "type": "work" }],
                ENTERPRISE: { "department": "D" }
            }),
        )
        .await;
    let before = provider.read(&user).await;
    let body = json!({ "schemas": [USER], "userName": "ada", "emails": [{ "value": "b@x.io" }] });
    let reply = provider.put(&user, body).await.is(200);
    assert_eq!(reply.body["emails"], json!([{ "value": "b@x.io" }]));
    // What is left out has no value any more.
    assert_eq!(
        (reply.body.get("title"), reply.body.get(ENTERPRISE)),
        (None, None)
    );
    assert_eq!(reply.body["id"], before["id"]);
    assert_eq!(reply.body["meta"]["created"], before["meta"]["created"]);
    assert_ne!(reply.body["meta"]["version"], before["meta"]["version"]);
    assert_eq!(provider.read(&user).await, reply.body);
}

/// "readOnly: Any values provided SHALL be ignored."
#[tokio::test]
async fn s3_5_1_read_only_values_are_ignored() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let group = provider.group("Analysts", &[&user]).await;
    let body = json!({
        "schemas": [USER], "id": "other", "userName": "ada", "groups": [],
        "meta": { "created": "2000-01-01T00:00:00Z" }
    });
    let reply = provider.put(&user, body).await.is(200);
    assert_eq!(reply.id(), id_of(&user));
    provider.has_members(&group, &[&user]).await;
}

/// "If an attribute is \"required\", clients MUST specify the attribute in the PUT request."
#[tokio::test]
async fn s3_5_1_a_put_without_a_required_attribute_is_refused() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let before = provider.read(&user).await;
    let body = json!({ "schemas": [USER], "title": "Countess" });
    provider.put(&user, body).await.fails(400, "invalidValue");
    assert_eq!(provider.read(&user).await, before);
    let group = provider.group("Analysts", &[]).await;
    let body = json!({ "schemas": [GROUP], "members": [] });
    provider.put(&group, body).await.fails(400, "invalidValue");
}

#[tokio::test]
async fn s3_5_1_a_put_of_a_group_replaces_its_members() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let bob = provider.user("bob").await;
    let group = provider.group("Analysts", &[&ada]).await;
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts", "members": [{ "value": id_of(&bob) }] });
    provider.put(&group, body).await.is(200);
    provider.has_members(&group, &[&bob]).await;
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts" });
    provider.put(&group, body).await.is(200);
    provider.has_members(&group, &[]).await;
}

/// What is put back as it was read changes nothing, not even the version.
#[tokio::test]
async fn s3_5_1_a_put_of_what_is_there_changes_nothing() {
    let provider = Provider::new().await;
    let user = provider
        .user_with(
            "ada",
            json!({ "emails": [{ "value": "a@x.io" }], "active": true }),
        )
        .await;
    let before = provider.read(&user).await;
    let reply = provider.put(&user, before.clone()).await.is(200);
    assert_eq!(reply.body, before);
}
