//! §3.5.2.3: replace.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, Provider, id_of};

/// Each bullet of the section: what the user has before, the operation, what he has afterwards.
#[rstest]
#[case::without_path_the_attributes_are_replaced(
    json!({ "title": "T", "emails": [{ "value": "a@x.io" }] }),
    json!({ "op": "replace", "value": { "title": "U", "emails": [{ "value": "b@x.io" }] } }),
    json!({ "title": "U", "emails": [{ "value": "b@x.io" }] })
)]
#[case::a_single_value_is_replaced(
    json!({ "title": "T" }),
    json!({ "op": "replace", "path": "title", "value": "U" }),
    json!({ "title": "U" })
)]
#[case::all_values_are_replaced(
    json!({ "emails": [{ "value": "a@x.io" }, { "value": "b@x.io" }] }),
    json!({ "op": "replace", "path": "emails", "value": [{ "value": "c@x.io" }] }),
    json!({ "emails": [{ "value": "c@x.io" }] })
)]
#[case::what_does_not_exist_is_added(
    json!({}),
    json!({ "op": "replace", "path": "title", "value": "T" }),
    json!({ "title": "T" })
)]
#[case::the_parts_of_a_complex_attribute_that_are_given_are_replaced(
    json!({ "name": { "familyName": "L", "givenName": "Ada" } }),
    json!({ "op": "replace", "path": "name", "value": { "givenName": "Augusta" } }),
    json!({ "name": { "familyName": "L", "givenName": "Augusta" } })
)]
#[case::selected_values_are_replaced(
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }, { "value": "b@x.io" }] }),
    json!({ "op": "replace", "path": "emails[type eq \"work\"]", "value": { "value": "c@x.io", "type": "other" } }),
    json!({ "emails": [{ "value": "c@x.io", "type": "other" }, { "value": "b@x.io" }] })
)]
#[case::a_part_of_selected_values_is_replaced(
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }, { "value": "b@x.io" }] }),
    json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "c@x.io" }),
    json!({ "emails": [{ "value": "c@x.io", "type": "work" }, { "value": "b@x.io" }] })
)]
#[case::every_selected_value_is_replaced(
    json!({ "emails": [{ "value": "a@x.io" }, { "value": "b@x.io" }] }),
    json!({ "op": "replace", "path": "emails[value co \"@\"].display", "value": "D" }),
    json!({ "emails": [{ "value": "a@x.io", "display": "D" }, { "value": "b@x.io", "display": "D" }] })
)]
#[case::an_extension_attribute_is_replaced(
    json!({ ENTERPRISE: { "department": "D", "division": "E" } }),
    json!({ "op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "F" }),
    json!({ ENTERPRISE: { "division": "E", "department": "F" } })
)]
#[tokio::test]
async fn s3_5_2_3_replace(#[case] before: Value, #[case] operation: Value, #[case] after: Value) {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", before).await;
    let reply = provider.patch(&user, json!([operation])).await.done();
    provider.tolerated(&reply, &[]).await;
    let mut read = provider.read(&user).await;
    for name in ["schemas", "id", "userName", "active", "meta"] {
        read.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(read, after);
}

/// "If the target location is a multi-valued attribute for which a value selection filter (\"valuePath\") has been supplied
/// and no record match was made, the service provider SHALL indicate failure by returning HTTP status code 400 and a
/// \"scimType\" error code of \"noTarget\"." Where the filter describes the value, Entra means it to be created; where it
/// does not, nothing else can be meant.
#[rstest]
#[case::not_equal("emails[type ne \"home\"].value")]
#[case::presence("emails[display pr].value")]
#[case::part("emails[value co \"nobody\"].display")]
#[tokio::test]
async fn s3_5_2_3_a_selection_of_nothing_is_no_target(#[case] path: &str) {
    let provider = Provider::new().await;
    let home = json!([{ "value": "a@x.io", "type": "home" }]);
    let user = provider.user_with("ada", json!({ "emails": home })).await;
    let operation = json!([{ "op": "replace", "path": path, "value": "x" }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "noTarget");
    assert_eq!(provider.read(&user).await["emails"], home);
}

#[tokio::test]
async fn s3_5_2_3_the_members_of_a_group_are_replaced() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let bob = provider.user("bob").await;
    let group = provider.group("Analysts", &[&ada]).await;
    let operation =
        json!([{ "op": "replace", "path": "members", "value": [{ "value": id_of(&bob) }] }]);
    provider.patch(&group, operation).await.done();
    provider.has_members(&group, &[&bob]).await;
}

/// "The operation MUST contain a \"value\"".
#[tokio::test]
async fn s3_5_2_3_replace_without_a_value_is_refused() {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": "T" })).await;
    let operation = json!([{ "op": "replace", "path": "title" }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "invalidValue");
    assert_eq!(provider.read(&user).await["title"], "T");
}

/// "If the \"path\" parameter is omitted, the target is assumed to be the resource itself. In this case, the \"value\"
/// attribute SHALL contain a list of one or more attributes that are to be replaced."
#[rstest]
#[case::text(json!("T"))]
#[case::array(json!(["title"]))]
#[case::null(Value::Null)]
#[tokio::test]
async fn s3_5_2_3_without_a_path_the_value_is_made_of_attributes(#[case] value: Value) {
    let provider = Provider::new().await;
    let user = provider.user_with("ada", json!({ "title": "T" })).await;
    let before = provider.read(&user).await;
    let operation = json!([{ "op": "replace", "value": value }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "invalidValue");
    assert_eq!(provider.read(&user).await, before);
}
