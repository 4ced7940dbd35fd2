//! The policy as admins meet it: read, set, fixed by a file, undone, and tried on recorded requests; in this process, on
//! the socket and over the network.

use provost::admin::policy::{AdoptPreset, PolicySource, SetPolicy, Simulate};
use provost::admin::types::{NewMember, NewToken, Outcome, RequestListing, TokenScope};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite};
use provost::config::{PolicyEntry, PolicyTable};
use provost::directory::policy::KEYS;
use serde_json::json;

use crate::real::Real;

fn set(key: &str, value: Option<&str>) -> SetPolicy {
    SetPolicy {
        key: key.into(),
        value: value.map(Into::into),
        if_version: None,
    }
}

fn preset(name: &str) -> AdoptPreset {
    AdoptPreset {
        preset: name.into(),
        overrides: [].into(),
        if_version: None,
    }
}

async fn value(admin: &dyn AdminWrite, key: &str) -> (String, PolicySource) {
    let policy = admin.policy().await.unwrap();
    let row = policy.keys.into_iter().find(|row| row.key == key).unwrap();
    (row.value, row.source)
}

#[tokio::test]
async fn every_admin_sets_a_key_and_everybody_sees_who_did() {
    let real = Real::new().await;
    for (name, admin) in &real.admins {
        let before = admin.policy().await.unwrap();
        assert_eq!(
            (before.preset.as_str(), before.keys.len()),
            ("rfc", KEYS.len())
        );
        let change = set("users.on_delete", Some("soft_delete"));
        let done = admin.set_policy(change.clone()).await.unwrap();
        assert_eq!(done.outcome, Outcome::Applied, "{name}");
        let again = admin.set_policy(change).await.unwrap();
        assert_eq!(again.outcome, Outcome::NoOp, "{name}");
        let policy = admin.policy().await.unwrap();
        let mut keys = policy.keys.iter();
        let row = keys.find(|row| row.key == "users.on_delete").unwrap();
        assert_eq!(row.value, "soft_delete");
        assert_eq!(
            (row.preset_value.as_str(), row.source),
            ("remove", PolicySource::Set)
        );
        let changed = row.changed.as_ref().unwrap();
        assert_eq!(
            (changed.actor.as_str(), changed.request),
            (*name, done.request_id)
        );
        assert_eq!(admin.overview().await.unwrap().policy_overrides, 1);

        // Whoever has seen the policy before is told what came in between, and by whom.
        let stale = SetPolicy {
            if_version: Some(before.version),
            ..set("users.on_inactive", Some("ignore"))
        };
        let error = admin.set_policy(stale).await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::Conflict, "{name}");
        let told = [*name, "users.on_delete", "from remove to soft_delete"];
        assert!(
            told.iter().all(|word| error.detail.contains(word)),
            "{error}"
        );

        admin
            .set_policy(set("users.on_delete", None))
            .await
            .unwrap();
        let (value, source) = value(admin.as_ref(), "users.on_delete").await;
        assert_eq!((value.as_str(), source), ("remove", PolicySource::Preset));
    }
}

#[tokio::test]
async fn a_preset_is_compared_adopted_and_shown_on_home() {
    let real = Real::new().await;
    for (name, admin) in &real.admins {
        let diff = admin.policy_diff("datadog".into()).await.unwrap();
        let keys: Vec<&str> = diff.differences.iter().map(|it| it.key.as_str()).collect();
        assert!(keys.contains(&"users.on_delete"), "{name}: {keys:?}");
        let done = admin.adopt_preset(preset("datadog")).await.unwrap();
        let told = &done.changes[0].fields;
        assert!(keys.iter().all(|key| told.iter().any(|it| it.path == *key)));
        assert_eq!(admin.overview().await.unwrap().preset, "datadog");
        assert!(
            admin
                .policy_diff("datadog".into())
                .await
                .unwrap()
                .differences
                .is_empty()
        );
        let error = admin.policy_diff("datadgo".into()).await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::Invalid);
        assert!(error.detail.contains("did you mean datadog?"), "{error}");
        admin.adopt_preset(preset("rfc")).await.unwrap();
    }
}

