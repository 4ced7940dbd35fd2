//! What a file says about the policy, held against the keys there are: each mistake with file, line and what would be
//! right. The configuration file has it in its table `[policy]`; a file for `policy import` may have nothing else.

use std::path::Path;

use super::policy::AdoptPreset;
use super::{AdminError, AdminErrorKind};
use crate::config::{PolicyEntry, PolicyTable};
use crate::directory::policy::{PolicyError, preset_names};
use crate::directory::{Fixed, Policy, Settings};

/// Reads what the configuration file says. Fails with file and line where it names no preset, key or value there is.
pub fn fixed(table: &PolicyTable) -> Result<Fixed, AdminError> {
    let mut fixed = Fixed::default();
    for entry in &table.entries {
        let fault = |error: PolicyError| told(&table.path, entry, &error);
        if entry.key == "preset" {
            Policy::preset(&entry.value).map_err(fault)?;
            fixed.preset = Some(entry.value.clone());
            continue;
        }
        let start = Settings::default().policy().map_err(fault)?;
        let value = start
            .with(&entry.key, &entry.value)
            .and_then(|policy| policy.value(&entry.key))
            .map_err(fault)?;
        fixed.values.insert(entry.key.clone(), value);
    }
    Ok(fixed)
}

/// Refuses a key or a value that there is not, with the nearest one, before anything is asked of an engine.
pub fn check(key: &str, value: &str) -> Result<(), AdminError> {
    let checked = Settings::default()
        .policy()
        .and_then(|policy| policy.with(key, value));
    checked
        .map(|_| ())
        .map_err(|error| AdminError::new(AdminErrorKind::Invalid, error.to_string()))
}

/// Reads a whole policy: a preset, and what is set otherwise.
pub fn whole(table: &PolicyTable) -> Result<AdoptPreset, AdminError> {
    let fixed = fixed(table)?;
    let Some(preset) = fixed.preset else {
        let known = preset_names().join(", ");
        let detail = format!(
            "{}: [policy] names no preset; begin with preset = \"safe\" (there are: {known})",
            table.path.display()
        );
        return Err(AdminError::new(AdminErrorKind::Invalid, detail));
    };
    Ok(AdoptPreset {
        preset,
        overrides: fixed.values,
        if_version: None,
    })
}

fn told(path: &Path, entry: &PolicyEntry, error: &PolicyError) -> AdminError {
    let detail = format!("{}:{}: {error}", path.display(), entry.line);
    AdminError::new(AdminErrorKind::Invalid, detail)
}
