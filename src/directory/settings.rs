//! What admins have set: the policy in force, the switches beside it, and what follows for decisions.
//!
//! Settings are one object with one version. Each change of them is a command, decided and audited like a change of a
//! member, so that of two admins who change them at once one wins and the other is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::policy::{Policy, PolicyError, SyncToggle};

/// What admins have set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Counts up with each change; 0 before the first.
    pub version: u64,
    /// The preset the policy follows.
    pub preset: String,
    /// The policy keys that are set otherwise than the preset has them, with their values as they are written.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
    /// The switch of team sync. Means nothing where `teams.sync_toggle` is `always`.
    #[serde(default)]
    pub team_sync: bool,
    /// Whether identity providers may provision.
    #[serde(default)]
    pub provisioning: Provisioning,
    /// The identity providers that are connected, oldest first.
    #[serde(default)]
    pub connections: Vec<Connection>,
}

/// Whether identity providers may provision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provisioning {
    /// They may.
    #[default]
    On,
    /// They are asked to come back later (503), so that nothing they send is lost.
    Paused,
    /// They are refused (403), and what they lock is free.
    Off,
}

impl Provisioning {
    /// The word for people and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Paused => "paused",
            Self::Off => "off",
        }
    }
}

impl Default for Settings {
    /// Those of a fresh install.
    fn default() -> Self {
        Self::initial("safe")
    }
}

impl Settings {
    /// Those of an account that follows a preset and where nobody has set anything.
    pub fn initial(preset: &str) -> Self {
        Self {
            version: 0,
            preset: preset.to_owned(),
            overrides: BTreeMap::new(),
            team_sync: false,
            provisioning: Provisioning::On,
            connections: Vec::new(),
        }
    }

    /// The connection whose credential has this name.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections.iter().find(|it| it.name == name)
    }

    /// The policy: the preset with what is set otherwise.
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        let preset = Policy::preset(&self.preset)?;
        let mut overrides = self.overrides.iter();
        overrides.try_fold(preset, |policy, (key, value)| policy.with(key, value))
    }
}

/// Settings with the policy that follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// What admins have set.
    pub settings: Settings,
    /// The policy that follows.
    pub policy: Policy,
}

impl InForce {
    /// Reads the policy out of settings.
    pub fn new(settings: Settings) -> Result<Self, PolicyError> {
        let policy = settings.policy()?;
        Ok(Self { settings, policy })
    }

    /// Whether groups of an identity provider become teams.
    pub fn has_team_sync(&self) -> bool {
        match self.policy.teams.sync_toggle {
            SyncToggle::Always => true,
            SyncToggle::Toggle => self.settings.team_sync,
        }
    }
}
