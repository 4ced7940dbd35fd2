//! Commands of lists and of details, whatever they show.

use super::{Command, Ctx, Reason, Scope, command};
use crate::console::app::App;
use crate::console::app::steps::Step;
use crate::console::effect::Effect;
use crate::console::layout::Focus;
use crate::console::panes::PaneId;

const fn list(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::List, id, title, keys, run)
}

const fn detail(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Detail, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    list("list.open", "Open what is chosen", &["enter"], |app, _| {
        app.open_list()
    })
    .hint("open")
    .enabled(|ctx| match ctx.app().pane {
        PaneId::Members => ctx.member().map(|_| ()),
        PaneId::Teams => ctx.team().map(|_| ()),
        PaneId::Requests if ctx.app().requests.ring.is_empty() => {
            Err(Reason::of("no request is here"))
        }
        PaneId::Incidents => ctx.incident().map(|_| ()),
        PaneId::Home | PaneId::Requests | PaneId::Sso | PaneId::Scim | PaneId::Policy => Ok(()),
    }),
    command(
        Scope::Everywhere,
        "view.filter",
        "Filter the list",
        &["/"],
        |app, _| app.open_filter(),
    )
    .hint("filter")
    .enabled(|ctx| match ctx.app().pane {
        PaneId::Members | PaneId::Teams | PaneId::Requests => Ok(()),
        PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => {
            Err(Reason::of("this pane has no filter"))
        }
    }),
    command(
        Scope::Everywhere,
        "view.clear_filter",
        "Show everything again",
        &["\\"],
        |app, _| app.apply_filter(""),
    )
    .enabled(|ctx| {
        if ctx.app().filter().is_empty() {
            return Err(Reason::of("nothing is filtered"));
        }
        Ok(())
    }),
    command(
        Scope::Everywhere,
        "view.open",
        "Show a saved view",
        &["g v"],
        App::open_view,
    )
    .verb("view", "name"),
    command(
        Scope::Everywhere,
        "view.save",
        "Save filter and order of the list as a view",
        &[],
        App::save_view,
    )
    .verb("view save", "name")
    .enabled(|ctx| {
        let app = ctx.app();
        match app.pane {
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents => {
                Err(Reason::of("this pane has no filter"))
            }
            PaneId::Members | PaneId::Teams | PaneId::Requests if !app.views.can_save => {
                Err(Reason::of("the file of the saved views cannot be used"))
            }
            PaneId::Members | PaneId::Teams | PaneId::Requests => Ok(()),
        }
    }),
    list("view.sort", "Change the order", &["s"], |app, _| {
        app.turn_sort();
        Vec::new()
    })
    .hint("order")
    .enabled(|ctx| match ctx.app().pane {
        PaneId::Members | PaneId::Teams => Ok(()),
        PaneId::Home
        | PaneId::Requests
        | PaneId::Sso
        | PaneId::Scim
        | PaneId::Policy
        | PaneId::Incidents => Err(Reason::of("this list has one order")),
    }),
    list(
        "list.mark",
        "Mark the member, so that several are changed at once",
        &["space"],
        |app, _| app.toggle_mark(),
    )
    .hint("mark")
    .enabled(|ctx| ctx.member().map(|_| ())),
    list(
        "list.mark_all",
        "Mark everybody in the list, as far as it is filtered",
        &["*"],
        |app, _| app.mark_all(),
    )
    .enabled(|ctx| ctx.member().map(|_| ())),
    list("list.unmark", "Take all marks away", &["_"], |app, _| {
        app.clear_marks()
    })
    .enabled(|ctx| {
        ctx.on(PaneId::Members)?;
        if ctx.app().members.marks.is_empty() {
            return Err(Reason::of("nobody is marked"));
        }
        Ok(())
    }),
    list("list.down", "One down", &["down", "j"], |app, _| {
        step(app, Step::By(1))
    }),
    list("list.up", "One up", &["up", "k"], |app, _| {
        step(app, Step::By(-1))
    }),
    list(
        "list.page_down",
        "One screen down",
        &["pagedown", "ctrl-f"],
        |app, _| step(app, Step::Screens(1)),
    ),
    list(
        "list.page_up",
        "One screen up",
        &["pageup", "ctrl-b"],
        |app, _| step(app, Step::Screens(-1)),
    ),
    list("list.top", "To the first row", &["gg", "home"], |app, _| {
        step(app, Step::Start)
    }),
    list("list.bottom", "To the last row", &["G", "end"], |app, _| {
        step(app, Step::End)
    }),
    detail(
        "detail.open",
        "Go where the line leads, or fold",
        &["enter"],
        |app, _| app.open_detail(),
    )
    .hint("follow"),
    detail("detail.down", "One line down", &["down", "j"], |app, _| {
        app.move_detail(Step::By(1));
        Vec::new()
    }),
    detail("detail.up", "One line up", &["up", "k"], |app, _| {
        app.move_detail(Step::By(-1));
        Vec::new()
    }),
    detail(
        "detail.page_down",
        "One screen down",
        &["pagedown", "ctrl-f", "space"],
        |app, _| {
            app.move_detail(Step::Screens(1));
            Vec::new()
        },
    ),
    detail(
        "detail.page_up",
        "One screen up",
        &["pageup", "ctrl-b"],
        |app, _| {
            app.move_detail(Step::Screens(-1));
            Vec::new()
        },
    ),
    detail(
        "detail.top",
        "To the first line",
        &["gg", "home"],
        |app, _| {
            app.move_detail(Step::Start);
            Vec::new()
        },
    ),
    detail(
        "detail.bottom",
        "To the last line",
        &["G", "end"],
        |app, _| {
            app.move_detail(Step::End);
            Vec::new()
        },
    ),
    detail(
        "detail.shift_right",
        "Show what stands further right",
        &[">"],
        |app, _| shift(app, 8),
    )
    .enabled(has_body),
    detail(
        "detail.shift_left",
        "Show what stands further left",
        &["<"],
        |app, _| shift(app, -8),
    )
    .enabled(has_body),
    command(
        Scope::Everywhere,
        "tab.next",
        "Next tab of the detail",
        &["right", "l"],
        |app, _| {
            app.turn_tab(1);
            Vec::new()
        },
    )
    .hint("next tab")
    .enabled(has_tabs),
    command(
        Scope::Everywhere,
        "tab.previous",
        "Previous tab of the detail",
        &["left", "h"],
        |app, _| {
            app.turn_tab(-1);
            Vec::new()
        },
    )
    .enabled(has_tabs),
];

fn step(app: &mut App, step: Step) -> Vec<Effect> {
    app.move_list(step);
    Vec::new()
}

fn shift(app: &mut App, by: isize) -> Vec<Effect> {
    if let Some(json) = app.json_mut() {
        json.shift_by(by);
    }
    Vec::new()
}

fn has_body(ctx: Ctx<'_>) -> Result<(), Reason> {
    if ctx.app().shows_body() {
        return Ok(());
    }
    Err(Reason::of("lines of text are wrapped; only bodies are cut"))
}

fn has_tabs(ctx: Ctx<'_>) -> Result<(), Reason> {
    let app = ctx.app();
    if app.has_nothing() {
        return Err(Reason::of("nothing is listed, so that there is no detail"));
    }
    let shown = app.areas().is_some_and(|areas| areas.detail.is_some());
    if app.tabs().len() > 1 && (shown || app.focus == Focus::Detail) {
        return Ok(());
    }
    Err(Reason::of("no detail with tabs is on the screen"))
}
