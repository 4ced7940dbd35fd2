//! Okta: group push, in all the shapes it has.

use provost::admin::types::{SwitchTeamSync, TraceStep};
use rstest::rstest;
use serde_json::{Value, json};

use super::okta::{okta, okta_of};
use crate::provider::{GROUP, Provider, id_of};

struct Push {
    okta: Provider,
    ada: String,
    bob: String,
    group: String,
}

/// A group of Ada, and Bob beside it.
async fn push() -> Push {
    push_to(okta().await).await
}

async fn push_to(okta: Provider) -> Push {
    let ada = okta.user("ada@example.com").await;
    let bob = okta.user("bob@example.com").await;
    let group = okta.group("Analysts", &[&ada]).await;
    Push {
        okta,
        ada,
        bob,
        group,
    }
}

fn member(path: &str) -> Value {
    json!({ "value": id_of(path), "display": format!("{path}@example.com") })
}

#[tokio::test]
async fn okta_pushes_a_group_without_members_yet() {
    let okta = okta().await;
    let body = json!({ "schemas": [GROUP], "displayName": "Analysts", "members": [] });
    let created = okta.post("/Groups", body.clone()).await.is(201);
    okta.tolerated(&created, &[]).await;
    assert_eq!(created.body["displayName"], "Analysts");
    assert_eq!(
        okta.read(&format!("/Groups/{}", created.id())).await,
        created.body
    );
    okta.post("/Groups", body).await.fails(409, "uniqueness");
}

#[tokio::test]
async fn okta_links_a_group_by_its_name() {
    let Push { okta, group, .. } = push().await;
    let found = okta.filter("/Groups", "displayName eq \"Analysts\"").await;
    assert_eq!(found.ids(), [id_of(&group)]);
}

/// SCIM-SDK#419: members without `type` were dropped.
#[tokio::test]
async fn okta_adds_members_without_type() {
    let push = push().await;
    let operation = json!([{ "op": "add", "path": "members", "value": [member(&push.bob)] }]);
    let reply = push.okta.patch(&push.group, operation).await.done();
    push.okta.tolerated(&reply, &[]).await;
    push.okta
        .has_members(&push.group, &[&push.ada, &push.bob])
        .await;
}

#[tokio::test]
async fn okta_removes_a_member_by_filter() {
    let push = push().await;
    let path = format!("members[value eq \"{}\"]", id_of(&push.ada));
    let operation = json!([{ "op": "remove", "path": path }]);
    let reply = push.okta.patch(&push.group, operation.clone()).await.done();
    push.okta.tolerated(&reply, &[]).await;
    push.okta.has_members(&push.group, &[]).await;
    // A repetition changes nothing and is no failure.
    push.okta.patch(&push.group, operation).await.done();
}

#[tokio::test]
async fn okta_removes_and_adds_in_one_request() {
    let push = push().await;
    let operations = json!([
        { "op": "remove", "path": format!("members[value eq \"{}\"]", id_of(&push.ada)) },
        { "op": "add", "path": "members", "value": [member(&push.bob)] }
    ]);
    push.okta.patch(&push.group, operations).await.done();
    push.okta.has_members(&push.group, &[&push.bob]).await;
}

#[tokio::test]
async fn okta_replaces_the_members_with_a_list() {
    let push = push().await;
    let operation = json!([{ "op": "replace", "path": "members", "value": [member(&push.bob)] }]);
    push.okta.patch(&push.group, operation).await.done();
    push.okta.has_members(&push.group, &[&push.bob]).await;
    // authentik#24173: the real membership changes, not merely a stored copy of it.
    assert_eq!(push.okta.read(&push.ada).await.get("groups"), None);
}

/// SCIM-SDK#757: an empty list was refused.
#[tokio::test]
async fn okta_replaces_the_members_with_nobody() {
    let push = push().await;
    let operation = json!([{ "op": "replace", "path": "members", "value": [] }]);
    let reply = push.okta.patch(&push.group, operation).await.done();
    push.okta.tolerated(&reply, &[]).await;
    push.okta.has_members(&push.group, &[]).await;
}

/// The readOnly id comes along, unchanged, and the members are not mentioned (langwatch#7131).
#[tokio::test]
async fn okta_renames_a_group_and_names_its_id() {
    let push = push().await;
    let value = json!({ "id": id_of(&push.group), "displayName": "Mathematicians" });
    let operation = json!([{ "op": "replace", "value": value }]);
    let reply = push.okta.patch(&push.group, operation).await.done();
    push.okta.tolerated(&reply, &["read-only"]).await;
    assert_eq!(
        push.okta.read(&push.group).await["displayName"],
        "Mathematicians"
    );
    push.okta.has_members(&push.group, &[&push.ada]).await;
}

