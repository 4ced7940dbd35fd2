//! What changed, as those hear it who poll for it.

use provost::admin::AdminErrorKind;
use provost::admin::streams::{Delivery, EventForm, EventKind, NewStream, Resume, StreamState};
use provost::admin::{AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::{Value, json};

use crate::events_receiver::{Poller, kinds, payload, stream};
use crate::real::Real;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name, "externalId": format!("00u-{name}"),
        "password": "t1meMa$heen", "active": true,
        "name": { "givenName": "A", "familyName": "B" } })
}

fn patch(operation: Value) -> Value {
    json!({ "schemas": [PATCH_OP], "Operations": [operation] })
}

async fn create(real: &Real, name: &str) -> String {
    let answer = real.ask("POST", "/Users", Some(user(name))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.id()
}

#[tokio::test]
async fn a_user_s_life_is_told_in_order() {
    let real = Real::new().await;
    let (poller, made) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let id = create(&real, "ada").await;
    let path = format!("/Users/{id}");
    real.ask(
        "PATCH",
        &path,
        Some(patch(
            json!({"op": "replace", "path": "name.givenName", "value": "C"}),
        )),
    )
    .await;
    real.ask(
        "PATCH",
        &path,
        Some(patch(json!({"op": "replace", "value": {"active": false}}))),
    )
    .await;
    real.ask("PUT", &path, Some(user("ada"))).await;
    real.ask("DELETE", &path, None).await;

    let told = poller.take().await;
    let all: Vec<Vec<String>> = told.iter().map(kinds).collect();
    assert_eq!(
        all,
        [
            vec!["prov:create:full"],
            vec!["prov:patch:full"],
            vec!["prov:patch:full", "prov:deactivate"],
            vec!["prov:put:full", "prov:activate"],
            vec!["prov:delete"],
        ]
    );
    for claims in &told {
        assert_eq!(
            claims["sub_id"],
            json!({"format": "scim", "uri": path, "externalId": "00u-ada"})
        );
        assert_eq!(claims["aud"], json!([made.stream.poll_url]));
        assert!(!claims.to_string().contains("t1meMa$heen"));
    }
    let created = payload(&told[0], "prov:create:full");
    assert_eq!(created["data"]["id"], *id);
    assert_eq!(created["data"]["userName"], "ada");
    assert_eq!(created["data"]["meta"]["resourceType"], "User");
    assert_eq!(created["version"], created["data"]["meta"]["version"]);
    let patched = payload(&told[1], "prov:patch:full");
    assert_eq!(
        patched["data"],
        patch(json!({"op": "replace", "path": "name.givenName", "value": "C"}))
    );
    let txns: std::collections::BTreeSet<&str> =
        told.iter().map(|it| it["txn"].as_str().unwrap()).collect();
    assert_eq!(txns.len(), told.len(), "each transaction has its own");
    assert_eq!(*payload(&told[4], "prov:delete"), json!({}));
}

#[tokio::test]
async fn a_notice_tells_names_and_no_values() {
    let real = Real::new().await;
    let notice = NewStream {
        form: EventForm::Notice,
        ..stream("crm", Delivery::Poll)
    };
    let (poller, _) = Poller::new(&real, notice).await;
    let id = create(&real, "ada").await;
    let path = format!("/Users/{id}");
    real.ask(
        "PATCH",
        &path,
        Some(patch(
            json!({"op": "add", "path": "title", "value": "Countess"}),
        )),
    )
    .await;
    let told = poller.take().await;
    let created = payload(&told[0], "prov:create:notice");
    assert_eq!(
        created["attributes"],
        json!(["externalId", "userName", "name", "active"])
    );
    assert!(created["data"].is_null());
    let patched = payload(&told[1], "prov:patch:notice");
    assert_eq!(patched["attributes"], json!(["title"]));
    assert!(!told[1].to_string().contains("Countess"));
}

#[tokio::test]
async fn a_group_tells_who_joined_and_left() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let (ada, bob) = (create(&real, "ada").await, create(&real, "bob").await);
    poller.take().await;
    let group = json!({"schemas": [GROUP], "displayName": "Payments", "members": [{"value": ada}]});
    let made = real.ask("POST", "/Groups", Some(group.clone())).await;
    let path = format!("/Groups/{}", made.id());
    let add = json!({"op": "add", "path": "members", "value": [{"value": bob}]});
    let answer = real.ask("PATCH", &path, Some(patch(add))).await;
    let remove = json!({"op": "remove", "path": format!("members[value eq \"{ada}\"]")});
    real.ask("PATCH", &path, Some(patch(remove))).await;
    real.ask("PUT", &path, Some(group)).await;
    real.ask("DELETE", &path, None).await;

    let told = poller.take().await;
    let all: Vec<Vec<String>> = told.iter().map(kinds).collect();
    assert_eq!(
        all,
        [
            ["prov:create:full"],
            ["prov:patch:full"],
            ["prov:patch:full"],
            ["prov:put:full"],
            ["prov:delete"]
        ]
    );
    let created = payload(&told[0], "prov:create:full");
    assert_eq!(created["data"]["members"][0]["value"], *ada);
    let joined = payload(&told[1], "prov:patch:full");
    assert_eq!(joined["data"]["Operations"][0]["op"], "add");
    assert_eq!(joined["data"]["Operations"][0]["value"][0]["value"], *bob);
    assert_eq!(joined["version"], answer.etag.unwrap());
    let left = payload(&told[2], "prov:patch:full");
    assert_eq!(
        left["data"]["Operations"],
        json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}])
    );
    let put = payload(&told[3], "prov:put:full");
    let members = put["data"]["members"].as_array().unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["value"], *ada);
    assert_eq!(put["version"], put["data"]["meta"]["version"]);
}

