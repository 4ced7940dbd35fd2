//! Attributes that an organisation's own schema calls unique: among many members, among many requests at once, and when
//! the schema comes, changes and goes while the members stay.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use provost::admin::local::{OpenOptions, SchemaFiles, open};
use provost::config::PolicyTable;
use provost::directory::{Actor, Change, GuardNotes, Management, Member, MemberId, Origin};
use provost::store::sso::SignInWrites;
use provost::store::{self, CommitUnit, Outbox, RecoveryCodes};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::provider::{Provider, SCIM_JSON, USER, id_of};
use crate::real::Real;

const ACME: &str = "urn:example:params:scim:schemas:extension:acme:2.0:User";

/// More than four of the batches in which an index is built.
const MANY: usize = 20_500;

/// A data directory that outlives the servers on it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn database(&self) -> PathBuf {
        self.0.path().join("provost.db")
    }

    /// A schema with these attributes in force.
    fn schema(&self, attributes: Value) -> SchemaFiles {
        let path = self.0.path().join("user.json");
        let schema = json!({ "id": ACME, "name": "AcmeUser", "attributes": attributes });
        std::fs::write(&path, schema.to_string()).unwrap();
        SchemaFiles {
            user: vec![path],
            group: Vec::new(),
        }
    }

    async fn start(&self, attributes: Value) -> Provider {
        let schemas = self.schema(attributes);
        let real = Real::with(|options| {
            options.database = self.database();
            options.schemas = schemas;
        });
        Provider::on(real.await, "", SCIM_JSON)
    }

    /// Why the engine does not start.
    async fn refusal(&self, attributes: Value) -> String {
        let options = OpenOptions {
            database: self.database(),
            public_url: String::new(),
            log_days: 30,
            log_rows: 10_000,
            schemas: self.schema(attributes),
            policy: PolicyTable::default(),
        };
        let refused = open(options, "cli").await.err();
        refused.expect("a start that is refused").to_string()
    }

    fn count(&self, sql: &str) -> i64 {
        let database = Connection::open(self.database()).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Members with these extensions, through the commits that requests make.
    async fn load(&self, extensions: impl IntoIterator<Item = Value>) -> Vec<MemberId> {
        let store = store::open(&self.database(), store::OpenOptions::default()).unwrap();
        let members: Vec<Member> = extensions
            .into_iter()
            .enumerate()
            .map(|(number, extension)| member(number, extension))
            .collect();
        for some in members.chunks(1_000) {
            let created = |member: &Member| Change::MemberCreated {
                after: Box::new(member.clone()),
            };
            store
                .commit(unit(some.iter().map(created).collect()))
                .await
                .unwrap();
        }
        store.close().await.unwrap();
        members.iter().map(|member| member.id).collect()
    }
}

fn member(number: usize, extension: Value) -> Member {
    let Value::Object(attributes) =
        json!({ "userName": format!("loaded{number}"), "active": true, ACME: extension })
    else {
        unreachable!()
    };
    Member {
        id: MemberId(Uuid::now_v7()),
        attributes,
        origin: Origin::Scim,
        owner: false,
        management: Management::Provisioned,
        recovery: false,
        invited: None,
        version: 1,
        created: Timestamp::now(),
        modified: Timestamp::now(),
        deleted: None,
    }
}

fn unit(changes: Vec<Change>) -> CommitUnit {
    CommitUnit {
        at: Timestamp::now(),
        actor: Actor::idp("okta"),
        policy_key: None,
        changes,
        preconditions: Vec::new(),
        exchange: None,
        token_secret: None,
        client_credentials: None,
        consent: None,
        guards: GuardNotes::default(),
        recovery: RecoveryCodes::default(),
        sign_in: SignInWrites::default(),
        password_hash: None,
        account: None,
        outbox: Outbox::default(),
    }
}

async fn stop(provider: Provider) {
    let Real { server, local, .. } = provider.real;
    server.stop(Duration::from_secs(30)).await;
    local.close().await.unwrap();
}

fn badge() -> Value {
    json!([{ "name": "badge", "uniqueness": "server" }])
}

