//! §3.6: deleting.

use serde_json::json;

use crate::provider::{GROUP, Provider, USER, id_of};

/// "[...] MUST return a 404 (Not Found) error code for all operations associated with the previously deleted resource.
/// Service providers MUST omit the resource from future query results. In addition, the service provider SHOULD NOT
/// consider the deleted resource in conflict calculation." "[...] 204 (No Content)".
#[tokio::test]
async fn s3_6_a_deleted_user_is_gone_for_every_operation() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let reply = provider.delete(&user).await.is(204);
    assert_eq!(reply.text, "");
    let body = json!({ "schemas": [USER], "userName": "ada" });
    provider.get(&user).await.is(404);
    provider.put(&user, body.clone()).await.is(404);
    let operation = json!([{ "op": "add", "path": "title", "value": "T" }]);
    provider.patch(&user, operation).await.is(404);
    provider.delete(&user).await.is(404);
    let filter = format!("userName eq \"ada\" or id eq \"{}\"", id_of(&user));
    assert_eq!(provider.filter("/Users", &filter).await.total(), 0);
    let again = provider.post("/Users", body).await.is(201);
    assert_ne!(again.id(), id_of(&user));
}

#[tokio::test]
async fn s3_6_a_deleted_group_is_gone_for_every_operation() {
    let provider = Provider::new().await;
    let user = provider.user("ada").await;
    let group = provider.group("Analysts", &[&user]).await;
    provider.delete(&group).await.is(204);
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts" });
    provider.get(&group).await.is(404);
    provider.put(&group, body.clone()).await.is(404);
    let operation = json!([{ "op": "remove", "path": "members" }]);
    provider.patch(&group, operation).await.is(404);
    provider.delete(&group).await.is(404);
    assert_eq!(provider.get("/Groups").await.total(), 0);
    assert_eq!(provider.read(&user).await.get("groups"), None);
    provider.post("/Groups", body).await.is(201);
}

#[tokio::test]
async fn s3_6_a_deleted_user_is_no_member_any_more() {
    let provider = Provider::new().await;
    let ada = provider.user("ada").await;
    let bob = provider.user("bob").await;
    let group = provider.group("Analysts", &[&ada, &bob]).await;
    provider.delete(&ada).await.is(204);
    provider.has_members(&group, &[&bob]).await;
}
