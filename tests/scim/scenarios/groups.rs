//! S20–S27: what an identity provider pushes of groups.

use provost::admin::types::{OwnEdit, TeamChange, TeamSource};
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{World, group, user};
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::filtered;

const OFF: &str = "403: team sync is off | refused TEAM_SYNC_OFF teams.sync_toggle |";

#[rstest]
#[case(LD, OFF)]
#[case(UN, "201 new | applied | +New")]
#[case(FS, "201 new | applied | +New")]
#[case(DD, "201 new | applied teams.name_rule | +New")]
#[case(SAFE, OFF)]
#[tokio::test]
async fn s20_a_group_while_team_sync_is_off(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    if world.has_switch() {
        world.switch_team_sync(false).await;
    }
    let new = group(&world, "New", "g-n", &[]);
    world.post("/Groups", new).await.is(row);
    let found = filtered("/Groups", "displayName eq \"New\"");
    let hits = if world.has_switch() { 0 } else { 1 };
    let row = format!("200 {hits} hits | no_op |");
    world.get(&found).await.is(&row);
}

#[rstest]
#[case(LD, "201 new | applied | +Data Eng", "data-eng")]
#[case(UN, "201 new | applied | +Data Eng", "data-eng")]
#[case(FS, "201 new | applied | +Data Eng", "data-eng")]
#[case(DD, "201 new | applied teams.name_rule | +Data_Eng", "data_eng")]
#[case(SAFE, "201 new | applied | +Data Eng", "data-eng")]
#[tokio::test]
async fn s21_a_new_group(#[case] preset: &'static str, #[case] row: &str, #[case] key: &str) {
    let world = World::under(preset).await;
    let new = group(&world, "Data Eng", "g-d", &[]);
    let seen = world.post("/Groups", new).await;
    seen.is(row);
    assert_eq!(seen.body()["externalId"], "g-d");
    let id = seen.body()["id"].as_str().unwrap().parse().unwrap();
    let team = world.remote().team(id).await.unwrap();
    assert_eq!(team.row.key, key);
    assert_eq!(team.row.source, TeamSource::Synced, "managed externally");
}

/// What admins keep of a team, and a member whom the group does not have.
async fn keep(world: &World) -> OwnEdit {
    let role = match world.preset {
        UN => "Editor",
        FS => "user",
        DD => "Standard",
        _ => "writer",
    };
    let own = OwnEdit {
        description: Some("kept here".into()),
        roles: Some(vec![role.into()]),
        maintainers: Some(vec![world.id("ada").parse().unwrap()]),
    };
    let joins = TeamChange::Members {
        add: vec![world.id("pre").parse().unwrap()],
        remove: Vec::new(),
    };
    for change in [TeamChange::Describe(own.clone()), joins] {
        let row = world.change("Loc", change).await;
        assert!(row.starts_with("done | applied "), "{row}");
    }
    own
}

const LINKED: &str =
    "201 Loc | applied teams.match | Loc: externalId=g-l source=synced; Loc -pre@x.io";

#[rstest]
#[case(LD, LINKED)]
#[case(
    UN,
    "409 uniqueness: Group name already exists | refused DUP_GROUP teams.post_existing_name |"
)]
#[case(FS, "201 new | applied teams.post_existing_name | +Loc; Loc +ada@x.io")]
#[case(DD, LINKED)]
#[case(SAFE, LINKED)]
#[tokio::test]
async fn s22_a_group_with_the_name_of_a_team(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let own = keep(&world).await;
    let pushed = group(&world, "Loc", "g-l", &["ada"]);
    world.post("/Groups", pushed).await.is(row);
    let team = world.team("Loc").await;
    assert_eq!(Some(team.description), own.description);
    assert_eq!(Some(team.row.roles), own.roles);
    let maintainers: Vec<_> = team.maintained_by.iter().map(|it| it.id).collect();
    assert_eq!(Some(maintainers), own.maintainers);
    let is_linked = row == LINKED;
    let (source, members): (_, &[&str]) = if is_linked {
        (TeamSource::Synced, &["ada"])
    } else {
        (TeamSource::Local, &["ada", "pre"])
    };
    assert_eq!(team.row.source, source);
    assert_eq!(world.members_of("Loc").await, members);
    let found = filtered("/Groups", "displayName eq \"Loc\"");
    let hits = if preset == FS { 2 } else { 1 };
    let row = format!("200 {hits} hits | no_op |");
    world.get(&found).await.is(&row);
}

