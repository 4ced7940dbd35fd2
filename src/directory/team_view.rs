//! Changes of a team as people read them: its SCIM attributes, and what Provost keeps of it beside them.

use serde_json::{Map, Value, json};

use super::change::{ChangeOp, ChangeView, FieldChange, ObjectKind};
use super::ids::{MemberId, TeamId};
use super::team::Team;
use super::view::differences;

/// A change of the team itself, called as it is `named`.
pub(super) fn team(named: &Team, before: Option<&Team>, after: Option<&Team>) -> ChangeView {
    let op = match (before, after) {
        (None, _) => ChangeOp::Create,
        (Some(_), Some(_)) => ChangeOp::Update,
        (Some(_), None) => ChangeOp::Remove,
    };
    let (was, is) = (before.map(fields), after.map(fields));
    let mut fields = differences(was.as_ref(), is.as_ref());
    if op != ChangeOp::Update {
        // That a new team is not paused goes without saying.
        fields.retain(|field| !["source", "paused"].contains(&field.path.as_str()));
    }
    ChangeView {
        kind: ObjectKind::Team,
        id: named.id.to_string(),
        label: named.display_name().to_owned(),
        op,
        fields,
    }
}

fn fields(team: &Team) -> Map<String, Value> {
    let mut fields = team.attributes.clone();
    let own = &team.own;
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if !own.key.is_empty() {
        put("key", own.key.as_str().into());
    }
    if !own.description.is_empty() {
        put("description", own.description.as_str().into());
    }
    if !own.roles.is_empty() {
        put("roles", json!(own.roles));
    }
    if !own.maintainers.is_empty() {
        put("maintainers", json!(own.maintainers));
    }
    put("source", team.source.as_str().into());
    put("paused", team.paused.into());
    fields
}

/// A member joined or left.
pub(super) fn membership(
    op: ChangeOp,
    team: TeamId,
    team_name: &str,
    member: MemberId,
    member_name: &str,
) -> ChangeView {
    let name = || Some(Value::String(member_name.to_owned()));
    let joined = op == ChangeOp::AddMember;
    ChangeView {
        kind: ObjectKind::Team,
        id: team.to_string(),
        label: team_name.to_owned(),
        op,
        fields: vec![FieldChange {
            path: format!("members[value eq \"{member}\"]"),
            before: if joined { None } else { name() },
            after: if joined { name() } else { None },
        }],
    }
}

/// The team waits for somebody (`waits`), or no longer does.
pub(super) fn parked(team: TeamId, team_name: &str, reference: &str, waits: bool) -> ChangeView {
    let reference = Some(Value::String(reference.to_owned()));
    let (before, after) = if waits {
        (None, reference)
    } else {
        (reference, None)
    };
    ChangeView {
        kind: ObjectKind::Team,
        id: team.to_string(),
        label: team_name.to_owned(),
        op: ChangeOp::Update,
        fields: vec![FieldChange {
            path: "parked".into(),
            before,
            after,
        }],
    }
}
