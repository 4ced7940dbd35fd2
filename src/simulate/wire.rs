//! Schema URNs and small pieces of JSON that every provider sends.

use serde_json::{Map, Value, json};

use super::cast::{Person, Role};

/// The core User schema (RFC 7643 §8.7.1).
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The core Group schema.
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The enterprise User extension (RFC 7643 §4.3).
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The Provost User extension.
pub(crate) const PROVOST: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";
/// The schema of PATCH bodies (RFC 7644 §3.5.2).
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A PATCH body.
pub(crate) fn patch_body(operations: &[Value]) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}

/// A string literal of a filter: RFC 7644 §3.4.2.2 takes JSON's form.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The roles of a person, as attributes of a user's body: in the Provost extension, in the core attribute, or nowhere.
pub(crate) fn role_attributes(person: &Person) -> Map<String, Value> {
    let mut attributes = Map::new();
    if let Some(role) = person.role.as_str() {
        attributes.insert(PROVOST.into(), json!({"role": role}));
    }
    if let Some(role) = person.app_role.as_ref().and_then(Role::as_str) {
        attributes.insert("roles".into(), json!([{"primary": true, "value": role}]));
    }
    attributes
}

/// The `value` of each member of a group's body.
pub(crate) fn member_ids(group: &Value) -> Vec<&str> {
    let members = group.get("members").and_then(Value::as_array);
    let ids = members.into_iter().flatten();
    ids.filter_map(|member| member.get("value").and_then(Value::as_str))
        .collect()
}
