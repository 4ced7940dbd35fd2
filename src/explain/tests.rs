use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::directory::{
    ChangeOp, ChangeView, FieldChange, ObjectKind, RequestId, Stage, TraceStep,
};
use crate::request_log::{Message, RequestRow, Subject};
use crate::scim::{ScimError, ScimType};

fn exchange(method: &str, resource: &str, status: u16) -> Exchange {
    let kind = if resource == "Groups" {
        ObjectKind::Team
    } else {
        ObjectKind::Member
    };
    Exchange {
        row: RequestRow {
            id: RequestId(4812),
            at: "2026-05-03T12:00:00Z".parse().unwrap(),
            duration_us: 1_000,
            method: method.into(),
            path: format!("/scim/v2/{resource}"),
            resource: resource.into(),
            subject: Some(Subject {
                kind,
                id: None,
                label: if resource == "Groups" {
                    "Payments"
                } else {
                    "ada@x.io"
                }
                .into(),
            }),
            status,
            outcome: if status < 400 {
                Outcome::Applied
            } else {
                Outcome::Refused
            },
            code: None,
            token: Some("okta-1".into()),
            user_agent: None,
            idp: Some("okta".into()),
            changes: 0,
            retry_of: None,
            part_of: None,
        },
        query: None,
        peer: None,
        request: Message::default(),
        response: Message::default(),
        trace: vec![],
        changed: vec![],
        policy_key: None,
        detail: None,
    }
}

/// A failure as the engine writes it down.
fn failure(method: &str, resource: &str, error: &ScimError) -> Exchange {
    let mut exchange = exchange(method, resource, error.status);
    exchange.detail = Some(error.detail.clone());
    exchange.response.body = Some(error.body().to_string());
    exchange
        .trace
        .push(TraceStep::failed(Stage::Match, error.detail.clone()));
    exchange
}

fn bad(scim_type: ScimType, detail: &str) -> ScimError {
    ScimError::bad_request(scim_type, detail)
}

fn code(exchange: &Exchange) -> String {
    detect(exchange).unwrap_or_else(|| UNKNOWN.into())
}

