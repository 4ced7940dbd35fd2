//! Changes as people read them: which attribute paths differ, and how.

use serde_json::{Map, Value};

use super::change::{Change, ChangeOp, ChangeView, FieldChange, ObjectKind};
use super::connection::Connection;
use super::ids::ClientId;
use super::ids::MemberId;
use super::incident::Tended;
use super::member::Member;
use super::policy::Policy;
use super::settings::{Provisioning, Settings};
use super::stream::{Delivery, Stream};
use super::team_view;

/// How many attribute paths one change shows; a resource has at most a few hundred.
const MAX_FIELDS: usize = 200;

impl Change {
    /// This change as people read it.
    pub fn view(&self) -> ChangeView {
        match self {
            Self::MemberCreated { after } => member(
                after,
                ChangeOp::Create,
                differences(None, Some(&after.attributes)),
            ),
            Self::MemberUpdated { before, after } => {
                let mut fields = differences(Some(&before.attributes), Some(&after.attributes));
                if before.deleted != after.deleted {
                    fields.push(FieldChange {
                        path: "deleted".into(),
                        before: before.deleted.map(|at| Value::String(at.to_string())),
                        after: after.deleted.map(|at| Value::String(at.to_string())),
                    });
                }
                if before.invited != after.invited {
                    fields.push(FieldChange {
                        path: "invited".into(),
                        before: before.invited.map(|at| Value::String(at.to_string())),
                        after: after.invited.map(|at| Value::String(at.to_string())),
                    });
                }
                let mut tell = |path: &str, was: &str, is: &str| {
                    if was != is {
                        fields.push(FieldChange {
                            path: path.into(),
                            before: Some(Value::String(was.into())),
                            after: Some(Value::String(is.into())),
                        });
                    }
                };
                tell(
                    "management",
                    before.management.as_str(),
                    after.management.as_str(),
                );
                let kept = |member: &Member| if member.recovery { "true" } else { "false" };
                tell("recovery", kept(before), kept(after));
                // Who gives up their keys is called as before.
                let named = if after.user_name().is_empty() {
                    before
                } else {
                    after
                };
                member(named, ChangeOp::Update, fields)
            }
            Self::MemberRemoved { before } => member(
                before,
                ChangeOp::Remove,
                differences(Some(&before.attributes), None),
            ),
            Self::PasswordSet {
                member,
                member_name,
            } => ChangeView {
                kind: ObjectKind::Member,
                id: member.to_string(),
                label: member_name.clone(),
                op: ChangeOp::Update,
                fields: vec![FieldChange {
                    path: "password".into(),
                    before: None,
                    after: Some(Value::String("***".into())),
                }],
            },
            Self::RoleUnmatched {
                member,
                member_name,
                role,
            } => ChangeView {
                kind: ObjectKind::Member,
                id: member.to_string(),
                label: member_name.clone(),
                op: ChangeOp::Update,
                fields: vec![added("role.unmatched", role)],
            },
            Self::MemberSucceeded {
                former,
                member,
                member_name,
            } => ChangeView {
                kind: ObjectKind::Member,
                id: member.to_string(),
                label: member_name.clone(),
                op: ChangeOp::Update,
                fields: vec![added("formerId", former)],
            },
            Self::ScimUsersDeleted { members } => ChangeView {
                kind: ObjectKind::Member,
                id: uuid::Uuid::nil().to_string(),
                label: "scim-users-deleted".into(),
                op: ChangeOp::Remove,
                fields: vec![FieldChange {
                    path: "members".into(),
                    before: Some(Value::from(*members)),
                    after: Some(Value::from(0)),
                }],
            },
            Self::ScimGroupsDeleted { teams } => ChangeView {
                kind: ObjectKind::Team,
                id: uuid::Uuid::nil().to_string(),
                label: "scim-groups-deleted".into(),
                op: ChangeOp::Remove,
                fields: vec![FieldChange {
                    path: "teams".into(),
                    before: Some(Value::from(*teams)),
                    after: Some(Value::from(0)),
                }],
            },
            Self::TeamCreated { after } => team_view::team(after, None, Some(after)),
            Self::TeamUpdated { before, after } => {
                team_view::team(after, Some(before), Some(after))
            }
            Self::TeamRemoved { before } => team_view::team(before, Some(before), None),
            Self::MembershipAdded {
                team,
                team_name,
                member,
                member_name,
            } => team_view::membership(ChangeOp::AddMember, *team, team_name, *member, member_name),
            Self::MembershipRemoved {
                team,
                team_name,
                member,
                member_name,
            } => team_view::membership(
                ChangeOp::RemoveMember,
                *team,
                team_name,
                *member,
                member_name,
            ),
            Self::MemberParked {
                team,
                team_name,
                reference,
            } => team_view::parked(*team, team_name, reference, true),
            Self::MemberUnparked {
                team,
                team_name,
                reference,
                ..
            } => team_view::parked(*team, team_name, reference, false),
            Self::TokenIssued {
                id,
                name,
                scope,
                owner,
            } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Create,
                fields: std::iter::once(added("scope", scope))
                    .chain(owner.iter().map(|owner| added("owner", owner)))
                    .collect(),
            },
            Self::TokenRevoked { id, name } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Remove,
                fields: Vec::new(),
            },
            Self::TokenRotated {
                id,
                name,
                before,
                expires,
            } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Update,
                fields: vec![FieldChange {
                    path: "expires".into(),
                    before: before.map(|at| Value::String(at.to_string())),
                    after: Some(Value::String(expires.to_string())),
                }],
            },
            Self::ClientCreated {
                id,
                name,
                authentication,
                redirect_uris,
            } => ChangeView {
                kind: ObjectKind::Client,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Create,
                fields: std::iter::once(added("authentication", authentication.as_str()))
                    .chain(redirect_uris.iter().map(|uri| added("redirect_uri", uri)))
                    .collect(),
            },
            Self::ClientRotated { id, name } => of_client(*id, name, vec![changed("secret")]),
            Self::ConsentGiven {
                id,
                client,
                name,
                admin,
            } => of_client(
                *client,
                name,
                vec![added("consent", id), added("granted_by", admin)],
            ),
            Self::ConsentUsed {
                id, client, name, ..
            } => of_client(*client, name, vec![added("tokens_of_consent", id)]),
            Self::ConsentRevoked { id, client, name } => of_client(
                *client,
                name,
                vec![FieldChange {
                    path: "consent".into(),
                    before: Some(Value::String(id.to_string())),
                    after: None,
                }],
            ),
            Self::ClientRevoked { id, name } => ChangeView {
                kind: ObjectKind::Client,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Remove,
                fields: Vec::new(),
            },
            Self::AccessTokenIssued {
                id,
                client,
                name,
                scope,
                expires,
                consent: _,
            } => ChangeView {
                kind: ObjectKind::Token,
                id: id.to_string(),
                label: name.clone(),
                op: ChangeOp::Create,
                fields: vec![
                    added("scope", scope),
                    added("client", client),
                    added("expires", expires),
                ],
            },
            Self::StreamCreated { after } => {
                stream(after, ChangeOp::Create, None, Some(after), false)
            }
            Self::StreamUpdated {
                before,
                after,
                reset,
            } => stream(after, ChangeOp::Update, Some(before), Some(after), *reset),
            Self::StreamRemoved { before } => {
                stream(before, ChangeOp::Remove, Some(before), None, false)
            }
            Self::SettingsChanged { before, after } => ChangeView {
                kind: ObjectKind::Settings,
                id: uuid::Uuid::nil().to_string(),
                label: "settings".into(),
                op: ChangeOp::Update,
                fields: setting_differences(before, after),
            },
            Self::IncidentOpened {
                id,
                code,
                severity,
                member_name,
                ..
            } => ChangeView {
                kind: ObjectKind::Incident,
                id: id.to_string(),
                label: format!("{code} {id}"),
                op: ChangeOp::Create,
                fields: vec![
                    added("severity", severity.as_str()),
                    added("subject", member_name),
                ],
            },
            Self::IncidentTended { before, after } => ChangeView {
                kind: ObjectKind::Incident,
                id: after.id.to_string(),
                label: format!("{} {}", after.code, after.id),
                op: ChangeOp::Update,
                fields: differences(
                    tended(&before.tended).as_object(),
                    tended(&after.tended).as_object(),
                ),
            },
            Self::RecoveryProven {
                member,
                member_name,
                at,
            } => of_recovery(*member, member_name, added("proven", at)),
            Self::RecoveryCodesMade {
                member,
                member_name,
                count,
            } => of_recovery(*member, member_name, added("recoveryCodes", count)),
            Self::RecoveryCodeUsed {
                member,
                member_name,
            } => of_recovery(*member, member_name, added("recoveryCode", "used")),
            Self::PasswordLinkMade {
                member,
                member_name,
                kind,
                expires,
            } => of_recovery(
                *member,
                member_name,
                added("passwordLink", format!("{kind}, until {expires}")),
            ),
            Self::SigningKeyAdded { id } => ChangeView {
                kind: ObjectKind::SigningKey,
                id: id.to_string(),
                label: format!("signing key {}", id.0.simple()),
                op: ChangeOp::Create,
                fields: Vec::new(),
            },
        }
    }
}

