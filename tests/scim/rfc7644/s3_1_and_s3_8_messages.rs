//! §3.1 and §3.8: messages are JSON in UTF-8 under media types of their own.

use rstest::rstest;
use serde_json::json;

use crate::provider::{ERROR, GROUP, LIST, PATCH_OP, Provider, SCIM_JSON, SEARCH, USER, id_of};

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

/// "[...] SCIM message schemas using the above prefix URN SHALL NOT be discoverable using the \"/Schemas\" endpoint."
#[tokio::test]
async fn s3_1_schemas_of_messages_are_not_discoverable() {
    let provider = Provider::new().await;
    let listed = provider.get("/Schemas").await.is(200).ids();
    assert!(listed.contains(&USER.to_owned()));
    let is_message = |urn: &String| urn.starts_with("urn:ietf:params:scim:api:");
    assert!(!listed.iter().any(is_message), "{listed:?}");
    for urn in [LIST, SEARCH, PATCH_OP, ERROR] {
        assert!(is_message(&urn.to_owned()), "{urn}");
        provider.get(&format!("/Schemas/{urn}")).await.is(404);
    }
}

/// "SCIM responses SHALL reflect resource state as interpreted by the SCIM service provider": what was left out or read
/// as something else is seen in the answer to the very request.
#[tokio::test]
async fn s3_1_an_answer_shows_the_resource_as_it_was_stored() {
    let provider = Provider::new().await;
    let body = json!({
        "schemas": [USER], "USERNAME": "ada", "active": "False", "shoeSize": 7, "emails": []
    });
    let created = provider.post("/Users", body).await.is(201);
    assert_eq!(created.body["userName"], "ada");
    assert_eq!(created.body["active"], false);
    assert_eq!(created.body.get("shoeSize"), None);
    let path = format!("/Users/{}", created.id());
    assert_eq!(provider.read(&path).await, created.body);
}

/// The same of a group whose members are not all here. The standards do not say what such a reference means; under the
/// preset for plain servers who is unknown is left out, the answer shows who is a member, and the log names the others.
#[rstest]
#[case::made_up("fake-member-id")]
#[case::gone("2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11")]
#[tokio::test]
async fn s3_1_a_group_is_shown_with_those_members_who_are_here(#[case] unknown: &str) {
    let provider = Provider::new().await;
    let (ada, bob) = (provider.user("ada").await, provider.user("bob").await);
    let of = |path: &str| json!([{ "value": unknown }, { "value": id_of(path) }]);
    let body = |path: &str| json!({ "schemas": [GROUP], "displayName": "G", "members": of(path) });
    let created = provider.post("/Groups", body(&ada)).await.is(201);
    let group = format!("/Groups/{}", created.id());
    let replaced = provider.put(&group, body(&bob)).await.is(200);
    let operation = json!([{ "op": "add", "path": "members", "value": of(&ada) }]);
    let patched = provider.patch(&group, operation).await.is(200);
    for (reply, expected) in [
        (created, vec![&ada]),
        (replaced, vec![&bob]),
        (patched, vec![&ada, &bob]),
    ] {
        let members = reply.body["members"].as_array().unwrap();
        let mut shown: Vec<&str> = members
            .iter()
            .map(|it| it["value"].as_str().unwrap())
            .collect();
        shown.sort_unstable();
        let expected: Vec<&str> = expected.into_iter().map(|path| id_of(path)).collect();
        assert_eq!(shown, expected);
        let logged = provider.logged(&reply).await;
        assert_eq!(logged.row.code.as_deref(), Some("MEMBER_SKIPPED"));
    }
    provider.has_members(&group, &[&ada, &bob]).await;
}
