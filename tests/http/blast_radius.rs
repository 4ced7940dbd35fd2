//! `guard.blast_radius` over HTTP (scenario S42): the first n go, the rest waits for an admin, however it is asked and
//! however many ask at once.

use futures::future::join_all;
use provost::admin::guards::{Incident, IncidentListing, RuleHold, Ruling, TendIncident, Tending};
use provost::admin::types::{Exchange, Outcome};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use provost::directory::Actor;
use provost::engine::admin::{Asker, Mode};
use rstest::rstest;
use serde_json::{Value, json};

use crate::guards_support::{
    Way, adopt, incident_of, incidents, is_active, leave, logged, people, put_away, set,
};
use crate::real::Real;

/// How many may go in these tests.
const MAY_GO: usize = 3;

async fn guarded(preset: &str) -> Real {
    let real = Real::new().await;
    adopt(&real, preset).await;
    set(&real, "guard.blast_radius", "3 per 3600s").await;
    real
}

fn rule(ruling: Ruling) -> RuleHold {
    RuleHold {
        ruling,
        if_version: None,
    }
}

async fn the_hold(real: &Real) -> Incident {
    incident_of(real, "MASS_DEPROV").await
}

/// Presets as the table of scenarios has them. Each with the guard on.
#[rstest]
#[case("launchdarkly")]
#[case("unleash")]
#[case("flagsmith")]
#[case("datadog")]
#[case("safe")]
#[case("rfc")]
#[tokio::test]
async fn s42_the_first_go_and_the_rest_is_held(#[case] preset: &str) {
    let real = guarded(preset).await;
    let people = people(&real, 8).await;
    for (number, id) in people.iter().enumerate() {
        let way = [Way::Patch, Way::Put, Way::Delete][number % 3];
        let left = leave(&real, way, id).await;
        if number < MAY_GO {
            assert!((200..300).contains(&left.status), "{number}: {left:?}");
            continue;
        }
        assert_eq!(left.status, 429, "{number}: {left:?}");
        assert_eq!(left.retry_after.as_deref(), Some("3600"));
        let detail = left.body["detail"].as_str().unwrap();
        assert!(detail.contains("MASS_DEPROV"), "{detail}");
        assert!(is_active(&real, id).await, "nothing changes");
        let exchange: Exchange = logged(&real, &left).await;
        assert_eq!(exchange.row.outcome, Outcome::Held);
        assert_eq!(exchange.policy_key.as_deref(), Some("guard.blast_radius"));
        assert!(exchange.changed.is_empty());
    }
    let hold = the_hold(&real).await;
    assert_eq!((hold.waiting, hold.held, hold.count), (5, 5, 5));
    let detail = real.local.incident(hold.id).await.unwrap();
    let held: Vec<_> = detail
        .held
        .items
        .iter()
        .map(|it| it.member.to_string())
        .collect();
    assert_eq!(
        held,
        people[MAY_GO..],
        "whom, in the order they were asked about"
    );
    assert_eq!(detail.held.items[0].token, "okta");
    assert!(detail.explanation.is_some(), "it says what to do");
}

#[rstest]
#[case("launchdarkly", 200)]
#[case("unleash", 404)]
#[case("flagsmith", 404)]
#[case("datadog", 200)]
#[case("safe", 200)]
#[case("rfc", 200)]
#[tokio::test]
async fn s42_what_an_admin_allows_happens_as_a_batch(#[case] preset: &str, #[case] again: u16) {
    let real = guarded(preset).await;
    let people = people(&real, 6).await;
    for id in &people {
        leave(&real, Way::Patch, id).await;
    }
    let hold = the_hold(&real).await;
    let preview = real.local.clone().previewing();
    let would = preview
        .rule_hold(hold.id, rule(Ruling::Allowed))
        .await
        .unwrap();
    assert_eq!(would.applied, 3);
    assert!(
        is_active(&real, &people[5]).await,
        "a preview changes nothing"
    );
    for (name, admin) in &real.admins {
        let ruled = admin
            .rule_hold(hold.id, rule(Ruling::Allowed))
            .await
            .unwrap();
        // Said again by the others it changes nothing more.
        let first = if *name == "cli" { 3 } else { 0 };
        assert_eq!((ruled.applied, ruled.left), (first, 0), "{name}");
    }
    for id in &people {
        assert!(!is_active(&real, id).await);
        let left = leave(&real, Way::Patch, id).await;
        assert_eq!(
            left.status, again,
            "the identity provider tries once more: {left:?}"
        );
    }
    let hold = real.local.incident(hold.id).await.unwrap().incident;
    assert!(hold.tended.closed.is_some(), "done is done");
    assert_eq!(hold.waiting, 0);
    let log = real.local.requests(provost::admin::types::RequestListing {
        limit: 100,
        ..Default::default()
    });
    let carried: Vec<_> = log
        .await
        .unwrap()
        .items
        .into_iter()
        .filter(|row| row.path.contains("/held/"))
        .collect();
    assert_eq!(carried.len(), 3);
    for row in carried {
        assert!(row.part_of.is_some(), "the word of the admin is its cause");
        let exchange = real.local.request(row.id).await.unwrap().exchange;
        let names_origin = exchange
            .trace
            .iter()
            .any(|step| step.what.contains("allowed by an admin"));
        assert!(names_origin, "{:?}", exchange.trace);
    }
}

