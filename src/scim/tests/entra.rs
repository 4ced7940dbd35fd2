//! Microsoft Entra ID, without and with `aadOptscim062020`.

use super::*;
use rstest::rstest;

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

#[rstest]
#[case::test_of_the_connection("userName eq \"2f5b3a1c\"", false)]
#[case::match_by_user_name("userName eq \"ADA@example.com\"", true)]
#[case::match_by_external_id("externalId eq \"ada\"", true)]
#[case::external_id_is_case_exact("externalId eq \"ADA\"", false)]
#[case::match_by_work_email("emails[type eq \"work\"].value eq \"ADA@work.example\"", true)]
#[case::home_address_is_no_work_address(
    "emails[type eq \"work\"].value eq \"ada@home.example\"",
    false
)]
#[case::reference_query("id eq \"U\" and manager eq \"M\"", true)]
#[case::reference_query_of_another("id eq \"U\" and manager eq \"N\"", false)]
#[case::app_role("roles[primary eq \"True\"].value eq \"admin\"", true)]
fn entra_looks_up_users(#[case] filter: &str, #[case] found: bool) {
    let mut resource = user(json!({
        "externalId": "ada",
        "emails": [
            { "type": "work", "value": "ada@work.example" },
            { "type": "home", "value": "ada@home.example" }
        ],
        "roles": [{ "value": "admin", "primary": true }],
        ENTERPRISE_USER: { "manager": { "value": "M" } }
    }));
    resource.insert("id".into(), json!("U"));
    let parsed = Filter::parse(&Registry::standard(), ResourceKind::User, filter).unwrap();
    assert_eq!(parsed.filter.matches(&resource), found);
}

#[rstest]
#[case::by_name("displayName eq \"TOUR GUIDES\"", true)]
#[case::is_member("id eq \"G\" and members eq \"u1\"", true)]
#[case::is_no_member("id eq \"G\" and members eq \"u9\"", false)]
#[case::special_characters("displayName eq \"O'Brien & Söhne\"", false)]
fn entra_looks_up_groups(#[case] filter: &str, #[case] found: bool) {
    let parsed = Filter::parse(&Registry::standard(), ResourceKind::Group, filter).unwrap();
    assert_eq!(
        parsed.filter.mentions("members"),
        filter.contains("members")
    );
    let Value::Object(resource) = json!({
        "id": "G",
        "displayName": "Tour Guides",
        "members": [{ "value": "u1" }, { "value": "u2" }]
    }) else {
        unreachable!("it is an object");
    };
    assert_eq!(parsed.filter.matches(&resource), found);
}

#[test]
fn entra_create_with_meta_empty_roles_and_both_schemas() {
    let body = json!({
        "schemas": [USER, ENTERPRISE_USER],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee",
        "active": true,
        "emails": [{ "primary": true, "type": "work", "value": "x@testuser.com" }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "givenName familyName", "familyName": "f", "givenName": "g" },
        "roles": []
    });
    let created = normalise(&Registry::standard(), ResourceKind::User, &body, None).unwrap();
    assert!(created.notes.is_empty());
    assert!(!created.attributes.contains_key("roles"));
    assert!(!created.attributes.contains_key("meta"));
}

#[test]
fn entra_group_with_the_undeclared_adscim_urn() {
    let pushed = group(&json!({
        "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": "8aa1a0c0",
        "displayName": "displayName",
        "meta": { "resourceType": "Group" }
    }));
    assert_eq!(pushed.members, None);
    assert_eq!(rules(&pushed.notes), ["undeclared-schema"]);
}

#[rstest]
#[case::capital_false("Replace", json!("False"), false)]
#[case::capital_true("Add", json!("True"), true)]
#[case::flag_mode("replace", json!(false), false)]
fn entra_active(#[case] op: &str, #[case] value: Value, #[case] active: bool) {
    let current = user(json!({ "active": !active }));
    let strict = value.is_boolean();
    let operations = json!([{ "op": op, "path": "active", "value": value }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(patched.attributes["active"], active);
    let expected: &[&str] = if strict {
        &[]
    } else {
        &["operation-case", "string-boolean"]
    };
    assert_eq!(rules(&patched.notes), expected);
}

#[rstest]
#[case::legacy_remove(
    json!([{ "op": "Remove", "path": "members", "value": [{ "value": "u1" }, { "value": "u2" }] }]),
    vec![MembersOp::Remove(ids(&["u1", "u2"]))]
)]
#[case::flag_mode_remove(
    json!([{ "op": "remove", "path": "members[value eq \"u1\"]" }]),
    vec![MembersOp::Remove(ids(&["u1"]))]
)]
#[case::remove_of_several(
    json!([{ "op": "remove", "path": "members[value eq \"u1\" or value eq \"u2\"]" }]),
    vec![MembersOp::Remove(ids(&["u1", "u2"]))]
)]
#[case::remove_of_none(
    json!([{ "op": "Remove", "path": "members", "value": [] }]),
    vec![]
)]
#[case::add_with_operation_name(
    json!([{ "name": "addMember", "op": "Add", "path": "members", "value": [{ "value": "u1", "displayName": "x" }] }]),
    vec![MembersOp::Add(references(&["u1"]))]
)]
fn entra_group_membership(#[case] operations: Value, #[case] expected: Vec<MembersOp>) {
    assert_eq!(
        patch_group(&operations).unwrap().members.operations,
        expected
    );
}

