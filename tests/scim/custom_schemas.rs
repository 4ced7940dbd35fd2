//! Schemas of an organisation's own, read from files: they behave like those of the standards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::future::join_all;
use provost::admin::local::SchemaFiles;
use provost::admin::{AdminRead as _, AdminWrite as _};
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::provider::{GROUP, Provider, SCIM_JSON, USER, id_of, with_query};
use crate::real::Real;

const ACME: &str = "urn:example:params:scim:schemas:extension:acme:2.0:User";
const COST: &str = "urn:example:params:scim:schemas:extension:acme:2.0:Group";

fn user_schema() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": ACME,
        "name": "AcmeUser",
        "description": "What Acme knows of people",
        "attributes": [
            { "name": "badge", "type": "string", "uniqueness": "server" },
            { "name": "code", "type": "string", "uniqueness": "server", "caseExact": true },
            { "name": "floor", "type": "integer" },
            { "name": "hired", "type": "dateTime", "mutability": "immutable" },
            { "name": "rank", "type": "string", "mutability": "readOnly" },
            { "name": "remote", "type": "boolean" },
            { "name": "note", "type": "string", "returned": "request" },
            { "name": "skills", "type": "string", "multiValued": true },
            {
                "name": "desks", "type": "complex", "multiValued": true,
                "subAttributes": [
                    { "name": "value", "type": "string", "required": true },
                    { "name": "type", "type": "string", "canonicalValues": ["window", "aisle"] },
                    { "name": "primary", "type": "boolean" }
                ]
            }
        ]
    })
}

fn group_schema() -> Value {
    json!({
        "id": COST,
        "name": "AcmeGroup",
        "attributes": [
            { "name": "costCentre", "type": "string", "uniqueness": "server" },
            { "name": "budget", "type": "decimal" }
        ]
    })
}

fn write(directory: &Path, name: &str, schema: &Value) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, schema.to_string()).unwrap();
    path
}

/// A provider with both schemas.
async fn acme() -> Provider {
    let directory = TempDir::new().unwrap();
    let schemas = SchemaFiles {
        user: vec![write(directory.path(), "user.json", &user_schema())],
        group: vec![write(directory.path(), "group.json", &group_schema())],
    };
    let real = Real::with(|options| options.schemas = schemas).await;
    Provider::on(real, "", SCIM_JSON)
}

fn body(name: &str, extension: Value) -> Value {
    json!({ "schemas": [USER, ACME], "userName": name, ACME: extension })
}

async fn user(provider: &Provider, name: &str, extension: Value) -> String {
    let created = provider.post("/Users", body(name, extension)).await.is(201);
    format!("/Users/{}", created.id())
}

#[tokio::test]
async fn they_are_announced() {
    let provider = acme().await;
    let all = provider.get("/Schemas").await.is(200);
    assert!(all.ids().contains(&ACME.to_owned()) && all.ids().contains(&COST.to_owned()));
    let one = provider.get(&format!("/Schemas/{ACME}")).await.is(200);
    assert_eq!(one.body["description"], "What Acme knows of people");
    let announced = one.body["attributes"].as_array().unwrap();
    for wanted in user_schema()["attributes"].as_array().unwrap() {
        let found = announced.iter().find(|a| a["name"] == wanted["name"]);
        for (key, value) in wanted.as_object().unwrap() {
            if key != "subAttributes" {
                assert_eq!(&found.unwrap()[key], value, "{key} of {wanted}");
            }
        }
    }
    for (kind, urn) in [("User", ACME), ("Group", COST)] {
        let resource_type = provider.read(&format!("/ResourceTypes/{kind}")).await;
        let extension = json!({ "schema": urn, "required": false });
        let extensions = resource_type["schemaExtensions"].as_array().unwrap();
        assert!(extensions.contains(&extension), "{resource_type}");
    }
}

#[tokio::test]
async fn values_are_stored_and_read_back() {
    let provider = acme().await;
    let extension = json!({
        "badge": "7", "floor": 3, "hired": "2026-01-31T12:00:00Z", "remote": true, "skills": ["rust", "scim"],
        "desks": [{ "value": "12", "type": "window", "primary": true }, { "value": "13" }]
    });
    let path = user(&provider, "ada", extension.clone()).await;
    let read = provider.read(&path).await;
    assert_eq!(read["schemas"], json!([USER, ACME]));
    assert_eq!(read[ACME], extension);
    // The console shows what an identity provider reads.
    let id = id_of(&path).parse().unwrap();
    let detail = provider.real.local.member(id).await.unwrap();
    assert_eq!(detail.resource[ACME], extension);
}

