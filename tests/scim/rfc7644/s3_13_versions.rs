//! §3.13: versions of the protocol.

use crate::provider::Provider;

/// "[...] perform the operation using the requested version or reject": only version 2 is here.
#[tokio::test]
async fn s3_13_a_version_that_is_not_there_is_rejected() {
    let provider = Provider::new().await;
    let url = provider.real.server.public_url();
    for version in ["v1", "v1.1", "v3"] {
        let request = reqwest::Client::new()
            .get(format!("{url}/scim/{version}/Users"))
            .bearer_auth(&provider.real.scim_token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 404, "{version}");
        let body: serde_json::Value = response.json().await.unwrap();
        // Whoever has the wrong base URL is told the right one.
        assert!(
            body["detail"].as_str().unwrap().contains("/scim/v2"),
            "{body}"
        );
    }
}

/// "[...] the version identifier MUST appear in the URL path immediately preceding the resource endpoint and conform to
/// the following scheme: the character 'v' followed by the desired SCIM version number".
#[tokio::test]
async fn s3_13_the_version_stands_before_the_endpoint() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let location = &provider.read(&user).await["meta"]["location"];
    assert!(
        location.as_str().unwrap().ends_with(&format!("/v2{user}")),
        "{location}"
    );
}
