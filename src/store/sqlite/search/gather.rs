//! All that match, looked at one by one within a budget, counted, and the stretch that is asked for.

use rusqlite::{Connection, params_from_iter};

use super::literal::Necessary;
use super::order::Order;
use super::sets::Set;
use super::walk::Stretch;
use super::whole::{Looked, Reader};
use crate::scim::ResourceKind;
use crate::scim::list::{Place, SortKey};
use crate::store::StoreError;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{kind_number, text_bytes};

/// Evaluating a resource costs as much as passing over so many.
const EVALUATION: u64 = 10;

/// How many match, and the places of those in the stretch, in the direction of the walk.
#[derive(Debug, Default, PartialEq)]
pub struct Matches {
    /// All of them.
    pub total: u64,
    /// Those of the stretch.
    pub places: Vec<Place>,
}

/// What may still be spent.
pub struct Budget {
    limit: u64,
    spent: u64,
}

impl Budget {
    /// A budget of this many resources passed over.
    pub fn new(limit: u64) -> Self {
        Self { limit, spent: 0 }
    }

    fn spend(&mut self, cost: u64) -> Fallible<()> {
        self.spent += cost;
        if self.spent > self.limit {
            return Err(StoreError::TooMany { limit: self.limit }.into());
        }
        Ok(())
    }
}

/// Counts the matches and keeps the places that may lie in the stretch.
pub struct Gather<'s> {
    stretch: &'s Stretch,
    /// Whether matches come in the order of the walk.
    is_in_order: bool,
    skipped: u64,
    found: Matches,
}

impl<'s> Gather<'s> {
    /// Begins to gather. Matches must come by number, smallest first.
    pub fn new(order: &Order, stretch: &'s Stretch) -> Self {
        Self {
            stretch,
            is_in_order: order.is_by_number() && !stretch.is_descending,
            skipped: 0,
            found: Matches::default(),
        }
    }

    fn matched(&mut self, key: Option<SortKey>, seq: i64) {
        self.found.total += 1;
        if self.stretch.limit == 0 {
            return;
        }
        let is_full = self.found.places.len() as u64 >= self.stretch.limit;
        if self.is_in_order && is_full {
            return;
        }
        let place = Place::new(key, seq);
        if !self.stretch.admits(&place) {
            return;
        }
        if self.is_in_order && self.skipped < self.stretch.skip {
            self.skipped += 1;
            return;
        }
        self.found.places.push(place);
    }

    fn finish(mut self) -> Matches {
        if !self.is_in_order {
            let places = &mut self.found.places;
            places.sort_unstable();
            if self.stretch.is_descending {
                places.reverse();
            }
            let skip = usize::try_from(self.stretch.skip).unwrap_or(usize::MAX);
            places.drain(..skip.min(places.len()));
            places.truncate(usize::try_from(self.stretch.limit).unwrap_or(usize::MAX));
        }
        self.found
    }

    /// Goes through a set. The reader decides where it has a filter, and works out keys; without one all are alike.
    pub fn set(
        mut self,
        connection: &Connection,
        order: &Order,
        set: &Set,
        mut reader: Option<Reader<'_>>,
        budget: &mut Budget,
    ) -> Fallible<Matches> {
        let (sql, values) = set.render();
        let ordered = format!("SELECT seq FROM ({sql}) ORDER BY seq");
        let mut statement = connection.prepare_cached(&ordered)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            // Two values of one resource may lie in the same range.
            if last.replace(seq) == Some(seq) {
                continue;
            }
            let Some(reader) = &mut reader else {
                self.matched(order.same_or(None), seq);
                continue;
            };
            budget.spend(EVALUATION)?;
            if let Looked::Match(key) = reader.look(seq)? {
                self.matched(order.same_or(key), seq);
            }
        }
        Ok(self.finish())
    }

    /// Goes through all live resources; those whose text cannot match are passed over without being parsed.
    pub fn scan(
        mut self,
        connection: &Connection,
        kind: ResourceKind,
        order: &Order,
        mut reader: Reader<'_>,
        budget: &mut Budget,
    ) -> Fallible<Matches> {
        let necessary = reader.filter().map(Necessary::of);
        let mut documents = connection.statement(Statement::DocumentTexts)?;
        let mut rows = documents.query([kind_number(kind)])?;
        let mut buffer = Vec::new();
        while let Some(row) = rows.next()? {
            budget.spend(1)?;
            if let Some(necessary) = &necessary
                && !necessary.may_match(text_bytes(row, 1)?, &mut buffer)
            {
                continue;
            }
            budget.spend(EVALUATION)?;
            if let Looked::Match(key) = reader.look_at(row)? {
                self.matched(order.same_or(key), row.get(0)?);
            }
        }
        Ok(self.finish())
    }
}