#[rstest]
#[case::integer(json!({ "floor": "three" }), "floor: must be an integer")]
#[case::boolean(json!({ "remote": "perhaps" }), "remote: must be true or false")]
#[case::date(json!({ "hired": "today" }), "hired: must be a dateTime")]
#[case::part(json!({ "desks": [{ "type": "aisle" }] }), "desks.value: is required")]
#[case::two_primaries(
    json!({ "desks": [{ "value": "1", "primary": true }, { "value": "2", "primary": true }] }),
    "desks.primary: is true for several values"
)]
#[case::no_object(json!("x"), "must be an object")]
#[tokio::test]
async fn values_that_do_not_fit_are_refused(#[case] extension: Value, #[case] reason: &str) {
    let provider = acme().await;
    let reply = provider.post("/Users", body("ada", extension)).await;
    let reply = reply.fails(400, "invalidValue");
    let detail = reply.body["detail"].as_str().unwrap();
    assert!(
        detail.starts_with(ACME) && detail.contains(reason),
        "{detail}"
    );
    let found = provider.filter("/Users", "userName eq \"ada\"").await;
    assert_eq!(found.total(), 0);
}

#[tokio::test]
async fn mutability_holds() {
    let provider = acme().await;
    let path = user(
        &provider,
        "ada",
        json!({ "hired": "2026-01-31T12:00:00Z", "rank": "1" }),
    )
    .await;
    assert_eq!(provider.read(&path).await[ACME].get("rank"), None);
    let later = body("ada", json!({ "hired": "2027-01-31T12:00:00Z" }));
    provider.put(&path, later).await.fails(400, "mutability");
    // What is immutable stays when a PUT leaves it out.
    provider
        .put(&path, body("ada", json!({ "floor": 1 })))
        .await
        .is(200);
    let read = provider.read(&path).await;
    assert_eq!(
        read[ACME],
        json!({ "floor": 1, "hired": "2026-01-31T12:00:00Z" })
    );
    for (attribute, op) in [
        ("rank", "replace"),
        ("hired", "replace"),
        ("hired", "remove"),
    ] {
        let operation = json!([{ "op": op, "path": format!("{ACME}:{attribute}"), "value": "2027-01-31T12:00:00Z" }]);
        let reply = provider.patch(&path, operation).await;
        if op == "remove" {
            // Nothing asked for can be carried out; what is immutable is still there.
            assert!(reply.status == 400 || reply.status < 300, "{reply:?}");
        } else {
            reply.fails(400, "mutability");
        }
        assert_eq!(
            provider.read(&path).await[ACME]["hired"],
            "2026-01-31T12:00:00Z"
        );
    }
}

/// RFC 7644 §3.5.1: "If the service provider has no existing values, the new value(s) SHALL be applied."
#[tokio::test]
async fn an_immutable_attribute_takes_its_first_value() {
    let provider = acme().await;
    let hired = json!({ "hired": "2026-01-31T12:00:00Z" });
    let put = user(&provider, "ada", json!({ "floor": 1 })).await;
    let reply = provider.put(&put, body("ada", hired.clone())).await;
    assert_eq!(reply.is(200).body[ACME], hired);
    let patched = user(&provider, "bob", json!({ "floor": 1 })).await;
    let path = format!("{ACME}:hired");
    let operation = json!([{ "op": "add", "path": path, "value": hired["hired"] }]);
    provider.patch(&patched, operation).await.done();
    assert_eq!(provider.read(&patched).await[ACME]["hired"], hired["hired"]);
}

/// RFC 7644 §3.5.2: it is not acknowledged that it is gone. §3.5.1: the same point in time is the same value.
#[tokio::test]
async fn an_immutable_attribute_keeps_its_value() {
    let provider = acme().await;
    let ada = user(&provider, "ada", json!({ "hired": "2020-01-01T00:00:00Z" })).await;
    let path = format!("{ACME}:hired");
    let remove = json!([{ "op": "remove", "path": path }]);
    provider.patch(&ada, remove).await.fails(400, "mutability");
    for (value, status) in [
        ("2020-01-01T01:00:00+01:00", 200),
        ("2020-01-01T00:00:00Z", 200),
        ("2020-01-01T00:00:01Z", 400),
    ] {
        let replace = json!([{ "op": "replace", "path": path, "value": value }]);
        assert_eq!(
            provider.patch(&ada, replace).await.status,
            status,
            "{value}"
        );
    }
    let read = provider.read(&ada).await;
    assert_eq!(read[ACME]["hired"], "2020-01-01T00:00:00Z");
}

