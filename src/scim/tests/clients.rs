//! OneLogin, JumpCloud, Google, PingOne, authentik, Keycloak.

use super::*;
use rstest::rstest;

#[test]
fn onelogin_puts_without_id_and_with_a_manager_without_value() {
    let existing = user(json!({ "active": false }));
    let body = json!({
        "schemas": [USER, ENTERPRISE_USER],
        "userName": "ada@example.com",
        ENTERPRISE_USER: { "department": "R&D", "manager": { "value": null } }
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
            // A PUT that says nothing about it lets nobody in again.
            "active": false,
            ENTERPRISE_USER: { "department": "R&D" }
        })
    );
    assert_eq!(rules(&replaced.notes), ["active-not-asserted"]);
}

#[rstest]
#[case::jumpcloud_add(
    json!([{ "op": "add", "path": "members", "value": [{ "value": "u1" }] }]),
    vec![MembersOp::Add(references(&["u1"]))]
)]
#[case::jumpcloud_remove_without_filter(
    json!([{ "op": "remove", "path": "members", "value": [{ "value": "u1" }] }]),
    vec![MembersOp::Remove(ids(&["u1"]))]
)]
#[case::keycloak_clear(
    json!([{ "op": "remove", "path": "members" }]),
    vec![MembersOp::Clear]
)]
#[case::keycloak_replace_with_references(
    json!([{ "op": "replace", "path": "members", "value": [
        { "value": "u1", "$ref": "https://x/scim/v2/Users/u1", "display": null }
    ] }]),
    vec![MembersOp::Replace(references(&["u1"]))]
)]
#[case::authentik_removes_one_by_one(
    json!([
        { "op": "remove", "path": "members", "value": [{ "value": "u1" }] },
        { "op": "remove", "path": "members", "value": [{ "value": "u2" }] }
    ]),
    vec![MembersOp::Remove(ids(&["u1", "u2"]))]
)]
#[case::authentik_replaces_with_schemas_and_id(
    json!([{ "op": "replace", "value": {
        "schemas": [GROUP], "id": ID, "displayName": "x", "externalId": "e1"
    } }]),
    vec![]
)]
#[case::plain_ids(
    json!([{ "op": "add", "path": "members", "value": ["u1", "u2", "u1"] }]),
    vec![MembersOp::Add(references(&["u1", "u2"]))]
)]
#[case::reference_alone(
    json!([{ "op": "add", "path": "members", "value": [{ "$ref": "https://x/Users/u1" }] }]),
    vec![MembersOp::Add(references(&["u1"]))]
)]
#[case::mixed_steps_keep_their_order(
    json!([
        { "op": "add", "path": "members", "value": [{ "value": "u1" }] },
        { "op": "remove", "path": "members" },
        { "op": "add", "path": "members", "value": [{ "value": "u2" }] }
    ]),
    vec![MembersOp::Add(references(&["u1"])), MembersOp::Clear, MembersOp::Add(references(&["u2"]))]
)]
fn group_membership(#[case] operations: Value, #[case] expected: Vec<MembersOp>) {
    assert_eq!(
        patch_group(&operations).unwrap().members.operations,
        expected
    );
}

#[rstest]
#[case::user_name("username Eq \"ADA@example.com\"", true)]
#[case::email_contains("emails Co \"work.EXAMPLE\"", true)]
#[case::email_equals("emails eq \"ada@work.example\"", true)]
#[case::another_email("emails eq \"bob@work.example\"", false)]
#[case::google_email("emails.value eq \"ada@work.example\"", true)]
fn pingone_and_google_look_up(#[case] filter: &str, #[case] found: bool) {
    let resource = user(json!({ "emails": [{ "type": "work", "value": "ada@work.example" }] }));
    let parsed = Filter::parse(&Registry::standard(), ResourceKind::User, filter).unwrap();
    assert_eq!(parsed.filter.matches(&resource), found);
    assert!(parsed.notes.is_empty(), "the RFC allows it");
}

