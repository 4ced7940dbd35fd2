//! S28–S33: synced teams in the hands of admins, deleted groups, and the switch of team sync.

use provost::admin::types::{
    Leaving, NewTeam, OwnEdit, Provisioning, RoleOrigin, TeamChange, TeamSource,
};
use rstest::rstest;

use super::world::{World, group};
use super::{DD, FS, LD, SAFE, UN};

fn rename(name: &str) -> TeamChange {
    TeamChange::Rename { name: name.into() }
}

fn join(world: &World) -> TeamChange {
    TeamChange::Members {
        add: vec![world.id("pre").parse().unwrap()],
        remove: Vec::new(),
    }
}

/// A role that adds to what ada has.
fn role(preset: &str) -> &'static str {
    match preset {
        UN | DD => "Admin",
        _ => "admin",
    }
}

const NAME: &str = "refused: the name of a synced team is the identity provider's; change it there \
    | refused MANAGED_BY_IDP teams.locked_fields |";
const MEMBERS: &str = "refused: the members of a synced team are the identity provider's; change them there \
    | refused MANAGED_BY_IDP teams.locked_fields |";

#[rstest]
#[case(LD, NAME, MEMBERS)]
#[case(
    UN,
    "refused: Cannot update the name of a SCIM group | refused MANAGED_BY_IDP teams.locked_fields |",
    "refused: Cannot update users of a SCIM group | refused MANAGED_BY_IDP teams.locked_fields |"
)]
#[case(
    FS,
    "done | applied | Payroll: displayName=Payroll",
    "done | applied | Payroll +pre@x.io"
)]
#[case(DD, NAME, MEMBERS)]
#[case(SAFE, NAME, MEMBERS)]
#[tokio::test]
async fn s28_a_synced_team_is_edited_by_hand(
    #[case] preset: &'static str,
    #[case] name: &str,
    #[case] members: &str,
) {
    let world = World::under(preset).await;
    assert_eq!(world.change("Pay", rename("Payroll")).await, name);
    assert_eq!(world.change("Pay", join(&world)).await, members);
    let is_free = preset == FS;
    let is_in = world.members_of("Pay").await.contains(&"pre".to_owned());
    assert_eq!(is_in, is_free);
    // A team that is kept here is free under every preset.
    let row = world.change("Loc", join(&world)).await;
    assert_eq!(row, "done | applied | Loc +pre@x.io");
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s29_what_is_kept_here_of_a_synced_team(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let own = OwnEdit {
        description: Some("money".into()),
        roles: Some(vec![role(preset).into()]),
        maintainers: None,
    };
    let row = world.change("Pay", TeamChange::Describe(own)).await;
    let role = role(preset);
    assert!(row.starts_with("done | applied"), "{row}");
    assert!(row.contains("description=money"), "{row}");
    assert!(row.contains(&format!("roles=[{role}]")), "{row}");
}

#[rstest]
#[case(
    LD,
    "refused: teams are managed by your IdP | refused MANAGED_BY_IDP teams.local_create_while_sync |"
)]
#[case(UN, "done | applied | +Mine")]
#[case(FS, "done | applied | +Mine")]
#[case(DD, "done | applied teams.name_rule | +Mine")]
#[case(SAFE, "done | applied | +Mine")]
#[tokio::test]
async fn s30_a_team_is_made_by_hand(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let mine = NewTeam {
        name: "Mine".into(),
        members: Vec::new(),
    };
    let told = world.remote().add_team(mine).await;
    assert_eq!(world.told(&told).await, row);
}

