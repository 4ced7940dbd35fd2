//! Every path to admin is kept: one by a team's role like one by a role of one's own, and one by which somebody can sign in
//! before one by which nobody can.

use futures::future::join_all;
use provost::admin::AdminRead as _;
use provost::admin::AdminWrite as _;
use provost::admin::guards::{MarkRecovery, ProveRecovery};
use provost::admin::types::{ChangeTeam, OwnEdit, TeamChange};
use provost::directory::member::PROVOST_USER;
use rstest::rstest;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::guards_support::{ask, incident_of, leave, let_in, logged, people, set};
use crate::real::Real;

/// How often two requests meet.
const ROUNDS: usize = 15;

/// A server without an owner: one that is out of reach would always be left.
async fn without_owner() -> Real {
    let real = Real::new().await;
    database(&real)
        .execute_batch("UPDATE resource SET flags = flags & ~1; DELETE FROM attr WHERE attr = 11")
        .unwrap();
    real
}

fn database(real: &Real) -> Connection {
    Connection::open(real.directory.path().join("provost.db")).unwrap()
}

fn patch(operation: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
}

fn role(role: &str) -> Value {
    let path = format!("{PROVOST_USER}:role");
    patch(&json!({ "op": "replace", "path": path, "value": role }))
}

async fn admins(real: &Real, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        let body = json!({ "userName": name, "active": true, PROVOST_USER: { "role": "admin" } });
        let created = real.ask("POST", "/Users", Some(body)).await;
        assert_eq!(created.status, 201, "{}", created.body);
        ids.push(created.id());
    }
    ids
}

/// A group of these members, whose role is this.
async fn team(real: &Real, name: &str, members: &[&str], roles: &[&str]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({ "displayName": name, "externalId": name, "members": members });
    let made = real.ask("POST", "/Groups", Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    give(real, &made.id(), roles).await.unwrap();
    made.id()
}

async fn give(real: &Real, team: &str, roles: &[&str]) -> Result<(), Option<String>> {
    let edit = OwnEdit {
        roles: Some(roles.iter().map(|&role| role.to_owned()).collect()),
        ..OwnEdit::default()
    };
    change(real, team, TeamChange::Describe(edit)).await
}

/// An admin changes a team; the code of what refuses it.
async fn change(real: &Real, team: &str, change: TeamChange) -> Result<(), Option<String>> {
    let change = ChangeTeam {
        change,
        if_version: None,
    };
    let done = real.local.change_team(team.parse().unwrap(), change).await;
    done.map(|_| ()).map_err(|error| error.code)
}

async fn count(real: &Real) -> u64 {
    real.local.overview().await.unwrap().admins
}

/// Every way in which the only admin, who is one by a team, would be none.
#[rstest]
#[tokio::test]
async fn the_last_admin_by_a_team_stays(
    #[values(
        "leaves",
        "is replaced",
        "group goes",
        "is put away",
        "is deleted",
        "is deleted in bulk"
    )]
    way: &str,
) {
    let real = without_owner().await;
    let ids = people(&real, 2).await;
    let ada = ids[0].as_str();
    team(&real, "readers", &[ada, ids[1].as_str()], &["reader"]).await;
    let ops = team(&real, "Ops", &[ada], &["admin"]).await;
    assert_eq!(count(&real).await, 1);
    let group = format!("/Groups/{ops}");
    let (method, path, body) = match way {
        "leaves" => {
            let path = format!("members[value eq \"{ada}\"]");
            let remove = patch(&json!({ "op": "remove", "path": path }));
            ("PATCH", group, Some(remove))
        }
        "is replaced" => {
            let stranger = json!({ "value": uuid::Uuid::nil() });
            let body = json!({ "displayName": "Ops", "members": [stranger] });
            ("PUT", group, Some(body))
        }
        "group goes" => ("DELETE", group, None),
        "is put away" => (
            "PATCH",
            format!("/Users/{ada}"),
            Some(patch(
                &json!({ "op": "replace", "path": "active", "value": false }),
            )),
        ),
        "is deleted in bulk" => {
            let operation = json!({ "method": "DELETE", "path": format!("/Users/{ada}") });
            let body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": [operation],
            });
            ("POST", "/Bulk".to_owned(), Some(body))
        }
        _ => ("DELETE", format!("/Users/{ada}"), None),
    };
    set(&real, "teams.unknown_member", "skip_report").await;
    set(&real, "teams.on_delete", "empty_unlink").await;
    let left = ask(&real, method, &path, body).await;
    let status = left.body["Operations"][0]["status"].as_str();
    let status = status.map_or(left.status, |status| status.parse().unwrap());
    assert_eq!(status, 403, "{left:?}");
    assert_eq!(count(&real).await, 1);
    if method != "POST" {
        let exchange = logged(&real, &left).await;
        assert_eq!(exchange.row.code.as_deref(), Some("LAST_ADMIN"));
        assert_eq!(exchange.policy_key.as_deref(), Some("guard.last_admin"));
    }
    let incident = incident_of(&real, "LAST_ADMIN").await;
    assert_eq!(incident.subjects[0].name, "p0@x.io");
    // Who is an admin otherwise, too, may go.
    admins(&real, &["other"]).await;
    let path = format!("/Users/{ada}");
    assert_eq!(real.ask("DELETE", &path, None).await.status, 204);
}

