//! Okta: look-up, POST with everything, PUT of what was read, PATCH without a path, group push.

use super::*;
use rstest::rstest;

#[test]
fn okta_create_posts_groups_password_and_empty_middle_name() {
    let body = json!({
        "schemas": [USER],
        "userName": "test.user@okta.local",
        "name": { "givenName": "Test", "middleName": "", "familyName": "User" },
        "emails": [{ "primary": true, "value": "test.user@okta.local", "type": "work" }],
        "displayName": "Test User",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": true
    });
    let created = normalise(&Registry::standard(), ResourceKind::User, &body, None).unwrap();
    assert_eq!(
        Value::Object(created.attributes),
        json!({
            "userName": "test.user@okta.local",
            "name": { "givenName": "Test", "familyName": "User" },
            "emails": [{ "primary": true, "value": "test.user@okta.local", "type": "work" }],
            "displayName": "Test User",
            "locale": "en-US",
            "externalId": "00ujl29u0le5T6Aj10h7",
            "active": true
        })
    );
    let mut fired = rules(&created.notes);
    fired.sort_unstable();
    assert_eq!(fired, ["empty-string", "read-only"]);
}

#[test]
fn okta_update_puts_back_what_it_read() {
    let existing = user(json!({ "nickName": "Al", "active": true }));
    let body = json!({
        "schemas": [USER],
        "id": ID,
        "userName": "ada@example.com",
        "name": { "givenName": "Another", "middleName": "", "familyName": "User" },
        "active": false,
        "meta": { "resourceType": "User", "version": "W/\"3\"" }
    });
    let replaced = normalise(
        &Registry::standard(),
        ResourceKind::User,
        &body,
        Some(&existing),
    )
    .unwrap();
    assert_eq!(
        Value::Object(replaced.attributes),
        json!({
            "userName": "ada@example.com",
            "name": { "givenName": "Another", "familyName": "User" },
            "active": false
        })
    );
}

#[rstest]
#[case::deactivate(false)]
#[case::reactivate(true)]
fn okta_activation_is_a_replace_without_path(#[case] active: bool) {
    let current = user(json!({ "active": !active, "title": "x" }));
    let operations = json!([{ "op": "replace", "value": { "active": active } }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(patched.attributes["active"], active);
    assert_eq!(patched.attributes["title"], "x");
    assert!(patched.notes.is_empty());
}

#[rstest]
#[case::import("startIndex=1&count=100", 1, 100)]
#[case::test_of_the_connection("startIndex=1&count=2", 1, 2)]
fn okta_lists_by_index(#[case] query: &str, #[case] start: u64, #[case] count: u64) {
    let query = list(query);
    assert_eq!(
        (query.paging, query.count),
        (list::Paging::Index(start), count)
    );
}

#[test]
fn okta_looks_up_by_user_name() {
    let query = list("filter=userName eq \"Test.User@okta.local\"&startIndex=1&count=100");
    let filter = query.filter.expect("a filter");
    assert!(filter.matches(&user(
        json!({ "userName": "test.user@okta.local", "active": false })
    )));
    assert!(!filter.matches(&user(json!({ "userName": "test.user@okta.locale" }))));
}

fn list(query: &str) -> ListQuery {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    ListQuery::parse(
        &Registry::standard(),
        ResourceKind::User,
        &Limits::default(),
        pairs,
    )
    .expect("a valid query")
}

#[test]
fn okta_group_push_creates_an_empty_group() {
    let pushed = group(&json!({
        "schemas": [GROUP],
        "displayName": "Test SCIMv2",
        "members": []
    }));
    assert_eq!(pushed.members, Some(vec![]));
    assert_eq!(
        Value::Object(pushed.attributes),
        json!({ "displayName": "Test SCIMv2" })
    );
}

#[test]
fn okta_wizard_app_puts_members_with_null_display() {
    let pushed = group(&json!({
        "schemas": [GROUP],
        "id": ID,
        "displayName": "Test SCIMv2",
        "members": [{ "value": "u1", "display": null }, { "value": "u2", "display": "Ada" }]
    }));
    let members = pushed.members.expect("members were named");
    assert_eq!(members[0], MemberReference::new("u1"));
    assert_eq!(members[1].display.as_deref(), Some("Ada"));
}

#[rstest]
#[case::add_without_type(
    json!([{ "op": "add", "path": "members", "value": [{ "value": "u1", "display": "x@y.z" }] }]),
    vec![MembersOp::Add(vec![MemberReference {
        value: "u1".into(),
        kind: None,
        display: Some("x@y.z".into()),
    }])]
)]
#[case::remove_by_filter(
    json!([{ "op": "remove", "path": "members[value eq \"u1\"]" }]),
    vec![MembersOp::Remove(ids(&["u1"]))]
)]
#[case::remove_and_add_in_one_request(
    json!([
        { "op": "remove", "path": "members[value eq \"u1\"]" },
        { "op": "remove", "path": "members[value eq \"u2\"]" },
        { "op": "add", "path": "members", "value": [{ "value": "u3" }] }
    ]),
    vec![MembersOp::Remove(ids(&["u1", "u2"])), MembersOp::Add(references(&["u3"]))]
)]
#[case::full_push(
    json!([{ "op": "replace", "path": "members", "value": [{ "value": "u1" }, { "value": "u2" }] }]),
    vec![MembersOp::Replace(references(&["u1", "u2"]))]
)]
#[case::full_push_of_nobody(
    json!([{ "op": "replace", "path": "members", "value": [] }]),
    vec![MembersOp::Clear]
)]
#[case::rename_with_the_same_id(
    json!([{ "op": "replace", "value": { "id": ID, "displayName": "Renamed" } }]),
    vec![]
)]
#[case::push_now(
    json!([{ "op": "replace", "value": { "id": ID, "displayName": "Renamed", "members": [{ "value": "u1" }] } }]),
    vec![MembersOp::Replace(references(&["u1"]))]
)]
#[case::push_now_of_nobody(
    json!([{ "op": "replace", "value": { "id": ID, "displayName": "Renamed", "members": [] } }]),
    vec![MembersOp::Clear]
)]
fn okta_group_push(#[case] operations: Value, #[case] expected: Vec<MembersOp>) {
    let patched = patch_group(&operations).unwrap();
    assert_eq!(patched.members.operations, expected);
    let renamed = operations[0]["value"]["displayName"].is_string();
    let name = if renamed { "Renamed" } else { "Tour Guides" };
    assert_eq!(patched.attributes["displayName"], name);
    assert!(!patched.attributes.contains_key("members"));
}

#[test]
fn okta_rename_with_another_id_is_refused() {
    let operations = json!([{ "op": "replace", "value": { "id": "other", "displayName": "x" } }]);
    let error = patch_group(&operations).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::Mutability));
}

#[test]
fn okta_group_push_without_schemas_is_read() {
    let request = PatchRequest::parse(&json!({
        "Operations": [{ "op": "replace", "value": { "id": ID, "members": [] } }]
    }))
    .unwrap();
    assert_eq!(rules(&request.notes), ["missing-schemas"]);
}
