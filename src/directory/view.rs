//! A [`Change`] as people read it: which object, and each attribute path that differs. Pure; called by the store for the
//! audit and by the engine for the request log, so that both say the same.
//!
//! Singular complex attributes and extensions are opened (`name.givenName`, `urn:…:User:department`); multi-valued
//! attributes are compared as a whole.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::change::{Change, ChangeOp, ChangeView, FieldChange, ObjectKind};
use super::ids::{MemberId, TeamId};
use super::member::{Attributes, Member};
use super::team::Team;

impl Change {
    /// The change as people read it.
    pub fn view(&self) -> ChangeView {
        match self {
            Self::MemberCreated { after } => member_view(ChangeOp::Create, None, Some(after)),
            Self::MemberUpdated { before, after } => {
                member_view(ChangeOp::Update, Some(before), Some(after))
            }
            Self::MemberRemoved { before } => member_view(ChangeOp::Remove, Some(before), None),
            Self::TeamCreated { after } => team_view(ChangeOp::Create, None, Some(after)),
            Self::TeamUpdated { before, after } => {
                team_view(ChangeOp::Update, Some(before), Some(after))
            }
            Self::TeamRemoved { before } => team_view(ChangeOp::Remove, Some(before), None),
            Self::MembershipAdded {
                team,
                team_name,
                member,
                member_name,
            } => membership_view(ChangeOp::AddMember, *team, team_name, *member, member_name),
            Self::MembershipRemoved {
                team,
                team_name,
                member,
                member_name,
            } => membership_view(
                ChangeOp::RemoveMember,
                *team,
                team_name,
                *member,
                member_name,
            ),
            Self::TokenIssued { id, name, scope } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Create,
                fields: vec![FieldChange {
                    path: "scope".into(),
                    before: None,
                    after: Some(Value::String(scope.clone())),
                }],
            },
            Self::TokenRevoked { id, name } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Remove,
                fields: Vec::new(),
            },
        }
    }
}

fn member_view(op: ChangeOp, before: Option<&Member>, after: Option<&Member>) -> ChangeView {
    let shown = after.or(before);
    let mut fields = field_changes(
        before.map(|member| &member.attributes),
        after.map(|member| &member.attributes),
    );
    if op == ChangeOp::Update {
        fields.extend(deleted_change(
            before.and_then(|member| member.deleted),
            after.and_then(|member| member.deleted),
        ));
    }
    ChangeView {
        kind: ObjectKind::Member,
        id: shown
            .map(|member| member.id.to_string())
            .unwrap_or_default(),
        label: shown.map(Member::display_name).unwrap_or_default(),
        op,
        fields,
    }
}

fn team_view(op: ChangeOp, before: Option<&Team>, after: Option<&Team>) -> ChangeView {
    let shown = after.or(before);
    let mut fields = field_changes(
        before.map(|team| &team.attributes),
        after.map(|team| &team.attributes),
    );
    if op == ChangeOp::Update {
        fields.extend(deleted_change(
            before.and_then(|team| team.deleted),
            after.and_then(|team| team.deleted),
        ));
    }
    ChangeView {
        kind: ObjectKind::Team,
        id: shown.map(|team| team.id.to_string()).unwrap_or_default(),
        label: shown
            .map(|team| team.display_name().to_owned())
            .unwrap_or_default(),
        op,
        fields,
    }
}

fn membership_view(
    op: ChangeOp,
    team: TeamId,
    team_name: &str,
    member: MemberId,
    member_name: &str,
) -> ChangeView {
    let element = Some(json!({ "value": member.to_string(), "display": member_name }));
    let joins = op == ChangeOp::AddMember;
    ChangeView {
        kind: ObjectKind::Team,
        id: team.to_string(),
        label: team_name.to_owned(),
        op,
        fields: vec![FieldChange {
            path: "members".into(),
            before: if joins { None } else { element.clone() },
            after: if joins { element } else { None },
        }],
    }
}

