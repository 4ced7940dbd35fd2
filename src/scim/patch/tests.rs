//! What a PATCH costs, counted in values looked at, and that finding values by an index finds the same ones.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::scim::ScimType;
use crate::scim::schema::{LAUNCHDARKLY_USER, Registry};

/// As many values and as many operations as there may be.
const MANY: usize = 1_000;

fn apply(attributes: &Value, operations: &[Value]) -> Result<Patched, ScimError> {
    let request = PatchRequest::parse(&json!({ "schemas": [PATCH_OP], "Operations": operations }))?;
    let target = PatchTarget {
        kind: ResourceKind::User,
        id: "1",
        attributes: attributes.as_object().unwrap(),
    };
    request.apply(&Registry::standard(), &target)
}

fn with_emails(count: usize) -> Value {
    let emails: Vec<_> = (0..count)
        .map(|n| json!({ "value": format!("u{n}@example.com"), "type": "work" }))
        .collect();
    json!({ "userName": "ada", "emails": emails })
}

#[rstest]
#[case::add_what_is_there(|n| json!({ "op": "add", "path": "emails", "value": [{ "value": format!("u{n}@example.com"), "type": "work", "display": "D" }] }))]
#[case::primary_moves(|n| json!({ "op": "add", "path": "emails", "value": [{ "value": format!("u{n}@example.com"), "type": "work", "primary": true }] }))]
#[case::part_of_selected(|n| json!({ "op": "replace", "path": format!("emails[value eq \"U{n}@example.com\"].display"), "value": "D" }))]
#[case::conjunction(|n| json!({ "op": "replace", "path": format!("emails[type eq \"work\" and value eq \"u{n}@example.com\"].type"), "value": "home" }))]
#[case::remove_selected(|n| json!({ "op": "remove", "path": format!("emails[value eq \"u{n}@example.com\"]") }))]
#[case::remove_listed(|n| json!({ "op": "remove", "path": "emails", "value": [{ "value": format!("u{n}@example.com") }] }))]
#[case::replace_selected(|n| json!({ "op": "replace", "path": format!("emails[value eq \"u{n}@example.com\"]"), "value": { "value": format!("v{n}@example.com") } }))]
fn a_thousand_operations_on_a_thousand_values_are_near_linear(
    #[case] operation: fn(usize) -> Value,
) {
    let operations: Vec<_> = (0..MANY).map(operation).collect();
    let patched = apply(&with_emails(MANY), &operations).unwrap();
    let steps = usize::try_from(patched.steps).unwrap();
    // Reading the values and making an index is one look at each; an operation looks at a handful. All pairs would be a
    // million. `type eq "work"` selects all, which a conjunction must not pay for.
    assert!(steps <= 10 * (MANY + MANY), "{steps} steps");
}

#[test]
fn a_thousand_additions_to_nothing_are_near_linear() {
    let operations: Vec<_> = (0..MANY)
        .map(|n| json!({ "op": "add", "path": "emails", "value": [{ "value": format!("u{n}@example.com"), "primary": n % 2 == 0 }] }))
        .collect();
    let patched = apply(&json!({ "userName": "ada" }), &operations).unwrap();
    let emails = patched.attributes["emails"].as_array().unwrap();
    assert_eq!(emails.len(), MANY);
    let primary = emails.iter().filter(|email| email["primary"] == true);
    assert_eq!(primary.count(), 1);
    assert!(patched.steps <= 10 * MANY as u64, "{}", patched.steps);
}

#[test]
fn what_has_to_look_at_every_value_has_a_limit() {
    let operation =
        json!({ "op": "replace", "path": "emails[value co \"example\"].display", "value": "D" });
    let one = apply(&with_emails(MANY), std::slice::from_ref(&operation)).unwrap();
    assert!(one.steps >= MANY as u64);
    let error = apply(&with_emails(MANY), &vec![operation; MANY]).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::TooMany));
}

#[test]
fn a_part_of_several_values_has_a_limit() {
    let operations: Vec<_> = (0..=MANY)
        .step_by(500)
        .map(|from| {
            let values: Vec<_> = (from..from + 500).map(|n| format!("v{n}")).collect();
            json!({
                "op": "add",
                "path": format!("{LAUNCHDARKLY_USER}:roleAttributes[key eq \"k\"].values"),
                "value": values,
            })
        })
        .collect();
    let user = json!({ "userName": "ada", LAUNCHDARKLY_USER: { "roleAttributes": [{ "key": "k", "values": ["v0"] }] } });
    assert!(apply(&user, &operations[..2]).is_ok());
    let error = apply(&user, &operations).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
}

proptest! {
    /// An index is a short cut: `value eq "x"` and a filter that no index serves select the same.
    #[test]
    fn an_index_finds_what_looking_finds(
        operations in proptest::collection::vec((0_u8..5, 0_u8..6, 0_u8..3), 1..25)
    ) {
        let kinds = ["work", "home", "other"];
        let build = |slow: bool| -> Vec<Value> {
            operations
                .iter()
                .map(|(op, value, kind)| {
                    let (text, kind) = (format!("{value}@x"), kinds[usize::from(*kind)]);
                    let eq = if slow {
                        format!("emails[(value eq \"{text}\" or value eq \"{text}\")]")
                    } else {
                        format!("emails[value eq \"{text}\"]")
                    };
                    match op {
                        0 => json!({ "op": "add", "path": "emails", "value": [{ "value": text, "type": kind }] }),
                        1 => json!({ "op": "remove", "path": eq }),
                        2 => json!({ "op": "remove", "path": format!("{eq}.type") }),
                        3 => json!({ "op": "add", "path": "emails", "value": [{ "value": text, "type": kind, "primary": true }] }),
                        _ => json!({ "op": "remove", "path": "emails", "value": [{ "type": kind }] }),
                    }
                })
                .collect()
        };
        let user = with_emails(3);
        let fast = apply(&user, &build(false)).unwrap();
        let slow = apply(&user, &build(true)).unwrap();
        prop_assert_eq!(fast.attributes, slow.attributes);
    }
}
