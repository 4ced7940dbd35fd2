//! Okta: look-ups, imports and users. Its shapes are those of "Okta and SCIM Version 2.0".

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::provider::{GROUP, Provider, USER, id_of, with_query};
use crate::real::Real;

pub(super) async fn okta() -> Provider {
    okta_of("rfc").await
}

/// Okta against an account with this preset.
pub(super) async fn okta_of(preset: &str) -> Provider {
    Provider::on(
        Real::under(preset).await,
        "Okta SCIM Client 1.0.0",
        "application/scim+json; charset=utf-8",
    )
}

fn new_user(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [{ "primary": true, "value": name, "type": "work" }],
        "displayName": "Ada Lovelace",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": true
    })
}

fn page(start_index: &str, count: &str) -> String {
    with_query("/Users", &[("startIndex", start_index), ("count", count)])
}

#[tokio::test]
async fn okta_test_of_the_connection_reads_two_users() {
    let okta = okta().await;
    for number in 0..3 {
        okta.user(&format!("user{number}@example.com")).await;
    }
    let reply = okta.get(&page("1", "2")).await.is(200);
    assert_eq!(reply.body["itemsPerPage"], 2);
    assert_eq!(reply.body["startIndex"], 1);
    assert!(reply.total() >= 3);
    okta.tolerated(&reply, &[]).await;
    let groups = with_query("/Groups", &[("startIndex", "1"), ("count", "100")]);
    let reply = okta.get(&groups).await.is(200);
    assert_eq!(reply.body["Resources"], json!([]));
}

/// ory/polis#4054: Okta's reviewers refuse a server that repeats `count` here.
#[tokio::test]
async fn okta_page_beyond_the_end_holds_no_items() {
    let okta = okta().await;
    okta.user("ada@example.com").await;
    let all = okta.get(&page("1", "100")).await.is(200);
    let reply = okta.get(&page("1000", "100")).await.is(200);
    assert_eq!(reply.body["itemsPerPage"], 0);
    assert_eq!(reply.body["startIndex"], 1000);
    assert_eq!(reply.body["Resources"], json!([]));
    assert_eq!(reply.total(), all.total());
}

/// snipe-it#19343, wso2/product-is#9957: an order that is not stable loses and doubles users of an import.
#[tokio::test]
async fn okta_import_meets_every_user_once_while_they_change() {
    let okta = okta().await;
    let mut users = Vec::new();
    for number in 0..7 {
        users.push(okta.user(&format!("user{number}@example.com")).await);
    }
    // Groups: a join over them is what doubles rows elsewhere (Infisical#6554).
    for name in ["One", "Two", "Three"] {
        okta.group(name, &[&users[0], &users[1]]).await;
    }
    let total = okta.get(&page("1", "100")).await.total();
    let mut seen = Vec::new();
    let mut start = 1;
    while start <= total {
        let reply = okta.get(&page(&start.to_string(), "2")).await.is(200);
        assert_eq!(reply.total(), total);
        seen.extend(reply.ids());
        start += 2;
        // What changes meanwhile keeps its place.
        let change = json!([{ "op": "replace", "value": { "nickName": start.to_string() } }]);
        okta.patch(&users[6], change).await.done();
    }
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len() as u64, distinct.len() as u64), (total, total));
    assert_eq!(okta.get(&page("1", "100")).await.ids(), seen);
}

#[tokio::test]
async fn okta_look_up_before_creating_finds_nobody() {
    let okta = okta().await;
    let path = with_query(
        "/Users",
        &[
            ("filter", "userName eq \"nobody@example.com\""),
            ("startIndex", "1"),
            ("count", "100"),
        ],
    );
    let reply = okta.get(&path).await.is(200);
    assert_eq!((reply.total(), reply.ids().len()), (0, 0));
    okta.tolerated(&reply, &[]).await;
}

#[tokio::test]
async fn okta_look_up_finds_inactive_users_too() {
    let okta = okta().await;
    let user = okta
        .user_with("ada@example.com", json!({ "active": false }))
        .await;
    let found = okta
        .filter("/Users", "userName eq \"ADA@example.com\"")
        .await;
    assert_eq!(found.ids(), [id_of(&user)]);
    assert_eq!(found.body["Resources"][0]["active"], false);
    let suspended = okta.filter("/Users", "active eq false").await;
    assert_eq!(suspended.ids(), [id_of(&user)]);
}

#[tokio::test]
async fn okta_creates_with_groups_password_and_locale() {
    let okta = okta().await;
    let created = okta
        .post("/Users", new_user("ada@example.com"))
        .await
        .is(201);
    let mut expected = new_user("ada@example.com");
    expected.as_object_mut().unwrap().remove("groups");
    expected.as_object_mut().unwrap().remove("password");
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&created.body[name], value, "{name}");
    }
    okta.tolerated(&created, &["read-only"]).await;
    let read = okta.read(&format!("/Users/{}", created.id())).await;
    assert_eq!(read, created.body);
}

