//! The bodies Entra sends to create, and what the server must show. Pure.

use serde_json::{Map, Value, json};

use crate::simulate::cast::{Person, PushedTeam};
use crate::simulate::wire::{ENTERPRISE, GROUP, PROVOST, USER, role_attributes};

/// A URN that Entra names in groups though nobody declares it; it must be ignored.
const AD_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/// The body of a create. References follow in a PATCH of their own.
pub(crate) fn create_user(person: &Person) -> Value {
    let mut body = json!({
        "schemas": [USER, ENTERPRISE, PROVOST],
        "externalId": person.external_id,
        "userName": person.user_name,
        "active": person.is_active(),
        "displayName": person.display_name(),
        "emails": [{"primary": true, "type": "work", "value": person.user_name}],
        "meta": {"resourceType": "User"},
        "name": {
            "formatted": person.display_name(),
            "familyName": person.family_name,
            "givenName": person.given_name,
        },
        "roles": [],
        "title": person.title,
        ENTERPRISE: {
            "department": person.department,
            "employeeNumber": person.employee_number,
        },
    });
    if let Some(body) = body.as_object_mut() {
        body.extend(role_attributes(person));
    }
    body
}

/// The body of a new group, which has nobody in it yet.
pub(crate) fn create_group(team: &PushedTeam) -> Value {
    json!({
        "schemas": [GROUP, AD_GROUP],
        "externalId": team.external_id,
        "displayName": team.display_name,
        "meta": {"resourceType": "Group"},
    })
}

/// What the server must show for `person`; `manager` is the server's id of theirs.
pub(super) fn expected_user(person: &Person, id: Option<&str>, manager: Option<&str>) -> Value {
    let mut enterprise = Map::new();
    enterprise.insert("department".into(), json!(person.department));
    enterprise.insert("employeeNumber".into(), json!(person.employee_number));
    if let Some(manager) = manager {
        enterprise.insert("manager".into(), json!({"value": manager}));
    }
    let mut body = Map::new();
    if let Some(id) = id {
        body.insert("id".into(), json!(id));
    }
    let name = json!({
        "formatted": person.display_name(),
        "familyName": person.family_name,
        "givenName": person.given_name,
    });
    for (attribute, value) in [
        ("externalId", json!(person.external_id)),
        ("userName", json!(person.user_name)),
        ("active", json!(person.is_active())),
        ("displayName", json!(person.display_name())),
        (
            "emails",
            json!([{"type": "work", "value": person.user_name}]),
        ),
        ("name", name),
        ("title", json!(person.title)),
        (ENTERPRISE, Value::Object(enterprise)),
    ] {
        body.insert(attribute.to_owned(), value);
    }
    if let Some(mobile) = &person.mobile {
        let numbers = json!([{"type": "mobile", "value": mobile}]);
        body.insert("phoneNumbers".into(), numbers);
    }
    if let Some(place) = &person.place {
        // Two operations on one type must have built one address.
        let address = json!({"type": "work", "locality": place.city, "country": place.country});
        body.insert("addresses".into(), json!([address]));
    }
    body.extend(role_attributes(person));
    Value::Object(body)
}
