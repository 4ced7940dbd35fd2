//! Shapes of requests by which a proxy and this server could be made to see two different requests.
use rstest::rstest;

use crate::harness::{Edge, SCIM_TOKEN};

#[rstest]
#[case::none("")]
#[case::two("host: x\r\nhost: evil\r\n")]
#[case::two_alike("host: x\r\nHost: x\r\n")]
#[case::user("host: ada@x\r\n")]
#[case::space("host: x y\r\n")]
#[case::path("host: x/y\r\n")]
#[tokio::test]
async fn a_request_names_one_host(#[case] hosts: &str) {
    let edge = Edge::new().await;
    for path in [
        "/scim/v2/Users",
        "/admin/v1/members",
        "/trust/oauth/token",
        "/events/v1/jwks.json",
        "/healthz",
    ] {
        let mut raw = edge.connect().await;
        raw.send(format!(
            "GET {path} HTTP/1.1\r\n{hosts}authorization: Bearer {SCIM_TOKEN}\r\n\r\n"
        ))
        .await;
        let answer = raw.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
    }
    assert!(
        edge.store
            .log_of(5)
            .await
            .iter()
            .all(|it| it.row.status == 400)
    );
}

#[rstest]
#[case::name("HTTP/1.1", "host: provost.example.com:8470\r\n")]
#[case::v6("HTTP/1.1", "host: [::1]:8470\r\n")]
#[case::empty("HTTP/1.1", "host:\r\n")]
#[case::old("HTTP/1.0", "")]
#[tokio::test]
async fn every_host_will_do(#[case] version: &str, #[case] hosts: &str) {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send(format!(
        "GET /healthz {version}\r\n{hosts}connection: close\r\n\r\n"
    ))
    .await;
    let answer = raw.rest().await;
    assert!(answer.contains(" 200 "), "{answer}");
}

/// RFC 9112 §6.3: what comes behind such a request may be part of it, so that it is not answered.
#[rstest]
#[case::length_and_chunked("content-length: 5\r\ntransfer-encoding: chunked\r\n")]
#[case::chunked_and_length("transfer-encoding: chunked\r\ncontent-length: 500\r\n")]
#[case::two_lengths("content-length: 5\r\ncontent-length: 6\r\n")]
#[case::length_list("content-length: 5, 5\r\n")]
#[case::signed_length("content-length: +5\r\n")]
#[case::identity("transfer-encoding: identity\r\n")]
#[case::not_chunked_at_last("transfer-encoding: chunked, gzip\r\n")]
#[case::two_encodings("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n")]
#[case::space_before_colon("transfer-encoding : chunked\r\n")]
#[case::folded("x-a: b\r\n c\r\ncontent-length: 5\r\n")]
#[tokio::test]
async fn nothing_is_smuggled(#[case] headers: &str) {
    let answer = two_requests(headers).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

/// What is framed as it should be ends where it says, and the next request is answered, too.
#[rstest]
#[case::chunked("transfer-encoding: chunked\r\n")]
#[case::length("content-length: 5\r\n")]
#[tokio::test]
async fn what_is_no_smuggling_is_answered(#[case] headers: &str) {
    let answer = two_requests(headers).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 2, "{answer}");
    assert!(answer.contains("HTTP/1.1 200 "), "{answer}");
}

/// A request with an empty body in chunks, and one right behind it.
async fn two_requests(headers: &str) -> String {
    let edge = Edge::new().await;
    let mut raw = edge.connect().await;
    raw.send(format!(
        "POST /scim/v2/Users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SCIM_TOKEN}\r\n\
         content-type: application/scim+json\r\n{headers}\r\n0\r\n\r\n\
         GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    ))
    .await;
    raw.rest().await
}
