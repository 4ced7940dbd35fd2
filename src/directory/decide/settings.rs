//! The settings: the policy, the switch of team sync, whether provisioning is on.

use std::collections::BTreeMap;

use super::Request;
use super::verdict::{Draft, Verdict, expect_version};
use crate::counted;
use crate::directory::change::Change;
use crate::directory::command::Command;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::lead::{LeadGuard, Outlook};
use crate::directory::policy::{KEYS, LastAdmin, Policy, PolicyError, RecoveryAdmin, SyncToggle};
use crate::directory::settings::{Fixed, Provisioning, Settings};

/// The settings that a command of the policy would come to, and the policy they make. `None` for another command.
pub fn policy_then(
    settings: &Settings,
    fixed: &Fixed,
    command: &Command,
) -> Result<Option<(Settings, Policy)>, PolicyError> {
    let after = match command {
        Command::SetPolicy { key, value, .. } => set(settings, fixed, key, value.as_deref())?,
        Command::AdoptPreset {
            name, overrides, ..
        } => adopt(settings, fixed, name, overrides)?,
        _ => return Ok(None),
    };
    let policy = after.policy_under(fixed)?;
    Ok(Some((after, policy)))
}

fn set(
    before: &Settings,
    fixed: &Fixed,
    key: &str,
    value: Option<&str>,
) -> Result<Settings, PolicyError> {
    let preset = Policy::preset(before.preset_under(fixed))?;
    let ours = preset.value(key)?;
    let theirs = match value {
        Some(value) => preset.with(key, value)?.value(key)?,
        None => ours.clone(),
    };
    let mut after = before.clone();
    if ours == theirs {
        after.overrides.remove(key);
    } else {
        after.overrides.insert(key.to_owned(), theirs);
    }
    Ok(after)
}

fn adopt(
    before: &Settings,
    fixed: &Fixed,
    name: &str,
    overrides: &BTreeMap<String, String>,
) -> Result<Settings, PolicyError> {
    // A name that is none is refused even where the file has the say.
    Policy::preset(name)?;
    let mut after = before.clone();
    name.clone_into(&mut after.preset);
    after.overrides.clear();
    overrides.iter().try_fold(after, |after, (key, value)| {
        set(&after, fixed, key, Some(value))
    })
}

/// Sets one policy key, or gives it back to the preset.
pub(super) fn set_policy(
    request: &Request<'_>,
    draft: Draft,
    key: &str,
    value: Option<&str>,
    if_version: Option<u64>,
) -> Verdict {
    let (before, fixed) = (&request.facts.settings, &request.facts.fixed);
    let draft = expect_settings(request, draft, if_version)?;
    let after = match set(before, fixed, key, value) {
        Ok(after) => after,
        Err(error) => return Err(unfit(draft, &error.to_string())),
    };
    let draft = open_to_change(draft, fixed.values.contains_key(key), key)?;
    settle(request, draft, after)
}

/// Follows another preset. What was set otherwise is forgotten; the change lists it.
pub(super) fn adopt_preset(
    request: &Request<'_>,
    draft: Draft,
    name: &str,
    overrides: &BTreeMap<String, String>,
    if_version: Option<u64>,
) -> Verdict {
    let (before, fixed) = (&request.facts.settings, &request.facts.fixed);
    let draft = expect_settings(request, draft, if_version)?;
    let after = match adopt(before, fixed, name, overrides) {
        Ok(after) => after,
        Err(error) => return Err(unfit(draft, &error.to_string())),
    };
    let mut draft = open_to_change(draft, fixed.preset.is_some(), "preset")?;
    for key in overrides.keys() {
        draft = open_to_change(draft, fixed.values.contains_key(key), key)?;
    }
    settle(request, draft, after)
}

/// Refuses to change other settings than the caller has seen. Says who changed what in between.
pub(super) fn expect_settings(
    request: &Request<'_>,
    draft: Draft,
    if_version: Option<u64>,
) -> Result<Draft, Decision> {
    let current = request.facts.settings.version;
    match (&request.facts.meanwhile, if_version) {
        (Some(meanwhile), Some(version)) if version != current => {
            let what = format!("the settings have changed since they were read: {meanwhile}");
            let step = TraceStep::failed(Stage::Match, what)
                .comparing(format!("version {version}"), format!("version {current}"));
            Err(draft.refuse(RefusalKind::VersionMismatch, "VERSION_MISMATCH", step))
        }
        _ => expect_version(draft, "settings", current, if_version),
    }
}

/// Refuses to set what the configuration file says.
fn open_to_change(draft: Draft, is_fixed: bool, key: &str) -> Result<Draft, Decision> {
    if !is_fixed {
        return Ok(draft);
    }
    let what = format!(
        "{key} stands in the configuration file of the engine, which goes over what is set here; change it there"
    );
    let step = TraceStep::failed(Stage::Policy, what);
    Err(draft.refuse(RefusalKind::Forbidden, "POLICY_FIXED", step))
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
    let mut draft = expect_settings(request, draft, if_version)?;
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
    let draft = expect_settings(request, draft, if_version)?;
    let mut after = (**before).clone();
    after.provisioning = state;
    settle(request, draft, after)
}