/// RFC 7643 §7: what a write names is in its answer, though it is returned on request alone.
#[tokio::test]
async fn what_a_write_names_is_in_its_answer() {
    let provider = acme().await;
    let created = provider
        .post("/Users", body("ada", json!({ "note": "N", "floor": 1 })))
        .await;
    assert_eq!(created.body[ACME]["note"], "N");
    let ada = format!("/Users/{}", created.body["id"].as_str().unwrap());
    let note =
        |value: &str| json!([{ "op": "replace", "path": format!("{ACME}:note"), "value": value }]);
    let patched = provider.patch(&ada, note("M")).await;
    assert_eq!(patched.body[ACME]["note"], "M");
    let whole = json!([{ "op": "add", "value": { ACME: { "note": "L" } } }]);
    assert_eq!(provider.patch(&ada, whole).await.body[ACME]["note"], "L");
    let other = json!([{ "op": "replace", "path": "title", "value": "T" }]);
    assert_eq!(
        provider.patch(&ada, other).await.body[ACME],
        json!({ "floor": 1 })
    );
    assert_eq!(provider.read(&ada).await[ACME], json!({ "floor": 1 }));
}

#[tokio::test]
async fn what_is_returned_on_request_is_returned_on_request() {
    let provider = acme().await;
    let created = provider
        .post(
            "/Users",
            body("ada", json!({ "note": "likes tea", "floor": 3 })),
        )
        .await
        .is(201);
    let path = format!("/Users/{}", created.id());
    assert_eq!(provider.read(&path).await[ACME], json!({ "floor": 3 }));
    let listed = provider.filter("/Users", "userName eq \"ada\"").await;
    assert_eq!(listed.body["Resources"][0][ACME], json!({ "floor": 3 }));
    let asked = provider
        .get(&format!("{path}?attributes={ACME}:note"))
        .await
        .is(200);
    assert_eq!(asked.body[ACME], json!({ "note": "likes tea" }));
    // One that has nothing else has nothing to show, not an empty object.
    let only = user(&provider, "bob", json!({ "note": "x" })).await;
    let read = provider.read(&only).await;
    assert_eq!((read.get(ACME), &read["schemas"]), (None, &json!([USER])));
}

#[tokio::test]
async fn unique_values_are_unique() {
    let provider = acme().await;
    let ada = user(&provider, "ada", json!({ "badge": "A7", "code": "x" })).await;
    let bob = user(&provider, "bob", json!({ "badge": "B8", "code": "X" })).await;
    let taken = provider
        .post("/Users", body("eve", json!({ "badge": "a7" })))
        .await;
    let taken = taken.fails(409, "uniqueness");
    assert!(
        taken.body["detail"]
            .as_str()
            .unwrap()
            .contains("acme:2.0:User:badge")
    );
    let put = provider
        .put(&bob, body("bob", json!({ "badge": "A7" })))
        .await;
    put.fails(409, "uniqueness");
    let rename = json!([{ "op": "replace", "path": format!("{ACME}:badge"), "value": "a7" }]);
    provider
        .patch(&bob, rename.clone())
        .await
        .fails(409, "uniqueness");
    assert_eq!(provider.read(&bob).await[ACME]["badge"], "B8");
    // One's own value is nobody else's.
    provider.patch(&ada, rename).await.done();
    provider
        .put(&ada, body("ada", json!({ "badge": "A7", "code": "x" })))
        .await
        .is(200);
    provider.delete(&ada).await.is(204);
    user(&provider, "eve", json!({ "badge": "A7" })).await;
}

/// Whoever comes back brings his values, which another may have by now.
#[tokio::test]
async fn a_unique_value_that_was_taken_meanwhile_keeps_its_holder_away() {
    let provider = acme().await;
    let ada = user(&provider, "ada", json!({ "badge": "A7" })).await;
    // Soft-deleted, as a policy may have it.
    let path = provider.real.directory.path().join("provost.db");
    let database = rusqlite::Connection::open(path).unwrap();
    let seq = "(SELECT seq FROM resource WHERE kind = 1 AND uname = 'ada')";
    database
        .execute_batch(&format!(
            "DELETE FROM card WHERE seq = {seq}; DELETE FROM attr WHERE seq = {seq};
             DELETE FROM unique_value WHERE seq = {seq};
             UPDATE resource SET deleted = modified WHERE seq = {seq}"
        ))
        .unwrap();
    let bob = user(&provider, "bob", json!({ "badge": "a7" })).await;
    let admin = &provider.real.local;
    let id = id_of(&ada).parse().unwrap();
    let refused = admin.restore_member(id).await.unwrap_err();
    assert!(
        refused.to_string().contains("acme:2.0:User:badge"),
        "{refused}"
    );
    provider.get(&ada).await.is(404);
    provider.delete(&bob).await.is(204);
    admin.restore_member(id).await.unwrap();
    assert_eq!(provider.read(&ada).await[ACME]["badge"], "A7");
}

