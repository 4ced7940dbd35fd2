//! What holds for any input.

use super::*;
use proptest::prelude::*;

/// Words a filter or path is made of, and words it is not.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec![
            "userName", "emails", "emails.value", "type", "value", "name.givenName", "active", "meta.created",
            "eq", "ne", "co", "sw", "ew", "gt", "le", "pr", "and", "or", "not", "(", ")", "[", "]", "].value",
            "\"work\"", "\"x\"", "true", "null", "12", "1.5e3", "\"2026-01-01T00:00:00Z\"",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "urn:x:y",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

/// JSON that resembles what clients send.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "work",
            "home",
            "True",
            "False",
            "a@x.io",
            "u1",
            "x",
            "{\"value\":\"v\"}"
        ])
        .prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "userName", "USERNAME", "name", "givenName", "emails", "value", "type", "primary", "display", "active",
            "members", "groups", "id", "meta", "schemas", "password", "roles", "addresses", "country", "manager",
            "$ref", "title", "externalId", "displayName", "customRole", "roleAttributes", "key", "values", "role",
            "name.familyName", "emails[type eq \"work\"].value", ENTERPRISE_USER, schema::LAUNCHDARKLY_USER,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn body() -> impl Strategy<Value = Value> {
    prop::collection::vec((key(), json_value()), 0..8).prop_map(|pairs| {
        let mut body: Attributes = pairs.into_iter().collect();
        body.insert("userName".into(), json!("ada"));
        body.insert("schemas".into(), json!([USER]));
        Value::Object(body)
    })
}

fn operation() -> impl Strategy<Value = Value> {
    let path = prop_oneof![key().prop_map(Some), words().prop_map(Some), Just(None)];
    let op = prop::sample::select(vec!["add", "remove", "replace", "Replace", "Add"]);
    (op, path, prop::option::of(json_value())).prop_map(|(op, path, value)| {
        let mut operation = json!({ "op": op });
        if let Some(path) = path {
            operation["path"] = json!(path);
        }
        if let Some(value) = value {
            operation["value"] = value;
        }
        operation
    })
}

fn text(attributes: &Attributes) -> String {
    serde_json::to_string(attributes).expect("JSON is text")
}

/// Whether attributes are as they are stored: normalising them changes nothing.
fn is_canonical(kind: ResourceKind, attributes: &Attributes) -> bool {
    let mut body = attributes.clone();
    body.insert(
        "schemas".into(),
        json!([Registry::standard().core(kind).id]),
    );
    let again = normalise(&Registry::standard(), kind, &Value::Object(body), None);
    // The text too: equal resources are stored alike.
    again.is_ok_and(|again| text(&again.attributes) == text(attributes))
}

proptest! {
    #[test]
    fn the_filter_parser_never_panics_and_its_text_parses_to_the_same(text in words()) {
        let registry = Registry::standard();
        if let Ok(parsed) = Filter::parse(&registry, ResourceKind::User, &text) {
            let again = Filter::parse(&registry, ResourceKind::User, &parsed.filter.to_string());
            prop_assert_eq!(again.map(|again| again.filter), Ok(parsed.filter));
        }
    }

    #[test]
    fn any_text_is_a_filter_or_an_error(text in ".{0,200}") {
        let registry = Registry::standard();
        for kind in ResourceKind::ALL {
            if let Err(error) = Filter::parse(&registry, kind, &text) {
                prop_assert_eq!(error.scim_type, Some(ScimType::InvalidFilter));
            }
        }
    }

    #[test]
    fn normalising_is_idempotent(body in body()) {
        let registry = Registry::standard();
        if let Ok(normalised) = normalise(&registry, ResourceKind::User, &body, None) {
            prop_assert!(is_canonical(ResourceKind::User, &normalised.attributes), "{:?}", normalised.attributes);
            for never in ["id", "schemas", "meta", "groups", "password"] {
                prop_assert!(!normalised.attributes.contains_key(never));
            }
        }
    }

    #[test]
    fn a_patch_changes_all_or_nothing_and_leaves_a_canonical_resource(
        body in body(),
        operations in prop::collection::vec(operation(), 1..5),
    ) {
        let registry = Registry::standard();
        let Ok(current) = normalise(&registry, ResourceKind::User, &body, None) else {
            return Ok(());
        };
        let operations = Value::Array(operations);
        match patch_user(&current.attributes, &operations) {
            Ok(patched) => {
                let canonical = is_canonical(ResourceKind::User, &patched.attributes);
                prop_assert!(canonical, "{:?}", patched.attributes);
                prop_assert!(patched.members.is_empty());
            }
            Err(error) => prop_assert!(error.status == 400, "{}", error),
        }
    }

    #[test]
    fn operations_one_by_one_and_together_give_the_same(
        operations in prop::collection::vec(operation(), 1..5),
    ) {
        let start = user(json!({ "emails": [{ "type": "work", "value": "a@x.io", "primary": true }] }));
        let together = patch_user(&start, &Value::Array(operations.clone()));
        let mut current: Result<Attributes, ScimError> = Ok(start);
        for operation in operations {
            current = current.and_then(|current| {
                Ok(patch_user(&current, &json!([operation]))?.attributes)
            });
        }
        // A required attribute may be missing in between, when only all operations together are valid.
        if let (Ok(together), Ok(one_by_one)) = (together, current) {
            prop_assert_eq!(together.attributes, one_by_one);
        }
    }

    #[test]
    fn a_group_patch_agrees_with_a_set(steps in prop::collection::vec((0..5_u8, prop::collection::vec(0..6_u8, 0..4)), 1..8)) {
        let mut expected: std::collections::BTreeSet<String> = ["m0", "m1"].map(str::to_owned).into();
        let mut operations = Vec::new();
        for (step, numbers) in steps {
            let ids: Vec<String> = numbers.iter().map(|number| format!("m{number}")).collect();
            let listed: Vec<Value> = ids.iter().map(|id| json!({ "value": id })).collect();
            match step {
                0 => {
                    operations.push(json!({ "op": "add", "path": "members", "value": listed }));
                    expected.extend(ids);
                }
                1 => {
                    operations.push(json!({ "op": "remove", "path": "members", "value": listed }));
                    expected.retain(|id| !ids.contains(id));
                }
                2 => {
                    operations.push(json!({ "op": "replace", "value": { "members": listed } }));
                    expected = ids.into_iter().collect();
                }
                3 => {
                    operations.push(json!({ "op": "remove", "path": "members" }));
                    expected.clear();
                }
                _ => for id in ids {
                    operations.push(json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }));
                    expected.remove(&id);
                },
            }
        }
        if operations.is_empty() {
            return Ok(());
        }
        let patched = patch_group(&Value::Array(operations)).unwrap();
        let mut members: std::collections::BTreeSet<String> = ["m0", "m1"].map(str::to_owned).into();
        for op in patched.members.operations {
            match op {
                MembersOp::Replace(list) => members = list.into_iter().map(|member| member.value).collect(),
                MembersOp::Add(list) => members.extend(list.into_iter().map(|member| member.value)),
                MembersOp::Remove(ids) => members.retain(|id| !ids.contains(id)),
                MembersOp::RemoveMatching(filter) => members.retain(|id| !filter.matches_element(&json!({ "value": id }))),
                MembersOp::Clear => members.clear(),
            }
        }
        prop_assert_eq!(members, expected);
    }
}
