//! The plan against the truth: whatever a filter is, the database finds what [`Filter::matches`] finds over all documents.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rstest::rstest;
use serde_json::{Value, json};

use super::plan::{Plan, plan};
use crate::directory::member::PROVOST_USER;
use crate::directory::{Change, Member, Team};
use crate::scim::filter::Filter;
use crate::scim::list::SortOrder;
use crate::scim::render::etag;
use crate::scim::schema::{ENTERPRISE_USER, GROUP, USER};
use crate::scim::{Registry, ResourceKind};
use crate::store::sqlite::OpenOptions;
use crate::store::sqlite::tests::{Place, edited, joined, member, team, team_created, updated};
use crate::store::{DocumentPart, DocumentQuery, StoreError, Window};

/// Thirty members and six teams, with everything in them that folding, cutting and absence can do.
async fn peopled() -> (Place, Vec<Member>, Vec<(Team, Vec<Member>)>) {
    let place = Place::new();
    let long = |end: &str| format!("{}{end}", "l".repeat(300));
    let mut members = Vec::new();
    for n in 0..30_u32 {
        let mut one = member(n);
        let a = &mut one.attributes;
        match n % 6 {
            0 => {
                a.insert("userName".into(), json!(format!("Ada{n}@Straße.io")));
                a.insert("title".into(), json!("Count\u{200D}ess"));
                a.insert("nickName".into(), json!("\u{200B}"));
                a.remove("externalId");
            }
            1 => {
                a.insert("active".into(), json!(false));
                a.insert(
                    "name".into(),
                    json!({"familyName": "Lovelace", "givenName": "ada"}),
                );
                a.insert("nickName".into(), json!("The \"first\""));
                a.insert("title".into(), json!("\u{200B}"));
            }
            2 => {
                a.insert(
                    "active".into(),
                    if n % 4 == 0 { Value::Null } else { true.into() },
                );
                a.insert(
                    "emails".into(),
                    json!([{"value": "a@x.io", "type": "home"}, {"value": "B@x.io", "type": "Work"}]),
                );
            }
            3 => {
                a.insert(
                    ENTERPRISE_USER.into(),
                    json!({"department": "Ünï", "manager": {"value": manager_of(n)}, "employeeNumber": n.to_string()}),
                );
                a.insert(
                    "title".into(),
                    json!(long(if n % 2 == 0 { "a" } else { "b" })),
                );
            }
            4 => {
                a.insert(
                    PROVOST_USER.into(),
                    json!({"role": "admin", "customRole": ["Ops", "dev"]}),
                );
                a.remove("emails");
                a.remove("displayName");
            }
            _ => {
                a.insert("displayName".into(), json!("Ａda"));
                a.insert("userType".into(), json!("Contractor"));
                a.insert("locale".into(), json!("de-CH"));
            }
        }
        members.push(one);
    }
    place.create(&members).await;
    let mut teams = Vec::new();
    for n in 0..6_u32 {
        let mut one = team(n);
        if n % 2 == 0 {
            one.attributes
                .insert("externalId".into(), json!(format!("G{n}")));
        }
        let of_team: Vec<Member> = members
            .iter()
            .filter(|member| member.created.as_second() % 7 < i64::from(n))
            .cloned()
            .collect();
        let mut changes = vec![team_created(&one)];
        changes.extend(of_team.iter().map(|member| joined(&one, member)));
        place.commit(changes).await.expect("staffed");
        teams.push((one, of_team));
    }
    // Somebody who was, and a team that was: neither may be found.
    let gone = member(900);
    place.create([&gone]).await;
    let deleted = edited(&gone, |member| member.deleted = Some(member.modified));
    place
        .commit(vec![updated(&gone, &deleted)])
        .await
        .expect("soft-deleted");
    place
        .commit(vec![team_created(&team(900))])
        .await
        .expect("made");
    let mut was = team(900);
    was.version = 2;
    was.deleted = Some(was.modified);
    place
        .commit(vec![Change::TeamUpdated {
            before: Box::new(team(900)),
            after: Box::new(was),
        }])
        .await
        .expect("soft-deleted");
    (place, members, teams)
}

/// A reference to a member who is called in one of several ways, written in one of several ways, or to nobody here.
fn manager_of(n: u32) -> String {
    let id = member(n % 6).id;
    match n % 5 {
        0 => "M1".to_owned(),
        1 => member(900).id.to_string(),
        2 => id.to_string().to_uppercase(),
        3 => id.0.simple().to_string(),
        _ => id.0.urn().to_string(),
    }
}

