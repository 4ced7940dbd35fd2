//! §3.5.2.1: add.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, Provider, id_of};

/// Each bullet of the section: what the user has before, the operation, what he has afterwards.
#[rstest]
#[case::without_path_the_target_is_the_resource(
    json!({ "title": "T" }),
    json!({ "op": "add", "value": { "nickName": "A", "emails": [{ "value": "a@x.io" }] } }),
    json!({ "title": "T", "nickName": "A", "emails": [{ "value": "a@x.io" }] })
)]
#[case::what_does_not_exist_is_added(
    json!({}),
    json!({ "op": "add", "path": "nickName", "value": "A" }),
    json!({ "nickName": "A" })
)]
#[case::a_complex_attribute_takes_the_parts_given(
    json!({ "name": { "familyName": "L" } }),
    json!({ "op": "add", "path": "name", "value": { "givenName": "Ada" } }),
    json!({ "name": { "familyName": "L", "givenName": "Ada" } })
)]
#[case::a_multi_valued_attribute_takes_one_more(
    json!({ "emails": [{ "value": "a@x.io" }] }),
    json!({ "op": "add", "path": "emails", "value": [{ "value": "b@x.io" }] }),
    json!({ "emails": [{ "value": "a@x.io" }, { "value": "b@x.io" }] })
)]
#[case::a_single_value_is_replaced(
    json!({ "title": "T" }),
    json!({ "op": "add", "path": "title", "value": "U" }),
    json!({ "title": "U" })
)]
#[case::a_part_is_added(
    json!({}),
    json!({ "op": "add", "path": "name.givenName", "value": "Ada" }),
    json!({ "name": { "givenName": "Ada" } })
)]
#[case::selected_values_take_a_part(
    json!({ "emails": [{ "value": "a@x.io", "type": "work" }, { "value": "b@x.io" }] }),
    json!({ "op": "add", "path": "emails[type eq \"work\"].display", "value": "Work" }),
    json!({ "emails": [{ "value": "a@x.io", "display": "Work", "type": "work" }, { "value": "b@x.io" }] })
)]
#[case::an_extension_by_its_urn(
    json!({}),
    json!({ "op": "add", "path": format!("{ENTERPRISE}:department"), "value": "D" }),
    json!({ ENTERPRISE: { "department": "D" } })
)]
#[tokio::test]
async fn s3_5_2_1_add(#[case] before: Value, #[case] operation: Value, #[case] after: Value) {
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

/// "[...] if the target location already contains the value specified, no changes SHOULD be made to the resource, and a
/// success response SHOULD be returned. [...] this operation SHALL NOT change the modify timestamp of the resource."
#[rstest]
#[case::single(json!({ "op": "add", "path": "title", "value": "T" }))]
#[case::several(json!({ "op": "add", "path": "emails", "value": [{ "value": "a@x.io", "type": "work" }] }))]
#[case::part(json!({ "op": "add", "path": "name.givenName", "value": "Ada" }))]
#[case::without_path(json!({ "op": "add", "value": { "title": "T", "name": { "givenName": "Ada" } } }))]
#[tokio::test]
async fn s3_5_2_1_adding_what_is_there_does_not_touch_the_resource(#[case] operation: Value) {
    let provider = Provider::new().await;
    let user = provider
        .user_with(
            "ada",
            json!({ "title": "T", "name": { "givenName": "Ada" }, "emails": [{ "value": "a@x.io", "type": "work" }] }),
        )
        .await;
    let before = provider.read(&user).await;
    provider.patch(&user, json!([operation])).await.done();
    assert_eq!(provider.read(&user).await, before);
}

#[tokio::test]
async fn s3_5_2_1_adding_a_member_who_is_there_does_not_touch_the_group() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let group = provider.group("Analysts", &[&ada]).await;
    let before = provider.read(&group).await;
    let operation =
        json!([{ "op": "add", "path": "members", "value": [{ "value": id_of(&ada) }] }]);
    provider.patch(&group, operation).await.done();
    assert_eq!(provider.read(&group).await, before);
}

/// "The operation MUST contain a \"value\" member".
#[tokio::test]
async fn s3_5_2_1_add_without_a_value_is_refused() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let operation = json!([{ "op": "add", "path": "title" }]);
    provider
        .patch(&user, operation)
        .await
        .fails(400, "invalidValue");
}