#[tokio::test]
async fn unique_values_are_unique_among_many_at_once() {
    let provider = acme().await;
    let names: Vec<String> = (0..16).map(|number| format!("user{number}")).collect();
    let asked = names
        .iter()
        .map(|name| provider.post("/Users", body(name, json!({ "badge": "7" }))));
    let statuses: Vec<u16> = join_all(asked)
        .await
        .iter()
        .map(|reply| reply.status)
        .collect();
    let created = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(created, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [201, 409].contains(status)),
        "{statuses:?}"
    );
}

#[rstest]
#[case::text("badge eq \"a7\"", &["ada"])]
#[case::exact("code eq \"X\"", &["bob"])]
#[case::number("floor gt 2", &["ada"])]
#[case::boolean("remote eq true", &["bob"])]
#[case::moment("hired lt \"2026-02-01T00:00:00Z\"", &["ada"])]
#[case::several("skills eq \"SCIM\"", &["ada", "bob"])]
#[case::presence("desks pr", &["ada"])]
#[case::value_path("desks[type eq \"window\" and primary eq true]", &["ada"])]
#[case::joined("floor eq 1 or badge sw \"A\"", &["ada", "bob"])]
#[tokio::test]
async fn filters_find_them(#[case] filter: &str, #[case] expected: &[&str]) {
    let provider = acme().await;
    let ada = json!({
        "badge": "A7", "code": "x", "floor": 3, "hired": "2026-01-31T12:00:00Z", "skills": ["rust", "scim"],
        "desks": [{ "value": "12", "type": "window", "primary": true }]
    });
    user(&provider, "ada", ada).await;
    user(
        &provider,
        "bob",
        json!({ "badge": "B8", "code": "X", "floor": 1, "remote": true, "skills": ["scim"] }),
    )
    .await;
    let names = |reply: crate::provider::Reply| -> BTreeSet<String> {
        let resources = reply.body["Resources"].as_array().unwrap();
        let name = |resource: &Value| resource["userName"].as_str().unwrap().to_owned();
        resources.iter().map(name).collect()
    };
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    // Unqualified, which is tolerated, and as the RFC has it.
    let found = provider.filter("/Users", filter).await.is(200);
    provider.tolerated(&found, &["unqualified-extension"]).await;
    assert_eq!(names(found), expected);
    let qualified: Vec<String> = filter
        .split(" or ")
        .map(|term| format!("{ACME}:{term}"))
        .collect();
    let found = provider
        .filter("/Users", &qualified.join(" or "))
        .await
        .is(200);
    provider.tolerated(&found, &[]).await;
    assert_eq!(names(found), expected);
}

#[tokio::test]
async fn patch_reaches_them() {
    let provider = acme().await;
    let path = user(
        &provider,
        "ada",
        json!({ "skills": ["rust"], "desks": [{ "value": "12", "type": "window" }] }),
    )
    .await;
    let operations = json!([
        { "op": "add", "path": format!("{ACME}:skills"), "value": ["scim"] },
        { "op": "replace", "path": format!("{ACME}:desks[type eq \"window\"].value"), "value": "14" },
        { "op": "add", "value": { ACME: { "floor": 3 } } },
        { "op": "add", "path": format!("{ACME}:remote"), "value": true }
    ]);
    let reply = provider.patch(&path, operations).await.done();
    provider.tolerated(&reply, &[]).await;
    assert_eq!(
        provider.read(&path).await[ACME],
        json!({ "floor": 3, "remote": true, "skills": ["rust", "scim"], "desks": [{ "value": "14", "type": "window" }] })
    );
    let operations = json!([
        { "op": "remove", "path": format!("{ACME}:desks[value eq \"14\"]") },
        { "op": "remove", "path": format!("{ACME}:skills[value eq \"rust\"]") }
    ]);
    provider.patch(&path, operations).await.done();
    assert_eq!(
        provider.read(&path).await[ACME],
        json!({ "floor": 3, "remote": true, "skills": ["scim"] })
    );
    let operation = json!([{ "op": "remove", "path": ACME }]);
    provider.patch(&path, operation).await.done();
    let read = provider.read(&path).await;
    assert_eq!((read.get(ACME), &read["schemas"]), (None, &json!([USER])));
}

