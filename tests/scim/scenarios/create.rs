//! S01–S04, S11, S17: who is created, and who turns out to be there.

use std::collections::BTreeSet;

use provost::admin::types::ChangeOp;
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{World, user};
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::{LAUNCHDARKLY, filtered};

#[rstest]
#[case(LD, "201 new | applied | +eve@x.io", "eve@x.io")]
#[case(UN, "201 new | applied | +Eve@X.io", "Eve@X.io")]
#[case(FS, "201 new | applied | +Eve@X.io", "Eve@X.io")]
#[case(DD, "201 new | applied users.invite_ttl | +Eve@X.io", "Eve@X.io")]
#[case(SAFE, "201 new | applied | +Eve@X.io", "Eve@X.io")]
#[tokio::test]
async fn s01_a_new_user(#[case] preset: &'static str, #[case] row: &str, #[case] user_name: &str) {
    let world = World::under(preset).await;
    let seen = world.post("/Users", user("Eve@X.io", json!({}))).await;
    seen.is(row);
    assert_eq!(seen.body()["userName"], user_name);
}

#[rstest]
#[case(
    LD,
    "409 uniqueness: member already exists | refused DUP_USER users.post_existing_active |"
)]
#[case(
    UN,
    "409 uniqueness: externalId is already in use | refused DUP_USER users.post_existing_active |"
)]
#[case(FS, "200 ada | no_op users.post_existing_active |")]
#[case(
    DD,
    "409 uniqueness: userName is already in use, spelled with other letters of the same kind | refused CASE_FOLD users.post_existing_active |"
)]
#[case(
    SAFE,
    "409 uniqueness: externalId is already in use | refused DUP_USER users.post_existing_active |"
)]
#[tokio::test]
async fn s02_an_active_user_again(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let body = user("ADA@x.io", json!({ "externalId": "e-a" }));
    world.post("/Users", body).await.is(row);
}

#[rstest]
#[case(
    LD,
    "409 uniqueness: member already exists | refused DUP_USER users.post_existing_active |"
)]
#[case(
    UN,
    "200 pre | applied users.post_existing_active | pre@x.io: externalId=e-p management=provisioned"
)]
#[case(
    FS,
    "200 pre | applied users.post_existing_active | pre@x.io: externalId=e-p management=provisioned"
)]
#[case(
    DD,
    "409 uniqueness: userName is already in use | refused DUP_USER users.post_existing_active |"
)]
#[case(
    SAFE,
    "200 pre | applied users.post_existing_active | pre@x.io: externalId=e-p management=linked"
)]
#[tokio::test]
async fn s03_somebody_who_was_there_before(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let more = json!({ "externalId": "e-p" });
    let seen = world.post("/Users", user("pre@x.io", more.clone())).await;
    seen.is(row);
    if seen.reply.status == 409 {
        let linked = if preset == LD {
            "linked"
        } else {
            "provisioned"
        };
        let found = world
            .get(&filtered("/Users", "userName eq \"pre@x.io\""))
            .await;
        found.is("200 1 hits | no_op |");
        world.put("pre", more).await.is(&format!(
            "200 pre | applied | pre@x.io: externalId=e-p management={linked}"
        ));
    }
    assert_eq!(world.user("pre").await["externalId"], "e-p");
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s04_a_search_by_name(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let found = filtered("/Users", "userName eq \"ADA@X.io\"") + "&startIndex=1&count=100";
    let seen = world.get(&found).await;
    seen.is("200 1 hits | no_op |");
    assert_eq!(seen.reply.ids(), [world.id("ada")]);
    let nobody = filtered("/Users", "userName eq \"nobody@x.io\"") + "&startIndex=1&count=100";
    let seen = world.get(&nobody).await;
    seen.is("200 0 hits | no_op |");
    assert_eq!(seen.body()["Resources"], json!([]));
}

/// A request that would make somebody the owner, or give them a role that there is not.
fn with_role(preset: &str, role: &str) -> Value {
    match preset {
        DD => json!({ "roles": [{ "value": role }] }),
        _ => json!({ LAUNCHDARKLY: { "role": role } }),
    }
}

#[rstest]
#[case(
    LD,
    "400 invalidValue: Cannot create an owner | refused OWNER_PROTECTED guard.owner |"
)]
#[case(UN, "201 new | applied | +eve@x.io")]
#[case(FS, "201 new | applied | +eve@x.io")]
#[case(
    DD,
    "201 new | applied ROLE_UNMATCHED roles.unknown | +eve@x.io; eve@x.io: role.unmatched=owner"
)]
#[case(
    SAFE,
    "400 invalidValue: no request can make somebody the owner | refused OWNER_PROTECTED guard.owner |"
)]
#[tokio::test]
async fn s11_an_owner(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let body = user("eve@x.io", with_role(preset, "owner"));
    let seen = world.post("/Users", body).await;
    seen.is(row);
    assert_eq!(seen.body()[LAUNCHDARKLY], Value::Null);
    assert_eq!(seen.body()["roles"], Value::Null);
}

