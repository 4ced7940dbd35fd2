//! What admins have set: the policy in force, the switches beside it, and what follows for decisions.
//!
//! Settings are one object with one version. Each change of them is a command, decided and audited like a change of a
//! member, so that of two admins who change them at once one wins and the other is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::policy::{Policy, PolicyError, SyncToggle};
use super::sso::Sso;

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
    /// Single sign-on, once an identity provider is set for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sso: Option<Sso>,
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
            sso: None,
        }
    }

    /// The connection whose credential has this name.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections.iter().find(|it| it.name == name)
    }

    /// The policy: the preset with what is set otherwise.
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        self.policy_under(&Fixed::default())
    }

    /// The policy where the configuration file has a word in it.
    pub fn policy_under(&self, fixed: &Fixed) -> Result<Policy, PolicyError> {
        let preset = Policy::preset(self.preset_under(fixed))?;
        // What the file says otherwise need not fit any more: that is the way out where it does not.
        let set = self.overrides.iter();
        let set = set.filter(|(key, _)| !fixed.values.contains_key(*key));
        let mut values = set.chain(&fixed.values);
        values.try_fold(preset, |policy, (key, value)| policy.with(key, value))
    }

    /// The preset that is followed where the configuration file has a word in it.
    pub fn preset_under<'a>(&'a self, fixed: &'a Fixed) -> &'a str {
        fixed.preset.as_deref().unwrap_or(&self.preset)
    }

    /// Whether both say the same, whatever their versions.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let version = self.version;
        *self
            == Self {
                version,
                ..other.clone()
            }
    }
}

/// What the configuration file says about the policy. It goes over what admins set, and while it stands there they
/// cannot set it otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The preset.
    pub preset: Option<String>,
    /// Keys with their values as they are written.
    pub values: BTreeMap<String, String>,
}

impl Fixed {
    /// Whether the file says nothing about the policy.
    pub fn is_empty(&self) -> bool {
        self.preset.is_none() && self.values.is_empty()
    }
}

/// Settings with the policy that follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// What admins have set.
    pub settings: Settings,
    /// What the configuration file says about the policy.
    pub fixed: Arc<Fixed>,
    /// The policy that follows from both.
    pub policy: Policy,
}

impl InForce {
    /// Reads the policy out of settings and of what the configuration file says.
    pub fn new(settings: Settings, fixed: Arc<Fixed>) -> Result<Self, PolicyError> {
        let policy = settings.policy_under(&fixed)?;
        Ok(Self {
            settings,
            fixed,
            policy,
        })
    }

    /// Whether groups of an identity provider become teams.
    pub fn has_team_sync(&self) -> bool {
        match self.policy.teams.sync_toggle {
            SyncToggle::Always => true,
            SyncToggle::Toggle => self.settings.team_sync,
        }
    }
}
