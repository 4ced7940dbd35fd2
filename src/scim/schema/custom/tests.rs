//! Files that are read, and files that are refused with the place of their mistake.

use rstest::rstest;
use serde_json::{Value, json};

use super::read;
use crate::scim::discovery;
use crate::scim::limits;
use crate::scim::schema::{ENTERPRISE_USER, Registry, RegistryError, ResourceKind};

fn file(attribute: &Value) -> String {
    json!({ "id": "urn:example:2.0:User", "name": "Example", "attributes": [attribute] })
        .to_string()
}

/// What another provider announces can be taken over as it is: every schema of our own comes back the same.
#[test]
fn what_a_provider_announces_is_a_schema_file() {
    let registry = Registry::standard();
    let announced = discovery::schema(&registry, "https://x", ENTERPRISE_USER).unwrap();
    let found = read(&announced.to_string()).unwrap();
    assert_eq!(
        found.as_slice(),
        [registry.schema(ENTERPRISE_USER).unwrap().clone()]
    );
    let list = json!({ "Resources": [announced.clone(), announced] });
    assert_eq!(read(&list.to_string()).unwrap().len(), 2);
}

#[test]
fn defaults_are_those_of_the_rfc() {
    let schemas = read(&file(&json!({ "name": "badge" }))).unwrap();
    let attribute = &schemas[0].attributes[0];
    let expected = crate::scim::schema::Attribute::string("badge", "");
    assert_eq!(*attribute, expected);
}

#[rstest]
#[case::no_json("{", "line 1, column 1: not valid JSON")]
#[case::no_object("5", "the schema: must be an object")]
#[case::nothing("[]", "the file: must be a schema as RFC 7643 §7 writes it")]
#[case::second(
    r#"[{"id":"urn:a:b","attributes":[{"name":"x"}]},{}]"#,
    "schema 2: `id` is missing"
)]
#[case::no_urn(
    r#"{"id":"acme"}"#,
    "the schema: `id` must be a URN: it begins with urn:"
)]
#[case::no_attributes(r#"{"id":"urn:a:b"}"#, "urn:a:b: `attributes` is missing")]
#[case::mistyped(
    r#"{"id":"urn:a:b","atributes":[]}"#,
    "the schema: unknown key `atributes`, did you mean `attributes`?"
)]
fn a_file_is_refused(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(read(text).unwrap_err().to_string(), expected);
}

const PLACE: &str = "urn:example:2.0:User";

#[rstest]
#[case::no_name(json!({}), ": attributes[0]: `name` is missing")]
#[case::key(json!({ "name": "a", "mutabilty": "readOnly" }), ": attributes[0]: unknown key `mutabilty`, did you mean `mutability`?")]
#[case::kind(json!({ "name": "a", "type": "strng" }), ":a: `type` is \"strng\", expected one of string, boolean, decimal, integer, dateTime, binary, reference, complex, did you mean `string`?")]
#[case::flag(json!({ "name": "a", "required": "yes" }), ":a: `required`: must be true or false")]
#[case::words(json!({ "name": "a", "canonicalValues": [1] }), ":a: `canonicalValues`: must be an array of strings")]
#[case::no_parts(json!({ "name": "a", "type": "complex" }), ":a: a complex attribute needs `subAttributes`")]
#[case::parts(json!({ "name": "a", "subAttributes": [{ "name": "b" }] }), ":a: `subAttributes` belong to `\"type\": \"complex\"`")]
#[case::too_deep(
    json!({ "name": "a", "type": "complex", "subAttributes": [{ "name": "b", "type": "complex", "subAttributes": [{ "name": "c" }] }] }),
    ":a.b: a part of a complex attribute cannot be complex itself (RFC 7643 §2.3.8)"
)]
#[case::write_only(json!({ "name": "a", "mutability": "writeOnly" }), ":a: attributes that nobody may read (writeOnly, returned never) are not kept here; leave it out")]
#[case::never(json!({ "name": "a", "returned": "never" }), ":a: attributes that nobody may read (writeOnly, returned never) are not kept here; leave it out")]
#[case::required_read_only(json!({ "name": "a", "required": true, "mutability": "readOnly" }), ":a: a readOnly attribute that is required could never get a value; leave `required` out")]
#[case::unique_list(json!({ "name": "a", "multiValued": true, "uniqueness": "server" }), ":a: `uniqueness` is offered for attributes with one simple value that are no part of another")]
#[case::case_of_reference(json!({ "name": "a", "type": "reference", "caseExact": false }), ":a: references and binaries are always compared exactly; leave `caseExact` out")]
#[case::long_name(json!({ "name": "a".repeat(65) }), ": attributes[0]: `name`: more than 64 bytes")]
fn an_attribute_is_refused(#[case] attribute: Value, #[case] expected: &str) {
    let error = read(&file(&attribute)).unwrap_err().to_string();
    assert_eq!(error, format!("{PLACE}{expected}"));
}

#[test]
fn sizes_are_limited() {
    assert!(read(&" ".repeat(limits::SCHEMA_FILE + 1)).is_err());
    let many: Vec<Value> = (0..=limits::SCHEMA_ATTRIBUTES)
        .map(|number| json!({ "name": format!("a{number}") }))
        .collect();
    let text = json!({ "id": "urn:a:b", "attributes": many }).to_string();
    let error = read(&text).unwrap_err().to_string();
    assert!(error.contains("more than 200 entries"), "{error}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&deep).is_err());
}

#[rstest]
#[case::built_in(ENTERPRISE_USER)]
#[case::longer(&format!("{ENTERPRISE_USER}:more"))]
#[case::shorter("urn:ietf:params:scim:schemas:extension:enterprise")]
#[case::odd_case(&ENTERPRISE_USER.to_uppercase())]
#[case::group("urn:ietf:params:scim:schemas:core:2.0:Group")]
fn a_urn_that_another_schema_has_is_refused(#[case] id: &str) {
    let text = json!({ "id": id, "attributes": [{ "name": "a" }] }).to_string();
    let schema = read(&text).unwrap().remove(0);
    for kind in ResourceKind::ALL {
        let added = Registry::standard().with_extension(kind, schema.clone());
        assert!(matches!(
            added,
            Err(RegistryError::Duplicate(_) | RegistryError::Overlap { .. })
        ));
    }
}
