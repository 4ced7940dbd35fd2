//! A unit is committed whole or not at all, and only while what it was decided on still holds.

use rstest::rstest;
use serde_json::json;

use super::{Place, at, created, edited, exchange, member, team, team_created, unit, updated};
use crate::directory::member::PROVOST_USER;
use crate::directory::policy::Policy;
use crate::directory::{Change, Member, MemberId, ObjectKind, RequestId, TeamId, TokenId};
use crate::store::rows::TokenScope;
use crate::store::{Account, MemberKey, Precondition, StoreError, TokenSecret};

#[tokio::test]
async fn a_member_comes_back_as_it_was_given() {
    let place = Place::new();
    let ada = member(1);
    let committed = place.commit(vec![created(&ada)]).await.expect("created");
    assert_eq!(committed.members, [(ada.id, 1)]);
    assert_eq!(committed.first_audit, Some(1));
    let found = place.store.member(ada.id, false).await.expect("read");
    assert_eq!(found, Some(ada));
    place.is_sound().await;
}

#[tokio::test]
async fn state_audit_and_log_commit_together() {
    let place = Place::new();
    let ada = member(1);
    let mut whole = unit(vec![created(&ada)]);
    whole.exchange = Some(exchange(7, |row| row.changes = 1));
    place.store.commit(whole).await.expect("committed");

    let line = place.store.request(RequestId(7)).await.expect("read");
    assert_eq!(line, Some(exchange(7, |row| row.changes = 1)));
    let timeline = place
        .store
        .timeline(ObjectKind::Member, ada.id.0, 0, 10)
        .await
        .expect("read");
    let row = timeline.items.first().expect("one row");
    assert_eq!(row.request, Some(RequestId(7)));
    assert_eq!(row.policy_key.as_deref(), Some("users.match"));
    assert_eq!(row.change, created(&ada).view());
    place.is_sound().await;
}

#[tokio::test]
async fn a_unit_that_fails_late_leaves_nothing() {
    let place = Place::new();
    let (ada, bob) = (member(1), member(2));
    place.create([&ada]).await;
    let mut bad = unit(vec![
        created(&bob),
        team_created(&team(1)),
        updated(&edited(&ada, |_| {}), &edited(&ada, |_| {})),
    ]);
    bad.exchange = Some(exchange(1, |_| {}));
    let error = place.store.commit(bad).await.expect_err("stale");
    assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    assert_eq!(place.store.member(bob.id, false).await.expect("read"), None);
    assert_eq!(place.store.request(RequestId(1)).await.expect("read"), None);
    assert_eq!(place.store.count_teams().await.expect("read"), (0, 0));
    let last = place.store.last_changes(10).await.expect("read");
    assert_eq!(last.len(), 1);
    place.is_sound().await;
}

#[rstest]
#[case::user_name(json!({"userName": "USER1@x.io"}), "userName")]
#[case::external_id(json!({"userName": "else", "externalId": "00U1"}), "externalId")]
#[tokio::test]
async fn a_taken_key_is_named(
    #[case] attributes: serde_json::Value,
    #[case] expected: &'static str,
) {
    let place = Place::new();
    place.create([&member(1)]).await;
    let mut rival = member(2);
    rival.attributes = super::attributes(attributes);
    let error = place
        .commit(vec![created(&rival)])
        .await
        .expect_err("taken");
    assert!(
        matches!(error, StoreError::Taken { ref attribute } if attribute == expected),
        "{error}"
    );
    // Nothing of the rival is left that could stand in somebody's way.
    place.create([&member(2)]).await;
    place.is_sound().await;
}

#[tokio::test]
async fn the_external_id_is_compared_exactly() {
    let place = Place::new();
    place.create([&member(1)]).await;
    let mut other = member(2);
    other.attributes.insert("externalId".into(), json!("00u1"));
    place.create([&other]).await;
    let found = place
        .store
        .members_by(&MemberKey::ExternalId("00u1".into()))
        .await
        .expect("read");
    assert_eq!(found, [other]);
}

#[tokio::test]
async fn an_update_of_an_older_version_is_stale() {
    let place = Place::new();
    let first = member(1);
    place.create([&first]).await;
    let second = edited(&first, |member| member.set_active(false));
    let committed = place
        .commit(vec![updated(&first, &second)])
        .await
        .expect("updated");
    assert_eq!(committed.members, [(first.id, 2)]);
    assert_eq!(place.store.count_members().await.expect("read"), (1, 0));
    let error = place
        .commit(vec![updated(&first, &second)])
        .await
        .expect_err("stale");
    assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    place.is_sound().await;
}

