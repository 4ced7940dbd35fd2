//! The guards over HTTP: the last admin (S09), recovery admins (S47), who comes and goes (S50), and recovery codes.

use std::collections::BTreeMap;

use provost::admin::guards::{MarkRecovery, ProveRecovery};
use provost::admin::policy::{AdoptPreset, SetPolicy};
use provost::admin::types::{ActorKind, NewMember, Outcome, RequestListing};
use provost::admin::{AdminRead as _, AdminWrite as _};
use provost::directory::member::PROVOST_USER;
use provost::directory::{Actor, MemberId};
use provost::engine::admin::{Asker, Mode};
use provost::secret::Secret;
use rstest::rstest;
use serde_json::{Value, json};

use crate::guards_support::{
    Way, adopt, ask, incident_of, incidents, is_active, leave, let_in, logged, people, person,
    put_away, set,
};
use crate::oauth_client::{TOKEN, TestClient, Told};
use crate::real::Real;

const PASSWORD: &str = "correct horse battery staple";

async fn owner(real: &Real) -> MemberId {
    let found = real.local.find_member("owner@example.com".into()).await;
    found.unwrap().row.id
}

async fn under(preset: &str) -> Real {
    let real = Real::new().await;
    adopt(&real, preset).await;
    real
}

#[rstest]
#[case("unleash")]
#[case("flagsmith")]
#[case("datadog")]
#[case("safe")]
#[case("rfc")]
#[tokio::test]
async fn s09_the_last_admin_stays_and_every_path_is_told(#[case] preset: &str) {
    let real = under(preset).await;
    set(&real, "guard.last_admin", "deny").await;
    set(&real, "guard.owner", "off").await;
    let id = owner(&real).await;
    let left = leave(&real, Way::Patch, &id.to_string()).await;
    assert_eq!(left.status, 403, "{left:?}");
    let exchange = logged(&real, &left).await;
    assert_eq!(exchange.row.outcome, Outcome::Refused);
    assert_eq!(exchange.row.code.as_deref(), Some("LAST_ADMIN"));
    assert_eq!(exchange.policy_key.as_deref(), Some("guard.last_admin"));
    let path = "owner@example.com as owner, signs in by password, kept here";
    let is_told = exchange
        .trace
        .iter()
        .any(|step| step.what == format!("path to admin: {path}"));
    assert!(is_told, "{:?}", exchange.trace);
    assert!(
        !left.body.to_string().contains("signs in"),
        "not to the client"
    );
    assert!(is_active(&real, &id.to_string()).await);
    let incident = incident_of(&real, "LAST_ADMIN").await;
    assert_eq!(incident.subjects[0].name, "owner@example.com");
    for (name, admin) in &real.admins {
        let error = admin.deactivate_member(id).await.unwrap_err();
        assert_eq!(error.code.as_deref(), Some("LAST_ADMIN"), "{name}");
        assert_eq!(error.notes, [path], "{name} is told each path");
    }
    assert_eq!(
        incidents(&real).await.len(),
        1,
        "what an admin tries is none"
    );
}

/// With a token that an OAuth client has fetched, in each of the ways out.
#[rstest]
#[tokio::test]
async fn s09_an_oauth_client_does_not_take_the_last_admin(
    #[values("launchdarkly", "unleash", "flagsmith", "datadog", "safe", "rfc")] preset: &str,
    #[values(Way::Patch, Way::Put, Way::Delete, Way::Bulk)] way: Way,
) {
    let mut real = Real::new().await;
    real.scim_token = TestClient::new(&real, "fetching").await.fetch().await;
    adopt(&real, preset).await;
    set(&real, "guard.last_admin", "deny").await;
    set(&real, "guard.owner", "off").await;
    let id = owner(&real).await.to_string();
    let left = leave(&real, way, &id).await;
    // Of a bulk request the operation is refused.
    assert_eq!(left.status, 403, "{left:?}");
    assert!(is_active(&real, &id).await);
    let incident = incident_of(&real, "LAST_ADMIN").await;
    assert_eq!(incident.subjects[0].name, "owner@example.com");
    let listing = RequestListing {
        limit: 10,
        ..RequestListing::default()
    };
    let lines = real.local.requests(listing).await.unwrap().items;
    let refused = lines
        .iter()
        .find(|row| row.code.as_deref() == Some("LAST_ADMIN"));
    let exchange = real
        .local
        .request(refused.unwrap().id)
        .await
        .unwrap()
        .exchange;
    assert_eq!(exchange.policy_key.as_deref(), Some("guard.last_admin"));
    let path = "path to admin: owner@example.com as owner, signs in by password, kept here";
    assert!(
        exchange.trace.iter().any(|step| step.what == path),
        "{:?}",
        exchange.trace
    );
}

