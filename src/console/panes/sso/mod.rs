//! Pane 5, SSO: how single sign-on stands and what its next step would change, both ends of the connection, how claims
//! are read, the last sign-ins with their checks, and the test-drive.

pub mod checks;
pub mod connection;
pub mod doc;
pub mod table;

use super::test_drive::TestDrive;
use crate::admin::AdminError;
use crate::admin::sso::{SignInRow, Sso, SsoState, SsoStatus};
use crate::admin::types::{RequestDetail, RequestId, Total};
use crate::console::remote::Remote;
use crate::console::store::{Generation, PagedList};
use crate::console::widgets::doc::DocCursor;

/// The tabs beside the sign-ins.
pub const TABS: [&str; 5] = ["State", "Connection", "Claims", "Sign-in", "Test-drive"];
/// The tab with the steps.
pub const STATE_TAB: usize = 0;
/// The tab with both ends of the connection.
pub const CONNECTION_TAB: usize = 1;
/// The tab with the claims.
pub const CLAIMS_TAB: usize = 2;
/// The tab with the checks of the selected sign-in.
pub const SIGN_IN_TAB: usize = 3;
/// The tab with the test-drive.
pub const TEST_DRIVE_TAB: usize = 4;

/// How many sign-ins are listed.
pub const MOST: u32 = 20;

/// Pane 5.
#[derive(Debug)]
pub struct SsoPane {
    /// How single sign-on stands.
    pub status: Remote<Box<SsoStatus>>,
    /// The last sign-ins and test-drives, newest first.
    pub sign_ins: Remote<Vec<SignInRow>>,
    /// The same as a list, with its selection.
    pub list: PagedList<SignInRow>,
    /// The tab of the detail.
    pub tab: usize,
    /// Where one is in it.
    pub cursor: DocCursor,
    /// The test-drive that was started here.
    pub drive: TestDrive,
    /// The logged request of the failed sign-in that is shown, for its explanation.
    pub explained: Remote<Box<RequestDetail>>,
    /// The state that shall be asked about once it is known how things stand.
    pub asking: Option<SsoState>,
    explained_of: Option<RequestId>,
    seen: Option<u64>,
}

impl Default for SsoPane {
    fn default() -> Self {
        Self {
            status: Remote::default(),
            sign_ins: Remote::default(),
            list: PagedList::new(MOST),
            tab: STATE_TAB,
            cursor: DocCursor::default(),
            drive: TestDrive::default(),
            explained: Remote::default(),
            asking: None,
            explained_of: None,
            seen: None,
        }
    }
}

impl SsoPane {
    /// The selected sign-in.
    pub fn current(&self) -> Option<&SignInRow> {
        self.list.selected_row()
    }

    /// What is set, where that is known and something is.
    pub fn configured(&self) -> Option<(&SsoStatus, &Sso)> {
        let status = self.status.value()?;
        Some((status, status.sso.as_ref()?))
    }

    /// The version of the settings that the admin sees.
    pub fn version(&self) -> Option<u64> {
        self.status.value().map(|status| status.version)
    }

    /// Shows another tab, from its top.
    pub fn set_tab(&mut self, tab: usize) {
        if tab != self.tab {
            self.tab = tab;
            self.cursor = DocCursor::default();
        }
    }

    /// The generation to ask by how it stands, where that is not known or something has changed since; `newest` is the
    /// newest change that the engine told of.
    pub fn needs_status(&mut self, newest: Option<u64>) -> Option<Generation> {
        let nothing = self.status.value().is_none() && self.status.error().is_none();
        let outdated = newest.is_some() && self.seen != newest;
        if self.status.is_awaited() || !(nothing || outdated) {
            return None;
        }
        self.seen = newest;
        Some(self.status.ask())
    }

    /// The generation to ask by for the logged request of the failed sign-in that the tab shows.
    pub fn needs_explanation(&mut self) -> Option<(Generation, RequestId)> {
        let row = match self.tab {
            SIGN_IN_TAB => self.current(),
            TEST_DRIVE_TAB => self.drive.shown(),
            _ => None,
        };
        let request = row
            .filter(|row| !row.ok && row.request != RequestId(0))?
            .request;
        if self.explained_of == Some(request) {
            return None;
        }
        self.explained_of = Some(request);
        Some((self.explained.ask_anew(), request))
    }

    /// What the engine told about a failed sign-in.
    pub fn explanation_of(&self, row: &SignInRow) -> Option<&RequestDetail> {
        let detail = self.explained.value()?;
        (detail.exchange.row.id == row.request).then_some(&**detail)
    }

    /// Takes in how it stands. Tells whether anything on the screen is different.
    pub fn status_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<SsoStatus>, AdminError>,
    ) -> bool {
        let before = self.status.value().cloned();
        let failed = self.status.error().is_some();
        self.status.answer(generation, result)
            && (failed
                || self.status.error().is_some()
                || self.status.value() != before.as_ref()
                || self.asking.is_some())
    }

    /// Takes the sign-ins in. Tells whether anything on the screen is different.
    pub fn sign_ins_loaded(
        &mut self,
        generation: Generation,
        result: Result<Vec<SignInRow>, AdminError>,
    ) -> bool {
        let before = self.sign_ins.value().cloned();
        let failed = self.sign_ins.error().is_some();
        if !self.sign_ins.answer(generation, result) {
            return false;
        }
        let now = self.sign_ins.value();
        if now == before.as_ref() {
            return failed || self.sign_ins.error().is_some();
        }
        let rows = now.cloned().unwrap_or_default();
        let total = Total::Exact(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.list.invalidate();
        if let Some(page) = self.list.needs(1).first().copied() {
            self.list
                .page_loaded(page.generation, page.offset, rows, total);
        }
        true
    }
}
