//! What may be sent.

use rstest::rstest;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::harness::{Edge, PATIENCE, SCIM_TOKEN, scim_error};

fn user() -> String {
    r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}"#.into()
}

#[rstest]
#[case::scim("application/scim+json")]
#[case::json("application/json")]
#[case::charset("application/scim+json; charset=utf-8")]
#[tokio::test]
async fn json_is_read(#[case] content_type: &str) {
    let edge = Edge::new().await;
    let request = edge.scim("POST", "/scim/v2/Users").body("{");
    let response = request
        .header("content-type", content_type)
        .send()
        .await
        .unwrap();
    // The engine has seen it, and seen that it is not JSON.
    assert_eq!(response.status(), 400);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.status, 400);
    assert_eq!(logged.request.body_bytes, 1);
    scim_error(response).await;
}

#[tokio::test]
async fn a_missing_content_type_is_tolerated_and_noted() {
    let edge = Edge::new().await;
    let request = edge.scim("POST", "/scim/v2/Users").body("{");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let logged = edge.logged(&response);
    assert!(
        logged
            .trace
            .iter()
            .any(|step| step.what.starts_with("missing-content-type: "))
    );
}

#[rstest]
#[case::html("content-type", "text/html")]
#[case::form("content-type", "application/x-www-form-urlencoded")]
#[case::compressed("content-encoding", "gzip")]
#[tokio::test]
async fn other_kinds_are_not(#[case] name: &str, #[case] value: &str) {
    let edge = Edge::new().await;
    let request = edge.scim("PUT", "/scim/v2/Users/7").body(user());
    let response = request.header(name, value).send().await.unwrap();
    assert_eq!(response.status(), 415);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.status, 415);
    assert_eq!(logged.request.body, None);
    assert!(scim_error(response).await.contains(value));
}

#[tokio::test]
async fn a_body_over_the_limit_is_cut_off_and_not_kept() {
    let edge = Edge::with_limits(|limits| limits.body_bytes = 1_000).await;
    let request = edge.scim("POST", "/scim/v2/Users");
    let response = request.body(vec![b' '; 1_001]).send().await.unwrap();
    assert_eq!(response.status(), 413);
    let logged = edge.logged(&response);
    assert_eq!(logged.request.body, None);
    assert_eq!(logged.request.body_bytes, 1_001);
    assert!(scim_error(response).await.contains("1000 bytes"));
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_however_it_is_cut() {
    let edge = Edge::with_limits(|limits| limits.body_bytes = 1_000).await;
    let pieces = futures::stream::iter((0..10).map(|_| Ok::<_, std::io::Error>(vec![b' '; 100])));
    let request = edge.scim("POST", "/scim/v2/Users");
    let response = request
        .body(reqwest::Body::wrap_stream(pieces))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(edge.logged(&response).request.body_bytes, 1_000);
}

#[tokio::test]
async fn a_hundred_megabytes_are_neither_read_nor_held() {
    let edge = Edge::new().await;
    // Announced: refused at once.
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 100000000\r\n\r\n"
    );
    raw.send(&head).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 413 "));
    // In chunks, so that nobody knows beforehand: refused with the chunk that goes over the limit.
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    raw.send(&head).await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..=provost::server::Limits::default().body_bytes / 0x10000 {
        raw.send(&chunk).await;
    }
    assert!(raw.head().await.starts_with("HTTP/1.1 413 "));
    for exchange in edge.store.log_of(2).await {
        assert_eq!(exchange.row.status, 413);
        assert!(exchange.request.body.is_none());
    }
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_sent_to_who_asks() {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 100000000\r\nexpect: 100-continue\r\n\r\n"
    );
    raw.send(&head).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_in_its_time() {
    let edge = Edge::with_limits(|limits| {
        limits.body_timeout = std::time::Duration::from_millis(50);
    })
    .await;
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 10\r\n\r\n{{"
    );
    raw.send(&head).await;
    let answer = raw.head().await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let log = edge.store.log_of(1).await;
    assert_eq!(log[0].row.status, 408);
    assert_eq!(log[0].request.body_bytes, 1);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_logged() {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-length: 10\r\n\r\n{{"
    );
    raw.send(&head).await;
    drop(raw);
    let log = edge.store.log_of(1).await;
    assert_eq!(log[0].row.status, 400);
    assert!(
        log[0]
            .detail
            .as_deref()
            .unwrap()
            .contains("could not be read")
    );
}

#[rstest]
#[case::no_number("x\r\n")]
#[case::negative("-1\r\n")]
#[case::huge("ffffffffffffffffff\r\n")]
#[case::no_end("1\r\nab")]
#[tokio::test]
async fn chunks_that_are_none_are_refused(#[case] body: &str) {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         transfer-encoding: chunked\r\n\r\n{body}"
    );
    raw.send(&head).await;
    let answer = raw.head().await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(edge.store.log_of(1).await[0].row.status, 400);
}

#[tokio::test]
async fn an_unwanted_body_does_not_hide_the_answer() {
    let edge = Edge::new().await;
    // 4 MiB are more than any socket buffers: without taking them off the wire the client would see a reset.
    let request = edge.request("POST", "/scim/v2/Users");
    let response = request.body(vec![b' '; 4 << 20]).send().await.unwrap();
    assert_eq!(response.status(), 401);
}

/// A client that goes on sending whatever comes reads its answer all the same, and what it sends is taken from it in
/// pieces and thrown away.
#[tokio::test]
async fn who_sends_a_hundred_megabytes_reads_why_not() {
    let edge = Edge::new().await;
    let raw = edge.connect().await;
    let (reading, mut writing) = raw.stream.into_split();
    let sending = tokio::spawn(async move {
        let head = format!(
            "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
             transfer-encoding: chunked\r\n\r\n"
        );
        let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x0010_0000));
        let mut sent = writing.write_all(head.as_bytes()).await;
        for _ in 0..100 {
            if sent.is_ok() {
                sent = writing.write_all(chunk.as_bytes()).await;
            }
        }
        sent
    });
    let mut answer = String::new();
    let mut lines = BufReader::new(reading);
    tokio::time::timeout(PATIENCE, lines.read_line(&mut answer))
        .await
        .expect("the server answered")
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    sending.await.unwrap().expect_err("the server hung up");
    assert_eq!(edge.store.log_of(1).await[0].row.status, 413);
    let alive = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(alive.status(), 200);
}

#[rstest]
#[case::by_default(4 << 20)]
#[case::as_set(70_000)]
#[tokio::test]
async fn what_is_announced_is_what_is_read(#[case] limit: usize) {
    let edge = Edge::with_limits(|limits| limits.body_bytes = limit).await;
    let config = edge.scim("GET", "/scim/v2/ServiceProviderConfig");
    let config: serde_json::Value = config.send().await.unwrap().json().await.unwrap();
    assert_eq!(config["bulk"]["maxPayloadSize"], limit);
    for (bytes, status) in [(limit, 400), (limit + 1, 413)] {
        let request = edge.scim("POST", "/scim/v2/Users");
        let response = request.body(vec![b' '; bytes]).send().await.unwrap();
        assert_eq!(response.status(), status, "{bytes} bytes");
        scim_error(response).await;
    }
}
