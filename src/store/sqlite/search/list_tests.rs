//! Lists against the truth: over random resources, filters, orders and pages, the database gives what evaluating and
//! sorting every resource gives; and a walk by cursors meets every unchanged resource once, whatever else changes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::tests::{filter, group, runtime, user};
use crate::directory::member::PROVOST_USER;
use crate::directory::{Change, Member, Team};
use crate::scim::list::{ListQuery, Paging, Place, SORT_KEY_BYTES, SortBy, SortOrder};
use crate::scim::schema::ENTERPRISE_USER;
use crate::scim::{Limits, Registry, ResourceKind};
use crate::store::sqlite::OpenOptions;
use crate::store::sqlite::tests::{
    Place as Database, at, edited, joined, member, team, team_created, updated,
};
use crate::store::{DocumentPage, DocumentPart, DocumentQuery, StoreError, Window};

/// A resource as the evaluator sees it.
struct Whole {
    kind: ResourceKind,
    id: Uuid,
    attributes: Map<String, Value>,
}

/// What a random member is made of: one number for each attribute that varies.
type Seed = (u8, u8, u8, u8, u8, u8, i64, i64);

fn seed() -> impl Strategy<Value = Seed> {
    (
        0..6_u8,
        0..5_u8,
        0..6_u8,
        0..4_u8,
        0..4_u8,
        0..5_u8,
        0..9_i64,
        0..9_i64,
    )
}

fn random_member(n: u32, seed: Seed, has_long_names: bool) -> Member {
    let (name, title, emails, active, manager, external, created, modified) = seed;
    let mut one = member(n);
    one.created = at(created);
    one.modified = at(created + modified);
    let a = &mut one.attributes;
    let texts = ["Zoë", "ada", "Ada", "bob", "Straße"];
    match texts.get(usize::from(name)) {
        Some(text) => a.insert("displayName".into(), json!(text)),
        None => a.remove("displayName"),
    };
    let long = "l".repeat(SORT_KEY_BYTES);
    if has_long_names && name == 0 {
        a.insert("userName".into(), json!(format!("{long}{}", 99 - n)));
    } else {
        // Neither in the order of creation nor of another attribute.
        a.insert("userName".into(), json!(format!("U{}", (n * 37) % 101)));
    }
    match title {
        0 => a.insert("title".into(), json!(format!("{}x", "t".repeat(300)))),
        1 => a.insert("title".into(), json!("Chief")),
        2 => a.insert("title".into(), json!("agent")),
        _ => None,
    };
    let addresses = match emails {
        0 => {
            json!([{"value": "b@x.io", "type": "home"}, {"value": "A@x.io", "type": "work", "primary": true}])
        }
        1 => json!([{"value": "c@x.io", "type": "work"}]),
        2 => json!([{"value": "D@x.io"}, {"value": "e@x.io", "type": "other"}]),
        _ => json!([]),
    };
    if addresses == json!([]) {
        a.remove("emails");
    } else {
        a.insert("emails".into(), addresses);
    }
    match active {
        0 => a.remove("active"),
        other => a.insert("active".into(), json!(other == 1)),
    };
    if manager < 3 {
        let manager = ["M1", "m1", "M2"][usize::from(manager)];
        a.insert(
            ENTERPRISE_USER.into(),
            json!({"manager": {"value": manager}, "department": "D"}),
        );
    }
    a.insert(
        PROVOST_USER.into(),
        match title % 2 {
            0 => json!({"role": "admin", "customRole": ["b", "a"]}),
            _ => json!({"role": "Reader"}),
        },
    );
    match external {
        0..3 => a.insert(
            "externalId".into(),
            json!(format!("{}{n}", ["e", "E", "x"][usize::from(external)])),
        ),
        _ => a.remove("externalId"),
    };
    one
}

