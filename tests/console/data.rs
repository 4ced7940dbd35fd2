//! Made-up data, the same each time: a member, a team or a request follows from its number.

use jiff::{SignedDuration, Timestamp};
use provost::admin::sso::SsoState;
use provost::admin::types::{
    Access, Actor, AuditRow, ChangeOp, ChangeView, ConnectionRow, FailureCount, FieldChange,
    HeldRole, Management, MemberDetail, MemberId, MemberRef, MemberRow, ObjectKind, Origin,
    Overview, Provisioning, RateBucket, RequestId, RoleOrigin, TeamDetail, TeamId, TeamRef,
    TeamRow, TeamSource, TokenId, TokenRow, TokenScope,
};
use serde_json::json;

const GIVEN: [&str; 12] = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Ken", "Radia", "Tony",
    "Margaret", "Linus",
];
const FAMILY: [&str; 11] = [
    "Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Allen", "Thompson", "Perlman",
    "Hoare", "Hamilton",
];
const TEAMS: [&str; 10] = [
    "Platform", "Payments", "Mobile", "Search", "Security", "Data", "Growth", "Support", "Legal",
    "Design",
];

/// The time at which the made-up world stands still.
pub fn noon() -> Timestamp {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

/// So many seconds before another time.
pub fn before(now: Timestamp, seconds: u64) -> Timestamp {
    now - SignedDuration::from_secs(i64::try_from(seconds).unwrap())
}

fn uuid(kind: u64, number: u64) -> String {
    format!("0195{kind:04x}-0000-7000-8000-{number:012x}")
}

pub fn member_id(number: u64) -> MemberId {
    uuid(1, number).parse().unwrap()
}

pub fn team_id(number: u64) -> TeamId {
    uuid(2, number).parse().unwrap()
}

pub fn token_id(number: u64) -> TokenId {
    uuid(3, number).parse().unwrap()
}

/// The number a member's id was made from.
pub fn number_of(id: impl ToString) -> u64 {
    let text = id.to_string();
    u64::from_str_radix(&text[text.len() - 12..], 16).unwrap()
}

fn pick(list: &[&str], number: u64) -> String {
    list[usize::try_from(number).unwrap() % list.len()].to_owned()
}

pub fn member(number: u64, now: Timestamp) -> MemberRow {
    let (given, family) = (pick(&GIVEN, number), pick(&FAMILY, number / 3));
    let user_name = if number < 132 {
        format!("{}.{}@acme.io", given.to_lowercase(), family.to_lowercase())
    } else {
        format!(
            "{}.{}{number}@acme.io",
            given.to_lowercase(),
            family.to_lowercase()
        )
    };
    let role = ["reader", "writer", "reader", "admin"][usize::try_from(number % 4).unwrap()];
    MemberRow {
        roles: match number {
            0 => vec!["owner".into(), role.into()],
            _ if number % 5 == 1 => vec!["release-manager".into()],
            _ => vec![role.into()],
        },
        leads: number == 0 || (number % 4 == 3 && number % 5 != 1),
        id: member_id(number),
        name: format!("{given} {family}"),
        email: Some(user_name.clone()),
        user_name,
        active: number % 9 != 4,
        role: Some(role.into()),
        custom_roles: if number % 5 == 1 {
            vec!["release-manager".into()]
        } else {
            Vec::new()
        },
        teams: u32::try_from(number % 4).unwrap(),
        origin: if number % 7 == 3 {
            Origin::Manual
        } else {
            Origin::Scim
        },
        owner: number == 0,
        deleted: (number % 31 == 13).then(|| before(now, 86_400)),
        modified: before(now, number * 613 + 42),
    }
}

/// A role given to the member, and one of a team that takes no effect.
pub fn access() -> Access {
    let held = |role: &str, from, without_effect: Option<&str>| HeldRole {
        role: role.into(),
        is_base: true,
        from,
        without_effect: without_effect.map(str::to_owned),
    };
    let platform = RoleOrigin::Team {
        id: team_id(0),
        name: "Platform".into(),
    };
    Access {
        active: true,
        sign_in: provost::admin::types::SignIn {
            may_sign_in: true,
            signs_in_by: vec!["password".into()],
            why_not: None,
        },
        is_admin: false,
        roles: vec![
            held("writer", RoleOrigin::Member, None),
            held("reader", platform, Some("there is no such role")),
        ],
        attributes: Vec::new(),
    }
}

pub fn member_detail(number: u64, now: Timestamp) -> MemberDetail {
    let row = member(number, now);
    let (given, family) = (pick(&GIVEN, number), pick(&FAMILY, number / 3));
    MemberDetail {
        management: match row.origin {
            Origin::Manual => Management::Local,
            Origin::Scim | Origin::Jit => Management::Provisioned,
        },
        invitation: None,
        access: access(),
        external_id: Some(format!("00u{number:08x}")),
        created: before(now, 90 * 86_400),
        version: 3 + number % 5,
        resource: json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": row.id.to_string(),
            "externalId": format!("00u{number:08x}"),
            "userName": row.user_name,
            "active": row.active,
            "name": {"givenName": given, "familyName": family},
            "displayName": row.name,
            "emails": [{"value": row.email, "type": "work", "primary": true}],
            "title": "Engineer",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "department": "R&D", "employeeNumber": format!("{number:05}"),
            },
        }),
        memberships: (0..row.teams)
            .map(|team| TeamRef {
                id: team_id(u64::from(team)),
                name: pick(&TEAMS, u64::from(team)),
            })
            .collect(),
        timeline: (0..4)
            .map(|step| member_change(number, step, now))
            .collect(),
        row,
    }
}

