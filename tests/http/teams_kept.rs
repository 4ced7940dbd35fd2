//! What admins keep of a team, and who rules it: own fields no identity provider reaches, linking, unlinking, pausing,
//! deleting.

use provost::admin::types::{Leaving, NewTeam, Outcome, OwnEdit, TeamChange, TeamSource};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::json;

use crate::real::Real;
use crate::team_sync::{group, patch, user};

async fn syncing(preset: &str) -> Real {
    let real = Real::under(preset).await;
    if real.local.sync().await.unwrap().has_switch {
        real.turn_team_sync(true).await;
    }
    real
}

async fn local_team(real: &Real, name: &str) -> String {
    let team = NewTeam {
        name: name.into(),
        members: Vec::new(),
    };
    real.local.add_team(team).await.unwrap().id
}

fn own() -> TeamChange {
    TeamChange::Describe(OwnEdit {
        description: Some("kept here".into()),
        roles: Some(vec!["writer".into()]),
        maintainers: None,
    })
}

/// S21 and S22, and what a whole write of the identity provider leaves alone.
#[tokio::test]
async fn no_push_reaches_what_is_kept_here() {
    let real = syncing("safe").await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let loc = local_team(&real, "Data Eng").await;
    real.change(&loc, own()).await.unwrap();
    let linked = real
        .push("POST", "/Groups", group("Data Eng", "g-d", &[&ada]))
        .await;
    assert_eq!((linked.status, linked.id()), (201, loc.clone()));
    let path = format!("/Groups/{loc}");
    let mut whole = group("Data and Engineering", "g-d", &[]);
    whole["description"] = "theirs".into();
    whole["roles"] = json!(["admin"]);
    let put = real.push("PUT", &path, whole).await;
    assert_eq!(put.status, 200, "{}", put.body);
    assert_eq!(put.body.get("description"), None);
    let team = real.local.team(loc.parse().unwrap()).await.unwrap();
    assert_eq!(team.description, "kept here");
    assert_eq!(
        (team.row.roles, team.row.key.as_str()),
        (vec!["writer".to_owned()], "data-eng")
    );
    assert_eq!(
        (team.row.name.as_str(), team.row.members),
        ("Data and Engineering", 0)
    );
    assert!(team.row.last_push.is_some());
}

#[rstest]
#[case("safe", "Data Eng", "data-eng", "data-eng-2")]
#[case("datadog", "Data_Eng", "data_eng", "data_eng-2")]
#[tokio::test]
async fn a_team_has_a_key_of_its_own(
    #[case] preset: &str,
    #[case] name: &str,
    #[case] key: &str,
    #[case] other: &str,
) {
    let real = syncing(preset).await;
    let pushed = real
        .push("POST", "/Groups", group("Data Eng", "g-d", &[]))
        .await;
    assert_eq!(pushed.body["displayName"], name, "{}", pushed.body);
    let team = real.local.team(pushed.id().parse().unwrap()).await.unwrap();
    assert_eq!(team.row.key, key);
    let twin = if preset == "datadog" {
        "data_eng_"
    } else {
        "Data/Eng"
    };
    let twin = real.push("POST", "/Groups", group(twin, "g-e", &[])).await;
    assert_eq!(twin.status, 201, "{}", twin.body);
    let twin = real.local.team(twin.id().parse().unwrap()).await.unwrap();
    assert_eq!(twin.row.key, other);
}

#[rstest]
#[case::role(OwnEdit { roles: Some(vec!["".into()]), ..OwnEdit::default() })]
#[case::control(OwnEdit { description: Some("a\u{1b}b".into()), ..OwnEdit::default() })]
#[case::long(OwnEdit { description: Some("x".repeat(1_001)), ..OwnEdit::default() })]
#[case::nobody(OwnEdit { maintainers: Some(vec![uuid::Uuid::nil().to_string().parse().unwrap()]), ..OwnEdit::default() })]
#[case::many(OwnEdit { roles: Some((0..101).map(|n| format!("r{n}")).collect()), ..OwnEdit::default() })]
#[tokio::test]
async fn nonsense_is_refused_and_changes_nothing(#[case] edit: OwnEdit) {
    let real = syncing("safe").await;
    let loc = local_team(&real, "Loc").await;
    let before = real.local.team(loc.parse().unwrap()).await.unwrap();
    let error = real
        .change(&loc, TeamChange::Describe(edit))
        .await
        .unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Invalid, "{error}");
    let after = real.local.team(loc.parse().unwrap()).await.unwrap();
    assert_eq!(after, before);
}

/// A paused team is left alone: pushes are acknowledged, ignored, and answered with what is stored.
#[tokio::test]
async fn a_paused_team_is_left_alone() {
    let real = syncing("safe").await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[]))
        .await
        .id();
    let path = format!("/Groups/{pay}");
    assert_eq!(
        real.change(&pay, TeamChange::Pause).await.unwrap(),
        Outcome::Applied
    );
    let join = patch(json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]));
    for (method, path, body, status) in [
        (
            "PUT",
            path.as_str(),
            Some(group("Payroll", "g-p", &[&ada])),
            200,
        ),
        ("PATCH", path.as_str(), Some(join.clone()), 200),
        ("POST", "/Groups", Some(group("Pay", "g-p", &[&ada])), 201),
        ("DELETE", path.as_str(), None, 204),
    ] {
        let answer = real.ask(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {}", answer.body);
        if status < 204 {
            assert_eq!(
                (answer.id(), &answer.body["displayName"]),
                (pay.clone(), &json!("Pay"))
            );
            assert_eq!(answer.body.get("members"), None, "{}", answer.body);
        }
        let line = real.last().await;
        assert_eq!(
            (line.outcome, line.changes),
            (Outcome::Ignored, 0),
            "{method}"
        );
    }
    let name = TeamChange::Rename {
        name: "Mine".into(),
    };
    assert_eq!(real.change(&pay, name).await.unwrap(), Outcome::Applied);
    assert_eq!(
        real.change(&pay, TeamChange::Resume).await.unwrap(),
        Outcome::Applied
    );
    let joined = real.push("PATCH", &path, join).await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    assert_eq!(
        real.local
            .team(pay.parse().unwrap())
            .await
            .unwrap()
            .row
            .members,
        1
    );
    let loc = local_team(&real, "Loc").await;
    let error = real.change(&loc, TeamChange::Pause).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("TEAM_NOT_SYNCED"));
}

