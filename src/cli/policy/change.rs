//! `provost policy set`, `reset`, `preset` and `undo`: the policy changed, after showing what that would change.

use clap::Args;

use super::show::{empty_as_none, find};
use crate::admin::policy::{AdoptPreset, LastChange, PolicyDetail, PolicyDifference, SetPolicy};
use crate::admin::policy_file;
use crate::admin::types::RequestId;
use crate::admin::{AdminError, AdminErrorKind};
use crate::cli::confirm::confirm;
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
    let reach = session.reach_to_write().await?;
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
    if !session.global.yes && !session.global.dry_run {
        note(&format!("{key}: {}", row.meaning));
        note(&format!("  now   {}", empty_as_none(&row.value)));
        note(&format!("  then  {}", empty_as_none(then)));
    }
    let question = "It holds for every request from then on. Go on?";
    let reach = confirm(session, reach, verb, question).await?;
    let set = SetPolicy {
        key,
        value,
        if_version: Some(policy.version),
    };
    let done = async { Ok::<_, CliError>(reach.write()?.set_policy(set).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, &what)
}

pub(super) async fn preset(session: &mut Session, verb: PresetVerb) -> Result<(), CliError> {
    let reach = session.reach_to_write().await?;
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
    tell(session, &diff.differences);
    adopt_after(session, reach, adopt, "policy preset", &what).await
}

/// Says on standard error which keys would change, where somebody is asked about it.
pub(super) fn tell(session: &Session, differences: &[PolicyDifference]) {
    if session.global.yes || session.global.dry_run {
        return;
    }
    let keys = text::count(differences.len() as u64, "key", "keys");
    note(&format!("{keys} would change:"));
    for difference in differences {
        note(&format!(
            "  {} {} → {}",
            difference.key,
            empty_as_none(&difference.now),
            empty_as_none(&difference.then)
        ));
    }
}

/// Asks, then follows a preset.
pub(super) async fn adopt_after(
    session: &mut Session,
    reach: Reach,
    adopt: AdoptPreset,
    verb: &'static str,
    what: &str,
) -> Result<(), CliError> {
    let question = "It holds for every request from then on. Go on?";
    let reach = confirm(session, reach, verb, question).await?;
    let done = async { Ok::<_, CliError>(reach.write()?.adopt_preset(adopt).await?) }.await;
    let done = reach.finish(done).await?;
    written::report(session, &done, what)
}

pub(super) async fn undo(session: &mut Session) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let seen = async {
        let policy = reach.read().policy().await?;
        let Some(request) = newest(&policy).and_then(|change| change.request) else {
            return Ok(None);
        };
        let detail = reach.read().request(request).await?;
        Ok::<_, AdminError>(Some((request, undone_by(&detail.exchange.row.path))))
    }
    .await;
    let Some((request, undone)) = reach.finish(seen).await? else {
        let error = AdminError::new(
            AdminErrorKind::NotFound,
            "the policy was not changed yet, so there is nothing to undo",
        );
        return Err(error.into());
    };
    if let Some(undone) = undone {
        note(&format!(
            "the last change of the policy, request {request}, took back request {undone}: undoing it makes that change again; \
             to take back an earlier one: provost log undo NUMBER"
        ));
    }
    undo_request(session, request, "policy undo").await
}

/// The request that a request of this path took back.
fn undone_by(path: &str) -> Option<RequestId> {
    let rest = path.strip_prefix("/admin/v1/requests/")?;
    rest.strip_suffix("/undo")?.parse().ok()
}

fn newest(policy: &PolicyDetail) -> Option<&LastChange> {
    let changes = policy.keys.iter().filter_map(|row| row.changed.as_ref());
    changes
        .chain(&policy.preset_changed)
        .max_by_key(|change| (change.at, change.request))
}
