//! The pages of one generation of a list: some of its rows, and how many it has.

use std::collections::BTreeMap;

use super::keyed::Keyed;
use crate::admin::types::Total;

/// Some pages of a list, by page number.
#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    held: BTreeMap<u64, Vec<T>>,
    page_size: u64,
    total: Option<Total>,
    len: u64,
}

impl<T: Keyed> Pages<T> {
    pub(super) fn new(page_size: u32) -> Self {
        Self {
            held: BTreeMap::new(),
            page_size: u64::from(page_size),
            total: None,
            len: 0,
        }
    }

    /// Whether at least one page has come.
    pub(super) fn is_known(&self) -> bool {
        self.total.is_some()
    }

    pub(super) fn total(&self) -> Option<Total> {
        self.total
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn has(&self, page: u64) -> bool {
        self.held.contains_key(&page)
    }

    pub(super) fn row(&self, index: u64) -> Option<&T> {
        let page = self.held.get(&(index / self.page_size))?;
        page.get(usize::try_from(index % self.page_size).ok()?)
    }

    /// Where an object is among the rows that are here.
    pub(super) fn position(&self, key: &T::Key) -> Option<u64> {
        self.held.iter().find_map(|(page, rows)| {
            let at = rows.iter().position(|row| row.key() == *key)?;
            Some(page * self.page_size + u64::try_from(at).ok()?)
        })
    }

    pub(super) fn put(&mut self, page: u64, items: Vec<T>, total: Total) {
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let end = page.saturating_mul(self.page_size).saturating_add(count);
        self.len = match total {
            Total::Exact(total) => total,
            // Counting stopped early: a full page has another one after it until that one proves empty.
            Total::AtLeast(_) if count == 0 => self.len.min(end),
            Total::AtLeast(least) if count == self.page_size => self.len.max(least).max(end + 1),
            Total::AtLeast(least) => {
                if end >= least {
                    end
                } else {
                    self.len.max(least)
                }
            }
        };
        self.total = Some(total);
        self.held.insert(page, items);
    }

    /// Keeps the pages nearest to one.
    pub(super) fn evict(&mut self, centre: u64, keep: usize) {
        while self.held.len() > keep {
            let first = self.held.keys().next().copied().unwrap_or(centre);
            let last = self.held.keys().next_back().copied().unwrap_or(centre);
            let farthest = if centre.abs_diff(first) >= centre.abs_diff(last) {
                first
            } else {
                last
            };
            self.held.remove(&farthest);
        }
    }

    /// How many pages are here.
    #[cfg(test)]
    pub(super) fn held_count(&self) -> usize {
        self.held.len()
    }
}
