//! Commands of pane Teams.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::admin::types::{Leaving, TeamSource};
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::overlays::team_form::TeamForm;
use crate::console::overlays::{Adds, FormOverlay, Overlay};
use crate::console::panes::PaneId;
use crate::console::panes::teams::{COMPARE_TAB, MEMBERS_TAB, TIMELINE_TAB};
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
    .danger(Danger::Write)
    .enabled(|ctx| ctx.app().may_add_team()),
    team(
        "team.edit",
        "Change description, roles and maintainers of the team",
        &["o"],
        |app, _| app.open_team_form(TeamForm::Own),
    )
    .hint("edit")
    .danger(Danger::Write)
    .enabled(loaded),
    team("team.rename", "Rename the team", &["n"], |app, _| {
        app.open_team_form(TeamForm::Rename)
    })
    .danger(Danger::Write)
    .enabled(|ctx| ctx.app().may_edit_team(ctx.team()?, "name")),
    team(
        "team.join",
        "Take a member into the team",
        &["+"],
        |app, _| app.open_team_form(TeamForm::Join),
    )
    .danger(Danger::Write)
    .enabled(|ctx| ctx.app().may_edit_team(ctx.team()?, "members")),
    team(
        "team.leave",
        "Take the chosen member out of the team",
        &["X"],
        |app, _| app.ask_leave(),
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        let team = ctx.team()?;
        ctx.app().may_edit_team(team, "members")?;
        if ctx.app().tab() != MEMBERS_TAB || ctx.app().teams.members.selected_row().is_none() {
            return Err(Reason::of("choose a member in the tab Members first"));
        }
        Ok(())
    }),
    team(
        "team.pause",
        "Pause the sync of the team, or let it go on",
        &["z"],
        |app, _| app.ask_pause_team(),
    )
    .hint("pause sync")
    .danger(Danger::Write)
    .enabled(synced),
    team("team.link", "Hand the team to an IdP", &["K"], |app, _| {
        app.open_team_form(TeamForm::Link)
    })
    .hint("link")
    .danger(Danger::Write)
    .enabled(one),
    team(
        "team.unlink_keep",
        "Unlink the team and keep its members",
        &["L"],
        |app, _| app.ask_unlink(Leaving::Keep),
    )
    .hint("unlink")
    .danger(Danger::Write)
    .enabled(synced),
    team(
        "team.unlink_empty",
        "Unlink the team and empty it",
        &["E"],
        |app, _| app.ask_unlink(Leaving::Empty),
    )
    .danger(Danger::Destructive)
    .enabled(synced),
    team("team.delete", "Delete the team", &["D"], |app, _| {
        app.ask_delete_team()
    })
    .danger(Danger::Destructive)
    .enabled(|ctx| ctx.app().may_edit_team(ctx.team()?, "members")),
    team("team.sync", "Turn team sync on or off", &["Y"], |app, _| {
        app.ask_team_sync()
    })
    .hint("team sync")
    .danger(Danger::Write)
    .enabled(|ctx| ctx.app().may_switch_sync()),
    team(
        "team.compare",
        "Compare the team with what its IdP last pushed",
        &["c"],
        |app, _| {
            app.open_tab(COMPARE_TAB);
            Vec::new()
        },
    )
    .hint("compare")
    .enabled(one),
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

fn synced(ctx: Ctx<'_>) -> Result<(), Reason> {
    match ctx.team()?.source {
        TeamSource::Synced => Ok(()),
        TeamSource::Local | TeamSource::Unlinked | TeamSource::Released => {
            Err(Reason::of("no IdP rules this team; link hands it to one"))
        }
    }
}

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
