//! The settings: the policy, the switch of team sync, whether provisioning is on.

use super::Request;
use super::verdict::{Draft, Verdict, expect_version};
use crate::directory::change::Change;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::policy::{Policy, SyncToggle};
use crate::directory::settings::{Provisioning, Settings};

/// Sets one policy key, or gives it back to the preset.
pub(super) fn set_policy(
    request: &Request<'_>,
    draft: Draft,
    key: &str,
    value: Option<&str>,
    if_version: Option<u64>,
) -> Verdict {
    let before = &request.facts.settings;
    let draft = expect_version(draft, "settings", before.version, if_version)?;
    let mut after = (**before).clone();
    let known = Policy::preset(&before.preset).and_then(|preset| {
        let ours = preset.value(key)?;
        let theirs = value.map_or_else(
            || Ok(ours.clone()),
            |value| preset.with(key, value)?.value(key),
        )?;
        Ok((ours, theirs))
    });
    match known {
        Ok((ours, theirs)) if ours == theirs => after.overrides.remove(key),
        Ok((_, theirs)) => after.overrides.insert(key.to_owned(), theirs),
        Err(error) => return Err(unfit(draft, &error.to_string())),
    };
    settle(request, draft, after)
}

/// Follows another preset. What was set otherwise is forgotten; the change lists it.
pub(super) fn adopt_preset(
    request: &Request<'_>,
    draft: Draft,
    name: &str,
    if_version: Option<u64>,
) -> Verdict {
    let before = &request.facts.settings;
    let draft = expect_version(draft, "settings", before.version, if_version)?;
    let mut after = (**before).clone();
    name.clone_into(&mut after.preset);
    after.overrides.clear();
    settle(request, draft, after)
}

/// Turns team sync on or off. Teams and memberships stay as they are either way.
pub(super) fn switch_team_sync(
    request: &Request<'_>,
    mut draft: Draft,
    on: bool,
    if_version: Option<u64>,
) -> Verdict {
    let before = &request.facts.settings;
    let toggle = request.policy.teams.sync_toggle;
    draft.policy("teams.sync_toggle", toggle, "whether team sync is a switch");
    let mut draft = expect_version(draft, "settings", before.version, if_version)?;
    if toggle == SyncToggle::Always {
        let step = TraceStep::failed(
            Stage::Policy,
            "team sync is always on under this policy; there is no switch to turn",
        )
        .comparing("teams.sync_toggle = toggle", "always");
        return Err(draft.refuse(RefusalKind::Forbidden, "NO_SYNC_SWITCH", step));
    }
    if !on {
        draft.policy(
            "teams.on_sync_off",
            request.policy.teams.on_sync_off,
            "what becomes of synced teams",
        );
    }
    let mut after = (**before).clone();
    after.team_sync = on;
    settle(request, draft, after)
}

/// Lets identity providers provision, asks them to come back later, or refuses them.
pub(super) fn switch_provisioning(
    request: &Request<'_>,
    draft: Draft,
    state: Provisioning,
    if_version: Option<u64>,
) -> Verdict {
    let before = &request.facts.settings;
    let draft = expect_version(draft, "settings", before.version, if_version)?;
    let mut after = (**before).clone();
    after.provisioning = state;
    settle(request, draft, after)
}

fn settle(request: &Request<'_>, draft: Draft, mut after: Settings) -> Verdict {
    let before = &request.facts.settings;
    if after == **before {
        return Ok(draft.done(Vec::new()));
    }
    // A policy whose values do not fit together is never in force.
    if let Err(reason) = after
        .policy()
        .map_err(|error| error.to_string())
        .and_then(|policy| policy.check())
    {
        return Err(unfit(draft, &reason));
    }
    after.version = before.version + 1;
    Ok(draft.done(vec![Change::SettingsChanged {
        before: Box::new((**before).clone()),
        after: Box::new(after),
    }]))
}

fn unfit(draft: Draft, reason: &str) -> Decision {
    draft.refuse(
        RefusalKind::Invalid,
        "BAD_POLICY",
        TraceStep::failed(Stage::Match, reason),
    )
}
