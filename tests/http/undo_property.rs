//! Whatever was done, undoing it change by change in reverse brings back what was there, byte for byte; and as long as
//! the guard says so, there is an admin at every step.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use provost::admin::policy::{AdoptPreset, SetPolicy};
use provost::admin::types::{
    ChangeTeam, MemberId, NewMember, NewTeam, OwnEdit, RequestId, RequestListing, TeamChange,
};
use provost::admin::{AdminErrorKind, AdminWrite};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::real::Real;

const PROVOST: &str = "urn:ietf:params:scim:schemas:extension:launchdarkly:2.0:User";

/// One step of a sequence. Numbers name people and teams, whether they are there or not.
#[derive(Clone, Debug)]
enum Step {
    Push(u8),
    Patch(u8, &'static str, Value),
    Delete(u8),
    AddByHand(u8),
    DeactivateByHand(u8),
    RestoreByHand(u8),
    PushTeam(u8, Vec<u8>),
    AddTeamByHand(u8),
    RenameTeam(u8, u8),
    Join(u8, u8),
    Leave(u8, u8),
    DeleteTeam(u8),
    /// An admin says which roles a team gives.
    GiveRoles(u8, Vec<&'static str>),
    Set(&'static str, &'static str),
    /// The admin who is there from the beginning goes, if another one is left.
    DeleteRoot,
    Adopt(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..4_u8;
    let team = 0..3_u8;
    let role = format!("{PROVOST}:role");
    let role: &'static str = role.leak();
    let custom_role: &'static str = format!("{PROVOST}:customRole").leak();
    prop_oneof![
        4 => who.clone().prop_map(Step::Push),
        3 => (who.clone(), any::<bool>()).prop_map(|(n, on)| Step::Patch(n, "active", json!(on))),
        2 => (who.clone(), 0..3_u8).prop_map(|(n, t)| Step::Patch(n, "title", json!(format!("t{t}")))),
        2 => (who.clone(), prop::sample::select(vec!["admin", "reader"]))
            .prop_map(move |(n, word)| Step::Patch(n, role, json!(word))),
        2 => who.clone().prop_map(Step::Delete),
        2 => who.clone().prop_map(Step::AddByHand),
        2 => who.clone().prop_map(Step::DeactivateByHand),
        2 => who.clone().prop_map(Step::RestoreByHand),
        3 => (team.clone(), prop::collection::vec(0..4_u8, 0..3)).prop_map(|(k, m)| Step::PushTeam(k, m)),
        1 => team.clone().prop_map(Step::AddTeamByHand),
        1 => (team.clone(), team.clone()).prop_map(|(k, name)| Step::RenameTeam(k, name)),
        3 => (team.clone(), who.clone()).prop_map(|(k, n)| Step::Join(k, n)),
        2 => (team.clone(), who).prop_map(|(k, n)| Step::Leave(k, n)),
        2 => team.clone().prop_map(Step::DeleteTeam),
        3 => (team, prop::sample::subsequence(vec!["admin", "reader", "ops"], 0..3))
            .prop_map(|(k, roles)| Step::GiveRoles(k, roles)),
        2 => (0..4_u8, prop::sample::select(vec![json!([]), json!(["ops"])]))
            .prop_map(move |(n, custom)| Step::Patch(n, custom_role, custom)),
        2 => (0..4_u8, prop::sample::subsequence(vec!["admin", "reader", "ops"], 0..3))
            .prop_map(|(n, roles)| Step::Patch(n, "roles", roles.iter().map(|role| json!({"value": role})).collect())),
        1 => Just(Step::DeleteRoot),
        3 => prop::sample::select(vec![
            ("users.on_delete", "soft_delete"), ("users.on_delete", "remove"),
            ("users.on_inactive", "soft_delete"), ("users.on_inactive", "deactivate"),
            ("users.deprovision_clears", "roles,teams,permissions,sessions,tokens"),
            ("teams.on_delete", "empty_unlink"), ("teams.on_delete", "delete"),
            ("guard.last_admin", "off"), ("guard.last_admin", "deny"),
            ("roles.admin", "owner"), ("roles.admin", "admin,owner"), ("roles.admin", "ops,owner"),
            ("roles.effective", "replace"), ("roles.effective", "union"),
            ("roles.custom_supersedes_base", "true"), ("roles.custom_supersedes_base", "false"),
            ("users.post_existing_inactive", "new"), ("users.preexisting", "adopt"),
        ]).prop_map(|(key, value)| Step::Set(key, value)),
        1 => prop::sample::select(vec!["safe", "unleash", "launchdarkly", "rfc"]).prop_map(Step::Adopt),
    ]
}

/// All that is kept of the directory, without what only counts up.
fn state(database: &Path) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let mut all = Vec::new();
    for (what, sql) in [
        (
            "resource",
            "SELECT hex(id), kind, uname, ext, created, deleted, origin, flags, size, doc FROM resource ORDER BY id",
        ),
        (
            "membership",
            "SELECT hex(t.id), hex(m.id) FROM member x JOIN resource t ON t.seq = x.team
             JOIN resource m ON m.seq = x.member ORDER BY 1, 2",
        ),
        (
            "kept",
            "SELECT hex(t.id), hex(m.id) FROM kept_membership x JOIN resource t ON t.seq = x.team
             JOIN resource m ON m.seq = x.member ORDER BY 1, 2",
        ),
        (
            "index",
            "SELECT hex(r.id), a.attr, a.val FROM attr a JOIN resource r ON r.seq = a.seq ORDER BY 1, 2, 3",
        ),
        (
            "card",
            "SELECT hex(c.id), c.active, c.origin, c.name, c.user_name, c.sort_key, c.text FROM card c ORDER BY 1",
        ),
        (
            "own",
            "SELECT hex(o.id), o.own FROM team_own o ORDER BY o.id",
        ),
        (
            "settings",
            "SELECT json_remove(value, '$.version') FROM setting WHERE name = 'settings'",
        ),
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..columns)
                .map(|index| format!("{:?}", row.get_ref(index).unwrap()))
                .collect();
            all.push(format!("{what} {}", cells.join(" ")));
        }
    }
    all
}

