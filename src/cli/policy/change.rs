//! `provost policy set`, `reset`, `preset` and `undo`: the policy changed, after showing what that would change.

use clap::Args;

use super::show::{empty_as_none, find};
use crate::admin::policy::{
    AdoptPreset, LastChange, PolicyDetail, PolicyDifference, SetPolicy, in_groups,
};
use crate::admin::policy_file;
use crate::admin::{AdminError, AdminErrorKind};
use crate::cli::confirm::{Foreseen, asks, confirm, foresee, reach_to_ask};
use crate::cli::connect::Reach;
use crate::cli::error::CliError;
use crate::cli::log::undo::undo as undo_request;
use crate::cli::output::text;
use crate::cli::session::{Session, note};
use crate::cli::written;

/// Give a key another value.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy set users.on_delete remove --dry-run
  provost policy set guard.blast_radius '20 per 60s or 5%'
  provost policy set users.match externalId,email --yes

It shows what would change and asks. Keys and values: provost policy keys")]
pub struct SetVerb {
    /// The key, such as users.on_delete.
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The value; a list with commas between its parts.
    #[arg(value_name = "VALUE")]
    pub value: String,
}

/// Give a key back to the preset.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy reset users.on_delete")]
pub struct ResetVerb {
    /// The key, such as users.on_delete.
    #[arg(value_name = "KEY")]
    pub key: String,
}

/// Follow another preset; what was set otherwise is forgotten.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy preset launchdarkly --dry-run
  provost policy preset safe

It shows each key that would change and asks. What it would have answered: provost policy simulate --preset NAME")]
pub struct PresetVerb {
    /// safe, rfc, launchdarkly, unleash, flagsmith or datadog.
    #[arg(value_name = "PRESET")]
    preset: String,
}

pub(super) async fn set(
    session: &mut Session,
    key: String,
    value: Option<String>,
) -> Result<(), CliError> {
    let reach = reach_to_ask(session).await?;
    let (reach, policy) = reach.keep(async |read| read.policy().await).await?;
    let row = match find(&policy, &key) {
        Ok(row) => row.clone(),
        Err(error) => return reach.finish(Err(error)).await,
    };
    // Nobody is asked about a value that is none.
    if let Some(Err(error)) = value
        .as_deref()
        .map(|value| policy_file::check(&key, value))
    {
        return reach.finish(Err(CliError::from(error))).await;
    }
    let (verb, then) = match &value {
        Some(value) => ("policy set", value.as_str()),
        None => ("policy reset", row.preset_value.as_str()),
    };
    let what = match &value {
        Some(value) => format!("set {key} to {value}"),
        None => format!("give {key} back to preset {}", policy.preset),
    };
    let set = SetPolicy {
        key: key.clone(),
        value: value.clone(),
        if_version: Some(policy.version),
    };
    let reach = if asks(session) {
        let foreseen = set.clone();
        let decided = foresee(reach, async |write| write.set_policy(foreseen).await);
        match decided.await? {
            Foreseen::Change(reach, _) => reach,
            Foreseen::AlreadySo(done) => return written::report(session, &done, &what),
        }
    } else {
        reach
    };
    if asks(session) {
        note(&format!("{key}: {}", row.meaning));
        note(&format!("  now   {}", empty_as_none(&row.value)));
        note(&format!("  then  {}", empty_as_none(then)));
    }
    let question = "It holds for every request from then on. Go on?";
    let reach = confirm(session, reach, verb, question).await?;
    let done = async { Ok::<_, CliError>(reach.write()?.set_policy(set).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, &what)
}

pub(super) async fn preset(session: &mut Session, verb: PresetVerb) -> Result<(), CliError> {
    let reach = reach_to_ask(session).await?;
    let name = verb.preset.clone();
    let (reach, diff) = reach
        .keep(async |read| read.policy_diff(name).await)
        .await?;
    let what = format!("follow preset {}", verb.preset);
    let adopt = AdoptPreset {
        preset: verb.preset,
        overrides: std::collections::BTreeMap::new(),
        if_version: Some(diff.version),
    };
    adopt_after(
        session,
        reach,
        adopt,
        &diff.differences,
        ("policy preset", &what),
    )
    .await
}

/// Says on standard error which keys would change, where somebody is asked about it.
fn tell(session: &Session, differences: &[PolicyDifference]) {
    if !asks(session) {
        return;
    }
    let keys = text::count(differences.len() as u64, "key", "keys");
    note(&format!("{keys} would change:"));
    for line in grouped(differences) {
        note(&line);
    }
}

/// Every key that differs, those first that one should read first.
fn grouped(differences: &[PolicyDifference]) -> Vec<String> {
    let mut lines = Vec::new();
    for (group, differences) in in_groups(differences) {
        lines.push(format!("  {}", group.title()));
        lines.extend(differences.into_iter().map(|it| {
            format!(
                "    {} {} → {}",
                it.key,
                empty_as_none(&it.now),
                empty_as_none(&it.then)
            )
        }));
    }
    lines
}

/// Says what would change and asks, then follows a preset. The verb and what it does are for the words of it.
pub(super) async fn adopt_after(
    session: &mut Session,
    reach: Reach,
    adopt: AdoptPreset,
    differences: &[PolicyDifference],
    (verb, what): (&'static str, &str),
) -> Result<(), CliError> {
    let reach = if asks(session) {
        let foreseen = adopt.clone();
        let decided = foresee(reach, async |write| write.adopt_preset(foreseen).await);
        match decided.await? {
            Foreseen::Change(reach, _) => reach,
            Foreseen::AlreadySo(done) => return written::report(session, &done, what),
        }
    } else {
        reach
    };
    tell(session, differences);
    let question = "It holds for every request from then on. Go on?";
    let reach = confirm(session, reach, verb, question).await?;
    let done = async { Ok::<_, CliError>(reach.write()?.adopt_preset(adopt).await?) }.await;
    let done = reach.finish(done).await?;
    // Who was asked has read them.
    let lines = if asks(session) {
        Vec::new()
    } else {
        grouped(differences)
    };
    written::report_lines(session, &done, what, &lines)
}

pub(super) async fn undo(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let policy = reach.read().policy().await;
    let policy = reach.finish(policy).await?;
    let newest = newest(&policy).and_then(|change| change.request);
    let (request, newest) = match (policy.undo, newest) {
        (Some(request), Some(newest)) => (request, newest),
        (_, None) => return Err(nothing_to_undo("the policy was not changed yet")),
        (None, Some(_)) => {
            let what = "every change of the policy is taken back already; to make one again, \
                take back the undo itself by its number (provost log undo NUMBER)";
            return Err(nothing_to_undo(what));
        }
    };
    if request < newest {
        note(&format!(
            "what came after request {request} is taken back already, the last by request {newest}; \
             to make that again: provost log undo {newest}"
        ));
    }
    undo_request(session, request, "policy undo").await
}

fn nothing_to_undo(why: &str) -> CliError {
    let detail = format!("there is nothing to undo: {why}");
    AdminError::new(AdminErrorKind::NotFound, detail).into()
}

fn newest(policy: &PolicyDetail) -> Option<&LastChange> {
    let changes = policy.keys.iter().filter_map(|row| row.changed.as_ref());
    changes
        .chain(&policy.preset_changed)
        .max_by_key(|change| (change.at, change.request))
}