#[rstest]
#[case(LD, "201 new | applied | +loc")]
#[case(UN, "201 new | applied | +loc")]
#[case(FS, "201 new | applied | +loc")]
#[case(DD, "201 new | applied teams.name_rule | +loc")]
#[case(SAFE, "201 new | applied | +loc")]
#[tokio::test]
async fn s23_another_case_is_another_team(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let pushed = group(&world, "loc", "g-l", &[]);
    world.post("/Groups", pushed).await.is(row);
    assert_eq!(world.team("Loc").await.row.source, TeamSource::Local);
    assert_eq!(world.members_of("Loc").await, ["ada"]);
    // `displayName` is compared without case (RFC 7643 §4.2).
    for name in ["loc", "LOC"] {
        let found = filtered("/Groups", &format!("displayName eq \"{name}\""));
        world.get(&found).await.is("200 2 hits | no_op |");
    }
    // In a list by name both stand, however short the pages are.
    let mut seen = Vec::new();
    for start in 1..=3 {
        let page = format!("/Groups?sortBy=displayName&startIndex={start}&count=1");
        let page = world.provider.read(&page).await;
        let name = page["Resources"][0]["displayName"].as_str().unwrap();
        seen.push(name.to_owned());
    }
    assert_eq!(seen, ["Loc", "loc", "Pay"]);
    let named = world.remote().find_team("loc".into()).await.unwrap();
    assert_eq!(named.row.name, "loc", "an admin means the one that is so");
}

/// Two requests for one new group at once make one team.
#[rstest]
#[case(LD, &[201, 201])]
#[case(UN, &[201, 409])]
#[case(DD, &[201, 201])]
#[case(SAFE, &[201, 201])]
#[tokio::test]
async fn s23_the_same_new_group_twice_at_once(
    #[case] preset: &'static str,
    #[case] expected: &[u16],
) {
    let world = World::under(preset).await;
    for round in 0..10 {
        let name = format!("Ops{round}");
        // Without an externalId nothing but the name tells that they are one.
        let mut pushed = group(&world, &name, "", &[]);
        pushed.as_object_mut().unwrap().remove("externalId");
        let (one, other) = tokio::join!(
            world.provider.post("/Groups", pushed.clone()),
            world.provider.post("/Groups", pushed.clone())
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, expected, "{one:?} {other:?}");
        let found = filtered("/Groups", &format!("displayName eq \"{name}\""));
        world.get(&found).await.is("200 1 hits | no_op |");
    }
}

