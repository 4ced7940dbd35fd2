//! Made-up members, about 1.8 KB each as a client reads them.

use serde_json::{Value, json};

/// A number whose text comes in no order.
fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17)
}

/// `userName` of a member.
pub fn user_name(number: u64) -> String {
    format!("m{:016x}@example.com", mixed(number))
}

/// The work address of a member.
pub fn email(number: u64) -> String {
    format!("first.last.{:016x}@example.com", mixed(number))
}

/// `externalId` of a member.
pub fn external_id(number: u64) -> String {
    format!("00u{:016x}", mixed(number))
}

/// What an identity provider sends of a member.
pub fn body(number: u64, title: &str) -> String {
    let mixed = mixed(number);
    let (given, family) = (
        format!("Given{}", mixed % 997),
        format!("Family{}", mixed % 7_919),
    );
    let body: Value = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "userName": user_name(number),
        "externalId": external_id(number),
        "name": {"formatted": format!("{given} {family}"), "givenName": given, "familyName": family},
        "displayName": format!("{given} {family}"),
        "nickName": given,
        "profileUrl": format!("https://people.example.com/profiles/{mixed:016x}"),
        "title": title,
        "userType": "Employee",
        "preferredLanguage": "en-GB",
        "locale": "en-GB",
        "timezone": "Europe/London",
        "active": true,
        "emails": [
            {"value": email(number), "type": "work", "primary": true},
            {"value": format!("private.{mixed:016x}@example.org"), "type": "home"},
        ],
        "phoneNumbers": [
            {"value": format!("+44 20 {:08}", mixed % 100_000_000), "type": "work"},
            {"value": format!("+44 77 {:08}", mixed % 99_999_989), "type": "mobile"},
        ],
        "addresses": [{
            "type": "work", "streetAddress": format!("{} Long Acre", mixed % 199), "locality": "London",
            "region": "Greater London", "postalCode": "WC2E 9LH", "country": "GB",
            "formatted": format!("{} Long Acre\nLondon WC2E 9LH\nUnited Kingdom", mixed % 199), "primary": true,
        }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": format!("{:08}", mixed % 100_000_000),
            "costCenter": format!("CC-{}", mixed % 97),
            "organization": "Example Ltd",
            "division": format!("Division {}", mixed % 7),
            "department": format!("Department {}", mixed % 53),
        },
    });
    body.to_string()
}

/// A PATCH that sets the title.
pub fn title_patch(title: &str) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": title}],
    })
    .to_string()
}

/// A PATCH that puts members into a team.
pub fn join_patch<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<Value> = ids.map(|id| json!({"value": id})).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "members", "value": values}],
    })
    .to_string()
}

/// A PATCH that takes one member out of a team.
pub fn leave_patch(id: &str) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "remove", "path": format!("members[value eq \"{id}\"]")}],
    })
    .to_string()
}
