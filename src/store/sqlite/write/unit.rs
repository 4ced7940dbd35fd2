//! One unit inside its savepoint: checks what must still hold, applies each change, writes the audit rows and the line
//! of the log. Whatever fails, the savepoint is rolled back and nothing of the unit remains, in memory or on disk.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::deltas::Deltas;
use crate::directory::{MemberId, Prospect, TeamId};
use crate::scim::ResourceKind;
use crate::store::sqlite::audit_text::{Hash, Sealed};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::read;
use crate::store::sqlite::ready::{ReadyAudit, ReadyUnit, Step};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, kind_number, uint};
use crate::store::{Committed, Precondition};

/// The numbers that count up from commit to commit. Copied into each unit and taken back only when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The last sequence number given to a resource.
    pub seq: i64,
    /// The last audit row.
    pub audit: i64,
    /// Its hash.
    pub hash: Hash,
    /// The version of the settings.
    pub settings: i64,
}

impl Ledger {
    /// Reads where the database stands.
    pub fn read(connection: &Connection) -> Fallible<Self> {
        let seq = connection
            .statement(Statement::Tally)?
            .query_row([], |row| row.get(6))?;
        let head: Option<(i64, Hash)> = connection
            .statement(Statement::AuditHead)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (audit, hash) = head.unwrap_or((0, [0; 32]));
        let settings = read::settings::settings(connection)?.map_or(0, |it| int(it.version));
        Ok(Self {
            seq,
            audit,
            hash,
            settings,
        })
    }
}

/// A unit while it is applied.
pub struct Unit<'a> {
    pub(super) connection: &'a Connection,
    pub(super) at: i64,
    pub(super) ledger: Ledger,
    pub(super) deltas: Deltas,
    pub(super) teams: BTreeMap<Uuid, TeamState>,
    pub(super) committed: Committed,
}

/// A team that the unit touches.
#[derive(Clone, Copy, Debug)]
pub(super) struct TeamState {
    /// Its sequence number.
    pub seq: i64,
    /// Its version now.
    pub version: i64,
    /// Its members now.
    pub size: i64,
    /// The place of the next member to join, once it was asked for.
    pub next: Option<i64>,
    /// Whether its membership changed.
    pub changed: bool,
    /// Whether the unit sets its version itself.
    pub versioned: bool,
    /// Whether it is soft-deleted.
    pub deleted: bool,
}

/// What the writer checks before it changes a resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub seq: i64,
    pub version: i64,
    pub deleted: Option<i64>,
    pub size: i64,
}

/// What a unit came to.
pub struct Applied {
    /// For the caller.
    pub committed: Committed,
    /// The numbers after it.
    pub ledger: Ledger,
    /// What it adds to the live counts.
    pub deltas: Deltas,
}

/// Applies a unit.
pub fn apply(connection: &Connection, ledger: Ledger, ready: &ReadyUnit) -> Fallible<Applied> {
    let mut unit = Unit {
        connection,
        at: ready.at,
        ledger,
        deltas: Deltas::default(),
        teams: BTreeMap::new(),
        committed: Committed::default(),
    };
    if let Some(account) = &ready.account {
        let inserted = connection
            .statement(Statement::SettingInsert)?
            .execute(["account", account])?;
        if inserted == 0 {
            return Err(Failure::stale("there is an account already"));
        }
    }
    for precondition in &ready.preconditions {
        unit.insist(precondition)?;
    }
    for (step, audit) in &ready.steps {
        if let Step::Guard(step) = step {
            unit.guard_step(step, &ready.guards)?;
            unit.audit(ready, audit)?;
        } else if unit.step(step, ready.line.as_ref())? {
            unit.audit(ready, audit)?;
        }
    }
    unit.guards(ready)?;
    unit.settle_teams()?;
    for precondition in &ready.preconditions {
        unit.insist_then(precondition)?;
    }
    if let Some((member, hash)) = &ready.password {
        connection
            .statement(Statement::CredentialSet)?
            .execute(params![member.as_bytes(), hash])?;
    }
    if let Some(writes) = &ready.sign_in {
        unit.sign_in(writes)?;
    }
    if let Some(line) = &ready.line {
        write_line(connection, line, &mut unit.deltas)?;
        if let Some(changes) = &ready.undo {
            connection
                .statement(Statement::UndoInsert)?
                .execute(params![line.id(), changes])?;
        }
    }
    if let Some(outbox) = &ready.outbox {
        unit.outbox(outbox)?;
    }
    Ok(Applied {
        committed: unit.committed,
        ledger: unit.ledger,
        deltas: unit.deltas,
    })
}

