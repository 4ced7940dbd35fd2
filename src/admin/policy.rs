//! The wire types of the policy: what is in force, how a preset differs, what is set, what another policy would have
//! answered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::types::{Outcome, RequestId};

/// The policy in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyDetail {
    /// The preset it follows.
    pub preset: String,
    /// Who says so: admins, or the configuration file.
    pub preset_source: PolicySource,
    /// When and by whom the preset was changed last.
    pub preset_changed: Option<LastChange>,
    /// The version of the settings, for `if_version`.
    pub version: u64,
    /// The newest change of the policy that is neither taken back nor takes another one back.
    #[serde(default)]
    pub undo: Option<RequestId>,
    /// The presets there are.
    pub presets: Vec<String>,
    /// Every key, in the order in which people read them.
    pub keys: Vec<PolicyRow>,
}

impl PolicyDetail {
    /// The policy as a file: its preset, and the keys that are set otherwise.
    pub fn to_toml(&self) -> String {
        use std::fmt::Write as _;

        let mut text = String::from(
            "# The policy of a Provost engine: the preset it follows, and the keys that are set otherwise.\n\
             # `provost policy import FILE` takes it over; in the configuration file it goes over what admins set.\n\
             [policy]\n",
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "preset = {:?}", self.preset);
        for row in self.keys.iter().filter(|row| row.value != row.preset_value) {
            let _ = writeln!(text, "\n# {}; preset: {}", row.meaning, row.preset_value);
            let _ = writeln!(text, "{} = {:?}", row.key, row.value);
        }
        text
    }
}

/// One key of the policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRow {
    /// Its name, such as `users.on_inactive`.
    pub key: String,
    /// Its value as it is written.
    pub value: String,
    /// The value the preset has.
    pub preset_value: String,
    /// Where the value comes from.
    pub source: PolicySource,
    /// What the key changes, one sentence.
    pub meaning: String,
    /// The words its value is made of; empty where it is free.
    pub values: Vec<String>,
    /// The numbers of the acceptance scenarios in which it makes a difference.
    pub scenarios: Vec<u8>,
    /// When and by whom it was changed last.
    pub changed: Option<LastChange>,
}

/// Where a value of the policy comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicySource {
    /// The preset has it.
    Preset,
    /// An admin has set it.
    Set,
    /// The configuration file of the engine says it; it cannot be set otherwise here.
    File,
}

impl PolicySource {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preset => "preset",
            Self::Set => "set",
            Self::File => "file",
        }
    }
}

/// When and by whom something was changed last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// The logged request.
    pub request: Option<RequestId>,
}

/// How the policy in force would differ under a preset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDiff {
    /// The preset in force.
    pub from: String,
    /// The other one.
    pub preset: String,
    /// The version of the settings this was told at, for `if_version`.
    pub version: u64,
    /// The keys whose value would be another one.
    pub differences: Vec<PolicyDifference>,
}

/// One key whose value would be another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDifference {
    /// The key.
    pub key: String,
    /// Its value now.
    pub now: String,
    /// Its value then.
    pub then: String,
    /// What the key changes.
    pub meaning: String,
}

/// What a key is about, in the order in which somebody who changes the policy should read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyGroup {
    /// What stands between an identity provider and a lock-out.
    Guards,
    /// What widens or narrows who may sign in.
    SignIn,
    /// Members otherwise.
    Members,
    /// Roles.
    Roles,
    /// Teams.
    Teams,
    /// How identity providers connect, and whatever else there may be.
    Connections,
}

/// Keys of other groups that decide who may sign in.
const SIGN_IN: [&str; 13] = [
    "users.post_existing_inactive",
    "users.on_inactive",
    "users.on_delete",
    "users.deprovision_clears",
    "users.preexisting",
    "users.invite_ttl",
    "users.password",
    "sso.machine",
    "sso.on_enable",
    "sso.on_disable_reset",
    "sso.no_role_match",
    "sso.jit",
    "sso.jit_domains",
];

