//! OneLogin: an empty `User-Agent`, a bare question mark, and bodies made from a template of the admin's.

use rstest::rstest;
use serde_json::{Value, json};

use crate::provider::{ENTERPRISE, Provider, SCIM_JSON, USER, id_of};

async fn onelogin() -> Provider {
    Provider::of("", SCIM_JSON).await
}

#[tokio::test]
async fn onelogin_reads_all_groups_first() {
    let onelogin = onelogin().await;
    let empty = onelogin.get("/Groups").await.is(200);
    assert_eq!((empty.total(), empty.ids().len()), (0, 0));
    let group = onelogin.group("Analysts", &[]).await;
    assert_eq!(onelogin.get("/Groups").await.ids(), [id_of(&group)]);
}

#[tokio::test]
async fn onelogin_reads_a_group_with_a_bare_question_mark() {
    let onelogin = onelogin().await;
    let ada = onelogin.user("ada@example.com").await;
    let group = onelogin.group("Analysts", &[&ada]).await;
    let reply = onelogin.get(&format!("{group}?")).await.is(200);
    assert_eq!(reply.body, onelogin.read(&group).await);
    onelogin.tolerated(&reply, &[]).await;
    let user = onelogin.get(&format!("{ada}?")).await.is(200);
    assert_eq!(user.id(), id_of(&ada));
}

#[tokio::test]
async fn onelogin_adds_members_by_value() {
    let onelogin = onelogin().await;
    let ada = onelogin.user("ada@example.com").await;
    let group = onelogin.group("Analysts", &[]).await;
    let operation =
        json!([{ "op": "add", "path": "members", "value": [{ "value": id_of(&ada) }] }]);
    for _ in 0..2 {
        let reply = onelogin.patch(&group, operation.clone()).await.done();
        onelogin.tolerated(&reply, &[]).await;
        onelogin.has_members(&group, &[&ada]).await;
    }
}

fn template(active: Option<bool>) -> Value {
    let mut body = json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "ada@example.com",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [{ "value": "ada@example.com", "type": "work", "primary": true }],
        ENTERPRISE: { "department": "Analysis", "manager": { "value": null } }
    });
    if let Some(active) = active {
        body["active"] = active.into();
    }
    body
}

#[tokio::test]
async fn onelogin_creates_from_a_template_with_a_manager_without_value() {
    let onelogin = onelogin().await;
    let created = onelogin.post("/Users", template(Some(true))).await.is(201);
    onelogin.tolerated(&created, &[]).await;
    assert_eq!(
        created.body[ENTERPRISE],
        json!({ "department": "Analysis" })
    );
}

#[tokio::test]
async fn onelogin_puts_a_whole_user_without_id() {
    let onelogin = onelogin().await;
    let user = onelogin
        .user_with("ada@example.com", json!({ "title": "Countess" }))
        .await;
    let reply = onelogin.put(&user, template(Some(true))).await.is(200);
    onelogin.tolerated(&reply, &[]).await;
    assert_eq!(reply.id(), id_of(&user));
    let read = onelogin.read(&user).await;
    assert_eq!(read, reply.body);
    // What a PUT does not name is gone (RFC 7644 §3.5.1).
    assert_eq!(read.get("title"), None);
}

/// Nobody means to let a person in again by leaving something out.
#[tokio::test]
async fn onelogin_put_that_does_not_mention_active_lets_nobody_in() {
    let onelogin = onelogin().await;
    let user = onelogin
        .user_with("ada@example.com", json!({ "active": false }))
        .await;
    let reply = onelogin.put(&user, template(None)).await.is(200);
    onelogin.tolerated(&reply, &["active-not-asserted"]).await;
    assert_eq!(onelogin.read(&user).await["active"], false);
}

#[rstest]
#[case::with_path(json!([{ "op": "replace", "path": "active", "value": false }]))]
#[case::without_path(json!([{ "op": "replace", "value": { "active": false } }]))]
#[tokio::test]
async fn onelogin_suspends_by_patch(#[case] operation: Value) {
    let onelogin = onelogin().await;
    let user = onelogin.user("ada@example.com").await;
    let reply = onelogin.patch(&user, operation).await.done();
    onelogin.tolerated(&reply, &[]).await;
    assert_eq!(onelogin.read(&user).await["active"], false);
}

#[tokio::test]
async fn onelogin_suspends_by_put_and_may_delete() {
    let onelogin = onelogin().await;
    let user = onelogin.user("ada@example.com").await;
    onelogin.put(&user, template(Some(false))).await.is(200);
    assert_eq!(onelogin.read(&user).await["active"], false);
    onelogin.delete(&user).await.is(204);
    onelogin.get(&user).await.is(404);
}