#[rstest]
#[case::token("GET", "Users", ScimError::new(401, "the token is wrong"), "TOKEN_BAD")]
#[case::scope(
    "GET",
    "Users",
    ScimError::new(403, "the token is valid and does not open this"),
    "TOKEN_BAD"
)]
#[case::route(
    "GET",
    "",
    ScimError::new(404, "there is nothing at /scim"),
    "BASE_URL"
)]
#[case::method("POST", "Users", ScimError::new(405, "not allowed"), "NOT_OFFERED")]
#[case::bulk("POST", "Bulk", ScimError::new(501, "not offered"), "NOT_OFFERED")]
#[case::media_type(
    "POST",
    "Users",
    ScimError::new(415, "text/xml is not read"),
    "BAD_CONTENT_TYPE"
)]
#[case::large("POST", "Users", ScimError::new(413, "larger than"), "TOO_LARGE")]
#[case::slow("POST", "Users", ScimError::new(408, "did not come"), "TIMED_OUT")]
#[case::rate("GET", "Users", ScimError::new(429, "too many"), "RATE_429")]
#[case::version("PUT", "Users", ScimError::new(412, "has changed"), "VERSION_MISMATCH")]
#[case::user(
    "POST",
    "Users",
    ScimError::conflict("userName is already in use"),
    "DUP_USER"
)]
#[case::group(
    "POST",
    "Groups",
    ScimError::conflict("displayName is already in use"),
    "DUP_GROUP"
)]
#[case::inactive(
    "POST",
    "Users",
    ScimError::conflict("userName belongs to an inactive member"),
    "REACTIVATE"
)]
#[case::case_fold(
    "POST",
    "Users",
    ScimError::conflict("userName is already in use, spelled with other letters"),
    "CASE_FOLD"
)]
#[case::unknown_member(
    "PATCH",
    "Groups",
    bad(ScimType::InvalidValue, "member x not found"),
    "GROUP_FIRST"
)]
#[case::group_gone(
    "PATCH",
    "Groups",
    ScimError::not_found("there is no team with this id"),
    "GROUP_GONE"
)]
#[case::user_gone(
    "GET",
    "Users",
    ScimError::not_found("there is no member with this id"),
    "NOT_FOUND"
)]
#[case::mono(
    "PATCH",
    "Users",
    bad(
        ScimType::InvalidPath,
        "path, character 1: userName has one value, so there is nothing to select with [...]"
    ),
    "MONO_FILTER"
)]
#[case::quote(
    "GET",
    "Groups",
    bad(
        ScimType::InvalidFilter,
        "filter, character 16: the string has no closing '\"'"
    ),
    "BAD_CHARS"
)]
#[case::filter(
    "GET",
    "Users",
    bad(ScimType::InvalidFilter, "filter, character 10: 'is' is no operator"),
    "BAD_FILTER"
)]
#[case::too_many("GET", "Users", bad(ScimType::TooMany, "more than 1000"), "TOO_MANY")]
#[case::cursor(
    "GET",
    "Users",
    bad(ScimType::InvalidCursor, "cursor: this is no cursor of this server"),
    "CURSOR_INVALID"
)]
#[case::old_cursor(
    "GET",
    "Groups",
    bad(ScimType::ExpiredCursor, "cursor: it was good for 3600 seconds"),
    "CURSOR_EXPIRED"
)]
#[case::count(
    "GET",
    "Users",
    bad(ScimType::InvalidCount, "count: a page holds at most 1000 resources"),
    "COUNT_INVALID"
)]
#[case::path(
    "PATCH",
    "Users",
    bad(ScimType::NoTarget, "no value of emails meets the filter"),
    "BAD_PATH"
)]
#[case::mutability(
    "PATCH",
    "Users",
    ScimError::mutability("id", "is readOnly and differs"),
    "MUTABILITY"
)]
#[case::json(
    "POST",
    "Users",
    ScimError::invalid_syntax("the body is not JSON: line 1, column 4"),
    "BAD_JSON"
)]
#[case::syntax(
    "PATCH",
    "Users",
    ScimError::invalid_syntax("Operations is empty"),
    "BAD_SYNTAX"
)]
#[case::value(
    "POST",
    "Users",
    ScimError::invalid_value("emails", "must be an array"),
    "BAD_VALUE"
)]
#[case::disk(
    "POST",
    "Users",
    ScimError::new(503, "the disk is full; nothing was changed"),
    "DISK_FULL"
)]
#[case::busy(
    "POST",
    "Users",
    ScimError::new(503, "too many writes are waiting"),
    "BUSY"
)]
#[case::ours("POST", "Users", ScimError::new(500, "provost failed"), "INTERNAL")]
#[case::teapot("POST", "Users", ScimError::new(418, "short and stout"), "UNKNOWN")]
fn failures_are_recognised(
    #[case] method: &str,
    #[case] resource: &str,
    #[case] error: ScimError,
    #[case] expected: &str,
) {
    let exchange = failure(method, resource, &error);
    assert_eq!(code(&exchange), expected);
    let explanation = explain(&exchange).unwrap();
    assert_eq!(explanation.code, expected);
    assert_eq!(explanation.changed.is_empty(), explanation.what.is_empty());
}

#[rstest]
#[case(
    "remove-by-value: remove members names 2; only those are removed",
    "PATCH_REMOVE"
)]
#[case("string-boolean: active: 'False' read as false", "BOOL_STRING")]
#[case("unknown-member: member 'x' not found; left out", "MEMBER_SKIPPED")]
fn what_was_tolerated_gets_a_remark(#[case] note: &str, #[case] expected: &str) {
    let mut exchange = exchange("PATCH", "Groups", 200);
    exchange.trace.push(TraceStep::noted(Stage::Parse, note));
    assert_eq!(detect(&exchange).as_deref(), Some(expected));
    assert_ne!(explain(&exchange).unwrap().severity, Severity::Failure);
    // A request that failed is never explained by what was tolerated in it.
    exchange.row.status = 500;
    exchange.row.outcome = Outcome::Error;
    assert_eq!(detect(&exchange).as_deref(), Some("INTERNAL"));
}

#[test]
fn what_went_as_it_should_has_no_explanation() {
    let mut exchange = exchange("GET", "Users", 200);
    assert_eq!((detect(&exchange), explain(&exchange)), (None, None));
    exchange
        .trace
        .push(TraceStep::noted(Stage::Parse, "operation-case: op 'Add'"));
    assert_eq!((detect(&exchange), explain(&exchange)), (None, None));
}

#[rstest]
#[case(Outcome::Refused)]
#[case(Outcome::Held)]
#[case(Outcome::Ignored)]
#[case(Outcome::Error)]
fn every_outcome_that_needs_words_has_some(#[case] outcome: Outcome) {
    let mut exchange = exchange("PATCH", "Users", 200);
    exchange.row.outcome = outcome;
    assert!(explain(&exchange).is_some());
}

