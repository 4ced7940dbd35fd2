//! The policy as an admin sees it, in this process.

use std::collections::BTreeMap;

use super::LocalAdmin;
use crate::admin::policy::{
    Answered, LastChange, PolicyDetail, PolicyDiff, PolicyDifference, PolicyRow, PolicySource,
    Reanswered, Simulate, Simulation,
};
use crate::admin::{AdminError, AdminErrorKind};
use crate::counted::count;
use crate::directory::policy::{KEYS, PolicyError, preset_names};
use crate::directory::{ChangeOp, Outcome, Policy};
use crate::engine::simulate::{Compared, Comparison, Question, STRETCH};
use crate::request_log::Exchange;
use crate::store::rows::AuditRow;

impl LocalAdmin {
    /// The preset that is followed, whoever says so.
    pub(super) fn preset_in_force(&self) -> String {
        let in_force = self.engine.in_force();
        in_force.settings.preset_under(&in_force.fixed).to_owned()
    }

    /// How many keys are not as the preset has them.
    pub(super) fn policy_overrides(&self) -> u32 {
        let in_force = self.engine.in_force();
        let differing = Policy::preset(&self.preset_in_force())
            .map(|preset| in_force.policy.differences(&preset).len());
        u32::try_from(differing.unwrap_or_default()).unwrap_or(u32::MAX)
    }

    pub(super) async fn policy_detail(&self) -> Result<PolicyDetail, AdminError> {
        let in_force = self.engine.in_force();
        let (settings, fixed) = (&in_force.settings, &in_force.fixed);
        let changes = self.engine.last_policy_changes().await?;
        let name = settings.preset_under(fixed);
        let preset = Policy::preset(name).map_err(|error| malformed(&error))?;
        let keys = KEYS.iter().map(|key| {
            let source = if fixed.values.contains_key(key.name) {
                PolicySource::File
            } else if settings.overrides.contains_key(key.name) {
                PolicySource::Set
            } else {
                PolicySource::Preset
            };
            PolicyRow {
                key: key.name.to_owned(),
                value: in_force.policy.value(key.name).unwrap_or_default(),
                preset_value: preset.value(key.name).unwrap_or_default(),
                source,
                meaning: key.meaning.to_owned(),
                values: key.values.iter().map(|value| (*value).to_owned()).collect(),
                scenarios: key.scenarios.to_vec(),
                changed: last_change(&changes, key.name),
            }
        });
        Ok(PolicyDetail {
            preset: name.to_owned(),
            preset_source: match fixed.preset {
                Some(_) => PolicySource::File,
                None => PolicySource::Set,
            },
            preset_changed: last_change(&changes, "preset"),
            version: settings.version,
            undo: self.engine.policy_change_to_undo().await?,
            presets: preset_names(),
            keys: keys.collect(),
        })
    }

    pub(super) fn diff_of(&self, preset: String) -> Result<PolicyDiff, AdminError> {
        let version = self.engine.in_force().settings.version;
        let differences = self.engine.preset_differences(&preset)?;
        Ok(PolicyDiff {
            from: self.preset_in_force(),
            preset,
            version,
            differences: told(differences),
        })
    }

    pub(super) async fn simulation(&self, simulate: Simulate) -> Result<Simulation, AdminError> {
        let question = Question {
            preset: simulate.preset,
            overrides: simulate.overrides,
            query: simulate.query,
        };
        Ok(summary(Box::pin(self.engine.simulate(question)).await?))
    }
}

fn malformed(error: &PolicyError) -> AdminError {
    AdminError::new(AdminErrorKind::Internal, error.to_string())
}

fn last_change(changes: &BTreeMap<String, AuditRow>, key: &str) -> Option<LastChange> {
    changes.get(key).map(|row| LastChange {
        at: row.at,
        actor: row.actor.name.clone(),
        request: row.request,
    })
}

fn told(differences: Vec<(&'static str, String, String)>) -> Vec<PolicyDifference> {
    let meaning = |name: &str| {
        let key = KEYS.iter().find(|key| key.name == name);
        key.map_or_else(String::new, |key| key.meaning.to_owned())
    };
    let differences = differences.into_iter();
    differences
        .map(|(key, now, then)| PolicyDifference {
            key: key.to_owned(),
            now,
            then,
            meaning: meaning(key),
        })
        .collect()
}

fn summary(comparison: Comparison) -> Simulation {
    let decided = comparison.answers.len();
    let drifted = comparison
        .answers
        .iter()
        .filter(|it| has_drifted(it))
        .count();
    let at = |compared: &Compared| compared.recorded.row.at;
    let mut limits = vec![
        "it rests on the request log: each recorded write is asked again of two copies of the directory as it was before the first of them".to_owned(),
        "If-Match, bulk requests as a whole and passwords are not asked again; operations of bulk requests are asked one by one".to_owned(),
        "what admins changed by hand within the stretch is not repeated".to_owned(),
    ];
    if comparison.is_cut {
        limits.push(format!(
            "only the newest {STRETCH} requests were decided again"
        ));
    }
    if comparison.left_out > 0 {
        limits.push(format!(
            "{} left out: the log does not hold the whole body",
            count(comparison.left_out, "request was", "requests were")
        ));
    }
    Simulation {
        differences: told(comparison.differences),
        from: comparison.answers.first().map(at),
        until: comparison.answers.last().map(at),
        decided: decided as u64,
        left_out: comparison.left_out,
        drifted: drifted as u64,
        changed: comparison.answers.iter().filter_map(reanswered).collect(),
        limits,
    }
}

fn has_drifted(compared: &Compared) -> bool {
    let (recorded, now) = (&compared.recorded.row, &compared.now.row);
    (recorded.status, recorded.outcome) != (now.status, now.outcome)
}

fn reanswered(compared: &Compared) -> Option<Reanswered> {
    let (now, then) = (answered(&compared.now), answered(&compared.then));
    let is_same = (now.status, now.outcome, &now.code) == (then.status, then.outcome, &then.code)
        && fields(&compared.now) == fields(&compared.then);
    let row = &compared.recorded.row;
    (!is_same).then(|| Reanswered {
        request: row.id,
        at: row.at,
        method: row.method.clone(),
        path: row.path.clone(),
        subject: row.subject.as_ref().map(|subject| subject.label.clone()),
        recorded: answered(&compared.recorded),
        now,
        then,
    })
}

/// What an answer changed, without ids and times, which differ between two copies.
fn fields(exchange: &Exchange) -> Vec<(ChangeOp, String, Vec<String>)> {
    let changed = exchange.changed.iter();
    changed
        .map(|view| {
            let paths = view.fields.iter().map(|field| without_ids(&field.path));
            (view.op, view.label.clone(), paths.collect())
        })
        .collect()
}

/// A path without what stands in quotes, such as `members[value eq "…"]`.
fn without_ids(path: &str) -> String {
    path.split('"').step_by(2).collect()
}

fn answered(exchange: &Exchange) -> Answered {
    let row = &exchange.row;
    let is_silent = row.outcome == Outcome::NoOp && exchange.policy_key.is_none();
    Answered {
        status: row.status,
        outcome: row.outcome,
        code: row.code.clone(),
        policy_key: exchange.policy_key.clone().filter(|_| !is_silent),
    }
}
