//! Members join a team and leave it.

use std::collections::BTreeSet;

use crate::directory::change::Change;
use crate::directory::command::MembersEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::ids::MemberId;
use crate::directory::policy::UnknownMember;
use crate::directory::team::Team;

/// Who joins and who leaves, so that the team becomes what the edit asks for.
pub(super) fn membership(
    request: &Request<'_>,
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
        .filter(|id| !request.facts.known_members.contains_key(id))
        .copied()
        .collect();
    if let Some(first) = unknown.first() {
        draft.policy(
            "teams.unknown_member",
            request.policy.teams.unknown_member,
            "what naming somebody unknown does",
        );
        let what = match unknown.len() {
            1 => format!("member {first} not found"),
            n => format!("{n} members not found, the first is {first}"),
        };
        match request.policy.teams.unknown_member {
            UnknownMember::Reject => {
                let step = TraceStep::failed(Stage::Match, what).comparing(
                    "ids of members that exist",
                    format!("{} unknown of {}", unknown.len(), asked.len()),
                );
                return Err(draft.refuse(RefusalKind::Invalid, "GROUP_FIRST", step));
            }
            UnknownMember::SkipReport | UnknownMember::Park => {
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
    let mut changes: Vec<Change> = request
        .facts
        .current_members
        .iter()
        .filter(|(id, _)| !stays(id))
        .map(|(id, name)| left(team, *id, name))
        .collect();
    for id in asked
        .iter()
        .filter(|id| stays(id) && !request.facts.current_members.contains_key(id))
    {
        if let Some(name) = request.facts.known_members.get(id) {
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

pub(super) fn left(team: &Team, member: MemberId, name: &str) -> Change {
    Change::MembershipRemoved {
        team: team.id,
        team_name: team.display_name().to_owned(),
        member,
        member_name: name.to_owned(),
    }
}
