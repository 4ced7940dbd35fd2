//! Commands of pane SCIM.

use super::{Command, Danger, Reason, Scope, command};
use crate::admin::types::Provisioning;
use crate::console::app::App;
use crate::console::overlays::{Adds, FormOverlay, Overlay};
use crate::console::panes::PaneId;
use crate::console::place::Jump;

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    command(
        Scope::Scim,
        "token.new",
        "Issue a token",
        &["A"],
        |app, _| {
            let effects = app.jump(Jump::Pane(PaneId::Scim));
            app.open(Overlay::Form(Box::new(FormOverlay::new(Adds::Token))));
            effects
        },
    )
    .hint("new token")
    .danger(Danger::Write),
    command(
        Scope::Scim,
        "token.revoke",
        "Revoke the token",
        &["X"],
        |app, _| app.ask_revoke(),
    )
    .hint("revoke")
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        if ctx.token()?.revoked.is_some() {
            return Err(Reason::of("it is revoked already"));
        }
        Ok(())
    }),
    command(
        Scope::Scim,
        "token.rotate",
        "Give the token a new secret",
        &["T"],
        |app, _| app.ask_rotate(),
    )
    .hint("rotate")
    .danger(Danger::Write)
    .enabled(|ctx| {
        let token = ctx.token()?;
        if token.client.is_some() {
            return Err(Reason::of("its OAuth client fetches new ones by itself"));
        }
        if token.revoked.is_some() {
            return Err(Reason::of("it is revoked"));
        }
        if token.rotated.is_some() {
            return Err(Reason::of("it has a newer secret already"));
        }
        Ok(())
    }),
    command(
        Scope::Scim,
        "scim.team_sync",
        "Turn team sync on or off",
        &["Y"],
        |app, _| app.ask_team_sync(),
    )
    .hint("team sync")
    .danger(Danger::Write)
    .enabled(|ctx| ctx.app().may_switch_sync()),
    command(
        Scope::Scim,
        "scim.pause",
        "Pause provisioning, or let it go on",
        &["z"],
        |app, _| app.ask_pause_provisioning(),
    )
    .hint("pause")
    .danger(Danger::Write),
    command(
        Scope::Scim,
        "scim.off",
        "Turn provisioning off",
        &[],
        |app, _| app.ask_provisioning(Provisioning::Off),
    )
    .danger(Danger::Write)
    .enabled(|ctx| match ctx.app().provisioning() {
        Provisioning::Off => Err(Reason::of("it is off already")),
        Provisioning::On | Provisioning::Paused => Ok(()),
    }),
    command(
        Scope::Scim,
        "token.requests",
        "Show the requests with the token",
        &["R"],
        |app, _| app.requests_of_token(),
    )
    .hint("requests")
    .enabled(|ctx| ctx.token().map(|_| ())),
    command(
        Scope::Scim,
        "scim.connect",
        "Connect an identity provider",
        &["C"],
        |app, _| {
            let effects = app.jump(Jump::Pane(PaneId::Scim));
            let auth = app.known_link().map(|link| link.auth);
            app.open(Overlay::Form(Box::new(FormOverlay::connection(auth))));
            effects
        },
    )
    .hint("connect")
    .danger(Danger::Write),
    command(
        Scope::Scim,
        "scim.disconnect",
        "Disconnect an identity provider",
        &["D"],
        App::ask_disconnect,
    )
    .verb("scim disconnect", "connection")
    .hint("disconnect")
    .danger(Danger::Destructive)
    .enabled(|ctx| ctx.app().may_disconnect()),
    command(
        Scope::Scim,
        "scim.copy_base_url",
        "Copy the base URL",
        &["B"],
        |app, _| app.copy_base_url(),
    )
    .hint("copy base URL")
    .enabled(|ctx| match ctx.app().overview.value() {
        Some(_) => Ok(()),
        None => Err(Reason::of("the engine has not told it yet")),
    }),
];
