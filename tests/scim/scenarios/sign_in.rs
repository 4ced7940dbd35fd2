//! S39, S40, S44–S46: what a sign-in by SAML makes of the member, and whose word goes first.

use provost::admin::types::{Actor, ActorKind};
use provost::simulate::idp::Person as Subject;
use rstest::rstest;
use serde_json::json;

use super::door::{Door, subject};
use super::world::{World, group};
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::LAUNCHDARKLY;

/// Ada, with a role that is known where a sign-in needs one.
fn ada(world: &World) -> Subject {
    Subject {
        role: (world.preset == DD).then(|| "Read Only".into()),
        ..subject("ada@x.io")
    }
}

/// The teams of ada, by name.
async fn teams(world: &World) -> Vec<String> {
    let id = world.id("ada").parse().unwrap();
    let detail = world.remote().member(id).await.unwrap();
    detail
        .memberships
        .into_iter()
        .map(|team| team.name)
        .collect()
}

/// The team T1: kept here, or pushed by the identity provider.
enum T1 {
    Local,
    Synced,
}

async fn with_t1(world: &World, how: &T1) {
    match how {
        T1::Synced => {
            let t1 = group(world, "T1", "g-1", &[]);
            world.provider.post("/Groups", t1).await.is(201);
        }
        T1::Local => {
            let is_locked = world.preset == LD;
            if is_locked {
                world.switch_team_sync(false).await;
            }
            let t1 = provost::admin::types::NewTeam {
                name: "T1".into(),
                members: Vec::new(),
            };
            world.remote().add_team(t1).await.unwrap();
            if is_locked {
                world.switch_team_sync(true).await;
            }
        }
    }
}

/// `[T1]` came, SCIM says `[Pay]`, and an admin has put ada into Loc by hand.
#[rstest]
#[case(LD, T1::Synced, "in | no_op sso.team_precedence |", &["Loc", "Pay"])]
#[case(UN, T1::Synced, "in | no_op sso.team_precedence |", &["Loc", "Pay"])]
#[case(UN, T1::Local, "in | applied sso.team_precedence | T1 +ada@x.io", &["Loc", "Pay", "T1"])]
#[case(FS, T1::Synced, "in | applied sso.team_precedence | Pay -ada@x.io; T1 +ada@x.io", &["Loc", "T1"])]
#[case(DD, T1::Synced, "in | no_op sso.team_source |", &["Loc", "Pay"])]
#[case(SAFE, T1::Synced, "in | no_op sso.team_precedence |", &["Loc", "Pay"])]
#[case(SAFE, T1::Local, "in | applied sso.team_precedence | T1 +ada@x.io", &["Loc", "Pay", "T1"])]
#[tokio::test]
async fn s39_teams_that_scim_says_otherwise(
    #[case] preset: &'static str,
    #[case] t1: T1,
    #[case] row: &str,
    #[case] expected: &[&str],
) {
    let world = World::under(preset).await;
    with_t1(&world, &t1).await;
    let mut door = Door::enabled(&world).await;
    let who = Subject {
        team_keys: Some(vec!["T1".into(), "ghost".into()]),
        ..ada(&world)
    };
    assert_eq!(door.sign_in(&who).await, row);
    assert_eq!(teams(&world).await, expected);
    door.noted("team ghost is not known here and is left out")
        .await;
    if row.contains("no_op") {
        door.noted("team T1 is left out: provisioning says who is in it")
            .await;
    }
}

#[tokio::test]
async fn s39_flagsmith_until_the_next_push_and_both_in_the_timeline() {
    let world = World::under(FS).await;
    with_t1(&world, &T1::Synced).await;
    let mut door = Door::enabled(&world).await;
    let who = Subject {
        team_keys: Some(vec!["T1".into()]),
        ..ada(&world)
    };
    door.sign_in(&who).await;
    assert_eq!(teams(&world).await, ["Loc", "T1"]);
    let pay = group(&world, "Pay", "g-p", &["ada"]);
    world.provider.put(&world.path("Pay"), pay).await.is(200);
    assert_eq!(teams(&world).await, ["Loc", "Pay", "T1"]);
    let rows = world.timeline(world.id("ada")).await;
    let actors: Vec<&Actor> = rows.iter().take(3).map(|row| &row.actor).collect();
    assert_eq!(actors[0].kind, ActorKind::Idp);
    assert_eq!(*actors[1], Actor::sign_in("ada@x.io"));
    assert_eq!(*actors[2], Actor::sign_in("ada@x.io"));
}

