//! The request log: what is logged can be read, paged, counted and pruned.

use jiff::Timestamp;

use super::{Place, at, exchange};
use crate::directory::{Outcome, RequestId};
use crate::request_log::RequestQuery;
use crate::store::rows::RequestListing;

async fn logged(count: u64) -> Place {
    let place = Place::new();
    for id in 1..=count {
        let line = exchange(id, |row| {
            if id % 5 == 0 {
                row.status = 409;
                row.outcome = Outcome::Refused;
                row.code = Some("DUP_USER".into());
            }
            if id % 2 == 0 {
                row.token = Some("entra".into());
                row.idp = Some("entra".into());
            }
        });
        place.store.log(line).await.expect("logged");
    }
    place.store.flush().await.expect("flushed");
    place
}

async fn ids(place: &Place, listing: RequestListing, text: &str) -> (Vec<u64>, bool) {
    let query = RequestQuery::parse(text).expect("a query");
    let page = place
        .store
        .requests(&listing, &query, at(1_000))
        .await
        .expect("read");
    assert_eq!(page.log_total, 20);
    (page.items.iter().map(|row| row.id.0).collect(), page.more)
}

fn listing(before: Option<u64>, after: Option<u64>, limit: u32) -> RequestListing {
    RequestListing {
        query: String::new(),
        before: before.map(RequestId),
        after: after.map(RequestId),
        limit,
    }
}

#[tokio::test]
async fn lines_are_paged_both_ways() {
    let place = logged(20).await;
    assert_eq!(
        ids(&place, listing(None, None, 3), "").await,
        (vec![20, 19, 18], true)
    );
    assert_eq!(
        ids(&place, listing(Some(3), None, 3), "").await,
        (vec![2, 1], false)
    );
    assert_eq!(
        ids(&place, listing(None, Some(4), 3), "").await,
        (vec![7, 6, 5], true)
    );
    assert_eq!(
        ids(&place, listing(Some(7), Some(4), 5), "").await,
        (vec![6, 5], false)
    );
}

#[tokio::test]
async fn an_exchange_comes_back_as_it_was_given() {
    let place = logged(20).await;
    let found = place.store.request(RequestId(3)).await.expect("read");
    assert_eq!(found, Some(exchange(3, |_| {})));
    assert_eq!(
        place.store.request(RequestId(99)).await.expect("read"),
        None
    );
}

#[tokio::test]
async fn rates_failures_connections_and_latencies() {
    let place = logged(20).await;
    let now = at(20);
    for buckets in [2, 2_000] {
        let rates = place
            .store
            .request_rates(now, 10, buckets)
            .await
            .expect("read");
        let newest: Vec<_> = rates
            .iter()
            .rev()
            .take(2)
            .map(|bucket| (bucket.requests, bucket.failures))
            .collect();
        assert_eq!(newest, [(10, 2), (10, 2)], "{buckets}");
    }
    let failures = place.store.failures(at(10)).await.expect("read");
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].code, "DUP_USER");
    assert_eq!(failures[0].count, 3);
    assert_eq!(failures[0].last, RequestId(20));

    let connections = place.store.connections(at(11)).await.expect("read");
    let told: Vec<_> = connections
        .iter()
        .map(|row| (row.token.as_str(), row.requests, row.failures))
        .collect();
    assert_eq!(told, [("entra", 5, 1), ("okta-1", 5, 1)]);
    assert_eq!(connections[0].last_success, Some(at(18)));
    assert_eq!(connections[0].last_push, None);
    assert_eq!(place.store.latencies().await.expect("read"), (1_010, 1_019));
}

#[tokio::test]
async fn pruning_removes_the_oldest_and_keeps_count() {
    let place = logged(20).await;
    let nothing = place
        .store
        .prune_log(Timestamp::UNIX_EPOCH, 20)
        .await
        .expect("pruned");
    assert_eq!(nothing, 0);
    let by_age = place.store.prune_log(at(6), 100).await.expect("pruned");
    assert_eq!(by_age, 5);
    let by_count = place.store.prune_log(at(0), 10).await.expect("pruned");
    assert_eq!(by_count, 5);
    let page = place
        .store
        .requests(
            &listing(None, None, 100),
            &RequestQuery::default(),
            at(1_000),
        )
        .await
        .expect("read");
    assert_eq!(page.log_total, 10);
    assert_eq!(page.items.last().map(|row| row.id), Some(RequestId(11)));
    assert_eq!(
        place.store.last_request_id().await.expect("read"),
        RequestId(20)
    );
    place.is_sound().await;
}

#[tokio::test]
async fn many_at_once_are_all_kept() {
    let place = Place::new();
    let tasks: Vec<_> = (0..8_u64)
        .map(|task| {
            let store = std::sync::Arc::clone(&place.store);
            tokio::spawn(async move {
                for n in 0..200 {
                    let id = task * 200 + n + 1;
                    store.log(exchange(id, |_| {})).await.expect("logged");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    place.store.flush().await.expect("flushed");
    let page = place
        .store
        .requests(&listing(None, None, 1), &RequestQuery::default(), at(1_000))
        .await
        .expect("read");
    assert_eq!(page.log_total, 1_600);
    place.is_sound().await;
}
