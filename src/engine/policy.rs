//! The policy in force as admins read it: each key with its value, where that comes from, and who set it last.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Engine, EngineError};
use crate::directory::policy::{KEYS, PolicyError};
use crate::directory::{ObjectKind, Policy};
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
