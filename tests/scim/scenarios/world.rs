//! The fixture of the scenarios, made as it would come to be: an owner, a member and a team by hand, the rest by an
//! identity provider.
//!
//! `own@x.io` owns the account. `pre@x.io` was added by hand before provisioning. `ada@x.io` was provisioned (externalId
//! `e-a`, a role where the preset hears of roles) and is in `Pay`, which is synced (`g-p`), and in `Loc`, which is local.
//! `bob@x.io` was provisioned (`e-b`), was in `Pay`, and is inactive.

use std::collections::BTreeMap;
use std::sync::Arc;

use provost::admin::types::{
    Actor, AuditRow, ChangeTeam, Done, Exchange, MemberEdit, NewMember, NewTeam, Outcome,
    Provisioning, RequestId, SwitchProvisioning, SwitchTeamSync, TeamChange, TeamDetail,
};
use provost::admin::{AdminError, AdminRead as _, AdminWrite};
use provost::engine::admin::{Asker, Mode};
use serde_json::{Value, json};

use super::seen::{self, Seen};
use super::{DD, LD, SAFE, UN};
use crate::harness::PATIENCE;
use crate::provider::{LAUNCHDARKLY, Provider, Reply, SCIM_JSON, USER};
use crate::real::Real;

/// Everybody of the fixture, by the name before the `@`, and the two teams.
pub struct World {
    pub provider: Provider,
    pub preset: &'static str,
    ids: BTreeMap<&'static str, String>,
}

impl World {
    /// The fixture under a preset.
    pub async fn under(preset: &'static str) -> Self {
        let real = Real::owned(preset, "own@x.io").await;
        let provider = Provider::on(real, "Okta SCIM Client 1.0.0", SCIM_JSON);
        let mut world = Self {
            provider,
            preset,
            ids: BTreeMap::new(),
        };
        world.people().await;
        world.teams().await;
        let bob = world.path("bob");
        let off = json!([{ "op": "replace", "value": { "active": false } }]);
        world.provider.patch(&bob, off).await.done();
        world
    }

    async fn people(&mut self) {
        let own = self.admin().find_member("own@x.io".into()).await.unwrap();
        self.ids.insert("own", own.row.id.to_string());
        let pre = NewMember {
            user_name: "pre@x.io".into(),
            ..NewMember::default()
        };
        let pre = self.admin().add_member(pre).await.unwrap();
        self.ids.insert("pre", pre.id);
        for (name, external_id) in [("ada", "e-a"), ("bob", "e-b")] {
            let mut body = user(
                &format!("{name}@x.io"),
                json!({ "externalId": external_id }),
            );
            if name == "ada" {
                give_role(self.preset, &mut body);
            }
            let made = self.provider.post("/Users", body).await.is(201);
            self.ids.insert(name, made.id().to_owned());
        }
        // Where roles are given here, they are given here.
        if self.preset == UN {
            self.give_role("ada", "Editor").await;
        }
    }

    /// Gives a base role by hand.
    pub async fn give_role(&self, name: &str, role: &str) {
        let edit = MemberEdit {
            role: Some(role.into()),
            ..MemberEdit::default()
        };
        let id = self.id(name).parse().unwrap();
        // A preset may lock members while provisioning is on.
        let is_locked = self.preset == UN;
        if is_locked {
            self.switch_provisioning(Provisioning::Off).await;
        }
        self.admin().edit_member(id, edit).await.unwrap();
        if is_locked {
            self.switch_provisioning(Provisioning::On).await;
        }
    }

    pub async fn switch_provisioning(&self, state: Provisioning) {
        let switch = SwitchProvisioning {
            state,
            if_version: None,
        };
        self.remote().switch_provisioning(switch).await.unwrap();
    }

    /// The base roles that count of a member of the fixture.
    pub async fn roles_of(&self, name: &str) -> Vec<String> {
        let id = self.id(name).parse().unwrap();
        let access = self.admin().member_access(id).await.unwrap();
        let roles = access.roles.into_iter();
        roles
            .filter(|role| role.without_effect.is_none())
            .map(|role| role.role)
            .collect()
    }

    async fn teams(&mut self) {
        let loc = NewTeam {
            name: "Loc".into(),
            members: vec![self.id("ada").parse().unwrap()],
        };
        // Before team sync is on: where it is, a preset may make teams itself.
        let loc = self.admin().add_team(loc).await.unwrap();
        self.ids.insert("Loc", loc.id);
        if self.has_switch() {
            self.switch_team_sync(true).await;
        }
        let pay = group(self, "Pay", "g-p", &["ada", "bob"]);
        let pay = self.provider.post("/Groups", pay).await.is(201);
        self.ids.insert("Pay", pay.id().to_owned());
    }

    /// What an admin does over the network, as a remote console does.
    pub fn remote(&self) -> Arc<dyn AdminWrite> {
        Arc::clone(&self.provider.real.admins[2].1)
    }

    /// What the owner does.
    pub fn admin(&self) -> Arc<dyn AdminWrite> {
        self.provider.real.local.acting_as("own@x.io").shared()
    }

    fn asker() -> Asker {
        Asker {
            actor: Actor::admin("own@x.io"),
            mode: Mode::Commit,
        }
    }

    /// Gives a policy key another value than the preset's.
    pub async fn set(&self, key: &str, value: &str) {
        let engine = self.provider.real.local.engine();
        let done = engine
            .set_policy(&Self::asker(), key.into(), Some(value.into()), None)
            .await
            .unwrap();
        assert_eq!(done.outcome, Outcome::Applied, "{key} = {value} already");
    }