#[rstest]
#[case::roles(TeamChange::Describe(OwnEdit { roles: Some(vec!["reader".into()]), ..OwnEdit::default() }))]
#[case::no_roles(TeamChange::Describe(OwnEdit { roles: Some(Vec::new()), ..OwnEdit::default() }))]
#[case::unlink(TeamChange::Unlink { members: provost::directory::Leaving::Empty })]
#[case::delete(TeamChange::Delete)]
#[tokio::test]
async fn no_admin_takes_the_last_path_by_a_team(#[case] way: TeamChange) {
    let real = without_owner().await;
    let ada = people(&real, 1).await.remove(0);
    let ops = team(&real, "Ops", &[&ada], &["admin"]).await;
    set(&real, "teams.locked_fields", "handle").await;
    let refused = change(&real, &ops, way.clone()).await;
    assert_eq!(refused, Err(Some("LAST_ADMIN".into())));
    let member = ada.parse().unwrap();
    let error = real.local.deactivate_member(member).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("LAST_ADMIN"));
    assert!(error.notes[0].contains("by team Ops"), "{:?}", error.notes);
    assert_eq!(count(&real).await, 1);
    set(&real, "guard.last_admin", "warn").await;
    assert_eq!(change(&real, &ops, way).await, Ok(()));
    assert_eq!(count(&real).await, 0);
}

/// What takes a path back is a way to lose it, too.
#[tokio::test]
async fn undoing_a_team_path_keeps_somebody() {
    let real = without_owner().await;
    let ids = people(&real, 1).await;
    team(&real, "Ops", &[&ids[0]], &["admin"]).await;
    let listing = provost::admin::types::RequestListing {
        query: "outcome:applied".into(),
        limit: 1,
        ..Default::default()
    };
    let given = real.local.requests(listing).await.unwrap().items[0].id;
    let error = real.local.undo_request(given).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("LAST_ADMIN"), "{error}");
    admins(&real, &["other"]).await;
    real.local.undo_request(given).await.unwrap();
}

#[tokio::test]
async fn an_admin_of_their_own_may_be_one_by_a_team_alone() {
    let real = without_owner().await;
    let ada = admins(&real, &["ada"]).await.remove(0);
    let path = format!("/Users/{ada}");
    let refused = real.ask("PATCH", &path, Some(role("reader"))).await;
    assert_eq!(refused.status, 403);
    team(&real, "Ops", &[&ada], &["admin"]).await;
    let done = real.ask("PATCH", &path, Some(role("reader"))).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(count(&real).await, 1);
    let status = real.local.guard_status().await.unwrap();
    assert_eq!(
        status.paths[0].to_string(),
        "ada by team Ops, which the identity provider manages, has no password to sign in with, managed by the \
         identity provider"
    );
}