/// What differs between two settings; of the policy each key whose value does, whether preset or setting says it.
fn setting_differences(before: &Settings, after: &Settings) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let mut note = |path: &str, before: String, after: String| {
        if before != after {
            fields.push(FieldChange {
                path: path.to_owned(),
                before: Some(Value::String(before)),
                after: Some(Value::String(after)),
            });
        }
    };
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    note("preset", before.preset.clone(), after.preset.clone());
    note(
        "teamSync",
        switch(before.team_sync),
        switch(after.team_sync),
    );
    let word = |state: Provisioning| state.as_str().to_owned();
    note(
        "provisioning",
        word(before.provisioning),
        word(after.provisioning),
    );
    note(
        "connections",
        connection_names(&before.connections),
        connection_names(&after.connections),
    );
    super::sso_view::note(before.sso.as_ref(), after.sso.as_ref(), &mut note);
    if let (Ok(was), Ok(is)) = (before.policy(), after.policy()) {
        for key in was.differences(&is) {
            let value = |policy: &Policy| policy.value(key).unwrap_or_default();
            note(key, value(&was), value(&is));
        }
    }
    fields
}

fn connection_names(connections: &[Connection]) -> String {
    let names = connections
        .iter()
        .map(|it| format!("{} ({}, {})", it.name, it.idp, it.credential.as_str()));
    names.collect::<Vec<_>>().join(", ")
}