/// Writes a line of the request log.
pub fn write_line(connection: &Connection, line: &ReadyLine, deltas: &mut Deltas) -> Fallible<()> {
    let row = &line.row;
    let inserted = connection
        .statement(Statement::LogInsert)?
        .execute(params![
            line.id(),
            line.at,
            row.status,
            row.outcome.as_str(),
            line.method,
            line.resource,
            line.code,
            row.token,
            line.token_key,
            line.idp,
            int(row.duration_us),
            row.changes,
            line.subject_kind,
            line.subject,
            line.label,
            line.path,
            line.user_agent,
            line.changed,
            line.summary,
        ])?;
    if inserted > 0 {
        connection
            .statement(Statement::ExchangeInsert)?
            .execute(params![line.id(), line.line, line.rest])?;
        deltas.logs(line.id());
    }
    Ok(())
}

impl Unit<'_> {
    /// Applies one change; false where nothing came of it and nothing is to be told.
    fn step(&mut self, step: &Step, line: Option<&ReadyLine>) -> Fallible<bool> {
        match step {
            Step::Create(resource) => self.create(resource).map(|()| true),
            Step::Update(update) => self.update(update).map(|()| true),
            Step::Remove(removal) => self.remove(removal).map(|()| true),
            Step::Join {
                team,
                member,
                by_sign_in,
            } => self.join(*team, *member, *by_sign_in),
            Step::Leave { team, member } => self.leave(*team, *member).map(|()| true),
            Step::Park {
                team,
                reference,
                folded,
            } => self.park(*team, reference, folded, line),
            Step::Unpark { team, reference } => self.unpark(*team, reference),
            // The hash is written with the unit, what the guards keep by the caller; the audit tells that it was.
            Step::SetPassword | Step::Guard(_) | Step::Remark => Ok(true),
            Step::Succeed { former, member } => self.succeed(*former, *member).map(|()| true),
            Step::IssueToken {
                name,
                scope,
                secret,
                owner,
            } => self.issue_token(name, scope, secret, *owner).map(|()| true),
            Step::RevokeToken { id } => self.revoke_token(*id).map(|()| true),
            Step::RotateToken { id, expires } => self.rotate_token(*id, *expires).map(|()| true),
            Step::CreateClient {
                name,
                authentication,
                credentials,
                redirect_uris,
            } => self
                .create_client(name, authentication, credentials, redirect_uris)
                .map(|()| true),
            Step::RotateClient { credentials } => self.rotate_client(credentials).map(|()| true),
            Step::GiveConsent {
                id,
                client,
                admin,
                secret,
            } => self
                .give_consent(*id, *client, admin, secret)
                .map(|()| true),
            Step::UseConsent {
                id,
                is_first,
                secret,
            } => self.use_consent(*id, *is_first, secret).map(|()| true),
            Step::RevokeConsent { id } => self.revoke_consent(*id).map(|()| true),
            Step::RevokeClient { id } => self.revoke_client(*id).map(|()| true),
            Step::IssueAccessToken {
                client,
                scope,
                secret,
                consent,
            } => self
                .issue_access_token(*client, scope, secret, *consent)
                .map(|()| true),
            Step::ChangeSettings {
                before,
                after,
                settings,
            } => self
                .change_settings(*before, *after, settings)
                .map(|()| true),
            Step::Events(step) => self.events(step).map(|()| true),
        }
    }

    fn change_settings(&mut self, before: i64, after: i64, settings: &str) -> Fallible<()> {
        self.settings_are_at(before)?;
        self.connection
            .statement(Statement::SettingSet)?
            .execute(["settings", settings])?;
        self.ledger.settings = after;
        Ok(())
    }

    fn settings_are_at(&self, version: i64) -> Fallible<()> {
        if self.ledger.settings == version {
            return Ok(());
        }
        Err(Failure::stale(format!(
            "the settings are not at version {version}"
        )))
    }

    fn insist(&mut self, precondition: &Precondition) -> Fallible<()> {
        let (kind, id, version, what) = match precondition {
            Precondition::TeamVersion(TeamId(id), version) => {
                (ResourceKind::Group, *id, *version, "team")
            }
            Precondition::MemberVersion(MemberId(id), version) => {
                (ResourceKind::User, *id, *version, "member")
            }
            Precondition::Room(room) => return self.has_room(room),
            Precondition::SettingsVersion(version) => return self.settings_are_at(int(*version)),
            // Asked when the changes are made.
            Precondition::AdminThen { .. } => return Ok(()),
            Precondition::Awaited { names, count } => return self.awaited_are(names, *count),
            Precondition::TeamsNamed { name, teams } => return self.teams_named_are(name, teams),
        };
        match self.head(kind, id)? {
            Some(head) if head.deleted.is_none() && head.version == int(version) => Ok(()),
            Some(_) | None => Err(Failure::stale(format!(
                "{what} {id} is not at version {version}"
            ))),
        }
    }

    /// What must hold once the changes are made.
    fn insist_then(&mut self, precondition: &Precondition) -> Fallible<()> {
        let Precondition::AdminThen {
            roles,
            signs_in,
            passwords_are_closed,
        } = precondition
        else {
            return Ok(());
        };
        let as_it_is = Prospect::default().while_closed(*passwords_are_closed);
        let most = if *signs_in { u64::MAX } else { 1 };
        let lead = read::admins::lead(self.connection, roles, &as_it_is, most)?;
        match (lead.admins, *signs_in && !lead.signs_in) {
            (0, _) => Err(Failure::stale("nobody would be an admin")),
            (_, true) => Err(Failure::stale("no admin could sign in")),
            _ => Ok(()),
        }
    }

    pub(super) fn head(&self, kind: ResourceKind, id: Uuid) -> Fallible<Option<Head>> {
        Ok(self
            .connection
            .statement(Statement::ResourceHead)?
            .query_row(params![id.as_bytes(), kind_number(kind)], |row| {
                Ok(Head {
                    seq: row.get(0)?,
                    version: row.get(1)?,
                    deleted: row.get(2)?,
                    size: row.get(3)?,
                })
            })
            .optional()?)
    }

    pub(super) fn audit(&mut self, ready: &ReadyUnit, audit: &ReadyAudit) -> Fallible<()> {
        let seq = self.ledger.audit + 1;
        let request = ready.line.as_ref().map(ReadyLine::id);
        let sealed = Sealed {
            seq,
            at: ready.at,
            actor_kind: ready.actor_kind,
            actor: &ready.actor,
            request,
            policy_key: ready.policy_key.as_deref(),
            change: &audit.change,
        };
        let hash = sealed.hash(&self.ledger.hash);
        self.connection
            .statement(Statement::AuditInsert)?
            .execute(params![
                seq,
                ready.at,
                ready.actor_kind,
                ready.actor,
                request,
                ready.policy_key,
                audit.change,
                hash
            ])?;
        let (first, second) = audit.objects;
        for object in std::iter::once(first).chain(second) {
            self.connection
                .statement(Statement::AuditObjectInsert)?
                .execute(params![object.as_bytes(), seq])?;
        }
        self.ledger.audit = seq;
        self.ledger.hash = hash;
        self.committed.first_audit.get_or_insert(uint(seq));
        Ok(())
    }
}
