//! The lists of members and teams: filters, orders, totals.

use rstest::rstest;
use serde_json::json;

use super::{Place, at, edited, joined, member, team, team_created, updated};
use crate::directory::member::PROVOST_USER;
use crate::directory::{Origin, TeamSource};
use crate::store::rows::{Listing, Sort, Total};

async fn peopled() -> Place {
    let place = Place::new();
    let mut ada = member(1);
    ada.attributes
        .insert("displayName".into(), json!("Ada Zulu"));
    let mut bob = member(2);
    bob.attributes
        .insert("displayName".into(), json!("Bob Ängström"));
    bob.set_active(false);
    let mut eve = member(3);
    eve.attributes
        .insert("displayName".into(), json!("eve alpha"));
    eve.attributes
        .insert(PROVOST_USER.into(), json!({"role": "Admin"}));
    eve.origin = Origin::Manual;
    place.create([&ada, &bob, &eve]).await;
    let mut local = team(2);
    local.source = TeamSource::Local;
    local
        .attributes
        .insert("displayName".into(), json!("Audit"));
    local.attributes.insert("externalId".into(), json!("G-7"));
    place
        .commit(vec![
            team_created(&team(1)),
            team_created(&local),
            joined(&team(1), &ada),
            joined(&local, &ada),
            joined(&local, &eve),
        ])
        .await
        .expect("staffed");
    place
}

fn listing(filter: &str, sort: Sort) -> Listing {
    Listing {
        filter: filter.into(),
        sort,
        offset: 0,
        limit: 10,
    }
}

async fn names(place: &Place, listing: &Listing) -> Vec<String> {
    let page = place.store.list_members(listing).await.expect("read");
    assert_eq!(page.total, Total::Exact(page.items.len() as u64));
    page.items.into_iter().map(|row| row.name).collect()
}

#[rstest]
#[case::all("", &["Ada Zulu", "Bob Ängström", "eve alpha"])]
#[case::name_without_case("ADA z", &["Ada Zulu"])]
#[case::beyond_ascii("äNGS", &["Bob Ängström"])]
#[case::user_name("user2@", &["Bob Ängström"])]
#[case::external_id("00u3", &["eve alpha"])]
#[case::id("8000-000000000002", &["Bob Ängström"])]
#[case::inactive("active:false", &["Bob Ängström"])]
#[case::active("active:true", &["Ada Zulu", "eve alpha"])]
#[case::source("source:manual", &["eve alpha"])]
#[case::role("role:ADMIN", &["eve alpha"])]
#[case::team("team:aud", &["Ada Zulu", "eve alpha"])]
#[case::several("team:aud role:admin alpha", &["eve alpha"])]
#[case::contradiction("team:aud active:false", &[])]
#[case::no_such_source("source:moon", &[])]
#[tokio::test]
async fn filters(#[case] filter: &str, #[case] expected: &[&str]) {
    let place = peopled().await;
    assert_eq!(
        names(&place, &listing(filter, Sort::Created)).await,
        expected
    );
}

#[rstest]
#[case::created(Sort::Created, ["Ada Zulu", "Bob Ängström", "eve alpha"])]
#[case::name(Sort::Name, ["Ada Zulu", "Bob Ängström", "eve alpha"])]
#[case::modified(Sort::Modified, ["Ada Zulu", "eve alpha", "Bob Ängström"])]
#[tokio::test]
async fn orders(#[case] sort: Sort, #[case] expected: [&str; 3]) {
    let place = peopled().await;
    let ada = place
        .store
        .member(member(1).id, false)
        .await
        .expect("read")
        .expect("there");
    let touched = edited(&ada, |member| member.modified = at(5_000));
    place
        .commit(vec![updated(&ada, &touched)])
        .await
        .expect("touched");
    assert_eq!(names(&place, &listing("", sort)).await, expected);
    assert_eq!(names(&place, &listing("x.io", sort)).await, expected);
}

#[tokio::test]
async fn pages_skip_and_count() {
    let place = peopled().await;
    for (filter, sort) in [
        ("", Sort::Created),
        ("", Sort::Name),
        ("x.io", Sort::Created),
        ("x.io", Sort::Name),
    ] {
        let page = place
            .store
            .list_members(&Listing {
                offset: 1,
                limit: 1,
                ..listing(filter, sort)
            })
            .await
            .expect("read");
        assert_eq!(page.total, Total::Exact(3));
        let names: Vec<_> = page.items.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Bob Ängström"], "{filter:?} {sort:?}");
    }
}

#[tokio::test]
async fn a_row_shows_what_a_person_asks_for() {
    let place = peopled().await;
    let row = place
        .store
        .member_row(member(1).id)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(row.email.as_deref(), Some("user1@X.io"));
    assert_eq!(row.teams, 2);
    assert_eq!(row.role.as_deref(), Some("reader"));
}

#[rstest]
#[case::all("", &[("Team 1", 1), ("Audit", 2)])]
#[case::text("AUD", &[("Audit", 2)])]
#[case::external_id("g-7", &[("Audit", 2)])]
#[case::source("source:synced", &[("Team 1", 1)])]
#[tokio::test]
async fn teams(#[case] filter: &str, #[case] expected: &[(&str, u64)]) {
    let place = peopled().await;
    let page = place
        .store
        .list_teams(&listing(filter, Sort::Created))
        .await
        .expect("read");
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.name.as_str(), row.members))
        .collect();
    assert_eq!(rows, expected);
}