#[tokio::test]
async fn a_stream_about_a_team_hears_who_comes_into_it() {
    let real = Real::new().await;
    let (ada, bob) = (create(&real, "ada").await, create(&real, "bob").await);
    let group = json!({"schemas": [GROUP], "displayName": "Payments"});
    let team = real.ask("POST", "/Groups", Some(group)).await.id();
    let about = NewStream {
        team: Some(team.parse().unwrap()),
        form: EventForm::Notice,
        ..stream("payments", Delivery::Poll)
    };
    let (poller, _) = Poller::new(&real, about).await;
    let retitle = |title: &str| patch(json!({"op": "replace", "path": "title", "value": title}));
    real.ask("PATCH", &format!("/Users/{ada}"), Some(retitle("before")))
        .await;
    let add = json!({"op": "add", "path": "members", "value": [{"value": ada}]});
    real.ask("PATCH", &format!("/Groups/{team}"), Some(patch(add)))
        .await;
    real.ask("PATCH", &format!("/Users/{ada}"), Some(retitle("inside")))
        .await;
    real.ask("PATCH", &format!("/Users/{bob}"), Some(retitle("outside")))
        .await;
    let remove = json!({"op": "remove", "path": format!("members[value eq \"{ada}\"]")});
    real.ask("PATCH", &format!("/Groups/{team}"), Some(patch(remove)))
        .await;
    real.ask("PATCH", &format!("/Users/{ada}"), Some(retitle("after")))
        .await;

    let told: Vec<(String, Vec<String>)> = poller
        .take()
        .await
        .iter()
        .map(|it| (it["sub_id"]["uri"].as_str().unwrap().to_owned(), kinds(it)))
        .collect();
    let (team, ada) = (format!("/Groups/{team}"), format!("/Users/{ada}"));
    assert_eq!(
        told,
        [
            (team.clone(), vec!["prov:patch:notice".to_owned()]),
            (ada.clone(), vec!["feed:add".to_owned()]),
            (ada.clone(), vec!["prov:patch:notice".to_owned()]),
            (team, vec!["prov:patch:notice".to_owned()]),
            (ada, vec!["feed:remove".to_owned()]),
        ]
    );
}

#[tokio::test]
async fn only_what_is_chosen_is_told() {
    let real = Real::new().await;
    let some = NewStream {
        events: vec![EventKind::Deactivate, EventKind::Delete],
        ..stream("sessions", Delivery::Poll)
    };
    let (poller, _) = Poller::new(&real, some).await;
    let id = create(&real, "ada").await;
    let path = format!("/Users/{id}");
    real.ask(
        "PATCH",
        &path,
        Some(patch(
            json!({"op": "replace", "path": "active", "value": false}),
        )),
    )
    .await;
    let told = poller.take().await;
    let all: Vec<Vec<String>> = told.iter().map(kinds).collect();
    assert_eq!(all, [["prov:deactivate"]]);
}

