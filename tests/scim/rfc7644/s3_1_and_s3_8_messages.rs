//! §3.1 and §3.8: messages are JSON in UTF-8 under media types of their own.

use rstest::rstest;
use serde_json::json;

use crate::provider::{Provider, SCIM_JSON, USER};

/// "Servers MUST support the Accept header \"application/scim+json\" [...]; MAY support [...] \"application/json\"."
#[rstest]
#[case::own("application/scim+json")]
#[case::json("application/json")]
#[case::anything("*/*")]
#[case::list("text/html, application/scim+json;q=0.9")]
#[tokio::test]
async fn s3_8_answers_are_scim_json_for_every_accept(#[case] accept: &str) {
    let provider = Provider::new().await;
    // The media type itself is checked of every answer.
    let reply = provider
        .send_with("GET", "/Users", &[("accept", accept)], None)
        .await
        .is(200);
    assert_eq!(reply.header("content-type"), SCIM_JSON);
}

/// "[...] encoded using UTF-8."
#[tokio::test]
async fn s3_8_text_is_utf_8_both_ways() {
    let provider = Provider::new().await;
    let name = "Ærø Ünïcode 名前 👩🏽‍🚀";
    let user = provider
        .user_with("ada", json!({ "displayName": name }))
        .await;
    assert_eq!(provider.read(&user).await["displayName"], name);
    let latin1 =
        b"{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"\xe6\"}";
    let request = provider.real.request("POST", "/Users");
    let request = request.header("content-type", SCIM_JSON);
    let response = request.body(latin1.to_vec()).send().await.unwrap();
    assert_eq!(response.status(), 400);
}

/// §3.1: the `schemas` of a body say what it is.
#[tokio::test]
async fn s3_1_a_body_of_another_schema_is_refused() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let of = |schema: &str| json!({ "schemas": [schema], "userName": "ada", "Operations": [] });
    let wrong = of("urn:ietf:params:scim:schemas:core:2.0:Group");
    provider
        .post("/Users", wrong.clone())
        .await
        .fails(400, "invalidValue");
    provider.put(&user, wrong).await.fails(400, "invalidValue");
    let patch = provider.send("PATCH", &user, Some(&of(USER))).await;
    patch.fails(400, "invalidValue");
    let search = provider.post("/Users/.search", of(USER)).await;
    search.fails(400, "invalidValue");
}
