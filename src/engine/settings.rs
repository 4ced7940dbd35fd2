//! What admins set: the policy, the switch of team sync, whether provisioning is on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use super::admin::{AdminDone, Asker, deed};
use super::carry_out::MOST_TOLD;
use super::{Engine, EngineError};
use crate::directory::decide::policy_then;
use crate::directory::{
    Command, Facts, InForce, MemberId, ObjectKind, Policy, Prospect, Provisioning, RefusalKind,
    Settings,
};
use crate::store::StoreError;

/// How many changes are told that came in between.
const TOLD: u64 = 3;

impl Engine {
    /// Gives a policy key another value, or gives it back to the preset. `if_version` is the version of the settings
    /// that the admin has seen; where they have changed since, it is refused.
    pub async fn set_policy(
        &self,
        asker: &Asker,
        key: String,
        value: Option<String>,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let path = format!("/admin/v1/policy/{key}");
        let command = Command::SetPolicy {
            key,
            value,
            if_version,
        };
        self.set(asker, "PUT", path, &command).await
    }

    /// Follows another preset, with some keys set otherwise than it has them.
    pub async fn adopt_preset(
        &self,
        asker: &Asker,
        name: String,
        overrides: BTreeMap<String, String>,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::AdoptPreset {
            name,
            overrides,
            if_version,
        };
        self.set(asker, "PUT", "/admin/v1/policy".into(), &command)
            .await
    }

    /// Turns team sync on or off.
    pub async fn switch_team_sync(
        &self,
        asker: &Asker,
        on: bool,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::SwitchTeamSync { on, if_version };
        self.set(asker, "PUT", "/admin/v1/sync".into(), &command)
            .await
    }

    /// Lets identity providers provision, asks them to come back later, or refuses them.
    pub async fn switch_provisioning(
        &self,
        asker: &Asker,
        state: Provisioning,
        if_version: Option<u64>,
    ) -> Result<AdminDone, EngineError> {
        let command = Command::SwitchProvisioning { state, if_version };
        self.set(asker, "PUT", "/admin/v1/provisioning".into(), &command)
            .await
    }

    pub(super) async fn set(
        &self,
        asker: &Asker,
        method: &'static str,
        path: String,
        command: &Command,
    ) -> Result<AdminDone, EngineError> {
        let _turn = self.locks.lock(&"settings").await;
        let id = uuid::Uuid::nil();
        let deed = deed(
            method,
            path,
            "Settings",
            ObjectKind::Settings,
            id,
            "settings",
        );
        match self.perform(asker, command, deed).await {
            Err(EngineError::Refused {
                mut refusal,
                request,
            }) if refusal.kind == RefusalKind::VersionMismatch => {
                refusal.detail = self.changed_meanwhile().await?;
                Err(EngineError::Refused { refusal, request })
            }
            other => other,
        }
    }

    /// What the admin who was too late is told: the last change of the settings, and whose it was.
    async fn changed_meanwhile(&self) -> Result<String, EngineError> {
        let kind = ObjectKind::Settings;
        let last = self.store.timeline(kind, uuid::Uuid::nil(), 0, 1).await?;
        let Some(last) = last.items.into_iter().next() else {
            return Ok("the settings have changed since they were read; read them again".into());
        };
        let value = |value: &Option<serde_json::Value>| match value {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "nothing".to_owned(),
        };
        let fields = last.change.fields.iter().take(3).map(|field| {
            let (before, after) = (value(&field.before), value(&field.after));
            format!("{} from {before} to {after}", field.path)
        });
        let fields: Vec<String> = fields.collect();
        let request = last
            .request
            .map_or_else(String::new, |id| format!(" (request {id})"));
        Ok(format!(
            "the settings have changed since they were read: {} set {}{request}; look again",
            last.actor.name,
            fields.join(", ")
        ))
    }

    /// What a command that changes the settings is decided on besides them.
    pub(super) async fn load_settings_facts(
        &self,
        command: &Command,
        if_version: Option<u64>,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let in_force = self.in_force();
        let settings = &in_force.settings;
        if let Some(seen) = if_version.filter(|seen| *seen != settings.version) {
            let newer = settings.version.saturating_sub(seen).clamp(1, TOLD);
            let limit = u32::try_from(newer).unwrap_or(1);
            facts.meanwhile = self.told(uuid::Uuid::nil(), limit).await?;
        }
        if matches!(
            command,
            Command::SwitchSso { .. } | Command::RemoveSso { .. }
        ) {
            facts.sso = self.sso_facts().await?;
        }
        if let Command::ConfigureSso {
            identity_provider, ..
        } = command
        {
            facts.sso = self.sso_facts().await?;
            facts.sso.green_then = self.green_by(&identity_provider.certificates).await?;
        }
        // What is no policy is refused before admins are counted.
        if let Ok(Some((_, then))) = policy_then(settings, &in_force.fixed, command) {
            self.load_under_policy(&then, facts).await?;
        }
        Ok(())
    }

    /// Who leads to admin now and who would by another policy.
    pub(super) async fn load_under_policy(
        &self,
        then: &Policy,
        facts: &mut Facts,
    ) -> Result<(), StoreError> {
        let in_force = self.in_force();
        let now = &in_force.policy;
        let prospect = Prospect::default().while_closed(self.passwords_are_closed());
        let outlook = self.store.outlook(&now.roles, &then.roles, prospect);
        facts.under_policy = Some(outlook.await?);
        if now.roles == then.roles {
            return Ok(());
        }
        let stay: BTreeSet<MemberId> = self.store.admins(&then.roles).await?.into_iter().collect();
        for id in self.store.admins(&now.roles).await? {
            if stay.contains(&id) {
                continue;
            }
            facts.ceasing.1 += 1;
            if facts.ceasing.0.len() < MOST_TOLD
                && let Some(member) = self.store.member(id, false).await?
            {
                facts.ceasing.0.push(member.user_name().to_owned());
            }
        }
        let proven = self.proven(now).await?;
        if self.proven(then).await?.is_empty() {
            facts.recovery_lost = proven.into_iter().map(|(_, name, _)| name).collect();
        }
        Ok(())
    }

    /// From now on these settings hold. They are durable already.
    pub(super) fn put_in_force(&self, settings: Settings) {
        match InForce::new(settings, Arc::clone(&self.settings.fixed)) {
            Ok(in_force) => {
                let mut slot = self
                    .in_force
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                // Commits may be told of out of order.
                if slot.settings.version < in_force.settings.version {
                    if slot.settings.sso != in_force.settings.sso {
                        self.sso_stirred.notify_one();
                    }
                    *slot = Arc::new(in_force);
                }
            }
            Err(error) => tracing::error!(%error, "the new settings do not make a policy"),
        }
    }
}
