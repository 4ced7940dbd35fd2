//! One value of a policy, read and set by its key.

use std::collections::BTreeSet;

use super::{KEYS, Policy};
use crate::nearest::nearest;

/// Why a policy, or a value of it, could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No preset of that name.
    #[error("there is no preset {name:?}{}; there are: {}", did_you_mean(nearest(name, known.iter().map(String::as_str))), known.join(", "))]
    UnknownPreset {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// No key of that name.
    #[error("there is no policy key {key:?}{}", did_you_mean(*nearest))]
    UnknownKey {
        /// The key asked for.
        key: String,
        /// The key that comes nearest.
        nearest: Option<&'static str>,
    },
    /// A value that the key does not have.
    #[error("{key} cannot be {value:?}: {reason}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// The value asked for.
        value: String,
        /// What it can be.
        reason: String,
    },
    /// The presets file does not fit the types; only possible in a build whose tests were not run.
    #[error("preset {name}: {reason}")]
    Malformed {
        /// The preset.
        name: String,
        /// What does not fit.
        reason: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |key| format!("; did you mean {key}?"))
}

impl Policy {
    /// The value of a key as it is written; lists with commas between their parts.
    pub fn value(&self, key: &str) -> Result<String, PolicyError> {
        let known = find(key)?;
        let table = self.table();
        let value = table
            .get(known.group())
            .and_then(|group| group.get(known.word()));
        Ok(value.map(written).unwrap_or_default())
    }

    /// This policy with another value of one key. Whatever else it holds stays.
    pub fn with(&self, key: &str, text: &str) -> Result<Self, PolicyError> {
        let known = find(key)?;
        let bad = |reason: String| PolicyError::BadValue {
            key: known.name,
            value: text.to_owned(),
            reason,
        };
        let mut table = self.table();
        let model = table
            .get(known.group())
            .and_then(|group| group.get(known.word()));
        let read = model.map_or_else(|| Ok(Vec::new()), |model| readings(known, model, text));
        let mut fault = String::new();
        for value in read.map_err(&bad)? {
            if let Some(slot) = table
                .get_mut(known.group())
                .and_then(|group| group.get_mut(known.word()))
            {
                *slot = value;
            }
            match Self::try_from_table(&table) {
                Ok(policy) => return Ok(policy),
                Err(error) if fault.is_empty() => error.message().clone_into(&mut fault),
                Err(_) => {}
            }
        }
        let likely = nearest(text.trim(), known.values.iter().copied());
        Err(bad(format!("{fault}{}", did_you_mean(likely))))
    }

    /// The keys in which two policies differ, in the order of the register.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let (ours, theirs) = (self.table(), other.table());
        let value = |table: &toml::Table, group: &str, word: &str| {
            table.get(group).and_then(|group| group.get(word)).cloned()
        };
        KEYS.iter()
            .filter(|key| {
                value(&ours, key.group(), key.word()) != value(&theirs, key.group(), key.word())
            })
            .map(|key| key.name)
            .collect()
    }

    fn try_from_table(table: &toml::Table) -> Result<Self, toml::de::Error> {
        table.clone().try_into()
    }

    fn table(&self) -> toml::Table {
        toml::Table::try_from(self).expect("a policy is words, numbers and lists of words")
    }
}

fn find(key: &str) -> Result<&'static super::PolicyKey, PolicyError> {
    KEYS.iter()
        .find(|known| known.name == key)
        .ok_or_else(|| PolicyError::UnknownKey {
            key: key.to_owned(),
            nearest: nearest(key, KEYS.iter().map(|known| known.name)),
        })
}

fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(parts) => parts.iter().map(written).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Lists of these keys that name nothing: nobody would be recognised, be anything, or get in.
const NEVER_EMPTY: [(&str, &str); 4] = [
    (
        "users.match",
        "without an attribute nobody is recognised, and every push makes another member; name one of externalId, userName, email",
    ),
    (
        "roles.base",
        "a member has a base role, so there is one at least",
    ),
    (
        "roles.admin",
        "without a role that leads to admin nobody could look after this account; name one of roles.base",
    ),
    (
        "teams.idps",
        "no group would become a team; name identity providers, or write any",
    ),
];

