//! The keys of a team: its name and the identity provider's id.

use super::super::Request;
use crate::directory::decide::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::fold::fold;
use crate::directory::policy::{Policy, TeamCase, TeamNameRule, TeamPostExisting};
use crate::directory::team::{Team, TeamSource, slug};

/// A key has no more characters than this, before the number that makes it unique.
const LONGEST_KEY: usize = 64;

/// Whether two names are the same.
pub(in crate::directory::decide) fn is_same_name(case: TeamCase, one: &str, other: &str) -> bool {
    match case {
        TeamCase::Exact => one == other,
        TeamCase::Fold => fold(one) == fold(other),
    }
}

/// The name that a team gets who is to be called so; whether the policy allows it is another question.
pub fn fitted(rule: TeamNameRule, name: &str) -> String {
    match rule {
        TeamNameRule::None => name.to_owned(),
        TeamNameRule::DdCharset => name.replace(' ', "_"),
    }
}

/// Makes the name one that the policy allows, or refuses it.
pub(super) fn fit_name(
    request: &Request<'_>,
    mut draft: Draft,
    team: &mut Team,
) -> Result<Draft, Decision> {
    let rule = request.policy.teams.name_rule;
    match rule {
        TeamNameRule::None => Ok(draft),
        TeamNameRule::DdCharset => {
            draft.policy("teams.name_rule", rule, "which names a team may have");
            let came = team.display_name();
            let fitting = fitted(rule, came);
            let is_allowed =
                |letter: char| letter.is_ascii_alphanumeric() || "._-:/".contains(letter);
            if fitting.is_empty() || !fitting.chars().all(is_allowed) {
                let what = "the name of a team has letters, digits and ._-:/ only";
                let step = TraceStep::failed(Stage::Policy, what);
                return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
            }
            if fitting != came {
                let what = format!("the name becomes {fitting}");
                draft.step(TraceStep::noted(Stage::Policy, what));
                team.attributes.insert("displayName".into(), fitting.into());
            }
            Ok(draft)
        }
    }
}

/// The key that a name asks for: under `dd_charset` the handle, else a slug. 64 characters at most.
pub fn wanted_key(policy: &Policy, name: &str) -> String {
    let key = match policy.teams.name_rule {
        TeamNameRule::DdCharset => name.to_lowercase().trim_end_matches('_').to_owned(),
        TeamNameRule::None => slug(name),
    };
    key.chars().take(LONGEST_KEY).collect()
}

/// The key that a name asks for, or the first free one after it.
pub(super) fn free_key(request: &Request<'_>, name: &str) -> String {
    let taken = &request.facts.team_keys;
    let wanted = wanted_key(request.policy, name);
    if !taken.contains(&wanted) {
        return wanted;
    }
    let mut others = (2_u64..).map(|number| format!("{wanted}-{number}"));
    others
        .find(|key| !taken.contains(key))
        .expect("of more keys than are taken one is free")
}

/// Refuses a name or an `externalId` that another team has.
pub(super) fn keys_are_free(
    request: &Request<'_>,
    mut draft: Draft,
    wanted: &Team,
) -> Result<Draft, Decision> {
    let others = || {
        let rivals = request.facts.rival_teams.iter();
        rivals.filter(|team| team.id != wanted.id)
    };
    let external_id = wanted.external_id();
    if let Some(rival) =
        others().find(|team| external_id.is_some() && team.external_id() == external_id)
    {
        let step = TraceStep::failed(Stage::Match, "externalId is already in use")
            .comparing("a free externalId", format!("held by team {}", rival.id));
        return Err(draft.refuse(RefusalKind::Uniqueness, "DUP_GROUP", step));
    }
    // A name that it has already was given it under another policy.
    let keeps = |team: &Team| team.id == wanted.id && team.display_name() == wanted.display_name();
    if request.facts.team.as_ref().is_some_and(keeps) {
        return Ok(draft);
    }
    let case = request.policy.teams.name_case;
    let Some(rival) =
        others().find(|team| is_same_name(case, team.display_name(), wanted.display_name()))
    else {
        return Ok(draft);
    };
    let value = request.policy.teams.post_existing_name;
    draft.policy(
        "teams.post_existing_name",
        value,
        "whether two teams may share a name",
    );
    match value {
        TeamPostExisting::Duplicate => Ok(draft),
        TeamPostExisting::Conflict | TeamPostExisting::Link => {
            let what = match rival.source {
                TeamSource::Released => {
                    "displayName is that of a team which stayed when its group was deleted; create a group of that name to have it again"
                }
                _ => "displayName is already in use",
            };
            let step = TraceStep::failed(Stage::Match, what)
                .comparing("a free displayName", format!("held by team {}", rival.id));
            Err(draft.refuse(RefusalKind::Uniqueness, "DUP_GROUP", step))
        }
    }
}