/// A sign-in takes back what a sign-in gave, and nothing else.
#[rstest]
#[case(UN)]
#[case(SAFE)]
#[tokio::test]
async fn s39_a_team_that_no_longer_comes(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    with_t1(&world, &T1::Local).await;
    let mut door = Door::enabled(&world).await;
    for (came, row) in [
        (
            Some(vec!["t1".to_owned()]),
            "in | applied sso.team_precedence | T1 +ada@x.io",
        ),
        (None, "in | no_op |"),
        (
            Some(vec!["t1".to_owned()]),
            "in | no_op sso.team_precedence |",
        ),
        (
            Some(Vec::new()),
            "in | applied sso.team_precedence | T1 -ada@x.io",
        ),
    ] {
        let who = Subject {
            team_keys: came,
            ..ada(&world)
        };
        assert_eq!(door.sign_in(&who).await, row);
    }
    assert_eq!(teams(&world).await, ["Loc", "Pay"]);
}

#[tokio::test]
async fn s39_datadog_where_an_admin_chose_sign_ins() {
    let world = World::under(DD).await;
    with_t1(&world, &T1::Synced).await;
    world.set("sso.team_source", "sign_in").await;
    let mut door = Door::enabled(&world).await;
    let who = Subject {
        team_keys: Some(vec!["T1".into()]),
        ..ada(&world)
    };
    let row = "in | applied sso.team_source | Pay -ada@x.io; T1 +ada@x.io";
    assert_eq!(door.sign_in(&who).await, row);
}

#[rstest]
#[case(LD, "in | no_op sso.no_role_match |", &["writer"])]
#[case(UN, "in | no_op roles.source |", &["Editor"])]
#[case(FS, "in | no_op roles.source |", &["user"])]
#[case(DD, "out | refused NO_ROLE_MAPPING sso.no_role_match | ada@x.io: -roles", &["Standard"])]
#[case(SAFE, "in | no_op sso.no_role_match |", &["writer"])]
#[tokio::test]
async fn s40_no_role_matches(
    #[case] preset: &'static str,
    #[case] row: &str,
    #[case] expected: &[&str],
) {
    let world = World::under(preset).await;
    let mut door = Door::enabled(&world).await;
    let who = Subject {
        role: Some("ghost".into()),
        ..ada(&world)
    };
    assert_eq!(door.sign_in(&who).await, row);
    assert_eq!(world.roles_of("ada").await, expected);
    // Nor is anybody made a member without one.
    if preset == DD {
        world.set("sso.jit", "on").await;
        let stranger = Subject {
            role: Some("ghost".into()),
            ..subject("zoe@x.io")
        };
        let row = "out | refused NO_ROLE_MAPPING sso.no_role_match |";
        assert_eq!(door.sign_in(&stranger).await, row);
        let last = door.last().await;
        let line = world.remote().request(last.request).await.unwrap();
        assert_eq!(line.explanation.unwrap().code, "NO_ROLE_MAPPING");
    }
}

#[rstest]
#[case(LD, "on", "in | applied sso.jit | +zoe@x.io", &["noAccess"])]
#[case(UN, "on", "in | applied sso.jit | +zoe@x.io", &["Viewer"])]
#[case(UN, "off", "out | refused JIT_OFF sso.jit |", &[])]
#[case(FS, "on", "in | applied sso.jit | +zoe@x.io", &["user"])]
#[case(DD, "on", "in | applied sso.jit | +zoe@x.io", &["Standard"])]
#[case(DD, "off", "out | refused JIT_OFF sso.jit |", &[])]
#[case(SAFE, "off_when_scim", "out | refused JIT_OFF_SCIM sso.jit |", &[])]
#[tokio::test]
async fn s44_a_stranger_while_scim_is_on(
    #[case] preset: &'static str,
    #[case] jit: &str,
    #[case] row: &str,
    #[case] roles: &[&str],
) {
    let world = World::under(preset).await;
    let policy = world.remote().policy().await.unwrap();
    let value = policy.keys.iter().find(|it| it.key == "sso.jit").unwrap();
    if value.value != jit {
        world.set("sso.jit", jit).await;
    }
    let mut door = Door::enabled(&world).await;
    let zoe = Subject {
        role: (preset == DD).then(|| "Standard".into()),
        ..subject("Zoe@x.io")
    };
    let seen = door.sign_in(&zoe).await;
    assert!(seen.starts_with(row), "{seen}");
    let found = world.remote().find_member("zoe@x.io".into()).await;
    assert_eq!(found.is_ok(), !roles.is_empty());
    if let Ok(zoe) = found {
        let access = world.remote().member_access(zoe.row.id).await.unwrap();
        let held: Vec<String> = access.roles.into_iter().map(|it| it.role).collect();
        assert_eq!(held, roles);
    }
}

#[rstest]
#[case("y.io", "out | refused JIT_DOMAIN sso.jit_domains |")]
#[case("y.io,X.IO", "in | applied sso.jit_domains | +zoe@x.io")]
#[tokio::test]
async fn s44_unleash_creates_whose_domain_is_allowed(#[case] domains: &str, #[case] row: &str) {
    let world = World::under(UN).await;
    world.set("sso.jit_domains", domains).await;
    let mut door = Door::enabled(&world).await;
    let seen = door.sign_in(&subject("zoe@x.io")).await;
    assert!(seen.starts_with(row), "{seen}");
}

