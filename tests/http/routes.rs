//! What is where.

use rstest::rstest;

use crate::harness::{Edge, header, scim_error};
use provost::directory::{Outcome, Verdict};

#[rstest]
#[case::users("/scim/v2/Users")]
#[case::slash("/scim/v2/Users/")]
#[case::bare_question_mark("/scim/v2/Users?")]
#[case::unknown_parameter("/scim/v2/Users?aadOptscim062020&x=y")]
#[case::doubled_slash("/scim/v2//Users")]
#[case::groups("/scim/v2/Groups")]
#[case::config("/scim/v2/ServiceProviderConfig")]
#[case::types("/scim/v2/ResourceTypes")]
#[case::one_type("/scim/v2/ResourceTypes/User")]
#[case::schemas("/scim/v2/Schemas/")]
#[case::one_schema("/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")]
#[tokio::test]
async fn every_endpoint_answers(#[case] path: &str) {
    let edge = Edge::new().await;
    let response = edge.scim("GET", path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "application/scim+json");
    let logged = edge.logged(&response);
    assert_eq!(logged.row.token.as_deref(), Some("okta"));
    assert_eq!(logged.row.status, 200);
    assert!(!logged.row.resource.is_empty());
}

#[tokio::test]
async fn a_search_is_a_post() {
    let edge = Edge::new().await;
    let response = edge
        .scim("POST", "/scim/v2/Users/.search")
        .header("content-type", "application/scim+json")
        .body(r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let edge = Edge::new().await;
    let get = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    let length = get.content_length();
    let head = edge.scim("HEAD", "/scim/v2/Users").send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(header(&head, "content-length"), length.unwrap().to_string());
    assert_eq!(edge.logged(&head).row.method, "HEAD");
    assert!(head.bytes().await.unwrap().is_empty());
}

#[rstest]
#[case::other_case("/scim/v2/users", "/scim/v2/Users ")]
#[case::no_base("/Groups/7", "/scim/v2/Groups/7 ")]
#[case::base_alone("/scim/v2/", "/scim/v2/Users ")]
#[case::elsewhere("/", "/scim/v2 ")]
#[tokio::test]
async fn an_unknown_route_names_the_nearest_url(#[case] path: &str, #[case] nearest: &str) {
    let edge = Edge::new().await;
    let response = edge.request("GET", path).send().await.unwrap();
    assert_eq!(response.status(), 404);
    let logged = edge.logged(&response);
    assert_eq!(logged.row.code.as_deref(), Some("BASE_URL"));
    assert_eq!(logged.row.outcome, Outcome::Refused);
    assert_eq!(logged.trace.last().unwrap().verdict, Verdict::Failed);
    let detail = scim_error(response).await;
    assert!(
        detail.contains(&format!("{}{nearest}", edge.url)),
        "{detail}"
    );
}

#[rstest]
#[case("PATCH", "/scim/v2/Users", "GET, HEAD, POST")]
#[case("POST", "/scim/v2/Users/7", "GET, HEAD, PUT, PATCH, DELETE")]
#[case("OPTIONS", "/scim/v2/Schemas", "GET, HEAD")]
#[tokio::test]
async fn a_wrong_method_names_the_right_ones(
    #[case] method: &str,
    #[case] path: &str,
    #[case] allow: &str,
) {
    let edge = Edge::new().await;
    let response = edge.scim(method, path).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(header(&response, "allow"), allow);
    assert_eq!(edge.logged(&response).row.status, 405);
    assert!(scim_error(response).await.contains(allow));
}

#[tokio::test]
async fn health_needs_no_token_and_is_not_logged() {
    let edge = Edge::new().await;
    for path in ["/healthz", "/readyz"] {
        let response = edge.request("GET", path).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
    assert!(edge.store.log().is_empty());
}

#[tokio::test]
async fn request_ids_go_on_where_the_log_ended() {
    let edge = Edge::new().await;
    let first = edge.scim("GET", "/scim/v2/Users").send().await.unwrap();
    let second = edge.scim("GET", "/nowhere").send().await.unwrap();
    assert_eq!(header(&first, "x-request-id"), "4812");
    assert_eq!(header(&second, "x-request-id"), "4813");
}
