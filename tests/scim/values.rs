//! Values that are more, or less, than they look: invisible characters, values that a PATCH makes of a filter, values
//! that are taken away, and names that are given twice.

use provost::admin::types::Verdict;
use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, PATCH_OP, Provider, SEARCH, USER};

/// RFC 7643 §2.1 and Unicode: who looks like another one is no other one.
#[rstest]
#[case::joiner("a\u{200D}da", "U+200D")]
#[case::space("\u{200B}ada", "U+200B")]
#[case::override_of_direction("\u{202E}ada", "U+202E")]
#[case::isolate("ada\u{2069}", "U+2069")]
#[case::soft_hyphen("a\u{AD}da", "U+00AD")]
#[tokio::test]
async fn a_user_name_is_seen(#[case] name: &str, #[case] told: &str) {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let body = json!({ "schemas": [USER], "userName": name });
    let refused = provider.post("/Users", body.clone()).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.body["scimType"], "invalidValue");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(
        detail.contains(told) && detail.contains("userName"),
        "{detail}"
    );
    let put = provider.put(&ada, body).await;
    assert_eq!(put.body["scimType"], "invalidValue", "{put:?}");
    let replace = json!([{ "op": "replace", "path": "userName", "value": name }]);
    let patched = provider.patch(&ada, replace).await;
    assert_eq!(patched.body["scimType"], "invalidValue", "{patched:?}");
}

#[tokio::test]
async fn what_is_not_seen_does_not_count() {
    let provider = Provider::new().await;
    let joined = "क्\u{200D}ष 👩\u{200D}💻";
    let plain: String = joined
        .chars()
        .filter(|letter| *letter != '\u{200D}')
        .collect();
    let group = provider.group(joined, &[]).await;
    // It is shown as it was given.
    assert_eq!(provider.read(&group).await["displayName"], joined);
    let taken = json!({ "schemas": [crate::provider::GROUP], "displayName": plain });
    assert_eq!(provider.post("/Groups", taken).await.status, 409);
    for name in [joined, &plain, &plain.replace(' ', " \u{200B}")] {
        let found = provider
            .filter("/Groups", &format!("displayName eq \"{name}\""))
            .await;
        assert_eq!(found.body["totalResults"], 1, "{name:?}");
    }
    let nothing = json!({ "schemas": [crate::provider::GROUP], "displayName": "\u{200B}\u{2060}" });
    let refused = provider.post("/Groups", nothing).await;
    assert_eq!(
        (refused.status, &refused.body["scimType"]),
        (400, &json!("invalidValue"))
    );

    let emails = json!({ "emails": [{ "value": "e\u{200B}va@x.io" }], "title": "Che\u{AD}f" });
    provider.user_with("eva", emails).await;
    for filter in [
        "emails.value eq \"EVA@x.io\"",
        "emails eq \"eva\u{200D}@x.io\"",
        "userName eq \"E\u{200D}VA\"",
        "title eq \"chef\"",
        // Not indexed.
        "emails.value co \"v\u{200D}a@\" and name.formatted ne \"x\"",
    ] {
        let found = provider.filter("/Users", filter).await;
        assert_eq!(found.body["totalResults"], 1, "{filter:?}");
    }
}

/// A PATCH makes no value that a POST is refused.
#[rstest]
#[case::base64(r#"x509Certificates[value eq "!!notb64"].type"#, json!("x"), "invalidValue")]
#[case::base64_by_the_whole(r#"x509Certificates[value eq "!!notb64"]"#, json!({ "type": "x" }), "invalidValue")]
#[case::nul("emails[type eq \"wo\\u0000rk\"].value", json!("a@x.io"), "invalidValue")]
#[case::nul_in_the_value("emails[value eq \"a\\u0000\"].type", json!("work"), "invalidValue")]
#[tokio::test]
async fn a_filter_makes_no_bad_value(
    #[case] path: &str,
    #[case] value: Value,
    #[case] scim_type: &str,
    #[values("add", "replace")] op: &str,
    #[values(true, false)] with_path: bool,
) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let before = provider.read(&user).await;
    let operation = if with_path {
        json!([{ "op": op, "path": path, "value": value }])
    } else {
        json!([{ "op": op, "value": { path: value } }])
    };
    let refused = provider.patch(&user, operation).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.body["scimType"], scim_type, "{refused:?}");
    assert_eq!(provider.read(&user).await, before);
}

