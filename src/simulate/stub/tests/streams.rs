//! Traffic: it mixes both providers, makes mistakes early and often, and outlives a server that fails.

use std::collections::HashSet;

use axum::http::Method;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::secret::Secret;
use crate::simulate::seed::{Seeding, seed_directory};
use crate::simulate::stub::{Flaw, Seen, Stub};
use crate::simulate::traffic::{Pace, Traffic, TrafficTotals};
use crate::simulate::{Target, Targets};

/// Runs traffic until the stub has answered `requests` requests in all.
async fn flow(stub: &Stub, traffic: Traffic, requests: usize) -> TrafficTotals {
    let stop = CancellationToken::new();
    let running = tokio::spawn(traffic.run(stop.clone()));
    stub.wait_for(requests).await;
    stop.cancel();
    running.await.unwrap()
}

#[tokio::test]
async fn traffic_over_a_seeded_server_does_everything_and_is_answered_as_expected() {
    let stub = Stub::start(None).await;
    let seeding = Seeding {
        members: 120,
        teams: 9,
        seed: 2,
    };
    let seeded = seed_directory(&stub.targets, seeding, |_| {})
        .await
        .unwrap();
    let before = stub.seen().len();
    let traffic = Traffic::over(&stub.targets, seeded, Pace::breathless(), 3).unwrap();
    let totals = flow(&stub, traffic, before + 1500).await;
    assert_eq!(
        (totals.unexpected, totals.unreachable),
        (0, 0),
        "{totals:?}"
    );
    let seen: Vec<Seen> = stub.seen().split_off(before);
    let agents: HashSet<&str> = seen
        .iter()
        .map(|one| one.headers["user-agent"].as_str())
        .collect();
    assert_eq!(agents.len(), 2);
    let methods: HashSet<&Method> = seen.iter().map(|one| &one.method).collect();
    assert_eq!(methods.len(), 5, "{methods:?}");
    let failures: HashSet<u16> = seen
        .iter()
        .map(|one| one.status)
        .filter(|status| *status >= 400)
        .collect();
    for status in [400, 401, 404, 409] {
        assert!(failures.contains(&status), "no {status} in {failures:?}");
    }
    assert!(!failures.contains(&500));
}

/// At about two requests a second, twenty requests are the first ten seconds.
#[tokio::test]
async fn failures_appear_at_once_and_regularly() {
    for seed in 0..10 {
        let stub = Stub::start(None).await;
        let traffic = Traffic::new(&stub.targets, Pace::breathless(), seed).unwrap();
        let totals = flow(&stub, traffic, 400).await;
        assert_eq!(totals.unexpected, 0, "{totals:?}");
        let seen = stub.seen();
        for (nth, ten_seconds) in seen.chunks(60).take(6).enumerate() {
            assert!(
                ten_seconds.iter().any(|one| one.status >= 400),
                "seed {seed}: no failure in stretch {nth}"
            );
        }
        let first = seen.iter().position(|one| one.status >= 400);
        assert!(
            first.is_some_and(|first| first < 20),
            "seed {seed}: {first:?}"
        );
    }
}

#[tokio::test]
async fn traffic_waits_for_a_server_that_is_down_and_goes_on() {
    let stub = Stub::start_with(None, None, 40).await;
    let traffic = Traffic::new(&stub.targets, Pace::breathless(), 1).unwrap();
    let totals = flow(&stub, traffic, 200).await;
    // Nothing but the 40 failures themselves went wrong, and the stream came back to its people.
    assert_eq!(
        (totals.unexpected, totals.unreachable),
        (40, 0),
        "{totals:?}"
    );
    assert!(!stub.users().is_empty());
}

#[tokio::test]
async fn traffic_outlives_a_server_that_breaks_every_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/scim/v2", listener.local_addr().unwrap());
    let (tried, thrice) = oneshot::channel();
    tokio::spawn(async move {
        for _ in 0..3 {
            drop(listener.accept().await.unwrap());
        }
        tried.send(()).unwrap();
        loop {
            drop(listener.accept().await.unwrap());
        }
    });
    let target = Target::new(&url, Secret::new("t".into())).unwrap();
    let traffic = Traffic::new(&Targets::single(target), Pace::breathless(), 1).unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn(traffic.run(stop.clone()));
    thrice.await.unwrap();
    stop.cancel();
    let totals = running.await.unwrap();
    assert_eq!(totals.requests, 0);
    assert!(totals.unreachable >= 1, "{totals:?}");
}

#[tokio::test]
async fn traffic_forgets_what_a_broken_server_never_stored() {
    let stub = Stub::start(Some(Flaw::EmptyCreate)).await;
    let traffic = Traffic::new(&stub.targets, Pace::breathless(), 4).unwrap();
    let totals = flow(&stub, traffic, 150).await;
    assert!(totals.unexpected > 0, "{totals:?}");
    // A create that came back empty is found by the next look-up and goes on from there.
    let taken_over = |one: &Seen| one.method == Method::PUT && one.status == 200;
    assert!(stub.seen().iter().any(taken_over));
}
