//! The examples and rules of RFC 7644 §3.5.2.

use super::*;
use rstest::rstest;

fn babs() -> Attributes {
    user(json!({
        "userName": "bjensen",
        "name": { "formatted": "Ms. Barbara J Jensen III", "givenName": "Barbara" },
        "nickName": "Babs",
        "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@jensen.org", "type": "home" }
        ],
        "addresses": [
            { "type": "work", "streetAddress": "100 Universal City Plaza", "country": "USA" },
            { "type": "home", "streetAddress": "456 Hollywood Blvd", "country": "USA" }
        ],
        ENTERPRISE_USER: { "employeeNumber": "701984" }
    }))
}

/// §3.5.2.1, the first example: add without a path.
#[test]
fn add_without_a_path_adds_each_attribute() {
    let operations = json!([{ "op": "add", "value": {
        "emails": [{ "value": "babs@other.org", "type": "other" }],
        "nickName": "Babsy"
    } }]);
    let patched = patch_user(&babs(), &operations).unwrap();
    assert_eq!(patched.attributes["nickName"], "Babsy");
    assert_eq!(
        patched.attributes["emails"].as_array().map(Vec::len),
        Some(3)
    );
    assert!(patched.notes.is_empty());
}

/// §3.5.2.3: the address that the filter selects is replaced, and stays the one that it selects.
#[test]
fn replace_of_a_selected_value_replaces_it_whole() {
    let operations = json!([{
        "op": "replace",
        "path": "addresses[type eq \"work\"]",
        "value": { "streetAddress": "911 Universal City Plaza", "locality": "Hollywood" }
    }]);
    let patched = patch_user(&babs(), &operations).unwrap();
    assert_eq!(
        patched.attributes["addresses"],
        json!([
            { "streetAddress": "911 Universal City Plaza", "locality": "Hollywood", "type": "work" },
            { "type": "home", "streetAddress": "456 Hollywood Blvd", "country": "USA" }
        ])
    );
}

#[rstest]
#[case::part_of_selected(
    json!([{ "op": "replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "1010 Broadway Ave" }]),
    "/addresses/0/streetAddress", json!("1010 Broadway Ave")
)]
#[case::part_of_all(
    json!([{ "op": "replace", "path": "addresses.country", "value": "US" }]),
    "/addresses/1/country", json!("US")
)]
#[case::part_of_singular(
    json!([{ "op": "add", "path": "name.familyName", "value": "Jensen" }]),
    "/name/familyName", json!("Jensen")
)]
#[case::complex_keeps_what_is_not_named(
    json!([{ "op": "replace", "path": "name", "value": { "familyName": "Jensen" } }]),
    "/name/givenName", json!("Barbara")
)]
#[case::complex_part_set_to_null(
    json!([{ "op": "replace", "path": "name", "value": { "givenName": null } }]),
    "/name", json!({ "formatted": "Ms. Barbara J Jensen III" })
)]
#[case::remove_part(
    json!([{ "op": "remove", "path": "name.givenName" }]),
    "/name", json!({ "formatted": "Ms. Barbara J Jensen III" })
)]
#[case::remove_selected(
    json!([{ "op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]" }]),
    "/emails", json!([{ "value": "babs@jensen.org", "type": "home" }])
)]
#[case::replace_with_null(
    json!([{ "op": "replace", "path": "nickName", "value": null }]),
    "/nickName", Value::Null
)]
#[case::replace_multi_valued(
    json!([{ "op": "replace", "path": "emails", "value": [{ "value": "x@y.z" }] }]),
    "/emails", json!([{ "value": "x@y.z" }])
)]
#[case::replace_of_what_is_not_there_adds(
    json!([{ "op": "replace", "path": "title", "value": "Dr" }]),
    "/title", json!("Dr")
)]
#[case::path_is_case_insensitive(
    json!([{ "op": "replace", "path": "NICKNAME", "value": "B" }]),
    "/nickName", json!("B")
)]
#[case::whole_extension(
    json!([{ "op": "add", "path": ENTERPRISE_USER, "value": { "department": "D" } }]),
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    json!({ "employeeNumber": "701984", "department": "D" })
)]
#[case::remove_extension(
    json!([{ "op": "remove", "path": ENTERPRISE_USER }]),
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", Value::Null
)]
#[case::last_attribute_of_extension(
    json!([{ "op": "remove", "path": format!("{ENTERPRISE_USER}:employeeNumber") }]),
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", Value::Null
)]
#[case::add_of_an_equal_value_changes_nothing(
    json!([{ "op": "add", "path": "emails", "value": [{ "value": "BABS@jensen.org", "type": "home" }] }]),
    "/emails/2", Value::Null
)]
#[case::the_new_primary_takes_over(
    json!([{ "op": "add", "path": "emails", "value": [{ "value": "n@x.io", "primary": true }] }]),
    "/emails/0/primary", json!(false)
)]
#[case::later_operations_see_earlier_ones(
    json!([
        { "op": "add", "path": "title", "value": "Dr" },
        { "op": "remove", "path": "title" }
    ]),
    "/title", Value::Null
)]
#[case::password_is_not_kept(
    json!([{ "op": "replace", "path": "password", "value": "t1meMa$heen" }]),
    "/password", Value::Null
)]
fn an_operation_does_what_the_rfc_says(
    #[case] operations: Value,
    #[case] pointer: &str,
    #[case] expected: Value,
) {
    let patched = patch_user(&babs(), &operations).unwrap();
    let document = Value::Object(patched.attributes);
    let found = document.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(found, expected);
}

