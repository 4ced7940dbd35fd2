//! §3.9: which attributes an answer holds.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, Provider, USER, with_query};

async fn keys(reply: &Value) -> Vec<&str> {
    reply
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// "attributes: [...] When specified, the default list of attributes SHALL be overridden, and each resource returned MUST
/// contain the minimum set of resource attributes and any attributes or sub-attributes explicitly requested".
#[rstest]
#[case::one("title", &["schemas", "id", "title"])]
#[case::case_of_names("TiTle", &["schemas", "id", "title"])]
#[case::unknown("shoeSize", &["schemas", "id"])]
#[case::part("name.givenName", &["schemas", "id", "name"])]
#[case::extension(ENTERPRISE, &["schemas", "id", ENTERPRISE])]
#[case::qualified("urn:ietf:params:scim:schemas:core:2.0:User:title", &["schemas", "id", "title"])]
#[tokio::test]
async fn s3_9_attributes_are_those_asked_for_and_the_least(
    #[case] attributes: &str,
    #[case] expected: &[&str],
) {
    let provider = Provider::new().await;
    let user = provider
        .user_with(
            "ada",
            json!({
                "title": "T", "name": { "givenName": "Ada", "familyName": "L" }, ENTERPRISE: { "department": "D" }
            }),
        )
        .await;
    let reply = provider
        .get(&with_query(&user, &[("attributes", attributes)]))
        .await
        .is(200);
    assert_eq!(keys(&reply.body).await, expected);
    if attributes.starts_with("name") {
        assert_eq!(reply.body["name"], json!({ "givenName": "Ada" }));
    }
}

/// "excludedAttributes: [...] SHALL have no effect on attributes whose schema \"returned\" characteristic is set to
/// \"always\"".
#[tokio::test]
async fn s3_9_excluded_attributes_leave_the_least() {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": "T" })).await;
    let excluded = "id,schemas,title,meta,active,displayName";
    let path = with_query(&user, &[("excludedAttributes", excluded)]);
    let reply = provider.get(&path).await.is(200);
    assert_eq!(keys(&reply.body).await, ["schemas", "id", "userName"]);
}

/// What is never returned is not returned on request either.
#[tokio::test]
async fn s3_9_what_is_never_returned_is_never_returned() {
    let provider = Provider::new().await;
    let user = provider
        .user_with("ada", json!({ "password": "hunter2hunter2" }))
        .await;
    let reply = provider
        .get(&with_query(&user, &[("attributes", "password,userName")]))
        .await;
    assert_eq!(
        keys(&reply.is(200).body).await,
        ["schemas", "id", "userName"]
    );
}

/// The parameters hold for POST and PUT, too (§3.9: "on any operation that returns a resource").
#[tokio::test]
async fn s3_9_writes_are_answered_with_what_is_asked_for() {
    let provider = Provider::new().await;
    let body = json!({ "schemas": [USER], "userName": "ada", "title": "T" });
    let request = "/Users?attributes=userName,meta";
    let created = provider.post(request, body.clone()).await.is(201);
    assert_eq!(
        keys(&created.body).await,
        ["schemas", "id", "userName", "meta"]
    );
    let path = format!(
        "/Users/{}?excludedAttributes=title,meta,active",
        created.id()
    );
    let replaced = provider.put(&path, body).await.is(200);
    assert_eq!(keys(&replaced.body).await, ["schemas", "id", "userName"]);
}
