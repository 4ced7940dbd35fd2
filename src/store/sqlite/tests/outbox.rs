//! What a unit tells others goes along with what it changes.

use super::*;
use crate::scim::ResourceKind;
use crate::scim::events::{Event, EventSubject};
use crate::store::{AcceptedRequest, FinishedRequest, Outbox};

/// A second execution, after a kill or of another engine, changes nothing.
#[tokio::test]
async fn an_accepted_request_is_executed_once() {
    let place = Place::new();
    let accepted = Outbox {
        accepted: Some(AcceptedRequest {
            txn: "t1".into(),
            client: "okta".into(),
            at: at(1),
            call: "{}".into(),
        }),
        ..Outbox::default()
    };
    let execution = |number| CommitUnit {
        outbox: Outbox {
            txn: "t1".into(),
            finished: Some(FinishedRequest {
                txn: "t1".into(),
                event: Event {
                    subject: EventSubject {
                        resource: ResourceKind::User,
                        id: None,
                        external_id: None,
                    },
                    occurrences: Vec::new(),
                },
                part_of: None,
            }),
            ..Outbox::default()
        },
        ..unit(vec![created(&member(number))])
    };
    let accepted = CommitUnit {
        outbox: accepted,
        ..unit(Vec::new())
    };
    place.store.commit(accepted).await.expect("accepted");
    let results = [
        place.store.commit(execution(1)).await,
        place.store.commit(execution(2)).await,
    ];
    assert!(
        matches!(results, [Ok(_), Err(StoreError::Stale { .. })]),
        "{results:?}"
    );
    assert_eq!(place.store.count_members().await.expect("counts").0, 1);
    place.is_sound().await;
}
