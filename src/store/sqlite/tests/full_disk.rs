//! A full disk (here: a full quota) is an answer, not an end.

use super::{Place, created, exchange, member, unit};
use crate::store::sqlite::OpenOptions;
use crate::store::{Committed, StoreError};

fn quota(bytes: u64) -> OpenOptions {
    OpenOptions {
        quota_bytes: Some(bytes),
        log_queue: 16,
        ..OpenOptions::default()
    }
}

/// Creates members until the quota is full; the number of the first one that did not fit.
async fn fill(place: &Place) -> u32 {
    for n in 0..10_000 {
        let mut whole = unit(vec![created(&member(n))]);
        whole.exchange = Some(exchange(u64::from(n) + 1, |_| {}));
        match place.store.commit(whole).await {
            Ok(Committed { .. }) => {}
            Err(StoreError::Full { .. }) => return n,
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the quota is never full");
}

#[tokio::test]
async fn nothing_changes_and_reads_go_on() {
    let place = Place::with(quota(1 << 20));
    let full_at = fill(&place).await;
    assert!(full_at > 10, "room for some: {full_at}");
    let count = u64::from(full_at);
    assert_eq!(
        place.store.count_members().await.expect("read"),
        (count, count)
    );
    let left_out = place
        .store
        .member(member(full_at).id, true)
        .await
        .expect("read");
    assert_eq!(left_out, None);
    let findings = place.store.check().await.expect("checked");
    assert_eq!(findings, Vec::<String>::new());
}

#[tokio::test]
async fn writes_go_on_once_there_is_room() {
    let place = Place::with(quota(1 << 20));
    let full_at = fill(&place).await;
    // The log gives way: pages of removed lines are free again.
    let mut pruned = 0;
    loop {
        let removed = place
            .store
            .prune_log(super::at(100_000), 0)
            .await
            .expect("pruned");
        pruned += removed;
        if removed == 0 {
            break;
        }
    }
    assert_eq!(pruned, u64::from(full_at));
    place.create([&member(full_at)]).await;
    place.is_sound().await;
}

#[tokio::test]
async fn log_lines_are_refused_without_waiting_while_the_disk_is_full() {
    let place = Place::with(quota(1 << 20));
    fill(&place).await;
    let long = "x".repeat(100_000);
    let mut refused = false;
    for id in 100_000..100_100 {
        let mut line = exchange(id, |_| {});
        line.request.body = Some(long.clone());
        match place.store.log(line).await {
            Ok(()) => {
                let flushed = place.store.flush().await;
                assert!(
                    matches!(flushed, Err(StoreError::Full { .. })),
                    "{flushed:?}"
                );
            }
            Err(StoreError::Full { .. }) => {
                refused = true;
                break;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(refused);
}
