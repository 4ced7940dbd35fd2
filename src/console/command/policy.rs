//! Commands of pane Policy.

use super::{Command, Ctx, Danger, Reason, Scope, command};
use crate::admin::policy::{PolicyRow, PolicySource};
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::panes::PaneId;
use crate::console::panes::policy::SHADOW_TAB;

const fn policy(
    id: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Policy, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    policy("policy.set", "Set the key", &["E"], |app, _| {
        app.edit_policy()
    })
    .hint("set")
    .danger(Danger::Write)
    .enabled(|ctx| settable(ctx).map(|_| ())),
    policy(
        "policy.reset",
        "Give the key back to the preset",
        &["X"],
        |app, _| app.ask_reset_policy(),
    )
    .hint("reset")
    .danger(Danger::Write)
    .enabled(|ctx| {
        if settable(ctx)?.source == PolicySource::Preset {
            return Err(Reason::of("it is as the preset has it"));
        }
        Ok(())
    }),
    policy(
        "policy.preset",
        "Follow another preset",
        &["P"],
        |app, _| app.choose_preset(),
    )
    .hint("preset")
    .danger(Danger::Write)
    .enabled(loaded),
    policy(
        "policy.simulate",
        "Try another policy on the requests of the last day",
        &["v"],
        |app, _| app.choose_shadow(),
    )
    .hint("simulate")
    .enabled(loaded),
    policy(
        "policy.shadow",
        "Show what it would have answered",
        &["t"],
        |app, _| {
            app.open_tab(SHADOW_TAB);
            Vec::new()
        },
    )
    .enabled(loaded),
    policy(
        "policy.undo",
        "Undo the last change of the key",
        &["u"],
        |app, _| app.undo_policy(),
    )
    .hint("undo")
    .danger(Danger::Write)
    .enabled(|ctx| {
        let changed = one(ctx)?.changed.as_ref();
        match changed.and_then(|changed| changed.request) {
            Some(_) => Ok(()),
            None => Err(Reason::of("it was not changed yet")),
        }
    }),
    policy(
        "policy.export",
        "Export the policy to a file",
        &["e"],
        |app, _| app.export_policy(),
    )
    .hint("export")
    .enabled(loaded),
];

fn loaded(ctx: Ctx<'_>) -> Result<(), Reason> {
    ctx.on(PaneId::Policy)?;
    match ctx.app().policies.policy.value() {
        Some(_) => Ok(()),
        None => Err(Reason::of("the engine has not told the policy yet")),
    }
}

fn one(ctx: Ctx<'_>) -> Result<&PolicyRow, Reason> {
    ctx.on(PaneId::Policy)?;
    ctx.app()
        .policies
        .current()
        .ok_or(Reason::of("no key is selected"))
}

fn settable(ctx: Ctx<'_>) -> Result<&PolicyRow, Reason> {
    let row = one(ctx)?;
    if row.source == PolicySource::File {
        return Err(Reason::of(
            "the configuration file of the engine says it; change it there",
        ));
    }
    Ok(row)
}
