//! Single sign-on: what is asked of the engine about it, and what is asked of the admin before it changes.

use super::App;
use crate::admin::sso::{ConfigureSso, NextStep, SsoSource, SsoState, SsoStatus, SwitchSso};
use crate::admin::types::IfVersion;
use crate::admin::{AdminError, AdminErrorKind};
use crate::console::command::{Danger, Reason};
use crate::console::effect::{Effect, Load, Write};
use crate::console::fingerprint::fingerprint;
use crate::console::overlays::messages::Tone;
use crate::console::overlays::sso_form::{SsoForm, Values};
use crate::console::overlays::{Choice, Confirm, FormOverlay, Menu, Overlay};
use crate::console::panes::PaneId;
use crate::console::panes::sso::doc::needs;
use crate::console::panes::sso::{STATE_TAB, TEST_DRIVE_TAB};
use crate::console::place::Jump;
use crate::console::sso_deed::{SsoDeed, with_certificate};
use crate::console::store::Generation;

/// Before the names of the identity providers that metadata describes, where it is not clear which one is meant.
const SEVERAL: &str = "say which one is meant: ";
/// How many members are named in a question.
const NAMED: usize = 10;

impl App {
    /// Asks how it stands and for the last sign-ins, where that is missing or something has changed.
    pub(super) fn need_sso(&mut self, effects: &mut Vec<Effect>) {
        let newest = self.newest_change();
        let status = self.sso.needs_status(newest);
        effects.extend(status.map(|generation| Effect::Load(generation, Load::Sso)));
        if self.sso.sign_ins.value().is_none() && self.sso.sign_ins.error().is_none() {
            effects.extend(self.ask_sign_ins());
        }
        let explain = self.sso.needs_explanation();
        effects.extend(
            explain.map(|(generation, request)| {
                Effect::Load(generation, Load::SignInRequest(request))
            }),
        );
    }

