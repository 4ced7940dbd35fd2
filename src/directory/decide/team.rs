//! Teams: created, changed, removed; members joining and leaving.

use std::collections::BTreeSet;

use super::verdict::{Draft, Verdict, expect_version};
use super::{Circumstance, keys};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::command::MembersEdit;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::fold::fold;
use crate::directory::ids::{MemberId, TeamId};
use crate::directory::member::Attributes;
use crate::directory::policy::{Policy, TeamOnDelete, TeamPostExisting, UnknownMember};
use crate::directory::team::{Team, TeamSource};

/// The attributes by which a team is found again.
const KEYS: [&str; 2] = ["displayName", "externalId"];

/// A team to be.
pub(super) struct NewTeam<'a> {
    pub(super) id: TeamId,
    pub(super) attributes: &'a Attributes,
    pub(super) members: &'a [MemberId],
}

/// A change of a team as it was asked for.
pub(super) struct Edit<'a> {
    pub(super) attributes: Option<&'a Attributes>,
    pub(super) members: &'a MembersEdit,
    pub(super) if_version: Option<u64>,
}

pub(super) fn create(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    new: &NewTeam<'_>,
) -> Verdict {
    let after = Team {
        id: new.id,
        attributes: new.attributes.clone(),
        source: if circumstance.actor.kind == ActorKind::Idp {
            TeamSource::Synced
        } else {
            TeamSource::Local
        },
        version: 1,
        created: circumstance.now,
        modified: circumstance.now,
        deleted: None,
    };
    let draft = keys::readable(draft, None, &after.attributes, KEYS)?;
    let draft = check_keys(policy, facts, draft, &after)?;
    let edit = MembersEdit {
        add: new.members.to_vec(),
        ..MembersEdit::default()
    };
    let (members, draft) = membership(policy, facts, draft, &after, &edit)?;
    let mut changes = vec![Change::TeamCreated {
        after: Box::new(after),
    }];
    changes.extend(members);
    Ok(draft.done(changes))
}

pub(super) fn update(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    edit: &Edit<'_>,
) -> Verdict {
    let (before, mut draft) = found(facts, draft, edit.if_version)?;
    let mut changes = Vec::new();
    let mut after = before.clone();
    if let Some(attributes) = edit
        .attributes
        .filter(|attributes| **attributes != before.attributes)
    {
        after.attributes.clone_from(attributes);
        after.version = before.version + 1;
        after.modified = circumstance.now;
        draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
        draft = check_keys(policy, facts, draft, &after)?;
        changes.push(Change::TeamUpdated {
            before: Box::new(before.clone()),
            after: Box::new(after.clone()),
        });
    }
    let (members, draft) = membership(policy, facts, draft, &after, edit.members)?;
    changes.extend(members);
    Ok(draft.done(changes))
}

