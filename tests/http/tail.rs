//! The live tail over HTTP.

use futures::StreamExt as _;
use provost::admin::types::TailEvent;
use provost::admin::{AdminErrorKind, AdminRead, HttpAdmin, TailStream};
use provost::secret::Secret;

use crate::harness::{ADMIN_TOKEN, Edge, PATIENCE};

fn admin(edge: &Edge) -> HttpAdmin {
    HttpAdmin::url(&edge.url, Secret::new(ADMIN_TOKEN.into())).unwrap()
}

async fn next(tail: &mut TailStream) -> Result<TailEvent, provost::admin::AdminError> {
    tokio::time::timeout(PATIENCE, tail.next())
        .await
        .expect("something came")
        .expect("the tail goes on")
}

#[tokio::test]
async fn each_request_comes_as_it_is_logged() {
    let edge = Edge::new().await;
    let mut tail = admin(&edge).tail(String::new()).await.unwrap();
    for path in ["/scim/v2/Users", "/nowhere"] {
        let response = edge.scim("GET", path).send().await.unwrap();
        let row = Box::new(edge.logged(&response).row);
        assert_eq!(next(&mut tail).await, Ok(TailEvent::Request { row }));
    }
}

#[tokio::test]
async fn only_what_matches_comes() {
    let edge = Edge::new().await;
    let mut tail = admin(&edge).tail("status:404".into()).await.unwrap();
    edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    let response = edge.scim("GET", "/nowhere").send().await.unwrap();
    let row = Box::new(edge.logged(&response).row);
    assert_eq!(next(&mut tail).await, Ok(TailEvent::Request { row }));
}

#[tokio::test]
async fn a_query_that_is_none_is_refused_at_once() {
    let edge = Edge::new().await;
    let refused = admin(&edge).tail("status:".into()).await.map(drop);
    assert_eq!(refused.unwrap_err().kind, AdminErrorKind::Invalid);
}

#[tokio::test]
async fn the_end_of_the_engine_is_the_last_thing_told() {
    let edge = Edge::new().await;
    let mut tail = admin(&edge).tail(String::new()).await.unwrap();
    edge.server.stop(PATIENCE).await;
    let error = next(&mut tail).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Unreachable);
    assert!(tail.next().await.is_none());
}

#[tokio::test]
async fn there_is_room_for_so_many_and_no_more() {
    let edge = Edge::with_limits(|limits| limits.streams = 1).await;
    let first = admin(&edge).tail(String::new()).await.unwrap();
    let refused = admin(&edge).tail(String::new()).await.map(drop);
    assert_eq!(refused.unwrap_err().kind, AdminErrorKind::Unavailable);
    drop(first);
    let again = async {
        while admin(&edge).tail(String::new()).await.is_err() {
            // The place is free once the server has seen the first one go, which it does when it next writes.
            edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, again)
        .await
        .expect("the place became free");
}
