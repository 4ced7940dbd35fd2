//! Membership: rows that follow their members and teams, sizes that are counted, versions that count up once a unit.

use serde_json::json;

use super::{Place, at, created, edited, joined, left, member, team, team_created, unit, updated};
use crate::directory::{Change, ObjectKind, Team};
use crate::scim::ResourceKind;
use crate::store::StoreError;
use crate::store::rows::Total;

/// Three members, two teams; everybody is in team 1.
async fn staffed() -> Place {
    let place = Place::new();
    let members = [member(1), member(2), member(3)];
    let mut changes: Vec<Change> = members.iter().map(created).collect();
    changes.extend([team_created(&team(1)), team_created(&team(2))]);
    changes.extend(members.iter().map(|member| joined(&team(1), member)));
    place.commit(changes).await.expect("staffed");
    place
}

async fn names(place: &Place, team: &Team) -> Vec<String> {
    let page = place
        .store
        .team_members(team.id, 0, 100)
        .await
        .expect("read");
    assert_eq!(page.total, Total::Exact(page.items.len() as u64));
    page.items.into_iter().map(|member| member.name).collect()
}

#[tokio::test]
async fn members_are_listed_in_the_order_they_joined() {
    let place = staffed().await;
    place
        .commit(vec![
            left(&team(1), &member(1)),
            joined(&team(1), &member(1)),
        ])
        .await
        .expect("left and joined");
    assert_eq!(
        names(&place, &team(1)).await,
        ["Person 002", "Person 003", "Person 001"]
    );
    let page = place
        .store
        .team_members(team(1).id, 1, 1)
        .await
        .expect("read");
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.total, Total::Exact(3));
    place.is_sound().await;
}

#[tokio::test]
async fn versions_count_up_once_a_unit() {
    let place = staffed().await;
    let before = place.store.team(team(1).id).await.expect("read");
    assert_eq!(before.map(|team| team.version), Some(1), "made in the unit");
    let committed = place
        .commit(vec![
            left(&team(1), &member(1)),
            left(&team(1), &member(2)),
            joined(&team(2), &member(1)),
        ])
        .await
        .expect("moved");
    assert_eq!(committed.teams, [(team(1).id, 2), (team(2).id, 2)]);
    let after = place
        .store
        .team(team(1).id)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((after.version, after.modified), (2, at(2_000)));

    // With an update of the team in the unit its version is the update's.
    let mut renamed = after.clone();
    renamed.version = 3;
    renamed
        .attributes
        .insert("displayName".into(), json!("Renamed"));
    let committed = place
        .commit(vec![
            joined(&team(1), &member(1)),
            Change::TeamUpdated {
                before: Box::new(after),
                after: Box::new(renamed),
            },
        ])
        .await
        .expect("renamed");
    assert_eq!(committed.teams, [(team(1).id, 3)]);
    assert_eq!(place.store.team_size(team(1).id).await.expect("read"), 2);
    place.is_sound().await;
}

#[tokio::test]
async fn joining_twice_counts_once_and_is_told_once() {
    let place = staffed().await;
    let committed = place
        .commit(vec![joined(&team(1), &member(1))])
        .await
        .expect("all as asked");
    assert_eq!(committed.teams, [(team(1).id, 1)]);
    assert_eq!(committed.first_audit, None);
    assert_eq!(place.store.team_size(team(1).id).await.expect("read"), 3);
    place.is_sound().await;
}

#[tokio::test]
async fn both_sides_must_be_there_to_join() {
    let place = staffed().await;
    for change in [joined(&team(9), &member(1)), joined(&team(1), &member(9))] {
        let error = place.commit(vec![change]).await.expect_err("gone");
        assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    }
    place
        .commit(vec![left(&team(9), &member(1))])
        .await
        .expect("leaving what is gone is done already");
}

