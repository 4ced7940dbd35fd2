//! Conditional requests over HTTP, on a real database (RFC 7644 §3.14, RFC 9110 §13).

use rstest::rstest;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

fn user(name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name })
}

fn body_for(method: &str) -> String {
    match method {
        "PATCH" => json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "title", "value": "changed" }],
        })
        .to_string(),
        "PUT" => {
            let mut body = user("ada");
            body["title"] = "changed".into();
            body.to_string()
        }
        _ => String::new(),
    }
}

async fn ask(real: &Real, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = real.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = body_for(method);
    if !body.is_empty() {
        request = request
            .header("content-type", "application/scim+json")
            .body(body);
    }
    Answer::of(request).await
}

/// A member at version 2.
async fn member(real: &Real) -> String {
    let path = format!(
        "/Users/{}",
        real.ask("POST", "/Users", Some(user("ada"))).await.id()
    );
    let mut body = user("ada");
    body["title"] = "before".into();
    let changed = real.ask("PUT", &path, Some(body)).await;
    assert_eq!(changed.etag.as_deref(), Some("W/\"2\""));
    path
}

#[rstest]
#[case::none(&[], 200)]
#[case::current(&[("if-none-match", "W/\"2\"")], 304)]
#[case::strong(&[("if-none-match", "\"2\"")], 304)]
#[case::list(&[("if-none-match", "W/\"1\", W/\"2\"")], 304)]
#[case::two_headers(&[("if-none-match", "W/\"1\""), ("if-none-match", "W/\"2\"")], 304)]
#[case::any(&[("if-none-match", "*")], 304)]
#[case::other(&[("if-none-match", "W/\"1\"")], 200)]
#[case::malformed_is_none(&[("if-none-match", "2")], 200)]
#[case::match_current(&[("if-match", "W/\"2\"")], 200)]
#[case::match_any(&[("if-match", "*")], 200)]
#[case::match_other(&[("if-match", "W/\"1\"")], 412)]
#[case::match_comes_first(&[("if-match", "W/\"1\""), ("if-none-match", "W/\"2\"")], 412)]
#[case::match_then_none_match(&[("if-match", "W/\"2\""), ("if-none-match", "W/\"2\"")], 304)]
#[case::match_malformed(&[("if-match", "2")], 400)]
#[tokio::test]
async fn a_read_may_have_conditions(#[case] headers: &[(&str, &str)], #[case] status: u16) {
    let real = Real::new().await;
    let path = member(&real).await;
    let read = ask(&real, "GET", &path, headers).await;
    assert_eq!(read.status, status, "{}", read.body);
    match status {
        200 => assert_eq!(read.body["meta"]["version"].as_str(), read.etag.as_deref()),
        304 => assert_eq!(
            (read.etag.as_deref(), read.body),
            (Some("W/\"2\""), Value::Null)
        ),
        _ => assert_eq!(read.body["status"], status.to_string()),
    }
    let head = real.request("HEAD", &path);
    let head = headers
        .iter()
        .fold(head, |head, (name, value)| head.header(*name, *value));
    let head = Answer::of(head).await;
    assert_eq!((head.status, head.body), (status, Value::Null));
    assert_eq!(head.etag.is_some(), status < 400);
}

