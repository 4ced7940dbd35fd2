//! A window onto a long list that pages from the engine: a million members cost what is on the screen.
//!
//! At most [`MAX_PAGES`] pages are held, those nearest to the screen. [`PagedList::invalidate`] asks everything anew
//! while the old rows stay on the screen; they are swapped for the new ones in one step, once all rows on the screen
//! have come, and the selection stays on the same object wherever it went.

mod keyed;
mod pages;

pub use keyed::Keyed;

use std::collections::BTreeSet;

use self::pages::Pages;
use super::Generation;
use crate::admin::types::Total;

/// How many pages are held at most.
pub const MAX_PAGES: usize = 20;

/// How many pages may be on their way at once; scrolling fast must not flood the engine.
const MAX_ASKED: usize = 4;

/// A page that is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// To be handed back with the answer.
    pub generation: Generation,
    /// How many rows lie before it.
    pub offset: u64,
    /// How many rows it holds at most.
    pub limit: u32,
}

/// What there is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// Nothing has come yet.
    Loading,
    /// Nothing has come, and the last attempt failed.
    Failed,
    /// It came, and there are no rows.
    Empty,
    /// There are rows.
    Ready,
}

/// A window onto a long list. The selection and the row at the top are indexes into the whole list.
#[derive(Clone, Debug)]
pub struct PagedList<T: Keyed> {
    shown: Pages<T>,
    /// What is gathered after `invalidate`, until it covers the screen.
    coming: Option<Pages<T>>,
    generation: Generation,
    asked: BTreeSet<u64>,
    failed: BTreeSet<u64>,
    page_size: u32,
    first: u64,
    selected: u64,
    height: u16,
}

impl<T: Keyed> PagedList<T> {
    /// A list of which nothing is known yet, in pages of so many rows (1 to 1,000).
    pub fn new(page_size: u32) -> Self {
        let page_size = page_size.clamp(1, 1_000);
        Self {
            shown: Pages::new(page_size),
            coming: None,
            generation: Generation::default(),
            asked: BTreeSet::new(),
            failed: BTreeSet::new(),
            page_size,
            first: 0,
            selected: 0,
            height: 1,
        }
    }

    // ── asking and answering ────────────────────────────────────────────────────────────────────────────────────
    /// The pages to fetch now, for a screen of so many rows and a screen's length before and after it. What is returned
    /// counts as on its way and is not asked for again until it has come or failed.
    pub fn needs(&mut self, height: u16) -> Vec<PageRequest> {
        self.set_height(height);
        let pages = self.coming.as_ref().unwrap_or(&self.shown);
        let margin = u64::from(self.height);
        let first = self.first_in(pages);
        let from = first.saturating_sub(margin);
        let to = first.saturating_add(2 * margin);
        let size = u64::from(self.page_size);
        // What is on the screen comes before what may be soon.
        let seen = first / size..=first.saturating_add(margin - 1) / size;
        let near = (from / size..=to.saturating_sub(1) / size).filter(|page| !seen.contains(page));
        let mut requests = Vec::new();
        for page in seen.clone().chain(near) {
            let offset = page.saturating_mul(size);
            let beyond = pages.is_known() && offset >= pages.len() && offset > 0;
            let unneeded = beyond
                || pages.has(page)
                || self.asked.contains(&page)
                || self.failed.contains(&page);
            // Nothing is fetched beside the screen before it is known how long the list is.
            let early = !pages.is_known() && !seen.contains(&page);
            if unneeded || early || self.asked.len() >= MAX_ASKED {
                continue;
            }
            self.asked.insert(page);
            requests.push(PageRequest {
                generation: self.generation,
                offset,
                limit: self.page_size,
            });
        }
        requests
    }

    /// Takes in a page. Returns whether it was wanted; an answer to an older question is dropped.
    pub fn page_loaded(
        &mut self,
        generation: Generation,
        offset: u64,
        items: Vec<T>,
        total: Total,
    ) -> bool {
        let page = offset / u64::from(self.page_size);
        if generation != self.generation || !self.asked.remove(&page) {
            return false;
        }
        self.failed.remove(&page);
        self.coming
            .as_mut()
            .unwrap_or(&mut self.shown)
            .put(page, items, total);
        self.swap_when_covered();
        self.evict();
        self.clamp();
        true
    }

    /// Notes that a page did not come. It is not asked for again before [`PagedList::retry`]. Returns whether it was
    /// wanted.
    pub fn page_failed(&mut self, generation: Generation, offset: u64) -> bool {
        let page = offset / u64::from(self.page_size);
        let wanted = generation == self.generation && self.asked.remove(&page);
        if wanted {
            self.failed.insert(page);
        }
        wanted
    }

    /// Lets pages that failed be asked for again.
    pub fn retry(&mut self) {
        self.failed.clear();
    }

    /// Asks everything anew: something changed. Position and selection stay.
    pub fn invalidate(&mut self) {
        self.generation = self.generation.next();
        self.asked.clear();
        self.failed.clear();
        self.coming = self.shown.is_known().then(|| Pages::new(self.page_size));
    }

    /// Asks everything anew and goes to the top: the filter or the order changed.
    pub fn restart(&mut self) {
        self.invalidate();
        self.first = 0;
        self.selected = 0;
    }

