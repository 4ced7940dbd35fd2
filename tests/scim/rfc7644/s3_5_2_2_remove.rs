//! §3.5.2.2: remove.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, Provider, id_of};

/// Each bullet of the section: what the user has before, the path, what he has afterwards.
#[rstest]
#[case::a_single_value_is_unassigned(json!({ "title": "T" }), "title", json!({}))]
#[case::all_values_go(
    json!({ "emails": [{ "value": "a@x.io" }, { "value": "b@x.io" }] }),
    "emails",
    json!({})
)]
#[case::only_selected_values_go(
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }, { "value": "b@x.io" }] }),
    "emails[type eq \"work\"]",
    json!({ "emails": [{ "value": "b@x.io" }] })
)]
#[case::with_the_last_value_the_attribute_goes(
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }] }),
    "emails[type eq \"work\"]",
    json!({})
)]
#[case::a_part_of_selected_values_goes(
    json!({ "emails": [{ "value": "a@x.io", "display": "A", "type": "work" }] }),
    "emails[type eq \"work\"].display",
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }] })
)]
#[case::a_part_goes(
    json!({ "name": { "familyName": "L", "givenName": "Ada" } }),
    "name.givenName",
    json!({ "name": { "familyName": "L" } })
)]
#[case::a_complex_attribute_goes(json!({ "name": { "givenName": "Ada" } }), "name", json!({}))]
#[case::an_extension_attribute_goes(
    json!({ ENTERPRISE: { "department": "D" } }),
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    json!({})
)]
#[case::what_is_not_there_is_no_error(json!({ "title": "T" }), "nickName", json!({ "title": "T" }))]
#[case::a_selection_of_nothing_is_no_error(
    json!({ "emails": [{ "value": "a@x.io" }] }),
    "emails[type eq \"work\"]",
    json!({ "emails": [{ "value": "a@x.io" }] })
)]
#[tokio::test]
async fn s3_5_2_2_remove(#[case] before: Value, #[case] path: &str, #[case] after: Value) {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", before).await;
    let operation = json!([{ "op": "remove", "path": path }]);
    let reply = provider.patch(&user, operation).await.done();
    provider.tolerated(&reply, &[]).await;
    let mut read = provider.read(&user).await;
    for name in ["schemas", "id", "userName", "active", "meta"] {
        read.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(read, after);
}

/// "If \"path\" is unspecified, the operation fails with HTTP status code 400 and a \"scimType\" error code of
/// \"noTarget\"."
#[tokio::test]
async fn s3_5_2_2_remove_without_a_path_is_no_target() {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": "T" })).await;
    for operation in [
        json!([{ "op": "remove" }]),
        json!([{ "op": "remove", "value": { "title": "T" } }]),
    ] {
        provider
            .patch(&user, operation)
            .await
            .fails(400, "noTarget");
    }
    assert_eq!(provider.read(&user).await["title"], "T");
}

/// "If an attribute is removed or becomes unassigned and is defined as a required attribute or a read-only attribute, the
/// server SHALL return an HTTP response status code and a JSON detail error response [...] with a \"scimType\" error code
/// of \"mutability\"."
#[rstest]
#[case::required("userName")]
#[case::read_only("meta")]
#[case::read_only_id("id")]
#[tokio::test]
async fn s3_5_2_2_what_is_required_or_read_only_cannot_be_removed(#[case] path: &str) {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let before = provider.read(&user).await;
    let operation = json!([{ "op": "remove", "path": path }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "mutability");
    assert_eq!(provider.read(&user).await, before);
}

#[tokio::test]
async fn s3_5_2_2_members_are_removed_one_or_all() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let bob = provider.user("bob").await;
    let eve = provider.user("eve").await;
    let group = provider.group("Analysts", &[&ada, &bob, &eve]).await;
    let path = format!("members[value eq \"{}\"]", id_of(&ada));
    let operation = json!([{ "op": "remove", "path": path }]);
    provider.patch(&group, operation).await.done();
    provider.has_members(&group, &[&bob, &eve]).await;
    let operation = json!([{ "op": "remove", "path": "members" }]);
    provider.patch(&group, operation).await.done();
    provider.has_members(&group, &[]).await;
    assert_eq!(provider.read(&group).await.get("members"), None);
}
