//! What a batch adds to the live counts. Gathered per unit, so that a unit that is dropped leaves no trace, and written
//! once per batch, so that the row of counts is not rewritten for each unit.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::scim::ResourceKind;
use crate::store::sqlite::failure::Fallible;
use crate::store::sqlite::read::anchors::bucket;
use crate::store::sqlite::ready_resource::ReadyResource;
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::source_number;

/// Differences of the live counts.
#[derive(Debug, Default)]
pub struct Deltas {
    members: i64,
    active_members: i64,
    teams: i64,
    synced_teams: i64,
    log_rows: i64,
    last_request: i64,
    last_seq: i64,
    anchors: BTreeMap<(i64, i64), i64>,
}

impl Deltas {
    /// A live object more.
    pub fn appears(&mut self, seq: i64, object: &ReadyResource) {
        self.count(seq, object, 1);
    }

    /// A live object less.
    pub fn vanishes(&mut self, seq: i64, object: &ReadyResource) {
        self.count(seq, object, -1);
    }

    /// A live object that stays, changed.
    pub fn changes(&mut self, before: &ReadyResource, after: &ReadyResource) {
        self.count_state(before, -1);
        self.count_state(after, 1);
    }

    /// A sequence number was given out.
    pub fn uses_seq(&mut self, seq: i64) {
        self.last_seq = self.last_seq.max(seq);
    }

    /// A line of the request log more.
    pub fn logs(&mut self, request: i64) {
        self.log_rows += 1;
        self.last_request = self.last_request.max(request);
    }

    /// Lines of the request log less.
    pub fn prunes(&mut self, lines: i64) {
        self.log_rows -= lines;
    }

    /// Adds those of a unit to those of its batch.
    pub fn absorb(&mut self, other: Self) {
        self.members += other.members;
        self.active_members += other.active_members;
        self.teams += other.teams;
        self.synced_teams += other.synced_teams;
        self.log_rows += other.log_rows;
        self.last_request = self.last_request.max(other.last_request);
        self.last_seq = self.last_seq.max(other.last_seq);
        for (anchor, difference) in other.anchors {
            *self.anchors.entry(anchor).or_default() += difference;
        }
    }

    /// Writes them.
    pub fn write(&self, connection: &Connection) -> Fallible<()> {
        connection.statement(Statement::TallyAdd)?.execute(params![
            self.members,
            self.active_members,
            self.teams,
            self.synced_teams,
            self.log_rows,
            self.last_request,
            self.last_seq
        ])?;
        for ((kind, bucket), difference) in &self.anchors {
            if *difference != 0 {
                connection
                    .statement(Statement::AnchorAdd)?
                    .execute(params![kind, bucket, difference])?;
            }
        }
        Ok(())
    }

    fn count(&mut self, seq: i64, object: &ReadyResource, difference: i64) {
        match object.kind {
            ResourceKind::User => self.members += difference,
            ResourceKind::Group => self.teams += difference,
        }
        self.count_state(object, difference);
        *self
            .anchors
            .entry((object.kind_number(), bucket(seq)))
            .or_default() += difference;
    }

    fn count_state(&mut self, object: &ReadyResource, difference: i64) {
        match object.kind {
            ResourceKind::User => self.active_members += i64::from(object.active) * difference,
            ResourceKind::Group => {
                let is_synced =
                    object.origin == source_number(crate::directory::TeamSource::Synced);
                self.synced_teams += i64::from(is_synced) * difference;
            }
        }
    }
}