/// Two leave at once, each by their own team.
#[tokio::test]
async fn two_requests_at_once_never_empty_both_teams() {
    let real = without_owner().await;
    let ids = people(&real, 2).await;
    let one = team(&real, "one", &[&ids[0]], &["admin"]).await;
    let two = team(&real, "two", &[&ids[1]], &["admin"]).await;
    let empty = async |team: &str| {
        let body = patch(&json!({ "op": "remove", "path": "members" }));
        let path = format!("/Groups/{team}");
        real.ask("PATCH", &path, Some(body)).await.status
    };
    for round in 0..ROUNDS {
        let statuses = join_all([empty(&one), empty(&two)]).await;
        let refused = statuses.iter().filter(|status| **status == 403).count();
        assert_eq!(refused, 1, "{statuses:?} in round {round}");
        assert_eq!(count(&real).await, 1);
        for (team, id) in [(&one, &ids[0]), (&two, &ids[1])] {
            let add = patch(&json!({ "op": "add", "path": "members", "value": [{ "value": id }] }));
            let path = format!("/Groups/{team}");
            let back = real.ask("PATCH", &path, Some(add)).await;
            assert!(back.status < 300, "{}", back.body);
        }
        assert_eq!(count(&real).await, 2);
    }
}

/// The roles of a team may take the place of one's own (`roles.effective = replace`), so that joining one is a way out.
#[tokio::test]
async fn joining_a_team_does_not_take_the_last_admin() {
    let real = without_owner().await;
    let ada = admins(&real, &["ada"]).await.remove(0);
    set(&real, "roles.effective", "replace").await;
    let readers = team(&real, "readers", &[], &["reader"]).await;
    let add = patch(&json!({ "op": "add", "path": "members", "value": [{ "value": ada }] }));
    let path = format!("/Groups/{readers}");
    let refused = ask(&real, "PATCH", &path, Some(add)).await;
    assert_eq!(refused.status, 403, "{refused:?}");
    assert_eq!(count(&real).await, 1);
}

#[tokio::test]
async fn the_only_admin_who_can_sign_in_stays() {
    let real = without_owner().await;
    let ids = admins(&real, &["ada", "bob", "cleo"]).await;
    // As long as nobody can, one admin is as good as another.
    leave(&real, crate::guards_support::Way::Patch, &ids[2]).await;
    assert_eq!(count(&real).await, 2);
    admins(&real, &["dan"]).await;
    let_in(&real, &[&ids[0]]);
    let why = "the other 2 admins cannot sign in: they have no password";
    let member = ids[0].parse().unwrap();
    for (name, admin) in &real.admins {
        let error = admin.deactivate_member(member).await.unwrap_err();
        assert_eq!(error.code.as_deref(), Some("LAST_ADMIN"), "{name}");
        assert!(error.detail.contains(why), "{error}");
        assert_eq!(error.notes.len(), 3, "{:?}", error.notes);
    }
    let path = format!("/Users/{}", ids[0]);
    for body in [Some(role("reader")), None] {
        let method = if body.is_some() { "PATCH" } else { "DELETE" };
        let refused = ask(&real, method, &path, body).await;
        assert_eq!(refused.status, 403, "{refused:?}");
        let exchange = logged(&real, &refused).await;
        let is_told = |step: &provost::admin::types::TraceStep| step.what.contains(why);
        assert!(exchange.trace.iter().any(is_told), "{:?}", exchange.trace);
    }
    let paths = real.local.guard_status().await.unwrap().paths;
    let told: Vec<bool> = paths
        .iter()
        .map(|path| path.to_string().contains("signs in by password"))
        .collect();
    assert_eq!(told, [true, false, false]);
    // A policy is no way round it.
    let team = team(&real, "Ops", &[&ids[1]], &["admin"]).await;
    let_in(&real, &[&ids[1]]);
    assert_eq!(real.ask("DELETE", &path, None).await.status, 204);
    assert!(change(&real, &team, TeamChange::Delete).await.is_ok());
    let bob = ids[1].parse().unwrap();
    assert!(real.local.deactivate_member(bob).await.is_err());
}

