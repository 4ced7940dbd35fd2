//! What the ring needs of the log, and how its pages are taken in.

use super::super::Generation;
use super::{LogRing, Screen};
use crate::admin::types::{QueryError, RequestId, RequestListing, RequestPage, RequestQuery};

/// How many lines a page holds.
const PAGE: u32 = 200;

/// A stretch of the log to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRequest {
    /// To be handed back with the answer.
    pub generation: Generation,
    /// Which stretch; to be handed back with the answer.
    pub span: LogSpan,
    /// The query in force, as text.
    pub query: String,
    /// How many lines at most.
    pub limit: u32,
}

impl LogRequest {
    /// The same as the admin API asks for it.
    pub fn listing(&self) -> RequestListing {
        RequestListing {
            query: self.query.clone(),
            before: match self.span {
                LogSpan::Before(id) => Some(id),
                LogSpan::Newest | LogSpan::After(_) => None,
            },
            after: match self.span {
                LogSpan::After(id) => Some(id),
                LogSpan::Newest | LogSpan::Before(_) => None,
            },
            limit: self.limit,
        }
    }
}

/// Which stretch of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogSpan {
    /// The newest lines.
    Newest,
    /// The newest lines older than this one.
    Before(RequestId),
    /// The oldest lines newer than this one.
    After(RequestId),
}

impl LogRing {
    /// Shows only lines that match a query, and asks for them. Lines at hand that match stay on the screen meanwhile.
    /// A query that cannot be read changes nothing. `now` resolves ages such as `since:2h`.
    pub fn set_query(&mut self, text: &str, now: jiff::Timestamp) -> Result<(), QueryError> {
        let query = RequestQuery::parse(text)?;
        text.trim().clone_into(&mut self.query_text);
        self.rows.retain(|row| query.matches(row, now));
        self.query = query;
        self.screen = Screen::Follow;
        self.dropped = 0;
        self.refresh();
        self.settle();
        Ok(())
    }

    /// Asks for the newest lines anew: after a reconnection, or by hand.
    pub fn refresh(&mut self) {
        self.generation = self.generation.next();
        self.loaded = false;
        self.failed = false;
        self.asked = None;
    }

    /// Forgets everything at once: another engine.
    pub fn clear(&mut self) {
        let generation = self.generation.next();
        *self = Self {
            generation,
            height: self.height,
            ..Self::new(self.capacity)
        };
    }

    /// Lets a page that failed be asked for again.
    pub fn retry(&mut self) {
        self.failed = false;
    }

    /// The stretch to fetch now, for a screen of so many lines. What is returned counts as on its way.
    pub fn needs(&mut self, height: u16) -> Option<LogRequest> {
        self.height = height.max(1);
        if self.asked.is_some() || self.failed {
            return None;
        }
        let first = self.first();
        let margin = usize::from(self.height);
        let below = self.rows.len().saturating_sub(first + margin);
        let span = if !self.loaded {
            LogSpan::Newest
        } else if self.has_older
            && first < margin
            && (self.rows.len() < self.capacity || !self.is_following())
        {
            self.oldest().map_or(LogSpan::Newest, LogSpan::Before)
        } else if self.gap.is_some() && below < margin {
            self.newest().map_or(LogSpan::Newest, LogSpan::After)
        } else {
            return None;
        };
        self.asked = Some(span);
        Some(LogRequest {
            generation: self.generation,
            span,
            query: self.query_text.clone(),
            limit: PAGE,
        })
    }

    /// Takes in a page. Returns whether it was wanted; an answer to an older question is dropped.
    pub fn page_loaded(
        &mut self,
        generation: Generation,
        span: LogSpan,
        page: RequestPage,
    ) -> bool {
        if generation != self.generation || self.asked != Some(span) {
            return false;
        }
        self.asked = None;
        // The page comes newest first.
        let oldest = page.items.last().map(|row| row.id);
        let newest = page.items.first().map(|row| row.id);
        match span {
            LogSpan::Newest => {
                // What was held before the page may be cut off from it by lines that are not here.
                match oldest {
                    Some(oldest) if page.more => self.rows.retain(|row| row.id >= oldest),
                    _ => {}
                }
                self.loaded = true;
                self.has_older = page.more;
                self.gap = None;
            }
            LogSpan::Before(_) => self.has_older = page.more,
            LogSpan::After(_) => {
                let caught_up = !page.more && newest.max(self.newest()) >= self.gap;
                if caught_up || newest.is_none() {
                    self.gap = None;
                }
            }
        }
        for row in page.items {
            self.insert(row);
        }
        self.trim();
        self.settle();
        true
    }

    /// Notes that a page did not come. Nothing is asked for before [`LogRing::retry`] or [`LogRing::refresh`]. Returns
    /// whether it was wanted.
    pub fn page_failed(&mut self, generation: Generation, span: LogSpan) -> bool {
        let wanted = generation == self.generation && self.asked == Some(span);
        if wanted {
            self.asked = None;
            self.failed = true;
        }
        wanted
    }
}
