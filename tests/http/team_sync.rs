//! Team sync and provisioning over HTTP: what their switches do to what an identity provider pushes, and to what an admin
//! may edit, under each preset.

use provost::admin::types::{
    ChangeTeam, NewTeam, Outcome, OwnEdit, Provisioning, RequestId, RequestListing, RequestRow,
    SwitchProvisioning, SwitchTeamSync, TeamChange, TeamSource,
};
use provost::admin::{AdminErrorKind, AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::{Value, json};

use crate::real::{Answer, Real};

pub fn group(name: &str, external_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "externalId": external_id,
        "members": members,
    })
}

pub fn user(name: &str, external_id: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": external_id,
        "emails": [{"value": name, "primary": true}],
        "active": true,
    })
}

pub fn patch(operations: Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

impl Real {
    pub async fn push(&self, method: &str, path: &str, body: Value) -> Answer {
        self.ask(method, path, Some(body)).await
    }

    pub async fn turn_team_sync(&self, on: bool) {
        let switch = SwitchTeamSync {
            on,
            if_version: None,
        };
        self.local.switch_team_sync(switch).await.unwrap();
    }

    pub async fn change(
        &self,
        team: &str,
        change: TeamChange,
    ) -> Result<Outcome, provost::admin::AdminError> {
        let change = ChangeTeam {
            change,
            if_version: None,
        };
        let done = self
            .local
            .change_team(team.parse().unwrap(), change)
            .await?;
        Ok(done.outcome)
    }

    /// The newest line of the request log.
    pub async fn last(&self) -> RequestRow {
        // Lines of requests that changed nothing are written behind; whoever asks for one request waits for them.
        self.local.request(RequestId(0)).await.unwrap_err();
        let listing = RequestListing {
            limit: 1,
            ..RequestListing::default()
        };
        self.local.requests(listing).await.unwrap().items.remove(0)
    }
}

fn rename(name: &str) -> TeamChange {
    TeamChange::Rename { name: name.into() }
}

/// S20: every way of writing a group is refused while team sync is off, and reads work.
#[rstest]
#[case("launchdarkly", true)]
#[case("unleash", false)]
#[case("flagsmith", false)]
#[case("datadog", false)]
#[case("safe", true)]
#[case("rfc", false)]
#[tokio::test]
async fn groups_while_team_sync_is_off(#[case] preset: &str, #[case] has_switch: bool) {
    let real = Real::under(preset).await;
    let status = real.local.sync().await.unwrap();
    assert_eq!((status.has_switch, status.on), (has_switch, !has_switch));
    if has_switch {
        real.turn_team_sync(true).await;
    } else {
        let switch = SwitchTeamSync {
            on: false,
            if_version: None,
        };
        let error = real.local.switch_team_sync(switch).await.unwrap_err();
        assert_eq!(error.code.as_deref(), Some("NO_SYNC_SWITCH"));
    }
    let pay = real.push("POST", "/Groups", group("Pay", "g-p", &[])).await;
    assert_eq!(pay.status, 201, "{}", pay.body);
    if !has_switch {
        return;
    }
    real.turn_team_sync(false).await;
    let path = format!("/Groups/{}", pay.id());
    let before = real.ask("GET", &path, None).await;
    assert_eq!(before.status, 200);
    let renamed = patch(json!([{"op": "replace", "path": "displayName", "value": "Payroll"}]));
    for (method, path, body) in [
        ("POST", "/Groups", Some(group("New", "g-n", &[]))),
        ("PUT", path.as_str(), Some(group("Payroll", "g-p", &[]))),
        ("PATCH", path.as_str(), Some(renamed)),
        ("DELETE", path.as_str(), None),
    ] {
        let refused = real.ask(method, path, body).await;
        assert_eq!(refused.status, 403, "{method} {}", refused.body);
        assert_eq!(refused.body["status"], "403");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("team sync is off (TEAM_SYNC_OFF"),
            "{detail}"
        );
        let line = real.last().await;
        assert_eq!(line.code.as_deref(), Some("TEAM_SYNC_OFF"));
        assert_eq!((line.outcome, line.changes), (Outcome::Refused, 0));
        let detail = real.local.request(line.id).await.unwrap();
        assert_eq!(
            detail.exchange.policy_key.as_deref(),
            Some("teams.sync_toggle")
        );
        assert!(detail.explanation.unwrap().why.contains("team sync is off"));
    }
    let after = real.ask("GET", &path, None).await;
    assert_eq!(after.body, before.body);
    let listed = real.ask("GET", "/Groups", None).await;
    assert_eq!(listed.body["totalResults"], 1);
}

