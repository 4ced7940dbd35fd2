//! Those whom a group names before they are members: the team waits for them, and they join in the commit in which they
//! arrive.

use provost::admin::types::{NewMember, Outcome, TeamChange};
use provost::admin::{AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::{Value, json};

use crate::real::Real;
use crate::team_sync::{group, patch, user};

const STRANGER: &str = "7f3d5a52-0000-4000-8000-00000000abcd";

async fn syncing() -> Real {
    let real = Real::under("safe").await;
    real.turn_team_sync(true).await;
    real
}

async fn waits_for(real: &Real, team: &str) -> Vec<String> {
    let team = real.local.team(team.parse().unwrap()).await.unwrap();
    assert_eq!(team.row.parked, team.waits_for.len() as u64);
    team.waits_for.into_iter().map(|it| it.reference).collect()
}

async fn members(real: &Real, team: &str) -> Vec<String> {
    let page = real.local.team_members(team.parse().unwrap(), 0, 100).await;
    let rows = page.unwrap().items.into_iter();
    rows.map(|row| row.user_name).collect()
}

/// S27 under the preset that parks: the known one joins, the unknown one is waited for, and a second push changes nothing.
#[tokio::test]
async fn the_known_join_and_the_unknown_are_waited_for() {
    let real = syncing().await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[]))
        .await
        .id();
    let path = format!("/Groups/{pay}");
    let add = patch(json!([{"op": "add", "path": "members", "value": [
        {"value": ada}, {"value": STRANGER}, {"value": "e-zoe"}
    ]}]));
    let pushed = real.push("PATCH", &path, add.clone()).await;
    assert_eq!(pushed.status, 200, "{}", pushed.body);
    assert_eq!(pushed.body["members"].as_array().unwrap().len(), 1);
    let line = real.last().await;
    assert_eq!((line.outcome, line.changes), (Outcome::Applied, 3));
    let detail = real.local.request(line.id).await.unwrap();
    assert_eq!(
        detail.exchange.policy_key.as_deref(),
        Some("teams.unknown_member")
    );
    assert_eq!(line.code.as_deref(), Some("MEMBER_PARKED"));
    assert_eq!(members(&real, &pay).await, ["ada@x.io"]);
    assert_eq!(waits_for(&real, &pay).await, [STRANGER, "e-zoe"]);
    let team = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!(team.waits_for[0].request, Some(line.id));

    let version = pushed.etag;
    let again = real.push("PATCH", &path, add).await;
    assert_eq!((again.status, again.etag), (200, version));
    assert_eq!(real.last().await.outcome, Outcome::NoOp);
    assert_eq!(waits_for(&real, &pay).await.len(), 2);
}

/// Whoever arrives under the id, the externalId or the userName joins in the same commit, told and audited.
#[rstest]
#[case::external_id("e-zoe", false)]
#[case::user_name("Zoe@x.io", false)]
#[case::by_hand("zoe@X.io", true)]
#[tokio::test]
async fn who_arrives_joins(#[case] reference: &str, #[case] by_hand: bool) {
    let real = syncing().await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[reference]))
        .await
        .id();
    let data = real
        .push(
            "POST",
            "/Groups",
            group("Data", "g-d", &[reference, "e-other"]),
        )
        .await
        .id();
    assert_eq!(waits_for(&real, &pay).await, [reference]);
    let (groups, line) = if by_hand {
        let zoe = NewMember {
            user_name: "zoe@x.io".into(),
            ..NewMember::default()
        };
        let done = real.local.add_member(zoe).await.unwrap();
        assert_eq!(done.changes.len(), 5);
        let member = real.local.member(done.id.parse().unwrap()).await.unwrap();
        (member.memberships.len(), real.last().await)
    } else {
        let zoe = real.push("POST", "/Users", user("zoe@x.io", "e-zoe")).await;
        assert_eq!(zoe.status, 201, "{}", zoe.body);
        let line = real.last().await;
        let read = real.ask("GET", &format!("/Users/{}", zoe.id()), None).await;
        assert_eq!(read.body, zoe.body, "the answer tells of it");
        (zoe.body["groups"].as_array().unwrap().len(), line)
    };
    assert_eq!(groups, 2);
    assert_eq!(line.changes, 5);
    let trace = real.local.request(line.id).await.unwrap().exchange.trace;
    let told = trace
        .iter()
        .any(|step| step.what.contains("team Pay has waited for"));
    assert!(told, "{trace:?}");
    assert_eq!(members(&real, &pay).await, ["zoe@x.io"]);
    assert!(waits_for(&real, &pay).await.is_empty());
    assert_eq!(waits_for(&real, &data).await, ["e-other"]);
}

