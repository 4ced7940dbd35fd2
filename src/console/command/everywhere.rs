//! Commands that work wherever one is.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::error::Exit;
use crate::console::layout::Focus;
use crate::console::overlays::{Help, Overlay, Palette};
use crate::console::panes::PaneId;
use crate::console::place::Jump;

const fn everywhere(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Everywhere, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    everywhere("pane.home", "Go to Home", &["1"], |app, _| {
        app.jump(Jump::Pane(PaneId::Home))
    }),
    everywhere("pane.members", "Go to Members", &["2"], |app, _| {
        app.jump(Jump::Pane(PaneId::Members))
    }),
    everywhere("pane.teams", "Go to Teams", &["3"], |app, _| {
        app.jump(Jump::Pane(PaneId::Teams))
    }),
    everywhere("pane.requests", "Go to Requests", &["4"], |app, _| {
        app.jump(Jump::Pane(PaneId::Requests))
    }),
    everywhere("pane.sso", "Go to SSO", &["5"], |app, _| {
        app.jump(Jump::Pane(PaneId::Sso))
    }),
    everywhere("pane.scim", "Go to SCIM", &["6"], |app, _| {
        app.jump(Jump::Pane(PaneId::Scim))
    }),
    everywhere("pane.policy", "Go to Policy", &["9"], |app, _| {
        app.jump(Jump::Pane(PaneId::Policy))
    }),
    everywhere("pane.incidents", "Go to Incidents", &["7"], |app, _| {
        app.jump(Jump::Pane(PaneId::Incidents))
    }),
    everywhere(
        "focus.switch",
        "Switch between list and detail",
        &["tab", "shift-tab"],
        |app, _| {
            app.switch_focus();
            Vec::new()
        },
    )
    .hint("switch")
    .enabled(has_detail),
    everywhere("go.back", "Go back", &["esc"], |app, _| app.escape()),
    everywhere(
        "go.previous",
        "Go back to where you came from",
        &["backspace"],
        |app, _| app.previous_place(),
    )
    .enabled(|ctx| {
        if ctx.app().history.is_empty() {
            return Err(Reason::of("there is nowhere to go back to"));
        }
        Ok(())
    }),
    everywhere("app.refresh", "Ask the engine anew", &["r"], |app, _| {
        app.refresh()
    }),
    everywhere(
        "app.zoom",
        "Give list or detail all the room",
        &["Z"],
        |app, _| {
            app.zoomed = !app.zoomed;
            Vec::new()
        },
    )
    .enabled(has_detail),
    everywhere(
        "app.mouse",
        "Take the mouse, or leave it to the terminal",
        &["M"],
        |app, _| app.toggle_mouse(),
    ),
    everywhere(
        "app.messages",
        "Show what the console said",
        &["H"],
        |app, _| {
            app.open(Overlay::Messages(0));
            Vec::new()
        },
    ),
    everywhere(
        "message.request",
        "Open the request of the last message",
        &["O"],
        |app, _| {
            let request = app.messages.all().find_map(|message| message.request);
            request.map_or_else(Vec::new, |request| app.jump(Jump::Request(request)))
        },
    )
    .enabled(|ctx| {
        let mut all = ctx.app().messages.all();
        match all.find_map(|message| message.request) {
            Some(_) => Ok(()),
            None => Err(Reason::of("no message so far is about a request")),
        }
    }),
    everywhere(
        "member.find",
        "Go to a member by name, e-mail or id",
        &[],
        App::find_member,
    )
    .verb("member", "name, e-mail or id"),
    everywhere(
        "team.find",
        "Go to a team by name or id",
        &[],
        App::find_team,
    )
    .verb("team", "name or id"),
    everywhere(
        "request.find",
        "Go to a request by number",
        &[],
        App::find_request,
    )
    .verb("request", "number"),
    everywhere(
        "failure.explain",
        "Explain the last failure",
        &[],
        |app, _| app.explain_last_failure(),
    ),
    everywhere(
        "app.palette",
        "Find a command",
        &[":", "ctrl-p"],
        |app, _| {
            app.open(Overlay::Palette(Palette::default()));
            Vec::new()
        },
    )
    .hint("commands"),
    everywhere("app.help", "Show all keys", &["?"], |app, _| {
        app.open(Overlay::Help(Help::default()));
        Vec::new()
    })
    .hint("help"),
    everywhere("app.quit", "Quit", &["q"], |app, _| {
        app.quit(Exit::Quit);
        Vec::new()
    }),
    command(
        Scope::Always,
        "app.interrupt",
        "Quit at once",
        &["ctrl-c"],
        |app, _| {
            app.quit(Exit::Quit);
            Vec::new()
        },
    ),
    command(
        Scope::Always,
        "app.redraw",
        "Draw the screen anew",
        &["ctrl-l"],
        |_, _| vec![Effect::ClearScreen],
    ),
    everywhere("debug.panic", "Panic, to try the way out", &[], |_, _| {
        vec![Effect::Panic]
    })
    .danger(Danger::None)
    .enabled(|ctx| {
        if ctx.app().debug {
            return Ok(());
        }
        Err(Reason::of("only with PROVOST_DEBUG=1"))
    }),
];

fn has_detail(ctx: Ctx<'_>) -> Result<(), Reason> {
    let app = ctx.app();
    if !app.pane.has_detail() {
        return Err(Reason::of("Home has no detail"));
    }
    if app.focus == Focus::List && app.has_nothing() {
        return Err(Reason::of("nothing is listed, so that there is no detail"));
    }
    Ok(())
}
