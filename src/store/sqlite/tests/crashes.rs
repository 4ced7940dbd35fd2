//! What was acknowledged survives, whatever becomes of the process; what was not is there whole or not at all.

use std::path::Path;

use super::{Place, created, exchange, joined, member, team, team_created, unit};
use crate::directory::RequestId;
use crate::store::sqlite::{OpenOptions, open};

/// A store that does not write its log back meanwhile: copying two files takes two moments, and only one of them may
/// change in between.
fn place() -> Place {
    Place::with(OpenOptions {
        checkpoint_pause: std::time::Duration::from_hours(1),
        ..OpenOptions::default()
    })
}

/// The files as a process that is killed now would leave them.
fn snapshot(place: &Place, into: &Path) {
    for suffix in ["", "-wal"] {
        let name = format!("provost.db{suffix}");
        std::fs::copy(place.directory.path().join(&name), into.join(&name)).expect("copied");
    }
}

#[tokio::test]
async fn a_killed_process_loses_nothing_it_acknowledged() {
    let place = place();
    let staff = team(1);
    place
        .commit(vec![team_created(&staff)])
        .await
        .expect("made");
    let mut last = 0;
    for round in 0..5_u32 {
        for n in 0..20 {
            let one = member(round * 20 + n);
            let mut whole = unit(vec![created(&one), joined(&staff, &one)]);
            last += 1;
            whole.exchange = Some(exchange(last, |_| {}));
            place.store.commit(whole).await.expect("committed");
        }
        let elsewhere = tempfile::tempdir().expect("a directory");
        snapshot(&place, elsewhere.path());
        let store = open(&elsewhere.path().join("provost.db"), OpenOptions::default())
            .expect("opens after a crash");
        let members = u64::from(round + 1) * 20;
        assert_eq!(
            store.count_members().await.expect("read"),
            (members, members)
        );
        assert_eq!(store.team_size(staff.id).await.expect("read"), members);
        assert_eq!(
            store.last_request_id().await.expect("read"),
            RequestId(last)
        );
        assert_eq!(store.check().await.expect("checked"), Vec::<String>::new());
        store.close().await.expect("closed");
    }
}

#[tokio::test]
async fn a_log_cut_anywhere_gives_whole_units_or_none() {
    let place = place();
    let staff = team(1);
    place
        .commit(vec![team_created(&staff)])
        .await
        .expect("made");
    for n in 0..30 {
        let one = member(n);
        let mut whole = unit(vec![created(&one), joined(&staff, &one)]);
        whole.exchange = Some(exchange(u64::from(n) + 1, |_| {}));
        place.store.commit(whole).await.expect("committed");
    }
    let elsewhere = tempfile::tempdir().expect("a directory");
    let length = std::fs::metadata(place.directory.path().join("provost.db-wal"))
        .expect("a log")
        .len();
    for part in 0..12 {
        snapshot(&place, elsewhere.path());
        let wal = std::fs::OpenOptions::new()
            .write(true)
            .open(elsewhere.path().join("provost.db-wal"))
            .expect("opened");
        // Not at the border of a page or a frame, as a crash would have it.
        wal.set_len((length * part / 12).saturating_sub(part * 7 % 4_096))
            .expect("cut");
        let _ = std::fs::remove_file(elsewhere.path().join("provost.db-shm"));
        let store = open(&elsewhere.path().join("provost.db"), OpenOptions::default())
            .expect("opens after a crash");
        assert_eq!(store.check().await.expect("checked"), Vec::<String>::new());
        let (members, _) = store.count_members().await.expect("read");
        let audit = store.last_changes(1).await.expect("read");
        let audited = audit.first().map_or(0, |row| row.seq);
        assert!(audited == 0 || audited == 1 + members * 2);
        assert_eq!(store.last_request_id().await.expect("read").0, members);
        store.close().await.expect("closed");
    }
}

#[tokio::test]
async fn a_store_that_is_dropped_finishes_what_was_queued() {
    let place = Place::new();
    place
        .store
        .log(exchange(1, |_| {}))
        .await
        .expect("in the queue");
    let Place { directory, store } = place;
    drop(store);
    let path = directory.path().join("provost.db");
    // The threads of the dropped store end on their own.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let store = open(&path, OpenOptions::default()).expect("opens");
        let last = store.last_request_id().await.expect("read");
        store.close().await.expect("closed");
        if last == RequestId(1) {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "never written");
        tokio::task::yield_now().await;
    }
}
