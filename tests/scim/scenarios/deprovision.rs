//! S05–S09, S18: who loses their access, and what is left of them.

use rstest::rstest;
use serde_json::{Value, json};

use super::world::{World, user};
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::id_of;

/// What is left of ada once her access is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// She is there, inactive, with role and teams.
    Inactive,
    /// The identity provider is told that there is no such user.
    Nothing,
}

impl Left {
    async fn check(self, world: &World) {
        let is_gone = self == Self::Nothing;
        assert_eq!(world.is_gone("ada").await, is_gone);
        let in_teams = !is_gone;
        for team in ["Pay", "Loc"] {
            let members = world.members_of(team).await;
            assert_eq!(members.contains(&"ada".to_owned()), in_teams, "{team}");
        }
        if is_gone {
            // Her name is free; whether whoever has it is her again is another row.
            let again = user("ada@x.io", json!({}));
            let again = world.provider.post("/Users", again).await;
            assert!([200, 201].contains(&again.status), "{again:?}");
        } else {
            assert_eq!(world.user("ada").await["active"], false);
        }
    }
}

const HIDDEN: &str = "Loc -ada@x.io; Pay -ada@x.io; \
    ada@x.io: active=false displayName=ada@x.io (Deleted) -externalId -userName -emails -role deleted";

#[rstest]
#[case(
    LD,
    "200 ada inactive | applied users.on_inactive | ada@x.io: active=false",
    Left::Inactive
)]
#[case(UN, &format!("200 ada inactive | applied users.on_inactive | {HIDDEN}"), Left::Nothing)]
#[case(
    FS,
    "200 ada inactive | applied users.on_inactive | Loc -ada@x.io; Pay -ada@x.io; -ada@x.io",
    Left::Nothing
)]
#[case(
    DD,
    "200 ada inactive | applied users.on_inactive | ada@x.io: active=false",
    Left::Inactive
)]
#[case(
    SAFE,
    "200 ada inactive | applied users.on_inactive | ada@x.io: active=false",
    Left::Inactive
)]
#[tokio::test]
async fn s05_active_false(#[case] preset: &'static str, #[case] row: &str, #[case] left: Left) {
    let world = World::under(preset).await;
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    world.patch("ada", off).await.is(row);
    left.check(&world).await;
    let timeline = world.timeline(world.id("ada")).await;
    assert_eq!(
        timeline[0].change.label, "ada@x.io",
        "the audit keeps her name"
    );
}

#[rstest]
#[case(LD, Left::Inactive)]
#[case(UN, Left::Nothing)]
#[case(FS, Left::Nothing)]
#[case(DD, Left::Inactive)]
#[case(SAFE, Left::Inactive)]
#[tokio::test]
async fn s06_active_false_as_entra_says_it(#[case] preset: &'static str, #[case] left: Left) {
    let world = World::under(preset).await;
    let off = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
    let seen = world.patch("ada", off).await;
    assert_eq!(seen.reply.status, 200);
    assert_eq!(
        seen.exchange.policy_key.as_deref(),
        Some("users.on_inactive")
    );
    seen.notes("operation-case").notes("string-boolean");
    left.check(&world).await;
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s07_active_false_with_another_name(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let more = json!({ "externalId": "e-a", "userName": "lovelace@x.io", "active": false });
    let seen = world.put("ada", more).await;
    assert_eq!(seen.reply.status, 200);
    assert_eq!(id_of(seen.body()["id"].as_str().unwrap()), world.id("ada"));
    let is_somebody_else =
        |id: &str| id != world.id("ada") && [world.id("own"), world.id("pre")].contains(&id);
    assert!(
        !seen
            .exchange
            .changed
            .iter()
            .any(|change| is_somebody_else(&change.id))
    );
    for name in ["own", "pre"] {
        assert_eq!(world.user(name).await["active"], true, "{name}");
    }
    if let LD | DD | SAFE = preset {
        let ada = world.user("ada").await;
        assert_eq!(
            (&ada["userName"], &ada["active"]),
            (&json!("lovelace@x.io"), &json!(false))
        );
    }
}

#[rstest]
#[case(
    LD,
    "204 | applied users.on_delete | ada@x.io: active=false",
    Left::Inactive
)]
#[case(UN, &format!("204 | applied users.on_delete | {HIDDEN}"), Left::Nothing)]
#[case(
    FS,
    "204 | applied users.on_delete | Loc -ada@x.io; Pay -ada@x.io; -ada@x.io",
    Left::Nothing
)]
#[case(
    DD,
    "204 | applied users.on_delete | ada@x.io: active=false",
    Left::Inactive
)]
#[case(
    SAFE,
    "204 | applied users.on_delete | ada@x.io: active=false deleted",
    Left::Nothing
)]
#[tokio::test]
async fn s08_delete(#[case] preset: &'static str, #[case] row: &str, #[case] left: Left) {
    let world = World::under(preset).await;
    world.delete("ada").await.is(row);
    left.check(&world).await;
    let timeline = world.timeline(world.id("ada")).await;
    assert_eq!(
        timeline[0].change.label, "ada@x.io",
        "the audit keeps her name"
    );
}

#[rstest]
#[case(
    LD,
    "400 invalidValue: Cannot deactivate an owner | refused OWNER_PROTECTED guard.owner |"
)]
#[case(UN, "200 own inactive | applied users.on_inactive |")]
#[case(FS, "200 own inactive | applied users.on_inactive |")]
#[case(DD, "200 own inactive | applied users.on_inactive |")]
#[case(
    SAFE,
    "400 invalidValue: no request can deactivate the owner | refused OWNER_PROTECTED guard.owner |"
)]
#[tokio::test]
async fn s09_the_owner(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    world.patch("own", off).await.begins(row);
}

#[rstest]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[tokio::test]
async fn s09_the_last_admin_stays_where_the_guard_is_on(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    world.set("guard.last_admin", "deny").await;
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    let row = "403: this is the last admin; give somebody else an admin role first \
        | refused LAST_ADMIN guard.last_admin |";
    world.patch("own", off).await.is(row);
    assert_eq!(world.user("own").await["active"], true);
}

#[rstest]
#[case(
    LD,
    "403: this member was added before provisioning and cannot be deactivated by it | refused PREEXISTING_PROTECTED users.preexisting |",
    true
)]
#[case(UN, "200 pre inactive | applied users.on_inactive |", false)]
#[case(FS, "200 pre inactive | applied users.on_inactive |", false)]
#[case(DD, "200 pre inactive | applied users.on_inactive |", false)]
#[case(
    SAFE,
    "403: this member was added before provisioning and cannot be deactivated by it | refused PREEXISTING_PROTECTED users.preexisting |",
    true
)]
#[tokio::test]
async fn s18_somebody_who_was_there_before(
    #[case] preset: &'static str,
    #[case] row: &str,
    #[case] stays: bool,
) {
    let world = World::under(preset).await;
    let more = json!({ "externalId": "e-p" });
    if world
        .post("/Users", user("pre@x.io", more.clone()))
        .await
        .reply
        .status
        == 409
    {
        world.put("pre", more).await;
    }
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    world.patch("pre", off).await.begins(row);
    let is_active =
        !world.is_gone("pre").await && world.user("pre").await["active"] == Value::Bool(true);
    assert_eq!(is_active, stays);
}
