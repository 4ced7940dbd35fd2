//! The condition against the truth: what a line can answer, the database answers alike.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rstest::rstest;

use crate::directory::{ChangeOp, ChangeView, FieldChange, ObjectKind, Outcome, RequestId};
use crate::request_log::{Exchange, RequestQuery, Subject};
use crate::store::rows::RequestListing;
use crate::store::sqlite::tests::{Place, at, exchange};

/// Lines with everything in them that a query can ask for.
fn lines() -> Vec<Exchange> {
    (1..=120_u64)
        .map(|id| {
            let mut one = exchange(id, |row| {
                row.method = ["GET", "POST", "PATCH", "delete"]
                    [usize::try_from(id % 4).expect("small")]
                .into();
                row.status = [200, 201, 404, 409, 500][usize::try_from(id % 5).expect("small")];
                row.duration_us = id * 731;
                row.changes = u32::try_from(id % 3).expect("small");
                match id % 6 {
                    0 => row.subject = None,
                    1 => {
                        row.subject = Some(Subject {
                            kind: ObjectKind::Team,
                            id: Some(format!("G-{id}")),
                            label: "Straße Pay".into(),
                        });
                        row.resource = "Groups".into();
                        row.path = format!("/scim/v2/Groups/G-{id}");
                    }
                    2 => {
                        row.code = Some("DUP_USER".into());
                        row.outcome = Outcome::Refused;
                    }
                    3 => row.token = Some("Entra ＰＲＯＤ".into()),
                    4 => {
                        row.token = None;
                        row.user_agent = None;
                        row.idp = None;
                    }
                    _ => row.outcome = Outcome::Applied,
                }
            });
            if id % 3 > 0 {
                one.changed = vec![ChangeView {
                    kind: ObjectKind::Member,
                    id: "1".into(),
                    label: "Grace".into(),
                    op: ChangeOp::Update,
                    fields: vec![FieldChange {
                        path: if id % 2 == 0 {
                            "urn:x:User:role"
                        } else {
                            "name.givenName"
                        }
                        .into(),
                        before: None,
                        after: None,
                    }],
                }];
            }
            one.detail = (id % 10 == 0).then(|| "the attribute 50% of_people spell Wrong".into());
            one
        })
        .collect()
}

async fn logged() -> Place {
    let place = Place::new();
    for line in lines() {
        place.store.log(line).await.expect("logged");
    }
    place.store.flush().await.expect("flushed");
    place
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "status:>=400",
            "status:2xx,409",
            "-status:200",
            "status:<9",
            "method:GET,delete",
            "-method:PATCH",
            "user:ADA",
            "team:strasse",
            "subject:G-7",
            "subject:g-13,ada",
            "-team:pay",
            "code:dup_user",
            "-code:DUP_USER",
            "token:OKTA-1",
            "token:\"entra prod\"",
            "-token:okta-1",
            "ua:scim",
            "-ua:okta",
            "idp:OKTA",
            "-idp:okta",
            "outcome:refused,applied",
            "-outcome:no-op",
            "since:50s",
            "until:20s",
            "since:1w",
            "changes:0",
            "changes:>1",
            "resource:groups",
            "path:/GROUPS",
            "ms:>50",
            "ms:0.731..10",
            "id:5..30",
            "id:>18446744073709551614",
            "-id:1..100",
        ])
        .prop_map(str::to_owned),
        (1..130_u32).prop_map(|id| format!("id:<={id}")),
        (0..90_u32).prop_map(|ms| format!("ms:<{ms}.5")),
    ]
}

#[test]
fn a_line_is_found_when_it_matches() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let place = runtime.block_on(logged());
    let all = lines();
    let now = at(121);
    let words = prop::collection::vec(word(), 1..4);
    let mut runner = TestRunner::new(Config::with_cases(2_000));
    let outcome = runner.run(&words, |words| {
        let text = words.join(" ");
        let query = RequestQuery::parse(&text).expect("a query");
        let mut expected: Vec<u64> = all
            .iter()
            .filter(|line| query.matches(&line.row, now))
            .map(|line| line.row.id.0)
            .collect();
        expected.reverse();
        let listing = RequestListing {
            limit: 1_000,
            ..RequestListing::default()
        };
        let page = runtime
            .block_on(place.store.requests(&listing, &query, now))
            .expect("read");
        let found: Vec<u64> = page.items.iter().map(|row| row.id.0).collect();
        prop_assert_eq!(found, expected, "{}", text);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[rstest]
#[case::detail("\"people SPELL wrong\"", 12)]
#[case::no_wildcards("50%", 12)]
#[case::no_wildcards_either("of_people", 12)]
#[case::label("STRASSE", 20)]
#[case::who_changed("grace", 80)]
#[case::changed_path("changed:USER:ROLE", 40)]
#[case::did_not_change("-changed:role changes:>0", 40)]
#[case::token("\"entra prod\"", 20)]
#[case::method("patch", 30)]
#[case::id("117", 1)]
#[case::not_there("zebra", 0)]
#[case::negated("-\"spell wrong\"", 108)]
#[tokio::test]
async fn text_and_changes_are_looked_for_beyond_the_line(#[case] text: &str, #[case] count: usize) {
    let place = logged().await;
    let query = RequestQuery::parse(text).expect("a query");
    let listing = RequestListing {
        limit: 1_000,
        ..RequestListing::default()
    };
    let page = place
        .store
        .requests(&listing, &query, at(121))
        .await
        .expect("read");
    assert_eq!(page.items.len(), count);
}

#[tokio::test]
async fn pages_of_a_query_join_without_gaps() {
    let place = logged().await;
    let query = RequestQuery::parse("status:>=400").expect("a query");
    let page = |before: Option<RequestId>, after: Option<RequestId>| RequestListing {
        query: String::new(),
        before,
        after,
        limit: 7,
    };
    let mut down = Vec::new();
    let mut before = None;
    loop {
        let part = place
            .store
            .requests(&page(before, None), &query, at(121))
            .await
            .expect("read");
        before = part.items.last().map(|row| row.id);
        down.extend(part.items.into_iter().map(|row| row.id.0));
        if !part.more {
            break;
        }
    }
    assert_eq!(down.len(), 72);
    let mut up = Vec::new();
    let mut after = Some(RequestId(0));
    loop {
        let part = place
            .store
            .requests(&page(None, after), &query, at(121))
            .await
            .expect("read");
        after = part.items.first().map(|row| row.id);
        up.extend(part.items.into_iter().rev().map(|row| row.id.0));
        if !part.more {
            break;
        }
    }
    up.reverse();
    assert_eq!(up, down);
}
