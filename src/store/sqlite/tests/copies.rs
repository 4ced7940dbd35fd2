//! A copy holds what was committed, and the original stays as it is.

use rstest::rstest;

use super::{Place, member};
use crate::store::sqlite::{OpenOptions, Source, copy, open};

#[rstest]
#[case::in_use(Source::InUse)]
#[case::at_rest(Source::AtRest)]
#[tokio::test]
async fn a_copy_holds_what_was_committed(#[case] source: Source) {
    let place = Place::new();
    let ada = member(1);
    place.create([&ada]).await;
    let to = place.directory.path().join("copy").join("provost.db");
    std::fs::create_dir(to.parent().unwrap()).unwrap();
    // At rest or not: what is in the write-ahead log alone comes along.
    copy(&place.path(), &to, source).unwrap();
    let store = open(&to, OpenOptions::default()).unwrap();
    assert_eq!(store.member(ada.id, false).await.unwrap(), Some(ada));
    assert!(store.check().await.unwrap().is_empty());
    store.close().await.unwrap();
    place.is_sound().await;
}

#[rstest]
fn what_is_not_there_is_not_copied(#[values(Source::InUse, Source::AtRest)] source: Source) {
    let directory = tempfile::tempdir().unwrap();
    let [from, to] = ["provost.db", "copy.db"].map(|name| directory.path().join(name));
    copy(&from, &to, source).unwrap_err();
    assert!(!from.exists() && !to.exists());
}
