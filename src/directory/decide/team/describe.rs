//! What is kept of a team here changes: description, roles, maintainers. No lock of team sync holds for them.

use super::{found, updated};
use crate::directory::command::OwnEdit;
use crate::directory::decide::Request;
use crate::directory::decide::verdict::{Draft, Verdict};
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::effective::OWNER;
use crate::nearest::nearest;

/// A description has no more characters than this.
const LONGEST_DESCRIPTION: usize = 1_000;
/// A team has no more roles, and no more maintainers, than this.
const MOST: usize = 100;

pub(in crate::directory::decide) fn describe(
    request: &Request<'_>,
    draft: Draft,
    edit: &OwnEdit,
    if_version: Option<u64>,
) -> Verdict {
    let (before, mut draft) = found(request, draft, if_version)?;
    let mut after = before.clone();
    if let Some(description) = &edit.description {
        let description = description.trim();
        let is_readable = |letter: char| !letter.is_control() || letter == '\n';
        if description.chars().count() > LONGEST_DESCRIPTION
            || !description.chars().all(is_readable)
        {
            let what = format!(
                "a description has {LONGEST_DESCRIPTION} characters at most, and no control characters"
            );
            return Err(unfit(draft, what));
        }
        description.clone_into(&mut after.own.description);
    }
    if let Some(roles) = &edit.roles {
        let known = &request.policy.roles;
        let is_known = |role: &String| known.base.contains(role) || known.custom.has(role);
        draft.policy("roles.custom", &known.custom, "which roles there are");
        after.own.roles = distinct(roles);
        if after.own.roles.len() > MOST {
            return Err(unfit(draft, format!("a team has {MOST} roles at most")));
        }
        if let Some(role) = after.own.roles.iter().find(|role| !is_key(role)) {
            let what = format!(
                "{:?} is not the key of a role: 1 to 64 characters, none of them a control character",
                role.chars().take(80).collect::<String>()
            );
            return Err(unfit(draft, what));
        }
        let words = known.base.iter().chain(known.custom.listed());
        let words = words.map(String::as_str).filter(|word| *word != OWNER);
        if after.own.roles.iter().any(|role| role == OWNER) {
            let what = "a team never makes its members owners: 'owner' is one member's, and no team gives it";
            let step = TraceStep::failed(Stage::Guard, what);
            return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
        }
        // A role that the team has already is nobody's wish in this command.
        let mut new = after.own.roles.iter();
        if let Some(role) = new.find(|role| !before.own.roles.contains(role) && !is_known(role)) {
            let likely = nearest(role, words.clone())
                .map_or_else(String::new, |likely| format!("; did you mean '{likely}'?"));
            let what = format!("there is no role '{role}'{likely}");
            let step = TraceStep::failed(Stage::Policy, what).comparing(
                format!("{}, or {}", known.base.join(", "), known.custom),
                role,
            );
            return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
        }
        // Where the policy knows every custom role, a mistyped base role is one, too: said and not refused.
        let new = after.own.roles.iter();
        for role in new.filter(|role| !before.own.roles.contains(role)) {
            if known.base.contains(role) || known.custom.listed().contains(role) {
                continue;
            }
            let likely = nearest(role, words.clone())
                .map_or_else(String::new, |likely| format!("; did you mean '{likely}'?"));
            let what = format!(
                "'{role}' is no role of the preset and counts as a custom one (roles.custom = {}){likely}",
                known.custom
            );
            draft.step(TraceStep::noted(Stage::Policy, what));
        }
    }
    if let Some(maintainers) = &edit.maintainers {
        after.own.maintainers = distinct(maintainers);
        if after.own.maintainers.len() > MOST {
            return Err(unfit(
                draft,
                format!("a team has {MOST} maintainers at most"),
            ));
        }
        let mut new = after.own.maintainers.iter();
        if let Some(id) = new.find(|id| {
            !before.own.maintainers.contains(id) && !request.facts.known_members.contains_key(id)
        }) {
            return Err(unfit(draft, format!("member {id} not found")));
        }
    }
    if after == *before {
        return Ok(draft.done(Vec::new()));
    }
    Ok(draft.done(vec![updated(request, before, after)]))
}

/// Each once, in the order in which they came.
fn distinct<T: Clone + PartialEq>(all: &[T]) -> Vec<T> {
    let mut once: Vec<T> = Vec::with_capacity(all.len().min(MOST + 1));
    for one in all {
        if !once.contains(one) && once.len() <= MOST {
            once.push(one.clone());
        }
    }
    once
}

fn is_key(role: &str) -> bool {
    let fits = |letter: char| !letter.is_control() && (letter == ' ' || !letter.is_whitespace());
    (1..=64).contains(&role.chars().count()) && role.chars().all(fits) && role.trim() == role
}

fn unfit(draft: Draft, what: String) -> Decision {
    draft.refuse(
        RefusalKind::Invalid,
        "BAD_VALUE",
        TraceStep::failed(Stage::Match, what),
    )
}
