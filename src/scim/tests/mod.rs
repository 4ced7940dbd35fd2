//! The protocol as clients use it: one file per client with the shapes it is known to send, one for the examples of the
//! RFC, one for properties.

mod clients;
mod entra;
mod okta;
mod properties;
mod rfc7644;

use serde_json::{Value, json};

use super::patch::PATCH_OP;
use super::schema::{ENTERPRISE_USER, GROUP, USER};
use super::*;

/// The id of the resource that tests patch.
const ID: &str = "01970000-0000-7000-8000-000000000001";

/// The attributes of a user as they are stored.
fn user(mut body: Value) -> Attributes {
    body["schemas"] = json!([USER, ENTERPRISE_USER]);
    if body["userName"].is_null() {
        body["userName"] = json!("ada@example.com");
    }
    normalise(&Registry::standard(), ResourceKind::User, &body, None)
        .expect("the test's user is valid")
        .attributes
}

/// Applies operations to a user.
fn patch_user(current: &Attributes, operations: &Value) -> Result<Patched, ScimError> {
    patch(ResourceKind::User, current, operations)
}

/// Applies operations to a group without attributes other than its name.
fn patch_group(operations: &Value) -> Result<Patched, ScimError> {
    let group = Attributes::from_iter([("displayName".to_owned(), json!("Tour Guides"))]);
    patch(ResourceKind::Group, &group, operations)
}

fn patch(
    kind: ResourceKind,
    current: &Attributes,
    operations: &Value,
) -> Result<Patched, ScimError> {
    let request = PatchRequest::parse(&json!({
        "schemas": [PATCH_OP],
        "Operations": operations,
    }))?;
    let target = PatchTarget {
        kind,
        id: ID,
        attributes: current,
    };
    request.apply(&Registry::standard(), &target)
}

/// The names of the rules that fired.
fn rules(notes: &[Coercion]) -> Vec<&'static str> {
    notes.iter().map(|note| note.rule).collect()
}

/// Members by id, as a request without anything else names them.
fn references(ids: &[&str]) -> Vec<MemberReference> {
    ids.iter().map(|&id| MemberReference::new(id)).collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// Parses a body that must be a group.
fn group(body: &Value) -> Normalised {
    assert_eq!(body["schemas"][0], GROUP);
    normalise(&Registry::standard(), ResourceKind::Group, body, None).expect("a valid group")
}
