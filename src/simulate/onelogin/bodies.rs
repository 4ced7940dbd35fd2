//! The bodies OneLogin sends. Pure.

use serde_json::{Map, Value, json};

use crate::simulate::cast::Person;
use crate::simulate::wire::{ENTERPRISE, GROUP, PROVOST, USER, patch_body, role_attributes};

/// A user whole, as the template of the admin makes it, without `id`. The template has a manager that nobody filled in.
pub(super) fn user(person: &Person) -> Value {
    let mut body = Map::new();
    body.insert("schemas".into(), json!([USER, ENTERPRISE, PROVOST]));
    body.extend(profile(person));
    if let Some(Value::Object(enterprise)) = body.get_mut(ENTERPRISE) {
        enterprise.insert("manager".into(), json!({"value": null}));
    }
    Value::Object(body)
}

/// What the server must show for `person`.
pub(super) fn expected_user(person: &Person, id: Option<&str>) -> Value {
    let mut body = profile(person);
    body.extend(id.map(|id| ("id".to_owned(), json!(id))));
    Value::Object(body)
}

fn profile(person: &Person) -> Map<String, Value> {
    let emails = json!([{"value": person.user_name, "type": "work", "primary": true}]);
    let name = json!({"givenName": person.given_name, "familyName": person.family_name});
    let attributes = [
        ("userName", json!(person.user_name)),
        ("externalId", json!(person.external_id)),
        ("name", name),
        ("displayName", json!(person.display_name())),
        ("title", json!(person.title)),
        ("emails", emails),
        ("active", json!(person.is_active())),
        (ENTERPRISE, json!({"department": person.department})),
    ];
    let attributes = attributes.into_iter();
    attributes
        .map(|(attribute, value)| (attribute.to_owned(), value))
        .chain(role_attributes(person))
        .collect()
}

/// Takes the right to sign in.
pub(super) fn suspend() -> Value {
    patch_body(&[json!({"op": "replace", "path": "active", "value": false})])
}

/// A group with nobody in it yet.
pub(super) fn create_group(display_name: &str) -> Value {
    json!({"schemas": [GROUP], "displayName": display_name})
}

/// Puts one user into a group.
pub(super) fn add_member(id: &str) -> Value {
    patch_body(&[json!({"op": "add", "path": "members", "value": [{"value": id}]})])
}

/// Takes one user out of a group.
pub(super) fn remove_member(id: &str) -> Value {
    patch_body(&[json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")})])
}