pub(super) fn delete(
    policy: &Policy,
    facts: &Facts,
    circumstance: &Circumstance<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Verdict {
    let (before, mut draft) = found(facts, draft, if_version)?;
    draft.policy(
        "teams.on_delete",
        policy.teams.on_delete,
        "what DELETE means",
    );
    let mut changes: Vec<_> = facts
        .current_members
        .iter()
        .map(|(member, name)| left(before, *member, name))
        .collect();
    match policy.teams.on_delete {
        TeamOnDelete::Delete => changes.push(Change::TeamRemoved {
            before: Box::new(before.clone()),
        }),
        TeamOnDelete::EmptyUnlink => {
            let mut after = before.clone();
            after.source = TeamSource::Local;
            after.attributes.remove("externalId");
            after.version = before.version + 1;
            after.modified = circumstance.now;
            changes.push(Change::TeamUpdated {
                before: Box::new(before.clone()),
                after: Box::new(after),
            });
        }
    }
    Ok(draft.done(changes))
}

/// The team the command names, at the version the caller insists on.
fn found(facts: &Facts, draft: Draft, if_version: Option<u64>) -> Result<(&Team, Draft), Decision> {
    let Some(team) = facts.team.as_ref().filter(|team| team.deleted.is_none()) else {
        let step = TraceStep::failed(Stage::Match, "there is no team with this id");
        return Err(draft.refuse(RefusalKind::NotFound, "GROUP_GONE", step));
    };
    Ok((
        team,
        expect_version(draft, "team", team.version, if_version)?,
    ))
}

/// Refuses a name or an `externalId` that another team has.
fn check_keys(
    policy: &Policy,
    facts: &Facts,
    mut draft: Draft,
    wanted: &Team,
) -> Result<Draft, Decision> {
    let others = || facts.rival_teams.iter().filter(|team| team.id != wanted.id);
    let external_id = wanted.external_id();
    if let Some(rival) =
        others().find(|team| external_id.is_some() && team.external_id() == external_id)
    {
        let step = TraceStep::failed(Stage::Match, "externalId is already in use")
            .comparing("a free externalId", format!("held by team {}", rival.id));
        return Err(draft.refuse(RefusalKind::Uniqueness, "DUP_GROUP", step));
    }
    let name = fold(wanted.display_name());
    let Some(rival) = others().find(|team| fold(team.display_name()) == name) else {
        draft.step(TraceStep::passed(
            Stage::Match,
            "no other team has this displayName or externalId",
        ));
        return Ok(draft);
    };
    draft.policy(
        "teams.post_existing_name",
        policy.teams.post_existing_name,
        "whether two teams may share a name",
    );
    match policy.teams.post_existing_name {
        TeamPostExisting::Duplicate => Ok(draft),
        TeamPostExisting::Conflict => {
            let step = TraceStep::failed(Stage::Match, "displayName is already in use")
                .comparing("a free displayName", format!("held by team {}", rival.id));
            Err(draft.refuse(RefusalKind::Uniqueness, "DUP_GROUP", step))
        }
    }
}

/// Who joins and who leaves, so that the team becomes what the edit asks for.
fn membership(
    policy: &Policy,
    facts: &Facts,
    mut draft: Draft,
    team: &Team,
    edit: &MembersEdit,
) -> Result<(Vec<Change>, Draft), Decision> {
    let asked: BTreeSet<MemberId> = edit
        .replace
        .iter()
        .flatten()
        .chain(&edit.add)
        .copied()
        .collect();
    let unknown: Vec<MemberId> = asked
        .iter()
        .filter(|id| !facts.known_members.contains_key(id))
        .copied()
        .collect();
    if let Some(first) = unknown.first() {
        draft.policy(
            "teams.unknown_member",
            policy.teams.unknown_member,
            "what naming somebody unknown does",
        );
        let what = match unknown.len() {
            1 => format!("member {first} not found"),
            n => format!("{n} members not found, the first is {first}"),
        };
        match policy.teams.unknown_member {
            UnknownMember::Reject => {
                let step = TraceStep::failed(Stage::Match, what).comparing(
                    "ids of members that exist",
                    format!("{} unknown of {}", unknown.len(), asked.len()),
                );
                return Err(draft.refuse(RefusalKind::Invalid, "GROUP_FIRST", step));
            }
            UnknownMember::SkipReport => {
                draft.step(TraceStep::noted(Stage::Match, format!("{what}; left out")));
            }
        }
    }
    let removed: BTreeSet<MemberId> = edit.remove.iter().copied().collect();
    let added: BTreeSet<MemberId> = edit.add.iter().copied().collect();
    let replaced: Option<BTreeSet<MemberId>> = edit
        .replace
        .as_ref()
        .map(|ids| ids.iter().copied().collect());
    let stays = |id: &MemberId| {
        let kept = replaced.as_ref().is_none_or(|ids| ids.contains(id)) && !removed.contains(id);
        kept || added.contains(id)
    };
    let mut changes: Vec<Change> = facts
        .current_members
        .iter()
        .filter(|(id, _)| !stays(id))
        .map(|(id, name)| left(team, *id, name))
        .collect();
    for id in asked
        .iter()
        .filter(|id| stays(id) && !facts.current_members.contains_key(id))
    {
        if let Some(name) = facts.known_members.get(id) {
            changes.push(Change::MembershipAdded {
                team: team.id,
                team_name: team.display_name().to_owned(),
                member: *id,
                member_name: name.clone(),
            });
        }
    }
    Ok((changes, draft))
}

fn left(team: &Team, member: MemberId, name: &str) -> Change {
    Change::MembershipRemoved {
        team: team.id,
        team_name: team.display_name().to_owned(),
        member,
        member_name: name.to_owned(),
    }
}
