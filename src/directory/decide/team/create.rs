//! A team comes to be, or a group is linked to a team that is there already.

use serde_json::Value;

use super::membership::membership;
use super::name::{fit_name, fitted, free_key, is_same_name, keys_are_free};
use super::{KEYS, PAUSED, keys, lock, updated};
use crate::directory::actor::ActorKind;
use crate::directory::change::Change;
use crate::directory::command::MembersEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, Stage, TraceStep};
use crate::directory::facts::Facts;
use crate::directory::ids::{MemberId, TeamId};
use crate::directory::member::Attributes;
use crate::directory::policy::{Policy, TeamMatch, TeamPostExisting};
use crate::directory::team::{OwnFields, Team, TeamSource};

/// A team to be.
pub(in crate::directory::decide) struct NewTeam<'a> {
    pub(in crate::directory::decide) id: TeamId,
    pub(in crate::directory::decide) attributes: &'a Attributes,
    pub(in crate::directory::decide) members: &'a [MemberId],
    pub(in crate::directory::decide) references: &'a [String],
}

pub(in crate::directory::decide) fn create(
    request: &Request<'_>,
    draft: Draft,
    new: &NewTeam<'_>,
) -> Verdict {
    let draft = lock::may_create(request, draft)?;
    let (after, draft) = newcomer(request, draft, new)?;
    if after.source == TeamSource::Synced
        && let Some(team) = recognised(request.policy, request.facts, &after.attributes)
    {
        return relink(request, draft, team, &after, new);
    }
    let mut draft = keys_are_free(request, draft, &after)?;
    draft.step(TraceStep::passed(
        Stage::Match,
        "no other team has this displayName or externalId",
    ));
    let edit = MembersEdit {
        add: new.members.to_vec(),
        references: new.references.to_vec(),
        ..MembersEdit::default()
    };
    let (members, draft) = membership(request, draft, &after, &edit)?;
    let mut changes = vec![Change::TeamCreated {
        after: Box::new(after),
    }];
    changes.extend(members);
    Ok(draft.done(changes))
}

fn newcomer(
    request: &Request<'_>,
    draft: Draft,
    new: &NewTeam<'_>,
) -> Result<(Team, Draft), Decision> {
    let is_pushed = request.circumstance.actor.kind == ActorKind::Idp;
    let mut after = Team {
        id: new.id,
        attributes: new.attributes.clone(),
        source: if is_pushed {
            TeamSource::Synced
        } else {
            TeamSource::Local
        },
        own: OwnFields::default(),
        paused: false,
        version: 1,
        created: request.circumstance.now,
        modified: request.circumstance.now,
        deleted: None,
    };
    let draft = keys::readable(draft, None, &after.attributes, KEYS)?;
    let draft = fit_name(request, draft, &mut after)?;
    after.own.key = free_key(request, after.display_name());
    Ok((after, draft))
}

/// The team that a group with these attributes is, if it is one already.
pub fn recognised<'a>(
    policy: &Policy,
    facts: &'a Facts,
    attributes: &Attributes,
) -> Option<&'a Team> {
    let text = |name: &str| attributes.get(name).and_then(Value::as_str);
    policy.teams.r#match.iter().find_map(|key| {
        let is_meant = |team: &&Team| match key {
            TeamMatch::ExternalId => {
                text("externalId").is_some() && team.external_id() == text("externalId")
            }
            TeamMatch::Name => {
                policy.teams.post_existing_name == TeamPostExisting::Link
                    && text("displayName").is_some_and(|name| {
                        let name = fitted(policy.teams.name_rule, name);
                        is_same_name(policy.teams.name_case, team.display_name(), &name)
                    })
            }
        };
        facts.rival_teams.iter().find(is_meant)
    })
}

/// The identity provider rules the team's name and members from now on; everything else stays.
fn relink(
    request: &Request<'_>,
    mut draft: Draft,
    team: &Team,
    wanted: &Team,
    new: &NewTeam<'_>,
) -> Verdict {
    draft.policy(
        "teams.match",
        &request.policy.teams.r#match,
        "by what a group is recognised as a team",
    );
    if team.paused {
        return Ok(draft.ignored(PAUSED));
    }
    let mut after = team.clone();
    after.source = TeamSource::Synced;
    for name in ["displayName", "externalId"] {
        if let Some(value) = wanted.attributes.get(name) {
            after.attributes.insert(name.into(), value.clone());
        }
    }
    let draft = keys_are_free(request, draft, &after)?;
    let edit = MembersEdit {
        replace: Some(new.members.to_vec()),
        references: new.references.to_vec(),
        ..MembersEdit::default()
    };
    let (members, draft) = membership(request, draft, &after, &edit)?;
    let mut changes = Vec::new();
    if after != *team {
        changes.push(updated(request, team, after));
    }
    changes.extend(members);
    Ok(draft.done(changes))
}