/// Whoever lost their access does not get it back by signing in.
#[tokio::test]
async fn s44_a_removed_member_is_no_stranger() {
    let world = World::under(SAFE).await;
    world.set("sso.jit", "on").await;
    let mut door = Door::enabled(&world).await;
    world.delete("ada").await;
    let row = "out | refused SIGN_IN_INACTIVE sso.jit |";
    assert_eq!(door.sign_in(&subject("ada@x.io")).await, row);
    let row = "out | refused SIGN_IN_INACTIVE |";
    assert_eq!(door.sign_in(&subject("bob@x.io")).await, row);
}

#[rstest]
#[case(LD)]
#[case(SAFE)]
#[tokio::test]
async fn s45_custom_roles_absent_empty_and_unknown(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    world.set("roles.custom", "ops,dev").await;
    let mut door = Door::enabled(&world).await;
    let had =
        json!([{ "op": "add", "path": format!("{LAUNCHDARKLY}:customRole"), "value": ["ops"] }]);
    world.patch("ada", had).await;
    let list = |names: &[&str]| Some(names.iter().map(|it| (*it).to_owned()).collect());
    for (came, row) in [
        (None, "in | no_op |"),
        (list(&["ghost"]), "in | no_op roles.custom |"),
        (
            list(&["dev", "ghost"]),
            "in | applied roles.custom | ada@x.io: customRole=[dev]",
        ),
        (
            list(&[]),
            "in | applied roles.custom | ada@x.io: -customRole",
        ),
        (list(&[]), "in | no_op roles.custom |"),
    ] {
        let is_unknown = came
            .as_ref()
            .is_some_and(|it: &Vec<String>| it.iter().any(|it| it == "ghost"));
        let who = Subject {
            custom_roles: came,
            ..subject("ada@x.io")
        };
        assert_eq!(door.sign_in(&who).await, row);
        if is_unknown {
            door.noted("custom role ghost is not known here and is left out")
                .await;
        }
    }
}

#[rstest]
#[case(LD, "applied", true)]
#[case(UN, "no_op", false)]
#[case(FS, "applied", true)]
#[case(DD, "applied", true)]
#[case(SAFE, "no_op", false)]
#[tokio::test]
async fn s46_another_name(
    #[case] preset: &'static str,
    #[case] outcome: &str,
    #[case] is_taken: bool,
) {
    let world = World::under(preset).await;
    let old =
        json!([{ "op": "add", "value": { "name": { "givenName": "Ada", "familyName": "Old" } } }]);
    world.patch("ada", old).await;
    let mut door = Door::enabled(&world).await;
    let who = Subject {
        first_name: Some("Ada".into()),
        last_name: Some("New".into()),
        ..ada(&world)
    };
    let changes = if is_taken {
        "ada@x.io: name.familyName=New"
    } else {
        ""
    };
    let row = format!("in | {outcome} sso.profile_update | {changes}");
    assert_eq!(door.sign_in(&who).await, row.trim());
    let name = if is_taken { "New" } else { "Old" };
    assert_eq!(world.user("ada").await["name"]["familyName"], name);
    if !is_taken {
        door.noted("sso.profile_update = not_when_scim_managed")
            .await;
    }
}

/// Whom no identity provider provisions has the name that they sign in with, under every preset; or keeps it for good.
#[tokio::test]
async fn s46_a_member_kept_here() {
    let world = World::under(SAFE).await;
    let mut door = Door::enabled(&world).await;
    let named = |name: &str| Subject {
        last_name: Some(name.into()),
        ..subject("pre@x.io")
    };
    let row = "in | applied sso.profile_update | pre@x.io: name.familyName=New";
    assert_eq!(door.sign_in(&named("New")).await, row);
    world.set("sso.profile_update", "never").await;
    let row = "in | no_op sso.profile_update |";
    assert_eq!(door.sign_in(&named("Newer")).await, row);
}

/// The owner keeps the role that lets the others in, and a recovery admin everything.
#[rstest]
#[case(LD, "in | applied sso.profile_update | own@x.io: name.familyName=New")]
#[case(SAFE, "in | no_op |")]
#[tokio::test]
async fn the_owner_and_recovery_admins_keep_their_roles(
    #[case] preset: &'static str,
    #[case] row: &str,
) {
    let world = World::under(preset).await;
    let mut door = Door::enabled(&world).await;
    let own = Subject {
        role: Some("reader".into()),
        last_name: Some("New".into()),
        ..subject("own@x.io")
    };
    assert_eq!(door.sign_in(&own).await, row);
    assert_eq!(world.roles_of("own").await, ["owner"]);
}
