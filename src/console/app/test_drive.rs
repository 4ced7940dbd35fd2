//! The test-drive: started, waited for wherever one is meanwhile, and taken in.

use super::App;
use super::timers::after;
use crate::admin::AdminError;
use crate::admin::sso::{SignInRow, TestDriveLink};
use crate::console::effect::{Effect, Load, Write};
use crate::console::overlays::messages::Tone;
use crate::console::overlays::{Overlay, QrOverlay};
use crate::console::panes::PaneId;
use crate::console::panes::sso::TEST_DRIVE_TAB;
use crate::console::panes::test_drive::{AGAIN, AGAIN_AFTER_ERROR, Shown};
use crate::console::place::Jump;
use crate::console::remote::Remote;
use crate::console::store::Generation;
use crate::secret::Secret;

impl App {
    /// Asks for the link of a test-drive.
    pub fn start_test_drive(&mut self) -> Vec<Effect> {
        let mut effects = self.show_test_drive();
        self.sso.drive.begin();
        effects.push(Effect::Write(Write::StartTestDrive));
        effects
    }

    fn show_test_drive(&mut self) -> Vec<Effect> {
        let effects = self.jump(Jump::Pane(PaneId::Sso));
        self.open_tab(TEST_DRIVE_TAB);
        effects
    }

    /// The link came, or why there is none.
    pub(super) fn test_drive_started(&mut self, result: Result<TestDriveLink, AdminError>) {
        let drive = &mut self.sso.drive;
        drive.starting = false;
        match result {
            Ok(link) => {
                drive.link = Some(link);
                drive.started = Some(self.now);
                drive.outcome = Remote::default();
                drive.due = after(self.now, AGAIN);
            }
            Err(error) => {
                drive.refused = Some(error.clone());
                self.say_failed("no test-drive was started", &error);
            }
        }
    }

    /// The outcome is due to be asked for.
    pub(super) fn ask_outcome(&mut self) -> Option<Effect> {
        let drive = &mut self.sso.drive;
        drive.due = None;
        let id = drive.link.as_ref()?.id;
        if drive.outcome.is_awaited() || !drive.goes_on(self.now) {
            return None;
        }
        Some(Effect::Load(drive.outcome.ask(), Load::TestDrive(id)))
    }

    /// The outcome came, or that there is none yet.
    pub(super) fn outcome_came(
        &mut self,
        generation: Generation,
        result: Result<Option<Box<SignInRow>>, AdminError>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let failed = result.is_err();
        let drive = &mut self.sso.drive;
        let had_failed = drive.outcome.error().is_some();
        let changed = drive.came(generation, result);
        if drive.outcome.is_awaited() {
            return false;
        }
        if drive.goes_on(self.now) {
            let wait = if failed { AGAIN_AFTER_ERROR } else { AGAIN };
            drive.due = after(self.now, wait);
        }
        if !changed {
            return failed || had_failed;
        }
        drive.which = Shown::Drive;
        let came = drive.outcome.value().cloned().flatten();
        if let Some(row) = came {
            self.tell_outcome(&row);
            effects.extend(self.ask_sso());
            effects.extend(self.ask_sign_ins());
        }
        true
    }

    fn tell_outcome(&mut self, row: &SignInRow) {
        let is_shown = self.pane == PaneId::Sso && self.sso.tab == TEST_DRIVE_TAB;
        let next = if is_shown {
            self.sso.cursor = crate::console::widgets::doc::DocCursor::default();
            String::new()
        } else {
            format!("{} shows it.", self.key(PaneId::Sso.command()))
        };
        self.sso.set_tab(TEST_DRIVE_TAB);
        let (tone, text) = if row.ok {
            (Tone::Success, "the test-drive went well".to_owned())
        } else {
            let text = format!("the test-drive failed: {}", row.detail);
            (Tone::Failure, text)
        };
        self.say(tone, text, next);
    }

    /// The link that is out, where it can still be used.
    pub fn drive_link(&self) -> Option<&TestDriveLink> {
        let link = self.sso.drive.link.as_ref()?;
        (link.expires > self.now).then_some(link)
    }

    /// Opens the link in a browser of this machine.
    pub fn browse_test_drive(&mut self) -> Vec<Effect> {
        let url = self.drive_link().map(|link| link.url.clone());
        url.map(Effect::OpenBrowser).into_iter().collect()
    }

    /// A browser was asked to open the link.
    pub(super) fn browser_opened(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => self.say(Tone::Success, "the browser was asked to open the link", ""),
            Err(why) => {
                let next = format!(
                    "{} copies the link, {} shows it as a QR code.",
                    self.key("sso.copy"),
                    self.key("sso.qr")
                );
                self.say(Tone::Info, format!("no browser was opened: {why}"), next);
            }
        }
    }

    /// Shows the link as a QR code.
    pub fn show_qr(&mut self) -> Vec<Effect> {
        if let Some(url) = self.drive_link().map(|link| link.url.clone()) {
            self.open(Overlay::Qr(Box::new(QrOverlay::new(url))));
        }
        Vec::new()
    }

    /// Swaps light and dark of the QR code.
    pub fn turn_qr(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Qr(code)) = self.overlays.last_mut() {
            code.ink = code.ink.turned();
        }
        Vec::new()
    }

    /// Asks for the examination of a Response.
    pub(super) fn examine(&mut self, response: &str) -> Effect {
        let generation = self.sso.drive.pasted.ask();
        let load = Load::ExamineResponse(Secret::new(response.to_owned()));
        Effect::Load(generation, load)
    }

    /// The examination came: it is shown as a test-drive is.
    pub(super) fn examined(
        &mut self,
        generation: Generation,
        result: Result<Box<SignInRow>, AdminError>,
    ) -> bool {
        if !self.sso.drive.pasted.answer(generation, result) {
            return false;
        }
        if let Some(error) = self.sso.drive.pasted.error().cloned() {
            self.refused("the Response was not examined", &error);
            return true;
        }
        self.close_forms();
        self.sso.drive.which = Shown::Pasted;
        self.sso.cursor = crate::console::widgets::doc::DocCursor::default();
        self.open_tab(TEST_DRIVE_TAB);
        true
    }

    /// Copies what the line of the cursor holds; on a test-drive that waits, its link.
    pub fn copy_sso(&mut self) -> Vec<Effect> {
        if let Some(effect) = self.copy_under_cursor() {
            return vec![effect];
        }
        let link = self.drive_link().filter(|_| self.sso.tab == TEST_DRIVE_TAB);
        match link.map(|link| link.url.clone()) {
            Some(url) => vec![Effect::Copy {
                what: "the link".to_owned(),
                text: Secret::new(url),
            }],
            None => {
                let text = "no line with something to copy is chosen";
                let next = "Entity ids, URLs and fingerprints in the detail are.";
                self.say(Tone::Info, text, next);
                Vec::new()
            }
        }
    }
}
