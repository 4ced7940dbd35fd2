//! The manager of a member as a reference (RFC 7643 §4.3): kept as given, completed as it is shown.

use provost::admin::streams::Delivery;
use rstest::rstest;
use serde_json::{Value, json};

use crate::events_receiver::{Poller, payload, stream};
use crate::real::Real;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn body(name: &str, manager: &Value) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        ENTERPRISE: { "department": "D", "manager": manager },
    })
}

async fn boss(real: &Real, name: &str, shown: &str) -> String {
    let body = json!({ "schemas": [USER], "userName": name, "displayName": shown });
    let created = real.ask("POST", "/Users", Some(body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.id()
}

fn complete(real: &Real, id: &str) -> Value {
    let location = format!("{}/scim/v2/Users/{id}", real.server.public_url());
    json!({ "value": id, "$ref": location })
}

/// The name of a member's manager, which is told when it is asked for.
async fn name_of_manager(real: &Real, one: &str) -> Value {
    let path = format!("{one}?attributes={ENTERPRISE}:manager.displayName");
    let read = real.ask("GET", &path, None).await;
    assert_eq!(read.status, 200, "{}", read.body);
    read.body[ENTERPRISE]["manager"].clone()
}

async fn filtered(real: &Real, filter: &str) -> Value {
    let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
    let found = real
        .ask("GET", &format!("/Users?filter={filter}"), None)
        .await;
    assert_eq!(found.status, 200, "{}", found.body);
    found.body
}

#[tokio::test]
async fn every_answer_tells_who_the_manager_is() {
    let real = Real::new().await;
    let (cy, dee) = (
        boss(&real, "cy", "Cy Boss").await,
        boss(&real, "dee", "Dee").await,
    );
    let expected = complete(&real, &cy);
    let ada = body("ada", &json!({ "value": cy }));
    let created = real.ask("POST", "/Users", Some(ada)).await;
    assert_eq!(created.body[ENTERPRISE]["manager"], expected);
    let one = format!("/Users/{}", created.id());
    let read = real.ask("GET", &one, None).await;
    assert_eq!(read.body, created.body);
    for filter in [
        format!("{ENTERPRISE}:manager.value eq \"{cy}\""),
        format!("manager eq \"{cy}\""),
    ] {
        let found = filtered(&real, &filter).await;
        assert_eq!(found["Resources"], json!([read.body]), "{filter}");
    }
    let root = real.ask("GET", "?filter=userName%20eq%20%22ada%22", None);
    assert_eq!(root.await.body["Resources"][0], read.body);

    // What was read can be sent back: nothing changes by it, and nothing of it grows old.
    let put = real.ask("PUT", &one, Some(read.body.clone())).await;
    assert_eq!((put.status, &put.body), (200, &read.body));
    let rename = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "displayName", "value": "Cyril" }],
    });
    real.ask("PATCH", &format!("/Users/{cy}"), Some(rename))
        .await;
    let renamed = real.ask("GET", &one, None).await;
    assert_eq!(renamed.body, read.body);
    assert_eq!(
        name_of_manager(&real, &one).await,
        json!({ "displayName": "Cyril" })
    );
    let other = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": format!("{ENTERPRISE}:manager.value"), "value": dee }],
    });
    let patched = real.ask("PATCH", &one, Some(other)).await;
    assert_eq!(patched.body[ENTERPRISE]["manager"], complete(&real, &dee));
    assert_eq!(
        name_of_manager(&real, &one).await,
        json!({ "displayName": "Dee" })
    );
    // Who is gone has no URI and no name any more.
    real.ask("DELETE", &format!("/Users/{dee}"), None).await;
    let orphan = real.ask("GET", &one, None).await;
    assert_eq!(orphan.body[ENTERPRISE]["manager"], json!({ "value": dee }));
}

#[rstest]
#[case::nobody(json!({ "value": "5f3a2c1e-0000-4000-8000-000000000000" }))]
#[case::a_name(json!({ "value": "Cy Boss" }))]
#[case::a_reference_elsewhere(json!({ "value": "x", "$ref": "https://idp.example/Users/x" }))]
#[tokio::test]
async fn who_is_nobody_here_is_shown_as_given(#[case] manager: Value) {
    let real = Real::new().await;
    let created = real
        .ask("POST", "/Users", Some(body("ada", &manager)))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);
    let one = format!("/Users/{}", created.id());
    for shown in [created, real.ask("GET", &one, None).await] {
        assert_eq!(shown.body[ENTERPRISE]["manager"], manager);
    }
}