/// An admin whom a custom role makes none any more is counted as none, whoever gives it and however.
#[tokio::test]
async fn s09_a_custom_role_does_not_take_the_last_admin() {
    let real = under("safe").await;
    let mut bob = person("bob@x.io");
    bob[PROVOST_USER] = json!({ "role": "admin" });
    let bob = real.ask("POST", "/Users", Some(bob)).await.id();
    let_in(&real, &[&bob]);
    set(&real, "guard.owner", "off").await;
    real.local
        .deactivate_member(owner(&real).await)
        .await
        .unwrap();
    assert_eq!(real.local.overview().await.unwrap().admins, 1);
    let path = format!("{PROVOST_USER}:customRole");
    let change = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": path, "value": ["foo"] }],
    });
    let refused = ask(
        &real,
        "PATCH",
        &format!("/Users/{bob}"),
        Some(change.clone()),
    )
    .await;
    assert_eq!(refused.status, 403, "{refused:?}");
    let exchange = logged(&real, &refused).await;
    assert_eq!(exchange.row.code.as_deref(), Some("LAST_ADMIN"));
    // Nor does a policy that would make it so.
    set(&real, "roles.custom_supersedes_base", "false").await;
    let given = ask(&real, "PATCH", &format!("/Users/{bob}"), Some(change)).await;
    assert_eq!(given.status, 200, "{given:?}");
    let key = "roles.custom_supersedes_base";
    let asker = Asker {
        actor: Actor::admin("test"),
        mode: Mode::Commit,
    };
    let engine = real.local.engine();
    let told = engine
        .set_policy(&asker, key.into(), Some("true".into()), None)
        .await;
    assert!(
        told.unwrap_err()
            .to_string()
            .contains("nobody would be an admin")
    );
    // Datadog's admins have other names.
    let told = engine
        .adopt_preset(&asker, "datadog".into(), Default::default(), None)
        .await;
    assert!(
        told.unwrap_err()
            .to_string()
            .contains("nobody would be an admin")
    );
    assert_eq!(real.local.overview().await.unwrap().admins, 1);
}

/// Whoever names the owner decides who signs in as them.
#[rstest]
#[case("launchdarkly")]
#[case("safe")]
#[tokio::test]
async fn s08_no_identity_provider_renames_the_owner(#[case] preset: &str) {
    let real = under(preset).await;
    let id = owner(&real).await;
    let path = format!("/Users/{id}");
    let patch = |path: &str, value: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": path, "value": value }],
        })
    };
    let before = real.ask("GET", &path, None).await.body;
    for change in [
        patch("userName", json!("eve@x.io")),
        patch("emails", json!([{ "value": "eve@x.io", "type": "work" }])),
    ] {
        let told = ask(&real, "PATCH", &path, Some(change)).await;
        assert_eq!(told.status, 200, "{told:?}");
        assert_eq!(
            logged(&real, &told).await.policy_key.as_deref(),
            Some("guard.owner")
        );
        let after = real.ask("GET", &path, None).await.body;
        assert_eq!(
            (&after["userName"], &after["emails"]),
            (&before["userName"], &before["emails"])
        );
    }
}

/// Under a policy that wants an admin's consent a client gets no token for its credentials alone.
#[tokio::test]
async fn a_client_does_not_go_round_the_consent() {
    let real = Real::new().await;
    let client = TestClient::new(&real, "fetching").await;
    assert!(!client.fetch().await.is_empty());
    adopt(&real, "launchdarkly").await;
    let told = Told::of(client.post(TOKEN, &[("grant_type", "client_credentials")])).await;
    assert_eq!(
        (told.status, &told.body["error"]),
        (400, &json!("unauthorized_client"))
    );
    let logged = told.logged(&real).await;
    assert_eq!(logged.exchange.row.code.as_deref(), Some("SCIM_AUTH"));
}