#[tokio::test]
async fn answers_hold_what_is_asked_for() {
    let provider = acme().await;
    let path = user(&provider, "ada", json!({ "badge": "7", "floor": 3 })).await;
    for (parameter, value, expected) in [
        (
            "attributes",
            ACME.to_owned(),
            json!({ "badge": "7", "floor": 3 }),
        ),
        ("attributes", format!("{ACME}:floor"), json!({ "floor": 3 })),
        (
            "excludedAttributes",
            format!("{ACME}:floor"),
            json!({ "badge": "7" }),
        ),
        ("excludedAttributes", ACME.to_owned(), Value::Null),
    ] {
        let reply = provider
            .get(&with_query(&path, &[(parameter, &value)]))
            .await
            .is(200);
        assert_eq!(
            reply.body.get(ACME).unwrap_or(&Value::Null),
            &expected,
            "{parameter} {value}"
        );
    }
}

#[tokio::test]
async fn groups_have_them_too() {
    let provider = acme().await;
    let ada = user(&provider, "ada", json!({})).await;
    let group = json!({
        "schemas": [GROUP, COST], "displayName": "Analysts", "members": [{ "value": id_of(&ada) }],
        COST: { "costCentre": "C1", "budget": 12.5 }
    });
    let created = provider.post("/Groups", group.clone()).await.is(201);
    let path = format!("/Groups/{}", created.id());
    assert_eq!(created.body["schemas"], json!([GROUP, COST]));
    assert_eq!(
        provider.read(&path).await[COST],
        json!({ "costCentre": "C1", "budget": 12.5 })
    );
    let found = provider
        .filter("/Groups", &format!("{COST}:budget gt 12"))
        .await;
    assert_eq!(found.ids(), [created.id()]);
    let operation = json!([{ "op": "replace", "path": format!("{COST}:budget"), "value": 20 }]);
    provider.patch(&path, operation).await.done();
    assert_eq!(provider.read(&path).await[COST]["budget"], 20);
    provider.has_members(&path, &[&ada]).await;
    let mut other = group;
    other["displayName"] = "Others".into();
    provider
        .post("/Groups", other)
        .await
        .fails(409, "uniqueness");
    // An extension of groups is none of users.
    let wrong = json!({ "schemas": [USER], "userName": "bob", COST: { "budget": 1 } });
    let reply = provider.post("/Users", wrong).await.is(201);
    provider.tolerated(&reply, &["unknown-attribute"]).await;
    assert_eq!(reply.body.get(COST), None);
}

/// What a schema says whose file was taken away is hidden, kept through every write, and there again with the file.
#[tokio::test]
async fn data_of_a_schema_that_was_taken_away_is_hidden_and_kept() {
    let directory = TempDir::new().unwrap();
    let file = write(directory.path(), "user.json", &user_schema());
    let start = async |files: Vec<PathBuf>| {
        let database = directory.path().join("kept.db");
        let real = Real::with(|options| {
            options.database = database;
            options.schemas.user = files;
        });
        Provider::on(real.await, "", SCIM_JSON)
    };
    let stop = async |provider: Provider| {
        let Real { server, local, .. } = provider.real;
        server.stop(Duration::from_secs(30)).await;
        local.close().await.unwrap();
    };
    let provider = start(vec![file.clone()]).await;
    let extension = json!({ "badge": "7", "desks": [{ "value": "12" }] });
    let patched = user(&provider, "ada", extension.clone()).await;
    let replaced = user(&provider, "bob", json!({ "floor": 3 })).await;
    stop(provider).await;

    let provider = start(Vec::new()).await;
    for path in [&patched, &replaced] {
        let read = provider.read(path).await;
        assert!(!read.to_string().contains("acme"), "{read}");
        assert_eq!(read["schemas"], json!([USER]));
    }
    provider
        .filter("/Users", &format!("{ACME}:badge pr"))
        .await
        .fails(400, "invalidFilter");
    let operation = json!([{ "op": "add", "path": "title", "value": "Countess" }]);
    provider.patch(&patched, operation).await.done();
    let whole = json!({ "schemas": [USER], "userName": "bob", "title": "Sir" });
    let reply = provider.put(&replaced, whole).await.is(200);
    assert!(!reply.text.contains("acme"), "{}", reply.text);
    stop(provider).await;

    let provider = start(vec![file]).await;
    let read = provider.read(&patched).await;
    assert_eq!(
        (&read["title"], &read[ACME]),
        (&json!("Countess"), &extension)
    );
    let read = provider.read(&replaced).await;
    assert_eq!(
        (&read["title"], &read[ACME]),
        (&json!("Sir"), &json!({ "floor": 3 }))
    );
    stop(provider).await;
}