/// What SCIM shows of a member, as the evaluator wants it.
pub(super) fn user(
    member: &Member,
    members: &[Member],
    teams: &[(Team, Vec<Member>)],
) -> serde_json::Map<String, Value> {
    let mut whole = member.attributes.clone();
    let mut schemas = vec![json!(USER)];
    schemas.extend(
        whole
            .keys()
            .filter(|key| key.starts_with("urn:"))
            .map(|key| json!(key)),
    );
    whole.insert("schemas".into(), Value::Array(schemas));
    let manager = whole
        .get_mut(ENTERPRISE_USER)
        .and_then(|extension| extension.get_mut("manager")?.as_object_mut());
    if let Some(manager) = manager {
        let id = manager["value"].as_str().and_then(|id| id.parse().ok());
        if let Some(found) = members.iter().find(|member| Some(member.id) == id) {
            manager.insert("displayName".into(), found.display_name().into());
        }
    }
    whole.insert("id".into(), json!(member.id.to_string()));
    whole.insert(
        "meta".into(),
        json!({"resourceType": "User", "created": member.created, "lastModified": member.modified, "version": etag(member.version)}),
    );
    let groups: Vec<Value> = teams
        .iter()
        .filter(|(_, members)| members.iter().any(|other| other.id == member.id))
        .map(|(team, _)| {
            json!({"value": team.id.to_string(), "display": team.display_name(), "type": "direct"})
        })
        .collect();
    if !groups.is_empty() {
        whole.insert("groups".into(), Value::Array(groups));
    }
    whole
}

pub(super) fn group(team: &Team, members: &[Member]) -> serde_json::Map<String, Value> {
    let mut whole = team.attributes.clone();
    whole.insert("schemas".into(), json!([GROUP]));
    whole.insert("id".into(), json!(team.id.to_string()));
    whole.insert(
        "meta".into(),
        json!({"resourceType": "Group", "created": team.created, "lastModified": team.modified, "version": etag(team.version)}),
    );
    let members: Vec<Value> = members
        .iter()
        .map(|member| {
            json!({"value": member.id.to_string(), "display": member.display_name(), "type": "User"})
        })
        .collect();
    if !members.is_empty() {
        whole.insert("members".into(), Value::Array(members));
    }
    whole
}

fn query(kind: ResourceKind, filter: Filter) -> DocumentQuery {
    DocumentQuery {
        parts: vec![DocumentPart {
            kind,
            filter: Some(filter),
            sort: None,
            with_links: false,
        }],
        order: SortOrder::Ascending,
        window: Window::Index(1),
        count: 1_000,
    }
}

const STRINGS: &[&str] = &[
    "userName",
    "externalId",
    "displayName",
    "title",
    "nickName",
    "userType",
    "name.familyName",
    "name.givenName",
    "emails",
    "emails.value",
    "emails.type",
    "id",
    "schemas",
    "meta.version",
    "meta.resourceType",
    "groups",
    "groups.value",
    "groups.display",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
    "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role",
    "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:customRole",
];

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "user7@x.io",
            "USER8@X.IO",
            "ADA6@STRASSE.IO",
            "a",
            "ada",
            "Ada",
            "x.io",
            "00U7",
            "00u7",
            "G2",
            "Person 007",
            "person",
            "lovelace",
            "Countess",
            "co\u{AD}untess",
            "\u{200B}",
            "\u{200D}ada",
            "Ad\u{200B}a6@STRASSE.io",
            "Person 005",
            "W/\\\"1\\\"",
            "User",
            "b@x.io",
            "work",
            "admin",
            "reader",
            "ops",
            "Ops",
            "M1",
            "m1",
            "ünï",
            "9",
            "Team 3",
            "team",
            "The \\\"first\\\"",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "contractor",
            "z",
            "io",
        ])
        .prop_map(str::to_owned),
        (0..31_u32).prop_map(|n| member(n).id.to_string()),
        (0..7_u32).prop_map(|n| team(n).id.to_string()),
        prop::sample::select(vec!["a", "b", ""])
            .prop_map(|end| format!("{}{end}", "L".repeat(300))),
        prop::sample::select(vec![250_usize, 252, 253, 256, 260]).prop_map(|n| "l".repeat(n)),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![
        "eq", "eq", "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le",
    ]);
    let string = (prop::sample::select(STRINGS.to_vec()), operator, literal())
        .prop_map(|(path, operator, literal)| format!("{path} {operator} \"{literal}\""));
    let time = (
        prop::sample::select(vec!["meta.created", "meta.lastModified"]),
        prop::sample::select(vec!["eq", "ne", "gt", "ge", "lt", "le"]),
        0..40_i64,
    )
        .prop_map(|(path, operator, n)| {
            format!("{path} {operator} \"{}\"", super::super::tests::at(n))
        });
    let present = prop::sample::select(vec![
        "userName",
        "externalId",
        "title",
        "emails",
        "emails.value",
        "active",
        "groups",
        "groups.display",
        "schemas",
        "meta.resourceType",
        "name",
        "nickName",
        "id",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
        "displayName",
        "meta.created",
    ])
    .prop_map(|path| format!("{path} pr"));
    let boolean = (
        prop::sample::select(vec!["eq", "ne"]),
        prop::sample::select(vec!["true", "false"]),
    )
        .prop_map(|(operator, value)| format!("active {operator} {value}"));
    let value_path = (
        prop::sample::select(vec![
            "type eq \"work\" and value {}",
            "value {} and type eq \"WORK\"",
            "type eq \"home\" and value {}",
            "value {}",
            "value {} or type eq \"work\"",
            "not (value {}) and type eq \"work\"",
        ]),
        prop::sample::select(vec!["eq", "sw", "co", "ne"]),
        literal(),
    )
        .prop_map(|(shape, operator, literal)| {
            format!(
                "emails[{}]",
                shape.replace("{}", &format!("{operator} \"{literal}\""))
            )
        });
    let group_path = literal().prop_map(|literal| format!("groups[value eq \"{literal}\"]"));
    prop_oneof![6 => string, 1 => time, 1 => present, 1 => boolean, 2 => value_path, 1 => group_path]
}

