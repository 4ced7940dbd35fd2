//! Members and teams as rows: create, update, remove, each with its card, its index rows and its counts.

use std::fmt::Display;

use rusqlite::params;
use uuid::Uuid;

use super::unit::{Head, TeamState, Unit};
use crate::directory::{MemberId, TeamId};
use crate::scim::ResourceKind;
use crate::store::StoreError;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::indexed::Entry;
use crate::store::sqlite::ready_resource::{ReadyResource, Removal, Tombstone, Update};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::unique::UniqueEntry;

impl Unit<'_> {
    /// A resource comes to be.
    pub(super) fn create(&mut self, resource: &ReadyResource) -> Fallible<()> {
        let seq = self.ledger.seq + 1;
        self.connection
            .statement(Statement::ResourceInsert)?
            .execute(params![
                seq,
                resource.id.as_bytes(),
                resource.kind_number(),
                resource.uname,
                resource.ext,
                resource.version_number(),
                resource.created,
                resource.modified,
                resource.deleted,
                resource.origin,
                resource.flags,
                resource.doc,
                resource.invited
            ])
            .map_err(|error| conflict(error, &resource.id))?;
        self.keep_own(resource.id, resource.own.as_ref())?;
        self.ledger.seq = seq;
        self.deltas.uses_seq(seq);
        if resource.deleted.is_none() {
            self.appear(seq, resource)?;
        }
        if resource.kind == ResourceKind::Group {
            self.teams.insert(
                resource.id,
                TeamState {
                    seq,
                    version: resource.version_number(),
                    size: 0,
                    next: Some(1),
                    changed: false,
                    versioned: true,
                    deleted: resource.deleted.is_some(),
                },
            );
        }
        self.tell_version(resource);
        Ok(())
    }

    /// A resource changes.
    pub(super) fn update(&mut self, update: &Update) -> Fallible<()> {
        let (before, after) = (&update.before, &update.after);
        let head = self.expect(before)?;
        let keys_stay = before.uname == after.uname
            && before.ext == after.ext
            && before.deleted == after.deleted
            && before.origin == after.origin
            && before.flags == after.flags
            && before.invited == after.invited;
        let version = after.version_number();
        if keys_stay {
            self.connection
                .statement(Statement::ResourceUpdate)?
                .execute(params![head.seq, version, after.modified, after.doc])?;
        } else {
            self.connection
                .statement(Statement::ResourceRewrite)?
                .execute(params![
                    head.seq,
                    version,
                    after.modified,
                    after.doc,
                    after.uname,
                    after.ext,
                    after.deleted,
                    after.origin,
                    after.flags,
                    after.invited
                ])
                .map_err(|error| conflict(error, &after.id))?;
        }
        if before.own != after.own {
            self.keep_own(after.id, after.own.as_ref())?;
        }
        match (before.deleted, after.deleted) {
            (None, None) => self.stay(head.seq, before, after)?,
            (None, Some(_)) => {
                self.vanish(head.seq, before)?;
                self.set_memberships_aside(head.seq, before.kind)?;
                if let Some(tombstone) = &update.tombstone {
                    self.entomb(before, tombstone)?;
                }
            }
            (Some(_), None) => {
                self.appear(head.seq, after)?;
                self.bring_memberships_back(head.seq, after.kind)?;
            }
            (Some(_), Some(_)) => {}
        }
        if after.kind == ResourceKind::Group {
            let team = self.team_state(after.id, head);
            team.version = version;
            team.versioned = true;
            team.deleted = after.deleted.is_some();
        }
        self.tell_version(after);
        Ok(())
    }

    /// A resource is gone; a tombstone keeps it.
    pub(super) fn remove(&mut self, removal: &Removal) -> Fallible<()> {
        let before = &removal.before;
        let head = self.expect(before)?;
        self.connection
            .statement(Statement::ResourceDelete)?
            .execute([head.seq])?;
        if before.deleted.is_none() {
            self.vanish(head.seq, before)?;
        }
        self.drop_memberships(head.seq, before.kind)?;
        match before.kind {
            ResourceKind::User => {
                self.connection
                    .statement(Statement::CredentialDelete)?
                    .execute([before.id.as_bytes()])?;
            }
            ResourceKind::Group => {
                self.forget_own(before.id)?;
                self.teams.remove(&before.id);
                self.committed.teams.retain(|(team, _)| team.0 != before.id);
            }
        }
        self.entomb(before, &removal.tombstone)
    }

    /// Keeps what is left of an object that is gone or hidden.
    fn entomb(&self, before: &ReadyResource, tombstone: &Tombstone) -> Fallible<()> {
        self.connection
            .statement(Statement::TombstoneInsert)?
            .execute(params![
                before.id.as_bytes(),
                before.kind_number(),
                self.at,
                tombstone.object,
                tombstone.uname,
                tombstone.ext,
                tombstone.email
            ])?;
        Ok(())
    }

    /// Remembers whose next life a member is.
    pub(super) fn succeed(&self, former: Uuid, member: Uuid) -> Fallible<()> {
        let found = self
            .connection
            .statement(Statement::TombstoneSucceed)?
            .execute(params![former.as_bytes(), member.as_bytes()])?;
        match found {
            0 => Err(Failure::stale(format!(
                "nothing is left of member {former}"
            ))),
            _ => Ok(()),
        }
    }

    /// The resource as the decision saw it, or stale.
    fn expect(&self, before: &ReadyResource) -> Fallible<Head> {
        match self.head(before.kind, before.id)? {
            Some(head) if head.version == before.version_number() => Ok(head),
            Some(_) => Err(Failure::stale(format!(
                "{} is no longer at version {}",
                before.what(),
                before.version
            ))),
            None => Err(Failure::stale(format!("{} is gone", before.what()))),
        }
    }

    /// The state of a team in this unit, from its row where it is new here.
    pub(super) fn team_state(&mut self, id: Uuid, head: Head) -> &mut TeamState {
        self.teams.entry(id).or_insert(TeamState {
            seq: head.seq,
            version: head.version,
            size: head.size,
            next: None,
            changed: false,
            versioned: false,
            deleted: head.deleted.is_some(),
        })
    }

    fn tell_version(&mut self, resource: &ReadyResource) {
        match resource.kind {
            ResourceKind::User => {
                let id = MemberId(resource.id);
                self.committed.members.retain(|(member, _)| *member != id);
                self.committed.members.push((id, resource.version));
            }
            ResourceKind::Group => {
                let id = TeamId(resource.id);
                self.committed.teams.retain(|(team, _)| *team != id);
                self.committed.teams.push((id, resource.version));
            }
        }
    }

    fn appear(&mut self, seq: i64, object: &ReadyResource) -> Fallible<()> {
        self.connection
            .statement(Statement::CardInsert)?
            .execute(params![
                seq,
                object.kind_number(),
                object.active,
                object.origin,
                object.id.as_bytes(),
                object.card.name,
                object.card.user_name,
                object.card.sort_key,
                object.card.text
            ])?;
        self.index(seq, object.entries.iter())?;
        self.claim(seq, object.unique.iter())?;
        self.deltas.appears(seq, object);
        Ok(())
    }

    fn vanish(&mut self, seq: i64, object: &ReadyResource) -> Fallible<()> {
        self.connection
            .statement(Statement::CardDelete)?
            .execute([seq])?;
        self.unindex(seq, object.entries.iter())?;
        self.give_up(seq, object.unique.iter())?;
        self.deltas.vanishes(seq, object);
        Ok(())
    }

    fn stay(&mut self, seq: i64, before: &ReadyResource, after: &ReadyResource) -> Fallible<()> {
        let (old, new) = (&before.card, &after.card);
        if old.sort_key != new.sort_key {
            self.connection
                .statement(Statement::CardRewrite)?
                .execute(params![
                    seq,
                    after.active,
                    after.origin,
                    new.name,
                    new.user_name,
                    new.text,
                    new.sort_key
                ])?;
        } else if old != new || before.active != after.active || before.origin != after.origin {
            self.connection
                .statement(Statement::CardUpdate)?
                .execute(params![
                    seq,
                    after.active,
                    after.origin,
                    new.name,
                    new.user_name,
                    new.text
                ])?;
        }
        self.unindex(seq, before.entries.difference(&after.entries))?;
        self.index(seq, after.entries.difference(&before.entries))?;
        self.give_up(seq, before.unique.difference(&after.unique))?;
        self.claim(seq, after.unique.difference(&before.unique))?;
        self.deltas.changes(before, after);
        Ok(())
    }

    fn index<'e>(&self, seq: i64, entries: impl Iterator<Item = &'e Entry>) -> Fallible<()> {
        let mut insert = self.connection.statement(Statement::AttrInsert)?;
        for (attr, val) in entries {
            insert.execute(params![attr, val, seq])?;
        }
        Ok(())
    }

    fn unindex<'e>(&self, seq: i64, entries: impl Iterator<Item = &'e Entry>) -> Fallible<()> {
        let mut delete = self.connection.statement(Statement::AttrDelete)?;
        for (attr, val) in entries {
            delete.execute(params![attr, val, seq])?;
        }
        Ok(())
    }

    /// Values that nobody else has from now on; refused where somebody has one.
    fn claim<'e>(&self, seq: i64, entries: impl Iterator<Item = &'e UniqueEntry>) -> Fallible<()> {
        for (path, val) in entries {
            let mut claim = self.connection.statement(Statement::UniqueValueClaim)?;
            if claim.execute(params![path, val, seq])? == 0 {
                let mut taken = self.connection.statement(Statement::UniquePathName)?;
                let attribute: String = taken.query_row([path], |row| row.get(0))?;
                return Err(Failure::Refused(StoreError::Taken {
                    attribute: attribute.into(),
                }));
            }
        }
        Ok(())
    }

    fn give_up<'e>(
        &self,
        seq: i64,
        entries: impl Iterator<Item = &'e UniqueEntry>,
    ) -> Fallible<()> {
        for (path, val) in entries {
            self.connection
                .statement(Statement::UniqueValueDelete)?
                .execute(params![path, val, seq])?;
        }
        Ok(())
    }
}

/// What a violated unique index means: SQLite names the columns.
pub(super) fn conflict(error: rusqlite::Error, id: &impl Display) -> Failure {
    if error.sqlite_error_code() != Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Failure::Sql(error);
    }
    let text = error.to_string();
    let attribute = if text.contains("resource.uname") {
        "userName"
    } else if text.contains("resource.ext") {
        "externalId"
    } else if text.contains("team_own.key") {
        "key"
    } else if text.contains("token.name") || text.contains("client.name") {
        "name"
    } else if text.contains("resource.id") || text.contains("token.id") {
        return Failure::stale(format!("{id} is there already"));
    } else {
        return Failure::Sql(error);
    };
    Failure::Refused(StoreError::Taken {
        attribute: attribute.into(),
    })
}
