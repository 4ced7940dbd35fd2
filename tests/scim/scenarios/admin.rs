//! S14, S28 for members, S43, S49 and what else admins do with members: over the network, as a remote console does.

use std::sync::Arc;

use provost::admin::types::Provisioning;
use provost::admin::types::{
    ChangeOp, Done, IfVersion, LinkMember, Listing, MemberDetail, MemberEdit, MergeMember,
    NewMember,
};
use provost::admin::{AdminError, AdminErrorKind, AdminWrite, HttpAdmin};
use provost::directory::Management;
use provost::secret::Secret;
use rstest::rstest;
use serde_json::json;

use super::world::World;
use super::{DD, FS, LD, SAFE, UN};

/// An admin on the network whose changes are only told.
async fn preview(world: &World) -> Arc<dyn AdminWrite> {
    let token = world
        .admin()
        .issue_token(provost::admin::types::NewToken {
            name: "previewing".into(),
            scope: provost::admin::types::TokenScope::Admin,
            ttl_seconds: None,
            owner: None,
        })
        .await
        .unwrap();
    let url = world.provider.real.server.public_url();
    let admin = HttpAdmin::url(url, Secret::new(token.secret)).unwrap();
    Arc::new(admin.previewing())
}

async fn member(world: &World, name: &str) -> MemberDetail {
    world
        .remote()
        .member(world.id(name).parse().unwrap())
        .await
        .unwrap()
}

async fn edit(world: &World, name: &str, edit: MemberEdit) -> Result<Done, AdminError> {
    world
        .remote()
        .edit_member(world.id(name).parse().unwrap(), edit)
        .await
}

fn role(role: &str) -> MemberEdit {
    MemberEdit {
        role: Some(role.into()),
        ..MemberEdit::default()
    }
}

fn title(title: &str) -> MemberEdit {
    MemberEdit {
        title: Some(title.into()),
        ..MemberEdit::default()
    }
}

#[rstest]
#[case(LD, "admin", "200 ada | no_op roles.absent |", &["admin"])]
#[case(UN, "Admin", "200 ada | applied ROLE_RESET roles.absent | ada@x.io: -role", &["Viewer"])]
#[case(FS, "admin", "200 ada | no_op roles.absent |", &["admin"])]
#[case(DD, "Admin", "200 ada | no_op roles.absent |", &["Admin"])]
#[case(SAFE, "admin", "200 ada | no_op roles.absent |", &["admin"])]
#[tokio::test]
async fn s14_a_role_given_by_hand_and_the_next_put(
    #[case] preset: &'static str,
    #[case] given: &str,
    #[case] row: &str,
    #[case] roles: &[&str],
) {
    let world = World::under(preset).await;
    world.give_role("ada", given).await;
    assert_eq!(world.roles_of("ada").await, [given]);
    let seen = world.put("ada", json!({ "externalId": "e-a" })).await;
    seen.is(row);
    if preset == UN {
        seen.notes("roles reset: the request names no role, so Admin becomes Viewer");
        let timeline = world.timeline(world.id("ada")).await;
        assert_eq!(timeline[0].request, Some(seen.exchange.row.id), "the cause");
    }
    assert_eq!(world.roles_of("ada").await, roles);
}

#[rstest]
#[case(LD, None)]
#[case(
    UN,
    Some("This user is managed by your SCIM provider and cannot be changed manually")
)]
#[case(FS, None)]
#[case(DD, None)]
#[case(
    SAFE,
    Some("this member is managed by the identity provider, which alone may change title")
)]
#[tokio::test]
async fn s28_a_provisioned_member_is_edited_by_hand(
    #[case] preset: &'static str,
    #[case] refused: Option<&str>,
) {
    let world = World::under(preset).await;
    let done = edit(&world, "ada", title("Countess")).await;
    let detail = done.as_ref().err().map(|error| error.detail.as_str());
    assert_eq!(detail, refused);
    if let Err(error) = &done {
        assert_eq!(error.kind, AdminErrorKind::Refused);
        assert_eq!(error.code.as_deref(), Some("MANAGED_BY_IDP"));
    }
    // Who is kept here is free under every preset.
    edit(&world, "pre", title("Dr")).await.unwrap();
    assert_eq!(world.user("pre").await["title"], "Dr");
}

