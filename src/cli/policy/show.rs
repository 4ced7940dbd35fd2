//! `provost policy show`, `keys` and `diff`: the policy read.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::admin::policy::{PolicyDetail, PolicyDifference, PolicyRow, PolicySource};
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Column, Form, Row, Sheet, Tone, text, time};
use crate::cli::session::{Session, note};
use crate::nearest::nearest;

/// Show the policy in force, or one key with what it means.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy show
  provost policy show --changed
  provost policy show users.on_inactive")]
pub struct ShowVerb {
    /// One key alone, such as users.on_inactive.
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Only keys that are not as the preset has them.
    #[arg(long, conflicts_with = "key")]
    changed: bool,
    /// Comma-separated values for a spreadsheet.
    #[arg(long, conflicts_with = "key")]
    csv: bool,
}

/// List every key with its values and what it changes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy keys
  provost policy keys --csv > keys.csv")]
pub struct KeysVerb {
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Show in which keys the policy would differ under a preset.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost policy diff launchdarkly
  provost policy diff datadog --json")]
pub struct DiffVerb {
    /// The preset: safe, rfc, launchdarkly, unleash, flagsmith or datadog.
    #[arg(value_name = "PRESET")]
    preset: String,
    /// Comma-separated values for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// The document of `policy keys`.
#[derive(Serialize)]
struct KeyList {
    items: Vec<Listed>,
}

/// A key as `policy keys` lists it.
#[derive(Serialize)]
struct Listed {
    key: String,
    values: Vec<String>,
    meaning: String,
    scenarios: Vec<u8>,
}

pub(super) async fn show(session: &mut Session, verb: &ShowVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let policy = reach.read().policy().await;
    let mut policy = reach.finish(policy).await?;
    if let Some(key) = &verb.key {
        let row = find(&policy, key)?;
        let sheet = sheet(row, &policy.preset, session.now);
        return session.out.sheet(row, &sheet);
    }
    if verb.changed {
        policy.keys.retain(|row| row.value != row.preset_value);
    }
    session.out.list(&policy, &policy.keys, session.now)?;
    if session.out.form == Form::Table {
        let changed = policy
            .keys
            .iter()
            .filter(|row| row.value != row.preset_value);
        let source = match policy.preset_source {
            PolicySource::File => ", as the configuration file says",
            PolicySource::Preset | PolicySource::Set => "",
        };
        note(&format!(
            "preset {}{source}; {} set otherwise; version {}",
            policy.preset,
            text::count(changed.count() as u64, "of its keys is", "of its keys are"),
            policy.version
        ));
    }
    Ok(())
}

pub(super) async fn keys(session: &mut Session, verb: &KeysVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let policy = reach.read().policy().await;
    let policy = reach.finish(policy).await?;
    let items = policy.keys.into_iter().map(|row| Listed {
        key: row.key,
        values: row.values,
        meaning: row.meaning,
        scenarios: row.scenarios,
    });
    let document = KeyList {
        items: items.collect(),
    };
    session.out.list(&document, &document.items, session.now)
}

pub(super) async fn diff(session: &mut Session, verb: DiffVerb) -> Result<(), CliError> {
    session.list_form(verb.csv)?;
    let reach = session.reach().await?;
    let diff = reach.read().policy_diff(verb.preset).await;
    let diff = reach.finish(diff).await?;
    session.out.list(&diff, &diff.differences, session.now)?;
    if session.out.form == Form::Table && diff.differences.is_empty() {
        note(&format!(
            "the policy is that of preset {} already",
            diff.preset
        ));
    }
    Ok(())
}

/// The key of this name.
pub(super) fn find<'p>(policy: &'p PolicyDetail, key: &str) -> Result<&'p PolicyRow, CliError> {
    let names = || policy.keys.iter().map(|row| row.key.as_str());
    let found = policy.keys.iter().find(|row| row.key == key);
    found.ok_or_else(|| CliError::NoSuchKey {
        key: key.to_owned(),
        nearest: nearest(key, names()).map(str::to_owned),
    })
}

