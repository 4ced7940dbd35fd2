//! Schema URNs and small pieces of JSON that every provider sends.

use serde_json::{Value, json};

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

/// The `value` of each member of a group's body.
pub(crate) fn member_ids(group: &Value) -> Vec<&str> {
    let members = group.get("members").and_then(Value::as_array);
    let ids = members.into_iter().flatten();
    ids.filter_map(|member| member.get("value").and_then(Value::as_str))
        .collect()
}