pub fn member_change(number: u64, step: u64, now: Timestamp) -> AuditRow {
    let member = member(number, now);
    let (op, fields) = match step % 4 {
        0 => (
            ChangeOp::Update,
            vec![FieldChange {
                path: "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role".into(),
                before: Some(json!("reader")),
                after: Some(json!("writer")),
            }],
        ),
        1 => (
            ChangeOp::Update,
            vec![
                FieldChange {
                    path: "title".into(),
                    before: None,
                    after: Some(json!("Engineer")),
                },
                FieldChange {
                    path: "active".into(),
                    before: Some(json!(false)),
                    after: Some(json!(true)),
                },
            ],
        ),
        2 => (
            ChangeOp::Update,
            vec![FieldChange {
                path: "active".into(),
                before: Some(json!(true)),
                after: Some(json!(false)),
            }],
        ),
        _ => (ChangeOp::Create, Vec::new()),
    };
    AuditRow {
        seq: 9_000 - step,
        at: before(now, 3_600 * (step * step * 7 + 1)),
        actor: if step == 2 {
            Actor::admin("console")
        } else {
            Actor::idp("okta-1")
        },
        request: (step != 2).then(|| RequestId(4_800 - step * 100)),
        policy_key: (step == 2).then(|| "users.on_inactive".into()),
        change: ChangeView {
            kind: ObjectKind::Member,
            id: member.id.to_string(),
            label: member.user_name,
            op,
            fields,
        },
    }
}

pub fn team(number: u64, now: Timestamp) -> TeamRow {
    let name = if number < 10 {
        pick(&TEAMS, number)
    } else {
        format!("{} {}", pick(&TEAMS, number), number / 10)
    };
    let synced = number % 3 != 2;
    TeamRow {
        id: team_id(number),
        name,
        source: if synced {
            TeamSource::Synced
        } else {
            TeamSource::Local
        },
        external_id: synced.then(|| format!("00g{number:08x}")),
        members: number * number * 13 % 1_200,
        key: format!("team-{number}"),
        paused: synced && number % 10 == 4,
        parked: if number % 7 == 3 { number % 5 } else { 0 },
        roles: if number % 4 == 1 {
            vec!["writer".into(), "deployer".into()]
        } else {
            Vec::new()
        },
        maintainers: u32::try_from(number % 3).unwrap(),
        last_push: synced.then(|| before(now, number * 4_001 + 90)),
        modified: before(now, number * 4_001 + 90),
    }
}