#[tokio::test]
async fn a_removed_member_leaves_all_teams() {
    let place = staffed().await;
    let committed = place
        .commit(vec![
            left(&team(1), &member(2)),
            Change::MemberRemoved {
                before: Box::new(member(2)),
            },
        ])
        .await
        .expect("removed");
    assert_eq!(committed.teams, [(team(1).id, 2)]);
    assert_eq!(names(&place, &team(1)).await, ["Person 001", "Person 003"]);
    let timeline = place
        .store
        .timeline(ObjectKind::Team, team(1).id.0, 0, 10)
        .await
        .expect("read");
    assert_eq!(timeline.total, Total::Exact(5), "created, 3 joined, 1 left");
    place.is_sound().await;
}

#[tokio::test]
async fn a_removed_team_takes_its_memberships_along() {
    let place = staffed().await;
    place
        .commit(vec![Change::TeamRemoved {
            before: Box::new(team(1)),
        }])
        .await
        .expect("removed");
    let teams = place.store.teams_of(member(1).id).await.expect("read");
    assert_eq!(teams, []);
    place.is_sound().await;
}

#[tokio::test]
async fn the_memberships_of_a_soft_deleted_member_wait() {
    let place = staffed().await;
    let before = member(1);
    let gone = edited(&before, |member| member.deleted = Some(at(5)));
    place
        .commit(vec![joined(&team(2), &before), updated(&before, &gone)])
        .await
        .expect("soft-deleted");
    assert_eq!(names(&place, &team(1)).await, ["Person 002", "Person 003"]);
    assert_eq!(place.store.team_size(team(2).id).await.expect("read"), 0);
    place.is_sound().await;

    let second = place
        .store
        .team(team(2).id)
        .await
        .expect("read")
        .expect("there");
    place
        .commit(vec![Change::TeamRemoved {
            before: Box::new(second),
        }])
        .await
        .expect("removed");
    let back = edited(&gone, |member| member.deleted = None);
    place
        .commit(vec![updated(&gone, &back)])
        .await
        .expect("restored");
    assert_eq!(
        names(&place, &team(1)).await,
        ["Person 002", "Person 003", "Person 001"]
    );
    place.is_sound().await;
}

#[tokio::test]
async fn links_name_the_other_side() {
    let place = staffed().await;
    let group = place
        .store
        .document(ResourceKind::Group, team(1).id.0, true)
        .await
        .expect("read")
        .expect("there");
    let members: Vec<_> = group
        .links
        .expect("asked for")
        .into_iter()
        .map(|link| (link.id, link.display))
        .collect();
    let expected = [1, 2, 3].map(|n| (member(n).id.0, format!("Person {n:03}")));
    assert_eq!(members, expected);
    let user = place
        .store
        .document(ResourceKind::User, member(1).id.0, true)
        .await
        .expect("read")
        .expect("there");
    let teams: Vec<_> = user.links.expect("asked for");
    assert_eq!(teams.len(), 1);
    let in_team = place
        .store
        .members_in(team(1).id, Some(&[member(1).id, member(9).id]))
        .await
        .expect("read");
    assert_eq!(in_team.into_keys().collect::<Vec<_>>(), [member(1).id]);
    let all = place
        .store
        .members_in(team(1).id, None)
        .await
        .expect("read");
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn adding_one_member_writes_a_bounded_number_of_pages() {
    let place = Place::new();
    let big = team(1);
    place.commit(vec![team_created(&big)]).await.expect("made");
    let members: Vec<_> = (1..=3_000).map(member).collect();
    for chunk in members.chunks(500) {
        place.create(chunk).await;
        let joins = chunk.iter().map(|member| joined(&big, member)).collect();
        place.store.commit(unit(joins)).await.expect("joined");
    }
    let newcomer = member(9_999);
    place.create([&newcomer]).await;
    place.store.flush().await.expect("flushed");
    let connection = rusqlite::Connection::open(place.path()).expect("opened");
    let changes = |connection: &rusqlite::Connection| -> i64 {
        connection
            .query_row(
                "SELECT (SELECT count(*) FROM member) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM audit_object)",
                [],
                |row| row.get(0),
            )
            .expect("counted")
    };
    let before = changes(&connection);
    place
        .commit(vec![joined(&big, &newcomer)])
        .await
        .expect("joined");
    // One membership, one audit row, and its two objects.
    assert_eq!(changes(&connection), before + 4);
    assert_eq!(place.store.team_size(big.id).await.expect("read"), 3_001);
    place.is_sound().await;
}
