//! §3.5.2: PATCH, what holds for all operations.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, PATCH_OP, Provider, USER, id_of};

/// "The body of each request MUST contain [...] schemas". "[...] MUST contain [...] \"Operations\", whose value is an
/// array of one or more PATCH operations". "Each PATCH operation object MUST have exactly one \"op\" member, whose value
/// [...] MAY be one of \"add\", \"remove\", or \"replace\"."
#[rstest]
#[case::other_schema(json!({ "schemas": ["urn:x"], "Operations": [{ "op": "remove", "path": "title" }] }), "invalidValue")]
#[case::no_operations(json!({ "schemas": [PATCH_OP] }), "invalidSyntax")]
#[case::empty(json!({ "schemas": [PATCH_OP], "Operations": [] }), "invalidSyntax")]
#[case::no_array(json!({ "schemas": [PATCH_OP], "Operations": { "op": "remove", "path": "title" } }), "invalidSyntax")]
#[case::no_op(json!({ "schemas": [PATCH_OP], "Operations": [{ "path": "title" }] }), "invalidSyntax")]
#[case::other_op(json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "move", "path": "title" }] }), "invalidSyntax")]
#[case::no_object(json!({ "schemas": [PATCH_OP], "Operations": ["remove"] }), "invalidSyntax")]
#[tokio::test]
async fn s3_5_2_a_body_that_is_no_patch_is_refused(#[case] body: Value, #[case] scim_type: &str) {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": "T" })).await;
    let reply = provider.send("PATCH", &user, Some(&body)).await;
    reply.fails(400, scim_type);
    assert_eq!(provider.read(&user).await["title"], "T");
}

/// "[...] SHALL be treated as atomic. If a single operation encounters an error condition, the original SCIM resource MUST
/// be restored, and a failure status SHALL be returned."
#[tokio::test]
async fn s3_5_2_operations_are_carried_out_all_or_not_at_all() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let group = provider.group("Analysts", &[&user]).await;
    let before = (provider.read(&user).await, provider.read(&group).await);
    let operations = json!([
        { "op": "add", "path": "title", "value": "Countess" },
        { "op": "remove", "path": "userName" }
    ]);
    provider
        .patch(&user, operations)
        .await
        .fails(400, "mutability");
    let operations = json!([
        { "op": "remove", "path": "members" },
        { "op": "replace", "path": "displayName", "value": 5 }
    ]);
    provider
        .patch(&group, operations)
        .await
        .fails(400, "invalidValue");
    let after = (provider.read(&user).await, provider.read(&group).await);
    assert_eq!(after, before);
}

/// "[...] the operations are applied sequentially in the order they appear".
#[tokio::test]
async fn s3_5_2_operations_are_carried_out_in_their_order() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operations = json!([
        { "op": "add", "path": "emails", "value": [{ "value": "a@x.io" }] },
        { "op": "remove", "path": "emails" },
        { "op": "add", "path": "emails", "value": [{ "value": "b@x.io" }] },
        { "op": "add", "path": "title", "value": "1" },
        { "op": "replace", "path": "title", "value": "2" }
    ]);
    provider.patch(&user, operations).await.done();
    let read = provider.read(&user).await;
    assert_eq!(read["emails"], json!([{ "value": "b@x.io" }]));
    assert_eq!(read["title"], "2");
}

/// "[...] that sets a value's \"primary\" sub-attribute to \"true\" SHALL cause the server to automatically set
/// \"primary\" to \"false\" for any other values in the array."
#[rstest]
#[case::add(json!({ "op": "add", "path": "emails", "value": [{ "value": "b@x.io", "primary": true }] }))]
#[case::replace(json!({ "op": "replace", "path": "emails[value eq \"b@x.io\"].primary", "value": true }))]
#[tokio::test]
async fn s3_5_2_a_new_primary_value_is_the_only_one(#[case] operation: Value) {
    let provider = Provider::new().await;
    let emails = json!([{ "value": "a@x.io", "primary": true }, { "value": "b@x.io" }]);
    let user = provider.user_with("ada", json!({ "emails": emails })).await;
    provider.patch(&user, json!([operation])).await.done();
    assert_eq!(
        provider.read(&user).await["emails"],
        json!([{ "value": "a@x.io", "primary": false }, { "value": "b@x.io", "primary": true }])
    );
}

/// "[...] MUST be compatible with the attribute's mutability and schema". "[...] a client MUST NOT modify an attribute that
/// has mutability \"readOnly\" or \"immutable\"."
#[rstest]
#[case::read_only("id", json!("x"))]
#[case::read_only_complex("meta.created", json!("2000-01-01T00:00:00Z"))]
#[case::computed("groups", json!([{ "value": "x" }]))]
#[tokio::test]
async fn s3_5_2_what_is_read_only_cannot_be_modified(#[case] path: &str, #[case] value: Value) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let before = provider.read(&user).await;
    for op in ["add", "replace", "remove"] {
        let operation = json!([{ "op": op, "path": path, "value": value }]);
        provider
            .patch(&user, operation)
            .await
            .fails(400, "mutability");
    }
    assert_eq!(provider.read(&user).await, before);
}