    /// Forgets everything at once: another engine.
    pub fn clear(&mut self) {
        let generation = self.generation.next();
        *self = Self {
            generation,
            height: self.height,
            ..Self::new(self.page_size)
        };
    }

    // ── what there is ───────────────────────────────────────────────────────────────────────────────────────────
    /// What there is to show.
    pub fn state(&self) -> ListState {
        match (self.shown.is_known(), self.shown.len()) {
            (true, 0) => ListState::Empty,
            (true, _) => ListState::Ready,
            (false, _) if !self.failed.is_empty() => ListState::Failed,
            (false, _) => ListState::Loading,
        }
    }

    /// Whether the rows on the screen are being asked anew.
    pub fn is_stale(&self) -> bool {
        self.coming.is_some()
    }

    /// Whether a page near the screen did not come.
    pub fn has_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    /// How many rows the engine counted.
    pub fn total(&self) -> Option<Total> {
        self.shown.total()
    }

    /// How many rows one can go through, as far as known.
    pub fn len(&self) -> u64 {
        self.shown.len()
    }

    /// Whether no row is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row, if its page is here.
    pub fn row(&self, index: u64) -> Option<&T> {
        self.shown.row(index)
    }

    /// The index of the row at the top of the screen.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The index of the selected row; `None` in an empty list.
    pub fn selected(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.selected)
    }

    /// The selected row, if its page is here.
    pub fn selected_row(&self) -> Option<&T> {
        self.row(self.selected)
    }

    /// The question that answers are awaited for.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    // ── moving about ────────────────────────────────────────────────────────────────────────────────────────────
    /// Says how many rows the screen has. The selection stays on it.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.clamp();
    }

    /// Selects a row, and scrolls until it is on the screen.
    pub fn select(&mut self, index: u64) {
        self.selected = index;
        self.clamp();
    }

    /// Moves the selection by so many rows.
    pub fn move_by(&mut self, rows: i64) {
        self.select(self.selected.saturating_add_signed(rows));
    }

    /// Moves the selection by so many screens.
    pub fn page_by(&mut self, screens: i64) {
        if !self.shown.is_known() {
            return;
        }
        let rows = screens.saturating_mul(i64::from(self.height));
        self.first = self.first.saturating_add_signed(rows);
        self.move_by(rows);
    }

    /// Selects the first row.
    pub fn to_start(&mut self) {
        self.select(0);
    }

    /// Selects the last row.
    pub fn to_end(&mut self) {
        self.select(u64::MAX);
    }

    /// Scrolls by so many rows, as a mouse wheel does; the selection goes along only where it must.
    pub fn scroll_by(&mut self, rows: i64) {
        if !self.shown.is_known() {
            return;
        }
        let last = self.len().saturating_sub(u64::from(self.height));
        self.first = self.first.saturating_add_signed(rows).min(last);
        let bottom = self.first + u64::from(self.height) - 1;
        self.selected = self.selected.clamp(self.first, bottom);
        self.clamp();
    }

    /// Keeps the selection within the list and on the screen, and the screen within the list.
    fn clamp(&mut self) {
        if !self.shown.is_known() {
            // Nothing is known of the list yet: a position restored from the last session stays as it is.
            return;
        }
        let height = u64::from(self.height);
        self.selected = self.selected.min(self.len().saturating_sub(1));
        self.first = self.first.min(self.len().saturating_sub(height));
        self.first = self.first.min(self.selected);
        if self.selected >= self.first.saturating_add(height) {
            self.first = self.selected + 1 - height;
        }
    }

    /// Where the screen would begin in a list of perhaps another length.
    fn first_in(&self, pages: &Pages<T>) -> u64 {
        if pages.is_known() {
            self.first
                .min(pages.len().saturating_sub(u64::from(self.height)))
        } else {
            self.first
        }
    }

    /// Shows what is coming, once it covers the screen.
    fn swap_when_covered(&mut self) {
        let Some(coming) = &self.coming else { return };
        let first = self.first_in(coming);
        let end = first
            .saturating_add(u64::from(self.height))
            .min(coming.len());
        let size = u64::from(self.page_size);
        let covered = coming.is_known()
            && (first >= end || (first / size..=(end - 1) / size).all(|page| coming.has(page)));
        if !covered {
            return;
        }
        let Some(coming) = self.coming.take() else {
            return;
        };
        let key = self.shown.row(self.selected).map(Keyed::key);
        let place = key.and_then(|key| coming.position(&key));
        if let Some(place) = place {
            // The line of the selection on the screen stays the same, too.
            let line = self.selected.saturating_sub(self.first);
            self.selected = place;
            self.first = place.saturating_sub(line);
        }
        self.shown = coming;
    }

    fn evict(&mut self) {
        let size = u64::from(self.page_size);
        let height = u64::from(self.height);
        let centre = self.first.saturating_add(height / 2) / size;
        // Whatever the sizes, what `needs` asks for must fit, or it would be asked for again and again.
        let near = usize::try_from(3 * height / size + 2).unwrap_or(MAX_PAGES);
        let keep = near.max(MAX_PAGES);
        self.shown.evict(centre, keep);
        if let Some(coming) = &mut self.coming {
            coming.evict(centre, keep);
        }
    }
}

#[cfg(test)]
mod tests;