#[tokio::test]
async fn a_filter_makes_the_value_that_it_describes() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operations = json!([
        { "op": "add", "path": "x509Certificates[value eq \"TUlJ\"].type", "value": "x" },
        { "op": "add", "path": "emails[type eq \"\"].value", "value": "a@x.io" },
        { "op": "add", "path": "phoneNumbers[type eq \"work\" and primary eq \"True\"].value", "value": "1" },
        { "op": "add", "path": "ims.value", "value": "i" },
    ]);
    provider.patch(&user, operations).await.done();
    let read = provider.read(&user).await;
    assert_eq!(
        read["x509Certificates"],
        json!([{ "value": "TUlJ", "type": "x" }])
    );
    // An empty string is no value.
    assert_eq!(read["emails"], json!([{ "value": "a@x.io" }]));
    let phone = json!([{ "value": "1", "type": "work", "primary": true }]);
    assert_eq!(read["phoneNumbers"], phone);
    assert_eq!(read["ims"], json!([{ "value": "i" }]));
}

/// Taking `active` away lets nobody in who was out, and keeps nobody out who was in.
#[rstest]
#[case::path(json!([{ "op": "remove", "path": "active" }]))]
#[case::null(json!([{ "op": "replace", "path": "active", "value": null }]))]
#[case::null_without_a_path(json!([{ "op": "replace", "value": { "active": null } }]))]
#[case::twice(json!([{ "op": "remove", "path": "active" }, { "op": "remove", "path": "active" }]))]
#[tokio::test]
async fn an_unassigned_active_changes_nobodys_state(#[case] operations: Value) {
    let provider = Provider::new().await;
    for active in [true, false] {
        let name = format!("user-{active}");
        let user = provider.user_with(&name, json!({ "active": active })).await;
        let reply = provider.patch(&user, operations.clone()).await.done();
        // RFC 7643 §2.5: null is no value.
        assert!(reply.body["active"].is_null(), "{}", reply.body);
        let filter = format!("userName eq \"{name}\" and active pr");
        let found = provider.filter("/Users", &filter).await;
        assert_eq!(found.body["totalResults"], 0);
        assert_eq!(is_active(&provider, &name).await, active);
        let inactive = listed(&provider, &format!("{name} active:false")).await;
        assert_eq!(inactive.len(), usize::from(!active));
        // What was read can be sent back: nobody gets in by that either.
        let body = provider.read(&user).await;
        provider.put(&user, body).await.is(200);
        assert_eq!(is_active(&provider, &name).await, active);
        // A value that is given counts.
        let activate = json!([{ "op": "replace", "path": "active", "value": true }]);
        provider.patch(&user, activate).await.done();
        assert!(is_active(&provider, &name).await);
    }
}

async fn listed(provider: &Provider, filter: &str) -> Vec<provost::admin::types::MemberRow> {
    use provost::admin::AdminRead as _;
    let listing = provost::admin::types::Listing {
        filter: filter.to_owned(),
        limit: 10,
        ..Default::default()
    };
    provider.real.local.members(listing).await.unwrap().items
}

async fn is_active(provider: &Provider, name: &str) -> bool {
    let rows = listed(provider, name).await;
    assert_eq!(rows.len(), 1, "{name}");
    rows[0].active
}