#[tokio::test]
async fn s28_under_safe_roles_stay_an_admin_s() {
    let world = World::under(SAFE).await;
    edit(&world, "ada", role("reader")).await.unwrap();
    assert_eq!(world.roles_of("ada").await, ["reader"]);
    let error = edit(&world, "ada", role("superuser")).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Invalid);
    assert!(
        error.detail.contains("noAccess, reader"),
        "{}",
        error.detail
    );
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s49_an_edit_while_provisioning_is_off_and_the_next_put(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    world.switch_provisioning(Provisioning::Off).await;
    edit(&world, "ada", title("Countess")).await.unwrap();
    world.switch_provisioning(Provisioning::On).await;
    world
        .put("ada", json!({ "externalId": "e-a", "title": "Engineer" }))
        .await;
    assert_eq!(world.user("ada").await["title"], "Engineer");
    let timeline = world.timeline(world.id("ada")).await;
    let titles: Vec<(&str, _)> = timeline
        .iter()
        .filter_map(|row| {
            let mut fields = row.change.fields.iter();
            let field = fields.find(|field| field.path == "title")?;
            Some((row.actor.name.as_str(), field.after.clone()))
        })
        .collect();
    let expected = [
        ("okta", Some(json!("Engineer"))),
        ("ada", Some(json!("Countess"))),
    ];
    assert_eq!(titles, expected, "both are told, and who has won");
}

#[tokio::test]
async fn s43_a_purge_takes_those_who_were_provisioned_and_nobody_else() {
    let world = World::under(UN).await;
    let told = preview(&world).await.purge_members().await.unwrap();
    assert_eq!(told.request_id, None);
    let labels = |done: &Done| -> Vec<String> {
        let changes = done.changes.iter();
        changes.map(|change| change.label.clone()).collect()
    };
    assert_eq!(labels(&told), ["ada@x.io", "scim-users-deleted"]);
    assert!(!world.is_gone("ada").await, "it was only told");
    let done = world.remote().purge_members().await.unwrap();
    assert_eq!(labels(&done), labels(&told));
    assert!(world.is_gone("ada").await);
    for name in ["own", "pre"] {
        assert_eq!(world.user(name).await["active"], true, "{name}");
    }
    assert!(world.members_of("Pay").await.is_empty());
    let again = world.remote().purge_members().await.unwrap();
    assert!(again.changes.is_empty());
}

/// Team sync is on, or has no switch: what is locked in one team does not keep the admin from emptying the house.
#[rstest]
#[case(LD)]
#[case(UN)]
#[case(SAFE)]
#[tokio::test]
async fn s43_synced_teams_are_purged_in_one_change(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let told = preview(&world).await.purge_teams().await.unwrap();
    let removed = |done: &Done| -> Vec<String> {
        let changes = done.changes.iter().filter(|it| it.op == ChangeOp::Remove);
        changes.map(|change| change.label.clone()).collect()
    };
    assert_eq!(removed(&told), ["Pay", "scim-groups-deleted"]);
    assert!(
        told.warnings
            .iter()
            .any(|it| it.contains("may push these teams again")),
        "{:?}",
        told.warnings
    );
    let done = world.remote().purge_teams().await.unwrap();
    assert_eq!(removed(&done), removed(&told));
    assert_eq!(world.user("ada").await["active"], true, "its members stay");
    let again = world.remote().purge_teams().await.unwrap();
    assert!(again.changes.is_empty());
}

#[rstest]
#[case(LD, &[], None)]
#[case(UN, &["they may be re-added by your SCIM provider"], None)]
#[case(SAFE, &["they may be re-added by your SCIM provider"], None)]
#[tokio::test]
async fn a_provisioned_member_is_removed_by_hand_with_a_warning(
    #[case] preset: &'static str,
    #[case] warnings: &[&str],
    #[case] refused: Option<&str>,
) {
    let world = World::under(preset).await;
    let id = world.id("ada").parse().unwrap();
    let seen = IfVersion {
        if_version: Some(99),
    };
    let stale = world.remote().delete_member(id, seen).await.unwrap_err();
    assert_eq!(stale.kind, AdminErrorKind::Conflict);
    let done = world.remote().delete_member(id, IfVersion::default()).await;
    assert_eq!(
        done.as_ref().err().map(|error| error.detail.as_str()),
        refused
    );
    assert_eq!(done.unwrap().warnings, warnings);
}

