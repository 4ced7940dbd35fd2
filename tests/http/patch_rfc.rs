//! PATCH as RFC 7644 §3.5.2 describes it, and what a write shows of its result (§3.9), over HTTP on a real database.

use rstest::rstest;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn user() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "ada",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "title": "Countess",
        "emails": [
            { "value": "work@example.com", "type": "work", "primary": true },
            { "value": "home@example.com", "type": "home" },
        ],
        ENTERPRISE: { "department": "Engines", "costCenter": "7" },
    })
}

fn patch(operations: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

async fn patched(real: &Real, path: &str, operation: &Value) -> Answer {
    real.ask("PATCH", path, Some(patch(&json!([operation]))))
        .await
}

async fn create(real: &Real) -> String {
    let created = real.ask("POST", "/Users", Some(user())).await;
    assert_eq!(created.status, 201, "{}", created.body);
    format!("/Users/{}", created.id())
}

#[rstest]
#[case::add_a_value(
    json!({ "op": "add", "path": "emails", "value": [{ "value": "new@example.com", "type": "other" }] }),
    "/emails/2/value", json!("new@example.com"))]
#[case::add_moves_primary(
    json!({ "op": "add", "path": "emails", "value": [{ "value": "home@example.com", "type": "home", "primary": true }] }),
    "/emails/0/primary", json!(false))]
#[case::replace_selected_part(
    json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "house@example.com" }),
    "/emails/1/value", json!("house@example.com"))]
#[case::replace_selected_moves_primary(
    json!({ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": true }),
    "/emails/0/primary", json!(false))]
#[case::remove_selected(
    json!({ "op": "remove", "path": "emails[type eq \"work\" and value ew \".com\"]" }),
    "/emails/0/type", json!("home"))]
#[case::remove_part(
    json!({ "op": "remove", "path": "name.givenName" }), "/name", json!({ "familyName": "Lovelace" }))]
#[case::replace_whole_list(
    json!({ "op": "replace", "path": "emails", "value": [{ "value": "only@example.com" }] }),
    "/emails", json!([{ "value": "only@example.com" }]))]
#[case::replace_complex_keeps_other_parts(
    json!({ "op": "replace", "path": "name", "value": { "givenName": "A" } }),
    "/name", json!({ "givenName": "A", "familyName": "Lovelace" }))]
#[case::without_path(
    json!({ "op": "replace", "value": { "title": "T", "name": { "givenName": "A" } } }),
    "/name/givenName", json!("A"))]
#[case::extension_attribute(
    json!({ "op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "D" }),
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department", json!("D"))]
#[case::whole_extension(
    json!({ "op": "add", "path": ENTERPRISE, "value": { "division": "X" } }),
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/costCenter", json!("7"))]
#[case::whole_extension_removed(
    json!({ "op": "remove", "path": ENTERPRISE }),
    "/schemas", json!(["urn:ietf:params:scim:schemas:core:2.0:User"]))]
#[case::core_schema_in_path(
    json!({ "op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "value": "King" }),
    "/name/familyName", json!("King"))]
#[tokio::test]
async fn an_operation_does_what_its_path_says(
    #[case] operation: Value,
    #[case] pointer: &str,
    #[case] expected: Value,
) {
    let real = Real::new().await;
    let path = create(&real).await;
    let answer = patched(&real, &path, &operation).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        answer.body.pointer(pointer),
        Some(&expected),
        "{}",
        answer.body
    );
    assert_eq!(answer.etag.as_deref(), Some("W/\"2\""));
    let read = real.ask("GET", &path, None).await;
    assert_eq!(read.body, answer.body);
}

