use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::scim::error::ScimType;
use crate::scim::limits;
use crate::scim::schema::{
    Attribute as Definition, ENTERPRISE_USER, GROUP, Mutability as Mutable, Schema, USER, Urn,
};

fn create(fields: &Value) -> Result<Normalised, ScimError> {
    let mut body = json!({ "schemas": [USER], "userName": "ada" });
    for (name, value) in fields.as_object().cloned().unwrap_or_default() {
        body[name] = value;
    }
    normalise(&Registry::standard(), ResourceKind::User, &body, None)
}

fn attribute(fields: &Value, name: &str) -> Value {
    let created = create(fields).expect("a valid body");
    created.attributes.get(name).cloned().unwrap_or_default()
}

#[rstest]
#[case::canonical_names(
    json!({ "NICKNAME": "B", "Name": { "GIVENNAME": "G" } }),
    "name", json!({ "givenName": "G" })
)]
#[case::parts_in_the_order_of_the_schema(
    json!({ "emails": [{ "primary": true, "type": "work", "VALUE": "a@x" }] }),
    "emails", json!([{ "value": "a@x", "type": "work", "primary": true }])
)]
#[case::null_is_unassigned(json!({ "nickName": null }), "nickName", Value::Null)]
#[case::empty_array_is_unassigned(json!({ "emails": [] }), "emails", Value::Null)]
#[case::empty_object_is_unassigned(json!({ "name": {} }), "name", Value::Null)]
#[case::object_of_nulls_is_unassigned(
    json!({ "name": { "givenName": null, "familyName": "" } }),
    "name", Value::Null
)]
#[case::nulls_in_arrays(json!({ "emails": [null, { "value": "a@x" }] }), "emails", json!([{ "value": "a@x" }]))]
#[case::a_label_of_an_empty_value_goes_with_it(
    json!({ "phoneNumbers": [{ "type": "work", "value": "" }, { "type": "home", "value": "1" }] }),
    "phoneNumbers", json!([{ "type": "home", "value": "1" }])
)]
#[case::equal_values_are_kept_once(
    json!({ "emails": [{ "value": "a@x", "type": "work" }, { "value": "A@X", "type": "Work" }] }),
    "emails", json!([{ "value": "a@x", "type": "work" }])
)]
#[case::the_same_value_of_two_types(
    json!({ "emails": [{ "value": "a@x", "type": "work" }, { "value": "a@x", "type": "home" }] }),
    "emails", json!([{ "value": "a@x", "type": "work" }, { "value": "a@x", "type": "home" }])
)]
#[case::single_object_for_an_array(
    json!({ "emails": { "value": "a@x" } }),
    "emails", json!([{ "value": "a@x" }])
)]
#[case::plain_strings_for_complex_values(
    json!({ "emails": ["a@x", "b@x"] }),
    "emails", json!([{ "value": "a@x" }, { "value": "b@x" }])
)]
#[case::manager_as_string(
    json!({ ENTERPRISE_USER: { "manager": "M" } }),
    ENTERPRISE_USER, json!({ "manager": { "value": "M" } })
)]
#[case::manager_as_array(
    json!({ ENTERPRISE_USER: { "manager": [{ "value": "M", "displayName": "x" }] } }),
    ENTERPRISE_USER, json!({ "manager": { "value": "M" } })
)]
#[case::empty_extension(json!({ ENTERPRISE_USER: {} }), ENTERPRISE_USER, Value::Null)]
#[case::string_booleans_in_parts(
    json!({ "emails": [{ "value": "a@x", "primary": "True" }] }),
    "emails", json!([{ "value": "a@x", "primary": true }])
)]
#[case::base64_with_line_breaks(
    json!({ "x509Certificates": [{ "value": "TUlJ\nRFF6" }] }),
    "x509Certificates", json!([{ "value": "TUlJ\nRFF6" }])
)]
fn a_value_is_made_canonical(#[case] fields: Value, #[case] name: &str, #[case] expected: Value) {
    assert_eq!(attribute(&fields, name), expected);
}

#[rstest]
#[case::boolean(json!({ "active": "maybe" }), "active: must be true or false")]
#[case::string(json!({ "title": 5 }), "title: must be a string")]
#[case::part(json!({ "name": { "givenName": true } }), "name.givenName: must be a string")]
#[case::extension(
    json!({ ENTERPRISE_USER: { "manager": { "value": 5 } } }),
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: must be a string"
)]
#[case::complex(json!({ "name": "Ada" }), "name: must be an object")]
#[case::several_for_one(json!({ "title": ["a", "b"] }), "title: has one value")]
#[case::extension_not_an_object(json!({ ENTERPRISE_USER: "x" }), "must be an object")]
#[case::base64(json!({ "x509Certificates": [{ "value": "not base64!" }] }), "must be Base64")]
#[case::two_primaries(
    json!({ "emails": [{ "value": "a", "primary": true }, { "value": "b", "primary": true }] }),
    "emails.primary: is true for several values"
)]
#[case::required(json!({ "userName": null }), "userName: is required")]
#[case::required_but_empty(json!({ "userName": "" }), "userName: is required")]
#[case::given_twice(json!({ "USERNAME": "bob" }), "userName: is given twice")]
#[case::nul(json!({ "title": "a\u{0}b" }), "title: contains a NUL")]
#[case::long_key(json!({ "userName": "x".repeat(limits::KEY_LENGTH + 1) }), "userName: is longer")]
#[case::key_long_when_folded(json!({ "userName": "\u{fdfa}".repeat(300) }), "userName: is longer")]
#[case::long_string(json!({ "title": "x".repeat(limits::STRING_LENGTH + 1) }), "title: is longer")]
#[case::many_values(json!({ "emails": vec!["x"; limits::VALUES + 1] }), "emails: has more than")]
#[case::core_urn_missing(json!({ "schemas": [ENTERPRISE_USER] }), "schemas: must be an array")]
#[case::schemas_of_another_type(json!({ "schemas": [GROUP] }), "schemas: must be an array")]
#[case::schemas_not_an_array(json!({ "schemas": 5 }), "schemas: must be an array")]
#[case::required_part(
    json!({ "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User": { "roleAttributes": [{ "values": ["x"] }] } }),
    "roleAttributes.key: is required"
)]
fn a_value_that_does_not_fit_is_named(#[case] fields: Value, #[case] expected: &str) {
    let error = create(&fields).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert!(error.detail.contains(expected), "{}", error.detail);
}