/// What a text can mean for a key whose value is like the model. A list may be written with or without its brackets;
/// some keys take a word as well as a list.
fn readings(
    key: &super::PolicyKey,
    model: &toml::Value,
    text: &str,
) -> Result<Vec<toml::Value>, String> {
    let text = text.trim();
    let word = |text: &str| toml::Value::String(text.trim_matches('"').to_owned());
    let list = || {
        let text = text.trim_start_matches('[').trim_end_matches(']').trim();
        let parts = text.split(',').map(|part| part.trim().trim_matches('"'));
        let parts: Vec<&str> = match text {
            "" => Vec::new(),
            _ => parts.collect(),
        };
        let mut seen = BTreeSet::new();
        for part in &parts {
            if part.is_empty() {
                return Err("a part of the list is empty".to_owned());
            }
            if !seen.insert(*part) {
                return Err(format!("it names {part} twice"));
            }
        }
        let mut never = NEVER_EMPTY.iter().filter(|_| parts.is_empty());
        match never.find(|(name, _)| *name == key.name) {
            Some((_, why)) => Err((*why).to_owned()),
            None => Ok(toml::Value::Array(parts.into_iter().map(word).collect())),
        }
    };
    Ok(match model {
        toml::Value::Boolean(_) => match text {
            "true" => vec![toml::Value::Boolean(true)],
            "false" => vec![toml::Value::Boolean(false)],
            _ => return Err("it is true or false".to_owned()),
        },
        toml::Value::Integer(_) => match text.parse() {
            Ok(number) => vec![toml::Value::Integer(number)],
            Err(_) => return Err("it is a number".to_owned()),
        },
        // `any`, which a list may stand in place of.
        _ if takes_names(key) => vec![word(text), list()?],
        toml::Value::Array(_) => vec![list()?],
        _ if text.is_empty() => return Err("it cannot be empty".to_owned()),
        _ => vec![word(text)],
    })
}

/// Whether a key has a word or a list of names.
fn takes_names(key: &super::PolicyKey) -> bool {
    ["roles.custom", "teams.idps"].contains(&key.name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn rfc() -> Policy {
        Policy::preset("rfc").unwrap()
    }

    #[rstest]
    #[case("users.on_inactive", "soft_delete")]
    #[case("users.match", "externalId,email")]
    #[case("users.deprovision_clears", "teams,sessions")]
    #[case("users.update_inactive", "404")]
    #[case("roles.custom_supersedes_base", "true")]
    #[case("scim.max_connections", "3")]
    #[case("guard.blast_radius", "5 per 10s")]
    fn a_value_is_set_and_read_back(#[case] key: &str, #[case] value: &str) {
        let policy = rfc().with(key, value).unwrap();
        assert_eq!(policy.value(key).unwrap(), value);
        assert_eq!(policy.differences(&rfc()), [key]);
    }

    #[rstest]
    #[case("users.on_inactive", "softdelete", "did you mean soft_delete?")]
    #[case("users.match", "mail", "externalId")]
    #[case("roles.custom_supersedes_base", "maybe", "true or false")]
    #[case("guard.blast_radius", "many", "per 60s")]
    #[case("scim.max_connections", "-1", "u32")]
    #[case("users.match", "", "nobody is recognised")]
    #[case("users.match", "email,email", "email twice")]
    #[case("users.match", "email,,userName", "a part of the list is empty")]
    #[case("roles.admin", "", "nobody could look after")]
    #[case("roles.base", "[]", "one at least")]
    #[case("roles.default", "", "cannot be empty")]
    #[case("roles.custom", "dev,dev", "dev twice")]
    #[case("teams.idps", "", "no group would become a team")]
    #[case("teams.locked_fields", "name,members,name", "name twice")]
    #[case("users.on_delete", " ", "cannot be empty")]
    fn a_value_that_does_not_fit_says_what_does(
        #[case] key: &str,
        #[case] value: &str,
        #[case] says: &str,
    ) {
        let error = rfc().with(key, value).unwrap_err().to_string();
        assert!(error.contains(key) && error.contains(says), "{error}");
    }

    #[test]
    fn an_unknown_preset_names_the_nearest() {
        let error = Policy::preset("saef").unwrap_err().to_string();
        assert!(error.contains("did you mean safe?"), "{error}");
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = rfc().with("users.on_inactiv", "ignore").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("did you mean users.on_inactive?")
        );
    }
}
