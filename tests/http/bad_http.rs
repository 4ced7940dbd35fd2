//! What no client of ours would send.

use std::time::Duration;

use rstest::rstest;

use crate::harness::{Edge, SCIM_TOKEN};

#[tokio::test]
async fn slow_loris_is_cut_off_answered_and_logged() {
    let edge = Edge::with_limits(|limits| limits.header_timeout = Duration::from_millis(50)).await;
    let mut raw = edge.connect().await;
    raw.send("GET /scim/v2/Users HTTP/1.1\r\nhost: x\r\nx-a: ")
        .await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let log = edge.store.log_of(1).await;
    assert_eq!(log[0].row.status, 408);
    assert_eq!(log[0].peer.as_deref(), Some("127.0.0.1"));
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_a_word() {
    let edge = Edge::with_limits(|limits| {
        limits.idle_timeout = Duration::from_millis(50);
    })
    .await;
    let raw = edge.connect().await;
    assert_eq!(raw.rest().await, "");
    let mut raw = edge.connect().await;
    raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(edge.store.log().is_empty());
}

#[rstest]
#[case::too_many((0..200).map(|n| format!("x-{n}: y\r\n")).collect::<String>())]
#[case::too_large(format!("x-a: {}\r\n", "y".repeat(40_000)))]
#[tokio::test]
async fn oversized_heads_are_refused(#[case] headers: String) {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send(format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n"))
        .await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(edge.store.log_of(1).await[0].row.status, 431);
}

#[rstest]
#[case::nonsense("hello\r\n\r\n", "not HTTP/1.1")]
#[case::no_version("GET /\r\n\r\n", "not HTTP/1.1")]
#[case::bad_header("GET / HTTP/1.1\r\nhost x\r\n\r\n", "not HTTP/1.1")]
#[case::http2("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2")]
#[case::tls("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "speaks TLS")]
#[tokio::test]
async fn what_is_no_http_is_refused_and_logged(#[case] bytes: &str, #[case] why: &str) {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send(bytes).await;
    raw.rest().await;
    let log = edge.store.log_of(1).await;
    assert_eq!(log[0].row.status, 400);
    let detail = log[0].detail.as_deref().unwrap();
    assert!(detail.contains(why), "{detail}");
}

#[tokio::test]
async fn conflicting_lengths_are_refused() {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send(format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"
    ))
    .await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn a_client_that_goes_away_before_it_asks_is_not_logged() {
    let edge = Edge::new().await;
    drop(edge.connect().await);
    let mut raw = edge.connect().await;
    raw.send("GET /scim").await;
    drop(raw);
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    edge.logged(&response);
    assert_eq!(edge.store.log().len(), 1);
}

#[tokio::test]
async fn requests_in_a_row_on_one_connection_are_each_answered() {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".repeat(3))
        .await;
    raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    let answers = raw.rest().await;
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 4);
}