#[rstest]
#[case(
    LD,
    "409 uniqueness: member already exists | refused REACTIVATE users.post_existing_inactive |"
)]
#[case(
    UN,
    "201 new | applied users.post_existing_inactive | +bob@x.io; bob@x.io: formerId=bob"
)]
#[case(FS, "201 bob | applied users.post_existing_inactive | +bob@x.io")]
#[case(
    DD,
    "200 bob | applied users.post_existing_inactive | bob@x.io: active=true"
)]
#[case(
    SAFE,
    "200 bob | applied users.post_existing_inactive | bob@x.io: active=true"
)]
#[tokio::test]
async fn s17_an_inactive_user_again(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let body = user("bob@x.io", json!({ "externalId": "e-b" }));
    let seen = world.post("/Users", body).await;
    let row = row.replace("formerId=bob", &format!("formerId={}", world.id("bob")));
    seen.is(&row);
    if preset == LD {
        return;
    }
    let bob = seen.body();
    assert_eq!(bob["active"], true);
    let is_in_pay = world.members_of("Pay").await.contains(&"bob".to_owned());
    // Who was inactive kept their teams; who was gone begins without.
    assert_eq!(is_in_pay, [DD, SAFE].contains(&preset));
    assert_eq!(
        bob["groups"].as_array().is_some_and(|it| !it.is_empty()),
        is_in_pay
    );
    // The timeline tells of both lives, whether they share an id or not.
    let timeline = world.timeline(bob["id"].as_str().unwrap()).await;
    let created = timeline
        .iter()
        .filter(|row| row.change.op == ChangeOp::Create);
    assert_eq!(created.count(), if is_in_pay { 1 } else { 2 });
}

#[rstest]
#[case(UN, 3)]
#[case(FS, 1)]
#[tokio::test]
async fn s17_every_return_is_linked_to_the_life_before(
    #[case] preset: &'static str,
    #[case] identities: usize,
) {
    let world = World::under(preset).await;
    let mut ids = BTreeSet::from([world.id("bob").to_owned()]);
    let mut last = String::new();
    for _ in 0..2 {
        let body = user("bob@x.io", json!({ "externalId": "e-b" }));
        let seen = world.post("/Users", body).await;
        assert_eq!(seen.reply.status, 201);
        last = seen.reply.id().to_owned();
        ids.insert(last.clone());
        world
            .provider
            .delete(&format!("/Users/{last}"))
            .await
            .is(204);
    }
    assert_eq!(ids.len(), identities);
    let timeline = world.timeline(&last).await;
    let created = timeline
        .iter()
        .filter(|row| row.change.op == ChangeOp::Create);
    assert_eq!(created.count(), 3);
}

#[tokio::test]
async fn s17_under_safe_a_deleted_user_returns_as_they_were() {
    let world = World::under(SAFE).await;
    world.delete("ada").await;
    assert!(world.is_gone("ada").await);
    let body = user("ada@x.io", json!({ "externalId": "e-a" }));
    world
        .post("/Users", body)
        .await
        .is("200 ada | applied users.post_existing_inactive | ada@x.io: active=true restored");
    let ada = world.user("ada").await;
    assert_eq!(ada[LAUNCHDARKLY]["role"], "writer");
    for team in ["Pay", "Loc"] {
        assert!(
            world.members_of(team).await.contains(&"ada".to_owned()),
            "{team}"
        );
    }
}