/// A database of random members, and of teams with some of them.
async fn peopled(
    seeds: &[Seed],
    has_long_names: bool,
) -> (Database, Vec<Member>, Vec<(Team, Vec<Member>)>) {
    let database = Database::new();
    let members: Vec<Member> = (0..)
        .zip(seeds)
        .map(|(n, seed)| random_member(n, *seed, has_long_names))
        .collect();
    database.create(&members).await;
    let mut teams = Vec::new();
    for n in 0..5_u32 {
        let mut one = team(n);
        one.created = at(i64::from(n * 7 % 5));
        if n % 2 == 0 {
            one.attributes
                .insert("externalId".into(), json!(format!("E{n}")));
        }
        let own: Vec<Member> = members
            .iter()
            .skip(usize::try_from(n).expect("small"))
            .step_by(3)
            .take(usize::try_from(n * 2).expect("small"))
            .cloned()
            .collect();
        let mut changes = vec![team_created(&one)];
        changes.extend(own.iter().map(|member| joined(&one, member)));
        database.commit(changes).await.expect("staffed");
        teams.push((one, own));
    }
    (database, members, teams)
}

fn wholes(members: &[Member], teams: &[(Team, Vec<Member>)]) -> Vec<Whole> {
    let users = members.iter().map(|member| Whole {
        kind: ResourceKind::User,
        id: member.id.0,
        attributes: user(member, members, teams),
    });
    let groups = teams.iter().map(|(team, members)| Whole {
        kind: ResourceKind::Group,
        id: team.id.0,
        attributes: group(team, members),
    });
    users.chain(groups).collect()
}

/// The list as it must be.
fn expected(wholes: &[Whole], queries: &[(ResourceKind, ListQuery)]) -> Vec<Uuid> {
    let mut found: Vec<(Place, Uuid)> = Vec::new();
    for (number, whole) in (0..).zip(wholes) {
        let Some((_, query)) = queries.iter().find(|(kind, _)| *kind == whole.kind) else {
            continue;
        };
        let matches = query
            .filter
            .as_ref()
            .is_none_or(|filter| filter.matches(&whole.attributes));
        if matches {
            let key = match &query.sort_by {
                Some(SortBy::Attribute(attribute)) => attribute.key(&whole.attributes),
                Some(SortBy::NoValue) | None => None,
            };
            found.push((Place::new(key, number), whole.id));
        }
    }
    // Without a sort it is the order they are in.
    found.sort();
    if queries
        .iter()
        .any(|(_, query)| query.sort_order == SortOrder::Descending)
    {
        found.reverse();
    }
    found.into_iter().map(|(_, id)| id).collect()
}

fn document_query(
    queries: &[(ResourceKind, ListQuery)],
    window: Window,
    count: u64,
) -> DocumentQuery {
    DocumentQuery {
        parts: queries
            .iter()
            .map(|(kind, query)| DocumentPart {
                kind: *kind,
                filter: query.filter.clone(),
                sort: query.sort_by.clone(),
                with_links: false,
            })
            .collect(),
        order: queries[0].1.sort_order,
        window,
        count,
    }
}

fn ids(page: &DocumentPage) -> Vec<Uuid> {
    page.found.iter().map(|found| found.document.id).collect()
}

const SORTS: &[&str] = &[
    "",
    "",
    "userName",
    "displayName",
    "externalId",
    "id",
    "meta.created",
    "meta.lastModified",
    "meta.location",
    "meta.version",
    "title",
    "active",
    "emails",
    "emails.type",
    "emails.primary",
    "manager",
    "department",
    "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User:role",
    "customRole",
    "groups.display",
    "nickName",
    "schemas",
];

/// One request: what of, by what, which way, where, how many.
#[derive(Clone, Debug)]
struct Asked {
    of_all_types: bool,
    filter: Option<String>,
    sort_by: &'static str,
    is_descending: bool,
    start: u64,
    count: u64,
}

fn asked() -> impl Strategy<Value = Asked> {
    (
        prop::bool::weighted(0.25),
        prop::option::of(filter()),
        prop::sample::select(SORTS.to_vec()),
        any::<bool>(),
        1..50_u64,
        0..15_u64,
    )
        .prop_map(
            |(of_all_types, filter, sort_by, is_descending, start, count)| Asked {
                of_all_types,
                filter,
                sort_by,
                is_descending,
                start,
                count,
            },
        )
}

