//! What a rehearsal does with an engine that is thrown away afterwards, and nobody with another one: a database copied, the
//! copy made harmless and ready, and the rules it plays by.

use std::collections::BTreeMap;
use std::path::Path;

use super::LocalAdmin;
use crate::admin::types::{NewToken, TokenScope};
use crate::admin::{AdminError, AdminRead, AdminWrite};
use crate::directory::Provisioning;
use crate::directory::policy::KEYS;
use crate::secret::Secret;
use crate::store::{self, Source};

/// The policy an engine follows, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The preset.
    pub preset: String,
    /// The keys that are set otherwise than the preset has them, with their values.
    pub overrides: BTreeMap<String, String>,
    values: BTreeMap<&'static str, String>,
}

impl Rules {
    /// The value of a key; empty for a key that does not exist.
    pub fn value(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// The parts of a value that is a list.
    pub fn list(&self, key: &str) -> Vec<&str> {
        let parts = self.value(key).split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }
}

/// Copies a database; `in_use` says that an engine may be working on it. The original stays as it is. Blocks.
pub fn copy_database(from: &Path, to: &Path, in_use: bool) -> Result<(), AdminError> {
    let source = if in_use {
        Source::InUse
    } else {
        Source::AtRest
    };
    Ok(store::copy(from, to, source)?)
}

impl LocalAdmin {
    /// The policy in force.
    pub fn rules(&self) -> Rules {
        let in_force = self.engine.in_force();
        let value = |key| in_force.policy.value(key).unwrap_or_default();
        Rules {
            preset: in_force.settings.preset.clone(),
            overrides: in_force.settings.overrides.clone(),
            values: KEYS.iter().map(|key| (key.name, value(key.name))).collect(),
        }
    }

    /// Makes the copy of an account fit to be provisioned: under another preset where one is named, with provisioning on
    /// and team sync off, and without its event streams, whose recipients must not hear of it.
    pub async fn prepare_copy(&self, preset: Option<String>) -> Result<(), AdminError> {
        for stream in self.streams().await? {
            self.delete_stream(stream.row.stream.id).await?;
        }
        if let Some(name) = preset {
            self.engine
                .adopt_preset(&self.asker, name, BTreeMap::new(), None)
                .await?;
        }
        let settings = self.engine.in_force().settings.clone();
        if settings.provisioning != Provisioning::On {
            let state = Provisioning::On;
            self.engine
                .switch_provisioning(&self.asker, state, None)
                .await?;
        }
        if settings.team_sync && self.has_sync_switch() {
            self.engine
                .switch_team_sync(&self.asker, false, None)
                .await?;
        }
        Ok(())
    }

    /// Writes what is queued for the request log, so that it can be read.
    pub async fn settle_log(&self) -> Result<(), AdminError> {
        Ok(self.engine.store().flush().await?)
    }

    /// A static token for the provider that rehearses, whatever the policy says about how providers authenticate, how
    /// many are connected and what comes before: a rehearsal is about what they send.
    pub async fn rehearsal_token(&self, name: String) -> Result<Secret, AdminError> {
        let before = self.engine.in_force().settings.overrides.clone();
        let open = [
            ("scim.auth", "bearer"),
            ("scim.max_connections", "0"),
            ("scim.requires_sso", "false"),
        ];
        for (key, value) in open {
            self.override_key(key, Some(value.to_owned())).await?;
        }
        let token = NewToken {
            name,
            scope: TokenScope::Scim,
            ttl_seconds: None,
            owner: None,
        };
        let secret = Secret::new(self.issue_token(token).await?.secret);
        for (key, _) in open {
            self.override_key(key, before.get(key).cloned()).await?;
        }
        Ok(secret)
    }

    async fn override_key(&self, key: &str, value: Option<String>) -> Result<(), AdminError> {
        let done = self
            .engine
            .set_policy(&self.asker, key.to_owned(), value, None);
        done.await?;
        Ok(())
    }

    /// Turns team sync on where it is a switch; returns whether it is one.
    pub async fn open_team_sync(&self) -> Result<bool, AdminError> {
        let has_switch = self.has_sync_switch();
        if has_switch {
            self.engine
                .switch_team_sync(&self.asker, true, None)
                .await?;
        }
        Ok(has_switch)
    }

    fn has_sync_switch(&self) -> bool {
        self.rules().value("teams.sync_toggle") == "toggle"
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NewAccount, OpenOptions, SchemaFiles, init, open};
    use super::*;
    use crate::admin::streams::{Delivery, EventForm, NewStream};
    use crate::secret::Secret;

    #[tokio::test]
    async fn a_prepared_copy_follows_the_preset_and_tells_no_recipient() {
        let directory = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            database: directory.path().join("provost.db"),
            public_url: "http://127.0.0.1:1".into(),
            log_days: 1,
            log_rows: 1_000,
            schemas: SchemaFiles::default(),
            policy: crate::config::PolicyTable::default(),
        };
        let account = NewAccount {
            organisation: "X".into(),
            preset: "safe".into(),
            owner_email: "own@x.io".into(),
            password: Secret::new("correct horse battery staple".into()),
        };
        init(options.clone(), account).await.unwrap();
        let admin = open(options, "test").await.unwrap();
        let stream = NewStream {
            name: "crm".into(),
            delivery: Delivery::Poll,
            events: Vec::new(),
            form: EventForm::default(),
            audience: None,
            team: None,
            authorization: None,
        };
        admin.create_stream(stream).await.unwrap();
        assert!(admin.open_team_sync().await.unwrap());

        admin
            .prepare_copy(Some("launchdarkly".into()))
            .await
            .unwrap();
        assert!(admin.streams().await.unwrap().is_empty());
        let settings = admin.engine().in_force().settings.clone();
        assert!(!settings.team_sync);
        let rules = admin.rules();
        assert_eq!(rules.preset, "launchdarkly");
        assert_eq!(rules.list("teams.idps"), ["okta"]);
        assert_eq!(rules.value("no.such_key"), "");

        admin.prepare_copy(Some("rfc".into())).await.unwrap();
        assert!(!admin.open_team_sync().await.unwrap(), "rfc has no switch");
        admin.close().await.unwrap();
    }
}