/// Which of two is meant cannot be told.
#[rstest]
#[case::create(
    "POST",
    "/Users",
    r#"{"schemas":["U"],"userName":"a","title":"x","title":"y"}"#,
    "title"
)]
#[case::within(
    "POST",
    "/Users",
    r#"{"schemas":["U"],"userName":"a","emails":[{"value":"a","value":"b"}]}"#,
    "value"
)]
#[case::replace(
    "PUT",
    "{one}",
    r#"{"schemas":["U"],"userName":"a","userName":"b"}"#,
    "userName"
)]
#[case::patch(
    "PATCH",
    "{one}",
    r#"{"schemas":["P"],"Operations":[{"op":"add","op":"remove","path":"title"}]}"#,
    "op"
)]
#[case::patch_value(
    "PATCH",
    "{one}",
    r#"{"schemas":["P"],"Operations":[{"op":"add","value":{"title":"x","title":"y"}}]}"#,
    "title"
)]
#[case::patch_message(
    "PATCH",
    "{one}",
    r#"{"schemas":["P"],"Operations":[],"operations":[]}"#,
    "operations"
)]
#[case::patch_operation(
    "PATCH",
    "{one}",
    r#"{"schemas":["P"],"Operations":[{"op":"remove","path":"title","Path":"name"}]}"#,
    "Path"
)]
#[case::search(
    "POST",
    "/Users/.search",
    r#"{"schemas":["S"],"count":1,"count":2}"#,
    "count"
)]
#[case::search_in_another_case(
    "POST",
    "/.search",
    r#"{"schemas":["S"],"count":1,"Count":2}"#,
    "Count"
)]
#[case::bulk("POST", "/Bulk", r#"{"schemas":["B"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a","userName":"b"}}]}"#, "userName")]
#[case::bulk_operation("POST", "/Bulk", r#"{"schemas":["B"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a"},"Data":{}}]}"#, "Data")]
#[tokio::test]
async fn a_name_that_is_given_twice_is_refused(
    #[case] method: &str,
    #[case] path: &str,
    #[case] body: &str,
    #[case] named: &str,
) {
    let provider = Provider::new().await;
    let one = provider.user_with("ada", json!({ "title": "T" })).await;
    let before = provider.read(&one).await;
    let body = body
        .replace("\"U\"", &format!("\"{USER}\""))
        .replace("\"P\"", &format!("\"{PATCH_OP}\""))
        .replace("\"S\"", &format!("\"{SEARCH}\""))
        .replace(
            "\"B\"",
            "\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"",
        );
    let path = path.replace("{one}", &one);
    let refused = provider.send_with(method, &path, &[], Some(body)).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.body["scimType"], "invalidSyntax", "{refused:?}");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains(&format!("'{named}'")), "{detail}");
    let logged = provider.logged(&refused).await;
    assert_eq!(logged.row.code.as_deref(), Some("BAD_SYNTAX"));
    assert_eq!(provider.read(&one).await, before);
    assert_eq!(provider.get("/Users?count=0").await.body["totalResults"], 2);
}

/// The same attribute under two names, alike whether it is sent whole or as a change.
#[rstest]
#[case::case(json!({ "title": "x", "TITLE": "y" }))]
#[case::part(json!({ "name": { "givenName": "x", "GIVENNAME": "y" } }))]
#[case::extension(json!({ ENTERPRISE: { "department": "x", "Department": "y" } }))]
#[case::extensions(json!({ ENTERPRISE: { "department": "x" }, ENTERPRISE.to_lowercase(): { "division": "y" } }))]
#[tokio::test]
async fn an_attribute_that_is_named_twice_is_refused(#[case] value: Value) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let mut body = json!({ "schemas": [USER, ENTERPRISE], "userName": "bob" });
    body.as_object_mut()
        .unwrap()
        .extend(value.as_object().unwrap().clone());
    let created = provider.post("/Users", body).await;
    for op in ["add", "replace"] {
        let patched = provider
            .patch(&user, json!([{ "op": op, "value": value }]))
            .await;
        for refused in [&created, &patched] {
            assert_eq!(refused.status, 400, "{refused:?}");
            assert_eq!(refused.body["scimType"], "invalidValue", "{refused:?}");
            let detail = refused.body["detail"].as_str().unwrap();
            assert!(detail.contains("given twice"), "{detail}");
        }
    }
}

/// Neighbours of the rule: several selections, and parts of one attribute one by one.
#[tokio::test]
async fn different_parts_of_one_attribute_are_not_the_same() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let value = json!({
        "name.givenName": "Ada",
        "name.familyName": "L",
        "emails[type eq \"work\"].value": "w@x.io",
        "emails[type eq \"home\"].value": "h@x.io",
    });
    let reply = provider
        .patch(&user, json!([{ "op": "replace", "value": value }]))
        .await
        .done();
    let noted = provider.logged(&reply).await;
    assert!(
        noted
            .trace
            .iter()
            .any(|step| step.verdict == Verdict::Noted)
    );
    let read = provider.read(&user).await;
    assert_eq!(
        read["name"],
        json!({ "givenName": "Ada", "familyName": "L" })
    );
    assert_eq!(read["emails"].as_array().unwrap().len(), 2);
}

/// What a POST knows under one name alone, a PATCH knows with its URN, too.
#[tokio::test]
async fn an_attribute_with_and_without_its_urn_is_named_twice() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    for value in [
        json!({ "title": "x", format!("{USER}:title"): "y" }),
        json!({ ENTERPRISE: { "department": "x" }, format!("{ENTERPRISE}:department"): "y" }),
    ] {
        let operation = json!([{ "op": "replace", "value": value }]);
        let refused = provider.patch(&user, operation).await;
        assert_eq!(refused.status, 400, "{refused:?}");
        assert_eq!(refused.body["scimType"], "invalidValue", "{refused:?}");
    }
}
