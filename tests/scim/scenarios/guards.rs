//! S42, S47, S50: what guards hold, refuse and remark.

use provost::admin::guards::{Incident, IncidentListing, MarkRecovery, RuleHold, Ruling};
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{World, group, user};
use super::{DD, FS, LD, SAFE, UN};
use crate::provider::filtered;

/// The open incidents of a code.
async fn incidents(world: &World, code: &str) -> Vec<Incident> {
    let listing = IncidentListing {
        limit: 100,
        ..IncidentListing::default()
    };
    let mut found = world.remote().incidents(listing).await.unwrap().items;
    found.retain(|it| it.code == code && it.tended.closed.is_none());
    found
}

fn active(active: bool) -> Value {
    json!([{ "op": "replace", "path": "active", "value": active }])
}

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s42_two_hundred_at_once(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    // bob went when the fixture was made, and counts only where somebody counts.
    let went = if preset == SAFE { 1 } else { 0 };
    if preset != SAFE {
        world.set("guard.blast_radius", "20 per 60s").await;
    }
    let allowed = world.remote().guard_status().await.unwrap().allowed;
    let gone_before = world.remote().guard_status().await.unwrap().gone;
    assert!(gone_before <= 1 + went, "{gone_before}");
    assert_eq!(allowed, Some(20));
    let may_go = 20 - gone_before as usize;
    let mut people = Vec::new();
    for number in 0..200 {
        let body = user(&format!("p{number}@x.io"), json!({}));
        let made = world.provider.post("/Users", body).await.is(201);
        people.push(made.id().to_owned());
    }
    for (number, id) in people.iter().enumerate() {
        let reply = world
            .provider
            .patch(&format!("/Users/{id}"), active(false))
            .await;
        if number < may_go {
            assert!(reply.status < 300, "{number}: {reply:?}");
            continue;
        }
        let retry_after = reply.header("retry-after").to_owned();
        let seen = world.see(reply).await;
        seen.is(
            "429: more members would go than may go at once; this one is held until an admin has looked \
                | held MASS_DEPROV guard.blast_radius |",
        );
        assert_eq!(retry_after, "60");
    }
    let [hold] = &incidents(&world, "MASS_DEPROV").await[..] else {
        panic!("one incident holds them all");
    };
    assert_eq!(hold.waiting as usize, people.len() - may_go);
    let rule = RuleHold {
        ruling: Ruling::Allowed,
        if_version: None,
    };
    let ruled = world.remote().rule_hold(hold.id, rule).await.unwrap();
    assert_eq!((ruled.applied, ruled.left), (hold.waiting, 0));
    let last = world.provider.get(&format!("/Users/{}", people[199])).await;
    assert!(last.status == 404 || last.body["active"] == false);
}

#[tokio::test]
async fn s42_what_an_admin_rejects_stays() {
    let world = World::under(SAFE).await;
    world.set("guard.blast_radius", "1 per 60s").await;
    let held = world.patch("ada", active(false)).await;
    assert_eq!(held.reply.status, 429);
    let hold = incidents(&world, "MASS_DEPROV").await.remove(0);
    let rule = RuleHold {
        ruling: Ruling::Rejected,
        if_version: None,
    };
    world.remote().rule_hold(hold.id, rule).await.unwrap();
    let again = world.patch("ada", active(false)).await;
    assert_eq!(again.reply.status, 403);
    assert_eq!(again.exchange.row.code.as_deref(), Some("HOLD_REJECTED"));
    assert_eq!(world.user("ada").await["active"], true);
}

const EXEMPT: &str = "403: this account is kept for recovery and cannot be changed by an identity provider \
    | refused RECOVERY_EXEMPT |";

#[rstest]
#[case(LD)]
#[case(UN)]
#[case(FS)]
#[case(DD)]
#[case(SAFE)]
#[tokio::test]
async fn s47_a_recovery_admin(#[case] preset: &'static str) {
    let world = World::under(preset).await;
    let own = world.id("own").parse().unwrap();
    let mark = MarkRecovery { on: true };
    world.remote().mark_recovery(own, mark).await.unwrap();
    let before = world.user("own").await;
    world
        .put("own", json!({ "title": "Boss" }))
        .await
        .is(EXEMPT);
    world.patch("own", active(false)).await.is(EXEMPT);
    world.delete("own").await.is(EXEMPT);
    world.get(&world.path("own")).await.is("200 own | no_op |");
    assert_eq!(world.user("own").await, before);
    let [incident] = &incidents(&world, "RECOVERY_EXEMPT").await[..] else {
        panic!("one incident tells of them all");
    };
    assert_eq!(incident.count, 3);
}

#[rstest]
#[case(LD, 1)]
#[case(UN, 6)]
#[case(FS, 1)]
#[case(DD, 1)]
#[case(SAFE, 1)]
#[tokio::test]
async fn s50_five_times_away_and_back(#[case] preset: &'static str, #[case] lives: usize) {
    let world = World::under(preset).await;
    let mut id = world.id("ada").to_owned();
    let mut ids = vec![id.clone()];
    for time in 1..=5 {
        let path = format!("/Users/{id}");
        world.provider.patch(&path, active(false)).await.done();
        let gone = world.provider.get(&path).await.status == 404;
        if gone {
            let body = user("ada@x.io", json!({ "externalId": "e-a" }));
            let back = world.provider.post("/Users", body).await;
            assert!([200, 201].contains(&back.status), "{back:?}");
            id = back.id().to_owned();
        } else {
            world.provider.patch(&path, active(true)).await.done();
        }
        ids.push(id.clone());
        let mut pushed = group(&world, "Pay", "g-p", &[]);
        pushed["members"] = json!([{ "value": id }]);
        let pushed = world.provider.put(&world.path("Pay"), pushed).await;
        assert_eq!(pushed.is(200).id(), world.id("Pay"), "the same group");
        let flaps = incidents(&world, "FLAPPING").await.len();
        assert_eq!(flaps, usize::from(time >= 3), "time {time}");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), lives, "one identity, or one a life");
    let found = filtered("/Users", "userName eq \"ada@x.io\"");
    world.get(&found).await.is("200 1 hits | no_op |");
    let found = filtered("/Groups", "displayName eq \"Pay\"");
    world.get(&found).await.is("200 1 hits | no_op |");
    let members = world.provider.read(&world.path("Pay")).await;
    assert_eq!(members["members"].as_array().unwrap().len(), 1);
}