#[tokio::test]
async fn okta_creates_somebody_who_is_there() {
    let okta = okta().await;
    okta.post("/Users", new_user("ada@example.com"))
        .await
        .is(201);
    let again = okta.post("/Users", new_user("Ada@Example.com")).await;
    let again = again.fails(409, "uniqueness");
    assert_eq!(again.header("location"), "");
    assert_eq!(okta.filter("/Users", "userName pr").await.total(), 2);
}

#[tokio::test]
async fn okta_updates_by_put_of_what_it_read_with_empty_strings() {
    let okta = okta().await;
    let user = okta
        .user_with(
            "ada@example.com",
            json!({ "name": { "givenName": "Ada", "middleName": "King" }, "nickName": "A" }),
        )
        .await;
    okta.group("Analysts", &[&user]).await;
    let mut body = okta.read(&user).await;
    let id = body["id"].clone();
    body["name"] = json!({ "givenName": "Augusta", "middleName": "", "familyName": "L" });
    body["nickName"] = "".into();
    body["title"] = "Countess".into();
    let replaced = okta.put(&user, body).await.is(200);
    assert_eq!(replaced.body["id"], id);
    okta.tolerated(&replaced, &["empty-string", "read-only"])
        .await;
    let read = okta.read(&user).await;
    assert_eq!(read["title"], "Countess");
    assert_eq!(
        read["name"],
        json!({ "familyName": "L", "givenName": "Augusta" })
    );
    assert_eq!(read.get("nickName"), None);
    assert_eq!(read["groups"][0]["display"], "Analysts");
}

#[tokio::test]
async fn okta_deactivates_and_reactivates_by_patch_without_path() {
    let okta = okta().await;
    let user = okta.user("ada@example.com").await;
    for active in [false, true, true] {
        let operation = json!([{ "op": "replace", "value": { "active": active } }]);
        let reply = okta.patch(&user, operation).await.done();
        okta.tolerated(&reply, &[]).await;
        assert_eq!(okta.read(&user).await["active"], active);
    }
}

#[tokio::test]
async fn okta_wizard_app_deactivates_by_put() {
    let okta = okta().await;
    let user = okta.user("ada@example.com").await;
    let mut body = okta.read(&user).await;
    body["active"] = false.into();
    okta.put(&user, body).await.is(200);
    assert_eq!(okta.read(&user).await["active"], false);
}

#[tokio::test]
async fn okta_sets_a_password_that_is_never_shown() {
    let okta = okta().await;
    let user = okta.user("ada@example.com").await;
    let before = okta.read(&user).await;
    let operation = json!([{ "op": "replace", "value": { "password": "hunter2hunter2" } }]);
    let reply = okta.patch(&user, operation).await.done();
    okta.tolerated(&reply, &[]).await;
    let logged = serde_json::to_string(&okta.logged(&reply).await).unwrap();
    assert!(!logged.contains("hunter2"), "{logged}");
    assert_eq!(okta.read(&user).await, before);
}

#[tokio::test]
async fn okta_catalogue_app_deletes_users() {
    let okta = okta().await;
    let user = okta.user("ada@example.com").await;
    let group = okta.group("Analysts", &[&user]).await;
    assert_eq!(okta.delete(&user).await.is(204).text, "");
    okta.get(&user).await.is(404);
    okta.has_members(&group, &[]).await;
    // The name is free again.
    okta.post("/Users", new_user("ada@example.com"))
        .await
        .is(201);
}

#[tokio::test]
async fn okta_sends_a_base_url_with_a_slash_at_its_end() {
    let okta = okta().await;
    let reply = okta.get("//Users?startIndex=1&count=2").await.is(200);
    okta.tolerated(&reply, &["extra-slashes"]).await;
    let neighbour = okta.get("/Users?startIndex=1&count=2").await.is(200);
    okta.tolerated(&neighbour, &[]).await;
}

#[tokio::test]
async fn okta_imports_groups_with_their_members() {
    let okta = okta().await;
    let user = okta.user("ada@example.com").await;
    let group = okta.group("Analysts", &[&user]).await;
    let path = with_query("/Groups", &[("startIndex", "1"), ("count", "100")]);
    let reply = okta.get(&path).await.is(200);
    assert_eq!(reply.ids(), [id_of(&group)]);
    let listed = &reply.body["Resources"][0];
    assert_eq!(listed["schemas"], json!([GROUP]));
    assert_eq!(listed["members"][0]["value"], id_of(&user));
    assert_eq!(*listed, okta.read(&group).await);
}