#[tokio::test]
async fn a_provisioned_member_stays_where_the_policy_denies_it() {
    let world = World::under(SAFE).await;
    world.set("users.manual_delete", "deny").await;
    let id = world.id("ada").parse().unwrap();
    let error = world
        .remote()
        .delete_member(id, IfVersion::default())
        .await
        .unwrap_err();
    assert_eq!(error.code.as_deref(), Some("MANAGED_BY_IDP"));
    assert!(!world.is_gone("ada").await);
}

#[tokio::test]
async fn a_member_is_handed_over_and_taken_back() {
    let world = World::under(SAFE).await;
    let id = world.id("pre").parse().unwrap();
    let link = LinkMember {
        external_id: Some("e-p".into()),
        if_version: None,
    };
    let taken = LinkMember {
        external_id: Some("e-a".into()),
        ..link.clone()
    };
    let error = world.remote().link_member(id, taken).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("DUP_USER"));
    world.remote().link_member(id, link).await.unwrap();
    let linked = member(&world, "pre").await;
    assert_eq!(linked.management, Management::Provisioned);
    assert_eq!(linked.external_id.as_deref(), Some("e-p"));
    // An admin has said so, so that the identity provider may take their access, too.
    let off = json!([{ "op": "replace", "value": { "active": false } }]);
    world
        .patch("pre", off)
        .await
        .is("200 pre inactive | applied users.on_inactive | pre@x.io: active=false");
    let back = world
        .remote()
        .unlink_member(id, IfVersion::default())
        .await
        .unwrap();
    assert_eq!(back.warnings.len(), 1, "{:?}", back.warnings);
    let unlinked = member(&world, "pre").await;
    assert_eq!(
        (unlinked.management, unlinked.external_id),
        (Management::Local, None)
    );
    let own = world.id("own").parse().unwrap();
    let error = world.remote().link_member(own, LinkMember::default()).await;
    assert_eq!(error.unwrap_err().kind, AdminErrorKind::Refused);
}

#[tokio::test]
async fn two_members_become_one() {
    let world = World::under(SAFE).await;
    // Ada was added by hand, too, under another name and with a role.
    let local = NewMember {
        user_name: "countess".into(),
        given_name: Some("Ada".into()),
        role: Some("admin".into()),
        ..NewMember::default()
    };
    let local = world.remote().add_member(local).await.unwrap().id;
    let survivor = local.parse().unwrap();
    let other = world.id("ada").parse().unwrap();
    let merge = MergeMember {
        other,
        if_versions: None,
    };
    let told = preview(&world).await.merge_members(survivor, merge).await;
    assert!(!world.is_gone("ada").await, "it was only told: {told:?}");
    world.remote().merge_members(survivor, merge).await.unwrap();
    assert!(world.is_gone("ada").await);
    let one = world.remote().member(survivor).await.unwrap();
    // The identity provider finds her under what it knows.
    assert_eq!(one.row.user_name, "ada@x.io");
    assert_eq!(one.external_id.as_deref(), Some("e-a"));
    assert_eq!(one.management, Management::Provisioned);
    assert_eq!(one.row.role.as_deref(), Some("admin"), "her own role stays");
    let mut teams: Vec<&str> = one
        .memberships
        .iter()
        .map(|team| team.name.as_str())
        .collect();
    teams.sort_unstable();
    assert_eq!(teams, ["Loc", "Pay"]);
    // Her timeline tells of both lives.
    let timeline = world.timeline(&local).await;
    let names: Vec<&str> = timeline
        .iter()
        .filter(|row| row.change.op == ChangeOp::Create)
        .map(|row| row.change.label.as_str())
        .collect();
    assert_eq!(names, ["countess", "ada@x.io"]);
    let owner = MergeMember {
        other: world.id("own").parse().unwrap(),
        if_versions: None,
    };
    let error = world
        .remote()
        .merge_members(survivor, owner)
        .await
        .unwrap_err();
    assert_eq!(error.code.as_deref(), Some("BAD_MERGE"));
    let count = world
        .remote()
        .members(Listing {
            limit: 100,
            ..Listing::default()
        })
        .await;
    assert_eq!(
        count.unwrap().items.len(),
        4,
        "own, pre, bob, and one of the two"
    );
}