pub(super) fn filter() -> impl Strategy<Value = String> {
    condition().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("not ({part})")),
        ]
    })
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}

#[test]
fn users_are_found_as_the_evaluator_finds_them() {
    let runtime = runtime();
    let (place, members, teams) = runtime.block_on(peopled());
    let registry = Registry::standard();
    let wholes: Vec<_> = members
        .iter()
        .map(|member| (member.id.0, user(member, &members, &teams)))
        .collect();
    let mut runner = TestRunner::new(Config::with_cases(5_000));
    let outcome = runner.run(&filter(), |text| {
        let Ok(parsed) = Filter::parse(&registry, ResourceKind::User, &text) else {
            return Ok(());
        };
        let expected: Vec<_> = wholes
            .iter()
            .filter(|(_, whole)| parsed.filter.matches(whole))
            .map(|(id, _)| *id)
            .collect();
        let page = runtime
            .block_on(
                place
                    .store
                    .documents(&query(ResourceKind::User, parsed.filter)),
            )
            .expect("read");
        let found: Vec<_> = page.found.iter().map(|found| found.document.id).collect();
        prop_assert_eq!(page.total, expected.len() as u64, "{}", text);
        prop_assert_eq!(found, expected, "{}", text);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn groups_are_found_as_the_evaluator_finds_them() {
    let runtime = runtime();
    let (place, _, teams) = runtime.block_on(peopled());
    let registry = Registry::standard();
    let wholes: Vec<_> = teams
        .iter()
        .map(|(team, members)| (team.id.0, group(team, members)))
        .collect();
    let operator = prop::sample::select(vec!["eq", "ne", "co", "sw", "ew", "lt", "ge"]);
    let paths = prop::sample::select(vec![
        "displayName",
        "externalId",
        "members",
        "members.value",
        "members.display",
        "id",
    ]);
    let condition = prop_oneof![
        (paths, operator, literal())
            .prop_map(|(path, operator, literal)| format!("{path} {operator} \"{literal}\"")),
        literal().prop_map(|literal| format!("members[value eq \"{literal}\"]")),
        prop::sample::select(vec!["members pr", "externalId pr", "displayName pr"])
            .prop_map(str::to_owned),
    ];
    let two = (
        condition.clone(),
        prop::sample::select(vec!["and", "or", "and not"]),
        condition,
    )
        .prop_map(|(one, join, other)| format!("{one} {join} ({other})"));
    let mut runner = TestRunner::new(Config::with_cases(2_000));
    let outcome = runner.run(&two, |text| {
        let Ok(parsed) = Filter::parse(&registry, ResourceKind::Group, &text) else {
            return Ok(());
        };
        let expected: Vec<_> = wholes
            .iter()
            .filter(|(_, whole)| parsed.filter.matches(whole))
            .map(|(id, _)| *id)
            .collect();
        let page = runtime
            .block_on(
                place
                    .store
                    .documents(&query(ResourceKind::Group, parsed.filter)),
            )
            .expect("read");
        let found: Vec<_> = page.found.iter().map(|found| found.document.id).collect();
        prop_assert_eq!(found, expected, "{}", text);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[rstest]
#[case::user_name(
    "userName eq \"a\"",
    "SEARCH resource USING INDEX resource_uname (kind=? AND uname=?)"
)]
#[case::begins(
    "userName sw \"a\"",
    "SEARCH resource USING INDEX resource_uname (kind=? AND uname>? AND uname<?)"
)]
#[case::external_id(
    "externalId eq \"a\"",
    "SEARCH resource USING INDEX resource_ext (kind=? AND ext=?)"
)]
#[case::id(
    "id eq \"00000000-0000-0000-0000-000000000000\"",
    "SEARCH resource USING INDEX resource_id (id=?)"
)]
#[case::email(
    "emails.value eq \"a\"",
    "SEARCH attr USING PRIMARY KEY (attr=? AND val=?)"
)]
#[case::work_email(
    "emails[type eq \"work\"].value eq \"a\"",
    "SEARCH attr USING PRIMARY KEY (attr=? AND val=?)"
)]
#[case::family_name(
    "name.familyName sw \"a\"",
    "SEARCH attr USING PRIMARY KEY (attr=? AND val>? AND val<?)"
)]
#[case::listed(
    "userName eq \"a\" or userName eq \"b\"",
    "SEARCH resource USING INDEX resource_uname (kind=? AND uname=?)"
)]
#[case::changed(
    "meta.lastModified gt \"2026-01-01T00:00:00Z\"",
    "SEARCH resource USING INDEX resource_modified (kind=? AND modified>?)"
)]
#[tokio::test]
async fn look_ups_take_their_index(#[case] text: &str, #[case] step: &str) {
    let place = Place::new();
    let registry = Registry::standard();
    let Ok(parsed) = Filter::parse(&registry, ResourceKind::User, text) else {
        // Not every spelling is one of the standard's grammar.
        assert!(text.contains("].value"), "{text}");
        return;
    };
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    let planned = plan(&connection, ResourceKind::User, &parsed.filter).expect("planned");
    let Plan::Set { set, exact: true } = planned else {
        panic!("{planned:?}");
    };
    let (sql, values) = set.render();
    let mut explain = connection
        .prepare(&format!(
            "EXPLAIN QUERY PLAN SELECT seq FROM ({sql}) ORDER BY seq"
        ))
        .expect("prepares");
    let steps: Vec<String> = explain
        .query_map(rusqlite::params_from_iter(values), |row| row.get(3))
        .expect("explained")
        .collect::<Result<_, _>>()
        .expect("steps");
    assert!(steps.iter().any(|found| found == step), "{steps:?}");
}

