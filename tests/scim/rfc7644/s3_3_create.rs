//! §3.3: creating resources.

use rstest::rstest;
use serde_json::json;

use crate::provider::{GROUP, Provider, USER};

/// "[...] SHALL be ignored": attributes whose mutability is readOnly.
#[tokio::test]
async fn s3_3_read_only_attributes_are_ignored() {
    let provider = Provider::new().await;
    let body = json!({
        "schemas": [USER],
        "id": "mine",
        "userName": "ada",
        "groups": [{ "value": "x" }],
        "meta": { "location": "https://x", "version": "W/\"9\"", "created": "2000-01-01T00:00:00Z" }
    });
    let created = provider.post("/Users", body).await.is(201);
    assert_ne!(created.id(), "mine");
    assert_eq!(created.body.get("groups"), None);
    assert_ne!(created.body["meta"]["location"], "https://x");
    assert_ne!(created.body["meta"]["created"], "2000-01-01T00:00:00Z");
}

/// "[...] SHALL be returned with HTTP status code 201 [...]. The response body SHOULD contain the service provider's
/// representation [...]. The URI of the created resource SHALL include, in the HTTP \"Location\" header and the HTTP body
/// [...] \"meta.location\"."
#[rstest]
#[case::user("/Users", json!({ "schemas": [USER], "userName": "ada" }))]
#[case::group("/Groups", json!({ "schemas": [GROUP], "displayName": "Analysts" }))]
#[tokio::test]
async fn s3_3_created_is_201_with_location_in_header_and_body(
    #[case] endpoint: &str,
    #[case] body: serde_json::Value,
) {
    let provider = Provider::new().await;
    let created = provider.post(endpoint, body).await.is(201);
    let path = format!("{endpoint}/{}", created.id());
    let location = format!("{}/scim/v2{path}", provider.real.server.public_url());
    assert_eq!(created.header("location"), location);
    assert_eq!(created.body["meta"]["location"], location);
    assert_eq!(provider.read(&path).await, created.body);
}

/// "If the service provider determines that the creation of the requested resource conflicts with existing resources
/// [...], the service provider MUST return HTTP status code 409 with a \"scimType\" error code of \"uniqueness\"".
#[tokio::test]
async fn s3_3_a_conflict_is_409_uniqueness() {
    let provider = Provider::new().await;
    provider.user("ada").await;
    let body = json!({ "schemas": [USER], "userName": "ADA" });
    provider.post("/Users", body).await.fails(409, "uniqueness");
    provider.group("Analysts", &[]).await;
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts" });
    provider
        .post("/Groups", body)
        .await
        .fails(409, "uniqueness");
}

/// §3.3.1: "\"meta.resourceType\" SHALL be set by the service provider to the corresponding resource type for the
/// endpoint".
#[tokio::test]
async fn s3_3_1_the_resource_type_is_the_endpoint_s() {
    let provider = Provider::new().await;
    let body = json!({ "schemas": [USER], "userName": "ada", "meta": { "resourceType": "Group" } });
    let user = provider.post("/Users", body).await.is(201);
    assert_eq!(user.body["meta"]["resourceType"], "User");
    let group = provider.group("Analysts", &[]).await;
    assert_eq!(provider.read(&group).await["meta"]["resourceType"], "Group");
}