#[tokio::test]
async fn what_makes_no_policy_is_refused_with_its_reason() {
    let real = Real::new().await;
    let rows = [
        (
            set("users.on_delet", Some("remove")),
            AdminErrorKind::Invalid,
            "BAD_POLICY",
        ),
        (
            set("users.on_delete", Some("burn")),
            AdminErrorKind::Invalid,
            "BAD_POLICY",
        ),
        (
            set("roles.default", Some("king")),
            AdminErrorKind::Invalid,
            "BAD_POLICY",
        ),
        // The owner holds the role owner, but is an admin by being the owner: writer alone still leaves them.
    ];
    for (name, admin) in &real.admins {
        for (set, kind, code) in rows.clone() {
            let error = admin.set_policy(set).await.unwrap_err();
            assert_eq!(
                (error.kind, error.code.as_deref()),
                (kind, Some(code)),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn what_the_configuration_file_says_cannot_be_set() {
    let table = PolicyTable {
        path: "/etc/provost.toml".into(),
        entries: vec![PolicyEntry {
            key: "users.on_delete".into(),
            value: "disable".into(),
            line: 3,
        }],
        ..PolicyTable::default()
    };
    let real = Real::with(|options| options.policy = table).await;
    for (name, admin) in &real.admins {
        let (value, source) = value(admin.as_ref(), "users.on_delete").await;
        assert_eq!(
            (value.as_str(), source),
            ("disable", PolicySource::File),
            "{name}"
        );
        let error = admin
            .set_policy(set("users.on_delete", Some("remove")))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (AdminErrorKind::Refused, Some("POLICY_FIXED"))
        );
    }
    // The file is what decides, too.
    let made = real
        .ask("POST", "/Users", Some(json!({"userName": "ada"})))
        .await;
    let path = format!("/Users/{}", made.id());
    assert_eq!(real.ask("DELETE", &path, None).await.status, 204);
    let detail = real.local.find_member("ada".into()).await.unwrap();
    assert!(!detail.row.active && detail.row.deleted.is_none());
}

#[tokio::test]
async fn a_request_is_undone_unless_something_changed_since() {
    let real = Real::new().await;
    for (name, admin) in &real.admins {
        let user = json!({"userName": format!("ada-{name}"), "active": true});
        let made = real.ask("POST", "/Users", Some(user)).await;
        let path = format!("/Users/{}", made.id());
        let before = real.ask("GET", &path, None).await.body;
        let off = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": false}]});
        real.ask("PATCH", &path, Some(off)).await;
        let off = last(admin.as_ref()).await;

        // Members came and went: what is undone is the member as they were.
        let done = admin.undo_request(off).await.unwrap();
        assert_eq!(done.outcome, Outcome::Applied, "{name}");
        let mut after = real.ask("GET", &path, None).await.body;
        after["meta"] = before["meta"].clone();
        assert_eq!(after, before, "{name}");

        let error = admin.undo_request(off).await.unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (AdminErrorKind::Conflict, Some("UNDO_STALE")),
            "{name}"
        );
        assert!(error.detail.contains(name), "{error}");
        // The undo is a request like any other, so that it is undone like any other.
        admin.undo_request(done.request_id.unwrap()).await.unwrap();
        assert_eq!(real.ask("GET", &path, None).await.body["active"], false);

        real.ask("DELETE", &path, None).await;
        admin
            .undo_request(last(admin.as_ref()).await)
            .await
            .unwrap();
        assert_eq!(
            real.ask("GET", &path, None).await.body["id"],
            made.body["id"]
        );
    }
}

#[tokio::test]
async fn what_has_no_way_back_says_so() {
    let real = Real::new().await;
    let admin = real.local.shared();
    let token = admin
        .issue_token(NewToken {
            name: "entra".into(),
            scope: TokenScope::Scim,
            ttl_seconds: None,
            owner: None,
        })
        .await
        .unwrap();
    let done = admin.revoke_token(token.token.id).await.unwrap();
    let error = admin
        .undo_request(done.request_id.unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.code.as_deref(), Some("NOT_UNDOABLE"));
    assert!(error.detail.contains("never works again"), "{error}");
    let nothing = admin
        .set_policy(set("users.on_delete", None))
        .await
        .unwrap();
    let error = admin
        .undo_request(nothing.request_id.unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::NotFound, "{error}");
}

#[tokio::test]
async fn a_preset_is_undone_whole_and_the_last_admin_stays() {
    let real = Real::new().await;
    let admin = real.local.shared();
    let done = admin.adopt_preset(preset("unleash")).await.unwrap();
    admin.undo_request(done.request_id.unwrap()).await.unwrap();
    let policy = admin.policy().await.unwrap();
    assert_eq!(policy.preset, "rfc");
    assert!(
        policy
            .keys
            .iter()
            .all(|row| row.source == PolicySource::Preset)
    );
    // Under a preset without the guard the owner may be deactivated; going back to one with it is refused then.
    admin.adopt_preset(preset("datadog")).await.unwrap();
    let owner = real
        .local
        .find_member("owner@example.com".into())
        .await
        .unwrap();
    admin.deactivate_member(owner.row.id).await.unwrap();
    let error = admin.adopt_preset(preset("rfc")).await.unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref()),
        (AdminErrorKind::Refused, Some("LAST_ADMIN"))
    );
    assert_eq!(admin.overview().await.unwrap().preset, "datadog");
}