#[tokio::test]
async fn s3_5_2_a_member_is_immutable() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let bob = provider.user("bob").await;
    let group = provider.group("Analysts", &[&ada]).await;
    let path = format!("members[value eq \"{}\"].value", id_of(&ada));
    let operation = json!([{ "op": "replace", "path": path, "value": id_of(&bob) }]);
    provider
        .patch(&group, operation)
        .await
        .fails(400, "mutability");
    provider.has_members(&group, &[&ada]).await;
}

/// "[...] the server either MUST return a 200 OK response code and the entire resource [...] or MAY return HTTP status code
/// 204 [...]. The server MUST return a 200 OK if the \"attributes\" parameter is specified in the request."
#[tokio::test]
async fn s3_5_2_a_patch_with_attributes_is_answered_with_them() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operation = json!([{ "op": "add", "path": "title", "value": "Countess" }]);
    let reply = provider
        .patch(&format!("{user}?attributes=title"), operation)
        .await
        .is(200);
    assert_eq!(reply.body["title"], "Countess");
    assert_eq!(reply.body.get("userName"), None);
    let whole = json!([{ "op": "add", "path": "title", "value": "Lady" }]);
    let reply = provider.patch(&user, whole).await.is(200);
    assert_eq!(reply.body, provider.read(&user).await);
    assert_eq!(reply.header("etag"), reply.body["meta"]["version"]);
}

/// "[...] invalidPath" and "[...] invalidValue".
#[rstest]
#[case::unknown("shoeSize", json!("7"), "invalidPath")]
#[case::broken("emails[type eq", json!("x"), "invalidPath")]
#[case::empty_filter("emails[]", json!("x"), "invalidPath")]
#[case::unknown_part("name.middle", json!("x"), "invalidPath")]
#[case::wrong_type("name", json!("x"), "invalidValue")]
#[case::number("title", json!(5), "invalidValue")]
#[tokio::test]
async fn s3_5_2_what_does_not_fit_is_named(
    #[case] path: &str,
    #[case] value: Value,
    #[case] scim_type: &str,
) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let before = provider.read(&user).await;
    for op in ["add", "replace"] {
        let operation = json!([{ "op": op, "path": path, "value": value }]);
        provider.patch(&user, operation).await.fails(400, scim_type);
    }
    assert_eq!(provider.read(&user).await, before);
}

/// "For all operations, the value of the \"schemas\" attribute on the SCIM service provider's representation of the
/// resource SHALL be assumed by default. If one of the PATCH operations modifies the \"schemas\" attribute, subsequent
/// operations SHALL assume the modified state of the \"schemas\" attribute."
#[rstest]
#[case::assumed(json!({ "op": "add", "path": "title", "value": "T" }))]
#[case::added(json!({ "op": "add", "path": "schemas", "value": [ENTERPRISE] }))]
#[case::added_as_text(json!({ "op": "add", "path": "schemas", "value": ENTERPRISE }))]
#[case::replaced(json!({ "op": "replace", "path": "schemas", "value": [USER, ENTERPRISE] }))]
#[tokio::test]
async fn s3_5_2_schemas_are_assumed_or_named_before_their_attributes(#[case] first: Value) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let path = format!("{ENTERPRISE}:department");
    let operations = json!([first, { "op": "add", "path": path, "value": "D" }]);
    let reply = provider.patch(&user, operations).await.is(200);
    assert_eq!(reply.body["schemas"], json!([USER, ENTERPRISE]));
    assert_eq!(reply.body[ENTERPRISE], json!({ "department": "D" }));
}

#[rstest]
#[case::unknown("add", json!(["urn:x"]), "invalidValue")]
#[case::no_urn("add", json!([5]), "invalidValue")]
#[case::of_another_type("add", json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]), "invalidValue")]
#[case::takes_an_extension_away("replace", json!([USER]), "mutability")]
#[case::takes_the_core_away("replace", json!([ENTERPRISE]), "mutability")]
#[case::removes("remove", Value::Null, "mutability")]
#[tokio::test]
async fn s3_5_2_schemas_in_use_stay(
    #[case] op: &str,
    #[case] value: Value,
    #[case] scim_type: &str,
) {
    let provider = Provider::new().await;
    let more = json!({ ENTERPRISE: { "department": "D" } });
    let user = provider.user_with("ada", more).await;
    let before = provider.read(&user).await;
    let operation = json!([{ "op": op, "path": "schemas", "value": value }]);
    provider.patch(&user, operation).await.fails(400, scim_type);
    assert_eq!(provider.read(&user).await, before);
}
