//! Two states of a resource as the paths that differ, and as the PATCH that leads from one to the other.

use serde_json::{Map, Value, json};

/// One path that differs. Paths follow RFC 7644 §3.10: `name.givenName`, `urn:…:User:manager.value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<'a> {
    /// The path.
    pub path: String,
    /// What was there.
    pub before: Option<&'a Value>,
    /// What is there now.
    pub after: Option<&'a Value>,
}

/// The paths that differ: sub-attributes of a single complex attribute one by one, multi-valued attributes whole.
pub fn differences<'a>(
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    collect(&Parent::Resource, before, after, &mut found);
    found
}

/// The operations of a PATCH (RFC 7644 §3.5.2) that makes `after` of `before`.
pub fn operations(differences: &[Difference<'_>]) -> Vec<Value> {
    differences
        .iter()
        .map(|difference| {
            let path = &difference.path;
            match (difference.before, difference.after) {
                (_, None) => json!({ "op": "remove", "path": path }),
                (None, Some(value)) => json!({ "op": "add", "path": path, "value": value }),
                (Some(_), Some(value)) => {
                    json!({ "op": "replace", "path": path, "value": value })
                }
            }
        })
        .collect()
}

/// Where a name is, which decides what joins it to the name before.
enum Parent<'a> {
    Resource,
    Extension(&'a str),
    Attribute(String),
}

impl Parent<'_> {
    fn path(&self, key: &str) -> String {
        match self {
            Self::Resource => key.to_owned(),
            Self::Extension(urn) => format!("{urn}:{key}"),
            Self::Attribute(path) => format!("{path}.{key}"),
        }
    }

    fn is_extension(&self, key: &str) -> bool {
        matches!(self, Self::Resource)
            && key
                .get(..4)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"))
    }
}

fn collect<'a>(
    parent: &Parent<'_>,
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
    found: &mut Vec<Difference<'a>>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(gone) {
        let (was, is) = (before.get(key), after.get(key));
        if was == is {
            continue;
        }
        let inner = if parent.is_extension(key) {
            Parent::Extension(key)
        } else {
            Parent::Attribute(parent.path(key))
        };
        match (was, is) {
            (Some(Value::Object(was)), Some(Value::Object(is))) => {
                collect(&inner, was, is, found);
            }
            // An extension is no attribute: what is in it comes and goes on its own.
            (None, Some(Value::Object(is))) if parent.is_extension(key) => {
                found.extend(is.iter().map(|(key, value)| Difference {
                    path: inner.path(key),
                    before: None,
                    after: Some(value),
                }));
            }
            (Some(Value::Object(was)), None) if parent.is_extension(key) => {
                found.extend(was.iter().map(|(key, value)| Difference {
                    path: inner.path(key),
                    before: Some(value),
                    after: None,
                }));
            }
            (before, after) => found.push(Difference {
                path: parent.path(key),
                before,
                after,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scim::{PatchRequest, PatchTarget, Registry, ResourceKind, normalise};

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn paths_are_those_of_rfc_7644() {
        let before = object(
            &json!({"userName": "a", "name": {"givenName": "A", "familyName": "B"},
            ENTERPRISE: {"department": "x", "manager": {"value": "1"}}, "title": "t"}),
        );
        let after = object(
            &json!({"userName": "a", "name": {"givenName": "C", "familyName": "B"},
            ENTERPRISE: {"manager": {"value": "2"}}, "emails": [{"value": "a@b.c"}]}),
        );
        let found = differences(&before, &after);
        let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
        let manager = format!("{ENTERPRISE}:manager.value");
        let department = format!("{ENTERPRISE}:department");
        assert_eq!(
            paths,
            ["name.givenName", &manager, &department, "emails", "title"]
        );
        let operations = operations(&found);
        assert_eq!(
            operations[0],
            json!({"op": "replace", "path": "name.givenName", "value": "C"})
        );
        assert_eq!(operations[2], json!({"op": "remove", "path": department}));
        assert_eq!(
            operations[3],
            json!({"op": "add", "path": "emails", "value": [{"value": "a@b.c"}]})
        );
    }

    fn user() -> impl Strategy<Value = Value> {
        let text = || proptest::option::of("[a-z]{1,6}");
        (
            "[a-z]{1,6}",
            text(),
            text(),
            text(),
            text(),
            any::<bool>(),
            proptest::collection::vec("[a-z]{1,4}@x\\.io", 0..3),
        )
            .prop_map(
                |(user_name, given, family, title, department, active, emails)| {
                    let emails: std::collections::BTreeSet<String> = emails.into_iter().collect();
                    let mut user = json!({ "userName": user_name, "active": active });
                    let mut put = |key: &str, value: Value| {
                        user.as_object_mut().unwrap().insert(key.into(), value);
                    };
                    if given.is_some() || family.is_some() {
                        let parts = [("givenName", given), ("familyName", family)];
                        let name: Map<String, Value> = parts
                            .into_iter()
                            .filter_map(|(key, part)| Some((key.to_owned(), part?.into())))
                            .collect();
                        put("name", name.into());
                    }
                    if let Some(title) = title {
                        put("title", title.into());
                    }
                    if let Some(department) = department {
                        put(ENTERPRISE, json!({ "department": department }));
                    }
                    if !emails.is_empty() {
                        let emails: Vec<Value> = emails
                            .into_iter()
                            .map(|email| json!({ "value": email }))
                            .collect();
                        put("emails", emails.into());
                    }
                    user
                },
            )
    }

    proptest! {
        /// What is told is true: who applies the operations has what the provider has.
        #[test]
        fn applying_the_operations_leads_to_the_new_state(before in user(), after in user()) {
            let registry = Registry::standard();
            let state = |body: &Value| {
                normalise(&registry, ResourceKind::User, body, None).unwrap().attributes
            };
            let (before, after) = (state(&before), state(&after));
            let operations = operations(&differences(&before, &after));
            if operations.is_empty() {
                prop_assert_eq!(before, after);
            } else {
                let body = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": operations,
                });
                let target = PatchTarget {
                    kind: ResourceKind::User,
                    id: "1",
                    attributes: &before,
                };
                let patched = PatchRequest::parse(&body).unwrap().apply(&registry, &target).unwrap();
                prop_assert_eq!(Value::Object(patched.attributes), Value::Object(after));
            }
        }
    }
}
