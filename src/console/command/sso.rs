//! Commands of pane SSO.

use super::{Command, CommandId, Ctx, Danger, Reason, Scope, command};
use crate::admin::sso::SsoState;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::overlays::qr::is_coloured;
use crate::console::overlays::sso_form::SsoForm;
use crate::console::panes::PaneId;
use crate::console::panes::sso::CLAIMS_TAB;

const fn sso(
    id: CommandId,
    title: &'static str,
    keys: &'static [&'static str],
    run: fn(&mut App, &str) -> Vec<Effect>,
) -> Command {
    command(Scope::Sso, id, title, keys, run)
}

/// The commands.
pub(super) const COMMANDS: &[Command] = &[
    sso("sso.test", "Run a test-drive", &["T"], |app, _| {
        app.start_test_drive()
    })
    .hint("test-drive")
    .danger(Danger::Write)
    .enabled(|ctx| known(ctx).map_or(Ok(()), |()| configured(ctx))),
    sso(
        "sso.switch",
        "Enable or disable single sign-on",
        &["S"],
        |app, _| app.ask_switch_sso(),
    )
    .hint("enable/disable")
    .danger(Danger::Destructive)
    .enabled(configured),
    sso(
        "sso.browse",
        "Open the test-drive's link in a browser",
        &["o"],
        |app, _| app.browse_test_drive(),
    )
    .hint("browser")
    .enabled(has_link),
    sso(
        "sso.qr",
        "Show the test-drive's link as a QR code",
        &["c"],
        |app, _| app.show_qr(),
    )
    .hint("QR")
    .enabled(has_link),
    sso(
        "sso.accept",
        "Believe the certificate that the Response came with",
        &["A"],
        |app, _| app.ask_accept_certificate(),
    )
    .hint("accept certificate")
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        ctx.on(PaneId::Sso)?;
        ctx.app().may_accept_certificate()
    }),
    sso(
        "sso.paste",
        "Examine a Response that was pasted",
        &["P"],
        |app, _| app.open_sso_form(SsoForm::Response),
    )
    .hint("paste Response")
    .enabled(configured),
    sso(
        "sso.configure",
        "Configure the identity provider from its metadata",
        &["E"],
        |app, _| app.open_sso_form(SsoForm::Metadata),
    )
    .hint("configure")
    .danger(Danger::Write),
    sso(
        "sso.by_hand",
        "Configure the identity provider by hand",
        &["B"],
        |app, _| app.open_sso_form(SsoForm::ByHand),
    )
    .danger(Danger::Write),
    sso(
        "sso.add_certificate",
        "Accept another signing certificate",
        &["C"],
        |app, _| app.open_sso_form(SsoForm::Certificate),
    )
    .hint("certificate")
    .danger(Danger::Write)
    .enabled(configured),
    sso(
        "sso.refresh",
        "Fetch the identity provider's metadata again",
        &["m"],
        |app, _| app.ask_refresh_metadata(),
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        configured(ctx)?;
        let fetched = ctx
            .app()
            .sso
            .configured()
            .is_some_and(|(_, sso)| sso.identity_provider.metadata_url.is_some());
        if fetched {
            return Ok(());
        }
        Err(Reason(
            format!(
                "it did not come from a URL; {} takes the new document",
                ctx.app().key("sso.configure")
            )
            .into(),
        ))
    }),
    sso(
        "sso.forget",
        "Forget the identity provider",
        &["x"],
        |app, _| app.ask_forget_sso(),
    )
    .danger(Danger::Destructive)
    .enabled(|ctx| {
        configured(ctx)?;
        let enabled = ctx
            .app()
            .sso
            .configured()
            .is_some_and(|(_, sso)| sso.state == SsoState::Enabled);
        if enabled {
            let key = ctx.app().key("sso.switch");
            return Err(Reason(format!("disable it first ({key})").into()));
        }
        Ok(())
    }),
    sso(
        "sso.map",
        "Change the attribute names of a claim",
        &[],
        |app, _| {
            app.open_tab(CLAIMS_TAB);
            Vec::new()
        },
    )
    .danger(Danger::Write)
    .enabled(|ctx| {
        ctx.on(PaneId::Sso)?;
        configured(ctx)
    }),
    sso("sso.copy", "Copy the line", &["y"], |app, _| app.copy_sso())
        .hint("copy")
        .enabled(|ctx| ctx.on(PaneId::Sso)),
    command(
        Scope::Everywhere,
        "sso.named",
        "Try, enable or disable single sign-on",
        &[],
        App::sso_verb,
    )
    .verb("sso", "test, enable or disable")
    .danger(Danger::Destructive),
    command(
        Scope::Code,
        "qr.turn",
        "Swap light and dark of the QR code",
        &["i"],
        |app, _| app.turn_qr(),
    )
    .hint("swap light and dark")
    .enabled(|ctx| {
        if is_coloured(&ctx.app().look) {
            return Err(Reason::of("the theme has colours for both"));
        }
        Ok(())
    }),
];

fn known(ctx: Ctx<'_>) -> Option<()> {
    ctx.app().sso.status.value().map(|_| ())
}

fn configured(ctx: Ctx<'_>) -> Result<(), Reason> {
    let app = ctx.app();
    if app.sso.configured().is_some() {
        return Ok(());
    }
    if app.sso.status.value().is_none() {
        ctx.on(PaneId::Sso)?;
        return Err(Reason::of("the engine has not told how it stands yet"));
    }
    Err(Reason(
        format!(
            "no identity provider is configured; {} takes its metadata",
            app.key("sso.configure")
        )
        .into(),
    ))
}

fn has_link(ctx: Ctx<'_>) -> Result<(), Reason> {
    if ctx.app().drive_link().is_some() {
        return Ok(());
    }
    Err(Reason(
        format!(
            "there is no link; {} starts a test-drive",
            ctx.app().key("sso.test")
        )
        .into(),
    ))
}