#[rstest]
#[case::remove_without_path(json!({ "op": "remove" }), ScimType::NoTarget)]
#[case::read_only(json!({ "op": "replace", "path": "id", "value": "x" }), ScimType::Mutability)]
#[case::read_only_groups(json!({ "op": "add", "path": "groups", "value": [] }), ScimType::Mutability)]
#[case::read_only_part(
    json!({ "op": "replace", "path": format!("{ENTERPRISE_USER}:manager.displayName"), "value": "x" }),
    ScimType::Mutability
)]
#[case::required_removed(json!({ "op": "remove", "path": "userName" }), ScimType::Mutability)]
#[case::required_emptied(
    json!({ "op": "replace", "path": "userName", "value": "" }),
    ScimType::InvalidValue
)]
#[case::unknown_attribute(
    json!({ "op": "replace", "path": "shoeSize", "value": "x" }),
    ScimType::InvalidPath
)]
#[case::malformed_path(
    json!({ "op": "replace", "path": "emails[type eq", "value": "x" }),
    ScimType::InvalidPath
)]
#[case::trailing_words(
    json!({ "op": "replace", "path": "emails extra", "value": "x" }),
    ScimType::InvalidPath
)]
#[case::no_target(
    json!({ "op": "replace", "path": "emails[value co \"nobody\"].display", "value": "x" }),
    ScimType::NoTarget
)]
#[case::wrong_type(
    json!({ "op": "replace", "path": "active", "value": "maybe" }),
    ScimType::InvalidValue
)]
#[case::value_missing(json!({ "op": "add", "path": "title" }), ScimType::InvalidValue)]
#[case::value_not_an_object(json!({ "op": "add", "value": "x" }), ScimType::InvalidValue)]
#[case::two_primaries(
    json!({ "op": "replace", "path": "emails.primary", "value": true }),
    ScimType::InvalidValue
)]
#[case::unknown_op(json!({ "op": "move", "path": "title" }), ScimType::InvalidSyntax)]
#[case::no_op(json!({ "path": "title" }), ScimType::InvalidSyntax)]
#[case::path_not_a_string(
    json!({ "op": "remove", "path": 5 }),
    ScimType::InvalidPath
)]
fn a_failure_has_its_keyword_and_changes_nothing(
    #[case] operation: Value,
    #[case] expected: ScimType,
) {
    // The first operation would succeed: nothing of it may be seen.
    let operations = json!([{ "op": "replace", "path": "title", "value": "Dr" }, operation]);
    let before = babs();
    let error = patch_user(&before, &operations).unwrap_err();
    assert_eq!(error.scim_type, Some(expected), "{error}");
    assert_eq!(before, babs());
}

#[rstest]
#[case::not_an_object(json!([]))]
#[case::no_operations(json!({ "schemas": [PATCH_OP] }))]
#[case::empty_operations(json!({ "schemas": [PATCH_OP], "Operations": [] }))]
#[case::other_schema(json!({ "schemas": [USER], "Operations": [{ "op": "remove", "path": "title" }] }))]
#[case::operation_not_an_object(json!({ "schemas": [PATCH_OP], "Operations": ["remove"] }))]
fn malformed_requests(#[case] body: Value) {
    let error = PatchRequest::parse(&body).unwrap_err();
    assert_eq!(error.status, 400);
}

#[test]
fn too_many_operations_are_refused() {
    let operations = vec![json!({ "op": "remove", "path": "title" }); limits::PATCH_OPERATIONS + 1];
    let error = patch_user(&babs(), &Value::Array(operations)).unwrap_err();
    assert_eq!(error.status, 413);
}

#[test]
fn an_attribute_cannot_grow_without_bound() {
    let values: Vec<Value> = (0..limits::VALUES)
        .map(|number| json!({ "value": format!("{number}@x.io") }))
        .collect();
    let operations = json!([
        { "op": "add", "path": "emails", "value": values },
        { "op": "add", "path": "emails", "value": [{ "value": "one@more.io" }] }
    ]);
    let error = patch_user(&user(json!({})), &operations).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

#[test]
fn parts_of_members_cannot_be_changed() {
    let operations =
        json!([{ "op": "replace", "path": "members[value eq \"u1\"].type", "value": "Group" }]);
    let error = patch_group(&operations).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::Mutability));
}
