//! More clients than there is room for.

use crate::harness::Edge;

#[tokio::test]
async fn beyond_the_limit_clients_are_told_to_come_back() {
    let edge = Edge::with_limits(|limits| limits.connections = 1).await;
    let mut first = edge.connect().await;
    first.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(first.head().await.starts_with("HTTP/1.1 200 "));

    let mut second = edge.connect().await;
    second
        .send("GET /scim/v2/Users HTTP/1.1\r\nhost: x\r\n\r\n")
        .await;
    let answer = second.rest().await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert_eq!(edge.store.log_of(1).await[0].row.status, 503);
    drop(first);

    // The place is free once the server has seen the first one go.
    let asked = async {
        loop {
            let response = edge.request("GET", "/healthz").send().await.unwrap();
            if response.status() == 200 {
                break;
            }
        }
    };
    tokio::time::timeout(crate::harness::PATIENCE, asked)
        .await
        .expect("the place became free");
}