/// S28, S29, S30 while team sync is on; S32 when it is turned off; S33 when it is on again.
#[rstest]
#[case("launchdarkly", true, true)]
#[case("unleash", true, false)]
#[case("flagsmith", false, false)]
#[case("datadog", true, false)]
#[case("safe", true, false)]
#[tokio::test]
async fn what_admins_may_edit(
    #[case] preset: &str,
    #[case] locks: bool,
    #[case] denies_local: bool,
) {
    let real = Real::under(preset).await;
    let ada = real.push("POST", "/Users", user("ada@x.io", "e-a")).await;
    assert_eq!(ada.status, 201, "{}", ada.body);
    let ada = ada.id();
    let add = || TeamChange::Members {
        add: vec![ada.parse().unwrap()],
        remove: Vec::new(),
    };
    let own = NewTeam {
        name: "Loc".into(),
        members: Vec::new(),
    };
    let loc = real.local.add_team(own.clone()).await;
    let has_switch = real.local.sync().await.unwrap().has_switch;
    let loc = loc.unwrap().id;
    if has_switch {
        real.turn_team_sync(true).await;
    }
    let pay = real.push("POST", "/Groups", group("Pay", "g-p", &[])).await;
    assert_eq!(pay.status, 201, "{}", pay.body);
    let pay = pay.id();

    // The unsynced team is free.
    assert_eq!(
        real.change(&loc, rename("Local")).await.unwrap(),
        Outcome::Applied
    );
    assert_eq!(real.change(&loc, add()).await.unwrap(), Outcome::Applied);
    // The synced one is locked, as the policy says, and what is kept here is free.
    let [name, members] = match preset {
        "unleash" => [
            "Cannot update the name of a SCIM group",
            "Cannot update users of a SCIM group",
        ],
        _ => [
            "the name of a synced team is the identity provider's; change it there",
            "the members of a synced team are the identity provider's; change them there",
        ],
    };
    for (change, told) in [(rename("Payroll"), name), (add(), members)] {
        match real.change(&pay, change).await {
            Ok(outcome) => assert_eq!((outcome, locks), (Outcome::Applied, false)),
            Err(error) => {
                assert!(locks, "{error}");
                assert_eq!(error.code.as_deref(), Some("MANAGED_BY_IDP"));
                assert_eq!(
                    (error.kind, error.detail.as_str()),
                    (AdminErrorKind::Refused, told)
                );
            }
        }
    }
    let role = match preset {
        "unleash" => "Editor",
        "flagsmith" => "user",
        "datadog" => "Standard",
        _ => "writer",
    };
    let edit = OwnEdit {
        description: Some("money".into()),
        roles: Some(vec![role.into()]),
        maintainers: Some(vec![ada.parse().unwrap()]),
    };
    assert_eq!(
        real.change(&pay, TeamChange::Describe(edit)).await.unwrap(),
        Outcome::Applied
    );
    let more = NewTeam {
        name: "Mine".into(),
        ..own
    };
    match real.local.add_team(more).await {
        Ok(_) => assert!(!denies_local),
        Err(error) => {
            assert!(denies_local);
            assert_eq!(error.detail, "teams are managed by your IdP");
            assert_eq!(error.code.as_deref(), Some("MANAGED_BY_IDP"));
        }
    }
    if !has_switch {
        return;
    }

    // Turned off, nothing is deleted and everything can be edited.
    let before = real.local.team(pay.parse().unwrap()).await.unwrap();
    real.turn_team_sync(false).await;
    let after = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!(after.row, before.row);
    assert_eq!(
        real.change(&pay, rename("Payroll")).await.unwrap(),
        Outcome::Applied
    );
    assert_eq!(
        real.change(&pay, rename("Pay")).await.unwrap(),
        Outcome::Applied
    );
    assert_eq!(real.change(&pay, add()).await.unwrap(), Outcome::Applied);

    // On again, the group is the same team, with what is kept of it.
    real.turn_team_sync(true).await;
    let again = real
        .push("POST", "/Groups", group("Pay", "g-p", &[&ada]))
        .await;
    assert_eq!(
        (again.status, again.id()),
        (201, pay.clone()),
        "{}",
        again.body
    );
    let team = real.local.team(pay.parse().unwrap()).await.unwrap();
    assert_eq!(team.row.source, TeamSource::Synced);
    assert_eq!((team.row.members, team.row.maintainers), (1, 1));
    assert_eq!(
        (team.row.roles, team.description),
        (vec![role.into()], "money".into())
    );
    let names = real
        .ask("GET", "/Groups?filter=displayName%20eq%20%22Pay%22", None)
        .await;
    assert_eq!(names.body["totalResults"], 1);
}

