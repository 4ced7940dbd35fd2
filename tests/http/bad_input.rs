//! What a client may write into a request that is good HTTP: each a clear error, after which the server goes on.

use rstest::rstest;
use serde_json::{Value, json};

use crate::real::Real;

async fn goes_on(real: &Real) {
    let listed = real.ask("GET", "/Users", None).await;
    assert_eq!(
        (listed.status, &listed.body["totalResults"]),
        (200, &json!(1))
    );
}

#[tokio::test]
async fn fifty_thousand_parentheses_in_a_filter_are_refused() {
    let real = Real::new().await;
    let filter = "(".repeat(50_000);
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": filter,
    });
    let answer = real.ask("POST", "/Users/.search", Some(search)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.body["scimType"], "invalidFilter", "{}", answer.body);
    // As a query it is longer than a request line may be, and a shorter one is too deep all the same.
    for (count, status) in [(50_000, 431), (10_000, 400)] {
        let path = format!("/Users?filter={}", "(".repeat(count));
        let response = real.request("GET", &path).send().await.unwrap();
        assert_eq!(response.status(), status);
    }
    goes_on(&real).await;
}

#[rstest]
#[case::broken("{\"userName\":")]
#[case::empty("")]
#[case::no_object("[1]")]
#[case::two("{} {}")]
#[case::no_utf8("{\"userName\": \"\u{0}\"}")]
#[case::deep(&"[".repeat(50_000))]
#[case::deep_values(&format!("{{\"name\":{}1{}}}", "{\"a\":".repeat(20_000), "}".repeat(20_000)))]
#[case::number_as_name("{\"userName\": 7}")]
#[case::text_as_flag("{\"userName\": \"ada\", \"active\": \"perhaps\"}")]
#[case::list_as_name("{\"userName\": [\"ada\", \"bob\"]}")]
#[case::no_name("{\"active\": true}")]
#[case::unreadable_name("{\"userName\": \"\\u0001\"}")]
#[case::unreadable_key("{\"userName\": \"ada\", \"externalId\": \"a\\u001b[2J\"}")]
#[tokio::test]
async fn a_body_that_is_no_user_changes_nothing(#[case] body: &str) {
    let real = Real::new().await;
    let request = real
        .request("POST", "/Users")
        .header("content-type", "application/scim+json")
        .body(body.to_owned());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let error: Value = response.json().await.unwrap();
    assert_eq!(error["status"], "400");
    assert!(!error["detail"].as_str().unwrap().is_empty());
    goes_on(&real).await;
}