pub fn team_detail(number: u64, now: Timestamp) -> TeamDetail {
    let row = team(number, now);
    TeamDetail {
        created: before(now, 200 * 86_400),
        version: 12,
        resource: json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "id": row.id.to_string(),
            "externalId": row.external_id,
            "displayName": row.name,
        }),
        description: "Runs what others build on".into(),
        maintained_by: Vec::new(),
        waits_for: Vec::new(),
        timeline: vec![AuditRow {
            seq: 8_000,
            at: before(now, 7_200),
            actor: Actor::idp("okta-1"),
            request: Some(RequestId(4_700)),
            policy_key: None,
            change: ChangeView {
                kind: ObjectKind::Team,
                id: row.id.to_string(),
                label: row.name.clone(),
                op: ChangeOp::AddMember,
                fields: vec![FieldChange {
                    path: "members".into(),
                    before: None,
                    after: Some(json!("ada.lovelace@acme.io")),
                }],
            },
        }],
        row,
    }
}

pub fn team_member(number: u64, now: Timestamp) -> MemberRef {
    let row = member(number * 3 + 1, now);
    MemberRef {
        id: row.id,
        name: row.name,
        user_name: row.user_name,
        active: row.active,
    }
}

pub fn token(number: u64, now: Timestamp) -> TokenRow {
    let names = ["okta-1", "entra-prod", "console-laptop", "okta-old"];
    TokenRow {
        id: token_id(number),
        name: pick(&names, number),
        prefix: format!(
            "prv_{}_{}",
            if number == 2 { "admin" } else { "scim" },
            ["7fQ2", "k9Lm", "Zt31", "a0Pw"][usize::try_from(number).unwrap() % 4]
        ),
        scope: if number == 2 {
            TokenScope::Admin
        } else {
            TokenScope::Scim
        },
        created: before(now, (number * 40 + 3) * 86_400),
        expires: (number != 2).then(|| now + SignedDuration::from_hours(24 * 30)),
        last_used: (number != 3).then(|| before(now, number * 400 + 30)),
        revoked: (number == 3).then(|| before(now, 86_400)),
        rotated: None,
        client: None,
        owner: None,
    }
}

pub fn overview(now: Timestamp, members: u64, teams: u64) -> Overview {
    Overview {
        organisation: "Acme".into(),
        preset: "rfc".into(),
        policy_overrides: 0,
        version: "0.1.0".into(),
        started: before(now, 7_500),
        now,
        scim_base_url: "https://id.acme.io/scim/v2".into(),
        members,
        active_members: members - members / 9,
        teams,
        synced_teams: teams * 2 / 3,
        team_sync: true,
        team_sync_switch: true,
        provisioning: Provisioning::On,
        sso: SsoState::TestDrive,
        lacks_sso: false,
        admins: 3,
        admins_who_can_sign_in: 1,
        connections: vec![
            ConnectionRow {
                token: "okta-1".into(),
                idp: Some("okta".into()),
                last_request: before(now, 12),
                last_success: Some(before(now, 12)),
                last_push: Some(before(now, 130)),
                requests: 312,
                failures: 9,
            },
            ConnectionRow {
                token: "entra-prod".into(),
                idp: Some("entra".into()),
                last_request: before(now, 340),
                last_success: Some(before(now, 10_900)),
                last_push: Some(before(now, 90_000)),
                requests: 20,
                failures: 14,
            },
        ],
        rates: (0..60_u32)
            .map(|bucket| RateBucket {
                requests: (bucket * 37 % 23) * u32::from(bucket > 8) + bucket / 4,
                failures: u32::from(bucket % 13 == 7) * 3,
            })
            .collect(),
        rate_bucket_seconds: 60,
        failures: vec![
            FailureCount {
                code: "DUP_USER".into(),
                count: 12,
                last: RequestId(4_994),
            },
            FailureCount {
                code: "TOKEN_BAD".into(),
                count: 4,
                last: RequestId(4_895),
            },
            FailureCount {
                code: "GROUP_FIRST".into(),
                count: 1,
                last: RequestId(4_823),
            },
        ],
        last_changes: (0..5)
            .map(|step| member_change(step * 2, step, now))
            .collect(),
        log_rows: 5_000,
        database_bytes: 48_300_000,
        p50_us: 810,
        p95_us: 4_100,
        guard: super::incident_data::guard_brief(members == 0, now),
    }
}
