//! Stopping: what is under way comes to its end, and nothing else begins.

use std::time::Duration;

use provost::server::Stopped;

use crate::fake_store::Mood;
use crate::harness::{Edge, PATIENCE, SCIM_TOKEN, settings};

#[tokio::test]
async fn what_is_under_way_is_answered_before_the_end() {
    let edge =
        Edge::with_limits(|limits| limits.request_timeout = Duration::from_millis(200)).await;
    edge.set_mood(Mood::Hangs);
    let mut raw = edge.connect().await;
    raw.send(format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 2\r\n\r\n"
    ))
    .await;
    edge.store.was_asked().await;
    let stopping = tokio::spawn(edge.server.stop(PATIENCE));
    raw.send("{}").await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(stopping.await.unwrap(), Stopped::Drained);
}

#[tokio::test]
async fn idle_connections_do_not_hold_it_up() {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    raw.head().await;
    let silent = edge.connect().await;
    edge.request("GET", "/healthz").send().await.unwrap();
    assert_eq!(edge.server.stop(PATIENCE).await, Stopped::Drained);
    assert_eq!(silent.rest().await, "");
}

#[tokio::test]
async fn what_does_not_end_is_cut_off_at_the_deadline() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::Hangs);
    let mut raw = edge.connect().await;
    raw.send(format!(
        "GET /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\r\n"
    ))
    .await;
    edge.store.was_asked().await;
    let stopped = edge.server.stop(Duration::from_millis(100)).await;
    assert!(matches!(stopped, Stopped::Cut(_)), "{stopped:?}");
    assert_eq!(raw.rest().await, "");
}

#[tokio::test]
async fn the_address_is_free_afterwards_and_the_socket_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings();
    settings.unix_socket = Some(dir.path().join("provost.sock"));
    let edge = Edge::with(settings.clone()).await;
    settings.listen = edge.server.local_addr();
    assert!(dir.path().join("provost.sock").exists());
    edge.server.stop(PATIENCE).await;
    assert!(!dir.path().join("provost.sock").exists());
    let again = Edge::with(settings).await;
    let response = again.request("GET", "/healthz").send().await.unwrap();
    assert_eq!(response.status(), 200);
}