impl PolicyGroup {
    /// The group of a key.
    pub fn of(key: &str) -> Self {
        let (first, rest) = key.split_once('.').unwrap_or((key, ""));
        match first {
            "guard" => Self::Guards,
            _ if SIGN_IN.contains(&key) => Self::SignIn,
            "sso" if rest.starts_with("team") => Self::Teams,
            "users" | "sso" => Self::Members,
            "roles" => Self::Roles,
            "teams" => Self::Teams,
            _ => Self::Connections,
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Guards => "Guards",
            Self::SignIn => "Who may sign in",
            Self::Members => "Members",
            Self::Roles => "Roles",
            Self::Teams => "Teams",
            Self::Connections => "Connections",
        }
    }
}

/// Differences by group, those first that one should read first.
pub fn in_groups(differences: &[PolicyDifference]) -> Vec<(PolicyGroup, Vec<&PolicyDifference>)> {
    let mut groups: BTreeMap<PolicyGroup, Vec<&PolicyDifference>> = BTreeMap::new();
    for difference in differences {
        let group = PolicyGroup::of(&difference.key);
        groups.entry(group).or_default().push(difference);
    }
    groups.into_iter().collect()
}

/// One key to set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPolicy {
    /// Which.
    pub key: String,
    /// The value as it is written; `None` gives the key back to the preset.
    #[serde(default)]
    pub value: Option<String>,
    /// The version of the settings that was seen; where they have changed since, nothing is set.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// A preset to follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptPreset {
    /// Its name.
    pub preset: String,
    /// Keys to set otherwise than it has them, with their values as they are written.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
    /// The version of the settings that was seen; where they have changed since, nothing is adopted.
    #[serde(default)]
    pub if_version: Option<u64>,
}

/// Which stretch of the request log to decide again, and under which policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulate {
    /// The preset; `None` keeps the one in force with all that is set.
    #[serde(default)]
    pub preset: Option<String>,
    /// Keys to set otherwise, with their values as they are written.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
    /// Only requests that match this query of the log.
    #[serde(default)]
    pub query: String,
}

/// What another policy would have answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// The keys in which the other policy differs from the one in force.
    pub differences: Vec<PolicyDifference>,
    /// When the first request of the stretch came.
    pub from: Option<Timestamp>,
    /// When the last one came.
    pub until: Option<Timestamp>,
    /// How many requests were decided again.
    pub decided: u64,
    /// How many were left out, since the log does not hold enough of them.
    pub left_out: u64,
    /// How many were answered otherwise than recorded already under the policy in force: state or policy were not the
    /// same then.
    pub drifted: u64,
    /// The requests that the other policy answers otherwise, in the order in which they came.
    pub changed: Vec<Reanswered>,
    /// What the result rests on, and where it may be wrong.
    pub limits: Vec<String>,
}

/// One request that another policy answers otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reanswered {
    /// Which.
    pub request: RequestId,
    /// When it came.
    pub at: Timestamp,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Whom or what it was about.
    pub subject: Option<String>,
    /// What the log says it was answered.
    pub recorded: Answered,
    /// What the policy in force answers.
    pub now: Answered,
    /// What the other policy answers.
    pub then: Answered,
}

/// How a request is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The explain code.
    pub code: Option<String>,
    /// The policy key that decides.
    pub policy_key: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::policy::KEYS;

    #[test]
    fn every_key_that_decides_who_may_sign_in_is_one() {
        for name in SIGN_IN {
            assert!(KEYS.iter().any(|key| key.name == name), "{name}");
            assert_eq!(PolicyGroup::of(name), PolicyGroup::SignIn);
        }
        assert_eq!(PolicyGroup::of("guard.owner"), PolicyGroup::Guards);
        assert_eq!(PolicyGroup::of("sso.team_source"), PolicyGroup::Teams);
        assert_eq!(PolicyGroup::of("scim.auth"), PolicyGroup::Connections);
    }
}
