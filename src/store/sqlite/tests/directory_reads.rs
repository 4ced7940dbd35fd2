//! Reads of the directory besides lists: admins, names, documents, pages.

use serde_json::json;

use super::{Place, created, edited, member, team_created, updated};
use crate::directory::member::PROVOST_USER;
use crate::directory::policy::{Policy, Roles};
use crate::directory::{Change, Member};
use crate::scim::ResourceKind;
use crate::scim::list::SortOrder;
use crate::store::{DocumentPart, DocumentQuery, MemberKey, TeamKey, Window};

fn with_role(n: u32, role: &str) -> Member {
    let mut one = member(n);
    one.attributes
        .insert(PROVOST_USER.into(), json!({"role": role}));
    one
}

#[tokio::test]
async fn admins_are_active_owners_and_roles() {
    let place = Place::new();
    let mut owner = member(1);
    owner.owner = true;
    let mut idle = with_role(4, "admin");
    idle.set_active(false);
    place
        .create([
            &owner,
            &with_role(2, "admin"),
            &with_role(3, "admin"),
            &idle,
            &member(5),
        ])
        .await;
    assert_eq!(
        place
            .store
            .count_admins(&admin_roles(), None, false)
            .await
            .expect("read"),
        (3, 0)
    );
    assert_eq!(
        place
            .store
            .count_admins(&admin_roles(), Some(member(2).id), false)
            .await
            .expect("read"),
        (2, 0)
    );
}

#[tokio::test]
async fn an_email_address_may_belong_to_several() {
    let place = Place::new();
    let mut second = member(2);
    second.attributes.insert(
        "emails".into(),
        json!([{"value": "two@x.io"}, {"value": "USER1@x.io"}]),
    );
    place.create([&member(1), &second]).await;
    let found = place
        .store
        .members_by(&MemberKey::Email("user1@x.IO".into()))
        .await
        .expect("read");
    assert_eq!(found, [member(1), second]);
}

#[tokio::test]
async fn long_values_are_told_apart_beyond_the_index() {
    let place = Place::new();
    let address = |end: &str| format!("{}{end}@x.io", "a".repeat(300));
    for (n, end) in [(1, "b"), (2, "c")] {
        let mut one = member(n);
        one.attributes
            .insert("emails".into(), json!([{"value": address(end)}]));
        place.create([&one]).await;
    }
    let found = place
        .store
        .members_by(&MemberKey::Email(address("c")))
        .await
        .expect("read");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, member(2).id);
}

#[tokio::test]
async fn names_of_those_who_exist() {
    let place = Place::new();
    place.create([&member(1), &member(2)]).await;
    let names = place
        .store
        .known_members(&[member(2).id, member(9).id])
        .await
        .expect("read");
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [(member(2).id, "Person 002".to_owned())]
    );
}

#[tokio::test]
async fn teams_are_found_by_name_without_case() {
    let place = Place::new();
    let staff = super::team(1);
    place
        .commit(vec![team_created(&staff)])
        .await
        .expect("made");
    let found = place
        .store
        .teams_by(&TeamKey::DisplayName("TEAM 1".into()))
        .await
        .expect("read");
    assert_eq!(found, [staff]);
}

#[tokio::test]
async fn pages_at_any_depth_follow_the_order_of_creation() {
    let place = Place::new();
    let everybody: Vec<Member> = (0..5_000).map(member).collect();
    for chunk in everybody.chunks(1_000) {
        place.create(chunk).await;
    }
    // Holes in the sequence, a whole stretch among them.
    let mut live = Vec::new();
    let mut removals = Vec::new();
    for (n, one) in everybody.iter().enumerate() {
        if (1_000..2_200).contains(&n) || n % 7 == 0 {
            removals.push(Change::MemberRemoved {
                before: Box::new(one.clone()),
            });
        } else {
            live.push(one.id.0);
        }
    }
    place.commit(removals).await.expect("removed");
    let query = |start_index, count| DocumentQuery {
        parts: vec![DocumentPart {
            kind: ResourceKind::User,
            filter: None,
            sort: None,
            with_links: false,
        }],
        order: SortOrder::Ascending,
        window: Window::Index(start_index),
        count,
    };
    for start in [1, 2, 900, 1_025, 2_000, 2_500, live.len() as u64] {
        let page = place
            .store
            .documents(&query(start, 10))
            .await
            .expect("read");
        assert_eq!(page.total, live.len() as u64);
        let ids: Vec<_> = page.found.iter().map(|found| found.document.id).collect();
        let first = usize::try_from(start - 1).expect("small");
        let last = (first + 10).min(live.len());
        assert_eq!(ids, live[first..last], "from {start}");
    }
    let beyond = place
        .store
        .documents(&query(live.len() as u64 + 1, 10))
        .await
        .expect("read");
    assert_eq!(beyond.found, []);
    let counted = place.store.documents(&query(1, 0)).await.expect("read");
    assert_eq!((counted.total, counted.found.len()), (live.len() as u64, 0));
    place.is_sound().await;
}

#[tokio::test]
async fn a_document_has_the_stored_text_and_columns() {
    let place = Place::new();
    let first = member(1);
    place.commit(vec![created(&first)]).await.expect("created");
    let second = edited(&first, |member| member.set_active(false));
    place
        .commit(vec![updated(&first, &second)])
        .await
        .expect("updated");
    let document = place
        .store
        .document(ResourceKind::User, first.id.0, false)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(document.version, 2);
    assert_eq!(document.created, first.created);
    assert_eq!(document.modified, second.modified);
    assert_eq!(
        document.attributes,
        serde_json::to_string(&second.attributes).expect("json")
    );
    assert_eq!(document.links, None);
    let wrong_kind = place
        .store
        .document(ResourceKind::Group, first.id.0, false)
        .await
        .expect("read");
    assert_eq!(wrong_kind, None);
}

fn admin_roles() -> Roles {
    Policy::preset("rfc").expect("a preset").roles
}