/// Of eight groups that take one name at once one gets it, unless the policy lets them all.
#[rstest]
#[case(LD, 1)]
#[case(UN, 1)]
#[case(FS, 8)]
#[case(DD, 1)]
#[case(SAFE, 1)]
#[tokio::test]
async fn s23_eight_groups_take_one_name_at_once(#[case] preset: &'static str, #[case] get: usize) {
    let world = World::under(preset).await;
    let mut paths = Vec::new();
    for number in 0..8 {
        let pushed = group(&world, &format!("Ops{number}"), &format!("g-{number}"), &[]);
        let made = world.provider.post("/Groups", pushed).await.is(201);
        paths.push(format!("/Groups/{}", made.id()));
    }
    for round in 0..5 {
        let name = format!("Dev{round}");
        let rename = json!([{ "op": "replace", "path": "displayName", "value": name }]);
        let renames = paths
            .iter()
            .map(|path| world.provider.patch(path, rename.clone()));
        let replies = futures::future::join_all(renames).await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        let got = statuses.iter().filter(|status| **status == 200).count();
        let refused = statuses.iter().filter(|status| **status == 409).count();
        assert_eq!((got, refused), (get, 8 - get), "{statuses:?}");
        let found = filtered("/Groups", &format!("displayName eq \"{name}\""));
        let row = format!("200 {get} hits | no_op |");
        world.get(&found).await.is(&row);
    }
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s24_a_member_joins_twice(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let pre = json!({ "value": world.id("pre") });
    let joins = json!([{ "op": "add", "path": "members", "value": [pre, pre] }]);
    let first = world.patch("Pay", joins.clone()).await;
    first.is("200 Pay | applied | Pay +pre@x.io");
    world.patch("Pay", joins).await.is("200 Pay | no_op |");
    let members = world.members_of("Pay").await;
    assert_eq!(members.iter().filter(|it| *it == "pre").count(), 1);
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s25_one_of_two_is_removed_either_way(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let ada = world.id("ada").to_owned();
    let both = [json!({ "value": ada }), json!({ "value": world.id("pre") })];
    let all = json!([{ "op": "replace", "path": "members", "value": both }]);
    let by_filter = json!([{ "op": "remove", "path": format!("members[value eq \"{ada}\"]") }]);
    let by_value = json!([{ "op": "remove", "path": "members", "value": [{ "value": ada }] }]);
    for (removal, code) in [(by_filter, ""), (by_value, "PATCH_REMOVE ")] {
        world.patch("Pay", all.clone()).await;
        assert_eq!(world.members_of("Pay").await, ["ada", "pre"]);
        let seen = world.patch("Pay", removal).await;
        seen.is(&format!("200 Pay | applied {code}| Pay -ada@x.io"));
        assert_eq!(world.members_of("Pay").await, ["pre"], "exactly one");
    }
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s26_three_of_five_are_removed_at_once(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let mut five = Vec::new();
    for number in 1..=5 {
        let body = user(&format!("n{number}@x.io"), json!({}));
        let made = world.provider.post("/Users", body).await.is(201);
        five.push(made.id().to_owned());
    }
    let value = |ids: &[String]| -> Vec<Value> {
        let ids = ids.iter();
        ids.map(|id| json!({ "value": id })).collect()
    };
    let all = json!([{ "op": "replace", "path": "members", "value": value(&five) }]);
    world.patch("Pay", all).await;
    let removals: Vec<Value> = five[..3]
        .iter()
        .map(|id| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }))
        .collect();
    let seen = world.patch("Pay", removals.into()).await;
    seen.is("200 Pay | applied | Pay -n1@x.io; Pay -n2@x.io; Pay -n3@x.io");
    let left = world.provider.read(&world.path("Pay")).await;
    let mut left: Vec<_> = left["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["value"].as_str().unwrap())
        .collect();
    left.sort_unstable();
    let mut expected = [five[3].as_str(), &five[4]];
    expected.sort_unstable();
    assert_eq!(left, expected);
}

const STRANGER: &str = "7f3d5a52-0000-4000-8000-00000000abcd";

#[rstest]
#[case(
    LD,
    "404: member not found | refused GROUP_FIRST teams.unknown_member |"
)]
#[case(
    UN,
    "200 Pay | applied MEMBER_SKIPPED teams.unknown_member | Pay +pre@x.io"
)]
#[case(
    FS,
    "200 Pay | applied MEMBER_SKIPPED teams.unknown_member | Pay +pre@x.io"
)]
#[case(
    DD,
    "404: member 7f3d5a52-0000-4000-8000-00000000abcd not found | refused GROUP_FIRST teams.unknown_member |"
)]
#[case(
    SAFE,
    "200 Pay | applied MEMBER_PARKED teams.unknown_member | Pay +pre@x.io; Pay: parked=7f3d5a52-0000-4000-8000-00000000abcd"
)]
#[tokio::test]
async fn s27_somebody_unknown_and_somebody_known(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let value = [
        json!({ "value": STRANGER }),
        json!({ "value": world.id("pre") }),
    ];
    let joins = json!([{ "op": "add", "path": "members", "value": value }]);
    let seen = world.patch("Pay", joins).await;
    seen.is(row);
    let has_joined = world.members_of("Pay").await.contains(&"pre".to_owned());
    assert_eq!(has_joined, seen.reply.status == 200);
    // The unknown one is reported, wherever they are left out.
    seen.notes(STRANGER);
    if seen.reply.status >= 400 {
        let detail = world.remote().request(seen.exchange.row.id).await.unwrap();
        let explanation = detail.explanation.unwrap();
        let text = serde_json::to_string(&explanation).unwrap().to_lowercase();
        assert!(text.contains("assign"), "{text}");
    }
}