#[test]
fn keycloak_posts_an_id_and_meta_of_its_own() {
    let body = json!({
        "schemas": [USER],
        "id": "f:1:ada",
        "userName": "ada",
        "meta": { "created": "2020-01-01T00:00:00Z" }
    });
    let created = normalise(&Registry::standard(), ResourceKind::User, &body, None).unwrap();
    assert_eq!(
        Value::Object(created.attributes),
        json!({ "userName": "ada" })
    );
}

#[test]
fn a_role_in_the_wrong_place_is_named_with_the_right_one() {
    let body = json!({ "schemas": [USER], "userName": "ada", "role": "admin" });
    let created = normalise(&Registry::standard(), ResourceKind::User, &body, None).unwrap();
    assert!(!created.attributes.contains_key("role"));
    assert_eq!(
        created.notes[0].detail,
        "'role' ignored; did you mean urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role?"
    );
    let operations = json!([{ "op": "replace", "value": { "role": "admin" } }]);
    let patched = patch_user(&created.attributes, &operations).unwrap();
    assert_eq!(patched.attributes, created.attributes);
    assert_eq!(rules(&patched.notes), ["unknown-attribute"]);
}

#[rstest]
#[case::add_is_idempotent(
    json!([{ "op": "add", "path": "customRole", "value": ["a", "b"] }]),
    json!(["a", "b"])
)]
#[case::add_of_one(
    json!([{ "op": "add", "path": "customRole", "value": "c" }]),
    json!(["a", "c"])
)]
#[case::remove_by_filter(
    json!([{ "op": "remove", "path": "customRole[value eq \"a\"]" }]),
    Value::Null
)]
#[case::remove_by_value(
    json!([{ "op": "remove", "path": "customRole", "value": ["a", "x"] }]),
    Value::Null
)]
#[case::replace_by_filter(
    json!([{ "op": "replace", "path": "customRole[value eq \"a\"]", "value": "z" }]),
    json!(["z"])
)]
fn custom_roles(#[case] operations: Value, #[case] expected: Value) {
    const EXTENSION: &str = schema::LAUNCHDARKLY_USER;
    let mut operations = operations;
    let path = operations[0]["path"].as_str().unwrap().to_owned();
    operations[0]["path"] = json!(format!("{EXTENSION}:{path}"));
    let current = user(json!({ EXTENSION: { "customRole": ["a"] } }));
    let patched = patch_user(&current, &operations).unwrap();
    let roles = patched
        .attributes
        .get(EXTENSION)
        .map_or(Value::Null, |parts| parts["customRole"].clone());
    assert_eq!(roles, expected);
}

#[rstest]
#[case::set_a_key_again("add", "roleAttributes", json!([{ "key": "k", "values": ["2"] }]), json!([{ "key": "k", "values": ["2"] }]))]
#[case::add_a_key("add", "roleAttributes", json!([{ "key": "l", "values": ["2"] }]), json!([{ "key": "k", "values": ["1"] }, { "key": "l", "values": ["2"] }]))]
#[case::add_a_value("add", "roleAttributes[key eq \"k\"].values", json!(["1", "2"]), json!([{ "key": "k", "values": ["1", "2"] }]))]
#[case::replace_the_values("replace", "roleAttributes[key eq \"k\"].values", json!(["2"]), json!([{ "key": "k", "values": ["2"] }]))]
#[case::remove_a_value("remove", "roleAttributes[key eq \"k\"].values", json!(["9"]), json!([{ "key": "k", "values": ["1"] }]))]
fn role_attributes(
    #[case] op: &str,
    #[case] path: &str,
    #[case] value: Value,
    #[case] expected: Value,
) {
    const EXTENSION: &str = schema::LAUNCHDARKLY_USER;
    let current =
        user(json!({ EXTENSION: { "roleAttributes": [{ "key": "k", "values": ["1"] }] } }));
    let path = format!("{EXTENSION}:{path}");
    let operations = json!([{ "op": op, "path": path, "value": value }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(patched.attributes[EXTENSION]["roleAttributes"], expected);
}
