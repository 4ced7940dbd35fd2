//! Commands of pane Requests.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::panes::PaneId;
use crate::console::panes::requests::{CHANGES_TAB, EXPLAIN_TAB, TRACE_TAB};

const fn request(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Requests, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    request(
        "request.follow",
        "Pause the log, or follow it again",
        &["p"],
        |app, _| {
            app.toggle_follow();
            Vec::new()
        },
    )
    .hint("pause/follow"),
    request(
        "request.explain",
        "Explain the request",
        &["x"],
        |app, _| show(app, EXPLAIN_TAB),
    )
    .hint("explain")
    .enabled(one),
    request("request.next_failure", "Next failure", &["n"], |app, _| {
        app.go_to_failure(false)
    })
    .enabled(some),
    request(
        "request.previous_failure",
        "Failure before this one",
        &["N"],
        |app, _| app.go_to_failure(true),
    )
    .hint("failure")
    .enabled(some),
    request(
        "request.trace",
        "Show the steps of the request",
        &["t"],
        |app, _| show(app, TRACE_TAB),
    )
    .hint("trace")
    .enabled(one),
    request(
        "request.changes",
        "Show what the request changed",
        &["d"],
        |app, _| show(app, CHANGES_TAB),
    )
    .hint("diff")
    .enabled(one),
    request(
        "request.previous_related",
        "Request about the same subject before this one",
        &["["],
        |app, _| app.related(true),
    )
    .enabled(loaded),
    request(
        "request.next_related",
        "Request about the same subject after this one",
        &["]"],
        |app, _| app.related(false),
    )
    .hint("related")
    .enabled(loaded),
    request(
        "request.undo",
        "Undo what the request changed",
        &["u"],
        |app, _| app.undo_selected(),
    )
    .hint("undo")
    .danger(Danger::Write)
    .enabled(|ctx| match ctx.request()?.changes {
        0 => Err(Reason::of("it changed nothing")),
        _ => Ok(()),
    }),
    request(
        "request.subject",
        "Go to the member or team it was about",
        &["g s"],
        |app, _| app.jump_to_subject(),
    )
    .enabled(|ctx| {
        let subject = ctx.request()?.subject.as_ref();
        let jump = subject.and_then(crate::console::panes::requests::explain::subject_jump);
        jump.map(|_| ())
            .ok_or(Reason::of("it was about nothing that exists here"))
    }),
    request(
        "request.policy",
        "Go to the policy key that decided the request",
        &["g p"],
        |app, _| app.go_to_policy(),
    )
    .enabled(|ctx| {
        loaded(ctx)?;
        match ctx.app().deciding_key() {
            Some(_) => Ok(()),
            None => Err(Reason::of("no key of the policy decided it")),
        }
    }),
    request(
        "request.copy",
        "Copy the request as a curl line, without its token",
        &["y"],
        |app, _| app.copy_request(),
    )
    .hint("copy")
    .enabled(loaded),
    request(
        "request.copy_note",
        "Copy the note for the people who run the IdP",
        &["Y"],
        |app, _| app.copy_note(),
    )
    .enabled(|ctx| {
        loaded(ctx)?;
        let detail = ctx.app().requests.detail.remote.value();
        let explanation = detail.and_then(|detail| detail.explanation.as_ref());
        match explanation {
            Some(explanation) if !explanation.note.is_empty() => Ok(()),
            _ => Err(Reason::of("there is no note for this request")),
        }
    }),
    request(
        "request.export",
        "Export the request to a file",
        &["e"],
        |app, _| app.open_export(),
    )
    .hint("export")
    .enabled(loaded),
];

fn show(app: &mut App, tab: usize) -> Vec<Effect> {
    app.open_tab(tab);
    Vec::new()
}

fn some(ctx: Ctx<'_>) -> Result<(), Reason> {
    ctx.on(PaneId::Requests)?;
    if ctx.app().requests.ring.is_empty() {
        return Err(Reason::of("no request is here"));
    }
    Ok(())
}

fn one(ctx: Ctx<'_>) -> Result<(), Reason> {
    ctx.request().map(|_| ())
}

fn loaded(ctx: Ctx<'_>) -> Result<(), Reason> {
    one(ctx)?;
    match ctx.app().requests.detail.remote.value() {
        Some(_) => Ok(()),
        None => Err(Reason::of("no request is open; Enter opens the chosen one")),
    }
}
