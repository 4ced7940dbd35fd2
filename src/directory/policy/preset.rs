//! Reads `assets/presets.toml`.

use super::{Policy, PolicyError};

/// The presets, embedded.
const PRESETS: &str = include_str!("../../../assets/presets.toml");

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
    preset
        .clone()
        .try_into()
        .map_err(|error: toml::de::Error| malformed(error.to_string()))
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
    fn an_unknown_preset_names_the_known_ones() {
        let error = Policy::preset("rcf").unwrap_err().to_string();
        assert!(error.contains("rfc"), "{error}");
    }
}
