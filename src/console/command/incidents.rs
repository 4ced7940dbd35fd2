//! Commands of pane Incidents.

use super::{Command, Danger, Reason, Scope, command};
use crate::console::app::App;

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    command(
        Scope::Incidents,
        "incident.allow",
        "Carry out what the incident holds",
        &["A"],
        |app, _| app.ask_allow(),
    )
    .hint("allow")
    .danger(Danger::Destructive)
    .enabled(|ctx| match ctx.incident()? {
        incident if incident.waiting == 0 => Err(Reason::of("it holds nothing")),
        _ => Ok(()),
    }),
    command(
        Scope::Incidents,
        "incident.reject",
        "Refuse what the incident holds",
        &["X"],
        |app, _| app.ask_reject(),
    )
    .hint("reject")
    .danger(Danger::Destructive)
    .enabled(|ctx| match ctx.incident()? {
        incident if incident.waiting == 0 => Err(Reason::of("it holds nothing")),
        incident if incident.tended.ruling.is_some() => {
            Err(Reason::of("somebody has spoken about it already"))
        }
        _ => Ok(()),
    }),
    command(
        Scope::Incidents,
        "incident.assign",
        "Say who looks after the incident",
        &["W"],
        App::assign_incident,
    )
    .hint("owner")
    .danger(Danger::Write)
    .verb("assign", "name")
    .enabled(|ctx| ctx.incident().map(|_| ())),
    command(
        Scope::Incidents,
        "incident.policy",
        "Go to the policy key that decided the last request of the incident",
        &["g p"],
        |app, _| app.go_to_policy(),
    )
    .enabled(|ctx| match ctx.app().deciding_key() {
        Some(_) => Ok(()),
        None => Err(Reason::of(
            "no key of the policy decided it, as far as is known; Enter opens the chosen one",
        )),
    }),
    command(
        Scope::Incidents,
        "incident.snooze",
        "Put the incident off for four hours, or show it again",
        &["S"],
        |app, _| app.ask_snooze(),
    )
    .hint("put off")
    .danger(Danger::Write)
    .enabled(|ctx| ctx.incident().map(|_| ())),
    command(
        Scope::Incidents,
        "incident.close",
        "Close the incident",
        &["C"],
        |app, _| app.ask_close(),
    )
    .hint("close")
    .danger(Danger::Write)
    .enabled(|ctx| match ctx.incident()? {
        incident if incident.waiting > 0 && incident.tended.ruling.is_none() => {
            Err(Reason::of("allow or reject what it holds first"))
        }
        _ => Ok(()),
    }),
];