#[rstest]
#[case::current(&[("if-match", "W/\"2\"")], None)]
#[case::strong(&[("if-match", "\"2\"")], None)]
#[case::list(&[("if-match", "W/\"7\" , W/\"2\"")], None)]
#[case::two_headers(&[("if-match", "W/\"7\""), ("if-match", "W/\"2\"")], None)]
#[case::any(&[("if-match", "*")], None)]
#[case::other(&[("if-match", "W/\"1\"")], Some(412))]
#[case::malformed(&[("if-match", "2")], Some(400))]
#[case::none_match_other(&[("if-none-match", "W/\"1\"")], None)]
#[case::none_match_current(&[("if-none-match", "W/\"2\"")], Some(412))]
#[case::none_match_any(&[("if-none-match", "*")], Some(412))]
#[case::none_match_malformed(&[("if-none-match", "W/2")], Some(400))]
#[case::both(&[("if-match", "W/\"2\""), ("if-none-match", "*")], Some(412))]
#[tokio::test]
async fn a_write_may_have_conditions(
    #[values("PUT", "PATCH", "DELETE")] method: &str,
    #[case] headers: &[(&str, &str)],
    #[case] refused: Option<u16>,
) {
    let real = Real::new().await;
    let path = member(&real).await;
    let answer = ask(&real, method, &path, headers).await;
    let read = real.ask("GET", &path, None).await;
    match (refused, method) {
        (Some(status), _) => {
            assert_eq!(answer.status, status, "{}", answer.body);
            assert_eq!(answer.body["status"], status.to_string());
            assert_eq!(read.body["title"], "before");
            assert_eq!(read.etag.as_deref(), Some("W/\"2\""));
        }
        (None, "DELETE") => assert_eq!((answer.status, read.status), (204, 404)),
        (None, _) => {
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(read.body["title"], "changed");
            assert_eq!(answer.etag.as_deref(), Some("W/\"3\""));
            assert_eq!(answer.body["meta"]["version"], "W/\"3\"");
            assert_eq!(read.etag, answer.etag);
        }
    }
}

/// RFC 9110 §13.2.1: what fails without its conditions fails in the same way with them.
#[rstest]
#[tokio::test]
async fn what_is_not_there_is_not_found_whatever_the_conditions(
    #[values("GET", "PUT", "PATCH", "DELETE")] method: &str,
    #[values("if-match", "if-none-match")] name: &str,
) {
    let real = Real::new().await;
    for value in ["*", "W/\"1\""] {
        let answer = ask(&real, method, &format!("/Users/{NOBODY}"), &[(name, value)]).await;
        assert_eq!(answer.status, 404);
    }
}

#[rstest]
#[case::create_only("if-none-match", "*", 201)]
#[case::none_match_a_version("if-none-match", "W/\"1\"", 201)]
#[case::nothing_to_match("if-match", "*", 412)]
#[case::malformed("if-match", "1", 400)]
#[tokio::test]
async fn a_creation_may_have_conditions(
    #[case] name: &str,
    #[case] value: &str,
    #[case] status: u16,
) {
    let real = Real::new().await;
    let create = || {
        let request = real.request("POST", "/Users").header(name, value);
        request.body(user("ada").to_string())
    };
    let answer = Answer::of(create()).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    if status == 201 {
        let again = Answer::of(create()).await;
        assert_eq!(again.status, 409);
        assert_eq!(again.body["scimType"], "uniqueness");
    }
}

#[tokio::test]
async fn a_team_s_version_follows_its_membership() {
    let real = Real::new().await;
    let member = real.ask("POST", "/Users", Some(user("ada"))).await.id();
    let group =
        json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "T" });
    let path = format!(
        "/Groups/{}",
        real.ask("POST", "/Groups", Some(group)).await.id()
    );
    let add = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "add", "path": "members", "value": [{ "value": member }] }],
    });
    let with = |version: &str| {
        let request = real.request("PATCH", &path).header("if-match", version);
        request.body(add.to_string())
    };
    assert_eq!(Answer::of(with("W/\"2\"")).await.status, 412);
    let added = Answer::of(with("W/\"1\"")).await;
    assert_eq!(
        (added.status, added.etag.as_deref()),
        (200, Some("W/\"2\""))
    );
    assert_eq!(Answer::of(with("W/\"1\"")).await.status, 412);
    // Adding who is there is no change.
    let again = Answer::of(with("W/\"2\"")).await;
    assert_eq!(
        (again.status, again.etag.as_deref()),
        (200, Some("W/\"2\""))
    );
    let read = real.ask("GET", &path, None).await;
    assert_eq!(read.etag, again.etag);
    assert_eq!(read.body["meta"]["version"], "W/\"2\"");
}