#[tokio::test]
async fn okta_rename_with_the_id_of_another_group_is_refused() {
    let push = push().await;
    let other = push.okta.group("Others", &[]).await;
    let value = json!({ "id": id_of(&other), "displayName": "Mathematicians" });
    let operation = json!([{ "op": "replace", "value": value }]);
    let reply = push.okta.patch(&push.group, operation).await;
    reply.fails(400, "mutability");
    assert_eq!(push.okta.read(&push.group).await["displayName"], "Analysts");
}

/// jelhub/scimgateway#113: no path, and the members in the value.
#[tokio::test]
async fn okta_pushes_now_with_the_members_it_has() {
    let push = push().await;
    let id = id_of(&push.group);
    for members in [vec![&push.bob], vec![&push.ada, &push.bob], vec![]] {
        let named: Vec<Value> = members.iter().map(|path| member(path)).collect();
        let value = json!({ "id": id, "displayName": "Analysts", "members": named });
        let operation = json!([{ "op": "replace", "value": value }]);
        push.okta.patch(&push.group, operation).await.done();
        let members: Vec<&str> = members.iter().map(|path| path.as_str()).collect();
        push.okta.has_members(&push.group, &members).await;
    }
}

/// The rename comes again with every change of the membership.
#[tokio::test]
async fn okta_repeats_the_rename_with_each_change() {
    let push = push().await;
    let operations = json!([
        { "op": "replace", "value": { "id": id_of(&push.group), "displayName": "Analysts" } },
        { "op": "add", "path": "members", "value": [member(&push.bob)] }
    ]);
    push.okta.patch(&push.group, operations).await.done();
    push.okta
        .has_members(&push.group, &[&push.ada, &push.bob])
        .await;
}

/// scimgateway#95.
#[tokio::test]
async fn okta_wizard_app_puts_a_group_with_members_without_names() {
    let push = push().await;
    let body = json!({
        "schemas": [GROUP],
        "id": id_of(&push.group),
        "displayName": "Mathematicians",
        "members": [
            { "value": id_of(&push.ada), "display": null },
            { "value": id_of(&push.bob), "display": null }
        ]
    });
    let reply = push.okta.put(&push.group, body).await.is(200);
    push.okta.tolerated(&reply, &[]).await;
    assert_eq!(reply.body["displayName"], "Mathematicians");
    push.okta
        .has_members(&push.group, &[&push.ada, &push.bob])
        .await;
}

/// What becomes of it is up to the policy key `teams.unknown_member`.
#[rstest]
#[case::made_up("00u1nobody")]
#[case::gone("2f5b3a1c-8c1e-4b5f-9d0a-5b1f6a2e7c11")]
#[tokio::test]
async fn okta_names_a_member_who_is_not_here(#[case] stranger: &str) {
    let operation = |push: &Push| {
        let value = json!([member(&push.bob), { "value": stranger }]);
        json!([{ "op": "add", "path": "members", "value": value }])
    };
    let left_out = push().await;
    let added = operation(&left_out);
    let reply = left_out.okta.patch(&left_out.group, added).await.done();
    let logged = left_out.okta.logged(&reply).await;
    let is_named = |step: &TraceStep| step.what.contains(stranger);
    assert!(logged.trace.iter().any(is_named), "{:?}", logged.trace);
    let both = [left_out.ada.as_str(), &left_out.bob];
    left_out.okta.has_members(&left_out.group, &both).await;

    let okta = okta_of("launchdarkly").await;
    let on = SwitchTeamSync {
        on: true,
        if_version: None,
    };
    okta.real.admins[0].1.switch_team_sync(on).await.unwrap();
    let refused = push_to(okta).await;
    let added = operation(&refused);
    let reply = refused.okta.patch(&refused.group, added).await;
    assert_eq!(reply.status, 404, "{}", reply.text);
    // Nothing of the request was carried out.
    let ada = [refused.ada.as_str()];
    refused.okta.has_members(&refused.group, &ada).await;
}

#[tokio::test]
async fn okta_unlinks_a_group_and_deletes_it() {
    let push = push().await;
    push.okta.delete(&push.group).await.is(204);
    push.okta.get(&push.group).await.is(404);
    let ada = push.okta.read(&push.ada).await;
    assert_eq!((&ada["active"], ada.get("groups")), (&json!(true), None));
}