fn of_client(id: ClientId, name: &str, fields: Vec<FieldChange>) -> ChangeView {
    ChangeView {
        kind: ObjectKind::Client,
        id: id.to_string(),
        label: name.to_owned(),
        op: ChangeOp::Update,
        fields,
    }
}

/// An attribute that has another value, of which nothing is to be seen.
fn changed(path: &str) -> FieldChange {
    FieldChange {
        path: path.to_owned(),
        before: None,
        after: Some(Value::String("another".into())),
    }
}

/// What admins did about an incident, without the version.
fn tended(tended: &Tended) -> Value {
    let mut fields = serde_json::to_value(tended).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("version");
    }
    fields
}

fn of_recovery(member: MemberId, name: &str, field: FieldChange) -> ChangeView {
    ChangeView {
        kind: ObjectKind::Member,
        id: member.to_string(),
        label: name.to_owned(),
        op: ChangeOp::Update,
        fields: vec![field],
    }
}

fn added(path: &str, value: impl std::fmt::Display) -> FieldChange {
    FieldChange {
        path: path.to_owned(),
        before: None,
        after: Some(Value::String(value.to_string())),
    }
}

fn stream(
    stream: &Stream,
    op: ChangeOp,
    before: Option<&Stream>,
    after: Option<&Stream>,
    reset: bool,
) -> ChangeView {
    let (was, is) = (before.map(stream_fields), after.map(stream_fields));
    let mut fields = differences(was.as_ref(), is.as_ref());
    if reset {
        fields.push(FieldChange {
            path: "queue".into(),
            before: None,
            after: Some(Value::String("dropped".into())),
        });
    }
    ChangeView {
        kind: ObjectKind::Stream,
        id: stream.id.to_string(),
        label: stream.name.clone(),
        op,
        fields,
    }
}

