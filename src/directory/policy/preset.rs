//! Reads `assets/presets.toml`.

use std::collections::BTreeMap;

use super::texts::Texts;
use super::{Policy, PolicyError};

/// The presets, embedded.
const PRESETS: &str = include_str!("../../../assets/presets.toml");

/// What stands in a preset beside the policy: its words.
const TEXTS: &str = "texts";

/// The names of all presets.
pub fn preset_names() -> Vec<String> {
    table()
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

pub(super) fn load(name: &str) -> Result<Policy, PolicyError> {
    let malformed = |reason: String| PolicyError::Malformed {
        name: name.to_owned(),
        reason,
    };
    let table = table().map_err(|error| malformed(error.to_string()))?;
    let Some(preset) = table.get(name) else {
        return Err(PolicyError::UnknownPreset {
            name: name.to_owned(),
            known: table.keys().cloned().collect(),
        });
    };
    let mut preset = preset.clone();
    if let Some(preset) = preset.as_table_mut() {
        preset.remove(TEXTS);
    }
    preset
        .try_into()
        .map_err(|error: toml::de::Error| malformed(error.to_string()))
}

/// The words of each preset that has some.
pub(super) fn texts() -> BTreeMap<String, Texts> {
    let presets = table().unwrap_or_default();
    let texts = presets.into_iter().filter_map(|(name, preset)| {
        let texts = preset.get(TEXTS)?.clone().try_into();
        // A test reads each of them.
        Some((name, texts.unwrap_or_default()))
    });
    texts.collect()
}

fn table() -> Result<toml::Table, toml::de::Error> {
    PRESETS.parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_fits_the_types() {
        let names = preset_names();
        for known in [
            "safe",
            "rfc",
            "launchdarkly",
            "unleash",
            "flagsmith",
            "datadog",
        ] {
            assert!(names.contains(&known.to_owned()), "{known}");
        }
        for name in names {
            let policy = Policy::preset(&name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(policy.check(), Ok(()), "{name}");
        }
    }

    #[test]
    fn every_preset_s_words_are_read() {
        let (presets, texts) = (table().unwrap(), texts());
        for (name, preset) in presets {
            let stated = preset.get(TEXTS).and_then(toml::Value::as_table);
            let read = texts.get(&name).map(|texts| texts.entries().count());
            assert_eq!(
                stated.is_some(),
                read.is_some_and(|count| count > 0),
                "{name}"
            );
        }
    }

    #[test]
    fn an_unknown_preset_names_the_known_ones() {
        let error = Policy::preset("rcf").unwrap_err().to_string();
        assert!(error.contains("rfc"), "{error}");
    }
}
