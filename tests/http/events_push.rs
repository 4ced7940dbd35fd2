//! What changed, as those hear it who are pushed to.

use std::time::Duration;

use futures::StreamExt as _;
use provost::admin::streams::{Delivery, NewStream, Resume, StreamState};
use provost::admin::types::{RequestListing, TailEvent};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::json;

use crate::events_receiver::{Receiver, Says, kinds, payload, stream, verified};
use crate::harness::PATIENCE;
use crate::real::Real;

const SECRET: &str = "Bearer push-secret-9d81";

async fn impatient() -> Real {
    Real::with_limits(|limits| {
        limits.events.first_pause = Duration::from_millis(1);
        limits.events.longest_pause = Duration::from_millis(2);
        limits.events.attempts = 3;
    })
    .await
}

fn to(receiver: &Receiver) -> NewStream {
    NewStream {
        authorization: Some(SECRET.into()),
        ..stream(
            "siem",
            Delivery::Push {
                endpoint: receiver.url.clone(),
            },
        )
    }
}

async fn create(real: &Real, name: &str) {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name
    });
    let answer = real.ask("POST", "/Users", Some(user)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

/// The name a pushed event tells.
async fn told(real: &Real, token: &str) -> String {
    let claims = verified(real, token).await;
    let name = &payload(&claims, "prov:create:full")["data"]["userName"];
    name.as_str().unwrap().to_owned()
}

/// Waits for a line of the log.
async fn logged(real: &Real, query: &str, act: impl Future<Output = ()>) -> TailEvent {
    let mut tail = real.local.tail(query.into()).await.unwrap();
    act.await;
    tokio::time::timeout(PATIENCE, tail.next())
        .await
        .expect("it is logged")
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn events_arrive_in_order_with_the_header_that_was_given() {
    let real = Real::new().await;
    let receiver = Receiver::new([]).await;
    real.local.create_stream(to(&receiver)).await.unwrap();
    for name in ["a", "b", "c"] {
        create(&real, name).await;
    }
    let got = receiver.got(3).await;
    let mut names = Vec::new();
    for push in &got {
        assert_eq!(push.content_type, "application/secevent+jwt");
        assert_eq!(push.accept, "application/json");
        assert_eq!(push.authorization.as_deref(), Some(SECRET));
        let claims = verified(&real, &push.token).await;
        assert_eq!(kinds(&claims), ["prov:create:full"]);
        assert_eq!(claims["aud"], json!([receiver.url]));
        names.push(told(&real, &push.token).await);
    }
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn what_did_not_arrive_is_sent_again_under_the_same_id_and_nothing_passes_it() {
    let real = impatient().await;
    let receiver = Receiver::new([Says::Status(503), Says::Status(500)]).await;
    real.local.create_stream(to(&receiver)).await.unwrap();
    create(&real, "a").await;
    create(&real, "b").await;
    let got = receiver.got(4).await;
    let mut names = Vec::new();
    let mut ids = Vec::new();
    for push in &got {
        names.push(told(&real, &push.token).await);
        ids.push(verified(&real, &push.token).await["jti"].clone());
    }
    assert_eq!(names, ["a", "a", "a", "b"]);
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3]);
}

#[rstest]
#[case::down(Says::Status(503), "STREAM_UNREACHABLE", "503")]
#[case::redirect(Says::Redirect("http://127.0.0.1:9/".into()), "STREAM_UNREACHABLE", "redirects are not followed")]
#[case::refuses(
    Says::Error("authentication_failed"),
    "STREAM_REFUSED",
    "the recipient says so"
)]
#[tokio::test]
async fn a_dead_stream_is_stopped_and_loses_nothing(
    #[case] says: Says,
    #[case] code: &str,
    #[case] reason: &str,
) {
    let real = impatient().await;
    let receiver = Receiver::new([]).await;
    receiver.says_from_now_on(says);
    let made = real.local.create_stream(to(&receiver)).await.unwrap();
    let id = made.stream.row.stream.id;
    logged(&real, &format!("code:{code}"), create(&real, "a")).await;
    create(&real, "b").await;
    let row = real.local.streams().await.unwrap().remove(0).row;
    let StreamState::Stopped {
        code: found,
        reason: why,
    } = &row.stream.state
    else {
        panic!("{:?}", row.stream.state);
    };
    assert_eq!(found, code);
    assert!(why.contains(reason), "{why}");
    assert_eq!(row.pending, 2);
    assert!(row.last_error.unwrap().contains(reason));
    let before = receiver.got(3).await.len();
    assert_eq!(before, 3, "so many attempts and no more");

    receiver.says_from_now_on(Says::Status(202));
    real.local
        .resume_stream(id, Resume::default())
        .await
        .unwrap();
    let got = receiver.got(5).await;
    assert_eq!(told(&real, &got[3].token).await, "a");
    assert_eq!(told(&real, &got[4].token).await, "b");
}

#[tokio::test]
async fn an_event_that_cannot_be_read_does_not_hold_up_the_others() {
    let real = impatient().await;
    let receiver = Receiver::new([Says::Error("invalid_request")]).await;
    real.local.create_stream(to(&receiver)).await.unwrap();
    logged(&real, "code:EVENT_REFUSED", create(&real, "a")).await;
    create(&real, "b").await;
    let got = receiver.got(2).await;
    assert_eq!(told(&real, &got[1].token).await, "b");
    let row = real.local.streams().await.unwrap().remove(0).row;
    assert_eq!(row.refused, 1);
    assert_eq!(row.stream.state, StreamState::Running);
}

#[tokio::test]
async fn the_header_is_in_no_log_list_or_audit() {
    let real = impatient().await;
    let receiver = Receiver::new([]).await;
    receiver.says_from_now_on(Says::Status(401));
    logged(&real, "code:STREAM_UNREACHABLE", async {
        real.local.create_stream(to(&receiver)).await.unwrap();
        create(&real, "a").await;
    })
    .await;
    let listed = serde_json::to_string(&real.local.streams().await.unwrap()).unwrap();
    assert!(listed.contains("\"has_authorization\":true"));
    assert!(!listed.contains("push-secret"));
    let listing = RequestListing {
        limit: 100,
        ..RequestListing::default()
    };
    for row in real.local.requests(listing).await.unwrap().items {
        let exchange = real.local.request(row.id).await.unwrap();
        assert!(
            !serde_json::to_string(&exchange)
                .unwrap()
                .contains("push-secret")
        );
    }
}

#[rstest]
#[case("http://receiver.example.com/", "over TLS")]
#[case("ftp://receiver.example.com/", "https://")]
#[case("https://u:p@receiver.example.com/", "user or a password")]
#[tokio::test]
async fn an_endpoint_that_would_tell_strangers_is_refused(
    #[case] endpoint: &str,
    #[case] why: &str,
) {
    let real = Real::new().await;
    let push = Delivery::Push {
        endpoint: endpoint.into(),
    };
    let Err(refused) = real.local.create_stream(stream("x", push)).await else {
        panic!("taken");
    };
    assert_eq!(refused.kind, AdminErrorKind::Invalid);
    assert!(refused.detail.contains(why), "{}", refused.detail);
    assert!(real.local.streams().await.unwrap().is_empty());
}
