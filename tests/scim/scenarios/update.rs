//! S10, S12, S13, S15, S16, S19: who is changed.

use rstest::rstest;
use serde_json::{Value, json};

use super::world::World;
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::LAUNCHDARKLY;

#[rstest]
#[case(LD, "200 own | ignored OWNER_PROTECTED guard.owner |")]
#[case(UN, "200 own | no_op |")]
#[case(FS, "200 own | no_op |")]
#[case(DD, "200 own | no_op |")]
#[case(SAFE, "200 own | ignored OWNER_PROTECTED guard.owner |")]
#[tokio::test]
async fn s10_the_role_of_the_owner(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let path = format!("{LAUNCHDARKLY}:role");
    let lesser = json!([{ "op": "replace", "path": path, "value": "reader" }]);
    world.patch("own", lesser).await.is(row);
    assert_eq!(world.user("own").await[LAUNCHDARKLY]["role"], "owner");
}

#[rstest]
#[case(
    LD,
    "400 invalidValue: 'superuser' is not a valid primary role | refused ROLE_NOT_APPLIED roles.unknown |",
    Some("writer")
)]
#[case(
    UN,
    "200 ada | applied ROLE_RESET roles.absent | ada@x.io: -role",
    None
)]
#[case(FS, "200 ada | no_op |", None)]
#[case(
    DD,
    "200 ada | applied ROLE_UNMATCHED roles.unknown | ada@x.io: -roles; ada@x.io: role.unmatched=superuser",
    None
)]
#[case(
    SAFE,
    "200 ada | applied ROLE_UNMATCHED roles.unknown | ada@x.io: -role; ada@x.io: role.unmatched=superuser",
    None
)]
#[tokio::test]
async fn s12_a_role_that_is_not_there(
    #[case] preset: &'static str,
    #[case] row: &str,
    #[case] role: Option<&str>,
) {
    let world = World::under(preset).await;
    let roles = match preset {
        DD => json!({ "externalId": "e-a", "roles": [{ "value": "superuser" }] }),
        _ => json!({ "externalId": "e-a", LAUNCHDARKLY: { "role": "superuser" } }),
    };
    world.put("ada", roles).await.is(row);
    let ada = world.user("ada").await;
    assert_eq!(ada[LAUNCHDARKLY]["role"].as_str(), role);
    assert_eq!(ada["roles"], Value::Null);
}

#[rstest]
#[case(
    LD,
    "400 invalidValue: Unknown custom role 'nope' | refused ROLE_NOT_APPLIED roles.unknown |"
)]
#[case(UN, "200 ada | applied ROLE_RESET roles.absent | ada@x.io: -role")]
#[case(FS, "200 ada | no_op |")]
#[case(
    SAFE,
    "200 ada | no_op ROLE_UNMATCHED roles.unknown | ada@x.io: role.unmatched=nope"
)]
#[tokio::test]
async fn s12_a_custom_role_that_is_not_there(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    if preset == SAFE {
        world.set("roles.custom", "a,b,c").await;
    }
    let roles = json!({ "role": "writer", "customRole": ["nope"] });
    let more = json!({ "externalId": "e-a", LAUNCHDARKLY: roles });
    world.put("ada", more).await.is(row);
    assert_eq!(
        world.user("ada").await[LAUNCHDARKLY]["customRole"],
        Value::Null
    );
}

#[rstest]
#[case(LD)]
#[case(SAFE)]
#[tokio::test]
async fn s13_custom_roles_are_replaced_as_a_list(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    world.set("roles.custom", "a,b,c").await;
    let with = |roles: Value| json!({ "externalId": "e-a", LAUNCHDARKLY: { "role": "writer", "customRole": roles } });
    world.put("ada", with(json!(["a", "b"]))).await;
    world
        .put("ada", with(json!(["b", "c"])))
        .await
        .is("200 ada | applied | ada@x.io: customRole=[b,c]");
    assert_eq!(
        world.roles_of("ada").await,
        ["b", "c"],
        "the base role is superseded"
    );
}

#[tokio::test]
async fn s13_roles_under_datadog_are_those_that_are_known() {
    let world = World::under(DD).await;
    world.set("roles.custom", "a,b").await;
    let with = |roles: &[&str]| {
        let roles: Vec<Value> = roles.iter().map(|role| json!({ "value": role })).collect();
        json!({ "externalId": "e-a", "roles": roles })
    };
    world.put("ada", with(&["a", "b"])).await;
    world
        .put("ada", with(&["b", "c"]))
        .await
        .is("200 ada | applied ROLE_UNMATCHED roles.unknown | ada@x.io: roles=[b]; ada@x.io: role.unmatched=c");
}

#[rstest]
#[case(
    LD,
    "400 invalidValue: Cannot change properties on deactivated members other than 'active' | refused INACTIVE users.update_inactive |"
)]
#[case(UN, "404: there is no member with this id | refused NOT_FOUND |")]
#[case(FS, "404: there is no member with this id | refused NOT_FOUND |")]
#[case(
    DD,
    "200 bob inactive | applied users.update_inactive | bob@x.io: name.familyName=Stone"
)]
#[case(
    SAFE,
    "200 bob inactive | applied users.update_inactive | bob@x.io: name.familyName=Stone"
)]
#[tokio::test]
async fn s15_an_inactive_user(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let name = json!({ "familyName": "Stone" });
    let more = json!({ "externalId": "e-b", "active": false, "name": name });
    world.put("bob", more).await.is(row);
}

#[rstest]
#[case(LD, "200 bob | applied | bob@x.io: name.familyName=Stone active=true")]
#[case(UN, "404: there is no member with this id | refused NOT_FOUND |")]
#[case(FS, "404: there is no member with this id | refused NOT_FOUND |")]
#[case(DD, "200 bob | applied | bob@x.io: name.familyName=Stone active=true")]
#[case(
    SAFE,
    "200 bob | applied | bob@x.io: name.familyName=Stone active=true"
)]
#[tokio::test]
async fn s16_an_inactive_user_becomes_active(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let name = json!({ "familyName": "Stone" });
    let more = json!({ "externalId": "e-b", "active": true, "name": name });
    let seen = world.put("bob", more).await;
    seen.is(row);
    if seen.reply.status == 200 {
        assert_eq!(
            world.members_of("Pay").await,
            ["ada", "bob"],
            "teams are back"
        );
    }
}

#[rstest]
#[case(LD, "member already exists")]
#[case(UN, "userName is already in use")]
#[case(FS, "userName is already in use")]
#[case(DD, "userName is already in use")]
#[case(SAFE, "userName is already in use")]
#[tokio::test]
async fn s19_the_name_of_somebody_else(#[case] preset: &'static str, #[case] detail: &str) {
    let world = World::under(preset).await;
    let before = world.user("ada").await;
    let more = json!({ "externalId": "e-a", "userName": "pre@x.io" });
    world
        .put("ada", more)
        .await
        .is(&format!("409 uniqueness: {detail} | refused DUP_USER |"));
    assert_eq!(world.user("ada").await, before);
}
