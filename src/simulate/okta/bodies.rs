//! The bodies Okta sends. Pure.

use serde_json::{Map, Value, json};

use super::OktaMode;
use crate::simulate::cast::{Person, Roster};
use crate::simulate::wire::{ENTERPRISE, GROUP, PROVOST, USER, patch_body, role_attributes};

/// A member of a pushed group.
#[derive(Clone)]
pub(crate) struct Pushed {
    /// The server's id.
    pub id: String,
    /// What the provider shows for it.
    pub user_name: String,
}

/// The body of a create: the profile with what Okta adds once only.
pub(crate) fn create_user(roster: &Roster, person: &Person, password: &str) -> Value {
    let mut body = profile(roster, person);
    body.insert("groups".into(), json!([]));
    body.insert("password".into(), json!(password));
    Value::Object(body)
}

/// The body of an update: what the server showed, with the mapped attributes set over it. `id`, `meta` and `groups`
/// go back as they came.
pub(super) fn update_user(shown: Value, roster: &Roster, person: &Person) -> Value {
    let mut body = match shown {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    for (attribute, value) in profile(roster, person) {
        body.insert(attribute, value);
    }
    // An unset attribute of the profile goes out as an empty string.
    if let Some(name) = body.get_mut("name").and_then(Value::as_object_mut) {
        name.insert("middleName".into(), json!(""));
    }
    Value::Object(body)
}

fn profile(roster: &Roster, person: &Person) -> Map<String, Value> {
    let mut enterprise = Map::new();
    enterprise.insert("employeeNumber".into(), json!(person.employee_number));
    enterprise.insert("department".into(), json!(person.department));
    if let Some(manager) = person.manager {
        // Okta maps `managerId` from its own directory: it knows no id of the server here.
        let manager = roster.person(manager);
        enterprise.insert(
            "manager".into(),
            json!({"value": manager.user_name, "displayName": manager.display_name()}),
        );
    }
    let emails = json!([{
        "primary": true,
        "value": person.user_name,
        "type": "work",
        "display": person.user_name,
    }]);
    let name = json!({"givenName": person.given_name, "familyName": person.family_name});
    let attributes = [
        ("schemas", json!([USER, ENTERPRISE, PROVOST])),
        ("userName", json!(person.user_name)),
        ("name", name),
        ("emails", emails),
        ("displayName", json!(person.display_name())),
        ("title", json!(person.title)),
        ("locale", json!(person.locale)),
        ("externalId", json!(person.external_id)),
        ("active", json!(person.is_active())),
        (ENTERPRISE, Value::Object(enterprise)),
    ];
    let attributes = attributes.into_iter();
    attributes
        .map(|(attribute, value)| (attribute.to_owned(), value))
        .chain(role_attributes(person))
        .collect()
}

/// What the server must show for `person`.
pub(super) fn expected_user(roster: &Roster, person: &Person, id: Option<&str>) -> Value {
    let mut enterprise = Map::new();
    enterprise.insert("employeeNumber".into(), json!(person.employee_number));
    enterprise.insert("department".into(), json!(person.department));
    if let Some(manager) = person.manager {
        let value = &roster.person(manager).user_name;
        enterprise.insert("manager".into(), json!({"value": value}));
    }
    let mut body = json!({
        "userName": person.user_name,
        "name": {"givenName": person.given_name, "familyName": person.family_name},
        "emails": [{"primary": true, "value": person.user_name, "type": "work"}],
        "displayName": person.display_name(),
        "title": person.title,
        "locale": person.locale,
        "externalId": person.external_id,
        "active": person.is_active(),
        ENTERPRISE: enterprise,
    });
    if let Some(body) = body.as_object_mut() {
        body.extend(role_attributes(person));
        body.extend(id.map(|id| ("id".to_owned(), json!(id))));
    }
    body
}

/// `active` alone, in one operation without a path.
pub(crate) fn patch_active(active: bool) -> Value {
    patch_body(&[json!({"op": "replace", "value": {"active": active}})])
}

/// The password alone, in one operation without a path.
pub(super) fn patch_password(password: &str) -> Value {
    patch_body(&[json!({"op": "replace", "value": {"password": password}})])
}

/// The body of a new group, which has nobody in it yet.
pub(crate) fn create_group(display_name: &str) -> Value {
    json!({"schemas": [GROUP], "displayName": display_name, "members": []})
}

/// A whole group, as the wizard's applications send it.
pub(super) fn put_group(id: &str, display_name: &str, members: &[Pushed]) -> Value {
    json!({
        "schemas": [GROUP],
        "id": id,
        "displayName": display_name,
        "members": member_list(OktaMode::Wizard, members),
    })
}

/// The name, which Okta sends with the read-only id and ahead of every change of members.
pub(super) fn patch_name(id: &str, display_name: &str) -> Value {
    let value = json!({"id": id, "displayName": display_name});
    patch_body(&[json!({"op": "replace", "value": value})])
}

/// Those who go, one operation each, then those who come.
pub(crate) fn patch_members(added: &[Pushed], removed: &[Pushed]) -> Value {
    let mut operations: Vec<Value> = removed
        .iter()
        .map(|gone| {
            json!({
                "op": "remove",
                "path": format!("members[value eq \"{}\"]", gone.id),
            })
        })
        .collect();
    if !added.is_empty() {
        operations.push(json!({
            "op": "add",
            "path": "members",
            "value": member_list(OktaMode::Catalogue, added),
        }));
    }
    patch_body(&operations)
}

/// All members through the path `members`.
pub(super) fn patch_all_members(members: &[Pushed]) -> Value {
    patch_body(&[json!({
        "op": "replace",
        "path": "members",
        "value": member_list(OktaMode::Catalogue, members),
    })])
}

/// Name and all members without a path.
pub(super) fn patch_push_now(id: &str, display_name: &str, members: &[Pushed]) -> Value {
    let value = json!({
        "id": id,
        "displayName": display_name,
        "members": member_list(OktaMode::Catalogue, members),
    });
    patch_body(&[json!({"op": "replace", "value": value})])
}

/// Members never carry a `type`; the wizard's applications leave `display` null.
fn member_list(mode: OktaMode, members: &[Pushed]) -> Vec<Value> {
    let member = |pushed: &Pushed| match mode {
        OktaMode::Catalogue => json!({"value": pushed.id, "display": pushed.user_name}),
        OktaMode::Wizard => json!({"value": pushed.id, "display": null}),
    };
    members.iter().map(member).collect()
}