#[tokio::test]
async fn another_policy_is_tried_on_what_was_recorded() {
    let real = Real::new().await;
    let admin = real.local.shared();
    admin
        .add_member(NewMember {
            user_name: "old@x.io".into(),
            ..NewMember::default()
        })
        .await
        .unwrap();
    let user = |name: &str| json!({"userName": name, "active": true, "password": "hunter2hunter2"});
    let ada = real.ask("POST", "/Users", Some(user("ada@x.io"))).await;
    let path = format!("/Users/{}", ada.id());
    let old = real.ask("POST", "/Users", Some(user("old@x.io"))).await;
    assert_eq!(old.status, 409);
    let team = json!({"displayName": "Payments", "members": [{"value": ada.id()}]});
    assert_eq!(real.ask("POST", "/Groups", Some(team)).await.status, 201);
    let off = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": false}]});
    real.ask("PATCH", &path, Some(off.clone())).await;
    real.ask("DELETE", &path, None).await;

    let before = (
        admin.overview().await.unwrap().members,
        admin.overview().await.unwrap().log_rows,
    );
    for (name, admin) in &real.admins {
        // The same policy answers everything as it was answered.
        let same = admin.simulate_policy(Simulate {
            preset: Some("rfc".into()),
            ..Simulate::default()
        });
        let same = same.await.unwrap();
        assert_eq!(
            (same.decided, same.drifted, same.changed.len()),
            (5, 0, 0),
            "{name}: {same:?}"
        );

        let other = Simulate {
            preset: Some("unleash".into()),
            ..Simulate::default()
        };
        let other = admin.simulate_policy(other).await.unwrap();
        assert!(!other.differences.is_empty() && !other.limits.is_empty());
        let told: Vec<(&str, u16, u16, Option<&str>)> = other
            .changed
            .iter()
            .map(|it| {
                let key = it.then.policy_key.as_deref();
                (it.method.as_str(), it.now.status, it.then.status, key)
            })
            .collect();
        // Who was added by hand is taken over instead of refused, and an inactive member is gone for SCIM.
        assert!(
            told.contains(&("POST", 409, 200, Some("users.post_existing_active")))
                || told.contains(&("POST", 409, 201, Some("users.post_existing_active"))),
            "{name}: {told:?}"
        );
        assert!(
            told.iter()
                .any(|it| (it.0, it.1, it.2) == ("DELETE", 204, 404)),
            "{name}: {told:?}"
        );
        let one = Simulate {
            overrides: [("users.on_inactive".to_owned(), "ignore".to_owned())].into(),
            query: "method:PATCH".into(),
            ..Simulate::default()
        };
        let one = admin.simulate_policy(one).await.unwrap();
        assert_eq!((one.decided, one.changed.len()), (1, 1), "{name}: {one:?}");
        assert_eq!(one.changed[0].then.outcome, Outcome::Ignored);
    }
    let after = (
        admin.overview().await.unwrap().members,
        admin.overview().await.unwrap().log_rows,
    );
    assert_eq!(before, after);
}

async fn last(admin: &dyn AdminWrite) -> provost::admin::types::RequestId {
    let listing = RequestListing {
        query: "-path:/admin".into(),
        limit: 1,
        ..RequestListing::default()
    };
    admin.requests(listing).await.unwrap().items[0].id
}
