//! Commands by name (`:` or `ctrl-p`): fuzzy over titles and ids, and verbs with an argument such as `member ada`.
//!
//! What can be used now comes first; what cannot is shown with the reason, unless this console may not write at all,
//! which hides what writes.

use std::collections::HashSet;

use frizbee::{Config, Matcher};

use super::TextField;
use super::help::keys_of;
use crate::console::app::App;
use crate::console::command::{self, Command, Ctx, Reason, Scope};

/// The palette.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub input: TextField,
    /// The chosen row.
    pub chosen: usize,
}

/// One command in the palette.
pub struct PaletteRow {
    /// The command.
    pub command: &'static Command,
    /// Its keys.
    pub keys: String,
    /// Why it cannot be used now.
    pub reason: Option<Reason>,
    /// The argument that was typed for it.
    pub argument: Option<String>,
    /// Which characters of the title were matched.
    pub matched: Vec<usize>,
}

impl Palette {
    /// The rows that match what is typed, the best first.
    pub fn rows(&self, app: &App) -> Vec<PaletteRow> {
        let ctx = Ctx::new(app);
        let typed = self.input.text().trim_start();
        let mut rows: Vec<PaletteRow> = command::all()
            .filter(|command| is_listed(command, app, ctx))
            .map(|command| PaletteRow {
                command,
                keys: keys_of(&app.keymap, command),
                reason: command.check(ctx).err(),
                argument: argument(command, typed),
                matched: Vec::new(),
            })
            .collect();
        if rows.iter().any(|row| row.argument.is_some()) {
            rows.retain(|row| row.argument.is_some());
            // `view save x` is about saving, not about a view called `save x`.
            let length = |row: &PaletteRow| row.command.verb.map_or(0, |verb| verb.word.len());
            let longest = rows.iter().map(length).max();
            rows.retain(|row| Some(length(row)) == longest);
            return rows;
        }
        let needle = typed.trim_end();
        if !needle.is_empty() {
            rows = ranked(rows, needle);
        }
        // The sort is stable: the order by relevance stays within both halves.
        rows.sort_by_key(|row| row.reason.is_some());
        // What works on two panes is there once.
        let mut titles = HashSet::new();
        rows.retain(|row| titles.insert(row.command.title));
        rows
    }
}

/// Movement has no place in the palette, nor has what belongs to an overlay.
fn is_listed(command: &Command, app: &App, ctx: Ctx<'_>) -> bool {
    let of_pane = !matches!(
        command.scope,
        Scope::Dialog | Scope::Confirm | Scope::Secret | Scope::Views
    );
    let moves = command.id.starts_with("list.") || command.id.starts_with("detail.");
    let hidden = command.is_write() && ctx.read_only().is_some();
    let debug = command.id.starts_with("debug.") && !app.debug;
    of_pane && !moves && !hidden && !debug && command.id != "app.palette"
}

/// What was typed after the verb of a command.
fn argument(command: &Command, typed: &str) -> Option<String> {
    let verb = command.verb?;
    let rest = typed.strip_prefix(verb.word)?.strip_prefix(' ')?.trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn ranked(rows: Vec<PaletteRow>, needle: &str) -> Vec<PaletteRow> {
    let texts: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.command.title, row.command.id))
        .collect();
    let mut found = Matcher::new(needle, &Config::default()).match_list_indices(&texts);
    found.sort_by(|one, other| {
        let by_score = other.score.cmp(&one.score);
        by_score.then(one.index.cmp(&other.index))
    });
    let mut rows: Vec<Option<PaletteRow>> = rows.into_iter().map(Some).collect();
    found
        .into_iter()
        .filter_map(|found| {
            let index = usize::try_from(found.index).ok()?;
            let mut row = rows.get_mut(index)?.take()?;
            let indices = found.indices.into_iter();
            row.matched = indices.filter_map(|at| usize::try_from(at).ok()).collect();
            Some(row)
        })
        .collect()
}
