//! Commands of pane Teams.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::overlays::{Adds, FormOverlay, Overlay};
use crate::console::panes::PaneId;
use crate::console::panes::teams::TIMELINE_TAB;
use crate::console::place::Jump;

const fn team(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Teams, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    team("team.add", "Add a team by hand", &["A"], |app, _| {
        let effects = app.jump(Jump::Pane(PaneId::Teams));
        app.open(Overlay::Form(Box::new(FormOverlay::new(Adds::Team))));
        effects
    })
    .hint("add")
    .danger(Danger::Write),
    team(
        "team.timeline",
        "Show what happened to the team",
        &["t"],
        |app, _| {
            app.open_tab(TIMELINE_TAB);
            Vec::new()
        },
    )
    .hint("timeline")
    .enabled(one),
    team(
        "team.members",
        "Show the team's members as a list",
        &["m"],
        |app, _| app.members_of_team(),
    )
    .hint("members")
    .enabled(one),
    team(
        "team.requests",
        "Show the requests about the team",
        &["R"],
        |app, _| app.requests_of_team(),
    )
    .hint("requests")
    .enabled(one),
    team(
        "team.undo",
        "Undo the change under the cursor of the timeline",
        &["u"],
        |app, _| app.undo_under_cursor(),
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        one(ctx)?;
        ctx.change()
    }),
    team(
        "team.copy",
        "Copy the team's SCIM resource",
        &["y"],
        |app, _| app.copy_team(),
    )
    .enabled(loaded),
    team(
        "team.export",
        "Export the team's SCIM resource",
        &["e"],
        |app, _| app.export_team(),
    )
    .enabled(loaded),
];

fn one(ctx: Ctx<'_>) -> Result<(), Reason> {
    ctx.team().map(|_| ())
}

fn loaded(ctx: Ctx<'_>) -> Result<(), Reason> {
    one(ctx)?;
    match ctx.app().teams.detail.remote.value() {
        Some(_) => Ok(()),
        None => Err(Reason::of("the team is not loaded yet; Enter opens it")),
    }
}
