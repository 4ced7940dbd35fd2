//! §3.2: endpoints and their methods.

use rstest::rstest;

use crate::provider::Provider;

#[rstest]
#[case::list("GET", "/Users", 200)]
#[case::groups("GET", "/Groups", 200)]
#[case::config("GET", "/ServiceProviderConfig", 200)]
#[case::types("GET", "/ResourceTypes", 200)]
#[case::one_type("GET", "/ResourceTypes/Group", 200)]
#[case::schemas("GET", "/Schemas", 200)]
#[case::one_schema("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", 200)]
#[case::unknown("GET", "/Devices", 404)]
#[tokio::test]
async fn s3_2_every_endpoint_is_there(
    #[case] method: &str,
    #[case] path: &str,
    #[case] status: u16,
) {
    let provider = Provider::new().await;
    provider.send(method, path, None).await.is(status);
}

#[rstest]
#[case("PUT", "/Users", "GET, HEAD, POST")]
#[case("DELETE", "/Groups", "GET, HEAD, POST")]
#[case("POST", "/Users/1", "GET, HEAD, PUT, PATCH, DELETE")]
#[case("GET", "/.search", "POST")]
#[case("POST", "/Schemas", "GET, HEAD")]
#[tokio::test]
async fn s3_2_a_method_that_is_not_defined_there_is_405_with_those_that_are(
    #[case] method: &str,
    #[case] path: &str,
    #[case] allow: &str,
) {
    let provider = Provider::new().await;
    let reply = provider.send(method, path, None).await.is(405);
    assert_eq!(reply.header("allow"), allow);
}

/// RFC 9110 §9.3.2: HEAD is GET without the body.
#[tokio::test]
async fn s3_2_head_is_get_without_its_body() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let get = provider.get(&user).await;
    let head = provider.send("HEAD", &user, None).await.is(200);
    assert_eq!(head.text, "");
    assert_eq!(head.header("etag"), get.header("etag"));
    assert_eq!(head.header("content-length"), get.text.len().to_string());
}
