//! Who rules a member: handed to the identity provider, taken back, made one with another member.

use serde_json::Value;

use super::{Request, change, found, missing, updated};
use crate::directory::change::Change;
use crate::directory::decide::verdict::{Draft, Verdict, expect_version};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::member::{Management, Member, PROVOST_USER, ROLES};

/// Hands a member to the identity provider: what it sends of them counts from now on.
pub(in crate::directory::decide) fn hand_over(
    request: &Request<'_>,
    draft: Draft,
    external_id: Option<&str>,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    if before.recovery || before.owner {
        let what = "the owner and recovery admins stay out of the identity provider's hands";
        let step = TraceStep::failed(Stage::Guard, what);
        return Err(draft.refuse(RefusalKind::Forbidden, "RECOVERY_EXEMPT", step));
    }
    let mut rivals = request.facts.rivals.iter();
    if let Some(rival) = rivals.find(|rival| rival.is_unique() && rival.member.id != before.id) {
        return Err(super::taken(draft, rival, before));
    }
    let mut after = before.clone();
    // An admin says so, which is more than that the identity provider found them here.
    after.management = Management::Provisioned;
    if let Some(external_id) = external_id {
        let external_id = Value::String(external_id.to_owned());
        after.attributes.insert("externalId".into(), external_id);
    }
    Ok(change(request, draft, before, after))
}

/// Takes a member out of the identity provider's hands: they are kept here alone.
pub(in crate::directory::decide) fn take_back(
    request: &Request<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, mut draft) = found(request, draft, if_version)?;
    let mut after = before.clone();
    after.management = Management::Local;
    after.attributes.remove("externalId");
    if before.management != Management::Local && request.facts.is_provisioning {
        let what = "the identity provider takes them over again with its next push of them";
        draft.step(TraceStep::noted(Stage::Policy, what));
    }
    Ok(change(request, draft, before, after))
}

/// Makes two members one. The survivor keeps their id; what they lack comes from the other, who is removed.
pub(in crate::directory::decide) fn merge(
    request: &Request<'_>,
    draft: Draft,
    if_versions: Option<(u64, u64)>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_versions.map(|(survivor, _)| survivor))?;
    let Some((other, other_teams)) = &request.facts.other else {
        return Err(missing(draft));
    };
    let seen = if_versions.map(|(_, other)| other);
    let draft = expect_version(draft, "member", other.version, seen)?;
    let draft = may_merge(draft, before, other)?;
    let mut after = before.clone();
    take_from(&mut after, other);
    let mut changes = super::leave(other_teams, other);
    changes.push(Change::MemberRemoved {
        before: Box::new(other.clone()),
    });
    let name = after.display_name();
    if after != *before {
        changes.push(updated(request, before, after));
    }
    let known = &request.facts.teams_of_member;
    let joins = other_teams
        .iter()
        .filter(|(team, _)| !known.iter().any(|(id, _)| id == team));
    changes.extend(joins.map(|(team, team_name)| Change::MembershipAdded {
        team: *team,
        team_name: team_name.clone(),
        member: before.id,
        member_name: name.clone(),
    }));
    changes.push(Change::MemberSucceeded {
        former: other.id,
        member: before.id,
        member_name: before.user_name().to_owned(),
    });
    Ok(draft.done(changes))
}

fn may_merge(draft: Draft, survivor: &Member, other: &Member) -> Result<Draft, Decision> {
    let refuse = |draft: Draft, what: &str| {
        let step = TraceStep::failed(Stage::Match, what);
        Err(draft.refuse(RefusalKind::Invalid, "BAD_MERGE", step))
    };
    if survivor.id == other.id {
        return refuse(draft, "a member cannot be merged with themselves");
    }
    if other.owner || other.recovery {
        let what = "the owner and recovery admins stay; merge the other member into them instead";
        return refuse(draft, what);
    }
    if survivor.management != Management::Local && other.management != Management::Local {
        let what = "both members are the identity provider's, which would make the other one anew";
        return refuse(draft, what);
    }
    if (survivor.owner || survivor.recovery) && other.management != Management::Local {
        let what = "the owner and recovery admins stay out of the identity provider's hands";
        return refuse(draft, what);
    }
    Ok(draft)
}

/// Gives the survivor what they lack of another member. Of the keys, the identity provider's count, so that it finds them
/// again under what it knows.
fn take_from(survivor: &mut Member, other: &Member) {
    if survivor.management == Management::Local && other.management != Management::Local {
        survivor.management = other.management;
        for key in ["userName", "externalId"] {
            match other.attributes.get(key) {
                Some(value) => survivor.attributes.insert(key.into(), value.clone()),
                None => survivor.attributes.remove(key),
            };
        }
    }
    if !survivor.attributes.contains_key(PROVOST_USER) && !survivor.attributes.contains_key(ROLES) {
        for place in [PROVOST_USER, ROLES] {
            if let Some(roles) = other.attributes.get(place) {
                survivor.attributes.insert(place.into(), roles.clone());
            }
        }
    }
    for (name, value) in &other.attributes {
        if name != "active" && !survivor.attributes.contains_key(name) {
            survivor.attributes.insert(name.clone(), value.clone());
        }
    }
    if other.is_active() {
        survivor.set_active(true);
    }
}