fn stream_fields(stream: &Stream) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, text: String| fields.insert(name.to_owned(), Value::String(text));
    put("delivery", stream.delivery.as_str().to_owned());
    if let Delivery::Push { endpoint } = &stream.delivery {
        put("endpoint", endpoint.clone());
    }
    let events: Vec<&str> = stream.events.iter().map(|kind| kind.as_str()).collect();
    if !events.is_empty() {
        put("events", events.join(", "));
    }
    let form = match stream.form {
        crate::scim::events::EventForm::Full => "full",
        crate::scim::events::EventForm::Notice => "notice",
    };
    put("format", form.to_owned());
    if let Some(team) = stream.team {
        put("team", team.to_string());
    }
    put("state", stream.state.as_str().to_owned());
    if let super::stream::StreamState::Stopped { reason, .. } = &stream.state {
        put("reason", reason.clone());
    }
    fields
}

fn member(member: &Member, op: ChangeOp, fields: Vec<FieldChange>) -> ChangeView {
    ChangeView {
        kind: ObjectKind::Member,
        id: member.id.to_string(),
        label: member.user_name().to_owned(),
        op,
        fields,
    }
}

/// The paths that differ: sub-attributes one by one, multi-valued attributes whole.
pub(super) fn differences(
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let empty = Map::new();
    collect(
        0,
        "",
        before.unwrap_or(&empty),
        after.unwrap_or(&empty),
        &mut fields,
    );
    fields
}

fn collect(
    depth: usize,
    prefix: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    fields: &mut Vec<FieldChange>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(gone) {
        let (was, is) = (before.get(key), after.get(key));
        if was == is || fields.len() >= MAX_FIELDS {
            continue;
        }
        // An extension is joined to its attributes with a colon, an attribute to its sub-attributes with a dot
        // (RFC 7644 §3.10). Only what stands at the top can be an extension.
        let path = match (depth, prefix) {
            (0, _) => key.clone(),
            (1, urn) if urn.starts_with("urn:") => format!("{urn}:{key}"),
            (_, parent) => format!("{parent}.{key}"),
        };
        let empty = Map::new();
        match (was, is) {
            (Some(Value::Object(was)), Some(Value::Object(is))) => {
                collect(depth + 1, &path, was, is, fields);
            }
            (None, Some(Value::Object(is))) => collect(depth + 1, &path, &empty, is, fields),
            (Some(Value::Object(was)), None) => collect(depth + 1, &path, was, &empty, fields),
            _ => fields.push(FieldChange {
                path,
                before: was.cloned(),
                after: is.cloned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_paths_that_differ() {
        let before =
            json!({"userName": "a", "name": {"givenName": "A", "familyName": "B"}, "title": "x"});
        let after = json!({"userName": "a", "name": {"givenName": "C", "familyName": "B"},
            "urn:x:User": {"role": "admin"}});
        let fields = differences(before.as_object(), after.as_object());
        let paths: Vec<_> = fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["name.givenName", "urn:x:User:role", "title"]);
    }

    #[test]
    fn names_a_sub_attribute_of_an_extension_as_a_path_does() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let before = json!({});
        let after = json!({ enterprise: {"manager": {"value": "26118915"}, "department": "D"} });
        let paths = |before: &Value, after: &Value| -> Vec<String> {
            let fields = differences(before.as_object(), after.as_object());
            fields.into_iter().map(|field| field.path).collect()
        };
        let named = [
            format!("{enterprise}:manager.value"),
            format!("{enterprise}:department"),
        ];
        assert_eq!(paths(&before, &after), named);
        assert_eq!(paths(&after, &before), named);
    }
}
