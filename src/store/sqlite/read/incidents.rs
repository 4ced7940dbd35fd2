//! Incidents, what they hold, and what the blast radius counts.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::directory::{
    Held, HeldAsk, Incident, IncidentId, IncidentSeverity, IncidentSubject, MemberId, Radius,
    RequestId, Ruling, Tended,
};
use crate::store::IncidentListing;
use crate::store::rows::{Page, Total};
use crate::store::sqlite::failure::{Failure, Fallible};
use crate::store::sqlite::statement::{Statement, Statements};
use crate::store::sqlite::values::{int, time, uint, uuid};

/// The column `named`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Named {
    /// Whom it is about, newest last.
    pub subjects: Vec<IncidentSubject>,
    /// The requests in which it happened, newest last.
    pub evidence: Vec<RequestId>,
}

/// Some incidents, newest happening first.
pub fn list(connection: &Connection, listing: &IncidentListing) -> Fallible<Page<Incident>> {
    let total: i64 = connection
        .statement(Statement::IncidentCount)?
        .query_row([listing.closed], |row| row.get(0))?;
    let items = connection
        .statement(Statement::Incidents)?
        .query_and_then(
            params![listing.closed, listing.limit, int(listing.offset)],
            incident,
        )?
        .collect::<Fallible<_>>()?;
    Ok(Page {
        items,
        offset: listing.offset,
        total: Total::Exact(uint(total)),
    })
}

/// One incident.
pub fn by_id(connection: &Connection, id: IncidentId) -> Fallible<Option<Incident>> {
    connection
        .statement(Statement::IncidentById)?
        .query_and_then([int(id.0)], incident)?
        .next()
        .transpose()
}

/// The newest incident of a code about one thing.
pub fn about(connection: &Connection, code: &str, about: &str) -> Fallible<Option<Incident>> {
    connection
        .statement(Statement::IncidentAbout)?
        .query_and_then([code, about], incident)?
        .next()
        .transpose()
}

/// The open incidents of a code, each with what it is about.
pub fn open(connection: &Connection, code: &str) -> Fallible<Vec<(String, Incident)>> {
    connection
        .statement(Statement::IncidentsOfCode)?
        .query_and_then([code], |row| Ok((row.get(10)?, incident(row)?)))?
        .collect()
}

/// Open incidents that nobody has put off, and how many of them hold something that waits for a word.
pub fn count(connection: &Connection, now: jiff::Timestamp) -> Fallible<(u64, u64)> {
    Ok(connection
        .statement(Statement::IncidentsOpen)?
        .query_row([now.to_string()], |row| {
            Ok((uint(row.get(0)?), uint(row.get(1)?)))
        })?)
}

/// What an incident holds.
pub fn held(
    connection: &Connection,
    id: IncidentId,
    settled: bool,
    offset: u64,
    limit: u32,
) -> Fallible<Page<Held>> {
    let total: i64 = connection
        .statement(Statement::HeldCount)?
        .query_row(params![int(id.0), settled], |row| row.get(0))?;
    let items = connection
        .statement(Statement::HeldOf)?
        .query_and_then(params![int(id.0), settled, limit, int(offset)], |row| {
            let ask: String = row.get(2)?;
            Ok(Held {
                member: MemberId(uuid(row, 0)?),
                name: row.get(1)?,
                ask: match ask.as_str() {
                    "delete" => HeldAsk::Delete,
                    _ => HeldAsk::Deactivate,
                },
                request: RequestId(uint(row.get(3)?)),
                at: time(row.get(4)?),
                token: row.get(5)?,
                end: row.get(6)?,
            })
        })?
        .collect::<Fallible<_>>()?;
    Ok(Page {
        items,
        offset,
        total: Total::Exact(uint(total)),
    })
}