#[tokio::test]
async fn what_an_admin_does_is_told_too() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let id = create(&real, "ada").await;
    real.local
        .deactivate_member(id.parse().unwrap())
        .await
        .unwrap();
    let told = poller.take().await;
    assert_eq!(kinds(&told[1]), ["prov:patch:full", "prov:deactivate"]);
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_and_what_is_does_not() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    for name in ["a", "b", "c"] {
        create(&real, name).await;
    }
    let two = json!({ "maxEvents": 2, "returnImmediately": true });
    let (first, more) = poller.poll(two.clone()).await;
    assert!(more);
    let (again, _) = poller.poll(two).await;
    assert_eq!(first, again, "same ids, same claims");
    let ack: Vec<&String> = first.iter().map(|(jti, _)| jti).collect();
    let (none, more) = poller.poll(json!({ "ack": ack, "maxEvents": 0 })).await;
    assert!(none.is_empty() && more, "one is left");
    let (last, more) = poller
        .poll(json!({ "ack": ack, "returnImmediately": true }))
        .await;
    assert_eq!(last.len(), 1);
    assert!(!more);
    assert!(payload(&last[0].1, "prov:create:full")["data"]["userName"] == "c");
    let row = real.local.streams().await.unwrap().remove(0).row;
    assert_eq!((row.pending, row.delivered, row.refused), (1, 2, 0));
}

/// RFC 8936 §2.4.2: without `returnImmediately`, a poll that asks for no events waits for one all the same.
#[tokio::test]
async fn a_poll_that_only_acknowledges_waits_for_what_happens_next() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let at_once = json!({ "maxEvents": 0, "returnImmediately": true });
    assert_eq!(poller.poll(at_once).await, (vec![], false));
    let (polled, _) = tokio::join!(poller.poll(json!({ "maxEvents": 0 })), create(&real, "ada"));
    assert_eq!(polled, (vec![], true));
    assert_eq!(poller.take().await.len(), 1);
}

#[tokio::test]
async fn a_poll_waits_for_what_happens_next() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let (polled, id) = tokio::join!(poller.poll(json!({})), create(&real, "ada"));
    assert_eq!(
        polled.0[0].1["sub_id"]["uri"],
        format!("/Users/{id}"),
        "the poll was answered by the event"
    );
}

#[tokio::test]
async fn a_poll_that_waits_ends_with_its_time_and_with_the_server() {
    let real = Real::with_limits(|limits| {
        limits.events.poll_wait = std::time::Duration::from_millis(20);
    })
    .await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let (sets, more) = poller.poll(json!({})).await;
    assert!(sets.is_empty() && !more);
}

#[tokio::test]
async fn a_refused_event_is_logged_and_does_not_come_again() {
    let real = Real::new().await;
    let (poller, made) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    create(&real, "ada").await;
    let (sets, _) = poller.poll(json!({ "returnImmediately": true })).await;
    let refusal =
        json!({ sets[0].0.clone(): {"err": "invalid_request", "description": "cannot read it"} });
    let (left, _) = poller
        .poll(json!({ "setErrs": refusal, "returnImmediately": true }))
        .await;
    assert!(left.is_empty());
    let row = real.local.streams().await.unwrap().remove(0).row;
    assert_eq!((row.pending, row.refused), (0, 1));
    assert_eq!(
        row.last_error.as_deref(),
        Some("invalid_request: cannot read it")
    );
    let listing = provost::admin::types::RequestListing {
        query: "code:EVENT_REFUSED".into(),
        limit: 10,
        ..Default::default()
    };
    real.local.engine().store().flush().await.unwrap();
    let logged = real.local.requests(listing).await.unwrap().items;
    assert_eq!(logged.len(), 1);
    assert_eq!(
        logged[0].subject.as_ref().unwrap().label,
        made.stream.row.stream.name
    );
}

#[rstest]
#[case::no_token(None)]
#[case::a_scim_token(Some("scim"))]
#[case::of_another_stream(Some("other"))]
#[tokio::test]
async fn only_its_own_token_opens_a_stream(#[case] which: Option<&str>) {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let (other, _) = Poller::new(&real, stream("other", Delivery::Poll)).await;
    let mut request = real.client.post(&poller.url).body("{}");
    request = match which {
        None => request,
        Some("scim") => request.bearer_auth(&real.scim_token),
        Some(_) => request.bearer_auth(&other.secret),
    };
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 401);
    // One token alone opens it, whatever its scope: to ask for one of scope scim would lead astray.
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(
        challenge.starts_with("Bearer realm=\"provost\""),
        "{challenge}"
    );
    assert!(!challenge.contains("scope="), "{challenge}");
    // And a poll token opens nothing else.
    let users = format!("{}/scim/v2/Users", real.server.public_url());
    let response = real.client.get(users).bearer_auth(&poller.secret).send();
    assert_eq!(response.await.unwrap().status(), 401);
}

