//! Made-up incidents, the same each time: one follows from its number.

use jiff::Timestamp;
use provost::admin::guards::{
    AdminPath, GuardBrief, GuardStatus, Held, HeldAsk, Incident, IncidentDetail, IncidentId,
    IncidentSeverity, IncidentSubject, Management, Tended,
};
use provost::admin::types::{Page, RequestId, Total};

use super::data::{before, member, member_id};
use super::request_data::request_detail;

const CODES: [(&str, IncidentSeverity); 4] = [
    ("MASS_DEPROV", IncidentSeverity::Critical),
    ("RECOVERY_EXEMPT", IncidentSeverity::Warning),
    ("LAST_ADMIN", IncidentSeverity::Warning),
    ("FLAPPING", IncidentSeverity::Notice),
];

pub fn incident(number: u64, now: Timestamp) -> Incident {
    let (code, severity) = CODES[usize::try_from(number % 4).unwrap()];
    let held = if code == "MASS_DEPROV" { 180 } else { 0 };
    let subjects = if held > 0 { 20 } else { 1 };
    Incident {
        id: IncidentId(4_900 - number),
        code: code.into(),
        severity,
        opened: before(now, 3_600 * (number + 1)),
        last: before(now, 60 * (number + 1)),
        count: 1 + number * 7 + held,
        subjects: (0..subjects)
            .map(|one| IncidentSubject {
                member: Some(member_id(number + one)),
                name: member(number + one, now).user_name,
            })
            .collect(),
        evidence: (0..3).map(|one| RequestId(4_990 - number - one)).collect(),
        waiting: held,
        held,
        tended: Tended {
            version: 1,
            assignee: (number % 3 == 1).then(|| "ada".into()),
            closed: (number > 9).then_some(now),
            ..Tended::default()
        },
    }
}

pub fn incident_detail(id: IncidentId, now: Timestamp) -> IncidentDetail {
    let incident = incident(4_900 - id.0, now);
    let items: Vec<Held> = (0..incident.held.min(100))
        .map(|number| Held {
            member: member_id(number),
            name: member(number, now).user_name,
            ask: if number % 3 == 0 {
                HeldAsk::Delete
            } else {
                HeldAsk::Deactivate
            },
            request: RequestId(4_700 + number),
            at: before(now, 600 - number),
            token: "okta".into(),
            end: None,
        })
        .collect();
    IncidentDetail {
        held: Page {
            items,
            offset: 0,
            total: Total::Exact(incident.held),
        },
        explanation: request_detail(4_994, now).explanation,
        policy_key: Some("guard.blast_radius".into()),
        incident,
    }
}

fn paths(now: Timestamp) -> Vec<AdminPath> {
    let path = |number: u64, via: &str| AdminPath {
        member: member_id(number),
        user_name: member(number, now).user_name,
        via: vec![via.into()],
        has_password: number == 0,
        codes: 0,
        management: if number == 0 {
            Management::Local
        } else {
            Management::Provisioned
        },
        recovery: number == 0,
        proven: (number == 0).then(|| before(now, 86_400 * 12)),
        may_sign_in: number == 0,
        why_not: (number > 0).then(|| {
            let name = member(number, now).user_name;
            format!("no password set; `provost member reset-link {name}` makes a link to set one")
        }),
    };
    vec![
        path(0, "owner"),
        path(1, "role admin"),
        path(2, "role admin"),
    ]
}

pub fn guard_brief(empty: bool, now: Timestamp) -> GuardBrief {
    GuardBrief {
        armed: true,
        owner_unguarded: false,
        incidents: if empty { 0 } else { 10 },
        holds: if empty { 0 } else { 3 },
        paths: paths(now)
            .into_iter()
            .take(if empty { 1 } else { 3 })
            .collect(),
        remarks: Vec::new(),
    }
}

pub fn guard_status(empty: bool, now: Timestamp) -> GuardStatus {
    GuardStatus {
        paths: paths(now),
        incidents: if empty { 0 } else { 10 },
        ..GuardStatus::default()
    }
}