#[rstest]
#[case("launchdarkly")]
#[case("unleash")]
#[case("flagsmith")]
#[case("datadog")]
#[case("safe")]
#[case("rfc")]
#[tokio::test]
async fn s47_no_identity_provider_touches_a_recovery_admin(#[case] preset: &str) {
    let real = under(preset).await;
    let id = owner(&real).await;
    real.local
        .mark_recovery(id, MarkRecovery { on: true })
        .await
        .unwrap();
    let path = format!("/Users/{id}");
    let before = real.ask("GET", &path, None).await;
    assert_eq!(before.status, 200, "reads go on");
    for way in [Way::Patch, Way::Put, Way::Delete] {
        let left = leave(&real, way, &id.to_string()).await;
        assert_eq!(left.status, 403, "{way:?}: {left:?}");
        let exchange = logged(&real, &left).await;
        assert_eq!(exchange.row.code.as_deref(), Some("RECOVERY_EXEMPT"));
        assert!(exchange.changed.is_empty());
    }
    let mut renamed = before.body.clone();
    renamed["displayName"] = json!("Somebody");
    assert_eq!(ask(&real, "PUT", &path, Some(renamed)).await.status, 403);
    assert_eq!(real.ask("GET", &path, None).await.body, before.body);
    let incident = incident_of(&real, "RECOVERY_EXEMPT").await;
    assert_eq!((incident.count, incident.evidence.len()), (4, 4));
}

#[rstest]
#[case("launchdarkly")]
#[case("unleash")]
#[case("flagsmith")]
#[case("datadog")]
#[case("safe")]
#[case("rfc")]
#[tokio::test]
async fn s50_who_comes_and_goes_is_remarked_after_three_times(#[case] preset: &str) {
    let real = under(preset).await;
    let mut id = people(&real, 1).await.remove(0);
    for time in 1..=5 {
        let left = leave(&real, Way::Patch, &id).await;
        assert!((200..300).contains(&left.status), "{left:?}");
        let gone = real.ask("GET", &format!("/Users/{id}"), None).await.status == 404;
        id = if gone {
            let back = real.ask("POST", "/Users", Some(person("p0@x.io"))).await;
            assert_eq!(back.status, 201, "{}", back.body);
            back.id()
        } else {
            let path = format!("/Users/{id}");
            assert_eq!(
                real.ask("PATCH", &path, Some(put_away(true))).await.status,
                200
            );
            id
        };
        let flapping = incidents(&real)
            .await
            .iter()
            .any(|it| it.code == "FLAPPING");
        assert_eq!(flapping, time >= 3, "time {time}");
    }
    let incident = incident_of(&real, "FLAPPING").await;
    assert_eq!(incident.count, 3);
    let found = real
        .ask("GET", "/Users?filter=userName%20eq%20%22p0@x.io%22", None)
        .await;
    assert_eq!(found.body["totalResults"], 1, "one identity");
}