fn not_unique() -> Value {
    json!([{ "name": "badge" }])
}

fn body(name: &str, badge: &str) -> Value {
    json!({ "schemas": [USER, ACME], "userName": name, ACME: { "badge": badge } })
}

async fn user(provider: &Provider, name: &str, badge: &str) -> String {
    let created = provider.post("/Users", body(name, badge)).await.is(201);
    format!("/Users/{}", created.id())
}

/// Each of many members already had a value of their own when the attribute became unique.
#[tokio::test]
async fn the_values_of_many_members_are_unique_from_the_start() {
    let home = Home::new();
    stop(home.start(not_unique()).await).await;
    let ids = home
        .load((0..MANY).map(|number| json!({ "badge": format!("B{number}") })))
        .await;
    let provider = home.start(badge()).await;
    for number in [0, 4_999, 5_000, MANY - 1] {
        let wanted = format!("b{number}");
        let taken = provider
            .post("/Users", body("eve", &wanted))
            .await
            .fails(409, "uniqueness");
        let detail = taken.body["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("{ACME}:badge")), "{detail}");
        let found = provider
            .filter("/Users", &format!("{ACME}:badge eq \"{wanted}\""))
            .await;
        assert_eq!(found.ids(), [ids[number].to_string()]);
    }
    let free = user(&provider, "eve", "B-none").await;
    let own = format!("/Users/{}", ids[7]);
    let whole = body("loaded7", "B7");
    provider.put(&own, whole).await.is(200);
    // A value is free as soon as its holder has another.
    provider.put(&own, body("loaded7", "B-other")).await.is(200);
    provider.put(&free, body("eve", "b7")).await.is(200);
    stop(provider).await;
    assert_eq!(
        home.count("SELECT count(*) FROM unique_value"),
        i64::try_from(MANY).unwrap() + 1
    );
}

/// Whatever is asked at once, one alone gets the value, and nobody who has it loses it.
#[tokio::test]
async fn of_many_writes_at_once_one_gets_the_value() {
    let home = Home::new();
    let provider = home.start(badge()).await;
    for round in 0..8 {
        let own = |number: usize| format!("own-{round}-{number}");
        let names: Vec<String> = (0..12).map(|n| format!("user-{round}-{n}")).collect();
        let mut paths = Vec::new();
        for (number, name) in names.iter().enumerate().take(8) {
            paths.push(user(&provider, name, &own(number)).await);
        }
        let wanted = format!("wanted-{round}");
        let asked = names.iter().enumerate().map(async |(number, name)| {
            let whole = body(name, &wanted.to_uppercase());
            match paths.get(number) {
                None => provider.post("/Users", whole).await,
                Some(path) if number % 2 == 0 => provider.put(path, whole).await,
                Some(path) => {
                    let operation =
                        json!([{ "op": "replace", "path": format!("{ACME}:badge"), "value": wanted }]);
                    provider.patch(path, operation).await
                }
            }
        });
        let statuses: Vec<u16> = join_all(asked).await.iter().map(|it| it.status).collect();
        let winners = statuses.iter().filter(|status| **status < 300).count();
        assert_eq!(winners, 1, "{statuses:?}");
        let others = statuses.iter().filter(|status| **status == 409).count();
        assert_eq!(others, statuses.len() - 1, "{statuses:?}");
        let found = provider
            .filter("/Users", &format!("{ACME}:badge eq \"{wanted}\""))
            .await;
        assert_eq!(found.total(), 1);
        let mut badges = BTreeSet::new();
        for path in &paths {
            let badge = provider.read(path).await[ACME]["badge"]
                .as_str()
                .unwrap()
                .to_lowercase();
            assert!(badges.insert(badge.clone()), "{badge} twice");
        }
    }
    stop(provider).await;
}

/// Without the index underneath, the look-up before the commit would let two of these through.
#[tokio::test]
async fn the_store_itself_refuses_a_second_holder() {
    let home = Home::new();
    stop(home.start(badge()).await).await;
    let unique = vec![store::UniqueAttribute {
        kind: provost::scim::ResourceKind::User,
        schema: ACME.into(),
        attribute: "badge".into(),
        compared: store::Compared::WithoutCase,
    }];
    let options = store::OpenOptions {
        unique,
        ..store::OpenOptions::default()
    };
    let store = store::open(&home.database(), options).unwrap();
    let create = |number, badge: &str| {
        let after = Box::new(member(number, json!({ "badge": badge })));
        unit(vec![Change::MemberCreated { after }])
    };
    let at_once = (0..32).map(|number| {
        let badge = if number % 2 == 0 { "a7" } else { "A7" };
        store.commit(create(number, badge))
    });
    let results = join_all(at_once).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in results.into_iter().filter_map(Result::err) {
        let expected = format!("{ACME}:badge is taken");
        assert_eq!(refused.to_string(), expected);
    }
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    // The owner is one.
    assert_eq!(store.count_members().await.unwrap().0, 2);
    store.close().await.unwrap();
}

/// A promise that cannot be kept is not given.
#[tokio::test]
async fn values_that_are_shared_already_keep_the_engine_from_starting() {
    let home = Home::new();
    let provider = home.start(not_unique()).await;
    let ada = user(&provider, "ada", "Q7").await;
    user(&provider, "bob", "B8").await;
    let eve = user(&provider, "eve", "q7").await;
    let zoe = user(&provider, "zoe", "Q7").await;
    stop(provider).await;
    let refused = home.refusal(badge()).await;
    for part in [
        &format!("{ACME}:badge"),
        id_of(&ada),
        id_of(&eve),
        "one more resource",
    ] {
        assert!(refused.contains(part), "{part} is not in: {refused}");
    }
    assert!(!refused.to_lowercase().contains("q7"), "{refused}");
    // Refused again, not half done.
    assert_eq!(home.refusal(badge()).await, refused);

    let provider = home.start(not_unique()).await;
    provider.put(&eve, body("eve", "E9")).await.is(200);
    provider.delete(&zoe).await.is(204);
    stop(provider).await;
    let provider = home.start(badge()).await;
    provider
        .put(&eve, body("eve", "Q7"))
        .await
        .fails(409, "uniqueness");
    stop(provider).await;
}

/// What is unique no more is forgotten, and what is compared otherwise is looked at anew.
#[tokio::test]
async fn the_index_follows_the_schema() {
    let home = Home::new();
    let provider = home.start(badge()).await;
    user(&provider, "ada", "a").await;
    user(&provider, "bob", "b").await;
    stop(provider).await;
    assert_eq!(home.count("SELECT count(*) FROM unique_value"), 2);

    let provider = home.start(not_unique()).await;
    assert_eq!(home.count("SELECT count(*) FROM unique_value"), 0);
    let eve = user(&provider, "eve", "A").await;
    stop(provider).await;

    let exact = json!([{ "name": "badge", "uniqueness": "global", "caseExact": true }]);
    let provider = home.start(exact).await;
    assert_eq!(home.count("SELECT count(*) FROM unique_value"), 3);
    user(&provider, "zoe", "B").await;
    provider
        .post("/Users", body("kim", "B"))
        .await
        .fails(409, "uniqueness");
    stop(provider).await;

    let refused = home.refusal(badge()).await;
    assert!(refused.contains(id_of(&eve)), "{refused}");
}

/// A start that is ended while it builds the index leaves nothing that the next one would rely on.
#[tokio::test]
async fn half_an_index_is_built_anew() {
    let home = Home::new();
    let provider = home.start(badge()).await;
    user(&provider, "ada", "a").await;
    user(&provider, "bob", "b").await;
    stop(provider).await;
    let database = Connection::open(home.database()).unwrap();
    database
        .execute_batch(
            "UPDATE unique_path SET complete = 0; DELETE FROM unique_value WHERE val = CAST('sa' AS BLOB)",
        )
        .unwrap();
    drop(database);
    let provider = home.start(badge()).await;
    provider
        .post("/Users", body("eve", "A"))
        .await
        .fails(409, "uniqueness");
    stop(provider).await;
}
