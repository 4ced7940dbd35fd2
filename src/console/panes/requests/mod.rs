//! Pane 4, Requests: the live request log, the newest line at the bottom, beside one exchange.
//!
//! While it follows, the detail shows how the traffic stands and asks the engine for nothing; pausing opens the selected
//! exchange.

pub mod bodies;
pub mod doc;
pub mod explain;
pub mod table;

use super::detail::Detail;
use crate::admin::AdminError;
use crate::admin::types::{RequestDetail, RequestId, RequestRow};
use crate::console::store::{Generation, LogRing};
use crate::console::widgets::json_view::JsonView;

/// The tabs of an exchange.
pub const TABS: [&str; 5] = ["Explain", "Trace", "Request", "Response", "Changes"];
/// The tab with the explanation.
pub const EXPLAIN_TAB: usize = 0;
/// The tab with the steps.
pub const TRACE_TAB: usize = 1;
/// The tab with what was asked.
pub const REQUEST_TAB: usize = 2;
/// The tab with what was answered.
pub const RESPONSE_TAB: usize = 3;
/// The tab with what changed.
pub const CHANGES_TAB: usize = 4;

/// The most pages that a search for a failure loads.
const SEEK_PAGES: u32 = 25;

/// How the live tail stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tail {
    /// It is asked for.
    #[default]
    Starting,
    /// New lines come as they are written.
    Live,
    /// It ended; it will be asked for again.
    Ended(AdminError),
}

/// Pane 4.
#[derive(Debug, Default)]
pub struct Requests {
    /// The lines.
    pub ring: LogRing,
    /// The exchange that is open.
    pub detail: Detail<RequestId, Box<RequestDetail>>,
    /// How the live tail stands.
    pub tail: Tail,
    /// Why the last page did not come.
    pub error: Option<AdminError>,
    /// How many more pages to look through for an older failure.
    pub seeking: Option<u32>,
    tail_generation: Generation,
}

impl Requests {
    /// Notes that a new tail is asked for.
    pub fn begin_tail(&mut self) -> Generation {
        self.tail_generation = self.tail_generation.next();
        self.tail = Tail::Starting;
        self.tail_generation
    }

    /// Whether a message is of the tail that is followed now.
    pub fn is_current_tail(&self, generation: Generation) -> bool {
        generation == self.tail_generation
    }

    /// Opens what is selected, unless the log is followed.
    pub fn follow_selection(&mut self) {
        if self.ring.is_following() {
            if self.detail.open.is_some() {
                self.detail.close();
            }
        } else {
            self.detail.follow(self.ring.selected().map(|row| row.id));
        }
    }

    /// The request that a command would be about: the one that is open, else the selected one.
    pub fn current(&self) -> Option<&RequestRow> {
        let open = self
            .detail
            .remote
            .value()
            .map(|detail| &detail.exchange.row);
        match self.detail.open {
            Some(id) => open
                .filter(|row| row.id == id)
                .or(self.ring.selected().filter(|row| row.id == id)),
            None => self.ring.selected(),
        }
    }

    /// Opens a request, wherever it is.
    pub fn open(&mut self, id: RequestId) {
        self.ring.pause();
        self.ring.select(id);
        // Selecting the newest line follows again; an opened request must not be left.
        self.ring.pause();
        self.detail.follow(self.ring.selected().map(|row| row.id));
        self.detail.pin(id);
    }

    /// Starts to look for an older failure in lines that are not here.
    pub fn seek(&mut self) {
        self.seeking = Some(SEEK_PAGES);
        self.ring.to_oldest();
    }

    /// Lays out the message of the tab, if it shows one.
    pub fn prepare_body(&mut self) {
        if self.detail.body.is_some() || self.ring.is_following() {
            return;
        }
        let Some(detail) = self.detail.remote.value() else {
            return;
        };
        let text = match self.detail.tab {
            REQUEST_TAB => bodies::request(&detail.exchange),
            RESPONSE_TAB => bodies::response(&detail.exchange),
            _ => return,
        };
        self.detail.body = Some(JsonView::new(text));
    }
}