#[rstest]
#[case(
    LD,
    "204 | applied teams.on_delete | Pay -ada@x.io; Pay -bob@x.io; -Pay"
)]
#[case(UN, "204 | applied teams.on_delete | Pay -ada@x.io; -Pay")]
#[case(FS, "204 | applied teams.on_delete | Pay -ada@x.io; -Pay")]
#[case(
    DD,
    "204 | applied teams.on_delete | Pay -ada@x.io; Pay -bob@x.io; Pay: source=released -externalId"
)]
#[case(
    SAFE,
    "204 | applied teams.on_delete | Pay -ada@x.io; Pay -bob@x.io; Pay: source=released -externalId"
)]
#[tokio::test]
async fn s31_a_group_is_deleted(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    let own = OwnEdit {
        roles: Some(vec![role(preset).into()]),
        ..OwnEdit::default()
    };
    world.change("Pay", TeamChange::Describe(own)).await;
    let ada = world.id("ada").parse().unwrap();
    let with = world.roles_of("ada").await;
    assert!(
        with.contains(&role(preset).to_owned()),
        "{with:?}: {:?}",
        world.remote().member_access(ada).await
    );
    world.delete("Pay").await.is(row);
    // The role that the team gave is gone from whoever had it by the team.
    let access = world.remote().member_access(ada).await.unwrap();
    let by_team = access
        .roles
        .iter()
        .filter(|it| matches!(it.from, RoleOrigin::Team { .. }));
    assert_eq!(by_team.count(), 0, "{:?}", access.roles);
    let stays = [DD, SAFE].contains(&preset);
    assert!(world.is_gone("Pay").await);
    let kept = world.remote().team(world.id("Pay").parse().unwrap()).await;
    assert_eq!(kept.is_ok(), stays);
    if let Ok(team) = kept {
        assert_eq!(team.row.members, 0);
        // To whoever deleted it the group is gone (RFC 7644 §3.6), and a group of its name is the same team again.
        let path = format!("/Groups/{}", world.id("Pay"));
        assert_eq!(world.provider.get(&path).await.status, 404);
        assert_eq!(world.provider.delete(&path).await.status, 404);
        for query in [
            "",
            "?filter=displayName%20eq%20%22Pay%22",
            "?sortBy=displayName",
        ] {
            let listed = world.provider.get(&format!("/Groups{query}")).await;
            assert!(
                !listed.body.to_string().contains(world.id("Pay")),
                "{query}"
            );
        }
        // An admin gives it a member: not even that tells the identity provider of it.
        let join = TeamChange::Members {
            add: vec![world.id("ada").parse().unwrap()],
            remove: Vec::new(),
        };
        world.change("Pay", join).await;
        let ada = format!("/Users/{}", world.id("ada"));
        let patch = serde_json::json!([{ "op": "replace", "path": "nickName", "value": "A" }]);
        let written = world.provider.patch(&ada, patch).await;
        for answer in [written, world.provider.get(&ada).await] {
            assert!(
                !answer.body.to_string().contains(world.id("Pay")),
                "{}",
                answer.body
            );
        }
        let by_id = format!("groups.value%20eq%20%22{}%22", world.id("Pay"));
        for filter in [by_id.as_str(), "groups.display%20sw%20%22Pay%22"] {
            let found = world.provider.get(&format!("/Users?filter={filter}")).await;
            assert!(
                !found.body.to_string().contains(world.id("ada")),
                "{filter}"
            );
        }
        let pushed = group(&world, "Pay", "g-p", &[]);
        let linked = world.provider.post("/Groups", pushed).await;
        assert_eq!(linked.body["id"], world.id("Pay"));
        world
            .delete("Pay")
            .await
            .is("204 | applied teams.on_delete | Pay: source=released -externalId");
        let row = world.change("Pay", rename("Mine")).await;
        assert!(row.contains("| Mine: displayName=Mine"), "{row}");
    }
}

#[rstest]
#[case(LD)]
#[case(SAFE)]
#[tokio::test]
async fn s32_team_sync_is_turned_off(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let before = world.remote().sync().await.unwrap();
    assert_eq!((before.teams.synced, before.teams.local), (1, 1), "counts");
    let members = world.members_of("Pay").await;
    world.switch_team_sync(false).await;
    let after = world.remote().sync().await.unwrap();
    assert_eq!(after.teams, before.teams, "no team is deleted");
    assert_eq!(world.members_of("Pay").await, members);
    let row = world.change("Pay", rename("Payroll")).await;
    assert_eq!(row, "done | applied | Payroll: displayName=Payroll");
    let pushed = group(&world, "Pay", "g-p", &["ada"]);
    world
        .post("/Groups", pushed)
        .await
        .is("403: team sync is off | refused TEAM_SYNC_OFF teams.sync_toggle |");
}