/// Under `require_proven` one recovery admin stays who has shown that they can sign in, whoever would take them and how.
#[tokio::test]
async fn the_last_proven_recovery_admin_stays() {
    let real = Real::new().await;
    set(&real, "guard.owner", "off").await;
    set(&real, "guard.recovery_admin", "require_proven").await;
    let owner = real
        .local
        .find_member("owner@example.com".into())
        .await
        .unwrap()
        .row
        .id;
    let ada = admins(&real, &["ada"]).await.remove(0);
    let_in(&real, &[&ada]);
    let ada = ada.parse().unwrap();
    let on = MarkRecovery { on: true };
    let off = MarkRecovery { on: false };
    let marked = real.local.mark_recovery(ada, on).await.unwrap();
    assert!(
        marked.warnings[0].contains("recover prove ada"),
        "{marked:?}"
    );
    real.local.mark_recovery(owner, on).await.unwrap();
    let proof = ProveRecovery {
        password: "correct horse battery staple".into(),
    };
    real.local.prove_recovery(owner, proof).await.unwrap();
    for (name, admin) in &real.admins {
        let seen = provost::admin::types::IfVersion::default();
        let edit = provost::admin::types::MemberEdit {
            role: Some("reader".into()),
            ..Default::default()
        };
        for (way, code) in [
            ("unmark", admin.mark_recovery(owner, off).await),
            ("deactivate", admin.deactivate_member(owner).await),
            ("delete", admin.delete_member(owner, seen).await),
        ]
        .map(|(way, done)| (way, done.unwrap_err().code))
        {
            assert_eq!(code.as_deref(), Some("RECOVERY_LAST"), "{way} over {name}");
        }
        // The owner is an admin whatever their role.
        assert!(admin.edit_member(owner, edit).await.is_ok());
    }
    // Who was never proven may go.
    real.local.mark_recovery(ada, off).await.unwrap();
    real.local.mark_recovery(ada, on).await.unwrap();
    database(&real)
        .execute_batch(
            "INSERT INTO recovery (member, proven) SELECT id, 1 FROM card WHERE user_name = 'ada'",
        )
        .unwrap();
    // Two at once do not both go.
    let gone = join_all([
        real.local.mark_recovery(owner, off),
        real.local.mark_recovery(ada, off),
    ])
    .await;
    assert_eq!(gone.iter().filter(|it| it.is_ok()).count(), 1, "{gone:?}");
}

/// What can never recover is not kept for it, and why is said.
#[tokio::test]
async fn only_who_can_recover_is_kept_for_recovery() {
    let real = Real::new().await;
    let ids = people(&real, 2).await;
    team(&real, "Ops", &[&ids[0]], &["admin"]).await;
    let mark = async |id: &str| {
        let on = MarkRecovery { on: true };
        real.local.mark_recovery(id.parse().unwrap(), on).await
    };
    let by_team = mark(&ids[0]).await.unwrap_err();
    assert_eq!(by_team.code.as_deref(), Some("RECOVERY_NOT_ADMIN"));
    assert!(by_team.detail.contains("by the team Ops"), "{by_team}");
    let nobody = mark(&ids[1]).await.unwrap_err();
    assert!(
        nobody.detail.contains("give this member an admin role"),
        "{nobody}"
    );
    leave(&real, crate::guards_support::Way::Patch, &ids[1]).await;
    let inactive = mark(&ids[1]).await.unwrap_err();
    assert!(inactive.detail.contains("inactive"), "{inactive}");
    let ada = admins(&real, &["ada"]).await.remove(0);
    let marked = mark(&ada).await.unwrap();
    assert!(
        marked.warnings[0].contains("provost recover new ada"),
        "{marked:?}"
    );
}

/// A refusal says which policy key it follows from, to the client and to an admin.
#[tokio::test]
async fn a_refusal_names_its_policy_key() {
    let real = without_owner().await;
    let ada = admins(&real, &["ada"]).await.remove(0);
    let refused = ask(&real, "DELETE", &format!("/Users/{ada}"), None).await;
    let detail = refused.body["detail"].as_str().unwrap();
    let behind = format!(
        "(LAST_ADMIN, guard.last_admin, request #{})",
        refused.request
    );
    assert!(detail.ends_with(&behind), "{detail}");
    let member = ada.parse().unwrap();
    for (name, admin) in &real.admins {
        let edit = provost::admin::types::MemberEdit {
            role: Some("reader".into()),
            ..Default::default()
        };
        let error = admin.edit_member(member, edit).await.unwrap_err();
        assert_eq!(
            error.policy_key.as_deref(),
            Some("guard.last_admin"),
            "{name}"
        );
        let request = error.request_id.unwrap();
        let told = real
            .local
            .request(request)
            .await
            .unwrap()
            .explanation
            .unwrap();
        let words = serde_json::to_string(&told).unwrap();
        for wrong in ["create", "identity provider try", "Afterwards"] {
            assert!(!words.contains(wrong), "{wrong}: {words}");
        }
        assert_eq!(told.code, "LAST_ADMIN");
    }
}
