//! The life of users and groups over HTTP, on a real database.

use serde_json::{Value, json};

use crate::harness::PATIENCE;
use crate::real::{Answer, Real};
use provost::admin::AdminRead as _;
use provost::admin::types::RequestListing;

fn user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": name, "type": "work", "primary": true}],
        "active": true,
        "password": "hunter2hunter2",
    })
}

fn patch(operations: &Value) -> Option<Value> {
    Some(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }))
}

#[tokio::test]
async fn a_user_s_life() {
    let real = Real::new().await;
    let created = real
        .ask("POST", "/Users", Some(user("ada@example.com")))
        .await;
    assert_eq!(created.status, 201, "{}", created.body);
    let id = created.id();
    let url = format!("{}/scim/v2/Users/{id}", real.server.public_url());
    assert_eq!(created.location.as_deref(), Some(url.as_str()));
    assert_eq!(created.body["meta"]["location"], url);
    assert_eq!(created.body.get("password"), None);
    let one = format!("/Users/{id}");

    let read = real.ask("GET", &one, None).await;
    assert_eq!(read.status, 200);
    assert_eq!(read.body, created.body);
    assert_eq!(read.etag, created.etag);
    let unchanged = real.request("GET", &one);
    let unchanged = unchanged.header("if-none-match", read.etag.unwrap());
    assert_eq!(Answer::of(unchanged).await.status, 304);

    let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    let patched = real.ask("PATCH", &one, patch(&off)).await;
    assert!(matches!(patched.status, 200 | 204), "{}", patched.body);
    let read = real.ask("GET", &one, None).await;
    assert_eq!(read.body["active"], false);

    let stale = real
        .request("PUT", &one)
        .header("if-match", created.etag.unwrap());
    let stale = stale.body(user("ada@example.com").to_string());
    assert_eq!(Answer::of(stale).await.status, 412);
    let mut renamed = user("ada@example.com");
    renamed["displayName"] = "Countess".into();
    let replaced = real.ask("PUT", &one, Some(renamed)).await;
    assert_eq!(replaced.status, 200, "{}", replaced.body);
    assert_eq!(replaced.body["displayName"], "Countess");

    let found = real
        .ask(
            "GET",
            "/Users?filter=userName%20eq%20%22ADA@example.com%22",
            None,
        )
        .await;
    assert_eq!(found.body["totalResults"], 1, "{}", found.body);
    assert_eq!(found.body["Resources"][0]["id"], id);

    let twice = real
        .ask("POST", "/Users", Some(user("Ada@Example.com")))
        .await;
    assert_eq!(twice.status, 409);
    assert_eq!(twice.body["scimType"], "uniqueness");

    assert_eq!(real.ask("DELETE", &one, None).await.status, 204);
    assert_eq!(real.ask("GET", &one, None).await.status, 404);
    assert_eq!(real.ask("DELETE", &one, None).await.status, 404);
}

#[tokio::test]
async fn a_group_s_life() {
    let real = Real::new().await;
    let mut members = Vec::new();
    for name in ["ada@example.com", "grace@example.com"] {
        members.push(real.ask("POST", "/Users", Some(user(name))).await.id());
    }
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Payments",
        "members": [{"value": members[0]}],
    });
    let created = real.ask("POST", "/Groups", Some(group)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let one = format!("/Groups/{}", created.id());
    let of = |answer: &Answer| {
        let members = answer.body["members"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut ids: Vec<_> = members
            .iter()
            .map(|it| it["value"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };

    let add = json!([{"op": "add", "path": "members", "value": [{"value": members[1]}]}]);
    let added = real.ask("PATCH", &one, patch(&add)).await;
    assert!(matches!(added.status, 200 | 204), "{}", added.body);
    let mut both = members.clone();
    both.sort();
    assert_eq!(of(&real.ask("GET", &one, None).await), both);

    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", members[0])}]);
    real.ask("PATCH", &one, patch(&remove)).await;
    assert_eq!(of(&real.ask("GET", &one, None).await), [members[1].clone()]);
    let without = real
        .ask("GET", &format!("{one}?excludedAttributes=members"), None)
        .await;
    assert_eq!(without.body.get("members"), None);

    assert_eq!(real.ask("DELETE", &one, None).await.status, 204);
    assert_eq!(real.ask("GET", &one, None).await.status, 404);
}

#[tokio::test]
async fn every_exchange_can_be_read_back_and_holds_no_secret() {
    let real = Real::new().await;
    real.ask("POST", "/Users", Some(user("ada@example.com")))
        .await;
    real.ask("POST", "/Users", Some(user("ada@example.com")))
        .await;
    real.ask("GET", "/Userz", None).await;
    // What changed nothing is written behind the answer.
    let written = async {
        loop {
            let listing = RequestListing {
                query: "method:GET".into(),
                limit: 1,
                ..RequestListing::default()
            };
            if !real.local.requests(listing).await.unwrap().items.is_empty() {
                break;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, written).await;
    in_time.expect("the log was written");
    let listing = RequestListing {
        limit: 100,
        ..RequestListing::default()
    };
    let page = real.local.requests(listing).await.unwrap();
    let posts: Vec<_> = page
        .items
        .iter()
        .filter(|row| row.path.ends_with("/Users"))
        .collect();
    let statuses: Vec<_> = posts.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [409, 201]);
    assert!(
        page.items
            .iter()
            .any(|row| row.code.as_deref() == Some("BASE_URL"))
    );
    let mut bodies = Vec::new();
    for row in posts {
        let detail = real.local.request(row.id).await.unwrap();
        let json = serde_json::to_string(&detail).unwrap();
        assert!(!json.contains("hunter2"), "{json}");
        assert!(!json.contains(&real.scim_token[12..]), "{json}");
        bodies.push(detail.exchange.request.body.unwrap());
    }
    // The same wrong or right password can be seen to be the same.
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_from_the_next_request_on() {
    let real = Real::new().await;
    assert_eq!(real.ask("GET", "/Users", None).await.status, 200);
    let (_, admin) = &real.admins[2];
    let tokens = admin.tokens().await.unwrap();
    let okta = tokens.iter().find(|token| token.name == "okta").unwrap();
    admin.revoke_token(okta.id).await.unwrap();
    assert_eq!(real.ask("GET", "/Users", None).await.status, 401);
}