#[tokio::test]
async fn s32_unleash_turns_provisioning_off() {
    let world = World::under(UN).await;
    world.switch_provisioning(Provisioning::Off).await;
    let row = world.change("Pay", rename("Payroll")).await;
    assert_eq!(
        row, "done | applied | Payroll: displayName=Payroll",
        "no lock"
    );
    let row = "403: SCIM is disabled for this account | refused SCIM_OFF |";
    let pushed = group(&world, "Pay", "g-p", &["ada"]);
    world.post("/Groups", pushed).await.is(row);
    world.get("/Users").await.is(row);
}

#[tokio::test]
async fn s32_flagsmith_loses_its_token() {
    let world = World::under(FS).await;
    let before = world.remote().overview().await.unwrap();
    let tokens = world.remote().tokens().await.unwrap();
    let okta = tokens.iter().find(|it| it.name == "okta").unwrap();
    let told = world.remote().revoke_token(okta.id).await;
    assert_eq!(world.told(&told).await, "done | applied | -okta");
    assert_eq!(world.provider.get("/Users").await.status, 401);
    let after = world.remote().overview().await.unwrap();
    assert_eq!((after.members, after.teams), (before.members, before.teams));
}

#[tokio::test]
async fn s32_datadog_leaves_the_group_here() {
    let world = World::under(DD).await;
    let keep = TeamChange::Unlink {
        members: Leaving::Keep,
    };
    let members = world.members_of("Pay").await;
    assert_eq!(
        world.change("Pay", keep).await,
        "done | applied | Pay: source=unlinked -externalId"
    );
    assert_eq!(world.members_of("Pay").await, members);
    let row = world.change("Pay", rename("Mine")).await;
    assert_eq!(
        row,
        "done | applied teams.name_rule | Mine: displayName=Mine key=mine"
    );
}

#[rstest]
#[case(LD, "201 Pay | no_op teams.match |")]
#[case(SAFE, "201 Pay | no_op teams.match |")]
#[tokio::test]
async fn s33_team_sync_is_on_again(#[case] preset: &'static str, #[case] row: &str) {
    let world = World::under(preset).await;
    world.switch_team_sync(false).await;
    world.switch_team_sync(true).await;
    pushed_again(&world, row).await;
}

#[tokio::test]
async fn s33_unleash_knows_its_id_again() {
    let world = World::under(UN).await;
    world.switch_provisioning(Provisioning::Off).await;
    world.switch_provisioning(Provisioning::On).await;
    let whole = group(&world, "Pay", "g-p", &["ada"]);
    let reply = world.provider.put(&world.path("Pay"), whole).await;
    world.see(reply).await.is("200 Pay | no_op |");
    pushed_again(&world, "201 Pay | no_op teams.match |").await;
}

#[tokio::test]
async fn s33_flagsmith_matches_by_external_id() {
    let world = World::under(FS).await;
    world.change("Pay", rename("Payroll")).await;
    let row = "201 Pay | applied teams.match | Pay: displayName=Pay";
    pushed_again(&world, row).await;
}

#[tokio::test]
async fn s33_datadog_matches_by_exact_name() {
    let world = World::under(DD).await;
    let keep = TeamChange::Unlink {
        members: Leaving::Keep,
    };
    world.change("Pay", keep).await;
    let row = "201 Pay | applied teams.match | Pay: externalId=g-p source=synced";
    pushed_again(&world, row).await;
}

/// The group that was there is pushed as if it were new, and becomes no second team.
async fn pushed_again(world: &World, row: &str) {
    let members = world.members_of("Pay").await;
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let pushed = group(world, "Pay", "g-p", &members);
    world.post("/Groups", pushed).await.is(row);
    assert_eq!(world.team("Pay").await.row.source, TeamSource::Synced);
    world.get("/Groups").await.is("200 2 hits | no_op |");
}