#[rstest]
#[case::value_that_is_there(json!({ "op": "add", "path": "emails", "value": [{ "value": "WORK@example.com", "type": "work" }] }))]
#[case::attribute_as_it_is(json!({ "op": "add", "path": "title", "value": "Countess" }))]
#[case::replaced_by_itself(json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "home@example.com" }))]
#[case::removing_nothing(json!({ "op": "remove", "path": "nickName" }))]
#[case::removing_no_value(json!({ "op": "remove", "path": "emails[type eq \"other\"]" }))]
#[tokio::test]
async fn what_is_as_asked_already_is_no_new_version(#[case] operation: Value) {
    let real = Real::new().await;
    let path = create(&real).await;
    let before = real.ask("GET", &path, None).await;
    let answer = patched(&real, &path, &operation).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let read = real.ask("GET", &path, None).await;
    let emails = |answer: &Answer| answer.body["emails"].as_array().unwrap().len();
    assert_eq!(emails(&read), emails(&before));
    if operation["value"][0]["value"] != "WORK@example.com" {
        assert_eq!(read.body, before.body);
        assert_eq!(answer.etag, before.etag);
    }
}

#[rstest]
#[case::no_op(json!({ "path": "title", "value": "x" }), "invalidSyntax")]
#[case::unknown_op(json!({ "op": "move", "path": "title" }), "invalidSyntax")]
#[case::unknown_path(json!({ "op": "replace", "path": "shoeSize", "value": 7 }), "invalidPath")]
#[case::broken_path(json!({ "op": "replace", "path": "emails[type eq", "value": "x" }), "invalidPath")]
#[case::remove_without_path(json!({ "op": "remove" }), "noTarget")]
#[case::replace_selects_nothing(json!({ "op": "replace", "path": "emails[value co \"nowhere\"].type", "value": "x" }), "noTarget")]
#[case::read_only(json!({ "op": "replace", "path": "groups", "value": [] }), "mutability")]
#[case::id(json!({ "op": "replace", "path": "id", "value": "x" }), "mutability")]
#[case::other_id(json!({ "op": "replace", "value": { "id": "x" } }), "mutability")]
#[case::required(json!({ "op": "remove", "path": "userName" }), "mutability")]
#[case::required_by_null(json!({ "op": "replace", "path": "userName", "value": null }), "mutability")]
#[case::wrong_type(json!({ "op": "replace", "path": "active", "value": "perhaps" }), "invalidValue")]
#[case::no_value(json!({ "op": "add", "path": "title" }), "invalidValue")]
#[case::two_primaries(json!({ "op": "add", "path": "emails", "value": [
    { "value": "a@example.com", "primary": true }, { "value": "b@example.com", "primary": true }] }), "invalidValue")]
#[case::taken(json!({ "op": "replace", "path": "userName", "value": "OWNER@example.com" }), "uniqueness")]
#[tokio::test]
async fn a_failure_has_its_word_and_changes_nothing(
    #[case] operation: Value,
    #[case] scim_type: &str,
) {
    let real = Real::new().await;
    let path = create(&real).await;
    let before = real.ask("GET", &path, None).await;
    // What comes before it is undone with it.
    let operations = json!([{ "op": "replace", "path": "title", "value": "changed" }, operation]);
    let answer = real.ask("PATCH", &path, Some(patch(&operations))).await;
    let status = if scim_type == "uniqueness" { 409 } else { 400 };
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.body["scimType"], scim_type, "{}", answer.body);
    assert_eq!(real.ask("GET", &path, None).await.body, before.body);
}