#[tokio::test]
async fn an_update_moves_the_keys() {
    let place = Place::new();
    let before = member(1);
    place.create([&before]).await;
    let after = edited(&before, |member| {
        member.attributes.insert("userName".into(), json!("ada"));
        member
            .attributes
            .insert("emails".into(), json!([{"value": "ada@y.io"}]));
    });
    place
        .commit(vec![updated(&before, &after)])
        .await
        .expect("updated");
    for (key, found) in [
        (MemberKey::UserName("ADA".into()), 1),
        (MemberKey::UserName("user1@x.io".into()), 0),
        (MemberKey::Email("Ada@Y.io".into()), 1),
        (MemberKey::Email("user1@x.io".into()), 0),
        (MemberKey::ExternalId("00U1".into()), 1),
    ] {
        let members = place.store.members_by(&key).await.expect("read");
        assert_eq!(members.len(), found, "{key:?}");
    }
    place.is_sound().await;
}

#[tokio::test]
async fn a_soft_deleted_member_is_hidden_frees_the_keys_and_comes_back() {
    let place = Place::new();
    let before = member(1);
    place.create([&before]).await;
    let gone = edited(&before, |member| member.deleted = Some(at(5)));
    place
        .commit(vec![updated(&before, &gone)])
        .await
        .expect("soft-deleted");
    assert_eq!(
        place.store.member(gone.id, false).await.expect("read"),
        None
    );
    assert_eq!(
        place.store.member(gone.id, true).await.expect("read"),
        Some(gone.clone())
    );
    assert_eq!(place.store.count_members().await.expect("read"), (0, 0));

    // Somebody else takes the name meanwhile, so it cannot come back under it.
    let mut heir = member(2);
    heir.attributes
        .insert("userName".into(), json!("user1@x.io"));
    place.create([&heir]).await;
    let back = edited(&gone, |member| member.deleted = None);
    let error = place
        .commit(vec![updated(&gone, &back)])
        .await
        .expect_err("taken");
    assert!(matches!(error, StoreError::Taken { attribute } if attribute == "userName"));

    let back = edited(&gone, |member| {
        member.deleted = None;
        member.attributes.insert("userName".into(), json!("other"));
    });
    place
        .commit(vec![updated(&gone, &back)])
        .await
        .expect("restored");
    assert_eq!(
        place.store.member(back.id, false).await.expect("read"),
        Some(back)
    );
    place.is_sound().await;
}

#[tokio::test]
async fn a_removed_member_leaves_a_timeline_and_free_keys() {
    let place = Place::new();
    let first = member(1);
    place.create([&first]).await;
    place
        .commit(vec![Change::MemberRemoved {
            before: Box::new(first.clone()),
        }])
        .await
        .expect("removed");
    assert_eq!(
        place.store.member(first.id, true).await.expect("read"),
        None
    );
    let timeline = place
        .store
        .timeline(ObjectKind::Member, first.id.0, 0, 10)
        .await
        .expect("read");
    assert_eq!(timeline.items.len(), 2);
    let mut second = first.clone();
    second.id = member(2).id;
    place.create([&second]).await;
    place.is_sound().await;
}

fn named(name: &str, teams: &[TeamId]) -> Precondition {
    Precondition::TeamsNamed {
        name: name.into(),
        teams: teams.to_vec(),
    }
}

/// A name is one member's; teams share one where the decision lets them.
#[tokio::test]
async fn teams_may_be_called_alike_and_members_not() {
    let place = Place::new();
    let (mut twin, mut same) = (team(2), member(2));
    twin.attributes.clone_from(&team(1).attributes);
    same.attributes.clone_from(&member(1).attributes);
    place
        .commit(vec![team_created(&team(1)), team_created(&twin)])
        .await
        .expect("two of one name");
    place.create([&member(1)]).await;
    let taken = place.commit(vec![created(&same)]).await.expect_err("taken");
    assert!(matches!(taken, StoreError::Taken { .. }), "{taken}");
    place.is_sound().await;
}

#[tokio::test]
async fn preconditions_must_hold() {
    let place = Place::new();
    let (ada, staff) = (member(1), team(1));
    place
        .commit(vec![created(&ada), team_created(&staff)])
        .await
        .expect("created");
    for (precondition, holds) in [
        (Precondition::MemberVersion(ada.id, 1), true),
        (Precondition::MemberVersion(ada.id, 2), false),
        (Precondition::MemberVersion(MemberId(staff.id.0), 1), false),
        (Precondition::TeamVersion(staff.id, 1), true),
        (Precondition::TeamVersion(TeamId(ada.id.0), 1), false),
        (named("team 1", &[staff.id]), true),
        (named("team 1", &[]), false),
        (named("team 1", &[TeamId(ada.id.0), staff.id]), false),
        (named("team 2", &[]), true),
        (named("team 2", &[staff.id]), false),
    ] {
        let mut one = unit(Vec::new());
        one.preconditions = vec![precondition.clone()];
        let result = place.store.commit(one).await;
        assert_eq!(result.is_ok(), holds, "{precondition:?}");
    }
}

