//! The list of a pane that pages from the engine: its rows, its filter, its order, and what went wrong.

use crate::admin::AdminError;
use crate::admin::types::{Listing, Page, Sort};
use crate::console::store::{Generation, Keyed, ListState, PagedList};

/// Rows of one page.
const PAGE: u32 = 100;

/// The list of a pane.
#[derive(Clone, Debug)]
pub struct Rows<T: Keyed> {
    /// The rows near the screen.
    pub list: PagedList<T>,
    /// What they must match.
    pub filter: String,
    /// Their order.
    pub sort: Sort,
    /// Why the last page did not come.
    pub error: Option<AdminError>,
    /// The newest change the engine told of when the rows were last asked for.
    seen: Option<u64>,
}

impl<T: Keyed> Rows<T> {
    /// A list of which nothing is known.
    pub fn new(sort: Sort) -> Self {
        Self {
            list: PagedList::new(PAGE),
            filter: String::new(),
            sort,
            error: None,
            seen: None,
        }
    }

    /// What to ask the engine for, for a screen of so many rows. `newest` is the newest change the engine told of: what
    /// was asked for before it is asked for anew, while it stays on the screen.
    pub fn needs(&mut self, height: u16, newest: Option<u64>) -> Vec<(Generation, Listing)> {
        let outdated = newest.is_some() && self.seen.is_some() && self.seen != newest;
        if outdated && !self.list.is_stale() {
            self.list.invalidate();
            self.seen = newest;
        }
        self.seen = self.seen.or(newest);
        let pages = self.list.needs(height);
        pages
            .into_iter()
            .map(|page| {
                let listing = Listing {
                    filter: self.filter.clone(),
                    sort: self.sort,
                    offset: page.offset,
                    limit: page.limit,
                };
                (page.generation, listing)
            })
            .collect()
    }

    /// Takes a page in.
    pub fn loaded(
        &mut self,
        generation: Generation,
        offset: u64,
        result: Result<Page<T>, AdminError>,
    ) -> bool {
        match result {
            Ok(page) => {
                let wanted = self
                    .list
                    .page_loaded(generation, offset, page.items, page.total);
                if wanted {
                    self.error = None;
                }
                wanted
            }
            Err(error) => {
                let wanted = self.list.page_failed(generation, offset);
                if wanted {
                    self.error = Some(error);
                }
                wanted
            }
        }
    }

    /// Shows what matches another filter.
    pub fn set_filter(&mut self, filter: &str) {
        if filter != self.filter {
            filter.clone_into(&mut self.filter);
            self.list.restart();
        }
    }

    /// Shows the rows in another order.
    pub fn set_sort(&mut self, sort: Sort) {
        if sort != self.sort {
            self.sort = sort;
            self.list.restart();
        }
    }

    /// Asks everything anew.
    pub fn refresh(&mut self) {
        self.error = None;
        self.list.invalidate();
    }

    /// Asks again for what did not come.
    pub fn retry(&mut self) {
        self.error = None;
        self.list.retry();
    }

    /// How the list stands.
    pub fn standing(&self) -> RowsStanding<'_> {
        match (self.list.state(), &self.error) {
            (ListState::Failed, Some(error)) => RowsStanding::Failed(error),
            (ListState::Failed | ListState::Loading, _) => RowsStanding::Loading,
            (ListState::Empty, _) => RowsStanding::Empty,
            (ListState::Ready, Some(error)) => RowsStanding::Stale(error),
            (ListState::Ready, None) => RowsStanding::Here,
        }
    }
}

/// How a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsStanding<'a> {
    /// Nothing has come yet.
    Loading,
    /// Nothing came, and why.
    Failed(&'a AdminError),
    /// Nothing matches.
    Empty,
    /// Rows are here, but asking anew failed.
    Stale(&'a AdminError),
    /// Rows are here.
    Here,
}

/// The order after this one.
pub fn next_sort(sort: Sort) -> Sort {
    match sort {
        Sort::Created => Sort::Name,
        Sort::Name => Sort::Modified,
        Sort::Modified => Sort::Created,
    }
}

/// The name of an order.
pub fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Created => "oldest first",
        Sort::Name => "by name",
        Sort::Modified => "last changed first",
    }
}
