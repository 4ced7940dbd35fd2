//! Values that one resource alone may have by a schema of the admin's own.

use super::*;
use crate::directory::facts::HeldValue;

const ACME: &str = "urn:example:acme:User";

fn with_badge(badge: &str) -> Value {
    json!({"userName": "ada@x.io", "externalId": "e-a", "active": true, ACME: {"badge": badge}})
}

/// The badge `7` is somebody's.
fn held_by(holder: &Member) -> Vec<HeldValue> {
    vec![HeldValue {
        schema: ACME.into(),
        attribute: "badge".into(),
        value: json!("7"),
        holder: holder.id.0,
    }]
}

#[test]
fn a_value_of_another_is_refused_and_ones_own_is_not() {
    let other = member(5, json!({"userName": "bob@x.io"}));
    for (holder, is_refused) in [(other, true), (ada(), false)] {
        let facts = Facts {
            member: Some(ada()),
            held_values: held_by(&holder),
            ..Facts::default()
        };
        let decision = ask(&rfc(), &facts, &update(&ada(), with_badge("7")));
        assert_eq!(decision.refusal.is_some(), is_refused, "{decision:?}");
        if is_refused {
            assert_eq!(refusal(&decision), (RefusalKind::Uniqueness, "DUP_USER"));
        }
    }
}

/// Who makes room in the same decision is not in the way, and who keeps what they have takes nothing.
#[rstest]
#[case::revived(PostExistingInactive::Reactivate)]
#[case::attached(PostExistingInactive::Attach)]
#[case::replaced(PostExistingInactive::New)]
fn a_value_of_the_member_who_is_recognised_is_not_in_the_way(#[case] value: PostExistingInactive) {
    let mut policy = rfc();
    policy.users.post_existing_inactive = value;
    let mut holder = member(1, with_badge("7"));
    holder.set_active(false);
    let facts = Facts {
        rivals: vec![Rival {
            attribute: "externalId",
            member: holder.clone(),
        }],
        held_values: held_by(&holder),
        ..Facts::default()
    };
    let decision = ask(&policy, &facts, &create(with_badge("7")));
    assert_eq!(decision.outcome, Outcome::Applied, "{decision:?}");
}
