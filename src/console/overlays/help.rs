//! All commands with their keys (`?`), those of where one is first. What is typed finds them by name and by key.

use super::TextField;
use crate::console::app::App;
use crate::console::command::{self, Command, Ctx, Reason, Scope};
use crate::console::keymap::Keymap;

/// The help.
#[derive(Debug, Default)]
pub struct Help {
    /// What is looked for.
    pub search: TextField,
    /// The chosen row, counted over commands.
    pub chosen: usize,
}

/// One command in the help.
pub struct HelpRow {
    /// The command.
    pub command: &'static Command,
    /// Its keys, parted by blanks.
    pub keys: String,
    /// Why it cannot be used now.
    pub reason: Option<Reason>,
    /// Whether its keys are live where the help was opened.
    pub live: bool,
}

impl Help {
    /// The rows that match what is typed; live ones first, otherwise in the order of the table.
    pub fn rows(&self, app: &App) -> Vec<HelpRow> {
        let ctx = Ctx::new(app);
        let live = app.pane_scopes();
        let mut rows: Vec<HelpRow> = command::all()
            .filter(|command| app.debug || !command.id.starts_with("debug."))
            .map(|command| HelpRow {
                command,
                keys: keys_of(&app.keymap, command),
                reason: command.check(ctx).err(),
                live: live.contains(&command.scope),
            })
            .filter(|row| self.matches(row))
            .collect();
        rows.sort_by_key(|row| (!row.live, order(row.command.scope)));
        rows
    }

    /// By the beginning of a key, as it stands; and by name, without case, every word somewhere.
    fn matches(&self, row: &HelpRow) -> bool {
        let search = self.search.text().trim();
        if search.is_empty() {
            return true;
        }
        if row.keys.split("  ").any(|key| key.starts_with(search)) {
            return true;
        }
        let text = format!("{} {} {}", row.command.title, row.command.id, row.keys).to_lowercase();
        search.chars().count() > 1
            && search
                .to_lowercase()
                .split_whitespace()
                .all(|word| text.contains(word))
    }
}

/// The keys of a command, parted by two blanks.
pub fn keys_of(keymap: &Keymap, command: &Command) -> String {
    let keys: Vec<String> = keymap
        .chords_of(command.id)
        .map(ToString::to_string)
        .collect();
    keys.join("  ")
}

fn order(scope: Scope) -> usize {
    Scope::ALL
        .iter()
        .position(|known| *known == scope)
        .unwrap_or_default()
}
