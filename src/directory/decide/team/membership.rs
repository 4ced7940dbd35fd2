//! Members join a team and leave it.

use std::collections::{BTreeMap, BTreeSet};

use super::parked::{MOST_PARKED, is_done_with, waits};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::command::MembersEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::ids::MemberId;
use crate::directory::policy::UnknownMember;
use crate::directory::team::Team;

/// A reference to somebody unknown that is waited for is no longer than this.
const LONGEST_REFERENCE: usize = 255;

/// Who joins and who leaves, so that the team becomes what the edit asks for; and for whom it waits.
pub(super) fn membership(
    request: &Request<'_>,
    draft: Draft,
    team: &Team,
    edit: &MembersEdit,
) -> Result<(Vec<Change>, Draft), Decision> {
    let facts = request.facts;
    let alias = |reference: &String| facts.aliases.get(reference).map(|(id, _)| *id);
    let dropped = edit.dropped.iter().filter_map(alias);
    let removed: BTreeSet<MemberId> = edit.remove.iter().copied().chain(dropped).collect();
    let added: BTreeSet<MemberId> = edit.add.iter().copied().collect();
    let mut wanted: BTreeMap<MemberId, &str> = BTreeMap::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    // References that turned out to be somebody.
    let mut found: BTreeMap<String, MemberId> = BTreeMap::new();
    let ids = edit.replace.iter().flatten().chain(&edit.add);
    let ids = ids.filter(|id| added.contains(id) || !removed.contains(id));
    let named = ids.map(|id| (Some(*id), id.to_string()));
    let references = edit.references.iter();
    for (id, reference) in named.chain(references.map(|reference| (None, reference.clone()))) {
        let by_id = id.and_then(|id| facts.known_members.get(&id).map(|name| (id, name)));
        let by_alias = || {
            let alias = facts.aliases.get(&reference);
            alias.map(|(id, name)| (*id, name))
        };
        match by_id.or_else(by_alias) {
            Some((id, name)) => {
                wanted.insert(id, name);
                found.insert(reference, id);
            }
            None => {
                unknown.insert(reference);
            }
        }
    }
    let (parked, draft) = parking(request, draft, team, edit, &unknown, &found)?;
    let stays = |id: &MemberId| {
        let kept = edit.replace.is_none() && !removed.contains(id);
        kept || wanted.contains_key(id)
    };
    let mut changes: Vec<Change> = facts
        .current_members
        .iter()
        .filter(|(id, _)| !stays(id))
        .map(|(id, name)| left(team, *id, name))
        .collect();
    for (id, name) in wanted {
        if !facts.current_members.contains_key(&id) {
            changes.push(Change::MembershipAdded {
                team: team.id,
                team_name: team.display_name().to_owned(),
                member: id,
                member_name: name.to_owned(),
            });
        }
    }
    changes.extend(parked);
    Ok((changes, draft))
}

/// What becomes of those who are unknown, and of those for whom the team has waited.
fn parking(
    request: &Request<'_>,
    mut draft: Draft,
    team: &Team,
    edit: &MembersEdit,
    unknown: &BTreeSet<String>,
    found: &BTreeMap<String, MemberId>,
) -> Result<(Vec<Change>, Draft), Decision> {
    let facts = request.facts;
    let mut changes = Vec::new();
    let dropped: BTreeSet<String> = edit
        .remove
        .iter()
        .map(ToString::to_string)
        .chain(edit.dropped.iter().cloned())
        .collect();
    for reference in facts
        .parked
        .iter()
        .filter(|reference| !unknown.contains(*reference))
    {
        let member = found.get(reference).copied();
        if member.is_some() || edit.replace.is_some() || dropped.contains(reference) {
            changes.push(is_done_with(team, reference, member));
        }
    }
    let Some(first) = unknown.first() else {
        return Ok((changes, draft));
    };
    // An admin who names somebody unknown has mistyped.
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    let value = if is_pushed {
        let value = request.policy.teams.unknown_member;
        draft.policy(
            "teams.unknown_member",
            value,
            "what naming somebody unknown does",
        );
        value
    } else {
        UnknownMember::Reject
    };
    let shown: String = first
        .chars()
        .filter(|it| !it.is_control())
        .take(80)
        .collect();
    let what = match unknown.len() {
        1 => format!("member {shown} not found"),
        n => format!("{n} members not found, the first is {shown}"),
    };
    match value {
        UnknownMember::Reject => {
            let asked = unknown.len() + found.len();
            let step = TraceStep::failed(Stage::Match, what).comparing(
                "ids of members that exist",
                format!("{} unknown of {asked}", unknown.len()),
            );
            // Of a group that is there, whom the client names is not found; an admin has mistyped.
            let kind = if is_pushed && facts.team.is_some() {
                RefusalKind::NotFound
            } else {
                RefusalKind::Invalid
            };
            let draft = draft.in_case("unknown", &shown);
            return Err(draft.refuse(kind, "GROUP_FIRST", step));
        }
        UnknownMember::SkipReport => {
            draft.step(TraceStep::noted(Stage::Match, format!("{what}; left out")));
        }
        UnknownMember::Park => {
            let new: Vec<&String> = unknown.difference(&facts.parked).collect();
            if let Some(long) = new.iter().find(|it| it.chars().count() > LONGEST_REFERENCE) {
                let what = format!("a member's value has {LONGEST_REFERENCE} characters at most");
                let step = TraceStep::failed(Stage::Match, what).comparing(
                    format!("{LONGEST_REFERENCE} characters"),
                    long.chars().count().to_string(),
                );
                return Err(draft.refuse(RefusalKind::Invalid, "GROUP_FIRST", step));
            }
            let count = |many: usize| u64::try_from(many).unwrap_or(u64::MAX);
            let waited = facts.parked_count.saturating_sub(count(changes.len())) + count(new.len());
            if waited > MOST_PARKED {
                let what = format!(
                    "{what}; the team would wait for more than {MOST_PARKED} people who are not here yet"
                );
                let step = TraceStep::failed(Stage::Match, what)
                    .comparing(MOST_PARKED.to_string(), waited.to_string());
                return Err(draft.refuse(RefusalKind::Invalid, "GROUP_FIRST", step));
            }
            let how = if new.is_empty() {
                "the team waits for them already"
            } else {
                "the team waits for them"
            };
            draft.step(TraceStep::noted(Stage::Match, format!("{what}; {how}")));
            changes.extend(new.into_iter().map(|reference| waits(team, reference)));
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