#[test]
fn entra_selects_members_by_something_else_than_their_id() {
    let operations = json!([{ "op": "remove", "path": "members[display eq \"Ada\"]" }]);
    let patched = patch_group(&operations).unwrap();
    let [MembersOp::RemoveMatching(filter)] = patched.members.operations.as_slice() else {
        panic!("not a selection: {:?}", patched.members);
    };
    assert!(filter.matches_element(&json!({ "value": "u1", "display": "ADA" })));
    assert!(!filter.matches_element(&json!({ "value": "u1", "display": "Bob" })));
}

#[rstest]
#[case::add("Add")]
#[case::replace("Replace")]
fn entra_creates_the_work_email_that_is_not_there(#[case] op: &str) {
    let current = user(json!({ "emails": [{ "type": "home", "value": "h@x.io" }] }));
    let operations =
        json!([{ "op": op, "path": "emails[type eq \"work\"].value", "value": "w@x.io" }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(
        patched.attributes["emails"],
        json!([{ "type": "home", "value": "h@x.io" }, { "type": "work", "value": "w@x.io" }])
    );
    assert!(rules(&patched.notes).contains(&"create-from-filter"));
}

#[test]
fn entra_builds_one_address_from_several_operations() {
    let operations = json!([
        { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "DE" },
        { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Ulm" },
        { "op": "Replace", "path": "addresses[type eq \"work\"].postalCode", "value": "89073" }
    ]);
    let patched = patch_user(&user(json!({})), &operations).unwrap();
    assert_eq!(
        patched.attributes["addresses"],
        json!([{ "type": "work", "country": "DE", "locality": "Ulm", "postalCode": "89073" }])
    );
}

#[rstest]
#[case::not_a_conjunction("emails[type eq \"work\" or type eq \"home\"].value")]
#[case::not_an_equality("emails[type sw \"work\"].value")]
#[case::a_contradiction("emails[type eq \"work\" and type eq \"home\"].value")]
fn only_a_conjunction_of_equalities_creates(#[case] path: &str) {
    let operations = json!([{ "op": "replace", "path": path, "value": "x@y.z" }]);
    let error = patch_user(&user(json!({})), &operations).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::NoTarget));
}

#[rstest]
#[case::plain_string(json!("M2"))]
#[case::array(json!([{ "$ref": "https://x/Users/M2", "value": "M2" }]))]
#[case::object(json!({ "value": "M2" }))]
fn entra_manager(#[case] value: Value) {
    let current = user(json!({
        ENTERPRISE_USER: { "manager": { "value": "M1", "$ref": "https://x/Users/M1" } }
    }));
    let operations = json!([{ "op": "Replace", "path": MANAGER, "value": value.clone() }]);
    let patched = patch_user(&current, &operations).unwrap();
    let manager = &patched.attributes[ENTERPRISE_USER]["manager"];
    assert_eq!(manager["value"], "M2");
    // The reference to the former manager is not left behind.
    let reference = value
        .get(0)
        .map_or(Value::Null, |value| value["$ref"].clone());
    assert_eq!(manager["$ref"], reference);
}

#[rstest]
#[case::with_value(json!({ "op": "Remove", "path": MANAGER, "value": "M1" }))]
#[case::without_value(json!({ "op": "Remove", "path": MANAGER }))]
fn entra_remove_with_path_and_value_removes(#[case] operation: Value) {
    let current = user(json!({ ENTERPRISE_USER: { "manager": { "value": "M1" } } }));
    let patched = patch_user(&current, &json!([operation])).unwrap();
    assert!(!patched.attributes.contains_key(ENTERPRISE_USER));
}

#[test]
fn entra_removes_the_work_email_by_its_value() {
    let current = user(json!({ "emails": [
        { "type": "work", "value": "w@x.io", "primary": true },
        { "type": "home", "value": "h@x.io" }
    ] }));
    let operations =
        json!([{ "op": "Remove", "path": "emails[type eq \"work\"].value", "value": "w@x.io" }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(
        patched.attributes["emails"],
        json!([{ "type": "home", "value": "h@x.io" }])
    );
}

#[test]
fn entra_flag_mode_replaces_without_path_by_dotted_and_urn_keys() {
    let current = user(json!({
        "name": { "givenName": "A", "familyName": "B" },
        "emails": [{ "type": "work", "value": "old@x.io" }],
        ENTERPRISE_USER: { "department": "D" }
    }));
    let operations = json!([{ "op": "replace", "value": {
        "displayName": "Bjfe",
        "name.givenName": "Kkom",
        "emails[type eq \"work\"].value": "new@x.io",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "Aklq",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value": "M1",
        "urn:ietf:params:scim:schemas:core:2.0:User:title": "Dr"
    } }]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(
        Value::Object(patched.attributes),
        json!({
            "userName": "ada@example.com",
            "name": { "givenName": "Kkom", "familyName": "B" },
            "displayName": "Bjfe",
            "title": "Dr",
            "emails": [{ "type": "work", "value": "new@x.io" }],
            ENTERPRISE_USER: {
                "employeeNumber": "Aklq",
                "department": "D",
                "manager": { "value": "M1" }
            }
        })
    );
    assert_eq!(rules(&patched.notes).first(), Some(&"qualified-key"));
}

#[rstest]
#[case::filter_on_boolean_as_string(
    json!([{ "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin" }]),
    json!([{ "primary": true, "value": "admin" }])
)]
#[case::json_text(
    json!([{ "op": "add", "path": "roles", "value": [{
        "value": "{\"id\":\"18d1\",\"value\":\"admin\",\"displayName\":\"Admin\"}"
    }] }]),
    json!([{ "value": "admin", "display": "Admin" }])
)]
#[case::json_text_in_a_part(
    json!([{ "op": "Add", "path": "roles[primary eq \"True\"].value",
        "value": "{\"id\":\"18d1\",\"value\":\"admin\",\"displayName\":\"Admin\"}" }]),
    json!([{ "primary": true, "value": "admin" }])
)]
#[case::objects(
    json!([{ "op": "Add", "path": "roles", "value": [
        { "primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Admin", "value": "Admin" }
    ] }]),
    json!([{ "value": "Admin", "display": "Admin", "type": "WindowsAzureActiveDirectoryRole", "primary": false }])
)]
fn entra_app_roles(#[case] operations: Value, #[case] expected: Value) {
    let patched = patch_user(&user(json!({})), &operations).unwrap();
    assert_eq!(patched.attributes["roles"], expected);
}