#[tokio::test]
async fn of_the_manager_only_what_is_asked_for_is_shown() {
    let real = Real::new().await;
    let cy = boss(&real, "cy", "Cy").await;
    let ada = body("ada", &json!({ "value": cy }));
    let one = format!(
        "/Users/{}",
        real.ask("POST", "/Users", Some(ada)).await.id()
    );
    let ask = async |query: &str| real.ask("GET", &format!("{one}?{query}"), None).await.body;
    let without = ask(&format!("excludedAttributes={ENTERPRISE}:manager")).await;
    assert_eq!(without[ENTERPRISE], json!({ "department": "D" }));
    assert_eq!(ask("attributes=userName").await.get(ENTERPRISE), None);
    let name = ask(&format!("attributes={ENTERPRISE}:manager.displayName")).await;
    assert_eq!(
        name[ENTERPRISE],
        json!({ "manager": { "displayName": "Cy" } })
    );
}

#[tokio::test]
async fn the_name_of_the_manager_is_filtered_and_sorted_by() {
    let real = Real::new().await;
    let (cy, bo) = (
        boss(&real, "cy", "Cy Boss").await,
        boss(&real, "bo", "Bo").await,
    );
    for (name, manager) in [
        ("ada", cy.clone()),
        ("eve", cy.to_uppercase()),
        ("kim", bo.clone()),
        ("lee", "Cy Boss".to_owned()),
        ("max", "5f3a2c1e-0000-4000-8000-000000000000".to_owned()),
    ] {
        let body = body(name, &json!({ "value": manager }));
        assert_eq!(real.ask("POST", "/Users", Some(body)).await.status, 201);
    }
    let names = |found: &Value| -> Vec<String> {
        let all = found["Resources"].as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|it| it["userName"].as_str().unwrap().to_owned())
            .collect()
    };
    let path = format!("{ENTERPRISE}:manager.displayName");
    for (filter, expected) in [
        (format!("{path} eq \"cy BOSS\""), &["ada", "eve"][..]),
        (
            "manager.displayName eq \"Cy Boss\"".to_owned(),
            &["ada", "eve"],
        ),
        (format!("{path} sw \"c\""), &["ada", "eve"]),
        (format!("{path} co \"o\""), &["ada", "eve", "kim"]),
        (format!("{path} lt \"c\""), &["kim"]),
        (format!("{path} pr"), &["ada", "eve", "kim"]),
        (
            format!("{path} pr and not ({path} eq \"Bo\")"),
            &["ada", "eve"],
        ),
        (
            format!("{path} ne \"Cy Boss\" and department eq \"D\""),
            &["kim", "lee", "max"],
        ),
        (
            format!("{path} eq \"Bo\" or userName eq \"max\""),
            &["kim", "max"],
        ),
        (format!("{path} eq \"nobody\""), &[]),
    ] {
        assert_eq!(names(&filtered(&real, &filter).await), expected, "{filter}");
    }
    let sorted = format!("/Users?sortBy={path}&sortOrder=ascending&filter=department%20pr");
    let sorted = real.ask("GET", &sorted, None).await;
    // Those without a name come last.
    assert_eq!(names(&sorted.body), ["kim", "ada", "eve", "lee", "max"]);

    // The name is the one of now, and of those who are there.
    let rename = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "displayName", "value": "Cyril" }],
    });
    real.ask("PATCH", &format!("/Users/{cy}"), Some(rename))
        .await;
    real.ask("DELETE", &format!("/Users/{bo}"), None).await;
    for (name, expected) in [
        ("Cyril", &["ada", "eve"][..]),
        ("Cy Boss", &[]),
        ("Bo", &[]),
    ] {
        let filter = format!("{path} eq \"{name}\"");
        assert_eq!(names(&filtered(&real, &filter).await), expected, "{filter}");
    }
}

#[tokio::test]
async fn events_tell_the_manager_as_the_resource_does() {
    let real = Real::new().await;
    let (cy, dee) = (
        boss(&real, "cy", "Cy").await,
        boss(&real, "dee", "Dee").await,
    );
    let (poller, _) = Poller::new(&real, stream("replica", Delivery::Poll)).await;
    let ada = body("ada", &json!({ "value": cy }));
    let created = real.ask("POST", "/Users", Some(ada)).await;
    let one = format!("/Users/{}", created.id());
    let other = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": format!("{ENTERPRISE}:manager.value"), "value": dee }],
    });
    real.ask("PATCH", &one, Some(other)).await;
    let put = real
        .ask("PUT", &one, Some(body("ada", &json!({ "value": cy }))))
        .await;
    let told = poller.take().await;
    let data = &payload(&told[0], "prov:create:full")["data"];
    assert_eq!(data[ENTERPRISE], created.body[ENTERPRISE]);
    let operations = &payload(&told[1], "prov:patch:full")["data"]["Operations"];
    let moved = complete(&real, &dee);
    assert_eq!(
        *operations,
        json!([
            { "op": "replace", "path": format!("{ENTERPRISE}:manager.value"), "value": moved["value"] },
            { "op": "replace", "path": format!("{ENTERPRISE}:manager.$ref"), "value": moved["$ref"] },
        ])
    );
    let data = &payload(&told[2], "prov:put:full")["data"];
    assert_eq!(data[ENTERPRISE], put.body[ENTERPRISE]);
}