#[rstest]
#[case::no_json("{")]
#[case::negative(r#"{"maxEvents": -1}"#)]
#[case::no_list(r#"{"ack": "x"}"#)]
#[tokio::test]
async fn what_is_no_poll_is_refused_and_changes_nothing(#[case] body: &'static str) {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    create(&real, "ada").await;
    let request = real.client.post(&poller.url).bearer_auth(&poller.secret);
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(poller.take().await.len(), 1);
}

#[tokio::test]
async fn a_paused_stream_queues_and_tells_nothing() {
    let real = Real::new().await;
    let (poller, made) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let id = made.stream.row.stream.id;
    real.local.pause_stream(id).await.unwrap();
    create(&real, "ada").await;
    assert!(poller.take().await.is_empty());
    real.local
        .resume_stream(id, Resume::default())
        .await
        .unwrap();
    assert_eq!(poller.take().await.len(), 1);
}

#[tokio::test]
async fn a_stream_too_far_behind_is_stopped_and_says_so() {
    let real = Real::with_limits(|limits| limits.events.queue.events = 2).await;
    let (poller, made) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let id = made.stream.row.stream.id;
    let mut tail = real.local.tail("code:STREAM_BEHIND".into()).await.unwrap();
    for name in ["a", "b", "c", "d"] {
        create(&real, name).await;
    }
    let told = tokio::time::timeout(
        crate::harness::PATIENCE,
        futures::StreamExt::next(&mut tail),
    );
    told.await.expect("it is logged").unwrap().unwrap();
    let row = real.local.streams().await.unwrap().remove(0).row;
    assert!(
        matches!(&row.stream.state, StreamState::Stopped { code, .. } if code == "STREAM_BEHIND")
    );
    assert_eq!((row.pending, row.lost), (2, 2));
    assert!(row.gap_since.is_some());
    // Room alone does not close the gap.
    assert_eq!(poller.take().await.len(), 2);
    create(&real, "e").await;
    assert!(poller.take().await.is_empty());
    let refused = real
        .local
        .resume_stream(id, Resume::default())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, AdminErrorKind::Conflict);
    assert_eq!(refused.code.as_deref(), Some("STREAM_BEHIND"));
    real.local
        .resume_stream(id, Resume { reset: true })
        .await
        .unwrap();
    create(&real, "f").await;
    let told = poller.take().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        payload(&told[0], "prov:create:full")["data"]["userName"],
        "f"
    );
}

#[tokio::test]
async fn every_admin_rules_streams_and_the_audit_knows() {
    let real = Real::new().await;
    for (name, admin) in &real.admins {
        let made = admin
            .create_stream(stream(name, Delivery::Poll))
            .await
            .unwrap();
        let id = made.stream.row.stream.id;
        let taken = admin.create_stream(stream(name, Delivery::Poll)).await;
        assert_eq!(taken.err().unwrap().kind, AdminErrorKind::Conflict);
        let listed = admin.streams().await.unwrap();
        assert_eq!(listed.last().unwrap().row.stream.name, *name);
        assert_eq!(
            listed.last().unwrap().row.token_prefix.as_deref(),
            made.secret.as_deref().and_then(|secret| secret.get(..14))
        );
        admin.pause_stream(id).await.unwrap();
        admin.resume_stream(id, Resume::default()).await.unwrap();
        let done = admin.delete_stream(id).await.unwrap();
        let logged = real.local.request(done.request_id.unwrap()).await.unwrap();
        assert_eq!(logged.exchange.changed.len(), 1);
        assert!(
            !serde_json::to_string(&logged.exchange)
                .unwrap()
                .contains(made.secret.as_deref().unwrap())
        );
        assert!(admin.streams().await.unwrap().is_empty());
        let gone = admin.pause_stream(id).await;
        assert_eq!(gone.unwrap_err().kind, AdminErrorKind::NotFound);
        // What it left behind is cleared away and does not come back.
        while real
            .local
            .engine()
            .store()
            .prune_events(jiff::Timestamp::MIN)
            .await
            .unwrap()
            > 0
        {}
    }
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_one_still_verifies() {
    let real = Real::new().await;
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    create(&real, "ada").await;
    let (_, body) = poller.ask(&json!({ "returnImmediately": true })).await;
    let old = body["sets"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .clone();
    real.local.rotate_signing_key().await.unwrap();
    let (_, body) = poller.ask(&json!({ "returnImmediately": true })).await;
    let new = body["sets"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .clone();
    let header = |token: &Value| {
        token
            .as_str()
            .unwrap()
            .split('.')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_ne!(header(&old), header(&new));
    for token in [old, new] {
        crate::events_receiver::verified(&real, token.as_str().unwrap()).await;
    }
}
