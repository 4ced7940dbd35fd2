//! The policy in force as admins read it: each key with its value, where that comes from, and who set it last.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Engine, EngineError};
use crate::directory::policy::{KEYS, PolicyError};
use crate::directory::{ObjectKind, Policy, RequestId};
use crate::store::rows::AuditRow;

/// How far back the audit is read for who set a key last.
const CHANGES: u32 = 1_000;

impl Engine {
    /// The newest change of each policy key, and of the preset, that the audit has.
    pub async fn last_policy_changes(&self) -> Result<BTreeMap<String, AuditRow>, EngineError> {
        let page = self
            .store
            .timeline(ObjectKind::Settings, Uuid::nil(), 0, CHANGES)
            .await?;
        let mut newest: BTreeMap<String, AuditRow> = BTreeMap::new();
        for row in page.items {
            for field in &row.change.fields {
                // Newest first: what is there already is newer.
                if !newest.contains_key(&field.path) {
                    newest.insert(field.path.clone(), row.clone());
                }
            }
        }
        Ok(newest)
    }

    /// The newest change of the policy that is in force: neither taken back nor an undo, whichever of them came last. An
    /// undo that was itself taken back counts for nothing.
    pub async fn policy_change_to_undo(&self) -> Result<Option<RequestId>, EngineError> {
        let page = self
            .store
            .timeline(ObjectKind::Settings, Uuid::nil(), 0, CHANGES)
            .await?;
        let mut taken_back = BTreeSet::new();
        for row in page.items {
            let mut fields = row.change.fields.iter();
            let is_policy = fields.any(|field| is_of_policy(&field.path));
            let Some(id) = row.request.filter(|_| is_policy) else {
                continue;
            };
            let is_taken_back = taken_back.contains(&id);
            let Some(exchange) = self.store.request(id).await? else {
                // Nothing can be undone of which the log has no line.
                return Ok(None);
            };
            match undone_by(&exchange.row.path) {
                Some(undone) if !is_taken_back => {
                    taken_back.insert(undone);
                }
                None if !is_taken_back => return Ok(Some(id)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The keys in which the policy would differ under a preset, with their values now and then.
    pub fn preset_differences(
        &self,
        preset: &str,
    ) -> Result<Vec<(&'static str, String, String)>, EngineError> {
        let invalid = |error: PolicyError| EngineError::Invalid(error.to_string());
        let in_force = self.in_force();
        let mut theirs = Policy::preset(preset).map_err(invalid)?;
        for (key, value) in &in_force.fixed.values {
            theirs = theirs.with(key, value).map_err(invalid)?;
        }
        let ours = &in_force.policy;
        let differing = KEYS.iter().map(|key| key.name).filter_map(|key| {
            let (now, then) = (ours.value(key).ok()?, theirs.value(key).ok()?);
            (now != then).then_some((key, now, then))
        });
        Ok(differing.collect())
    }
}

fn is_of_policy(path: &str) -> bool {
    path == "preset" || KEYS.iter().any(|key| key.name == path)
}

/// The request that a request of this path took back.
fn undone_by(path: &str) -> Option<RequestId> {
    let rest = path.strip_prefix("/admin/v1/requests/")?;
    rest.strip_suffix("/undo")?.parse().ok()
}