/// The request as it is understood; `None` where the filter does not fit.
fn understood(asked: &Asked) -> Option<Vec<(ResourceKind, ListQuery)>> {
    let mut body = json!({
        "schemas": [crate::scim::list::SEARCH_REQUEST],
        "startIndex": asked.start,
        "count": asked.count,
        "sortBy": asked.sort_by,
        "sortOrder": if asked.is_descending { "descending" } else { "ascending" },
    });
    if let Some(filter) = &asked.filter {
        body["filter"] = json!(filter);
    }
    let (registry, limits) = (Registry::standard(), Limits::default());
    if asked.of_all_types {
        return ListQuery::search_all(&registry, &limits, &body).ok();
    }
    let query = ListQuery::search(&registry, ResourceKind::User, &limits, &body).ok()?;
    Some(vec![(ResourceKind::User, query)])
}

#[test]
fn lists_are_what_sorting_everything_gives() {
    let runtime = runtime();
    let mut runner = TestRunner::new(Config::with_cases(16));
    let strategy = (
        prop::collection::vec(seed(), 12..45),
        any::<bool>(),
        prop::collection::vec(asked(), 60),
    );
    let outcome = runner.run(&strategy, |(seeds, has_long_names, requests)| {
        let (database, members, teams) = runtime.block_on(peopled(&seeds, has_long_names));
        let wholes = wholes(&members, &teams);
        for asked in &requests {
            let Some(queries) = understood(asked) else {
                continue;
            };
            prop_assert_eq!(&queries[0].1.paging, &Paging::Index(asked.start));
            let expected = expected(&wholes, &queries);
            let read = |window, count| {
                let query = document_query(&queries, window, count);
                runtime
                    .block_on(database.store.documents(&query))
                    .expect("read")
            };
            let page = read(Window::Index(asked.start), asked.count);
            prop_assert_eq!(page.total, expected.len() as u64, "{:?}", asked);
            let first = expected
                .len()
                .min(usize::try_from(asked.start - 1).expect("small"));
            let last = expected
                .len()
                .min(first + usize::try_from(asked.count).expect("small"));
            prop_assert_eq!(&ids(&page)[..], &expected[first..last], "{:?}", asked);

            // The same by cursors, there and back.
            let count = asked.count.max(1);
            let size = usize::try_from(count).expect("small");
            let mut window = Window::First;
            let mut pages = Vec::new();
            loop {
                let page = read(window, count);
                prop_assert_eq!(page.total, expected.len() as u64);
                prop_assert_eq!(page.has_previous, !pages.is_empty(), "{:?}", asked);
                let begin = pages.len() * size;
                let end = expected.len().min(begin + size);
                prop_assert_eq!(&ids(&page)[..], &expected[begin..end], "{:?}", asked);
                prop_assert_eq!(page.has_next, end < expected.len(), "{:?}", asked);
                let next = page
                    .has_next
                    .then(|| page.found.last().expect("one").place.clone());
                pages.push(page);
                match next {
                    Some(place) => window = Window::After(place),
                    None => break,
                }
            }
            for (number, pair) in pages.windows(2).enumerate() {
                let first = pair[1].found.first().expect("one").place.clone();
                let back = read(Window::Before(first), count);
                prop_assert_eq!(ids(&back), ids(&pair[0]), "{:?}", asked);
                prop_assert_eq!(back.has_previous, number > 0, "{:?}", asked);
                prop_assert!(back.has_next);
            }
            let counted = read(Window::First, 0);
            prop_assert_eq!(
                (counted.total, counted.found.len(), counted.has_next),
                (expected.len() as u64, 0, false)
            );
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[tokio::test]
async fn a_sort_without_an_index_has_a_budget() {
    let database = Database::with(OpenOptions {
        scan_budget: 200,
        ..OpenOptions::default()
    });
    let members: Vec<Member> = (0..60).map(member).collect();
    database.create(&members).await;
    let read = async |sort_by, filter: Option<&str>, count| {
        let asked = Asked {
            of_all_types: false,
            filter: filter.map(str::to_owned),
            sort_by,
            is_descending: false,
            start: 1,
            count,
        };
        let queries = understood(&asked).expect("a query");
        let query = document_query(&queries, Window::Index(1), count);
        database.store.documents(&query).await
    };
    for indexed in [
        "userName",
        "externalId",
        "id",
        "meta.created",
        "meta.lastModified",
        "displayName",
        "active",
    ] {
        let page = read(indexed, None, 60).await.expect(indexed);
        assert_eq!((page.total, page.found.len()), (60, 60), "{indexed}");
        let page = read(indexed, Some("active eq true"), 60)
            .await
            .expect(indexed);
        assert_eq!((page.total, page.found.len()), (60, 60), "{indexed}");
    }
    for unindexed in ["nickName", "emails", "groups.display"] {
        let refused = read(unindexed, None, 1).await;
        assert!(
            matches!(refused, Err(StoreError::TooMany { limit: 200 })),
            "{unindexed}"
        );
        // A filter that leaves few makes it possible, and who only counts needs no order.
        let few = read(unindexed, Some("userName sw \"user5\""), 60).await;
        assert_eq!(few.expect("few").total, 11);
        assert_eq!(read(unindexed, None, 0).await.expect("counted").total, 60);
    }
}

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Disturbance {
    Created(Seed),
    Removed(usize),
    Changed(usize, Seed),
}

fn disturbance() -> impl Strategy<Value = Disturbance> {
    prop_oneof![
        seed().prop_map(Disturbance::Created),
        (0..1_000_usize).prop_map(Disturbance::Removed),
        ((0..1_000_usize), seed()).prop_map(|(which, seed)| Disturbance::Changed(which, seed)),
    ]
}

#[test]
fn a_walk_meets_every_unchanged_resource_once_whatever_else_changes() {
    let runtime = runtime();
    let mut runner = TestRunner::new(Config::with_cases(64));
    let strategy = (
        prop::collection::vec(seed(), 10..40),
        asked(),
        1..8_u64,
        prop::collection::vec(prop::collection::vec(disturbance(), 0..4), 1..20),
    );
    let outcome = runner.run(&strategy, |(seeds, asked, count, disturbances)| {
        // What a member is sorted or found by must be its own: who is in a team changes with the team.
        let asked = Asked {
            filter: asked.filter.filter(|filter| !filter.contains("groups")),
            sort_by: if asked.sort_by.contains("groups") {
                ""
            } else {
                asked.sort_by
            },
            ..asked
        };
        let Some(queries) = understood(&asked) else {
            return Ok(());
        };
        let (database, mut members, teams) = runtime.block_on(peopled(&seeds, false));
        let start = wholes(&members, &teams);
        let before = expected(&start, &queries);
        let mut disturbed: BTreeSet<Uuid> = BTreeSet::new();
        let mut next_number = u32::try_from(members.len()).expect("small");
        let mut seen = Vec::new();
        let mut window = Window::First;
        let mut between = disturbances.iter();
        loop {
            let query = document_query(&queries, window, count);
            let page = runtime
                .block_on(database.store.documents(&query))
                .expect("read");
            seen.extend(ids(&page));
            let Some(last) = page.found.last().filter(|_| page.has_next) else {
                break;
            };
            window = Window::After(last.place.clone());
            for what in between.next().into_iter().flatten() {
                let change = match what {
                    Disturbance::Created(seed) => {
                        let one = random_member(next_number, *seed, false);
                        next_number += 1;
                        disturbed.insert(one.id.0);
                        members.push(one.clone());
                        Change::MemberCreated {
                            after: Box::new(one),
                        }
                    }
                    _ if members.len() < 5 => continue,
                    Disturbance::Removed(which) => {
                        let one = members.remove(which % members.len());
                        disturbed.insert(one.id.0);
                        Change::MemberRemoved {
                            before: Box::new(one),
                        }
                    }
                    Disturbance::Changed(which, seed) => {
                        let which = which % members.len();
                        let before = members[which].clone();
                        disturbed.insert(before.id.0);
                        let after = edited(&before, |member| {
                            let other = random_member(next_number, *seed, false);
                            member.attributes = other.attributes;
                            member.modified = other.modified;
                        });
                        next_number += 1;
                        members[which] = after.clone();
                        updated(&before, &after)
                    }
                };
                // A team whose member goes is changed with it.
                disturbed.extend(teams.iter().map(|(team, _)| team.id.0));
                // Two may come to have the same name; then nothing happens.
                if runtime.block_on(database.commit(vec![change])).is_err() {
                    return Ok(());
                }
            }
        }
        let undisturbed = |ids: &[Uuid]| -> Vec<Uuid> {
            ids.iter()
                .copied()
                .filter(|id| !disturbed.contains(id))
                .collect()
        };
        prop_assert_eq!(undisturbed(&seen), undisturbed(&before), "{:?}", asked);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