/// How many went since then, and what is held or was said about a member.
pub fn radius(
    connection: &Connection,
    member: Option<MemberId>,
    since: i64,
    ruled_since: i64,
) -> Fallible<Radius> {
    let recent = gone_since(connection, since)?;
    let (_, active) = super::members::count(connection)?;
    let mut radius = Radius {
        recent,
        members: active.saturating_add(recent),
        is_holding: is_holding(connection)?,
        ..Radius::default()
    };
    let Some(member) = member else {
        return Ok(radius);
    };
    let last: Option<(i64, String)> = connection
        .statement(Statement::HeldOfMember)?
        .query_row(params![member.0.as_bytes(), ruled_since], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    if let Some((incident, tended)) = last {
        let incident = IncidentId(uint(incident));
        match read_tended(&tended)?.ruling {
            Some(ruling) => radius.ruling = Some((ruling, incident)),
            None => radius.waits_in = Some(incident),
        }
    }
    Ok(radius)
}

/// How many went since then.
pub fn gone_since(connection: &Connection, since: i64) -> Fallible<u64> {
    let count: i64 = connection
        .statement(Statement::DeparturesSince)?
        .query_row([since], |row| row.get(0))?;
    Ok(uint(count))
}

/// Whether a hold waits for a word.
pub fn is_holding(connection: &Connection) -> Fallible<bool> {
    Ok(connection.statement(Statement::HoldOpen)?.exists([])?)
}

/// How often somebody was taken away since.
pub fn departures_of(connection: &Connection, user_name_key: &str, since: i64) -> Fallible<u64> {
    let count: i64 = connection
        .statement(Statement::DeparturesOf)?
        .query_row(params![user_name_key, since], |row| row.get(0))?;
    Ok(uint(count))
}

/// The recovery admins, soft-deleted ones too.
pub fn recovery_admins(connection: &Connection) -> Fallible<Vec<MemberId>> {
    connection
        .statement(Statement::RecoveryAdmins)?
        .query_and_then([], |row| uuid(row, 0).map(MemberId))?
        .collect()
}

/// When a recovery admin last showed that they can sign in, and how many codes they have left.
pub fn recovery_of(
    connection: &Connection,
    member: MemberId,
) -> Fallible<(Option<jiff::Timestamp>, u64)> {
    Ok(connection
        .statement(Statement::RecoveryOf)?
        .query_row([member.0.as_bytes()], |row| {
            Ok((row.get::<_, Option<i64>>(0)?.map(time), uint(row.get(1)?)))
        })?)
}

/// Whose one-time code this is.
pub fn recovery_code(connection: &Connection, sha256: &[u8; 32]) -> Fallible<Option<MemberId>> {
    connection
        .statement(Statement::RecoveryCodeOf)?
        .query_and_then([sha256], |row| uuid(row, 0).map(MemberId))?
        .next()
        .transpose()
}

fn incident(row: &Row<'_>) -> Fallible<Incident> {
    let severity: String = row.get(2)?;
    let (named, tended): (String, String) = (row.get(6)?, row.get(7)?);
    let named: Named = serde_json::from_str(&named)
        .map_err(|error| Failure::damaged("what an incident names", error))?;
    let tended = read_tended(&tended)?;
    Ok(Incident {
        id: IncidentId(uint(row.get(0)?)),
        code: row.get(1)?,
        severity: IncidentSeverity::parse(&severity)
            .ok_or_else(|| Failure::damaged("the severity of an incident", severity))?,
        opened: time(row.get(3)?),
        last: time(row.get(4)?),
        count: uint(row.get(5)?),
        subjects: named.subjects,
        evidence: named.evidence,
        waiting: match tended.ruling {
            // What was rejected waits for nothing any more.
            Some(Ruling::Rejected) => 0,
            _ => uint(row.get(8)?),
        },
        held: uint(row.get(9)?),
        tended,
    })
}

fn read_tended(text: &str) -> Fallible<Tended> {
    serde_json::from_str(text)
        .map_err(|error| Failure::damaged("what was done about an incident", error))
}
