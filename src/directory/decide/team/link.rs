//! A team is handed to an identity provider, taken out of its hands, or left alone by it for a while.

use serde_json::Value;

use super::delete::unlinked;
use super::membership::left;
use super::name::keys_are_free;
use super::parked::{arrived, nobody_is_awaited};
use super::{KEYS, found, keys, lock, updated};
use crate::directory::change::Change;
use crate::directory::command::Leaving;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::team::{Team, TeamSource};

/// Hands a team to the identity provider, which finds it by `external_id` or, without one, by its name.
pub(in crate::directory::decide) fn link(
    request: &Request<'_>,
    draft: Draft,
    external_id: Option<&str>,
    if_version: Option<u64>,
) -> Verdict {
    let (before, mut draft) = found(request, draft, if_version)?;
    draft.policy(
        "teams.match",
        &request.policy.teams.r#match,
        "by what a group is recognised as a team",
    );
    if external_id.is_none() && !lock::links_by_name(request) {
        let what = "groups are not linked by their name here; name the externalId of the group";
        let step = TraceStep::failed(Stage::Policy, what)
            .comparing("an externalId, or name in teams.match", "neither");
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    let mut after = before.clone();
    after.source = TeamSource::Synced;
    if let Some(external_id) = external_id {
        let external_id = Value::String(external_id.to_owned());
        after.attributes.insert("externalId".into(), external_id);
    }
    let draft = keys::readable(draft, Some(&before.attributes), &after.attributes, KEYS)?;
    let draft = keys_are_free(request, draft, &after)?;
    Ok(changed(request, draft, before, after, Vec::new()))
}

/// Takes a team out of the identity provider's hands.
pub(in crate::directory::decide) fn unlink(
    request: &Request<'_>,
    draft: Draft,
    members: Leaving,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let draft = is_synced(draft, before)?;
    let mut changes: Vec<Change> = match members {
        Leaving::Keep => Vec::new(),
        Leaving::Empty => {
            let leavers = request.facts.current_members.iter();
            leavers.map(|(id, name)| left(before, *id, name)).collect()
        }
    };
    changes.extend(nobody_is_awaited(request, before));
    let after = unlinked(before, TeamSource::Unlinked);
    Ok(changed(request, draft, before, after, changes))
}

/// Stops the identity provider's changes of one team, or lets them in again; then those who were waited for and have
/// arrived meanwhile join.
pub(in crate::directory::decide) fn pause(
    request: &Request<'_>,
    draft: Draft,
    paused: bool,
    if_version: Option<u64>,
) -> Verdict {
    let (before, draft) = found(request, draft, if_version)?;
    let draft = is_synced(draft, before)?;
    let mut after = before.clone();
    after.paused = paused;
    let joined = if paused || after == *before {
        Vec::new()
    } else {
        arrived(request, before)
    };
    Ok(changed(request, draft, before, after, joined))
}

fn is_synced(draft: Draft, team: &Team) -> Result<Draft, Decision> {
    if team.source == TeamSource::Synced {
        return Ok(draft);
    }
    let what = "no identity provider rules this team";
    let step =
        TraceStep::failed(Stage::Match, what).comparing("a synced team", team.source.as_str());
    Err(draft.refuse(RefusalKind::Forbidden, "TEAM_NOT_SYNCED", step))
}

fn changed(
    request: &Request<'_>,
    draft: Draft,
    before: &Team,
    after: Team,
    mut changes: Vec<Change>,
) -> Decision {
    if after != *before {
        changes.insert(0, updated(request, before, after));
    }
    draft.done(changes)
}