#[test]
fn a_duplicate_is_explained_in_four_parts() {
    let mut exchange = failure(
        "POST",
        "Users",
        &ScimError::conflict("userName is already in use"),
    );
    exchange.trace = vec![
        TraceStep::failed(Stage::Match, "userName is already in use")
            .comparing("a free userName", "held by Ada Lovelace (ada@x.io)"),
    ];
    exchange.row.code = Some("DUP_USER".into());
    let explanation = explain(&exchange).unwrap();
    assert_eq!(
        explanation.what,
        "Okta's request to create the member ada@x.io was refused: another member has this userName."
    );
    assert_eq!(
        explanation.why,
        "The reason: userName is already in use; held by Ada Lovelace (ada@x.io). A member may have come from another identity provider, by sign-in, or by hand."
    );
    assert_eq!(explanation.changed, "Nothing.");
    assert_eq!(explanation.next[0].command.as_deref(), Some("member.find"));
    assert!(
        explanation.next[1]
            .text
            .contains("Dashboard ▸ Tasks ▸ Retry Selected")
    );
    assert_eq!(
        explanation.next.len(),
        2,
        "only Okta's words are shown to Okta's admins"
    );
    assert!(
        explanation
            .note
            .starts_with("Request #4812: userName is taken")
    );
}

#[test]
fn each_identity_provider_has_its_own_words() {
    let mut exchange = failure(
        "POST",
        "Users",
        &ScimError::conflict("userName is already in use"),
    );
    exchange.row.idp = Some("entra".into());
    let explanation = explain(&exchange).unwrap();
    assert!(explanation.what.starts_with("Microsoft Entra ID's request"));
    assert!(explanation.next[1].text.contains("Provision on demand"));
    exchange.row.idp = None;
    let explanation = explain(&exchange).unwrap();
    assert!(explanation.what.starts_with("The client's request"));
    assert!(
        explanation.next[1]
            .text
            .contains("look the user up with a filter")
    );
}

/// An admin is not sent to an identity provider for a mistake in their own command.
#[test]
fn an_admin_s_own_command_is_explained_in_words_of_its_own() {
    let error = ScimError::invalid_value("name", "a token needs a name");
    let mut exchange = failure("POST", "tokens", &error);
    exchange.row.code = Some("BAD_VALUE".into());
    exchange.row.idp = None;
    exchange.row.path = "/admin/v1/tokens".into();
    let own = explain(&exchange).unwrap();
    assert!(own.what.starts_with("The admin's command"), "{}", own.what);
    assert_eq!(own.next.len(), 1);
    assert_eq!(own.next[0].place, "here");
    assert!(own.note.starts_with("Nothing needs to be done"));
    exchange.row.path = "/scim/v2/Users".into();
    let of_client = explain(&exchange).unwrap();
    assert!(of_client.what.starts_with("The client's request"));
    assert!(of_client.next.iter().any(|step| step.place == "idp"));
}

#[test]
fn what_no_rule_matches_names_what_comes_near() {
    let mut exchange = failure("POST", "Groups", &ScimError::new(418, "member not found"));
    exchange.response.body = None;
    let explanation = explain(&exchange).unwrap();
    assert_eq!(explanation.code, "UNKNOWN");
    assert!(
        explanation
            .why
            .starts_with("No rule matches. Provost said: member not found. Nearest: GROUP_FIRST (")
    );
}

#[test]
fn a_code_that_is_not_in_the_catalogue_is_explained_by_its_exchange() {
    let mut exchange = failure(
        "POST",
        "Users",
        &ScimError::conflict("userName is already in use"),
    );
    exchange.row.code = Some("FROM_THE_FUTURE".into());
    assert_eq!(explain(&exchange).unwrap().code, "DUP_USER");
}

#[rstest]
#[case(json!({"Operations": [{"op": "replace", "value": {"active": false}}]}), "deactivate the member ada@x.io")]
#[case(json!({"Operations": [{"op": "Replace", "path": "active", "value": "True"}]}), "reactivate the member ada@x.io")]
#[case(json!({"Operations": [{"op": "replace", "path": "title", "value": "x"}]}), "change the member ada@x.io")]
#[case(json!("nonsense"), "change the member ada@x.io")]
fn a_patch_is_told_by_what_it_does(#[case] body: serde_json::Value, #[case] expected: &str) {
    let mut exchange = failure("PATCH", "Users", &ScimError::new(418, "x"));
    exchange.request.body = Some(body.to_string());
    let what = explain(&exchange).unwrap().what;
    assert!(what.contains(expected), "{what}");
}

