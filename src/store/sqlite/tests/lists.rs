//! The lists of members and teams: filters, orders, totals.

use rstest::rstest;
use serde_json::json;

use super::{Place, at, edited, joined, member, team, team_created, updated};
use crate::directory::member::PROVOST_USER;
use crate::directory::policy::Roles;
use crate::directory::{Origin, Policy, TeamSource};
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

/// The roles of the policy that a new account has, and a custom one.
fn roles() -> Roles {
    Policy::preset("rfc").expect("a preset").roles
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
    let page = place
        .store
        .list_members(&roles(), listing)
        .await
        .expect("read");
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

#[rstest]
#[case::by_the_attribute_roles("role:admin", &["by roles", "by team"])]
#[case::the_owner("role:owner", &["the owner"])]
#[case::the_default("role:noaccess", &["without", "by team"])]
#[case::given("role:writer", &["given"])]
#[case::none("role:nobody", &[])]
#[tokio::test]
async fn a_role_is_found_wherever_it_comes_from(#[case] filter: &str, #[case] expected: &[&str]) {
    let place = Place::new();
    let called = |number: u32, name: &str, role: serde_json::Value| {
        let mut it = member(number);
        it.attributes.insert("displayName".into(), json!(name));
        it.attributes.remove(PROVOST_USER);
        if let serde_json::Value::Object(role) = role {
            it.attributes.extend(role);
        }
        it
    };
    let by_roles = called(1, "by roles", json!({"roles": [{"value": "admin"}]}));
    let by_team = called(2, "by team", json!(null));
    let mut owner = called(3, "the owner", json!({ PROVOST_USER: {"role": "reader"} }));
    owner.owner = true;
    let without = called(4, "without", json!(null));
    let given = json!({ PROVOST_USER: {"role": "writer"} });
    let writer = called(5, "given", given);
    let mut leading = team(1);
    leading.own.roles = vec!["admin".into()];
    place
        .create([&by_roles, &by_team, &owner, &without, &writer])
        .await;
    place
        .commit(vec![team_created(&leading), joined(&leading, &by_team)])
        .await
        .expect("staffed");
    let mut found = names(&place, &listing(filter, Sort::Created)).await;
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let row = place.store.member_row(&roles(), by_team.id).await;
    let row = row.expect("read").expect("there");
    assert_eq!(
        (row.roles, row.leads),
        (vec!["admin".to_owned(), "noAccess".to_owned()], true)
    );
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
            .list_members(
                &roles(),
                &Listing {
                    offset: 1,
                    limit: 1,
                    ..listing(filter, sort)
                },
            )
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
        .member_row(&roles(), member(1).id)
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