struct World {
    real: Real,
    admin: std::sync::Arc<dyn AdminWrite>,
    people: [Option<String>; 4],
    teams: [Option<String>; 3],
    root: String,
}

impl World {
    async fn new() -> Self {
        let real = Real::new().await;
        // An owner is out of reach, so that one would always be left.
        let database = Connection::open(real.directory.path().join("provost.db")).unwrap();
        database
            .execute_batch(
                "UPDATE resource SET flags = flags & ~1; DELETE FROM attr WHERE attr = 11",
            )
            .unwrap();
        let root = json!({"userName": "root", "active": true, PROVOST: {"role": "admin"}});
        let root = real.ask("POST", "/Users", Some(root)).await;
        assert_eq!(root.status, 201);
        let admin = real.local.shared();
        let mut world = Self {
            real,
            admin,
            people: Default::default(),
            teams: Default::default(),
            root: root.id(),
        };
        // The settings have a row from the first change on.
        world.take(&Step::Set("sso.jit", "off")).await;
        world
    }

    fn person(&self, n: u8) -> String {
        self.people[usize::from(n)]
            .clone()
            .unwrap_or_else(|| uuid::Uuid::nil().to_string())
    }

    fn team(&self, k: u8) -> String {
        self.teams[usize::from(k)]
            .clone()
            .unwrap_or_else(|| uuid::Uuid::nil().to_string())
    }

    fn member_id(&self, n: u8) -> MemberId {
        self.person(n).parse().unwrap()
    }

