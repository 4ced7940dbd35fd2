//! What the edge does when something behind it fails.

use std::time::Duration;

use provost::directory::Outcome;

use crate::fake_store::Mood;
use crate::harness::{ADMIN_TOKEN, Edge, header, scim_error};

#[tokio::test]
async fn a_panic_is_answered_logged_and_survived() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::Panics);
    let response = edge
        .scim("GET", "/scim/v2/Users?filter=userName%20eq%20%22ada%22")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 500);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.outcome, Outcome::Error);
    assert_eq!(logged.row.token.as_deref(), Some("okta"));
    assert!(logged.query.unwrap().starts_with("filter="));
    assert!(!scim_error(response).await.contains("hunter2"));

    edge.set_mood(Mood::Good);
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_panic_in_the_admin_api_is_a_problem() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::Panics);
    let request = edge.request("GET", "/admin/v1/members?limit=10");
    let response = request.bearer_auth(ADMIN_TOKEN).send().await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(
        header(&response, "content-type"),
        "application/problem+json"
    );
    assert!(!response.text().await.unwrap().contains("hunter2"));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let edge = Edge::with_limits(|limits| limits.request_timeout = Duration::from_millis(50)).await;
    edge.set_mood(Mood::Hangs);
    let response = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(header(&response, "retry-after"), "10");
    assert!(header(&response, "x-request-id").parse::<u64>().is_ok());
    scim_error(response).await;
}

/// RFC 7644 §3.4.2.1: "[...] the server SHALL reject the request by returning an HTTP response with HTTP status code 400
/// (Bad Request) and JSON attribute \"scimType\" set to \"tooMany\"."
#[tokio::test]
async fn a_query_that_would_look_at_too_much_is_400_too_many() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::LooksTooFar);
    let path = "/scim/v2/Users?filter=title%20co%20%22x%22";
    let response = edge.scim("GET", path).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.code.as_deref(), Some("TOO_MANY"));
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["scimType"], "tooMany");
    assert!(
        body["detail"].as_str().unwrap().contains("200000"),
        "{body}"
    );
}

#[tokio::test]
async fn ready_says_so_when_the_store_does_not_answer() {
    let edge = Edge::new().await;
    edge.set_mood(Mood::Fails);
    let ready = edge.request("GET", "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), 503);
    let alive = edge.request("GET", "/healthz").send().await.unwrap();
    assert_eq!(alive.status(), 200);
}
