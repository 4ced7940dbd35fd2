//! The indexed set: the attribute paths of a User whose values have rows of their own in `attr`, in one list. `userName`,
//! `externalId`, `id`, a group's `displayName`, `meta.lastModified` and memberships are columns and rows elsewhere.
//!
//! Index rows are half the cost of a write, so the set holds what clients look people up by and no more. Adding a path
//! needs a migration that fills in the rows of the members who are there. The numbers are stored: never reuse one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::directory::Attributes;
use crate::directory::fold::fold;
use crate::directory::member::PROVOST_USER;
use crate::scim::schema::ENTERPRISE_USER;

/// Folded values are cut to this many bytes in the index; a look-up of a longer one must check the documents.
pub const KEY_BYTES: usize = 256;
/// No value that was cut is this short or shorter: at most the rest of a character is missing from [`KEY_BYTES`].
pub const NEVER_CUT: usize = KEY_BYTES - 4;

/// One indexed path of a User.
#[derive(Debug)]
pub struct IndexedPath {
    /// Its number in the column `attr`.
    pub number: i64,
    /// The schema extension it belongs to; `None` for the core schema.
    pub urn: Option<&'static str>,
    /// The attribute, and its sub-attribute where it has one.
    pub path: (&'static str, Option<&'static str>),
    /// Only the elements whose `type` is this.
    pub of_type: Option<&'static str>,
    /// Whether a user may have several.
    pub multi_valued: bool,
}

const fn core(number: i64, name: &'static str, sub: Option<&'static str>) -> IndexedPath {
    IndexedPath {
        number,
        urn: None,
        path: (name, sub),
        of_type: None,
        multi_valued: false,
    }
}

const fn extension(
    number: i64,
    urn: &'static str,
    name: &'static str,
    sub: Option<&'static str>,
) -> IndexedPath {
    IndexedPath {
        number,
        urn: Some(urn),
        path: (name, sub),
        of_type: None,
        multi_valued: false,
    }
}

/// The number of `emails.value`.
pub const EMAIL: i64 = 1;
/// The number of `active`.
pub const ACTIVE: i64 = 6;
/// The number of `manager.value` of the Enterprise extension.
pub const MANAGER: i64 = 10;
/// The number of `role` of the Provost extension.
pub const ROLE: i64 = 11;
/// The number of `customRole` of the Provost extension.
pub const CUSTOM_ROLE: i64 = 12;
/// The number of `roles.value`.
pub const ROLES: i64 = 13;

/// The indexed set.
pub const INDEXED: &[IndexedPath] = &[
    IndexedPath {
        multi_valued: true,
        ..core(EMAIL, "emails", Some("value"))
    },
    IndexedPath {
        of_type: Some("work"),
        multi_valued: true,
        ..core(2, "emails", Some("value"))
    },
    core(3, "displayName", None),
    core(4, "name", Some("familyName")),
    core(5, "name", Some("givenName")),
    core(ACTIVE, "active", None),
    core(7, "title", None),
    extension(8, ENTERPRISE_USER, "employeeNumber", None),
    extension(9, ENTERPRISE_USER, "department", None),
    extension(MANAGER, ENTERPRISE_USER, "manager", Some("value")),
    extension(ROLE, PROVOST_USER, "role", None),
    IndexedPath {
        multi_valued: true,
        ..extension(CUSTOM_ROLE, PROVOST_USER, "customRole", None)
    },
    IndexedPath {
        multi_valued: true,
        ..core(ROLES, "roles", Some("value"))
    },
];

/// One row of `attr` without its member.
pub type Entry = (i64, String);

/// The index rows of a user's attributes, each once, in the order of the table's key.
pub fn entries(attributes: &Attributes) -> BTreeSet<Entry> {
    let mut found = BTreeSet::new();
    for indexed in INDEXED {
        let (name, sub) = indexed.path;
        let attribute = match indexed.urn {
            None => attributes.get(name),
            Some(urn) => attributes
                .get(urn)
                .and_then(|extension| extension.get(name)),
        };
        for element in elements(attribute) {
            if let Some(wanted) = indexed.of_type {
                let is_wanted = element
                    .get("type")
                    .and_then(Value::as_str)
                    .is_some_and(|of_type| fold(of_type) == wanted);
                if !is_wanted {
                    continue;
                }
            }
            let values = match sub {
                None => Some(element),
                Some(sub) => element.get(sub),
            };
            // A value taken away, with which nobody may sign in: no value to a filter, and found all the same.
            if indexed.number == ACTIVE && values == Some(&Value::Null) {
                found.insert((ACTIVE, String::new()));
            }
            if let Some(text) = values.and_then(text) {
                found.insert((indexed.number, key(&text)));
            }
        }
    }
    found
}

/// The elements of a multi-valued attribute, or the one value of another.
fn elements(attribute: Option<&Value>) -> &[Value] {
    match attribute {
        None => &[],
        Some(Value::Array(values)) => values,
        Some(single) => std::slice::from_ref(single),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(fold(text)),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A folded text as the index keeps it.
pub fn key(folded: &str) -> String {
    let mut end = folded.len().min(KEY_BYTES);
    while !folded.is_char_boundary(end) {
        end -= 1;
    }
    folded.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(value: Value) -> Vec<Entry> {
        let Value::Object(attributes) = value else {
            panic!("an object");
        };
        entries(&attributes).into_iter().collect()
    }

    #[test]
    fn numbers_are_unique() {
        let numbers: BTreeSet<i64> = INDEXED.iter().map(|path| path.number).collect();
        assert_eq!(numbers.len(), INDEXED.len());
    }

    #[test]
    fn values_are_folded_and_listed_once() {
        let found = rows(json!({
            "userName": "ada",
            "name": {"familyName": "LOVELACE"},
            "active": true,
            "emails": [
                {"value": "Ada@x.io", "type": "Work"},
                {"value": "ada@X.io", "type": "home"},
                {"value": "l@x.io"}
            ],
            (ENTERPRISE_USER): {"department": "Analysis", "manager": {"value": "M1"}},
            (PROVOST_USER): {"role": "admin", "customRole": ["a", "b"]}
        }));
        let expected = [
            (1, "ada@x.io"),
            (1, "l@x.io"),
            (2, "ada@x.io"),
            (4, "lovelace"),
            (6, "true"),
            (9, "analysis"),
            (10, "m1"),
            (11, "admin"),
            (12, "a"),
            (12, "b"),
        ];
        assert_eq!(found, expected.map(|(n, v)| (n, v.to_owned())));
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let cut = key(&"é".repeat(200));
        assert_eq!(cut, "é".repeat(128));
    }
}