#[rstest]
#[case::array(json!([]))]
#[case::string(json!("x"))]
#[case::null(Value::Null)]
fn a_body_that_is_no_object_is_invalid_syntax(#[case] body: Value) {
    let error = normalise(&Registry::standard(), ResourceKind::User, &body, None).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidSyntax));
}

#[rstest]
#[case::read_only(json!({ "id": "x", "meta": {}, "groups": [] }), &["read-only"])]
#[case::unknown(json!({ "shoeSize": 5, "name": { "nick": "x", "givenName": "A" } }), &["unknown-attribute", "unknown-attribute"])]
#[case::unlisted_extension(json!({ ENTERPRISE_USER: { "department": "D" } }), &["unlisted-extension"])]
#[case::no_schemas(json!({ "schemas": null }), &["missing-schemas"])]
#[case::nothing(json!({ "schemas": [USER, ENTERPRISE_USER] }), &[])]
fn what_is_tolerated_is_noted(#[case] fields: Value, #[case] expected: &[&str]) {
    let notes = create(&fields).unwrap().notes;
    let fired: Vec<&str> = notes.iter().map(|note| note.rule).collect();
    assert_eq!(fired, expected);
}

#[test]
fn a_password_is_kept_apart_and_never_shown() {
    let created = create(&json!({ "password": "t1meMa$heen" })).unwrap();
    assert!(!created.attributes.contains_key("password"));
    assert!(!format!("{created:?}").contains("t1me"));
    let password = created.password.unwrap();
    assert_eq!(password.expose(), "t1meMa$heen");
    let error = create(&json!({ "password": "a", "PassWord": "b" })).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

#[test]
fn the_attributes_come_in_the_order_of_the_schema() {
    let created = create(&json!({
        "schemas": [USER, ENTERPRISE_USER],
        "emails": ["a@x"], ENTERPRISE_USER: { "department": "D" }, "externalId": "e", "active": true, "title": "t"
    }))
    .unwrap();
    let names: Vec<&str> = created.attributes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "externalId",
            "userName",
            "title",
            "active",
            "emails",
            ENTERPRISE_USER
        ]
    );
}

fn registry_with_badge() -> Registry {
    Registry::standard()
        .with_extension(
            ResourceKind::User,
            Schema {
                id: Urn::new("urn:example:Badge"),
                name: "Badge".into(),
                description: String::new(),
                attributes: vec![
                    Definition::string("number", "").mutability(Mutable::Immutable),
                    Definition::new("doors", crate::scim::schema::AttributeType::Integer, ""),
                    Definition::date_time("issued", ""),
                ],
            },
        )
        .expect("a valid schema")
}

#[rstest]
#[case::same(json!({ "number": "7", "doors": 2 }), Ok(json!({ "number": "7", "doors": 2 })))]
#[case::omitted(json!({ "doors": 2 }), Ok(json!({ "number": "7", "doors": 2 })))]
#[case::extension_omitted(Value::Null, Ok(json!({ "number": "7" })))]
#[case::changed(json!({ "number": "8" }), Err(ScimType::Mutability))]
#[case::fraction(json!({ "doors": 2.5 }), Err(ScimType::InvalidValue))]
#[case::no_date(json!({ "issued": "today" }), Err(ScimType::InvalidValue))]
fn immutable_attributes_stay(#[case] badge: Value, #[case] expected: Result<Value, ScimType>) {
    let registry = registry_with_badge();
    let body = |badge: &Value| json!({ "schemas": [USER, "urn:example:Badge"], "userName": "ada", "urn:example:Badge": badge });
    let normal = |body: &Value, existing: Option<&Attributes>| {
        normalise(&registry, ResourceKind::User, body, existing)
    };
    let existing = normal(&body(&json!({ "number": "7" })), None)
        .unwrap()
        .attributes;
    let replaced = normal(&body(&badge), Some(&existing));
    let found = replaced
        .map(|replaced| replaced.attributes["urn:example:Badge"].clone())
        .map_err(|error| error.scim_type.expect("a keyword"));
    assert_eq!(found, expected);
}

#[rstest]
#[case::number(json!([5]))]
#[case::no_value(json!([{ "display": "x" }]))]
#[case::empty_value(json!([{ "value": "" }]))]
#[case::number_as_value(json!([{ "value": 5 }]))]
#[case::long_value(json!([{ "value": "x".repeat(limits::KEY_LENGTH + 1) }]))]
fn a_member_needs_an_id(#[case] members: Value) {
    let body = json!({ "schemas": [GROUP], "displayName": "G", "members": members });
    let error = normalise(&Registry::standard(), ResourceKind::Group, &body, None).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

#[test]
fn members_are_kept_once_and_in_order() {
    let body = json!({
        "schemas": [GROUP],
        "displayName": "G",
        "members": [{ "value": "b" }, { "value": "a", "type": "User" }, { "value": "b" }]
    });
    let members = normalise(&Registry::standard(), ResourceKind::Group, &body, None)
        .unwrap()
        .members
        .expect("members were named");
    let values: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
    assert_eq!(values, ["b", "a"]);
}