/// Somebody whose name becomes the one that is waited for has arrived, too.
#[tokio::test]
async fn who_is_renamed_joins() {
    let real = syncing().await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &["e-zoe"]))
        .await
        .id();
    let zoe = real
        .push("POST", "/Users", user("zoe@x.io", "e-other"))
        .await
        .id();
    assert!(members(&real, &pay).await.is_empty());
    let renamed = real
        .push("PUT", &format!("/Users/{zoe}"), user("zoe@x.io", "e-zoe"))
        .await;
    assert_eq!(renamed.status, 200, "{}", renamed.body);
    assert_eq!(members(&real, &pay).await, ["zoe@x.io"]);
}

/// A reference to somebody who is here under another name is no stranger.
#[tokio::test]
async fn who_is_here_under_another_name_is_known() {
    let real = syncing().await;
    real.push("POST", "/Users", user("ada@x.io", "e-a")).await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &["e-a"]))
        .await
        .id();
    assert_eq!(members(&real, &pay).await, ["ada@x.io"]);
    assert!(waits_for(&real, &pay).await.is_empty());
    let path = format!("/Groups/{pay}");
    let remove = patch(json!([{"op": "remove", "path": "members[value eq \"e-a\"]"}]));
    assert_eq!(real.push("PATCH", &path, remove).await.status, 200);
    assert!(members(&real, &pay).await.is_empty());
}

/// Whoever is taken out of the group, or whose group goes, is waited for no more.
#[rstest]
#[case::removed(Some(json!([{"op": "remove", "path": "members[value eq \"e-zoe\"]"}])), 1)]
#[case::replaced(Some(json!([{"op": "replace", "path": "members", "value": [{"value": "e-bob"}]}])), 1)]
#[case::cleared(Some(json!([{"op": "remove", "path": "members"}])), 0)]
#[case::deleted(None, 0)]
#[tokio::test]
async fn nobody_is_waited_for_in_vain(#[case] operations: Option<Value>, #[case] left: usize) {
    let real = syncing().await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &["e-zoe", "e-bob"]))
        .await
        .id();
    let path = format!("/Groups/{pay}");
    let answer = match operations {
        Some(operations) => real.push("PATCH", &path, patch(operations)).await,
        None => real.ask("DELETE", &path, None).await,
    };
    assert!(answer.status < 300, "{}", answer.body);
    assert_eq!(waits_for(&real, &pay).await.len(), left);
    real.push("POST", "/Users", user("zoe@x.io", "e-zoe")).await;
    assert!(members(&real, &pay).await.is_empty());
}

/// A paused team lets nobody in, and makes up for it when its sync goes on.
#[tokio::test]
async fn a_paused_team_makes_up_for_it() {
    let real = syncing().await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &["e-zoe", "e-bob"]))
        .await
        .id();
    real.change(&pay, TeamChange::Pause).await.unwrap();
    let zoe = real.push("POST", "/Users", user("zoe@x.io", "e-zoe")).await;
    assert_eq!(zoe.status, 201, "{}", zoe.body);
    assert!(members(&real, &pay).await.is_empty());
    real.change(&pay, TeamChange::Resume).await.unwrap();
    assert_eq!(members(&real, &pay).await, ["zoe@x.io"]);
    assert_eq!(waits_for(&real, &pay).await, ["e-bob"]);
}

/// A group that names somebody and their arrival, side by side: whoever is first, they are in the team in the end.
#[tokio::test]
async fn a_group_and_an_arrival_side_by_side() {
    let real = syncing().await;
    for round in 0..20 {
        let external_id = format!("e-{round}");
        let team = group(
            &format!("Team {round}"),
            &format!("g-{round}"),
            &[&external_id],
        );
        let person = user(&format!("p{round}@x.io"), &external_id);
        let (team, person) = tokio::join!(
            real.push("POST", "/Groups", team),
            real.push("POST", "/Users", person)
        );
        assert_eq!(
            (team.status, person.status),
            (201, 201),
            "{} {}",
            team.body,
            person.body
        );
        assert_eq!(members(&real, &team.id()).await, [format!("p{round}@x.io")]);
        assert!(waits_for(&real, &team.id()).await.is_empty());
    }
}

/// A team waits for so many and no more; what goes beyond is refused whole.
#[tokio::test]
async fn there_is_a_limit() {
    let real = syncing().await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[]))
        .await
        .id();
    let path = format!("/Groups/{pay}");
    let names: Vec<Value> = (0..5_001)
        .map(|n| json!({ "value": format!("e-{n}") }))
        .collect();
    let add = |names: &[Value]| patch(json!([{"op": "add", "path": "members", "value": names}]));
    let refused = real.push("PATCH", &path, add(&names)).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert_eq!(real.last().await.code.as_deref(), Some("GROUP_FIRST"));
    let taken = real.push("PATCH", &path, add(&names[..5_000])).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let more = real.push("PATCH", &path, add(&names[5_000..])).await;
    assert_eq!(more.status, 400, "{}", more.body);
    let long = json!([{ "value": "x".repeat(256) }]);
    let long = patch(json!([{"op": "add", "path": "members", "value": long}]));
    assert_eq!(real.push("PATCH", &path, long).await.status, 400);
    let team = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!(team.row.parked, 5_000);
}