#[test]
fn entra_validator_replaces_and_adds_per_type_in_one_request() {
    let current =
        user(json!({ "emails": [{ "type": "work", "value": "w@x.io", "primary": true }] }));
    let operations = json!([
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "w2@x.io" },
        { "op": "replace", "path": "emails[type eq \"work\"].display", "value": "Work" },
        { "op": "add", "path": "emails[type eq \"home\"].value", "value": "h@x.io" },
        { "op": "add", "path": "emails[type eq \"home\"].primary", "value": true },
        { "op": "add", "path": "emails[type eq \"other\"].value", "value": "o@x.io" }
    ]);
    let patched = patch_user(&current, &operations).unwrap();
    assert_eq!(
        patched.attributes["emails"],
        json!([
            { "type": "work", "value": "w2@x.io", "primary": false, "display": "Work" },
            { "type": "home", "value": "h@x.io", "primary": true },
            { "type": "other", "value": "o@x.io" }
        ])
    );
}

#[rstest]
#[case::patch_path(true)]
#[case::filter(false)]
fn a_filter_on_a_singular_attribute_is_recognised(#[case] in_path: bool) {
    let error = if in_path {
        let operations =
            json!([{ "op": "replace", "path": "displayName[type eq \"x\"]", "value": "y" }]);
        let error = patch_user(&user(json!({})), &operations).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidPath));
        error
    } else {
        let text = "name[givenName eq \"x\"]";
        let error = Filter::parse(&Registry::standard(), ResourceKind::User, text).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
        error
    };
    assert_eq!(error.code, Some("MONO_FILTER"));
}

#[test]
fn the_flag_parameter_is_passed_over() {
    let pairs = [("aadOptscim062020", ""), ("filter", "userName eq \"x\"")];
    let query = ListQuery::parse(
        &Registry::standard(),
        ResourceKind::User,
        &Limits::default(),
        pairs,
    );
    assert!(query.unwrap().filter.is_some());
}