fn deleted_change(before: Option<Timestamp>, after: Option<Timestamp>) -> Option<FieldChange> {
    let value = |time: Option<Timestamp>| time.map(|time| Value::String(time.to_string()));
    (before != after).then(|| FieldChange {
        path: "deleted".into(),
        before: value(before),
        after: value(after),
    })
}

/// Each attribute path that differs between two sets of attributes: those that are there now in the order of the
/// document, then those that are gone.
pub fn field_changes(before: Option<&Attributes>, after: Option<&Attributes>) -> Vec<FieldChange> {
    let old = before.map(leaves).unwrap_or_default();
    let new = after.map(leaves).unwrap_or_default();
    let find = |leaves: &[(String, &Value)], path: &str| {
        leaves
            .iter()
            .find(|(other, _)| other == path)
            .map(|(_, value)| (*value).clone())
    };
    let mut changes = Vec::with_capacity(new.len());
    for (path, value) in &new {
        let before = find(&old, path);
        if before.as_ref() != Some(*value) {
            changes.push(FieldChange {
                path: path.clone(),
                before,
                after: Some((*value).clone()),
            });
        }
    }
    for (path, value) in old {
        if find(&new, &path).is_none() {
            changes.push(FieldChange {
                path,
                before: Some(value.clone()),
                after: None,
            });
        }
    }
    changes
}

/// The attribute paths of a document with their values: simple and multi-valued attributes as they are, singular complex
/// ones opened one level, extensions opened two.
fn leaves(attributes: &Attributes) -> Vec<(String, &Value)> {
    let mut found = Vec::with_capacity(attributes.len() + 8);
    for (name, value) in attributes {
        match value {
            Value::Object(inner) if name.starts_with("urn:") => {
                for (sub, value) in inner {
                    open(format!("{name}:{sub}"), value, &mut found);
                }
            }
            value => open(name.clone(), value, &mut found),
        }
    }
    found
}

fn open<'a>(path: String, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(inner) => {
            for (sub, value) in inner {
                found.push((format!("{path}.{sub}"), value));
            }
        }
        value => found.push((path, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(value: Value) -> Attributes {
        match value {
            Value::Object(map) => map,
            _ => panic!("an object"),
        }
    }

    #[test]
    fn only_what_differs_is_told_in_document_order() {
        let before = attributes(json!({
            "userName": "ada",
            "name": {"givenName": "Ada", "familyName": "King"},
            "title": "Countess",
            "urn:x:User": {"department": "a", "manager": {"value": "1"}}
        }));
        let after = attributes(json!({
            "userName": "ada",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "ada@x.io"}],
            "urn:x:User": {"department": "b", "manager": {"value": "1"}}
        }));
        let told: Vec<_> = field_changes(Some(&before), Some(&after))
            .into_iter()
            .map(|change| (change.path, change.before, change.after))
            .collect();
        assert_eq!(
            told,
            vec![
                (
                    "name.familyName".into(),
                    Some(json!("King")),
                    Some(json!("Lovelace"))
                ),
                ("emails".into(), None, Some(json!([{"value": "ada@x.io"}]))),
                (
                    "urn:x:User:department".into(),
                    Some(json!("a")),
                    Some(json!("b"))
                ),
                ("title".into(), Some(json!("Countess")), None),
            ]
        );
    }

    #[test]
    fn a_membership_names_both_sides() {
        let view = Change::MembershipRemoved {
            team: TeamId(uuid::Uuid::nil()),
            team_name: "Pay".into(),
            member: MemberId(uuid::Uuid::max()),
            member_name: "Ada".into(),
        }
        .view();
        assert_eq!(view.op, ChangeOp::RemoveMember);
        assert_eq!(view.label, "Pay");
        let field = view.fields.first().expect("one field");
        assert_eq!(field.after, None);
        assert_eq!(
            field.before,
            Some(json!({"value": uuid::Uuid::max().to_string(), "display": "Ada"}))
        );
    }
}
