//! What every client needs, and what servers get wrong.

use rstest::rstest;
use serde_json::json;

use crate::provider::{PATCH_OP, Provider, SCIM_JSON, USER, id_of};

/// scimmy, django-scim2 and SCIMServer miss some of these: the media type, a string for `status`, a string for `detail`
/// (which `Reply` checks of every answer).
#[rstest]
#[case::not_json("{", "invalidSyntax")]
#[case::empty("", "invalidSyntax")]
#[case::array("[]", "invalidSyntax")]
#[case::text("\"x\"", "invalidSyntax")]
#[case::twice("{\"userName\":\"a\"} {}", "invalidSyntax")]
#[case::no_user_name(
    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}",
    "invalidValue"
)]
#[case::another_schema("{\"schemas\":[\"urn:x\"],\"userName\":\"a\"}", "invalidValue")]
#[tokio::test]
async fn everybody_is_told_in_scim_what_is_wrong_with_a_body(
    #[case] body: &str,
    #[case] scim_type: &str,
) {
    let provider = Provider::new().await;
    let before = provider.get("/Users").await.total();
    let reply = provider
        .send_with("POST", "/Users", &[], Some(body.to_owned()))
        .await;
    let reply = reply.fails(400, scim_type);
    let exchange = provider.logged(&reply).await;
    assert!(exchange.detail.is_some() && exchange.row.code.is_some());
    assert_eq!(provider.get("/Users").await.total(), before);
}

#[rstest]
#[case::none(None, "Bearer realm=\"provost\", scope=\"scim\"")]
#[case::unknown(
    Some("Bearer prv_scim_zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQ"),
    "Bearer realm=\"provost\", scope=\"scim\", error=\"invalid_token\", error_description=\"the token is wrong, expired or revoked; ask the admin of Provost for a new one\""
)]
// RFC 6750 §3.1: who did not try this way is told no error.
#[case::basic(Some("Basic YTpi"), "Bearer realm=\"provost\", scope=\"scim\"")]
#[tokio::test]
async fn everybody_without_a_token_is_challenged(
    #[case] authorization: Option<&str>,
    #[case] challenge: &str,
) {
    let provider = Provider::new().await;
    let url = format!("{}/scim/v2/Users", provider.real.server.public_url());
    let mut request = reqwest::Client::new().get(url);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["www-authenticate"], challenge);
    assert_eq!(response.headers()["content-type"], SCIM_JSON);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["status"], "401");
    assert!(body["detail"].is_string());
}

#[tokio::test]
async fn everybody_who_takes_a_name_that_is_taken_is_told_uniqueness() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    provider.user("bob").await;
    let taken = json!({ "schemas": [USER], "userName": "BOB" });
    let post = provider.post("/Users", taken.clone()).await;
    post.fails(409, "uniqueness");
    let put = provider.put(&ada, taken).await;
    put.fails(409, "uniqueness");
    let rename = json!([{ "op": "replace", "path": "userName", "value": "bob" }]);
    let patch = provider.patch(&ada, rename).await;
    patch.fails(409, "uniqueness");
    assert_eq!(provider.read(&ada).await["userName"], "ada");
}

#[rstest]
#[case::user("GET", "/Users/0")]
#[case::user_of_our_kind("GET", "/Users/2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11")]
#[case::group("DELETE", "/Groups/0")]
#[case::endpoint("GET", "/Userz")]
#[case::schema("GET", "/Schemas/urn:x")]
#[case::resource_type("GET", "/ResourceTypes/Robot")]
#[tokio::test]
async fn everybody_is_told_in_scim_that_something_is_not_there(
    #[case] method: &str,
    #[case] path: &str,
) {
    let provider = Provider::new().await;
    let reply = provider.send(method, path, None).await.is(404);
    assert_eq!(reply.body.get("scimType"), None);
}

#[rstest]
#[case::plain_json("application/json")]
#[case::with_charset("application/scim+json;charset=UTF-8")]
#[case::odd_case("Application/Json; Charset=utf-8")]
#[tokio::test]
async fn everybody_may_send_either_media_type(#[case] content_type: &'static str) {
    let provider = Provider::of("", content_type).await;
    provider.user("ada").await;
}

#[tokio::test]
async fn everybody_who_sends_a_form_is_refused() {
    let provider = Provider::new().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply = provider
        .send_with("POST", "/Users", &form, Some("userName=ada".into()))
        .await;
    reply.is(415);
    assert_eq!(
        provider
            .filter("/Users", "userName eq \"ada\"")
            .await
            .total(),
        0
    );
}

#[tokio::test]
async fn everybody_s_unknown_attributes_are_left_out_and_named() {
    let provider = Provider::new().await;
    let body = json!({ "schemas": [USER], "userName": "ada", "usreName": "x", "x": { "y": [] } });
    let created = provider.post("/Users", body).await.is(201);
    provider.tolerated(&created, &["unknown-attribute"]).await;
    assert_eq!(created.body.get("usreName"), None);
    let trace = provider.logged(&created).await.trace;
    let hint = trace
        .iter()
        .any(|step| step.what.contains("did you mean userName"));
    assert!(hint, "{trace:?}");
}

/// Dead servers are blamed on identity providers, and the other way round: the log holds what decides it.
#[tokio::test]
async fn everybody_s_exchange_is_kept_with_rule_effect_and_reason() {
    let provider = Provider::of("curl/8", SCIM_JSON).await;
    let ada = provider.user("ada").await;
    let body = json!({
        "schemas": [PATCH_OP],
        "Operations": [{ "op": "Replace", "path": "active", "value": "False" }]
    });
    let reply = provider.send("PATCH", &ada, Some(&body)).await.done();
    let exchange = provider.logged(&reply).await;
    assert_eq!(exchange.request.body, Some(body.to_string()));
    let trace: Vec<&str> = exchange
        .trace
        .iter()
        .map(|step| step.what.as_str())
        .collect();
    assert!(
        trace.contains(&"string-boolean: active given as a string"),
        "{trace:?}"
    );
    let changed = &exchange.changed[0];
    assert_eq!(changed.fields[0].path, "active");
    assert_eq!(exchange.row.subject.unwrap().id.unwrap(), id_of(&ada));

    let wrong = json!([{ "op": "replace", "path": "usrName", "value": "x" }]);
    let reply = provider.patch(&ada, wrong).await.fails(400, "invalidPath");
    let exchange = provider.logged(&reply).await;
    let detail = exchange.detail.unwrap();
    assert!(detail.contains("did you mean userName?"), "{detail}");
    // The client is told the same, with the number by which the admin finds it here.
    assert!(reply.body["detail"].as_str().unwrap().starts_with(&detail));
}

#[tokio::test]
async fn everybody_s_failed_patch_changes_nothing_of_it() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let before = provider.read(&ada).await;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Ada" },
        { "op": "replace", "path": "active", "value": "perhaps" }
    ]);
    let reply = provider.patch(&ada, operations).await;
    reply.fails(400, "invalidValue");
    assert_eq!(provider.read(&ada).await, before);
}

/// jelhub/scimgateway#113.
#[tokio::test]
async fn everybody_may_leave_schemas_out_and_it_is_named() {
    let provider = Provider::new().await;
    let created = provider.post("/Users", json!({ "userName": "ada" })).await;
    provider
        .tolerated(&created.is(201), &["missing-schemas"])
        .await;
}