    /// Asks for the last sign-ins, unless an answer is awaited.
    pub(super) fn ask_sign_ins(&mut self) -> Option<Effect> {
        if self.sso.sign_ins.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.sso.sign_ins.ask(), Load::SignIns))
    }

    /// Asks how it stands, unless an answer is awaited.
    pub(super) fn ask_sso(&mut self) -> Option<Effect> {
        if self.sso.status.is_awaited() {
            return None;
        }
        Some(Effect::Load(self.sso.status.ask(), Load::Sso))
    }

    /// How it stands came; asks what was to be asked once it is known.
    pub(super) fn sso_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<SsoStatus>, AdminError>,
    ) -> bool {
        let changed = self.sso.status_loaded(generation, result);
        if self.sso.status.is_awaited() {
            return changed;
        }
        if let Some(wanted) = self.sso.asking.take() {
            match (
                self.sso.status.error().cloned(),
                self.sso.status.value().cloned(),
            ) {
                (Some(error), _) => self.say_failed("single sign-on is as it was", &error),
                (None, Some(status)) => self.switch_question(&status, wanted),
                (None, None) => {}
            }
        }
        changed
    }

    /// The sign-ins came. What stands may read differently once somebody has signed in.
    pub(super) fn sign_ins_came(&mut self, changed: bool, effects: &mut Vec<Effect>) -> bool {
        if changed {
            effects.extend(self.ask_sso());
        }
        changed
    }

    // ── enabling and disabling ──────────────────────────────────────────────────────────────────────────────────
    /// Asks whether it shall be enabled or disabled, once it is known how things stand.
    pub fn ask_switch_sso(&mut self) -> Vec<Effect> {
        let enabled = self.sso.status.value().map(|status| status.state) == Some(SsoState::Enabled);
        self.ask_sso_to(if enabled {
            SsoState::Off
        } else {
            SsoState::Enabled
        })
    }

    fn ask_sso_to(&mut self, wanted: SsoState) -> Vec<Effect> {
        let mut effects = self.jump(Jump::Pane(PaneId::Sso));
        self.sso.asking = Some(wanted);
        effects.push(Effect::Load(self.sso.status.ask(), Load::Sso));
        effects
    }

    /// `sso test`, `sso enable`, `sso disable`.
    pub fn sso_verb(&mut self, typed: &str) -> Vec<Effect> {
        match typed.trim() {
            "test" => self.invoke_id("sso.test"),
            "enable" => self.ask_sso_to(SsoState::Enabled),
            "disable" => self.ask_sso_to(SsoState::Off),
            "" => self.ask_for_argument("sso"),
            other => {
                let text = format!("sso {other} is not known");
                let next = "There are sso test, sso enable and sso disable.";
                self.say(Tone::Warning, text, next);
                Vec::new()
            }
        }
    }

    fn switch_question(&mut self, status: &SsoStatus, wanted: SsoState) {
        if status.sso.is_none() {
            let next = format!("{} takes its metadata.", self.key("sso.configure"));
            self.say(Tone::Warning, "no identity provider is configured", next);
            return;
        }
        if status.state == wanted || (wanted == SsoState::Off && status.state != SsoState::Enabled)
        {
            let text = format!("single sign-on is {} already", status.state);
            let text = if status.state == SsoState::TestDrive {
                "single sign-on is not enabled, so there is nothing to disable".to_owned()
            } else {
                text
            };
            self.say(Tone::Info, text, "");
            return;
        }
        let Some(next) = status.next.iter().find(|next| next.to == wanted).cloned() else {
            let text = format!("single sign-on cannot go from {} to {wanted}", status.state);
            self.say(Tone::Warning, text, "");
            return;
        };
        if next.missing.is_empty() {
            self.ask_switch(status, &next);
        } else {
            self.show_gate(status, &next);
        }
    }

    /// Shows what enabling still needs; choosing what is missing mends it.
    fn show_gate(&mut self, status: &SsoStatus, next: &NextStep) {
        self.sso.set_tab(STATE_TAB);
        let glyphs = self.look.glyphs;
        let items = needs(self, status, next)
            .into_iter()
            .map(|need| {
                let mark = if need.met {
                    format!("{} there    ", glyphs.ok)
                } else {
                    format!("{} missing  ", glyphs.failed)
                };
                let choice = need.mend.map_or(Choice::Nothing, Choice::Command);
                (format!("{mark}{}", need.text), choice)
            })
            .collect();
        self.open(Overlay::Menu(Menu {
            title: "It cannot be enabled yet".to_owned(),
            items,
            chosen: 0,
        }));
    }

    fn ask_switch(&mut self, status: &SsoStatus, next: &NextStep) {
        let enables = next.to == SsoState::Enabled;
        let (question, word, yes) = if enables {
            ("Enable single sign-on?", "enable", "Enable")
        } else {
            ("Disable single sign-on?", "disable", "Disable")
        };
        let switch = SwitchSso {
            state: next.to,
            if_version: Some(status.version),
        };
        let then = Effect::Write(Write::Sso(Box::new(SsoDeed::Switch(switch))));
        let mut confirm = Confirm::new(Danger::Destructive, question.to_owned(), word, yes, then);
        if enables {
            let idp = status.sso.as_ref().map(|sso| &sso.identity_provider);
            let at = idp.map_or("", |idp| idp.entity_id.as_str());
            confirm.changes.push(format!("members sign in at {at}"));
        }
        confirm.changes.extend(next.changes.iter().cloned());
        if !enables {
            let names = status.without_password.iter().take(NAMED);
            confirm
                .changes
                .extend(names.map(|(_, name)| format!("  {name} has no password")));
            let more = status.without_password.len().saturating_sub(NAMED);
            if more > 0 {
                confirm.changes.push(format!("  and {more} more"));
            }
        }
        confirm
            .stays
            .push("members, roles and teams stay as they are".to_owned());
        if !enables {
            confirm
                .stays
                .push("the identity provider stays configured and can be tried".to_owned());
        }
        confirm.undo = format!(
            "{} {} it again",
            self.key("sso.switch"),
            if enables { "disables" } else { "enables" }
        );
        self.ask(confirm);
    }

    // ── the identity provider ───────────────────────────────────────────────────────────────────────────────────
    /// Opens a form, filled in as things stand.
    pub fn open_sso_form(&mut self, form: SsoForm) -> Vec<Effect> {
        let effects = self.jump(Jump::Pane(PaneId::Sso));
        let fields = form.form(self.sso.status.value().map(|status| &**status));
        let form = FormOverlay::of_sso(form, fields);
        self.open(Overlay::Form(Box::new(form)));
        effects
    }

    /// A form was filled in.
    pub(super) fn sso_form_sent(&mut self, form: SsoForm, values: &Values) -> Vec<Effect> {
        if form == SsoForm::Response {
            let typed = values.first().map(|(_, typed)| typed.as_str());
            let effect = self.examine(typed.unwrap_or_default());
            self.form_is_sent();
            return vec![effect];
        }
        let status = self.sso.status.value().map(|status| &**status);
        let Some(deed) = form.deed(values, status) else {
            return Vec::new();
        };
        if form == SsoForm::Certificate {
            let typed = values.first().map(|(_, typed)| typed.clone());
            return self.ask_certificate(&typed.unwrap_or_default(), deed);
        }
        let is_set = self.sso.configured().is_some();
        if is_set && matches!(form, SsoForm::Metadata | SsoForm::ByHand) {
            return self.ask_replace(deed);
        }
        self.form_is_sent();
        vec![write(deed)]
    }

    fn form_is_sent(&mut self) {
        if let Some(Overlay::Form(form)) = self.overlays.last_mut() {
            form.sending = true;
            form.error = None;
        }
    }

    /// Asks whether the identity provider that is set shall give way.
    fn ask_replace(&mut self, deed: SsoDeed) -> Vec<Effect> {
        let enabled = self
            .sso
            .configured()
            .is_some_and(|(_, sso)| sso.state == SsoState::Enabled);
        let mut confirm = Confirm::new(
            Danger::Write,
            "Replace the configuration?".to_owned(),
            "",
            "Replace",
            write(deed),
        );
        confirm.changes = vec![
            "entity id, sign-in URL and certificates are as the new one says".to_owned(),
            if enabled {
                "the very next sign-in is examined by it".to_owned()
            } else {
                "the test-drive has to be run again".to_owned()
            },
        ];
        confirm.stays = vec![
            "the mapping of claims stays".to_owned(),
            "members, roles, teams and sessions stay".to_owned(),
        ];
        "the request it is logged as can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether the metadata shall be fetched once more.
    pub fn ask_refresh_metadata(&mut self) -> Vec<Effect> {
        let Some((status, sso)) = self.sso.configured() else {
            return Vec::new();
        };
        let configure = ConfigureSso {
            source: SsoSource::Refresh,
            allow_unsolicited: sso.allow_unsolicited,
            if_version: Some(status.version),
        };
        let url = sso.identity_provider.metadata_url.clone();
        let mut confirm = Confirm::new(
            Danger::Write,
            "Fetch the metadata again?".to_owned(),
            "",
            "Fetch",
            write(SsoDeed::Refresh(Box::new(configure))),
        );
        confirm.changes = vec![
            format!("it is fetched from {}", url.unwrap_or_default()),
            "sign-in URL and certificates are as it says; others that were accepted by hand go"
                .to_owned(),
        ];
        confirm.stays = vec!["it stays the same identity provider, or it is refused".to_owned()];
        "the request it is logged as can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    /// Asks whether the identity provider shall be forgotten.
    pub fn ask_forget_sso(&mut self) -> Vec<Effect> {
        let Some((status, sso)) = self.sso.configured() else {
            return Vec::new();
        };
        let seen = IfVersion {
            if_version: Some(status.version),
        };
        let idp = sso.identity_provider.entity_id.clone();
        let mut confirm = Confirm::new(
            Danger::Destructive,
            "Forget the identity provider?".to_owned(),
            "forget",
            "Forget",
            write(SsoDeed::Forget(seen)),
        );
        confirm.changes = vec![
            format!("{idp} is no longer known: its certificates and the mapping of claims go"),
            "a test-drive is no longer possible until another one is configured".to_owned(),
        ];
        confirm.stays = vec!["members, roles and teams stay as they are".to_owned()];
        "the request it is logged as can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    // ── certificates ────────────────────────────────────────────────────────────────────────────────────────────
    /// Whether the certificate that the shown Response came with could be accepted.
    pub fn may_accept_certificate(&self) -> Result<(), Reason> {
        let Some((status, _)) = self.sso.configured() else {
            return Err(Reason::of("no identity provider is configured"));
        };
        let decoded = self
            .sso
            .drive
            .shown()
            .and_then(|row| row.decoded.as_deref());
        let presented = decoded.and_then(|decoded| decoded.certificate.as_deref());
        let Some(print) = presented.and_then(fingerprint) else {
            return Err(Reason::of("no Response with a certificate is shown"));
        };
        if status.certificates.iter().any(|it| it.fingerprint == print) {
            return Err(Reason::of("its certificate is known already"));
        }
        Ok(())
    }

    /// Asks whether the certificate that the shown Response came with shall be believed.
    pub fn ask_accept_certificate(&mut self) -> Vec<Effect> {
        let decoded = self
            .sso
            .drive
            .shown()
            .and_then(|row| row.decoded.as_deref());
        let Some(certificate) = decoded.and_then(|decoded| decoded.certificate.clone()) else {
            return Vec::new();
        };
        let deed = self
            .sso
            .configured()
            .and_then(|(status, _)| with_certificate(status, &certificate));
        match deed {
            Some(deed) => self.ask_certificate(&certificate, deed),
            None => Vec::new(),
        }
    }

    fn ask_certificate(&mut self, certificate: &str, deed: SsoDeed) -> Vec<Effect> {
        let print = fingerprint(certificate).unwrap_or_default();
        let mut confirm = Confirm::new(
            Danger::Destructive,
            "Believe this certificate, too?".to_owned(),
            "believe",
            "Believe",
            write(deed),
        );
        confirm.changes = vec![
            format!("SHA-256 {print}"),
            "compare it with the fingerprint in the identity provider's admin console: whoever has its key can sign in as anybody".to_owned(),
        ];
        confirm.stays = vec!["the certificates that are believed stay believed".to_owned()];
        let enabled = self
            .sso
            .configured()
            .is_some_and(|(_, sso)| sso.state == SsoState::Enabled);
        if !enabled {
            confirm
                .changes
                .push("the test-drive has to be run again".to_owned());
        }
        "the request it is logged as can be undone".clone_into(&mut confirm.undo);
        self.ask(confirm)
    }

    // ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// A deed was refused. Where metadata describes several identity providers, asks which one is meant.
    pub(super) fn sso_refused(&mut self, deed: &SsoDeed, error: &AdminError) -> bool {
        if error.kind != AdminErrorKind::Invalid {
            return false;
        }
        let Some((_, list)) = error.detail.split_once(SEVERAL) else {
            return false;
        };
        let items: Vec<(String, Choice)> = list
            .split(", ")
            .filter(|name| *name != "..")
            .filter_map(|name| {
                let deed = deed.meaning(name)?;
                Some((name.to_owned(), Choice::Effect(write(deed))))
            })
            .collect();
        if items.is_empty() {
            return false;
        }
        self.open(Overlay::Menu(Menu {
            title: "Which identity provider is meant?".to_owned(),
            items,
            chosen: 0,
        }));
        true
    }

    /// Shows what a deed is about, after it was done.
    pub(super) fn sso_done(&mut self, deed: &SsoDeed) {
        match deed {
            SsoDeed::Configure(_) | SsoDeed::ConfigureFromFile(..) => self.sso.set_tab(STATE_TAB),
            SsoDeed::AddCertificate(_) if self.sso.tab == TEST_DRIVE_TAB => {
                let next = format!("{} tries it again.", self.key("sso.test"));
                self.say(Tone::Success, deed.said(), next);
            }
            SsoDeed::Refresh(_)
            | SsoDeed::AddCertificate(_)
            | SsoDeed::Map(..)
            | SsoDeed::Switch(_)
            | SsoDeed::Forget(_)
            | SsoDeed::EndSessions(..) => {}
        }
    }
}

fn write(deed: SsoDeed) -> Effect {
    Effect::Write(Write::Sso(Box::new(deed)))
}
