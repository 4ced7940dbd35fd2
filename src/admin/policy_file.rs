//! What a file says about the policy, held against the keys there are: each mistake with file, line and what would be
//! right. The configuration file has it in its table `[policy]`; a file for `policy import` may have nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use super::policy::{AdoptPreset, PolicyDetail, PolicySource};
use super::{AdminError, AdminErrorKind};
use crate::config::{PolicyEntry, PolicyTable};
use crate::directory::policy::{KEYS, PolicyError, preset_names};
use crate::directory::{Fixed, Policy, Settings};
use crate::nearest::nearest;

/// Reads what the configuration file says. Fails with file and line where it names no preset, group, key or value there
/// is. The engine starts with it, and the doctor holds a file against it.
pub fn fixed(table: &PolicyTable) -> Result<Fixed, AdminError> {
    let mut fixed = Fixed::default();
    let groups = || KEYS.iter().map(crate::directory::policy::PolicyKey::group);
    for (name, line) in &table.groups {
        if !groups().any(|group| group == name) {
            let likely = nearest(name, groups());
            let likely =
                likely.map_or_else(String::new, |group| format!("; did you mean {group}?"));
            let what = format!("there is no group {name:?} of policy keys{likely}");
            return Err(at(&table.path, *line, &what));
        }
    }
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

/// Refuses what the configuration file says where it does not go together with what admins have set. Fails with the line
/// that does not fit, where that is one of the file.
pub fn fit(table: &PolicyTable, fixed: &Fixed, settings: &Settings) -> Result<(), AdminError> {
    let policy = settings.policy_under(fixed);
    let policy = policy.map_err(|error| error.to_string());
    let Err(reason) = policy.and_then(|policy| policy.check()) else {
        return Ok(());
    };
    let key = reason.split(' ').next().unwrap_or_default();
    let named = table.entries.iter().find(|entry| entry.key == key);
    let entry = named.or_else(|| {
        table
            .entries
            .iter()
            .find(|entry| reason.contains(&entry.key))
    });
    Err(match entry.or(table.entries.first()) {
        Some(entry) => at(&table.path, entry.line, &reason),
        None => AdminError::new(AdminErrorKind::Invalid, reason),
    })
}

/// The same, with what the admins of a running engine have set.
pub fn fit_in_force(
    table: &PolicyTable,
    fixed: &Fixed,
    in_force: PolicyDetail,
) -> Result<(), AdminError> {
    let rows = in_force.keys.into_iter();
    let set = rows.filter(|row| row.source == PolicySource::Set);
    let settings = Settings {
        overrides: set.map(|row| (row.key, row.value)).collect(),
        ..Settings::initial(&in_force.preset)
    };
    fit(table, fixed, &settings)
}

/// What a running engine would follow otherwise if it were started with this file: the preset, and keys with their
/// values. `None` where it says nothing that is not in force.
pub fn pending(table: &PolicyTable, in_force: PolicyDetail) -> Result<Option<Pending>, AdminError> {
    let fixed = fixed(table)?;
    let preset = fixed.preset.filter(|name| *name != in_force.preset);
    let is_new = |key: &str, value: &str| {
        let mut rows = in_force.keys.iter();
        rows.any(|row| row.key == key && row.value != value)
    };
    let says_more = fixed.values.iter().any(|(key, value)| is_new(key, value));
    if preset.is_none() && !says_more {
        return Ok(None);
    }
    let mut values = fixed.values;
    // What admins have set holds under another preset, too.
    for row in in_force.keys {
        if preset.is_some() && row.source == PolicySource::Set {
            values.entry(row.key).or_insert(row.value);
        }
    }
    Ok(Some((preset, values)))
}

/// A preset, and keys with their values.
pub type Pending = (Option<String>, BTreeMap<String, String>);

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
    at(path, entry.line, &error.to_string())
}

fn at(path: &Path, line: usize, what: &str) -> AdminError {
    let detail = format!("{}:{line}: {what}", path.display());
    AdminError::new(AdminErrorKind::Invalid, detail)
}