#[tokio::test]
async fn what_an_admin_rejects_is_refused_until_the_incident_is_closed() {
    let real = guarded("safe").await;
    let people = people(&real, 5).await;
    for id in &people {
        leave(&real, Way::Patch, id).await;
    }
    let hold = the_hold(&real).await;
    let close = |note: &str| TendIncident {
        tending: Tending::Close {
            note: Some(note.into()),
        },
        if_version: None,
    };
    let early = real
        .local
        .tend_incident(hold.id, close("too early"))
        .await
        .unwrap_err();
    assert_eq!(
        early.code.as_deref(),
        Some("HOLD_OPEN"),
        "what waits is not forgotten"
    );
    real.local
        .rule_hold(hold.id, rule(Ruling::Rejected))
        .await
        .unwrap();
    for way in [Way::Patch, Way::Put, Way::Delete] {
        let left = leave(&real, way, &people[4]).await;
        assert_eq!(left.status, 403, "{left:?}");
        assert!(
            left.body["detail"]
                .as_str()
                .unwrap()
                .contains("HOLD_REJECTED")
        );
    }
    let other = real
        .local
        .rule_hold(hold.id, rule(Ruling::Allowed))
        .await
        .unwrap_err();
    assert_eq!(other.kind, AdminErrorKind::Conflict, "one word is the last");
    real.local
        .tend_incident(hold.id, close("a wrong filter in Okta"))
        .await
        .unwrap();
    let closed = real.local.incident(hold.id).await.unwrap();
    let ends: Vec<_> = closed.held.items.iter().map(|it| it.end.clone()).collect();
    assert!(!ends.is_empty());
    assert!(
        ends.iter().all(|end| end.as_deref() == Some("rejected")),
        "{ends:?}"
    );
    assert_eq!(closed.incident.waiting, 0, "nothing waits any more");
    assert_eq!(closed.explanation.unwrap().code, "HOLD_REJECTED");
    let left = leave(&real, Way::Patch, &people[4]).await;
    assert_eq!(left.status, 429, "the window is still full: {left:?}");
    assert_ne!(
        the_hold(&real).await.id,
        hold.id,
        "which is another incident"
    );
}

#[tokio::test]
async fn an_open_hold_holds_whatever_comes_after_it() {
    let real = guarded("safe").await;
    let people = people(&real, 5).await;
    for id in &people[..4] {
        leave(&real, Way::Patch, id).await;
    }
    // As if the window had passed.
    let database = rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
    database.execute_batch("DELETE FROM departure").unwrap();
    assert_eq!(leave(&real, Way::Patch, &people[4]).await.status, 429);
}

#[tokio::test]
async fn an_identity_provider_that_thinks_better_of_it_withdraws() {
    let real = guarded("safe").await;
    let people = people(&real, 5).await;
    for id in &people {
        leave(&real, Way::Patch, id).await;
    }
    let hold = the_hold(&real).await;
    assert_eq!(hold.waiting, 2);
    // Another change of somebody who is held says nothing of whether they stay.
    let retitled = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "title", "value": "Retired" }],
    });
    let path = format!("/Users/{}", people[3]);
    assert_eq!(real.ask("PATCH", &path, Some(retitled)).await.status, 200);
    let keep = real
        .ask(
            "PATCH",
            &format!("/Users/{}", people[4]),
            Some(put_away(true)),
        )
        .await;
    assert_eq!(keep.status, 200);
    let ruled = real
        .local
        .rule_hold(hold.id, rule(Ruling::Allowed))
        .await
        .unwrap();
    assert_eq!(ruled.applied, 1);
    assert!(is_active(&real, &people[4]).await);
    assert!(!is_active(&real, &people[3]).await);
}

