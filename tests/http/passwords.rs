//! Passwords over SCIM: kept as a hash, never shown (RFC 7643 §4.1.1, `changePassword`).

use argon2::{Argon2, PasswordHash, PasswordVerifier};
use provost::admin::AdminRead as _;
use provost::admin::types::RequestListing;
use serde_json::{Value, json};

use crate::real::Real;

fn user(password: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ada",
        "password": password,
    })
}

fn patch(operation: &Value) -> Option<Value> {
    Some(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    }))
}

/// The hashes that the database holds, of the owner and of everybody else.
fn hashes(real: &Real) -> Vec<String> {
    let path = real.directory.path().join("provost.db");
    let database = rusqlite::Connection::open(path).unwrap();
    let mut statement = database
        .prepare("SELECT hash FROM credential ORDER BY member")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn opens(hashes: &[String], password: &str) -> bool {
    hashes.iter().any(|hash| {
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        let hash = PasswordHash::new(hash).unwrap();
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

#[tokio::test]
async fn a_password_is_kept_as_a_hash_and_changed_by_put_and_patch() {
    let real = Real::new().await;
    let config = real.ask("GET", "/ServiceProviderConfig", None).await;
    assert_eq!(config.body["changePassword"]["supported"], true);
    let created = real
        .ask("POST", "/Users", Some(user("first-password")))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);
    let one = format!("/Users/{}", created.id());
    assert!(opens(&hashes(&real), "first-password"));

    let change = json!({ "op": "replace", "path": "password", "value": "second-password" });
    let changed = real.ask("PATCH", &one, patch(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    // Nothing that is shown has changed.
    assert_eq!(changed.etag, created.etag);
    let found = hashes(&real);
    assert!(opens(&found, "second-password") && !opens(&found, "first-password"));

    let okta = json!({ "op": "replace", "value": { "password": "third-password" } });
    real.ask("PATCH", &one, patch(&okta)).await;
    assert!(opens(&hashes(&real), "third-password"));
    real.ask("PUT", &one, Some(user("fourth-password"))).await;
    assert!(opens(&hashes(&real), "fourth-password"));
    let mut without = user("");
    without["title"] = "T".into();
    assert_eq!(real.ask("PUT", &one, Some(without)).await.status, 200);
    assert!(opens(&hashes(&real), "fourth-password"));
    let remove = json!({ "op": "remove", "path": "password" });
    assert_eq!(real.ask("PATCH", &one, patch(&remove)).await.status, 200);
    assert!(!opens(&hashes(&real), "fourth-password"));

    let read = real
        .ask("GET", &format!("{one}?attributes=password"), None)
        .await;
    assert_eq!(read.body.get("password"), None);
    let listing = RequestListing {
        query: "changed:password".into(),
        limit: 100,
        ..RequestListing::default()
    };
    let rows = real.local.requests(listing).await.unwrap().items;
    assert_eq!(rows.len(), 5);
    for row in rows {
        let detail = real.local.request(row.id).await.unwrap();
        let text = serde_json::to_string(&detail).unwrap();
        assert!(!text.contains("-password"), "{text}");
        assert!(!text.contains("argon2"), "{text}");
    }
}

#[tokio::test]
async fn what_is_refused_changes_no_password() {
    let real = Real::new().await;
    real.ask("POST", "/Users", Some(user("first-password")))
        .await;
    let before = hashes(&real);
    let twice = real
        .ask("POST", "/Users", Some(user("other-password")))
        .await;
    assert_eq!(twice.status, 409);
    let mut bad = user("x");
    bad["userName"] = "other".into();
    bad["password"] = "x".repeat(2_000).into();
    let long = real.ask("POST", "/Users", Some(bad)).await;
    assert_eq!(
        (long.status, &long.body["scimType"]),
        (400, &json!("invalidValue"))
    );
    assert_eq!(hashes(&real), before);
}

#[tokio::test]
async fn nobody_sets_the_owner_s_password_over_scim() {
    let real = Real::new().await;
    let found = real
        .ask(
            "GET",
            "/Users?filter=userName%20eq%20%22owner@example.com%22",
            None,
        )
        .await;
    let owner = found.body["Resources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = hashes(&real);
    assert!(opens(&before, "correct horse battery staple"));
    let change = json!({ "op": "replace", "path": "password", "value": "mine-now" });
    let answer = real
        .ask("PATCH", &format!("/Users/{owner}"), patch(&change))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(hashes(&real), before);
}