#[tokio::test]
async fn a_filter_without_an_index_has_a_budget() {
    let place = Place::with(OpenOptions {
        scan_budget: 50,
        ..OpenOptions::default()
    });
    place.create(&(0..60).map(member).collect::<Vec<_>>()).await;
    let registry = Registry::standard();
    let filter = |text: &str| {
        Filter::parse(&registry, ResourceKind::User, text)
            .expect("a filter")
            .filter
    };
    for text in ["nickName eq \"x\"", "not (nickName pr)"] {
        let result = place
            .store
            .documents(&query(ResourceKind::User, filter(text)))
            .await;
        assert!(
            matches!(result, Err(StoreError::TooMany { limit: 50 })),
            "{text}"
        );
    }
    let page = place
        .store
        .documents(&query(ResourceKind::User, filter("userName sw \"user5\"")))
        .await
        .expect("an index answers it");
    assert_eq!(page.total, 11);
}

#[tokio::test]
async fn pages_of_a_filter_are_parts_of_one_list() {
    let (place, _, _) = peopled().await;
    let registry = Registry::standard();
    for text in ["displayName sw \"person\"", "not (nickName pr)"] {
        let filter = Filter::parse(&registry, ResourceKind::User, text)
            .expect("a filter")
            .filter;
        let whole = query(ResourceKind::User, filter);
        let all = place.store.documents(&whole).await.expect("read");
        let mut pieces = Vec::new();
        for start in (1..=all.total).step_by(4) {
            let part = DocumentQuery {
                window: Window::Index(start),
                count: 4,
                ..whole.clone()
            };
            let page = place.store.documents(&part).await.expect("read");
            assert_eq!(page.total, all.total);
            pieces.extend(page.found);
        }
        assert_eq!(pieces, all.found);
        let counted = place
            .store
            .documents(&DocumentQuery { count: 0, ..whole })
            .await
            .expect("read");
        assert_eq!((counted.total, counted.found.len()), (all.total, 0));
    }
}
