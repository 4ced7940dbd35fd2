//! Pane 9, Policy: each key with its value and where that comes from, and what another policy would have answered.

pub mod doc;
pub mod table;

use crate::admin::AdminError;
use crate::admin::policy::{PolicyDetail, PolicyDiff, PolicyRow, Simulation};
use crate::admin::types::Total;
use crate::console::remote::Remote;
use crate::console::store::{Generation, PagedList};
use crate::console::widgets::doc::DocCursor;

/// The tabs beside the keys.
pub const TABS: [&str; 2] = ["Key", "Shadow"];
/// The one with what another policy would have answered.
pub const SHADOW_TAB: usize = 1;

/// More keys than there are.
const MOST: u32 = 1_000;

/// Pane 9.
#[derive(Debug)]
pub struct Policies {
    /// The policy in force.
    pub policy: Remote<Box<PolicyDetail>>,
    /// Its keys as a list, with its selection.
    pub list: PagedList<PolicyRow>,
    /// How another preset would differ, while that is asked.
    pub diff: Remote<Box<PolicyDiff>>,
    /// What another policy would have answered.
    pub shadow: Remote<Box<Simulation>>,
    /// Which one that is, in a few words.
    pub shadow_of: String,
    /// The tab of the detail.
    pub tab: usize,
    /// Where one is in it.
    pub cursor: DocCursor,
    followed: Option<String>,
    /// The key to select, once the keys are here.
    wanted: Option<String>,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            policy: Remote::default(),
            list: PagedList::new(MOST),
            diff: Remote::default(),
            shadow: Remote::default(),
            shadow_of: String::new(),
            tab: 0,
            cursor: DocCursor::default(),
            followed: None,
            wanted: None,
        }
    }
}

impl Policies {
    /// The selected key.
    pub fn current(&self) -> Option<&PolicyRow> {
        self.list.selected_row()
    }

    /// Selects a key, now or as soon as the keys are here.
    pub fn select(&mut self, key: String) {
        self.wanted = Some(key);
        self.set_tab(0);
        self.select_wanted();
    }

    fn select_wanted(&mut self) {
        let (Some(key), Some(policy)) = (&self.wanted, self.policy.value()) else {
            return;
        };
        let place = policy.keys.iter().position(|row| row.key == *key);
        if let Some(place) = place.and_then(|place| u64::try_from(place).ok()) {
            self.list.select(place);
        }
        self.wanted = None;
    }

    /// How many keys are not as the preset has them.
    pub fn overrides(&self) -> usize {
        self.policy.value().map_or(0, |policy| {
            let keys = policy.keys.iter();
            keys.filter(|row| row.value != row.preset_value).count()
        })
    }

    /// Takes the policy in. Tells whether anything on the screen is different.
    pub fn loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<PolicyDetail>, AdminError>,
    ) -> bool {
        let before = self.policy.value().cloned();
        let failed = self.policy.error().is_some();
        if !self.policy.answer(generation, result) {
            return false;
        }
        let now = self.policy.value();
        if now == before.as_ref() {
            return failed || self.policy.error().is_some();
        }
        let rows = now.map(|policy| policy.keys.clone()).unwrap_or_default();
        let total = Total::Exact(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.list.invalidate();
        if let Some(page) = self.list.needs(1).first().copied() {
            self.list
                .page_loaded(page.generation, page.offset, rows, total);
        }
        self.select_wanted();
        true
    }

    /// Starts the detail at its top when another key is selected.
    pub fn follow(&mut self) {
        let selected = self.current().map(|row| row.key.clone());
        if selected != self.followed {
            self.followed = selected;
            if self.tab == 0 {
                self.cursor = DocCursor::default();
            }
        }
    }

    /// Shows another tab.
    pub fn set_tab(&mut self, tab: usize) {
        if tab != self.tab {
            self.tab = tab;
            self.cursor = DocCursor::default();
        }
    }
}