#[tokio::test]
async fn of_64_at_once_no_more_go_than_may() {
    let real = guarded("safe").await;
    let people = people(&real, 64).await;
    let asked = people.iter().enumerate().map(|(number, id)| {
        leave(
            &real,
            [Way::Patch, Way::Put, Way::Delete, Way::Bulk][number % 4],
            id,
        )
    });
    let statuses: Vec<u16> = join_all(asked)
        .await
        .iter()
        .map(|left| left.status)
        .collect();
    let gone = statuses
        .iter()
        .filter(|status| (200..300).contains(*status))
        .count();
    assert_eq!(gone, MAY_GO, "{statuses:?}");
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        64 - MAY_GO
    );
    let hold = the_hold(&real).await;
    assert_eq!(hold.waiting, 64 - MAY_GO as u64);
    assert_eq!(
        incidents(&real).await.len(),
        1,
        "one incident, however many ask"
    );
}

#[tokio::test]
async fn a_bulk_request_is_as_many_as_it_has_operations() {
    let real = guarded("safe").await;
    let people = people(&real, 5).await;
    let operations: Vec<Value> = people
        .iter()
        .map(|id| json!({ "method": "DELETE", "path": format!("/Users/{id}") }))
        .collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    let answer = real.ask("POST", "/Bulk", Some(body)).await;
    let statuses: Vec<_> = answer.body["Operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["204", "204", "204", "429", "429"]);
}

/// Ends a server; what it leaves is its directory.
async fn stopped(real: Real) -> tempfile::TempDir {
    real.server.stop(crate::harness::PATIENCE).await;
    real.local.close().await.unwrap();
    real.directory
}

#[tokio::test]
async fn the_count_outlives_a_restart() {
    let real = guarded("safe").await;
    let people = people(&real, 4).await;
    for id in &people[..3] {
        assert_eq!(leave(&real, Way::Patch, id).await.status, 200);
    }
    let directory = stopped(real).await;
    let again = Real::with(|options| options.database = directory.path().join("provost.db")).await;
    assert_eq!(leave(&again, Way::Patch, &people[3]).await.status, 429);
}

/// A server prunes the log that it finds longer than it may be.
#[tokio::test]
async fn the_log_is_kept_within_its_size() {
    let real = guarded("safe").await;
    people(&real, 12).await;
    let total = async |real: &Real| real.local.overview().await.unwrap().log_rows;
    assert!(total(&real).await > 10);
    let directory = stopped(real).await;
    let again = Real::with(|options| {
        options.database = directory.path().join("provost.db");
        options.log_rows = 10;
    })
    .await;
    let pruned = async {
        while total(&again).await > 10 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::PATIENCE, pruned)
        .await
        .expect("the log is as long as it was");
}

#[tokio::test]
async fn an_admin_is_not_held() {
    let real = guarded("safe").await;
    for id in people(&real, 6).await {
        real.local
            .deactivate_member(id.parse().unwrap())
            .await
            .unwrap();
    }
    assert!(incidents(&real).await.is_empty());
}

#[tokio::test]
async fn incidents_are_assigned_put_off_and_listed() {
    let real = guarded("safe").await;
    for id in people(&real, 5).await {
        leave(&real, Way::Patch, &id).await;
    }
    let hold = the_hold(&real).await;
    for (name, admin) in &real.admins {
        let assign = TendIncident {
            tending: Tending::Assign {
                to: Some((*name).into()),
            },
            if_version: None,
        };
        admin.tend_incident(hold.id, assign).await.unwrap();
        let listing = IncidentListing {
            limit: 10,
            ..Default::default()
        };
        let listed = admin.incidents(listing).await.unwrap().items;
        assert_eq!(listed[0].tended.assignee.as_deref(), Some(*name));
        assert_eq!(admin.guard_status().await.unwrap().holds, 1);
    }
    let stale = TendIncident {
        tending: Tending::Assign { to: None },
        if_version: Some(0),
    };
    let error = real.local.tend_incident(hold.id, stale).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Conflict);
    assert_eq!(error.code.as_deref(), Some("VERSION_MISMATCH"));
}

/// A preview counts those who are gone meanwhile as what it is about to count them.
#[tokio::test]
async fn a_preview_of_a_hold_says_what_comes_of_it() {
    let real = guarded("safe").await;
    let people = people(&real, 6).await;
    for id in &people {
        leave(&real, Way::Patch, id).await;
    }
    let hold = the_hold(&real).await;
    let held = real.local.incident(hold.id).await.unwrap().held.items;
    assert!(held.len() > 1);
    let seen = Default::default();
    real.local
        .delete_member(held[0].member, seen)
        .await
        .unwrap();
    let engine = real.local.engine();
    let told = async |mode| {
        let asker = Asker {
            actor: Actor::admin("test"),
            mode,
        };
        let done = engine.rule_hold(&asker, hold.id, Ruling::Allowed, None);
        let done = done.await.unwrap();
        (done.applied, done.left)
    };
    let preview = told(Mode::Preview).await;
    assert_eq!(preview, (held.len() as u64 - 1, 1));
    assert_eq!(told(Mode::Commit).await, preview);
}
