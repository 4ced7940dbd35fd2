//! A search that passes over zones finds what one that looks at every line finds.

use rstest::rstest;

use super::*;
use crate::directory::{Outcome, RequestId};
use crate::request_log::{Exchange, RequestQuery};
use crate::store::rows::RequestListing;
use crate::store::sqlite::read::requests;
use crate::store::sqlite::tests::{Place, at, exchange};
use crate::store::sqlite::{open, options};

/// A line every so many numbers, so that few share a zone.
const APART: u64 = 300;
const LINES: u64 = 60;

fn line(number: u64) -> Exchange {
    exchange(number * APART, |row| {
        row.at = at(i64::try_from(number).expect("small"));
        row.status = if number % 20 == 7 { 409 } else { 200 };
        row.duration_us = number * 1_000;
        row.changes = u32::try_from(number % 5).expect("small");
        row.path = format!("/scim/v2/Users/{number:04}");
        row.user_agent = (!number.is_multiple_of(3)).then(|| format!("Agent {}", number / 20));
        if number % 20 == 7 {
            row.code = Some("DUP_USER".into());
            row.outcome = Outcome::Refused;
        }
        if number == 33 {
            row.method = "delete".into();
            row.token = Some("Entra ＰＲＯＤ".into());
            row.idp = Some("Entra".into());
        }
        if let Some(subject) = &mut row.subject {
            subject.label = format!("Person{number} Straße");
            subject.id = Some(format!("ID-{number}"));
        }
    })
}

const QUERIES: [&str; 30] = [
    "status:409",
    "status:>=400 -code:DUP_USER",
    "code:dup_user",
    "-code:DUP_USER outcome:refused",
    "outcome:refused",
    "outcome:refused,applied",
    "method:DELETE",
    "method:POST",
    "token:\"entra prod\"",
    "-token:okta-1",
    "idp:ENTRA",
    "ua:\"agent 2\"",
    "ua:nobody",
    "path:/0033",
    "user:person33",
    "user:STRASSE ms:>57",
    "team:person33",
    "subject:id-33",
    "changes:4 ms:<9.5",
    "since:10s",
    "until:2s",
    "id:300..900",
    "id:>100000",
    "9900",
    "\"person44 strasse\"",
    "zebra",
    "DELETE",
    "dup_user",
    "ms:20..22 changes:0..1",
    "-zebra id:<1000",
];

/// Every line, on a database that is closed again.
async fn logged() -> Place {
    let place = Place::new();
    for number in 1..=LINES {
        place.store.log(line(number)).await.expect("logged");
    }
    place.store.flush().await.expect("flushed");
    place
}

fn found(connection: &Connection, zones: &Zones, query: &str, edge: (u64, u64)) -> Vec<u64> {
    let query = RequestQuery::parse(query).expect("a query");
    let (before, after) = edge;
    let listing = RequestListing {
        query: String::new(),
        before: (before > 0).then_some(RequestId(before)),
        after: (after > 0).then_some(RequestId(after)),
        limit: 5,
    };
    let now = at(i64::try_from(LINES).expect("small"));
    let page = requests::page(connection, zones, &listing, &query, now).expect("read");
    page.items.iter().map(|row| row.id.0).collect()
}

fn reader(place: &Place) -> Connection {
    open::reader(
        &place.path(),
        options::OpenOptions::default().reader_cache_bytes,
    )
    .expect("open")
}

/// Zones that know nothing, so that every line is looked at.
fn blank() -> Zones {
    Zones::new(i64::MAX)
}

fn fed() -> Zones {
    let zones = Zones::new(0);
    // Zone 0 is older than the log is; nothing of it is ever known.
    let lines: Vec<ReadyLine> = (1..=LINES)
        .map(|number| ReadyLine::from_exchange(&line(number)))
        .collect();
    zones.feed(lines.iter());
    zones
}

fn read_back(connection: &Connection) -> Zones {
    let zones = Zones::new(i64::try_from(LINES * APART).expect("small"));
    let mut before = None;
    while let Some(zone) = zones.read_one(connection, before).expect("read") {
        before = Some(zone);
    }
    zones
}

#[rstest]
#[tokio::test]
async fn nothing_is_passed_over_that_matches(
    #[values(false, true)] is_old: bool,
    #[values((0, 0), (9_900, 0), (0, 9_900), (600, 0), (0, 17_999))] edge: (u64, u64),
) {
    let place = logged().await;
    let connection = reader(&place);
    let zones = if is_old {
        read_back(&connection)
    } else {
        fed()
    };
    for query in QUERIES {
        assert_eq!(
            found(&connection, &zones, query, edge),
            found(&connection, &blank(), query, edge),
            "{query}"
        );
    }
}

#[rstest]
#[case("zebra", 1)]
#[case("status:409", 4)]
#[case("method:DELETE", 2)]
#[case("user:person33", 2)]
#[case("since:10s", 5)]
#[case("ms:>1000", 1)]
#[case("id:9900", 2)]
fn most_zones_are_passed_over(#[case] query: &str, #[case] most: usize) {
    let query = RequestQuery::parse(query).expect("a query");
    let now = at(i64::try_from(LINES).expect("small"));
    let stretches = fed().stretches(&Wanted::of(&query, now), -1, i64::MAX);
    // The first zone is not known, and what is beyond the last one is not either.
    assert!(stretches.len() <= most + 1, "{stretches:?}");
    assert_eq!(stretches.first().map(|stretch| stretch.0), Some(0));
    assert_eq!(stretches.last().map(|stretch| stretch.1), Some(i64::MAX));
}

#[tokio::test]
async fn a_late_line_of_an_old_zone_is_found() {
    let place = logged().await;
    let connection = reader(&place);
    let zones = read_back(&connection);
    let late = exchange(5 * APART + 1, |row| row.path = "/zebra".into());
    zones.feed([ReadyLine::from_exchange(&late)].iter());
    place.store.log(late).await.expect("logged");
    place.store.flush().await.expect("flushed");
    assert_eq!(found(&connection, &zones, "zebra", (0, 0)), [5 * APART + 1]);
    // Reading the zone again must not forget it.
    zones.read_one(&connection, Some(2)).expect("read");
    assert_eq!(found(&connection, &zones, "zebra", (0, 0)), [5 * APART + 1]);
}

#[tokio::test]
async fn forgotten_zones_are_looked_at() {
    let place = logged().await;
    let connection = reader(&place);
    let zones = fed();
    zones.forget_before(9_900);
    for query in QUERIES {
        assert_eq!(
            found(&connection, &zones, query, (0, 0)),
            found(&connection, &blank(), query, (0, 0)),
            "{query}"
        );
    }
}
