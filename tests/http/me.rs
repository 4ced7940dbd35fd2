//! `/Me` over HTTP: the token of an identity provider is nobody (RFC 7644 §3.11).

use rstest::rstest;
use serde_json::json;

use crate::real::{Answer, Real};

#[rstest]
#[tokio::test]
async fn a_provisioning_token_has_no_me(
    #[values("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")] method: &str,
) {
    let real = Real::new().await;
    let mut request = real.request(method, "/Me");
    if method.starts_with('P') {
        request = request.body(json!({ "userName": "me" }).to_string());
    }
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, 501);
    if method != "HEAD" {
        assert_eq!(answer.body["status"], "501");
        assert_eq!(
            answer.body["schemas"][0],
            "urn:ietf:params:scim:api:messages:2.0:Error"
        );
    }
    let users = real.ask("GET", "/Users?count=0", None).await;
    assert_eq!(users.body["totalResults"], 1);
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let real = Real::new().await;
    assert_eq!(Answer::of(real.request("OPTIONS", "/Me")).await.status, 405);
}