#[test]
fn a_look_up_is_told_by_its_filter() {
    let mut exchange = failure("GET", "Users", &bad(ScimType::InvalidFilter, "x"));
    exchange.query = Some("filter=userName+is+%22a%22&count=1".into());
    let what = explain(&exchange).unwrap().what;
    assert!(
        what.contains("look up members with userName is \"a\""),
        "{what}"
    );
}

#[test]
fn values_that_changed_are_told() {
    let mut exchange = exchange("PATCH", "Users", 200);
    exchange.row.code = Some("BOOL_STRING".into());
    exchange.trace.push(TraceStep::noted(
        Stage::Parse,
        "missing-schemas: no schemas",
    ));
    exchange.trace.push(TraceStep::noted(
        Stage::Parse,
        "string-boolean: active: 'False' read as false",
    ));
    let field = |path: &str, after| FieldChange {
        path: path.into(),
        before: None,
        after,
    };
    exchange.changed = vec![ChangeView {
        kind: ObjectKind::Member,
        id: "1".into(),
        label: "ada@x.io".into(),
        op: ChangeOp::Update,
        fields: vec![
            field("active", Some(json!(false))),
            field("title", Some(json!("CTO"))),
            field("nickName", None),
            field("emails", Some(json!([]))),
        ],
    }];
    let explanation = explain(&exchange).unwrap();
    assert_eq!(
        explanation.changed,
        "Of the member ada@x.io, active is now false; title is now \"CTO\"; nickName has no value now; 1 more changed."
    );
    assert!(
        explanation
            .why
            .ends_with("it means: string-boolean: active: 'False' read as false.")
    );
}

#[test]
fn what_changed_is_told_in_words() {
    let mut exchange = exchange("PATCH", "Groups", 200);
    exchange.row.code = Some("PATCH_REMOVE".into());
    let left = |name: &str| ChangeView {
        kind: ObjectKind::Team,
        id: "1".into(),
        label: "Payments".into(),
        op: ChangeOp::RemoveMember,
        fields: vec![FieldChange {
            path: "members[value eq \"2\"]".into(),
            before: Some(json!(name)),
            after: None,
        }],
    };
    exchange.changed = ["Ada", "Bob", "Eve", "Mallory"].map(left).to_vec();
    assert_eq!(
        explain(&exchange).unwrap().changed,
        "Ada left the team Payments. Bob left the team Payments. Eve left the team Payments. And 1 more change."
    );
}

#[test]
fn explanations_have_no_gap_left_open() {
    for (code, _) in codes() {
        for idp in [None, Some("okta"), Some("entra"), Some("keycloak")] {
            for with_detail in [false, true] {
                let mut exchange = exchange("PATCH", "Users", 400);
                exchange.row.code = Some(code.into());
                exchange.row.idp = idp.map(str::to_owned);
                if with_detail {
                    exchange.detail = Some("emails: must be an array".into());
                    exchange.policy_key = Some("users.case".into());
                }
                let explanation = explain(&exchange).unwrap();
                let next = explanation.next.iter().map(|step| step.text.as_str());
                let texts = [&*explanation.what, &*explanation.why, &*explanation.note]
                    .into_iter()
                    .chain(next);
                for text in texts {
                    let broken = text.is_empty()
                        || ["{", "<<", ">>", " .", " ,", "..", ": ."]
                            .iter()
                            .any(|sign| text.contains(sign));
                    // Three dots are what MONO_FILTER writes between square brackets.
                    assert!(!broken || text.contains("[...]"), "{code} {idp:?}: {text}");
                    let whole = text.ends_with(['.', '"']) && text.starts_with(char::is_uppercase);
                    assert!(whole, "{code} {idp:?}: {text}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_exchange_can_be_explained(
        status in 100_u16..600,
        method in "[A-Z]{0,6}",
        path in "\\PC{0,40}",
        detail in proptest::option::of("\\PC{0,60}"),
        body in proptest::option::of("\\PC{0,80}"),
        query in proptest::option::of("\\PC{0,40}"),
    ) {
        let mut exchange = exchange(&method, "Users", status);
        exchange.row.path = path;
        exchange.detail = detail;
        exchange.request.body = body.clone();
        exchange.response.body = body;
        exchange.query = query;
        detect(&exchange);
        prop_assert_eq!(explain(&exchange).is_some(), status >= 400);
    }
}

#[test]
fn every_refusal_that_a_preset_has_words_for_is_explained() {
    use crate::directory::policy::{Texts, preset_names};
    for preset in preset_names() {
        for (code, _) in Texts::of(&preset).entries() {
            assert!(codes().any(|(known, _)| known == code), "{preset}: {code}");
        }
    }
}
