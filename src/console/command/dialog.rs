//! Commands of what lies over the panes.

use super::{Command, Reason, Scope, command};

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    command(
        Scope::Dialog,
        "dialog.accept",
        "Take what is chosen",
        &["enter"],
        |app, _| app.accept(),
    ),
    command(
        Scope::Dialog,
        "dialog.close",
        "Close without doing anything",
        &["esc"],
        |app, _| app.cancel(),
    )
    .hint("close"),
    command(
        Scope::Dialog,
        "dialog.down",
        "One down",
        &["down", "ctrl-n"],
        |app, _| app.choose(1),
    ),
    command(
        Scope::Dialog,
        "dialog.up",
        "One up",
        &["up", "ctrl-p"],
        |app, _| app.choose(-1),
    ),
    command(
        Scope::Dialog,
        "dialog.page_down",
        "Ten down",
        &["pagedown"],
        |app, _| app.choose(10),
    ),
    command(
        Scope::Dialog,
        "dialog.page_up",
        "Ten up",
        &["pageup"],
        |app, _| app.choose(-10),
    ),
    command(
        Scope::Dialog,
        "dialog.next",
        "Complete what is typed, or go to the next field",
        &["tab"],
        |app, _| app.next_field(1),
    ),
    command(
        Scope::Dialog,
        "dialog.previous",
        "Go to the previous field",
        &["shift-tab"],
        |app, _| app.next_field(-1),
    ),
    command(
        Scope::Dialog,
        "dialog.yes_typed",
        "Do it, once its name is typed",
        &["ctrl-y"],
        |app, _| app.confirm(),
    )
    .enabled(|ctx| match ctx.overlay() {
        Some(overlay) => overlay.can_confirm(),
        None => Err(Reason::of("there is nothing to confirm")),
    }),
    command(
        Scope::Confirm,
        "confirm.yes",
        "Yes, do it",
        &["y"],
        |app, _| app.confirm(),
    ),
    command(
        Scope::Confirm,
        "confirm.no",
        "No, leave it",
        &["n"],
        |app, _| app.cancel(),
    ),
    command(
        Scope::Views,
        "view.delete",
        "Delete the chosen view",
        &["d", "delete"],
        |app, _| app.delete_view(),
    )
    .hint("delete")
    .enabled(|ctx| {
        if ctx.app().views.all.is_empty() {
            return Err(Reason::of("no view is saved"));
        }
        Ok(())
    }),
    command(
        Scope::Secret,
        "secret.copy",
        "Copy what is shown this once",
        &["y"],
        |app, _| app.copy_secret(),
    ),
];