#[tokio::test]
async fn an_admin_must_be_left_when_one_goes() {
    let place = Place::new();
    let mut admins = [member(1), member(2)];
    for admin in &mut admins {
        admin
            .attributes
            .insert(PROVOST_USER.into(), json!({ "role": "admin" }));
    }
    let [ada, bob] = &admins;
    place
        .commit(vec![created(ada), created(bob)])
        .await
        .expect("created");
    let goes = |one: &Member| {
        let mut goes = unit(vec![Change::MemberRemoved {
            before: Box::new(one.clone()),
        }]);
        goes.preconditions = vec![Precondition::AdminThen {
            passwords_are_closed: false,
            signs_in: false,
            roles: Box::new(Policy::preset("rfc").expect("a preset").roles),
        }];
        place.store.commit(goes)
    };
    // Both in one batch of the writer, as two requests at once are.
    let (first, second) = tokio::join!(goes(ada), goes(bob));
    assert!(
        matches!(
            (&first, &second),
            (Ok(_), Err(StoreError::Stale { .. })) | (Err(StoreError::Stale { .. }), Ok(_))
        ),
        "{first:?} {second:?}"
    );
    assert_eq!(
        place
            .store
            .count_admins(&Policy::preset("rfc").expect("a preset").roles, None, false)
            .await
            .expect("read"),
        (1, 0)
    );
}

#[tokio::test]
async fn failing_neighbours_spoil_nothing() {
    let place = Place::new();
    place.create([&member(0)]).await;
    let commits = (1..=200).map(|n| {
        // Every third one wants a name that is taken.
        let mut one = member(n);
        if n % 3 == 0 {
            one.attributes
                .insert("userName".into(), json!("user0@x.io"));
        }
        let store = std::sync::Arc::clone(&place.store);
        tokio::spawn(async move { (n, store.commit(unit(vec![created(&one)])).await) })
    });
    for task in commits.collect::<Vec<_>>() {
        let (n, result) = task.await.expect("no panic");
        assert_eq!(result.is_err(), n % 3 == 0, "{n}: {result:?}");
    }
    assert_eq!(place.store.count_members().await.expect("read"), (135, 135));
    let rows = place.store.last_changes(1_000).await.expect("read");
    let seqs: Vec<u64> = rows.iter().rev().map(|row| row.seq).collect();
    assert_eq!(seqs, (1..=135).collect::<Vec<_>>());
    place.is_sound().await;
}

#[tokio::test]
async fn the_account_is_made_once() {
    let place = Place::new();
    assert_eq!(place.store.account().await.expect("read"), None);
    let account = Account {
        organisation: "Acme".into(),
        preset: "rfc".into(),
        created: at(0),
        pseudonym_key: "a2V5".into(),
    };
    let mut init = unit(vec![created(&member(1))]);
    init.account = Some(account.clone());
    init.password_hash = Some((member(1).id, "$argon2id$".into()));
    place.store.commit(init).await.expect("made");
    assert_eq!(
        place.store.account().await.expect("read"),
        Some(account.clone())
    );
    assert_eq!(
        place
            .store
            .password_hash(member(1).id)
            .await
            .expect("read")
            .as_deref(),
        Some("$argon2id$")
    );
    let mut again = unit(Vec::new());
    again.account = Some(account);
    let error = place.store.commit(again).await.expect_err("there is one");
    assert!(matches!(error, StoreError::Stale { .. }));
}

#[tokio::test]
async fn a_token_lives_from_issue_to_revocation() {
    let place = Place::new();
    let issue = |n: u128, name: &str| {
        let id = TokenId(uuid::Uuid::from_u128(n));
        let mut one = unit(vec![Change::TokenIssued {
            id,
            name: name.into(),
            scope: "scim".into(),
            owner: None,
        }]);
        one.token_secret = Some(TokenSecret {
            id,
            sha256: [u8::try_from(n).expect("small"); 32],
            prefix: "prv_scim_ab".into(),
            expires: Some(at(9)),
        });
        one
    };
    let revoke = || {
        unit(vec![Change::TokenRevoked {
            id: TokenId(uuid::Uuid::from_u128(1)),
            name: "okta".into(),
        }])
    };
    place.store.commit(issue(1, "okta")).await.expect("issued");
    let error = place
        .store
        .commit(issue(2, "okta"))
        .await
        .expect_err("the name is taken");
    assert!(matches!(error, StoreError::Taken { attribute } if attribute == "name"));

    let id = TokenId(uuid::Uuid::from_u128(1));
    place.store.touch_token(id, at(100)).await.expect("noted");
    place.store.flush().await.expect("flushed");
    let token = place
        .store
        .token_by_hash(&[1; 32])
        .await
        .expect("read")
        .expect("found");
    assert_eq!(token.scope, TokenScope::Scim);
    assert_eq!(token.expires, Some(at(9)));
    assert_eq!(token.last_used, Some(at(100)));
    assert_eq!(token.revoked, None);

    place.store.commit(revoke()).await.expect("revoked");
    let error = place.store.commit(revoke()).await.expect_err("once");
    assert!(matches!(error, StoreError::Stale { .. }));
    place
        .store
        .commit(issue(2, "okta"))
        .await
        .expect("the name is free");
    let names: Vec<_> = place.store.tokens().await.expect("read");
    assert_eq!(names.len(), 2);
    let debug = format!("{names:?}");
    assert!(!debug.contains("sha256"), "{debug}");
}