    async fn patch(&self, path: String, operation: Value) {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation],
        });
        self.real.ask("PATCH", &path, Some(body)).await;
    }

    /// Does it. Whether it is refused is no matter here.
    async fn take(&mut self, step: &Step) {
        match step {
            Step::Push(n) => {
                let body = json!({
                    "userName": format!("p{n}@x.io"), "externalId": format!("e{n}"), "active": true,
                    "emails": [{"value": format!("p{n}@x.io"), "type": "work"}],
                });
                let answer = self.real.ask("POST", "/Users", Some(body)).await;
                if answer.status < 300 {
                    self.people[usize::from(*n)] = Some(answer.id());
                }
            }
            Step::Patch(n, path, value) => {
                let operation = json!({"op": "replace", "path": path, "value": value});
                self.patch(format!("/Users/{}", self.person(*n)), operation)
                    .await;
            }
            Step::Delete(n) => {
                let path = format!("/Users/{}", self.person(*n));
                self.real.ask("DELETE", &path, None).await;
            }
            Step::AddByHand(n) => {
                let member = NewMember {
                    user_name: format!("p{n}@x.io"),
                    ..NewMember::default()
                };
                if let Ok(done) = self.admin.add_member(member).await {
                    self.people[usize::from(*n)] = Some(done.id);
                }
            }
            Step::DeactivateByHand(n) => {
                let _ = self.admin.deactivate_member(self.member_id(*n)).await;
            }
            Step::RestoreByHand(n) => {
                let _ = self.admin.restore_member(self.member_id(*n)).await;
            }
            Step::PushTeam(k, members) => {
                let members: Vec<Value> = members
                    .iter()
                    .filter(|n| self.people[usize::from(**n)].is_some())
                    .map(|n| json!({"value": self.person(*n)}))
                    .collect();
                let body = json!({"displayName": format!("t{k}"), "externalId": format!("g{k}"), "members": members});
                let answer = self.real.ask("POST", "/Groups", Some(body)).await;
                if answer.status < 300 {
                    self.teams[usize::from(*k)] = Some(answer.id());
                }
            }
            Step::AddTeamByHand(k) => {
                let team = NewTeam {
                    name: format!("t{k}"),
                    members: Vec::new(),
                };
                if let Ok(done) = self.admin.add_team(team).await {
                    self.teams[usize::from(*k)] = Some(done.id);
                }
            }
            Step::RenameTeam(k, name) => {
                let operation =
                    json!({"op": "replace", "path": "displayName", "value": format!("t{name}")});
                self.patch(format!("/Groups/{}", self.team(*k)), operation)
                    .await;
            }
            Step::Join(k, n) => {
                let operation =
                    json!({"op": "add", "path": "members", "value": [{"value": self.person(*n)}]});
                self.patch(format!("/Groups/{}", self.team(*k)), operation)
                    .await;
            }
            Step::Leave(k, n) => {
                let path = format!("members[value eq \"{}\"]", self.person(*n));
                let operation = json!({"op": "remove", "path": path});
                self.patch(format!("/Groups/{}", self.team(*k)), operation)
                    .await;
            }
            Step::DeleteTeam(k) => {
                let path = format!("/Groups/{}", self.team(*k));
                self.real.ask("DELETE", &path, None).await;
            }
            Step::GiveRoles(k, roles) => {
                let edit = OwnEdit {
                    roles: Some(roles.iter().map(|&role| role.to_owned()).collect()),
                    ..OwnEdit::default()
                };
                let change = ChangeTeam {
                    change: TeamChange::Describe(edit),
                    if_version: None,
                };
                let team = self.team(*k).parse().unwrap();
                let _ = self.admin.change_team(team, change).await;
            }
            Step::DeleteRoot => {
                let path = format!("/Users/{}", self.root);
                self.real.ask("DELETE", &path, None).await;
            }
            Step::Set(key, value) => {
                let set = SetPolicy {
                    key: (*key).into(),
                    value: Some((*value).into()),
                    if_version: None,
                };
                let _ = self.admin.set_policy(set).await;
            }
            Step::Adopt(preset) => {
                let adopt = AdoptPreset {
                    preset: (*preset).into(),
                    overrides: [].into(),
                    if_version: None,
                };
                let _ = self.admin.adopt_preset(adopt).await;
            }
        }
    }

    /// The newest request that changed something.
    async fn newest(&self) -> RequestId {
        let listing = RequestListing {
            query: "outcome:applied".into(),
            limit: 1,
            ..RequestListing::default()
        };
        self.admin.requests(listing).await.unwrap().items[0].id
    }

    fn state(&self) -> Vec<String> {
        state(&self.real.directory.path().join("provost.db"))
    }

    /// Whether somebody is an admin, where the guard wants it.
    async fn is_administered(&self) -> bool {
        let policy = self.admin.policy().await.unwrap();
        let guard = policy.keys.iter().find(|row| row.key == "guard.last_admin");
        guard.unwrap().value != "deny" || self.admin.overview().await.unwrap().admins > 0
    }
}

async fn there_and_back(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::new().await;
    let mut newest = world.newest().await;
    let mut way = Vec::new();
    for step in &steps {
        let before = world.state();
        world.take(step).await;
        prop_assert!(world.is_administered().await, "{step:?} of {steps:?}");
        let done = world.newest().await;
        if done != newest {
            way.push((step, done, before));
            newest = done;
        }
    }
    for (step, request, before) in way.into_iter().rev() {
        match world.admin.undo_request(request).await {
            Ok(_) => prop_assert_eq!(world.state(), before, "{:?} of {:?}", step, &steps),
            Err(error) => prop_assert!(false, "{step:?} of {steps:?}: {error:?}"),
        }
        prop_assert!(world.is_administered().await);
    }
    Ok(())
}

#[test]
fn undoing_each_change_in_reverse_brings_everything_back() {
    let config = Config {
        cases: 16,
        max_shrink_iters: 32,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let steps = prop::collection::vec(step(), 1..24);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let result = runner.run(&steps, |steps| runtime.block_on(there_and_back(steps)));
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// What came later is in the way, and whoever did it is named.
#[tokio::test]
async fn a_later_change_is_in_the_way() {
    let mut world = World::new().await;
    world.take(&Step::Push(0)).await;
    let pushed = world.newest().await;
    world.take(&Step::PushTeam(0, vec![0])).await;
    let before = world.state();
    let error = world.admin.undo_request(pushed).await.unwrap_err();
    assert_eq!(error.kind, AdminErrorKind::Conflict);
    assert!(error.detail.contains("has joined a team"), "{error}");
    assert!(error.detail.contains("okta"), "{error}");
    assert_eq!(world.state(), before);
}
