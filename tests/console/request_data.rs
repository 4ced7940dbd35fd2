//! Made-up lines of the request log: mostly quiet, at times a failure.

use jiff::Timestamp;
use provost::admin::types::{
    ChangeOp, ChangeView, Exchange, Explanation, ExplanationSeverity, FieldChange, Message,
    NextStep, ObjectKind, Outcome, RequestDetail, RequestId, RequestRow, Stage, Subject, TraceStep,
};
use serde_json::json;

use super::data::{before, member, team_id};

/// A request by its number: mostly quiet, at times a failure.
pub fn request(number: u64, now: Timestamp) -> RequestRow {
    let newest = 5_000;
    let at = before(now, (newest + 1_u64).saturating_sub(number).min(newest) * 7);
    let subject_number = number / 3 % 400;
    let member = member(subject_number, now);
    let (method, path, resource, status, outcome, code, changes) = match number % 11 {
        0 => (
            "POST",
            "/scim/v2/Users".to_owned(),
            "Users",
            409,
            Outcome::Refused,
            Some("DUP_USER"),
            0,
        ),
        1 | 4 => (
            "PATCH",
            format!("/scim/v2/Users/{}", member.id),
            "Users",
            200,
            Outcome::Applied,
            None,
            1,
        ),
        2 => (
            "POST",
            "/scim/v2/Users".to_owned(),
            "Users",
            201,
            Outcome::Applied,
            None,
            1,
        ),
        5 => (
            "PATCH",
            format!("/scim/v2/Groups/{}", team_id(3)),
            "Groups",
            204,
            Outcome::Applied,
            Some("GROUP_FIRST"),
            14,
        ),
        7 if number.is_multiple_of(5) => (
            "GET",
            "/scim/v2/Users".to_owned(),
            "Users",
            401,
            Outcome::Refused,
            Some("TOKEN_BAD"),
            0,
        ),
        8 => (
            "PUT",
            format!("/scim/v2/Users/{}", member.id),
            "Users",
            200,
            Outcome::NoOp,
            Some("BOOL_STRING"),
            0,
        ),
        9 if number.is_multiple_of(7) => (
            "PATCH",
            format!("/scim/v2/Users/{}", member.id),
            "Users",
            500,
            Outcome::Error,
            None,
            0,
        ),
        _ => (
            "GET",
            "/scim/v2/Users".to_owned(),
            "Users",
            200,
            Outcome::NoOp,
            None,
            0,
        ),
    };
    let is_group = resource == "Groups";
    let entra = number % 4 == 3;
    RequestRow {
        id: RequestId(number),
        at,
        duration_us: 400 + number * 7_919 % 9_000 + if status == 500 { 1_200_000 } else { 0 },
        method: method.into(),
        path,
        resource: resource.into(),
        subject: (status != 401).then(|| Subject {
            kind: if is_group {
                ObjectKind::Team
            } else {
                ObjectKind::Member
            },
            id: Some(if is_group {
                team_id(3).to_string()
            } else {
                member.id.to_string()
            }),
            label: if is_group {
                "Search".into()
            } else {
                member.user_name
            },
        }),
        status,
        outcome,
        code: code.map(Into::into),
        token: (status != 401).then(|| {
            if entra {
                "entra-prod".into()
            } else {
                "okta-1".into()
            }
        }),
        user_agent: Some(if entra {
            "AzureAD/1.0".into()
        } else {
            "Okta SCIM Client 1.0.0".into()
        }),
        idp: Some(if entra { "entra".into() } else { "okta".into() }),
        changes,
        retry_of: number.is_multiple_of(22).then(|| RequestId(number - 11)),
        part_of: None,
    }
}

pub fn request_detail(number: u64, now: Timestamp) -> RequestDetail {
    let row = request(number, now);
    let failed = row.status >= 400;
    let member = row
        .subject
        .as_ref()
        .map_or_else(String::new, |s| s.label.clone());
    let mut trace = vec![
        TraceStep::passed(Stage::Authenticate, "token okta-1 opens the SCIM provider"),
        TraceStep::noted(Stage::Parse, "read a string where the schema has a boolean")
            .comparing("true or false", "\"True\""),
    ];
    if failed {
        trace.push(
            TraceStep::failed(Stage::Match, "another member has this userName already").comparing(
                "nobody with that userName",
                format!("{member}, since Feb 3"),
            ),
        );
    } else {
        trace.push(TraceStep::passed(
            Stage::Match,
            format!("the member is {member}"),
        ));
        trace.push(TraceStep::passed(Stage::Policy, "users.write allows it"));
        trace.push(TraceStep::passed(Stage::Effect, "one attribute changed"));
    }
    let explanation = failed.then(|| Explanation {
        code: row.code.clone().unwrap_or_else(|| "UNKNOWN".into()),
        severity: ExplanationSeverity::Failure,
        what: format!("Okta's request to create {member} was refused."),
        why: format!("A member called {member} exists since 3 February; they were added by hand, before provisioning."),
        changed: "Nothing.".into(),
        next: vec![
            NextStep {
                place: "here".into(),
                text: "Restore the member, then let Okta try again; it links by userName.".into(),
                command: Some("member.restore".into()),
            },
            NextStep {
                place: "idp".into(),
                text: "Dashboard, Tasks, Retry Selected.".into(),
                command: None,
            },
        ],
        note: format!("userName {member} is taken in Provost. Please link instead of create, then retry."),
        links: Vec::new(),
    });
    let changed = if row.changes > 0 {
        vec![ChangeView {
            kind: ObjectKind::Member,
            id: row
                .subject
                .as_ref()
                .and_then(|s| s.id.clone())
                .unwrap_or_default(),
            label: member.clone(),
            op: ChangeOp::Update,
            fields: vec![
                FieldChange {
                    path: "active".into(),
                    before: Some(json!(true)),
                    after: Some(json!(false)),
                },
                FieldChange {
                    path: "title".into(),
                    before: None,
                    after: Some(json!("Engineer")),
                },
            ],
        }]
    } else {
        Vec::new()
    };
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": member,
        "active": "True",
        "emails": [{"value": member, "type": "work", "primary": true}],
    });
    let answer = if failed {
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": row.status.to_string(),
            "scimType": "uniqueness",
            "detail": format!("userName is taken (DUP_USER, request {})", row.id),
        })
    } else {
        body.clone()
    };
    RequestDetail {
        related: [33, 11, 3]
            .into_iter()
            .filter(|back| number > 100 + back)
            .map(|back| request(number - back, now))
            .collect(),
        exchange: Exchange {
            query: None,
            peer: Some("203.0.113.7".into()),
            request: Message {
                headers: vec![
                    ("authorization".into(), "Bearer *** (okta-1)".into()),
                    ("content-type".into(), "application/scim+json".into()),
                    ("user-agent".into(), "Okta SCIM Client 1.0.0".into()),
                ],
                body_bytes: body.to_string().len() as u64,
                body: Some(body.to_string()),
                truncated: false,
            },
            response: Message {
                headers: vec![("content-type".into(), "application/scim+json".into())],
                body_bytes: answer.to_string().len() as u64,
                body: Some(answer.to_string()),
                truncated: false,
            },
            trace,
            changed,
            policy_key: Some("users.post_existing_active".into()),
            detail: failed.then(|| "userName is taken".into()),
            row,
        },
        explanation,
    }
}
