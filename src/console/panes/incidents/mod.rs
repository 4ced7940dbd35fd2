//! Pane 7, Incidents: what an admin should look at, and what is held until one has spoken.

pub mod doc;
pub mod table;

use crate::admin::AdminError;
use crate::admin::guards::{Incident, IncidentDetail, IncidentId};
use crate::admin::types::Total;
use crate::console::panes::detail::Detail;
use crate::console::remote::Remote;
use crate::console::store::{Generation, PagedList};

/// The tabs beside the incidents.
pub const TABS: [&str; 2] = ["Incident", "Held"];

/// More open incidents than anybody looks at.
pub const MOST: u32 = 1_000;

/// Pane 7.
#[derive(Debug)]
pub struct Incidents {
    /// The open incidents, newest happening first.
    pub all: Remote<Vec<Incident>>,
    /// The same as a list, with its selection.
    pub list: PagedList<Incident>,
    /// The one that is open, with what it holds.
    pub detail: Detail<IncidentId, Box<IncidentDetail>>,
}

impl Default for Incidents {
    fn default() -> Self {
        Self {
            all: Remote::default(),
            list: PagedList::new(MOST),
            detail: Detail::default(),
        }
    }
}

impl Incidents {
    /// The selected incident.
    pub fn current(&self) -> Option<&Incident> {
        self.list.selected_row()
    }

    /// Takes the incidents in. Tells whether anything on the screen is different.
    pub fn loaded(
        &mut self,
        generation: Generation,
        result: Result<Vec<Incident>, AdminError>,
    ) -> bool {
        let before = self.all.value().cloned();
        let failed = self.all.error().is_some();
        if !self.all.answer(generation, result) {
            return false;
        }
        let now = self.all.value();
        if now == before.as_ref() {
            return failed || self.all.error().is_some();
        }
        let rows = now.cloned().unwrap_or_default();
        if rows.is_empty() {
            self.detail.close();
        }
        let total = Total::Exact(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.list.invalidate();
        if let Some(page) = self.list.needs(1).first().copied() {
            self.list
                .page_loaded(page.generation, page.offset, rows, total);
        }
        true
    }
}
