//! authentik as a client: it believes `/ServiceProviderConfig`, writes filters as a form does, cuts its PATCH requests,
//! and adopts whom it finds.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::provider::{GROUP, Provider, SCIM_JSON, USER, id_of};

async fn authentik() -> Provider {
    Provider::of("authentik/2026.2", SCIM_JSON).await
}

/// It cuts its requests by `bulk.maxOperations`, whether bulk is offered or not.
#[tokio::test]
async fn authentik_reads_the_configuration_and_finds_a_sane_number() {
    let authentik = authentik().await;
    let config = authentik.get("/ServiceProviderConfig").await.is(200);
    assert!(config.body["bulk"]["maxOperations"].as_u64().unwrap() >= 100);
    assert_eq!(config.body["patch"]["supported"], true);
    assert_eq!(config.body["filter"]["supported"], true);
}

#[tokio::test]
async fn authentik_writes_filters_as_a_form_does() {
    let authentik = authentik().await;
    let ada = authentik.user("ada+test@example.com").await;
    let found = authentik
        .get("/Users?filter=userName+eq+%22ada%2Btest%40example.com%22")
        .await
        .is(200);
    assert_eq!(found.ids(), [id_of(&ada)]);
    let group = authentik.group("Tour Guides", &[]).await;
    let found = authentik
        .get("/Groups?filter=displayName+eq+%22Tour+Guides%22")
        .await
        .is(200);
    assert_eq!(found.ids(), [id_of(&group)]);
}

#[tokio::test]
async fn authentik_adopts_whom_it_finds_on_a_conflict() {
    let authentik = authentik().await;
    let ada = authentik.user("ada").await;
    let body = json!({
        "schemas": [USER],
        "userName": "ada",
        "externalId": "7f1c",
        "name": { "formatted": "Ada", "givenName": "Ada", "familyName": "" },
        "emails": [{ "primary": true, "type": "other", "value": "ada@example.com" }],
        "photos": [],
        "active": true
    });
    let conflict = authentik.post("/Users", body.clone()).await;
    conflict.fails(409, "uniqueness");
    let found = authentik
        .get("/Users?filter=userName+eq+%22ada%22")
        .await
        .is(200);
    assert_eq!(found.ids(), [id_of(&ada)]);
    let reply = authentik.put(&ada, body).await.is(200);
    authentik.tolerated(&reply, &["empty-string"]).await;
    assert_eq!(authentik.read(&ada).await["externalId"], "7f1c");
}

#[tokio::test]
async fn authentik_adopts_a_group_on_a_conflict() {
    let authentik = authentik().await;
    let group = authentik.group("Analysts", &[]).await;
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts", "externalId": "9d" });
    let conflict = authentik.post("/Groups", body.clone()).await;
    conflict.fails(409, "uniqueness");
    authentik.put(&group, body).await.is(200);
    assert_eq!(authentik.read(&group).await["externalId"], "9d");
}

/// authentik#23950: `schemas` and the readOnly `id` come along.
#[tokio::test]
async fn authentik_patches_a_group_with_its_schemas_and_id() {
    let authentik = authentik().await;
    let ada = authentik.user("ada").await;
    let group = authentik.group("Analysts", &[&ada]).await;
    let value = json!({
        "schemas": [GROUP], "id": id_of(&group), "displayName": "Mathematicians", "externalId": "9d"
    });
    let operation = json!([{ "op": "replace", "path": null, "value": value }]);
    let reply = authentik.patch(&group, operation).await.done();
    authentik
        .tolerated(&reply, &["empty-path", "read-only"])
        .await;
    let read = authentik.read(&group).await;
    assert_eq!(
        (&read["displayName"], &read["externalId"]),
        (&json!("Mathematicians"), &json!("9d"))
    );
    authentik.has_members(&group, &[&ada]).await;
}

#[tokio::test]
async fn authentik_removes_members_one_operation_each() {
    let authentik = authentik().await;
    let mut users = Vec::new();
    for name in ["ada", "bob", "eve"] {
        users.push(authentik.user(name).await);
    }
    let paths: Vec<&str> = users.iter().map(String::as_str).collect();
    let group = authentik.group("Analysts", &paths).await;
    let remove = |path: &&str| json!({ "op": "remove", "path": "members", "value": [{ "value": id_of(path) }] });
    let operations: Vec<Value> = paths[..2].iter().map(remove).collect();
    let reply = authentik.patch(&group, operations.into()).await.done();
    authentik.tolerated(&reply, &["remove-by-value"]).await;
    authentik.has_members(&group, &[&users[2]]).await;
}

/// authentik#20410: a server that answers a hundred members at most breaks its comparison.
#[tokio::test]
async fn authentik_adds_members_in_chunks_and_reads_all_of_them_back() {
    let authentik = authentik().await;
    let group = authentik.group("Everybody", &[]).await;
    let mut users = Vec::new();
    for number in 0..130 {
        users.push(authentik.user(&format!("user{number}")).await);
    }
    for chunk in users.chunks(50) {
        let operations: Vec<Value> = chunk
            .iter()
            .map(|path| json!({ "op": "add", "path": "members", "value": [{ "value": id_of(path) }] }))
            .collect();
        authentik.patch(&group, operations.into()).await.done();
    }
    let read = authentik.read(&group).await;
    let found: BTreeSet<&str> = read["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["value"].as_str().unwrap())
        .collect();
    assert_eq!(found, users.iter().map(|path| id_of(path)).collect());
}

#[tokio::test]
async fn authentik_asks_for_the_next_page_without_a_count() {
    let authentik = authentik().await;
    for number in 0..103 {
        authentik.user(&format!("user{number}")).await;
    }
    let mut seen = Vec::new();
    loop {
        let path = format!("/Users?startIndex={}", seen.len() + 1);
        let page = authentik.get(&path).await.is(200);
        let ids = page.ids();
        if ids.is_empty() {
            break;
        }
        seen.extend(ids);
        assert!(seen.len() as u64 <= page.total());
    }
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (104, 104));
}