    pub async fn switch_team_sync(&self, on: bool) {
        let switch = SwitchTeamSync {
            on,
            if_version: None,
        };
        self.remote().switch_team_sync(switch).await.unwrap();
    }

    /// Whether team sync is a switch here.
    pub fn has_switch(&self) -> bool {
        [LD, SAFE].contains(&self.preset)
    }

    /// A change of a team of the fixture by an admin, as a row.
    pub async fn change(&self, team: &str, change: TeamChange) -> String {
        let change = ChangeTeam {
            change,
            if_version: None,
        };
        let id = self.id(team).parse().unwrap();
        let told = self.remote().change_team(id, change).await;
        self.told(&told).await
    }

    /// What an admin was told, as a row.
    pub async fn told(&self, told: &Result<Done, AdminError>) -> String {
        let request = match told {
            Ok(done) => done.request_id,
            Err(error) => error.request_id,
        };
        seen::told(told, &self.exchange(request.unwrap()).await)
    }

    /// A line of the log. Some are written behind their answer, so it is waited for.
    pub async fn exchange(&self, id: RequestId) -> Exchange {
        let found = async {
            loop {
                match self.provider.real.local.request(id).await {
                    Ok(detail) => break detail.exchange,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        found.expect("the exchange was logged")
    }

    /// A team of the fixture, as admins see it.
    pub async fn team(&self, name: &str) -> TeamDetail {
        let id = self.id(name).parse().unwrap();
        self.remote().team(id).await.unwrap()
    }

    /// The id of a member or team of the fixture.
    pub fn id(&self, name: &str) -> &str {
        &self.ids[name]
    }

    /// The path of a member or team of the fixture.
    pub fn path(&self, name: &str) -> String {
        let endpoint = match name {
            "Pay" | "Loc" => "Groups",
            _ => "Users",
        };
        format!("/{endpoint}/{}", self.id(name))
    }

    /// What somebody of the fixture is called by the id that an answer holds; `new` for anybody else.
    pub fn name_of(&self, id: &str) -> &str {
        let mut ids = self.ids.iter();
        ids.find(|(_, known)| *known == id)
            .map_or("new", |(name, _)| name)
    }

    pub async fn post(&self, path: &str, body: Value) -> Seen {
        let reply = self.provider.post(path, body).await;
        self.see(reply).await
    }

    /// PUT of a user of the fixture with everything that is always sent, and more.
    pub async fn put(&self, name: &str, more: Value) -> Seen {
        let body = user(&format!("{name}@x.io"), more);
        let reply = self.provider.put(&self.path(name), body).await;
        self.see(reply).await
    }

    pub async fn patch(&self, name: &str, operations: Value) -> Seen {
        let reply = self.provider.patch(&self.path(name), operations).await;
        self.see(reply).await
    }

    pub async fn delete(&self, name: &str) -> Seen {
        let reply = self.provider.delete(&self.path(name)).await;
        self.see(reply).await
    }

    pub async fn get(&self, path: &str) -> Seen {
        let reply = self.provider.get(path).await;
        self.see(reply).await
    }

    pub async fn see(&self, reply: Reply) -> Seen {
        let exchange = self.provider.logged(&reply).await;
        Seen::of(self, reply, exchange)
    }

    /// A user as the identity provider reads them.
    pub async fn user(&self, name: &str) -> Value {
        self.provider.read(&self.path(name)).await
    }

    /// Whether the identity provider is told that there is no such user or group.
    pub async fn is_gone(&self, name: &str) -> bool {
        self.provider.get(&self.path(name)).await.status == 404
    }

    /// The names of the fixture's members in a team, in order.
    pub async fn members_of(&self, team: &str) -> Vec<String> {
        let body = self.provider.read(&self.path(team)).await;
        let members = body["members"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<String> = members
            .iter()
            .map(|member| self.name_of(member["value"].as_str().unwrap()).to_owned())
            .collect();
        names.sort();
        names
    }

    /// The audit of a member, newest first.
    pub async fn timeline(&self, id: &str) -> Vec<AuditRow> {
        let page = self
            .admin()
            .member_timeline(id.parse().unwrap(), 0, 100)
            .await;
        page.unwrap().items
    }
}

/// A user with what every identity provider sends, and more.
pub fn user(user_name: &str, more: Value) -> Value {
    let mut body = json!({
        "schemas": [USER],
        "userName": user_name,
        "emails": [{ "value": user_name, "type": "work", "primary": true }],
        "active": true,
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
        if key.starts_with("urn:") {
            body["schemas"].as_array_mut().unwrap().push(json!(key));
        }
    }
    body
}

/// A role that is not the default one, where the preset hears of roles.
fn give_role(preset: &str, body: &mut Value) {
    match preset {
        LD | SAFE => {
            body["schemas"]
                .as_array_mut()
                .unwrap()
                .push(json!(LAUNCHDARKLY));
            body[LAUNCHDARKLY] = json!({ "role": "writer" });
        }
        DD => body["roles"] = json!([{ "value": "Read Only" }]),
        _ => {}
    }
}

/// A group as an identity provider pushes it, with these of the fixture.
pub fn group(world: &World, name: &str, external_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|name| json!({ "value": world.id(name) }))
        .collect();
    json!({
        "schemas": [crate::provider::GROUP],
        "displayName": name,
        "externalId": external_id,
        "members": members,
    })
}