/// The change to these settings, where they make a policy and leave somebody an admin.
pub(super) fn settle(request: &Request<'_>, mut draft: Draft, mut after: Settings) -> Verdict {
    let before = &request.facts.settings;
    if after.says_the_same(before) {
        return Ok(draft.done(Vec::new()));
    }
    // A policy whose values do not fit together is never in force.
    let policy = after
        .policy_under(&request.facts.fixed)
        .map_err(|error| error.to_string())
        .and_then(|policy| policy.check().map(|()| policy));
    match policy {
        Ok(policy) => draft = somebody_stays(request, draft, &policy)?,
        Err(reason) => return Err(unfit(draft, &reason)),
    }
    after.version = before.version + 1;
    Ok(draft.done(vec![Change::SettingsChanged {
        before: Box::new((**before).clone()),
        after: Box::new(after),
    }]))
}

/// Refuses a policy under which nobody would be an admin.
fn somebody_stays(request: &Request<'_>, draft: Draft, then: &Policy) -> Result<Draft, Decision> {
    let Some(Outlook { now, then: left }) = request.facts.under_policy else {
        return Ok(draft);
    };
    let mut draft = recovery_stays(request, draft)?;
    tell_what_ends(request, &mut draft, then);
    let denies = |policy: &Policy| policy.guard.last_admin == LastAdmin::Deny;
    let is_denied = denies(then) || denies(request.policy);
    let nobody = left.admins == 0 && (denies(then) || denies(request.policy) && now.admins > 0);
    if nobody || is_denied && now.is_lost_in(left) {
        draft.policy(
            "guard.last_admin",
            LastAdmin::Deny,
            "whether the last admin may go",
        );
        let step = if left.admins == 0 {
            let what = "nobody would be an admin under this policy; give somebody one of its admin roles first";
            TraceStep::failed(Stage::Guard, what).comparing("1 or more admins", "0")
        } else {
            let what = "nobody who can sign in would be an admin under this policy; give one of its admins a password first";
            TraceStep::failed(Stage::Guard, what).comparing("1 or more who can sign in", "0")
        };
        return Err(draft.refuse(RefusalKind::Forbidden, "LAST_ADMIN", step));
    }
    if denies(then) {
        draft.leads_by(LeadGuard::Needs {
            roles: Box::new(then.roles.clone()),
            signs_in: now.signs_in,
        });
    }
    Ok(draft)
}

/// Keeps a recovery admin who has shown that they can sign in an admin (`guard.recovery_admin`).
fn recovery_stays(request: &Request<'_>, mut draft: Draft) -> Result<Draft, Decision> {
    let value = request.policy.guard.recovery_admin;
    let lost = &request.facts.recovery_lost;
    if lost.is_empty() || value == RecoveryAdmin::Off {
        return Ok(draft);
    }
    let what = format!(
        "{} would be no admin under this policy, and no other recovery admin has shown that they can sign in; give one of them a role that stays an admin's first",
        lost.join(", ")
    );
    if value == RecoveryAdmin::Recommend {
        draft.step(TraceStep::noted(Stage::Guard, what));
        return Ok(draft);
    }
    draft.policy(
        "guard.recovery_admin",
        value,
        "whether a recovery admin has to be there who can sign in",
    );
    let step = TraceStep::failed(Stage::Guard, what).comparing("1 or more", "0");
    Err(draft.refuse(RefusalKind::Forbidden, "RECOVERY_LAST", step))
}

/// Says who ceases to be an admin and which guards end.
fn tell_what_ends(request: &Request<'_>, draft: &mut Draft, then: &Policy) {
    let (names, count) = &request.facts.ceasing;
    if *count > 0 {
        let more = count.saturating_sub(names.len() as u64);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let cease = counted::count(*count, "member ceases", "members cease");
        let what = format!("{cease} to be admin: {}{more}", names.join(", "));
        draft.step(TraceStep::noted(Stage::Guard, what));
    }
    let is_open = |value: &str| matches!(value, "off" | "allow");
    let ending: Vec<String> = KEYS
        .iter()
        .filter(|key| key.name.starts_with("guard."))
        .filter_map(|key| {
            let now = request.policy.value(key.name).ok()?;
            let value = then.value(key.name).ok()?;
            (!is_open(&now) && is_open(&value)).then(|| format!("{} = {value}", key.name))
        })
        .collect();
    if !ending.is_empty() {
        let guards = counted::count(ending.len() as u64, "guard ends", "guards end");
        let what = format!("{guards}: {}", ending.join(", "));
        draft.step(TraceStep::noted(Stage::Guard, what));
    }
}

pub(super) fn unfit(draft: Draft, reason: &str) -> Decision {
    draft.refuse(
        RefusalKind::Invalid,
        "BAD_POLICY",
        TraceStep::failed(Stage::Match, reason),
    )
}
