//! Commands of pane Members.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::admin::sso::PasswordLinkKind;
use crate::console::app::App;
use crate::console::effect::{BulkVerb, Effect};
use crate::console::overlays::{Adds, FormOverlay, Overlay};
use crate::console::panes::PaneId;
use crate::console::panes::members::TIMELINE_TAB;
use crate::console::place::Jump;

const fn member(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Members, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    member(
        "member.deactivate",
        "Deactivate the member",
        &["D"],
        |app, _| app.ask_deactivate(),
    )
    .hint("deactivate")
    .danger(Danger::Write)
    .enabled(|ctx| {
        ctx.on(PaneId::Members)?;
        if !ctx.app().members.marks.is_empty() {
            return ctx.app().can_change_marked(BulkVerb::Deactivate);
        }
        let member = ctx.member()?;
        if member.owner && ctx.app().owner_is_guarded() {
            return Err(Reason::of("nobody may deactivate the owner of the account"));
        }
        if !member.active || member.deleted.is_some() {
            return Err(Reason::of(
                "they are inactive already; restore is what you may want",
            ));
        }
        Ok(())
    }),
    member("member.restore", "Restore the member", &["U"], |app, _| {
        app.ask_restore()
    })
    .hint("restore")
    .danger(Danger::Write)
    .enabled(|ctx| {
        ctx.on(PaneId::Members)?;
        if !ctx.app().members.marks.is_empty() {
            return ctx.app().can_change_marked(BulkVerb::Restore);
        }
        let member = ctx.member()?;
        if member.active && member.deleted.is_none() {
            return Err(Reason::of("they are active already"));
        }
        Ok(())
    }),
    member(
        "member.set_role",
        "Set the member's roles",
        &["o"],
        |app, _| app.open_roles(),
    )
    .hint("roles")
    .danger(Danger::Write)
    .enabled(loaded),
    member(
        "member.link",
        "Hand the member to the IdP, or take them back",
        &["L"],
        |app, _| app.ask_link(),
    )
    .hint("link")
    .danger(Danger::Write)
    .enabled(|ctx| {
        loaded(ctx)?;
        if ctx.member()?.owner {
            return Err(Reason::of("the owner stays out of the IdP's hands"));
        }
        Ok(())
    }),
    member(
        "member.merge",
        "Make the marked member one with this one",
        &["m"],
        |app, _| app.ask_merge(),
    )
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        loaded(ctx)?;
        ctx.app().merge_partner().map(|_| ())
    }),
    member(
        "member.what_if",
        "Show what the member would lose with their access",
        &["w"],
        |app, _| app.ask_what_if(),
    )
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        loaded(ctx)?;
        if ctx.member()?.owner && ctx.app().owner_is_guarded() {
            return Err(Reason::of("nobody may deactivate the owner of the account"));
        }
        Ok(())
    }),
    member(
        "member.edit",
        "Edit what the member is called",
        &["E"],
        |app, _| app.open_profile(),
    )
    .danger(Danger::Write)
    .enabled(loaded),
    member("member.delete", "Delete the member", &["X"], |app, _| {
        app.ask_delete()
    })
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        loaded(ctx)?;
        if ctx.member()?.owner && ctx.app().owner_is_guarded() {
            return Err(Reason::of("nobody may delete the owner of the account"));
        }
        Ok(())
    }),
    member(
        "member.purge",
        "Remove every provisioned member",
        &[],
        |app, _| app.ask_purge(),
    )
    .danger(Danger::Destructive)
    .enabled(|ctx| ctx.on(PaneId::Members)),
    member("member.add", "Add a member by hand", &["A"], |app, _| {
        let effects = app.jump(Jump::Pane(PaneId::Members));
        app.open(Overlay::Form(Box::new(FormOverlay::new(Adds::Member))));
        effects
    })
    .hint("add")
    .danger(Danger::Write),
    member(
        "member.end_sessions",
        "End the member's sessions",
        &["K"],
        |app, _| app.ask_end_sessions(None),
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        one(ctx)?;
        ctx.app().may_end_sessions()
    }),
    member(
        "member.reset_link",
        "Make a link by which the member sets another password",
        &["P"],
        |app, _| app.ask_password_link(PasswordLinkKind::Reset),
    )
    .danger(Danger::Write)
    .enabled(may_sign_in),
    member(
        "member.invite_link",
        "Make a link that invites the member to set a password",
        &["I"],
        |app, _| app.ask_password_link(PasswordLinkKind::Invitation),
    )
    .danger(Danger::Write)
    .enabled(may_sign_in),
    member(
        "member.timeline",
        "Show what happened to the member",
        &["t"],
        |app, _| {
            app.open_tab(TIMELINE_TAB);
            Vec::new()
        },
    )
    .hint("timeline")
    .enabled(one),
    member(
        "member.requests",
        "Show the requests about the member",
        &["R"],
        |app, _| app.requests_of_member(),
    )
    .hint("requests")
    .enabled(one),
    member(
        "member.older_changes",
        "Load older changes of the member",
        &["b"],
        |app, _| app.load_older_changes(),
    )
    .enabled(|ctx| {
        one(ctx)?;
        if ctx.app().members.has_older_changes() {
            return Ok(());
        }
        Err(Reason::of("all changes are here"))
    }),
    member(
        "member.undo",
        "Undo the change under the cursor of the timeline",
        &["u"],
        |app, _| app.undo_under_cursor(),
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        one(ctx)?;
        ctx.change()
    }),
    member(
        "member.copy",
        "Copy the member's SCIM resource",
        &["y"],
        |app, _| app.copy_member(),
    )
    .enabled(loaded),
    member(
        "member.export",
        "Export the member's SCIM resource",
        &["e"],
        |app, _| app.export_member(),
    )
    .enabled(loaded),
];

fn one(ctx: Ctx<'_>) -> Result<(), Reason> {
    ctx.member().map(|_| ())
}

/// A link is of no use to whoever may not sign in.
fn may_sign_in(ctx: Ctx<'_>) -> Result<(), Reason> {
    let member = ctx.member()?;
    if member.active && member.deleted.is_none() {
        return Ok(());
    }
    Err(Reason::of(
        "they are inactive; restore is what you may want first",
    ))
}

fn loaded(ctx: Ctx<'_>) -> Result<(), Reason> {
    one(ctx)?;
    match ctx.app().members.detail.remote.value() {
        Some(_) => Ok(()),
        None => Err(Reason::of("the member is not loaded yet; Enter opens it")),
    }
}