/// S48: who may ask learns that SCIM is disabled, nobody else; locks vanish; paused means later.
#[tokio::test]
async fn provisioning_is_turned_off_and_paused() {
    let real = Real::under("safe").await;
    real.turn_team_sync(true).await;
    let pay = real
        .push("POST", "/Groups", group("Pay", "g-p", &[]))
        .await
        .id();
    let to = |state| SwitchProvisioning {
        state,
        if_version: None,
    };
    real.local
        .switch_provisioning(to(Provisioning::Off))
        .await
        .unwrap();
    let everywhere = [
        ("GET", "/ServiceProviderConfig".to_owned(), None),
        ("GET", "/Users".to_owned(), None),
        ("POST", "/Users".to_owned(), Some(user("ada@x.io", "e-a"))),
        ("DELETE", format!("/Groups/{pay}"), None),
        ("POST", "/Bulk".to_owned(), Some(json!({}))),
    ];
    for (method, path, body) in everywhere.clone() {
        let url = format!("{}/scim/v2{path}", real.server.public_url());
        let nobody = real.client.request(method.parse().unwrap(), &url);
        assert_eq!(Answer::of(nobody).await.status, 401, "{method} {path}");
        let wrong = real.client.request(method.parse().unwrap(), &url);
        let wrong = wrong.bearer_auth("prv_scim_wrong");
        assert_eq!(Answer::of(wrong).await.status, 401, "{method} {path}");
        let refused = real.ask(method, &path, body).await;
        assert_eq!(refused.status, 403, "{method} {path}");
        assert_eq!(
            refused.body["schemas"][0],
            "urn:ietf:params:scim:api:messages:2.0:Error"
        );
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("SCIM_OFF"), "{detail}");
        let line = real.last().await;
        assert_eq!(
            (line.code.as_deref(), line.outcome),
            (Some("SCIM_OFF"), Outcome::Refused)
        );
    }
    // What an identity provider locks is free while none may come.
    assert_eq!(
        real.change(&pay, rename("Payroll")).await.unwrap(),
        Outcome::Applied
    );

    real.local
        .switch_provisioning(to(Provisioning::Paused))
        .await
        .unwrap();
    for (method, path, body) in everywhere {
        let request = real.request(method, &path);
        let request = match &body {
            Some(body) => request
                .header("content-type", "application/scim+json")
                .body(body.to_string()),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 503, "{method} {path}");
        assert_eq!(response.headers()["retry-after"], "120");
        let line = real.last().await;
        assert_eq!(
            (line.code.as_deref(), line.outcome),
            (Some("SCIM_PAUSED"), Outcome::Held)
        );
    }
    let locked = real.change(&pay, rename("Pay")).await.unwrap_err();
    assert_eq!(locked.code.as_deref(), Some("MANAGED_BY_IDP"));

    real.local
        .switch_provisioning(to(Provisioning::On))
        .await
        .unwrap();
    let ada = real.push("POST", "/Users", user("ada@x.io", "e-a")).await;
    assert_eq!(ada.status, 201, "{}", ada.body);
}

/// Of two admins who throw the switch one wins, and the other is told what the first has done.
#[tokio::test]
async fn two_admins_at_the_switch() {
    let real = Real::under("safe").await;
    let [(_, first), (_, second), (_, third)] = &real.admins;
    let seen = first.sync().await.unwrap();
    let switch = |on| SwitchTeamSync {
        on,
        if_version: Some(seen.version),
    };
    first.switch_team_sync(switch(true)).await.unwrap();
    for late in [second, third] {
        let error = late.switch_team_sync(switch(true)).await.unwrap_err();
        assert_eq!(error.kind, AdminErrorKind::Conflict);
        assert_eq!(error.code.as_deref(), Some("VERSION_MISMATCH"));
        let told = "cli set teamSync from off to on";
        assert!(error.detail.contains(told), "{}", error.detail);
        assert!(late.sync().await.unwrap().on);
    }
    let now = second.sync().await.unwrap();
    let off = SwitchTeamSync {
        on: false,
        if_version: Some(now.version),
    };
    second.switch_team_sync(off).await.unwrap();
    let again = real.local.switch_team_sync(off).await.unwrap_err();
    assert!(
        again.detail.contains("console set teamSync from on to off"),
        "{}",
        again.detail
    );
}

/// What the switch would do is told with counts and names before it is thrown.
#[tokio::test]
async fn the_sheet_before_the_switch() {
    let real = Real::under("safe").await;
    real.turn_team_sync(true).await;
    for (name, id) in [("Pay", "g-1"), ("Search", "g-2"), ("Data", "g-3")] {
        let pushed = real.push("POST", "/Groups", group(name, id, &[])).await;
        assert_eq!(pushed.status, 201);
        if name == "Data" {
            real.change(&pushed.id(), TeamChange::Pause).await.unwrap();
        }
    }
    for name in ["Loc", "Board"] {
        let team = NewTeam {
            name: name.into(),
            members: Vec::new(),
        };
        real.local.add_team(team).await.unwrap();
    }
    for (place, admin) in &real.admins {
        let status = admin.sync().await.unwrap();
        let names = |teams: &provost::admin::types::SomeTeams| -> Vec<String> {
            teams.first.iter().map(|team| team.name.clone()).collect()
        };
        let teams = status.teams;
        assert_eq!(
            (teams.synced, teams.local, teams.paused),
            (3, 2, 1),
            "{place}"
        );
        assert_eq!(status.lockable.count, 2);
        assert_eq!(names(&status.lockable), ["Pay", "Search"]);
        assert_eq!(status.linkable.count, 2);
        assert_eq!(names(&status.linkable), ["Board", "Loc"]);
        assert_eq!(status.stay_local.count, 0);
        assert_eq!(status.locked_fields, ["name", "members"]);
        assert!(status.on && status.has_switch && status.local_create);
    }
}
