//! Opening: new, again, in use, foreign, damaged, newer.

use std::path::Path;
use std::sync::Arc;

use rstest::rstest;

use super::{Place, created, exchange, member, unit};
use crate::directory::RequestId;
use crate::store::sqlite::{OpenOptions, open};
use crate::store::{Store, StoreError};

fn reopen(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    open(path, OpenOptions::default())
}

#[tokio::test]
async fn everything_is_there_again_after_closing() {
    let place = Place::new();
    place.create([&member(1)]).await;
    for id in [5, 3] {
        place.store.log(exchange(id, |_| {})).await.expect("logged");
    }
    let (p50, p95) = {
        place.store.flush().await.expect("flushed");
        place.store.latencies().await.expect("read")
    };
    place.store.close().await.expect("closed");
    place.store.close().await.expect("closed already");

    let store = reopen(&place.path()).expect("opens");
    assert_eq!(store.count_members().await.expect("read"), (1, 1));
    assert_eq!(store.last_request_id().await.expect("read"), RequestId(5));
    assert_eq!(store.latencies().await.expect("read"), (p50, p95));
    let connections = store.connections(super::at(0)).await.expect("read");
    assert_eq!(connections.len(), 1);
    assert_eq!(connections[0].requests, 2);
    store.close().await.expect("closed");
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let place = Place::new();
    place.store.close().await.expect("closed");
    let commit = place.store.commit(unit(vec![created(&member(1))])).await;
    assert!(matches!(commit, Err(StoreError::Closed)));
    let read = place.store.count_members().await;
    assert!(matches!(read, Err(StoreError::Closed)));
    let log = place.store.log(exchange(1, |_| {})).await;
    assert!(matches!(log, Err(StoreError::Closed)));
}

#[tokio::test]
async fn two_engines_never_own_one_database() {
    let place = Place::new();
    let Err(error) = reopen(&place.path()) else {
        panic!("opened twice");
    };
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    place.store.close().await.expect("closed");
    reopen(&place.path()).expect("free now");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.create([&member(1)]).await;
    for entry in std::fs::read_dir(place.directory.path()).expect("listed") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[rstest]
#[case::text(b"organisation = acme\n".to_vec(), "text file")]
#[case::cut(b"SQLite format 3\0".to_vec(), "")]
#[case::noise([b"SQLite format 3\0".to_vec(), vec![0xAB; 9_000]].concat(), "")]
#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_kept(
    #[case] content: Vec<u8>,
    #[case] named: &str,
) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("provost.db");
    std::fs::write(&path, &content).expect("written");
    let Err(error) = reopen(&path) else {
        panic!("opened");
    };
    match error {
        StoreError::Corrupt { reason, .. } => assert!(reason.contains(named), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(std::fs::read(&path).expect("read"), content);
}

#[tokio::test]
async fn a_newer_database_is_refused_and_kept() {
    let place = Place::new();
    place.store.close().await.expect("closed");
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    connection
        .pragma_update(None, "user_version", 99)
        .expect("set");
    drop(connection);
    let before = std::fs::read(place.path()).expect("read");
    let Err(error) = reopen(&place.path()) else {
        panic!("opened");
    };
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
    assert_eq!(std::fs::read(place.path()).expect("read"), before);
}

#[tokio::test]
async fn a_damaged_page_is_found() {
    let place = Place::new();
    place
        .create(&(1..=200).map(member).collect::<Vec<_>>())
        .await;
    place.store.close().await.expect("closed");
    let mut bytes = std::fs::read(place.path()).expect("read");
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 4_096].fill(0x5A);
    std::fs::write(place.path(), bytes).expect("written");
    match reopen(&place.path()) {
        Err(error) => assert!(matches!(error, StoreError::Corrupt { .. }), "{error}"),
        Ok(store) => match store.check().await {
            Ok(findings) => assert_ne!(findings, Vec::<String>::new()),
            Err(error) => assert!(matches!(error, StoreError::Corrupt { .. }), "{error}"),
        },
    }
}

#[tokio::test]
async fn an_altered_audit_row_breaks_the_chain() {
    let place = Place::new();
    for n in 1..=3 {
        place.create([&member(n)]).await;
    }
    place.is_sound().await;
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    connection
        .execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2", [])
        .expect("altered");
    let findings = place.store.check().await.expect("checked");
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("audit row 2"), "{findings:?}");
}