#[tokio::test]
async fn a_recovery_admin_is_marked_proven_and_brought_back() {
    let real = under("safe").await;
    let id = owner(&real).await;
    let remarks = real.local.guard_status().await.unwrap().remarks;
    assert!(remarks[0].contains("no recovery admin"), "{remarks:?}");
    let early = real.local.make_recovery_codes(id).await.err().unwrap();
    assert_eq!(early.code.as_deref(), Some("NO_RECOVERY"));
    let stranger = people(&real, 1).await.remove(0).parse().unwrap();
    let no_admin = real
        .local
        .mark_recovery(stranger, MarkRecovery { on: true })
        .await
        .unwrap_err();
    assert_eq!(no_admin.code.as_deref(), Some("RECOVERY_NOT_ADMIN"));

    real.local
        .mark_recovery(id, MarkRecovery { on: true })
        .await
        .unwrap();
    let remarks = real.local.guard_status().await.unwrap().remarks;
    assert!(remarks[0].contains("has shown"), "{remarks:?}");
    let proof = |password: &str| ProveRecovery {
        password: password.into(),
    };
    for (name, admin) in &real.admins {
        let wrong = admin.prove_recovery(id, proof("wrong")).await.unwrap_err();
        assert_eq!(wrong.code.as_deref(), Some("RECOVERY_PASSWORD"), "{name}");
        admin.prove_recovery(id, proof(PASSWORD)).await.unwrap();
    }
    let status = real.local.guard_status().await.unwrap();
    assert!(status.remarks.is_empty(), "{:?}", status.remarks);
    assert!(status.recovery[0].proven.is_some());

    let old = real.admins[2]
        .1
        .make_recovery_codes(id)
        .await
        .unwrap()
        .codes;
    let codes = real.local.make_recovery_codes(id).await.unwrap().codes;
    assert_eq!(codes.len(), 5);
    let database = rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
    database.execute_batch("UPDATE resource SET doc = json_set(doc, '$.active', json('false')) WHERE (flags & 2) = 2; UPDATE card SET active = 0 WHERE user_name = 'owner@example.com'; UPDATE tally SET active_members = active_members - 1").unwrap();
    assert!(!is_active(&real, &id.to_string()).await);
    let new = || Secret::new("a quite new password".into());
    let use_code = |code: String| {
        let local = real.local.clone();
        async move { local.use_recovery_code(&Secret::new(code), new()).await }
    };
    let replaced = use_code(old[0].clone()).await.unwrap_err();
    assert_eq!(
        replaced.code.as_deref(),
        Some("RECOVERY_CODE"),
        "newer codes replace older ones"
    );
    use_code(codes[0].clone()).await.unwrap();
    assert!(is_active(&real, &id.to_string()).await);
    let spent = use_code(codes[0].clone()).await.unwrap_err();
    assert_eq!(
        spent.code.as_deref(),
        Some("RECOVERY_CODE"),
        "a code works once"
    );
    real.local
        .prove_recovery(id, proof("a quite new password"))
        .await
        .unwrap();
    assert!(
        real.local
            .prove_recovery(id, proof(PASSWORD))
            .await
            .is_err()
    );
    let timeline = real.local.member_timeline(id, 0, 20).await.unwrap().items;
    assert!(
        timeline
            .iter()
            .any(|row| row.actor.kind == ActorKind::Recovery)
    );

    set(&real, "guard.recovery_admin", "recommend").await;
    real.local
        .mark_recovery(id, MarkRecovery { on: false })
        .await
        .unwrap();
    assert!(
        use_code(codes[1].clone()).await.is_err(),
        "whoever is none any more has no codes"
    );
}

/// A policy under which the last proven recovery admin is none any more is refused like any other step that takes them; one that
/// takes somebody else's role says whose.
#[tokio::test]
async fn a_policy_leaves_a_recovery_admin() {
    let real = under("safe").await;
    let bob = NewMember {
        user_name: "bob@x.io".into(),
        role: Some("admin".into()),
        ..NewMember::default()
    };
    let bob: MemberId = real
        .local
        .add_member(bob)
        .await
        .unwrap()
        .id
        .parse()
        .unwrap();
    let mark = MarkRecovery { on: true };
    real.local.mark_recovery(bob, mark).await.unwrap();
    let codes = real.local.make_recovery_codes(bob).await.unwrap().codes;
    let password = || Secret::new("a quite new password".to_owned());
    let code = |number: usize| Secret::new(codes[number].clone());
    real.local
        .use_recovery_code(&code(0), password())
        .await
        .unwrap();

    let narrow = || SetPolicy {
        key: "roles.admin".into(),
        value: Some("owner".into()),
        if_version: None,
    };
    let adopt = AdoptPreset {
        preset: "datadog".into(),
        overrides: BTreeMap::new(),
        if_version: None,
    };
    for (name, admin) in &real.admins {
        let refused = admin.set_policy(narrow()).await.unwrap_err();
        assert_eq!(refused.code.as_deref(), Some("RECOVERY_LAST"), "{name}");
        assert_eq!(refused.policy_key.as_deref(), Some("guard.recovery_admin"));
        let refused = admin.adopt_preset(adopt.clone()).await.unwrap_err();
        assert_eq!(refused.code.as_deref(), Some("RECOVERY_LAST"), "{name}");
    }

    let id = owner(&real).await;
    let mark = MarkRecovery { on: true };
    real.local.mark_recovery(id, mark).await.unwrap();
    let proof = ProveRecovery {
        password: PASSWORD.into(),
    };
    real.local.prove_recovery(id, proof).await.unwrap();
    let done = real.local.set_policy(narrow()).await.unwrap();
    let ceases = "1 member ceases to be admin: bob@x.io";
    assert!(
        done.warnings.iter().any(|it| it == ceases),
        "{:?}",
        done.warnings
    );
    let refused = real.local.use_recovery_code(&code(1), password()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code.as_deref(), Some("RECOVERY_NOT_ADMIN"));
}
