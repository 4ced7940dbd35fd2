//! Incidents, what they hold, who goes, and recovery, as the writer changes them.

use rusqlite::params;
use uuid::Uuid;

use super::unit::Unit;
use crate::directory::incident::NAMED;
use crate::directory::{
    Change, Departure, GuardNotes, HeldAsk, IncidentId, IncidentSubject, RequestId, Room, Settled,
};
use crate::store::RecoveryCodes;
use crate::store::sqlite::audit_text;
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::log_line::ReadyLine;
use crate::store::sqlite::read::incidents::{self, Named};
use crate::store::sqlite::ready::{ReadyAudit, ReadyUnit};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, nanos, uint};

/// Those who went are counted for a day at most, the longest window there is.
const KEPT: i64 = 86_400 * 1_000_000_000;

/// What the guards keep of a unit, ready to be written.
#[derive(Debug, Default)]
pub struct ReadyGuards {
    raised: Vec<ReadyRaised>,
    departure: Option<Departure>,
    settled: Option<Settled>,
    codes: RecoveryCodes,
}

#[derive(Debug)]
struct ReadyRaised {
    code: &'static str,
    severity: &'static str,
    key: String,
    subject: IncidentSubject,
    held: Option<HeldAsk>,
    /// For the case that it opens an incident.
    audit: ReadyAudit,
}

/// A change of what admins do about an incident, or of what is known of a recovery admin.
#[derive(Debug)]
pub enum GuardStep {
    /// An admin has done something about an incident.
    Tend {
        /// Which.
        id: i64,
        /// The version it must have.
        before: i64,
        /// The version it has then.
        after: i64,
        /// When it was closed.
        closed: Option<i64>,
        /// When it was ruled on.
        ruled: Option<i64>,
        /// All of it, as JSON.
        tended: String,
    },
    /// A recovery admin has shown that they can sign in.
    Prove {
        /// Who.
        member: Uuid,
        /// When.
        at: i64,
    },
    /// A recovery admin has the codes of the unit.
    MakeCodes {
        /// Who.
        member: Uuid,
    },
    /// The code of the unit is spent.
    SpendCode {
        /// Whose.
        member: Uuid,
    },
    /// Nothing but its audit row.
    Told,
}

impl ReadyGuards {
    /// Makes ready what can be. `request` is the one that raises.
    pub fn new(notes: GuardNotes, codes: RecoveryCodes, request: Option<RequestId>) -> Self {
        let id = IncidentId(request.map_or(0, |request| request.0));
        let raised = notes.raised.into_iter().map(|raised| {
            let opened = Change::IncidentOpened {
                id,
                code: raised.code.to_owned(),
                severity: raised.severity,
                member: raised.subject.member,
                member_name: raised.subject.name.clone(),
            };
            ReadyRaised {
                code: raised.code,
                severity: raised.severity.as_str(),
                key: raised.key,
                held: raised.held,
                audit: ReadyAudit {
                    objects: (object(id), raised.subject.member.map(|member| member.0)),
                    change: audit_text::write(&opened.view()),
                },
                subject: raised.subject,
            }
        });
        Self {
            raised: raised.collect(),
            departure: notes.departure,
            settled: notes.settled,
            codes,
        }
    }
}

/// The id under which the audit finds an incident.
pub fn object(id: IncidentId) -> Uuid {
    Uuid::from_u128(u128::from(id.0))
}