#[rstest]
#[case::asked("attributes=userName", json!({ "userName": "ada" }))]
#[case::part("attributes=name.givenName", json!({ "name": { "givenName": "Ada" } }))]
#[case::excluded("excludedAttributes=emails,name,meta,title,active,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", json!({ "userName": "ada" }))]
#[tokio::test]
async fn a_write_shows_what_is_asked_for(#[case] query: &str, #[case] mut expected: Value) {
    let real = Real::new().await;
    let created = real
        .ask("POST", &format!("/Users?{query}"), Some(user()))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);
    expected["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User"]);
    expected["id"] = created.body["id"].clone();
    assert_eq!(created.body, expected);
    assert_eq!(created.etag.as_deref(), Some("W/\"1\""));
    let path = format!("/Users/{}?{query}", created.id());
    let mut changed = user();
    changed["nickName"] = "N".into();
    if query.starts_with("excluded") {
        expected["nickName"] = "N".into();
    }
    let replaced = real.ask("PUT", &path, Some(changed)).await;
    assert_eq!((replaced.status, &replaced.body), (200, &expected));
    let operation = json!({ "op": "replace", "path": "locale", "value": "en" });
    let patched = patched(&real, &path, &operation).await;
    if query.starts_with("excluded") {
        expected["locale"] = "en".into();
    }
    assert_eq!((patched.status, &patched.body), (200, &expected));
}

/// A team so large that a PATCH of it is answered with 204 costs the same as a small one, unless the client asks to see.
#[tokio::test]
async fn a_large_team_is_shown_after_a_patch_only_when_asked_for() {
    let real = Real::new().await;
    let operations: Vec<_> = (0..1_000)
        .map(|n| json!({ "method": "POST", "path": "/Users", "bulkId": format!("{n}"), "data": { "userName": format!("u{n}") } }))
        .collect();
    let created = real
        .ask("POST", "/Bulk", Some(json!({ "Operations": operations })))
        .await;
    let mut members: Vec<_> = created.body["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({ "value": it["location"].as_str().unwrap().rsplit('/').next().unwrap() }))
        .collect();
    let extra = real.ask("POST", "/Users", Some(user())).await.id();
    members.push(json!({ "value": extra }));
    let group = json!({ "displayName": "All", "members": members });
    let path = format!(
        "/Groups/{}",
        real.ask("POST", "/Groups", Some(group)).await.id()
    );

    let remove = json!({ "op": "remove", "path": format!("members[value eq \"{extra}\"]") });
    let add = json!({ "op": "add", "path": "members", "value": [{ "value": extra }] });
    let asked = patched(&real, &format!("{path}?attributes=members"), &add).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert_eq!(asked.body["members"].as_array().unwrap().len(), 1_001);
    let quiet = patched(&real, &path, &remove).await;
    assert_eq!((quiet.status, quiet.body), (204, Value::Null));
    // The version is told all the same.
    let read = real
        .ask("GET", &format!("{path}?attributes=displayName"), None)
        .await;
    assert_eq!(quiet.etag, read.etag);
    assert!(read.etag.is_some());
    let named = patched(&real, &format!("{path}?attributes=displayName"), &add).await;
    assert_eq!(
        (named.status, &named.body["displayName"]),
        (200, &json!("All"))
    );
    assert_eq!(named.body.get("members"), None);
}

/// RFC 7643 §2.4: values are the same by type and value; one is primary.
#[tokio::test]
async fn values_are_kept_once_and_one_is_primary() {
    let real = Real::new().await;
    let mut body = user();
    body["emails"] = json!([
        { "value": "a@example.com", "type": "work" },
        { "value": "A@EXAMPLE.COM", "type": "WORK" },
        { "value": "a@example.com", "type": "home" },
    ]);
    let created = real.ask("POST", "/Users", Some(body.clone())).await;
    assert_eq!(created.body["emails"].as_array().unwrap().len(), 2);
    body["userName"] = "other".into();
    body["emails"] = json!([
        { "value": "a@example.com", "primary": true },
        { "value": "b@example.com", "primary": true },
    ]);
    let refused = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["scimType"], "invalidValue");
}

/// The reference is kept although nobody has that id: managers may come after those who report to them.
#[tokio::test]
async fn an_unknown_manager_is_kept() {
    let real = Real::new().await;
    let mut body = user();
    let nobody = "00000000-0000-0000-0000-000000000000";
    body[ENTERPRISE]["manager"] = json!({ "value": nobody });
    let created = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.body[ENTERPRISE]["manager"]["value"], nobody);
}