fn sheet(row: &PolicyRow, preset: &str, now: Timestamp) -> Sheet {
    let mut sheet = Sheet::new();
    sheet.title(&row.key);
    sheet.lines(vec![format!("  {}", row.meaning)]);
    sheet
        .fact(
            "value",
            Cell::text(empty_as_none(&row.value)).tone(tone(row)),
        )
        .fact(
            format!("preset {preset}"),
            Cell::text(empty_as_none(&row.preset_value)),
        )
        .fact("source", Cell::text(row.source.as_str()));
    if !row.values.is_empty() {
        sheet.fact("values", Cell::text(row.values.join(", ")));
    }
    let scenarios: Vec<String> = row.scenarios.iter().map(|n| format!("S{n:02}")).collect();
    sheet.fact("scenarios", Cell::text(scenarios.join(", ")));
    if let Some(changed) = &row.changed {
        let request = changed
            .request
            .map_or_else(String::new, |id| format!(" (request {id})"));
        let when = time::relative(changed.at, now);
        let by = &changed.actor;
        sheet.fact(
            "last changed",
            Cell::text(format!("{when} by {by}{request}")),
        );
    }
    sheet
}

fn tone(row: &PolicyRow) -> Tone {
    match row.source {
        PolicySource::Preset => Tone::Plain,
        PolicySource::Set | PolicySource::File => Tone::Warn,
    }
}

/// An empty list is seen to be one.
pub(super) fn empty_as_none(value: &str) -> &str {
    if value.is_empty() { "(none)" } else { value }
}

impl Row for PolicyRow {
    const COLUMNS: &'static [Column] = &[
        Column::left("key", "KEY", 30),
        Column::left("value", "VALUE", 30),
        Column::left("preset_value", "PRESET", 24),
        Column::left("source", "SOURCE", 6),
        Column::left("changed", "CHANGED", 12),
        Column::left("by", "BY", 10),
    ];

    fn cells(&self, now: Timestamp) -> Vec<Cell> {
        let same = self.value == self.preset_value;
        let preset = if same {
            "·"
        } else {
            empty_as_none(&self.preset_value)
        };
        let changed = self.changed.as_ref();
        vec![
            Cell::text(&self.key),
            Cell::both(empty_as_none(&self.value), &self.value).tone(tone(self)),
            Cell::both(preset, &self.preset_value).tone(Tone::Dim),
            Cell::text(self.source.as_str()),
            Cell::maybe_moment(changed.map(|it| it.at), now, "").tone(Tone::Dim),
            Cell::maybe(changed.map(|it| it.actor.as_str())).tone(Tone::Dim),
        ]
    }
}

impl Row for Listed {
    const COLUMNS: &'static [Column] = &[
        Column::left("key", "KEY", 30),
        Column::left("values", "VALUES", 40),
        Column::left("meaning", "WHAT IT CHANGES", 60),
        Column::script("scenarios"),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        let scenarios: Vec<String> = self.scenarios.iter().map(ToString::to_string).collect();
        let values = if self.values.is_empty() {
            "(free)".to_owned()
        } else {
            self.values.join(", ")
        };
        vec![
            Cell::text(&self.key),
            Cell::both(values, self.values.join(",")),
            Cell::text(&self.meaning),
            Cell::text(scenarios.join(",")),
        ]
    }
}

impl Row for PolicyDifference {
    const COLUMNS: &'static [Column] = &[
        Column::left("key", "KEY", 30),
        Column::left("now", "NOW", 30),
        Column::left("then", "THEN", 30),
        Column::left("meaning", "WHAT IT CHANGES", 50),
    ];

    fn cells(&self, _now: Timestamp) -> Vec<Cell> {
        vec![
            Cell::text(&self.key),
            Cell::both(empty_as_none(&self.now), &self.now),
            Cell::both(empty_as_none(&self.then), &self.then).tone(Tone::Warn),
            Cell::text(&self.meaning).tone(Tone::Dim),
        ]
    }
}