/// An unlinked team is out of reach until it is linked again, by an admin or by being pushed anew.
#[rstest]
#[case::keep(Leaving::Keep, 1)]
#[case::empty(Leaving::Empty, 0)]
#[tokio::test]
async fn a_team_is_unlinked_and_linked(#[case] members: Leaving, #[case] left: u64) {
    let real = syncing("safe").await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[&ada]))
        .await
        .id();
    let path = format!("/Groups/{pay}");
    real.change(&pay, TeamChange::Unlink { members })
        .await
        .unwrap();
    let team = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!(
        (team.row.source, team.row.members),
        (TeamSource::Unlinked, left)
    );
    assert_eq!(team.row.external_id, None);
    let counts = real.local.sync().await.unwrap().teams;
    assert_eq!((counts.synced, counts.local, counts.unlinked), (0, 0, 1));
    for (method, body) in [
        ("PUT", Some(group("Payroll", "g-p", &[]))),
        ("DELETE", None),
    ] {
        let refused = real.ask(method, &path, body).await;
        assert_eq!(refused.status, 403, "{method} {}", refused.body);
        assert_eq!(real.last().await.code.as_deref(), Some("TEAM_UNLINKED"));
    }
    let name = TeamChange::Rename {
        name: "Payroll".into(),
    };
    assert_eq!(real.change(&pay, name).await.unwrap(), Outcome::Applied);

    let taken = real
        .push("POST", "/Groups", group("Other", "g-o", &[]))
        .await;
    let link = |external_id: &str| TeamChange::Link {
        external_id: Some(external_id.into()),
    };
    let error = real.change(&pay, link("g-o")).await.unwrap_err();
    assert_eq!((error.kind, taken.status), (AdminErrorKind::Conflict, 201));
    real.change(&pay, link("g-p")).await.unwrap();
    let pushed = real.push("PUT", &path, group("Pay", "g-p", &[&ada])).await;
    assert_eq!(pushed.status, 200, "{}", pushed.body);
    let team = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!((team.row.source, team.row.members), (TeamSource::Synced, 1));
}

/// Whoever looks for a group by its name and writes to the team that is there has linked it (Entra never creates it then).
#[rstest]
#[case("safe", TeamSource::Synced)]
#[case("unleash", TeamSource::Local)]
#[tokio::test]
async fn a_team_that_is_written_to(#[case] preset: &str, #[case] source: TeamSource) {
    let real = syncing(preset).await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let loc = local_team(&real, "Loc").await;
    let join = patch(json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]));
    let written = real.push("PATCH", &format!("/Groups/{loc}"), join).await;
    assert_eq!(written.status, 200, "{}", written.body);
    let team = real.local.team(loc.parse().unwrap()).await.unwrap();
    assert_eq!((team.row.source, team.row.members), (source, 1));
}

/// S31 by the identity provider; an admin who deletes means it.
#[rstest]
#[case("launchdarkly", false)]
#[case("unleash", false)]
#[case("flagsmith", false)]
#[case("datadog", true)]
#[case("safe", true)]
#[tokio::test]
async fn a_group_is_deleted(#[case] preset: &str, #[case] stays: bool) {
    let real = syncing(preset).await;
    let ada = real
        .push("POST", "/Users", user("ada@x.io", "e-a"))
        .await
        .id();
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[&ada]))
        .await
        .id();
    let gone = real.ask("DELETE", &format!("/Groups/{pay}"), None).await;
    assert_eq!(gone.status, 204);
    assert_eq!(real.last().await.outcome, Outcome::Applied);
    let left = real.local.team(pay.parse().unwrap()).await;
    assert_eq!(left.is_ok(), stays);
    if let Ok(team) = left {
        assert_eq!(
            (team.row.source, team.row.members),
            (TeamSource::Released, 0)
        );
        assert_eq!(
            real.change(&pay, TeamChange::Delete).await.unwrap(),
            Outcome::Applied
        );
        assert!(real.local.team(pay.parse().unwrap()).await.is_err());
    }
}

/// A change of a team that has changed since it was read is refused.
#[tokio::test]
async fn a_change_of_an_old_version() {
    let real = syncing("safe").await;
    let loc = local_team(&real, "Loc").await;
    let change = |version| provost::admin::types::ChangeTeam {
        change: own(),
        if_version: Some(version),
    };
    for (place, admin) in &real.admins {
        let error = admin
            .change_team(loc.parse().unwrap(), change(9))
            .await
            .unwrap_err();
        assert_eq!(error.code.as_deref(), Some("VERSION_MISMATCH"), "{place}");
    }
    let [_, (_, console), _] = &real.admins;
    console
        .change_team(loc.parse().unwrap(), change(1))
        .await
        .unwrap();
    let team = console.team(loc.parse().unwrap()).await.unwrap();
    assert_eq!((team.description.as_str(), team.version), ("kept here", 2));
}
