//! Commands of pane Home.

use super::{Command, Scope, command};

/// The commands.
pub(super) const COMMANDS: &[Command] = &[command(
    Scope::Home,
    "engine.doctor",
    "Have the doctor look at the engine",
    &["!"],
    |app, _| app.open_doctor(),
)
.hint("doctor")];
