//! §3.4.1: reading one resource.

use serde_json::json;

use crate::provider::{ENTERPRISE, Provider, USER, id_of};

/// "If the resource exists, the service provider responds with HTTP status code 200 (OK) and includes the result in the
/// body of the response."
#[tokio::test]
async fn s3_4_1_a_resource_is_200_with_its_body() {
    let provider = Provider::new().await;
    let user = provider
        .user_with("ada", json!({ ENTERPRISE: { "department": "D" } }))
        .await;
    let reply = provider.get(&user).await.is(200);
    assert_eq!(reply.id(), id_of(&user));
    // "schemas" names exactly the schemas whose attributes are there (RFC 7643 §3).
    assert_eq!(reply.body["schemas"], json!([USER, ENTERPRISE]));
    assert_eq!(reply.header("location"), reply.body["meta"]["location"]);
}

#[tokio::test]
async fn s3_4_1_what_does_not_exist_is_404() {
    let provider = Provider::new().await;
    let group = provider.group("Analysts", &[]).await;
    // A group is no user.
    provider
        .get(&format!("/Users/{}", id_of(&group)))
        .await
        .is(404);
    provider.get("/Users/none").await.is(404);
}