impl Unit<'_> {
    /// Writes what the guards keep of the unit.
    pub(super) fn guards(&mut self, ready: &ReadyUnit) -> Fallible<()> {
        let guards = &ready.guards;
        let request = ready.line.as_ref().map_or(0, ReadyLine::id);
        for raised in &guards.raised {
            self.raise(ready, raised, request)?;
        }
        if let Some(departure) = &guards.departure {
            self.connection
                .statement(Statement::DeparturePrune)?
                .execute([self.at.saturating_sub(KEPT)])?;
            self.connection
                .statement(Statement::DepartureInsert)?
                .execute(params![self.at, request, departure.user_name_key])?;
        }
        if let Some(Settled {
            incident,
            member,
            end,
        }) = &guards.settled
        {
            self.connection
                .statement(Statement::HeldSettle)?
                .execute(params![int(incident.0), member.0.as_bytes(), end])?;
        }
        Ok(())
    }

    fn raise(&mut self, ready: &ReadyUnit, raised: &ReadyRaised, request: i64) -> Fallible<()> {
        let open: Option<(i64, String)> = self
            .connection
            .statement(Statement::IncidentOpen)?
            .query_map([raised.code, &raised.key], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .next()
            .transpose()?;
        let id = if let Some((id, named)) = open {
            let named = name_also(&named, raised, request)?;
            self.connection
                .statement(Statement::IncidentAgain)?
                .execute(params![id, self.at, named])?;
            id
        } else {
            let named = name_also("{\"subjects\":[],\"evidence\":[]}", raised, request)?;
            let opened = self
                .connection
                .statement(Statement::IncidentInsert)?
                .execute(params![
                    request,
                    raised.code,
                    raised.severity,
                    raised.key,
                    self.at,
                    named
                ])?;
            if opened > 0 {
                self.audit(ready, &raised.audit)?;
            }
            request
        };
        if let (Some(ask), Some(member)) = (raised.held, raised.subject.member) {
            self.connection
                .statement(Statement::HeldInsert)?
                .execute(params![
                    id,
                    member.0.as_bytes(),
                    raised.subject.name,
                    ask.as_str(),
                    request,
                    self.at,
                    ready.actor
                ])?;
        }
        Ok(())
    }

    pub(super) fn guard_step(&mut self, step: &GuardStep, codes: &ReadyGuards) -> Fallible<()> {
        let codes = &codes.codes;
        match step {
            GuardStep::Told => {}
            GuardStep::Tend {
                id,
                before,
                after,
                closed,
                ruled,
                tended,
            } => {
                let changed = self
                    .connection
                    .statement(Statement::IncidentTend)?
                    .execute(params![id, before, after, closed, ruled, tended])?;
                if changed == 0 {
                    return Err(Failure::stale(format!(
                        "incident {id} is not at version {before}"
                    )));
                }
            }
            GuardStep::Prove { member, at } => {
                self.connection
                    .statement(Statement::RecoveryProve)?
                    .execute(params![member.as_bytes(), at])?;
            }
            GuardStep::MakeCodes { member } => {
                self.connection
                    .statement(Statement::RecoveryCodesClear)?
                    .execute([member.as_bytes()])?;
                for code in &codes.made {
                    self.connection
                        .statement(Statement::RecoveryCodeInsert)?
                        .execute(params![code, member.as_bytes()])?;
                }
            }
            GuardStep::SpendCode { member } => {
                let spent = match &codes.spent {
                    Some(code) => self
                        .connection
                        .statement(Statement::RecoveryCodeSpend)?
                        .execute(params![code, member.as_bytes()])?,
                    None => 0,
                };
                if spent == 0 {
                    return Err(Failure::stale("the recovery code is spent already"));
                }
            }
        }
        Ok(())
    }

    /// Whether one more may go.
    pub(super) fn has_room(&self, room: &Room) -> Fallible<()> {
        let gone = incidents::gone_since(self.connection, nanos(room.since))?;
        if gone >= room.allowed || incidents::is_holding(self.connection)? {
            return Err(Failure::stale(format!("{gone} have gone already")));
        }
        Ok(())
    }
}

/// What an incident names, with one happening more.
fn name_also(named: &str, raised: &ReadyRaised, request: i64) -> Fallible<String> {
    let mut named: Named = serde_json::from_str(named)
        .map_err(|error| Failure::damaged("what an incident names", error))?;
    let new = &raised.subject;
    named.subjects.retain(|known| match new.member {
        Some(_) => known.member != new.member,
        None => known.member.is_some() || known.name != new.name,
    });
    named.subjects.push(raised.subject.clone());
    named.evidence.push(RequestId(uint(request)));
    let surplus = named.subjects.len().saturating_sub(NAMED);
    named.subjects.drain(..surplus);
    let surplus = named.evidence.len().saturating_sub(NAMED);
    named.evidence.drain(..surplus);
    serde_json::to_string(&named).map_err(|error| Failure::damaged("what an incident names", error))
}
