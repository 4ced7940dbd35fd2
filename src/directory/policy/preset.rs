//! Reads `assets/presets.toml`.

use super::Policy;

/// The presets, embedded.
const PRESETS: &str = include_str!("../../../assets/presets.toml");

/// Why a policy could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No preset of that name.
    #[error("there is no preset {name:?}; there are: {}", known.join(", "))]
    UnknownPreset {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
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
        assert!(names.contains(&"rfc".to_owned()));
        for name in names {
            Policy::preset(&name).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    #[test]
    fn an_unknown_preset_names_the_known_ones() {
        let error = Policy::preset("rcf").unwrap_err().to_string();
        assert!(error.contains("rfc"), "{error}");
    }
}
