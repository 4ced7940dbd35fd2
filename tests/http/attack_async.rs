//! Asynchronous requests that somebody means ill with, or that carry what must not lie around.
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use provost::admin::AdminRead as _;
use provost::admin::types::RequestListing;
use rstest::rstest;
use serde_json::json;

use crate::harness::header;
use crate::real::Real;

const SECRET: &str = "t1meMa$heen";

/// Every file of the data directory, as it lies there.
fn on_disk(real: &Real) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(real.directory.path()).unwrap() {
        // The socket cannot be read.
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap_or_default());
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_request_with_a_password_is_executed_at_once_and_keeps_it() {
    let real = Real::new().await;
    let user = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada",
        "password": SECRET});
    let response = real
        .request("POST", "/Users")
        .header("prefer", "respond-async")
        .header("content-type", "application/scim+json")
        .body(user.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(header(&response, "preference-applied"), "");
    assert_eq!(header(&response, "set-txn"), "");
    real.local.engine().store().flush().await.unwrap();
    let database = rusqlite::Connection::open(real.directory.path().join("provost.db")).unwrap();
    let mut statement = database.prepare("SELECT hash FROM credential").unwrap();
    let hashes = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    let opens = |hash: String| {
        let hash = PasswordHash::new(&hash).unwrap();
        Argon2::default()
            .verify_password(SECRET.as_bytes(), &hash)
            .is_ok()
    };
    assert!(hashes.map(Result::unwrap).any(opens));
    assert!(!holds(&on_disk(&real), SECRET));
}

#[rstest]
#[case::broken("/Users", r#"{"password": "t1meMa$heen""#)]
#[case::form("/Users", "userName=ada&password=t1meMa$heen")]
#[case::escaped("/Users", r#"{"userName": "ada", "p\u0061ssword": "t1meMa$heen"}"#)]
#[case::unknown("/Users", r#"{"userName": "ada", "clientSecret": "t1meMa$heen"}"#)]
#[case::query("/Users?password=t1meMa$heen", r#"{"userName": "ada"}"#)]
#[tokio::test]
async fn no_secret_waits_on_disk(#[case] path: &str, #[case] body: &'static str) {
    let real = Real::new().await;
    let response = real
        .request("POST", path)
        .header("prefer", "respond-async")
        .header("content-type", "application/scim+json")
        .body(body)
        .send()
        .await
        .unwrap();
    response.bytes().await.unwrap();
    real.local.engine().store().flush().await.unwrap();
    assert!(!holds(&on_disk(&real), SECRET));
    let listing = RequestListing {
        limit: 10,
        ..RequestListing::default()
    };
    assert!(!real.local.requests(listing).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_result_and_the_key_set_have_a_head() {
    let real = Real::new().await;
    let user =
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada"});
    let accepted = real
        .request("POST", "/Users")
        .header("prefer", "respond-async")
        .header("content-type", "application/scim+json")
        .body(user.to_string())
        .send()
        .await
        .unwrap();
    let result = header(&accepted, "location").to_owned();
    let keys = format!("{}/events/v1/jwks.json", real.server.public_url());
    for url in [result, keys] {
        let head = real.client.head(&url).bearer_auth(&real.scim_token);
        let head = head.send().await.unwrap();
        assert!(
            [200, 202].contains(&head.status().as_u16()),
            "{url}: {head:?}"
        );
        assert!(head.bytes().await.unwrap().is_empty());
    }
}

/// Whoever was told `202` was first. What the client then waits for must not be overtaken by it.
#[tokio::test]
async fn a_write_does_not_overtake_those_that_its_client_does_not_wait_for() {
    let real = Real::new().await;
    let schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    let user = json!({"schemas": schemas, "userName": "ada", "title": "0"});
    let created = real.ask("POST", "/Users", Some(user)).await;
    let path = format!("/Users/{}", created.id());
    let patch = |title: &str| {
        let change = json!([{"op": "replace", "path": "title", "value": title}]);
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": change})
    };
    // Long enough at work that a write which did not wait would come in between.
    let operations: Vec<_> = (1..=300)
        .map(|n| json!({"method": "PATCH", "path": path, "data": patch(&n.to_string())}))
        .collect();
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations});
    let accepted = real
        .request("POST", "/Bulk")
        .header("prefer", "respond-async")
        .header("content-type", "application/scim+json")
        .body(bulk.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(accepted.status(), 202);
    let result = header(&accepted, "location").to_owned();
    let last = real.ask("PATCH", &path, Some(patch("last"))).await;
    assert_eq!(last.status, 200);
    let asked = real.client.get(&result).bearer_auth(&real.scim_token);
    assert_eq!(asked.send().await.unwrap().status(), 200, "it was executed");
    let read = real.ask("GET", &path, None).await;
    assert_eq!(read.body["title"], "last");
}
