//! Who may make teams and who may change them, while team sync is on and while it is off.

use super::super::Request;
use crate::directory::actor::ActorKind;
use crate::directory::command::MembersEdit;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::policy::{
    LocalCreate, LockedField, Policy, SyncToggle, TeamMatch, TeamPostExisting,
};
use crate::directory::team::{Team, TeamSource};

/// Whether groups are taken: team sync is on, or has no switch.
pub(super) fn is_syncing(request: &Request<'_>) -> bool {
    syncs(request.policy, request.facts)
}

/// The same of a policy and facts.
pub(in crate::directory::decide) fn syncs(policy: &Policy, facts: &Facts) -> bool {
    let has_switch = policy.teams.sync_toggle == SyncToggle::Toggle;
    facts.is_provisioning && (!has_switch || facts.team_sync)
}

/// Refuses a group of an identity provider while team sync is off, or one whose groups do not become teams.
pub(super) fn may_push(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    if request.circumstance.actor.kind != ActorKind::Idp {
        return Ok(draft);
    }
    let teams = &request.policy.teams;
    if teams.sync_toggle == SyncToggle::Toggle && !request.facts.team_sync {
        draft.policy(
            "teams.sync_toggle",
            teams.sync_toggle,
            "whether team sync is a switch",
        );
        let step = TraceStep::failed(Stage::Policy, "team sync is off")
            .comparing("team sync on", "team sync off");
        return Err(draft.refuse(RefusalKind::Forbidden, "TEAM_SYNC_OFF", step));
    }
    if let Some(idp) = &request.facts.idp
        && !teams.idps.has(idp)
    {
        draft.policy("teams.idps", &teams.idps, "whose groups become teams");
        let what = format!("groups of {idp} do not become teams here");
        let step =
            TraceStep::failed(Stage::Policy, what).comparing(teams.idps.to_string(), idp.as_str());
        return Err(draft.refuse(RefusalKind::Forbidden, "TEAM_IDP", step));
    }
    Ok(draft)
}

/// Whether a group becomes the team that has its name already: then it matters which teams are an identity provider's.
pub(super) fn links_by_name(request: &Request<'_>) -> bool {
    let teams = &request.policy.teams;
    teams.r#match.contains(&TeamMatch::Name) && teams.post_existing_name == TeamPostExisting::Link
}

/// Refuses what an identity provider asks of a team that an admin took out of its hands.
pub(super) fn is_its_own(
    request: &Request<'_>,
    draft: Draft,
    team: &Team,
) -> Result<Draft, Decision> {
    let is_concerned = request.circumstance.actor.kind == ActorKind::Idp;
    if !is_concerned || team.source != TeamSource::Unlinked {
        return Ok(draft);
    }
    let what = "an admin has unlinked this team; it is kept by hand until it is linked again";
    let step =
        TraceStep::failed(Stage::Match, what).comparing("a synced team", team.source.as_str());
    Err(draft.refuse(RefusalKind::Forbidden, "TEAM_UNLINKED", step))
}

/// Refuses a team that is made here while the identity provider makes them.
pub(super) fn may_create(request: &Request<'_>, draft: Draft) -> Result<Draft, Decision> {
    let mut draft = may_push(request, draft)?;
    let value = request.policy.teams.local_create_while_sync;
    let is_concerned = request.circumstance.actor.kind == ActorKind::Admin && is_syncing(request);
    if !is_concerned || value == LocalCreate::Allow {
        return Ok(draft);
    }
    draft.policy(
        "teams.local_create_while_sync",
        value,
        "whether teams may be made here while team sync is on",
    );
    let what = "teams are made by the identity provider while team sync is on";
    let step = TraceStep::failed(Stage::Policy, what);
    Err(draft
        .in_case("team_new", "")
        .refuse(RefusalKind::Forbidden, "MANAGED_BY_IDP", step))
}

/// Refuses what only the identity provider may change in a synced team.
pub(super) fn may_edit(
    request: &Request<'_>,
    draft: Draft,
    before: &Team,
    after: &Team,
    members: &MembersEdit,
) -> Result<Draft, Decision> {
    let draft = may_push(request, draft)?;
    let locked = &request.policy.teams.locked_fields;
    let renames = before.display_name() != after.display_name();
    if !is_locked(request, before) {
        return Ok(draft);
    }
    if renames && locked.contains(&LockedField::Name) {
        let what = "the name of a synced team is the identity provider's; change it there";
        return Err(refused(request, draft, before, ("team_name", what)));
    }
    if !members.is_empty() && locked.contains(&LockedField::Members) {
        let what = "the members of a synced team are the identity provider's; change them there";
        return Err(refused(request, draft, before, ("team_members", what)));
    }
    Ok(draft)
}

/// Refuses to delete a synced team whose members only the identity provider may change.
pub(super) fn may_delete(
    request: &Request<'_>,
    draft: Draft,
    team: &Team,
) -> Result<Draft, Decision> {
    let draft = may_push(request, draft)?;
    let locked = &request.policy.teams.locked_fields;
    if !is_locked(request, team) || !locked.contains(&LockedField::Members) {
        return Ok(draft);
    }
    let what = "a synced team is deleted at the identity provider; here, once it is unlinked or paused, or team sync is off";
    Err(refused(request, draft, team, ("team_delete", what)))
}

/// Whether an admin finds the locked fields of a team locked.
fn is_locked(request: &Request<'_>, team: &Team) -> bool {
    request.circumstance.actor.kind == ActorKind::Admin
        && team.source == TeamSource::Synced
        && !team.paused
        && is_syncing(request)
}

fn refused(
    request: &Request<'_>,
    mut draft: Draft,
    team: &Team,
    (case, what): (&'static str, &'static str),
) -> Decision {
    draft.policy(
        "teams.locked_fields",
        &request.policy.teams.locked_fields,
        "what only the identity provider may change in a synced team",
    );
    let step = TraceStep::failed(Stage::Policy, what)
        .comparing("a team that is kept here", "one that is synced");
    let draft = draft.in_case(case, team.display_name());
    draft.refuse(RefusalKind::Forbidden, "MANAGED_BY_IDP", step)
}
